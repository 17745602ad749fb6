"""Every table of a review: what people write (config/) and what the steps make (data/, results/)."""

from __future__ import annotations

from glr.contracts import Column, Contract
from glr.quality import ITEMS, SCORES

UNCHANGED = "unchanged"
HELD_OUTCOMES = ("captured", "moved")  # those with a body to work on
CAPTURE_OUTCOMES = (
    "captured",  # the response is in a WARC file
    "moved",  # as captured, but a redirect led to another address
    UNCHANGED,  # asked again: as it was in the capture before
    "not_in_archive",  # no archive asked holds the address
    "gone",  # the server says that there is no such page (404, 410)
    "refused",  # the server refuses (401, 402, 403, 451)
    "busy",  # the server asks to come later, and later is not now (429, 503)
    "http_error",  # the server answered with another error status
    "refused_by_robots",  # the host's robots.txt forbids it, or cannot be had
    "forbidden_address",  # not http, or an address that is not public
    "unreachable",  # no answer: name unknown, connection refused or reset
    "tls_failed",  # the server's certificate does not hold
    "timed_out",
    "cut_off",  # the answer ended before its end
    "bad_answer",  # what came is no HTTP, or cannot be unpacked
    "too_large",  # the body exceeds the limit of bytes, packed or unpacked
    "too_many_redirects",
    # An answer came, and it is not the page:
    "empty_page",
    "unreadable",  # an encrypted or damaged PDF; bytes that are no text
    "soft_404",  # an error page that does not say so by its status
    "consent_wall",
    "login_wall",
    "paywall",
    "bot_check",  # a question whether the reader is a person
    "needs_browser",  # a shell whose text scripts would load
)
MISTAKABLE = CAPTURE_OUTCOMES[CAPTURE_OUTCOMES.index("empty_page") :]  # told from the page, so it may be a mistake
ORIGINS = ("archive", "live", "memento", "pinned")
SUBSTITUTES = ("memento", "pinned", "frozen")  # origins whose bytes are not those of the source's own address
STATES = (
    "live",  # its address answered with it when last asked
    "changed",  # as live, with other words than were coded
    "moved",  # as live, at another address
    "archived",  # an archive served it; its address was not asked
    "archived_only",  # its address no longer gives it, an archive does
    "captured_only",  # its address no longer gives it, an earlier capture of ours holds it
    "pinned",  # an unchanging copy stands for it
    "frozen_only",  # only the figures of the frozen corpus are left
    "lost",  # nothing is left
    "not_tried",
)
COLLECTION_OUTCOMES = (*CAPTURE_OUTCOMES, "not_tried")
TEXT_OUTCOMES = (
    "extracted",
    "not_captured",  # no attempt brought a body
    "empty_text",  # the body holds no running text
    "unreadable",  # the body is damaged, encrypted or no text at all
    "unsupported_type",  # a media type that the review does not read
)

LOCATING_METHODS = (
    "same_place",  # the words are where they were
    "same_words",  # the same words at another place
    "normalized",  # the same words with other white space, punctuation or typography
    "sketch",  # the best match of the fingerprint
    "orphan",  # not found, or not without guessing: a person settles it
    "unchecked",  # no fingerprint to check the words by
    "whole_source",  # a coding of the whole source
    "no_text",  # the source has no text here
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
        Column("further_urls", "urls", "further pages of the same article, in order", is_required=False),
    ),
    key=("source_id",),
)
_DECIDED = (
    Column("decided_at", "when", "when the row was decided; the latest row of an id is in force", is_required=False),
    Column("decided_by", "text", "who decided", is_required=False),
    Column("reason", "text", "why it was changed", is_required=False),
)
_TYPED_COUNT = Column("n_sources", "count", "sources, typed by hand: checked against the rows", is_required=False)

