"""Every table of a review: what people write (config/) and what the steps make (data/, results/)."""

from __future__ import annotations

from glr.contracts import Column, Contract

CAPTURE_OUTCOMES = (
    "captured",  # the response is in a WARC file
    "moved",  # as captured, but a redirect led to another address
    "not_in_archive",  # no local archive holds the address
    "http_error",  # the server answered, with an error status
    "timed_out",
    "unreachable",  # no answer: name unknown, connection refused, TLS failed, connection cut
    "too_large",  # the body exceeds the limit of bytes
)
COLLECTION_OUTCOMES = (*CAPTURE_OUTCOMES, "not_tried")
HELD_OUTCOMES = ("captured", "moved")  # those with a body to work on
TEXT_OUTCOMES = (
    "extracted",
    "not_captured",  # no attempt brought a body
    "empty_text",  # the body holds no running text
    "unreadable",  # the body is damaged, encrypted or no text at all
    "unsupported_type",  # a media type that the review does not read
)

# What people write ---------------------------------------------------------------------------------------------

SOURCES = Contract(
    "sources",
    (
        Column("source_id", "id", "id of the source, such as S001; never reused for another page"),
        Column("url", "url", "the address of the page"),
        Column("title", "text", "title of the page"),
        Column("publisher", "text", "who publishes it: a person, company or project"),
        Column("source_type", "text", "kind of source, in the study's own words, such as blog-post"),
        Column("published", "date", "date of publication or last change", is_required=False),
        Column("licence", "text", "SPDX id of the page's licence; NOASSERTION where none is stated", is_required=False),
        Column("pinned_url", "url", "address of an unchanging copy, such as a file at a commit", is_required=False),
    ),
    key=("source_id",),
)
CODEBOOK = Contract(
    "codebook",
    (
        Column("code_id", "id", "id of the code, such as C01"),
        Column("name", "text", "short name"),
        Column("definition", "text", "what the code means", is_required=False),
        Column("include_when", "text", "when to give it", is_required=False),
        Column("exclude_when", "text", "when not to give it, and which code to give instead", is_required=False),
        Column("status", "text", "whether coders may still use it", choices=("active", "retired")),
        Column("replaced_by", "ids", "for a retired code: the codes that took its place", is_required=False),
    ),
    key=("code_id",),
)
CODINGS = Contract(
    "codings",
    (
        Column("coding_id", "id", "id of the coding, such as A-0001; the coder's letter and a number"),
        Column("source_id", "id", "the coded source"),
        Column("start", "count", "first character of the coded words in the text, from 0", is_required=False),
        Column("end", "count", "the character after the last one", is_required=False),
        Column("quote_sha256", "digest", "SHA-256 of the coded words, white space normalized", is_required=False),
        Column("code_id", "id", "the code given"),
        Column("memo", "text", "why, where it was not obvious", is_required=False),
        Column("confidence", "text", "how sure the coder was", is_required=False, choices=("low", "medium", "high")),
        Column("coded_at", "date", "when it was coded", is_required=False),
    ),
    key=("coding_id",),
)
THEMES = Contract(
    "themes",
    (
        Column("theme_id", "id", "id of the theme, such as T01"),
        Column("name", "text", "short name"),
        Column("description", "text", "what its codes have in common", is_required=False),
        Column("code_ids", "ids", "the codes it groups"),
    ),
    key=("theme_id",),
)
GUIDELINES = Contract(
    "guidelines",
    (
        Column("guideline_id", "id", "id of the guideline, such as G01"),
        Column("name", "text", "short name"),
        Column("statement", "text", "the guideline in one sentence"),
        Column("intent", "text", "what it is to achieve", is_required=False),
        Column("motivation", "text", "why it matters", is_required=False),
        Column("applicability", "text", "when it applies, and when not", is_required=False),
        Column("theme_id", "id", "the theme it comes from"),
        Column("code_ids", "ids", "the codes of the theme that support it"),
        Column("related", "ids", "related guidelines", is_required=False),
    ),
    key=("guideline_id",),
)

# What collection writes (data/raw) -----------------------------------------------------------------------------

CAPTURES = Contract(
    "captures",
    (
        Column("capture_id", "id", "the source's id and the number of the attempt, such as S001-1"),
        Column("source_id", "id", "the source"),
        Column("url", "url", "the address asked for"),
        Column("origin", "text", "where it was looked for", choices=("archive", "live")),
        Column("outcome", "text", "how the attempt ended", choices=CAPTURE_OUTCOMES),
        Column("status", "count", "HTTP status of the last response", is_required=False),
        Column("final_url", "page_text", "the address after all redirects", is_required=False),
        Column("attempted_at", "time", "when this attempt was made"),
        Column("captured_at", "time", "when the response left the web (for an archive: its own date)", False),
        Column("media_type", "page_text", "media type as stated by the server", is_required=False),
        Column("n_bytes", "count", "size of the body, decoded", is_required=False),
        Column("sha256", "digest", "SHA-256 of the body, decoded", is_required=False),
        Column("warc_file", "page_text", "WARC file in data/raw", is_required=False),
        Column("warc_offset", "count", "where the response record starts in it, in bytes", is_required=False),
        Column("note", "page_text", "the archive's file name, or what went wrong", is_required=False),
    ),
    key=("capture_id",),
)

