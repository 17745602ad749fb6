"""Tables of updates: what was asked again and with which outcome, and what a person has to look at."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

BEGUN, NEW_HITS, NOTHING_NEW, FAILED, NOT_ASKED = "begun", "new_hits", "nothing_new", "failed", "not_asked"
ENDED = "ended"
UPDATE_OUTCOMES = (
    BEGUN,  # of the update itself
    NEW_HITS,  # it was asked again, and brought candidates that nobody knew
    NOTHING_NEW,  # it was asked again, and all that it brought is known
    FAILED,  # it was asked, and did not answer as it should
    NOT_ASKED,  # no program can ask it again: the note says why, and what a person can do
    ENDED,  # of the update itself: all of it was done
)
WHOLE = "update"  # the subject of the rows about an update itself
UPDATES = Contract(
    "updates",
    (
        Column("update", "time", "when the update began"),
        Column("number", "count", "the number of the row in the update"),
        Column("subject", "page_text", f"the search that was asked again, a file of hits, or `{WHOLE}`"),
        Column("at", "time", "when the row was written"),
        Column("outcome", "text", "what came of it", choices=UPDATE_OUTCOMES),
        Column("n_hits", "count", "hits that came", is_required=False),
        Column("n_new", "count", "candidates made of them", is_required=False),
        Column("search_id", "id", "the search that was added to searches.csv, if any hit was new", is_required=False),
        Column("file_name", "page_text", "the kept answers in data/raw/searches", is_required=False),
        Column("note", "page_text", "what went wrong, or why it was not asked", is_required=False),
    ),
    key=("update", "number"),
    is_growing=True,
)
KINDS_OF_NEWS = ("trigger", "candidate", "coding", "reading", "source", "search")
STATES_OF_NEWS = (
    *("holds", "not_yet", "unknown"),  # of a trigger of the protocol
    *("new", "perhaps_known"),  # of a candidate: perhaps_known may be the page of another one
    *("gone", "reworded", "place_moved"),  # of the words of a coding, or of the coding that was read for a claim
    *("changed", "reformatted", "moved", "refuses", "fails", "lost"),  # of a source, which may be gone, too
    *("new_hits", "nothing_new", "failed", "not_asked"),  # of a search
)
WHATS_NEW = Contract(
    "whats_new",
    (
        Column("kind", "text", "what the row is about", choices=KINDS_OF_NEWS),
        Column("subject", "page_text", "its id; the name of a trigger"),
        Column("state", "text", "what became of it", choices=STATES_OF_NEWS),
        Column("needs_person", "flag", "whether somebody has to look at it or decide"),
        Column("url", "page_text", "the address that it is about, if any", is_required=False),
        Column("related", "page_text", "the source, claim or guidelines that it concerns", is_required=False),
        Column("detail", "page_text", "what there is to know", is_required=False),
    ),
    key=("kind", "subject"),
)
