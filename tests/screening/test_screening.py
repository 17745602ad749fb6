"""Screening: what was decided in the end, agreement of screeners, the PRISMA 2020 flow, faults of its tables."""

import csv
import dataclasses
import io

import numpy as np
import pytest

from conftest import change_config, read_table, run_snakemake
from graylit.screening.deciding import decide_candidates
from graylit.screening.flow import count_flow
from graylit.screening.prisma import HEADER, fill_boxes, format_flow, format_no_flow, parse_flow
from graylit.screening.screener_agreement import cross_decisions, measure_screening
from graylit.study.checking import read_study
from graylit.study.screening_checks import check_screening
from graylit.tables.faults import describe_faults
from graylit.tables.screening import CANDIDATES, SCREENING_AGREEMENT, SCREENING_DECISIONS, SCREENINGS
from tiny_study import write_study

FOLDER = "config/screening"
TABLES = {
    "candidates": """\
candidate_id,url,title,publisher,source_type,published,found_by,duplicate_of
H001,https://example.org/barrels,Choosing a barrel,Ann Brook,blog-post,2024,google-1,
H002,https://example.org/pumps?model=2,Pumps,,,,google-1,
H003,https://garden.example/Filters,Filters,,,,google-2,
H004,https://shop.example/barrel,Buy a barrel,,,,google-2,
H005,https://example.org/barrels#top,Choosing a barrel,,,,google-2,H001
H006,https://club.example/lost,Lost,,,,organisation: garden club,
H007,https://example.org/taps,Taps,,,,citation of H001,
H008,https://example.org/hoses,Hoses,,,,google-1,
""",
    "criteria": """\
criterion_id,kind,name,definition,status
I1,inclusion,"Barrels, in use",About barrels that somebody uses,active
E1,exclusion,Sales page,Sells something,active
R1,retrieval,Not retrieved,The page was gone,active
""",
    "screenings": """\
screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles
N01,H001,A,1,include,,,2026-01-02,
N02,H001,B,1,include,,,2026-01-03,
N03,H002,A,1,include,,,2026-01-02,
N04,H002,B,1,exclude,I1,,2026-01-03,
N05,H003,A,1,unsure,,,2026-01-02,
N06,H003,B,1,exclude,I1,,2026-01-03,
N07,H004,A,1,exclude,E1,,2026-01-02,
N08,H004,B,1,exclude,E1,,2026-01-03,
N09,H006,A,1,exclude,R1,,2026-01-02,
N10,H007,A,1,exclude,I1,,2026-01-02,
N11,H007,B,1,include,,,2026-01-03,
N12,H002,C,1,include,,It is about barrels,2026-01-04,N03; N04
N13,H003,A,2,include,,,2026-01-05,
N14,H003,B,2,include,,,2026-01-05,
""",
}


