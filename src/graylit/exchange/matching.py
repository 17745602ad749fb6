"""Match the coders, sources, codes and positions of a project coded elsewhere to those of this review."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.anchors.folding import fold_case, fold_typography
from graylit.anchors.locating import resolve_anchor
from graylit.anchors.places import Place
from graylit.exchange.refi import BOM, make_guid, name_codes, name_source
from graylit.exchange.refi_reading import ImportedCode, ImportedCoding, Project
from graylit.languages.words import find_words
from graylit.study.state import follow_code
from graylit.tables.faults import Fault, InputError
from graylit.tables.names import fold_name
from graylit.tables.rows import Cells

_GUID_DIGITS = 8  # that are enough to name a user. Chosen: the first group of a GUID
_SHOWN = 40  # first characters of a quote that are compared; chosen, not measured: tools cut the names of places short


def choose_user(project: Project, coder: str, asked: str = "") -> str:
    """Return the GUID of the user whose codings are the coder's: the user asked for, of the coder's name, or the only.

    Raises InputError, naming the users there are, if no single user fits.
    """
    users = dict(project.users)
    counts = Counter(coding.user_guid for coding in project.codings)
    for guid in counts:  # some tools do not list everybody who coded
        users.setdefault(guid, guid or "(nobody named)")
    wanted = asked or coder
    same = [guid for guid, name in users.items() if fold_name(name) == fold_name(wanted) or _is_guid(guid, wanted)]
    for found in (same, [guid for guid in same if counts[guid]]):
        if len(found) == 1:
            return found[0]
    for only in (list(users), list(counts)):
        if not asked and not same and len(only) == 1:
            return only[0]
    names = Counter(map(fold_name, users.values()))
    described = [
        f"{name!r} ({counts[guid]} codings{f', GUID {guid}' if names[fold_name(name)] > 1 else ''})"
        for guid, name in users.items()
    ]
    problem = f"has {len(same)} users of this name; its users are {', '.join(described) or 'nobody'}"
    remedy = 'say whose codings are meant: --user "name" (or the GUID or its first 8 digits, if names repeat)'
    raise InputError([Fault(project.file, problem, "one user", remedy, value=wanted)])


def _is_guid(guid: str, asked: str) -> bool:
    """Return whether a GUID was asked for, as a whole or by its first digits."""
    start = asked.strip(" {}").lower()
    return len(start) >= _GUID_DIGITS and guid.startswith(start)


def match_sources(project: Project, sources: Iterable[Cells], texts: Mapping[str, str]) -> dict[str, str]:
    """Return our source_id by the GUID of their source: by our GUID, else the same text, else the name."""
    sources = list(sources)
    by_guid = {make_guid("source", row["source_id"]): row["source_id"] for row in sources}
    by_text = _index_unique((text.rstrip(), source_id) for source_id, text in texts.items())
    by_name = _index_unique((fold_name(name), row["source_id"]) for row in sources for name in _names_of(row))
    found = {}
    for source in project.sources.values():
        text = normalize_text(source.raw or "").rstrip()
        last = re.split(r"[\\/]", source.name)[-1]  # of a name with folders before it
        stems = [re.sub(r"\.\w{1,5}$", "", name) for name in (source.name, last)]
        names = map(fold_name, (source.name, stems[0], last, stems[1]))
        matches = [by_guid.get(source.guid), by_text.get(text) if text else None, *map(by_name.get, names)]
        if source_id := next(filter(None, matches), None):
            found[source.guid] = source_id
    return found


def _names_of(row: Cells) -> set[str]:
    return {name_source(row), row["title"], row["source_id"], row["url"]}


def _index_unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return pairs as a dict, without the keys that have several values."""
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: values.pop() for key, values in found.items() if len(values) == 1}


def match_codes(project: Project, codebook: Mapping[str, Cells]) -> tuple[dict[str, str], dict[str, ImportedCode]]:
    """Return our code_id by the GUID of their code (by our GUID, else the name), and the new codes by name."""
    by_guid = {make_guid("code", code_id): code_id for code_id in codebook}
    names = name_codes(codebook)
    active = {i: row for i, row in codebook.items() if row["status"] == "active"}
    by_name = {_fold(names[i]): i for i in [*sorted(set(codebook) - set(active)), *sorted(active)]}
    used = {coding.code_guid for coding in project.codings}
    usable = [code for code in project.codes.values() if code.name and (code.is_codable or code.guid in used)]
    found = {guid: follow_code(by_guid[guid], codebook) for guid in project.codes if guid in by_guid}
    new = {}
    for name, code in _name_apart(usable).items():
        if code.guid in found:
            continue
        as_path = by_name.get(_fold(code.path)) if name == code.name else None
        if code_id := as_path or by_name.get(_fold(name)):
            found[code.guid] = follow_code(code_id, codebook)
        else:
            new[name] = code
    return found, new


