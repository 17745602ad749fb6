"""Studies too small for some of the steps: each review runs to its end, and its report says what it lacks."""

import re

import pytest

from archives import PAGES, write_archive
from conftest import collect_archived, make_study, read_table, run_review, share_folder
from running import call_graylit

EMPTIED = ("themes", "guidelines", "practices", "categories", "card_sorts")


def empty_table(path):
    """Leave a table its header alone."""
    path.write_text(path.read_text().split("\n")[0] + "\n")


def write_single(folder):
    """Write and review a study of one source and one coder, without themes and guidelines."""
    make_study(folder, {"S001": PAGES[0].url})
    for name in EMPTIED:
        empty_table(folder / f"config/synthesis/{name}.csv")
    archive = write_archive(folder / "pages.warc.gz", PAGES[:1])
    assert collect_archived(folder, archive).returncode == 0
    run_review(folder)
    code_id = read_table(folder / "config/coding/codebook.csv")[0]["code_id"]
    cells = ["coding_id,source_id,segment_id,code_id", f"A-1,S001,S001-001,{code_id}", f"A-2,S001,S001-002,{code_id}"]
    (folder / "config/coding/codings/A.csv").write_text("\n".join(cells) + "\n")
    assert call_graylit("-C", folder, "anchor").returncode == 0
    run_review(folder)


def write_screened(folder):
    """Write and review a study that is still screened: two candidates, one of them excluded, and no source yet."""
    make_study(folder, {"S001": PAGES[0].url})
    empty_table(folder / "config/sources.csv")
    tables = {
        "candidates": [
            "candidate_id,url,title,found_by",
            "K1,http://a.example/,A,search",
            "K2,http://b.example/,B,search",
        ],
        "criteria": ["criterion_id,kind,name,status", "E1,exclusion,off topic,active"],
        "screenings": ["screening_id,candidate_id,screener,round,decision,criterion_id", "N1,K1,A,1,exclude,E1"],
    }
    (folder / "config/screening").mkdir()
    for name, lines in tables.items():
        (folder / f"config/screening/{name}.csv").write_text("\n".join(lines) + "\n")
    run_review(folder)


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return share_folder(tmp_path_factory, "single", write_single)


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    return share_folder(tmp_path_factory, "screened", write_screened)


def read_words(folder):
    """Return the words of a report."""
    page = re.sub(r"<(script|style).*?</\1>", "", (folder / "results/report.html").read_text(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_study_of_one_source_forms_no_topics_and_says_why(single):
    lack = "topics take 3 terms or more that several sources share, and there are none; capture more sources"
    assert read_words(single).count(f"No topics were formed: {lack}.") == 2  # among the topics, and in the methods
    for name in ("topics", "topic_segments", "crosswalk"):
        assert read_table(single / f"data/processed/{name}.csv") == []
    measures = read_table(single / "data/processed/topic_measures.csv")
    assert measures == [{"measure": "n_topics", "value": "0", "meaning": f"topics formed: {lack}"}]
    said = call_graylit("-C", single, "check").stdout
    assert f"is more than the last review could form: {lack}" in said


def test_a_study_of_one_source_and_one_coder_says_of_each_part_what_there_is(single):
    words = read_words(single)
    assert "The only source has a text." in words
    assert "Agreement was not measured" in words
    assert "No guideline has been written yet." in words
    assert [row["method"] for row in read_table(single / "data/processed/located_codings.csv")] == ["same_place"] * 2


def test_a_study_without_guidelines_and_topics_is_exported(single):
    for names in (["qda"], ["codings"], ["codings", "--without-words"]):
        ended = call_graylit("-C", single, "export", *names)
        assert ended.returncode == 0, ended.stderr


def test_a_study_that_is_still_screened_has_a_report_of_its_candidates(screened):
    words = read_words(screened)
    assert "The study has no sources yet." in words
    assert "1 has not been screened yet" in words
    ended = call_graylit("-C", screened, "check")
    assert "no faults: 0 sources" in ended.stdout


def test_a_study_that_is_still_screened_has_nothing_to_freeze(screened):
    ended = call_graylit("-C", screened, "freeze")
    assert "config/sources.csv: names no source yet, so there is nothing to freeze" in ended.stderr
    assert "graylit freeze" not in ended.stderr


def test_a_study_whose_sources_are_listed_and_not_captured_has_tables_of_search_and_screening(screened):
    for name, row in {
        "screening/screenings": "N2,K2,A,1,include,",
        "sources": "K2,http://b.example/,B,B,blog-post",
    }.items():
        path = screened / f"config/{name}.csv"
        header, *rows = path.read_text().splitlines()
        filled = row + "," * (header.count(",") - row.count(","))
        path.write_text("\n".join([header, *rows, filled]) + "\n")
    ended = call_graylit("-C", screened, "review")
    assert ended.returncode == 0, ended.stderr
    assert "no source has been captured yet" in ended.stdout and "graylit -C" in ended.stdout
    decisions = read_table(screened / "data/processed/screening_decisions.csv")
    assert [row["source_id"] for row in decisions] == ["", "K2"]
    assert "The study has 1 source by 1 publisher" in read_words(screened)
