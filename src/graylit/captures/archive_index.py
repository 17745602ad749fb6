"""What local archives hold: for each page, all records that may stand for it, the best of them first."""

from __future__ import annotations

import datetime
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from warcio.exceptions import ArchiveLoadFailed

from graylit.captures.archive_parts import list_parts
from graylit.captures.page_keys import exact_key, page_key, tell_page
from graylit.captures.records import ANSWERS, NO_ARCHIVE, Reference, Stated, list_records
from graylit.tables.addresses import read_address
from graylit.tables.faults import Fault, InputError

DAMAGES = (OSError, EOFError, zlib.error, struct.error, NotImplementedError)  # the last: of zip files of the future
WHOLE, CUT, ERROR = range(3)  # ranks of answers, the best first
SHOWN = 200  # characters of what a library says of a damage: chosen, longer than any of its sentences


@dataclass(frozen=True, slots=True)
class Held:
    """An answer in an archive: where its record is, what it answers, when it was captured, why it is cut if it is.

    A revisit has no body: it stands for that of its `original`.
    """

    path: Path
    offset: int
    url: str
    captured_at: str
    status: int
    location: str = ""
    cut: str = ""
    original: Held | None = None

    @property
    def is_redirect(self) -> bool:
        """Return whether it sends its reader to another address."""
        return 300 <= self.status < 400 and self.status != 304 and bool(self.location)

    @property
    def rank(self) -> int:
        """Return how good an answer it is: a whole page or a redirect, a page that is cut, an error."""
        if self.is_redirect:
            return WHOLE
        return (CUT if self.cut else WHOLE) if 200 <= self.status < 300 else ERROR


class Found(NamedTuple):
    """A record as it was found: the number counts the records of all archives."""

    number: int
    path: Path
    record: Stated


@dataclass
class ArchiveIndex:
    """The answers that local archives hold, by page key; `unusable` says why others are not among them.

    `distinct` are the addresses declared to be pages of their own; `n_odd` records are of what is no address.
    """

    pages: dict[str, list[Held]] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)
    distinct: frozenset[str] = frozenset()
    n_odd: int = 0

    def name_page(self, url: str) -> str:
        """Return what names the page of an address: its key, or the address itself if it is declared distinct."""
        return tell_page(url, self.distinct)

    def list_answers(self, url: str, wanted: datetime.datetime) -> list[Held]:
        """Return the answers for an address: whole ones first, then by how near they are to a time.

        Of two that are equally near, the one found later comes first.
        """
        page = self.name_page(url)
        latest_first = [
            held for held in reversed(self.pages.get(page_key(url), [])) if self.name_page(held.url) == page
        ]
        if not latest_first and "#" in url:  # no archive records the fragment for which a page is declared distinct
            return self.list_answers(url.partition("#")[0], wanted)
        return sorted(latest_first, key=lambda answer: (answer.rank, _count_seconds(answer, wanted)))

    def explain(self, url: str) -> str:
        """Return why records for an address are not used; '' if there are none."""
        return self.unusable.get(page_key(url), "")


def _count_seconds(answer: Held, wanted: datetime.datetime) -> float:
    return abs((datetime.datetime.fromisoformat(answer.captured_at) - wanted).total_seconds())


def index_archives(paths: Iterable[Path], distinct: frozenset[str] = frozenset()) -> ArchiveIndex:
    """Return an index of the answers in WARC, ARC and WACZ files; `distinct` are addresses declared to be so.

    Raises InputError if a file cannot be read to its end.
    """
    answers, requests, n_odd = [], [], 0
    for number, (path, record) in enumerate(_read_archives(paths)):
        if record.kind == "request":
            requests.append(Found(number, path, record))
        elif record.kind in ANSWERS:
            address = read_address(record.url)
            n_odd += address is None
            if address and address.is_web:
                answers.append(Found(number, path, record))
    return replace(_fill_index(answers, _find_methods(answers, requests)), distinct=distinct, n_odd=n_odd)


def _read_archives(paths: Iterable[Path]) -> Iterator[tuple[Path, Stated]]:
    for path in paths:
        try:
            for start, size in list_parts(path):
                for record in list_records(path, start, size):
                    yield path, record
        except (*DAMAGES, zipfile.BadZipFile, ArchiveLoadFailed) as error:
            problem = f"cannot be read as WARC ({_explain(error)})"
            remedy = "fetch it again, or name another file"
            raise InputError([Fault(str(path), problem, "a whole .warc, .warc.gz or .wacz file", remedy)]) from error


