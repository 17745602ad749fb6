"""Numbers of the search, the screening, the sources and their appraisal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graylit.pages.number_forms import Number, count, join_name, list_set, measure
from graylit.report import counts
from graylit.report.appraising import name_points, read_found, read_items
from graylit.report.frames import Frames
from graylit.report.numbers.measures import list_agreement
from graylit.study.appraisals import Appraisals
from graylit.tables.appraisal import ALL_ITEMS
from graylit.tables.numbers import DECIMAL
from graylit.tables.rows import list_rows

DECISIONS = {"include": "included", "exclude": "excluded", "duplicate": "duplicate", "open": "open"}


def list_numbers(frames: Frames) -> Iterator[Number]:
    """Yield the numbers of what was found: searches, candidates, sources, texts and scores."""
    yield from _list_candidates(frames)
    yield from _list_sources(frames)
    yield from _list_scores(frames)


def _list_candidates(frames: Frames) -> Iterator[Number]:
    decisions, agreement = frames["screening_decisions"], frames["screening_agreement"]
    yield count("searches", len(frames["searches"]), "searches in the log")
    yield count("hits", len(frames["hits"]), "recorded hits of searches")
    yield count("candidates", len(decisions), "candidates")
    yield count("candidates.screened", sum(counts.count_screeners(frames).values()), "candidates that were screened")
    for decision, name in DECISIONS.items():
        n = (decisions["decision"] == decision).sum()
        yield count(f"candidates.{name}", n, f"candidates whose decision is {decision}")
    excluded = Counter(decisions.loc[decisions["decision"] == "exclude", "criterion_id"])
    for criterion_id, n in sorted(excluded.items()):
        yield count(f"candidates.excluded.{criterion_id}", n, f"candidates excluded by criterion {criterion_id}")
    last = agreement[agreement["round"] == agreement["round"].max()]
    yield count("screeners", last["n_screeners"].max() if len(last) else 0, "screeners compared in their last round")
    yield from list_agreement(last, "screening", "screeners", "agreement of screeners in their last round")


def _list_sources(frames: Frames) -> Iterator[Number]:
    sources, texts = frames["sources"], counts.list_texts(frames)
    coded, readers = counts.list_coded(frames), counts.count_readers(frames)
    yield count("sources", len(sources), "sources")
    yield count("publishers", counts.count_publishers(frames), "publishers of the sources")
    yield count("publisher_groups", counts.count_publisher_groups(frames), "publishers, those of one group once")
    for kind, n in sorted(Counter(sources["source_type"]).items()):
        yield count(join_name("sources", "type", kind), n, f"sources of the kind {kind}")
    yield count("sources.rendered", (sources["rendered_from"] != "").sum(), "sources whose pages are renderings")
    yield count("sources.with_text", len(texts), "sources with a text")
    yield count("words", texts["n_words"].fillna(0).sum(), "words of the texts")
    yield count("segments", len(frames["segments"]), "segments of the texts")
    yield from list_set("sources.coded", coded, "sources with a coding that counts as evidence")
    unread = [source_id for source_id in readers if source_id not in coded]
    yield from list_set("sources.without_codings", unread, "sources without any coding that counts as evidence")
    yield count("sources.read", sum(n > 0 for n in readers.values()), "sources that a coder read to the end")
    yield count("sources.read_twice", sum(n > 1 for n in readers.values()), "sources that two coders or more read")


def _list_scores(frames: Frames) -> Iterator[Number]:
    appraised = counts.list_appraised(frames)
    appraisers = {name for of_source in read_found(frames).given.values() for name in of_source}
    yield count("appraisers", len(appraisers), "appraisers, those who settled aside")
    yield count("quality.points", int(float(name_points(frames))), "the most points that a source can have")
    yield count("quality.questions", len(read_items(frames)), "questions of the checklist")
    yield count("quality.sources", len(appraised), "sources that were appraised")
    if len(appraised):
        scores, n_appraisers = appraised["score"], appraised["n_appraisers"].astype(int)
        yield measure("quality.median", DECIMAL, scores.median(), "median score of the sources")
        yield measure("quality.mean", DECIMAL, scores.mean(), "mean score of the sources")
        yield measure("quality.lowest", DECIMAL, scores.min(), "lowest score of a source")
        yield measure("quality.highest", DECIMAL, scores.max(), "highest score of a source")
        yield count("quality.appraised_twice", (n_appraisers > 1).sum(), "sources that two or more appraised")
    agreement = frames["appraisal_agreement"]
    together = agreement[agreement["item"] == ALL_ITEMS]
    yield from list_agreement(together, "quality.agreement", "appraisers", "agreement of appraisers over all questions")
    yield from _count_scores(frames)


def _count_scores(frames: Frames) -> Iterator[Number]:
    """Yield how many sources have each score on each question."""
    found, items = read_found(frames), read_items(frames)
    source_ids = frames["sources"]["source_id"].tolist() if len(frames["quality"]) else []
    for item, question in items.items() if source_ids else ():
        scored = Counter(_find_score(found, source_id, item) for source_id in source_ids)
        for score in question.values:
            meaning = f"sources with score {score:g} on {item} ({question.question})"
            yield count(f"quality.{item}.scored_{score:g}", scored[score], meaning)


def _find_score(found: Appraisals, source_id: str, item: str) -> float | None:
    """Return what was settled for a source and a question, or what all appraisers gave; None if they differ."""
    if settled := found.settlements_of(source_id).get(item):
        return float(settled["score"])
    given = {float(rows[item]["score"]) for rows in found.of(source_id).values() if item in rows}
    return given.pop() if len(given) == 1 else None


def list_falling(frames: Frames) -> Iterator[Number]:
    """Yield how many guidelines have too few publishers at each cut-off of quality, and which."""
    by_quality = frames["quality_sensitivity"]
    for cut_off, rows in by_quality.groupby("cut_off"):
        weak = [row["guideline_id"] for row in list_rows(rows) if row["has_floor"] == "no"]
        meaning = f"guidelines with too few publishers without the sources that score below {cut_off:g}"
        yield from list_set(f"guidelines.below_floor_at_{cut_off:g}", weak, meaning)
