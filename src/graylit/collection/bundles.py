"""Bundles: captures of a study's sources in one file, for a colleague whose collection takes them as they are.

A bundle is a WARC file. It begins with the sources and with their rows of captures.csv; then come the records, in the
groups of our own files; the last record seals what stands before it. Docs/decisions/0029 says why.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import itertools
import json
import os
import tempfile
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.recordloader import ArcWarcRecord

from graylit.captures.groups import read_capture
from graylit.captures.members import list_members
from graylit.captures.page_keys import page_keys
from graylit.captures.records import read_block
from graylit.captures.secrets import clean_block, drop_secrets
from graylit.collection.capture_files import GROUP, CaptureWriter
from graylit.tables.addresses import host_of
from graylit.tables.collection import UNCHANGED
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.files import switch_files
from graylit.tables.rows import Row

PART_BYTES = 1 << 20  # read at a time: chosen, not measured
NAMED = ("source_id", "url", "further_urls", "is_distinct")  # of a source: what tells which pages it means
# What makes two rows one attempt, whatever number it got and wherever its record lies.
SAME = ("source_id", "url", "origin", "outcome", "attempted_at", "captured_at", "sha256", "run")
BUNDLE = "a bundle as `graylit share` made it"
Group = tuple[Row, list[ArcWarcRecord]]


@dataclass(frozen=True)
class Bundle:
    """A bundle that is whole: its sources, and all their attempts in the order of their table."""

    path: Path
    sources: list[Row]
    rows: list[Row]


def write_bundle(target: Path, raw: Path, sources: Sequence[Row], captures: Iterable[Row]) -> list[Row]:
    """Write the captures of sources as a bundle, whole or not at all; return their rows.

    Raises InputError if a record is not as it was captured.
    """
    ids = {source["source_id"] for source in sources}
    rows = [row for row in captures if row["source_id"] in ids]
    named = [{name: source.get(name, "") for name in NAMED} for source in sources]
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".graylit", dir=target.parent) as folder:
        with contextlib.closing(CaptureWriter(Path(folder), datetime.datetime.now(datetime.UTC))) as writer:
            writer.add({"bundle": json.dumps({"sources": named, "rows": rows})}, [])
            for row, records in copy_groups(raw, rows):
                writer.add(row, records)
        with writer.path.open("ab") as stream:
            stream.write(make_seal(_digest_start(writer.path, writer.path.stat().st_size)))
            stream.flush()
            os.fsync(stream.fileno())
        switch_files(writer.path, target)
    return rows


def copy_groups(raw: Path, rows: Sequence[Row]) -> Iterator[Group]:
    """Yield rows with copies of their records, and what their hosts said to robots."""
    placed = [row for row in rows if row["warc_file"]]
    for row in placed:
        if row["sha256"] and row["outcome"] != UNCHANGED:  # whose record has no body
            read_capture(row, raw)  # which raises if it is damaged
    hosts = {host_of(row[name]) for row in placed for name in ("url", "final_url")} - {""}
    for name in sorted({row["warc_file"] for row in placed}):
        wanted = {row["capture_id"]: row for row in placed if row["warc_file"] == name}
        for stated, records in list_groups(raw / name):
            capture_id = stated.get("capture_id", "")
            if capture_id in wanted:
                yield wanted.pop(capture_id), records
            elif not capture_id and host_of(stated.get("final_url", "")) in hosts:
                yield stated, records
        yield from ((row, [_copy_alone(row, raw)]) for row in wanted.values())


def _copy_alone(row: Row, raw: Path) -> ArcWarcRecord:
    """Return a copy of the record that a row names, in no group, as an earlier version wrote them."""
    path, offset = raw / row["warc_file"], int(row["warc_offset"])
    if next(list_members(path, offset), None) is None:
        problem = f"holds no whole record at byte {offset}, capture {row['capture_id']}"
        raise InputError([Fault(str(path), problem, "the record as it was captured", "run: graylit verify")])
    return copy_own(path, offset)


def list_groups(path: Path) -> Iterator[Group]:
    """Yield each group of a file of ours: the row that it states, and copies of its records."""
    group: Group | None = None
    n_left = 0
    for member in list_members(path):
        if member.header("WARC-Type") == "metadata":
            stated = json.loads(member.block)
            group, n_left = (stated["row"], []), stated["n_records"]
        elif group and n_left:
            group[1].append(copy_own(path, member.start))
            n_left -= 1
        if group and not n_left:
            yield group
            group = None


def copy_own(path: Path, offset: int) -> ArcWarcRecord:
    """Return a record of ours as it is, without what an earlier version left in it of cookies and passwords."""
    record, read = read_block(path, offset)
    is_request = record.rec_type == "request"
    block = drop_secrets(read.decode("latin-1")).encode("latin-1") if is_request else clean_block(read)
    if block != read:
        record.length = len(block)
        record.rec_headers.remove_header("WARC-Block-Digest")
    record.raw_stream = io.BytesIO(block)
    record.rec_type = "resource"  # to warcio: it writes the others in a form of its own
    return record


def make_seal(digest: str) -> bytes:
    """Return the last record of a bundle. Its bytes follow from the digest: it is packed by hand, and not squeezed."""
    block = json.dumps({"row": {}, "n_records": 0, "sha256": digest}).encode()
    head = {
        "WARC-Type": "metadata",
        "WARC-Record-ID": f"<urn:uuid:{uuid.UUID(digest[:32])}>",
        "WARC-Date": "1970-01-01T00:00:00Z",
        "WARC-Target-URI": "urn:graylit:seal",
        "Content-Type": "application/json",
        "Content-Length": str(len(block)),
    }
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    record = "\r\n".join(lines).encode() + block + b"\r\n\r\n"
    size, check = len(record), zlib.crc32(record)
    stored = b"\x01" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + record
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored + check.to_bytes(4, "little") + size.to_bytes(4, "little")


def _digest_start(path: Path, n_bytes: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while n_bytes and (part := stream.read(min(PART_BYTES, n_bytes))):
            digest.update(part)
            n_bytes -= len(part)
    return digest.hexdigest()


def read_bundle(path: Path) -> Bundle | None:
    """Return a bundle; None if a file is none. Raises InputError if it was cut off or changed."""
    opening = next(itertools.islice(list_members(path), 1, 2), None)
    if _is_unpacked(path):
        problem, remedy = "was unpacked on its way", "name the file as it was sent, packed; nothing was taken"
        raise InputError([Fault(str(path), problem, BUNDLE, remedy)])
    if opening is None or opening.header("WARC-Target-URI") != GROUP:
        return None
    stated = json.loads(opening.block)["row"]
    if "bundle" not in stated:
        return None
    n_sealed = max(path.stat().st_size - len(make_seal("0" * 64)), 0)
    with path.open("rb") as stream:
        stream.seek(n_sealed)
        if stream.read() != make_seal(_digest_start(path, n_sealed)):
            problem, remedy = "was cut off or changed on its way", "have it sent or made again; nothing was taken"
            raise InputError([Fault(str(path), problem, BUNDLE, remedy)])
    held = json.loads(stated["bundle"])
    return Bundle(path, held["sources"], held["rows"])


def _is_unpacked(path: Path) -> bool:
    """Return whether a file is a bundle without its packing, which some programs undo: its places are others then."""
    with path.open("rb") as stream:
        head = stream.read(PART_BYTES)
    return head.startswith(b"WARC/") and f"WARC-Target-URI: {GROUP}\r\n".encode() in head and b'"bundle"' in head


def check_bundle(bundle: Bundle, sources: Iterable[Row]) -> list[Fault]:
    """Return a fault for each source of a bundle that the study lacks, or that means another page there.

    Candidates count as sources here. A candidate may have the id of a source that is another page.
    """
    known: dict[str, list[Row]] = {}
    for source in sources:
        known.setdefault(source["source_id"], []).append(source)
    expected, faults = "sources of config/sources.csv, or candidates, by the same ids", []
    for theirs in bundle.sources:
        source_id = theirs["source_id"]
        ours = known.get(source_id, [])
        if not ours:
            problem, remedy = f"is no source here{suggest_name(source_id, known)}", "merge the sources first (git pull)"
        elif page_keys(theirs) not in [page_keys(source) for source in ours]:
            problem = f"is {theirs['url']} in the bundle, and {ours[0]['url']} here"
            remedy = "agree on the source's addresses first (git pull)"
        else:
            continue
        remedy += "; nothing was taken"
        faults.append(Fault(str(bundle.path), problem, expected, remedy, column="source_id", value=source_id))
    return faults


def take_bundles(bundles: Iterable[Bundle], captures: Iterable[Row], writer: CaptureWriter) -> list[Row]:
    """Write what bundles have and `captures` lack to a file of captures; return the rows, whose records are on disk."""
    known, taken = list(captures), list[Row]()
    for bundle in bundles:
        taken += _take_bundle(bundle, known + taken, writer)
    return taken


def _take_bundle(bundle: Bundle, captures: Sequence[Row], writer: CaptureWriter) -> list[Row]:
    """Take one bundle, and return its new rows in its order; an attempt keeps its number, if it is free here."""
    known = {_tell_attempt(row) for row in captures}
    new = [row for row in bundle.rows if _tell_attempt(row) not in known]
    named = dict(zip((row["capture_id"] for row in new), _number_attempts(new, captures), strict=True))
    placed: dict[str, Row] = {}
    for stated, records in list_groups(bundle.path) if new else ():
        capture_id = stated.get("capture_id", "")
        if capture_id in named:
            placed[capture_id] = writer.add(named[capture_id], records)
        elif records and not capture_id:
            writer.add(stated, records)
    writer.sync()
    return [placed.get(capture_id, row) for capture_id, row in named.items()]


def _tell_attempt(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in SAME)


def _number_attempts(rows: Iterable[Row], captures: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of a bundle, not yet placed, with ids that no capture has."""
    taken, ids = {row["capture_id"] for row in captures}, {}
    for row in rows:
        capture_id, number = row["capture_id"], 0
        while capture_id in taken:
            number += 1
            capture_id = f"{row['source_id']}-{number}"
        taken.add(capture_id)
        ids[f"as in {row['capture_id']}"] = f"as in {capture_id}"  # what the note of an unchanged page says
        note = ids.get(row["note"], row["note"])
        yield row | {"capture_id": capture_id, "note": note, "warc_file": "", "warc_offset": ""}
