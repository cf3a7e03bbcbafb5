"""What the page of products knows and does."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.crm import RecordView
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.ui import routes
from salescompass.ui.admin_products.rows import ProductRow, product_row
from salescompass.ui.arguments import Id, Line, Name, Number, Text
from salescompass.ui.guard import guarded
from salescompass.ui.money import minor
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.vocabulary import RecordKind

_MOST = 500
_PRODUCTS = RecordKind.PRODUCTS


class ProductForm(TypedDict):
    """A product; without an id a new one. `version` is the one that was looked at."""

    product: Id | None
    version: Annotated[int, Number(0, 10**9)]
    name: Name
    sku: Name
    series: Name
    price: Line
    currency: Annotated[str, Text(3)]


def product_rows(session: Session) -> list[ProductRow]:
    """The products by name; those sold no more come last."""
    page = crm.list_records(session, _PRODUCTS, sort="name", limit=_MOST)
    return sorted((product_row(one) for one in page.items), key=lambda row: not row.active)


def save_product(session: Session, actor: Actor, *, form: ProductForm) -> RecordView:
    """Make or change a product as the form says."""
    currency = form["currency"].strip().upper()
    if form["price"].strip() and not currency:
        raise Invalid("A price needs its currency, like EUR", field="currency")
    fields: dict[str, Any] = {
        "name": form["name"],
        "sku": form["sku"] or None,
        "series": form["series"] or None,
        "price_minor": minor(form["price"], currency, field="price") if form["price"].strip() else None,
        "currency": currency or None,
    }
    if form["product"]:
        return crm.update_record(session, actor, _PRODUCTS, UUID(form["product"]), fields, version=form["version"])
    return crm.create_record(session, actor, _PRODUCTS, fields)


def sell(session: Session, actor: Actor, *, product_id: UUID, active: bool) -> RecordView:
    """Say that a product is sold no more, or again."""
    return crm.update_record(session, actor, _PRODUCTS, product_id, {"active": active})


class ProductsState(Screen, rx.State):
    """Products. The address names the one that a dialog is about."""

    rows: list[ProductRow] = []
    picked: ProductRow = ProductRow()
    loaded: bool = False

    @guarded("records.manage", track=False)
    async def load(self) -> None:
        """Read the products, and which one the address names."""
        await self._read()

    @guarded("records.manage", form="product")
    async def save(self, form: ProductForm) -> Any:
        """Make a product, or change one."""
        saved, answer = await form_outcome("product", self._do("records.manage", save_product, form=form))
        if saved is None:
            return answer
        await self._read()
        return [answer, rx.redirect(routes.PRODUCTS, replace=True), done(f"{saved.name} is saved")]

    @guarded("records.manage")
    async def retire(self, product: Id) -> Any:
        """Sell a product no more; deals that name it keep it."""
        view = await self._do("records.manage", sell, product_id=UUID(product), active=False)
        await self._read()
        return done(f"{view.name} is sold no more; deals keep it", undo=ProductsState.bring_back(product))

    @guarded("records.manage")
    async def bring_back(self, product: Id) -> Any:
        """Sell a product again."""
        view = await self._do("records.manage", sell, product_id=UUID(product), active=True)
        await self._read()
        return done(f"{view.name} is sold again")

    async def _read(self) -> None:
        self.rows = await self._do("records.manage", product_rows)
        wanted = str(self.router.url.query_parameters.get("product", ""))
        self.picked = next((row for row in self.rows if row.id == wanted), ProductRow())
        self.loaded = True
