"""A whole review with claims: what its tables count, and what report, audit pages, trace, cards and comparison show."""

import re
import shutil
from html.parser import HTMLParser

import pytest

from claimed_study import write_claims
from conftest import read_table, run_review, share_folder
from graylit.comparison.results import compare_made
from graylit.comparison.states import read_made_tables
from graylit.exports.cards import format_cards, list_cards
from graylit.exports.paper import format_paper_tables
from graylit.exports.writing import read_made_tables as read_all_made
from graylit.study.checking import read_study, require_study
from running import call_graylit


def make_claimed(built, folder):
    shutil.copytree(built, folder)
    write_claims(folder)
    run_review(folder)


@pytest.fixture(scope="module")
def claimed(built, tmp_path_factory):
    """Return a copy of the built study with claims, after another review; tests change nothing in it."""
    return share_folder(tmp_path_factory, "claimed", lambda folder: make_claimed(built, folder))


def made(folder, name):
    return read_table(folder / f"data/processed/{name}.csv")


def by_id(folder, name):
    rows = made(folder, name)
    return {next(iter(row.values())): row for row in rows}


class Words(HTMLParser):
    """The words of a page, and the rows of its tables."""

    def __init__(self, page):
        super().__init__()
        self.words = []
        self.feed(page)

    def handle_data(self, data):
        self.words.append(data)


def words_of(path):
    return " ".join(" ".join(Words(path.read_text(encoding="utf-8")).words).split())


def test_support_by_claim_stands_beside_support_by_code(claimed, built):
    assert (claimed / "data/processed/guideline_support.csv").read_bytes() == (
        built / "data/processed/guideline_support.csv"
    ).read_bytes()
    claims, guidelines = by_id(claimed, "claim_support"), by_id(claimed, "guideline_claims")
    pairs = [row for row in made(claimed, "claim_evidence") if row["claim_id"] == "L01"]
    supporting = [row for row in pairs if row["reading"] == "supports"]
    assert int(claims["L01"]["n_supports"]) == len(supporting) > 0
    assert int(claims["L01"]["n_sources"]) == len({row["source_id"] for row in supporting})
    assert (claims["L02"]["n_sources"], claims["L02"]["has_floor"], claims["L02"]["status"]) == ("0", "no", "accepted")
    assert int(claims["L01"]["n_against"]) > 0
    assert [guidelines[key]["rank"] for key in ("G01", "G03", "G02")] == ["1", "2", "3"]
    assert guidelines["G02"]["n_claims"] == "0"


def test_a_settled_pair_counts_as_settled_and_agreement_as_before_it(claimed):
    settled = [row for row in made(claimed, "claim_evidence") if row["reading_ids"] == "CLEO-1"]
    assert [(row["reading"], row["n_readers"]) for row in settled] == [("supports", "2")]
    (share,) = [
        row for row in made(claimed, "reading_agreement") if (row["scope"], row["measure"]) == ("all", "share_agreed")
    ]
    assert (share["readers"], float(share["value"])) == (
        "ANN; BEN",
        pytest.approx(1 - 1 / int(share["n_pairs"]), abs=1e-5),
    )


def test_a_study_without_claims_has_the_tables_without_rows_and_no_word_of_them(built):
    for name in ("claim_support", "claim_evidence", "guideline_claims", "reading_agreement"):
        assert made(built, name) == []
    page = (built / "results/report.html").read_text(encoding="utf-8")
    assert [words for words in ("claim_", "split into", "· by code", "Claims") if words in page] == []
    assert "Claims" not in (built / "results/audit/guidelines/G01.html").read_text(encoding="utf-8")


def test_the_report_shows_claims_with_what_speaks_against_them(claimed):
    page = words_of(claimed / "results/report.html")
    counts = by_id(claimed, "claim_support")["L01"]
    assert re.search(rf"L01 The load has to be reckoned\. {counts['n_sources']} sources of", page)
    assert "accepted below the floor" in page
    assert "Reading of claims" in page and "reading of claims alpha, nominal" in page
    assert "against a claim of it" in page and "nobody looked for any" in page
    assert "The statements of 2 of 5 guidelines were split into 3 claims" in page
    assert "sources speak against L01 and L02" in page
    code = by_id(claimed, "guideline_support")["G01"]
    assert f"by code {code['n_sources']} sources of {code['n_publishers']} publishers" in page
    assert "It was not split into claims" in page


def test_the_audit_page_of_a_guideline_shows_what_was_read_where(claimed):
    page = (claimed / "results/audit/guidelines/G01.html").read_text(encoding="utf-8")
    assert 'id="L01"' in page and 'tables/claim_evidence.html?claim_id=L01&amp;reading=against"' in page
    assert page.count(">L01: supports<") == int(by_id(claimed, "claim_support")["L01"]["n_supports"])
    log = (claimed / "results/audit/tables/log-1.js").read_text(encoding="utf-8")
    assert '"claim reading","CLEO","CLEO-1"' in log and '"claim","DORA","L02"' in log


