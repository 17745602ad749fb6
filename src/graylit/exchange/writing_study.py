"""Writing an imported study: its files, the account of the rows, and the check that it passes before it is there."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from graylit.exchange.accounting import list_outcomes
from graylit.exchange.making import Making, group_faults
from graylit.exchange.mapping import Mapping
from graylit.exchange.plain_tables import ImportedStudy, format_config
from graylit.study.checking import read_study
from graylit.study.config import CONFIG, sources_contract
from graylit.study.starting import draft_frame
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER, PEOPLES_TABLES
from graylit.tables.coding import CODINGS
from graylit.tables.faults import Fault, InputError
from graylit.tables.importing import IMPORTED_IDS, IMPORTED_ROWS
from graylit.tables.rows import Row, Values, format_value, guard_cell

FOLDER = "config/import"  # beside the tables, so that it is kept with them: in git, and in whatever is passed on
REMEDIES = {  # what a mapping can do about faults that show only when tables are compared
    "is included but not in": "list it under `sources`: an entry may read the same file, with `where`",
    "is not an included candidate": "list it under `candidates`, and that it was included under `screenings`",
    "differs from": "say `unify` for the column in the mapping, `recode` one of the two, or correct their table",
    "lies ahead": "correct it, `recode` it in the mapping, or name the column under `blank`",
    "is the same page as": "leave one of the two out with `where`, or say `is_distinct: {always: yes}` under columns",
}
PART_OF = {"codebook": "codes"}  # tables that a mapping calls otherwise


def list_contents(study: ImportedStudy, mapping: Mapping) -> dict[str, str]:
    """Return the files of an imported study by their path in it."""
    contents = {**draft_frame(), CONFIG: format_config(study.config)}
    for name, rows in study.tables.items():
        contract = sources_contract(study.config) if name == "sources" else ALL_TABLES[name][1]
        contents[ALL_TABLES[name][0]] = _format(contract.names, rows)
    for file, contract in PEOPLES_TABLES.values():
        contents.setdefault(file, _format(contract.names, []))
    for coder, rows in study.codings.items():
        contents[f"{CODINGS_FOLDER}/{coder}.csv"] = _format(CODINGS.names, rows)
    contents[f"{FOLDER}/mapping.yaml"] = mapping.text
    contents[f"{FOLDER}/rows.csv"] = _format_made(IMPORTED_ROWS.names, list_outcomes(study.outcomes))
    contents[f"{FOLDER}/ids.csv"] = _format_made(IMPORTED_IDS.names, list_ids(study.making))
    return contents


def list_ids(making: Making) -> Iterator[Values]:
    """Yield what their things are called in the study, and what they call them."""
    for thing, ids in sorted(making.ids.items()):
        for theirs, ours in sorted(ids.list_ids()):
            if thing != "coding" or theirs != ours:  # a coding without an id of theirs is called by ours
                yield {"thing": thing, "theirs": theirs, "ours": ours}


def _format(names: list[str], rows: Iterable[Row]) -> str:
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(names)
    table.writerows([row.get(name, "") for name in names] for row in rows)
    return lines.getvalue()


def _format_made(names: list[str], rows: Iterable[Values]) -> str:
    return _format(names, ({name: guard_cell(format_value(row[name])) for name in names} for row in rows))


def check_contents(contents: dict[str, str], study: ImportedStudy) -> None:
    """Raise InputError if the study would have faults; each names the row of theirs that it comes from."""
    with tempfile.TemporaryDirectory() as scratch:
        write_contents(contents, Path(scratch))
        _, faults = read_study(Path(scratch))
    if faults:
        raise InputError(group_faults(_lead_back(fault, study) for fault in faults))


def _lead_back(fault: Fault, study: ImportedStudy) -> Fault:
    """Return a fault of the study with the row of theirs that it comes from."""
    parts = {file: PART_OF.get(name, name) for name, (file, _) in ALL_TABLES.items()}
    parts |= {f"{CODINGS_FOLDER}/{coder}.csv": f"codings {coder}" for coder in study.codings}
    origin = study.making.origins.get((parts.get(fault.file, ""), (fault.row or 0) - 2))
    remedies = (words for problem, words in REMEDIES.items() if problem in fault.problem)
    remedy = next(remedies, "correct their table, or say in the mapping how to read it (`where`, `recode`, `blank`)")
    if origin is None:
        return replace(fault, remedy=f"{fault.remedy}; {remedy}")
    return replace(fault, file=origin.place, row=origin.row, remedy=remedy)


def write_contents(contents: dict[str, str], folder: Path) -> list[str]:
    """Write the files of a study by their path in it, and return them.

    A file that the folder has already, such as a .gitignore, stays as it is.
    """
    new = {file: content for file, content in contents.items() if not (folder / file).exists()}
    try:
        for file, content in new.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        problem, remedy = f"cannot be written ({error.strerror})", "name another folder with --to"
        raise InputError([Fault(str(folder), problem, "a folder for the new study", remedy)]) from error
    return list(new)
