"""A web site on the loopback interface that does what sites do: answers, redirects, errors, stalls and cut lines."""

import gzip
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WAIT_S = 60  # an end to every wait, so that a fault ends a test instead of hanging it


def format_page(name: str) -> bytes:
    """Return a page of enough words to be a text."""
    words = "Smoke the entrance a little, wait, and lift the lid with both hands; then read what the frames tell. " * 4
    body = f"<p>{words}This is {name}.</p>"
    return f"<!DOCTYPE html><html><head><title>{name}</title></head><body>{body}</body></html>".encode()


@dataclass
class Visit:
    """One request as the server saw it; times are monotonic seconds."""

    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Site:
    """A running site: its port, the visits it had, and the gate at which /held/… pages wait."""

    port: int = 0
    visits: list[Visit] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    gate: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [visit.path for visit in self.visits]

    def held_visits(self) -> list[Visit]:
        """Return the visits of /held/… pages, in order."""
        return [visit for visit in self.visits if visit.path.startswith("/held/")]

    def await_visit(self, path: str) -> None:
        """Return as soon as a page has been asked for."""
        with self.changed:
            assert self.changed.wait_for(lambda: path in self.paths(), WAIT_S), f"{path} was not asked for"

    def most_at_once(self, host: str) -> int:
        """Return the most visits of one host that overlapped."""
        mine = [visit for visit in self.visits if visit.host == host]
        return max(sum(other.began <= visit.began < other.ended for other in mine) for visit in mine)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = WAIT_S

    def do_GET(self) -> None:
        site: Site = self.server.site
        host = self.headers["Host"].partition(":")[0]
        visit = Visit(host, self.path, dict(self.headers), time.monotonic())
        with site.changed:
            site.visits.append(visit)
            site.changed.notify_all()
        try:
            ANSWERS.get(self.path.split("/")[1], _missing)(self, site)
        finally:
            visit.ended = time.monotonic()

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _missing(handler: _Handler, site: Site) -> None:
    handler.answer(b"<p>There is nothing here.</p>", 404)


def _page(handler: _Handler, site: Site) -> None:
    handler.answer(format_page(handler.path))


def _sized(handler: _Handler, site: Site) -> None:
    """A page of as many bytes as its address says, which no packing makes smaller, after a few milliseconds."""
    n_bytes = int(handler.path.rpartition("/")[2])
    time.sleep(0.02)
    handler.answer(format_page(handler.path) + random.Random(n_bytes).randbytes(n_bytes // 2).hex().encode())


def _hop(handler: _Handler, site: Site) -> None:
    """A redirect to a page of the same number and size."""
    handler.answer(b"", 301, Location=handler.path.replace("/hop/", "/sized/"))


def _redirect(handler: _Handler, site: Site) -> None:
    n_left = int(handler.path.rpartition("/")[2])
    target = f"/redirect/{n_left - 1}" if n_left > 1 else "/page/behind-redirects"
    handler.answer(b"", 302, Location=target, Set_Cookie="seen=1")


def _loop(handler: _Handler, site: Site) -> None:
    handler.answer(b"", 301, Location=handler.path)


def _status(handler: _Handler, site: Site) -> None:
    handler.answer(b"<p>An error.</p>", int(handler.path.rpartition("/")[2]))


def _stall(handler: _Handler, site: Site) -> None:
    handler.close_connection = True
    site.gate.wait(WAIT_S)


def _held(handler: _Handler, site: Site) -> None:
    site.gate.wait(WAIT_S)
    handler.answer(format_page(handler.path))


def _large(handler: _Handler, site: Site) -> None:
    handler.close_connection = True
    handler.answer(b"x" * 1_000_000)


def _cut(handler: _Handler, site: Site) -> None:
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>Only the beginning")


def _gzip(handler: _Handler, site: Site) -> None:
    handler.answer(gzip.compress(format_page(handler.path), mtime=0), Content_Encoding="gzip")


def _chunked(handler: _Handler, site: Site) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    body = format_page(handler.path)
    for part in (body[:100], body[100:]):
        handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def _shell(handler: _Handler, site: Site) -> None:
    """A page whose text scripts would load."""
    handler.answer(b"<html><head><title>Hives</title></head><body><script>load()</script></body></html>")


def _gate(handler: _Handler, site: Site) -> None:
    """A TimeGate: it leads to the copy of an address."""
    handler.answer(b"", 302, Location=handler.path.replace("/gate/", "/web/20260302080000/", 1))


def _regate(handler: _Handler, site: Site) -> None:
    """A TimeGate that sends on to another."""
    handler.answer(b"", 302, Location=handler.path.replace("/regate/", "/gate/", 1))


def _nowhere(handler: _Handler, site: Site) -> None:
    """A redirect to what is no address."""
    handler.answer(b"", 302, Location="http://[web/20260302080000/page")


def _script(handler: _Handler, site: Site) -> None:
    """A redirect to what no server has."""
    handler.answer(b"", 302, Location="javascript:location.reload()")


def _undated(handler: _Handler, site: Site) -> None:
    """A TimeGate that leads to a copy of no time."""
    handler.answer(b"", 302, Location=handler.path.replace("/undated/", "/web/99999999999999/", 1))


ANSWERS: dict[str, Callable[[_Handler, Site], None]] = {
    "page": _page,
    "sized": _sized,
    "hop": _hop,
    "redirect": _redirect,
    "loop": _loop,
    "status": _status,
    "stall": _stall,
    "held": _held,
    "large": _large,
    "cut": _cut,
    "gzip": _gzip,
    "chunked": _chunked,
    "shell": _shell,
    "gate": _gate,
    "regate": _regate,
    "nowhere": _nowhere,
    "script": _script,
    "undated": _undated,
    "web": _page,
}


class _Server(ThreadingHTTPServer):
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        import sys

        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):  # a client that hangs up is what some pages are for
            self.site.faults.append(error)


@contextmanager
def serve_site() -> Iterator[Site]:
    """Serve a site on 127.0.0.1 until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.site = site = Site(port=server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            site.gate.set()
            server.shutdown()
            thread.join()
        assert not site.faults
