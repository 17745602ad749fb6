"""What git has of a study that holds words of the sources, and the patterns that keep such files out of it.

Git is asked if it is there; without it, or outside a repository, nothing is tracked. No hook or monitor of the
repository is run.
"""

from __future__ import annotations

import csv
import fnmatch
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from graylit.runs.places import NEW_STUDY
from graylit.study.config import CONFIG
from graylit.tables.coding import QUOTED
from graylit.tables.faults import Fault

GITIGNORE = ".gitignore"
# Folders whose files hold words of the sources, or are made of them, but for what is made to be published.
PRIVATE = ("data/raw/", "data/processed/", "results/")
PUBLISHED = ("results/export/", "results/sealed/")
PACKED = ("*.warc", "*.warc.gz", "*.arc", "*.arc.gz", "*.wacz", "*.qdpx")
N_SHOWN = 5  # files named in a remark, so that it stays a line or two: chosen, not measured


def list_tracked(folder: Path) -> list[str]:
    """Return the files of a study that git tracks or that are staged, by their path in it; none without git."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "ls-files", "-z", "--", "."]
    try:
        listed = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return []
    files = sorted({os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}) if not listed.returncode else []
    others = _list_studies_below(folder, files)
    return [file for file in files if not file.startswith(others)]


def _list_studies_below(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of other studies that lie in this one, such as those of tests."""
    above = {f"{parent}/" for file in files for parent in PurePosixPath(file).parents if parent.name}
    return tuple(sorted(place for place in above if (folder / place / CONFIG).is_file()))


def holds_words(file: str) -> bool:
    """Return whether a file of a study holds words of the sources, by its path: a capture, a text, a page of words."""
    if any(fnmatch.fnmatchcase(file.lower(), pattern) for pattern in PACKED):
        return True
    return file.startswith(PRIVATE) and not file.startswith(PUBLISHED) and not file.endswith("/README.md")


def remark_tracked(folder: Path) -> list[Fault]:
    """Return a remark on captures, texts and pages that git tracks, and one on tables that quote the sources."""
    tracked = list_tracked(folder)
    foreign = [file for file in tracked if holds_words(file)]
    tables = [file for file in tracked if file.startswith("config/") and file.endswith(".csv")]
    quoting = [file for file in tables if _quotes(folder / file)]
    remarks = []
    if foreign:
        problem = (
            f"git tracks {_count(foreign)} with words of the sources, which a push would publish: {_show(foreign)}"
        )
        remedy = (
            f"take them out of git, they stay on your disk: git rm -r --cached -- {' '.join(_list_places(foreign))} "
            "(what was committed before is still in the history)"
        )
        remarks.append(Fault(GITIGNORE, problem, "such files beside git", remedy))
    if quoting:
        problem = f"git tracks {_count(quoting)} with quoted words of the sources: {_show(quoting)}"
        remedy = "before you push to a public place, put what `graylit seal` writes in their place"
        remarks.append(Fault("config", problem, "tables without quoted words", remedy))
    return remarks


def _count(files: list[str]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files)} files"


def _show(files: list[str]) -> str:
    rest = len(files) - N_SHOWN
    return ", ".join(files[:N_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _list_places(files: Iterable[str]) -> list[str]:
    """Return what stands for files in a command of git: their folder, or the pattern of their kind."""
    places = []
    for file in files:
        inside = [folder for folder in PRIVATE if file.startswith(folder)]
        packed = [f"':(icase){pattern}'" for pattern in PACKED if fnmatch.fnmatchcase(file.lower(), pattern)]
        places.append((inside or packed)[0])
    return sorted(set(places))


def _quotes(path: Path) -> bool:
    """Return whether a table quotes words of the sources; one that cannot be read is named elsewhere."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines)
            quoted = [name for name in QUOTED if name in (table.fieldnames or [])]
            return bool(quoted) and any(row[name] for row in table for name in quoted)
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def complete_gitignore(folder: Path) -> list[str]:
    """Write a study's .gitignore as a new study has it, or add the patterns that it lacks, which are returned.

    A pattern that somebody put behind a # was left out on purpose, and is not added again.
    """
    template = (NEW_STUDY / "gitignore").read_text(encoding="utf-8")
    path = folder / GITIGNORE
    written = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    known = {_simplify(line) for line in written.splitlines()}
    missing = [pattern for pattern in _list_patterns(template) if _simplify(pattern) not in known]
    if missing:
        opening = "" if written.endswith("\n") else "\n"
        heading = "# Added by Graylit, since it holds words of your sources. To have git take it, put a # before it."
        lines = [f"{opening}\n{heading}", *missing]
        with path.open("a", encoding="utf-8") as ignored:
            ignored.write("\n".join([*lines, ""]) if written else template)
    return missing if written else []


def _list_patterns(content: str) -> list[str]:
    return [line for line in content.splitlines() if line and not line.startswith("#")]


def _simplify(pattern: str) -> str:
    """Return a pattern as it is compared: `/data/raw/*`, `data/raw/` and `/data/raw` keep the same files out."""
    plain = pattern.strip().lstrip("# ")
    return plain.removesuffix("*").removesuffix("*").strip("/") if "/" in plain else plain
