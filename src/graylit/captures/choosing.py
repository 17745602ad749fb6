"""The table of captures as it is read, and which capture serves each page of a source."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from graylit.captures.page_keys import key_of, list_urls
from graylit.tables.addresses import hide_users
from graylit.tables.collection import CAPTURES, HELD_OUTCOMES, SUBSTITUTES
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.kinds import is_file_name
from graylit.tables.rows import Row, Rows, unguard_cell

Page = tuple[str, str]  # a source's id, and the address of one of its pages
# A server may send line breaks. A row must stay one line: then a kill damages nothing but the last line.
LINE_SIGNS = str.maketrans("\r\n\0", "   ")
TAKEN_AS_IS = "taken as it is"  # how the note of such a capture begins
MOST_FAULTS = 5  # shown: if a spreadsheet rewrote the table, every row is faulty for the same reason. Chosen


def explain_restoring() -> str:
    """Return what to do about a table of captures that is damaged."""
    again = name_command("collect --no-live")
    return (
        f"restore the file from a copy, or move it away and run `{again}`, which writes it again from the WARC "
        "files beside it (attempts that brought nothing are not in them)"
    )


def read_rows(path: Path) -> list[Row]:
    """Return the attempts of all collections so far, in their order; none if nothing was collected yet.

    A last line that a killed run left unfinished is left out. Raises InputError if the file is not what collection
    wrote. Every start of the workflow reads it, so that only what is seen at once is looked at; `check_rows` sees all.
    """
    rows = _read_sound(path)
    if rows is None:
        _, faults = check_rows(path)
        raise InputError(
            faults or [Fault(str(path), "is not what collection wrote", "rows of captures", explain_restoring())]
        )
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
    shown = [replace(fault, remedy=explain_restoring()) for fault in faults[:MOST_FAULTS]]
    if len(faults) > len(shown):
        shown.append(Fault(file, f"has {len(faults) - len(shown)} more faults", "none", explain_restoring()))
    return rows, shown


def _read_sound(path: Path) -> list[Row] | None:
    """Return the rows of a table of captures, or None if it is not what collection wrote."""
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
        for row in rows:
            row |= {name: unguard_cell(row[name]) for name in CAPTURES.worded if row[name][:1] == "'"}
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


def is_taken_as_is(row: Mapping[str, str]) -> bool:
    """Return whether a page is taken for captured although it looks like something else (collection.taken_as_is)."""
    return row["note"].startswith(TAKEN_AS_IS)


def list_pages(source: Mapping[str, str]) -> list[Row]:
    """Return a row for each page of a source, in order: the source's own, with the address of that page alone."""
    urls = list(map(hide_users, list_urls(source)))
    own = dict(source) | {"further_urls": "", "url": urls[0], "pinned_url": hide_users(source.get("pinned_url", ""))}
    return [own, *(own | {"url": url, "pinned_url": ""} for url in urls[1:])]


def name_page(row: Mapping[str, str]) -> Page:
    """Return what names the page of a row of `list_pages`, or of an attempt to capture it."""
    return row["source_id"], row["url"]


def leave_out_offline(captures: Iterable[Row]) -> list[Row]:
    """Return attempts without those of runs in which no host answered: they tell of our line, not of pages."""
    rows = list(captures)
    live = [row for row in rows if row["origin"] == "live"]
    answered = {row["run"] for row in live if row["status"] or row["robots"] not in ("", "unavailable")}
    return [row for row in rows if row["origin"] != "live" or row["run"] in answered]


def list_unasked(sources: Iterable[Mapping[str, str]], captures: Iterable[Row], since: str) -> list[str]:
    """Return the ids of the sources with a page whose address was not asked since a time, or without a line."""
    heard = leave_out_offline(captures)
    asked = {name_page(row) for row in heard if row["origin"] == "live" and row["attempted_at"] >= since}
    return [row["source_id"] for row in sources if any(name_page(page) not in asked for page in list_pages(row))]


def choose_pages(
    sources: Iterable[Mapping[str, str]], captures: Iterable[Mapping[str, str]]
) -> dict[str, list[Mapping[str, str]]]:
    """Return, by source_id, the capture that serves each page of a source, in order: the last with a body.

    If no attempt for a page brought a body, it is the last attempt; if there was no attempt, an empty row.
    """
    known = {row["source_id"]: row for row in sources}
    pages = {source_id: list_urls(row) for source_id, row in known.items()}
    chosen: dict[tuple[str, str], Mapping[str, str]] = {}  # by source_id and address
    for capture in captures:
        source_id, url = capture["source_id"], capture["url"]
        urls, key = pages.get(source_id, []), key_of(known.get(source_id, {}))
        # Most attempts are for exactly this address; comparing pages is slow and needed for the others only.
        same = [url] if url in urls else [address for address in urls if key(address) == key(url)]
        for place in ((source_id, address) for address in same):
            if is_held(capture) or place not in chosen or not is_held(chosen[place]):
                chosen[place] = capture
    return {source_id: [chosen.get((source_id, url), {}) for url in urls] for source_id, urls in pages.items()}


def is_held(capture: Mapping[str, str]) -> bool:
    """Return whether a capture has a body to work on."""
    return capture.get("outcome") in HELD_OUTCOMES


def choose_telling(captures: list[Mapping[str, str]]) -> Mapping[str, str]:
    """Return the capture that says how a source stands: of a missing page, else a substituted one, else the first."""
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


def choose_captures(
    sources: Iterable[Mapping[str, str]], captures: Iterable[Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """Return, by source_id, the capture that says how each source stands: it has a body if all pages have one.

    If a page was not captured, it is the last attempt for that page; sources never tried have no entry.
    """
    telling = {source_id: choose_telling(pages) for source_id, pages in choose_pages(sources, captures).items()}
    return {source_id: capture for source_id, capture in telling.items() if capture}


def explain_missing_captures(sources: Iterable[Mapping[str, str]], captures: Iterable[Mapping[str, str]]) -> str:
    """Return what to do if nothing was captured yet; '' if at least one source has a capture.

    Captures of candidates, and of what was swapped out, are none of a source.
    """
    known = {source["source_id"] for source in sources}
    if any(capture["source_id"] in known and is_held(capture) for capture in captures):
        return ""
    return (
        "No source has been captured yet, so there is nothing to review. Do one of these:\n"
        f"  {name_command('collect')}\n    to capture the sources from the live web\n"
        f"  {name_command('review --archive file.warc.gz')}\n    to capture them from a WARC file, and review them"
    )
