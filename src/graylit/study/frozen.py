"""The frozen corpus: a study's texts as figures, in data/frozen, enough to replay everything downstream of the text.

Per source what its text was (address, capture time, origin, digests, sizes, extractor); per segment its place, digest,
sketch and the counts of the terms that several sources share; where each coding stood; and the result tables as they
were released. No words. The sums of SHA256SUMS tell whether a file is the one that was frozen.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from graylit.tables.faults import Fault

FOLDER = "data/frozen"
SUMS = "SHA256SUMS"
PARTS = ("texts", "segments", "term_counts", "vocabulary", "anchors")  # the corpus itself, a table each
RELEASED = "released.csv"  # rows and digests of the tables and inputs as they were released
RELEASED_TABLES = "released"  # the folder of these tables


def is_frozen(study: Path) -> bool:
    """Return whether a study's folder has a frozen corpus, be it damaged."""
    return (study / FOLDER / SUMS).exists() or any((study / FOLDER / f"{part}.csv").exists() for part in PARTS)


def list_files(folder: Path) -> list[str]:
    """Return the files of a frozen corpus that its sums cover, sorted."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    return sorted(files)


def write_sums(folder: Path) -> None:
    """Write the digests of all files of a frozen corpus, as sha256sum does, under a line that sums up the rest."""
    lines = [f"{digest_file(folder / name)}  {name}\n" for name in list_files(folder)]
    (folder / SUMS).write_bytes((f"# {_digest_lines(lines)}\n" + "".join(lines)).encode())


def check_frozen(study: Path) -> list[Fault]:
    """Return a fault for every file of a study's frozen corpus that is missing, added or not as it was frozen."""
    folder = study / FOLDER
    remedy = f"restore it, for example by: git checkout -- {FOLDER}"
    try:
        first, *lines = (folder / SUMS).read_bytes().decode("utf-8").splitlines(keepends=True)
    except (FileNotFoundError, UnicodeDecodeError, ValueError):
        return [Fault(f"{FOLDER}/{SUMS}", "is missing or damaged", "the digests of the frozen files", remedy)]
    if first != f"# {_digest_lines(lines)}\n":
        return [Fault(f"{FOLDER}/{SUMS}", "is not as it was frozen", "digests that fit its first line", remedy)]
    frozen = dict(reversed(line.rstrip("\n").split("  ", 1)) for line in lines)
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


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _digest_lines(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()