def _explain(error: Exception) -> str:
    """Return what an error says, on one line; warcio quotes the file, which may be any file."""
    said = str(error)
    if said.startswith("Unknown archive format"):
        return NO_ARCHIVE
    said = re.sub(", first line: .*", "", said, flags=re.DOTALL)
    return "".join(sign for sign in " ".join(said.split()) if sign.isprintable())[:SHOWN]


def _find_methods(answers: list[Found], requests: list[Found]) -> dict[int, str]:
    """Return the methods of the requests that were answered, by the number of the answer, those of GET left out."""
    requests = sorted(requests, key=lambda found: found.record.method == "GET")  # if two name an answer, GET counts
    by_id = {found.record.record_id: found.record.method for found in requests}
    by_answer = {name: found.record.method for found in requests for name in found.record.concurrent_to}
    methods = _pair_neighbours(answers, [found for found in requests if not found.record.concurrent_to])
    for number, _, answer in answers:
        named = [by_id[name] for name in answer.concurrent_to if name in by_id]
        if method := by_answer.get(answer.record_id) or next(iter(named), ""):
            methods[number] = method
    return {number: method for number, method in methods.items() if method not in ("", "GET")}


def _pair_neighbours(answers: list[Found], requests: list[Found]) -> dict[int, str]:
    """Return the methods of requests that name no answer: each goes with the answer beside it, of its address and date.

    Archives that begin with a request have each request before its answer, others after it.
    """
    groups: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for found in requests:
        groups[found.record.url, found.record.date].append(found)
    for found in answers:
        if (key := (found.record.url, found.record.date)) in groups:
            groups[key].append(found)
    methods = {}
    for group in groups.values():
        group.sort(key=lambda found: found.number)
        if group[0].record.kind != "request":
            group.reverse()
        method = ""
        for found in group:
            if found.record.kind == "request":
                method = found.record.method
            elif method:
                methods[found.number], method = method, ""
    return methods


def _fill_index(answers: list[Found], methods: dict[int, str]) -> ArchiveIndex:
    index = ArchiveIndex()
    originals = _Originals() if any(found.record.reference for found in answers) else None
    revisits = []
    for number, path, record in answers:
        key = page_key(record.url)
        if not record.date:
            index.unusable.setdefault(key, "its record has no valid WARC-Date")
        elif number in methods:
            index.unusable.setdefault(key, f"its record answers {methods[number][:20]}, not GET")
        elif record.reference:
            revisits.append((key, path, record))
        elif not record.status:
            index.unusable.setdefault(key, "its record is no answer by HTTP")
        else:
            held = Held(path, record.offset, record.url, record.date, record.status, record.location, record.cut)
            index.pages.setdefault(key, []).append(held)
            if originals:
                originals.add(held, record)
    for key, path, record in revisits:
        if originals and (original := originals.find(record)):
            index.pages.setdefault(key, []).append(_revisit(path, record, original))
        else:
            index.unusable.setdefault(key, "its record refers to another (revisit) that no archive holds")
    return index


def _revisit(path: Path, record: Stated, original: Held) -> Held:
    is_silent = record.status in (0, 304)  # its own head says nothing of the page
    return replace(
        original,
        path=path,
        offset=record.offset,
        url=record.url,
        captured_at=record.date,
        status=original.status if is_silent else record.status,
        location=original.location if is_silent else record.location,
        original=original,
    )


class _Originals:
    """The records that revisits may refer to, by what they are referred to by."""

    def __init__(self) -> None:
        self._by_id: dict[int, Held] = {}
        self._by_time: dict[tuple[str, str], Held] = {}
        self._by_digest: dict[int, Held] = {}
        self._by_page: defaultdict[str, list[Held]] = defaultdict(list)

    def add(self, held: Held, record: Stated) -> None:
        self._by_time[exact_key(held.url), held.captured_at] = held
        self._by_page[exact_key(held.url)].append(held)
        if record.record_id:
            self._by_id[record.record_id] = held
        if record.digest and not held.cut:
            self._by_digest[record.digest] = held

    def find(self, record: Stated) -> Held | None:
        """Return the record that a revisit refers to: by id, by address and date, else as its profile allows.

        The same payload may be that of another address (WARC 1.1, 6.7.2). What was not modified is the last answer of
        its own address, whatever digest it states: that of its own empty payload, often.
        """
        refers_to = record.reference or Reference(0, "", "", is_unmodified=False)
        url = exact_key(refers_to.url or record.url)
        found = self._by_id.get(refers_to.record_id) or self._by_time.get((url, refers_to.date))
        if found or not refers_to.is_unmodified:
            return found or self._by_digest.get(record.digest)
        earlier = [held for held in self._by_page[url] if held.captured_at <= record.date and held.rank < ERROR]
        return max(earlier, key=lambda held: held.captured_at, default=None)