CODEBOOK = Contract(
    "codebook",
    (
        Column("code_id", "id", "id of the code, such as C01"),
        Column("name", "text", "short name"),
        Column("definition", "text", "what the code means", is_required=False),
        Column("include_when", "text", "when to give it", is_required=False),
        Column("exclude_when", "text", "when not to give it, and which code to give instead", is_required=False),
        Column("status", "text", "whether coders may still use it", choices=("active", "retired")),
        Column(
            "replaced_by", "ids", "for a retired code: the code it was merged into, or those it was split into", False
        ),
        *_DECIDED,
        _TYPED_COUNT,
    ),
    key=("code_id", "decided_at"),
)
CODINGS = Contract(
    "codings",
    (
        Column("coding_id", "id", "id of the coding, such as A-0001; the coder's letter and a number"),
        Column("source_id", "id", "the coded source"),
        Column("segment_id", "id", "the coded segment, until `make anchor` has filled in its place", is_required=False),
        Column("start", "count", "first character of the coded words in the text, from 0", is_required=False),
        Column("end", "count", "the character after the last one", is_required=False),
        Column("exact_sha256", "digest", "SHA-256 of the coded words as they are", is_required=False),
        Column("normal_sha256", "digest", "SHA-256 of the words alone, in lower case", is_required=False),
        Column("fingerprint", "fingerprint", "numbers and sketches of the words and their context", is_required=False),
        Column("exact", "quote", "the coded words (private studies; `make seal` removes them)", is_required=False),
        Column("prefix", "quote", "words before them, where a quote stands more than once", is_required=False),
        Column("suffix", "quote", "words after them, likewise", is_required=False),
        Column("code_id", "id", "the code given; empty in a row that only withdraws others", is_required=False),
        Column("memo", "text", "why, where it was not obvious", is_required=False),
        Column("confidence", "text", "how sure the coder was", is_required=False, choices=("low", "medium", "high")),
        Column("round", "count", "round of coding; empty is 1", is_required=False),
        Column(
            "replaces", "ids", "earlier codings of the same coder that this row takes the place of", is_required=False
        ),
        Column("coded_at", "when", "when it was coded", is_required=False),
    ),
    key=("coding_id",),
)
ADJUDICATIONS = Contract(
    "adjudications",
    (
        Column("adjudication_id", "id", "id of the adjudication, such as J-0001"),
        Column("coding_ids", "ids", "the codings it decides on"),
        Column(
            "verdict", "text", "whether they stand, fall, or get another code", choices=("stands", "falls", "recoded")
        ),
        Column("code_id", "id", "for recoded: the code they get", is_required=False),
        Column("reason", "text", "why"),
        Column("decided_by", "text", "who decided"),
        Column("decided_at", "when", "when"),
    ),
    key=("adjudication_id",),
)
THEMES = Contract(
    "themes",
    (
        Column("theme_id", "id", "id of the theme, such as T01"),
        Column("name", "text", "short name"),
        Column("description", "text", "what its codes have in common", is_required=False),
        Column("code_ids", "ids", "the codes it groups"),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *_DECIDED,
        _TYPED_COUNT,
    ),
    key=("theme_id", "decided_at"),
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
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *_DECIDED,
        _TYPED_COUNT,
    ),
    key=("guideline_id", "decided_at"),
)

# What collection writes (data/raw) -----------------------------------------------------------------------------

CAPTURES = Contract(
    "captures",
    (
        Column("capture_id", "id", "the source's id and the number of the attempt, such as S001-1"),
        Column("source_id", "id", "the source"),
        Column("url", "url", "the address asked for"),
        Column("origin", "text", "where it was looked for", choices=ORIGINS),
        Column("outcome", "text", "how the attempt ended", choices=CAPTURE_OUTCOMES),
        Column("status", "count", "HTTP status of the last response", is_required=False),
        Column("final_url", "page_text", "the address after all redirects", is_required=False),
        Column("attempted_at", "time", "when this attempt was made"),
        Column("captured_at", "time", "when the response left the web (for an archive: its own date)", False),
        Column("media_type", "page_text", "media type as stated by the server", is_required=False),
        Column("n_bytes", "count", "size of the body, decoded", is_required=False),
        Column("sha256", "digest", "SHA-256 of the body, decoded", is_required=False),
        Column("warc_file", "file_name", "WARC file in data/raw", is_required=False),
        Column("warc_offset", "count", "where the response record starts in it, in bytes", is_required=False),
        Column("note", "page_text", "the archive's file name, or what went wrong", is_required=False),
        Column(
            "robots",
            "text",
            "what the host's robots.txt says about the last address",
            is_required=False,
            choices=("allowed", "disallowed", "no rules", "unavailable"),
        ),
        Column("via", "page_text", "the proxy asked through, if any", is_required=False),
        Column("run", "time", "when the collection began that made this attempt", is_required=False),
    ),
    key=("capture_id",),
    is_growing=True,
)

