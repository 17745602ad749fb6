"""What an attempt to capture a page leaves: a row of captures.csv, and the records of its answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from warcio.recordloader import ArcWarcRecord

from graylit.captures.page_keys import explain_fragment, has_moved, page_key
from graylit.captures.warcs import Before, Response, digest_body
from graylit.collection.capture_files import RENDERED_TYPE, make_records, make_rendered, make_revisit
from graylit.collection.page_signs import judge_body
from graylit.collection.rendering import Rendered
from graylit.collection.visits import Fetch
from graylit.collection.web import STATUS_OUTCOMES
from graylit.runs.seams import Mishap
from graylit.tables.collection import HELD_OUTCOMES, PROGRAM_ERROR, UNCHANGED
from graylit.tables.rows import Row


@dataclass(frozen=True)
class Attempt:
    """One attempt: its row, and the records to keep; no records if nothing answered.

    `trace` is for the log, if the program failed.
    """

    row: Row
    records: list[ArcWarcRecord]
    trace: str = ""


def utc_now() -> str:
    """Return the time as 2026-08-24T09:30:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def start_row(source: Mapping[str, str], origin: str, now: str) -> Row:
    """Return what is known of an attempt before it."""
    return {"source_id": source["source_id"], "url": source["url"], "origin": origin, "attempted_at": now}


def fail_attempt(row: Row, mishap: Mishap) -> Attempt:
    """Return that an attempt ended in a mistake of the program; `row` is what was known before."""
    return Attempt(row | {"outcome": PROGRAM_ERROR, "note": mishap.note}, [], mishap.trace)


def describe_body(body: bytes) -> Row:
    """Return size and digest of an unpacked body."""
    return {"n_bytes": str(len(body)), "sha256": digest_body(body)}


def judge_response(response: Response, source: Mapping[str, str], final_url: str) -> tuple[str, str]:
    """Return the outcome that an archived response stands for as a source's page, and a note."""
    if not 200 <= response.status < 300:
        return STATUS_OUTCOMES.get(response.status, "http_error"), f"status {response.status}"
    outcome, note = judge_body(response.body, response.headers, source["url"], final_url)
    if outcome:
        return outcome, note
    return ("moved", "") if has_moved(source, final_url) else ("captured", "")


def take_from_web(
    source: Row, fetch: Fetch, origin: str, now: str, before: Before | None = None, captured_at: str = ""
) -> Attempt:
    """Return the attempt that a fetch was: of the page's address, or of a copy of the page somewhere else.

    `before` is the last live capture: if the page is as it was then, only a reference to it is kept. `captured_at` is
    when the answer left the web, if that was not `now`.
    """
    row = start_row(source, origin, now)
    row |= {"outcome": fetch.outcome, "note": fetch.note, "robots": fetch.robots, "via": fetch.via}
    if not fetch.hops:
        return Attempt(row, [], fetch.trace)
    last = fetch.hops[-1]
    row |= {"final_url": last.url, "captured_at": captured_at or now, "status": str(last.status)}
    row |= {"media_type": last.headers.get("content-type", "")}
    if before and is_unchanged(fetch, before.row):
        row |= {name: before.row[name] for name in ("n_bytes", "sha256", "media_type")}
        row |= {"outcome": UNCHANGED, "note": f"as in {before.row['capture_id']}"}
        is_same_payload = last.status == 304 or f"sha256:{digest_body(last.body)}" == before.payload_digest
        records = make_revisit(last, now, before) if is_same_payload else make_records([last], now)
        return Attempt(row, [*make_records(fetch.hops[:-1], now), *records])
    if row["outcome"] in HELD_OUTCOMES:
        # The address of a copy is not the source's to begin with.
        row["outcome"] = "moved" if origin == "live" and has_moved(source, last.url) else "captured"
        row["note"] = "; ".join(filter(None, [fetch.note, explain_fragment(source, last.url)]))
    return Attempt(row | describe_body(last.page), make_records(fetch.hops, now), fetch.trace)


def is_unchanged(fetch: Fetch, before: Mapping[str, str]) -> bool:
    """Return whether an answer is the one captured before, at the same address."""
    last = fetch.hops[-1]
    if last.status == 304:
        return fetch.outcome == UNCHANGED
    is_same = digest_body(last.page) == before["sha256"] and page_key(last.url) == page_key(before["final_url"])
    return fetch.outcome in HELD_OUTCOMES and is_same


def ask_if_changed(before: Before | None) -> dict[str, str]:
    """Return the headers that ask a server for its page only if it is another than the one captured before."""
    if not before or page_key(before.row["final_url"]) != page_key(before.row["url"]):
        return {}
    asked = {"If-None-Match": before.headers.get("etag"), "If-Modified-Since": before.headers.get("last-modified")}
    return {name: value for name, value in asked.items() if value}


def take_rendered(source: Row, rendered: Rendered, now: str) -> Attempt:
    """Return the attempt to capture a page as a browser shows it: its answers, and the page as a record of its own."""
    attempt = take_from_web(source, rendered.fetch, "live", now)
    if not rendered.page:
        return attempt
    final_url = rendered.fetch.hops[-1].url
    headers = {"content-type": RENDERED_TYPE}
    outcome, note = judge_response(Response(200, headers, rendered.page), source, final_url)
    row = attempt.row | {"outcome": outcome, "media_type": RENDERED_TYPE, **describe_body(rendered.page)}
    row |= {"note": "; ".join(filter(None, [f"rendered by {rendered.software}", note]))}
    return Attempt(row, [*attempt.records, make_rendered(final_url, rendered.page, now, rendered.software)])
