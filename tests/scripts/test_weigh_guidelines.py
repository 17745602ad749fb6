"""The support of guidelines by groups of sources, and what they rest on without some of these."""

import functools

import pytest
import weigh_guidelines as weighing

from frames import WEIGHED, as_frame, as_rows, on_frames, shuffled, table, written
from graylit.tables.appraisal import ITEMS, list_cut_offs, list_items
from graylit.tables.sources import QUALITY, QUALITY_SCORES, SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_GROUPS, PUBLISHER_SENSITIVITY, QUALITY_SENSITIVITY
from tiny_study import FORMULA

group_support = on_frames(weighing.group_support, GUIDELINE_GROUPS)
leave_out_publishers = on_frames(weighing.leave_out_publishers, PUBLISHER_SENSITIVITY)
GAROUSI = list_items([])


score_sources = on_frames(functools.partial(weighing.score_sources, items=GAROUSI), QUALITY_SCORES)
FOUR_SOURCES = table(
    SOURCES,
    "source_id publisher source_type published",
    ("S1", "Ann", "blog", "2024-03-01"),
    ("S2", "Ann", "blog", "2024"),
    ("S3", "Bo", "docs", ""),
    ("S4", "Cy", "docs", "2023-01"),
)


LINKS = table(
    EVIDENCE,
    "guideline_id coding_id code_id source_id publisher",
    ("G1", "A-1", "C1", "S1", "Ann"),
    ("G1", "A-2", "C1", "S1", "Ann"),
    ("G1", "A-3", "C1", "S2", "Ann"),
    ("G1", "A-4", "C1", "S3", "Bo"),
    ("G2", "A-5", "C2", "S3", "Bo"),
    ("G2", "A-6", "C2", "S4", "Cy"),
)


def vary_cut_off(guidelines, evidence, scores, min_publishers):
    scored = [{**row, "score": float(row["score"]) if row["score"] else None} for row in as_rows(scores)]
    cut_offs = list_cut_offs(GAROUSI)
    varied = weighing.vary_cut_off(as_rows(guidelines), as_rows(evidence), scored, min_publishers, cut_offs)
    return as_frame(QUALITY_SENSITIVITY, varied)


def appraise(*rows):
    """Return appraisals: rows of source, appraiser and sum, which is put together of ones and halves."""
    scores = []
    for source_id, appraiser, total in rows:
        for number, item in enumerate(ITEMS):
            score = min(max(total - number, 0), 1)
            scores.append((source_id, appraiser, item, score))
    return table(QUALITY, "source_id appraiser item score", *scores)


def test_guidelines_are_weighed_by_type_and_year_of_their_sources():
    assert group_support(LINKS, FOUR_SOURCES).to_numpy().tolist() == [
        ["G1", "source_type", "blog", 2, 1.0],
        ["G1", "source_type", "docs", 1, 0.5],
        ["G1", "year", "2024", 2, 1.0],
        ["G1", "year", "not stated", 1, 1.0],
        ["G2", "source_type", "docs", 2, 1.0],
        ["G2", "year", "2023", 1, 1.0],
        ["G2", "year", "not stated", 1, 1.0],
    ]


def test_the_score_of_a_source_is_the_mean_of_its_appraisers_sums():
    quality = appraise(("S1", "A", 12), ("S1", "B", 9.5), ("S3", "A", 0))
    assert score_sources(quality, FOUR_SOURCES).fillna(-1).to_numpy().tolist() == [
        ["S1", 2, 10.75],
        ["S2", 0, -1],
        ["S3", 1, 0],
        ["S4", 0, -1],
    ]


ONE_OF_FIVE = {
    "item": "K1",
    "area": "rigour",
    "question": "is it sound",
    "scores": "5 = very; 4 = rather; 3 = partly; 2 = hardly; 1 = not",
}
CHECKLIST = list_items(
    [ONE_OF_FIVE, ONE_OF_FIVE | {"item": "K2", "question": "is it an advertisement", "is_turned": "yes"}]
)


def test_another_checklist_counts_by_its_own_scale_and_turns_what_it_asks_against_the_source():
    quality = table(QUALITY, "source_id appraiser item score", ("S1", "A", "K1", 4), ("S1", "A", "K2", 5))
    scored = weighing.score_sources(as_rows(quality), as_rows(FOUR_SOURCES), CHECKLIST)
    assert [(row["n_appraisers"], row["score"]) for row in scored] == [(1, 4 + 1), (0, None), (0, None), (0, None)]
    assert list_cut_offs(CHECKLIST) == [2 + 0.4 * 8, 2 + 0.5 * 8, 2 + 0.6 * 8]


def test_an_appraisal_without_all_questions_counts_in_no_sum():
    quality = appraise(("S1", "A", 12), ("S1", "B", 20))
    partial = quality[~((quality["appraiser"] == "B") & (quality["item"] == "Q03"))]
    assert score_sources(partial, FOUR_SOURCES).iloc[0].tolist() == ["S1", 1, 12]


def test_a_later_row_replaces_an_earlier_one_and_a_settlement_counts_for_all():
    cells = [dict(row) for row in as_rows(appraise(("S1", "A", 20), ("S1", "B", 0)))]
    blank = dict.fromkeys(QUALITY.names, "") | {"source_id": "S1"}
    later = blank | {"appraiser": "B", "item": "Q01", "score": "0.5"}
    settled = blank | {"appraiser": "C", "item": "Q02", "score": "1", "settles_scores_of": "A; B"}
    after = blank | {"appraiser": "A", "item": "Q02", "score": "0"}
    sources = as_rows(FOUR_SOURCES)[:1]
    scores = [
        weighing.score_sources([*cells, *more], sources, GAROUSI)[0]["score"]
        for more in (
            [],
            [later],
            [settled],
            [settled, after],
            [settled, settled | {"score": "0"}],
            [settled, settled | {"score": ""}],
        )
    ]
    assert scores == [10, 10.25, 10.5, 10.5, 9.5, 10]


