"""Web archives by Memento (RFC 7089): the copy nearest to a date, byte for byte as it was archived."""

from __future__ import annotations

import datetime
import re
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urljoin

from requests.utils import parse_header_links

from graylit.collection.asking import Hop, name_failure, read_whole
from graylit.collection.gate import ForbiddenAddressError, strip_credentials
from graylit.collection.web import FAILURES, Fetch, Visit, Web, ask_robots, fetch_page

# Archives with this form of address (the Internet Archive's and pywb's) give the bytes alone with id_ after the time.
DATED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")


def fetch_memento(web: Web, timegate: str, url: str, wanted_at: datetime.datetime) -> Fetch:
    """Return what an archive holds of an address, as near to a time as it has it; every failure is an outcome.

    Raises RunOverError if the run ended before the archive was asked.
    """
    visit = Visit(web)
    gate = timegate + strip_credentials(url)
    try:
        rules = ask_robots(visit, gate)
        if visit.robots in ("disallowed", "unavailable"):
            return visit.end(*rules.failure)
        asked = {"Accept-Datetime": format_datetime(wanted_at, usegmt=True)}
        hop = visit.ask(gate, asked, int(web.limits["max_bytes"]), read_whole)
    except (*FAILURES, ForbiddenAddressError) as error:
        return visit.end(*name_failure(error))
    return _take_raw(web, visit, hop)


def _take_raw(web: Web, visit: Visit, hop: Hop) -> Fetch:
    """Return the bytes of the copy that a TimeGate answered with."""
    if hop.status == 404:
        return visit.end("not_in_archive", "the archive holds no copy")
    raw = find_raw(hop)
    if not raw:
        return visit.end(
            "http_error" if hop.status >= 400 else "bad_answer", f"status {hop.status}, no dated copy named"
        )
    fetch = fetch_page(web, raw, locate=lambda target: _stay_in_archive(raw, target))
    return Fetch(fetch.outcome, fetch.hops, fetch.note, fetch.robots, fetch.via, visit.n_requests + fetch.n_requests)


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
        whole = urljoin(hop.url, address)
        if address and DATED.search(whole):
            return DATED.sub(r"/\1id_/", whole, count=1)
    return ""


def read_datetime(hop: Hop) -> str:
    """Return when an archived answer left the web, as 2026-03-02T09:00:00Z; '' if the archive does not say."""
    try:
        found = parsedate_to_datetime(hop.headers.get("memento-datetime", ""))
    except ValueError:
        dated = DATED.search(hop.url)
        if not dated:
            return ""
        found = datetime.datetime.strptime(dated[1], "%Y%m%d%H%M%S")
    return f"{found:%Y-%m-%dT%H:%M:%SZ}"
