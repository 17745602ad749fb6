"""The numbers that a review names, counted again from rows of its tables: of the mini study, and of it with claims."""

import re
import shutil
from collections import Counter

import pypdf
import pytest

from claimed_study import write_claims
from conftest import read_table, run_review, share_folder
from exports.test_latex import compile_latex, needs_latex
from graylit.exports.paper import format_numbers
from graylit.exports.writing import make_export
from graylit.pages.number_forms import join_name, write_number
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE


@pytest.fixture(scope="module")
def claimed(built, tmp_path_factory):
    """The mini study with claims that three people read, reviewed."""

    def make(folder):
        shutil.copytree(built, folder)
        write_claims(folder)
        run_review(folder)

    return share_folder(tmp_path_factory, "claimed_numbers", make)


def read_values(folder):
    rows, faults = NUMBERS.read_rows(folder / NUMBERS_FILE)
    assert faults == []
    return {row["name"]: row["value"] for row in rows.cells}


def rows_of(folder, name):
    return read_table(folder / f"data/processed/{name}.csv")


def test_what_was_coded_is_counted(built):
    values, codings = read_values(built), rows_of(built, "located_codings")
    evidence = [row for row in codings if row["is_evidence"] == "yes"]
    sources = {row["source_id"] for row in read_table(built / "config/sources.csv")}
    coded = {row["source_id"] for row in evidence}
    assert values["codings"] == str(len(codings))
    assert values["codings.evidence"] == str(len(evidence))
    assert values["sources"] == str(len(sources))
    assert values["sources.coded.ids"] == "; ".join(sorted(coded))
    assert values["sources.without_codings"] == str(len(sources - coded))
    for number, n in Counter(row["round"] for row in codings).items():
        assert values[f"codings.round_{number}"] == str(n)
    linked = {row["coding_id"] for row in rows_of(built, "evidence")}
    assert values["codings.behind_guidelines"] == str(len(linked))
    gaps = [row["subject"] for row in rows_of(built, "crosswalk_gaps") if row["kind"] == "code no topic shows"]
    assert (values["codes.without_topic"], values["codes.without_topic.ids"]) == (
        str(len(gaps)),
        "; ".join(sorted(gaps)),
    )


def test_the_main_alpha_is_that_of_sets_of_codes_in_the_last_round(built):
    agreement = rows_of(built, "agreement")
    last = max(int(row["round"]) for row in agreement)
    wanted = [
        row
        for row in agreement
        if (row["round"], row["scope"], row["measure"]) == (str(last), "overall", "alpha_masi")
        and (
            row["coders"] == "all" or len({other["coders"] for other in agreement if other["round"] == str(last)}) == 1
        )
    ]
    values = read_values(built)
    assert [values["alpha"]] == [row["value"] for row in wanted]
    assert [values["alpha.interval"]] == [f"{row['low']}; {row['high']}" for row in wanted]
    assert values["alpha"] == values["agreement.last.alpha_masi"] == values[f"agreement.round_{last}.alpha_masi"]


def test_support_and_scores_are_those_of_their_tables(built):
    values = read_values(built)
    support = rows_of(built, "guideline_support")
    assert support
    for row in support:
        assert values[f"support.{row['guideline_id']}.sources"] == row["n_sources"]
        assert values[f"support.{row['guideline_id']}.rank"] == row["rank"]
    scores = sorted(float(row["score"]) for row in rows_of(built, "quality_scores") if row["score"])
    assert (float(values["quality.lowest"]), float(values["quality.highest"])) == (scores[0], scores[-1])
    chosen = [row["n_clusters"] for row in rows_of(built, "card_cuts") if row["is_chosen"] == "yes"]
    assert [values["sort.clusters"]] == (chosen or [""])
    weak = [row["guideline_id"] for row in support if row["has_floor"] == "no"]
    assert values["guidelines.below_floor.ids"] == "; ".join(sorted(weak))


def test_the_list_of_guidelines_names_each_once(built):
    support = rows_of(built, "guideline_support")
    listed = re.findall(r"\b(G\d+) .*? (\d+)/(\d+)(?=[;.])", read_values(built)["list.guidelines"])
    assert sorted(listed) == [(row["guideline_id"], row["n_sources"], row["n_publishers"]) for row in support]


def test_claims_are_counted_as_they_were_read(claimed):
    values, pairs, claims = read_values(claimed), rows_of(claimed, "claim_evidence"), rows_of(claimed, "claim_support")
    for reading, n in Counter(row["reading"] for row in pairs).items():
        assert values[f"pairs.{reading}"] == str(n)
    n_twice = sum(int(row["n_readers"]) > 1 for row in pairs)
    assert values["pairs.read_twice"] == str(n_twice) != "0"
    assert float(values["pairs.share_read_twice"]) == pytest.approx(n_twice / len(pairs))
    against = sorted(row["claim_id"] for row in claims if row["n_against"] != "0")
    assert values["claims.contradicted.ids"] == "; ".join(against) != ""
    assert values["claims.accepted.ids"] == "L02"
    assert values["claim.L01.sources"] == next(row["n_sources"] for row in claims if row["claim_id"] == "L01")
    by_claim = {row["guideline_id"]: row for row in rows_of(claimed, "guideline_claims")}
    assert values["support.G01.sources"] == by_claim["G01"]["n_sources"]
    assert values["table.claims"].count("\n") == len(claims) + 1


def test_every_number_has_one_name_that_a_mark_may_have_and_is_shown(claimed):
    rows = NUMBERS.read_rows(claimed / NUMBERS_FILE)[0].cells
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names) > 200
    assert [name for name in names if not re.fullmatch(r"[A-Za-z][\w.:/+-]*", name)] == []
    assert {row["shown"] for row in rows} > {"undefined", "none"}
    for row in rows:
        assert row["shown"] == write_number(row["kind"], row["value"]) and row["meaning"]


def test_anybodys_words_come_to_a_name():
    assert join_name("impacts", "strained", "cost & effort (in EUR)") == "impacts.strained.cost_effort_in_EUR"
    assert join_name("sources", "type", "<!--=x-->") == "sources.type.x"
    assert join_name("sources", "type", "博客") == "sources.type.博客"
    assert join_name("a", "  ") == "a._"


def test_a_paper_takes_the_same_numbers(claimed):
    numbers = make_export(claimed, ["paper"])["numbers.tex"].decode()
    values = read_values(claimed)
    assert f"review@sources\\endcsname{{{values['sources']}}}" in numbers
    assert "list.guidelines" not in numbers


@needs_latex
def test_numbers_in_a_paper_are_set_and_unknown_ones_stop_it(tmp_path):
    rows = [
        {"name": "codings.behind_guidelines", "kind": "count", "shown": "2,271"},
        {"name": "alpha.interval", "kind": "interval", "shown": "−.05–.92"},
        {"name": "sources.type.блог", "kind": "share", "shown": "95.7 %"},
    ]
    (tmp_path / "numbers.tex").write_text(format_numbers(rows), encoding="utf-8")
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{textcomp}\\input{numbers}\\begin{document}\n"
    body = " ".join(f"\\reviewnumber{{{row['name']}}}" for row in rows[:2])
    (tmp_path / "paper.tex").write_text(f"{head}{body}\n\\end{{document}}", encoding="utf-8")
    assert compile_latex(tmp_path) == (0, [])
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "2,271" in shown and "95.7" not in shown
    (tmp_path / "paper.tex").write_text(f"{head}\\reviewnumber{{codngs}}\n\\end{{document}}", encoding="utf-8")
    assert compile_latex(tmp_path)[1] == ["! The review has no number of the name codngs."]