def write_screening(folder):
    """Write the screening of the tiny study, which has no faults, into its folder."""
    (folder / FOLDER).mkdir(parents=True)
    for name, content in TABLES.items():
        (folder / FOLDER / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_screening(write_study(tmp_path))


def rows_of(name):
    return list(csv.DictReader(io.StringIO(TABLES[name])))


def screen(*rows):
    """Return screenings of one candidate from rows of 'screener round decision [criterion] [settles]'."""
    cells = []
    for number, row in enumerate(rows, start=1):
        screener, turn, decision, criterion, settles = (row.split() + ["", ""])[:5]
        criterion = "" if criterion == "-" else criterion
        given = {"screening_id": f"N{number}", "candidate_id": "H1", "screener": screener, "round": turn}
        given |= {"decision": decision, "criterion_id": criterion, "settles": settles.replace("+", "; ")}
        cells.append(dict.fromkeys(SCREENINGS.names, "") | given)
    return cells


def decide(*rows, duplicate_of=""):
    candidate = dict.fromkeys(CANDIDATES.names, "") | {"candidate_id": "H1", "duplicate_of": duplicate_of}
    return decide_candidates([candidate], screen(*rows), []).to_dict("records")[0]


# Decisions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "decision"),
    [
        ((), "open"),
        (("A 1 include",), "include"),
        (("A 1 include", "B 1 include"), "include"),
        (("A 1 exclude E1", "B 1 exclude E2"), "exclude"),
        (("A 1 include", "B 1 exclude E1"), "open"),
        (("A 1 include", "B 1 unsure"), "open"),
        (("A 1 unsure", "B 1 unsure"), "open"),
        (("A 1 include", "B 1 exclude E1", "A 2 exclude E1", "B 2 exclude E1"), "exclude"),  # the last round counts
        (("A 1 include", "B 1 include", "A 2 include", "B 2 unsure"), "open"),
        (("A 10 include", "A 9 exclude E1"), "include"),  # rounds are numbers
        (("A 1 include", "B 1 exclude E1", "C 1 include - N1+N2"), "include"),  # a settlement
        (("A 1 include", "B 1 exclude E1", "C 1 exclude E1 N1+N2"), "exclude"),
        (("A 1 unsure", "B 1 unsure", "C 1 include - N1", "A 2 exclude E1", "B 2 exclude E1"), "include"),  # is final
        (("A 1 include", "C 1 exclude E1 N1", "D 1 include - N2"), "include"),  # a settlement settled
    ],
)
def test_screeners_who_agree_or_a_settlement_decide(rows, decision):
    assert decide(*rows)["decision"] == decision


def test_a_decision_names_the_rows_it_rests_on():
    assert decide("A 1 include", "B 1 exclude E1", "A 2 include", "B 2 include")["screening_ids"] == "N3; N4"
    assert decide("A 1 include", "B 1 exclude E1", "C 1 include - N1+N2")["screening_ids"] == "N3"


def test_settlements_are_not_counted_as_screeners():
    assert decide("A 1 include", "B 1 exclude E1", "C 1 include - N1+N2")["n_screeners"] == 2


def test_an_exclusion_rests_on_the_criterion_named_most():
    assert decide("A 1 exclude E1", "B 1 exclude E2", "C 1 exclude E2")["criterion_id"] == "E2"
    assert decide("A 1 exclude E2", "B 1 exclude E1")["criterion_id"] == "E1"
    assert decide("A 1 include", "B 1 exclude E1")["criterion_id"] == ""


def test_a_duplicate_is_neither_included_nor_excluded():
    assert decide("A 1 include", duplicate_of="H0")["decision"] == "duplicate"


def test_every_candidate_has_a_row_and_included_ones_their_source(tmp_path):
    sources = [
        {"source_id": "S001", "url": "https://example.org/barrels/"},
        {"source_id": "S003", "url": "https://garden.example/Filters"},
    ]
    decided = decide_candidates(rows_of("candidates"), rows_of("screenings"), sources)
    SCREENING_DECISIONS.write(decided, tmp_path / "decisions.csv")
    assert [(row.candidate_id, row.decision, row.source_id) for row in decided.itertuples()] == [
        ("H001", "include", "S001"),
        ("H002", "include", ""),
        ("H003", "include", "S003"),
        ("H004", "exclude", ""),
        ("H005", "duplicate", ""),
        ("H006", "exclude", ""),
        ("H007", "open", ""),
        ("H008", "open", ""),
    ]


# Agreement ------------------------------------------------------------------------------------------------------


def measured(screenings):
    rows = measure_screening(SCREENINGS.to_frame(screenings), seed=1).to_dict("records")
    return {(row["round"], row["screeners"], row["measure"]): row for row in rows}


def test_screeners_are_compared_by_round_settlements_aside():
    found = measured(rows_of("screenings"))
    assert {(turn, screeners) for turn, screeners, _ in found} == {(1, "A; B"), (2, "A; B")}
    row = found[(1, "A; B", "share_agreed")]
    assert (row["value"], row["n_candidates"], row["n_screeners"]) == (pytest.approx(2 / 5), 5, 2)


