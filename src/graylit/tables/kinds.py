"""Columns of tables, and their kinds: what the cells of each may hold."""

from __future__ import annotations

import datetime
import math
import re
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from graylit.tables.addresses import read_address
from graylit.tables.names import is_device, is_person, strip_blanks

Dtype = Literal["str", "Int64", "float64"]  # the types of columns in pandas


def _is_date(cell: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", cell):
        return False
    try:
        datetime.date.fromisoformat((cell + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_time(cell: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", cell):
        return False
    try:
        datetime.datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _is_when(cell: str) -> bool:
    return _is_time(cell) or (len(cell) == 10 and _is_date(cell))


def _is_url(cell: str) -> bool:
    if re.search(r"\s", cell):
        return False
    address = read_address(cell) if re.match(r"https?://[^/\\]", cell, re.IGNORECASE) else None
    return address is not None and address.port != "0"


def _is_urls(cell: str) -> bool:
    urls = cell.split()
    is_separated = not re.search(r"[;,](\s|https?://|$)", cell)  # another sign than a space between two of them
    return bool(urls) and is_separated and all(map(_is_url, urls))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?", cell)) and math.isfinite(float(cell))


def _is_id(cell: str) -> bool:
    return bool(re.fullmatch(_ID, cell)) and not is_device(cell)


def _is_ids(cell: str) -> bool:
    ids = split_ids(cell)
    return bool(re.fullmatch(rf"{_ID}(\s*;\s*{_ID})*", cell)) and len(set(ids)) == len(ids)


def is_file_name(cell: str) -> bool:
    """Return whether a cell names a file of the folder it belongs to, and no way to another."""
    return not re.search(r"[/\\\x00]", cell) and cell not in ("", ".", "..")


def read_count(cell: str) -> int | None:
    """Return the number in a cell of kind `count`; None if it holds none, which is a fault of its own."""
    return int(cell) if KINDS["count"].is_valid(cell) else None


def split_ids(cell: str) -> list[str]:
    """Return the ids of a cell of kind `ids`, in order."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def split_scores(cell: str) -> tuple[tuple[str, str], ...]:
    """Return the scores of a cell of kind `scores`, each with what it stands for, in order; none if it is not one."""
    parts = [part.partition("=") for part in cell.split(";")]
    scores = tuple((score.strip(), words.strip()) for score, _, words in parts)
    are_numbers = all(_is_number(score) for score, _ in scores)
    is_scale = are_numbers and len({float(score) for score, _ in scores}) == len(scores) > 1
    return scores if is_scale else ()


def split_people(cell: str) -> list[str]:
    """Return the names of a cell of kind `people`, in order."""
    return [name.strip() for name in cell.split(";") if name.strip()]


def _is_people(cell: str) -> bool:
    names = [name.strip() for name in cell.split(";")]
    return len(set(names)) == len(names) and all(name and is_person(name) for name in names)


_FINGERPRINT = r"[0-9]+-[0-9]+/[0-9]+/[0-9]+(-[0-9a-f]{8}){3}"
_ID = r"[A-Za-z][A-Za-z0-9_.-]{0,99}"  # of so many signs that files may have its name: chosen, not measured


@dataclass(frozen=True)
class Kind:
    """What the cells of a column may hold: a name, a test, the words for it, and the type in pandas."""

    expected: str
    is_valid: Callable[[str], bool]
    dtype: Dtype = "str"
    is_quoted: bool = False  # words of a page, which are their publisher's: nothing that is published has them


KINDS = {
    "text": Kind("text that does not start with = or @ (a spreadsheet would run it)", lambda c: c[0] not in "=@"),
    "page_text": Kind("text", lambda c: True),  # written by steps, from pages: escaped wherever it is shown
    "id": Kind("an id of Latin letters, digits, '_', '.' or '-', 100 at most, such as S001", _is_id),
    "ids": Kind("ids separated by '; ', each once", _is_ids),
    "person": Kind(
        "a person's name: letters and digits (composed: NFC), inside it single blanks and . , - _ ' ’ · @ + & ( ), "
        "100 signs at most, and none that Windows keeps for a device, such as CON",
        is_person,
    ),
    "people": Kind("names of people separated by '; ', each once", _is_people),
    "scores": Kind(
        "two or more different numbers separated by '; ', each with what it stands for: 1 = yes; 0.5 = partly; 0 = no",
        lambda c: bool(split_scores(c)),
    ),
    "url": Kind("an address that starts with http:// or https://", _is_url),
    "urls": Kind("addresses that start with http:// or https://, separated by spaces", _is_urls),
    "date": Kind("a date: 2026, 2026-08 or 2026-08-24", _is_date),
    "time": Kind("a time in UTC such as 2026-08-24T09:30:00Z", _is_time),
    "when": Kind("a date or a time in UTC: 2026-08-24 or 2026-08-24T09:30:00Z", _is_when),
    "quote": Kind("words of the page", lambda c: True, is_quoted=True),
    "fingerprint": Kind("what `graylit anchor` writes", lambda c: bool(re.fullmatch(_FINGERPRINT, c))),
    "file_name": Kind("the name of a file in the same folder", is_file_name),
    "count": Kind("a whole number from 0", lambda c: bool(re.fullmatch(r"[0-9]{1,15}", c)), "Int64"),
    "number": Kind("a number", _is_number, "float64"),
    "share": Kind("a number from 0 to 1", lambda c: _is_number(c) and 0 <= float(c) <= 1, "float64"),
    "digest": Kind("64 hexadecimal digits (SHA-256)", lambda c: bool(re.fullmatch(r"[0-9a-f]{64}", c))),
    "sketch": Kind("8 hexadecimal digits", lambda c: bool(re.fullmatch(r"[0-9a-f]{8}", c))),
    "flag": Kind("yes or no", lambda c: c in ("yes", "no")),
}


MOST_DIGITS = 18  # of a number at the end of an id; Python reads no number of thousands of digits


def number_ids(taken: Iterable[str], count: int, first: str) -> list[str]:
    """Return the next ids after those `taken`, written like the last of them, or like `first` if there is none."""
    shapes = [(prefix, digits) for prefix, digits in map(_split_id, taken) if digits]
    prefix, digits = shapes[-1] if shapes else _split_id(first)
    numbers = (int(number) for start, number in shapes if start == prefix and len(number) <= MOST_DIGITS)
    last = max(numbers, default=0)
    return [f"{prefix}{last + i:0{len(digits)}d}" for i in range(1, count + 1)]


def _split_id(row_id: str) -> tuple[str, str]:
    """Return an id without the digits at its end, and these digits."""
    prefix = row_id.rstrip(string.digits)
    return prefix, row_id[len(prefix) :]


DATED = ("date", "time", "when")  # kinds of cells that hold a date


@dataclass(frozen=True)
class Column:
    """One column of a table; its meaning is written here and nowhere else."""

    name: str
    kind: str
    meaning: str
    is_required: bool = True
    choices: tuple[str, ...] = ()
    is_name: bool = False  # whether equal cells mean the same thing, so that they must be written alike

    @property
    def expected(self) -> str:
        """What a cell must hold, in words."""
        expected = f"one of {', '.join(self.choices)}" if self.choices else KINDS[self.kind].expected
        return f"{expected}, without blanks or unseen signs at its ends" if self.is_name else expected

    @property
    def is_worded(self) -> bool:
        """Return whether it holds words, which may begin like a formula."""
        return self.kind in ("text", "page_text") and not self.choices

    @property
    def is_quoted(self) -> bool:
        """Return whether it holds words of a page, which are left out of everything that is published."""
        return KINDS[self.kind].is_quoted

    def accepts(self, cell: str) -> bool:
        """Return whether a filled cell holds what the column is for."""
        is_bare = not self.is_name or cell == strip_blanks(cell)
        return is_bare and (cell in self.choices if self.choices else KINDS[self.kind].is_valid(cell))
