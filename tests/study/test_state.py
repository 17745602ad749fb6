"""The state of a study at a date: rows in force, merged codes, replaced and adjudicated codings, `graylit state`."""

import csv
import shutil
from pathlib import Path

import pytest

from conftest import copy_mini, read_table, run_snakemake, write_table
from graylit.study.checking import read_study, require_study
from graylit.study.past import rebuild_state, require_date
from graylit.study.state import (
    current_codings,
    follow_code,
    follow_ids,
    has_evidence,
    is_by,
    judge_codings,
    latest_rows,
    read_in_force,
)
from graylit.tables.faults import InputError
from graylit.tables.records import join_records, split_records
from graylit.tables.synthesis import GUIDELINES, THEMES
from running import call_graylit

A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"
CODEBOOK, ADJUDICATIONS = "config/coding/codebook.csv", "config/coding/adjudications.csv"
DECIDED = ("decided_at", "decided_by", "reason")

# Dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026-03-04", "2026-03-05"),
        ("2026-03-05T23:59:59Z", "2026-03-05"),
        ("2026-03-05", "2026-03-05T00:00:00Z"),
        ("2026-03-05T08:00:00Z", "2026-03-05T08:00:00Z"),
        ("", "2026-03-05"),
        ("2026-03-05", ""),
        ("2026", "2026-03-05"),
    ],
)
def test_a_row_counts_by_its_date(when, at):
    assert is_by(when, at)


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("2026-03-06", "2026-03-05"),
        ("2026-03-06T00:00:00Z", "2026-03-05"),
        ("2026-03-05T08:00:01Z", "2026-03-05T08:00:00Z"),
        ("2026-10-01", "2026-09-30"),
        ("2027", "2026-03-05"),
    ],
)
def test_a_row_of_a_later_date_does_not_count(when, at):
    assert not is_by(when, at)


# Rows in force --------------------------------------------------------------------------------------------------


def code(code_id, name="", status="active", replaced_by="", decided_at=""):
    return {
        "code_id": code_id,
        "name": name,
        "status": status,
        "replaced_by": replaced_by,
        "decided_at": decided_at,
    }


def names_in_force(*rows, at=""):
    return {code_id: row["name"] for code_id, row in latest_rows(rows, "code_id", at=at).items()}


HISTORY = (
    code("C1", "first"),
    code("C1", "second", decided_at="2026-03-05"),
    code("C2", "other", decided_at="2026-04-01"),
    code("C1", "third", decided_at="2026-03-05T10:00:00Z"),
)


def test_the_last_row_of_an_id_is_in_force():
    assert names_in_force(*HISTORY) == {"C1": "third", "C2": "other"}


def test_a_row_added_while_the_clock_was_set_back_is_in_force():
    late = code("C1", "fourth", decided_at="2019-01-01T00:00:00Z")
    assert names_in_force(*HISTORY, late)["C1"] == "fourth"


def test_a_row_dated_far_ahead_gives_way_to_one_that_stands_after_it():
    typed = code("C1", "typed for 2026", decided_at="2062-05-01")
    assert names_in_force(typed, *HISTORY)["C1"] == "third"


@pytest.mark.parametrize(
    ("at", "in_force"),
    [
        ("2026-01-01", {"C1": "first"}),
        ("2026-03-05T09:00:00Z", {"C1": "second"}),
        ("2026-03-05", {"C1": "third"}),
        ("2026-04-01", {"C1": "third", "C2": "other"}),
    ],
)
def test_at_a_date_the_last_row_by_then_is_in_force(at, in_force):
    assert names_in_force(*HISTORY, at=at) == in_force


def test_without_rows_nothing_is_in_force():
    assert latest_rows([], "code_id") == {}


def write_rows(path, contract, *rows):
    write_table(path, [dict.fromkeys(contract.names, "") | row for row in rows])
    return path


