"""Tables of collection: attempts to capture, what serves each source, and how its address stands."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

HELD_OUTCOMES = (  # there is a body to work on
    "captured",  # the response is in a WARC file
    "moved",  # as captured, but a redirect led to another address
)
UNCHANGED = "unchanged"  # asked again: as it was in the capture before
OVER_LIMIT = "over_limit"  # its text would take more time or memory than one source may
PROGRAM_ERROR = "program_error"  # Graylit itself failed at it: the note says where, the log of the step everything
FAILED_OUTCOMES = (  # no page came
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
    "cut_off",  # the answer ended before its end, or an archive holds a part of it
    "bad_answer",  # what came is no HTTP, cannot be unpacked, or is not what its archive recorded
    "too_large",  # the body exceeds the limit of bytes, packed or unpacked
    "too_many_redirects",
    PROGRAM_ERROR,
)
MISTAKABLE_OUTCOMES = (  # an answer came and is not the page, or so it looks: a person may know better
    "empty_page",
    "unreadable",  # an encrypted or damaged PDF; bytes that are no text
    "soft_404",  # an error page that does not say so by its status
    "consent_wall",
    "login_wall",
    "paywall",
    "bot_check",  # a question whether the reader is a person
    "needs_browser",  # a shell whose text scripts would load
)
CAPTURE_OUTCOMES = (*HELD_OUTCOMES, UNCHANGED, *FAILED_OUTCOMES, *MISTAKABLE_OUTCOMES)
# What an address said when it was last asked, as link rot counts it; every other outcome counts as failed.
ANSWERED = (*HELD_OUTCOMES, UNCHANGED)
GONE = ("gone", "soft_404", "unreachable", "tls_failed", "too_many_redirects", "empty_page")
SHUT = ("refused", "refused_by_robots", "busy", "login_wall", "consent_wall", "paywall", "bot_check")
ORIGINS = ("archive", "live", "memento", "pinned")
SUBSTITUTES = ("memento", "pinned", "frozen")  # origins whose bytes are not those of the source's own address
# How sources stand on the web and with us. A source of several pages stands as the page with the highest rank.
STANDING_RANKS = {
    "live": 0,  # its address answered with it when last asked
    "changed": 1,  # as live, with other words than were coded
    "moved": 2,  # as live, at another address
    "archived": 3,  # an archive served it; its address was not asked
    "archived_only": 4,  # its address no longer gives it, an archive does
    "captured_only": 5,  # its address no longer gives it, an earlier capture of ours holds it
    "pinned": 6,  # an unchanging copy stands for it
    "frozen_only": 7,  # only the figures of the frozen corpus are left
    "lost": 8,  # nothing is left
    "not_tried": 9,
}
STANDINGS = tuple(STANDING_RANKS)
# How a source stands that only this origin gives any more; from any other origin it stands as archived.
STANDING_OF_ORIGIN = {"live": "captured_only", "pinned": "pinned"}
COLLECTION_OUTCOMES = (*CAPTURE_OUTCOMES, "not_tried")
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
        Column("origin", "text", "where it was found; frozen if only the frozen corpus holds it", is_required=False),
        Column("state", "text", "how the source stands on the web and with us", choices=STANDINGS),
        Column("is_substitution", "flag", "whether bytes of another address stand for it"),
        Column("captured_at", "time", "when what is used left the web", is_required=False),
        Column("n_attempts", "count", "attempts for its present addresses"),
    ),
    key=("source_id",),
)
LEDGER = Contract(
    "ledger",
    (
        Column("source_id", "id", "the source"),
        Column("n_before", "count", "attempts before this one for its present addresses; 0 also if there is none"),
        Column("state", "text", "how the source stands now, on the web and with us", choices=STANDINGS),
        Column("served_by", "text", "where its text comes from", choices=(*ORIGINS, "frozen", "none")),
        Column("is_substitution", "flag", "whether bytes of another address stand for it"),
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
        Column("n_live", "count", "those that answered with the page, there or at the address they redirect to"),
        Column("n_moved", "count", "those of them that redirect to another address"),
        Column("n_changed", "count", "those of them whose words differ from the frozen ones"),
        Column("n_gone", "count", "those that no longer exist: no such page, no such host, an error page"),
        Column("n_shut", "count", "those that are there and refuse: robots.txt, walls, passwords, overload"),
        Column("n_failed", "count", "those that failed otherwise"),
        Column("rot_share", "share", "share of the asked that are gone", is_required=False),
    ),
    key=("variable", "value"),
)
