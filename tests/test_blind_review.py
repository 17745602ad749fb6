"""A review while one of two screeners is not through: nothing that it makes tells what the other one decided."""

import pytest

from archives import PAGES
from conftest import make_study, read_table, run_review, share_folder
from desks import list_makers
from running import call_graylit
from test_small_studies import empty_table, read_words

WORDS = "sells only gravel"  # a reason that the screener gave
TABLES = {
    "candidates": "candidate_id,url,title,found_by\nK1,http://a.example/,A,search\nK2,http://b.example/,B,search\n",
    "criteria": "criterion_id,kind,name,status\nE1,exclusion,off topic,active\n",
    "screenings": "screening_id,candidate_id,screener,round,decision,criterion_id,reason,replaces,screened_at,settles\n"
    f"N1,K1,ANNA,1,exclude,E1,{WORDS},,,\nN2,K2,ANNA,1,include,,,,,\n",
}


def write_half(folder):
    """Write and review a study that ANNA has screened and BEN has not."""
    make_study(folder, {"S001": PAGES[0].url})
    empty_table(folder / "config/sources.csv")
    (folder / "config/screening").mkdir()
    for name, content in TABLES.items():
        (folder / f"config/screening/{name}.csv").write_text(content)
    list_makers(folder, ANNA="screener", BEN="screener")
    run_review(folder)


@pytest.fixture(scope="module")
def half(tmp_path_factory):
    return share_folder(tmp_path_factory, "half", write_half)


def test_no_made_file_holds_a_decision(half):
    made = [path for folder in ("data/processed", "results") for path in (half / folder).rglob("*") if path.is_file()]
    told = [path.name for path in made if WORDS in (words := path.read_text(errors="replace")) or ">N1<" in words]
    assert (len(made) > 20, told) == (True, [])


def test_every_candidate_counts_as_open(half):
    decisions = read_table(half / "data/processed/screening_decisions.csv")
    assert [(row["decision"], row["n_screeners"], row["screening_ids"]) for row in decisions] == [("open", "0", "")] * 2
    assert "2 have not been screened yet" in read_words(half)


def test_the_report_says_how_far_each_screener_is(half):
    assert "The screening goes on (ANNA: 2 of 2, BEN: 0 of 2)" in read_words(half)


def test_a_check_says_who_is_not_through(half):
    said = call_graylit("-C", half, "check").stdout
    assert "BEN: 0 of 2" in said and "K2, include" not in said and "find --include" not in said


def test_when_all_are_through_the_decisions_are_shown(half):
    table = half / "config/screening/screenings.csv"
    table.write_text(table.read_text() + "N3,K1,BEN,1,exclude,E1,,,,\nN4,K2,BEN,1,include,,,,,\n")
    run_review(half)
    assert WORDS in (half / "results/audit/screening.html").read_text()
    assert "each by 2 screeners" in read_words(half)