@pytest.mark.parametrize("asked", ["L01", "G01"])
def test_trace_leads_from_a_claim_over_readings_to_words(claimed, asked):
    ended = call_graylit("-C", claimed, "trace", asked)
    assert ended.returncode == 0, ended.stderr
    assert "L01 The load has to be reckoned. (G01)" in ended.stdout
    assert re.search(r"  supports \(CLEO, who settled it\): \S+ S\d+ .*→ http", ended.stdout)
    assert ("T01" in ended.stdout) == (asked == "G01")


def test_sensitivity_weighs_what_supports_a_claim(claimed):
    supporting = {
        (row["guideline_id"], row["source_id"])
        for row in made(claimed, "claim_evidence")
        if row["reading"] == "supports"
    }
    types = [row for row in made(claimed, "guideline_groups") if row["variable"] == "source_type"]
    assert sum(int(row["n_sources"]) for row in types if row["guideline_id"] == "G01") == len(
        {source for guideline_id, source in supporting if guideline_id == "G01"}
    )
    assert {row["guideline_id"] for row in made(claimed, "publisher_sensitivity")} == {"G01", "G03"}


def test_an_impact_falls_if_none_of_its_codings_supports_a_claim_in_part(claimed, built):
    study, tables = read_study(claimed)[0], read_all_made(claimed)
    refuted = {row["coding_id"] for row in tables["claim_evidence"] if row["reading"] == "against"}
    bare = list_cards(study, tables["guideline_support"], tables["evidence"])
    cards = list_cards(study, tables["guideline_support"], tables["evidence"], tables)
    lost = {i["impact_id"] for one in bare for i in one["impacts"]} - {
        i["impact_id"] for one in cards for i in one["impacts"]
    }
    fallen = {
        row["impact_id"]
        for row in read_table(claimed / "config/synthesis/impacts.csv")
        if row["guideline_id"] == "G01"
        and all(
            {r["reading"] for r in tables["claim_evidence"] if r["coding_id"] == key} <= {"against", "not_about"}
            for key in row["coding_ids"].split("; ")
        )
    }
    assert refuted and lost == fallen


def test_cards_and_the_papers_tables_have_the_claims(claimed):
    study, tables = read_study(claimed)[0], read_all_made(claimed)
    cards = list_cards(study, tables["guideline_support"], tables["evidence"], tables)
    first = cards[0]
    assert [claim["claim_id"] for claim in first["claims"]] == ["L01", "L02"]
    assert first["support"]["n_sources"] == len(first["sources"])
    assert first["support_by_code"]["n_sources"] == int(by_id(claimed, "guideline_support")["G01"]["n_sources"])
    document = format_cards("Bees", cards)
    assert "- L02 Wind counts.: 0 sources of 0 publishers; partly 1, against" in document
    assert "(accepted with little support)" in document
    paper = format_paper_tables(cards, study.sources.cells, tables["code_counts"], tables["agreement"])
    assert "Wind counts." in paper["tables/claims.tex"]


def test_compare_names_claims_and_readings_that_changed(claimed, tmp_path):
    before = read_made_tables(claimed)[0]
    after = dict(before)
    row = before["claim_support"][0]
    after["claim_support"] = [
        row | {"n_supports": "1", "n_sources": "1", "has_floor": "no"},
        *before["claim_support"][1:],
    ]
    changes = {(one["subject"], one["subject_id"], one["change"], one["column"]) for one in compare_made(before, after)}
    assert changes == {
        ("claim", "L01", "support", "n_supports"),
        ("claim", "L01", "support", "n_sources"),
        ("claim", "L01", "floor", "has_floor"),
    }
    later = shutil.copytree(claimed, tmp_path / "later")
    with (later / "config/synthesis/claim_readings.csv").open("a") as table:
        coding_id = next(row["coding_id"] for row in made(claimed, "claim_evidence") if row["claim_id"] == "L03")
        table.write(f"DAN-1,L03,{coding_id},DAN,partly,,2026-03-05,,,\n")
    with (later / "config/synthesis/claims.csv").open("a") as table:
        table.write("L01,G01,Reckon the load.,,2026-03-05,DORA,\n")
    ended = call_graylit("-C", later, "compare", str(claimed))
    assert ended.returncode == 0, ended.stderr
    told = {
        (row["subject"], row["subject_id"], row["change"]) for row in read_table(later / "results/compare/changes.csv")
    }
    assert {("claim", "L01", "worded"), ("claim reading", "DAN-1", "added")} <= told
    assert ("claim reading", f"L03 {coding_id}", "read otherwise") in told
    assert {change for subject, key, change in told if key.startswith("L01 ")} == {"to be read again"}


def test_the_check_fails_on_a_claim_below_the_floor_alone(claimed, tmp_path):
    assert call_graylit("-C", claimed, "check").returncode == 0
    folder = shutil.copytree(claimed, tmp_path / "study")
    with (folder / "config/synthesis/claims.csv").open("a") as table:
        table.write("L02,G01,Wind counts.,active,2026-03-05,DORA,\n")
    ended = call_graylit("-C", folder, "check")
    assert ended.returncode == 1
    assert "claims.csv, row 6, column claim_id: 'L02' is supported by 0 publishers" in ended.stderr
    assert require_study(folder).claims.cells  # which runs and the desk ask for
