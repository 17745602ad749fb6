"""Pair a coder's codings in force with those of a project from elsewhere, the surest pairs first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graylit.anchors.fingerprints import Words, parse_fingerprint
from graylit.anchors.locating import resolve_anchor
from graylit.exchange.claims import Claim, Key, Span
from graylit.exchange.refi import make_guid
from graylit.study.state import follow_code
from graylit.tables.rows import Cells, store_words


@dataclass(frozen=True)
class OwnCoding:
    """A coding of ours in force; `is_hidden` if its words are not in the text now, so that no tool was shown it."""

    row: Cells
    span: Span
    code_id: str
    is_hidden: bool = False

    @property
    def key(self) -> Key:
        """Return what makes two codings the same one."""
        return self.row["source_id"], self.span, self.code_id


def list_own(rows: Iterable[Cells], texts: Mapping[str, Words], codebook: Mapping[str, Cells]) -> list[OwnCoding]:
    """Return a coder's codings in force (`rows`) at their places in the texts of now."""
    return [_place_own(row, texts.get(row["source_id"]), codebook) for row in rows]


def _place_own(row: Cells, words: Words | None, codebook: Mapping[str, Cells]) -> OwnCoding:
    code_id = follow_code(row["code_id"], codebook)
    if not row["start"]:
        return OwnCoding(row, None, code_id)
    span = (int(row["start"]), int(row["end"]))
    if words is None:
        return OwnCoding(row, span, code_id, is_hidden=True)
    if not row["fingerprint"]:
        return OwnCoding(row, span, code_id, is_hidden=span[1] > len(words.text))
    mark = parse_fingerprint(row["exact_sha256"], row["normal_sha256"], row["fingerprint"])
    place = resolve_anchor(words, *span, mark)
    return OwnCoding(row, place.span or span, code_id, is_hidden=place.span is None)


def guid_of(own: OwnCoding) -> tuple[str, str]:
    """Return the GUID of a coding of ours in a project, and its source."""
    return make_guid("coding", own.row["coding_id"]), own.row["source_id"]


def _key_and_memo(own: OwnCoding) -> tuple[Key, str]:
    return own.key, store_words(own.row["memo"])


@dataclass
class Matcher:
    """Pairs codings of ours with claims, the surest pairs first; those without a pair stay in `owns` and `claims`."""

    owns: list[OwnCoding]
    claims: list[Claim]

    def pair_all(self) -> list[tuple[OwnCoding, Claim]]:
        """Return the pairs: the same GUID; all the same; the same place; the same code at a place that overlaps."""
        pairs = self._pair_by(guid_of, lambda claim: (claim.guid, claim.source_id))
        aside: tuple[list[OwnCoding], list[Claim]] = ([own for own in self.owns if own.is_hidden], [])
        self.owns = [own for own in self.owns if not own.is_hidden]
        pairs += self._pair_by(_key_and_memo, lambda claim: (claim.key, claim.memo))
        pairs += self._pair_by(lambda own: own.key, lambda claim: claim.key)
        known = {claim.key for _, claim in pairs}  # a repetition of one of these is no other form of another coding
        aside[0].extend(own for own in self.owns if own.key in known)
        aside[1].extend(claim for claim in self.claims if claim.key in known)
        self.owns = [own for own in self.owns if own.key not in known]
        self.claims = [claim for claim in self.claims if claim.key not in known]
        pairs += self._pair_by(lambda own: own.key[:2], lambda claim: claim.key[:2])
        pairs += self._pair_overlapping()
        self.owns, self.claims = self.owns + aside[0], self.claims + aside[1]
        return pairs

    def _pair_by(
        self, key_of_own: Callable[[OwnCoding], object], key_of_claim: Callable[[Claim], object]
    ) -> list[tuple[OwnCoding, Claim]]:
        waiting: dict[object, list[OwnCoding]] = defaultdict(list)
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

    def _pair_overlapping(self) -> list[tuple[OwnCoding, Claim]]:
        by_place = defaultdict(list)
        for own in self.owns:
            by_place[own.row["source_id"], own.code_id].append(own)
        shares = []
        for i, claim in enumerate(self.claims):
            for own in by_place[claim.source_id, claim.code_id]:
                if share := _share_overlap(own.span, claim.span):
                    shares.append((-share, i, own.row["coding_id"], own))
        pairs: dict[int, OwnCoding] = {}
        taken: set[str] = set()
        for _, i, coding_id, own in sorted(shares, key=lambda share: share[:3]):
            if i not in pairs and coding_id not in taken:
                pairs[i] = own
                taken.add(coding_id)
        found = [(own, self.claims[i]) for i, own in pairs.items()]
        self.owns = [own for own in self.owns if own.row["coding_id"] not in taken]
        self.claims = [claim for i, claim in enumerate(self.claims) if i not in pairs]
        return found


def _share_overlap(ours: Span, theirs: Span) -> float:
    """Return the share of the characters of two places that lie in both."""
    if ours is None or theirs is None:
        return 0.0
    common = min(ours[1], theirs[1]) - max(ours[0], theirs[0])
    return max(0, common) / (max(ours[1], theirs[1]) - min(ours[0], theirs[0]))
