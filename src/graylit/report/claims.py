"""The claims of guidelines in the report: how they were read, how far readers agreed, and what is left."""

from __future__ import annotations

from graylit.pages.wording import agree, count_among, count_things, count_who, join_words, tell_share
from graylit.report.coding_methods import state_measure
from graylit.report.frames import Frames, Part, list_records
from graylit.tables.claims import ACCEPTED, ALL_GUIDELINES
from graylit.tables.rows import list_rows

SHOWN = ("share_agreed", "cohen_kappa", "fleiss_kappa", "alpha_nominal")


def describe_claims(frames: Frames) -> Part:
    """Return the claims of each guideline with their counts, and the agreement of readers; None without claims."""
    rows, agreement = list_rows(frames["claim_support"]), list_records(frames["reading_agreement"])
    if not rows:
        return None
    of_guideline: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        of_guideline.setdefault(row["guideline_id"], []).append(row)
    measures = [name for name in SHOWN if any(row["measure"] == name for row in agreement)]
    by_place = {(row["readers"], row["scope"], row["measure"]): row for row in agreement}
    places = dict.fromkeys((row["readers"], row["scope"]) for row in agreement)
    return {
        "of": of_guideline,
        "measures": [name.replace("_", " ") for name in measures],
        "rows": [
            {
                "readers": readers,
                "scope": "all guidelines" if scope == ALL_GUIDELINES else scope,
                "cells": [by_place.get((readers, scope, name)) for name in measures],
            }
            for readers, scope in sorted(places, key=lambda place: (place[0], place[1] != ALL_GUIDELINES, place[1]))
        ],
    }


def describe_reading(frames: Frames) -> str:
    """Return how claims were read, what counts of it and what is left, for the methods; '' without claims."""
    claims, pairs = frames["claim_support"], frames["claim_evidence"]
    if claims.empty:
        return ""
    n_guidelines, n_read = claims["guideline_id"].nunique(), int((pairs["n_readers"].astype(int) > 0).sum())
    n_twice = int((pairs["n_readers"].astype(int) > 1).sum())
    parts = [
        f"The statements of {count_among(n_guidelines, len(frames['guidelines']), 'guideline')} were split into "
        f"{count_things(len(claims), 'claim')}, and each coding of the evidence was to be read against each claim of "
        f"its guideline: {tell_share(n_read, len(pairs), 'pair', 'was', 'were')} read, {n_twice:,} by two readers or "
        "more.",
        *_describe_agreement(frames),
        *_describe_left(frames),
        _describe_floor(frames),
    ]
    return " ".join(parts)


def _describe_agreement(frames: Frames) -> list[str]:
    agreement = frames["reading_agreement"]
    alphas = agreement[(agreement["scope"] == ALL_GUIDELINES) & (agreement["measure"] == "alpha_nominal")]
    each = [
        f"{'all' if row['readers'] == 'all' else row['readers'].replace('; ', ' and ')} {state_measure(row)} on "
        f"{count_things(row['n_pairs'], 'pair')}"
        for _, row in alphas.iterrows()
    ]
    return (
        [f"Agreement of readers before settling, by nominal Krippendorff’s alpha: {'; '.join(each)}."] if each else []
    )


def _describe_left(frames: Frames) -> list[str]:
    n_disputed = int(frames["claim_support"]["n_disputed"].sum())
    words = f"{count_who(n_disputed, 'is', 'are')} disputed and {agree(n_disputed, 'counts', 'count')} for nothing"
    return [f"{words} until somebody settles {agree(n_disputed, 'it', 'them')}."] if n_disputed else []


def _describe_floor(frames: Frames) -> str:
    claims = frames["claim_support"]
    weak = claims[claims["has_floor"] == "no"]
    n_accepted = int((weak["status"] == ACCEPTED).sum())
    words = tell_share(len(claims) - len(weak), len(claims), "claim", "has", "have")
    accepted = f", and {count_who(n_accepted, 'was', 'were')} accepted with less" if n_accepted else ""
    return f"{words} the publishers that the protocol asks for{accepted}."


def describe_threat(frames: Frames) -> str:
    """Return which claims have too little support and which are contradicted, in words; '' without claims."""
    claims = frames["claim_support"]
    if claims.empty:
        return ""
    weak = claims.loc[claims["has_floor"] == "no", "claim_id"].tolist()
    against = claims.loc[claims["n_against"] > 0, "claim_id"].tolist()
    n_open = int(claims["n_unread"].sum() + claims["n_disputed"].sum())
    words = tell_share(len(weak), len(claims), "claim", "has too few publishers", "have too few publishers")
    words += f" ({', '.join(weak)})" if weak else ""
    contrary = f"sources speak against {join_words(against)}" if against else "no source speaks against a claim"
    left = f"; {count_things(n_open, 'pair')} {agree(n_open, 'is', 'are')} unread or disputed" if n_open else ""
    return f"{words}; {contrary}{left}"
