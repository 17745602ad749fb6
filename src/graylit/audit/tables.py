"""The tables of a review as pages: every row can be found, filtered and linked to, however many there are.

The page of a table loads its rows from files of plain JavaScript: from a folder, a browser reads no other data.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graylit.tables.catalogue import CONTRACTS
from graylit.tables.contracts import Column, Contract
from graylit.tables.rows import Cells
from graylit.tables.screening import SCREENING_AGREEMENT, SCREENING_DECISIONS, SHARE_DECIDED
from graylit.tables.store import Store, Table

MAX_BYTES = 900_000  # of a file of rows: an editor or a browser still opens a file of less than a megabyte at once
# Both chosen by looking at the pages, not measured.
MAX_CHOICES = 60  # different values of a column that is filtered by a list of choices; of more, by words
LONG = 60  # characters: a column with longer words is shown wide, and has no list of choices
HIDDEN = ("exact_sha256", "normal_sha256", "fingerprint")  # of no use to a reader, and long

# Tables that only the audit pages have; the others have their contracts.
CODING_COLUMNS = (
    Column("coding_id", "id", "the coding; leads to its words"),
    Column("coder", "person", "who coded"),
    Column("round", "count", "round of coding"),
    Column("code_id", "id", "the code after merges and adjudication"),
    Column("theme_id", "id", "the theme of the code; several if it is in several"),
    Column("source_id", "id", "the coded source"),
    Column("segment_id", "id", "the coded segment; empty for a whole source or an orphan"),
    Column("memo", "text", "the coder's note"),
    Column("source_type", "text", "kind of source"),
    Column("publisher", "text", "its publisher"),
    Column("method", "text", "how its place was found"),
    Column("standing", "text", "what adjudication, or a later round of its coder, made of it"),
    Column("is_evidence", "flag", "whether it counts as evidence"),
    Column("confidence", "text", "how sure the coder was"),
    Column("coded_at", "when", "when"),
    Column("adjudication_id", "id", "the adjudication in force"),
)
LOG_COLUMNS = (
    Column("when", "when", "when it was decided; empty where no date was given"),
    Column("what", "text", "what was decided on"),
    Column("who", "text", "who decided"),
    Column("id", "id", "the row that holds it"),
    Column("subject", "ids", "what it is about"),
    Column("decision", "text", "what was decided"),
    Column("reason", "text", "why"),
    Column("page", "id", "where it is shown"),
)


def read_tables(paths: Iterable[str | Path], sources: Contract, store: Store) -> dict[str, Table]:
    """Put the rows of tables into a store, by the names of their contracts; codings have a column of their coder.

    Files without a contract are left out, and decisions of screeners that others must not see yet. `sources` is the
    contract with the study's own variables.
    """
    paths = list(paths)
    hidden = list_hidden(list_files(paths))
    known = CONTRACTS | {"sources": sources}
    names = {name: contract.names for name, contract in known.items()}
    names["codings"].append("coder")
    tables = {name: store.add(name, columns) for name, columns in names.items()}
    for path in map(Path, paths):
        coder = {"coder": path.stem} if path.parent.name == "codings" else {}
        name = "codings" if coder else path.stem
        if name in tables:
            rows = (
                row for row in known[name].read_each(path) if name != "screenings" or row["candidate_id"] not in hidden
            )
            tables[name].add(row | coder for row in rows)
    return tables


def list_hidden(files: Mapping[str, str]) -> set[str]:
    """Return the candidates whose decisions are not shown, since not all screeners are through."""
    measures = SCREENING_AGREEMENT.list_cells(files.get("screening_agreement", ""), ("measure",))
    if not any(row["measure"] == SHARE_DECIDED for row in measures):
        return set()
    decisions = SCREENING_DECISIONS.list_cells(files.get("screening_decisions", ""))
    return {row["candidate_id"] for row in decisions if row["n_screeners"] == "0"}


def list_files(paths: Iterable[str | Path]) -> dict[str, str]:
    """Return the file of each table by the table's name; coders' tables, which are many files, are left out."""
    return {Path(path).stem: str(path) for path in paths if Path(path).parent.name != "codings"}


def list_columns(contract: Contract) -> list[Column]:
    """Return the columns of a table that its page shows: neither words of pages nor what only programs read."""
    return [column for column in contract.columns if not column.is_quoted and column.name not in HIDDEN]


def describe_columns(
    columns: Sequence[Column], rows: Iterable[Cells], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Describe each column for the page of a table: its meaning, its kind, and values to choose from.

    `names` holds the names of ids, which are shown beside them.
    """
    values: dict[str, set[str]] = {column.name: set() for column in columns}
    longest = dict.fromkeys(values, 0)
    n_rows = 0
    for row in rows:
        n_rows += 1
        for name, known in values.items():
            longest[name] = max(longest[name], len(row[name]))
            if len(known) <= MAX_CHOICES:  # more are no choice, however many they are
                known.add(row[name])
    return [_describe_column(column, values[column.name], longest[column.name], n_rows, names) for column in columns]


def _describe_column(
    column: Column, values: Collection[str], longest: int, n_rows: int, names: Mapping[str, str]
) -> dict[str, Any]:
    is_number = column.kind in ("count", "number", "share")
    is_counted = is_number or column.kind in ("when", "time")
    is_long = column.kind in ("text", "page_text", "ids") and longest > LONG
    is_choice = not is_long and 1 < len(values) <= min(12 if is_counted else MAX_CHOICES, n_rows / 2)
    return {
        "name": column.name,
        "meaning": column.meaning,
        "number": is_number,
        "long": is_long,
        "choices": [[v, names.get(v, "")] for v in sorted(values, key=_in_order)] if is_choice else [],
    }


def _in_order(value: str) -> tuple[int, float, str]:
    return (0, float(value), "") if value.lstrip("-").isdigit() else (1, 0, value)


def split_rows(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[str]:
    """Yield the files of rows of a table's page."""
    names = [column.name for column in columns]
    yield from split_file("graylit.addRows", ([row[name] for name in names] for row in rows))


def split_file(call: str, records: Iterable[list[Any]]) -> Iterator[str]:
    """Yield files of plain JavaScript, each below the limit of bytes, that call a function of the page with records."""
    lines: list[str] = []
    size = 0
    for record in records:
        line = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
        if lines and size + len(line) > MAX_BYTES:
            yield _close_file(call, lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 2
    yield _close_file(call, lines)


def _close_file(call: str, lines: list[str]) -> str:
    return f"{call}([\n" + ",\n".join(lines) + "\n]);\n"
