"""The paragraphs of the methods on coding: who coded how much, how far coders agree, and when codes stop being new."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from graylit.pages.wording import agree, count_things, count_who, join_words, tell_share
from graylit.report import counts
from graylit.report.frames import Frames
from graylit.report.rounds import describe_rounds

MAIN = "Agreement of coders, by the main measure, Krippendorff’s alpha over sets of codes (MASI distance),"
OTHERS = "Other measures, earlier rounds and single codes are in the report under agreement, each by its name."
ORDERS = {"listed": "as listed", "shuffled": "by the median of shuffled orders"}  # in which sources are read


def state_measure(row: pd.Series) -> str:
    """Return the value of a measure of agreement with its interval."""
    if pd.isna(row["value"]):
        return "undefined"
    interval = "" if pd.isna(row["low"]) else f" (95 % interval {row['low']:.2f} to {row['high']:.2f})"
    return f"{row['value']:.2f}{interval}"


def describe_coding(frames: Frames) -> str:
    """Return who coded, how many sources were read by how many coders, and how many codings count."""
    codings, n_codes = frames["located_codings"], int((frames["codebook"]["status"] == "active").sum())
    codebook = f"the codebook has {count_things(n_codes, 'code')} in use"
    if codings.empty:
        return f"Nothing has been coded yet; {codebook}."
    coders = sorted(codings["coder"].unique())
    words = (
        f"{count_things(len(coders), 'coder')} ({_name_coders(coders)}) coded in "
        f"{count_things(codings['round'].nunique(), 'round')}; {codebook}."
    )
    return f"{words} {_describe_reading(frames)} {_describe_evidence(frames)}"


def _name_coders(coders: list[str]) -> str:
    """Return coders one after the other; a name such as 'Brook, Ann' has a comma itself."""
    return ("; " if any("," in coder for coder in coders) else ", ").join(coders)


def _describe_reading(frames: Frames) -> str:
    readers = Counter(counts.count_readers(frames).values())
    n_all, n_unread, n_coded = readers.total(), readers.pop(0, 0), len(counts.list_coded(frames))
    read = f"{tell_share(n_all - n_unread, n_all, 'source', 'was', 'were')} read to the end"
    each = [f"{n:,} by {count_things(number, 'coder')}" for number, n in sorted(readers.items())]
    if len(readers) == 1:
        (number,) = readers
        each = [f"by {count_things(number, 'coder')}"]
    by = f"{' ' if len(each) == 1 else ', '}{join_words(each)}" if each else ""
    coded = f"{tell_share(n_coded, n_all, 'source', 'has', 'have')} codings that count"
    return f"{read}{by}.{_describe_guess(frames)} {coded}."


def _describe_guess(frames: Frames) -> str:
    """Return of which coders it is guessed what they have read."""
    guessed = sorted(set(frames["located_codings"]["coder"]) - set(frames["passes"]["coder"]))
    who = f"{agree(len(guessed), 'Coder', 'Coders')} {join_words(guessed)} recorded no passes; each source they coded"
    return f" {who} counts as read." if guessed else ""


def _describe_evidence(frames: Frames) -> str:
    n_all, n_evidence = len(frames["located_codings"]), len(counts.list_evidence(frames))
    left = join_words([f"{count_who(n, 'was', 'were')} {why}" for why, n in counts.count_left_out(frames).items()])
    words = f"{tell_share(n_evidence, n_all, 'coding', 'counts', 'count')} as evidence"
    return words + (f"; {left}." if left else ".")


def describe_agreement(frames: Frames) -> str:
    """Return how far coders agree in each round, and how many of the units on which they differ are settled."""
    if frames["located_codings"].empty:
        return ""
    agreement = frames["agreement"]
    if agreement.empty:
        return "Agreement was not measured: no two coders have finished the same source in the same round."
    each = [
        f"{'all coders' if row['coders'] == 'all' else row['coders'].replace('; ', ' and ')} {state_measure(row)} on "
        f"{count_things(row['n_units'], 'unit')}"
        for _, row in counts.list_main_alphas(frames).iterrows()
    ]
    main = f"{MAIN} in round {agreement['round'].max()}, the last, before adjudication: {'; '.join(each)}"
    return f"{main}. {OTHERS} {_describe_disputes(counts.count_disputes(frames))}"


def _describe_disputes(disputes: counts.Disputes) -> str:
    if not disputes.n_all:
        return "There is no disputed unit (units whose codings a later round superseded are not counted)."
    words = tell_share(disputes.n_settled, disputes.n_all, "disputed unit", "is", "are")
    by = f" by {count_things(disputes.n_adjudications, 'adjudication')}" if disputes.n_settled else ""
    still = f"; {count_who(disputes.n_open, 'is', 'are')} open" if disputes.n_open else ""
    return f"{words} settled{by}{still} (units whose codings a later round superseded are not counted)."


def describe_saturation(frames: Frames) -> str:
    """Return after how many sources the strictest way to tell finds saturation, and what that means."""
    saturation, measures = frames["saturation"], frames["saturation_measures"]
    if measures.empty:
        return ""
    settings = ["base_size", "run_length", "threshold"]
    strictest = measures.sort_values(settings).tail(2).set_index("order_name")
    base, run, threshold = (strictest.iloc[-1][name] for name in settings)
    n_sources = int(saturation["n_sources"].max())
    rule = f"base {base:.0f}, run {run:.0f}, at most {100 * threshold:.0f} % new codes"
    words = f"Saturation ({rule}), over {count_things(n_sources, 'source')} finished or coded,"
    if n_sources < base + run:
        return f"{words} cannot be told: it takes {base + run:.0f} sources."
    reached = {name: strictest["reached_at"].get(name) for name in ORDERS}
    reached = {name: n for name, n in reached.items() if pd.notna(n)}
    after = " and ".join(f"{ORDERS[name]} after {n:g} sources" for name, n in reached.items())
    never = " or ".join(words for name, words in ORDERS.items() if name not in reached)
    outcome = f"reached {after}" + (f", and not {never}" if never else "") if reached else f"not reached {never}"
    meaning = "It tells when sources stopped bringing codes of this codebook, not that they hold no others"
    return " ".join(filter(None, [f"{words} was {outcome}. {meaning}.", describe_rounds(frames)]))
