"""What git does with a study: words of the sources are kept out of it, and rows of several people meet in it.

Git is asked if it is there; without it, or outside a repository, nothing is tracked. No hook or monitor of the
repository is run.
"""

from __future__ import annotations

import csv
import fnmatch
import io
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from graylit.runs.places import NEW_STUDY
from graylit.study.config import CONFIG
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER, PEOPLES_TABLES, TIDIED
from graylit.tables.coding import CODINGS
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import is_table
from graylit.tables.quoted import QUOTED

GITIGNORE, GITATTRIBUTES = ".gitignore", ".gitattributes"
UNION = "merge=union"  # git keeps the rows of both (docs/decisions/0029)
# Folders whose files hold words of the sources, or are made of them, but for what is made to be published.
PRIVATE = ("data/raw/", "data/processed/", "results/", f"{TIDIED}/")
PUBLISHED = ("results/export/", "results/sealed/")
PACKED = ("*.warc", "*.warc.gz", "*.arc", "*.arc.gz", "*.wacz", "*.qdpx")
N_SHOWN = 5  # files named in a remark, so that it stays a line or two: chosen, not measured


def list_tracked(folder: Path) -> list[str]:
    """Return the files of a study that git tracks or that are staged, by their path in it; none without git."""
    files = sorted(set(_ask_git(folder, "ls-files", "-z", "--", ".")))
    others = _list_studies_below(folder, files)
    return [file for file in files if not file.startswith(others)]


def _ask_git(folder: Path, *asked: str) -> list[str]:
    """Return what git says of a folder, part by part; nothing without git or outside a repository.

    What only this machine is told to do with files is left out: it says nothing of a colleague's.
    """
    settings = ["-c", "core.fsmonitor=false", "-c", f"core.attributesFile={os.devnull}"]
    command = ["git", *settings, "-C", str(folder), *asked]
    try:
        said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return []
    return [os.fsdecode(part) for part in said.stdout.split(b"\0") if part] if not said.returncode else []


def would_take(path: Path) -> bool:
    """Return whether git would take a file that is to be written, so that a push may publish it."""
    folder = next(above for above in path.absolute().parents if above.is_dir())
    is_inside = _ask_git(folder, "rev-parse", "--is-inside-work-tree")
    return bool(is_inside) and not _ask_git(folder, "check-ignore", "--", str(path.absolute()))


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
    tables = [file for file in tracked if file.startswith("config/") and is_table(folder / file)]
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
        table = csv.DictReader(io.StringIO(CODINGS.read_plain(path), newline=""))
        quoted = [name for name in QUOTED if name in (table.fieldnames or [])]
        return bool(quoted) and any(row[name] for row in table for name in quoted)
    except (InputError, csv.Error):
        return False


def remark_merging(folder: Path) -> list[Fault]:
    """Return a remark if rows that two people add would be a conflict in git, and one if others lack .gitattributes."""
    remarks = []
    if apart := _list_apart(folder):
        path = folder / GITATTRIBUTES
        missing = _list_missing(GITATTRIBUTES, _read_if_there(path))
        lines = "; ".join(line for line in missing if line.endswith(UNION))
        problem = f"does not have git keep the rows of both if two people add some: {_show(apart)}"
        remedy = (
            f"add these, or let `{name_command('review')}` do it: {lines}" if lines else "remove what overrides them"
        )
        remarks.append(Fault(GITATTRIBUTES, problem, f"lines that end in {UNION}", remedy))
    tracked = list_tracked(folder)
    if CONFIG in tracked and GITATTRIBUTES not in tracked and (folder / GITATTRIBUTES).exists():
        problem, remedy = "is not in git, so others merge without it", f"run: git add {GITATTRIBUTES}"
        remarks.append(Fault(GITATTRIBUTES, problem, "a file that everybody has", remedy))
    return remarks


def _list_apart(folder: Path) -> list[str]:
    """Return the tables that git does not merge by keeping the rows of both."""
    files = [*(file for file, _ in ALL_TABLES.values()), f"{CODINGS_FOLDER}/A.csv"]
    said = _ask_git(folder, "check-attr", "-z", "merge", "--", *files)
    return sorted(file for file, driver in zip(said[::3], said[2::3], strict=True) if f"merge={driver}" != UNION)


def remark_brought_back(folder: Path) -> list[Fault]:
    """Return a remark on sources that one of two people took out, and that git brought back in merging their rows.

    Only the last commit that changed the sources is looked at: after it, somebody has seen them.
    """
    file = PEOPLES_TABLES["sources"][0]
    last = "".join(_ask_git(folder, "rev-list", "--full-history", "-1", "HEAD", "--", file)).strip()
    parents = "".join(_ask_git(folder, "rev-list", "--parents", "-1", last)).split()[1:] if last else []
    if len(parents) != 2:
        return []
    base = "".join(_ask_git(folder, "merge-base", *parents)).strip()
    if not base:  # of a clone that lacks its past
        return []
    was, now = _list_ids_at(folder, base, file), _list_ids_at(folder, last, file)
    kept = [_list_ids_at(folder, parent, file) for parent in parents]
    if not (back := sorted((was & now) - (kept[0] & kept[1]))):
        return []
    problem = f"has sources again that one of two people had taken out, since git merged their rows: {_show(back)}"
    return [Fault(file, problem, "sources that both want", "take them out again, or leave them if both want them")]


def _list_ids_at(folder: Path, commit: str, file: str) -> set[str]:
    """Return the sources of a table as a commit has it; none if it has no such table."""
    table = csv.DictReader("".join(_ask_git(folder, "show", f"{commit}:./{file}")).splitlines())
    return {row["source_id"] for row in table if row.get("source_id")}


def complete_gitignore(folder: Path) -> list[str]:
    """Write a study's .gitignore as a new study has it, or add the patterns that it lacks, which are returned."""
    return _complete(folder, GITIGNORE, "it holds words of your sources. To have git take it")


def complete_gitattributes(folder: Path) -> list[str]:
    """Write a study's .gitattributes as a new study has it, or add the lines that it lacks, which are returned."""
    return _complete(folder, GITATTRIBUTES, "rows of several people meet in git. To do without a line")


def _complete(folder: Path, name: str, reason: str) -> list[str]:
    """Complete a file of git, and return the lines that were added to one that was there.

    A line that somebody put behind a # was left out on purpose, and is not added again.
    """
    template, path = _read_template(name), folder / name
    written = _read_if_there(path)
    missing = _list_missing(name, written)
    if missing:
        opening = "" if written.endswith("\n") else "\n"
        heading = f"# Added by Graylit, since {reason}, put a # before it."
        lines = [f"{opening}\n{heading}", *missing]
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]) if written else template)
    return missing if written else []


def _read_if_there(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _read_template(name: str) -> str:
    return (NEW_STUDY / name.removeprefix(".")).read_text(encoding="utf-8")


def _list_missing(name: str, written: str) -> list[str]:
    """Return the lines of a new study's file of git that a written one lacks."""
    known = {_simplify(line) for line in written.splitlines()}
    lines = [line for line in _read_template(name).splitlines() if line and not line.startswith("#")]
    return [line for line in lines if _simplify(line) not in known]


def _simplify(line: str) -> str:
    """Return a line as it is compared: `/data/raw/*`, `data/raw/` and `/data/raw` keep the same files out."""
    plain = " ".join(line.split()).lstrip("# ")
    return plain.removesuffix("*").removesuffix("*").strip("/") if "/" in plain else plain
