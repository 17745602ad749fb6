"""Tables with a column of addresses: exports of Zotero, Publish or Perish and histories, and anybody's own."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from graylit.exchange.foreign_tables import find_sign, write_cell
from graylit.search.cells import read_moment
from graylit.search.column_names import OF_HISTORY, ROLES
from graylit.search.contents import Content
from graylit.search.references import name_doi
from graylit.search.search_results import Found, Hit
from graylit.tables.faults import Fault, InputError

_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)
_FORMULA = re.compile(r"\s*'?=\s*HYPERLINK\(\s*\"([^\"]+)\"", re.IGNORECASE)  # a link as spreadsheets write it
WORDS = ("title", "snippet", "published", "publisher")
MIN_SHARE = 0.5  # of the filled cells of a column of addresses that hold one: chosen
N_LOOKED_AT = 200  # rows by which the columns are told: chosen


def read_table(content: Content) -> list[Found] | None:
    """Return the rows of a table of text that has a column of addresses as hits; None if it is none.

    Raises InputError if it is cut off, or its rows do not fit its header.
    """
    if content.is_json or content.is_html:
        return None
    text = content.text.lstrip("\ufeff")
    named = re.match(r'"?sep=(.)"?[;,]*\n', text, re.IGNORECASE)
    text = text[named.end() :] if named else text
    sign = named[1] if named else find_sign(text)
    header = next((row for row in _read_leniently(text, sign) if any(row)), [])
    if not _has_column(header) and (len(header) < 2 or not _find_by_cells(_first_rows(text, sign))):
        return None
    return _read_rows(_read_strictly(text, sign, content.file, bool(named)), content.file)


def read_workbook(content: Content) -> list[Found] | None:
    """Return the rows of the sheets of a workbook that have a column of addresses; None if it is no workbook."""
    if not content.is_workbook:
        return None
    from graylit.tables.workbooks import open_book  # its library takes time to load, and is seldom needed

    book, faults = open_book(content.body, content.file)
    if book is None:
        raise InputError(faults)
    sheets = {name: sheet.to_python(skip_empty_area=False) for name, sheet in book.sheets.items()}
    found = []
    for name, rows in sheets.items():
        cells = [(number, [write_cell(cell).strip() for cell in row]) for number, row in enumerate(rows, start=1)]
        filled = [(number, row) for number, row in cells if any(row)]
        if filled and (_has_column(filled[0][1]) or _find_by_cells([row for _, row in filled[:N_LOOKED_AT]])):
            found += _read_rows(filled, f"{content.file} ({name})") or []
    if not found:
        problem = f"has no sheet with a column of addresses (its sheets: {', '.join(sheets)})"
        raise InputError([Fault(content.file, problem, "a column url", "name the column url, and save it again")])
    return found


def _read_leniently(text: str, sign: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text[:500_000], newline=""), delimiter=sign)


def _first_rows(text: str, sign: str) -> list[list[str]]:
    rows = (row for row in _read_leniently(text, sign) if any(row))
    return [row for row, _ in zip(rows, range(N_LOOKED_AT), strict=False)]


def _read_strictly(text: str, sign: str, file: str, is_ragged: bool) -> list[tuple[int, list[str]]]:
    """Return the rows of a table that hold anything, with their numbers. Raises InputError if it is cut off."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, [cell.strip() for cell in row]))
    except csv.Error as error:
        if "'" in str(error) and sign != ",":  # `"title" ;`: a blank after the quotes, as some programs leave it
            return [(n, r) for n, r in _number_lenient(text, sign) if any(r)]
        problem = f"cannot be read as CSV ({error})"
        problem = "is cut off: quotes are not closed" if "unexpected end" in str(error) else problem
        remedy = "export it again; nothing was written"
        raise InputError([Fault(file, problem, "whole rows", remedy, row=number + 1)]) from error
    is_short = len(rows) > 1 and len(rows[-1][1]) < len(rows[0][1]) and not text.endswith("\n")
    if is_short and all(len(row) >= len(rows[0][1]) for _, row in rows[:-1]):
        problem = f"is cut off: its last row has {len(rows[-1][1])} cells, and its header {len(rows[0][1])}"
        raise InputError([Fault(file, problem, "whole rows", "export it again; nothing was written", rows[-1][0])])
    return rows


