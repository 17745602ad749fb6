"""The paragraphs on methods, written from the figures of the run. A paper can take them over once people checked them.

Each sentence says what its figures are a part of, and what is still to be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.pages.wording import agree, count_among, count_things, count_who, join_words, tell_share
from graylit.report import counts
from graylit.report.appraising import name_points, name_questions
from graylit.report.claims import describe_reading
from graylit.report.coding_methods import describe_agreement, describe_coding, describe_saturation, state_measure
from graylit.report.frames import Frames
from graylit.report.models import describe_models
from graylit.report.original import describe_original
from graylit.report.screening_methods import describe_order, tell_progress
from graylit.report.search_methods import describe_search
from graylit.report.text_methods import describe_texts
from graylit.report.writing_methods import describe_impacts, describe_places_opened
from graylit.screening.flow import Flow
from graylit.study.card_sorts import list_given_piles
from graylit.tables.rows import list_rows
from graylit.tables.sources import names_publisher
from graylit.tables.topics import explain_lack

UNREAD = ("has not been screened yet", "have not been screened yet")
UNREAD_RANKED = ("was never looked at", "were never looked at")


def describe_methods(frames: Frames, flow: Flow | None, config: Mapping[str, Any]) -> list[str]:
    """Return a sentence or more for each step; of what every review has, a missing step is named."""
    paragraphs = [
        describe_original(frames, config),
        describe_search(frames, config),
        describe_prescreening(config.get("provenance", {})),
        _describe_screening(frames, flow, config),
        _describe_sources(frames),
        describe_texts(frames, config.get("provenance", {})) if config["has_texts"] else "",
        describe_coding(frames),
        describe_agreement(frames),
        describe_saturation(frames),
        _describe_guidelines(frames, config["synthesis"]["min_publishers"]),
        describe_reading(frames),
        describe_places_opened(frames),
        _describe_card_sort(frames, config),
        _describe_quality(frames),
        describe_impacts(frames),
        _describe_topics(frames["topic_measures"]),
        *describe_models(frames),
    ]
    return [sentences for sentences in paragraphs if sentences]


def describe_prescreening(provenance: Mapping[str, Any]) -> str:
    """Return how pages were looked through before the screening, and how many; '' if none were."""
    if not provenance.get("prescreening"):
        return ""
    n = provenance["n_prescreened"]
    how_many = f"{n:,} pages were looked through" if n else "how many pages were looked through is not recorded"
    return (
        f"Before screening, pages were {provenance['prescreening']}; {how_many}. So counts and agreement of the "
        "screening are of a pool that had been filtered."
    )


def _describe_screening(frames: Frames, flow: Flow | None, config: Mapping[str, Any]) -> str:
    if flow is None:
        return "No candidates are recorded, so the tables do not say how the sources were chosen."
    thing = "record" if counts.has_hits(frames) else "candidate"
    left = [
        (flow.n_left_out, "was left out", "were left out"),
        (flow.n_duplicates, "was a duplicate", "were duplicates"),
        (flow.n_unscreened, *(UNREAD_RANKED if flow.is_ranked else UNREAD)),
        (flow.n_not_retrieved, "could not be retrieved", "could not be retrieved"),
    ]
    parts = [count_who(*words) for words in left if words[0]]
    assessed = ("was assessed for eligibility", "were assessed for eligibility")
    words = f"{tell_share(flow.n_assessed, flow.n_identified, thing, *assessed)}."
    if parts:
        parts.append(count_who(flow.n_assessed, *assessed))
        words = f"Of {count_things(flow.n_identified, thing)}, {join_words(parts)}."
    return " ".join([words, *_describe_decisions(flow), *describe_screeners(frames), *describe_order(frames, config)])


def _describe_decisions(flow: Flow) -> list[str]:
    if not flow.n_assessed:
        return []
    reasons = ", ".join(f"{reason}: {n:,}" for reason, n in flow.excluded)
    parts = [
        count_who(flow.n_included, "was included", "were included"),
        f"{flow.n_excluded:,} excluded" + (f" ({reasons})" if reasons else ""),
    ]
    if flow.n_undecided:
        parts.append(count_who(flow.n_undecided, "awaits a decision", "await a decision"))
    return [f"Of these, {join_words(parts)}."]


def describe_screeners(frames: Frames) -> list[str]:
    """Return by how many screeners candidates were screened, and how far these agree; none if nobody screened.

    Until all screeners are through, only how far each one is.
    """
    if far := tell_progress(frames):
        return [f"The screening goes on ({far}): what was decided is shown when all screeners are through."]
    screeners = counts.count_screeners(frames)
    if not screeners:
        return []
    n_all = sum(screeners.values())
    each = join_words([f"{n:,} by {count_things(number, 'screener')}" for number, n in screeners.items()])
    words = f"{count_things(n_all, 'candidate')} {agree(n_all, 'was', 'were')} screened, {each}."
    if len(screeners) == 1:
        (number,) = screeners
        read = f"{count_who(n_all, 'candidate was', 'candidates were')} screened"
        words = f"{read}, {agree(n_all, '', 'each ')}by {count_things(number, 'screener')}."
    agreement = frames["screening_agreement"]
    alphas = agreement[(agreement["measure"] == "alpha_nominal") & agreement["value"].notna()]
    measured = [
        f"round {row['round']}, {'all' if row['screeners'] == 'all' else row['screeners'].replace('; ', ' and ')}, "
        f"{state_measure(row)} on {count_things(row['n_candidates'], 'candidate')}"
        for _, row in alphas.sort_values(["round", "screeners"]).iterrows()
    ]
    return [words, f"Agreement of screeners, by Krippendorff’s alpha: {'; '.join(measured)}."] if measured else [words]


def _describe_sources(frames: Frames) -> str:
    sources = frames["sources"]
    if sources.empty:
        return "The study has no sources yet."
    years = [cell[:4] for cell in sources["published"]]
    span, n_undated = counts.name_span(years), years.count("")
    words = f"The study has {count_things(len(sources), 'source')} by "
    n_publishers, n_groups = counts.count_publishers(frames), counts.count_publisher_groups(frames)
    words += count_things(n_publishers, "publisher")
    words += f" ({n_groups:,} if those that one owner or host stands behind count once)" * (n_groups < n_publishers)
    words += f", dated {span}" if span else ""
    n_unknown = sum(not names_publisher(cell) for cell in sources["publisher"])
    words += f"; who publishes {count_things(n_unknown, 'source')} is not stated" if n_unknown else ""
    return words + (f"; {count_who(n_undated, 'has', 'have')} no date" if n_undated else "") + "."


def _list_values(measures: pd.DataFrame) -> dict[str, float]:
    return dict(zip(measures["measure"], measures["value"], strict=True))


def _describe_topics(measures: pd.DataFrame) -> str:
    values = _list_values(measures)
    if not values.get("n_topics"):
        lack = explain_lack(list_rows(measures))
        return f"No topics were formed: {lack}." if lack else ""
    coherence = f", mean NPMI {values['npmi_mean']:.2f}" if pd.notna(values.get("npmi_mean")) else ""
    outliers = values.get("outlier_share")
    share = f"; {100 * outliers:.0f} % of the segments are in none" if outliers is not None else ""
    topics, terms = count_things(int(values["n_topics"]), "topic"), count_things(int(values["n_terms"]), "term")
    return f"A model formed {topics} over {terms}{coherence}{share}. Topics are an aid: no code rests on one."


def _describe_guidelines(frames: Frames, floor: int) -> str:
    practices, n_guidelines = frames["practices"], len(frames["guidelines"])
    words = []
    if len(practices):
        merged = practices[practices["guideline_id"] != ""]
        n_open = int((practices["status"] == "open").sum())
        n_dropped = len(practices) - len(merged) - n_open
        words.append(
            f"{count_things(len(practices), 'practice')} {agree(len(practices), 'was', 'were')} drawn from the codes: "
            f"{len(merged):,} went into {count_things(merged['guideline_id'].nunique(), 'guideline')}, "
            f"{count_who(n_dropped, 'was', 'were')} dropped"
            + (f"; what becomes of {count_things(n_open, 'practice')} is open." if n_open else ".")
        )
    if n_guidelines:
        n_firm = n_guidelines - len(counts.list_weak(frames))
        words.append(
            f"{tell_share(n_firm, n_guidelines, 'guideline', 'has', 'have')} the support that a guideline needs, "
            f"{count_things(floor, 'publisher')} or more. {counts.explain_support(frames)}"
        )
    return " ".join(words) or "No guideline has been written yet."


def _describe_card_sort(frames: Frames, config: Mapping[str, Any]) -> str:
    values = _list_values(frames["card_measures"])
    if not values.get("n_sorters"):
        return ""
    fit = values.get("cophenetic_correlation")
    correlation = f", cophenetic correlation {fit:.2f}" if pd.notna(fit) else ""
    sorters, cards = count_things(int(values["n_sorters"]), "sorter"), count_things(int(values["n_cards"]), "card")
    n_categories, n_placed = len(frames["categories"]), len(counts.list_placed(frames))
    placed = count_among(n_placed, len(frames["guidelines"]), "guideline")
    return (
        f"In {'a closed' if list_given_piles(config) else 'an open'} card sort {sorters} put {cards} on piles. Cards "
        f"were clustered by the share of sorters who put them on different piles (average linkage{correlation}). "
        f"{_describe_cut(frames['card_cuts'], config)}"
        f"{count_things(n_categories, 'category')} {agree(n_categories, 'holds', 'hold')} {placed}."
    )


def _describe_cut(cuts: pd.DataFrame, config: Mapping[str, Any]) -> str:
    chosen = list_rows(cuts[cuts["is_chosen"] == "yes"])
    if not chosen:
        return ""
    clusters = count_things(int(chosen[0]["n_clusters"]), "cluster")
    silhouette = f"mean silhouette {chosen[0]['silhouette']:.2f}"
    if config.get("card_sort", {}).get("n_clusters"):
        return f"The dendrogram was cut into {clusters}, as the config states ({silhouette}). "
    return f"Cut into {clusters}, the dendrogram has its highest {silhouette}. "


def _describe_quality(frames: Frames) -> str:
    appraised = counts.list_appraised(frames)
    if appraised.empty:
        return "The quality of the sources was not appraised."
    scores, n_appraisers = appraised["score"], sorted(set(appraised["n_appraisers"].astype(int)))
    each = f"{n_appraisers[0]} to " if len(n_appraisers) > 1 else ""
    points = name_points(frames)
    span = f", {scores.min():g} to {scores.max():g}" if scores.nunique() > 1 else ""
    return (
        f"{tell_share(len(appraised), len(frames['sources']), 'source', 'was', 'were')} appraised by "
        f"{name_questions(frames)}, {agree(len(appraised), '', 'each ')}by {each}"
        f"{count_things(n_appraisers[-1], 'appraiser')}: median {scores.median():.1f} of {points} points{span}."
    )
