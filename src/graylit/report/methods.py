"""The paragraph on methods, written from the figures of the run. A paper can take it over once people checked it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.report.frames import Frames
from graylit.screening.prisma import Flow


def describe_methods(frames: Frames, flow: Flow | None, config: Mapping[str, Any]) -> list[str]:
    """Return a sentence or two for each step that ran."""
    sentences = [
        _describe_screening(frames["screening_agreement"], flow),
        _describe_sources(frames["sources"], frames["texts"]),
        _describe_texts(frames["texts"], frames["segments"]),
        _describe_topics(frames["topic_measures"]),
        _describe_coding(frames["located_codings"], frames["codebook"]),
        _describe_agreement(frames["agreement"], frames["adjudications"]),
        _describe_saturation(frames["saturation_measures"]),
        _describe_synthesis(frames["practices"], frames["guidelines"], config),
        _describe_card_sort(frames["card_measures"], frames["categories"]),
        _describe_quality(frames["quality_scores"]),
        _describe_impacts(frames["impacts"]),
    ]
    return [sentence for sentence in sentences if sentence]


def _measure(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    interval = "" if pd.isna(row["low"]) else f", 95 % interval {row['low']:.2f} to {row['high']:.2f}"
    return f"{row['value']:.2f}{interval}"


def _describe_screening(agreement: pd.DataFrame, flow: Flow | None) -> str:
    if flow is None:
        return ""
    words = (
        f"Of {flow.n_identified} candidates, {flow.n_duplicates} were duplicates, {flow.n_not_retrieved} could not "
        f"be retrieved, {flow.n_assessed} were assessed for eligibility, and {flow.n_included} became sources"
    )
    alpha = agreement[agreement["measure"] == "alpha_nominal"].sort_values("round").tail(1)
    if alpha.empty or alpha["value"].isna().all():
        return words + "."
    return f"{words}; {alpha.iloc[0]['n_screeners']} screeners agreed at a Krippendorff’s alpha of {_measure(alpha)}."


def _describe_sources(sources: pd.DataFrame, texts: pd.DataFrame) -> str:
    dates = sources.loc[sources["published"] != "", "published"].str[:4]
    years = f", dated {dates.min()} to {dates.max()}" if len(dates) else ""
    words = f"The {len(sources)} sources are by {sources['publisher'].nunique()} publishers{years}"
    origins = texts.loc[texts["origin"] != "", "origin"].value_counts().sort_index()
    times = texts.loc[texts["captured_at"] != "", "captured_at"].str[:10]
    if origins.empty:
        return words + "."
    served = ", ".join(f"{n} from {origin}" for origin, n in origins.items())
    span = f", captured {times.min()} to {times.max()}" if times.nunique() > 1 else f", captured {times.min()}"
    return f"{words}; their texts were served: {served}{span if len(times) else ''}."


def _describe_texts(texts: pd.DataFrame, segments: pd.DataFrame) -> str:
    if texts.empty:
        return ""
    extractors = ", ".join(sorted(set(texts.loc[texts["extractor"] != "", "extractor"])))
    by = f" ({extractors})" if extractors else ""
    return (
        f"Extraction{by} left {texts['n_words'].sum():,} words, cut into {len(segments):,} segments: paragraphs, lists "
        "and tables under their headings."
    )


def _describe_topics(measures: pd.DataFrame) -> str:
    values = dict(zip(measures["measure"], measures["value"], strict=True))
    if "n_topics" not in values:
        return ""
    coherence = f", mean NPMI {values['npmi_mean']:.2f}" if pd.notna(values.get("npmi_mean")) else ""
    return (
        f"As an aid to people, a model formed {values['n_topics']:.0f} topics over {values['n_terms']:.0f} terms"
        f"{coherence}, {100 * values['outlier_share']:.0f} % of the segments in none; no code rests on a topic."
    )


def _describe_coding(codings: pd.DataFrame, codebook: pd.DataFrame) -> str:
    if codings.empty:
        return ""
    n_rounds, coders = codings["round"].nunique(), sorted(codings["coder"].unique())
    evidence = codings[codings["is_evidence"] == "yes"]
    counted = (
        f"{len(evidence):,} of {len(codings):,} codings count as evidence, the others were superseded by a later "
        "round, fell in adjudication or lost their place"
        if len(evidence) < len(codings)
        else f"all {len(codings):,} codings count as evidence"
    )
    return (
        f"{len(coders)} {'coder' if len(coders) == 1 else 'coders'} ({', '.join(coders)}) coded in {n_rounds} "
        f"{'round' if n_rounds == 1 else 'rounds'} with a codebook of now {(codebook['status'] == 'active').sum()} "
        f"codes; {counted}."
    )


def _describe_agreement(agreement: pd.DataFrame, adjudications: pd.DataFrame) -> str:
    alphas = agreement[(agreement["scope"] == "overall") & (agreement["measure"] == "alpha_nominal")]
    alphas = alphas[alphas["value"].notna()].sort_values(["round", "coders"])
    if alphas.empty:
        return ""
    each = "; ".join(
        f"round {row['round']} ({row['coders'].replace('; ', ' and ')}) {_measure(alphas.loc[[index]])}, "
        f"{row['n_units']} units"
        for index, row in alphas.iterrows()
    )
    settled = f" {len(adjudications)} adjudications settled what coders differed on." if len(adjudications) else ""
    return f"Agreement on the set of codes of a unit, by Krippendorff’s alpha before adjudication: {each}.{settled}"


def _describe_saturation(measures: pd.DataFrame) -> str:
    if measures.empty:
        return ""
    strict = measures.sort_values(["base_size", "run_length", "threshold"]).tail(2).set_index("order_name")
    base, run, threshold = measures.sort_values(["base_size", "run_length", "threshold"]).iloc[-1][:3]
    orders = {"listed": "as listed", "shuffled": "by the median of shuffled orders"}
    reached = {name: strict["reached_at"].get(name) for name in orders if pd.notna(strict["reached_at"].get(name))}
    after = ", ".join(f"{orders[name]} after {n:g} sources" for name, n in reached.items())
    never = " or ".join(words for name, words in orders.items() if name not in reached)
    outcome = f"reached {after}" + (f", and not {never}" if never else "") if reached else f"not reached {never}"
    return f"Saturation (base {base:.0f}, run {run:.0f}, at most {100 * threshold:.0f} % new codes) was {outcome}."


def _describe_synthesis(practices: pd.DataFrame, guidelines: pd.DataFrame, config: Mapping[str, Any]) -> str:
    if guidelines.empty:
        return ""
    n_dropped = int((practices["guideline_id"] == "").sum())
    made = (
        f"{len(practices)} practices were drawn from the codes; {len(practices) - n_dropped} were merged into "
        f"{len(guidelines)} guidelines and {n_dropped} dropped"
        if len(practices)
        else f"{len(guidelines)} guidelines were drawn from the themes"
    )
    return f"{made}; a guideline needs {config['synthesis']['min_publishers']} publishers as support."


def _describe_card_sort(measures: pd.DataFrame, categories: pd.DataFrame) -> str:
    values = dict(zip(measures["measure"], measures["value"], strict=True))
    if not values.get("n_sorters"):
        return ""
    fit = values.get("cophenetic_correlation")
    correlation = f", cophenetic correlation {fit:.2f}" if pd.notna(fit) else ""
    return (
        f"In an open card sort {values['n_sorters']:.0f} sorters put {values['n_cards']:.0f} cards on piles; average "
        f"linkage of the share of sorters{correlation} underlies {len(categories)} categories."
    )


def _describe_quality(scores: pd.DataFrame) -> str:
    known = scores["score"].dropna()
    if known.empty:
        return ""
    return (
        f"{len(known)} sources were appraised by the twenty questions of Garousi et al. (2019): median "
        f"{known.median():.1f} of 20 points, {known.min():g} to {known.max():g}."
    )


def _describe_impacts(impacts: pd.DataFrame) -> str:
    if impacts.empty:
        return ""
    n_strained = int((impacts["effect"] == "strained").sum())
    return (
        f"{len(impacts)} impacts on {impacts['quality_attribute'].nunique()} quality attributes (ISO/IEC 25010:2023) "
        f"were read in the codings, {n_strained} of them a strain."
    )
