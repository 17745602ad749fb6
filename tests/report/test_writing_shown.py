"""A whole review with relations, places read, attributes and second readings: what each output shows of them."""

import csv
import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from conftest import read_table, run_review, share_folder
from graylit.exports.cards import format_cards, list_cards
from graylit.study.checking import read_study
from graylit.tables.impacts import QUALITY_ATTRIBUTES

TABLES = {
    "config/attributes.csv": "attribute,definition\nsafety,Nobody comes to harm\nflexibility,It can be changed\n"
    "reliability,It goes on\npeace,Nobody is disturbed\n",
    "config/synthesis/relations.csv": "guideline_id,other_guideline_id,relation,status,decided_at,decided_by,reason\n"
    "G05,G02,needs,,2026-03-13,A,No notice without a calendar\nG01,G04,conflicts,,2026-03-13,A,\n"
    "G03,G02,refines,,2026-03-13,A,\nG03,G02,refines,withdrawn,2026-03-14,A,\n",
    "config/synthesis/places_read.csv": "opened_by,coding_id,opened_at\n"
    + "".join(f"A,{coding_id},2026-02-20T10:00:00Z\n" for coding_id in ("A-0001", "B-0001", "A-0002"))
    + "A,B-0002,2026-03-05T10:00:00Z\n",
    "config/synthesis/impact_readings.csv": "impact_id,reader,reading,quality_attribute,effect,reason,read_at\n"
    "I01,N,shown,safety,strengthened,,2026-03-15\nI02,N,shown,flexibility,strengthened,,2026-03-15\n"
    "I03,N,not_shown,,,nothing of time,2026-03-15\n",
}


def make_written(built, folder):
    shutil.copytree(built, folder)
    for file, content in TABLES.items():
        (folder / file).write_text(content, encoding="utf-8")
    path = folder / "config/synthesis/guidelines.csv"
    before = [{**row, "decided_at": "", "decided_by": ""} for row in read_table(path)]
    rows = before + [{**row, "decided_at": "2026-03-02", "decided_by": "A"} for row in before]
    with path.open("w", encoding="utf-8", newline="") as table:
        lines = csv.DictWriter(table, rows[0], lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)
    run_review(folder)


@pytest.fixture(scope="module")
def written(built, tmp_path_factory):
    """Return a copy of the built study with these tables, after another review; tests change nothing in it."""
    return share_folder(tmp_path_factory, "written", lambda folder: make_written(built, folder))


class Words(HTMLParser):
    """The words of a page."""

    def __init__(self, page):
        super().__init__()
        self.words = []
        self.feed(page)

    def handle_data(self, data):
        self.words.append(data)


def words_of(path):
    return " ".join(" ".join(Words(path.read_text(encoding="utf-8")).words).split())


def test_how_much_was_opened_before_writing_is_counted_and_told(written):
    rows = {(row["kind"], row["written_id"]): row for row in read_table(written / "data/processed/places_opened.csv")}
    practice, guideline = rows["practice", "P01"], rows["guideline", "G01"]
    codings = {row["coding_id"]: row["code_id"] for row in read_table(written / "data/processed/located_codings.csv")}
    opened = [coding_id for coding_id in ("A-0001", "B-0001", "A-0002") if codings[coding_id] == "C01"]
    assert int(practice["n_opened"]) == len(opened) > 0
    assert int(guideline["n_codings"]) == sum(code in ("C01", "C02") for code in codings.values())
    assert "their authors had opened, of the codes of 7 practices," in words_of(written / "results/report.html")
    page = words_of(written / "results/audit/guidelines/G01.html")
    assert f"{guideline['n_opened']} of {guideline['n_codings']} codings of its codes were opened by A" in page


def test_relations_are_told_from_both_sides_on_report_pages_and_cards(written):
    report = words_of(written / "results/report.html")
    assert re.search(r"needs G02 .{1,60} No notice without a calendar", report)
    assert "is needed by G05" in report and "refines" not in report
    assert "is needed by G05" in words_of(written / "results/audit/guidelines/G02.html")
    study = read_study(written)[0]
    cards = list_cards(study, [], [])
    told = {card["guideline_id"]: [(one["relation"], one["id"]) for one in card["relations"]] for card in cards}
    assert told == {"G01": [("conflicts with", "G04")], "G02": [("is needed by", "G05")], "G03": [],
                    "G04": [("conflicts with", "G01")], "G05": [("needs", "G02")]}  # fmt: skip
    assert "**Needs**: G02 " in format_cards("Bees", cards)


def test_second_readers_stand_beside_the_impacts_and_their_agreement_in_the_methods(written):
    rows = read_table(written / "data/processed/impact_agreement.csv")
    shares = {row["scope"]: float(row["value"]) for row in rows if row["measure"] == "share_agreed"}
    assert shares == {"attribute": pytest.approx(2 / 3), "effect": 0.5, "both": pytest.approx(1 / 3)}
    report = words_of(written / "results/report.html")
    assert "A second reader saw component, decision and places of 3 impacts" in report
    assert "agreed with the authors on the attribute in 67 %, Cohen’s kappa" in report
    assert "on the direction, if both saw an attribute, in 50 %" in report
    page = words_of(written / "results/audit/guidelines/G01.html")
    assert "( N saw: flexibility strengthened)" in page
    assert "( N saw: none)" in words_of(written / "results/audit/guidelines/G02.html")


def test_the_matrix_has_the_attributes_of_the_study_in_its_order(written, built):
    for folder, order in ((written, ["safety", "flexibility", "reliability"]), (built, list(QUALITY_ATTRIBUTES))):
        page = (folder / "results/report.html").read_text(encoding="utf-8")
        matrix = page[page.index('id="impact"') :]
        heads = re.findall(r"quality_attribute=[^\"]+\">([^<]+)<", matrix[: matrix.index("</thead>")])
        assert heads == [name for name in order if name in ("safety", "flexibility", "reliability")]
        assert ("ISO/IEC 25010" in page) == (folder == built)


def test_the_log_has_all_of_it(written):
    log = "".join(path.read_text() for path in sorted((written / "results/audit/tables").glob("log-*.js")))
    lines = [json.loads(line.rstrip(",")) for line in log.splitlines() if line.startswith("[")]
    told = [" ".join(map(str, line)) for line in lines]
    for words in ("relation A", "places opened A", "impact reading N", "3 codings opened"):
        assert any(words in line for line in told), words
    assert any("withdrawn: refines" in line for line in told)
