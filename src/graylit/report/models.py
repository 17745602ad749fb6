"""What the report says of models that decided: which they were, what they were asked, how far they can be trusted."""

from __future__ import annotations

from collections import Counter

from graylit.pages.wording import agree, count_things, join_words, tell_share
from graylit.report.frames import Frames
from graylit.tables.models import CHECK_CLAIMS, CODE, SCREEN, SETTLE
from graylit.tables.rows import list_rows

STANDINGS = {
    "trusted": "can be trusted",
    "below": "fall short of the floor and are no evidence",
    "accepted": "fall short of it and were accepted",
    "untested": "were not met",
}
DOES = {
    SCREEN: "screened candidates",
    CODE: "coded segments",
    SETTLE: "settled what models coded differently",
    CHECK_CLAIMS: "read claims",
}


def describe_models(frames: Frames) -> list[str]:
    """Return a sentence or more for each task of each model that was asked, from the log; none if none was."""
    calls = list_rows(frames["model_calls"])
    if not calls:
        return []
    said = []
    for row in calls:
        returned = "" if row["returned_model"] == row["asked_model"] else f", returned as {row['returned_model']}"
        n_bad = int(row["n_refused"])
        refused = f"; {n_bad:,} {agree(n_bad, 'answer', 'answers')} could not be used" if n_bad else ""
        cost = f", at a cost of {row['cost']:g} {row['currency']}" if row["cost"] == row["cost"] else ""
        named = f"{row['asked_model']}{returned}, state {row['fingerprint']}; {row['settings']}"
        asked = f"{count_things(int(row['n_units']), 'unit')} in {count_things(int(row['n_calls']), 'call')}"
        when = f"from {row['first_at'][:10]} to {row['last_at'][:10]}"
        said.append(
            f"{row['decider']} (the model {named}) {DOES.get(row['task'], 'appraised sources')}: {asked} {when}, one "
            f"unit a call, blind to others{refused}{cost}. Words of sources went to {row['sent_words_to']}."
        )
    return [" ".join([*said, _describe_replay(frames), *_describe_sample(frames)])]


def _describe_replay(frames: Frames) -> str:
    rows = list_rows(frames["model_replay"])
    n_rows, differing = sum(int(row["n_rows"]) for row in rows), [row for row in rows if row["is_same"] == "no"]
    if differing:
        named = join_words([f"{row['decider']} in {row['file']}" for row in differing])
        return f"Made again from the log of calls, rows differ: {named}."
    return f"Made again from the log of calls, all {count_things(n_rows, 'row')} of models are the same."


def _describe_sample(frames: Frames) -> list[str]:
    trust = list_rows(frames["model_trust"])
    if not trust:
        return []
    n_tested = max(int(row["n_units"]) for row in trust)
    if not n_tested:
        return ["People coded no sample to hold the models' codings against."]
    counts = Counter(row["standing"] for row in trust)
    told = join_words([f"{counts[name]:,} {words}" for name, words in STANDINGS.items() if counts[name]])
    sample = count_things(n_tested, "segment")
    return [f"People coded a sample of {sample} that models had coded; of the codes, each by each model, {told}."]


def describe_model_threat(frames: Frames) -> str:
    """Return how far the models' codings were held against people's, as a threat; '' if no model coded."""
    trust = list_rows(frames["model_trust"])
    if not trust:
        return ""
    n_untested, n_below = (sum(row["standing"] == name for row in trust) for name in ("untested", "below"))
    never = ("that models gave was never held against people", "that models gave were never held against people")
    below = f"; {n_below:,} {agree(n_below, 'is', 'are')} below the floor, and no evidence" if n_below else ""
    return tell_share(n_untested, len(trust), "code", *never) + below
