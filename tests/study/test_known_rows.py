"""Rows that were known at the last run: none may vanish or change unsaid, and a correction can be accepted."""

import datetime

import pytest

from graylit.study.anchoring import anchor_codings
from graylit.study.checking import accept_rows, read_study, require_study
from graylit.study.dates import check_dates
from graylit.study.known_rows import KNOWN_ROWS, RULE, SHOWN, write_known
from graylit.study.remarks import list_remarks
from graylit.tables.faults import InputError
from running import call_graylit
from tiny_study import PATHS, faults_of, only_fault, place, replace_once, write_synthesis

SOURCES, CODEBOOK, A = "config/sources.csv", "config/coding/codebook.csv", "config/coding/codings/A.csv"
GUIDELINES = "config/synthesis/guidelines.csv"


@pytest.fixture
def folder(tmp_path):
    """Return a study without texts that was run: its rows are known."""
    write_synthesis(tmp_path)
    replace_once(tmp_path, "config/config.yaml", "has_texts: true", "has_texts: false")
    write_known(tmp_path, require_study(tmp_path))
    return tmp_path


def edit(folder, file, change):
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(change(lines)), encoding="utf-8")


def test_a_study_as_it_was_at_the_last_run_has_no_faults(folder):
    assert faults_of(folder) == []


def test_rows_may_be_added_anywhere_as_git_does_when_it_merges(folder):
    edit(folder, A, lambda lines: [*lines[:2], "A-9,S003,,,,C01,,,\n", *lines[2:], "A-10,S003,,,,C01,,,\n"])
    assert faults_of(folder) == []


def test_columns_may_be_added_and_stand_in_another_order(folder):
    edit(
        folder,
        A,
        lambda lines: [
            f"{end}{line.rstrip()}\n" for end, line in zip(["round,", *[","] * (len(lines) - 1)], lines, strict=True)
        ],
    )
    assert faults_of(folder) == []


@pytest.mark.parametrize("file", [A, CODEBOOK, GUIDELINES, PATHS["card_sorts"][0], PATHS["quality"][0], SOURCES])
def test_a_table_cut_off_at_the_end_of_a_row_is_named_with_its_lost_rows(folder, file):
    last = (folder / file).read_text(encoding="utf-8").splitlines()[-1].split(",")[0]
    edit(folder, file, lambda lines: lines[:-1])
    lost = [fault for fault in faults_of(folder) if "there at the last run" in fault.problem]
    assert [fault.file for fault in lost] == [file]
    assert last in lost[0].problem
    assert "graylit check --accept" in lost[0].remedy


def test_a_source_may_be_taken_out(folder):
    edit(folder, A, lambda lines: [line.replace("S002", "S003") for line in lines])
    write_known(folder, read_study(folder)[0])
    edit(folder, SOURCES, lambda lines: [line for line in lines if "S002" not in line])
    assert faults_of(folder) == []


def test_a_table_that_a_study_may_do_without_may_be_taken_away(folder):
    (folder / PATHS["impacts"][0]).unlink()
    assert faults_of(folder) == []


def test_a_coders_table_that_is_gone_is_named_with_its_rows(folder):
    (folder / A).unlink()
    assert [fault.problem for fault in faults_of(folder) if fault.file == A] == [
        "lacks 3 rows that were there at the last run: A-1, A-2, A-3"
    ]


def test_a_row_that_changed_is_named_with_its_place(folder):
    replace_once(folder, A, "A-1,S001,0,12,,C01,,high", "A-1,S001,0,12,,C01,,low")
    assert place(only_fault(folder)) == (A, 2, "coding_id", "A-1")


def test_of_many_changed_rows_some_are_named_and_the_others_counted(folder):
    edit(folder, PATHS["quality"][0], lambda lines: [line.replace(",1\n", ",0\n") for line in lines])
    faults = faults_of(folder)
    assert len(faults) == SHOWN + 1
    assert faults[-1].problem == "has 14 more such rows"


def test_rows_of_which_the_last_is_in_force_are_named_if_they_changed_places(folder):
    categories = PATHS["categories"][0]
    edit(folder, categories, lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]])
    (fault, _) = faults_of(folder)
    assert place(fault) == (categories, 4, "category_id", "K02 2026-02-03")
    assert fault.problem.endswith("stood before another one of K02 at the last run")


