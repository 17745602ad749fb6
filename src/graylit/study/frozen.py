"""The frozen corpus: a study's texts as figures, in data/frozen, enough to replay everything downstream of the text.

Per source what its text was (address, capture time, origin, digests, sizes, extractor); per segment its place, digest,
sketch and the counts of the terms that several sources share; where each coding stood; and the result tables as they
were released. No words. The sums of SHA256SUMS tell whether a file is the one that was frozen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from graylit.captures.page_keys import key_of, page_keys
from graylit.runs.made import digest_file
from graylit.tables.faults import Fault
from graylit.tables.preparation import FROZEN_TEXTS
from graylit.tables.rows import Cells

FOLDER = "data/frozen"
SUMS = "SHA256SUMS"
PARTS = ("texts", "segments", "term_counts", "vocabulary", "anchors")  # the corpus itself, a table each
RELEASED = "released.csv"  # rows and digests of the tables and inputs as they were released
RELEASED_TABLES = "released"  # the folder of these tables


def is_frozen(study: Path) -> bool:
    """Return whether a study's folder has a frozen corpus, be it damaged."""
    return (study / FOLDER / SUMS).exists() or any((study / FOLDER / f"{part}.csv").exists() for part in PARTS)


def name_aside(folder: Path) -> Path:
    """Return where a frozen corpus stands for the moment in which a new one takes its place."""
    return folder.with_name(f"{folder.name}.old")


def restore_frozen(study: Path) -> None:
    """Put back a frozen corpus that a killed program had set aside; only whoever holds the study's lock may."""
    folder = study / FOLDER
    if not folder.exists() and name_aside(folder).exists():
        name_aside(folder).rename(folder)


def match_frozen(sources: Iterable[Cells], texts: Iterable[Cells]) -> dict[str, Cells]:
    """Return, by source_id, the frozen text of each source that was made of the pages its addresses name now."""
    known = {row["source_id"]: row for row in sources}
    mine = ((row, known[row["source_id"]]) for row in texts if row["source_id"] in known)
    return {row["source_id"]: row for row, source in mine if page_keys(row, key_of(source)) == page_keys(source)}


def list_frozen(study: Path, sources: Iterable[Cells]) -> set[str]:
    """Return the ids of the sources that a study's frozen corpus can serve: it has a text of their present pages."""
    path = study / FOLDER / "texts.csv"
    texts = FROZEN_TEXTS.read_rows(path)[0].cells if path.exists() else []
    return {source_id for source_id, row in match_frozen(sources, texts).items() if row["outcome"] == "extracted"}


def list_files(folder: Path) -> list[str]:
    """Return the files of a frozen corpus that its sums cover, sorted."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    return sorted(files)


def write_sums(folder: Path) -> None:
    """Write the digests of all files of a frozen corpus, as sha256sum does, under a line that sums up the rest."""
    lines = [f"{digest_file(folder / name)}  {name}\n" for name in list_files(folder)]
    (folder / SUMS).write_bytes((f"# {_digest_lines(lines)}\n" + "".join(lines)).encode())


def check_frozen(study: Path, folder: Path | None = None) -> list[Fault]:
    """Return a fault for every file of a study's frozen corpus that is missing, added or not as it was frozen.

    `folder` is where the corpus is, if it is about to be the study's.
    """
    folder = folder or study / FOLDER
    remedy = f"restore it, for example by: git checkout -- {FOLDER}"
    try:
        first, *lines = (folder / SUMS).read_bytes().decode("utf-8").splitlines(keepends=True)
    except (FileNotFoundError, UnicodeDecodeError, ValueError):
        return [Fault(f"{FOLDER}/{SUMS}", "is missing or damaged", "the digests of the frozen files", remedy)]
    if first != f"# {_digest_lines(lines)}\n":
        return [Fault(f"{FOLDER}/{SUMS}", "is not as it was frozen", "digests that fit its first line", remedy)]
    frozen = {name: digest for digest, name in (line.rstrip("\n").split("  ", 1) for line in lines)}
    faults = []
    for name in sorted({*frozen, *list_files(folder)}):
        path = folder / name
        if not path.exists():
            faults.append(Fault(f"{FOLDER}/{name}", "is missing", f"the file of {SUMS}", remedy))
        elif name not in frozen:
            faults.append(Fault(f"{FOLDER}/{name}", f"is not in {SUMS}", "the files that were frozen", "remove it"))
        elif (digest := digest_file(path)) != frozen[name]:
            problem = "is not as it was frozen (SHA-256)"
            faults.append(Fault(f"{FOLDER}/{name}", problem, frozen[name], remedy, value=digest))
    return faults


def _digest_lines(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()
