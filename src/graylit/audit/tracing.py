"""The way from guidelines to the words they come from: code, coding, place, text, capture, URL; each link checked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from graylit.anchors.fingerprints import digest_exact
from graylit.captures.choosing import choose_pages, digest_pages
from graylit.captures.groups import read_capture
from graylit.captures.warcs import digest_body
from graylit.pages.wording import count_things, count_who, tell_share
from graylit.preparation.post_places import describe_post
from graylit.study.frozen import FOLDER
from graylit.study.state import current_codings, rows_in_force
from graylit.study.study import Study, read_captures
from graylit.tables.claims import CLAIM_EVIDENCE
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.locating import EXACT, LOST, UNCHECKED, WHOLE, WITHOUT_TEXT
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TEXTS
from graylit.tables.reading import name_remedy, require_made
from graylit.tables.synthesis import EVIDENCE

N_SHOWN = 5  # of the ids that make the tables old; chosen, not measured: enough to find the change by
POST_OF = ("segment_id", "post", "post_role")
MADE = ("evidence.csv", "located_codings.csv", "texts.csv")


@dataclass(frozen=True)
class Link:
    """One coding's way to its page, in words, with what is broken in it ('' if nothing is).

    If `is_frozen`, the way ends in the frozen corpus: the place is known, the words are not at hand.
    """

    coding_id: str
    words: str
    fault: str
    is_frozen: bool = False
    unchecked: str = ""  # why its words could not be looked for here


class Tracer:
    """A study's made tables and texts, asked for the way of single codings; each text and capture is checked once."""

    def __init__(self, folder: Path, study: Study) -> None:
        processed = folder / "data/processed"
        self.folder = folder
        evidence, located, texts = (require_made(processed / name) for name in MADE)
        self.evidence = EVIDENCE.read(evidence)
        pairs = processed / "claim_evidence.csv"
        self.pairs = list(CLAIM_EVIDENCE.read_each(pairs)) if pairs.exists() and study.claims.cells else []
        self.located = LOCATED_CODINGS.read(located).set_index("coding_id").to_dict("index")
        self.texts = {row["source_id"]: row for row in TEXTS.read_each(texts)}
        segments = processed / "segments.csv"
        rows = SEGMENTS.read_each(segments, POST_OF) if segments.exists() else ()
        self.posts = {row["segment_id"]: f" ({describe_post(row)})" for row in rows if row["post"]}
        self.urls = {row["source_id"]: row["url"] for row in study.sources.cells}
        self.own_rows = {
            row["coding_id"]: row for rows in study.codings.values() for row in current_codings(rows.cells)
        }
        frozen = folder / FOLDER / "texts.csv"
        frozen_rows = FROZEN_TEXTS.read_each(frozen) if frozen.exists() else []
        self.frozen = {row["source_id"]: row for row in frozen_rows}
        self.captures = choose_pages(study.sources.cells, read_captures(folder / "data/raw/captures.csv"))
        self._sources: dict[str, tuple[str | None, str, str]] = {}
        self._require_fresh(evidence, collect_names(study))

    def _require_fresh(self, path: Path, names: Mapping[str, str]) -> None:
        """Raise InputError if the evidence names what the study or the other made tables do not know (any more)."""
        known = {
            "guideline_id": names.keys(),
            "theme_id": names.keys(),
            "code_id": names.keys(),
            "coding_id": self.located.keys() & self.own_rows.keys(),
            "source_id": self.texts.keys() & self.urls.keys(),
        }
        unknown = sorted(set().union(*(set(self.evidence[column]) - ids for column, ids in known.items())))
        if unknown:
            problem = f"is older than what people wrote ({', '.join(unknown[:N_SHOWN])})"
            raise InputError([Fault(str(path), problem, "the state of now", name_remedy())])

    def follow(self, coding_id: str) -> Link:
        """Return the way of a coding, from its place to the URL."""
        place = self.located[coding_id]
        text, shown, fault = self._source(place["source_id"])
        words = f"{coding_id} {place['source_id']} {place['segment_id']}{self.posts.get(place['segment_id'], '')}"
        if place["method"] in WHOLE:
            return Link(coding_id, f"{words} whole source → {self.urls[place['source_id']]}", "")
        if place["method"] in WITHOUT_TEXT:
            return Link(coding_id, words, "", unchecked="its source has no text here")
        if place["method"] in LOST:
            return Link(coding_id, words, f"its words were not found in the text ({place['method']})")
        start, end = int(place["start"]), int(place["end"])
        words += f" {start}-{end} ({place['method'].replace('_', ' ')}) → {shown}"
        if place["method"] in UNCHECKED:
            return Link(coding_id, words, fault, unchecked=place["note"] or "it has no digest of its words")
        is_exact = place["method"] in EXACT
        if text is None:
            return Link(coding_id, words, fault, is_frozen=True)
        if not fault and is_exact and digest_exact(text[start:end]) != self.own_rows[coding_id]["exact_sha256"]:
            fault = "other words stand at its place"
        return Link(coding_id, words, fault)

    def _source(self, source_id: str) -> tuple[str | None, str, str]:
        """Return (text, the rest of the way for people, what is broken) of a source; None for a frozen text."""
        if source_id not in self._sources:
            self._sources[source_id] = self._check_source(source_id, self.texts[source_id])
        return self._sources[source_id]

    def _check_source(self, source_id: str, row: Mapping[str, str]) -> tuple[str | None, str, str]:
        path = self.folder / "data/processed/texts" / f"{source_id}.txt"
        frozen = self.frozen.get(source_id, {})
        if not path.exists() and frozen.get("text_sha256") == row["text_sha256"] != "":
            shown = (
                f"frozen text {row['text_sha256'][:8]} → capture {row['capture_sha256'][:8]} of {row['captured_at']}"
            )
            return None, f"{shown} (not at hand) → {self.urls[source_id]}", ""
        content = path.read_bytes() if path.exists() else b""
        captures = self.captures.get(source_id, [{}])
        places = [(row.get("warc_file", ""), row.get("warc_offset", "")) for row in captures]
        found = ", ".join(f"{file} at {offset}" for file, offset in places)
        url = self.urls[source_id]
        shown = f"text {row['text_sha256'][:8]} → capture {row['capture_sha256'][:8]} ({found}) → {url}"
        fault = ""
        if hashlib.sha256(content).hexdigest() != row["text_sha256"]:
            fault = f"the text of {source_id} is not the one that was made"
        elif not all(file and (self.folder / "data/raw" / file).exists() for file, _ in places):
            fault = f"the capture of {source_id} is not in data/raw"
        elif self._digest_captures(captures) != row["capture_sha256"]:
            fault = f"the capture of {source_id} does not have the digest it had"
        return content.decode("utf-8"), shown, fault

    def _digest_captures(self, captures: list[Mapping[str, str]]) -> str:
        """Return the digest of the bodies as they are now; '' if one is damaged."""
        try:
            bodies = [read_capture(capture, self.folder / "data/raw").body for capture in captures]
        except InputError:
            return ""
        return digest_pages([digest_body(body) for body in bodies])


