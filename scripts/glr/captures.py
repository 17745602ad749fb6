"""The table of captures while it is written: rows are only ever added, by one collection at a time."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from glr.contracts import Contract, Rows
from glr.faults import Fault, InputError
from glr.kinds import is_file_name
from glr.tables import CAPTURES, HELD_OUTCOMES, SUBSTITUTES
from glr.urls import list_urls, page_key

Row = dict[str, str]
Page = tuple[str, str]  # a source's id, and the key of the address of one of its pages
# What the server sent may hold them: a row is one line, so that a line that is not whole is the only damage of a kill.
LINE_SIGNS = str.maketrans("\r\n\0", "   ")
RESTORE = (
    "restore the file from a copy, or move it away and run `make collect LIVE=no`, which writes it again from the WARC "
    "files beside it (attempts that brought nothing are not in them)"
)
MOST_FAULTS = 5  # of a table that a spreadsheet wrote anew each row has some, and all have one cause


@dataclass
class CaptureTable:
    """captures.csv, to which rows are only ever added; they are on disk when `add` returns."""

    path: Path

    def read(self) -> list[Row]:
        """Return all rows. A last line that a killed run left unfinished is cut off first.

        A table of an earlier version gets the columns that it lacks. Raises InputError, and leaves the file as it is,
        where it is not the table that collection wrote.
        """
        rows = read_rows(self.path)  # refuses what is not ours before anything is changed
        self.path.parent.mkdir(parents=True, exist_ok=True)
        names = (",".join(CAPTURES.names) + "\n").encode("utf-8")
        with self.path.open("ab+") as table:
            table.seek(0)
            content = table.read()
            n_whole = content.rfind(b"\n") + 1
            table.truncate(n_whole)  # in place: being killed here loses nothing that was whole
            if not n_whole:
                table.write(names)
        if n_whole and not content.startswith(names):
            self._rewrite(rows)
        return rows

    def _rewrite(self, rows: list[Row]) -> None:
        """Write the table anew, in one step."""
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, CAPTURES.names, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
            lines.flush()
            os.fsync(lines.fileno())
        fresh.replace(self.path)

    def add(self, *rows: Row) -> None:
        """Add attempts. Raises InputError where the disk takes no more."""
        try:
            with self.path.open("a", encoding="utf-8", newline="") as lines:
                table = csv.DictWriter(lines, CAPTURES.names, lineterminator="\n", restval="")
                table.writerows({name: cell.translate(LINE_SIGNS) for name, cell in row.items()} for row in rows)
                lines.flush()
                os.fsync(lines.fileno())
        except OSError as error:
            raise explain_full_disk(self.path, error) from error


def read_rows(path: Path) -> list[Row]:
    """Return the attempts of all collections so far, in their order; none where nothing was collected yet.

    A last line that a killed run left unfinished is left out. Raises InputError where the file is not what collection
    wrote. Every start of the workflow reads it, so that only what is seen at once is looked at; `check_rows` sees all.
    """
    rows = _read_sound(path)
    if rows is None:
        _, faults = check_rows(path)
        raise InputError(faults or [Fault(str(path), "is not what collection wrote", "rows of captures", RESTORE)])
    return rows


def check_rows(path: Path, file: str = "") -> tuple[Rows, list[Fault]]:
    """Return the attempts as far as they can be read, and the faults of every cell; `file` is the name to show."""
    file = file or str(path)
    if _read_sound(path) == []:
        return Rows(file), []
    rows, faults = CAPTURES.read_rows(path, file)
    for number, row in rows:
        if bool(row["warc_file"]) != bool(row["warc_offset"]):
            expected = "both warc_file and warc_offset, or neither"
            faults.append(Fault(file, "is not valid", expected, "", number, "warc_offset", row["warc_offset"]))
    shown = [replace(fault, remedy=RESTORE) for fault in faults[:MOST_FAULTS]]
    if len(faults) > len(shown):
        shown.append(Fault(file, f"has {len(faults) - len(shown)} more faults", "none", RESTORE))
    return rows, shown


def _read_sound(path: Path) -> list[Row] | None:
    """Return the rows of a table of captures, or None where it is not what collection wrote."""
    try:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if not whole:
            return [] if ",".join(CAPTURES.names).encode().startswith(content) else None
        records = csv.reader(io.StringIO(whole.decode("utf-8"), newline=""), strict=True)
        header, blank = next(records), dict.fromkeys(CAPTURES.names, "")
        if b"\r" in whole or b"\0" in whole or CAPTURES.check_header(header, ""):
            return None
        rows = [blank | dict(zip(header, record, strict=True)) for record in records]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, csv.Error):  # no file, no UTF-8, other cells than the header has, no CSV
        return None
    is_each_once = len({row["capture_id"] for row in rows}) == len(rows)
    return rows if is_each_once and _are_placed(rows) else None


def _are_placed(rows: list[Row]) -> bool:
    """Return whether each row names a record of a file in the folder of the captures, or none."""
    files, offsets = {row["warc_file"] for row in rows}, {row["warc_offset"] for row in rows}
    are_numbers = all(offset.isascii() and offset.isdecimal() and len(offset) < 16 for offset in offsets - {""})
    is_both_or_none = all(bool(row["warc_file"]) == bool(row["warc_offset"]) for row in rows)
    return are_numbers and is_both_or_none and all(map(is_file_name, files - {""}))


def read_finished(path: Path, contract: Contract) -> list[Row]:
    """Return the rows of a made table; none where it was not made yet or is of another version.

    A last line that a killed run left unfinished is left out. Columns that the contract does not require may be
    missing: they came later, and their cells are empty.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1].decode("utf-8")
    records = csv.reader(io.StringIO(whole, newline=""))
    header, blank = next(records, []), dict.fromkeys(contract.names, "")
    required = {column.name for column in contract.columns if column.is_required}
    is_ours = set(contract.names) >= set(header) >= required
    return [blank | dict(zip(header, record, strict=False)) for record in records if record] if is_ours else []


