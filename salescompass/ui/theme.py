"""The look: which stylesheets, what stands in the head of every page, and what wraps them all."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from salescompass.ui.components import button

STYLESHEETS = [
    "/tokens.css",
    "/base.css",
    "/shell.css",
    "/components.css",
    "/events.css",
    "/records.css",
    "/board.css",
    "/actions.css",
    "/imports.css",
]

# Runs before the first paint: the rail, a panel that the address opens, and whether a letter's link brought a token, so
# nothing jumps (Reflex does the same for the theme); and it holds a form that somebody sends before the page is awake,
# to be sent once it is.
_BEFORE_PAINT = """
(() => {
  const root = document.documentElement;
  if (localStorage.getItem("sc:rail")) root.setAttribute("data-rail", "");
  const wanted = new URLSearchParams(location.search);
  if (wanted.has("token")) root.setAttribute("data-token", "");
  const opens = wanted.has("event") || wanted.has("panel");
  const panels = /^\\/(feed|accounts\\/|contacts\\/)/.test(location.pathname);
  if (opens && panels && matchMedia("(min-width: 768px)").matches) {
    root.setAttribute("data-panel", "");
    if (matchMedia("(max-width: 1439px)").matches) root.setAttribute("data-rail", "");
  }
  addEventListener("submit", (event) => {
    if (window.scAwake || event.target.method !== "dialog") return;
    event.preventDefault();
    window.scEarly = event.target.id;
  }, true);
})();
"""


def head() -> list[rx.Component]:
    """The parts of the document's head that every page has."""
    return [
        rx.el.script(_BEFORE_PAINT),
        rx.el.link(
            rel="preload", href="/fonts/inter-latin.woff2", custom_attrs={"as": "font", "crossOrigin": "anonymous"}
        ),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#f9f9fb", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#111113", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


def toaster() -> rx.Component:
    """Where toasts appear: with an action they stay ten seconds."""
    return rx.toast.provider(position="bottom-right", rich_colors=False, expand=False, close_button=True)


def broken() -> rx.Component:
    """What stands in place of a page whose drawing failed: what is safe, and the way on."""
    return rx.el.div(
        rx.el.main(
            rx.el.div(
                rx.el.h1("This page could not be shown"),
                rx.el.p(
                    "Nothing you saved is lost. The error has been recorded; reloading usually helps.",
                    class_name="lead",
                ),
                button("Reload the page", "solid", on_click=rx.call_script("location.reload()")),
                class_name="card",
            ),
            id="main",
        ),
        class_name="door",
    )


def app_options() -> dict[str, Any]:
    """What the composition root passes to `rx.App`. Reflex's own connection toast is replaced by the shell's bar."""
    return {
        "stylesheets": STYLESHEETS,
        "head_components": head(),
        "toaster": toaster(),
        "app_wraps": {(55, "ErrorBoundary"): lambda _stateful: ErrorBoundary.create(fallback_render=broken())},
    }
