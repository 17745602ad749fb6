"""Included candidates become sources by one action, which can be repeated and loses nothing."""

import pytest

from applications import get, open_desk
from conftest import read_table
from desks import list_people
from graylit.search.including import SOURCES_FILE, include_candidates, plan_inclusion
from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from graylit.study.screening_checks import list_unlisted
from graylit.tables.faults import InputError
from running import call_graylit
from tiny_study import replace_once, write_study

CANDIDATES = """\
candidate_id,url,title,publisher,source_type,published,found_by,duplicate_of
{0}001,https://example.org/barrels,Choosing a barrel,Ann Brook,blog-post,2024,google-1,
{0}002,https://example.org/pumps?model=2,Pumps,,,,google-1,
{0}003,https://garden.example/Filters,Filters,,,,google-2,
H010,https://new.example/a,"New, and good",garden club,Vendor-docs,2025-01,google-2,
H011,https://new.example/b,Unpublished,,,,google-2,
H012,https://new.example/a?utm_source=x,Again,,,,google-2,H010
H013,https://new.example/c,Open,,,,google-2,
H014,https://new.example/d,Sales,,,,google-2,
"""
SCREENINGS = """\
screening_id,candidate_id,screener,round,decision,criterion_id,settles
N1,{0}001,A,1,include,,
N2,{0}002,A,1,include,,
N3,{0}003,A,1,include,,
N4,H010,A,1,include,,
N5,H010,B,1,exclude,E1,
N6,H010,C,1,include,,N4; N5
N7,H011,A,1,include,,
N8,H013,A,1,unsure,,
N9,H014,A,1,exclude,E1,
"""


def write_screened(folder, prefix="S"):
    """Write the tiny study with its sources screened, two more candidates included, and others open or excluded."""
    write_study(folder)
    (folder / "config/screening").mkdir()
    criteria = "criterion_id,kind,name,status\nE1,exclusion,Sales,active\n"
    tables = {"candidates": CANDIDATES.format(prefix), "screenings": SCREENINGS.format(prefix), "criteria": criteria}
    for name, content in tables.items():
        (folder / f"config/screening/{name}.csv").write_text(content)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_screened(tmp_path)


def ids_of(folder):
    return [row["source_id"] for row in read_table(folder / SOURCES_FILE)]


def test_included_candidates_become_rows_at_the_end_and_nothing_before_them_changes(folder):
    before = (folder / SOURCES_FILE).read_text()
    included = include_candidates(folder)
    after = (folder / SOURCES_FILE).read_text()
    assert after == before + (
        'H010,https://new.example/a,"New, and good",Garden Club,vendor-docs,2025-01,,,\n'
        "H011,https://new.example/b,Unpublished,not stated,not stated,,,,\n"
    )
    assert (included.n_before, included.uncaptured) == (3, ["H010", "H011"])
    assert read_study(folder)[1] == []


def test_a_check_counts_included_sources_without_publisher_or_kind(folder):
    include_candidates(folder)
    problems = [remark.problem for remark in list_remarks(read_study(folder)[0], folder)]
    assert "does not say the publisher of 1 source: H011" in problems
    assert "does not say the kind of 1 source: H011" in problems


def test_done_twice_it_adds_nothing(folder):
    include_candidates(folder)
    before = (folder / SOURCES_FILE).read_bytes()
    assert include_candidates(folder).added == []
    assert (folder / SOURCES_FILE).read_bytes() == before


def test_sources_with_numbers_of_their_own_go_on_counting(tmp_path):
    folder = write_screened(tmp_path, prefix="H")
    include_candidates(folder)
    assert ids_of(folder) == ["S001", "S002", "S003", "S004", "S005"]


def test_the_first_sources_have_the_ids_of_their_candidates(tmp_path):
    folder = write_screened(tmp_path, prefix="H")
    path = folder / SOURCES_FILE
    path.write_text(path.read_text().split("\n")[0] + "\n")
    for coder in "AB":
        table = folder / f"config/coding/codings/{coder}.csv"
        table.write_text(table.read_text().split("\n")[0] + "\n")
    assert read_study(folder)[1] == []  # before a source is listed, none is missing
    remarks = [remark for remark in list_remarks(read_study(folder)[0], folder) if remark.file == SOURCES_FILE]
    assert [(remark.problem, "graylit find --include" in remark.remedy) for remark in remarks] == [
        ("lists none of the included candidates yet: H001, H002, H003, H010, H011", True)
    ]
    include_candidates(folder)
    assert ids_of(folder) == ["H001", "H002", "H003", "H010", "H011"]


def test_an_id_of_another_page_is_not_used_again(folder):
    replace_once(folder, SOURCES_FILE, "S003,", "H011,")  # the id of the page, by a slip, is another one's
    (folder / "config/coding/codings/A.csv").write_text("coding_id,source_id,code_id\n")
    include_candidates(folder)
    assert ids_of(folder) == ["S001", "S002", "H011", "H015", "H016"]


