"""Web archives by Memento (RFC 7089): the copy nearest to a date, byte for byte as it was archived."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from email.utils import format_datetime, parsedate_to_datetime

from requests.utils import parse_header_links

from graylit.collection.asking import Hop, name_failure, read_whole
from graylit.collection.gate import ForbiddenAddressError, strip_credentials
from graylit.collection.visits import FAILURES, Fetch, Visit, Web
from graylit.collection.web import MAX_REDIRECTS, STATUS_OUTCOMES, ask_robots, fetch_page, find_location
from graylit.tables.addresses import hide_users, is_of_web, join_address
from graylit.tables.kinds import KINDS

# Archives with this form of address (the Internet Archive's and pywb's) give the bytes alone with id_ after the time.
DATED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/", re.ASCII)


def fetch_memento(web: Web, timegate: str, url: str, wanted_at: datetime.datetime) -> Fetch:
    """Return what an archive holds of an address, as near to a time as it has it; every failure is an outcome.

    Raises RunOverError if the run ended before the archive was asked.
    """
    visit = Visit(web)
    try:
        return _ask_gates(visit, hide_users(timegate) + strip_credentials(url), wanted_at)
    except (*FAILURES, ForbiddenAddressError) as error:
        return visit.end(*name_failure(error))


def _ask_gates(visit: Visit, gate: str, wanted_at: datetime.datetime) -> Fetch:
    """Return what a TimeGate leads to; one may send on to another."""
    asked = {"Accept-Datetime": format_datetime(wanted_at, usegmt=True)}
    for _ in range(MAX_REDIRECTS + 1):
        if not is_of_web(gate):
            return visit.end("forbidden_address", f"sent to {gate[:200]}, which is not http")
        rules = ask_robots(visit, gate)
        if visit.robots in ("disallowed", "unavailable"):
            return visit.end(*rules.failure)
        hop = visit.ask(gate, asked, int(visit.web.limits["max_bytes"]), read_whole)
        raw = find_raw(hop)
        target = "" if raw else find_location(hop)
        if not target:
            return _take_raw(visit, hop, raw)
        gate = strip_credentials(target)
    return visit.end("too_many_redirects", f"more than {MAX_REDIRECTS} redirects without a dated copy")


def _take_raw(visit: Visit, hop: Hop, raw: str) -> Fetch:
    """Return the bytes of the copy that a TimeGate answered with."""
    if hop.status == 404:
        return visit.end("not_in_archive", "the archive holds no copy")
    if not raw:
        outcome = STATUS_OUTCOMES.get(hop.status, "http_error") if hop.status >= 400 else "bad_answer"
        return visit.end(outcome, f"status {hop.status}, no dated copy named")
    fetch = fetch_page(visit.web, raw, locate=lambda target: _stay_in_archive(raw, target))
    undated = (
        "" if not fetch.hops or read_datetime(fetch.hops[-1]) else "the archive does not say when it captured this"
    )
    note = "; ".join(filter(None, [fetch.note, undated]))
    return replace(fetch, n_requests=visit.n_requests + fetch.n_requests, note=note)


def _stay_in_archive(raw: str, target: str) -> str:
    """Return the address in the archive of an archived redirect's target; some archives leave the target as it was."""
    dated = DATED.search(raw)
    start = raw[: dated.end()] if dated else ""
    archive = start[: dated.start()] if dated else ""
    return target if not start or target.startswith(archive) else start + target


def find_raw(hop: Hop) -> str:
    """Return the address of the archived bytes without the archive's own markup; '' if the answer names no copy."""
    named = hop.headers.get("location") or hop.headers.get("content-location") or ""
    links = parse_header_links(hop.headers.get("link", ""))
    copies = [link["url"] for link in links if "memento" in link.get("rel", "").split()]
    linked = [link["url"] for link in links if link.get("rel") == "memento"] or copies
    for address in (named, *linked[:1], hop.url):
        whole = join_address(hop.url, address) if address else ""
        if DATED.search(whole):
            return DATED.sub(r"/\1id_/", whole, count=1)
    return ""


def read_datetime(hop: Hop) -> str:
    """Return when an archived answer left the web, as 2026-03-02T09:00:00Z; '' if the archive does not say."""
    dated = DATED.search(hop.url)
    said = [_read_header(hop.headers.get("memento-datetime", "")), _read_stamp(dated[1] if dated else "")]
    return next((time for time in said if KINDS["time"].is_valid(time)), "")


def _read_header(value: str) -> str:
    """Return the time that a header says, in UTC; '' if it says none."""
    try:
        found = parsedate_to_datetime(value)
        found = found.astimezone(datetime.UTC) if found.tzinfo else found
    except (ValueError, TypeError, IndexError, OverflowError):  # what the parser raises, by what is odd
        return ""
    return f"{found:%Y-%m-%dT%H:%M:%SZ}"


def _read_stamp(stamp: str) -> str:
    """Return the time that an archive's address has as 14 digits; '' for none."""
    return re.sub(r"\A(....)(..)(..)(..)(..)(..)\Z", r"\1-\2-\3T\4:\5:\6Z", stamp)
