"""Our own WARC files read back: what a killed run left, its broken tail set aside, the record of each row."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from graylit.captures.members import Member, list_members
from graylit.captures.warcs import Before, Response, digest_body, read_response
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.rows import Row


@dataclass(frozen=True)
class Whole:
    """A file up to `end` holds whole groups only; `row` is that of the group that ends there, if one does."""

    end: int
    row: Row | None = None


def read_groups(path: Path, start: int = 0) -> Iterator[Whole]:
    """Yield how far a file is whole, step by step from an offset on, with the row of each group."""
    row: Row | None = None
    n_left, last = 0, 0
    for member in list_members(path, start):
        kind = member.header("WARC-Type")
        if kind == "metadata":
            row, n_left = _read_row(member)
        elif n_left:
            n_left -= 1
            last = last if kind == "request" else member.start
        if not n_left:
            placed = row and row | {"warc_file": path.name, "warc_offset": str(last)}
            yield Whole(member.end, placed)
            row = None


def _read_row(member: Member) -> tuple[Row, int]:
    """Return the row and the number of records that a group's first record states."""
    found = json.loads(member.block)
    return found["row"], found["n_records"]


def heal_files(folder: Path, captures: Iterable[Row]) -> list[Row]:
    """Return the rows that a killed run did not get to write, and set broken tails of its files aside.

    Only the end of each file is read: from the last record that the table knows.
    """
    captures = list(captures)
    known = {row["capture_id"] for row in captures}
    starts: dict[str, int] = {}
    for row in captures:
        if row["warc_file"]:
            starts[row["warc_file"]] = max(starts.get(row["warc_file"], 0), int(row["warc_offset"]))
    rows: dict[str, Row] = {}
    for path in sorted(folder.glob("captures-*.warc.gz")):
        healed = _heal_file(path, starts.get(path.name, 0))
        rows |= {row["capture_id"]: row for row in healed if row["capture_id"] not in known}
    return list(rows.values())


def _heal_file(path: Path, start: int) -> list[Row]:
    is_found = next(list_members(path, start), None) is not None
    end, rows = start, []
    for whole in read_groups(path, start if is_found else 0):  # if the table may be wrong, the file decides
        end = max(end, whole.end)
        if whole.row and whole.row.get("capture_id"):
            rows.append(whole.row)
    if end < path.stat().st_size:
        _set_aside(path, end)
    return rows


def _set_aside(path: Path, end: int) -> None:
    """Move what follows `end` to a file of its own beside this one: nothing is thrown away."""
    aside = path.with_name(f"{path.name}.broken-at-{end}")
    with path.open("rb+") as stream:
        stream.seek(end)
        with aside.open("wb") as tail:
            tail.write(stream.read())
            tail.flush()
            os.fsync(tail.fileno())
        stream.truncate(end)
        os.fsync(stream.fileno())


def read_capture(row: Mapping[str, str], raw: Path) -> Response:
    """Return the response that a row was written for. Raises InputError if its file no longer holds it."""
    path = raw / row["warc_file"]
    try:
        response = read_response(path, int(row["warc_offset"]))
    except (OSError, ValueError, EOFError, StopIteration, ArchiveLoadFailed) as error:
        # What the reader says may quote the file, which may be any file: it is not repeated.
        raise _explain_damage(row, path, "cannot be read") from error
    if row["sha256"] and digest_body(response.body) != row["sha256"]:
        raise _explain_damage(row, path, "is not the one the row was written for")
    return response


def read_before(row: Mapping[str, str], raw: Path) -> Before | None:
    """Return what to compare an earlier capture by; None if it is damaged, so that the page is captured in full."""
    try:
        headers = read_capture(row, raw).headers
    except InputError:
        return None
    member = next(list_members(raw / row["warc_file"], int(row["warc_offset"])), None)
    return Before(row, headers, member.header("WARC-Payload-Digest")) if member else None


def _explain_damage(row: Mapping[str, str], path: Path, what: str) -> InputError:
    position = f"byte {row['warc_offset']}, capture {row['capture_id']} of source {row['source_id']}"
    again = name_command(f"collect --refresh {row['source_id']}")
    remedy = f"restore the file from a copy, or capture the source again: {again}"
    return InputError([Fault(str(path), f"the body at {position}, {what}", "the record as it was captured", remedy)])
