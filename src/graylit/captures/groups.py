"""Our own WARC files read back: what a killed run left, its broken tail set aside, every record checked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from graylit.captures.choosing import LINE_SIGNS, compare_rows, is_taken_as_is
from graylit.captures.members import Member, lacks_block, list_members
from graylit.captures.page_keys import page_key
from graylit.captures.records import find_payload, is_digest_of
from graylit.captures.warcs import Before, Response, digest_body, read_response
from graylit.tables.collection import UNCHANGED
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.rows import Row

SECONDS = len("2026-03-02T09:00:00")  # of a date: some archives say more than the table


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


def verify_file(path: Path, captures: Iterable[Mapping[str, str]]) -> tuple[int, list[str]]:
    """Return the number of records of a file, and what is wrong: with its records, its end, or the table's rows."""
    known = {row["capture_id"]: row for row in captures}
    rows = [row for row in known.values() if row["warc_file"] == path.name]
    faults: list[str] = []
    ids: set[str] = set()
    places: set[tuple[str, str]] = set()
    starts: set[int] = set()
    n_records = end = 0
    for member in _list_beyond_damage(path, sorted(int(row["warc_offset"]) for row in rows)):
        if member.start > end:
            faults.append(f"{path.name}, byte {end}: no whole record up to byte {member.start}")
        n_records, end = n_records + 1, member.end
        starts.add(member.start)
        places.add((member.header("WARC-Target-URI").strip("<>"), member.header("WARC-Date")[:SECONDS]))
        faults += [f"{path.name}, byte {member.start}: {fault}" for fault in _check_digests(member)]
    for stated in filter(None, (whole.row for whole in read_groups(path))):
        ids.add(stated.get("capture_id", ""))
        faults += compare_rows(known.get(stated.get("capture_id", ""), {}), stated)
    if end < path.stat().st_size:
        faults.append(
            f"{path.name}, byte {end}: the rest is no whole record; the next `{name_command('collect')}` sets it aside"
        )
    for row in rows:
        found = _check_row(path, row, starts) or _check_place(row, places)
        faults += [f"captures.csv, {row['capture_id']}: {fault}" for fault in found]
    unlisted = sorted(ids - {""} - known.keys())
    faults += [
        f"{path.name}: {capture_id} has no row in captures.csv; the next `{name_command('collect')}` adds it"
        for capture_id in unlisted
    ]
    return n_records, faults


def _list_beyond_damage(path: Path, known: list[int]) -> Iterator[Member]:
    """Yield the whole records of a file; after a damaged one, go on at the next offset that the table knows."""
    end = 0
    for start in [0, *known]:
        if start >= end:
            for member in list_members(path, start):
                end = member.end
                yield member


def _check_digests(member: Member) -> list[str]:
    if lacks_block(member):
        return [f"an earlier version left its content out; the next `{name_command('collect')}` mends it"]
    block = member.block
    content = {"WARC-Block-Digest": block}
    is_revisit = member.header("WARC-Type") == "revisit"  # whose payload digest is that of the earlier record
    if member.header("Content-Type").startswith("application/http") and not is_revisit:
        content["WARC-Payload-Digest"] = find_payload(block)
    faults = [
        f"its content is not what {name} says"
        for name in content
        if not is_digest_of(member.header(name), content[name])
    ]
    if len(block) != int(member.header("Content-Length") or -1):
        faults.append("it is shorter than its head says")
    return faults


def _check_row(path: Path, row: Mapping[str, str], starts: set[int]) -> list[str]:
    if int(row["warc_offset"]) not in starts:
        return [f"no record starts at byte {row['warc_offset']} of {path.name}"]
    if row["outcome"] == UNCHANGED or not row["sha256"]:
        return []
    try:
        response = read_capture(row, path.parent)
    except InputError as error:
        return [fault.problem for fault in error.faults]
    stated = {"n_bytes": str(len(response.body))}
    if not row.get("note", "").startswith("rendered by"):  # what a browser made of a page has no answer of its own
        stated |= {"status": str(response.status), "media_type": response.headers.get("content-type", "")}
    found = ((name, cell.translate(LINE_SIGNS)) for name, cell in stated.items())
    return [
        f"{name} is {row[name]!r}, but its record has {cell!r}" for name, cell in found if row.get(name, cell) != cell
    ]


def _check_place(row: Mapping[str, str], places: set[tuple[str, str]]) -> list[str]:
    """Return what is wrong with the addresses, the date and the id of a row that names a record."""
    faults = []
    if row["capture_id"].rpartition("-")[0] != row["source_id"]:
        faults.append(f"its id is none of source {row['source_id']!r}")
    if not row.get("captured_at") or not row.get("origin"):
        return faults
    # The record of an archive's copy is dated by when we asked for it.
    is_stated = (row["final_url"], row["captured_at"][:SECONDS]) in places or row["origin"] == "memento"
    if not is_stated:
        faults.append(f"no record is of {row['final_url']!r} at {row['captured_at']!r}")
    is_own = row["outcome"] == "captured" and row["origin"] in ("archive", "live") and not is_taken_as_is(row)
    if is_own and page_key(row["url"]) != page_key(row["final_url"]):
        faults.append(f"url {row['url']!r} is not the page of its record, {row['final_url']!r}")
    return faults


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
