"""Bring the codings of a project from elsewhere into our terms; name those that could not be placed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from graylit.anchors.fingerprints import Words
from graylit.exchange.matching import Scale, Way, choose_way, make_scale, normalize_text, place_coding
from graylit.exchange.refi_reading import ImportedCoding, ImportedSource, LeftOut, Project
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import store_words

Span = tuple[int, int] | None  # None is the whole source
Key = tuple[str, Span, str]  # source, place and code: what makes two codings the same one


@dataclass(frozen=True)
class Claim:
    """A coding of theirs in our terms; `span` is the place of its words in our text."""

    guid: str
    source_id: str
    span: Span
    code_id: str
    memo: str
    created: str
    method: str = "same_place"

    @property
    def key(self) -> Key:
        """Return what makes two codings the same one."""
        return self.source_id, self.span, self.code_id


@dataclass
class Claims:
    """All codings of a project: placed ones, lost ones with the reason, and those left out, with theirs."""

    placed: list[Claim] = field(default_factory=list)
    lost: list[tuple[Claim, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    source_ids: set[str] = field(default_factory=set)  # our sources that the project holds with a text to compare
    has_whole: bool = False  # whether it holds codings of whole sources, which many tools leave out

    @property
    def skipped(self) -> Counter[str]:
        """The number of those left out by reason."""
        return Counter(reason for _, reason in self.left_out)


Placed = tuple[tuple[int, int], Claim]  # a claim of some words, with their place


def read_claims(
    project: Project, user: str, source_of: Mapping[str, str], code_of: Mapping[str, str], texts: Mapping[str, str]
) -> Claims:
    """Return the codings of one user in our terms.

    Raises InputError with every position that lies beyond its text or ends before it starts.
    """
    claims = Claims(left_out=list(project.left_out))
    claims.has_whole = any(coding.span is None for coding in project.codings)
    by_source: dict[str, list[ImportedCoding]] = defaultdict(list)
    for coding in project.codings:
        by_source[coding.source_guid].append(coding)
    faults: list[Fault] = []
    way = choose_way(project)
    for source in project.sources.values():
        of_user = [coding for coding in by_source[source.guid] if coding.user_guid == user]
        others = (coding for coding in by_source[source.guid] if coding.user_guid != user)
        claims.left_out += [(coding.line, "of other users") for coding in others]
        reader = _SourceReader(source, source_of.get(source.guid, ""), code_of, claims)
        faults += reader.read_codings(of_user, texts.get(reader.source_id), way, project.file)
    if faults:
        raise InputError(faults)
    return claims


@dataclass
class _SourceReader:
    """Brings the codings of one of their sources into our terms."""

    source: ImportedSource
    source_id: str
    code_of: Mapping[str, str]
    claims: Claims

    def read_codings(self, codings: list[ImportedCoding], ours: str | None, way: Way, file: str) -> Iterator[Fault]:
        """Add one user's codings to the claims; yield the faults of their positions."""
        theirs, scale = normalize_text(self.source.raw or ""), make_scale(self.source.raw or "", way)
        if self.source_id and self.source.raw is not None:
            self.claims.source_ids.add(self.source_id)
        words: tuple[Words, Words] | None = None
        for coding in codings:
            if coding.span and self.source.raw is not None:
                faults = list(_check_place(coding.span, scale, self.source, f"{file}, line {coding.line}"))
                yield from faults
                if faults:
                    continue
            if reason := self._why_not(coding, ours):
                self.claims.left_out.append((coding.line, reason))
            elif coding.span is None or ours is None:
                self.claims.placed.append(self._claim(coding, None))
            elif theirs.rstrip() == ours.rstrip():
                self._keep_place(coding, scale.find(coding.span), len(ours))
            else:
                words = words or (Words(theirs), Words(ours))
                self._find_place(coding, scale.find(coding.span), *words)

    def _why_not(self, coding: ImportedCoding, ours: str | None) -> str:
        """Return why a coding cannot be placed, or '' if it can be tried."""
        if not self.source_id:
            return f"in {self.source.name[:60]!r}, which is no source of this study"
        if coding.span is None:
            return ""
        if self.source.raw is None:
            return self.source.why
        if coding.span[0] == coding.span[1]:
            return "at an empty place"
        return "in a source without text here" if ours is None else ""

    def _claim(self, coding: ImportedCoding, span: Span, method: str = "same_place") -> Claim:
        code_id, memo = self.code_of[coding.code_guid], store_words(coding.memo)
        return Claim(coding.guid, self.source_id, span, code_id, memo, coding.created, method)

    def _keep_place(self, coding: ImportedCoding, span: tuple[int, int], length: int) -> None:
        start, end = span[0], min(span[1], length)
        if start < end:
            self.claims.placed.append(self._claim(coding, (start, end)))
        else:
            self.claims.left_out.append((coding.line, "at an empty place"))

    def _find_place(self, coding: ImportedCoding, span: tuple[int, int], theirs: Words, ours: Words) -> None:
        place = place_coding(span, theirs, ours)
        if place.span is None:
            self.claims.lost.append((self._claim(coding, None, place.method), place.note))
        else:
            self.claims.placed.append(self._claim(coding, place.span, place.method))


def _check_place(span: tuple[int, int], scale: Scale, source: ImportedSource, line: str) -> Iterator[Fault]:
    """Yield the faults of a coding's positions; `line` says where in the file it stands."""
    remedy = "correct or remove the coding in the tool that wrote it, and export again"
    for name, position in zip(("startPosition", "endPosition"), span, strict=True):
        if position > scale.end:
            problem = f"lies beyond the text of {source.name[:60]!r}, which has {scale.end} characters"
            yield Fault(f"{line}, {name}", problem, f"at most {scale.end}", remedy, value=str(position))
    start, end = span
    if start > end:
        yield Fault(f"{line}, endPosition", "is before startPosition", f"at least {start}", remedy, value=str(end))


def join_overlapping(claims: Iterable[Claim], known: Set[Key], guids: Set[str]) -> list[Claim]:
    """Return claims of which no two give one code to the same words, as a coder's table demands.

    Claims that overlap become one over the words of all, with all memos. They stay apart if each of them is `known`
    (the keys of our codings). The GUID of one of our codings, one of `guids`, is kept.
    """
    by_code: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    joined: list[Claim] = []
    for claim in claims:
        if claim.span:
            by_code[claim.source_id, claim.code_id].append((claim.span, claim))
        else:
            joined.append(claim)
    for same in by_code.values():
        for cluster in _list_clusters(sorted(same, key=lambda placed: placed[0])):
            keys = {claim.key for _, claim in cluster}
            is_kept = len(keys) == 1 or keys <= known
            joined += [claim for _, claim in cluster] if is_kept else [_join(cluster, guids)]
    return joined


def _list_clusters(ordered: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Yield the runs of claims that overlap; `ordered` are claims with their places, in the order of the text."""
    cluster: list[Placed] = []
    last = 0
    for (start, end), claim in ordered:
        if cluster and start >= last:
            yield cluster
            cluster = []
        last = max(last, end) if cluster else end
        cluster.append(((start, end), claim))
    if cluster:
        yield cluster


def _join(cluster: Sequence[Placed], guids: Set[str]) -> Claim:
    claims = [claim for _, claim in cluster]
    first = next((claim for claim in claims if claim.guid in guids), claims[0])
    span = (cluster[0][0][0], max(end for (_, end), _ in cluster))
    memo = "\n".join(dict.fromkeys(claim.memo for claim in claims if claim.memo))
    return replace(first, span=span, memo=memo)