def test_a_table_is_read_as_its_rows_in_force_without_withdrawn_ones(tmp_path):
    path = write_rows(
        tmp_path / "themes.csv",
        THEMES,
        {"theme_id": "T2", "name": "old", "code_ids": "C1"},
        {"theme_id": "T2", "name": "new", "code_ids": "C1", "decided_at": "2026-02-01"},
        {"theme_id": "T1", "name": "gone", "code_ids": "C1", "status": "withdrawn", "decided_at": "2026-02-01"},
        {"theme_id": "T1", "name": "back", "code_ids": "C1", "status": "active", "decided_at": "2026-03-01"},
        {"theme_id": "T3", "name": "here", "code_ids": "C1"},
        {"theme_id": "T3", "name": "here", "code_ids": "C1", "status": "withdrawn", "decided_at": "2026-02-01"},
    )
    in_force = read_in_force(THEMES, path)
    assert in_force[["theme_id", "name"]].to_numpy().tolist() == [["T1", "back"], ["T2", "new"]]
    assert "n_sources" not in in_force.columns


def test_a_table_without_the_optional_columns_is_in_force_as_it_stands(tmp_path):
    path = tmp_path / "guidelines.csv"
    path.write_text("guideline_id,name,statement,theme_id,code_ids\nG2,b,B.,T1,C1\nG1,a,A.,T1,C1\n")
    assert read_in_force(GUIDELINES, path)["guideline_id"].tolist() == ["G1", "G2"]


# Merged and split codes -----------------------------------------------------------------------------------------


def codebook(*rows):
    return latest_rows(rows, "code_id")


def test_a_code_in_force_leads_to_itself():
    assert follow_code("C1", codebook(code("C1"))) == "C1"


def test_an_unknown_code_leads_to_itself():
    assert follow_code("C9", codebook(code("C1"))) == "C9"


def test_a_merged_code_leads_over_any_number_of_merges_to_the_one_in_force():
    chain = codebook(
        code("C1", status="retired", replaced_by="C2"),
        code("C2", status="retired", replaced_by="C3"),
        code("C3", status="retired", replaced_by="C4"),
        code("C4"),
    )
    assert [follow_code(code_id, chain) for code_id in ("C1", "C2", "C3", "C4")] == ["C4"] * 4


def test_a_split_code_stays_itself_and_a_code_merged_into_it_stops_there():
    split = codebook(
        code("C1", status="retired", replaced_by="C2"),
        code("C2", status="retired", replaced_by="C3; C4"),
        code("C3"),
        code("C4"),
    )
    assert [follow_code(code_id, split) for code_id in ("C1", "C2")] == ["C2", "C2"]


def test_a_retired_code_without_successor_stays_itself():
    assert follow_code("C1", codebook(code("C1", status="retired"))) == "C1"


def test_an_active_code_leads_to_itself_whatever_was_once_to_replace_it():
    assert follow_code("C1", codebook(code("C1", replaced_by="C2"), code("C2"))) == "C1"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_codes_that_replace_each_other_in_a_circle_come_to_an_end(length):
    ids = [f"C{number}" for number in range(length)]
    circle = codebook(
        *(code(one, status="retired", replaced_by=ids[(number + 1) % length]) for number, one in enumerate(ids))
    )
    assert {follow_code(one, circle) for one in ids} <= set(ids)


def test_a_merge_that_was_taken_back_is_no_merge():
    taken_back = codebook(
        code("C1", status="retired", replaced_by="C2", decided_at="2026-02-01"),
        code("C1", decided_at="2026-03-01"),
        code("C2"),
    )
    assert follow_code("C1", taken_back) == "C1"


def test_ids_of_a_cell_are_followed_each_once_and_in_order():
    merged = codebook(code("C1", status="retired", replaced_by="C3"), code("C2"), code("C3"))
    assert follow_ids("C1; C2; C3", merged) == ["C3", "C2"]