def test_being_unsure_is_half_way_for_linear_weights():
    # By hand, of H001 to H004: disagreement observed (0 + 1 + 1/2 + 0) / 4, by chance (1 + 3/2 + 1/2 + 6) / 16.
    found = measured(rows_of("screenings")[:8])
    assert found[(1, "A; B", "cohen_kappa_linear")]["value"] == pytest.approx(1 / 3)
    assert found[(1, "A; B", "cohen_kappa")]["value"] == pytest.approx(3 / 11)


def test_agreement_without_variation_is_undefined():
    assert np.isnan(measured(rows_of("screenings"))[(2, "A; B", "cohen_kappa")]["value"])


def test_three_screeners_have_fleiss_kappa():
    rows = [
        row | {"screener": screener, "screening_id": row["screening_id"] + screener}
        for row in screen("A 1 include", "A 1 exclude E1", "A 1 unsure")
        for screener in "ABC"
    ]
    rows = [row | {"candidate_id": f"H{row['screening_id'][:2]}"} for row in rows]
    assert measured(rows)[(1, "all", "fleiss_kappa")]["value"] == pytest.approx(1)


def test_one_screener_alone_gives_a_table_without_rows(tmp_path):
    alone = measure_screening(SCREENINGS.to_frame(screen("A 1 include")), seed=1)
    SCREENING_AGREEMENT.write(alone, tmp_path / "agreement.csv")
    assert len(SCREENING_AGREEMENT.read(tmp_path / "agreement.csv")) == 0


def test_decisions_are_crossed_from_no_to_yes():
    crossed = cross_decisions(SCREENINGS.to_frame(rows_of("screenings")[:8]), "A", "B")
    assert crossed.tolist() == [[1, 0, 0], [1, 0, 0], [1, 0, 1]]


# PRISMA ---------------------------------------------------------------------------------------------------------

# The keys of the format in order, with their nodes and boxes.
FORMAT = """
NA node4 prevstud, previous_studies node5 box1, previous_reports NA box1, NA node6 newstud,
database_results node7 box2, database_specific_results NA box2, register_results NA box2,
register_specific_results NA box2, NA node16 othstud, website_results node17 box11, organisation_results - box11,
citations_results NA box11, duplicates node8 box3, excluded_automatic NA box3, excluded_other NA box3,
records_screened node9 box4, records_excluded node10 box5, dbr_sought_reports node11 box6,
dbr_notretrieved_reports node12 box7, other_sought_reports node18 box12, other_notretrieved_reports node19 box13,
dbr_assessed node13 box8, dbr_excluded node14 box9, other_assessed node20 box14, other_excluded node21 box15,
new_studies node15 box10, new_reports NA box10, total_studies node22 box16, total_reports NA box16,
identification node1 identification, screening node2 screening, included node3 included,
total_studies_ma node23 box17, total_reports_ma NA box17
"""


def flow():
    decided = decide_candidates(rows_of("candidates"), rows_of("screenings"), [])
    return count_flow(rows_of("candidates"), rows_of("criteria"), decided.to_dict("records"))


def test_the_flow_is_counted_from_rows():
    assert fill_boxes(flow()) == {
        "website_results": "6",
        "organisation_results": "1",
        "citations_results": "1",
        "duplicates": "1",
        "excluded_other": "1",  # H008, which nobody has screened yet
        "other_sought_reports": "6",
        "other_notretrieved_reports": "1",
        "other_assessed": "5",
        "other_excluded": "Sales page, 1; Awaiting a decision, 1",  # H007, on which the screeners differ
        "new_studies": "3",
        "new_reports": "3",
        "total_studies": "3",
        "total_reports": "3",
    }


def test_the_flow_is_read_back_as_it_was_written():
    several = dataclasses.replace(flow(), excluded=(("Barrels / in use", 2), ("Sales page", 1)))
    done = dataclasses.replace(several, n_unscreened=0, n_undecided=0)
    for counted in (flow(), several, done, dataclasses.replace(flow(), excluded=())):
        assert parse_flow(format_flow(counted)) == counted
    assert parse_flow(format_no_flow()) is None


