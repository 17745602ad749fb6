"""Threats to validity: what the review's own figures warn of, and what its scripts assume."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from graylit.tables.locating import LOST

TENTATIVE = 0.667  # Krippendorff's own bound for tentative conclusions (Content Analysis, 2004)
MARK = re.compile(r"ASSUME:\s*")
Threat = dict[str, str]  # name, words, and target: the page of the rows behind it


def collect_assumptions(scripts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the assumptions that scripts mark, each with its script; `scripts` holds their contents by name."""
    found = []
    for name, content in sorted(scripts.items()):
        for mark in MARK.finditer(content):
            if words := _read_paragraph(content, mark.start(), mark.end()):
                found.append({"script": name, "words": words})
    return found


def _read_paragraph(content: str, start: int, end: int) -> str:
    """Return the words from `end` to the end of the comment, or of the docstring's paragraph.

    Return '' if the mark from `start` to `end` is only mentioned: it follows a quotation mark or a bracket.
    """
    before = content[content.rfind("\n", 0, start) + 1 : start].strip()
    first, *lines = content[end:].split("\n")
    if before.endswith(("`", '"', "'", "(")):
        return ""
    words = [first]
    for line in lines:
        plain = line.strip()
        is_over = "#" in before[1:] or '"""' in words[-1] or not plain
        if is_over or plain.startswith("#") != before.startswith("#"):
            break
        words.append(plain.lstrip("# "))
    return " ".join(" ".join(words).partition('"""')[0].split())


def list_threats(
    *,
    texts: pd.DataFrame | None,
    changes: pd.DataFrame,
    sources: pd.DataFrame,
    codings: pd.DataFrame,
    agreement: pd.DataFrame,
    support: pd.DataFrame,
    by_publisher: pd.DataFrame,
    min_publishers: int,
) -> list[Threat]:
    """List the threats that the figures of this run show; a figure that shows none says so."""
    threats = []
    if texts is not None:
        threats.append(_describe_texts(texts, changes))
        threats.append(_describe_orphans(codings))
    if not agreement.empty:
        threats.append(_describe_agreement(agreement))
    threats.append(_describe_publishers(sources))
    threats.append(_describe_floor(support, by_publisher, min_publishers))
    return threats


def _describe_texts(texts: pd.DataFrame, changes: pd.DataFrame) -> Threat:
    n_missing = int((texts["outcome"] != "extracted").sum())
    n_frozen = int((changes["served_by"] == "frozen").sum())
    parts = [
        f"{n_missing} of {len(texts)} sources have no text" if n_missing else f"All {len(texts)} sources have a text",
        f"{n_frozen} of them were read from the frozen corpus, with no page at hand to check it" if n_frozen else "",
    ]
    return {"name": "Lost sources", "words": f"{'; '.join(filter(None, parts))}.", "target": "audit/sources.html"}


def _describe_orphans(codings: pd.DataFrame) -> Threat:
    n = int(codings["method"].isin(LOST).sum())
    words = f"{n} of {len(codings)} codings were not found again" if n else "Every coding was found in its text"
    return {"name": "Lost places", "words": f"{words}.", "target": "audit/tables/orphans.html"}


def _describe_agreement(agreement: pd.DataFrame) -> Threat:
    last = agreement[agreement["round"] == agreement["round"].max()]
    alphas = last[(last["scope"] != "overall") & (last["measure"] == "alpha_nominal")]
    lowest = alphas.groupby("scope")["value"].min().dropna()  # a code that was not given in the round has no value
    weak = lowest[lowest < TENTATIVE]
    each = ", ".join(f"{code} ({value:.3f})" for code, value in weak.items())
    words = (
        f"In the last round {len(weak)} of {len(lowest)} codes {'stays' if len(weak) == 1 else 'stay'} below "
        f"{TENTATIVE}, the bound for tentative conclusions: {each}"
        if len(weak)
        else f"In the last round no code stays below {TENTATIVE}, the bound for tentative conclusions"
    )
    target = f"audit/tables/agreement.html?round={last['round'].max()}&measure=alpha_nominal"
    return {"name": "Agreement", "words": f"{words}.", "target": target}


def _describe_publishers(sources: pd.DataFrame) -> Threat:
    counts = sources["publisher"].value_counts()
    first = sorted(counts[counts == counts.max()].index)[0]
    words = f"{len(counts)} publishers; the one with most sources, {first}, has {counts.max()} of {len(sources)}"
    return {"name": "Publishers", "words": f"{words}.", "target": "audit/sources.html"}


def _describe_floor(support: pd.DataFrame, by_publisher: pd.DataFrame, min_publishers: int) -> Threat:
    weak = support.loc[support["has_floor"] == "no", "guideline_id"].tolist()
    falling = sorted(by_publisher.loc[by_publisher["falls"] == "yes", "guideline_id"].unique())
    parts = [
        f"{_name(weak)} rest on fewer than {min_publishers} publishers" if weak else "",
        f"{_name(falling)} would, without one of theirs" if falling else "",
    ]
    words = "; ".join(filter(None, parts)) or (
        f"Every guideline rests on {min_publishers} publishers or more, also without any single one"
    )
    return {"name": "Thin support", "words": f"{words}.", "target": "audit/tables/publisher_sensitivity.html?falls=yes"}


def _name(ids: Sequence[str]) -> str:
    return ", ".join(ids)


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
