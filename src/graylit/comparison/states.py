"""Two states of a study side by side: what people decided, and what came of it.

The base is the folder of a study, or a git revision of this one. Of a revision, config/ and data/frozen/ are taken and
replayed in a folder of their own by the present workflow, so that both sides were made by the same steps.
"""

import io
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graylit.comparison.changes import Change
from graylit.comparison.decisions import compare_decisions, compare_files
from graylit.comparison.results import MADE_TABLES, OF_CLAIMS, compare_made
from graylit.pages.templates import make_environment, render_alone
from graylit.runs.places import TEMPLATES
from graylit.runs.workflow import Machine, clean_environment, list_command
from graylit.study.checking import read_study, require_study
from graylit.study.frozen import is_frozen
from graylit.study.study import Study, list_files, read_plain
from graylit.tables.comparison import CHANGES
from graylit.tables.faults import Fault, InputError
from graylit.tables.files import find_table
from graylit.tables.reading import read_made
from graylit.tables.rows import Cells, defuse_cell

MANUALS = ("config/README.md", "config/TABLES.md")


@dataclass(frozen=True)
class Side:
    """One of the two states: its tables, as far as they are at hand, and what is to be said about it."""

    study: Study
    files: dict[str, bytes]  # of config/, by path
    made: dict[str, list[Cells]]
    remarks: tuple[str, ...]


def read_side(name: str, folder: Path, is_checked: bool) -> Side:
    """Return the state in a folder. Raises InputError if there is no study, or if a checked one has faults."""
    if not find_table(folder / "config/sources.csv").is_file():
        remedy = "name the folder that holds config/, or a revision of it"
        raise InputError([Fault(name, "holds no study", "a folder with config/sources.csv", remedy)])
    study, faults = (require_study(folder), []) if is_checked else read_study(folder)
    remarks = [f"{name} has {len(faults)} faults by the checks of today, such as: {faults[0]}"] if faults else []
    paths = sorted(path for path in (folder / "config").rglob("*") if path.is_file())
    tables = {path: contract for path, contract in list_files(folder) if not faults}
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path not in tables}
    files |= {file: content.encode("utf-8") for file, content in (read_plain(folder) if tables else {}).items()}
    files = {file: content for file, content in files.items() if file not in MANUALS}
    made, missing = read_made_tables(folder)
    missing = [name for name in missing if study.claims.cells or name not in OF_CLAIMS]
    if missing:
        remarks.append(f"Not compared, since {name} lacks them or has them of another version: {', '.join(missing)}")
    return Side(study, files, made, tuple(remarks))


def read_made_tables(folder: Path) -> tuple[dict[str, list[Cells]], list[str]]:
    """Return the made tables that a folder has, by name, and the names of the others."""
    made: dict[str, list[Cells]] = {}
    missing = []
    for name, contract in MADE_TABLES.items():
        try:
            made[name] = [*read_made(folder, f"data/processed/{name}.csv", contract)]
        except InputError:
            missing.append(name)
    return made, missing


def compare_sides(before: Side, after: Side) -> list[Change]:
    """Return every change between two states."""
    changes = compare_decisions(before.study, after.study)
    changes += compare_files(before.files, after.files, changes)
    return changes + compare_made(before.made, after.made)


def find_revision(study: Path, base: str) -> str:
    """Return the commit that a revision names. Raises InputError if it names none."""
    asked = ["git", "-C", str(study), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}"]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False) if shutil.which("git") else None
    if ended is None or ended.returncode:
        problem, expected = (
            "is neither a folder nor a git revision here",
            "a study's folder, or a revision such as HEAD~3",
        )
        raise InputError([Fault("BASE", problem, expected, "look at the name, or at: git log --oneline", value=base)])
    return ended.stdout.strip()


def take_revision(study: Path, commit: str, folder: Path) -> None:
    """Write config/ and data/frozen/ of a commit to a folder."""
    listed = ["git", "-C", str(study), "ls-tree", "--name-only", commit, "config", "data/frozen"]
    folders = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    if folders:
        archived = ["git", "-C", str(study), "archive", commit, *folders]
        content = subprocess.run(archived, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(folder, filter="data")


def replay(folder: Path) -> str:
    """Make the made tables of a study from its frozen corpus; return why that could not be done, or '' if it was."""
    if not is_frozen(folder):
        return "it has no frozen corpus"
    targets = [f"data/processed/{name}.csv" for name in MADE_TABLES]
    command = list_command(folder, targets, Machine(cores="2"))
    ended = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)
    said = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
    return "" if ended.returncode == 0 else " ".join(said[-3:])


def count_changes(changes: Iterable[Change]) -> list[tuple[str, str, int]]:
    """Return how many things changed in which way: (subject, change, number), in the order of the review."""
    order = list(dict.fromkeys(change["subject"] for change in changes))
    things = {(change["subject"], change["change"], change["subject_id"]) for change in changes}
    counts = Counter((subject, change) for subject, change, _ in things)
    return sorted(((*key, n) for key, n in counts.items()), key=lambda row: (order.index(row[0]), row[1]))


def render_page(title: str, base: str, changes: list[Change], remarks: Iterable[str]) -> str:
    """Return the page that shows the comparison."""
    page: Mapping[str, Any] = {
        "title": title,
        "base": base,
        "counts": count_changes(changes),
        "changes": changes,
        "remarks": list(remarks),
    }
    return render_alone(make_environment(TEMPLATES), "compare.html", page, ["pages.js"])


def defuse_change(change: Change) -> Change:
    """Return a change whose cells no spreadsheet takes for formulas."""
    return {name: defuse_cell(cell) for name, cell in change.items()}


def write_comparison(folder: Path, base: str, changes: list[Change], title: str, remarks: Iterable[str]) -> Path:
    """Write the changes since `base` as a table and as a page; return the page's path."""
    target = folder / "results/compare"
    target.mkdir(parents=True, exist_ok=True)
    CHANGES.write(CHANGES.to_frame(map(defuse_change, changes)), target / "changes.csv")
    (target / "index.html").write_text(render_page(title, base, changes, remarks), encoding="utf-8")
    return target / "index.html"
