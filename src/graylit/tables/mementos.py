"""The table of mementos: which addresses were offered to a web archive, what it said, and the copies that it holds."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

ASKED, CONFIRMED, ARCHIVED = "asked", "confirmed", "archived"
NOT_CONFIRMED, REFUSED, FAILED, NOT_OFFERED = "not_confirmed", "refused", "failed", "not_offered"
KEPT = (CONFIRMED, ARCHIVED)  # outcomes with a memento that was looked at
OFFER_OUTCOMES = (
    ASKED,  # the archive took the request and named a job; nobody knows yet what comes of it
    CONFIRMED,  # the job made a copy, and its address answers with it
    ARCHIVED,  # the archive had a copy of the last days already, so that it made none
    NOT_CONFIRMED,  # the archive says that it made a copy; its address does not show it, or it is of another page
    REFUSED,  # the archive will not or cannot copy this page; asking again changes nothing
    FAILED,  # the archive was overloaded, broke off or said nothing that can be read; the next run asks again
    NOT_OFFERED,  # an address that is not of the public web is told to nobody
)
MEMENTOS = Contract(
    "mementos",
    (
        Column("number", "count", "the number of the row; the last row of an address is in force"),
        Column("source_id", "id", "the source"),
        Column("url", "url", "the address that was offered: the source's own, or that of a further page"),
        Column("at", "time", "when the row was written"),
        Column("outcome", "text", "how it stands", choices=OFFER_OUTCOMES),
        Column("archive", "url", "the archive that was asked"),
        Column("job_id", "page_text", "the archive's name for the job", is_required=False),
        Column("memento", "url", "the address of the copy", is_required=False),
        Column("memento_at", "time", "when the copy was made, as the archive says", is_required=False),
        Column("note", "page_text", "what the archive said, or what went wrong", is_required=False),
    ),
    key=("number",),
    is_growing=True,
)
