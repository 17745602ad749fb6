"""Captures of candidates: made as those of sources are, kept whatever is decided, and taken over by sources."""

import datetime
import ipaddress
import shutil

import pytest
from collect_captures import Asked, collect, describe_candidates

from capture_records import list_warcs, read_captures
from conftest import make_study, read_table, write_table
from graylit.captures.choosing import is_held
from graylit.captures.groups import read_capture
from graylit.collection.capture_table import CaptureTable
from graylit.collection.gate import Gate
from graylit.collection.web import open_web
from graylit.commands.verify import verify_captures
from graylit.search.including import include_candidates
from graylit.study.candidate_pages import choose_candidates, list_candidate_pages
from graylit.study.checking import read_study, require_screened
from graylit.tables.faults import InputError
from loopback import format_page, serve_site
from running import call_graylit

NOW = datetime.datetime(2026, 3, 9, tzinfo=datetime.UTC)
PATHS = {"H001": "/page/source", "H002": "/page/in", "H003": "/page/out", "H004": "/status/404", "H005": "/page/out"}
SCREENED = {"H001": "include", "H002": "include", "H003": "exclude"}


def write_candidates(folder, site, source_id="H001"):
    """Write a study of one source, and five candidates: its page, one included, one excluded, a lost one, a double."""
    make_study(folder, {source_id: site.url(PATHS["H001"])}, timegate="")
    place = folder / "config/screening"
    place.mkdir()
    doubled = {"H005": "H003"}
    rows = [
        {"candidate_id": name, "url": site.url(path), "title": f"Page {name}", "publisher": "Ann", "found_by": "X01"}
        | {"source_type": "", "published": "2026-02", "duplicate_of": doubled.get(name, "")}
        for name, path in PATHS.items()
    ]
    write_table(place / "candidates.csv", rows)
    (place / "criteria.csv").write_text("criterion_id,kind,name,status\nE1,exclusion,Sales,active\n")
    lines = [
        f"N{name},{name},A,1,{decision},{'E1' if decision == 'exclude' else ''}" for name, decision in SCREENED.items()
    ]
    header = "screening_id,candidate_id,screener,round,decision,criterion_id"
    (place / "screenings.csv").write_text("\n".join([header, *lines, ""]))
    return folder


@pytest.fixture
def folder(site, tmp_path):
    return write_candidates(tmp_path / "study", site)


def run_collection(folder, candidates="", archives=(), live=True, refresh=""):
    """Collect a study; return the attempts that this added."""
    table, study = CaptureTable(folder / "data/raw/captures.csv"), require_screened(folder)
    n_before = len(table.read())
    gate = Gate((ipaddress.ip_network("127.0.0.0/8"),), resolve=lambda host, port: ["127.0.0.1"])
    web = open_web(study.config["collection"], gate) if live else None
    collect(study, table, web, Asked([str(path) for path in archives], refresh, candidates=candidates), NOW)
    return table.read()[n_before:]


def told(rows):
    return [(row["capture_id"], row["outcome"]) for row in rows]


def test_the_candidates_named_are_captured_and_nothing_else(folder, site):
    assert told(run_collection(folder, "H003 H004")) == [("H003-1", "captured"), ("H004-1", "gone")]
    assert set(site.paths()) == {"/robots.txt", "/page/out", "/status/404"}
    row = read_captures(folder)[0]
    assert read_capture(row, folder / "data/raw").body == format_page("/page/out")
    assert row["robots"] == "no rules"


def test_all_candidates_are_those_that_are_no_duplicates_and_one_captured_is_not_asked_again(folder, site):
    run_collection(folder, "H003")
    assert told(run_collection(folder, "all")) == [
        ("H001-1", "captured"),
        ("H002-1", "captured"),
        ("H004-1", "gone"),
    ]
    assert site.paths().count("/page/out") == 1
    candidates = choose_candidates(require_screened(folder).candidates.cells, "all")
    assert describe_candidates(candidates, read_captures(folder)) == "3 captured, 1 gone"


def test_a_candidate_can_be_captured_again(folder):
    run_collection(folder, "H003")
    assert told(run_collection(folder, "H003", refresh="H003")) == [("H003-2", "unchanged")]


