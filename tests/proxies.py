"""A proxy on the loopback interface that stands for the web: it answers for every host, over http and https."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Said:
    """What the web says for an address."""

    status: str
    body: bytes = b""
    fields: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",)

    def to_bytes(self) -> bytes:
        """Return the answer as sent."""
        head = [f"HTTP/1.1 {self.status}", *self.fields, f"Content-Length: {len(self.body)}", "Connection: close"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + self.body


@dataclass
class Proxy:
    """A running proxy: its address, the certificate its clients trust, and the addresses it was asked for."""

    address: str = ""
    authority: Path = Path()
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return what tells programs to ask the web through this proxy."""
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        return dict.fromkeys(names, self.address) | {"NO_PROXY": "", "REQUESTS_CA_BUNDLE": str(self.authority)}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 200

    def __init__(self, proxy: Proxy, answer: Callable[[str, dict[str, str]], Said]) -> None:
        self.proxy, self.answer = proxy, answer
        self.authority, self._contexts, self._lock = trustme.CA(), {}, threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def context_for(self, host: str) -> ssl.SSLContext:
        """Return the context of a server of this name."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.authority.issue_cert(host).configure_cert(self._contexts[host])
            return self._contexts[host]

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients may hang up


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        method, target, fields = self._read_head(self.request)
        line = self.request
        if method == "CONNECT":
            host = target.partition(":")[0]
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            line = self.server.context_for(host).wrap_socket(line, server_side=True)
            _, path, fields = self._read_head(line)
            target = f"https://{host}{path}"
        self.server.proxy.asked.append((target, fields))
        line.sendall(self.server.answer(target, fields).to_bytes())
        line.close()

    def _read_head(self, line: object) -> tuple[str, str, dict[str, str]]:
        head = b""
        while b"\r\n\r\n" not in head:
            part = line.recv(65_536)
            if not part:
                raise ConnectionError
            head += part
        first, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        return method, target, {n.lower(): v.strip() for n, _, v in (one.partition(":") for one in rest if one)}


@contextmanager
def serve_proxy(folder: Path, answer: Callable[[str, dict[str, str]], Said]) -> Iterator[Proxy]:
    """Serve a web, given as what it answers for an address and headers, until the block ends."""
    proxy = Proxy()
    with _Server(proxy, answer) as server:
        proxy.address = f"http://127.0.0.1:{server.server_address[1]}"
        proxy.authority = folder / "authority.pem"
        server.authority.cert_pem.write_to_path(str(proxy.authority))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