def list_pages(source: Mapping[str, str]) -> list[Row]:
    """Return a row for each page of a source, in order: the source's own, with the address of that page alone."""
    own = dict(source) | {"further_urls": ""}
    return [own, *(own | {"url": url, "pinned_url": ""} for url in list_urls(source)[1:])]


def name_page(row: Mapping[str, str]) -> Page:
    """Return what names the page of a row of `list_pages`, or of an attempt to capture it."""
    return row["source_id"], page_key(row["url"])


def choose_pages(
    sources: Iterable[Mapping[str, str]], captures: Iterable[Mapping[str, str]]
) -> dict[str, list[Mapping[str, str]]]:
    """Return, by source_id, the capture that serves each page of a source, in order: the last one held of its address.

    Where no attempt for a page brought a body, it is the last attempt; where there was none, an empty row.
    """
    pages = {row["source_id"]: list_urls(row) for row in sources}
    chosen: dict[tuple[str, str], Mapping[str, str]] = {}  # by source_id and address
    for capture in captures:
        source_id, url = capture["source_id"], capture["url"]
        urls = pages.get(source_id, [])
        # Most attempts are of the very address; only for others is it worth while to see whether it is the same page.
        same = [url] if url in urls else [one for one in urls if page_key(one) == page_key(url)]
        for place in ((source_id, one) for one in same):
            if is_held(capture) or place not in chosen or not is_held(chosen[place]):
                chosen[place] = capture
    return {source_id: [chosen.get((source_id, url), {}) for url in urls] for source_id, urls in pages.items()}


def is_held(capture: Mapping[str, str]) -> bool:
    """Return whether a capture has a body to work on."""
    return capture.get("outcome") in HELD_OUTCOMES


def choose_telling(captures: list[Mapping[str, str]]) -> Mapping[str, str]:
    """Return the capture that stands for a source: of a page that is missing, else substituted, else of the first."""
    missing = [capture for capture in captures if not is_held(capture)]
    substituted = [capture for capture in captures if capture.get("origin") in SUBSTITUTES]
    return (missing or substituted or captures)[0]


def digest_pages(digests: list[str]) -> str:
    """Return the digest of a source's captures from those of its pages, in order; that of a single page is its own."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def group_captures(captures: Iterable[Row]) -> defaultdict[str, list[Row]]:
    """Return the attempts by source, in their order; no attempts for a source without any."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in captures:
        grouped[row["source_id"]].append(row)
    return grouped


def explain_full_disk(path: Path, error: OSError) -> InputError:
    """Return what to say where a file cannot be written; what was kept before it stays."""
    problem = f"cannot be written ({error.strerror}); all captures before this one are kept"
    remedy = "make room, then run `make collect` again: it goes on where it stopped"
    return InputError([Fault(str(path), problem, "room on the disk", remedy)])


@contextmanager
def hold_captures(path: Path) -> Iterator[None]:
    """Keep every other collection away from the folder of the captures until the block ends.

    The run's own lock goes when Snakemake is killed, but this script may live on for a while.
    Raises InputError where another collection is at work there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        problem, remedy = "is in use by another collection", "wait until it has ended"
        raise InputError([Fault(str(path), problem, "one collection at a time", remedy)]) from error
    finally:
        os.close(held)


def find_archives(asked: str, base: str) -> list[str]:
    """Return the paths of the archives asked for (separated by commas), relative ones as seen from `base`.

    Raises InputError where one is not there.
    """
    paths = [Path(base) / part.strip() for part in asked.split(",") if part.strip()]
    remedy = "correct ARCHIVE=…; several files are separated by commas"
    missing = [Fault(str(path), "is missing", "a WARC or WACZ file", remedy) for path in paths if not path.is_file()]
    if missing:
        raise InputError(missing)
    return [str(path) for path in paths]