# Codings in force -----------------------------------------------------------------------------------------------


def coding(coding_id, code_id="C1", replaces="", coded_at=""):
    return {"coding_id": coding_id, "code_id": code_id, "replaces": replaces, "coded_at": coded_at}


def ids_in_force(*rows, at=""):
    return [row["coding_id"] for row in current_codings(rows, at)]


def test_codings_are_in_force_until_a_row_replaces_them():
    assert ids_in_force(coding("A-1"), coding("A-2"), coding("A-3", replaces="A-1")) == ["A-2", "A-3"]


def test_a_row_may_replace_several_codings():
    assert ids_in_force(coding("A-1"), coding("A-2"), coding("A-3", replaces="A-1; A-2")) == ["A-3"]


def test_a_row_without_code_withdraws_what_it_replaces_and_is_no_coding_itself():
    assert ids_in_force(coding("A-1"), coding("A-2"), coding("A-3", code_id="", replaces="A-1")) == ["A-2"]


def test_a_replaced_row_does_not_bring_back_what_it_had_replaced():
    rows = coding("A-1"), coding("A-2", replaces="A-1"), coding("A-3", replaces="A-2")
    assert ids_in_force(*rows) == ["A-3"]


def test_a_replacing_row_may_stand_anywhere_in_the_table():
    assert ids_in_force(coding("A-3", replaces="A-1"), coding("A-1")) == ["A-3"]


@pytest.mark.parametrize(
    ("at", "ids"),
    [
        ("2026-03-01", ["A-1"]),
        ("2026-03-02", ["A-1", "A-2"]),
        ("2026-03-03", ["A-2", "A-3"]),
        ("2026-03-04", ["A-3"]),
        ("", ["A-3"]),
    ],
)
def test_at_a_date_later_rows_neither_count_nor_replace(at, ids):
    rows = (
        coding("A-1", coded_at="2026-03-01"),
        coding("A-2", coded_at="2026-03-02"),
        coding("A-3", coded_at="2026-03-03", replaces="A-1"),
        coding("A-4", code_id="", coded_at="2026-03-04T12:00:00Z", replaces="A-2"),
    )
    assert ids_in_force(*rows, at=at) == ids


# Adjudication ---------------------------------------------------------------------------------------------------


def adjudication(adjudication_id, coding_ids, verdict="falls", decided_at="2026-03-01"):
    return {
        "adjudication_id": adjudication_id,
        "coding_ids": coding_ids,
        "verdict": verdict,
        "code_id": "",
        "decided_at": decided_at,
    }


def verdicts(*rows, at=""):
    judged = judge_codings([coding("A-1"), coding("B-1")], rows, at)
    return {coding_id: row["adjudication_id"] for coding_id, row in judged.items()}


def test_an_adjudication_decides_on_each_of_its_codings():
    assert verdicts(adjudication("J-1", "A-1; B-1")) == {"A-1": "J-1", "B-1": "J-1"}


def test_of_two_adjudications_the_one_that_stands_later_is_in_force_whatever_their_dates():
    rows = adjudication("J-2", "A-1; B-1", decided_at="2026-03-02"), adjudication("J-1", "A-1")
    assert verdicts(*rows) == {"A-1": "J-1", "B-1": "J-2"}
    assert verdicts(*rows[::-1]) == {"A-1": "J-2", "B-1": "J-2"}


def test_at_a_date_later_adjudications_do_not_count():
    rows = adjudication("J-1", "A-1"), adjudication("J-2", "A-1", decided_at="2026-03-02")
    assert verdicts(*rows, at="2026-03-01") == {"A-1": "J-1"}


def test_an_adjudication_of_a_coding_that_is_not_in_force_decides_nothing():
    assert verdicts(adjudication("J-1", "A-7")) == {}


# Rows of files as they were written -----------------------------------------------------------------------------


