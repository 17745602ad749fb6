"""Read the test files of other software for web archives, and hold each outcome against what its specification asks.

The folder holds clones, or any copies, of the repositories named in archive_cases.py; nothing is fetched. Files are
known by their content, wherever they are. Of each, all addresses are looked for as a collection does, and what is kept
is verified.
"""

import argparse
import datetime
import hashlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive_cases import CASES, Case
from figures import Figure, write_figures
from graylit.captures.archive_index import ArchiveIndex, index_archives
from graylit.captures.archive_parts import list_parts
from graylit.captures.records import list_records
from graylit.captures.verifying import verify_file
from graylit.collection.archives import take_from_archive
from graylit.collection.capture_files import CaptureWriter
from graylit.tables.collection import HELD_OUTCOMES
from graylit.tables.faults import InputError
from graylit.tables.rows import Row

ENDINGS = (".arc", ".arc.gz", ".warc", ".warc.gz", ".warc.gz.bad", ".warc.lz4", ".wacz")
MAX_BYTES = 100_000_000  # of a page: more than any of them has
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def list_archives(folder: Path) -> Iterator[Path]:
    """Yield the archives in a folder and those below it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.endswith(ENDINGS):
            yield path


def read_archive(path: Path, folder: Path) -> tuple[Case, list[str]]:
    """Return what came of an archive, and the faults of what a collection would keep of it in a folder."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    try:
        index = index_archives([path])
    except InputError as error:
        return Case(path.name, digest, refusal=error.faults[0].problem), []
    rows, faults = collect_all(index, folder)
    outcomes = Counter("held" if row["outcome"] in HELD_OUTCOMES else row["outcome"] for row in rows)
    n_records = sum(1 for start, size in list_parts(path) for _ in list_records(path, start, size))
    n_held, n_cut = outcomes.pop("held", 0), outcomes.pop("cut_off", 0)
    return Case(path.name, digest, n_records, n_held, n_cut, outcomes.total(), len(index.unusable)), faults


def collect_all(index: ArchiveIndex, folder: Path) -> tuple[list[Row], list[str]]:
    """Return the rows of all addresses that an index holds, and the faults of their records once they are kept."""
    urls = sorted({answer.url for answers in index.pages.values() for answer in answers})
    writer, rows = CaptureWriter(folder, NOW), []
    for number, url in enumerate(urls, start=1):
        attempt = take_from_archive({"source_id": f"S{number}", "url": url}, index, MAX_BYTES, f"{NOW:%FT%TZ}")
        row = {"capture_id": f"S{number}-1"} | attempt.row
        rows.append(writer.add(row, attempt.records) if attempt.records else row | {"warc_file": ""})
    writer.close()
    return rows, verify_file(writer.path, rows)[1] if writer.path.exists() else []


def is_as_expected(found: Case, case: Case) -> bool:
    """Return whether an archive came out as its specification asks; of a refusal, the words that matter count."""
    if case.refusal:
        return case.refusal in found.refusal
    return found[2:] == case[2:]


def measure(folder: Path, expected: Iterable[Case]) -> Iterator[Figure]:
    """Yield the figures over all archives of a folder, and print what is not as expected."""
    cases, counts = {case.digest: case for case in expected}, Counter()
    for path in list_archives(folder):
        with tempfile.TemporaryDirectory() as scratch:
            found, faults = read_archive(path, Path(scratch))
        case = cases.get(found.digest)
        counts["known" if case else "unknown"] += 1
        counts["refused"] += bool(found.refusal)
        counts["pages"] += found.n_held
        counts["faults"] += len(faults)
        if case and is_as_expected(found, case):
            counts["as_expected"] += 1
        else:
            print(f"{path}: {found}; expected {case}")
    yield Figure("n_archives", counts["known"], "files", ">= 1")
    yield Figure("n_as_expected", counts["as_expected"], "files", f">= {counts['known']}")
    yield Figure("n_refused", counts["refused"], "files")
    yield Figure("n_unknown", counts["unknown"], "files")
    yield Figure("n_held", counts["pages"], "pages")
    yield Figure("n_faults_of_copies", counts["faults"], "faults", "<= 0")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="a folder with their files")
    asked = parser.parse_args()
    sys.exit(not write_figures("archives", measure(asked.peers, CASES)))
