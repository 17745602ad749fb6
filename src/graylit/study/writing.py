"""Tables that people keep: filling in the place of a row's words, adding rows at the end, writing without loss."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Container, Iterable
from pathlib import Path

from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.runs.locking import await_lock
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import find_table, replace_file
from graylit.tables.kinds import KINDS
from graylit.tables.names import compose_name, explain_difference, fold_name
from graylit.tables.records import format_record, join_records, split_records
from graylit.tables.rows import Row, Rows, guard_typed

# The files that this process found, or left, in the canonical form, as they were then: to look at every row of a long
# table again for each row that is added would take most of the time.
_TIDY: dict[Path, tuple[int, ...]] = {}
RESERVED = "model"  # names what the model suggests, in the column in which coders are named
PLACE = ("start", "end", "exact_sha256", "normal_sha256", "fingerprint")
NEW_TABLE = (
    "coding_id,source_id,start,end,exact_sha256,normal_sha256,fingerprint,"
    "code_id,memo,confidence,round,replaces,coded_at\n"
)


def fill_place(row: Row, span: tuple[int, int], words: Words) -> Row:
    """Return a row with its place, digests and fingerprint; the segment it named is no longer needed."""
    mark = take_fingerprint(words, *span)
    place = {"start": str(span[0]), "end": str(span[1]), "exact_sha256": mark.exact_sha256}
    return {**row, **place, "normal_sha256": mark.normal_sha256, "fingerprint": mark.to_cell(), "segment_id": ""}


def read_clock() -> str:
    """Return the time in UTC as tables hold it."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fault_coder(coder: str, place: str, remedy: str) -> list[Fault]:
    """Return a fault if no coder can have a name: it is nobody's, or stands for the model's suggestions."""
    if not KINDS["person"].is_valid(coder):
        return [Fault(place, "cannot be the name of a coder", KINDS["person"].expected, remedy, value=coder)]
    if coder.casefold() != RESERVED:
        return []
    problem = "stands for the model's suggestions, which are no evidence"
    return [Fault(place, problem, "the name of a person who codes", remedy, value=coder)]


def read_coder(asked: str, coders: Iterable[str], place: str = "--as") -> str:
    """Return the name of a coder as tables have it.

    Raises InputError if it cannot be one, or looks like the name of another coder: files would be taken for one.
    """
    coder, coders = compose_name(asked), list(dict.fromkeys(coders))
    faults = fault_coder(coder, place, f"correct {place}")
    alike = [known for known in coders if known != coder and fold_name(known) == fold_name(coder)]
    if not faults and coder not in coders and alike:
        problem = f"differs from {alike[0]!r} in {explain_difference(coder, alike[0])} only"
        faults = [Fault(place, problem, f"one of {', '.join(coders)}, or a new name", f"correct {place}", value=coder)]
    if faults:
        raise InputError(faults)
    return coder


def check_round(asked: str) -> None:
    """Raise InputError if `asked` is not a round number; '' is allowed."""
    if asked and not KINDS["count"].is_valid(asked):
        raise InputError([Fault("--round", "is no round", KINDS["count"].expected, "write a number", value=asked)])


def append_rows(content: str, added: Iterable[Row], contract: Contract) -> str:
    """Return a table with rows added at its end; a column is added only if one of these rows fills it."""
    added = list(added)
    header = next(csv.reader(io.StringIO(content, newline="")))
    more = [name for name in contract.names if name not in header and any(row.get(name) for row in added)]
    if more:
        empty = [""] * len(more)
        _, *records = csv.reader(io.StringIO(content, newline=""))
        header = header + more
        content = _format_records([header, *(record + empty for record in records)])
    ended = content if content.endswith("\n") else content + "\n"
    return ended + _format_records([row.get(name, "") for name in header] for row in added)


def require_tidy(tables: Iterable[Rows]) -> None:
    """Raise InputError if programs cannot add rows to one of these tables, since it is not in the canonical form."""
    if faults := [_refuse_form(rows.file, rows.ways) for rows in tables if rows.ways]:
        raise InputError(faults)


def _refuse_form(file: str, ways: Iterable[str]) -> Fault:
    problem = f"is not in the form in which a program adds rows: it has {', '.join(ways)}"
    return Fault(file, problem, "the form that `graylit tidy` writes", f"run: {name_command('tidy')}")


def read_own(folder: Path, file: str, contract: Contract, header: str) -> str:
    """Return the content of a table to which rows are to be added, `header` if it is missing.

    Raises InputError if it is not in the canonical form: nothing is written then.
    """
    path = find_table(folder / file)
    if not path.exists():
        return header
    if _TIDY.get(path) == (stamp := stamp_file(path)):
        return path.read_bytes().decode("utf-8")
    shown = path.relative_to(folder).as_posix()
    require_tidy([contract.read_rows(path, shown)[0]])
    content = contract.read_plain(path)
    _TIDY[path] = stamp
    return content


def stamp_file(path: Path) -> tuple[int, ...]:
    """Return what is different after every change of a table; nothing if it is missing."""
    try:
        found = find_table(path).stat()
    except FileNotFoundError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def drop_words(content: str, contract: Contract) -> str:
    """Return a table that people keep without quoted words: what remains can be published."""
    quoted = {column.name for column in contract.columns if column.is_quoted}
    records = list(csv.reader(io.StringIO(content, newline="")))
    kept = [at for at, name in enumerate(records[0]) if name not in quoted]
    if len(kept) == len(records[0]):
        return content
    return _format_records([record[at] for at in kept] for record in records)


def guard_table(content: str, worded: Container[str]) -> str:
    """Return a table that people wrote as it is published: no cell of the columns `worded` is taken for a formula.

    Rows in which nothing changes stay as they were written, byte for byte.
    """
    header, *records = split_records(content)
    names = next(csv.reader(io.StringIO(header, newline="")))
    return join_records([header, *(_guard_record(record, names, worded) for record in records)])


def _guard_record(record: str, names: list[str], worded: Container[str]) -> str:
    cells = next(csv.reader(io.StringIO(record, newline="")), [])
    guarded = [guard_typed(cell) if name in worded else cell for name, cell in zip(names, cells, strict=True)]
    return record if guarded == cells else format_record(guarded)


def _format_records(records: Iterable[list[str]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(records)
    return lines.getvalue()


def extend_table(folder: Path, file: str, added: Iterable[Row], contract: Contract, header: str) -> None:
    """Add rows at the end of a study's table, made with its header if it is missing; on disk at return.

    What others have added meanwhile stays.
    """
    path = folder / file
    with await_lock(folder / ".graylit.tables.lock"):
        content = read_own(folder, file, contract, header)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, append_rows(content, added, contract))
        _TIDY[path] = stamp_file(path)
