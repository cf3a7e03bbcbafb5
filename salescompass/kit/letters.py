"""How a letter looks: the same words as plain text and as HTML, one button, small print, where to switch it off."""

from __future__ import annotations

from html import escape

from salescompass.kit.mail import Mail

_PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'
_SMALL = '<p style="margin:0 0 8px;color:#60646c;font-size:13px;line-height:20px">{}</p>'


def letter(
    letter_id: str,
    *,
    to: str,
    name: str,
    subject: str,
    lines: tuple[str, ...],
    action: str,
    link: str,
    after: tuple[str, ...] = (),
    settings: str = "",
) -> Mail:
    """A letter to one person. `after` is small print; `settings` the address where such letters are switched off."""
    ending = (*after, *([f"Choose which letters you get, or none: {settings}"] if settings else ()))
    text = "\n\n".join((*lines, f"{action}:\n{link}", *ending)) + "\n\n-- \nSalesCompass\n"
    small = [_SMALL.format(escape(line)) for line in after]
    if settings:
        small.append(_SMALL.format(f'<a href="{escape(settings)}">Choose which letters you get, or none</a>'))
    html = "\n".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
            f"<title>{escape(subject)}</title></head>",
            '<body style="margin:0;padding:24px;background:#f9f9fb;color:#1c2024;'
            'font:16px/24px Inter,Segoe UI,Helvetica,Arial,sans-serif">',
            '<div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #d9d9e0;'
            'border-radius:12px">',
            *(_PARAGRAPH.format(escape(line)) for line in lines),
            f'<p style="margin:24px 0"><a href="{escape(link)}" style="display:inline-block;padding:12px 20px;'
            f'background:#5b5bd6;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600">'
            f"{escape(action)}</a></p>",
            *small,
            _SMALL.format(f"The button does not work? Open this address:<br>{escape(link)}"),
            "</div></body></html>\n",
        )
    )
    return Mail(letter_id, to, name, subject, text, html)
