"""The report for a reader: questions and findings first, evidence both ways, and what saturation can mean."""

import shutil

import pytest
from bs4 import BeautifulSoup

from claimed_study import write_claims
from conftest import read_table, run_review, share_folder
from frames import table
from graylit.exports.data_package import pack_tables
from graylit.exports.paper import format_paper_tables
from graylit.exports.writing import describe_study, list_tables, make_export
from graylit.report.agreeing import list_agreement
from graylit.report.counts import list_main_alphas
from graylit.report.findings import describe_findings
from graylit.report.rounds import describe_rounds, list_rounds
from graylit.study.checking import require_study
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import AGREEMENT, CODEBOOK, CODINGS, SATURATION
from graylit.tables.relating import FINDINGS

PROTOCOL = "# Protocol\n\n## Research questions\n\n1. What do bees need?\n2. What bears the load?\n"
ORIGINAL = """\
original:
  {title: Roofs of old, authors: [A. Cooper], year: 2020, url: "https://example.org/roofs", identifier: "doi:10/x",
   relation: replication, counts: {sources: 99, guidelines: 7}, not_compared: Nobody has read it.}
provenance: {prescreening: read by hand, n_prescreened: 50, nominal_date: ""}
"""
FINDINGS_CSV = """\
finding_id,question,wording,guideline_ids,shows,status,decided_at,decided_by
F01,2,Of {sources} sources most name the load.,G01,guidelines,,2026-03-05,DORA
F02,,The {nothing} is unknown.,,claims,,2026-03-05,DORA
"""


def fill(**frames):
    return {name: contract.to_frame([]) for name, contract in CONTRACTS.items()} | frames


