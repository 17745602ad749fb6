"""Threats to validity: those that the protocol states, and those that the review's own figures show."""

from __future__ import annotations

import pandas as pd

from graylit.pages.wording import agree, count_among, count_things, count_who, tell_share
from graylit.report import counts
from graylit.report.claims import describe_threat
from graylit.report.frames import Frames
from graylit.report.models import describe_model_threat
from graylit.tables.sources import names_publisher

TENTATIVE = 0.667  # Krippendorff's own bound for tentative conclusions (Content Analysis, 2004)
Threat = dict[str, str]  # name, words, and target: the page of the rows behind it


def list_threats(frames: Frames, *, has_texts: bool, min_publishers: int) -> list[Threat]:
    """List the threats that the figures of this run show; a figure that shows none says so."""
    threats = [_describe_texts(frames), _describe_places(frames)] if has_texts else []
    threats += [
        _describe_readers(frames),
        _describe_disputes(frames),
        _describe_agreement(frames["agreement"]),
        _describe_publishers(frames),
        _describe_floor(frames, min_publishers),
        *_describe_claims(frames),
        _describe_appraisal(frames),
    ]
    if words := describe_model_threat(frames):
        threats.append(_name_threat("Models", words, "audit/tables/model_trust.html"))
    return threats


def _name_threat(name: str, words: str, target: str) -> Threat:
    return {"name": name, "words": f"{words}.", "target": target}


def _describe_texts(frames: Frames) -> Threat:
    n_all, n_with_text = len(frames["texts"]), len(counts.list_texts(frames))
    n_frozen = int((frames["source_changes"]["served_by"] == "frozen").sum())
    words = f"{tell_share(n_with_text, n_all, 'source', 'has', 'have')} a text"
    if n_frozen:
        words += f"; {count_among(n_frozen, n_with_text, 'text')} {agree(n_frozen, 'comes', 'come')} from the frozen "
        words += f"corpus, with no page at hand to check {agree(n_frozen, 'it', 'them')} against"
    return _name_threat("Lost sources", words, "audit/sources.html")


def _describe_places(frames: Frames) -> Threat:
    places = counts.count_places(frames)
    lost = ("has lost its place in the text and is", "have lost their place in the text and are")
    words = f"{tell_share(places.n_lost, places.n_all, 'coding', *lost)} no evidence"
    if not places.n_lost:
        words = f"{tell_share(0, places.n_all, 'coding', 'has lost its place', 'have lost their place')} in the text"
    if places.n_unchecked:
        counted = ("cannot be checked here and counts", "cannot be checked here and count")
        words += f"; {count_who(places.n_unchecked, *counted)} as evidence"
    words += " (those that a later round superseded are not counted)" if places.n_all else ""
    words = words if places.n_all else "There are no codings yet"
    return _name_threat("Lost places", words, "audit/tables/orphans.html")


def _describe_readers(frames: Frames) -> Threat:
    readers = list(counts.count_readers(frames).values())
    n_unread, n_single = readers.count(0), readers.count(1)
    n_several = len(readers) - n_unread - n_single
    words = f"{tell_share(n_several, len(readers), 'source', 'was', 'were')} read to the end by two coders or more"
    words += f"; {n_single:,} by one only" if n_single else ""
    words += f"; {n_unread:,} by nobody" if n_unread else ""
    return _name_threat("Readers", words, "audit/sources.html")


def _describe_disputes(frames: Frames) -> Threat:
    disputes = counts.count_disputes(frames)
    words = "There is no disputed unit"
    if disputes.n_all:
        words = f"{tell_share(disputes.n_open, disputes.n_all, 'disputed unit', 'is', 'are')} open"
    if disputes.n_open:
        words += ": what any of the coders gave counts as evidence until somebody settles it"
    return _name_threat("Open disagreements", words, "audit/tables/disagreements.html")