@pytest.mark.parametrize("file", [A, CODEBOOK, GUIDELINES, PATHS["card_sorts"][0], PATHS["quality"][0], SOURCES])
def test_rows_that_settle_nothing_together_may_change_places(folder, file):
    edit(folder, file, lambda lines: [lines[0], *reversed(lines[1:])])
    assert faults_of(folder) == []


def test_a_source_may_give_its_place_to_another_and_be_described_otherwise(folder):
    edit(folder, A, lambda lines: [line.replace("S003", "S004") for line in lines])
    write_known(folder, read_study(folder)[0])
    edit(folder, SOURCES, lambda lines: [line.replace("S003", "S004").replace("Pumps", "All pumps") for line in lines])
    assert faults_of(folder) == []


@pytest.mark.parametrize("damage", [b"\xe9", b"\x00"])
def test_of_a_table_that_cannot_be_read_no_row_is_called_lost(folder, damage):
    (folder / A).write_bytes((folder / A).read_bytes().replace(b"whole page", damage))
    assert (only_fault(folder).file, only_fault(folder).row) == (A, 4)


def test_a_correction_is_accepted_and_then_known(folder):
    replace_once(folder, A, "A-1,S001,0,12,,C01,,high", "A-1,S001,0,12,,C01,,low")
    said = call_graylit("-C", folder, "check", "--accept").stdout
    assert said.startswith(f"accepted: {A}, row 2, column coding_id: 'A-1' is the key of a row")
    assert faults_of(folder) == []
    assert accept_rows(folder) == []


def test_nothing_is_accepted_beside_another_fault(folder):
    replace_once(folder, A, "A-1,S001,0,12,,C01,,high", "A-1,S001,0,12,,C99,,low")
    with pytest.raises(InputError, match="C99"):
        accept_rows(folder)
    assert "A-1" in [fault.value for fault in faults_of(folder)]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": [1]}', "[" * 9_999, "\udcff"])
def test_known_rows_that_are_damaged_are_named_and_can_be_made_again(folder, content):
    (folder / KNOWN_ROWS).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert only_fault(folder).file == KNOWN_ROWS
    assert len(accept_rows(folder)) == 1
    assert faults_of(folder) == []


def test_rows_that_another_version_digested_otherwise_are_not_held_against_those_of_now(folder):
    known = folder / KNOWN_ROWS
    known.write_text(known.read_text().replace(f'"rule":{RULE}', '"rule":0'))
    replace_once(folder, A, "A-1,S001,0,12,,C01,,high", "A-1,S001,0,12,,C01,,low")
    assert faults_of(folder) == []


def test_places_that_anchor_fills_in_are_no_changes(folder):
    edit(folder, A, lambda lines: [lines[0].replace("exact_sha256", "exact"), *lines[1:], "A-4,S001,,,roof,C02,,,\n"])
    write_known(folder, read_study(folder)[0])
    (folder / "data/processed/texts").mkdir(parents=True)
    for source_id in ("S001", "S002", "S003"):
        (folder / f"data/processed/texts/{source_id}.txt").write_text("Rain falls on a roof and into a barrel.")
    anchor_codings(folder)
    assert ",16,20,roof," in (folder / A).read_text()
    assert faults_of(folder) == []


def test_dates_that_lie_ahead_are_faults_with_a_day_for_zones_of_time(folder):
    replace_once(folder, PATHS["practices"][0], "C01,G01,Same thing,2026-02-01", "C01,G01,Same thing,2062-02-01")
    replace_once(folder, SOURCES, "2023", "2027")
    replace_once(folder, SOURCES, "2024-03-01", "2026-11-29")
    study, _ = read_study(folder)
    today = datetime.date(2026, 11, 28)
    assert [place(fault) for fault in check_dates(study, today)] == [
        (SOURCES, 3, "published", "2027"),
        (PATHS["practices"][0], 2, "decided_at", "2062-02-01"),
    ]


def test_a_row_dated_before_an_earlier_one_of_its_id_is_remarked(folder):
    edit(
        folder,
        CODEBOOK,
        lambda lines: [
            *(
                f"{line.rstrip()},{when}\n"
                for line, when in zip(lines, ["decided_at", "2026-03-01", "", ""], strict=True)
            ),
            "C01,Sieve,A mesh keeps leaves out,,,active,,2026-02-01\n",
        ],
    )
    write_known(folder, read_study(folder)[0])
    remarks = [remark for remark in list_remarks(require_study(folder), folder) if "dated before" in remark.problem]
    assert [place(remark) for remark in remarks] == [(CODEBOOK, 5, "decided_at", "2026-02-01")]
