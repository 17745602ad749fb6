"""What changes since the release did to the evidence."""

import pandas as pd
import pytest

from conftest import read_table
from graylit.comparison.effects import add_remarks, compare_saturation, compare_support, describe_topics
from graylit.comparison.merges import describe_merges, find_merges, list_merged


def test_the_effects_say_what_each_guideline_lost(swapped, built):
    lost = {}
    for row in read_table(built / "data/processed/evidence.csv"):
        if row["source_id"] == "S003":
            lost.setdefault(row["guideline_id"], set()).add(row["source_id"])
    rows = [row for row in read_table(swapped / "results/effects.csv") if row["kind"] == "guideline"]
    assert {row["subject"] for row in rows if row["change"] == "loses"} == set(lost)
    assert {row["subject"] for row in rows if row["sources_lost"] == "S003"} == set(lost)
    for row in rows:
        assert int(row["n_sources_before"]) - int(row["n_sources"]) == (row["subject"] in lost)


def counts(**ids):
    names = ("n_codings", "n_sources", "n_publishers", "rank")
    return pd.DataFrame([{"guideline_id": one, **dict(zip(names, n, strict=True))} for one, n in ids.items()])


def test_effects_tell_gains_losses_ranks_and_floors():
    before = counts(G01=(5, 3, 2, 1), G02=(4, 2, 2, 2), G03=(1, 1, 1, 3), G04=(1, 1, 1, 3))
    after = counts(G01=(4, 2, 1, 2), G02=(5, 3, 3, 1), G03=(2, 1, 1, 3), G05=(1, 1, 1, 3))
    held = {"G01": {"S1", "S2", "S3"}, "G02": {"S1", "S2"}, "G03": {"S1"}, "G04": {"S1"}}
    kept = {"G01": {"S1", "S2"}, "G02": {"S1", "S2", "S4"}, "G03": {"S1"}, "G05": {"S1"}}
    rows = compare_support("guideline", (before, after), (held, kept), {}, min_publishers=2)
    shown = [(row["subject"], row["change"], row["sources_gained"], row["sources_lost"], row["remark"]) for row in rows]
    assert shown == [
        ("G01", "loses", "", "S3", "falls below the floor of 2 publishers"),
        ("G02", "gains", "S4", "", "rank moves"),
        ("G03", "gains", "", "", ""),
        ("G04", "gone", "", "S1", ""),
        ("G05", "new", "S1", "", ""),
    ]
    assert [(row["rank_before"], row["rank"]) for row in rows[:2]] == [(1, 2), (2, 1)]


def test_a_code_with_too_few_publishers_is_no_longer_saturated():
    before, after = (counts(C01=(5, 3, n, 1)).rename(columns={"guideline_id": "code_id"}) for n in (2, 1))
    (row,) = compare_support("code", (before, after), ({}, {}), {"C01": "mesh"}, min_publishers=2)
    assert (row["name"], row["remark"]) == ("mesh", "no longer saturated")


def test_a_claim_falls_with_the_sources_that_supported_it():
    before, after = (counts(L01=(3, 2, n, 1)).rename(columns={"guideline_id": "claim_id"}) for n in (2, 1))
    sources = ({"L01": {"S1", "S2"}}, {"L01": {"S1"}})
    (row,) = compare_support("claim", (before, after), sources, {"L01": "A mesh keeps leaves out."}, min_publishers=2)
    assert (row["name"], row["change"], row["sources_lost"]) == ("A mesh keeps leaves out.", "loses", "S2")
    assert row["remark"] == "falls below the floor of 2 publishers"


CODEBOOK = {
    "C01": {"status": "active", "replaced_by": ""},
    "C02": {"status": "retired", "replaced_by": "C03"},
    "C03": {"status": "retired", "replaced_by": "C01"},
    "C04": {"status": "retired", "replaced_by": "C05; C06"},
}


def test_a_code_that_was_merged_in_two_steps_leads_to_the_one_in_force_and_a_split_one_to_none():
    assert list_merged({"C01", "C02", "C04"}, CODEBOOK) == {"C02": "C01"}


def test_a_merge_across_themes_is_named_on_both_sides():
    before, after = {"T1": {"C01"}, "T2": {"C02", "C07"}}, {"T1": {"C01"}, "T2": {"C07"}}
    remarks = describe_merges(find_merges({"C02": "C01"}, before, after), "theme")
    assert remarks == {"T2": "C02 was merged into C01 of T1", "T1": "C01 took in C02 of T2"}


def test_a_merge_within_a_theme_touches_its_codes_only():
    within = {"T1": {"C01", "C02"}}, {"T1": {"C01"}}
    assert describe_merges(find_merges({"C02": "C01"}, *within), "theme") == {}
    alone = {"C01": {"C01"}, "C02": {"C02"}}, {"C01": {"C01"}}
    remarks = describe_merges(find_merges({"C02": "C01"}, *alone), "code")
    assert remarks == {"C02": "C02 was merged into C01", "C01": "C01 took in C02"}


def test_remarks_on_merges_stand_beside_the_others():
    rows = [{"subject": "G01", "remark": "rank moves"}, {"subject": "G02", "remark": ""}]
    added = add_remarks(rows, {"G01": "C02 was merged into C01 of G02"})
    assert [row["remark"] for row in added] == ["rank moves; C02 was merged into C01 of G02", ""]


def topics(**words):
    rows = [{"topic_id": int(one[1:]), "words": w, "n_segments": n, "n_sources": 1} for one, (w, n) in words.items()]
    return pd.DataFrame(rows)


def placed(*numbers):
    return pd.DataFrame({"segment_id": [f"S1-{n}" for n in range(len(numbers))], "topic_id": numbers})


def test_topics_of_another_fit_are_aligned_by_their_segments():
    before, after = topics(t0=("rain", 3), t1=("bee", 2)), topics(t0=("bee", 2), t1=("tap", 1), t2=("roof", 2))
    rows = describe_topics((before, after), (placed(0, 0, 0, 1, 1), placed(1, 2, 2, 0, 0)))
    shown = [(row["subject"], row["change"], row["remark"]) for row in rows]
    assert shown == [
        ("topic.0", "none", "was topic 1"),
        ("topic.1", "new", ""),
        ("topic.2", "loses", "was topic 0"),
    ]


def saturation(value):
    row = {"order_name": "listed", "base_size": 4, "run_length": 2, "threshold": 0.05, "reached_at": value}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("before", "after", "change", "remark"),
    [
        (5.0, 5.0, "none", ""),
        (5.0, 8.0, "loses", "later: after 8 sources, released after 5"),
        (10.5, 10.0, "gains", "earlier: after 10 sources, released after 10.5"),
        (5.0, float("nan"), "gone", "saturation no longer reached"),
        (float("nan"), 5.0, "new", ""),
        (float("nan"), float("nan"), "none", ""),
    ],
)
def test_saturation_that_is_no_longer_reached_is_said(before, after, change, remark):
    (row,) = compare_saturation((saturation(before), saturation(after)))
    assert (row["change"], row["remark"]) == (change, remark)
