"""The checklist of reporting guidelines is filled from the record; what only the researcher knows is marked."""

import json

import pytest

from desks import list_makers
from graylit.exports.deciding import list_deciders, list_deciding_models
from graylit.exports.llm_checklist import FILLED, IN_PART, ITEMS, RESEARCHER, fill_items, format_items, read_record
from graylit.exports.writing import make_export
from graylit.models.asking import Budget
from graylit.models.counting import Counter
from graylit.models.running import Asked, Run
from graylit.study.study import read_tables
from graylit.study.writing import read_clock
from model_servers import Say, list_calls, serve_model, write_settings
from screening_desks import list_candidates, write_screened

GOOD = {"reason": "It speaks of barrels.", "decision": "include", "criterion_id": ""}


@pytest.fixture
def asked(tmp_path):
    folder = write_screened(tmp_path, list_candidates(6))
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(folder, server)
        Run(folder, Asked("screen", "M1"), Budget(), read_clock).ask(lambda *_: None)
    return folder


def fill(folder, **made):
    items = fill_items(read_record(read_tables(folder)[0], made))
    return {one["item"]: one for one in items}


def count(folder):
    counter = Counter()
    for call in list_calls(folder):
        counter.take(call)
    return counter.list_rows()


def test_every_item_is_filled_or_marked(asked):
    items = fill(asked, model_calls=count(asked))
    assert list(items) == list(ITEMS) and len(items) == 14 + 8
    for one in items.values():
        assert one["standing"] in (FILLED, IN_PART, RESEARCHER)
        assert one["recorded"] or one["to_add"], one
        assert one["to_add"] or one["standing"] == FILLED, one


def test_what_the_log_says_is_filled_in(asked):
    items = fill(asked, model_calls=count(asked))
    assert items["B.1"]["recorded"][0].startswith("M1: model tiny, version fp_1, from 20")
    assert "6 separate calls to tiny" in items["B.2"]["recorded"][0]
    assert "temperature 0" in items["B.3"]["recorded"][0] and items["B.5"]["standing"] == FILLED
    assert items["C.1"]["recorded"][0].startswith("config/models/prompts/screen.md (SHA-256 ")
    assert "this machine" in items["D.1"]["recorded"][0]
    assert items["G.1"]["standing"] == items["E.1"]["standing"] == RESEARCHER


def test_a_tested_model_has_its_figures(asked):
    trust = {"decider": "M1", "code_id": "C01", "n_units": "40", "kappa": "0.8", "low": "0.6", "high": "0.95"}
    items = fill(asked, model_calls=count(asked), model_trust=[trust | {"standing": "trusted"}])
    assert items["E.1"]["recorded"] == ["M1, C01: kappa 0.8 (0.6 to 0.95) on 40 segments: trusted."]


def test_a_model_of_which_nothing_was_recorded_leaves_its_items_to_the_researcher(asked):
    items = fill(asked)
    assert {items[name]["standing"] for name in ("B.2", "B.5", "E.2", "F.1", "G3")} == {RESEARCHER}


def test_a_study_without_models_has_no_checklist(tmp_path):
    assert fill(write_screened(tmp_path, list_candidates(2))) == {}


def test_the_page_has_every_item_and_no_markup_of_cells(asked):
    study, _ = read_tables(asked)
    page = format_items("Rain <b>barrels</b>", fill_items(read_record(study, {"model_calls": count(asked)})))
    assert all(f"## {item} {words}" in page for item, words in ITEMS.items()) and "<b>" not in page
    assert page.count("For the researcher") == sum(
        bool(one["to_add"]) for one in fill(asked, model_calls=count(asked)).values()
    )


def test_deciders_are_told_with_their_kind_and_rows(asked):
    study, _ = read_tables(asked)
    assert list_deciders(study) == [("M1", "model", "screener", "tiny", "fp_1", "6")]
    (model,) = list_deciding_models(study)
    assert model.n_rows == 6 and "config/screening/screenings.csv" in model.files


@pytest.mark.slow
def test_papers_get_the_checklist_and_cards_say_who_coded(built_copy):
    list_makers(built_copy, A="coder", B="coder")
    people = built_copy / "config/people.csv"
    people.write_text(people.read_text().replace("B,person", "B,unknown"))
    files = make_export(built_copy, ["paper"])
    assert "llm-checklist.md" not in files
    cards = json.loads(files["guidelines.json"])["guidelines"]
    assert any(set(card["coded_by"]) == {"person", "unknown"} for card in cards)
    assert b"**Coded by**" in files["guidelines.md"] and b"tab:deciders" in files["tables/deciders.tex"]
