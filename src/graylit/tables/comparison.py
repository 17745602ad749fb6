"""Tables of comparison: one state of a study beside another, and a run beside the release."""

from __future__ import annotations

from graylit.tables.appraisal import APPRAISAL_AGREEMENT
from graylit.tables.card_sorting import (
    CARD_CLUSTERS,
    CARD_CUTS,
    CARD_FITS,
    CARD_MEASURES,
    CARD_MERGES,
    CARD_SIMILARITY,
    SORTER_AGREEMENT,
)
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_SUPPORT, GUIDELINE_CLAIMS, READING_AGREEMENT
from graylit.tables.coding import (
    AGREEMENT,
    CODE_COUNTS,
    CODE_PAIRS,
    DISAGREEMENTS,
    LOCATED_CODINGS,
    ORPHANS,
    SATURATION,
    SATURATION_MEASURES,
)
from graylit.tables.contracts import Column, Contract
from graylit.tables.impacts import IMPACT_AGREEMENT
from graylit.tables.models import MODEL_AGREEMENT, MODEL_CALLS, MODEL_REPLAY, MODEL_TRUST, SAMPLE_ESTIMATES
from graylit.tables.preparation import SEGMENTS, SERVERS, TERM_COUNTS, TEXTS, VOCABULARY
from graylit.tables.relating import PLACES_OPENED
from graylit.tables.screening import SCREENING_AGREEMENT, SCREENING_DECISIONS
from graylit.tables.search_figures import SEARCH_FIGURES
from graylit.tables.sources import QUALITY_SCORES, SOURCE_COUNTS
from graylit.tables.synthesis import (
    EVIDENCE,
    GROUP_SENSITIVITY,
    GUIDELINE_GROUPS,
    GUIDELINE_QUALITY,
    GUIDELINE_SUPPORT,
    PUBLISHER_SENSITIVITY,
    QUALITY_SENSITIVITY,
)
from graylit.tables.topics import (
    CROSSWALK,
    CROSSWALK_GAPS,
    CROSSWALK_MEASURES,
    SUGGESTION_QUALITY,
    SUGGESTIONS,
    TOPIC_MEASURES,
    TOPIC_SEGMENTS,
    TOPICS,
)