def test_a_file_is_split_into_the_rows_it_holds_and_joined_again_byte_for_byte():
    content = 'id,words\n1,"two\nlines, ""quoted"""\n2,\u2028 is no line end\n"3",x\n'
    records = split_records(content)
    assert records == [
        "id,words\n",
        '1,"two\nlines, ""quoted"""\n',
        "2,\u2028 is no line end\n",
        '"3",x\n',
    ]
    assert join_records(records) == content


def test_a_last_row_without_line_end_gets_one_where_rows_are_joined():
    assert join_records(split_records("id\n1")) == "id\n1\n"


# A review after rows were added ---------------------------------------------------------------------------------


def add_rows(folder, file, *rows):
    """Add rows to a table; a table that is not there yet gets their columns. Cells not given are empty."""
    path = folder / file
    if not path.exists():
        path.write_text(",".join(rows[0]) + "\n", encoding="utf-8")
    header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, header, restval="", lineterminator="\n").writerows(rows)


def add_columns(folder, file, *names):
    """Add empty columns to a table."""
    write_table(folder / file, [row | dict.fromkeys(names, "") for row in read_table(folder / file)])


def prepare_study(folder):
    """Give the tables of a copy of the mini study the columns that added rows need."""
    add_columns(folder, A, "replaces")
    add_columns(folder, CODEBOOK, *DECIDED)
    return folder


def decide_later(folder):
    """Add what was decided on 11 and 12 March: codings replaced and withdrawn, a code merged, codings adjudicated."""
    given = {row["coding_id"]: row for row in read_table(folder / A)}
    place = {name: given["A-0013"][name] for name in ("start", "end", "exact_sha256", "normal_sha256", "fingerprint")}
    other = {"coding_id": "A-0019", "source_id": "S005", "code_id": "C02", "replaces": "A-0013"}
    withdrawal = {"coding_id": "A-0020", "source_id": "S004", "replaces": "A-0012"}
    add_rows(folder, A, other | place | {"coded_at": "2026-03-11"}, withdrawal | {"coded_at": "2026-03-11"})
    merged = {"code_id": "C06", "name": "regular inspection", "status": "retired", "replaced_by": "C05"}
    add_rows(folder, CODEBOOK, merged | {"decided_at": "2026-03-12", "decided_by": "A", "reason": "same thing"})
    decided = {"reason": "read again", "decided_by": "A and B", "decided_at": "2026-03-12"}
    add_rows(
        folder,
        ADJUDICATIONS,
        {"adjudication_id": "J-1", "coding_ids": "B-0012", "verdict": "falls", "code_id": ""} | decided,
        {"adjudication_id": "J-2", "coding_ids": "B-0010", "verdict": "recoded", "code_id": "C03"} | decided,
    )
    return folder


def read_config(folder):
    """Return every file of a study's config/: its bytes by its path."""
    paths = sorted(path for path in (folder / "config").rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_made(folder, name):
    """Return the rows of a made table by their id."""
    rows = read_table(folder / f"data/processed/{name}.csv")
    return {
        row["coding_id"] if name in ("located_codings", "evidence") else next(iter(row.values())): row for row in rows
    }


MADE = ("located_codings", "code_counts", "guideline_support", "evidence")


def run_to_evidence(folder):
    done = run_snakemake(folder, *(f"data/processed/{name}.csv" for name in MADE))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def decided(built, tmp_path_factory):
    """Return a copy of the built study after rows were added and it was reviewed again, and its config before."""
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("decided") / "mini"))
    decide_later(prepare_study(folder))
    before = read_config(folder)
    return run_to_evidence(folder), before


@pytest.fixture(scope="module")
def located(decided):
    return read_made(decided[0], "located_codings")


def test_replaced_and_withdrawn_codings_are_gone_and_all_others_stay(built, located):
    gone, come = {"A-0012", "A-0013"}, {"A-0019"}
    assert set(located) == set(read_made(built, "located_codings")) - gone | come


