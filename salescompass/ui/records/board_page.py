"""The board of deals: a column a stage, cards that are dragged or moved by their menu; columns snap on phones."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import (
    avatar,
    button,
    chip,
    empty,
    icon,
    link_button,
    meta,
)
from salescompass.ui.components.dialogs import menu
from salescompass.ui.components.elements import WAITS
from salescompass.ui.components.panel import Here
from salescompass.ui.losing import lost_dialog
from salescompass.ui.records.board import CardLook, ColumnLook
from salescompass.ui.records.board_state import BoardState
from salescompass.ui.records.filter_panel import filter_line, filter_panel
from salescompass.ui.records.kinds import BOARD
from salescompass.ui.records.toolbar import toolbar
from salescompass.ui.records.view_tabs import view_dialogs, view_tabs
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState

_SOURCE = rx.asset("board.jsx", shared=True)
_LOST = BoardState.losing + " will be closed as lost."


def _drop(deal: rx.Var[str], stage: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """Which deal shall be in which stage."""
    return deal, stage


class DealBoard(rx.Component):
    """Listens to the mouse and to the menu of stages; a new `revision` says that the columns were read anew."""

    library = _SOURCE.importable_path
    tag = "DealBoard"

    movable: rx.Var[bool]
    revision: rx.Var[str]
    on_move: rx.EventHandler[_drop]  # type: ignore[type-arg, valid-type]


def list_or_board(list_href: rx.Var[str] | str, board_href: rx.Var[str] | str, *, board: bool) -> rx.Component:
    """The switch between the two views of the same deals."""

    def side(label: str, icon_name: str, href: rx.Var[str] | str, on: bool) -> rx.Component:
        current = {"aria-current": "page"} if on else {}
        return rx.el.a(icon(icon_name, 14), label, href=href, custom_attrs=current)

    return rx.el.nav(
        side("List", "list-checks", list_href, not board),
        side("Board", "square-kanban", board_href, board),
        class_name="segments list-or-board",
        custom_attrs={"aria-label": "View as"},
    )


@screen(routes.BOARD, title="Deal board", place="deals", on_load=[BoardState.load, BoardState.listen])
def board_page() -> rx.Component:
    """What customers may buy, by how far it is."""
    new = only_for("records.write", link_button("New deal", BoardState.new_href, "solid", "plus"))
    switch = list_or_board(BoardState.list_href, routes.BOARD, board=True)
    return rx.fragment(
        page_head("Deals", actions=[switch, new]),
        view_tabs(BOARD, BoardState),
        _toolbar(),
        filter_line(BoardState),
        Here.create(rx.cond(BoardState.loaded, rx.cond(BoardState.empty, _nothing(), _board())), echo=BoardState.echo),
        only_for("records.write", lost_dialog(BoardState.lose, lead=_LOST, draft=False)),
        # Not before the page is awake: what is served to everybody knows no address.
        rx.cond(BoardState.loaded, filter_panel(BOARD, BoardState)),
        *view_dialogs(BoardState),
    )


def _toolbar() -> rx.Component:
    pipelines = rx.el.div(
        rx.el.select(
            rx.foreach(BoardState.pipelines, lambda one: rx.el.option(one[1], value=one[0])),
            value=BoardState.pipeline,
            on_change=BoardState.choose_pipeline,
            class_name="select",
            custom_attrs={"aria-label": "Pipeline"},
        ),
        class_name="filter-select",
    )
    return toolbar(BOARD, BoardState, before=[rx.cond(BoardState.pipelines.length() > 1, pipelines)])


def _board() -> rx.Component:
    def target(one: rx.Var[ColumnLook]) -> rx.Component:
        return rx.el.button(one.name, type="button", class_name="menu-item", custom_attrs={"data-to": one.id})

    head = rx.el.div("Change stage to", class_name="menu-head meta")
    return rx.el.div(
        DealBoard.create(
            rx.foreach(BoardState.columns, _column),
            movable=ShellState.allowed.contains("records.write"),
            revision=BoardState.echo,
            on_move=BoardState.move,
        ),
        menu("stage-menu", head, rx.foreach(BoardState.columns, target)),
        class_name="board-frame",
    )


def _column(one: rx.Var[ColumnLook]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.div(
                rx.el.h2(one.name, class_name="cut"), rx.el.span(one.count, class_name="count num"), class_name="row"
            ),
            rx.foreach(one.sums, lambda line: rx.el.span(line, class_name="meta num")),
            class_name="board-head",
        ),
        rx.cond(
            one.cards.length() > 0,
            rx.el.ul(rx.foreach(one.cards, _card), class_name="board-cards"),
            rx.el.p("No deals", class_name="meta board-none"),
        ),
        rx.cond(
            one.more != "",
            rx.el.div(
                meta(one.more),
                button("Load more", "ghost", on_click=BoardState.load_more(one.id), custom_attrs=WAITS),
                class_name="board-more",
            ),
        ),
        class_name="board-column " + one.kind,
        key=one.id,
        custom_attrs={"data-stage": one.id, "aria-label": one.name + ", " + one.count + " deals"},
    )


def _card(one: rx.Var[CardLook]) -> rx.Component:
    change = rx.el.button(
        icon("ellipsis"),
        type="button",
        class_name="icon-button",
        title="Change stage",
        custom_attrs={"data-menu": "", "aria-haspopup": "true", "aria-label": "Change stage of " + one.name},
    )
    return rx.el.li(
        rx.el.div(
            rx.el.a(one.name, href=one.href, class_name="board-name", title=one.name),
            only_for("records.write", change),
            class_name="board-top",
        ),
        rx.cond(one.account != "", rx.el.a(one.account, href=one.account_href, class_name="meta cut board-account")),
        rx.el.div(
            rx.el.span(one.amount, class_name="strong num"),
            rx.cond(
                one.owner != "",
                rx.el.span(
                    avatar(one.initials, one.tint),
                    rx.el.span("Owner: " + one.owner, class_name="hidden"),
                    title=one.owner,
                    class_name="board-owner",
                ),
            ),
            class_name="board-facts",
        ),
        rx.cond(
            one.rot != "",
            rx.el.div(meta(one.days), chip(one.rot, "warning", "clock"), class_name="board-days"),
            rx.el.div(meta(one.days), class_name="board-days"),
        ),
        class_name="board-card",
        key=one.id,
        custom_attrs={"data-deal": one.id},
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        empty(
            "No deals yet",
            BOARD.hint,
            only_for("records.write", link_button("New deal", BoardState.new_href, "outline", "plus")),
            icon_name="inbox",
        ),
        class_name="card under-toolbar",
    )
