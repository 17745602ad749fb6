"""`graylit verify` makes the orders of a screening again and names the rows whose place does not follow."""

import csv

import pytest

from graylit.commands.verify import verify_orders
from graylit.screening.stopping import list_decided
from graylit.study.candidate_words import read_ranker
from graylit.study.study import SCREENED, read_tables
from graylit.tables.screening import SCREENINGS
from tiny_study import write_study

TITLES = ("Rain barrels and their mesh", "Bank rates of the quarter")


@pytest.fixture
def folder(tmp_path):
    """A study in which ANNA screened eight of twelve candidates in ranked order."""
    folder = write_study(tmp_path)
    (folder / "config/screening").mkdir()
    lines = [f"H{n:02d},https://a.example/{n},{TITLES[n % 2]},a search" for n in range(12)]
    (folder / "config/screening/candidates.csv").write_text(
        "\n".join(["candidate_id,url,title,found_by", *lines, ""]), encoding="utf-8"
    )
    (folder / "config/screening/criteria.csv").write_text(
        "criterion_id,kind,name,definition,status\nE1,exclusion,Off topic,,active\n", encoding="utf-8"
    )
    study, _ = read_tables(folder, SCREENED)
    ranker, rows = read_ranker(study), []
    for number in range(8):
        decided = {name: row["decision"] for name, row in list_decided(rows).items()}
        order = ranker.make("ranked", decided, number, "ANNA")
        row = {"screening_id": f"ANNA-{number}", "candidate_id": order.candidate_ids[0], "screener": "ANNA"}
        is_in = int(order.candidate_ids[0][1:]) % 2 == 0
        row |= {"round": "1", "decision": "include" if is_in else "exclude", "criterion_id": "" if is_in else "E1"}
        rows.append(row | {"shown": order.shown, "rank": "1", "n_learnt": str(number), "order_sha256": order.sha256})
    with (folder / "config/screening/screenings.csv").open("w", encoding="utf-8", newline="") as lines:
        written = csv.DictWriter(lines, SCREENINGS.names, restval="", lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
    return folder


def change(folder, file, old, new):
    path = folder / "config/screening" / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_orders_that_follow_are_counted(folder):
    assert verify_orders(folder) == ("8 ranks of the screening made again", [])


def test_a_rank_that_was_changed_is_a_fault_with_its_row(folder):
    change(folder, "screenings.csv", "ranked,1,5,", "ranked,4,5,")
    faults = verify_orders(folder)[1]
    assert len(faults) == 1
    assert faults[0].startswith("config/screening/screenings.csv: ANNA-5 says that ")
    assert faults[0].endswith(" was ranked at rank 4; in that order, made again, it has 1")


def test_ranks_among_other_candidates_than_today_cannot_be_told(folder):
    change(folder, "candidates.csv", "H00,", "H99,https://a.example/99,Rain barrels,a search\nH00,")
    read, faults = verify_orders(folder)
    assert faults == []
    assert "other candidates, texts or versions than are here" in read
