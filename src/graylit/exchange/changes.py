"""Compare a coder's codings in force with those of a project from elsewhere, and say what an import would change."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graylit.anchors.fingerprints import Words
from graylit.exchange.claims import Claim, Claims, Key, join_overlapping
from graylit.exchange.pairing import Matcher, OwnCoding, guid_of
from graylit.study.writing import fill_place
from graylit.tables.rows import Row, store_words

KINDS_OF_CHANGE = ("added", "moved", "recoded", "noted", "removed")  # noted: another memo


@dataclass(frozen=True)
class CodingChange:
    """One change: a new coding (no `own`), another form of one of ours, or its removal (no `claim`)."""

    kind: str
    claim: Claim | None
    own: OwnCoding | None

    @property
    def key(self) -> Key:
        """Return source, place and code: of the claim, or of the coding that is removed."""
        coding = self.claim or self.own
        if coding is None:
            raise ValueError("a change is about a claim, a coding of ours, or both")
        return coding.key


@dataclass
class Difference:
    """All changes in the order of the text, how many codings stay as they are, and how many are kept, by reason."""

    changes: list[CodingChange] = field(default_factory=list)
    n_same: int = 0
    kept: Counter[str] = field(default_factory=Counter)

    def count(self) -> dict[str, int]:
        """Return the number of changes of each kind."""
        counts = Counter(change.kind for change in self.changes)
        return {kind: counts[kind] for kind in KINDS_OF_CHANGE}


def compare_codings(owns: list[OwnCoding], claims: Claims) -> Difference:
    """Return what changes if the claims replace our codings in the sources that the project holds."""
    joined = join_overlapping(claims.placed, {own.key for own in owns}, {guid_of(own)[0] for own in owns})
    matcher = Matcher(list(owns), joined)
    pairs = matcher.pair_all()
    difference = Difference()
    difference.kept["joined with another that gives the same code to some of its words"] = len(claims.placed) - len(
        joined
    )
    for own, claim in pairs:
        kind = _name_change(own, claim)
        if kind:
            difference.changes.append(CodingChange(kind, claim, own))
        else:
            difference.n_same += 1
    known = {claim.key for _, claim in pairs}
    difference.kept["the same code at the same place again"] += sum(claim.key in known for claim in matcher.claims)
    fresh = _merge_same(claim for claim in matcher.claims if claim.key not in known)
    difference.changes += [CodingChange("added", claim, None) for claim in fresh]
    for own in matcher.owns:
        if reason := _why_kept(own, claims, known):
            difference.kept[reason] += 1
        else:
            difference.changes.append(CodingChange("removed", None, own))
    difference.changes.sort(key=_order_change)
    difference.kept = +difference.kept
    return difference


def _name_change(own: OwnCoding, claim: Claim) -> str:
    if own.span != claim.span or own.is_hidden:
        return "moved"
    if own.code_id != claim.code_id:
        return "recoded"
    return "noted" if claim.memo and claim.memo != store_words(own.row["memo"]) else ""


def _why_kept(own: OwnCoding, claims: Claims, known: set[Key]) -> str:
    """Return why a coding of ours that the project lacks is kept, or '' if it counts as removed."""
    source_id = own.row["source_id"]
    if own.is_hidden:
        return "no text or orphan here, so the project never had it"
    if source_id not in claims.source_ids:
        return "in a source that the project lacks"
    if own.span is None and not claims.has_whole:
        return "of a whole source, and the project holds none of these"
    if own.key in known:
        return "the same code at the same place again"
    guid = guid_of(own)[0]
    if any(claim.guid == guid or (claim.source_id, claim.code_id) == own.key[::2] for claim, _ in claims.lost):
        return "perhaps one of those that were not placed"
    return ""


def _merge_same(claims: Iterable[Claim]) -> list[Claim]:
    """Return each claim once, with the memos of its repetitions."""
    merged: dict[Key, Claim] = {}
    for claim in claims:
        first = merged.setdefault(claim.key, claim)
        if claim.memo and claim.memo not in first.memo:
            memo = "\n".join(filter(None, [first.memo, claim.memo]))
            merged[claim.key] = replace(first, memo=memo)
    return list(merged.values())


def _order_change(change: CodingChange) -> tuple[str, tuple[int, int], str, int]:
    source_id, span, code_id = change.key
    return source_id, span or (-1, -1), code_id, KINDS_OF_CHANGE.index(change.kind)


def write_row(change: CodingChange, coding_id: str, texts: Mapping[str, Words], now: str, why_removed: str) -> Row:
    """Return the row that makes a change when it is added at the end of the coder's table."""
    own, claim = change.own, change.claim
    row = {"coding_id": coding_id, "source_id": change.key[0]}
    if own:
        row |= {"replaces": own.row["coding_id"], "round": own.row["round"], "coded_at": now}
    if claim is None:
        return row | {"memo": why_removed}
    row |= {"code_id": claim.code_id, "memo": claim.memo or (own.row["memo"] if own else "")}
    row |= {"confidence": own.row["confidence"]} if own and change.kind != "recoded" else {}
    row |= {} if own else {"coded_at": read_time(claim.created, now)}
    return fill_place(row, claim.span, texts[claim.source_id]) if claim.span else row


def read_time(written: str, now: str) -> str:
    """Return a time that a tool wrote, in UTC; `now` if it cannot be read or lies ahead."""
    try:
        time = datetime.datetime.fromisoformat(written.strip())
        time = time.replace(tzinfo=time.tzinfo or datetime.UTC).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return now
    if time.year < 1970:
        return now
    return min(now, time.strftime("%Y-%m-%dT%H:%M:%SZ"))
