"""Takes personal data and secrets out of texts that leave for logs, error pages and error reports."""

import re
from typing import Any

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [secret]"),
    (re.compile(r"\bsc_[A-Za-z0-9]{4,}_[A-Za-z0-9_-]{8,}"), "[key]"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://[secret]@"),
    (
        re.compile(r"(?i)\b(token|password|secret|key|cookie|session)(\"?'?\s*[=:]\s*\"?'?)[^\s&\"',;)]{4,}"),
        r"\1\2[secret]",
    ),
    (re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"), "[email]"),
    (re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)\+?\d[\d ()/-]{7,}\d(?![\w-])"), "[number]"),
    # What the database quotes in an error are a row's values.
    (re.compile(r"(?s)DETAIL: .*"), "DETAIL: [values]"),
    (re.compile(r"(?s)\[parameters: .*"), "[parameters]"),
)


def scrub(text: str, *, limit: int = 2000) -> str:
    """`text` without addresses, numbers of persons, tokens and passwords."""
    text = text[: limit * 4]
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text[:limit]


def scrub_all(value: Any) -> Any:
    """The same for every text in a structure of lists and dicts."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: scrub_all(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrub_all(item) for item in value]
    return value
