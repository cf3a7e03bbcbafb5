"""Letters and what becomes of them: opened by people and by machines, clicked, answered, returned. Pure."""

from __future__ import annotations

from salescompass.demo.kinds import Doer
from salescompass.demo.material import LETTERS, Properties
from salescompass.demo.stage import MINUTE, Stage
from salescompass.demo.visits import browse, fill_in

_OPENED, _CLICKED, _REPLIED = 0.5, 0.3, 0.12


def letter(stage: Stage, day: int) -> None:
    """A letter that is read as often as letters are."""
    _letter(stage, day, answered=True)


def unanswered(stage: Stage, day: int) -> None:
    """A letter that nobody reads; machines do what machines do."""
    _letter(stage, day, answered=False)


def _letter(stage: Stage, day: int, *, answered: bool) -> None:
    person = stage.reader(day)
    campaign = stage.campaign_of(day)
    if campaign and (person, campaign.day) not in stage.mailed and stage.chance(0.6):
        stage.mailed.add((person, campaign.day))
        day = campaign.day
        about: dict[str, object] = {"subject": campaign.subject, "campaign": campaign.name}
        at = stage.calendar.midnights[day] + 570 * MINUTE + int(stage.rng.random() * 40 * MINUTE)
    else:
        about = {"subject": stage.pick(LETTERS)}
        at = stage.at(day, person)
    about["message_id"] = f"{stage.rng.getrandbits(40):010x}@mail.{stage.shelf.site.removeprefix('https://www.')}"
    _hand_over(stage, at, person, about)
    if answered and stage.chance(_OPENED):
        _read(stage, at, person, about)


def _hand_over(stage: Stage, at: int, person: int, about: Properties) -> None:
    """Sent, delivered, and looked at by the machines in between."""
    stage.add(at, "email_sent", person, about)
    arrives = at + 900 + int(stage.rng.random() * 2500)
    stage.add(arrives, "email_delivered", person, about)
    if stage.people[person].proxied:
        stage.add(arrives + 3000 + int(stage.rng.random() * 40_000), "email_opened", person, about, Doer.PROXY)
    if stage.company.scanned and stage.chance(0.3):
        scans = arrives + 400
        for page in stage.shelf.pages[: 4 + int(stage.rng.random() * 2)]:
            scans += 80 + int(stage.rng.random() * 350)
            stage.add(scans, "link_clicked", person, {**about, "url": page["url"]}, Doer.SCANNER)


def _read(stage: Stage, at: int, person: int, about: Properties) -> None:
    opened_at = stage.soon(at, 45)
    opened = stage.add(opened_at, "email_opened", person, about)
    if stage.chance(0.04):
        stage.again(opened, 50 * MINUTE)
    if stage.chance(_CLICKED):
        landing = stage.pick(stage.shelf.landings)
        clicked_at = stage.soon(opened_at, 1)
        stage.add(clicked_at, "link_clicked", person, {**about, "url": landing["url"]}, Doer.HUMAN)
        stage.add(clicked_at + 1500, "landing_page_visited", person, landing)
        browse(stage, clicked_at + 20_000, person)
        if stage.chance(0.1):
            fill_in(stage, stage.soon(clicked_at, 3), person)
    if stage.chance(_REPLIED):
        stage.add(stage.soon(opened_at, 30), "email_replied", person, about, Doer.HUMAN)


def returned(stage: Stage, day: int, person: int) -> None:
    """Somebody has left: the letter comes back."""
    at = stage.at(day, person)
    about: Properties = {"subject": stage.pick(LETTERS)}
    stage.add(at, "email_sent", person, about)
    stage.add(at + 4000, "email_bounced", person, {**about, "note": "no such mailbox"}, Doer.UNKNOWN)


def enough(stage: Stage, day: int, person: int) -> None:
    """Somebody has had enough of letters."""
    at = stage.at(day, person)
    campaign = stage.campaign_of(day)
    about: Properties = {"subject": campaign.subject if campaign else stage.pick(LETTERS)}
    stage.add(at, "email_sent", person, about)
    stage.add(at + 1800, "email_delivered", person, about)
    opened = stage.soon(at, 20)
    stage.add(opened, "email_opened", person, about)
    stage.add(opened + 30_000, "email_unsubscribed", person, about, Doer.HUMAN)
    if stage.chance(0.2):
        stage.add(opened + 70_000, "email_complained", person, about)
