"""The analyses of the mini study."""

from frames import made
from graylit.tables.card_sorting import CARD_CLUSTERS, CARD_MEASURES, CARD_MERGES, CARD_SIMILARITY
from graylit.tables.coding import SATURATION, SATURATION_MEASURES
from graylit.tables.sources import QUALITY_SCORES
from graylit.tables.synthesis import GUIDELINE_GROUPS, PUBLISHER_SENSITIVITY, QUALITY_SENSITIVITY
from graylit.tables.topics import CROSSWALK, CROSSWALK_MEASURES


def test_every_analysis_of_the_mini_study_has_rows(built):
    contracts = (
        CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES, SATURATION, SATURATION_MEASURES, CROSSWALK,
        CROSSWALK_MEASURES, GUIDELINE_GROUPS, QUALITY_SCORES, QUALITY_SENSITIVITY, PUBLISHER_SENSITIVITY,
    )  # fmt: skip
    assert [contract.name for contract in contracts if not made(built, contract)] == []


def test_the_card_sort_of_the_mini_study_has_the_bees_apart(built):
    clusters = {row["guideline_id"]: row["cluster"] for row in made(built, CARD_CLUSTERS)}
    assert clusters == {"G01": "1", "G02": "2", "G03": "2", "G04": "1", "G05": "1"}


def test_every_source_of_the_mini_study_has_a_row_of_quality(built):
    scores = {row["source_id"]: row["score"] for row in made(built, QUALITY_SCORES)}
    assert len(scores) == 10
    assert (scores["S001"], scores["S002"], scores["S003"]) == ("9.75", "17", "")


def test_the_water_of_the_mini_study_falls_without_either_publisher(built):
    falling = [row["guideline_id"] for row in made(built, PUBLISHER_SENSITIVITY) if row["falls"] == "yes"]
    assert falling == ["G03", "G03"]
