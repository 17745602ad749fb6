"""Tables of coding: what coders decided, where it sits in the texts, and how far coders agree."""

from __future__ import annotations

from graylit.tables.columns import DECIDED, TYPED_COUNT
from graylit.tables.contracts import Column, Contract
from graylit.tables.locating import LOCATING_METHODS

CODEBOOK = Contract(
    "codebook",
    (
        Column("code_id", "id", "id of the code, such as C01"),
        Column("name", "text", "short name", is_name=True),
        Column("definition", "text", "what the code means", is_required=False),
        Column("include_when", "text", "when to give it", is_required=False),
        Column("exclude_when", "text", "when not to give it, and which code to give instead", is_required=False),
        Column("status", "text", "whether coders may still use it", choices=("active", "retired")),
        Column(
            "replaced_by", "ids", "for a retired code: the code it was merged into, or those it was split into", False
        ),
        *DECIDED,
        TYPED_COUNT,
    ),
    key=("code_id", "decided_at"),
    is_peoples=True,
)
CODINGS = Contract(
    "codings",
    (
        Column("coding_id", "id", "id of the coding, such as A-0001; the coder's letter and a number"),
        Column("source_id", "id", "the coded source"),
        Column(
            "segment_id",
            "id",
            "the coded segment, until `graylit anchor` has filled in its place; without texts, a unit",
            False,
        ),
        Column("start", "count", "first character of the coded words in the text, from 0", is_required=False),
        Column("end", "count", "the character after the last one", is_required=False),
        Column("exact_sha256", "digest", "SHA-256 of the coded words as they are", is_required=False),
        Column("normal_sha256", "digest", "SHA-256 of the words alone, in lower case", is_required=False),
        Column("fingerprint", "fingerprint", "numbers and sketches of the words and their context", is_required=False),
        Column("exact", "quote", "the coded words (private studies; `graylit seal` removes them)", is_required=False),
        Column("prefix", "quote", "words before them, if the quote occurs more than once", is_required=False),
        Column("suffix", "quote", "words after them, likewise", is_required=False),
        Column("code_id", "id", "the code given; empty in a row that only withdraws others", is_required=False),
        Column("memo", "text", "why, if it is not obvious", is_required=False),
        Column("confidence", "text", "how sure the coder was", is_required=False, choices=("low", "medium", "high")),
        Column("round", "count", "round of coding; empty is 1", is_required=False),
        Column(
            "replaces", "ids", "earlier codings of the same coder that this row takes the place of", is_required=False
        ),
        Column("coded_at", "when", "when it was coded", is_required=False),
    ),
    key=("coding_id",),
    is_peoples=True,
)
ADJUDICATIONS = Contract(
    "adjudications",
    (
        Column("adjudication_id", "id", "id of the adjudication, such as J-0001"),
        Column("coding_ids", "ids", "the codings it decides on"),
        Column(
            "verdict",
            "text",
            "whether they stand, fall, or get another code; open: the adjudication before is taken back",
            choices=("stands", "falls", "recoded", "open"),
        ),
        Column("code_id", "id", "for recoded: the code they get", is_required=False),
        Column("reason", "text", "why"),
        Column("decided_by", "text", "who decided", is_name=True),
        Column("decided_at", "when", "when"),
    ),
    key=("adjudication_id",),
    is_peoples=True,
)
LOCATED_CODINGS = Contract(
    "located_codings",
    (
        Column("coding_id", "id", "the coding"),
        Column("coder", "person", "who coded: the name of the coder's table"),
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "the coded source"),
        Column("segment_id", "id", "the segment with its first word; empty for a whole source or an orphan", False),
        Column("start", "count", "first character now, from 0", is_required=False),
        Column("end", "count", "the character after the last one now", is_required=False),
        Column("method", "text", "how its place was found", choices=LOCATING_METHODS),
        Column("score", "share", "how well it matches, 0 to 1", is_required=False),
        Column("note", "text", "why it is an orphan, or that no word of it is in a segment", is_required=False),
        Column("given_code_id", "id", "the code as the coder gave it"),
        Column("unadjudicated_code_id", "id", "that code after merges of the codebook"),
        Column("code_id", "id", "the code after adjudication"),
        Column(
            "standing",
            "text",
            "what adjudication, or a later round of its coder, made of it; of a model's: outranked where a person read "
            "the segment and did not give the code, untrusted where the model agrees too little with people on it",
            choices=("open", "stands", "falls", "recoded", "superseded", "outranked", "untrusted"),
        ),
        Column("adjudication_id", "id", "the adjudication in force", is_required=False),
        Column("is_evidence", "flag", "whether it counts as evidence: neither fallen nor superseded nor an orphan"),
    ),
    key=("coding_id",),
)
ORPHANS = Contract(
    "orphans",
    (
        Column("coding_id", "id", "the coding whose words were not found"),
        Column("coder", "person", "its coder"),
        Column("source_id", "id", "its source"),
        Column("code_id", "id", "its code"),
        Column("start", "count", "where it was; empty if it never had a place", is_required=False),
        Column("end", "count", "likewise", is_required=False),
        Column("score", "share", "how well the best place matched"),
        Column("note", "text", "why that was not enough"),
        Column("memo", "text", "the coder's note", is_required=False),
    ),
    key=("coding_id",),
)
CODE_COUNTS = Contract(
    "code_counts",
    (
        Column("code_id", "id", "the code"),
        Column("name", "text", "its name"),
        Column("n_codings", "count", "codings"),
        Column("n_coders", "count", "coders who used it"),
        Column("n_sources", "count", "sources with at least one coding"),
        Column("n_publishers", "count", "publishers of these sources"),
    ),
    key=("code_id",),
)
CODE_PAIRS = Contract(
    "code_pairs",
    (
        Column("source_type", "text", "kind of source"),
        Column("code_id", "id", "a code"),
        Column("other_code_id", "id", "another code, or the same one"),
        Column("n_sources", "count", "sources of this kind that carry both"),
    ),
    key=("source_type", "code_id", "other_code_id"),
)
PASSES = Contract(
    "passes",
    (
        Column("coder", "person", "who coded: the name of the coder's table"),
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "a source that this coder has read to its end in this round"),
        Column("finished_at", "date", "when", is_required=False),
    ),
    key=("coder", "round", "source_id"),
    is_peoples=True,
)
READINGS = Contract(
    "readings",
    (
        Column("coder", "person", "who read: the name of the coder's table"),
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "the source"),
        Column("segment_id", "id", "the segment, by the number it had then"),
        Column(
            "segment_sha256", "digest", "SHA-256 of its words, by which it is recognised, as in segments.csv", False
        ),
        Column(
            "decision", "text", "no_code: read, no code fits; reopened: taken back", choices=("no_code", "reopened")
        ),
        Column("read_at", "when", "when; the last row on a segment is in force"),
    ),
    key=("coder", "round", "source_id", "segment_id", "read_at"),
    is_peoples=True,
)
AGREEMENT = Contract(
    "agreement",
    (
        Column("round", "count", "round of coding"),
        Column("coders", "text", "the two coders compared, as 'A; B', or all for all of a round with more than two"),
        Column("scope", "text", "overall for the sets of codes as wholes, or the code that is given or not given"),
        Column("measure", "id", "name of the measure; graylit.measures.agreement says how each is computed"),
        Column("value", "number", "the measure; empty if it is undefined, as kappa is without variation", False),
        Column("low", "number", "lower end of the 95 % interval from resampled sources; empty as value is", False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_units", "count", "units (segments or whole sources) it was computed from"),
        Column("n_coders", "count", "coders compared"),
    ),
    key=("round", "coders", "scope", "measure"),
)
DISAGREEMENTS = Contract(
    "disagreements",
    (
        Column("round", "count", "round of coding"),
        Column("unit_id", "id", "the disputed segment, or the source if whole sources were coded"),
        Column("source_id", "id", "its source"),
        Column("segment_id", "id", "the segment; empty for a whole source", is_required=False),
        Column(
            "kind",
            "text",
            "coding: coders gave it different codes; unitizing: those who coded it agree, and others left it",
            choices=("unitizing", "coding"),
        ),
        Column("coder", "person", "one of the coders who have read it"),
        Column("code_ids", "ids", "the codes this coder gave it; empty if it was left without", is_required=False),
        Column("coding_ids", "ids", "this coder's codings of it", is_required=False),
    ),
    key=("round", "unit_id", "coder"),
)
SATURATION = Contract(
    "saturation",
    (
        Column("order_name", "text", "the order in which sources are read", choices=("listed", "shuffled")),
        Column("n_sources", "count", "sources read"),
        Column("codes_seen", "number", "codes seen in them; for shuffled the mean over all orders"),
        Column("low", "number", "lower end of the middle 95 % of the orders (listed: the same)"),
        Column("high", "number", "its upper end"),
        Column("new_codes", "number", "codes first seen in the last one; for shuffled the mean"),
    ),
    key=("order_name", "n_sources"),
)
SATURATION_MEASURES = Contract(
    "saturation_measures",
    (
        Column("base_size", "count", "sources whose codes are the base"),
        Column("run_length", "count", "sources in a row that may bring little new"),
        Column("threshold", "share", "largest share of new codes in the run, of the codes of the base"),
        Column("order_name", "text", "the order in which sources are read", choices=("listed", "shuffled")),
        Column(
            "reached_at",
            "number",
            "sources read before the first such run, which confirms it; shuffled: the median; empty if never reached",
            is_required=False,
        ),
        Column("share_reached", "share", "share of the orders in which it was reached"),
    ),
    key=("base_size", "run_length", "threshold", "order_name"),
)