def test_a_replacing_coding_stands_where_the_replaced_one_did(built, located):
    before, after = read_made(built, "located_codings")["A-0013"], located["A-0019"]
    assert {name: after[name] for name in after if after[name] != before[name]} == {
        "coding_id": "A-0019",
        "given_code_id": "C02",
        "unadjudicated_code_id": "C02",
        "code_id": "C02",
    }


def test_codings_of_a_merged_code_count_for_the_code_in_force_and_keep_the_one_given(located):
    merged = {name: row for name, row in located.items() if row["given_code_id"] == "C06"}
    assert set(merged) == {"A-0009", "A-0014", "A-0016", "B-0006", "B-0013"}
    assert {(row["unadjudicated_code_id"], row["code_id"], row["standing"]) for row in merged.values()} == {
        ("C05", "C05", "open")
    }


def test_adjudicated_codings_say_how_they_stand(located):
    standing = {name: row for name, row in located.items() if row["standing"] != "open"}
    columns = ("standing", "adjudication_id", "given_code_id", "unadjudicated_code_id", "code_id", "is_evidence")
    assert {name: tuple(row[column] for column in columns) for name, row in standing.items()} == {
        "B-0010": ("recoded", "J-2", "C02", "C02", "C03", "yes"),
        "B-0012": ("falls", "J-1", "C07", "C07", "C07", "no"),
    }


def test_codes_are_counted_anew_exactly_as_decided(built, decided):
    before, after = read_made(built, "code_counts"), read_made(decided[0], "code_counts")
    counts = ("n_codings", "n_coders", "n_sources", "n_publishers")
    changed = {name: tuple(int(row[column]) for column in counts) for name, row in after.items() if row != before[name]}
    assert changed == {
        "C03": (3, 1, 2, 2),  # A-0012 and A-0013 went, B-0010 came: B alone, in S004 and S005
        "C05": (9, 2, 3, 3),  # with all codings of C06
        "C07": (2, 2, 1, 1),  # without B-0012
    }
    assert set(before) - set(after) == {"C06"}
    assert (before["C02"]["n_codings"], after["C02"]["n_codings"]) == ("6", "6")  # A-0019 came, B-0010 went


def test_evidence_changes_exactly_as_decided(built, decided):
    before, after = (
        {
            (row["guideline_id"], row["code_id"], row["coding_id"])
            for row in read_table(one / "data/processed/evidence.csv")
        }
        for one in (built, decided[0])
    )
    merged = [("G02", name) for name in ("A-0009", "A-0014", "A-0016", "B-0006", "B-0013")]
    assert before - after == {
        ("G03", "C03", "A-0012"),
        ("G03", "C03", "A-0013"),
        ("G01", "C02", "B-0010"),
        ("G04", "C07", "B-0012"),
        *((guideline, "C06", name) for guideline, name in merged),
    }
    assert after - before == {
        ("G01", "C02", "A-0019"),
        ("G03", "C03", "B-0010"),
        *((guideline, "C05", name) for guideline, name in merged),
    }


def test_guidelines_are_supported_anew_exactly_as_decided(built, decided):
    before, after = read_made(built, "guideline_support"), read_made(decided[0], "guideline_support")
    columns = ("n_codes", "n_codings", "n_sources", "n_publishers")
    changed = {name: tuple(row[column] for column in columns) for name, row in after.items() if row != before[name]}
    assert changed == {"G02": ("1", "9", "3", "3"), "G03": ("1", "3", "2", "2"), "G04": ("1", "2", "1", "1")}


def test_a_review_writes_nothing_into_the_tables_of_people(decided):
    folder, before = decided
    assert read_config(folder) == before


# graylit state --------------------------------------------------------------------------------------------------


def rebuild(folder, at, to):
    return call_graylit("-C", folder, "state", "--at", at, "--to", to)


