"""Pages in local archives: WARC, ARC and WACZ files that somebody else wrote."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from warcio.recordloader import ArcWarcRecord

from graylit.captures.archive_index import ArchiveIndex, Held
from graylit.captures.bodies import TooLargeError
from graylit.captures.page_keys import explain_fragment
from graylit.captures.warcs import Response, read_response
from graylit.collection.attempts import Attempt, describe_body, judge_response, start_row
from graylit.collection.capture_files import copy_record, find_damage
from graylit.collection.refreshes import read_refresh
from graylit.tables.addresses import hide_users, join_address
from graylit.tables.collection import HELD_OUTCOMES, MISTAKABLE_OUTCOMES
from graylit.tables.rows import Row

MAX_REDIRECTS = 10  # of a chain in archives: chosen, not measured; browsers give up after 20
SHOWN = 200  # characters of an address in a note: chosen, longer than most addresses


@dataclass(frozen=True)
class Answer:
    """What an archive answers: the chain of records that leads to it, and the response, if it is not too large."""

    chain: list[Held]
    response: Response | None
    note: str = ""


@dataclass
class Look:
    """A look for one page in archives: `seen` are the records read, `dead_ends` the addresses that none holds."""

    index: ArchiveIndex
    wanted: datetime.datetime
    max_bytes: int
    seen: set[tuple[Path, int]] = field(default_factory=set)
    dead_ends: list[str] = field(default_factory=list)

    def list_answers(self, url: str, chain: tuple[Held, ...] = ()) -> Iterator[Answer]:
        """Yield what the archives answer for an address, the best first; redirects and meta refreshes are followed."""
        answers = self.index.list_answers(url, self.wanted)
        if chain and (not answers or len(chain) > MAX_REDIRECTS):
            self.dead_ends.append(url)
            return
        for held in answers:
            if (held.path, held.offset) not in self.seen:
                self.seen.add((held.path, held.offset))
                yield from self._read_answer(held, [*chain, held])

    def _read_answer(self, held: Held, chain: list[Held]) -> Iterator[Answer]:
        body_of = held.original or held
        try:  # redirects too: their records are kept, so none of them may be too large
            response = read_response(body_of.path, body_of.offset, self.max_bytes)
        except TooLargeError as error:
            yield Answer(chain, None, str(error))
            return
        target = _find_target(held, response)
        if not target:
            yield Answer(chain, response)
        elif self.index.name_page(target) == self.index.name_page(held.url):
            self.dead_ends.append(target)  # another form of its own address, whose answers are looked at anyway
        else:
            yield from self.list_answers(target, tuple(chain))


def _find_target(held: Held, response: Response) -> str:
    """Return the address that an answer leads to; '' if it is the page itself."""
    if held.is_redirect:
        return join_address(held.url, held.location) or held.location  # which no archive holds if it is no address
    return read_refresh(response.body, response.headers, held.url) if held.status < 300 else ""


def take_from_archive(
    source: Row, index: ArchiveIndex, max_bytes: int, now: str, coded_at: datetime.datetime | None = None
) -> Attempt:
    """Return the attempt to find a source in local archives.

    The whole answer serves that is nearest to when the source was last coded, or to now. What is no page (an error, a
    wall, a part, a redirect that leads nowhere) serves only if there is nothing better.
    """
    row = start_row(source, "archive", now)
    wanted = coded_at or datetime.datetime.fromisoformat(now)
    look = Look(index, wanted.replace(tzinfo=datetime.UTC), max_bytes)
    failed: list[tuple[Row, list[Held]]] = []
    for answer in look.list_answers(source["url"]):
        described = _describe_answer(source, answer)
        if described["outcome"] in HELD_OUTCOMES:
            return Attempt(row | described, _copy_chain(answer.chain))
        failed.append((described, answer.chain if answer.response else []))
    if failed:
        described, chain = min(failed, key=lambda attempt: _rank_failure(attempt[0]["outcome"]))
        return Attempt(row | described, _copy_chain(chain))
    return Attempt(row | {"outcome": "not_in_archive", "note": _explain_absence(source["url"], look)}, [])


def _describe_answer(source: Row, answer: Answer) -> Row:
    if answer.response is None:
        return {"outcome": "too_large", "note": answer.note}
    last, response = answer.chain[-1], answer.response
    outcome, note = judge_response(response, source, last.url)
    if (cut := last.cut or response.cut) and 200 <= response.status < 300:
        outcome, note = "cut_off", cut
    elif response.damage and 200 <= response.status < 300:
        outcome, note = "bad_answer", response.damage
    elif outcome in HELD_OUTCOMES and (damage := next(filter(None, map(find_damage, _list_parts(answer.chain))), "")):
        outcome, note = "bad_answer", damage
    elif outcome in HELD_OUTCOMES:
        note = explain_fragment(source, last.url)
    return {
        "outcome": outcome,
        "note": "; ".join(filter(None, [last.path.name, note])),
        "final_url": last.url,
        "captured_at": last.captured_at,
        "status": str(last.status),
        "media_type": response.headers.get("content-type", ""),
        **describe_body(response.body),
    }


def _rank_failure(outcome: str) -> int:
    """Return how near an outcome is to a page: a person may know better of some, and a part is more than an error."""
    return 0 if outcome in MISTAKABLE_OUTCOMES else 1 if outcome == "cut_off" else 2


def _explain_absence(url: str, look: Look) -> str:
    """Return why archives do not hold a page, if they hold something for its address."""
    ends = [f"it leads to {hide_users(end)[:SHOWN]}, which no archive holds" for end in look.dead_ends]
    return look.index.explain(url) or next(iter(ends), "")


def _copy_chain(chain: list[Held]) -> list[ArcWarcRecord]:
    """Return copies of the records of a chain; a revisit comes with the record that has its body."""
    return [copy_record(part) for part in _list_parts(chain)]


def _list_parts(chain: list[Held]) -> list[Held]:
    return [part for held in chain for part in (held, held.original) if part]
