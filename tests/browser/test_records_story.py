"""A company's records from file to file: brought in, filtered, kept as a view, opened, a deal moved, a person given a
part, the list written out. By keyboard alone on a desktop and by touch alone on a phone, and no page is loaded anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.conftest import Instance, browsing
from tests.browser.steps import PHONE, WIDE
from tests.browser.test_palette import BOX

FILES = {
    "Accounts": b"Name,Domain,Industry\nKan-code Works,kan-code.example,Software\nRiver Mills,river.example,Paper\n",
    "Contacts": b"Name,Email,Job title,Company\nDevin Okafor,devin@kan-code.example,Head of IT,Kan-code Works\n",
    "Deals": b"Name,Company,Amount,Stage\nKan-code spring order,Kan-code Works,1200,Prospecting\n",
}
TABS = 120
STEPS = 25
# Counts from the key or the tap that acts to the first thing that changes on the page. What changes by itself (a time
# told as "2 min ago") is no response.
STOPWATCH = """
(() => {
  let acted = null;
  window.responses = [];
  const told = (el) => {
    const hit = el?.closest?.("a, button, select, input") ?? el;
    return (hit?.innerText || hit?.getAttribute?.("aria-label") || hit?.name || hit?.tagName || "").trim().slice(0, 40);
  };
  const acts = (event) => event.type !== "keydown" || event.key === "Enter" || (event.ctrlKey && event.key === "k");
  const act = (event) => { if (acts(event)) acted = { what: told(event.target), at: performance.now() }; };
  addEventListener("keydown", act, true);
  addEventListener("click", (event) => event.detail && act(event), true);
  const seen = (one) => !(one.target.closest?.("time") ?? one.target.parentElement?.closest("time"));
  new MutationObserver((all) => {
    if (!acted || !all.some(seen)) return;
    window.responses.push([acted.what, Math.round(performance.now() - acted.at)]);
    acted = null;
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})()
"""


@dataclass
class Keys:
    """Somebody without a mouse: Tab leads to a thing, Enter acts, letters write and choose."""

    page: Page

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(TABS):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by Tab")

    def press(self, target: Locator) -> None:
        """Act on a button or follow a link."""
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Put a text into a field."""
        self._reach(target)
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        """Choose from a list by the first letters of a name."""
        self.write(target, label)
        expect(target.locator("option:checked")).to_have_text(label)

    def attach(self, target: Locator, file: FilePayload) -> None:
        """Choose a file in the system's own dialog."""
        self._reach(target)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file)

    def find(self, words: str) -> None:
        """Go to a page or a record by the palette."""
        self.page.keyboard.press("Control+k")
        expect(self.page.get_by_placeholder(BOX)).to_be_focused()
        self.page.keyboard.type(words)
        first = self.page.locator(".palette").get_by_role("option").first
        expect(first).to_contain_text(words)
        expect(first).to_have_attribute("aria-selected", "true")
        self.page.keyboard.press("Enter")


@dataclass
class Touch:
    """Somebody with a phone: taps, and the phone's own keyboard and lists."""

    page: Page

    def press(self, target: Locator) -> None:
        """Act on a button or follow a link."""
        target.tap()

    def write(self, target: Locator, text: str) -> None:
        """Put a text into a field."""
        target.tap()
        target.fill(text)

    def choose(self, target: Locator, label: str) -> None:
        """Choose from a list."""
        target.select_option(label=label)

    def attach(self, target: Locator, file: FilePayload) -> None:
        """Choose a file in the system's own dialog."""
        with self.page.expect_file_chooser() as asked:
            target.tap()
        asked.value.set_files(file)

    def find(self, words: str) -> None:
        """Go to a page or a record by the palette."""
        self.page.get_by_role("button", name="Search", exact=True).tap()
        self.page.get_by_placeholder(BOX).fill(words)
        first = self.page.locator(".palette").get_by_role("option").first
        expect(first).to_contain_text(words)
        first.tap()


Hand = Keys | Touch
CASES = [(WIDE, Keys), (PHONE, Touch)]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "way"), CASES, ids=["1280-keys", "390-touch"])
def test_from_a_file_to_a_moved_deal_and_out_again(
    chromium: Browser,
    instance: Instance,
    size: dict[str, int],
    way: type[Hand],
    record_property: Callable[[str, object], None],
) -> None:
    own, touch = instance.tenant(), way is Touch
    with browsing(chromium, instance, [], viewport=size, has_touch=touch, is_mobile=touch) as context:
        instance.sign_in(context, own.email, own.password)
        page = context.new_page()
        page.add_init_script(STOPWATCH)
        page.goto("/today")
        expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
        page.evaluate("window.neverLoadedAnew = true")
        hand = way(page)
        for kind, content in FILES.items():
            _bring_in(page, hand, kind, content)
        _filter_and_keep(page, hand)
        _move_and_join(page, hand)
        _write_out(page, hand)
        assert page.evaluate("window.neverLoadedAnew") is True
        responses = page.evaluate("window.responses")
        record_property("milliseconds to the first response", responses)
        print(f"\nMilliseconds from {way.__name__.lower()} to the first response:")
        print("\n".join(f"{ms:>6}  {what}" for what, ms in sorted(responses, key=lambda one: -one[1])))
        assert len(responses) > STEPS


