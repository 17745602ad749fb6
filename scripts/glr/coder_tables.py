"""Tables that people keep: filling in where a row's words sit, adding rows at the end, and writing without loss."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from glr.contracts import Contract
from glr.faults import Fault, InputError
from glr.fingerprints import Words, take_fingerprint

PLACE = ("start", "end", "exact_sha256", "normal_sha256", "fingerprint")
Row = dict[str, str]


def fill_place(row: Row, span: tuple[int, int], words: Words) -> Row:
    """Return a row with its place, digests and fingerprint; the segment it named is no longer needed."""
    mark = take_fingerprint(words, *span)
    place = {"start": str(span[0]), "end": str(span[1]), "exact_sha256": mark.exact_sha256}
    return {**row, **place, "normal_sha256": mark.normal_sha256, "fingerprint": mark.to_cell(), "segment_id": ""}


def append_rows(content: str, added: Iterable[Row], contract: Contract) -> str:
    """Return a table with rows at its end; what stood there stays, columns come to it only where a row fills them."""
    added = list(added)
    records = list(csv.reader(io.StringIO(content, newline="")))
    header = records[0]
    more = [name for name in contract.names if name not in header and any(row.get(name) for row in added)]
    if more:
        empty = [""] * len(more)
        header = header + more
        content = _format_records([header, *(record + empty for record in records[1:])])
    ended = content if content.endswith("\n") else content + "\n"
    return ended + _format_records([row.get(name, "") for name in header] for row in added)


def _format_records(records: Iterable[list[str]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(records)
    return lines.getvalue()


def number_ids(taken: Iterable[str], count: int, first: str) -> list[str]:
    """Return the next ids after those `taken`, written as the last of them is (`first` where there is none)."""
    taken = list(taken)
    shapes = [found for one in taken if (found := re.fullmatch(r"(.*?)(\d+)", one))]
    prefix, digits = (shapes[-1] if shapes else re.fullmatch(r"(.*?)(\d+)", first)).groups()
    last = max((int(shape[2]) for shape in shapes if shape[1] == prefix), default=0)
    return [f"{prefix}{last + i:0{len(digits)}d}" for i in range(1, count + 1)]


def replace_file(path: Path, content: str) -> None:
    """Write a file so that it is there whole, before or after, whatever happens in between."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content.encode("utf-8"))
    beside.replace(path)


@contextlib.contextmanager
def hold_study(folder: Path) -> Iterator[None]:
    """Keep runs of the review and other imports out of a study's folder. Raises InputError where one is at work."""
    if not (folder / "config").is_dir():
        remedy = "correct STUDY=…"
        raise InputError([Fault(str(folder), "holds no study", "a folder with config/config.yaml", remedy)])
    with (folder / ".graylit.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            problem, remedy = "is in use by another run", "wait until it has ended"
            raise InputError([Fault(str(folder), problem, "one run at a time in a folder", remedy)]) from None
        yield
