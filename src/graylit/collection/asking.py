"""One request and its answer, as they went over the line, and the name of a failure on the way."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body
from graylit.captures.secrets import drop_secrets
from graylit.collection.gate import ForbiddenAddressError
from graylit.tables.addresses import hide_users

MAX_HEADER_BYTES = 262_144  # chosen, not measured: far more than a page needs, far less than fills the memory
CHUNK_BYTES = 65_536  # chosen, not measured: what is read at once before limits are looked at
# Headers that lead to other addresses.
ADDRESSES = ("location", "content-location", "link", "refresh")
Read = Callable[[urllib3.HTTPResponse, int], bytes]


class CutOffError(Exception):
    """An answer that began and did not come to its end."""


class BadAnswerError(Exception):
    """An answer that is no HTTP, or more of it than anybody needs."""


@dataclass(frozen=True)
class Limits:
    """What an answer may take: seconds of silence, and bytes, both packed and unpacked."""

    timeout_s: float
    max_bytes: int


@dataclass(frozen=True)
class Hop:
    """One request and its response: heads and `body` as sent (content encoding kept), `page` unpacked."""

    url: str
    status: int
    request: bytes
    response: bytes
    headers: dict[str, str]
    body: bytes
    page: bytes
    retry_after_s: float | None = None

    @property
    def is_conditional(self) -> bool:
        """Return whether the page was asked for only if it has changed."""
        return re.search(rb"^If-(?:None-Match|Modified-Since):", self.request, re.IGNORECASE | re.MULTILINE) is not None


def read_whole(raw: urllib3.HTTPResponse, max_bytes: int) -> bytes:
    """Return a whole body. Raises TooLargeError if it exceeds the limit."""
    body = bytearray()
    for chunk in _list_chunks(raw):
        body += chunk
        if len(body) > max_bytes:
            raise TooLargeError(f"more than {max_bytes} bytes")
    return bytes(body)


def read_start(raw: urllib3.HTTPResponse, max_bytes: int) -> bytes:
    """Return a body up to the limit; the rest is left."""
    body = bytearray()
    for chunk in _list_chunks(raw):
        body += chunk
        if len(body) >= max_bytes:
            break
    return bytes(body[:max_bytes])


def _list_chunks(raw: urllib3.HTTPResponse) -> Iterator[bytes]:
    """Yield a body as it comes: a slow one in small parts, so that limits are seen in time."""
    try:
        while chunk := raw.read1(CHUNK_BYTES, decode_content=False):
            yield chunk
    except urllib3.exceptions.ReadTimeoutError:
        raise
    except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise CutOffError(f"the answer was cut off ({error.args[0] if error.args else error})") from error


def ask_once(
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    proxies: Mapping[str, str],
    limits: Limits,
    read: Read,
    form: Mapping[str, str] | None = None,
) -> Hop:
    """Return the answer to one request, which sends a form if there is one.

    Raises if there is no answer, or if it is not whole.
    """
    asked = requests.Request("POST" if form else "GET", url, headers=dict(headers), data=form and dict(form))
    prepared = session.prepare_request(asked)
    adapter = session.get_adapter(url)  # asked itself: a session would read the body of a redirect, however long
    verify = True if session.verify is None else session.verify
    with adapter.send(prepared, timeout=limits.timeout_s, verify=verify, proxies=dict(proxies), stream=True) as answer:
        _check_headers(answer.raw)
        body = read(answer.raw, limits.max_bytes)
        described = describe_headers(answer.raw.headers)
        return Hop(
            url=url,
            status=answer.status_code,
            request=_format_request(prepared),
            response=_format_response(answer),
            headers=described,
            body=body,
            page=unpack_body(body, described, limits.max_bytes),
            retry_after_s=_read_retry_after(answer.raw),
        )


def describe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers by their names in lower case; octets beyond ASCII are escaped in those that hold addresses.

    http.client reads every octet as a sign of Latin-1. Servers mean UTF-8 mostly, and browsers send the octets back as
    they came. Of a header that is there twice the last counts; links are one list (RFC 9110, 5.3).
    """
    described: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in headers.items()):
        described[name] = f"{described[name]}, {value}" if name == "link" and name in described else value
    for name in ADDRESSES:
        if name in described:
            described[name] = re.sub(r"[\x80-\xff]", lambda sign: f"%{ord(sign[0]):02X}", described[name])
    return described


