"""One call to a server with an interface like OpenAI's: what is sent, what comes back, and how a failure is named."""

from __future__ import annotations

import ipaddress
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from graylit.collection.asking import name_failure
from graylit.models.prompts import Message
from graylit.study.model_settings import ModelSettings
from graylit.tables.faults import Fault, InputError

MOST_BYTES = 20_000_000  # of an answer: chosen, far more than a model says
CHUNK = 65_536
CONNECT_S = 20.0  # seconds to reach a server: chosen
PASSING = (408, 409, 425, 429, 500, 502, 503, 504, 529)  # statuses after which the same call may succeed
_own = threading.local()


@dataclass(frozen=True)
class Reply:
    """What came back of a call: a body, or how it failed; `retry_after_s` if the server said when to ask again."""

    status: int
    body: bytes
    latency_s: float
    failure: str = ""
    detail: str = ""
    retry_after_s: float | None = None

    @property
    def may_pass(self) -> bool:
        """Return whether the same call may succeed later."""
        return bool(self.failure) and (self.status == 0 or self.status == 200 or self.status in PASSING)


def format_request(
    settings: ModelSettings, messages: Sequence[Message], schema: Mapping[str, Any], task: str, seed: int
) -> bytes:
    """Return the body of a call."""
    named = {"name": task.replace("-", "_"), "strict": True, "schema": schema}
    formats: dict[str, dict[str, Any]] = {
        "json_schema": {"response_format": {"type": "json_schema", "json_schema": named}},
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
    asked = {
        **settings.further,
        "model": settings.model,
        "messages": list(messages),
        "temperature": settings.temperature,
        **({"top_p": settings.top_p} if settings.top_p is not None else {}),
        "max_tokens": settings.max_tokens,
        "seed": seed,
        "stream": False,
        **formats[settings.answers],
    }
    return json.dumps(asked, ensure_ascii=False).encode("utf-8")


class Endpoint:
    """A server that is asked; each thread keeps a connection of its own."""

    def __init__(self, settings: ModelSettings) -> None:
        self._url = settings.endpoint.rstrip("/") + "/chat/completions"
        self._timeout_s = settings.timeout_s
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if settings.key_from:
            self._headers["Authorization"] = f"Bearer {_read_key(settings.key_from)}"

    def call(self, body: bytes) -> Reply:
        """Return what a call brings; whatever goes wrong on the way is named in the reply."""
        began = time.monotonic()
        try:
            return self._call(body, began)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            failure, detail = name_failure(error)
            return Reply(0, b"", time.monotonic() - began, failure, detail)

    def _call(self, body: bytes, began: float) -> Reply:
        timeout = (min(CONNECT_S, self._timeout_s), self._timeout_s)
        # A redirect would take the words to a server that nobody named.
        with _session().post(
            self._url, data=body, headers=self._headers, timeout=timeout, stream=True, allow_redirects=False
        ) as answer:
            content = bytearray()
            while chunk := answer.raw.read1(CHUNK, decode_content=True):
                content += chunk
                if len(content) > MOST_BYTES:
                    return self._fail(answer, began, "too_large", f"more than {MOST_BYTES:,} bytes")
                if time.monotonic() - began > self._timeout_s:
                    return self._fail(answer, began, "timed_out", f"no whole answer in {self._timeout_s:g} s")
            if answer.status_code != 200:
                return self._fail(answer, began, f"http_{answer.status_code}", "")
            return Reply(200, bytes(content), time.monotonic() - began)

    @staticmethod
    def _fail(answer: requests.Response, began: float, failure: str, detail: str) -> Reply:
        try:
            after = Retry().get_retry_after(answer.raw)
        except (urllib3.exceptions.HTTPError, ValueError, OverflowError):
            after = None
        return Reply(answer.status_code, b"", time.monotonic() - began, failure, detail, after)


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_own, "session", None)
    if session is None:
        session = _own.session = requests.Session()
        session.trust_env = False  # no proxy and no password file of the machine gets to see the words
    return session


def _read_key(variable: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        problem, remedy = "is not set", f"set it: export {variable}=…"
        raise InputError([Fault(variable, problem, "the key of the server, in the environment", remedy)])
    return key


def name_host(endpoint: str) -> str:
    """Return the host of an address, in lower case."""
    return (urlsplit(endpoint).hostname or "").lower()


def is_here(host: str) -> bool:
    """Return whether a host is this machine, by its address or as localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_consent(endpoint: str, consented: str) -> str:
    """Return the host to which words of sources are sent; '' for this machine.

    Raises InputError if they would leave it without anybody having said so.
    """
    host = name_host(endpoint)
    if is_here(host):
        return ""
    if consented.lower() != host:
        problem = "is not this machine: words of your sources would be sent there"
        remedy = f"if you may send them there, add --send-words-to {host}"
        raise InputError([Fault("endpoint", problem, "a server of this machine", remedy, value=host)])
    return host
