"""The live web: one page asked for with requests, every hop kept as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from warcio.statusandheaders import StatusAndHeaders

from glr.warcs import MAX_REDIRECTS

CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Hop:
    """One request and its response; `body` as sent (content encoding kept, transfer encoding undone)."""

    url: str
    status: int
    request: StatusAndHeaders
    response: StatusAndHeaders
    body: bytes


@dataclass(frozen=True)
class Fetch:
    """How asking for a page ended: an outcome word, the hops in order, and what went wrong."""

    outcome: str
    hops: list[Hop] = field(default_factory=list)
    note: str = ""


def open_session(contact: str) -> requests.Session:
    """Return a session that says who asks and keeps no cookies."""
    session = requests.Session()
    session.headers["User-Agent"] = f"Graylit/0.1 (gray-literature review; contact: {contact})"
    session.cookies.set_policy(_NoCookies())
    return session


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):
    def set_ok(self, cookie: object, request: object) -> bool:
        return False


def fetch_page(session: requests.Session, url: str, timeout_s: float, max_bytes: int) -> Fetch:
    """Return what the web answers for an address, redirects followed; every failure is an outcome."""
    hops: list[Hop] = []
    try:
        while len(hops) <= MAX_REDIRECTS:
            hop = _fetch_hop(session, url, timeout_s, max_bytes)
            if hop is None:
                return Fetch("too_large", hops, f"more than {max_bytes} bytes")
            hops.append(hop)
            location = hop.response.get_header("Location")
            if not (300 <= hop.status < 400 and location):
                return _judge(hops)
            url = urljoin(url, location)
            if urlsplit(url).scheme not in ("http", "https"):
                return Fetch("unreachable", hops, f"redirect to {url[:200]}, which is not http")
        return Fetch("unreachable", hops, f"more than {MAX_REDIRECTS} redirects")
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        return Fetch("timed_out", hops, f"no answer within {timeout_s:g} s")
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
        return Fetch("unreachable", hops, f"{type(error).__name__}: {error}"[:300])


def _judge(hops: list[Hop]) -> Fetch:
    status = hops[-1].status
    if status >= 300:
        return Fetch("http_error", hops, f"status {status}")
    return Fetch("moved" if len(hops) > 1 else "captured", hops)


def _fetch_hop(session: requests.Session, url: str, timeout_s: float, max_bytes: int) -> Hop | None:
    """Return one answer, or None where its body exceeds `max_bytes`."""
    with session.get(url, timeout=timeout_s, stream=True, allow_redirects=False) as answer:
        body = bytearray()
        for chunk in answer.raw.stream(CHUNK_BYTES, decode_content=False):
            body += chunk
            if len(body) > max_bytes:
                return None
        sent = answer.request
        target = urlsplit(sent.url)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        request = StatusAndHeaders(
            f"GET {path} HTTP/1.1", _with_host(sent.headers, target.netloc), is_http_request=True
        )
        # urllib3 has undone the transfer encoding, so its header no longer describes the body.
        headers = [(n, v) for n, v in answer.raw.headers.items() if n.lower() != "transfer-encoding"]
        response = StatusAndHeaders(f"{answer.status_code} {answer.reason}", headers, protocol="HTTP/1.1")
        return Hop(url, answer.status_code, request, response, bytes(body))


def _with_host(headers: Mapping[str, str], host: str) -> list[tuple[str, str]]:
    return [("Host", host.rpartition("@")[2]), *((n, v) for n, v in headers.items() if n.lower() != "authorization")]
