"""The frozen corpus: a study's texts as figures, and its result tables, from which anybody can replay it."""

import ctypes
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from graylit.anchors.fingerprints import digest_sequence
from graylit.captures.choosing import choose_pages
from graylit.comparison.release import describe_release, describe_software, list_tables
from graylit.study.checking import require_study
from graylit.study.config import CONFIG
from graylit.study.frozen import (
    FOLDER,
    RELEASED,
    RELEASED_TABLES,
    check_frozen,
    name_aside,
    restore_frozen,
    write_sums,
)
from graylit.study.locks import hold_study
from graylit.study.study import PEOPLES_TABLES, read_captures
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.comparison import RELEASED as RELEASED_ROWS
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.locating import NOT_CHECKABLE
from graylit.tables.preparation import FROZEN_ANCHORS, FROZEN_TEXTS, SEGMENTS, TERM_COUNTS, TEXTS, VOCABULARY
from graylit.tables.sources import SOURCES

SOURCES_FILE = PEOPLES_TABLES["sources"][0]
MAX_BYTES = 15_000_000  # chosen: more does not belong into a repository; a hundred sources take less

# Of the system's own calls: paths are relative to the working directory, and two folders change places.
_HERE, _EXCHANGE = -100, 2


def freeze_texts(
    texts: pd.DataFrame, sources: pd.DataFrame, sizes: Mapping[str, str], words: Mapping[str, str]
) -> pd.DataFrame:
    """Return the frozen table of texts: addresses, `sizes` of captured bodies and digests of `words` by source_id."""
    by_source, addresses = texts["source_id"], sources.set_index("source_id")
    more = {name: by_source.map(addresses[name]) for name in ("url", "further_urls")}
    more |= {"n_bytes": by_source.map(sizes), "words_sha256": by_source.map(words)}
    return texts.assign(**more).fillna({"words_sha256": ""})


def freeze_anchors(located: pd.DataFrame, digests: Mapping[str, str]) -> pd.DataFrame:
    """Return the place of each coding; by the `digests` of the coded words a replay tells rows changed since."""
    placed = located[~located["method"].isin(NOT_CHECKABLE)]
    return placed.assign(exact_sha256=placed["coding_id"].map(digests))[FROZEN_ANCHORS.names]


def require_texts(folder: Path) -> None:
    """Raise InputError if a study has faults, or no texts that could be frozen."""
    study, remedy = require_study(folder), f"export it as it is: {name_command('export paper')}"
    if not study.config["has_texts"]:
        problem, expected = "means that there is nothing to freeze", "true, in a study with texts"
        raise InputError([Fault(CONFIG, problem, expected, remedy, column="has_texts", value="false")])
    if not study.sources.cells:
        raise InputError([Fault(SOURCES_FILE, "names no source yet, so there is nothing to freeze", "sources", remedy)])


def check_made(study: Path) -> list[Fault]:
    """Return a fault for each table of the corpus that the review has not made."""
    needed = [f"data/processed/{table.name}.csv" for table in (TEXTS, SEGMENTS, TERM_COUNTS, VOCABULARY)]
    missing = [name for name in [*needed, "data/processed/located_codings.csv"] if not (study / name).exists()]
    return [Fault(name, "is missing", "what a review makes", f"run: {name_command('review')}") for name in missing]


def write_corpus(study: Path, folder: Path) -> None:
    """Write everything that is frozen of a reviewed study into an empty folder."""
    made, decided = study / "data/processed", require_study(study)
    texts, located = TEXTS.read(made / "texts.csv"), LOCATED_CODINGS.read(made / "located_codings.csv")
    before = FROZEN_TEXTS.read(study / FOLDER / "texts.csv") if (study / FOLDER / "texts.csv").exists() else None
    before = FROZEN_TEXTS.to_frame([]) if before is None else before
    captures = choose_pages(decided.sources.cells, read_captures(study / "data/raw/captures.csv"))
    sizes = dict(zip(before["source_id"], before["n_bytes"], strict=True))
    sizes |= {
        source_id: sum(int(row["n_bytes"]) for row in pages)
        for source_id, pages in captures.items()
        if all(row.get("n_bytes") for row in pages)
    }
    words = dict(zip(before["source_id"], before["words_sha256"], strict=True))
    paths = sorted((made / "texts").glob("*.txt"))
    words |= {path.stem: digest_sequence(path.read_bytes().decode("utf-8")) for path in paths}
    frozen = freeze_texts(texts, SOURCES.to_frame(decided.sources.cells), sizes, words)
    FROZEN_TEXTS.write(frozen.astype({"n_bytes": "Int64"}), folder / "texts.csv")
    digests = {row["coding_id"]: row["exact_sha256"] for rows in decided.codings.values() for row in rows.cells}
    FROZEN_ANCHORS.write(freeze_anchors(located, digests), folder / "anchors.csv")
    for contract in (SEGMENTS, TERM_COUNTS, VOCABULARY):
        shutil.copyfile(made / f"{contract.name}.csv", folder / f"{contract.name}.csv")
    (folder / RELEASED_TABLES).mkdir()
    for _, contract in list_tables():
        path = made / f"{contract.name}.csv"
        if path.exists() and not (folder / path.name).exists():
            shutil.copyfile(path, folder / RELEASED_TABLES / path.name)
    shutil.copyfile(made / "texts.csv", folder / RELEASED_TABLES / "texts.csv")
    rows = describe_release(study, made, describe_software())
    RELEASED_ROWS.write(RELEASED_ROWS.to_frame(map(dict, rows)), folder / RELEASED)
    write_sums(folder)


def replace_folder(new: Path, old: Path) -> None:
    """Put a complete folder in the place of an old one, so that there is no moment without one of them.

    On file systems that cannot exchange two folders, the old one is set aside first; `restore_frozen` puts it back if
    the program ends in between.
    """
    aside = name_aside(old)
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        if _exchange(new, old):
            new.rename(aside)
        else:
            old.rename(aside)
            new.rename(old)
    else:
        new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step; return False if this system or its file system cannot."""
    system, paths = ctypes.CDLL(None), (os.fsencode(first), os.fsencode(second))
    if hasattr(system, "renameat2"):  # Linux
        return system.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0
    return hasattr(system, "renamex_np") and system.renamex_np(*paths, _EXCHANGE) == 0  # macOS


def freeze_corpus(study: Path) -> str:
    """Freeze a reviewed study; return what was written, in words.

    What was frozen before stays until the new corpus is complete and read back whole. Raises InputError if the review
    was not run, or another run is at work.
    """
    with hold_study(study):
        restore_frozen(study)
        if faults := check_made(study):
            raise InputError(faults)
        new = study / f"{FOLDER}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        write_corpus(study, new)
        if (readme := study / FOLDER / "README.md").exists():
            shutil.copyfile(readme, new / "README.md")
        if faults := check_frozen(study, new):
            raise InputError(faults)
        replace_folder(new, study / FOLDER)
    return describe_corpus(study / FOLDER)


def describe_corpus(folder: Path) -> str:
    """Return how many files a frozen corpus has and how large it is, in words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    n_bytes = sum(path.stat().st_size for path in files)
    too_large = "" if n_bytes <= MAX_BYTES else f"; more than the {MAX_BYTES / 1e6:.0f} MB that suit a repository"
    return f"{FOLDER}: {len(files)} files, {n_bytes / 1e6:.2f} MB{too_large}"
