"""Tables of preparation: texts, segments and terms, captured or frozen."""

from __future__ import annotations

from graylit.tables.collection import OVER_LIMIT, PROGRAM_ERROR
from graylit.tables.contracts import Column, Contract
from graylit.tables.locating import LOCATING_METHODS

TEXT_OUTCOMES = (
    "extracted",
    "not_captured",  # no attempt brought a body
    "empty_text",  # the body holds no running text
    "unreadable",  # the body is damaged, encrypted or no text at all
    "unsupported_type",  # a media type that the review does not read
    OVER_LIMIT,
    PROGRAM_ERROR,
)
# As WCXB names them (Foley 2026): pages of a kind differ in how their main text stands on them.
PAGE_KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")
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
        Column("page_kind", "text", "the kind of the page that its structure speaks for", False, choices=PAGE_KINDS),
        Column("kind_probability", "share", "how likely the page is of that kind, 0 to 1", is_required=False),
        Column(
            "way",
            "text",
            "how it was read: as an article, by trafilatura, or block by block",
            is_required=False,
            choices=("article", "blocks"),
        ),
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
SERVERS = ("captured", "frozen", "none")
SERVING = Contract(
    "serving",
    (
        Column("source_id", "id", "the source"),
        Column("served_by", "text", "where its text comes from in this run", choices=SERVERS),
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
        Column("note", "text", "why it was an orphan, or that no word of it was in a segment", is_required=False),
        Column("segment_id", "id", "the segment with its first word", is_required=False),
    ),
    key=("coding_id",),
)
# What a post is in its thread.
QUESTION, ACCEPTED, ANSWER, COMMENT = POST_ROLES = ("question", "accepted", "answer", "comment")
# A kind of segment: a block of program code. A code is one of the codebook.
LISTING = "listing"
_POST = "its post, from 1 in the order of the thread"
_POST_ROLE = "what the post is in its thread: what opens it, the answer that solved it, another answer, a comment"
# Of the captured sources of a shard; segments have what a reader needs of it.
POSTS = Contract(
    "posts",
    (
        Column("source_id", "id", "the source"),
        Column("start", "count", "first character in the text, from 0"),
        Column("end", "count", "the character after the last one"),
        Column("post", "count", _POST),
        Column("post_role", "text", _POST_ROLE, choices=POST_ROLES),
    ),
    key=("source_id", "start"),
)
SEGMENTS = Contract(
    "segments",
    (
        Column("segment_id", "id", "the source's id and the number of the segment, such as S001-007"),
        Column("source_id", "id", "the source"),
        Column("kind", "text", "what it is", choices=("paragraph", "list", "table", LISTING)),
        Column("start", "count", "first character in the text, from 0"),
        Column("end", "count", "the character after the last one"),
        Column("n_words", "count", "words"),
        Column("post", "count", f"{_POST}; empty if it is of none", is_required=False),
        Column("post_role", "text", f"{_POST_ROLE}; empty if it is of none", False, choices=POST_ROLES),
        Column("sha256", "digest", "SHA-256 of its words; empty if they could be guessed from it", False),
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