COLLECTION = Contract(
    "collection",
    (
        Column("source_id", "id", "the source"),
        Column("outcome", "text", "outcome of the capture used, or of the last attempt", True, COLLECTION_OUTCOMES),
        Column("origin", "text", "where it was found; frozen where only the frozen corpus holds it", is_required=False),
        Column("state", "text", "how the source stands on the web and with us", choices=STATES),
        Column("is_substitution", "flag", "whether other bytes than those of its own address stand for it"),
        Column("captured_at", "time", "when what is used left the web", is_required=False),
        Column("n_attempts", "count", "attempts for its present addresses"),
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
        Column(
            "capture_sha256",
            "digest",
            "SHA-256 of the body; for an article of several pages, of their digests joined by newlines",
            is_required=False,
        ),
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
# The frozen corpus (data/frozen) has what a text's row says and, beyond it, what tells the page and its words apart.
FROZEN_TEXTS = Contract(
    "frozen_texts",
    (
        *TEXTS.columns,
        Column("url", "url", "the address of the page"),
        Column("n_bytes", "count", "size of the captured body, or of those of all pages", is_required=False),
        Column("words_sha256", "digest", "SHA-256 of the text's words in order, without marks and white space", False),
        Column("further_urls", "urls", "further pages of the same article, in order", is_required=False),
    ),
    key=("source_id",),
)
FROZEN_ANCHORS = Contract(
    "frozen_anchors",
    (
        Column("coding_id", "id", "the coding"),
        Column("exact_sha256", "digest", "SHA-256 of the coded words: the row it was located for", is_required=False),
        Column("start", "count", "first character in the frozen text, from 0", is_required=False),
        Column("end", "count", "the character after the last one", is_required=False),
        Column("method", "text", "how its place was found", choices=LOCATING_METHODS),
        Column("score", "share", "how well it matched, 0 to 1", is_required=False),
        Column("note", "text", "why it was an orphan", is_required=False),
    ),
    key=("coding_id",),
)
SEGMENTS = Contract(
    "segments",
    (
        Column("segment_id", "id", "the source's id and the number of the segment, such as S001-007"),
        Column("source_id", "id", "the source"),
        Column("kind", "text", "what it is", choices=("paragraph", "list", "table", "code")),
        Column("start", "count", "first character in the text, from 0"),
        Column("end", "count", "the character after the last one"),
        Column("n_words", "count", "words"),
        Column("sha256", "digest", "SHA-256 of its words; empty where they could be guessed from it", False),
        Column("sketch", "sketch", "32 bits of its set of words, by which it is recognised when it is reworded"),
    ),
    key=("segment_id",),
)
TERM_COUNTS = Contract(
    "term_counts",
    (
        Column("segment_id", "id", "the segment"),
        Column("terms", "page_text", "its terms with their counts, such as 'model:2 pipeline:1', sorted", False),
    ),
    key=("segment_id",),
)
VOCABULARY = Contract(
    "vocabulary",
    (
        Column("term", "page_text", "a term of the topic vocabulary: no stop word, and of several sources"),
        Column("n_sources", "count", "sources that it occurred in when the vocabulary was chosen"),
    ),
    key=("term",),
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
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "the coded source"),
        Column("segment_id", "id", "the segment in which it starts; empty for a whole source or an orphan", False),
        Column("start", "count", "first character now, from 0", is_required=False),
        Column("end", "count", "the character after the last one now", is_required=False),
        Column("method", "text", "how its place was found", choices=LOCATING_METHODS),
        Column("score", "share", "how well it matches, 0 to 1", is_required=False),
        Column("note", "text", "why it is an orphan", is_required=False),
        Column("given_code_id", "id", "the code as the coder gave it"),
        Column("unadjudicated_code_id", "id", "that code after merges of the codebook"),
        Column("code_id", "id", "the code after adjudication"),
        Column(
            "standing",
            "text",
            "what adjudication, or a later round of its coder, made of it",
            choices=("open", "stands", "falls", "recoded", "superseded"),
        ),
        Column("adjudication_id", "id", "the adjudication in force", is_required=False),
        Column("is_evidence", "flag", "whether it counts as evidence: neither fallen nor superseded nor an orphan"),
    ),
    key=("coding_id",),
)
ORPHANS = Contract(
    "orphans",
    (
        Column("coding_id", "id", "the coding whose words were not found again"),
        Column("coder", "id", "its coder"),
        Column("source_id", "id", "its source"),
        Column("code_id", "id", "its code"),
        Column("start", "count", "where it was"),
        Column("end", "count", "likewise"),
        Column("score", "share", "how well the best place matched"),
        Column("note", "text", "why that was not enough"),
        Column("memo", "text", "the coder's note", is_required=False),
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

BENCH_STAGES = Contract(
    "bench_stages",
    (
        Column("n_sources", "count", "sources of the review"),
        Column("run", "text", "what had changed", choices=("cold", "unchanged", "swapped")),
        Column("stage", "id", "the rule"),
        Column("n_jobs", "count", "its jobs, such as shards"),
        Column("seconds", "number", "wall seconds of all its jobs together"),
        Column("cpu_seconds", "number", "processor seconds of all its jobs together", is_required=False),
        Column("peak_mb", "number", "largest resident memory of one job, in MB", is_required=False),
    ),
    key=("n_sources", "run", "stage"),
)

# Agreement of coders -------------------------------------------------------------------------------------------

PASSES = Contract(
    "passes",
    (
        Column("coder", "id", "who coded: the name of the coder's table"),
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "a source that this coder has read to its end in this round"),
        Column("finished_at", "date", "when", is_required=False),
    ),
    key=("coder", "round", "source_id"),
)
READINGS = Contract(
    "readings",
    (
        Column("coder", "id", "who read: the name of the coder's table"),
        Column("round", "count", "round of coding"),
        Column("source_id", "id", "the source"),
        Column("segment_id", "id", "the segment, by the number it had then"),
        Column(
            "segment_sha256", "digest", "SHA-256 of its words, by which it is known again, as in segments.csv", False
        ),
        Column(
            "decision", "text", "no_code: read, no code fits; reopened: taken back", choices=("no_code", "reopened")
        ),
        Column("read_at", "when", "when; the latest row on a segment is in force"),
    ),
    key=("coder", "round", "source_id", "segment_id", "read_at"),
)
AGREEMENT = Contract(
    "agreement",
    (
        Column("round", "count", "round of coding"),
        Column("coders", "text", "the two coders compared, as 'A; B', or all for all of a round with more than two"),
        Column("scope", "text", "overall for the sets of codes as wholes, or the code that is given or not given"),
        Column("measure", "id", "name of the measure; glr/agreement.py says how each is computed"),
        Column("value", "number", "the measure; empty where it is undefined, as kappa is without variation", False),
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
        Column("unit_id", "id", "the disputed segment, or the source where the coding was of whole sources"),
        Column("source_id", "id", "its source"),
        Column("segment_id", "id", "the segment; empty for a whole source", is_required=False),
        Column(
            "kind",
            "text",
            "coding where coders gave it different codes, unitizing where those who coded it agree and others left it",
            choices=("unitizing", "coding"),
        ),
        Column("coder", "id", "one of the coders who have read it"),
        Column("code_ids", "ids", "the codes this coder gave it; empty where it was left without", is_required=False),
        Column("coding_ids", "ids", "this coder's codings of it", is_required=False),
    ),
    key=("round", "unit_id", "coder"),
)

# Screening -----------------------------------------------------------------------------------------------------

DECISIONS = ("exclude", "unsure", "include")  # from no to yes, which the weighted measures need
CANDIDATES = Contract(
    "candidates",
    (
        Column("candidate_id", "id", "id of the candidate, such as H001; one for each search hit"),
        Column("url", "url", "the address of the page"),
        Column("title", "text", "title of the page"),
        Column("publisher", "text", "who publishes it", is_required=False),
        Column("source_type", "text", "kind of source, in the study's own words", is_required=False),
        Column("published", "date", "date of publication or last change", is_required=False),
        Column(
            "found_by",
            "text",
            "the search that found it, such as google-1; PRISMA counts names that start with organisation or citation "
            "in the boxes of these, all others as websites",
        ),
        Column("duplicate_of", "id", "the candidate that stands for the same page", is_required=False),
    ),
    key=("candidate_id",),
)
CRITERIA = Contract(
    "criteria",
    (
        Column("criterion_id", "id", "id of the criterion, such as E1"),
        Column(
            "kind",
            "text",
            "what it decides on; retrieval is for pages that could not be had, which PRISMA counts apart",
            choices=("inclusion", "exclusion", "retrieval"),
        ),
        Column("name", "text", "short name; the reason in the PRISMA diagram"),
        Column("definition", "text", "when it is met", is_required=False),
        Column("status", "text", "whether screeners may still use it", choices=("active", "retired")),
    ),
    key=("criterion_id",),
)
SCREENINGS = Contract(
    "screenings",
    (
        Column("screening_id", "id", "id of the decision, such as N0001; rows are added, never edited"),
        Column("candidate_id", "id", "the candidate"),
        Column("screener", "id", "who decided"),
        Column("round", "count", "round of screening"),
        Column("decision", "text", "what was decided; a settlement is never unsure", choices=DECISIONS),
        Column("criterion_id", "id", "the criterion that an exclusion rests on", is_required=False),
        Column("reason", "text", "why, where the criterion does not say it all", is_required=False),
        Column("screened_at", "when", "when", is_required=False),
        Column("settles", "ids", "for a settlement: the decisions it settles; it is final", is_required=False),
    ),
    key=("screening_id",),
)
SCREENING_DECISIONS = Contract(
    "screening_decisions",
    (
        Column("candidate_id", "id", "the candidate"),
        Column(
            "decision",
            "text",
            "where its screening stands; open is not screened, unsure, or not agreed on and not settled",
            choices=("include", "exclude", "open", "duplicate"),
        ),
        Column("criterion_id", "id", "for an exclusion: the criterion named most in the deciding rows", False),
        Column("round", "count", "its last round of screening", is_required=False),
        Column("n_screeners", "count", "screeners of that round, settlements aside"),
        Column("screening_ids", "ids", "the deciding rows: the settlement, or those of the last round", False),
        Column("source_id", "id", "for an included candidate: the source of the same page", is_required=False),
    ),
    key=("candidate_id",),
)
SCREENING_AGREEMENT = Contract(
    "screening_agreement",
    (
        Column("round", "count", "round of screening"),
        Column("screeners", "text", "the two compared, as 'A; B', or all for all of a round with more than two"),
        Column("measure", "id", "name of the measure; glr/agreement.py says how each is computed"),
        Column("value", "number", "the measure; empty where it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled candidates", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_candidates", "count", "candidates it was computed from"),
        Column("n_screeners", "count", "screeners compared"),
    ),
    key=("round", "screeners", "measure"),
)

# Suggestions of the model --------------------------------------------------------------------------------------

SUGGESTIONS = Contract(
    "suggestions",
    (
        Column("segment_id", "id", "a segment that nobody has decided on"),
        Column("source_id", "id", "its source"),
        Column("code_id", "id", "the code suggested for it"),
        Column("coder", "id", "always model: no person gave this code, and it is no evidence", choices=("model",)),
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
        Column("threshold", "number", "lowest score at which it is suggested; empty where none holds the floor", False),
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

# Analysis of the synthesis -------------------------------------------------------------------------------------

QUALITY_ATTRIBUTES = (  # the characteristics of ISO/IEC 25010:2023
    "functional suitability",
    "performance efficiency",
    "compatibility",
    "interaction capability",
    "reliability",
    "security",
    "maintainability",
    "flexibility",
    "safety",
)
PRACTICES = Contract(
    "practices",
    (
        Column("practice_id", "id", "id of the practice, such as P01"),
        Column("name", "text", "short name"),
        Column("statement", "text", "what the sources do or advise, in one sentence"),
        Column("code_ids", "ids", "the codes it was drawn from"),
        Column("guideline_id", "id", "the guideline it was merged into; empty where it was dropped", is_required=False),
        Column(
            "reason", "text", "why it was merged or dropped; must be filled where it was dropped", is_required=False
        ),
        Column("decided_at", "when", "when; the latest row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False),
    ),
    key=("practice_id", "decided_at"),
)
CATEGORIES = Contract(
    "categories",
    (
        Column("category_id", "id", "id of the category, such as K01"),
        Column("name", "text", "short name"),
        Column("description", "text", "what its guidelines have in common", is_required=False),
        Column("guideline_ids", "ids", "its guidelines; a guideline is in one category"),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        Column("decided_at", "when", "when; the latest row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False),
    ),
    key=("category_id", "decided_at"),
)
CARD_SORTS = Contract(
    "card_sorts",
    (
        Column("sorter", "id", "who sorted"),
        Column("guideline_id", "id", "the card: a guideline"),
        Column("pile", "text", "the pile it was put on, in the sorter's own words"),
        Column("sorted_at", "when", "when", is_required=False),
    ),
    key=("sorter", "guideline_id"),
)
IMPACTS = Contract(
    "impacts",
    (
        Column("impact_id", "id", "id of the impact, such as I01"),
        Column("guideline_id", "id", "the guideline"),
        Column("component", "text", "the part of the architecture that it touches, in your own words"),
        Column("quality_attribute", "text", "what it acts on (ISO/IEC 25010:2023)", choices=QUALITY_ATTRIBUTES),
        Column("effect", "text", "which way", choices=("strengthened", "strained")),
        Column("decision", "text", "the decision that it forces on the architect"),
        Column("coding_ids", "ids", "the codings that show it, all of them evidence of the guideline"),
        Column("reason", "text", "how the codings show it, where that is not plain", is_required=False),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        Column("decided_at", "when", "when; the latest row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False),
    ),
    key=("impact_id", "decided_at"),
)
QUALITY = Contract(
    "quality",
    (
        Column("source_id", "id", "the appraised source"),
        Column("appraiser", "id", "who appraised"),
        Column("item", "id", "the question", choices=tuple(ITEMS)),
        Column("score", "number", "1 is yes, 0.5 partly, 0 no; 1 is always to the source's credit", True, SCORES),
        Column("note", "text", "why, where it was not obvious", is_required=False),
        Column("appraised_at", "when", "when", is_required=False),
    ),
    key=("source_id", "appraiser", "item"),
)
CARD_SIMILARITY = Contract(
    "card_similarity",
    (
        Column("guideline_id", "id", "a guideline"),
        Column("other_guideline_id", "id", "another one, later by id"),
        Column("n_sorters", "count", "sorters who put both on one pile"),
        Column("share", "share", "share of all sorters; the distance of the two is 1 less this"),
    ),
    key=("guideline_id", "other_guideline_id"),
)
CARD_CLUSTERS = Contract(
    "card_clusters",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("leaf", "count", "its place among the dendrogram's leaves, from 1"),
        Column("cluster", "count", "its cluster where the dendrogram has as many as there are categories", False),
        Column("category_id", "id", "the category that people gave it", is_required=False),
    ),
    key=("guideline_id",),
)
CARD_MERGES = Contract(
    "card_merges",
    (
        Column("step", "count", "number of the merge, from 1"),
        Column("left", "ids", "guidelines of the one cluster: the one with the first id"),
        Column("right", "ids", "guidelines of the other one"),
        Column("distance", "share", "mean of 1 - share over all pairs of a left and a right card"),
        Column("linkage", "text", "how distances of clusters are made of those of cards", choices=("average",)),
        Column("size", "count", "cards of both together"),
    ),
    key=("step",),
)
_MEASURED = (
    Column("measure", "id", "name of the measure"),
    Column("value", "number", "its value; empty where it is undefined", is_required=False),
    Column("meaning", "text", "what it says"),
)
CARD_MEASURES = Contract("card_measures", _MEASURED, key=("measure",))
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
            "sources read before the first such run, which confirms it; shuffled: the median; empty where not reached",
            is_required=False,
        ),
        Column("share_reached", "share", "share of the orders in which it was reached"),
    ),
    key=("base_size", "run_length", "threshold", "order_name"),
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
            "the first where no topic holds a third of the code's segments with a lift of 3; the second where less "
            "than 5 % of the topic's segments have any code",
            choices=("code no topic shows", "topic no code names"),
        ),
        Column("subject", "text", "the code's id, or the topic's number"),
        Column("figure", "share", "largest share of the code in one topic; share of the topic with a code"),
    ),
    key=("kind", "subject"),
)
CROSSWALK_MEASURES = Contract("crosswalk_measures", _MEASURED, key=("measure",))
GUIDELINE_GROUPS = Contract(
    "guideline_groups",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("variable", "id", "what the sources are grouped by", choices=("source_type", "year")),
        Column("value", "text", "the group"),
        Column("n_sources", "count", "its sources that support the guideline"),
        Column("share", "share", "share of all sources of the group"),
    ),
    key=("guideline_id", "variable", "value"),
)
QUALITY_SCORES = Contract(
    "quality_scores",
    (
        Column("source_id", "id", "the source"),
        Column("n_appraisers", "count", "who appraised it"),
        Column("score", "number", "mean of their sums over the twenty items, 0 to 20; empty without any", False),
    ),
    key=("source_id",),
)
QUALITY_SENSITIVITY = Contract(
    "quality_sensitivity",
    (
        Column("cut_off", "count", "sources with a lower score are left out; those without a score stay"),
        Column("guideline_id", "id", "the guideline"),
        Column("n_sources", "count", "its sources then"),
        Column("n_publishers", "count", "their publishers"),
        Column("rank", "count", "its place by number of sources then"),
        Column("has_floor", "flag", "whether it has the publishers the protocol asks for"),
        Column(
            "change",
            "text",
            "against all sources; it falls where it had the floor and loses it",
            choices=("none", "rank moves", "falls"),
        ),
    ),
    key=("cut_off", "guideline_id"),
)
PUBLISHER_SENSITIVITY = Contract(
    "publisher_sensitivity",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("publisher", "text", "a publisher of its sources, all of whose sources are left out"),
        Column("n_sources_without", "count", "sources that remain"),
        Column("n_publishers_without", "count", "publishers that remain"),
        Column("falls", "flag", "whether the guideline had the publishers the protocol asks for and loses them"),
    ),
    key=("guideline_id", "publisher"),
)


