"""An author whose desk is killed while it saves: what was called saved is there, and each decision is whole."""

import http.client
import json
import random
import threading

from boards import write_coded
from conftest import read_table
from desks import assert_no_fault, serve_page

N_GUIDELINES, N_KILLS = 16, 4


class Author:
    """An author who writes practices and guidelines by the routes of a desk, as its page does."""

    def __init__(self, study):
        self.study, self.saved, self.n_killed = study, [], 0
        self.draw = random.Random(7)

    def write_on(self, desk, process):
        """Write until all is written (returns True), or until the desk was killed."""
        board = json.loads(desk.ask("board")[2])
        if not board["themes"]:
            board = self.decide(desk, board, "save_theme", name="Water", code_ids="C01; C02; C04")
        if self.n_killed < N_KILLS:
            threading.Timer(self.draw.uniform(0.05, 0.6), process.kill).start()
        while len(board["guidelines"]) < N_GUIDELINES:
            waiting = [one["practice_id"] for one in board["practices"] if one["state"] == "open"]
            if not waiting:
                board = self.decide(desk, board, "save_practice", name="Sieve", statement="Put it on.", code_ids="C01")
                continue
            number = len(board["guidelines"]) + 1
            asked = {"name": f"Guideline {number}", "statement": "Do so.", "theme_id": "T01", "code_ids": "C01"}
            board = self.decide(desk, board, "save_guideline", **asked, practice_ids=waiting[0])
        return True

    def decide(self, desk, board, kind, **asked):
        status, _, body = desk.send("board", {"kind": kind, "version": board["version"], **asked}, Origin=desk.origin)
        assert status == 200, body
        self.saved.append((kind, json.loads(body)["ids"][0]))
        return json.loads(body)["board"]


def test_decisions_on_several_tables_are_whole_however_often_the_desk_is_killed(tmp_path):
    author, is_through = Author(write_coded(tmp_path / "study")), False
    while not is_through:
        with serve_page(author.study, "Ana") as server:
            try:
                is_through = author.write_on(server.turn_to("synthesize"), server.process)
            except (OSError, http.client.HTTPException, ValueError):
                author.n_killed += 1
    assert author.n_killed >= 1
    synthesis = author.study / "config/synthesis"
    guidelines, practices = read_table(synthesis / "guidelines.csv"), read_table(synthesis / "practices.csv")
    ids = {row["guideline_id"] for row in guidelines}
    assert len(guidelines) == len(ids) == N_GUIDELINES
    merged = [row["guideline_id"] for row in practices if row["guideline_id"]]
    assert sorted(merged) == sorted(ids)  # none without its practice, none merged twice
    known = ids | {row["practice_id"] for row in practices} | {"T01"}
    assert {row_id for _, row_id in author.saved} <= known
    assert not (author.study / ".graylit.pending.new").exists()
    assert_no_fault(author.study)