def select_evidence(evidence: pd.DataFrame, asked: str) -> pd.DataFrame:
    """Return the evidence of a guideline, code or coding; all of it if nothing is asked for."""
    if not asked:
        return evidence
    named = [evidence[name] == asked for name in ("guideline_id", "theme_id", "code_id", "coding_id", "source_id")]
    return evidence[pd.concat(named, axis=1).any(axis=1)]


def describe_chain(rows: pd.DataFrame, links: Mapping[str, Link], names: Mapping[str, str]) -> str:
    """Return the chains as an indented outline, broken links marked."""
    lines = []
    for guideline_id, of_guideline in rows.groupby("guideline_id"):
        lines.append(f"{guideline_id} {names[str(guideline_id)]}")
        for (theme_id, code_id), of_code in of_guideline.groupby(["theme_id", "code_id"]):
            lines.append(f"  {theme_id} {names[str(theme_id)]} → {code_id} {names[str(code_id)]}")
            for coding_id in of_code["coding_id"]:
                link = links[coding_id]
                lines.append(f"    {link.words}{mark_link(link)}")
    return "\n".join(lines)


def mark_link(link: Link) -> str:
    """Return what is wrong with a link, to be put behind its words; '' if nothing is."""
    if link.fault:
        return f"  BROKEN: {link.fault}"
    return f"  NOT CHECKED: {link.unchecked}" if link.unchecked else ""


