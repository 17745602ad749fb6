"""Tables in Markdown, of words that anybody may have written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graylit.pages.number_forms import Number
from graylit.tables.numbers import BLOCK

NOTHING = "(none yet)"


def block(name: str, content: str, meaning: str) -> Number:
    """Return a list or table; one without rows says so."""
    return Number(name, BLOCK, content or NOTHING, meaning)


def format_table(head: Sequence[str], rows: Iterable[Sequence[object]], n_words: int) -> str:
    """Return a table in Markdown; the first `n_words` columns hold words, the others numbers. '' without rows."""
    lines = [_format_row(row) for row in rows]
    rule = ["---" if number < n_words else "--:" for number in range(len(head))]
    return "\n".join([_format_row(head), _format_row(rule), *lines]) if lines else ""


def _format_row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def escape_words(words: str) -> str:
    """Return words of a table that Markdown shows as they are, on one line, also in a table."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(words.split()))