CHANGES = Contract(
    "changes",
    (
        Column("file", "page_text", "the table it is in: config/ holds decisions, data/processed/ what came of them"),
        Column("subject", "page_text", "what changed: source, code, coding, topic, guideline, …"),
        Column("subject_id", "page_text", "its id, or its key if the table has no ids"),
        Column("change", "page_text", "what became of it, in a word"),
        Column("column", "page_text", "the column that differs, or row, file or value if all of it came or went"),
        Column("before", "page_text", "what stood there", is_required=False),
        Column("after", "page_text", "what stands there now", is_required=False),
    ),
    key=("file", "subject", "subject_id", "change", "column"),
)
RESULT_TABLES = {  # the tables that a replay must give again, by the stage that makes them
    "preparation": (TEXTS, SEGMENTS, TERM_COUNTS, VOCABULARY),
    "coding": (
        TOPICS,
        TOPIC_SEGMENTS,
        TOPIC_MEASURES,
        LOCATED_CODINGS,
        ORPHANS,
        CODE_COUNTS,
        CODE_PAIRS,
        AGREEMENT,
        DISAGREEMENTS,
        SATURATION,
        SATURATION_MEASURES,
        SUGGESTIONS,
        SUGGESTION_QUALITY,
        CROSSWALK,
        CROSSWALK_GAPS,
        CROSSWALK_MEASURES,
        MODEL_AGREEMENT,
        MODEL_TRUST,
        SAMPLE_ESTIMATES,
    ),
    "synthesis": (
        EVIDENCE,
        GUIDELINE_SUPPORT,
        CLAIM_EVIDENCE,
        CLAIM_SUPPORT,
        GUIDELINE_CLAIMS,
        READING_AGREEMENT,
        GUIDELINE_GROUPS,
        CARD_SIMILARITY,
        CARD_CLUSTERS,
        CARD_MERGES,
        CARD_MEASURES,
        CARD_CUTS,
        CARD_FITS,
        SORTER_AGREEMENT,
        QUALITY_SCORES,
        QUALITY_SENSITIVITY,
        APPRAISAL_AGREEMENT,
        PUBLISHER_SENSITIVITY,
        GROUP_SENSITIVITY,
        GUIDELINE_QUALITY,
        PLACES_OPENED,
        IMPACT_AGREEMENT,
    ),
    "reporting": (*SEARCH_FIGURES, SCREENING_DECISIONS, SCREENING_AGREEMENT, SOURCE_COUNTS, MODEL_CALLS, MODEL_REPLAY),
}
RELEASED = Contract(
    "released",
    (
        Column("kind", "text", "what the row is about", choices=("table", "decision", "software")),
        Column("stage", "text", "the stage that makes the table, or the first one that reads the input"),
        Column("name", "text", "the table, the file that people wrote, or the software"),
        Column("n_rows", "count", "rows of the table", is_required=False),
        Column("value", "text", "SHA-256 of the file; of software its version"),
    ),
    key=("kind", "name"),
)
VERDICT = Contract(
    "verdict",
    (
        Column("stage", "text", "the stage that makes the table", choices=tuple(RESULT_TABLES)),
        Column("table", "id", "the table"),
        Column("n_rows", "count", "its rows now"),
        Column("n_released", "count", "its rows as released"),
        Column("verdict", "text", "how it stands to the release", choices=("same", "differs")),
        Column("cause", "text", "changed inputs that it is made of; empty if it is the same", is_required=False),
        Column("is_explained", "flag", "whether a cause is a decision, a source or a new fit of topics"),
        Column("first_difference", "page_text", "the first row that differs, now and as released", is_required=False),
    ),
    key=("table",),
)
REPLAYS = Contract(
    "replays",
    (
        Column("replayed_at", "time", "when the replay ended"),
        Column("package", "digest", "SHA-256 of the lines of SHA256SUMS but that of BADGES.md, which tells of replays"),
        Column("python", "text", "the version of Python that it ran on"),
        Column("machine", "text", "system, version and processor"),
        Column("set_up_s", "count", "seconds that the environment took; 0 if it was there"),
        Column("review_s", "count", "seconds that the review took"),
        Column("n_tables", "count", "tables that were released"),
        Column("n_same", "count", "those that were made again byte for byte"),
        Column("exit_code", "count", "0: all are the same; 3: some differ; others: there is no verdict"),
    ),
    key=("replayed_at", "package"),
)
CHANGED_TEXTS = (  # the page is not as it was coded
    "moved",  # the text that was frozen, letter by letter, at another address
    "reformatted",  # the same words in the same order, with other marks or white space
    "changed",  # other words
    "gone",  # asked for since it was frozen, and no text came
)
TEXT_STANDINGS = (  # how a source's text stands to the frozen one
    "same",  # letter by letter
    *CHANGED_TEXTS,
    "frozen_only",  # not asked for since it was frozen
    "new",  # not in the frozen corpus
    "no_text",  # neither captured nor frozen
)
SOURCE_CHANGES = Contract(
    "source_changes",
    (
        Column("source_id", "id", "the source"),
        Column("state", "text", "its page now, compared with the frozen corpus", choices=TEXT_STANDINGS),
        Column("served_by", "text", "where its text came from in this run", choices=SERVERS),
        Column("origin", "text", "origin of the capture that the text was made of", is_required=False),
        Column("captured_at", "time", "when that capture left the web", is_required=False),
        Column("similarity", "share", "share of the frozen words in segments that are still there", is_required=False),
        Column("n_codings", "count", "codings in force"),
        Column("n_held", "count", "those that still have their place"),
        Column("note", "page_text", "what the last attempt said, if it is gone", is_required=False),
    ),
    key=("source_id",),
)
EFFECT_CHANGES = ("none", "gains", "loses", "gains and loses", "new", "gone")
EFFECTS = Contract(
    "effects",
    (
        Column(
            "kind",
            "text",
            "what the row is about",
            choices=("guideline", "claim", "theme", "code", "topic", "saturation"),
        ),
        Column("subject", "id", "its id; for saturation the order of sources with base, run and threshold"),
        Column("name", "page_text", "its name; a topic's top words", is_required=False),
        Column("change", "text", "what became of its evidence", choices=EFFECT_CHANGES),
        Column("n_codings_before", "count", "codings as released; a topic's segments; sources until saturation", False),
        Column("n_codings", "count", "likewise now", is_required=False),
        Column("n_sources_before", "count", "sources as released", is_required=False),
        Column("n_sources", "count", "sources now", is_required=False),
        Column("n_publishers_before", "count", "publishers as released", is_required=False),
        Column("n_publishers", "count", "publishers now", is_required=False),
        Column("rank_before", "count", "a guideline's place as released", is_required=False),
        Column("rank", "count", "its place now", is_required=False),
        Column("sources_gained", "ids", "sources that support it now and did not", is_required=False),
        Column("sources_lost", "ids", "sources that supported it and do not now", is_required=False),
        Column("remark", "text", "what a reader must know", is_required=False),
    ),
    key=("kind", "subject"),
)