def _check_headers(raw: urllib3.HTTPResponse) -> None:
    if sum(len(name) + len(value) for name, value in raw.headers.items()) > MAX_HEADER_BYTES:
        raise BadAnswerError(f"more than {MAX_HEADER_BYTES} bytes of headers")


def _read_retry_after(raw: urllib3.HTTPResponse) -> float | None:
    try:
        return Retry().get_retry_after(raw)
    except (urllib3.exceptions.HTTPError, ValueError, OverflowError):
        return None  # a header that says nothing


def _format_request(prepared: requests.PreparedRequest) -> bytes:
    """Return a request's head as sent, without passwords."""
    parts = urlsplit(prepared.url or "")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = [("Host", parts.netloc.rpartition("@")[2]), *((n, str(v)) for n, v in prepared.headers.items())]
    return _format_head(f"{prepared.method} {target} HTTP/1.1", fields)


def _format_response(answer: requests.Response) -> bytes:
    """Return a response's head as received, but for the transfer encoding, which is undone, and cookies."""
    fields = [(n, v) for n, v in answer.raw.headers.items() if n.lower() != "transfer-encoding"]
    protocol = "HTTP/1.0" if answer.raw.version == 10 else "HTTP/1.1"
    return _format_head(f"{protocol} {answer.status_code} {answer.reason or ''}".rstrip(), fields)


def _format_head(first: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return the lines of a head, without cookies and passwords.

    A sign that would end a line becomes a space, so that no header makes another.
    """
    lines = [first, *(f"{name}: {value}" for name, value in fields)]
    plain = [re.sub(r"[\x00-\x08\x0a-\x1f\x7f]+", " ", line) for line in lines]
    return drop_secrets("\r\n".join(plain) + "\r\n\r\n").encode("latin-1", errors="replace")


# The first kind found among an error's causes names the outcome.
_FAILURES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (ForbiddenAddressError, "forbidden_address"),
    (TooLargeError, "too_large"),
    (urllib3.exceptions.NewConnectionError, "unreachable"),  # a kind of timeout to urllib3
    ((requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError), "timed_out"),
    ((requests.exceptions.SSLError, ssl.SSLError), "tls_failed"),
    ((CutOffError, IncompleteRead), "cut_off"),
    (RemoteDisconnected, "unreachable"),
    ((PackedBodyError, BadAnswerError, HTTPException, requests.exceptions.InvalidURL), "bad_answer"),
    ((urllib3.exceptions.LocationParseError, urllib3.exceptions.InvalidHeader, ValueError), "bad_answer"),
)


def name_failure(error: BaseException) -> tuple[str, str]:
    """Return the outcome that an error stands for, and what it says."""
    causes = list(_list_causes(error))
    outcomes = (word for kind, word in _FAILURES if any(isinstance(cause, kind) for cause in causes))
    plainest = next((cause for cause in causes if type(cause).__module__.startswith("graylit.")), causes[-1])
    return next(outcomes, "unreachable"), " ".join(hide_users(str(plainest)).split())[:300] or type(plainest).__name__


def _list_causes(error: BaseException | None, depth: int = 8) -> Iterator[BaseException]:
    """Yield an error and what it came from, libraries' wrappers undone."""
    if error is None or depth == 0:
        return
    yield error
    wrapped = [part for part in (*error.args, getattr(error, "reason", None)) if isinstance(part, BaseException)]
    for cause in [*wrapped, error.__cause__]:
        yield from _list_causes(cause, depth - 1)
