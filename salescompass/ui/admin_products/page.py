"""Products: what is sold, for how much."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_products.rows import ProductRow
from salescompass.ui.admin_products.state import ProductsState
from salescompass.ui.components import (
    button,
    cell,
    chip,
    column,
    dialog,
    field,
    first_use,
    form,
    hidden,
    link_button,
    loading,
    meta,
    submit_button,
    table,
)
from salescompass.ui.shell import page_head, screen


@screen(routes.PRODUCTS, title="Products", place="products", on_load=ProductsState.load)
def products_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Products",
            rx.cond(ProductsState.loaded, meta(ProductsState.rows.length().to_string(), " products")),
            lead="For administrators: what is sold. A deal names one of these; one that is sold no more stays on "
            "the deals that have it.",
            actions=[link_button("Add product", routes.products(dialog="product"), "solid", "plus")],
        ),
        rx.cond(ProductsState.loaded, rx.cond(ProductsState.rows.length() > 0, _table(), _none_yet()), loading(6)),
        _product_dialog(),
    )


def _none_yet() -> rx.Component:
    return first_use(
        "No products yet",
        "With products, deals say what they are about, and lists can be filtered by it.",
        link_button("Add the first product", routes.products(dialog="product"), "outline", "plus"),
        link_button("Import a file", routes.IMPORTS, "ghost", "upload"),
    )


def _table() -> rx.Component:
    return table(
        "Products",
        [column("Product"), column("SKU"), column("Series"), column("Price", end=True), column("", end=True)],
        ProductsState.rows,
        _row,
    )


def _row(row: rx.Var[ProductRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.span(row.name, class_name="strong anywhere"),
        rx.cond(row.active, rx.fragment(), chip("Sold no more", "warning", "ban")),
        class_name="row wrap",
    )
    acts = rx.el.div(
        link_button("Edit", f"{routes.PRODUCTS}?product=" + row.id + "#product", "ghost", "pencil"),
        rx.cond(
            row.active,
            button("Retire", "ghost", "ban", on_click=ProductsState.retire(row.id)),
            button("Sell again", "ghost", "undo-2", on_click=ProductsState.bring_back(row.id)),
        ),
        class_name="row",
    )
    return rx.el.tr(
        cell("Product", name, primary=True),
        cell("SKU", rx.cond(row.sku != "", rx.el.code(row.sku, class_name="anywhere"))),
        cell("Series", row.series),
        cell("Price", rx.el.span(row.price_words, class_name="num"), end=True),
        cell("", acts, end=True),
        key=row.id,
    )


def _product_dialog() -> rx.Component:
    picked = ProductsState.picked
    new = picked.id == ""
    return dialog(
        "product",
        rx.cond(new, "Add product", "Edit " + picked.name),
        rx.cond(
            ProductsState.loaded,
            form(
                "product",
                hidden("product", picked.id),
                hidden("version", picked.version),
                field(
                    "product",
                    "name",
                    "Name",
                    default_value=picked.name,
                    required=True,
                    max_length=200,
                    auto_complete="off",
                ),
                rx.el.div(*_keys(picked), class_name="two-fields"),
                rx.el.div(*_price(picked), class_name="two-fields"),
                submit_button("Save product"),
                on_submit=ProductsState.save,
                draft=new,
                key="product-" + picked.id + "-" + picked.version,
            ),
        ),
    )


def _keys(picked: Any) -> list[rx.Component]:
    return [
        field(
            "product",
            "sku",
            "SKU (optional)",
            default_value=picked.sku,
            max_length=120,
            auto_complete="off",
            help_text="Its key in other systems.",
        ),
        field(
            "product",
            "series",
            "Series (optional)",
            default_value=picked.series,
            max_length=120,
            auto_complete="off",
        ),
    ]


def _price(picked: Any) -> list[rx.Component]:
    return [
        field(
            "product",
            "price",
            "List price (optional)",
            default_value=picked.price,
            input_mode="decimal",
            auto_complete="off",
            placeholder="1250.50",
        ),
        field(
            "product",
            "currency",
            "Currency",
            default_value=picked.currency,
            max_length=3,
            auto_complete="off",
            placeholder="EUR",
            help_text="Three letters.",
        ),
    ]
