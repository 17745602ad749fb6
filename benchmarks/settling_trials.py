"""A scripted adjudicator in a real Chromium, whose desk is killed while it saves."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, "tests")
from coding_desks import ADJUDICATIONS_FILE, ROLES, SEGMENTS_FILE
from conftest import read_table
from desks import list_people, serve_page, write_readable

WAIT_MS = 120_000  # an end to every wait; a machine may be busy
KEYS = ("1", "2", "s", "f", "r")
SAVED = re.compile(r"Saved: (.+) on (\S+)")
CODINGS = "coding_id,source_id,start,end,code_id,round,coded_at\n"


def write_disputed(folder: Path, n: int) -> Path:
    """Write a study with a text of `n` segments, to each of which two coders have given different codes."""
    text = "# Barrels\n\n" + "\n\n".join(
        f"Barrel number {i} holds water and leads it away in spring." for i in range(1, n + 1)
    )
    write_readable(folder, {"S001": text + "\n"})
    list_people(folder, **ROLES)
    segments = read_table(folder / SEGMENTS_FILE)
    for coder, codes in (("A", ("C01", "C01")), ("B", ("C02", ""))):
        rows = [
            f"{coder}-{i:04d},S001,{row['start']},{row['end']},{codes[i % 2]},1,2026-02-01\n"
            for i, row in enumerate(segments, 1)
            if codes[i % 2]
        ]
        (folder / f"config/coding/codings/{coder}.csv").write_text(CODINGS + "".join(rows), encoding="utf-8")
    passes = "coder,round,source_id,finished_at\nA,1,S001,2026-02-02\nB,1,S001,2026-02-02\n"
    (folder / "config/coding/passes.csv").write_text(passes, encoding="utf-8")
    return folder


class Adjudicator:
    """An adjudicator of a script: settles what the page shows, by a draw that depends on the unit alone."""

    def __init__(self, browser: Browser, study: Path, kills: set[int]) -> None:
        self.browser, self.study, self.kills = browser, study, kills
        self.acknowledged: list[tuple[str, str]] = []  # what the page called saved, and the unit
        self.n_decided = self.n_killed = 0
        self.n_keys: list[int] = []  # beside the reasons, of each decision

    def work(self) -> None:
        """Settle all that is left, and begin anew after each kill."""
        while True:
            with serve_page(self.study, "CLEO") as server, ExitStack() as opened:
                page = self.browser.new_page()
                opened.callback(page.close)
                page.set_default_timeout(WAIT_MS)
                page.goto(server.turn_to("adjudicate").address)
                if self._work_on(page, server.process.pid):
                    return

    def _work_on(self, page: Page, pid: int) -> bool:
        """Settle until nothing is left (returns True), or until the desk was killed."""
        while unit_id := self._read_shown(page):
            self.n_decided += 1
            draw = random.Random(f"{unit_id} {self.n_decided}")
            is_killed = self.n_decided in self.kills
            self._settle(page, draw, pid if is_killed else 0)
            said = re.compile(rf"Not called saved|Saved: .* on {re.escape(unit_id)}$")
            expect(page.locator("#saved")).to_have_text(said, timeout=WAIT_MS)
            if found := SAVED.fullmatch(page.locator("#saved").inner_text()):
                self.acknowledged.append((found[1], found[2]))
            if is_killed:
                self.n_killed += 1
                return False
        return True

    def _settle(self, page: Page, draw: random.Random, pid: int) -> None:
        """Decide by one key or two, and say why; the desk is killed a moment after the last key, if `pid` says so."""
        choices = page.locator("#choices [data-do=only]").count()
        key = draw.choice([key for key in KEYS if key != "2" or choices > 1])
        page.keyboard.press(key)
        self.n_keys.append(1)
        if key == "r":
            page.keyboard.type("wet")
            page.keyboard.press("Enter")
            self.n_keys[-1] += 1
        page.keyboard.type(f"because of {draw.randrange(5)}")
        if pid:
            pause = draw.uniform(0, 0.05)
            self.killer = subprocess.Popen(["sh", "-c", f"sleep {pause}; kill -9 {pid}"])
        page.keyboard.press("Enter")
        if pid:
            self.killer.wait()

    def _read_shown(self, page: Page) -> str:
        """Return the unit that the page shows once it is drawn; '' if nothing is left."""
        page.locator("#dispute h1").wait_for()
        facts = page.locator("#dispute .facts span").nth(1)
        return facts.inner_text() if facts.count() else ""


def settle_whole(browser: Browser, study: Path, n: int, n_kills: int) -> dict[str, int]:
    """Have an adjudicator settle `n` disputes while the desk is killed; return what was seen."""
    write_disputed(study, n)
    with (study / "config/coding/codebook.csv").open("a", encoding="utf-8") as table:
        table.write("C04,Wet feet,A bed that likes water,,,active,\n")
    kills = set(random.Random(n_kills).sample(range(2, n), n_kills))
    worker = Adjudicator(browser, study, kills)
    worker.work()
    rows = read_table(study / ADJUDICATIONS_FILE)
    segments = [row["segment_id"] for row in read_table(study / SEGMENTS_FILE)]
    settled = Counter(coding_id for row in rows for coding_id in row["coding_ids"].split("; "))
    units = {segments[int(coding_id.rpartition("-")[2]) - 1] for coding_id in settled}
    n_disputed = sum(1 for coder in "AB" for _ in read_table(study / f"config/coding/codings/{coder}.csv"))
    return {
        "disputes": len(segments),
        "kills": worker.n_killed,
        "acknowledged": len(worker.acknowledged),
        "lost": len({unit_id for _, unit_id in worker.acknowledged} - units),
        "twice": sum(times > 1 for times in settled.values()),
        "missing": n_disputed - len(settled),
        "most_keys": max(worker.n_keys),
    }
