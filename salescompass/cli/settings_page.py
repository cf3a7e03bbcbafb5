"""Writes the table of settings into the pages that show it: `python -m salescompass.cli.settings_page`."""

from salescompass.kit.settings import CHECKOUT, table

PAGES = (CHECKOUT / "README.md", CHECKOUT / "docs" / "operations.md")
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def rows() -> str:
    """The table, from the declarations in kit/settings."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    lines += [f"| `{row.name}` | {_plain(row.default)} | {row.meaning} |" for row in table()]
    return "\n".join(lines)


def _plain(default: str) -> str:
    return default.replace("<", "&lt;") or "-"


def written(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{rows()}\n{END}{after}"


def main() -> None:
    """Bring the pages up to date."""
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