def make_told(built, folder):
    shutil.copytree(built, folder)
    write_claims(folder)
    (folder / "config/protocol.md").write_text(PROTOCOL, encoding="utf-8")
    (folder / "config/synthesis/findings.csv").write_text(FINDINGS_CSV, encoding="utf-8")
    with (folder / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write(ORIGINAL)
    run_review(folder)


@pytest.fixture(scope="module")
def told(built, tmp_path_factory):
    """Return the built study with claims, findings and an original, after another review."""
    return share_folder(tmp_path_factory, "told", lambda folder: make_told(built, folder))


@pytest.fixture(scope="module")
def page(told):
    return BeautifulSoup((told / "results/report.html").read_text(encoding="utf-8"), "html.parser")


def words_of(page, place):
    return " ".join(page.select_one(place).get_text(" ").split())


def test_sections_come_in_the_order_of_a_reader_and_so_does_the_menu(page):
    sections = [one["id"] for one in page.select("section[id]")]
    expected = ["glance", "findings", "guidelines", "claims", "impact", "categories", "original", "agreement"]
    expected += ["saturation", "sensitivity", "threats", "search", "sources", "codes", "topics", "crosswalk", "methods"]
    assert [one for one in sections if one in expected] == expected
    menu = [link["href"][1:] for link in page.select("#contents a[href^='#']") if link["href"][1:] in expected]
    assert menu == expected


def test_each_question_stands_with_its_findings_and_one_without_says_so(page, told):
    words = words_of(page, "#findings")
    n_sources = len(read_table(told / "config/sources.csv"))
    assert "1. What do bees need? No finding answers this question yet" in words
    assert f"2. What bears the load? Of {n_sources} sources most name the load. ( G01 ) F01, DORA" in words
    assert "Further findings The {nothing} is unknown." in words
    captions = [one.get_text() for one in page.select("#findings caption")]
    assert captions == ["Guidelines by the sources that support them", "Claims of guidelines"]


def test_tables_of_findings_hold_what_the_made_tables_hold(page, told):
    shown = [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.select("#findings table")[0]("tr")
    ]
    support = {row["guideline_id"]: row for row in read_table(told / "data/processed/guideline_claims.csv")}
    assert len(shown) == len(support) + 1
    for name, sources, publishers, against, *_ in shown[1:]:
        row = support[name.split()[0]]
        assert (sources, publishers, against) == (row["n_sources"], row["n_publishers"], row["n_sources_against"])


def test_a_card_shows_quality_and_contrary_evidence_beside_support(page, told):
    row = next(row for row in read_table(told / "data/processed/guideline_claims.csv") if row["guideline_id"] == "G01")
    against = int(row["n_sources_against"])
    assert f"Contrary evidence: {against} source" in words_of(page, "#G01")
    assert "nobody looked for any, since it was not split into claims" in words_of(page, "#G02")
    quality = [one for one in read_table(told / "data/processed/guideline_quality.csv") if one["guideline_id"] == "G01"]
    middle = sorted(quality, key=lambda one: float(one["cut_off"]))[len(quality) // 2]
    expected = f"median {float(middle['median_score']):g} of 20 points" if middle["median_score"] else "none was"
    assert expected in words_of(page, "#G01")


def test_every_claim_stands_with_sources_and_publishers_for_in_part_and_against(page, told):
    rows = {row["claim_id"]: row for row in read_table(told / "data/processed/claim_support.csv")}
    shown = page.select("#claims tbody tr")
    assert len(shown) == len(rows)
    for line in shown:
        cells = [" ".join(cell.get_text(" ").split()) for cell in line.find_all("td")]
        row = rows[cells[1].split()[0]]
        assert cells[0] == row["guideline_id"]
        for cell, suffix in zip(cells[2:5], ("", "_partly", "_against"), strict=True):
            n_sources, n_publishers = row[f"n_sources{suffix}"], row[f"n_publishers{suffix}"]
            assert cell == (f"{n_sources} / {n_publishers}" if n_sources != "0" else "–")


def test_the_original_stands_beside_the_study_until_somebody_compares_them(page, told):
    words = words_of(page, "#original")
    assert "A. Cooper (2020): Roofs of old, doi:10/x" in words and "Relation of this study to it: replication" in words
    assert "Nobody has read it." in words and "50 pages were looked through" in words
    n_sources = len(read_table(told / "config/sources.csv"))
    assert f"sources 99 {n_sources}" in words and "categories" not in words


def test_correspondences_take_the_place_of_why_none_was_made(told, tmp_path):
    folder = tmp_path / "compared"
    shutil.copytree(told, folder)
    rows = "O01,G01,The third,part,,2026-03-06,DORA,It says less\nO02,,The fourth,none,,2026-03-06,DORA,\n"
    header = "correspondence_id,guideline_id,published_guideline,relation,status,decided_at,decided_by,reason\n"
    (folder / "config/synthesis/correspondences.csv").write_text(header + rows, encoding="utf-8")
    run_review(folder)
    page = BeautifulSoup((folder / "results/report.html").read_text(encoding="utf-8"), "html.parser")
    words = words_of(page, "#original")
    assert "Nobody has read it." not in words
    assert "1 answers one or more; 1 published one has no counterpart." in words
    assert "says a part of The third It says less DORA" in words


def test_a_study_without_an_original_findings_or_questions_says_nothing_of_them(built):
    page = BeautifulSoup((built / "results/report.html").read_text(encoding="utf-8"), "html.parser")
    ids = {one["id"] for one in page.select("section[id]")}
    assert not ids & {"original", "claims"} and "Prescreened" not in page.get_text()
    assert describe_findings(fill(), "", {}) is None


def agreement(*rows):
    return table(AGREEMENT, "round coders scope measure value n_units", *rows)


def test_the_main_alpha_is_over_sets_of_codes_in_the_last_round():
    rows = [(1, "A; B", "overall", "alpha_masi", 0.5, 9), (2, "A; B", "overall", "alpha_masi", 0.8, 9)]
    rows += [(2, "A; B", "overall", "alpha_nominal", 0.7, 9), (2, "A; B", "C01", "alpha_masi", 0.1, 9)]
    assert list_main_alphas(fill(agreement=agreement(*rows)))["value"].tolist() == [0.8]
    rows += [(2, "all", "overall", "alpha_masi", 0.75, 9), (2, "A; C", "overall", "alpha_masi", 0.6, 9)]
    assert list_main_alphas(fill(agreement=agreement(*rows)))["value"].tolist() == [0.75]


def test_agreement_names_the_main_measure_and_the_lowest_code():
    rows = [(2, "A; B", "overall", "alpha_masi", 0.8, 9), (2, "A; B", "C01", "alpha_nominal", 0.9, 9)]
    rows += [(2, "A; B", "C02", "alpha_nominal", 0.4, 9)]
    told = list_agreement(fill(agreement=agreement(*rows)))
    assert [(row["what"], row["value"], row["is_main"]) for row in told] == [
        ("coding, round 2, the last", 0.8, True),
        ("single codes, in that round", 0.4, False),
    ]
    assert "the lowest, C02; 1 of 2 codes at .800 or more" in told[1]["measure"]
    assert list_agreement(fill()) == []


def rounds_of(codes, codings):
    """Return the frames of codes, each with when it was written, and codings, each with its round and date."""
    written = [(code, "active", when) for code, when in codes]
    return fill(
        saturation=table(SATURATION, "order_name n_sources", ("listed", 9)),
        codebook=table(CODEBOOK, "code_id status decided_at", *{row[0]: row for row in written}.values()),
        code_history=table(CODEBOOK, "code_id status decided_at", *written),
        codings=table(CODINGS, "round coded_at", *codings),
    )


def test_a_last_round_without_new_codes_uses_up_a_closed_list():
    frames = rounds_of([("C1", "2026-01-01"), ("C2", "2026-01-15")], [(1, "2026-01-10"), (2, "2026-02-01")])
    words = describe_rounds(frames)
    assert "All 2 codes in use were written before round 2, the last, began" in words and "closed list" in words
    assert words.endswith("the last such round is 1.")


def test_codes_of_the_last_round_are_those_for_which_saturation_means_something():
    codes = [("C1", "2026-01-01"), ("C2", "2026-02-02"), ("C1", "2026-03-01")]  # a later row only rewords C1
    frames = rounds_of(codes, [(1, "2026-01-10"), (2, "2026-02-01T10:00:00Z"), (2, "2026-02-03")])
    assert [(one.number, one.n_written) for one in list_rounds(frames)[0]] == [(1, 0), (2, 1)]
    words = describe_rounds(frames)
    assert "1 is older than round 2" in words and "for the 1 code that was written since round 2 began" in words


def test_nothing_is_said_of_rounds_without_dates_and_undated_codes_are_named():
    assert describe_rounds(rounds_of([("C1", "2026-01-01")], [(1, "")])) == ""
    assert "1 code has no date" in describe_rounds(rounds_of([("C1", "")], [(1, "2026-01-10")]))
    assert describe_rounds(fill()) == ""


def test_findings_of_a_question_come_in_order_and_numbers_are_filled_in():
    rows = [("F2", 1, "B has {codes}."), ("F1", 1, "A has {sources}."), ("F3", "", "Beside.")]
    frames = fill(findings=table(FINDINGS, "finding_id question wording", *rows))
    found = describe_findings(frames, PROTOCOL, {"codes": "4", "sources": "9"})
    assert [one["words"] for one in found["questions"][0]["findings"]] == ["A has 9.", "B has 4."]
    assert ([one["words"] for one in found["further"]], found["questions"][1]["findings"]) == (["Beside."], [])


def test_exports_tell_the_same_as_the_report(told):
    made = make_export(told, ["paper"]).items()
    files = {name: content.decode("utf-8") for name, content in made if not name.startswith("figures")}
    cards, paper = files["guidelines.md"], files["paper.tex"]
    n_sources = len(read_table(told / "config/sources.csv"))
    for document in (cards, paper):
        plain = document.replace("\\", "")
        assert f"Of {n_sources} sources most name the load." in plain and "What bears the load?" in plain
        assert "A. Cooper (2020): Roofs of old" in plain and "Nobody has read it." in plain
        assert "Before screening, 50 pages were read by hand." in plain
    counted = {row["guideline_id"]: row for row in read_table(told / "data/processed/guideline_claims.csv")}
    against = int(counted["G01"]["n_sources_against"])
    first = cards[cards.index("## G01") : cards.index("## G02")]
    assert f"**Contrary evidence**: {against} source" in first and "**Quality of its sources**: median score" in first
    assert "not looked for, since the guideline was not split" in cards[cards.index("## G02") : cards.index("## G03")]
    claim = next(row for row in read_table(told / "data/processed/claim_support.csv") if row["claim_id"] == "L01")
    cells = [f"{claim[f'n_sources{kind}']} / {claim[f'n_publishers{kind}']}" for kind in ("", "_partly", "_against")]
    assert " & ".join(cells) in files["tables/claims.tex"]
    assert "The main measure is alpha, MASI, of the last round" in files["tables/agreement.tex"]
    assert "tables/correspondences.tex" not in files and "tables/groups.tex" not in files


def test_what_a_package_is_of_stands_in_its_description(told):
    study = require_study(told)
    descriptor, _ = pack_tables(describe_study(study), list_tables(study, {}))
    assert "Relation to A. Cooper (2020): Roofs of old, doi:10/x: replication." in descriptor["description"]
    assert "Before screening, 50 pages were read by hand." in descriptor["description"]


def test_groups_and_correspondences_have_tables_for_a_paper():
    rows = [{"counted_id": "G1", "n_publishers": "3", "n_groups": "2", "has_floor": "no"}]
    rows.append({"counted_id": "G2", "n_publishers": "3", "n_groups": "3", "has_floor": "yes"})
    answers = [{"guideline_id": "G1", "published_guideline": "The third", "relation": "part", "reason": ""}]
    answers.append({"guideline_id": "", "published_guideline": "The fourth", "relation": "none", "reason": "Cost"})
    files = format_paper_tables([], [], [], [], groups=rows, correspondences=answers)
    assert "G1 & 3 & 2 & no" in files["tables/groups.tex"] and "G2" not in files["tables/groups.tex"]
    assert "G1 & says a part of & The third" in files["tables/correspondences.tex"]
    assert "has no counterpart & The fourth & Cost" in files["tables/correspondences.tex"]
