"""Our own WARC files and the table of captures held against each other: each record and each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from graylit.captures.choosing import LINE_SIGNS, MOST_FAULTS, explain_restoring, is_taken_as_is
from graylit.captures.groups import read_capture, read_groups
from graylit.captures.members import Member, lacks_block, list_members
from graylit.captures.page_keys import page_key
from graylit.captures.records import find_payload, is_digest_of
from graylit.tables.collection import UNCHANGED
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.rows import Row, Rows

SECONDS = len("2026-03-02T09:00:00")  # of a date: some archives say more than the table


def verify_file(path: Path, captures: Iterable[Mapping[str, str]]) -> tuple[int, list[str]]:
    """Return the number of records of a file, and what is wrong: with its records, its end, or the table's rows."""
    known = {row["capture_id"]: row for row in captures}
    rows = [row for row in known.values() if row["warc_file"] == path.name]
    faults: list[str] = []
    unlisted: list[Row] = []
    places: set[tuple[str, str]] = set()
    starts: set[int] = set()
    n_records = end = 0
    for member in _list_beyond_damage(path, sorted(int(row["warc_offset"]) for row in rows)):
        if member.start > end:
            faults.append(f"{path.name}, byte {end}: no whole record up to byte {member.start}")
        n_records, end = n_records + 1, member.end
        starts.add(member.start)
        places.add(_name_place(member))
        faults += [f"{path.name}, byte {member.start}: {fault}" for fault in _check_digests(member)]
    for stated in filter(None, (whole.row for whole in read_groups(path))):
        if (capture_id := stated.get("capture_id", "")) in known:
            found = compare_rows(known[capture_id], stated)
            faults += [f"captures.csv, {capture_id}: {fault}" for fault in found]
        elif capture_id:
            unlisted.append(stated)
    if end < path.stat().st_size:
        faults.append(
            f"{path.name}, byte {end}: the rest is no whole record; the next `{name_command('collect')}` sets it aside"
        )
    for row in rows:
        found = _check_row(path, row, starts) or _check_place(row, places)
        faults += [f"captures.csv, {row['capture_id']}: {fault}" for fault in found]
    last = max((int(row["warc_offset"]) for row in rows), default=-1)
    for stated in unlisted:
        adding = f"the next `{name_command('collect')}` adds it"
        remedy = adding if int(stated["warc_offset"]) > last else explain_restoring()
        faults.append(f"{path.name}: {stated['capture_id']} has no row in captures.csv; {remedy}")
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


def compare_rows(row: Mapping[str, str], stated: Mapping[str, str]) -> list[str]:
    """Return each cell of a row that is not what its group in a WARC file states."""
    return [
        f"{name} is {row[name]!r}, but {stated['warc_file']} has {cell!r} for it"
        for name, cell in ((name, stated[name].translate(LINE_SIGNS)) for name in row if name in stated)
        if row[name] != cell
    ]


def check_captures(raw: Path, captures: Rows, file: str) -> list[Fault]:
    """Return the faults of rows that their records contradict, and of rows that are gone; `file` is the name to show.

    Bodies are not looked at, and damaged records are left to the steps that read them: `verify_file` sees all.
    """
    known, placed = {row["capture_id"] for row in captures.cells}, defaultdict(list)
    for number, row in captures:
        placed[row["warc_file"]].append((number, row))
    faults = []
    for path in (raw / name for name in sorted(placed) if name and (raw / name).is_file()):
        found = filter(None, (whole.row for whole in read_groups(path)))
        stated = {row["warc_offset"]: row for row in found if "capture_id" in row}
        wrong = [
            Fault(file, problem, "what its record states", explain_restoring(), number)
            for number, problem in _contradict(path, placed[path.name], stated)
        ]
        faults += wrong or _miss_rows(path, placed[path.name], stated.values(), known, file)
    n_more = len(faults) - MOST_FAULTS
    more = [Fault(file, f"has {n_more} more such faults", "none", explain_restoring())] if n_more > 0 else []
    return faults[:MOST_FAULTS] + more


def _contradict(path: Path, rows: list[tuple[int, Row]], stated: Mapping[str, Row]) -> Iterator[tuple[int, str]]:
    """Yield the number of each row that its record contradicts, and the first thing that they differ in."""
    starts, places = set(), set()
    for member in _list_beyond_damage(path, sorted(int(row["warc_offset"]) for _, row in rows)):
        starts.add(str(member.start))
        places.add(_name_place(member))
    for number, row in rows:
        group = stated.get(row["warc_offset"])
        found = compare_rows(row, group) if group else _check_place(row, places)
        if found and row["warc_offset"] in starts:
            yield number, found[0]


def _miss_rows(
    path: Path, rows: list[tuple[int, Row]], stated: Iterable[Row], known: Container[str], file: str
) -> list[Fault]:
    """Return the fault of rows that a file's groups state and the table lacks; the next collection adds the last."""
    last = max(int(row["warc_offset"]) for _, row in rows)
    gone = [row["capture_id"] for row in stated if int(row["warc_offset"]) < last and row["capture_id"] not in known]
    if not gone:
        return []
    more = f" and {len(gone) - MOST_FAULTS} more" if len(gone) > MOST_FAULTS else ""
    problem = f"lacks {', '.join(gone[:MOST_FAULTS])}{more}, which {path.name} holds"
    return [Fault(file, problem, "all rows: they are only ever added", explain_restoring())]


def _name_place(member: Member) -> tuple[str, str]:
    """Return the address and the date of a record."""
    return member.header("WARC-Target-URI").strip("<>"), member.header("WARC-Date")[:SECONDS]