def _bring_in(page: Page, hand: Hand, kind: str, content: bytes) -> None:
    hand.find("Import a file")
    hand.choose(page.get_by_label("What the rows are"), kind)
    file = FilePayload(name=f"{kind.lower()}.csv", mimeType="text/csv", buffer=content)
    hand.attach(page.get_by_label("File", exact=True), file)
    hand.press(page.get_by_role("button", name="Upload and continue"))
    expect(page.get_by_label("Field of the column Name")).to_have_value("name")
    hand.press(page.get_by_role("button", name="Check every row"))
    hand.press(page.get_by_role("button", name=re.compile("Import [12] row")))
    made = content.count(b"\n") - 1
    expect(page.get_by_label("Rows", exact=True)).to_contain_text(re.compile(rf"Created\s*{made}"))


def _filter_and_keep(page: Page, hand: Hand) -> None:
    hand.find("Accounts")
    expect(page.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    rows = page.locator("tbody .row-link")
    expect(rows).to_have_count(2)
    hand.press(page.get_by_role("link", name="Filter", exact=True))
    panel = page.locator(".panel")
    hand.choose(panel.get_by_role("combobox", name="Field"), "Industry")
    hand.write(panel.get_by_role("textbox", name="Industry"), "software")
    expect(panel.get_by_role("status")).to_contain_text("1 of 2 accounts")
    hand.press(panel.get_by_role("button", name="Apply"))
    expect(rows).to_have_text(["Kan-code Works"])
    hand.press(page.get_by_role("link", name="Save view"))
    dialog = page.get_by_role("dialog", name="Save view")
    hand.write(dialog.get_by_label("Name"), "Software houses")
    hand.press(dialog.get_by_role("button", name="Save view"))
    views = page.get_by_role("navigation", name="Views of accounts")
    expect(views.get_by_role("link", name="Software houses")).to_have_attribute("aria-current", "page")
    hand.press(rows.first)
    expect(page.get_by_role("heading", level=1, name="Kan-code Works")).to_be_visible()


def _move_and_join(page: Page, hand: Hand) -> None:
    hand.press(page.get_by_role("main").get_by_role("link", name="Kan-code spring order", exact=True))
    expect(page.get_by_role("heading", level=1, name="Kan-code spring order")).to_be_visible()
    stages = page.get_by_role("list", name="Stages")
    hand.press(stages.get_by_role("button", name="Proposal"))
    expect(stages.locator("[aria-current=step]")).to_contain_text("Proposal")
    hand.press(page.get_by_role("link", name="Add person"))
    dialog = page.get_by_role("dialog", name="Add a person to the deal")
    hand.choose(dialog.get_by_label("Person"), "Devin Okafor")
    hand.choose(dialog.get_by_label("Part"), "Champion")
    hand.press(dialog.get_by_role("button", name="Add person"))
    expect(page.locator(".deal-people")).to_contain_text(re.compile("Devin Okafor.*Champion"))


def _write_out(page: Page, hand: Hand) -> None:
    hand.find("Accounts")
    expect(page.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    hand.press(page.get_by_role("navigation", name="Views of accounts").get_by_role("link", name="Software houses"))
    expect(page.locator("tbody .row-link")).to_have_count(1)
    hand.press(page.get_by_role("link", name="Export"))
    with page.expect_download() as saved:
        hand.press(page.get_by_role("dialog", name="Export accounts").get_by_role("button", name="Export"))
    text = saved.value.path().read_text(encoding="utf-8-sig")
    assert "Kan-code Works" in text
    assert "River Mills" not in text