COLLECTION = Contract(
    "collection",
    (
        Column("source_id", "id", "the source"),
        Column("outcome", "text", "outcome of the capture used, or of the last attempt", True, COLLECTION_OUTCOMES),
        Column("origin", "text", "where it was found", is_required=False),
        Column("n_attempts", "count", "attempts for its present address"),
    ),
    key=("source_id",),
)

# What the steps make (data/processed) --------------------------------------------------------------------------

TEXTS = Contract(
    "texts",
    (
        Column("source_id", "id", "the source"),
        Column("outcome", "text", "how extraction ended", choices=TEXT_OUTCOMES),
        Column("origin", "text", "origin of the capture used", is_required=False),
        Column("capture_outcome", "text", "outcome of the capture used, or of the last attempt", is_required=False),
        Column("captured_at", "time", "when the response left the web", is_required=False),
        Column("capture_sha256", "digest", "SHA-256 of the body", is_required=False),
        Column("extractor", "text", "what made the text, with its version", is_required=False),
        Column("n_characters", "count", "length of the text in Unicode code points"),
        Column("n_words", "count", "words in the text"),
        Column("text_sha256", "digest", "SHA-256 of the text in UTF-8", is_required=False),
        Column("title", "page_text", "title found in the page", is_required=False),
        Column("author", "page_text", "author found in the page", is_required=False),
        Column("published", "page_text", "date found in the page", is_required=False),
        Column("site", "page_text", "name of the site found in the page", is_required=False),
        Column("language", "page_text", "language stated by the page", is_required=False),
        Column("canonical_url", "page_text", "the address the page calls its own", is_required=False),
        Column("note", "page_text", "what went wrong", is_required=False),
    ),
    key=("source_id",),
)
SEGMENTS = Contract(
    "segments",
    (
        Column("segment_id", "id", "the source's id and the number of the segment, such as S001-007"),
        Column("source_id", "id", "the source"),
        Column("kind", "text", "what it is", choices=("paragraph", "list", "table", "code")),
        Column("heading_path", "page_text", "the headings above it, outermost first, joined by ' > '", False),
        Column("start", "count", "first character in the text, from 0"),
        Column("end", "count", "the character after the last one"),
        Column("n_words", "count", "words"),
        Column("sha256", "digest", "SHA-256 of its words, white space normalized"),
    ),
    key=("segment_id",),
)
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
LOCATED_CODINGS = Contract(
    "located_codings",
    (
        Column("coding_id", "id", "the coding"),
        Column("coder", "id", "who coded: the name of the coder's table"),
        Column("source_id", "id", "the coded source"),
        Column("segment_id", "id", "the segment in which the coding starts; empty for a whole source", False),
        Column("start", "count", "first character, from 0", is_required=False),
        Column("end", "count", "the character after the last one", is_required=False),
        Column("code_id", "id", "the code given"),
    ),
    key=("coding_id",),
)
SOURCE_COUNTS = Contract(
    "source_counts",
    (
        Column("source_type", "text", "kind of source"),
        Column("variable", "id", "year, publisher or a variable of the study"),
        Column("value", "text", "its value"),
        Column("n_sources", "count", "sources of this kind with this value"),
    ),
    key=("source_type", "variable", "value"),
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
EVIDENCE = Contract(
    "evidence",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("theme_id", "id", "its theme"),
        Column("code_id", "id", "the supporting code"),
        Column("coding_id", "id", "a coding of this code"),
        Column("coder", "id", "who coded"),
        Column("source_id", "id", "the coded source"),
        Column("publisher", "text", "its publisher"),
        Column("segment_id", "id", "the coded segment; empty for a whole source", is_required=False),
    ),
    key=("guideline_id", "coding_id"),
)
GUIDELINE_SUPPORT = Contract(
    "guideline_support",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("name", "text", "its name"),
        Column("rank", "count", "place by number of sources; equal numbers share a place"),
        Column("n_codes", "count", "codes with at least one coding"),
        Column("n_codings", "count", "codings"),
        Column("n_sources", "count", "sources"),
        Column("n_publishers", "count", "publishers"),
        Column("has_floor", "flag", "whether it has the publishers the protocol asks for"),
    ),
    key=("guideline_id",),
)
BENCH = Contract(
    "bench",
    (
        Column("measure", "id", "what was measured"),
        Column("value", "number", "the figure", is_required=False),
        Column("unit", "text", "its unit"),
        Column("goal", "text", "the goal, such as '<= 90'; empty where there is none", is_required=False),
        Column("is_met", "flag", "whether the goal is met", is_required=False),
    ),
    key=("measure",),
)
