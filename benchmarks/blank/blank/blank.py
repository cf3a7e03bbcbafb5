"""A page with a counter: what Reflex costs by itself."""

import reflex as rx


class State(rx.State):
    """One number."""

    count: int = 0

    @rx.event
    def add(self) -> None:
        """One more."""
        self.count += 1


def index() -> rx.Component:
    """The page."""
    return rx.container(rx.heading(State.count), rx.button("Add", on_click=State.add))


app = rx.App()
app.add_page(index)
