"""People's tables in the canonical form: UTF-8, commas, LF, and quotes only around cells that need them.

No cell changes, and no row or column moves. A file is kept as it was before anything takes its place, and the new one
takes its place in one step: whenever a run is killed, the table is whole, and the next run goes on.
"""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graylit.pages.wording import count_things
from graylit.study.config import CONFIG, read_config, sources_contract
from graylit.study.name_checks import check_files
from graylit.study.study import TIDIED, Study, list_files, list_peoples, name_plain
from graylit.tables.charsets import restore_words
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, name_command
from graylit.tables.files import list_forms, replace_file
from graylit.tables.forms import format_records, open_sheet
from graylit.tables.quoted import QUOTED
from graylit.tables.sources import SOURCES

QUOTES = "quotes around cells that need none"
ENDING = "no line end after the last row"
SHOWN = 60  # signs of a cell in a remark: chosen, so that it stays a line or two


@dataclass(frozen=True)
class Tidying:
    """What is to be done about one table: its canonical content, in which ways its files differ, and their faults."""

    file: str  # in the canonical form
    content: str
    n_rows: int
    ways: tuple[str, ...]
    others: tuple[Path, ...]  # files that it takes the place of
    faults: tuple[Fault, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Return whether something is to be written."""
        return bool(self.ways) and not self.faults

    def __str__(self) -> str:
        """Return what changes, as one line for a person."""
        names = [path.name for path in self.others]
        came = f" (from {', '.join(names)})" if names else ""
        return f"{self.file}{came}: {count_things(self.n_rows, 'row')}, without {', '.join(self.ways)}"


def plan_tidying(folder: Path) -> list[Tidying]:
    """Return what is to be done about each table of a study; nothing is written."""
    second, config = check_files(folder), read_config(folder / CONFIG, file=CONFIG)[0]
    contracts = {SOURCES.name: sources_contract(config)}  # with the study's own columns
    tables = ((path, contracts.get(contract.name, contract)) for path, contract in list_files(folder))
    return [_plan_table(folder, path, contract, second) for path, contract in tables]


def _plan_table(folder: Path, path: Path, contract: Contract, second: list[Fault]) -> Tidying:
    file = name_plain(path.relative_to(folder).as_posix())
    read = [_read(folder, form, contract) for form in dict.fromkeys((path, *list_forms(path)))]
    records, ways, faults = read[0]
    if not faults and any(others != records for others, _, _ in read[1:]):
        names = {form.relative_to(folder).as_posix() for form in list_forms(path)}
        faults = [fault for fault in second if fault.file in names]
    content = "" if faults else format_records(records)
    is_there = path == folder / file
    if not ways and not faults:
        ways = _compare_bytes(path, content)
    if len(read) > 1:
        ways = [*ways, "a second file of the same cells"]
    others = tuple(form for form in dict.fromkeys((path, *list_forms(path))) if form != path or not is_there)
    return Tidying(file, content, max(len(records) - 1, 0), tuple(ways), others, tuple(faults))


def _read(folder: Path, path: Path, contract: Contract) -> tuple[list[list[str]], list[str], list[Fault]]:
    """Return the rows of a file, in which ways it is not in the canonical form, and why it cannot be tidied."""
    file = path.relative_to(folder).as_posix()
    sheet, faults = open_sheet(path, file, contract.columns)
    if sheet is None or faults:
        return [], [], faults
    try:
        records = [record for _, record in sheet]
    except csv.Error:
        records = []
    if records and all(len(record) == len(records[0]) for record in records):
        return records, sheet.ways, sheet.faults
    broken = [fault for fault in contract.read_rows(path, file)[1] if not fault.column and fault.row != 1]
    return records, sheet.ways, [*sheet.faults, *broken]


def _compare_bytes(path: Path, content: str) -> list[str]:
    """Return in which ways a file that reads as the canonical form does is written otherwise."""
    was = path.read_bytes().decode("utf-8")
    if was == content:
        return []
    return [ENDING] if was + "\n" == content else [QUOTES]


def remark_forms(study: Study) -> list[Fault]:
    """Return a remark for each table that is read, and is not in the canonical form."""
    expected = "UTF-8, commas and Unix line ends, which programs add rows to and git merges"
    remedy = f"run: {name_command('tidy')}"
    return [
        Fault(rows.file, f"is saved as a spreadsheet saves it, with {', '.join(rows.ways)}", expected, remedy)
        for rows, _ in list_peoples(study)
        if rows.ways
    ]


def remark_misread(study: Study) -> Iterator[Fault]:
    """Yield a remark for each cell whose words were saved in UTF-8 once and read as Windows-1252 since.

    Words that stand in a source so are the source's: quotes that have their place are left out.
    """
    for rows, contract in list_peoples(study):
        columns = [name for name in contract.names if name not in QUOTED]
        for number, cells in rows:
            for name in columns if cells.get("start") else contract.names:
                if (words := cells.get(name, "")) and (meant := restore_words(words)):
                    problem = f"was probably {meant[:SHOWN]!r}: UTF-8 that a program took for Windows-1252"
                    remedy = "write it so, unless its source has these signs; save the table as 'CSV UTF-8'"
                    yield Fault(rows.file, problem, "words as they were", remedy, number, name, words[:SHOWN])


def tidy_table(folder: Path, planned: Tidying) -> Iterator[Path]:
    """Write a table in the canonical form; yield where each file that was there is kept."""
    target = folder / planned.file
    for path in dict.fromkeys((*planned.others, *([target] if target.exists() else []))):
        yield keep_file(folder, path)
    replace_file(target, planned.content)
    for path in planned.others:
        path.unlink()


def keep_file(folder: Path, path: Path) -> Path:
    """Keep a copy of a file as it is, on disk at return; copies of another content stay. Return where it is."""
    content, place = path.read_bytes(), folder / TIDIED / path.relative_to(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    others = (place.with_name(f"{place.stem}-{number}{place.suffix}") for number in itertools.count(2))
    copies = itertools.chain([place], others)
    copy = next(copy for copy in copies if not copy.exists() or copy.read_bytes() == content)
    if not copy.exists():
        beside = copy.with_name(f"{copy.name}.new")
        with beside.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(copy)
    return copy
