"""Products as they are listed and edited. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from salescompass.crm import RecordView
from salescompass.ui.money import money, typed


@dataclass(frozen=True)
class ProductRow:
    """A product; one without an id is a new one."""

    id: str = ""
    name: str = ""
    sku: str = ""
    series: str = ""
    price: str = ""
    price_words: str = ""
    currency: str = ""
    active: bool = True
    version: str = "0"


def product_row(view: RecordView) -> ProductRow:
    """A product's row."""
    currency = str(view["currency"] or "")
    price = view["price_minor"]
    return ProductRow(
        id=str(view.id),
        name=view.name,
        sku=str(view["sku"] or ""),
        series=str(view["series"] or ""),
        price=typed(price, currency),
        price_words=money(price, currency) if price is not None else "",
        currency=currency,
        active=bool(view["active"]),
        version=str(view.row_version),
    )
