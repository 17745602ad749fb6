"""What a project from elsewhere says of this review: its codings in our terms, and those that could not be placed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from graylit.anchors.fingerprints import Words
from graylit.exchange.matching import Scale, Way, choose_way, make_scale, normalize_text, place_coding
from graylit.exchange.refi import clean_words
from graylit.exchange.refi_reading import GivenCoding, GivenSource, Project
from graylit.tables.faults import Fault, InputError

Span = tuple[int, int] | None  # None is the whole source


@dataclass(frozen=True)
class Claim:
    """A coding of theirs in our terms; `span` is where its words stand in our text."""

    guid: str
    source_id: str
    span: Span
    code_id: str
    memo: str
    created: str
    method: str = "same_place"

    @property
    def key(self) -> tuple[str, Span, str]:
        """Return what makes two codings the same one."""
        return self.source_id, self.span, self.code_id


@dataclass
class Claims:
    """All that was read: what is placed, what is not (with the reason), and what was left out, counted by reason."""

    placed: list[Claim] = field(default_factory=list)
    lost: list[tuple[Claim, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    source_ids: set[str] = field(default_factory=set)  # of ours that the project holds with a text to compare
    has_whole: bool = False  # whether it holds codings of whole sources, which many tools leave out


def store_words(words: str) -> str:
    """Return words as a cell of a table that people keep: clean, and no formula (those get an apostrophe in front)."""
    cleaned = clean_words(words).strip()
    return "'" + cleaned if cleaned.startswith(("=", "@")) else cleaned


def read_claims(
    project: Project, user: str, source_of: Mapping[str, str], code_of: Mapping[str, str], texts: Mapping[str, str]
) -> Claims:
    """Return the codings of one user in our terms.

    Raises InputError with every position that lies beyond its text or ends before it starts.
    """
    claims = Claims(skipped=Counter(project.skipped))
    claims.has_whole = any(coding.start is None for coding in project.codings)
    by_source: dict[str, list[GivenCoding]] = defaultdict(list)
    for coding in project.codings:
        by_source[coding.source_guid].append(coding)
    faults: list[Fault] = []
    way = choose_way(project)
    for given in project.sources.values():
        mine = [coding for coding in by_source[given.guid] if coding.user_guid == user]
        claims.skipped.update({"of other users": len(by_source[given.guid]) - len(mine)})
        reader = _SourceReader(given, source_of.get(given.guid, ""), code_of, claims)
        faults += reader.read_codings(mine, texts.get(reader.source_id), way, project.file)
    if faults:
        raise InputError(faults)
    claims.skipped = +claims.skipped
    return claims


@dataclass
class _SourceReader:
    """Brings the codings of one of their sources into our terms."""

    given: GivenSource
    source_id: str
    code_of: Mapping[str, str]
    claims: Claims

    def read_codings(self, mine: list[GivenCoding], ours: str | None, way: Way, file: str) -> Iterator[Fault]:
        """Add one user's codings to the claims; yield the faults of their positions."""
        theirs, scale = normalize_text(self.given.raw or ""), make_scale(self.given.raw or "", way)
        if self.source_id and self.given.raw is not None:
            self.claims.source_ids.add(self.source_id)
        words: tuple[Words, Words] | None = None
        for coding in mine:
            if coding.start is not None and self.given.raw is not None:
                faults = list(_check_place(coding, scale, self.given, file))
                yield from faults
                if faults:
                    continue
            if reason := self._why_not(coding, ours):
                self.claims.skipped[reason] += 1
            elif coding.start is None:
                self.claims.placed.append(self._claim(coding, None))
            elif theirs.rstrip() == ours.rstrip():
                self._keep_place(coding, scale, len(ours))
            else:
                words = words or (Words(theirs), Words(ours))
                self._find_place(coding, scale, *words)

    def _why_not(self, coding: GivenCoding, ours: str | None) -> str:
        """Return why a coding has no place to look for, '' where it has."""
        if not self.source_id:
            return f"in {self.given.name[:60]!r}, which is no source of this study"
        if coding.start is None:
            return ""
        if self.given.raw is None:
            return self.given.why
        if coding.start == coding.end:
            return "at an empty place"
        return "in a source without text here" if ours is None else ""

    def _claim(self, coding: GivenCoding, span: Span, method: str = "same_place") -> Claim:
        code_id, memo = self.code_of[coding.code_guid], store_words(coding.memo)
        return Claim(coding.guid, self.source_id, span, code_id, memo, coding.created, method)

    def _keep_place(self, coding: GivenCoding, scale: Scale, length: int) -> None:
        start, end = scale.find(coding.start), min(scale.find(coding.end), length)
        if start < end:
            self.claims.placed.append(self._claim(coding, (start, end)))
        else:
            self.claims.skipped["at an empty place"] += 1

    def _find_place(self, coding: GivenCoding, scale: Scale, theirs: Words, ours: Words) -> None:
        place = place_coding((scale.find(coding.start), scale.find(coding.end)), theirs, ours)
        if place.start is None:
            self.claims.lost.append((self._claim(coding, None, "orphan"), place.note))
        else:
            self.claims.placed.append(self._claim(coding, (place.start, place.end), place.method))


def _check_place(coding: GivenCoding, scale: Scale, given: GivenSource, file: str) -> Iterator[Fault]:
    """Yield what is wrong with the positions of a coding."""
    remedy = "correct or remove the coding in the tool that wrote it, and export again"
    limit = scale.starts[-1]
    for name, position in (("startPosition", coding.start), ("endPosition", coding.end)):
        if position > limit:
            problem = f"lies beyond the text of {given.name[:60]!r}, which has {limit} characters"
            yield Fault(f"{file}, line {coding.line}, {name}", problem, f"at most {limit}", remedy, value=str(position))
    if coding.start > coding.end:
        place = f"{file}, line {coding.line}, endPosition"
        yield Fault(place, "is before startPosition", f"at least {coding.start}", remedy, value=str(coding.end))


def join_overlapping(claims: Iterable[Claim], known: Set[tuple], guids: Set[str]) -> list[Claim]:
    """Return claims in which no two give one code to the same words, as tables of codings have it.

    Those that overlap become one over the words of all, with all memos; where each of them is `known` (the keys of our
    codings), they stay as they are. The GUID of one of our codings, one of `guids`, is kept.
    """
    by_code: dict[tuple, list[Claim]] = defaultdict(list)
    joined = []
    for claim in claims:
        (by_code[claim.source_id, claim.code_id] if claim.span else joined).append(claim)
    for same in by_code.values():
        for cluster in _list_clusters(sorted(same, key=lambda claim: claim.span)):
            keys = {claim.key for claim in cluster}
            joined += cluster if len(keys) == 1 or keys <= known else [_join(cluster, guids)]
    return joined


def _list_clusters(ordered: list[Claim]) -> Iterator[list[Claim]]:
    """Yield the runs of claims that overlap."""
    cluster, end = [], 0
    for claim in ordered:
        if cluster and claim.span[0] >= end:
            yield cluster
            cluster = []
        end = max(end, claim.span[1]) if cluster else claim.span[1]
        cluster.append(claim)
    if cluster:
        yield cluster


def _join(cluster: list[Claim], guids: Set[str]) -> Claim:
    first = next((claim for claim in cluster if claim.guid in guids), cluster[0])
    span = (cluster[0].span[0], max(claim.span[1] for claim in cluster))
    memo = "\n".join(dict.fromkeys(claim.memo for claim in cluster if claim.memo))
    return replace(first, span=span, memo=memo)
