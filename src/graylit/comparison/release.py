"""What is kept of a release, so that a run years later can tell whether it is the same, and if not, what differs."""

from __future__ import annotations

import csv
import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from graylit.comparison.pairs import by_columns, differing_cells, pair
from graylit.runs.made import digest_file
from graylit.runs.places import PACKAGE, SCRIPTS, list_modules
from graylit.study.config import CONFIG
from graylit.study.model_log import LOG
from graylit.study.model_settings import list_model_files
from graylit.study.study import read_plain
from graylit.tables.comparison import RESULT_TABLES
from graylit.tables.contracts import Contract
from graylit.tables.rows import Cells

Key = tuple[str, ...]

STAGES = ("collection", *RESULT_TABLES)
# The first stage that reads what people wrote; a change of it can show in this stage and in later ones.
DECISIONS = {
    "config/config.yaml": "collection",
    "config/sources.csv": "collection",
    "config/screening": "preparation",
    "config/coding": "coding",
    "config/synthesis": "synthesis",
    "config/checklist.csv": "synthesis",
    "config/quality.csv": "synthesis",
}
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "bertopic", "trafilatura", "statsmodels")


def describe_software() -> dict[str, str]:
    """Return what makes the tables, each with its version: the interpreter, libraries, and the steps themselves."""
    folders = ((SCRIPTS, sorted(SCRIPTS.rglob("*.py"))), (PACKAGE, list_modules()))
    digests = (f"{path.relative_to(top).as_posix()} {digest_file(path)}" for top, paths in folders for path in paths)
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "scripts": hashlib.sha256("\n".join(digests).encode()).hexdigest(),
    }


def list_decisions(study: Path) -> dict[str, str]:
    """Return the files in which people decided, each with its SHA-256; notes and manuals are left out.

    Tables count in their canonical form: it is no decision to save one by another program.
    """
    digests = {CONFIG: digest_file(study / CONFIG)}
    tables = read_plain(study)
    others = [path for path in (*list_model_files(study), study / LOG) if path.is_file()]
    digests |= {path.relative_to(study).as_posix(): digest_file(path) for path in others}
    return digests | {file: hashlib.sha256(tables[file].encode()).hexdigest() for file in sorted(tables)}


def stage_of(decision: str) -> str:
    """Return the first stage that reads a file in which people decided."""
    return next((stage for start, stage in DECISIONS.items() if decision.startswith(start)), "reporting")


def list_tables() -> list[tuple[str, Contract]]:
    """Return the result tables, each with the stage that makes it, in the order of the stages."""
    return [(stage, contract) for stage, contracts in RESULT_TABLES.items() for contract in contracts]


def read_keyed(path: Path, contract: Contract) -> dict[Key, Cells]:
    """Return the rows of a made table by key, cells as they are written; no rows if there is no table."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return by_columns(contract.key, csv.DictReader(lines))


def count_rows(path: Path) -> int:
    """Return the number of rows of a made table; 0 if there is no table."""
    if not path.exists():
        return 0
    with path.open(encoding="utf-8", newline="") as lines:
        return max(sum(1 for row in csv.reader(lines) if row) - 1, 0)


def describe_release(study: Path, made: Path, software: Mapping[str, str]) -> list[Cells]:
    """Return the rows of released.csv: tables made, decisions they are made of, software that made them."""
    rows: list[Cells] = [
        {
            "kind": "table",
            "stage": stage,
            "name": contract.name,
            "n_rows": str(count_rows(made / f"{contract.name}.csv")),
            "value": digest_file(made / f"{contract.name}.csv"),
        }
        for stage, contract in list_tables()
        if (made / f"{contract.name}.csv").exists()
    ]
    decisions = list_decisions(study)
    rows += [_input_row("decision", stage_of(name), name, value) for name, value in decisions.items()]
    return rows + [_input_row("software", "preparation", name, value) for name, value in software.items()]


def _input_row(kind: str, stage: str, name: str, value: str) -> Cells:
    return {"kind": kind, "stage": stage, "name": name, "n_rows": "", "value": value}


def list_changes(released: Iterable[Cells], now: Iterable[Cells]) -> list[tuple[str, str, str]]:
    """Return the inputs that are not as they were released: (kind, stage, what changed), in order of their names."""
    inputs = (by_columns(("kind", "name"), (row for row in rows if row["kind"] != "table")) for rows in (released, now))
    changes = []
    for (kind, name), old, new in pair(*inputs):
        if old is None or new is None or old["value"] != new["value"]:
            stage = new["stage"] if new else old["stage"] if old else ""
            changes.append((kind, stage, _describe_change(kind, name, old, new)))
    return changes


def _describe_change(kind: str, name: str, old: Cells | None, new: Cells | None) -> str:
    if old is None or new is None:
        return f"{name} {'is new' if old is None else 'is gone'}"
    if kind == "software" and name != "scripts":
        return f"{name} {new['value']} (released with {old['value']})"
    return f"{name} was changed" if kind == "decision" else "the steps (scripts/) were changed"


def find_difference(contract: Contract, now: Mapping[Key, Cells], released: Mapping[Key, Cells]) -> str:
    """Return the first row, by key, that is not the same, in words; '' if all are."""
    for key, old, new in pair(released, now):
        shown = ", ".join(filter(None, key))
        if new is None:
            return f"{shown} is missing"
        if old is None:
            return f"{shown} was not there"
        if cells := differing_cells(old, new, contract.names):
            parts = (f"{name} {became or 'empty'} (released: {was or 'empty'})" for name, was, became in cells)
            return f"{shown}: " + ", ".join(parts)
    return ""
