"""Save Page Now on the loopback interface: as its documentation says, and as badly as it or anybody can behave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote

ACCESS, SECRET = "ACCESSKEY0123456", "s3cr3t-of-the-tests"
SAME = "The same snapshot had been made 2 hours ago. You can make new capture of this URL after 30 days."
WAIT_S = 30


@dataclass
class Archive:
    """What the archive holds and does: jobs, copies by time and address, and how it misbehaves for an address.

    `now` are the 14 digits of the time at which it makes copies. `faults` are words of `_FAULTS` by address, each of
    which is done once, in their order, before the archive behaves; one that ends in * is done always.
    """

    now: str = "20261129120000"
    read_now: Callable[[], str] | None = None
    port: int = 0
    polls: int = 1  # how often a job is pending before it ends
    delay: int = 0  # how often a new copy's address answers with 404
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)  # method, path, form
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, dict] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def tell_now(self) -> str:
        """Return the time as 14 digits."""
        return self.read_now() if self.read_now else self.now

    def offers(self) -> list[str]:
        """Return the addresses that were offered, in order."""
        return [form["url"] for method, _, form in self.asked if method == "POST"]

    def take_fault(self, url: str) -> str:
        """Return how the archive misbehaves for an address now; '' if it does not."""
        left = self.faults.get(url, [])
        if not left:
            return ""
        return left[0].rstrip("*") if left[0].endswith("*") else left.pop(0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = WAIT_S

    def do_POST(self) -> None:
        archive: Archive = self.server.archive
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        archive.asked.append(("POST", self.path, form))
        archive.headers.append(dict(self.headers))
        if self.headers.get("Authorization") != f"LOW {ACCESS}:{SECRET}":
            self.say({"message": "You need to be logged in to use Save Page Now."}, 401)
            return
        url = form["url"]
        fault = archive.take_fault(url)
        if fault and not fault.startswith("job "):
            FAULTS[fault](self, url)
            return
        if url in archive.copies:
            archive.jobs[f"spn2-{len(archive.jobs)}"] = {"url": url, "left": 0, "fault": ""}
            self.say({"url": url, "job_id": f"spn2-{len(archive.jobs) - 1}", "message": SAME})
            return
        job_id = f"spn2-{len(archive.jobs)}"
        archive.jobs[job_id] = {"url": url, "left": archive.polls, "fault": fault.removeprefix("job ")}
        self.say({"url": url, "job_id": job_id})

    def do_GET(self) -> None:
        archive: Archive = self.server.archive
        archive.asked.append(("GET", self.path, {}))
        archive.headers.append(dict(self.headers))
        if self.path.startswith("/save/status/"):
            self.tell_status(archive, unquote(self.path.removeprefix("/save/status/")))
        else:
            self.show_copy(archive)

    def tell_status(self, archive: Archive, job_id: str) -> None:
        job = archive.jobs.get(job_id)
        if job is None:
            self.say({"message": "No such job."}, 404)
            return
        url, fault = job["url"], job["fault"]
        if fault in FAULTS:
            job["fault"] = ""
            FAULTS[fault](self, url)
        elif fault == "forever" or job["left"] > 0:
            job["left"] -= 1
            self.say({"status": "pending", "job_id": job_id, "resources": []})
        elif fault.startswith("error:"):
            said = f"It cannot be done for {url}, says {ACCESS}:{SECRET}."
            self.say({"status": "error", "status_ext": fault, "job_id": job_id, "message": said, "resources": []})
        else:
            stamp = archive.copies.setdefault(url, archive.tell_now())
            told = {"status": "success", "job_id": job_id, "original_url": url, "timestamp": stamp, "duration_sec": 6.2}
            self.say(told | LIES.get(fault, {}))

    def show_copy(self, archive: Archive) -> None:
        """Answer for /web/TIME/ADDRESS as the Wayback Machine does: nearest copy, or the copy itself."""
        stamp, _, url = self.path.removeprefix("/web/").partition("/")
        raw, stamp = stamp.endswith("id_"), stamp.removesuffix("id_")
        held = archive.copies.get(url)
        archive.looks[url] = archive.looks.get(url, 0) + 1
        if held is None or archive.looks[url] <= archive.delay:
            self.say({}, 404)
        elif stamp == held and raw:
            self.say(
                {}, 200, {"Memento-Datetime": time.strftime("%a, %d %b %Y %T GMT", time.strptime(held, "%Y%m%d%H%M%S"))}
            )
        else:
            self.say({}, 302, {"Location": f"/web/{held}{'id_' if raw else ''}/{url}"})

    def say(self, content: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _error(kind: str):
    return lambda handler, url: handler.say(
        {"status": "error", "status_ext": f"error:{kind}", "message": f"{kind} {url}"}
    )


def _hold(handler: _Handler, url: str) -> None:
    handler.server.archive.gate.wait(WAIT_S)
    handler.close_connection = True


def _cut(handler: _Handler, url: str) -> None:
    handler.close_connection = True
    handler.say(b'{"url": "htt', 200, {"Content-Length": "500"})


def _hang_up(handler: _Handler, url: str) -> None:
    handler.close_connection = True


FAULTS = {
    "429": lambda handler, url: handler.say({}, 429, {"Retry-After": "45"}),
    "429 bare": lambda handler, url: handler.say(b"<h1>429 Too Many Requests</h1>", 429, {"Content-Type": "text/html"}),
    "429 for hours": lambda handler, url: handler.say({}, 429, {"Retry-After": "38400"}),
    "500": lambda handler, url: handler.say({}, 500),
    "502": lambda handler, url: handler.say(b"<h1>Bad Gateway</h1>", 502, {"Content-Type": "text/html"}),
    "503": lambda handler, url: handler.say({}, 503, {"Retry-After": "20"}),
    "520": lambda handler, url: handler.say({}, 520),
    "html": lambda handler, url: handler.say(b"<!DOCTYPE html><h1>Sorry</h1>", 200, {"Content-Type": "text/html"}),
    "half": _cut,
    "half json": lambda handler, url: handler.say(b'{"url": "http'),
    "list": lambda handler, url: handler.say([1, 2]),
    "empty": lambda handler, url: handler.say(b""),
    "nothing": lambda handler, url: handler.say({}),
    "numbers": lambda handler, url: handler.say({"job_id": 7, "status": 1, "message": None}),
    "deep": lambda handler, url: handler.say(b"[" * 100_000),
    "hangs up": _hang_up,
    "slow": _hold,
    "elsewhere": lambda handler, url: handler.say(
        {}, 302, {"Location": f"http://localhost:{handler.server.other_port}/save?key={SECRET}"}
    ),
    "same": lambda handler, url: handler.say({"url": url, "message": SAME}),
    "busy": _error("user-session-limit"),
    "overloaded": _error("no-browsers-available"),
    "daily": _error("too-many-daily-captures"),
    "full": _error("max-daily-bandwidth"),
    "blocked": _error("blocked-url"),
}
LIES = {
    "other page": {"original_url": "https://evil.example/page"},
    "no address": {"original_url": None},
    "odd time": {"timestamp": "2026-11-29"},
    "no time": {"timestamp": ""},
    "time ahead": {"timestamp": "20991231235959"},
    "old time": {"timestamp": "20010101000000"},
    "other time": {"timestamp": "20261129115959"},
    "a path": {"timestamp": "20261129120000/../../evil"},
}


class _Server(ThreadingHTTPServer):
    archive: Archive
    other_port: int

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients may hang up


@contextmanager
def serve_archive(now: str = "20261129120000") -> Iterator[tuple[Archive, Archive]]:
    """Serve an archive until the block ends, and another host that nobody should ask."""
    archive, other = Archive(now), Archive(now)
    servers = []
    for one in (archive, other):
        server = _Server(("127.0.0.1", 0), _Handler)
        server.archive, one.port = one, server.server_port
        servers.append(server)
    servers[0].other_port = servers[1].other_port = other.port
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield archive, other
    finally:
        archive.gate.set()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