@pytest.mark.parametrize("n_read", range(len(TABLES["screenings"].splitlines())))
def test_each_box_is_the_sum_of_those_it_leads_to_at_every_stage_of_the_screening(n_read):
    decided = decide_candidates(rows_of("candidates"), rows_of("screenings")[:n_read], []).to_dict("records")
    boxes = fill_boxes(count_flow(rows_of("candidates"), rows_of("criteria"), decided))
    reasons = sum(int(reason.rsplit(", ", 1)[1]) for reason in boxes["other_excluded"].split("; ") if ", " in reason)
    found, removed, sought, lost, assessed, included = (
        sum(int(boxes[name]) for name in names.split())
        for names in (
            "website_results organisation_results citations_results",
            "duplicates excluded_other",
            "other_sought_reports",
            "other_notretrieved_reports",
            "other_assessed",
            "new_studies",
        )
    )
    assert found == len(rows_of("candidates")) == removed + sought
    assert sought == lost + assessed
    assert assessed == reasons + included


def test_boxes_that_hold_undecided_candidates_say_so():
    texts = {line["data"]: line["boxtext"] for line in csv.DictReader(io.StringIO(format_flow(flow())))}
    assert texts["excluded_other"] == "Records not screened yet"
    assert texts["other_excluded"] == "Reports excluded, or undecided"


def test_reasons_stand_in_one_cell_most_frequent_first_without_marks_of_their_own():
    decided = [
        {"candidate_id": f"H{number}", "decision": "exclude", "criterion_id": criterion, "n_screeners": 2}
        for number, criterion in enumerate(["E1", "I1", "I1"])
    ]
    assert fill_boxes(count_flow([], rows_of("criteria"), decided))["other_excluded"] == (
        "Barrels / in use, 2; Sales page, 1"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((f"{sign}1 Sales page", "1 Sales page") for sign in "+-=@"),  # no formula
        ('Author\'s own "study" page', "Author’s own “study” page"),
        ('5" of "words', "5“ of ”words"),
        ("and\\or", "and/or"),
    ],
)
def test_a_reason_is_no_formula_and_ends_no_label_of_the_r_package(name, reason):
    criteria = [{"criterion_id": "E1", "kind": "exclusion", "name": name}]
    decided = [{"candidate_id": "H1", "decision": "exclude", "criterion_id": "E1", "n_screeners": 2}]
    assert fill_boxes(count_flow([], criteria, decided))["other_excluded"] == f"{reason}, 1"


def test_the_format_is_that_of_the_r_package():
    lines = list(csv.reader(io.StringIO(format_flow(flow()))))
    assert lines[0] == HEADER == ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
    expected = [row.strip().split() for row in FORMAT.split(",")]
    assert [[cell or "-" for cell in line[:3]] for line in lines[1:]] == expected
    assert all(len(line) == 8 and all(line[3:]) for line in lines)


def test_boxes_that_a_gray_review_leaves_hold_0():
    cells = {line["data"]: line["n"] for line in csv.DictReader(io.StringIO(format_flow(flow())))}
    assert cells["other_excluded"] == "Sales page, 1; Awaiting a decision, 1"
    assert {key for key, n in cells.items() if n == "0"} == set(cells) - set(fill_boxes(flow()))


def test_each_node_has_a_tooltip_and_nothing_else_has():
    lines = list(csv.DictReader(io.StringIO(format_flow(flow()))))
    assert [line["node"] for line in lines if (line["tooltips"] == "NA") == line["node"].startswith("node")] == []


def test_without_screening_the_flow_is_a_header():
    assert format_no_flow() == "data,node,box,description,boxtext,tooltips,url,n\n"


# Faults ---------------------------------------------------------------------------------------------------------


def faults_of(folder):
    return check_screening(read_study(folder)[0])