def test_a_study_with_other_faults_is_left_as_it_is(folder):
    replace_once(folder, "config/screening/screenings.csv", "N9,H014", "N9,H099")
    before = (folder / SOURCES_FILE).read_bytes()
    with pytest.raises(InputError, match="H099"):
        include_candidates(folder)
    assert (folder / SOURCES_FILE).read_bytes() == before


def test_the_command_shows_what_it_adds_and_a_dry_run_adds_nothing(folder):
    before = (folder / SOURCES_FILE).read_bytes()
    said = call_graylit("-C", folder, "find", "--include", "--dry-run")
    assert (folder / SOURCES_FILE).read_bytes() == before
    assert plan_inclusion(folder).n_before == 3
    assert "2 sources added to 3" in said.stdout and "Nothing was written." in said.stdout
    said = call_graylit("-C", folder, "find", "--include").stdout.replace(f"-C {folder} ", "")
    assert said.splitlines() == [
        "config/sources.csv: 2 sources added to 3",
        "  H010  New, and good  https://new.example/a",
        "  H011  Unpublished  https://new.example/b",
        "H010, H011 have no capture yet.",
        "Next: graylit collect, then graylit review",
    ]
    assert "nothing to add" in call_graylit("-C", folder, "find", "--include").stdout
    both = call_graylit("-C", folder, "find", "--include", "--links")
    assert (both.returncode, "name one of" in both.stderr) == (2, True)


def decide_all(folder, *names, decision="include"):
    """List the screeners of the study, and let those named decide on every candidate that stands for a page."""
    list_people(folder, ANNA="screener", BEN="screener", CLEO="settler")
    header = "screening_id,candidate_id,screener,round,decision,criterion_id,settles\n"
    pages = [line.split(",")[0] for line in CANDIDATES.format("S").splitlines()[1:] if not line.endswith(",H010")]
    rows = [f"{name}-{page},{page},{name},1,{decision},," for name in names for page in pages]
    (folder / "config/screening/screenings.csv").write_text(header + "".join(f"{row}\n" for row in rows))
    for coder in "AB":
        (folder / f"config/coding/codings/{coder}.csv").unlink()
    path = folder / SOURCES_FILE
    path.write_text(path.read_text().split("\n")[0] + "\n")


def test_nothing_is_included_before_all_screeners_are_through(folder):
    decide_all(folder, "ANNA")
    with pytest.raises(InputError, match="BEN: 0 of 7"):
        include_candidates(folder)
    with pytest.raises(InputError, match="BEN: 0 of 7"):
        plan_inclusion(folder)
    assert ids_of(folder) == []
    assert list_unlisted(read_study(folder)[0]) == []


def test_nothing_is_included_before_differences_are_settled(folder):
    decide_all(folder, "ANNA", "BEN")
    table = folder / "config/screening/screenings.csv"
    table.write_text(table.read_text().replace("BEN-H011,H011,BEN,1,include", "BEN-H011,H011,BEN,1,unsure"))
    with pytest.raises(InputError, match="differ on .*: H011"):
        include_candidates(folder)
    with table.open("a") as rows:
        rows.write("CLEO-1,H011,CLEO,1,include,,ANNA-H011; BEN-H011\n")
    assert len(include_candidates(folder).added) == 7


def test_a_screener_alone_includes_as_far_as_they_are(folder):
    decide_all(folder, "ANNA")
    list_people(folder, ANNA="screener", CLEO="settler")
    table = folder / "config/screening/screenings.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:3]))
    assert [row["source_id"] for row in include_candidates(folder).added] == ["S001", "S002"]


def test_a_source_that_screening_turned_down_stops_a_review_and_not_the_desk(folder):
    decide_all(folder, "ANNA", "BEN")
    include_candidates(folder)
    table = folder / "config/screening/screenings.csv"
    table.write_text(table.read_text().replace("BEN-H011,H011,BEN,1,include", "BEN-H011,H011,BEN,1,unsure"))
    assert [fault.problem for fault in read_study(folder)[1]] == ["is not an included candidate"]
    assert {task["name"]: task["n_left"] for task in get(open_desk(folder, "CLEO"), "left")["tasks"]}["settle"] == 1


def test_sources_of_a_first_search_stay_included_while_the_next_is_screened(folder):
    decide_all(folder, "ANNA", "BEN")
    include_candidates(folder)
    for name, row in {
        "candidates": "H020,https://new.example/e,New,,,,google-3,",
        "screenings": "ANNA-x,H020,ANNA,1,include,,",
    }.items():
        with (folder / f"config/screening/{name}.csv").open("a") as table:
            table.write(f"{row}\n")
    assert read_study(folder)[1] == []
    assert list_unlisted(read_study(folder)[0]) == []
