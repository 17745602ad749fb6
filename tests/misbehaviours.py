"""A server that misbehaves in every way it can: each host name is one misbehaviour, with the outcome that fits it."""

import datetime
import gzip
import io
import socket
import socketserver
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path

import brotli
import pypdf
import trustme
import zstandard

from archives import LEAFLET, format_pdf
from loopback import format_page

ADDRESS = "127.0.0.2"  # the web of these tests; 127.0.0.1 is a private address to it, as everywhere
MAX_BYTES = 100_000
# Limits of time for what never ends. All else gets limits that no busy machine comes near.
SHORT = {"timeout_s": 0.4, "source_limit_s": 1.2}
LONG = {"timeout_s": 60, "source_limit_s": 120}
PLAIN, SECURE, OTHER_NAME, EXPIRED, UNKNOWN_ISSUER = range(5)  # the ports of the server


@dataclass
class Asked:
    """One request: the misbehaviour asked for, the path, how often that path was asked, and the line to answer on."""

    kind: str
    path: str
    n_before: int
    line: socket.socket
    world: "World"

    def say(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self.line.sendall(part)

    def answer(self, body: bytes = b"", status: str = "200 OK", *fields: str, media_type: str = "text/html") -> None:
        """Send a whole answer."""
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *fields]
        self.say("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def send_to(self, target: str, status: str = "302 Found") -> None:
        """Send a redirect."""
        self.answer(b"", status, f"Location: {target}")

    def drip(self, part: bytes) -> None:
        """Send a part again and again, until the other side has enough."""
        while not self.world.over.wait(0.05):
            self.say(part)


@dataclass
class World:
    """The running server: its ports, how often each path of each host was asked for, and when it is over."""

    ports: list[int] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    authority: Path = Path()
    target: str = ""  # where the host "redirecting" sends its visitors

    def url(self, kind: str, path: str = "/guides/page", port: int = PLAIN) -> str:
        """Return the address of a misbehaviour."""
        scheme = "http" if port == PLAIN else "https"
        return f"{scheme}://{kind}.example:{self.ports[port]}{path}"


@dataclass(frozen=True)
class Kind:
    """A misbehaviour: what the server does, the outcome that fits it, and the words a good text has then."""

    does: str
    outcome: str
    act: Callable[[Asked], None]
    port: int = PLAIN
    robots: Callable[[Asked], None] | None = None


KINDS: dict[str, Kind] = {}
GOOD = format_page("A good page")
SENTENCE = "Smoke the entrance a little, wait, and lift the lid with both hands; then read what the frames tell. "


def kind(does: str, outcome: str, **more: object) -> Callable:
    """Register a function as a misbehaviour, named after it."""

    def register(act: Callable[[Asked], None]) -> Callable[[Asked], None]:
        KINDS[act.__name__.strip("_").replace("_", "-")] = Kind(does, outcome, act, **more)
        return act

    return register


def html(title: str, body: str, head: str = "") -> bytes:
    """Return a page."""
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


# Time -----------------------------------------------------------------------------------------------------------


@kind("accepts the connection and says nothing", "timed_out")
def _silent(asked: Asked) -> None:
    asked.world.over.wait()


@kind("sends its headers byte by byte, without end", "timed_out")
def _slow_headers(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    asked.drip(b"a")


@kind("sends its body byte by byte, without end", "timed_out")
def _slow_body(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    asked.drip(b"a")


@kind("sends one chunk after the other, slowly", "timed_out")
def _slow_chunks(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    asked.drip(b"1\r\na\r\n")


# Size -----------------------------------------------------------------------------------------------------------


@kind("sends a body without end", "too_large")
def _endless_body(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        asked.say(b"word " * 10_000)


@kind("sends chunks without end", "too_large")
def _endless_chunks(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        asked.say(b"2710\r\n" + b"a" * 10_000 + b"\r\n")


@kind("sends a page of 100 MB", "too_large")
def _hundred_megabytes(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(1000):
        asked.say(bytes(100_000))


@kind("redirects with a body of 100 MB", "moved")
def _large_redirect(asked: Asked) -> None:
    if asked.path != "/guides/page":
        return asked.answer(GOOD)
    return asked.say(b"HTTP/1.1 302 Found\r\nLocation: /guides/other\r\nContent-Length: 50000\r\n\r\n", bytes(50_000))


def _bomb(packed: bytes, encoding: str) -> Callable[[Asked], None]:
    return lambda asked: asked.answer(packed, "200 OK", f"Content-Encoding: {encoding}")


ZEROS = bytes(20_000_000)
KINDS["gzip-bomb"] = Kind("packs 20 MB into 20 KB by gzip", "too_large", _bomb(gzip.compress(ZEROS), "gzip"))
KINDS["double-gzip-bomb"] = Kind(
    "packs 20 MB by gzip twice", "too_large", _bomb(gzip.compress(gzip.compress(ZEROS)), "gzip, gzip")
)
KINDS["brotli-bomb"] = Kind("packs 20 MB by Brotli", "too_large", _bomb(brotli.compress(ZEROS, quality=3), "br"))
KINDS["zstd-bomb"] = Kind("packs 20 MB by Zstandard", "too_large", _bomb(zstandard.compress(ZEROS), "zstd"))
KINDS["deflate-bomb"] = Kind("packs 20 MB by deflate", "too_large", _bomb(zlib.compress(ZEROS), "deflate"))


@kind("sends 120 headers", "captured")
def _many_headers(asked: Asked) -> None:
    asked.answer(GOOD, "200 OK", *(f"X-{n}: a" for n in range(120)))


@kind("sends a header of 100 KB", "bad_answer")
def _long_header(asked: Asked) -> None:
    asked.answer(GOOD, "200 OK", "X-Long: " + "a" * 100_000)


@kind("sends 90 headers of 4 KB", "bad_answer")
def _heavy_headers(asked: Asked) -> None:
    asked.answer(GOOD, "200 OK", *(f"X-{n}: {'a' * 4000}" for n in range(90)))


# Damage ---------------------------------------------------------------------------------------------------------


@kind("promises more bytes than it sends", "cut_off")
def _too_few_bytes(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + GOOD)


@kind("sends more bytes than it promised", "captured")
def _too_many_bytes(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD * 3)


@kind("states two different lengths", "bad_answer")
def _two_lengths(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n" + GOOD)


@kind("states a length that is no number", "captured")
def _odd_length(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\n" + GOOD)


@kind("ends in the middle of a chunk", "cut_off")
def _cut_chunk(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + GOOD[:100])


@kind("names another coding before that of chunks (identity, chunked)", "captured")
def _chunks_of_identity(asked: Asked) -> None:
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: identity, chunked\r\n\r\n" + chunk)


@kind("sends a packed page in chunks, and calls both a transfer (gzip, chunked)", "captured")
def _packed_transfer(asked: Asked) -> None:
    packed = gzip.compress(GOOD, mtime=0)
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk)


@kind("sends chunks whose sizes are no numbers", "cut_off")
def _odd_chunk(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nlong\r\n" + GOOD)


@kind("resets the connection in the middle of the body", "cut_off")
def _reset_in_body(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + GOOD[:100])
    asked.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@kind("resets the connection before it answers", "unreachable")
def _reset(asked: Asked) -> None:
    asked.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@kind("closes the connection without an answer", "unreachable")
def _closed(asked: Asked) -> None:
    pass


@kind("ends after its headers", "cut_off")
def _no_body(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")


@kind("ends in the middle of its headers", "empty_page")
def _cut_headers(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Len")


@kind("speaks another protocol", "bad_answer")
def _other_protocol(asked: Asked) -> None:
    asked.say(b"SSH-2.0-OpenSSH_9.2p1\r\n")


@kind("packs by gzip and cuts it off", "bad_answer")
def _cut_gzip(asked: Asked) -> None:
    asked.answer(gzip.compress(GOOD)[:-30], "200 OK", "Content-Encoding: gzip")


@kind("says gzip and sends something else", "captured")
def _no_gzip(asked: Asked) -> None:
    asked.answer(GOOD, "200 OK", "Content-Encoding: gzip")


@kind("names a packing that nobody knows, and does not pack", "captured")
def _unknown_packing(asked: Asked) -> None:
    asked.answer(GOOD, "200 OK", "Content-Encoding: sdch")


@kind("packs by gzip and names what is no packing beside it", "captured")
def _odd_packing(asked: Asked) -> None:
    asked.answer(gzip.compress(GOOD), "200 OK", "Content-Encoding: GZIP, chunked")


@kind("packs by gzip and does not say so", "captured")
def _unsaid_packing(asked: Asked) -> None:
    asked.answer(gzip.compress(GOOD))


@kind("packs by deflate without its header", "captured")
def _raw_deflate(asked: Asked) -> None:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    asked.answer(packer.compress(GOOD) + packer.flush(), "200 OK", "Content-Encoding: deflate")


@kind("packs by Zstandard, then by Brotli", "captured")
def _packed_twice(asked: Asked) -> None:
    asked.answer(brotli.compress(zstandard.compress(GOOD)), "200 OK", "Content-Encoding: zstd, br")


@kind("sends headers with control signs, scripts and bytes beyond ASCII", "captured")
def _hostile_headers(asked: Asked) -> None:
    fields = (b"X-Evil: a\x00b\x07\x1b[31m\r\nX-\xe9: \xff\xfe\r\nX-Script: <script>alert(1)</script>\r\n",)
    lines = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields[0] + b"Content-Length: %d\r\n\r\n" % len(GOOD)
    asked.say(lines + GOOD)


@kind("sends each header twice, and one over several lines", "captured")
def _duplicate_headers(asked: Asked) -> None:
    asked.answer(
        GOOD, "200 OK", "Content-Type: text/html", "X-A: 1", "X-A: 2", "X-Folded: one\r\n two", "ETag: a", "ETag: b"
    )


# Answers before the answer ----------------------------------------------------------------------------------------

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Other: a\r\n\r\n"


@kind("sends early hints (103) before it answers", "captured")
def _early_hints(asked: Asked) -> None:
    asked.say(HINTS)
    asked.answer(GOOD)


@kind("sends 100, 102 and two 103 before it answers", "captured")
def _many_interim(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nX-Step: 1\r\n\r\n", HINTS, HINTS)
    asked.answer(GOOD)


@kind("sends early hints, then a redirect", "moved")
def _hints_then_redirect(asked: Asked) -> None:
    asked.say(HINTS)
    asked.answer(GOOD) if asked.path == "/guides/new" else asked.send_to("/guides/new")


@kind("sends early hints without end", "bad_answer")
def _endless_hints(asked: Asked) -> None:
    while not asked.world.over.is_set():
        asked.say(HINTS)


@kind("sends early hints and hangs up", "unreachable")
def _only_hints(asked: Asked) -> None:
    asked.say(HINTS)


@kind("sends a part of the page that nobody asked for (206)", "cut_off")
def _unasked_part(asked: Asked) -> None:
    asked.answer(GOOD[:300], "206 Partial Content", f"Content-Range: bytes 0-299/{len(GOOD)}")


@kind("sends a part without saying which (206)", "cut_off")
def _part_without_range(asked: Asked) -> None:
    asked.answer(GOOD, "206 Partial Content")


@kind("calls the whole page a part (206)", "captured")
def _whole_part(asked: Asked) -> None:
    asked.answer(GOOD, "206 Partial Content", f"Content-Range: bytes 0-{len(GOOD) - 1}/{len(GOOD)}")


@kind("says not modified (304), though nobody has an earlier page", "http_error")
def _unasked_not_modified(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 304 Not Modified\r\n\r\n")


@kind("switches to another protocol (101)", "bad_answer")
def _switching(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")


# Redirects ------------------------------------------------------------------------------------------------------


@kind("redirects to itself", "too_many_redirects")
def _redirect_loop(asked: Asked) -> None:
    asked.send_to(asked.path)


@kind("redirects until a cookie is kept", "too_many_redirects")
def _cookie_loop(asked: Asked) -> None:
    asked.answer(b"", "302 Found", f"Location: {asked.path}", "Set-Cookie: seen=1")


@kind("redirects twelve times to new pages", "too_many_redirects")
def _redirect_chain(asked: Asked) -> None:
    asked.send_to(f"/guides/page{asked.path.count('x') * 'x'}x")


@kind("redirects to another host", "moved")
def _other_host(asked: Asked) -> None:
    asked.send_to(asked.world.url("well-behaved"), "301 Moved Permanently")


@kind("redirects from http to https (at a port of its own)", "moved")
def _to_https(asked: Asked) -> None:
    is_secure = isinstance(asked.line, ssl.SSLSocket)
    asked.answer(GOOD) if is_secure else asked.send_to(asked.world.url("to-https", port=SECURE))


@kind("redirects to 127.0.0.1", "forbidden_address")
def _to_loopback(asked: Asked) -> None:
    asked.send_to(f"http://127.0.0.1:{asked.world.ports[PLAIN]}/")


@kind("redirects to the metadata address of clouds", "forbidden_address")
def _to_metadata(asked: Asked) -> None:
    asked.send_to("http://169.254.169.254/latest/meta-data/")


@kind("redirects to a file", "forbidden_address")
def _to_file(asked: Asked) -> None:
    asked.send_to("file:///etc/passwd")


@kind("redirects to a script", "forbidden_address")
def _to_script(asked: Asked) -> None:
    asked.send_to("javascript:alert(1)")


@kind("redirects to what is no address", "bad_answer")
def _to_nonsense(asked: Asked) -> None:
    asked.send_to("http://[::1")


def _to_octets(location: bytes, path: str) -> Callable[[Asked], None]:
    """Return a server whose redirect holds these octets, and whose page lies at this path."""

    def act(asked: Asked) -> None:
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        asked.say(head) if asked.path == "/guides/page" else asked.answer(*((GOOD,) if asked.path == path else NONE))

    return act


NONE = (b"<p>None.</p>", "404 Not Found")
for name, does, location, path in (
    ("utf-8", "with UTF-8 in its address", "/führer/blüte?q=ü".encode(), "/f%C3%BChrer/bl%C3%BCte?q=%C3%BC"),
    ("latin-1", "with Latin-1 in its address", "/blüte".encode("latin-1"), "/bl%FCte"),
    ("spaces", "to an address with spaces", b"  /guides/two words  ", "/guides/two%20words"),
    ("relative", "to a relative address", b"../other/./page", "/other/page"),
    ("query", "to a query alone", b"?page=2", "/guides/page?page=2"),
    ("backslashes", "with backslashes for slashes", b"\\guides\\new", "/guides/new"),
):
    KINDS[f"to-{name}"] = Kind(f"redirects {does}", "moved", _to_octets(location, path))
KINDS["to-fragment"] = Kind("redirects to a fragment of itself", "too_many_redirects", _to_octets(b"#part", ""))
KINDS["to-slashes"] = Kind("redirects to two slashes", "bad_answer", _to_octets(b"//", ""))
KINDS["to-odd-port"] = Kind("redirects to a port that is none", "bad_answer", _to_octets(b"http://a.example:port/", ""))


@kind("redirects without saying where", "http_error")
def _to_nowhere(asked: Asked) -> None:
    asked.answer(b"<p>Moved.</p>", "302 Found")


@kind("redirects by a meta element", "moved")
def _meta_refresh(asked: Asked) -> None:
    refresh = html("Moved", "<p>Moved.</p>", '<meta http-equiv="Refresh" content="0; url=/guides/new">')
    asked.answer(GOOD if asked.path == "/guides/new" else refresh)


@kind("redirects by a Refresh header", "moved")
def _refresh_header(asked: Asked) -> None:
    asked.answer(GOOD) if asked.path == "/guides/new" else asked.answer(b"", "200 OK", "Refresh: 0; url=/guides/new")


@kind("redirects readers without scripts, and has its page for all others", "captured")
def _meta_in_noscript(asked: Asked) -> None:
    asked.answer(GOOD.replace(b"<head>", b"<head><noscript><meta http-equiv=refresh content='0; url=/no'></noscript>"))


@kind("redirects by meta elements in a circle", "too_many_redirects")
def _meta_loop(asked: Asked) -> None:
    other = "/guides/page" if asked.path == "/guides/other" else "/guides/other"
    asked.answer(html("Moved", "<p>Moved.</p>", f'<meta http-equiv="refresh" content="0;{other}">'))


# Pages that bring down who reads them ---------------------------------------------------------------------------


@kind("nests its JSON-LD 25,000 levels deep", "captured")
def _deep_metadata(asked: Asked) -> None:
    head = f'<script type="application/ld+json">{"[" * 25_000}{"]" * 25_000}</script>'
    asked.answer(html("Good", f"<p>{SENTENCE * 10}</p>", head))


# Status ---------------------------------------------------------------------------------------------------------


def _always(status: str) -> Callable[[Asked], None]:
    return lambda asked: asked.answer(html(status, f"<h1>{status}</h1>"), status)


KINDS["status-401"] = Kind("asks for a password (401)", "refused", _always("401 Unauthorized"))
KINDS["status-402"] = Kind("asks for money (402)", "refused", _always("402 Payment Required"))
KINDS["status-403"] = Kind("refuses (403)", "refused", _always("403 Forbidden"))
KINDS["status-404"] = Kind("knows no such page (404)", "gone", _always("404 Not Found"))
KINDS["status-410"] = Kind("has removed the page (410)", "gone", _always("410 Gone"))
KINDS["status-418"] = Kind("answers with an odd status (418)", "http_error", _always("418 I am a teapot"))
KINDS["status-451"] = Kind("may not show the page (451)", "refused", _always("451 Unavailable For Legal Reasons"))
KINDS["status-500"] = Kind("fails each time (500)", "http_error", _always("500 Internal Server Error"))
KINDS["status-503"] = Kind("is overloaded each time (503)", "busy", _always("503 Service Unavailable"))


@kind("fails, then answers", "captured")
def _500_then_200(asked: Asked) -> None:
    asked.answer(GOOD) if asked.n_before else asked.answer(b"", "500 Internal Server Error")


@kind("is cut off, then answers", "captured")
def _cut_then_200(asked: Asked) -> None:
    asked.answer(GOOD) if asked.n_before else asked.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")


@kind("asks to wait a moment, in seconds (429), then answers", "captured")
def _retry_after_seconds(asked: Asked) -> None:
    asked.answer(GOOD) if asked.n_before else asked.answer(b"", "429 Too Many Requests", "Retry-After: 0")


@kind("asks to wait until a date (429), then answers", "captured")
def _retry_after_date(asked: Asked) -> None:
    now = format_datetime(datetime.datetime.now(datetime.UTC), usegmt=True)
    asked.answer(GOOD) if asked.n_before else asked.answer(b"", "429 Too Many Requests", f"Retry-After: {now}")


@kind("asks to wait a day (429)", "busy")
def _retry_after_a_day(asked: Asked) -> None:
    asked.answer(b"", "429 Too Many Requests", "Retry-After: 86400")


@kind("asks to wait until a date in ten years (503)", "busy")
def _retry_after_years(asked: Asked) -> None:
    then = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3650), usegmt=True)
    asked.answer(b"", "503 Service Unavailable", f"Retry-After: {then}")


@kind("asks to wait in words that mean nothing (429)", "busy")
def _retry_after_nonsense(asked: Asked) -> None:
    asked.answer(b"", "429 Too Many Requests", "Retry-After: a while")


# Line -----------------------------------------------------------------------------------------------------------

KINDS["tls-unknown-issuer"] = Kind("has a certificate of an unknown issuer", "tls_failed", _closed, UNKNOWN_ISSUER)
KINDS["tls-other-name"] = Kind("has a certificate for another name", "tls_failed", _closed, OTHER_NAME)
KINDS["tls-expired"] = Kind("has a certificate that has expired", "tls_failed", _closed, EXPIRED)
KINDS["tls-good"] = Kind("has a good certificate", "captured", lambda asked: asked.answer(GOOD), SECURE)
KINDS["no-server"] = Kind("has a name, and nobody listens there", "unreachable", _closed)
KINDS["no-name"] = Kind("has a name that nobody knows", "unreachable", _closed)


# Content --------------------------------------------------------------------------------------------------------


@kind("sends nothing, and says that all is well", "empty_page")
def _empty_200(asked: Asked) -> None:
    asked.answer(b"")


@kind("says that it has no content (204)", "empty_page")
def _status_204(asked: Asked) -> None:
    asked.say(b"HTTP/1.1 204 No Content\r\n\r\n")


@kind("sends a page without words", "empty_page")
def _no_words(asked: Asked) -> None:
    asked.answer(html("", "<img src='/a.png'>"))


@kind("calls a page in Windows-1252 UTF-8", "captured")
def _wrong_charset(asked: Asked) -> None:
    body = html("Bees", f"<p>{SENTENCE * 3} Häuser “für” Bienen</p>").decode().encode("cp1252")
    asked.answer(body, media_type="text/html; charset=utf-8")


@kind("sends UTF-16 without saying so", "captured")
def _utf_16(asked: Asked) -> None:
    asked.answer(GOOD.decode().encode("utf-16"))


@kind("sends UTF-8 and calls it an unknown charset", "captured")
def _unknown_charset(asked: Asked) -> None:
    asked.answer(html("Bees", f"<p>{SENTENCE * 3} Häuser</p>"), media_type="text/html; charset=klingon")


@kind("sends a page with a few NUL bytes", "captured")
def _nul_bytes(asked: Asked) -> None:
    asked.answer(GOOD.replace(b"lift", b"li\x00ft"))


@kind("sends bytes that are no text as a page", "unreadable")
def _binary(asked: Asked) -> None:
    asked.answer(b"<html>" + bytes(range(256)) * 20 + bytes(4000))


@kind("sends an error page with status 200", "soft_404")
def _soft_404(asked: Asked) -> None:
    asked.answer(html("Page not found | Bees", "<h1>Oops</h1><p>The page you look for does not exist.</p>"))


@kind("sends its front page for a page that is gone", "soft_404")
def _to_front_page(asked: Asked) -> None:
    asked.send_to("/") if asked.path == "/guides/page" else asked.answer(GOOD)


@kind("asks for consent to cookies first", "consent_wall")
def _consent_wall(asked: Asked) -> None:
    asked.answer(html("Bees", "<form><p>We value your privacy.</p><button>Accept all</button></form>"))


@kind("asks to log in first", "login_wall")
def _login_wall(asked: Asked) -> None:
    asked.answer(html("Bees", "<form><input name='user'><input type='password'></form><p>Welcome to Bees.</p>"))


@kind("redirects to a page to log in", "login_wall")
def _to_login(asked: Asked) -> None:
    form = html("Sign in", "<form><input name='mail'><button>Next</button></form>")
    asked.send_to("/login?next=/guides/page") if asked.path == "/guides/page" else asked.answer(form)


@kind("shows the start of a text and sells the rest", "paywall")
def _paywall(asked: Asked) -> None:
    asked.answer(html("Bees", f"<p>{SENTENCE}</p><p>Subscribe to continue reading.</p>"))


@kind("says in its metadata that reading costs money", "paywall")
def _locked(asked: Asked) -> None:
    said = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": "False"}</script>'
    asked.answer(html("Bees", f"<p>{SENTENCE}</p>", said))


@kind("asks whether its reader is a person", "bot_check")
def _bot_check(asked: Asked) -> None:
    asked.answer(html("Just a moment...", "<p>Checking your browser.</p><script src='/c.js'></script>"))


@kind("sends a shell that scripts would fill", "needs_browser")
def _script_shell(asked: Asked) -> None:
    shell = "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>"
    asked.answer(html("Bees", shell + "<script src='/app.js'></script>"))


def _pdf(password: str | None) -> bytes:
    body = format_pdf("Bees", LEAFLET)
    if password is None:
        return body
    writer, packed = pypdf.PdfWriter(clone_from=io.BytesIO(body)), io.BytesIO()
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(packed)
    return packed.getvalue()


def _send_pdf(body: bytes, media_type: str) -> Callable[[Asked], None]:
    return lambda asked: asked.answer(body, media_type=media_type)


KINDS["pdf-with-password"] = Kind(
    "sends a PDF that needs a password", "unreadable", _send_pdf(_pdf("secret"), "application/pdf")
)
KINDS["pdf-locked-for-printing"] = Kind(
    "sends a PDF that is encrypted and opens without a password", "captured", _send_pdf(_pdf(""), "application/pdf")
)
KINDS["pdf-cut-off"] = Kind(
    "sends half a PDF", "unreadable", _send_pdf(b"%PDF-1.7\n" + bytes(200) + b"\nstartxref\n9\n", "application/pdf")
)
KINDS["pdf-behind-notice"] = Kind(
    "sends a PDF behind a notice of its script",
    "captured",
    _send_pdf(b"<br />\n<b>Notice</b>: x in y\n" + _pdf(None), "application/pdf"),
)
KINDS["html-as-download"] = Kind(
    "sends a page and calls it a file to be saved",
    "captured",
    lambda asked: asked.answer(b"\n<!-- a -->" + GOOD, media_type="application/octet-stream"),
)
KINDS["pdf-as-html"] = Kind("sends a PDF and calls it HTML", "captured", _send_pdf(_pdf(None), "text/html"))


# robots.txt -----------------------------------------------------------------------------------------------------


def _good(asked: Asked) -> None:
    asked.answer(GOOD)


def _robots(body: bytes) -> Callable[[Asked], None]:
    return lambda asked: asked.answer(body, media_type="text/plain")


def _robots_after_five(asked: Asked) -> None:
    """A page, or a robots.txt behind five redirects."""
    if asked.path.startswith("/guides/"):
        return _good(asked)
    n_hops = int(asked.path.partition("/hop/")[2] or 0)
    return asked.answer(FORBID, media_type="text/plain") if n_hops == 5 else asked.send_to(f"/hop/{n_hops + 1}")


def _robots_elsewhere(asked: Asked) -> None:
    asked.send_to(asked.world.url("robots-disallow", "/robots.txt"))


FORBID, ALLOW = b"User-agent: *\nDisallow: /\n", b"User-agent: *\nAllow: /\n"
for name, does, outcome, robots in (
    ("disallow", "forbids all robots", "refused_by_robots", _robots(FORBID)),
    ("disallow-us", "forbids us alone", "refused_by_robots", _robots(b"User-agent: graylit\nDisallow: /guides\n")),
    ("allow-us", "forbids all but us", "captured", _robots(FORBID + b"\nUser-agent: Graylit\nAllow: /\n")),
    ("silent", "never answers", "timed_out", _silent),
    ("500", "fails (500)", "refused_by_robots", _always("500 Internal Server Error")),
    ("403", "is refused (403), so nothing is forbidden", "captured", _always("403 Forbidden")),
    ("huge", "allows us in the first of 2 MB", "captured", _robots(ALLOW + b"# a\n" * 500_000)),
    ("huge-disallow", "forbids us in the first of 2 MB", "refused_by_robots", _robots(FORBID + b"#\n" * 999_000)),
    ("binary", "holds no rules but bytes", "captured", _robots(bytes(range(256)) * 10)),
    ("loop", "redirects to itself, so nothing is forbidden", "captured", _redirect_loop),
    ("to-loopback", "redirects to 127.0.0.1", "forbidden_address", _to_loopback),
    ("endless", "does not end", "captured", _endless_body),
    ("mark", "begins with a byte order mark and forbids all", "refused_by_robots", _robots(b"\xef\xbb\xbf" + FORBID)),
    ("version", "forbids us with our version", "refused_by_robots", _robots(b"User-agent: Graylit/0.1\nDisallow: /\n")),
    ("elsewhere", "is on another host and forbids all", "refused_by_robots", _robots_elsewhere),
    (
        "crawl-delay",
        "asks for a tenth of a second between requests",
        "captured",
        _robots(ALLOW + b"Crawl-delay: 0.1\n"),
    ),
):
    KINDS[f"robots-{name}"] = Kind(f"its robots.txt {does}", outcome, _good, robots=robots)
KINDS["robots-after-five"] = Kind(
    "its robots.txt is behind five redirects and forbids all",
    "refused_by_robots",
    _robots_after_five,
    robots=_robots_after_five,
)
KINDS["well-behaved"] = Kind("answers", "captured", _good)


class _Handler(socketserver.BaseRequestHandler):
    world: World

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(65_536)
            if not part:
                return
            head += part
        lines = head.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        host = next(line.partition(":")[2] for line in lines if line.lower().startswith("host:")).strip()
        name = host.partition(".")[0]
        key = (name, path)
        asked = Asked(name, path, self.world.counts.get(key, 0), self.request, self.world)
        self.world.counts[key] = asked.n_before + 1
        if name == "redirecting":
            asked.send_to(self.world.target) if path != "/robots.txt" else _always("404 Not Found")(asked)
        elif path == "/robots.txt":
            (KINDS[name].robots or _always("404 Not Found"))(asked)
        else:
            KINDS[name].act(asked)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 200

    def __init__(self, world: World, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__((ADDRESS, 0), type("Handler", (_Handler,), {"world": world}))

    def finish_request(self, request: socket.socket, client_address: object) -> None:
        if self._context is not None:
            request = self._context.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients that hang up are what these pages are for


def _make_contexts(folder: Path) -> tuple[Path, list[ssl.SSLContext | None]]:
    """Return the file of the known issuer, and what each port of the server shows its clients."""
    known, unknown = trustme.CA(), trustme.CA()
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificates = [
        known.issue_cert("tls-good.example", "to-https.example"),
        known.issue_cert("somebody-else.example"),
        known.issue_cert("tls-expired.example", not_after=past),
        unknown.issue_cert("tls-unknown-issuer.example"),
    ]
    contexts = []
    for certificate in certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        contexts.append(context)
    known.cert_pem.write_to_path(str(folder / "authority.pem"))
    return folder / "authority.pem", [None, *contexts]


@contextmanager
def serve_world(folder: Path) -> Iterator[World]:
    """Serve all misbehaviours until the block ends."""
    world = World()
    world.authority, contexts = _make_contexts(folder)
    servers = [_Server(world, context) for context in contexts]
    world.ports = [server.server_address[1] for server in servers]
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield world
    finally:
        world.over.set()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