def replace(folder, name, old, new):
    path = folder / FOLDER / f"{name}.csv"
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, (old, content.count(old))
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_a_clean_screening_has_no_faults(folder):
    faults = [fault for fault in read_study(folder)[1] if fault.file.startswith(FOLDER)]
    assert faults + faults_of(folder) == [], describe_faults(faults)


def declare(folder, name, *urls):
    """Declare candidates or sources distinct by their addresses."""
    path = folder / "config" / f"{name}.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    cells = ("yes" if line.split(",")[1] in urls else "" for line in lines)
    rows = [f"{header},is_distinct", *(f"{line},{cell}" for line, cell in zip(lines, cells, strict=True))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize("table", ["screening/candidates", "sources"])
def test_a_page_declared_distinct_in_either_table_is_no_duplicate(folder, table):
    url = "https://example.org/barrels#top"
    replace(folder, "candidates", "google-2,H001", "google-2,")
    assert "is_distinct" in faults_of(folder)[0].remedy
    replace(folder, "screenings", "N10,H007,A,1,exclude,I1,,2026-01-02,", "N10,H005,A,1,include,,,2026-01-02,")
    replace(folder, "../sources", "S003,https://garden.example/Filters,", f"S003,{url},")
    declare(folder, table, url)
    assert url not in [fault.value for fault in faults_of(folder)]


def test_a_study_without_screening_has_no_faults(tmp_path):
    assert faults_of(write_study(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "problem"),
    [
        ("candidates", ",google-2,H001", ",google-2,H099", (6, "duplicate_of", "H099"), "is not in candidates.csv"),
        ("candidates", ",google-2,H001", ",google-2,H005", (6, "duplicate_of", "H005"), "is the candidate itself"),
        ("candidates", "citation of H001,", "citation,H005", (8, "duplicate_of", "H005"), "is a duplicate of H001"),
        (
            "candidates",
            ",google-2,H001",
            ",google-2,",
            (6, "url", "https://example.org/barrels#top"),
            "is the same page as row 2 (H001)",
        ),
        ("screenings", "N10,H007,A", "N10,H077,A", (11, "candidate_id", "H077"), "is not in candidates.csv"),
        ("screenings", "A,1,exclude,I1", "A,1,exclude,I9", (11, "criterion_id", "I9"), "is not in criteria.csv"),
        (
            "screenings",
            "A,1,exclude,I1",
            "A,1,exclude,",
            (11, "criterion_id", ""),
            "is empty for an exclusion",
        ),
        ("screenings", "N03; N04", "N03; N44", (13, "settles", "N44"), "is not in screenings.csv"),
        ("screenings", "N03; N04", "N03; N05", (13, "settles", "N05"), "is a decision on H003"),
        (
            "screenings",
            "N11,H007,B",
            "N11,H007,A",
            (12, "candidate_id, screener, round", "H007, A, 1"),
            "was screened in row 11 already by this screener in this round",
        ),
        ("screenings", "N03; N04", "N12", (13, "settles", "N12"), "is settled by what it settles"),
    ],
)
def test_a_fault_is_named_with_row_column_and_value(folder, name, old, new, place, problem):
    replace(folder, name, old, new)
    faults = [fault for fault in faults_of(folder) if fault.file == f"{FOLDER}/{name}.csv"]
    assert len(faults) == 1, describe_faults(faults)
    assert (faults[0].row, faults[0].column, faults[0].value) == place
    assert faults[0].problem.startswith(problem)
    assert faults[0].remedy


def test_a_misspelt_id_has_a_hint(folder):
    replace(folder, "screenings", "N10,H007,A", "N10,h007,A")
    assert "did you mean 'H007'?" in faults_of(folder)[0].problem


def test_a_settlement_cannot_be_unsure(folder):
    replace(folder, "screenings", "H002,C,1,include", "H002,C,1,unsure")
    fault = faults_of(folder)[0]
    assert (fault.row, fault.column, fault.value, fault.problem) == (13, "decision", "unsure", "settles nothing")


def test_a_candidate_settled_twice_is_a_fault_until_one_settles_the_other(folder):
    replace(folder, "screenings", "N13,", "N15,H002,D,1,exclude,I1,,,N03\nN13,")
    fault = faults_of(folder)[0]
    assert (fault.row, fault.column, fault.problem) == (14, "settles", "settles a candidate that N12 settles too")
    replace(folder, "screenings", "D,1,exclude,I1,,,N03", "D,1,include,,,,N12")
    assert faults_of(folder) == []


def test_an_included_candidate_must_be_a_source(folder):
    path = folder / "config/sources.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("S003")))
    fault = faults_of(folder)[0]
    assert (fault.file, fault.row, fault.column) == (f"{FOLDER}/candidates.csv", 4, "url")
    assert (fault.value, fault.problem) == ("https://garden.example/Filters", "is included but not in sources.csv")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("screenings", "N13,H003,A,2,include,", "N13,H003,A,2,exclude,E1"),
        ("candidates", "https://garden.example/Filters", "https://garden.example/other"),
    ],
)
def test_a_source_must_be_an_included_candidate(folder, name, old, new):
    replace(folder, name, old, new)
    faults = [fault for fault in faults_of(folder) if fault.file == "config/sources.csv"]
    assert [(fault.row, fault.column, fault.problem) for fault in faults] == [
        (4, "url", "is not an included candidate")
    ]


