"""What a check says of a screening that goes on: how far each screener is, and nothing of what others decided."""

import pytest

from desks import list_people
from graylit.study.checking import read_study
from graylit.study.open_screenings import remark_open
from graylit.study.remarks import list_remarks
from graylit.tables.faults import describe_faults
from graylit.tables.screening import DUPLICATE_CANDIDATES
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened

HEADER = "screening_id,candidate_id,screener,round,decision,criterion_id,settles,shown\n"


@pytest.fixture
def folder(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(6))


def decide(folder, *rows):
    """Write decisions, given as candidate's number, screener, decision and, if need be, how it was shown."""
    cells = [(f"D{at}", f"H{n:05d}", name, made, *more) for at, (n, name, made, *more) in enumerate(rows)]
    lines = [
        f"{row_id},{page},{name},1,{made},{'E1' if made == 'exclude' else ''},,{''.join(more)}\n"
        for row_id, page, name, made, *more in cells
    ]
    (folder / SCREENINGS_FILE).write_text(HEADER + "".join(lines))


def told(folder):
    """Return what a check says, faults and remarks."""
    study, faults = read_study(folder)
    return describe_faults([*faults, *list_remarks(study, folder)])


def test_it_says_how_far_each_screener_is_and_names_no_decision(folder):
    decide(folder, *((n, "ANNA", "include" if n < 3 else "exclude") for n in range(1, 7)))
    said = told(folder)
    assert "BEN: 0 of 6" in said and "ANNA" not in said
    assert "included" not in said and "differ" not in said


def test_what_screeners_differ_on_is_named_only_when_all_are_through(folder):
    rows = [(n, name, "include") for n in range(1, 6) for name in ("ANNA", "BEN")]
    rows[1] = (1, "BEN", "exclude")
    decide(folder, *rows, (6, "ANNA", "include"))
    assert "H00001" not in told(folder) and "BEN: 5 of 6" in told(folder)
    decide(folder, *rows, (6, "ANNA", "include"), (6, "BEN", "include"))
    assert "differ on or are unsure about, 1 candidate: H00001" in told(folder)


def test_before_any_decision_it_says_how_many_are_not_screened_and_how(folder):
    (folder / "config/people.csv").unlink()
    (remark,) = remark_open(read_study(folder)[0])
    assert "no decision on 6 of 6 candidates" in remark.problem and "graylit desk --as" in remark.remedy


def test_pairs_that_the_last_review_merged_are_one_page_to_screen(folder):
    list_people(folder, ANNA="screener", BEN="screener")
    decide(folder, *((n, name, "include") for n in (1, 3, 4, 5, 6) for name in ("ANNA", "BEN")))
    assert "5 of 6" in told(folder)
    made = folder / "data/processed/duplicate_candidates.csv"
    made.parent.mkdir(parents=True)
    cells = {"candidate_id": "H00001", "other_id": "H00002", "status": "merged", "sign": "variant", "score": "1"}
    blank = dict.fromkeys(DUPLICATE_CANDIDATES.names, "")
    made.write_text(",".join(blank) + "\n" + ",".join((blank | cells).values()) + "\n")
    assert remark_open(read_study(folder)[0]) == []


def test_decisions_on_either_address_of_a_page_count_for_it(folder):
    table = folder / "config/screening/candidates.csv"
    table.write_text(table.read_text().replace("found_by\n", "found_by,duplicate_of\n").replace("X01\n", "X01,\n"))
    table.write_text(
        table.read_text().replace(
            "Barrel number 2,Garden Club,blog-post,2024-05,X01,",
            "Barrel number 2,Garden Club,blog-post,2024-05,X01,H00001",
        )
    )
    decide(folder, *((n, "ANNA", "include") for n in range(2, 7)), *((n, "BEN", "include") for n in (1, 3, 4, 5, 6)))
    assert remark_open(read_study(folder)[0]) == []


def test_a_screener_who_stopped_by_the_rule_keeps_nobody_waiting(folder):
    first = [(n, name, "include", "ranked") for n in range(1, 4) for name in ("ANNA", "BEN")]
    drawn = [(n, name, "exclude", "drawn") for n in (4, 5) for name in ("ANNA", "BEN")]
    config = folder / "config/config.yaml"
    decide(folder, *first, *drawn)
    assert "BEN: 5 of 6" in told(folder)
    config.write_text(config.read_text() + "stopping:\n  recall: 0.6\n  confidence: 0.5\n")
    assert "5 of 6" not in told(folder)
