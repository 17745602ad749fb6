"""A scripted reader of claims, whose desk is killed while it saves, loses nothing that was called saved."""

import random
import re
import subprocess

from playwright.sync_api import expect

from claim_desks import N_FIRST, read_readings, write_claimed
from desks import assert_no_fault, serve_page

SAVED = re.compile(r"Saved: (.+): (\S+) at (\S+)")
WAIT_MS = 120_000  # an end to every wait; a machine may be busy
KINDS = {"supports": "s", "partly": "p", "against": "a", "not about it": "o"}


def read_on(page, pid, kills, said):
    """Read until nothing is left (returns True), or until the desk was killed."""
    while True:
        page.locator("#pair h1").wait_for()
        if page.locator("#pair .claim").count() == 0:
            return True
        claim_id, coding_id, _ = page.title().split(" · ")
        kind = random.Random(claim_id + coding_id).choice(sorted(KINDS))
        killer = None
        if kills and len(said) + 1 >= kills[0]:
            kills.pop(0)
            pause = random.Random(len(said)).uniform(0, 0.05)
            killer = subprocess.Popen(["sh", "-c", f"sleep {pause}; kill -9 {pid}"])
        page.keyboard.press(KINDS[kind])
        waited = re.compile(rf"Not called saved|Saved: .*: {claim_id} at {coding_id}$")
        expect(page.locator("#saved")).to_have_text(waited, timeout=WAIT_MS)
        if found := SAVED.fullmatch(page.locator("#saved").inner_text()):
            said.append(found.groups())
        if killer:
            killer.wait()
            return False


def test_no_reading_that_was_called_saved_is_lost_and_none_stands_twice(chromium, tmp_path):
    study, kills, said, n_desks, is_through = write_claimed(tmp_path / "study"), [2, 4], [], 0, False
    while not is_through:
        n_desks += 1
        with serve_page(study, "ANN") as server:
            page = chromium.new_page()
            page.set_default_timeout(WAIT_MS)
            page.goto(server.turn_to("check-claims").address)
            is_through = read_on(page, server.process.pid, kills, said)
            page.close()
    kept = [
        (row["reading"].replace("not_about", "not about it"), row["claim_id"], row["coding_id"])
        for row in read_readings(study)
    ]
    assert (n_desks, kills) == (3, [])
    assert set(said) <= set(kept)
    assert len({pair[1:] for pair in kept}) == len(kept) == N_FIRST
    assert_no_fault(study)
