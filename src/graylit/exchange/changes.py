"""What an import would change: a coder's codings in force held against those of a project from elsewhere."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from graylit.anchors.fingerprints import Words, parse_fingerprint
from graylit.anchors.locating import resolve_anchor
from graylit.exchange.claims import Claim, Claims, Span, join_overlapping, store_words
from graylit.exchange.refi import make_guid
from graylit.study.state import follow_code
from graylit.study.writing import fill_place
from graylit.tables.rows import Cells, Row

KINDS_OF_CHANGE = ("added", "moved", "recoded", "noted", "removed")  # noted: another memo


@dataclass(frozen=True)
class Own:
    """A coding of ours in force; `is_hidden` where its words are not in the text now, so that no tool was shown it."""

    row: Cells
    span: Span
    code_id: str
    is_hidden: bool = False

    @property
    def key(self) -> tuple[str, Span, str]:
        """Return what makes two codings the same one."""
        return self.row["source_id"], self.span, self.code_id


@dataclass(frozen=True)
class Change:
    """One change: a new coding (no `own`), another form of one of ours, or its removal (no `claim`)."""

    kind: str
    claim: Claim | None
    own: Own | None


@dataclass
class Difference:
    """All changes in the order of the text, how many codings stay as they are, and how many are kept, by reason."""

    changes: list[Change] = field(default_factory=list)
    n_same: int = 0
    kept: Counter[str] = field(default_factory=Counter)

    def count(self) -> dict[str, int]:
        """Return the number of changes of each kind."""
        counts = Counter(change.kind for change in self.changes)
        return {kind: counts[kind] for kind in KINDS_OF_CHANGE}


def list_own(rows: Iterable[Cells], texts: Mapping[str, Words], codebook: Mapping[str, Cells]) -> list[Own]:
    """Return a coder's codings in force (`rows`) where they are now."""
    return [_place_own(row, texts.get(row["source_id"]), codebook) for row in rows]


def _place_own(row: Cells, words: Words | None, codebook: Mapping[str, Cells]) -> Own:
    code_id = follow_code(row["code_id"], codebook)
    if not row["start"]:
        return Own(row, None, code_id)
    span = (int(row["start"]), int(row["end"]))
    if words is None:
        return Own(row, span, code_id, is_hidden=True)
    if not row["fingerprint"]:
        return Own(row, span, code_id, is_hidden=span[1] > len(words.text))
    mark = parse_fingerprint(row["exact_sha256"], row["normal_sha256"], row["fingerprint"])
    place = resolve_anchor(words, *span, mark)
    return Own(row, span if place.start is None else (place.start, place.end), code_id, place.start is None)


def compare_codings(owns: list[Own], claims: Claims) -> Difference:
    """Return what would change if the claims took the place of our codings in the sources that the project holds."""
    joined = join_overlapping(claims.placed, {own.key for own in owns}, {_guid_of(own)[0] for own in owns})
    matcher = _Matcher(list(owns), joined)
    pairs = matcher.pair_all()
    difference = Difference()
    difference.kept["joined with another that gives the same code to some of its words"] = len(claims.placed) - len(
        joined
    )
    for own, claim in pairs:
        kind = _name_change(own, claim)
        if kind:
            difference.changes.append(Change(kind, claim, own))
        else:
            difference.n_same += 1
    known = {claim.key for _, claim in pairs}
    difference.kept["the same code at the same place again"] += sum(claim.key in known for claim in matcher.claims)
    fresh = _merge_same(claim for claim in matcher.claims if claim.key not in known)
    difference.changes += [Change("added", claim, None) for claim in fresh]
    for own in matcher.owns:
        if reason := _why_kept(own, claims, known):
            difference.kept[reason] += 1
        else:
            difference.changes.append(Change("removed", None, own))
    difference.changes.sort(key=_order_change)
    difference.kept = +difference.kept
    return difference


def _name_change(own: Own, claim: Claim) -> str:
    if own.span != claim.span or own.is_hidden:
        return "moved"
    if own.code_id != claim.code_id:
        return "recoded"
    return "noted" if claim.memo and claim.memo != store_words(own.row["memo"]) else ""


def _why_kept(own: Own, claims: Claims, known: set[tuple]) -> str:
    """Return why a coding of ours that the project lacks is not taken for removed, '' where it is."""
    source_id = own.row["source_id"]
    if own.is_hidden:
        return "no text or orphan here, so the project never had it"
    if source_id not in claims.source_ids:
        return "in a source that the project lacks"
    if own.span is None and not claims.has_whole:
        return "of a whole source, and the project holds none of these"
    if own.key in known:
        return "the same code at the same place again"
    guid = _guid_of(own)[0]
    if any(one.guid == guid or (one.source_id, one.code_id) == own.key[::2] for one, _ in claims.lost):
        return "perhaps one of those that were not placed"
    return ""