FILLED = {"(who)": "A", "(criterion)": "I1", "(why)": "swapped", "(date)": "2026-01-06"}


def swap_source(folder, url):
    """Put a page in the place of a source that the screening included; return what the faults say to write."""
    path = folder / "config/sources.csv"
    path.write_text(path.read_text().replace("https://garden.example/Filters", url))
    return [fault.remedy for fault in faults_of(folder)]


def add_rows(folder, remedies, filled):
    for remedy in remedies:
        row = remedy.split("'")[1]
        for name, value in filled.items():
            row = row.replace(name, value)
        with (folder / FOLDER / "screenings.csv").open("a", encoding="utf-8") as table:
            table.write(row + "\n")


def test_the_faults_of_a_swap_say_which_rows_settle_it(folder):
    out, put_in = swap_source(folder, "https://shop.example/barrel")
    assert "add the row 'N15,H003,(who),2,exclude,(criterion),(why),(date),N13; N14'" in out
    assert put_in.startswith("add the row 'N16,H004,(who),1,include,,(why),(date),N07; N08'")
    add_rows(folder, [out, put_in], FILLED)
    assert faults_of(folder) == []


def test_a_row_that_a_fault_says_is_refused_until_people_fill_it_in(folder):
    add_rows(folder, swap_source(folder, "https://shop.example/barrel"), {})
    faults = {(fault.column, fault.value) for fault in read_study(folder)[1]}
    assert {("screener", "(who)"), ("criterion_id", "(criterion)"), ("screened_at", "(date)")} <= faults


def test_the_fault_of_a_settled_candidate_names_the_settlement_alone(folder):
    path = folder / "config/sources.csv"
    path.write_text(path.read_text().replace("https://example.org/pumps?model=2", "https://new.example/"))
    out, put_in = (fault.remedy for fault in faults_of(folder))
    assert "'N15,H002,(who),1,exclude,(criterion),(why),(date),N12'" in out
    assert put_in.startswith("add it to config/screening/candidates.csv as S002, and add the row 'N16,S002,(who),1,inc")


def test_a_new_candidate_is_not_given_the_id_of_another(folder):
    replace(folder, "candidates", "H008,https://example.org/hoses", "S003,https://example.org/hoses")
    _, put_in = swap_source(folder, "https://new.example/")
    assert "as (candidate), and add the row 'N16,(candidate),(who),1,include,,(why),(date),'" in put_in