# Comparison of two states of a study (results/compare) ---------------------------------------------------------

CHANGES = Contract(
    "changes",
    (
        Column("file", "page_text", "the table it is in: config/ holds decisions, data/processed/ what came of them"),
        Column("subject", "page_text", "what changed: source, code, coding, topic, guideline, …"),
        Column("subject_id", "page_text", "its id, or its key where the table has no ids"),
        Column("change", "page_text", "what became of it, in a word"),
        Column("column", "page_text", "the column that differs, or row, file or value where all of it came or went"),
        Column("before", "page_text", "what stood there", is_required=False),
        Column("after", "page_text", "what stands there now", is_required=False),
    ),
    key=("file", "subject", "subject_id", "change", "column"),
)

# What is kept of a release, and how a run stands to it -----------------------------------------------------------

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
    ),
    "synthesis": (
        EVIDENCE,
        GUIDELINE_SUPPORT,
        GUIDELINE_GROUPS,
        CARD_SIMILARITY,
        CARD_CLUSTERS,
        CARD_MERGES,
        CARD_MEASURES,
        QUALITY_SCORES,
        QUALITY_SENSITIVITY,
        PUBLISHER_SENSITIVITY,
    ),
    "reporting": (SCREENING_DECISIONS, SCREENING_AGREEMENT, SOURCE_COUNTS),
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
        Column("cause", "text", "changed inputs that it is made of; empty where it is the same", is_required=False),
        Column("is_explained", "flag", "whether a cause is a decision, a source or a new fit of topics"),
        Column("first_difference", "page_text", "the first row that differs, now and as released", is_required=False),
    ),
    key=("table",),
)
SOURCE_STATES = (
    "same",  # the text that was frozen, letter by letter
    "moved",  # likewise, at another address
    "reformatted",  # the same words in the same order, with other marks or white space
    "changed",  # other words
    "gone",  # asked for since it was frozen, and no text came
    "frozen_only",  # not asked for since it was frozen
    "new",  # not in the frozen corpus
    "no_text",  # neither captured nor frozen
)
CHANGED_STATES = ("moved", "reformatted", "changed", "gone")  # of a page that is not as it was coded
SOURCE_CHANGES = Contract(
    "source_changes",
    (
        Column("source_id", "id", "the source"),
        Column("state", "text", "its page now, compared with the frozen corpus", choices=SOURCE_STATES),
        Column("served_by", "text", "where its text came from in this run", choices=("captured", "frozen", "none")),
        Column("origin", "text", "origin of the capture that the text was made of", is_required=False),
        Column("captured_at", "time", "when that capture left the web", is_required=False),
        Column("similarity", "share", "share of the frozen words in segments that are still there", is_required=False),
        Column("n_codings", "count", "codings in force"),
        Column("n_held", "count", "those that still have their place"),
        Column("note", "page_text", "what the last attempt said, where it is gone", is_required=False),
    ),
    key=("source_id",),
)
LEDGER = Contract(
    "ledger",
    (
        Column("source_id", "id", "the source"),
        Column("n_before", "count", "attempts before this one for its present addresses; 0 also where there is none"),
        Column("state", "text", "how the source stands now, on the web and with us", choices=STATES),
        Column("served_by", "text", "where its text comes from", choices=(*ORIGINS, "frozen", "none")),
        Column("is_substitution", "flag", "whether other bytes than those of its own address stand for it"),
        Column("similarity", "share", "share of the frozen words that are still in its text", is_required=False),
        Column("n_codings", "count", "codings of it in force", is_required=False),
        Column("n_held", "count", "those that still have their place in its text", is_required=False),
        Column("run", "time", "when the collection began that made the attempt", is_required=False),
        Column("attempted_at", "time", "when the attempt was made", is_required=False),
        Column("origin", "text", "where it was looked for", is_required=False, choices=ORIGINS),
        Column("outcome", "text", "how the attempt ended", is_required=False, choices=CAPTURE_OUTCOMES),
        Column("status", "count", "HTTP status of the last response", is_required=False),
        Column("captured_at", "time", "when what was found left the web", is_required=False),
        Column("final_url", "page_text", "the address after all redirects", is_required=False),
        Column("robots", "text", "what the host's robots.txt says about it", is_required=False),
        Column("note", "page_text", "what went wrong, or which archive", is_required=False),
    ),
    key=("source_id", "n_before"),
)
LINK_ROT = Contract(
    "link_rot",
    (
        Column("variable", "text", "what the sources are grouped by", choices=("all", "age", "source_type")),
        Column("value", "text", "the group; an age is that of the page when its address was last asked"),
        Column("n_sources", "count", "its sources"),
        Column("n_asked", "count", "those whose address was asked"),
        Column("n_live", "count", "those that answered with the page, there or where they were sent to"),
        Column("n_moved", "count", "those of them that were sent to another address"),
        Column("n_changed", "count", "those of them whose words are others than the frozen ones"),
        Column("n_gone", "count", "those that no longer exist: no such page, no such host, an error page"),
        Column("n_shut", "count", "those that are there and refuse: robots.txt, walls, passwords, overload"),
        Column("n_failed", "count", "those that failed otherwise"),
        Column("rot_share", "share", "share of the asked that are gone", is_required=False),
    ),
    key=("variable", "value"),
)
IMPACT_CHANGES = ("none", "gains", "loses", "gains and loses", "new", "gone")
IMPACT = Contract(
    "impact",
    (
        Column("kind", "text", "what the row is about", choices=("guideline", "theme", "code", "topic", "saturation")),
        Column("subject", "id", "its id; for saturation the order of sources with base, run and threshold"),
        Column("name", "page_text", "its name; a topic's top words", is_required=False),
        Column("change", "text", "what became of its evidence", choices=IMPACT_CHANGES),
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

# The replication package (results/export) -----------------------------------------------------------------------

LICENCES = Contract(
    "licences",
    (
        Column("source_id", "id", "the source"),
        Column("title", "text", "title of the page"),
        Column("publisher", "text", "who publishes it"),
        Column("url", "url", "the address of the page"),
        Column("licence", "text", "SPDX id of the page's licence; NOASSERTION where none is stated", is_required=False),
        Column("held_here", "text", "what of it this package holds"),
    ),
    key=("source_id",),
)
