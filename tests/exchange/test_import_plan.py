"""Projects that come back: each edit is one change and one row, and nothing else is touched."""

import csv
import hashlib
import io

import pytest

from graylit.exchange.changes import read_time
from graylit.exchange.import_plan import write_plan
from graylit.exchange.refi import make_guid
from graylit.study.checking import require_study
from graylit.study.writing import append_rows
from graylit.tables.coding import CODINGS
from made_rows import capture, write_captures
from qda_projects import (
    CODED,
    EDITS,
    NOW,
    SPACE,
    TEXTS_OF,
    add,
    add_code,
    add_selection,
    counts_of,
    edit_project,
    export,
    fault_of,
    find_selection,
    locate,
    make_row,
    note,
    plan,
    recode,
    remove,
    renew_guids,
    write_coded,
)


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


@pytest.mark.parametrize("coder", ["A", "B"])
def test_our_own_export_comes_back_without_a_change(study, coder):
    planned = plan(study, export(study), coder)
    assert (planned.difference.changes, planned.files) == ([], {})
    assert planned.difference.n_same == len(CODED[coder])


@pytest.mark.parametrize("coder", ["A", "B"])
def test_it_comes_back_without_a_change_when_a_tool_gave_everything_other_guids(study, coder):
    planned = plan(study, edit_project(export(study), renew_guids), coder)
    assert (planned.difference.changes, planned.files) == ([], {})


@pytest.mark.parametrize("renewed", [False, True], ids=["own guids", "other guids"])
@pytest.mark.parametrize("kind", EDITS)
def test_one_edit_is_one_change_of_its_kind(study, kind, renewed):
    path = edit_project(export(study), EDITS[kind])
    path = edit_project(path, renew_guids) if renewed else path
    assert counts_of(plan(study, path)) == {kind: 1}


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_adds_one_row_and_touches_none_that_was_there(study, kind):
    path = edit_project(export(study), EDITS[kind])
    table = study / "config/coding/codings/B.csv"
    before = list(csv.DictReader(io.StringIO(table.read_text())))
    write_plan(study, plan(study, path))
    after = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [{name: row[name] for name in before[0]} for row in after[:2]] == before
    assert [row["coding_id"] for row in after[2:]] == ["B-3"]
    assert (study / "config/coding/codings").joinpath("A.csv").exists()
    require_study(study)


@pytest.mark.parametrize("kind", EDITS)
def test_an_import_done_twice_adds_nothing_the_second_time(study, kind):
    path = edit_project(export(study), EDITS[kind])
    write_plan(study, plan(study, path))
    assert plan(study, path).files == {}
    assert plan(locate(study), export(study)).files == {}


def test_a_removed_coding_is_withdrawn_by_a_row(study):
    write_plan(study, plan(study, edit_project(export(study), remove)))
    row = require_study(study).codings["B"].cells[-1]
    assert (row["replaces"], row["code_id"], row["start"], row["coded_at"]) == ("B-1", "", "", NOW)


def test_keep_withdraws_nothing(study):
    assert plan(study, edit_project(export(study), remove), keep=True).files == {}


def test_an_added_coding_has_its_place_fingerprint_memo_and_time(study):
    write_plan(study, plan(study, edit_project(export(study), add), round="2"))
    row = require_study(study).codings["B"].cells[-1]
    at = TEXTS_OF["S001"].index("Rain brings dust")
    assert (int(row["start"]), int(row["end"])) == (at, at + 16)
    assert row["exact_sha256"] == hashlib.sha256(b"Rain brings dust").hexdigest()
    assert row["fingerprint"]
    assert (row["memo"], row["round"], row["coded_at"]) == ("seen by B", "2", "2026-11-02T10:30:00Z")


def test_a_new_code_is_appended_to_the_codebook(study):
    before = (study / "config/coding/codebook.csv").read_text()
    write_plan(study, plan(study, edit_project(export(study), add_code)))
    after = (study / "config/coding/codebook.csv").read_text()
    assert after == before + "C04,Dust,What the rain brings along,,,active,\n"
    assert require_study(study).codings["B"].cells[-1]["code_id"] == "C04"


def test_a_memo_that_a_spreadsheet_would_run_gets_an_apostrophe(study):
    write_plan(study, plan(study, edit_project(export(study), note)))
    assert require_study(study).codings["B"].cells[-1]["memo"] == "'=SUM(1) is no formula here"


def test_a_coder_without_table_gets_one(study):
    write_plan(study, plan(study, export(study), coder="C", user="B"))
    rows = require_study(study).codings["C"].cells
    assert [row["coding_id"] for row in rows] == ["C-0001", "C-0002"]


def test_codings_of_one_code_that_overlap_become_one(study):
    def overlap(root):
        add_selection(root, "S001", "Rain brings dust", make_guid("code", "C02"), memo="dust")
        add_selection(root, "S001", "dust and 🍃 leaves", make_guid("code", "C02"), memo="leaves")

    path = edit_project(export(study), overlap)
    planned = plan(study, path)
    assert counts_of(planned) == {"added": 1}
    claim = planned.difference.changes[0].claim
    assert TEXTS_OF["S001"][slice(*claim.span)] == "Rain brings dust and 🍃 leaves"
    assert claim.memo == "dust\nleaves"
    write_plan(study, planned)
    assert plan(study, path).files == {}


def test_faults_that_an_import_would_bring_are_refused(study):
    path = study / "config/coding/codebook.csv"
    lines = path.read_text().splitlines()
    counted = zip(lines, (",n_sources", ",2", ",3", ","), strict=True)
    path.write_text("".join(line + cell + "\n" for line, cell in counted))

    def remove_last_of_a_source(root):
        selection = find_selection(root, "B-2")
        selection.getparent().remove(selection)

    message = fault_of(study, edit_project(export(study), remove_last_of_a_source))
    assert "codebook.csv (with the rows of the import), row 2, column n_sources" in message


def test_a_source_swapped_out_since_it_was_captured_stands_in_no_imports_way(study):
    path = edit_project(export(study), recode)
    write_captures(study, capture(1, "captured", url="https://example.org/old", source_id="S004"))
    table = study / "config/coding/codings/B.csv"
    former = make_row("B-9", "S004", "", "C02", "of a page that was swapped out")
    table.write_text(append_rows(table.read_text(encoding="utf-8"), [former], CODINGS), encoding="utf-8")
    assert counts_of(plan(study, path)) == {"recoded": 1}


def test_codings_of_other_coders_are_left_to_them(study):
    planned = plan(study, export(study), "B")
    assert planned.claims.skipped["of other users"] == len(CODED["A"])


def test_a_tool_that_drops_codings_of_whole_sources_withdraws_none(study):
    def drop(root):
        for coding in root.findall(".//q:TextSource/q:Coding", SPACE):
            coding.getparent().remove(coding)

    planned = plan(study, edit_project(export(study), drop), "A")
    assert planned.files == {}
    assert planned.difference.kept == {"of a whole source, and the project holds none of these": 1}


def test_a_project_of_some_sources_withdraws_nothing_of_the_others(study):
    def drop(root):
        source = root.find(f".//q:TextSource[@guid='{make_guid('source', 'S002')}']", SPACE)
        source.getparent().remove(source)

    assert plan(study, edit_project(export(study), drop)).files == {}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00Z"),
        ("2026-05-01T12:00:00.123Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("0001-01-01T00:00:00", NOW),
        ("2999-01-01T00:00:00Z", NOW),
        ("yesterday", NOW),
        ("", NOW),
    ],
)
def test_times_of_other_tools_become_utc(given, read):
    assert read_time(given, NOW) == read
