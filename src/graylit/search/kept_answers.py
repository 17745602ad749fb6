"""The kept answers of searches as files: held against the search log, given to colleagues, and taken from them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from graylit.captures.verifying import verify_file
from graylit.search.answers import FOLDER, KIND
from graylit.study.study import ALL_TABLES
from graylit.tables.files import find_table
from graylit.tables.rows import Cells

ENDING = ".warc.gz"


def list_kept(folder: Path) -> list[Path]:
    """Return the files of answers that a study keeps here."""
    return sorted((folder / FOLDER).glob(f"{KIND}-*{ENDING}"))


def read_log(folder: Path) -> list[Cells]:
    """Return the rows of a study's search log; none if it has none."""
    file, contract = ALL_TABLES["searches"]
    path = find_table(folder / file)
    return list(contract.read_rows(path, file)[0].cells) if path.exists() else []


def verify_answers(folder: Path, searches: Iterable[Cells]) -> tuple[int, list[str]]:
    """Return the number of records of all kept answers, and what is wrong with them or differs from the search log."""
    stated = {row["file_name"]: row for row in searches if row["file_name"].endswith(ENDING)}
    n_records, faults = 0, []
    for path in list_kept(folder):
        n_file, found = verify_file(path, [])
        n_records += n_file
        row = stated.get(path.name)
        if row and row["file_sha256"] and not found and row["file_sha256"] != _digest(path):
            found = [f"{path.name} is not the file that search {row['search_id']} names (its digest differs)"]
        faults += found
    return n_records, [f"{FOLDER}: {fault}" for fault in faults]


def list_missing(folder: Path, searches: Iterable[Cells]) -> list[str]:
    """Return the searches whose kept answers are not here: they are not in git, and each has them who asked."""
    here = {path.name for path in list_kept(folder)}
    lacking = {row["search_id"]: None for row in searches if row["file_name"].endswith(ENDING)}
    kept = {row["search_id"] for row in searches if row["file_name"] in here}
    return [search_id for search_id in lacking if search_id not in kept]


def copy_answers(folder: Path, target: Path) -> list[Path]:
    """Copy all kept answers of a study into a folder, and return the copies."""
    copies = [target / path.name for path in list_kept(folder)]
    target.mkdir(parents=True, exist_ok=True)
    for path, copy in zip(list_kept(folder), copies, strict=True):
        shutil.copyfile(path, copy)
    return copies


def keep_answers(folder: Path, files: Iterable[Path], searches: Iterable[Cells]) -> None:
    """Keep those of the files that are answers of a search of this study, so that it can be made again here."""
    stated = {row["file_sha256"]: row["file_name"] for row in searches if row["file_name"].endswith(ENDING)}
    for path in files:
        name = stated.get(_digest(path)) if path.name.endswith(".gz") else None
        if name and not (kept := folder / FOLDER / name).exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