def rebuild_config(folder, at, to):
    """Write the state of a study at a date to a folder, as the command does; return its files."""
    files, _ = rebuild_state(require_study(folder), folder, at)
    for file, content in files.items():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        (to / file).write_bytes(content)
    return files


def find_faults(folder):
    ended = call_graylit("-C", folder, "check")
    return ended.returncode, ended.stderr


@pytest.fixture
def study(tmp_path):
    """Return a copy of the mini study in which rows were decided until 12 March."""
    return decide_later(prepare_study(copy_mini(tmp_path / "study")))


def test_the_state_at_a_date_holds_the_rows_decided_by_then(study, tmp_path):
    state = tmp_path / "state"
    rebuild_config(study, "2026-03-05", state)
    ids = [row["coding_id"] for row in read_table(state / A)]
    assert ids == [f"A-{number:04d}" for number in range(1, 11)]
    assert read_table(state / B) == []
    assert [row["code_id"] for row in read_table(state / CODEBOOK)] == [f"C0{number}" for number in range(1, 9)]
    assert read_table(state / ADJUDICATIONS) == []


def test_the_state_at_a_time_holds_the_rows_decided_by_that_moment(study, tmp_path):
    rows = [row | {"coded_at": f"{row['coded_at']}T12:00:00Z"} for row in read_table(study / B)]
    write_table(study / B, rows)
    rebuild_config(study, "2026-03-09T11:59:59Z", tmp_path / "state")
    assert [row["coding_id"] for row in read_table(tmp_path / "state" / B)] == [f"B-000{n}" for n in range(1, 6)]


def test_the_state_at_the_last_date_is_the_study_byte_for_byte(study, tmp_path):
    assert rebuild_config(study, "2026-12-31", tmp_path / "state") == read_config(study)


def test_rows_and_files_that_are_kept_are_kept_byte_for_byte(study, tmp_path):
    path = study / A
    quoted = path.read_text(encoding="utf-8").replace("A-0002,S001,", '"A-0002","S001",', 1)
    path.write_text(quoted, encoding="utf-8")
    state = rebuild_config(study, "2026-03-04", tmp_path / "state")
    assert state[A].decode() == "".join(split_records(quoted)[:5])
    same = {"config/config.yaml", "config/sources.csv", "config/synthesis/themes.csv"}
    assert {file: state[file] for file in same} == {file: read_config(study)[file] for file in same}


def test_two_rebuilds_of_one_date_are_the_same_bytes(study, tmp_path):
    assert rebuild_config(study, "2026-03-06", tmp_path / "one") == rebuild_config(
        study, "2026-03-06", tmp_path / "two"
    )


def test_rows_that_are_added_later_do_not_change_the_state_at_a_date(tmp_path):
    study = prepare_study(copy_mini(tmp_path / "study"))
    header = "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\n"
    (study / ADJUDICATIONS).write_text(header, encoding="utf-8")
    before = rebuild_config(study, "2026-03-10", tmp_path / "before")
    decide_later(study)
    assert rebuild_config(study, "2026-03-10", tmp_path / "after") == before


@pytest.mark.parametrize("at", ["2026-03-04", "2026-03-07", "2026-03-12"])
def test_the_state_at_a_date_has_no_faults(study, tmp_path, at):
    rebuild_config(study, at, tmp_path / "state")
    assert read_study(tmp_path / "state")[1] == []


def test_the_command_writes_the_state_at_a_date(study, tmp_path):
    assert rebuild(study, "2026-03-05", tmp_path / "state").returncode == 0
    assert read_config(tmp_path / "state") == rebuild_config(study, "2026-03-05", tmp_path / "other")
    assert find_faults(tmp_path / "state") == (0, "")


