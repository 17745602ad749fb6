"""The replication package: what a stranger needs to replay the review, and no words of the sources."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from graylit.exports.citation import PROGRAM_LICENCE
from graylit.runs.places import HOUSE, PACKAGE, list_files, list_package
from graylit.study.anchoring import SETTLE
from graylit.study.frozen import FOLDER as FROZEN_FOLDER
from graylit.study.frozen import SUMS as FROZEN_SUMS
from graylit.study.frozen import list_files as list_frozen_files
from graylit.study.mementos import MEMENTOS_FILE
from graylit.study.state import current_codings
from graylit.study.study import Study, list_peoples, list_published, name_plain, read_plain
from graylit.study.writing import drop_words, guard_table
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import is_table
from graylit.tables.rows import Cells

# Of this program, beside the study. A wheel carries these (pyproject.toml lists them), so that a package written by an
# installed Graylit is the same, byte for byte, as one written in a clone.
PROGRAM_FOLDERS = ("scripts", "workflow")
PROGRAM_FILES = (
    *("Makefile", "pyproject.toml", "uv.lock", "environment.yml", "LICENSE", "CHANGELOG.md"),
    *("config/README.md", "config/TABLES.md"),
    *("data/raw/README.md", "data/processed/README.md", "results/README.md"),
)
REPLAY = "replay.py"  # the one command of a package; it stands alone, beside the README
RUN = b'\n\nif __name__ == "__main__":\n    main()\n'  # its last lines there
OF_PROGRAM = {".py", ".smk", ".yaml", ".yml", ".cron", ".html", ".css", ".js", ".md", ".tex"}
SUMS = "SHA256SUMS"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold: the same files give the same bytes
HELD_HERE = "address, title and figures; none of its words"


def list_licences(sources: Iterable[Cells]) -> list[Cells]:
    """Return the licence of each source, with what the package holds of it."""
    names = ("source_id", "title", "publisher", "url", "licence")
    return [{**{name: row[name] for name in names}, "held_here": HELD_HERE} for row in sources]


def collect_study(folder: Path, study: Study) -> dict[str, bytes]:
    """Return the study's files by path: what people decided, without quoted words, and the frozen corpus.

    Raises InputError if a coding has quoted words and no place: without its words it would be lost.
    """
    unplaced = []
    for rows in study.codings.values():
        in_force = {cells["coding_id"] for cells in current_codings(rows.cells)}
        for number, cells in rows:
            if cells["exact"] and not cells["fingerprint"] and cells["coding_id"] in in_force:
                problem, expected = "has quoted words but no place", "place and fingerprint"
                remedy = f"run `{name_command('anchor')}`, which names what it cannot place; {SETTLE}"
                unplaced.append(Fault(rows.file, problem, expected, remedy, number, "coding_id", cells["coding_id"]))
    if unplaced:
        raise InputError(unplaced)
    tables = read_plain(folder)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in list_published(folder) if not is_table(path)
    }
    for rows, contract in list_peoples(study):
        if content := tables.get(name_plain(rows.file)):
            published = guard_table(drop_words(content, contract), contract.worded)
            files[name_plain(rows.file)] = published.encode("utf-8")
    if (mementos := folder / MEMENTOS_FILE).is_file():
        files[MEMENTOS_FILE] = mementos.read_bytes()
    return files | _read_frozen(folder)


def _read_frozen(folder: Path) -> dict[str, bytes]:
    """Return the files of the frozen corpus by path, as far as its sums name them; whatever else lies there stays."""
    corpus = folder / FROZEN_FOLDER
    named = [*list_frozen_files(corpus), FROZEN_SUMS, "README.md"]
    return {f"{FROZEN_FOLDER}/{name}": (corpus / name).read_bytes() for name in named if (corpus / name).is_file()}


def collect_program() -> dict[str, bytes]:
    """Return the files of this program by path as a clone has them, but for its licence, which stands in its folder."""
    files = {file: (HOUSE / file).read_bytes() for file in PROGRAM_FILES} | _read_under(HOUSE, PROGRAM_FOLDERS)
    licence = {PROGRAM_LICENCE: files.pop("LICENSE"), REPLAY: (PACKAGE / "exports" / REPLAY).read_bytes() + RUN}
    # Of a package that was unpacked, the file LICENSE is the study's, and the program's is in its folder already.
    package = {
        f"src/{path.relative_to(PACKAGE.parent).as_posix()}": path.read_bytes()
        for path in list_package()
        if is_of_program(path)
    }
    return files | licence | package


def _read_under(root: Path, folders: Iterable[str]) -> dict[str, bytes]:
    paths = [path for folder in folders for path in list_files(root / folder)]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if is_of_program(path)}


def is_of_program(path: Path) -> bool:
    """Return whether a file is one of this program by its kind; notes and tables that lie between them are not."""
    return path.suffix in OF_PROGRAM or path.name in ("Snakefile", "py.typed", "gitignore", "gitattributes", "LICENSE")


def date_decisions(study: Study) -> str:
    """Return the day of the last decision that the study's tables name."""
    tables = [study.codebook, study.adjudications, study.themes, study.guidelines, study.impacts, study.claims]
    tables += [study.screenings, study.claim_readings, study.relations, study.impact_readings]
    tables += [study.correspondences, study.findings]
    whens = ("decided_at", "coded_at", "screened_at", "read_at")
    cells = [row for rows in (*tables, *study.codings.values()) for row in rows.cells]
    return max((row.get(when, "")[:10] for row in cells for when in whens), default="") or "1970-01-01"


def add_digests(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files with a list of their digests, as sha256sum checks it."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in sorted(files.items())]
    return {**files, SUMS: "".join(lines).encode("utf-8")}


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files; the same files give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for file, content in sorted(files.items()):
            entry = zipfile.ZipInfo(file, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, content, compresslevel=9)
    return archive.getvalue()
