"""Numbers of coding: codes, codings, the agreement of coders, saturation, topics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from graylit.pages.number_forms import Number, count, list_set, measure
from graylit.report import counts
from graylit.report.agreeing import RELIABLE
from graylit.report.frames import Frames
from graylit.report.numbers.measures import list_agreement
from graylit.report.rounds import list_rounds
from graylit.report.threats import TENTATIVE
from graylit.tables.numbers import COEFFICIENT, DECIMAL, SHARE
from graylit.tables.rows import list_rows

OVERALL = "overall"


def list_numbers(frames: Frames) -> Iterator[Number]:
    """Yield the numbers of what coders did and how far they agree, of saturation and of topics."""
    yield from _list_codings(frames)
    yield from _list_disputes(frames)
    yield from _list_agreement(frames)
    yield from _list_saturation(frames)
    yield from _list_topics(frames)


def _list_codings(frames: Frames) -> Iterator[Number]:
    codings, codebook = frames["located_codings"], frames["codebook"]
    active = codebook.loc[codebook["status"] == "active", "code_id"]
    yield count("codes", len(active), "codes in use")
    if "codings" in frames:
        rounds, n_before, _ = list_rounds(frames)
        yield count("codes.written_before", n_before, "codes in use written before the first round of coding began")
        for one in rounds:
            meaning = f"codes in use written since round {one.number} began, and before the next one did"
            yield count(f"codes.written_in_round_{one.number}", one.n_written, meaning)
    yield count("coders", codings["coder"].nunique(), "coders")
    yield count("rounds", codings["round"].nunique(), "rounds of coding")
    yield count("codings", len(codings), "codings of all rounds")
    for number, rows in codings.groupby("round"):
        yield count(f"codings.round_{number}", len(rows), f"codings of round {number}")
        yield count(f"sources.round_{number}", rows["source_id"].nunique(), f"sources with codings of round {number}")
    last = codings[codings["round"] == codings["round"].max()]
    yield count("codings.last", len(last), "codings of the last round")
    yield count("codings.evidence", len(counts.list_evidence(frames)), "codings that count as evidence")
    linked = frames["evidence"]["coding_id"].nunique()
    yield count("codings.behind_guidelines", linked, "codings that count as evidence and lead to a guideline")
    places = counts.count_places(frames)
    yield count("codings.lost", places.n_lost, "codings that have lost their place in the text")
    for row in list_rows(frames["code_counts"]):
        for column in ("codings", "sources", "publishers"):
            meaning = f"{column} of {row['code_id']} ({row['name']})"
            yield count(f"code.{row['code_id']}.{column}", row[f"n_{column}"], meaning)


def _list_disputes(frames: Frames) -> Iterator[Number]:
    disputes, current = counts.count_disputes(frames), counts.list_current(frames)
    yield count("disputes", disputes.n_all, "units on which coders differ")
    yield count("disputes.settled", disputes.n_settled, "units on which coders differ that are settled")
    yield count("disputes.open", disputes.n_open, "units on which coders differ that are open")
    yield count("adjudications", disputes.n_adjudications, "adjudications in force")
    judged = current[current["adjudication_id"] != ""]
    for standing, what in (("stands", "stand"), ("falls", "fall"), ("recoded", "were given another code")):
        n = (judged["standing"] == standing).sum()
        yield count(f"adjudications.{standing}", n, f"codings that {what} by an adjudication")


def _list_agreement(frames: Frames) -> Iterator[Number]:
    agreement = frames["agreement"]
    if agreement.empty:
        return
    last = agreement["round"].max()
    for number, of_round in agreement.groupby("round"):
        overall, meaning = of_round[of_round["scope"] == OVERALL], f"agreement of coders in round {number}"
        for name in (f"round_{number}", *(["last"] if number == last else [])):
            yield from list_agreement(overall, f"agreement.{name}", "coders", meaning)
            yield count(f"agreement.{name}.units", overall["n_units"].max(), f"units compared in round {number}")
    main = f"the main alpha: agreement of coders in round {last}, the last"
    for named in list_agreement(counts.list_main_alphas(frames), "", "coders", main):
        yield replace(named, name=named.name.replace(f".{counts.MAIN_ALPHA}", "alpha"))
    yield from _list_codes(agreement[(agreement["round"] == last) & (agreement["measure"] == "alpha_nominal")], last)


def _list_codes(agreement: pd.DataFrame, last: int) -> Iterator[Number]:
    of_codes = agreement[agreement["scope"] != OVERALL].groupby("scope")["value"].min()
    for code_id, value in of_codes.items():
        yield measure(f"code.{code_id}.alpha", COEFFICIENT, value, f"alpha of {code_id}, nominal, in round {last}")
    known = of_codes.dropna()
    weak, reliable = known[known < TENTATIVE].index, known[known >= RELIABLE].index
    tentative = [code_id for code_id in known.index if code_id not in {*weak, *reliable}]
    yield from list_set("codes.reliable", map(str, reliable), f"codes with an alpha of {RELIABLE} or more at the end")
    yield from list_set("codes.tentative", tentative, f"codes with an alpha from {TENTATIVE} to {RELIABLE}")
    yield from list_set("codes.weak", map(str, weak), f"codes with an alpha below {TENTATIVE} in the last round")


def _list_saturation(frames: Frames) -> Iterator[Number]:
    saturation, measures = frames["saturation"], frames["saturation_measures"]
    listed = saturation[saturation["order_name"] == "listed"]
    for row in list_rows(listed):
        n = int(row["n_sources"])
        yield count(f"codes.seen_after_{n}", row["codes_seen"], f"codes seen after {n} sources, as listed")
    if len(listed):
        full = listed.loc[listed["codes_seen"] == listed["codes_seen"].max(), "n_sources"].min()
        yield count("sources.until_all_codes", full, "sources, as listed, after which every code was seen")
    if len(measures):
        settings = ["base_size", "run_length", "threshold"]
        for row in list_rows(measures.sort_values(settings).tail(2)):
            meaning = f"sources until saturation, {row['order_name']}, by the strictest rule"
            yield measure(f"saturation.{row['order_name']}", DECIMAL, row["reached_at"], meaning)


def _list_topics(frames: Frames) -> Iterator[Number]:
    values = {row["measure"]: row["value"] for row in list_rows(frames["topic_measures"])}
    yield count("topics", values.get("n_topics") or 0, "topics that a model formed")
    if values.get("n_topics"):
        yield measure("topics.share_outside", SHARE, values.get("outlier_share"), "share of segments in no topic")
        yield measure("topics.coherence", COEFFICIENT, values.get("npmi_mean"), "mean coherence of topics (NPMI)")
    gaps = frames["crosswalk_gaps"]
    codes, topics = (
        [str(row["subject"]) for row in list_rows(gaps[gaps["kind"] == kind])]
        for kind in ("code no topic shows", "topic no code names")
    )
    yield from list_set("codes.without_topic", codes, "codes without a topic of their own")
    yield count("topics.without_code", len(topics), "topics that no code names")
