"""Cells as others write them, made what our tables hold: dates, addresses, yes and no, words of a closed list."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from graylit.tables.kinds import Column

YES = {"yes", "y", "true", "1", "1.0", "x", "ja", "✓", "✔", "☑"}
NO = {"", "no", "n", "false", "0", "0.0", "nein", "-", "–", "—", "✗", "✘", "☐"}


def fit_cell(column: Column, cell: str, ways: tuple[str, ...] = ()) -> str:
    """Return a cell of theirs as a column of ours holds it, if that is certain; else as it is.

    `ways` are how they write dates, as in `%d.%m.%Y`.
    """
    if not cell or (column.accepts(cell) and not ways):
        return " ".join(cell.split()) if column.is_name else cell
    fitted = _FITTING.get(column.kind, _keep)(cell)
    if column.choices:
        fitted = {choice.casefold(): choice for choice in column.choices}.get(_plain(cell).casefold(), cell)
    elif column.kind in ("date", "when", "time"):
        fitted = read_date(cell, ways, column)
    elif column.is_name:
        fitted = " ".join(fitted.split())
    return fitted if column.accepts(fitted) else cell


def fit_name(cell: str) -> str:
    """Return the name of a code or a theme with single blanks, and an apostrophe if a spreadsheet would run it."""
    name = " ".join(cell.split())
    return _fit_text(name) if name[:1] in ("=", "@") else name


def _keep(cell: str) -> str:
    return cell


def _plain(cell: str) -> str:
    """Return a number without the zeros after its point, as spreadsheets add them; anything else as it is."""
    pointed = cell.replace(",", ".") if re.fullmatch(r"-?[0-9]+,[0-9]+", cell) else cell
    return re.sub(r"^(-?[0-9]+)\.0+$", r"\1", pointed)


def _fit_address(cell: str) -> str:
    if re.match(r"(doi:\s*)?10\.[0-9]{4,9}/\S+$", cell, re.IGNORECASE):
        return "https://doi.org/" + re.sub(r"(?i)^doi:\s*", "", cell)
    is_bare = not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", cell) and re.match(r"[^\s/.]+(\.[^\s/.]+)+(/\S*)?$", cell)
    return "https://" + cell if is_bare else cell


def _fit_flag(cell: str) -> str:
    return "yes" if cell.casefold() in YES else "no" if cell.casefold() in NO else cell


def _fit_text(cell: str) -> str:
    """Return words that no spreadsheet runs: an apostrophe goes before = and @."""
    return "'" + cell


_FITTING: dict[str, Callable[[str], str]] = {
    "text": _fit_text,
    "url": _fit_address,
    "flag": _fit_flag,
    "count": _plain,
    "number": _plain,
    "share": _plain,
}


def read_date(cell: str, ways: tuple[str, ...], column: Column) -> str:
    """Return a date as our tables have it: by the first of the ways that fits, or if it can be read in one way only."""
    for way in ways:
        try:
            found = datetime.datetime.strptime(cell, way)
        except ValueError:
            continue
        if "%d" in way or "%j" in way:
            return found.strftime("%Y-%m-%d")
        return found.strftime("%Y-%m") if re.search("%[mbB]", way) else found.strftime("%Y")
    if match := re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]", cell):
        return match[1]
    if match := re.fullmatch(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", cell):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return _plain(cell)


def explain_cell(column: Column) -> str:
    """Return what to do about a cell that does not fit its column."""
    if column.kind in ("date", "when", "time"):
        return f"say `dates` for {column.name} in the mapping, such as '%d/%m/%Y', recode it, or name it under `blank`"
    optional = "" if column.is_required else f", or name {column.name} under `blank`"
    return f"recode it in the mapping{optional}, or correct the table"