def summarize_links(rows: pd.DataFrame, links: Mapping[str, Link]) -> str:
    """Return how many codings lead to their words, how many to a place only, and how many could not be checked."""
    if not links:
        return "No guideline rests on a coding yet, so there is nothing to trace."
    sound = [link for link in links.values() if not link.fault]
    n_unchecked = sum(bool(link.unchecked) for link in sound)
    n_frozen = sum(link.is_frozen for link in sound)
    n_found = len(sound) - n_unchecked
    share = 100 * n_found / len(links)
    n_read, ends = n_found - n_frozen, []
    if n_read or not sound:
        ends.append(f"{count_who(n_read, 'leads to its', 'lead to their')} words in an archived page")
    ends += [f"{count_who(n_frozen, 'to its', 'to their')} place in the frozen corpus"] if n_frozen else []
    ends += [f"{n_unchecked:,} could not be checked here"] if n_unchecked else []
    n_guidelines, n_sources = rows["guideline_id"].nunique(), rows["source_id"].nunique()
    counts = [count_things(n_guidelines, "guideline"), f"{count_things(len(links), 'coding')} in"]
    return f"{', '.join(counts)} {count_things(n_sources, 'source')}: {', '.join(ends)} ({share:.4g} %)"


def name_unsupported(study: Study, evidence: pd.DataFrame) -> str:
    """Return the guidelines in force on which no evidence bears, in words; '' if there are none."""
    in_force = rows_in_force(study.guidelines.cells, "guideline_id")
    without = [guideline_id for guideline_id in in_force if guideline_id not in set(evidence["guideline_id"])]
    share = tell_share(len(without), len(in_force), "guideline", "has", "have")
    return f"{share} no evidence: {', '.join(without)}" if without else ""


def explain_lack(asked: str, study: Study, tracer: Tracer) -> str:
    """Return why nothing is shown for an id that has no evidence."""
    kinds = list_kinds(study)
    if asked not in kinds:
        return f"There is no {asked} in this study{suggest_name(asked, kinds)}."
    has_codings = any(asked in (row["source_id"], row["code_id"]) for row in tracer.located.values())
    if kinds[asked] in ("coding", "theme") or has_codings:
        return f"{asked} is a {kinds[asked]}, but no guideline rests on it."
    return f"{asked} is a {kinds[asked]} without codings."


def list_kinds(study: Study) -> dict[str, str]:
    """Return what each id of the study stands for, in words."""
    of_kinds = {
        "source": [row["source_id"] for row in study.sources.cells],
        "coding": [row["coding_id"] for rows in study.codings.values() for row in rows.cells],
        "code": [row["code_id"] for row in study.codebook.cells],
        "theme": [row["theme_id"] for row in study.themes.cells],
        "guideline": [row["guideline_id"] for row in study.guidelines.cells],
        "claim": [row["claim_id"] for row in study.claims.cells],
    }
    return {asked: kind for kind, ids in of_kinds.items() for asked in ids}


def collect_names(study: Study) -> dict[str, str]:
    """Return the names of guidelines, themes and codes by id; the latest row's."""
    tables = ((study.codebook, "code_id"), (study.themes, "theme_id"), (study.guidelines, "guideline_id"))
    return {cells[column]: cells["name"] for rows, column in tables for cells in rows.cells}
