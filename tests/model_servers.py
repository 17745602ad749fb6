"""A server on loopback with an interface like OpenAI's that says what a test has it say, well or badly."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

SETTINGS = {
    "model": "tiny",
    "answers": "json_schema",
    "temperature": 0,
    "max_tokens": 500,
    "seed": 7,
    "samples": 1,
    "asks": 2,
    "retries": 2,
    "timeout_s": 20,
    "at_once": 4,
    "keep_words": False,
}


@dataclass
class Say:
    """What the server is to do: an answer of the model, or what goes wrong."""

    content: object = None  # an answer; what is no string goes out as JSON
    finish: str = "stop"
    model: str = "tiny"
    status: int = 200
    body: bytes | None = None  # instead of a body of the interface
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drip: bool = False  # a byte at a time, until the client hangs up
    reset: bool = False  # no answer: the line is cut
    length: int = 0  # added to the length that the header states


@dataclass
class ModelServer:
    """A running server: what it was asked, by its headers and bodies, and how many answers went out whole."""

    port: int
    say: Callable[[dict, str], Say]
    asked: list[dict] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    n_answered: int = 0
    lines: set[int] = field(default_factory=set)  # the clients' ports of connections that are not at an end
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def endpoint(self) -> str:
        """Return the address to be named in the settings of a model."""
        return f"http://127.0.0.1:{self.port}/v1"

    def settle(self) -> None:
        """Wait until all that clients had sent before they went is answered, and counted.

        Connections are taken in the order in which they were made, so those of others came before one made now.
        """
        with socket.create_connection(("127.0.0.1", self.port)) as own:
            while own.getsockname()[1] not in self.lines:
                time.sleep(0.001)
        while self.lines:
            time.sleep(0.001)


def read_page(asked: dict) -> str:
    """Return the fenced page of a request: what the model is to judge."""
    last = asked["messages"][-1]["content"]
    return re.search(r"\[page (\w+) begins\]\n(.*)\n\[page \1 ends\]", last, re.DOTALL)[2]


def read_schema(asked: dict) -> dict:
    """Return the schema that the answer is asked to have."""
    return asked["response_format"]["json_schema"]["schema"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self) -> None:
        server: ModelServer = self.server.model
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.asked.append(asked)
            server.headers.append(dict(self.headers))
        self._answer(server, server.say(asked, read_page(asked)))

    def _answer(self, server: ModelServer, say: Say) -> None:
        time.sleep(say.delay_s)
        if say.reset:
            self.close_connection = True
            return
        body = say.body if say.body is not None else format_body(say)
        self.send_response(say.status)
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body) + say.length), **say.headers}
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        if say.length > 0:
            self.close_connection = True
        for part in [body[i : i + 1] for i in range(len(body))] if say.drip else [body]:
            self.wfile.write(part)
            self.wfile.flush()
            if say.drip and server.stopped.wait(0.1):
                return
        with server.lock:
            server.n_answered += say.status == 200

    def log_message(self, *_: object) -> None:
        pass


def format_body(say: Say) -> bytes:
    """Return an answer as the interface has it."""
    content = say.content if isinstance(say.content, str | None) else json.dumps(say.content)
    told = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": say.model,
        "system_fingerprint": "fp_1",
        "choices": [{"index": 0, "finish_reason": say.finish, "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return json.dumps(told).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    model: ModelServer

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        self.model.lines.add(client_address[1])
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        super().process_request_thread(request, client_address)
        self.model.lines.discard(client_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hangs up is what some tests are for


@contextmanager
def serve_model(say: Callable[[dict, str], Say]) -> Iterator[ModelServer]:
    """Serve a model that says what `say` gives, of the request and of the page in it, until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.model = model = ModelServer(server.server_port, say)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield model
        finally:
            model.stopped.set()
            server.shutdown()
            thread.join()


def write_settings(folder: Path, server: ModelServer, name: str = "M1", **changed: object) -> None:
    """Write the settings of a model that a server serves."""
    path = folder / f"config/models/{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({**SETTINGS, "endpoint": server.endpoint, **changed}), encoding="utf-8")


def list_calls(folder: Path) -> list[dict]:
    """Return the calls of a study's log; none if it has none."""
    path = folder / "config/models/log.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
