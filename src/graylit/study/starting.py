"""A study just started: its config, protocol and findings to fill in, its manuals, and every table with its header."""

from __future__ import annotations

from pathlib import Path

from graylit.runs.places import MANUALS, NEW_STUDY
from graylit.study.config import CONFIG
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER, PROTOCOL
from graylit.study.writing import read_coder
from graylit.tables.coding import CODINGS
from graylit.tables.faults import Fault, InputError
from graylit.tables.screening import OF_DESK, SCREENINGS

# Where each file of the template goes. Git's files have no dot there, or git would heed them in this repository too.
PLACES = {
    "config.yaml": CONFIG,
    "protocol.md": PROTOCOL,
    "findings.md": "docs/findings.md",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "update.cron": "schedule/update.cron",
    "update.yml": "schedule/update.yml",
    "site.yml": "schedule/site.yml",
    "replay.yml": "schedule/replay.yml",
}


def draft_frame() -> dict[str, str]:
    """Return the files of a new study besides its tables, by their path in it."""
    files = {place: (NEW_STUDY / name).read_text(encoding="utf-8") for name, place in PLACES.items()}
    return files | {f"config/{manual.name}": manual.read_text(encoding="utf-8") for manual in MANUALS}


def draft_study(coder: str) -> dict[str, str]:
    """Return the files of a new study by their path in it; `coder` names the first table of codings."""
    tables = [*ALL_TABLES.values(), (f"{CODINGS_FOLDER}/{coder}.csv", CODINGS)]
    left = {SCREENINGS.name: OF_DESK}
    shown = {file: [n for n in contract.names if n not in left.get(contract.name, ())] for file, contract in tables}
    return draft_frame() | {file: ",".join(names) + "\n" for file, names in shown.items()}


def is_taken(folder: Path) -> bool:
    """Return whether a new study would not be alone in a folder; one that is empty or just put under git is free."""
    if not folder.exists():
        return folder.is_symlink()  # it leads nowhere
    return not (folder.is_dir() and {path.name for path in folder.iterdir()} <= {".git"})


def start_study(folder: Path, coder: str) -> list[str]:
    """Write the files of a new study and return their paths in it.

    Raises InputError if `coder` cannot name a table, or the folder is taken or cannot be written.
    """
    coder = read_coder(coder, [], "--coder")
    files = draft_study(coder)
    try:
        if is_taken(folder):
            raise _refuse(folder, "holds something already")
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8")
    except OSError as error:
        raise _refuse(folder, f"cannot be written ({error.strerror})") from error
    return list(files)


def _refuse(folder: Path, problem: str) -> InputError:
    return InputError([Fault(str(folder), problem, "a new or empty folder", "name another")])


def list_unfilled(protocol: str) -> list[tuple[int, str]]:
    """Return the lines of a protocol that still stand as the template has them, in brackets: (row, line)."""
    template = (NEW_STUDY / "protocol.md").read_text(encoding="utf-8").splitlines()
    asked = {line for line in template if line.startswith("(") and line.endswith(")")}
    return [(number, line) for number, line in enumerate(protocol.splitlines(), start=1) if line in asked]