def test_a_review_of_the_state_at_a_date_is_the_review_of_that_date(built, study, tmp_path):
    state = tmp_path / "state"
    rebuild_config(study, "2026-03-10", state)
    shutil.copytree(built / "data", state / "data", copy_function=shutil.copy2)
    for name in MADE:
        (state / f"data/processed/{name}.csv").unlink()
    run_to_evidence(state)
    for name in MADE:
        made = f"data/processed/{name}.csv"
        assert (state / made).read_bytes() == (built / made).read_bytes()
    assert find_faults(state) == (0, "")


def test_rebuilding_counts_what_was_kept_and_left_out_of_each_table(study, tmp_path):
    state = tmp_path / "state"
    ended = rebuild(study, "2026-03-11", state)
    assert ended.stdout.splitlines() == [
        "config/coding/adjudications.csv: 0 rows kept, 2 left out",
        "config/coding/codebook.csv: 8 rows kept (8 without date), 1 left out",
        "config/coding/codings/A.csv: 20 rows kept, 0 left out",
        "config/coding/codings/B.csv: 15 rows kept, 0 left out",
        "config/quality.csv: 80 rows kept, 0 left out",
        "config/synthesis/card_sorts.csv: 10 rows kept, 5 left out",
        "config/synthesis/categories.csv: 0 rows kept, 2 left out",
        "config/synthesis/guidelines.csv: 5 rows kept (5 without date), 0 left out",
        "config/synthesis/impacts.csv: 3 rows kept, 0 left out",
        "config/synthesis/practices.csv: 8 rows kept, 0 left out",
        "config/synthesis/themes.csv: 3 rows kept (3 without date), 0 left out",
        f"{state} holds the tables as of 2026-03-11; look at them with: graylit -C {state} check",
    ]


def test_rebuilding_leaves_the_study_as_it_was(study, tmp_path):
    before = read_config(study)
    assert rebuild(study, "2026-03-05", tmp_path / "state").returncode == 0
    assert read_config(study) == before


@pytest.mark.parametrize("at", ["5.3.2026", "2026-03", "2026-02-30", "", "2026-03-05 10:00", "yesterday"])
def test_a_date_that_is_none_is_refused(at):
    with pytest.raises(InputError) as raised:
        require_date(at)
    assert [(fault.file, fault.value) for fault in raised.value.faults] == [("--at", at)]


def test_a_refused_date_is_said_with_what_was_expected_and_nothing_is_written(study, tmp_path):
    ended = rebuild(study, "5.3.2026", tmp_path / "state")
    assert ended.returncode == 1
    assert "--at: '5.3.2026' is not valid; expected a date or a time in UTC" in ended.stderr
    assert "write for example: --at 2026-03-05" in ended.stderr
    assert not (tmp_path / "state").exists()


def test_a_folder_that_is_there_already_is_refused_and_left_as_it_was(study, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state/notes.txt").write_text("mine")
    ended = rebuild(study, "2026-03-05", tmp_path / "state")
    assert ended.returncode == 1
    assert f"{tmp_path}/state: is there already" in ended.stderr
    assert [path.name for path in (tmp_path / "state").rglob("*")] == ["notes.txt"]


def test_a_study_with_faults_is_not_rebuilt(study, tmp_path):
    add_rows(study, A, {"coding_id": "A-0021", "source_id": "S099", "code_id": "C01"})
    ended = rebuild(study, "2026-03-05", tmp_path / "state")
    assert ended.returncode == 1
    assert "'S099' is not in sources.csv" in ended.stderr
    assert not (tmp_path / "state").exists()


def test_the_command_offers_the_state_at_a_date():
    assert "  state " in call_graylit("--help").stdout


@pytest.mark.parametrize(
    ("named", "stands"),
    [("A-1; B-2", True), ("A-9; B-2", True), ("A-9", False), ("A-3", False), ("", True)],
)
def test_an_impact_falls_with_the_last_of_its_codings(named, stands):
    evidence = {("G01", "A-1"), ("G01", "B-2"), ("G02", "A-3")}
    assert has_evidence({"guideline_id": "G01", "coding_ids": named}, evidence) == stands
