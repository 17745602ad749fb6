"""Ask a model about a thousand units at fifty milliseconds each, eight at once; and twice as many, for the memory.

The server runs in a process of its own and answers after the delay, whatever comes. The bound is what the calls take
if no moment is lost between them. Memory is that of this process after a tenth of the units, and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from figures import Figure, start_afresh, write_figures
from graylit.models.asking import Budget, Tally
from graylit.models.running import Asked, Run
from graylit.study.writing import read_clock

sys.path.insert(0, "tests")
from model_servers import SETTINGS, Say, format_body
from screening_desks import list_candidates, write_screened

ANSWER = Say({"reason": "It speaks of barrels.", "decision": "include", "criterion_id": ""})


def serve(delay_s: float, told: Connection) -> None:
    """Serve a model that answers after a delay, until the process is ended; tell the port."""
    body = format_body(ANSWER)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:  # the client has hung up
                writer.close()
                return
            length = next(int(line.split(b":")[1]) for line in request.split(b"\r\n") if b"ontent-Length" in line)
            await reader.readexactly(length)
            await asyncio.sleep(delay_s)
            writer.write(head + body)

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def ask(folder: Path, port: int, n_units: int, at_once: int) -> tuple[float, float, float]:
    """Return how long a run took, in seconds, and the memory after a tenth of it and at its end, in MB."""
    write_screened(folder, list_candidates(n_units))
    settings = {**SETTINGS, "endpoint": f"http://127.0.0.1:{port}/v1", "at_once": at_once}
    (folder / "config/models").mkdir()
    (folder / "config/models/M1.yaml").write_text(json.dumps(settings), encoding="utf-8")
    run = Run(folder, Asked("screen", "M1"), Budget(), read_clock)
    process, early = psutil.Process(), 0.0

    def note(n_begun: int, n_units: int, tally: Tally) -> None:
        nonlocal early
        if not early and tally.n_answered * 10 >= n_units:
            early = process.memory_info().rss / 1e6

    began = time.monotonic()
    ended = run.ask(note)
    seconds = time.monotonic() - began
    assert ended.tally.n_answered == n_units, ended
    return seconds, early, process.memory_info().rss / 1e6


def main(n_units: int, at_once: int, delay_s: float, work: Path) -> bool:
    """Return whether a run took no more than a fifth above the bound."""
    start_afresh(work)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(delay_s, theirs), daemon=True)
    server.start()
    port = ours.recv()
    bound = n_units * delay_s / at_once
    seconds, early, late = ask(work / "once", port, n_units, at_once)
    _, _, twice = ask(work / "twice", port, 2 * n_units, at_once)
    server.terminate()
    return write_figures(
        "asking",
        [
            Figure("units", n_units, "units"),
            Figure("seconds", seconds, "s", f"<= {1.2 * bound:g}"),
            Figure("of_the_bound", seconds / bound, "times", "<= 1.2"),
            Figure("memory_early", early, "MB"),
            Figure("memory_late", late, "MB"),
            Figure("memory_of_twice_as_many", twice, "MB", f"<= {early + 40:.0f}"),
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000, help="units (1000)")
    parser.add_argument("--at-once", type=int, default=8, help="calls at the same time (8)")
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that an answer takes (0.05)")
    parser.add_argument("--work", type=Path, default=Path("results/bench/asking"), help="folder for the studies")
    asked = parser.parse_args()
    sys.exit(not main(asked.units, asked.at_once, asked.delay, asked.work))
