"""Services of the web on the loopback interface, for tests: what a path answers is given as a table."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SETTINGS = {"contact": "https://example.org/", "hosts_at_once": 1, "delay_s": 0, "n_retries": 0, "timeout_s": 10} | {
    "source_limit_s": 20,
    "run_limit_s": 60,
    "max_bytes": 5_000_000,
    "allowed_addresses": [],
}
NEAR = SETTINGS | {"allowed_addresses": ["127.0.0.0/8"]}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        found = server.answers.get(self.path, server.answers.get(self.path.partition("?")[0], (404, b"nothing", {})))
        status, body, headers = found
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body)), "Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Services(ThreadingHTTPServer):
    """What answers: `answers` by path (with its query or without): status, body, headers; `asked` are the paths."""

    answers: dict[str, tuple[int, bytes, dict[str, str]]]
    asked: list[str]

    def url(self, path: str = "", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.server_port}{path}"


@contextmanager
def serve() -> Iterator[Services]:
    """Serve until the block ends."""
    with Services(("127.0.0.1", 0), _Handler) as server:
        server.answers, server.asked = {}, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
