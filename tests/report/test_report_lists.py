"""The lists of the report: flow, counts, guidelines, themes."""

from frames import on_frames, table
from graylit.measures.support import rank_guidelines
from graylit.report.lists import (
    describe_flow,
    describe_guidelines,
    describe_themes,
    fold_tail,
    group_guidelines,
    sum_counts,
)
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import CODE_COUNTS, LOCATED_CODINGS
from graylit.tables.preparation import TEXTS
from graylit.tables.sources import SOURCE_COUNTS
from graylit.tables.synthesis import GUIDELINE_GROUPS, GUIDELINE_SUPPORT, THEMES
from guideline_rows import FOUR_SOURCES, THREE_GUIDELINES, UNMERGED, codebook, evidence

FOUR_TEXTS = table(
    TEXTS,
    "source_id outcome capture_outcome n_characters n_words",
    ("S1", "extracted", "captured", 900, 150),
    ("S2", "empty_text", "captured", 0, 0),
    ("S3", "not_captured", "timed_out", 0, 0),
    ("S4", "not_captured", "", 0, 0),
)


def flow_of(has_texts, **frames):
    none = {name: contract.to_frame([]) for name, contract in CONTRACTS.items()}
    return describe_flow(none | {"sources": FOUR_SOURCES} | frames, has_texts=has_texts)


def test_the_flow_says_what_became_of_every_source():
    coded = table(LOCATED_CODINGS, "coding_id source_id is_evidence", ("A-1", "S1", "yes"), ("A-2", "S2", "no"))
    assert flow_of(has_texts=True, texts=FOUR_TEXTS, located_codings=coded) == [
        {"label": "in the study", "n": 4, "others": {}},
        {"label": "with a text", "n": 1, "others": {"empty text": 1, "not tried": 1, "timed out": 1}},
        {"label": "coded", "n": 1, "others": {"without a coding that counts": 3}},
    ]


def test_the_flow_of_a_study_without_texts_has_two_stages():
    assert [stage["label"] for stage in flow_of(has_texts=False)] == ["in the study", "coded"]


def test_counts_are_summed_over_kinds_of_sources_largest_first():
    counts = table(
        SOURCE_COUNTS,
        "source_type variable value n_sources",
        ("blog", "year", "2024", 1),
        ("docs", "year", "2024", 2),
        ("docs", "year", "2023", 3),
        ("docs", "year", "2021", 4),
    )
    assert sum_counts(counts, "value") == [("2021", 4), ("2023", 3), ("2024", 3)]


def test_the_tail_of_counts_is_put_together():
    assert fold_tail([("a", 5), ("b", 3), ("c", 2), ("d", 1)], n_most=2) == [("a", 5), ("b", 3), ("2 others", 3)]


def test_a_single_count_beyond_the_most_frequent_is_shown_itself():
    assert fold_tail([("a", 5), ("b", 3), ("c", 2)], n_most=2) == [("a", 5), ("b", 3), ("c", 2)]


def test_counts_without_tail_stay_as_they_are():
    assert fold_tail([("a", 5), ("b", 3)], n_most=2) == [("a", 5), ("b", 3)]


TWO_THEMES = table(THEMES, "theme_id name code_ids", ("T1", "Clean", "C1; C2"), ("T2", "Moving", "C9"))


def test_guidelines_are_described_in_order_of_rank_with_their_types_of_sources():
    support = on_frames(rank_guidelines, GUIDELINE_SUPPORT)(THREE_GUIDELINES, evidence(), min_publishers=2)
    groups = table(
        GUIDELINE_GROUPS, "guideline_id variable value n_sources share",
        ("G2", "source_type", "blog", 1, 1), ("G2", "source_type", "docs", 2, 1), ("G2", "source_type", "talk", 0, 0),
        ("G2", "year", "2024", 3, 1),
    )  # fmt: skip
    described = describe_guidelines(THREE_GUIDELINES, support, groups, TWO_THEMES)
    assert {key: row["theme"] for key, row in described.items()} == {"G1": "Clean", "G2": "Clean", "G3": "Moving"}
    assert [row["value"] for row in described["G2"]["types"]] == ["docs", "blog"]
    assert described["G1"]["types"] == []


def test_guidelines_of_a_category_are_shown_by_rank():
    by_id = {"G2": {}, "G1": {}, "G3": {}}
    categories = {"categories": [{"category_id": "K1", "members": [{"guideline_id": "G1"}, {"guideline_id": "G2"}]}]}
    grouped = group_guidelines(by_id, categories)
    assert [[one["guideline_id"] for one in group["members"]] for group in grouped] == [["G2", "G1"]]
    assert [len(group["members"]) for group in group_guidelines(by_id, None)] == [3]


def test_codes_of_no_theme_come_last():
    counts = table(
        CODE_COUNTS,
        "code_id n_codings n_coders n_sources n_publishers",
        *[(code_id, 1, 1, n_sources, 1) for code_id, n_sources in [("C1", 1), ("C2", 5), ("C5", 2), ("C9", 0)]],
    )
    described = describe_themes(TWO_THEMES, counts, UNMERGED)
    assert [(one["name"], [code["code_id"] for code in one["codes"]]) for one in described] == [
        ("Clean", ["C2", "C1"]),
        ("Moving", ["C9"]),
        ("In no theme", ["C5"]),
    ]


def test_a_theme_of_a_merged_code_shows_the_code_in_force_once():
    columns = "code_id n_codings n_coders n_sources n_publishers"
    counts = table(CODE_COUNTS, columns, ("C2", 3, 1, 3, 1), ("C9", 0, 1, 0, 1))
    merged = UNMERGED | codebook(("C1", "retired", "C2"))
    described = describe_themes(TWO_THEMES, counts, merged)
    assert [(one["name"], [code["code_id"] for code in one["codes"]]) for one in described] == [
        ("Clean", ["C2"]),
        ("Moving", ["C9"]),
    ]