def _name_apart(codes: list[ImportedCode]) -> dict[str, ImportedCode]:
    """Return codes by names of their own: with the codes above if others share their name, and a number if need be."""
    n_named = Counter(_fold(code.name) for code in codes)
    found: dict[str, ImportedCode] = {}
    n_taken: Counter[str] = Counter()
    for code in codes:
        name = code.name if n_named[_fold(code.name)] == 1 else code.path
        n_taken[_fold(name)] += 1
        found[name if n_taken[_fold(name)] == 1 else f"{name} ({n_taken[_fold(name)]})"] = code
    return found


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _fold_quote(words: str) -> str:
    return fold_case(fold_typography(words)).signs


def normalize_text(raw: str) -> str:
    """Return a text without byte order mark, its lines ending in LF, as our texts are."""
    return raw.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Way:
    """A way of counting positions: the width of a byte order mark, of a CRLF, and of characters beyond the basic plane.

    The standard counts code points of the text as it is. Tools differ on whether a byte order mark counts, whether a
    CRLF is two characters (ATLAS.ti counts one), and whether a rare character is two (as in UTF-16).
    """

    mark: int
    line_end: int
    rare: int


@dataclass(frozen=True)
class Scale:
    """The positions of one text as a tool counts them: where each of our characters starts, and the end."""

    starts: Sequence[int]

    @property
    def end(self) -> int:
        """Return the last position of the text as the tool counts."""
        return self.starts[-1]

    def find(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return our characters for a start and an end as the tool counts them; neither may lie beyond the text."""
        start, end = span
        return bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)


def make_scale(raw: str, way: Way) -> Scale:
    """Return the positions of a text as it is in the file, counted in one way."""
    if not _is_ambiguous(raw):
        return Scale(range(len(raw) + 1))
    body = raw.removeprefix(BOM)
    starts = [way.mark if raw.startswith(BOM) else 0]
    for part in re.findall(r"\r\n|[\s\S]", body) if "\r" in body else body:
        starts.append(starts[-1] + (way.line_end if part == "\r\n" else way.rare if part > "\uffff" else 1))
    return Scale(starts)


def choose_way(project: Project) -> Way:
    """Return the way of counting that fits a project: all positions inside, places as quoted, no words cut."""
    ends = (1, 2) if "ATLAS" in project.origin.upper() else (2, 1)
    ways = [Way(mark, end, rare) for rare in (1, 2) for mark in (0, 1) for end in ends]
    scores: Counter[tuple[Way, int]] = Counter()
    by_source: dict[str, list[ImportedCoding]] = {}
    for coding in project.codings:
        if coding.span:
            by_source.setdefault(coding.source_guid, []).append(coding)
    for source in project.sources.values():
        if source.guid in by_source and source.raw and _is_ambiguous(source.raw):
            for way in ways:
                for i, n in enumerate(_judge_way(way, source.raw, by_source[source.guid])):
                    scores[way, i] += n
    return max(ways, key=lambda way: [scores[way, i] for i in range(3)])


def _is_ambiguous(raw: str) -> bool:
    return raw.startswith(BOM) or "\r\n" in raw or max(raw, default="") > "\uffff"


def _judge_way(way: Way, raw: str, codings: list[ImportedCoding]) -> tuple[int, int, int]:
    """Return how many places lie inside the text, start with the words quoted, and are edged like words."""
    scale, text = make_scale(raw, way), normalize_text(raw)
    inside = {place for start, end in find_words(text) for place in range(start + 1, end)}
    n_inside = n_quoted = n_edges = 0
    for coding in codings:
        if coding.span is None or max(coding.span) > scale.end:
            continue
        start, end = scale.find(coding.span)
        n_inside += 1
        quote = _fold_quote(coding.quote)[:_SHOWN].rstrip(".")
        n_quoted += bool(quote) and _fold_quote(text[start:end]).startswith(quote)
        # A place that cuts no word and takes no space along is one that a person chose.
        n_edges += start not in inside and not text[start : start + 1].isspace()
        n_edges += end not in inside and not text[end - 1 : end].isspace()
    return n_inside, n_quoted, n_edges


def place_coding(span: tuple[int, int], theirs: Words, ours: Words) -> Place:
    """Return where the words of a span of their text stand in our text, or an orphan."""
    return resolve_anchor(ours, *span, take_fingerprint(theirs, *span))
