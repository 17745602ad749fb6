"""`graylit verify` makes the orders of a screening again and names the rows whose place does not follow."""

import csv

import pytest

from graylit.commands.verify import verify_orders
from graylit.preparation.candidate_words import read_pages, read_ranker
from graylit.screening.showing import Shown
from graylit.screening.stopping import list_decided
from graylit.study.study import SCREENED, read_tables
from graylit.tables.screening import SCREENINGS
from running import call_graylit
from tiny_study import write_study
from warc_records import Made, make_answer, write_warc

TITLES = ("Rain barrels and their mesh", "Bank rates of the quarter")


@pytest.fixture
def folder(tmp_path):
    """A study in which ANNA screened eight of twelve candidates in ranked order."""
    folder = write_candidates(tmp_path, TITLES)
    screen_ranked(folder)
    return folder


def write_candidates(folder, titles):
    """Write a study of twelve candidates that bear two titles in turn."""
    write_study(folder)
    (folder / "config/screening").mkdir()
    lines = [f"H{n:02d},https://a.example/{n},{titles[n % 2]},a search" for n in range(12)]
    (folder / "config/screening/candidates.csv").write_text(
        "\n".join(["candidate_id,url,title,found_by", *lines, ""]), encoding="utf-8"
    )
    (folder / "config/screening/criteria.csv").write_text(
        "criterion_id,kind,name,definition,status\nE1,exclusion,Off topic,,active\n", encoding="utf-8"
    )
    return folder


def screen_ranked(folder):
    """Screen eight candidates in ranked order as ANNA, who includes those of the first title; return the last order."""
    study, _ = read_tables(folder, SCREENED)
    ranker, rows = read_ranker(study, read_pages(folder, study)), []
    for number in range(8):
        decided = {name: row["decision"] for name, row in list_decided(rows).items()}
        order = ranker.make("ranked", decided, number, "ANNA")
        row = {"screening_id": f"ANNA-{number}", "candidate_id": order.candidate_ids[0], "screener": "ANNA"}
        is_in = int(order.candidate_ids[0][1:]) % 2 == 0
        row |= {"round": "1", "decision": "include" if is_in else "exclude", "criterion_id": "" if is_in else "E1"}
        rows.append(row | Shown(order.candidate_ids[0], order).cells | {"n_learnt": str(number)})
    with (folder / "config/screening/screenings.csv").open("w", encoding="utf-8", newline="") as lines:
        written = csv.DictWriter(lines, SCREENINGS.names, restval="", lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
    return rows


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


def capture(folder, *numbers):
    """Capture the pages of candidates, which tell by their words what their titles do not."""
    tales = ("Rain barrels need a mesh of steel against leaves. ", "The bank raised its rates in the last quarter. ")
    pages = [
        Made("response", make_answer(f"<p>{tales[n % 2] * 40} {n}</p>".encode()), f"https://a.example/{n}")
        for n in numbers
    ]
    archive = write_warc(folder.with_name(f"pages-{numbers[0]}.warc.gz"), *pages)
    names = " ".join(f"H{n:02d}" for n in numbers)
    done = call_graylit("-C", folder, "collect", "--no-live", "--archive", archive, "--candidates", names)
    assert done.returncode == 0, done.stderr


def test_words_of_captured_pages_rank_and_pages_captured_later_do_not_change_what_was_ranked(tmp_path):
    folder = write_candidates(tmp_path / "study", ("A page", "A page"))
    capture(folder, *range(8))
    rows = screen_ranked(folder)
    assert [(row["shown"], row["n_pages"]) for row in rows] == [("listed", "")] * 2 + [("ranked", "8")] * 6
    assert [row["decision"] for row in rows][2:5] == ["include"] * 3
    assert verify_orders(folder) == ("8 ranks of the screening made again", [])
    capture(folder, 8, 9)
    assert verify_orders(folder) == ("8 ranks of the screening made again", [])
    digest = rows[5]["order_sha256"]
    change(folder, "screenings.csv", f"ranked,1,5,{digest},8", f"ranked,4,5,{digest},10")
    assert "1 was given to other candidates, texts or versions" in verify_orders(folder)[0]