def test_an_id_of_no_candidate_is_refused_before_anything_is_asked(folder, site):
    with pytest.raises(InputError, match=r"'H3' is no candidate.*config/screening/candidates.csv, or all"):
        run_collection(folder, "H3")
    assert not site.visits


def test_captures_of_candidates_verify(folder):
    run_collection(folder, "all")
    assert verify_captures(folder / "data/raw")[1] == []


def test_an_included_candidate_serves_its_source_without_asking_the_web_again(folder, site):
    run_collection(folder, "all")
    n_visits = len(site.visits)
    included = include_candidates(folder)
    assert [row["source_id"] for row in included.added] == ["H002"]
    assert included.uncaptured == []
    assert run_collection(folder) == []
    assert len(site.visits) == n_visits
    assert {row["source_id"] for row in read_captures(folder)} == {"H001", "H002", "H003", "H004"}  # all are kept


def test_a_source_with_an_id_of_its_own_takes_the_capture_of_its_candidate_over(site, tmp_path):
    folder = write_candidates(tmp_path / "study", site, source_id="S007")
    run_collection(folder, "H002 H003")
    assert [row["source_id"] for row in include_candidates(folder).added] == ["S008"]
    mine = [row for row in read_captures(folder) if row["source_id"] == "S008"]
    assert told(mine) == [("S008-1", "captured")]
    assert mine[0]["note"] == "captured as candidate H002 (H002-1)"
    assert read_capture(mine[0], folder / "data/raw").body == format_page("/page/in")
    assert verify_captures(folder / "data/raw")[1] == []
    assert told(run_collection(folder)) == [("S007-1", "captured")]
    assert site.paths().count("/page/in") == 1


def test_a_table_written_again_from_its_files_has_what_was_taken_over(site, tmp_path):
    folder = write_candidates(tmp_path / "study", site, source_id="S007")
    run_collection(folder, "H002")
    include_candidates(folder)
    rows = read_captures(folder)
    (folder / "data/raw/captures.csv").unlink()
    run_collection(folder, live=False)
    assert sorted(read_captures(folder), key=lambda row: row["capture_id"]) == rows
    assert read_study(folder)[1] == []


def test_a_colleague_takes_captures_of_candidates_from_a_bundle(site, tmp_path):
    folder = write_candidates(tmp_path / "study", site, source_id="S007")
    shutil.copytree(folder / "config", tmp_path / "colleague/config")
    run_collection(folder, "H002 H003")
    include_candidates(folder)
    said = call_graylit("-C", folder, "share", "--to", tmp_path / "all.warc.gz")
    assert "3 attempts on 1 source and 2 candidates" in said.stdout
    shutil.copyfile(folder / "config/sources.csv", tmp_path / "colleague/config/sources.csv")
    taken = run_collection(tmp_path / "colleague", archives=[tmp_path / "all.warc.gz"], live=False)
    assert sorted(row["capture_id"] for row in taken if is_held(row)) == ["H002-1", "H003-1", "S008-1"]
    assert verify_captures(tmp_path / "colleague/data/raw")[1] == []
    one = call_graylit("-C", folder, "share", "H003", "--to", tmp_path / "one.warc.gz")
    assert "1 attempt on 1 candidate" in one.stdout


def test_captured_candidates_are_pages_and_no_faults(folder):
    run_collection(folder, "all")
    assert [fault.problem for fault in read_study(folder)[1]] == ["is included but not in sources.csv"]
    assert [page["source_id"] for page in list_candidate_pages([{"candidate_id": "H1", "url": ""}])] == []


def test_the_command_captures_candidates_while_some_are_included_and_no_sources_yet(site, tmp_path):
    folder = write_candidates(tmp_path / "study", site)
    with serve_site():
        ended = call_graylit("-C", folder, "collect", "--candidates", "H003 H004")
    assert ended.returncode == 0
    assert told(read_captures(folder)) == [("H003-1", "captured"), ("H004-1", "gone")]
    standings = read_table(folder / "data/raw/collection.csv")
    assert [(row["source_id"], row["state"]) for row in standings] == [("H001", "not_tried")]
    assert len(list_warcs(folder)) == 1