def _number_lenient(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    yield from ((number, [cell.strip() for cell in row]) for number, row in enumerate(reader, start=1))


def _fold(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _has_column(header: Sequence[str]) -> bool:
    return any(_fold(name) in ROLES["url"] for name in header)


def _find_by_cells(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns most of whose filled cells hold an address, the fullest first."""
    filled: Counter[int] = Counter()
    held: Counter[int] = Counter()
    for row in rows:
        for at, cell in enumerate(row):
            filled[at] += bool(cell.strip())
            held[at] += bool(_ADDRESS.match(cell) or _FORMULA.match(cell))
    return [at for at, number in held.most_common() if number and number >= MIN_SHARE * (filled[at] - 1)]


class _Columns:
    """Which column of a table plays which role."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        names = [_fold(name) for name in header]
        self.at = {role: [names.index(name) for name in known if name in names] for role, known in ROLES.items()}
        self.is_headed = not any(_ADDRESS.match(cell) for cell in header)
        if not self.is_headed:
            self.at = {role: [] for role in ROLES}
        by_cells = _find_by_cells(rows)
        good = [at for at in self.at["url"] if at in by_cells]
        self.at["url"] = good + [at for at in self.at["url"] if at not in good]
        if not self.at["url"] or (not good and by_cells):
            self.at["url"] = by_cells[:1] + self.at["url"]
        self.at["publisher"] = [at for at in self.at["publisher"] if at not in self.at["url"]]
        if not self.is_headed and rows:
            others = [at for at in range(len(rows[0])) if at not in self.at["url"]]
            self.at["title"] = [
                at for at in others if any(re.search(r"[^\W\d]", row[at]) for row in rows if at < len(row))
            ][:1]
        if OF_HISTORY & set(names):
            self.at["published"] = []

    def read(self, row: Sequence[str], role: str) -> str:
        """Return the first filled cell of a role in a row; '' if there is none."""
        return next((row[at] for at in self.at[role] if at < len(row) and row[at]), "")


def _read_rows(rows: Sequence[tuple[int, list[str]]], file: str) -> list[Found] | None:
    """Return the searches of a table: one, or one for each query that its rows name."""
    if not rows:
        return None
    header = rows[0][1]
    columns = _Columns(header, [row for _, row in rows[1 : N_LOOKED_AT + 1]])
    body = rows[1:] if columns.is_headed else rows
    if not columns.at["url"] and not columns.at["doi"]:
        return None
    for number, row in body:
        if len(row) > len(header) and any(row[len(header) :]):
            problem = f"has {len(row)} cells, and its header {len(header)}"
            remedy = "put quotes around cells that hold the sign between cells, and save it again; nothing was written"
            raise InputError([Fault(file, problem, f"{len(header)} cells", remedy, number)])
    searches: dict[tuple[str, str, str], list[Hit]] = {}
    for _, row in body:
        day = read_moment(columns.read(row, "searched_at"))[:10]
        asked = (columns.read(row, "query"), columns.read(row, "engine"), day)
        searches.setdefault(asked, []).extend(_make_hits(row, columns, len(header)))
    if not searches:
        return [Found({}, [])]
    names = ("query", "engine", "searched_at")
    return [
        Found({name: cell for name, cell in zip(names, asked, strict=True) if cell}, hits)
        for asked, hits in searches.items()
    ]


def _make_hits(row: Sequence[str], columns: _Columns, width: int) -> list[Hit]:
    """Return a row as a hit; as several if its cell holds several addresses."""
    urls = _split_urls(columns.read(row, "url"))
    if not urls and len(row) < width:  # cells that ran into one moved the others
        elsewhere = [cell for cell in row if _ADDRESS.match(cell)]
        urls = elsewhere if len(elsewhere) == 1 else []
    urls = urls or [name_doi(columns.read(row, "doi"))]
    rank = columns.read(row, "rank")
    title, snippet, published, publisher = (columns.read(row, role) for role in WORDS)
    title = "" if _ADDRESS.fullmatch(title) else title
    is_ranked = len(urls) == 1 and rank.isdecimal() and 0 < len(rank) < 10
    number = int(rank) if is_ranked and int(rank) else None
    return [Hit(url, title, snippet, published, publisher, rank=number) for url in urls]


def _split_urls(cell: str) -> list[str]:
    """Return the addresses in a cell; a host and a path without a scheme is one of the web."""
    if formula := _FORMULA.match(cell):
        return [formula[1]]
    *earlier, last = re.split(r"(?<=[\s;|])(?=https?://)", cell.strip().strip("<>"))
    found = [part for part in (*(part.strip(" \t\r\n;,|") for part in earlier), last) if part]
    if len(found) == 1 and not re.match(r"[a-z][a-z0-9+.-]*:", found[0], re.IGNORECASE) and _BARE.fullmatch(found[0]):
        return [f"https://{found[0]}"]
    return found
