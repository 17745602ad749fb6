"""Scripted screeners in a real Chromium, whose desk is killed while it saves; and a long run of decisions."""

from __future__ import annotations

import csv
import http.client
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, "tests")
from desks import serve_page
from screening_desks import list_candidates, read_screenings, serve_screener, write_screened

WAIT_MS = 120_000  # an end to every wait; a machine may be busy
KEYS = {"include": "i", "E1": "1", "E2": "2", "unsure": "m"}
SAVED = re.compile(r"Saved: (.+) on (\S+)")


def read_corpus(corpus: Path) -> list[dict[str, str]]:
    """Return the pages of the corpus as candidates."""
    with (corpus / "sources.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    copied = ("url", "title", "publisher", "source_type", "published")
    return [{"candidate_id": row["id"], **{name: row[name] for name in copied}, "found_by": "X01"} for row in rows]


class Screener:
    """A screener of a script: decides on what the page shows, by a draw that depends on name and candidate alone."""

    def __init__(self, browser: Browser, study: Path, name: str, task: str, kills: set[int]) -> None:
        self.browser, self.study, self.name, self.task, self.kills = browser, study, name, task, kills
        self.acknowledged: list[tuple[str, str]] = []  # what the page called saved: decision and candidate
        self.n_decided = self.n_killed = 0

    def choose(self, candidate_id: str) -> str:
        """Return what the screener decides on a candidate."""
        chances = [("include", 6), ("E1", 2), ("E2", 1), ("unsure", 1 if self.task == "screen" else 0)]
        names, weights = zip(*chances, strict=True)
        return str(random.Random(f"{self.name} {candidate_id}").choices(names, weights)[0])

    def work(self) -> None:
        """Decide on all that is left, and begin anew after each kill."""
        while True:
            with serve_page(self.study, self.name) as server, ExitStack() as opened:
                page = self.browser.new_page()
                opened.callback(page.close)
                page.set_default_timeout(WAIT_MS)
                page.goto(server.turn_to(self.task).address)
                if self._work_on(page, server.process.pid):
                    return

    def _work_on(self, page: Page, pid: int) -> bool:
        """Decide until nothing is left (returns True), or until the desk was killed."""
        moments = random.Random(f"{self.name} {self.n_decided}")
        while candidate_id := self._read_shown(page):
            self.n_decided += 1
            is_killed = self.n_decided in self.kills
            if is_killed:
                self.n_killed += 1
                pause = moments.uniform(0, 0.05)
                killer = subprocess.Popen(["sh", "-c", f"sleep {pause}; kill -9 {pid}"])
            page.keyboard.press(KEYS[self.choose(candidate_id)])
            said = re.compile(rf"Not called saved|Saved: .* on {re.escape(candidate_id)}$")
            expect(page.locator("#saved")).to_have_text(said, timeout=WAIT_MS)
            if found := SAVED.fullmatch(page.locator("#saved").inner_text()):
                self.acknowledged.append((found[1], found[2]))
            if is_killed:
                killer.wait()
                return False
        return True

    def _read_shown(self, page: Page) -> str:
        """Return the candidate that the page shows once it is drawn; '' if nothing is left."""
        page.locator("#candidate h1").wait_for()
        facts = page.locator("#candidate .facts span").first
        return facts.inner_text() if facts.count() else ""


def screen_whole(browser: Browser, candidates: list[dict[str, str]], study: Path, n_kills: int) -> dict[str, int]:
    """Have two screeners decide on all candidates and a third one settle; return what was seen."""
    write_screened(study, candidates)
    draw = random.Random(n_kills)
    each = (n_kills + 1) // 2
    moments = [set(draw.sample(range(2, len(candidates)), n)) for n in (each, n_kills - each)]
    workers = [
        Screener(browser, study, "ANNA", "screen", moments[0]),
        Screener(browser, study, "BEN", "screen", moments[1]),
        Screener(browser, study, "CLEO", "settle", set()),
    ]
    for worker in workers:
        worker.work()
    rows = [row for row in read_screenings(study) if row["decision"]]
    kept = {
        (row["screener"], " ".join(filter(None, [row["decision"], row["criterion_id"]])), row["candidate_id"])
        for row in rows
    }
    said = {(worker.name, *one) for worker in workers for one in worker.acknowledged}
    times = Counter((row["screener"], row["candidate_id"]) for row in rows)
    own = [row for row in rows if not row["settles"]]
    return {
        "candidates": len(candidates),
        "kills": sum(worker.n_killed for worker in workers),
        "acknowledged": len(said),
        "settled": len(rows) - len(own),
        "lost": len(said - kept),
        "twice": sum(n > 1 for n in times.values()),
        "missing": 2 * len(candidates) - len(own),
    }


def soak(study: Path, n: int) -> tuple[list[float], int]:
    """Have a screener decide on `n` candidates after another one has; return seconds of each, and rows that lack."""
    write_screened(study, list_candidates(n), ANNA="screener", BEN="screener")
    header = "screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles,replaces\n"
    with (study / "config/screening/screenings.csv").open("w", encoding="utf-8") as table:
        table.write(header)
        table.writelines(f"BEN-s{i:04d},H{i:05d},BEN,1,include,,,2026-02-01T10:00:00Z,,\n" for i in range(1, n + 1))
    seconds = []
    with serve_screener(study, "ANNA") as server:
        address = urlsplit(server.address)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=600)
        connection.request("GET", f"{address.path}next")
        state = json.loads(connection.getresponse().read())
        headers = {"Origin": server.origin, "Content-Type": "application/json"}
        while one := state["candidate"]:
            body = json.dumps({"kind": "include", "version": one["version"]}).encode()
            started = time.perf_counter()
            connection.request("POST", f"{address.path}candidates/{one['candidate_id']}", body, headers)
            state = json.loads(connection.getresponse().read())
            seconds.append(time.perf_counter() - started)
        connection.close()
    own = [row["candidate_id"] for row in read_screenings(study) if row["screener"] == "ANNA"]
    return seconds, n - len(set(own)) + len(own) - len(set(own))
