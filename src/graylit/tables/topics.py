"""Tables of topics: what the model found, what it suggests, and how topics and codes meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graylit.tables.columns import MEASURED
from graylit.tables.contracts import Column, Contract

TOPICS = Contract(
    "topics",
    (
        Column("topic_id", "number", "number given by the model, by size; -1 holds the outliers"),
        Column("n_segments", "count", "segments"),
        Column("n_sources", "count", "sources with at least one of them"),
        Column("share", "share", "share of all segments"),
        Column("npmi", "number", "coherence of the top words, -1 to 1 (NPMI over segments)", is_required=False),
        Column("words", "page_text", "top words, strongest first", is_required=False),
        Column("segment_ids", "ids", "representative segments", is_required=False),
    ),
    key=("topic_id",),
)
TOPIC_SEGMENTS = Contract(
    "topic_segments",
    (
        Column("segment_id", "id", "the segment"),
        Column("topic_id", "number", "its topic; -1 for an outlier"),
        Column("similarity", "number", "cosine of the segment and the centre of its nearest topic"),
    ),
    key=("segment_id",),
)
TOPIC_MEASURES = Contract(
    "topic_measures",
    (
        Column("measure", "id", "name of the measure"),
        Column("value", "number", "its value", is_required=False),
        Column("meaning", "text", "what it says"),
    ),
    key=("measure",),
)
NO_TOPICS = "topics formed: "  # the meaning of a number of 0 begins so, and then says why


def explain_lack(measures: Iterable[Mapping[str, object]]) -> str:
    """Return why there are no topics, from the rows of their measures; '' if there are some, or no rows."""
    found = (str(row["meaning"]) for row in measures if row["measure"] == "n_topics")
    return "".join(meaning[len(NO_TOPICS) :] for meaning in found if meaning.startswith(NO_TOPICS))


SUGGESTIONS = Contract(
    "suggestions",
    (
        Column("segment_id", "id", "a segment that nobody has decided on"),
        Column("source_id", "id", "its source"),
        Column("code_id", "id", "the code suggested for it"),
        Column("coder", "person", "always model: no person gave this code, and it is no evidence", choices=("model",)),
        Column("score", "number", "cosine of the segment and the mean direction of the code's segments"),
        Column("rank", "count", "place among the suggestions of this code, from 1"),
    ),
    key=("segment_id", "code_id"),
)
SUGGESTION_QUALITY = Contract(
    "suggestion_quality",
    (
        Column("code_id", "id", "an active code"),
        Column("n_positive", "count", "segments with the code"),
        Column("n_sources", "count", "sources they are in"),
        Column("n_tried", "count", "segments it was suggested for in sources held out from learning"),
        Column("precision", "share", "share of these that have the code", is_required=False),
        Column("recall", "share", "share of the segments with the code among these", is_required=False),
        Column(
            "threshold", "number", "lowest score at which it is suggested; empty if no score keeps the floor", False
        ),
        Column(
            "outcome",
            "text",
            "what became of it; too_few_tried says too little to trust its precision",
            choices=("suggested", "below_floor", "too_few_tried", "too_little_data"),
        ),
        Column("is_suggested", "flag", "whether it is suggested"),
    ),
    key=("code_id",),
)
CROSSWALK = Contract(
    "crosswalk",
    (
        Column("topic_id", "number", "a topic; -1 holds the outliers"),
        Column("code_id", "id", "a code"),
        Column("n_segments", "count", "segments of the topic with the code, in sources that somebody has finished"),
        Column("share_of_topic", "share", "share of the topic's segments"),
        Column("share_of_code", "share", "share of the code's segments"),
        Column("lift", "number", "how many times as many as if topics and codes had nothing to do with each other"),
    ),
    key=("topic_id", "code_id"),
)
CROSSWALK_GAPS = Contract(
    "crosswalk_gaps",
    (
        Column(
            "kind",
            "text",
            "the first: no topic holds a third of the code's segments with a lift of 3; the second: less than 5 % of "
            "the topic's segments have any code",
            choices=("code no topic shows", "topic no code names"),
        ),
        Column("subject", "text", "the code's id, or the topic's number"),
        Column("figure", "share", "largest share of the code in one topic; share of the topic with a code"),
    ),
    key=("kind", "subject"),
)
CROSSWALK_MEASURES = Contract("crosswalk_measures", MEASURED, key=("measure",))