def test_a_source_may_stand_at_the_address_of_a_duplicate(folder):
    replace(folder, "candidates", "H001,https://example.org/barrels,", "H001,https://example.org/old-barrels,")
    assert faults_of(folder) == []


@pytest.mark.parametrize(("old", "new"), [("A,1,unsure", "A,one,unsure"), ("A,1,unsure", "A,1,maybe")])
def test_a_fault_of_a_cell_brings_no_others_with_it(folder, old, new):
    replace(folder, "screenings", old, new)
    faults = [fault for fault in read_study(folder)[1] if fault.file != "config/synthesis/themes.csv"]
    assert [(fault.row, fault.problem.split()[0]) for fault in faults] == [(6, "is")]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_a_header_only_or_without_a_column_is_checked_without_an_error(folder, name):
    path = folder / FOLDER / f"{name}.csv"
    header, rest = path.read_text().split("\n", 1)
    path.write_text(header + "\n")
    read_study(folder)
    path.write_text(header.replace(header.split(",")[1], "other") + "\n" + rest)
    assert any("is missing" in fault.problem for fault in read_study(folder)[1])


# In a study -----------------------------------------------------------------------------------------------------


def test_a_study_without_screening_has_tables_without_rows(built):
    for name in ("screening_agreement", "screening_decisions", "prisma"):
        assert len((built / f"data/processed/{name}.csv").read_text().splitlines()) == 1


def test_a_study_with_screening_has_decisions_and_a_flow(mini):
    change_config(mini, has_texts=False)
    write_screening(mini)
    sources = read_table(mini / "config/sources.csv")
    rows = [f"H{n},{row['url']},Title,,,,google-1," for n, row in enumerate(sources, 1)]
    (mini / FOLDER / "candidates.csv").write_text("\n".join([TABLES["candidates"].split("\n")[0], *rows, ""]))
    rows = [f"N{n}{who},H{n},{who},1,include,,,," for n in range(1, len(sources) + 1) for who in "AB"]
    (mini / FOLDER / "screenings.csv").write_text("\n".join([TABLES["screenings"].split("\n")[0], *rows, ""]))
    ended = run_snakemake(mini, "data/processed/prisma.csv")
    assert ended.returncode == 0, ended.stderr
    decisions = read_table(mini / "data/processed/screening_decisions.csv")
    assert [row["source_id"] for row in decisions] == [
        sources[number - 1]["source_id"] for number in sorted(range(1, len(sources) + 1), key=str)
    ]
    cells = {row["data"]: row["n"] for row in read_table(mini / "data/processed/prisma.csv")}
    assert cells["new_studies"] == cells["website_results"] == str(len(sources))


def test_a_page_under_a_second_address_counts_as_a_duplicate_in_the_flow(mini):
    change_config(mini, has_texts=False)
    write_screening(mini)
    sources = read_table(mini / "config/sources.csv")
    urls = [*(row["url"] for row in sources), f"{sources[0]['url'].rstrip('/')}/amp/?utm_source=feed"]
    rows = [f"H{n},{url},Title,,,,google-1," for n, url in enumerate(urls, 1)]
    (mini / FOLDER / "candidates.csv").write_text("\n".join([TABLES["candidates"].split("\n")[0], *rows, ""]))
    rows = [f"N{n},H{n},A,1,include,,,," for n in range(1, len(sources) + 1)]
    (mini / FOLDER / "screenings.csv").write_text("\n".join([TABLES["screenings"].split("\n")[0], *rows, ""]))
    ended = run_snakemake(mini, "data/processed/prisma.csv")
    assert ended.returncode == 0, ended.stderr
    cells = {row["data"]: row["n"] for row in read_table(mini / "data/processed/prisma.csv")}
    assert (cells["duplicates"], cells["new_studies"]) == ("1", str(len(sources)))
    pairs = read_table(mini / "data/processed/duplicate_candidates.csv")
    assert [(row["sign"], row["status"]) for row in pairs if row["candidate_id"] == "H1"] == [("variant", "merged")]