def _merge_same(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims without repetitions, all memos of one kept."""
    merged: dict[tuple, Claim] = {}
    for claim in claims:
        first = merged.setdefault(claim.key, claim)
        if claim.memo and claim.memo not in first.memo:
            memo = "\n".join(filter(None, [first.memo, claim.memo]))
            merged[claim.key] = replace(first, memo=memo)
    return list(merged.values())


def _order_change(change: Change) -> tuple:
    source_id, span, code_id = (change.claim or change.own).key
    return source_id, span or (-1, -1), code_id, KINDS_OF_CHANGE.index(change.kind)


def _guid_of(own: Own) -> tuple[str, str]:
    return make_guid("coding", own.row["coding_id"]), own.row["source_id"]


@dataclass
class _Matcher:
    """Pairs codings of ours with claims, the surest pairs first; what is left over stays in `owns` and `claims`."""

    owns: list[Own]
    claims: list[Claim]

    def pair_all(self) -> list[tuple[Own, Claim]]:
        """Return the pairs: the same GUID; all the same; the same place; the same code at a place that overlaps."""
        pairs = self._pair_by(_guid_of, lambda claim: (claim.guid, claim.source_id))
        aside: tuple[list[Own], list[Claim]] = ([own for own in self.owns if own.is_hidden], [])
        self.owns = [own for own in self.owns if not own.is_hidden]
        pairs += self._pair_by(lambda own: (own.key, store_words(own.row["memo"])), lambda one: (one.key, one.memo))
        pairs += self._pair_by(lambda own: own.key, lambda claim: claim.key)
        known = {claim.key for _, claim in pairs}  # what repeats one of these is no other form of another coding
        aside[0].extend(own for own in self.owns if own.key in known)
        aside[1].extend(claim for claim in self.claims if claim.key in known)
        self.owns = [own for own in self.owns if own.key not in known]
        self.claims = [claim for claim in self.claims if claim.key not in known]
        pairs += self._pair_by(lambda own: own.key[:2], lambda claim: claim.key[:2])
        pairs += self._pair_overlapping()
        self.owns, self.claims = self.owns + aside[0], self.claims + aside[1]
        return pairs

    def _pair_by(
        self, key_of_own: Callable[[Own], object], key_of_claim: Callable[[Claim], object]
    ) -> list[tuple[Own, Claim]]:
        waiting: dict[object, list[Own]] = defaultdict(list)
        for own in self.owns:
            waiting[key_of_own(own)].append(own)
        left, paired = [], []
        for claim in self.claims:
            same = waiting.get(key_of_claim(claim))
            if same:
                paired.append((same.pop(0), claim))
            else:
                left.append(claim)
        taken = {id(own) for own, _ in paired}
        self.owns, self.claims = [own for own in self.owns if id(own) not in taken], left
        return paired

    def _pair_overlapping(self) -> list[tuple[Own, Claim]]:
        by_place = defaultdict(list)
        for own in self.owns:
            by_place[own.row["source_id"], own.code_id].append(own)
        shares = []
        for i, claim in enumerate(self.claims):
            for own in by_place[claim.source_id, claim.code_id]:
                if share := _share_overlap(own.span, claim.span):
                    shares.append((-share, i, own.row["coding_id"], own))
        pairs: dict[int, Own] = {}
        taken: set[str] = set()
        for _, i, coding_id, own in sorted(shares, key=lambda one: one[:3]):
            if i not in pairs and coding_id not in taken:
                pairs[i] = own
                taken.add(coding_id)
        found = [(own, self.claims[i]) for i, own in pairs.items()]
        self.owns = [own for own in self.owns if own.row["coding_id"] not in taken]
        self.claims = [claim for i, claim in enumerate(self.claims) if i not in pairs]
        return found


def _share_overlap(one: Span, other: Span) -> float:
    if one is None or other is None:
        return 0.0
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, common) / (max(one[1], other[1]) - min(one[0], other[0]))


def write_row(change: Change, coding_id: str, texts: Mapping[str, Words], now: str, why_removed: str) -> Row:
    """Return the row that brings a change about, to be added at the end of the coder's table."""
    own, claim = change.own, change.claim
    row = {"coding_id": coding_id, "source_id": (claim or own).key[0]}
    if own:
        row |= {"replaces": own.row["coding_id"], "round": own.row["round"], "coded_at": now}
    if claim is None:
        return row | {"memo": why_removed}
    row |= {"code_id": claim.code_id, "memo": claim.memo or (own.row["memo"] if own else "")}
    row |= {"confidence": own.row["confidence"]} if own and change.kind != "recoded" else {}
    row |= {} if own else {"coded_at": read_time(claim.created, now)}
    return fill_place(row, claim.span, texts[claim.source_id]) if claim.span else row


def read_time(given: str, now: str) -> str:
    """Return a time that a tool wrote as one in UTC; `now` where it cannot be read or lies ahead."""
    try:
        time = datetime.datetime.fromisoformat(given.strip())
        time = time.replace(tzinfo=time.tzinfo or datetime.UTC).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return now
    if time.year < 1970:
        return now
    return min(now, time.strftime("%Y-%m-%dT%H:%M:%SZ"))
