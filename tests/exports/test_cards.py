"""Guideline cards, in Markdown that no word of theirs can break."""

import json
import re

import pytest

from conftest import REPOSITORY, read_table, write_table
from graylit.exports.cards import escape_markdown, list_cards
from graylit.study.checking import read_study
from hostile_words import HOSTILE

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


def test_a_card_has_the_guideline_with_its_codes_support_and_sources(built, exported):
    cards = {card["guideline_id"]: card for card in json.loads(exported["guidelines.json"])["guidelines"]}
    support = {row["guideline_id"]: row for row in read_table(built / "data/processed/guideline_support.csv")}
    assert {one: card["support"]["n_sources"] for one, card in cards.items()} == {
        one: int(row["n_sources"]) for one, row in support.items()
    }
    assert [len(card["sources"]) for card in cards.values()] == [
        card["support"]["n_sources"] for card in cards.values()
    ]
    assert cards["G01"]["codes"][0]["id"] == "C01"
    assert f"## G01 {escape_markdown(cards['G01']['name'])}\n" in exported["guidelines.md"].decode("utf-8")


def test_a_withdrawn_guideline_has_no_card(built_copy):
    rows = read_table(built_copy / "config/synthesis/guidelines.csv")
    rows = [{**row, "status": "withdrawn" if row["guideline_id"] == "G05" else ""} for row in rows]
    write_table(built_copy / "config/synthesis/guidelines.csv", rows)
    cards = list_cards(read_study(built_copy)[0], [], [])
    assert [card["guideline_id"] for card in cards] == ["G01", "G02", "G03", "G04"]


def test_an_impact_whose_codings_are_no_evidence_any_more_is_on_no_card(built):
    study, evidence = read_study(built)[0], read_table(built / "data/processed/evidence.csv")
    named = read_table(built / "config/synthesis/impacts.csv")[0]
    fallen = [link for link in evidence if link["coding_id"] not in named["coding_ids"]]
    shown = [
        {i["impact_id"] for card in list_cards(study, [], rows) for i in card["impacts"]} for rows in (evidence, fallen)
    ]
    assert named["impact_id"] in shown[0] - shown[1]


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_of_hostile_words_has_no_mark_that_acts(words):
    escaped = escape_markdown(words)
    assert re.findall(r"(?<!\\)[*_`<>\[\]!#|~$&{}]", re.sub(r"\\\\", "", escaped)) == []
    assert "\n" not in escaped
