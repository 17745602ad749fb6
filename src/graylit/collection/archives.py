"""Pages in local archives: WARC and WACZ files that somebody else wrote."""

from __future__ import annotations

from graylit.captures.bodies import TooLargeError
from graylit.captures.page_keys import page_key
from graylit.captures.warcs import MAX_REDIRECTS, ArchiveIndex, Held, Response, read_response
from graylit.collection.attempts import Attempt, describe_body, judge_response, start_row
from graylit.collection.capture_files import copy_record
from graylit.collection.page_signs import read_refresh
from graylit.tables.rows import Row


def take_from_archive(source: Row, index: ArchiveIndex, max_bytes: int, now: str) -> Attempt:
    """Return the attempt to find a source in local archives."""
    row = start_row(source, "archive", now)
    try:
        chain, response = _follow_archive(source["url"], index, max_bytes)
    except TooLargeError as error:
        return Attempt(row | {"outcome": "too_large", "note": str(error)}, [])
    if response is None:
        note = "its record has no valid WARC-Date" if page_key(source["url"]) in index.undated else ""
        return Attempt(row | {"outcome": "not_in_archive", "note": note}, [])
    last = chain[-1]
    outcome, note = judge_response(response, source["url"], last.url)
    row |= {"outcome": outcome, "note": "; ".join(filter(None, [last.path.name, note])), "final_url": last.url}
    row |= {"captured_at": last.captured_at, "status": str(last.status)}
    row |= {"media_type": response.headers.get("content-type", ""), **describe_body(response.body)}
    return Attempt(row, [copy_record(hop) for hop in chain])


def _follow_archive(url: str, index: ArchiveIndex, max_bytes: int) -> tuple[list[Held], Response | None]:
    """Return the chain of records for an address and the last response; meta elements that redirect are followed."""
    chain: list[Held] = []
    while len(chain) <= MAX_REDIRECTS:
        found = index.find(url)
        if not found or found[-1] in chain:
            break
        chain += found
        for hop in found:  # redirects too: their records are kept, so none of them may be too large
            response = read_response(hop.path, hop.offset, max_bytes)
        url = read_refresh(response.body, response.headers, found[-1].url) if response.status < 300 else ""
        if not url or page_key(url) == page_key(found[-1].url):
            return chain, response
    return chain, None
