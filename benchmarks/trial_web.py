"""A web to try collectors on: many hosts behind one proxy on the loopback interface, slow, some of them faulty."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

DRIP_S = 0.05
PERMANENT = ("silent", "drip", "endless", "bomb", "loop", "short", "garbage", "busy")
PASSING = ("error", "wait", "cut", "reset")  # at first; the second request is answered


@dataclass(frozen=True)
class TrialWeb:
    """A running web: its proxy, the pages of good hosts by address, and the addresses of faulty hosts by fault."""

    proxy: str
    pages: dict[str, bytes]
    faulty: dict[str, str]
    n_most_at_once: Mapping[str, int]


def place_pages(bodies: list[bytes], n_hosts: int, n_on_busiest: int) -> dict[str, bytes]:
    """Return pages by address: one host with many, the others with as even shares as can be."""
    pages = {f"http://host00.example/page/{number}": body for number, body in enumerate(bodies[:n_on_busiest])}
    for number, body in enumerate(bodies[n_on_busiest:]):
        pages[f"http://host{1 + number % (n_hosts - 1):02d}.example/page/{n_on_busiest + number}"] = body
    return pages


def find_lower_bound(pages: Mapping[str, bytes], delay_s: float, latency_s: float, hosts_at_once: int) -> float:
    """Return the seconds that nobody can undercut who asks each host's robots.txt and pages, one after the other.

    Requests to a host begin `delay_s` apart; and no more than `hosts_at_once` requests are under way.
    """
    counts = Counter(urlsplit(url).hostname for url in pages)
    busiest = max(counts.values()) * delay_s + latency_s
    return max(busiest, (len(pages) + len(counts)) * latency_s / hosts_at_once)


class _Proxy:
    """Answers for every host; counts how many requests each host had at once."""

    def __init__(self, pages: Mapping[str, bytes], latency_s: float) -> None:
        self._pages, self._latency_s = pages, latency_s
        self._n_asked: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until it is closed."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                url = head.split(b" ", 2)[1].decode("latin-1")
                host = urlsplit(url).hostname or ""
                self._now[host] += 1
                self.most[host] = max(self.most[host], self._now[host])
                try:
                    await asyncio.sleep(self._latency_s)
                    if not await self._say(url, host, writer):
                        break
                finally:
                    self._now[host] -= 1
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    async def _say(self, url: str, host: str, writer: asyncio.StreamWriter) -> bool:
        """Send the answer for an address; return whether the connection stays open."""
        fault = host.partition(".")[0]
        if url.endswith("/robots.txt"):
            return await _send(writer, b"", "404 Not Found")
        if url in self._pages:
            return await _send(writer, self._pages[url])
        self._n_asked[url] += 1
        if fault in PASSING and self._n_asked[url] > 1:
            return await _send(writer, GOOD)
        return await _FAULTS[fault](writer, url)


GOOD = b"<!DOCTYPE html><html><head><title>Good</title></head><body>" + b"<p>A page with words.</p>" * 200


async def _send(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", *fields: str) -> bool:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *fields]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()
    return True


async def _stay_silent(writer: asyncio.StreamWriter, url: str) -> bool:
    await asyncio.sleep(3600)
    return False


async def _drip(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _repeat(writer, b"a")


async def _never_end(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _repeat(writer, b"word " * 20_000)


async def _repeat(writer: asyncio.StreamWriter, part: bytes) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(DRIP_S)


async def _bomb(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _send(writer, gzip.compress(bytes(200_000_000), 6), "200 OK", "Content-Encoding: gzip")


async def _loop(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _send(writer, b"", "302 Found", f"Location: {url}")


async def _cut(writer: asyncio.StreamWriter, url: str) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n" + GOOD[:100])
    await writer.drain()
    return False


async def _garble(writer: asyncio.StreamWriter, url: str) -> bool:
    writer.write(b"\x16\x03\x01 no HTTP\r\n\r\n" * 4)
    await writer.drain()
    return False


async def _be_busy(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _send(writer, b"", "503 Service Unavailable")


async def _fail(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _send(writer, b"", "500 Internal Server Error")


async def _ask_to_wait(writer: asyncio.StreamWriter, url: str) -> bool:
    return await _send(writer, b"", "429 Too Many Requests", "Retry-After: 1")


async def _reset(writer: asyncio.StreamWriter, url: str) -> bool:
    writer.transport.abort()
    return False


_FAULTS = {
    "silent": _stay_silent,
    "drip": _drip,
    "endless": _never_end,
    "bomb": _bomb,
    "loop": _loop,
    "short": _cut,
    "garbage": _garble,
    "busy": _be_busy,
    "error": _fail,
    "wait": _ask_to_wait,
    "cut": _cut,
    "reset": _reset,
}


def _serve(pages: dict[str, bytes], latency_s: float, most: dict[str, int], port: multiprocessing.Queue) -> None:
    async def run() -> None:
        proxy = _Proxy(pages, latency_s)
        server = await asyncio.start_server(proxy.answer, "127.0.0.1", 0, backlog=500)
        port.put(server.sockets[0].getsockname()[1])
        while True:
            await asyncio.sleep(0.5)
            most.update(proxy.most)

    asyncio.run(run())


@contextmanager
def serve_trial_web(pages: dict[str, bytes], latency_s: float) -> Iterator[TrialWeb]:
    """Serve pages, and one page of each fault, in a process of its own until the block ends."""
    with multiprocessing.Manager() as manager:
        most = manager.dict()
        port: multiprocessing.Queue[int] = multiprocessing.Queue()
        process = multiprocessing.Process(target=_serve, args=(pages, latency_s, most, port), daemon=True)
        process.start()
        try:
            faulty = {fault: f"http://{fault}.example/page/{fault}" for fault in (*PERMANENT, *PASSING)}
            yield TrialWeb(f"http://127.0.0.1:{port.get(timeout=20)}", pages, faulty, most)
            time.sleep(0.6)
        finally:
            process.kill()
            process.join()