def _describe_agreement(agreement: pd.DataFrame) -> Threat:
    target = "audit/tables/agreement.html"
    if agreement.empty:
        return _name_threat("Agreement", "No two coders have finished the same source in the same round", target)
    number = agreement["round"].max()
    last = agreement[(agreement["round"] == number) & (agreement["scope"] != "overall")]
    alphas = last[last["measure"] == "alpha_nominal"]
    lowest = alphas.groupby("scope")["value"].min().dropna()  # a code that was not given in the round has no value
    weak = lowest[lowest < TENTATIVE]
    words = f"In round {number}, the last, no code has a nominal alpha"
    if len(lowest):
        words = f"{tell_share(len(weak), len(lowest), 'code', 'has', 'have')} a nominal alpha below {TENTATIVE}, the "
        words += f"bound for tentative conclusions, in round {number}, the last"
    each = ", ".join(f"{code} {value:.3f}" for code, value in weak.items())
    target += f"?round={number}&measure=alpha_nominal"
    return _name_threat("Agreement", words + (f" ({each})" if each else ""), target)


def _describe_publishers(frames: Frames) -> Threat:
    sources, n_groups = frames["sources"], counts.count_publisher_groups(frames)
    sizes = sources["publisher"][sources["publisher"].map(names_publisher).astype(bool)].value_counts()
    n_most = int(sizes.max()) if len(sizes) else 0
    most = sorted(sizes[sizes == n_most].index)
    n_unknown = len(sources) - int(sizes.sum())
    words = (
        f"The sources are by {count_things(len(sizes), 'publisher')}" if len(sources) else "There are no sources yet"
    )
    if len(most) == 1:
        share = count_among(n_most, len(sources), "source")
        words += f"; {share} {agree(n_most, 'is', 'are')} by {most[0]}" + (", the most" if len(sizes) > 1 else "")
    elif most:
        words += f"; none has more than {count_things(n_most, 'source')}"
    if n_groups < len(sizes):
        words += f"; counted by who stands behind them, they are {n_groups:,}"
    words += f"; who publishes {count_things(n_unknown, 'source')} is not stated" if n_unknown else ""
    return _name_threat("Publishers", words, "audit/sources.html")


def _describe_floor(frames: Frames, min_publishers: int) -> Threat:
    n_all, weak, falling = len(frames["guidelines"]), counts.list_weak(frames), counts.list_falling(frames)
    n_firm = n_all - len(weak)
    words = f"{tell_share(n_firm, n_all, 'guideline', 'rests', 'rest')} on "
    words += f"{count_things(min_publishers, 'publisher')} or more"
    words += f"; {', '.join(weak)} {agree(len(weak), 'does', 'do')} not" if weak and n_firm else ""
    if falling:
        words += f"; without one of {agree(len(falling), 'its', 'their')} publishers, {', '.join(falling)} would not"
    elif n_firm:
        words += ", also without any one of them"
    fallen = counts.list_fallen_groups(frames, "guideline")
    if fallen:
        words += f"; with publishers of one group counted once, {', '.join(fallen)} would not"
    words = words if n_all else "There are no guidelines yet"
    return _name_threat("Thin support", words, "audit/tables/publisher_sensitivity.html?falls=yes")


def _describe_claims(frames: Frames) -> list[Threat]:
    words = describe_threat(frames)
    return [_name_threat("Claims", words, "audit/tables/claim_support.html")] if words else []


def _describe_appraisal(frames: Frames) -> Threat:
    appraised, n_all = counts.list_appraised(frames), len(frames["sources"])
    n_single, n_appraised = int((appraised["n_appraisers"].astype(int) == 1).sum()), len(appraised)
    words = f"{tell_share(n_appraised, n_all, 'source', 'was', 'were')} appraised"
    words += f", {n_single:,} by one appraiser only" if n_single else ""
    words += "; the others stay at every cut-off of the sensitivity analysis" if 0 < n_appraised < n_all else ""
    return _name_threat("Appraisal", words, "audit/tables/quality_scores.html")


def read_section(page: str, heading: str) -> list[str]:
    """Return the items of the list under a heading of a Markdown page; none if the page has no such heading."""
    _, found, rest = page.partition(f"\n## {heading}\n")
    section = rest.partition("\n## ")[0] if found else ""
    items: list[str] = []
    for line in section.splitlines():
        if line.startswith("- "):
            items.append(line[2:].strip())
        elif items and line.startswith("  "):
            items[-1] += " " + line.strip()
    return items