def changes(*rows, min_publishers=2):
    """Return the change of each cut-off and guideline."""
    scores = score_sources(appraise(*rows), FOUR_SOURCES)
    varied = vary_cut_off(WEIGHED, LINKS, scores, min_publishers)
    return {(cut_off, guideline): change for cut_off, guideline, change in
            varied[["cut_off", "guideline_id", "change"]].to_numpy().tolist()}  # fmt: skip


def test_a_guideline_falls_where_sources_below_the_cut_off_carried_its_floor():
    found = changes(("S3", "A", 9))
    assert [found[8, guideline_id] for guideline_id in ("G1", "G2", "G3")] == ["none", "none", "none"]
    assert [found[10, guideline_id] for guideline_id in ("G1", "G2", "G3")] == ["falls", "falls", "none"]


@pytest.mark.parametrize(("score", "change"), [(8, "none"), (7.5, "falls")])
def test_a_source_at_the_cut_off_stays(score, change):
    assert changes(("S4", "A", score))[8, "G2"] == change


def test_sources_without_score_stay():
    assert set(changes(("S1", "A", 20)).values()) == {"none"}


def test_a_rank_moves_where_others_have_more_sources_then():
    found = changes(("S1", "A", 1), ("S2", "A", 1), min_publishers=1)
    assert (found[12, "G1"], found[12, "G2"], found[12, "G3"]) == ("rank moves", "rank moves", "none")


def test_a_guideline_that_never_had_the_floor_cannot_fall():
    assert "falls" not in changes(("S3", "A", 0), min_publishers=3).values()


def test_without_one_publisher_a_guideline_falls_below_the_floor():
    left_out = leave_out_publishers(LINKS, min_publishers=2)
    assert left_out[PUBLISHER_SENSITIVITY.names].to_numpy().tolist() == [
        ["G1", "Ann", 1, 1, "yes"],
        ["G1", "Bo", 2, 1, "yes"],
        ["G2", "Bo", 1, 1, "yes"],
        ["G2", "Cy", 1, 1, "yes"],
    ]


@pytest.mark.parametrize("min_publishers", [1, 3])
def test_a_guideline_above_or_below_the_floor_anyway_does_not_fall(min_publishers):
    assert set(leave_out_publishers(LINKS, min_publishers)["falls"]) == {"no"}


def test_a_guideline_of_a_single_publisher_falls_where_one_is_asked_for():
    assert leave_out_publishers(LINKS.head(2), 1)["falls"].tolist() == ["yes"]


def test_weights_are_the_same_for_every_order_of_rows(tmp_path):
    quality = appraise(("S1", "A", 12), ("S1", "B", 9.5), ("S3", "A", 0))
    scores = [score_sources(*both) for both in ((quality, FOUR_SOURCES), (shuffled(quality), shuffled(FOUR_SOURCES)))]
    made = {
        QUALITY_SCORES: scores,
        GUIDELINE_GROUPS: [
            group_support(LINKS, FOUR_SOURCES), group_support(shuffled(LINKS), shuffled(FOUR_SOURCES))
        ],
        QUALITY_SENSITIVITY: [
            vary_cut_off(WEIGHED, LINKS, scores[0], 2), vary_cut_off(shuffled(WEIGHED), shuffled(LINKS), scores[1], 2)
        ],
        PUBLISHER_SENSITIVITY: [leave_out_publishers(LINKS, 2), leave_out_publishers(shuffled(LINKS), 2)],
    }  # fmt: skip
    for contract, (one, other) in made.items():
        assert written(contract, one, tmp_path) == written(contract, other, tmp_path)


def test_without_appraisals_and_evidence_the_tables_have_only_their_headers(tmp_path):
    scores = score_sources(QUALITY.to_frame([]), FOUR_SOURCES)
    made = {
        QUALITY_SCORES: scores,
        QUALITY_SENSITIVITY: vary_cut_off(WEIGHED, LINKS, scores, 2),
        GUIDELINE_GROUPS: group_support(LINKS.head(0), FOUR_SOURCES),
        PUBLISHER_SENSITIVITY: leave_out_publishers(LINKS.head(0), 2),
    }
    for contract, frame in made.items():
        assert written(contract, frame, tmp_path) == ",".join(contract.names) + "\n"


def test_hostile_publishers_are_written_as_words(tmp_path):
    hostile = LINKS.assign(publisher=LINKS["publisher"].replace("Bo", FORMULA))
    made = leave_out_publishers(hostile, 2)
    PUBLISHER_SENSITIVITY.write(made, tmp_path / "table.csv")
    assert FORMULA in set(PUBLISHER_SENSITIVITY.read(tmp_path / "table.csv")["publisher"])


def test_a_publisher_that_nobody_knows_is_none_that_could_be_left_out():
    links = table(
        EVIDENCE,
        "guideline_id coding_id code_id source_id publisher",
        ("G1", "A-1", "C1", "S1", "Ann"),
        ("G1", "A-2", "C1", "S2", "not stated"),
        ("G1", "A-3", "C1", "S3", "not stated"),
    )
    left = leave_out_publishers(links, 1).to_dict("records")
    assert left == [
        {
            "guideline_id": "G1",
            "publisher": "Ann",
            "n_sources_without": 2,
            "n_publishers_without": 0,
            "falls": "yes",
        }
    ]
