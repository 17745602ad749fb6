"""What commands say at their end: every count is one of the study, and nothing is claimed of what is not there."""

import pandas as pd
import pytest

from graylit.audit.tracing import Link, name_unsupported, summarize_links
from graylit.commands.check import describe_study
from graylit.commands.verify import verify_captures
from graylit.comparison.effects import describe_page
from graylit.exports.cards import format_cards
from graylit.pages.templates import make_environment
from graylit.runs.places import TEMPLATES
from graylit.study.anchoring import Anchored, describe_anchored
from graylit.study.checking import require_study
from graylit.tables.coding import CODINGS
from graylit.tables.comparison import EFFECTS
from running import call_graylit
from tiny_study import write_study


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def test_check_counts_what_is_in_force(folder):
    columns = "coding_id,source_id,start,end,code_id,replaces"
    rows = ["A-1,S001,0,12,C01,", "A-2,S002,5,9,C02,", "A-3,S002,5,9,C01,A-2", "A-4,S001,,,,A-1"]
    (folder / "config/coding/codings/A.csv").write_text("\n".join([columns, *rows, ""]))
    said = describe_study(require_study(folder))
    assert said.startswith("no faults: 3 sources, 2 codes in use, 2 codings by 2 coders, 2 themes")


def test_codings_of_whole_sources_have_no_fingerprint(tmp_path):
    blank = dict.fromkeys(CODINGS.names, "")
    rows = [blank | {"code_id": "C1", "start": "0"}, blank | {"code_id": "C1"}, blank]
    said = describe_anchored(Anchored({"A": rows}, [], []), tmp_path)
    assert said.startswith("2 codings by 1 coder in")
    assert said.endswith(": 1 with place and fingerprint, 1 of a whole source")
    assert describe_anchored(Anchored({}, [], []), tmp_path).endswith(": nothing to place")


def test_nothing_is_verified_where_nothing_was_captured(folder):
    assert verify_captures(folder / "data/raw") == ("", [])
    asked = call_graylit("-C", folder, "verify")
    said = "Nothing has been captured here yet, so there is nothing to verify.\n"
    assert (asked.returncode, asked.stdout) == (0, said)


def test_a_study_without_evidence_has_nothing_to_trace():
    said = summarize_links(pd.DataFrame({"guideline_id": [], "source_id": []}), {})
    assert said == "No guideline rests on a coding yet, so there is nothing to trace."


def test_a_share_of_broken_chains_is_one_of_all(folder):
    links = {"A-1": Link("A-1", "", ""), "B-1": Link("B-1", "", "broken")}
    rows = pd.DataFrame({"guideline_id": ["G01", "G01"], "source_id": ["S001", "S001"]})
    said = "1 guideline, 2 codings in 1 source: 1 leads to its words in an archived page (50 %)"
    assert summarize_links(rows, links) == said
    assert name_unsupported(require_study(folder), rows) == "1 of 2 guidelines has no evidence: G02"


def test_a_card_counts_in_the_singular():
    support = {"n_sources": 1, "n_publishers": 1, "n_codings": 1, "rank": 1}
    source = {"source_id": "S1", "title": "T", "publisher": "P", "url": "https://example.org/", "n_codings": 1}
    card = {"guideline_id": "G1", "name": "Lid", "category": "", "theme": {"id": "T1", "name": "Water"}, "codes": []}
    card |= {"related": [], "relations": [], "impacts": [], "support": support, "sources": [source]}
    page = format_cards("Barrels", [card | dict.fromkeys(("statement", "intent", "motivation", "applicability"), "")])
    assert "1 source of 1 publisher with 1 coding of these codes (rank 1)" in page
    assert "(1 coding)" in page


def test_the_page_of_effects_names_what_did_not_change():
    page = describe_page(EFFECTS.to_frame([]), n_sources=0) | {"title": "Barrels", "floor": 1}
    shown = make_environment(TEMPLATES).get_template("effects.html")
    words = shown.render(page, inline=None, policy="", root="", scripts=[])
    assert (
        "Nothing changed in the evidence of 0 guidelines, 0 themes, 0 codes and 0 topics, nor in saturation." in words
    )
