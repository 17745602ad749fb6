"""A number of the catalogue, and the forms in which it is written: 2,271, twenty-nine, .90, 95.7 %, .87–.92."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graylit.tables.kinds import split_ids
from graylit.tables.numbers import (
    BLOCK,
    COEFFICIENT,
    COUNT,
    DECIMAL,
    FORMS,
    FRACTIONS,
    IDS,
    INTERVAL,
    SHARE,
    SHARE_INTERVAL,
    list_asked,
    list_forms,
)
from graylit.tables.rows import Cells

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
N_WORDED = 100  # from here on, numbers stay digits also if words are asked for: chosen, as style guides have it
UNDEFINED = "undefined"
IN_WORDS = "|".join((*SMALL, *TENS))
# What a review may have written between marks within a line, word by word: numbers, ids and what joins them.
WRITTEN = re.compile(
    rf"[−-]?[.,]?\d[\d.,]*(?:[–/][−-]?[\d.,]+)?%?|%|[A-Z](?=\D{{0,99}}\d)[\w.-]{{0,99}},?|(?:{IN_WORDS})(?:-(?:{IN_WORDS}))?"
    rf"|and|none|[?…]+|{UNDEFINED}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number with its name; `value` is what a cell of the table of numbers holds."""

    name: str
    kind: str
    value: str
    meaning: str


def join_name(*parts: str) -> str:
    """Return a name of parts that may be anybody's words: what no name can have becomes a low line."""
    return ".".join(re.sub(r"(?:[^\w+-]|--)+", "_", part).strip("_-") or "_" for part in parts)


def count(name: str, n: float, meaning: str) -> Number:
    """Return a number of things."""
    return Number(name, COUNT, str(int(n)), meaning)


def share(name: str, n: float, n_all: float, meaning: str) -> Number:
    """Return how large a part of all something is; undefined if there are none."""
    return Number(name, SHARE, _store(n / n_all if n_all else math.nan), meaning)


def measure(name: str, kind: str, value: float | None, meaning: str) -> Number:
    """Return a measured number, which may be undefined."""
    return Number(name, kind, _store(math.nan if value is None else float(value)), meaning)


def interval(name: str, kind: str, low: float, high: float, meaning: str) -> Number:
    """Return both ends of an interval, which may be undefined."""
    ends = (_store(float(low)), _store(float(high)))
    return Number(name, kind, "; ".join(ends) if all(ends) else "", meaning)


def list_set(name: str, ids: Iterable[str], meaning: str) -> list[Number]:
    """Return how many things are meant, and which under the same name with `.ids`."""
    named = sorted(set(ids))
    return [count(name, len(named), meaning), Number(f"{name}.ids", IDS, "; ".join(named), f"{meaning}: which")]


def _store(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"


def is_written(words: str) -> bool:
    """Return whether words within a line may be a review's: such that no person can lose a sentence with them."""
    return all(WRITTEN.fullmatch(word) for word in words.split())


def write_number(kind: str, value: str, form: str = "") -> str:
    """Return a number as it is written in a text. Raises ValueError if it cannot be written in the form."""
    if form and form not in list_forms(kind):
        named = [*FORMS.get(kind, ()), *(["2 decimals (or 0 to 6)"] if kind in FRACTIONS else [])]
        raise ValueError(f"one of {', '.join(named)}, or no form" if named else "no form")
    if not value and kind != IDS:
        return UNDEFINED
    decimals = form.removesuffix(" decimals")
    return _write_fractions(kind, value, int(decimals)) if decimals != form else WRITERS[kind][form](value)


def show_all(numbers: Iterable[Cells]) -> dict[str, str]:
    """Return numbers as they are written, by name, and by name with each form that may be asked for."""
    return {
        asked: write_number(row["kind"], row["value"], asked.partition(" as ")[2])
        for row in numbers
        for asked in list_asked(row)
    }


def write_words(n: int) -> str:
    """Return a number from 0 to 99 in words, and any other in digits."""
    if not 0 <= n < N_WORDED:
        return f"{n:,}"
    if n < len(SMALL):
        return SMALL[n]
    ten, one = TENS[n // 10 - 2], n % 10
    return f"{ten}-{SMALL[one]}" if one else ten


def _write_count(value: str) -> str:
    return f"{int(value):,}"


def _write_ids(value: str) -> str:
    ids = split_ids(value)
    return " and ".join(filter(None, [", ".join(ids[:-1]), *ids[-1:]])) or "none"


def _write_percent(value: str, digits: int = 1) -> str:
    return f"{_join_ends(value, lambda end: f'{100 * float(end):.{digits}f}')} %"


def _write_fractions(kind: str, value: str, digits: int) -> str:
    """Return a number, or both ends of an interval, with so many decimals; coefficients begin with the point."""
    write = _write_bare if kind in (COEFFICIENT, INTERVAL) else _write_fraction
    return _join_ends(value, lambda end: write(end, digits))


def _write_fraction(value: str, digits: int) -> str:
    return f"{float(value):.{digits}f}".replace("-", "−")


def _write_bare(value: str, digits: int) -> str:
    return re.sub(r"^(−?)0(?=\.)", r"\1", _write_fraction(value, digits))


def _join_ends(value: str, write: Callable[[str], str]) -> str:
    return "–".join(write(end) for end in value.split("; "))


PERCENT = {"": _write_percent, "percent": _write_percent, "whole percent": lambda value: _write_percent(value, 0)}
WRITERS: dict[str, dict[str, Callable[[str], str]]] = {
    COUNT: {
        "": _write_count,
        "digits": str,
        "words": lambda value: write_words(int(value)),
        "Words": lambda value: write_words(int(value)).capitalize(),
    },
    SHARE: PERCENT,
    SHARE_INTERVAL: PERCENT,
    COEFFICIENT: {"": lambda value: _write_fractions(COEFFICIENT, value, 2)},
    INTERVAL: {"": lambda value: _write_fractions(INTERVAL, value, 2)},
    DECIMAL: {"": lambda value: _write_fraction(value, 1).removesuffix(".0")},
    IDS: {"": _write_ids},
    BLOCK: {"": str},
}
