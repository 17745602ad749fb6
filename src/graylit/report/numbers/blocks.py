"""Lists and tables in Markdown that stand in the catalogue beside single numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from graylit.pages.number_forms import Number, write_number
from graylit.report.agreeing import list_agreement
from graylit.report.frames import Frames
from graylit.report.numbers.tabulating import block, escape_words, format_table
from graylit.report.original import NAMES, count_own
from graylit.tables.impacts import QUALITY_ATTRIBUTES
from graylit.tables.kinds import split_ids
from graylit.tables.numbers import COEFFICIENT, INTERVAL
from graylit.tables.rows import list_rows

ROUNDS_OF = ("alpha_masi", "alpha_jaccard", "alpha_nominal", "unitizing_alpha_nominal", "share_agreed")
UNPLACED = "In no category"


def list_blocks(frames: Frames, published: Mapping[str, int], found: Iterable[Number]) -> Iterator[Number]:
    """Yield the blocks; `published` holds the numbers of the original, `found` all numbers of the review."""
    yield block("list.guidelines", _list_guidelines(frames), "guidelines by category, best supported first")
    yield block("table.guidelines", _tabulate_guidelines(frames), "guidelines with their support, best first")
    yield block("table.claims", _tabulate_claims(frames), "guidelines with their claims and what was read of each")
    yield block("table.agreement", _tabulate_agreement(frames), "agreement at every stage, each by its main measure")
    yield block("table.agreement_by_round", _tabulate_rounds(frames["agreement"]), "agreement of coders by round")
    yield block("table.agreement_by_code", _tabulate_codes(found), "alpha of each code in the last round")
    yield block("table.impacts", _tabulate_impacts(frames["impacts"]), "quality attributes strengthened and strained")
    yield block("table.original", _tabulate_original(frames, published), "numbers of the original beside our own")


def _list_guidelines(frames: Frames) -> str:
    return "\n".join(
        f"- **{escape_words(category)}**: {'; '.join(map(_name_guideline, rows))}."
        for category, rows in _group_guidelines(frames)
    )


def _name_guideline(row: dict[str, Any]) -> str:
    return f"{row['guideline_id']} {escape_words(row['name'])} {row['n_sources']}/{row['n_publishers']}"


def _tabulate_guidelines(frames: Frames) -> str:
    is_claimed = "n_sources_against" in frames["guideline_support"]
    counted = ("n_sources", "n_publishers", "n_codings", *(["n_sources_against"] if is_claimed else []))
    category_of = {row["guideline_id"]: name for name, rows in _group_guidelines(frames) for row in rows}
    rows = [
        (f"{row['guideline_id']} {escape_words(row['name'])}", escape_words(category_of[row["guideline_id"]]),
         *(int(row[column]) for column in counted))
        for row in list_rows(frames["guideline_support"].sort_values("rank"))
    ]  # fmt: skip
    head = ("guideline", "category", "sources", "publishers", "codings", *(["sources against"] if is_claimed else []))
    return format_table(head, rows, n_words=2)


def _group_guidelines(frames: Frames) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the guidelines of each category, best supported first; those in none come last."""
    supported = {row["guideline_id"]: row for row in list_rows(frames["guideline_support"].sort_values("rank"))}
    named = {row["name"]: split_ids(row["guideline_ids"]) for row in list_rows(frames["categories"])}
    placed = {guideline_id for ids in named.values() for guideline_id in ids}
    named[UNPLACED] = [guideline_id for guideline_id in supported if guideline_id not in placed]
    groups = [(name, [row for key, row in supported.items() if key in ids]) for name, ids in named.items()]
    return [(name, rows) for name, rows in groups if rows]


def _tabulate_claims(frames: Frames) -> str:
    counted = ("n_supports", "n_partly", "n_against", "n_not_about", "n_sources", "n_publishers")
    rows = [
        (row["guideline_id"], row["claim_id"], escape_words(row["wording"]), *(int(row[name]) for name in counted))
        for row in list_rows(frames["claim_support"].sort_values(["guideline_id", "claim_id"]))
    ]
    head = ("guideline", "id", "claim", "supports", "partly", "against", "not about it", "sources", "publishers")
    return format_table(head, rows, n_words=3)


def _tabulate_agreement(frames: Frames) -> str:
    rows = [(told["what"], told["measure"], *_write_measure(told), told["units"], told["who"] or "–")
            for told in list_agreement(frames)]  # fmt: skip
    interval = "95 % interval (of sorters: lowest and highest pair)"
    return format_table(("decisions", "measure", "value", interval, "of", "who"), rows, n_words=2)


def _tabulate_codes(found: Iterable[Number]) -> str:
    pattern = re.compile(r"code\.(?P<code>[\w-]+)\.alpha")
    rows = [(match["code"], write_number(COEFFICIENT, number.value)) for number in found
            if (match := pattern.fullmatch(number.name))]  # fmt: skip
    return format_table(("code", "alpha"), rows, n_words=1)


def _tabulate_rounds(agreement: pd.DataFrame) -> str:
    overall = agreement[(agreement["scope"] == "overall") & agreement["measure"].isin(ROUNDS_OF)]
    order = list(ROUNDS_OF)
    rows = [
        (int(row["round"]), row["coders"], row["measure"].replace("_", " "), *_write_measure(row), int(row["n_units"]))
        for row in sorted(
            list_rows(overall), key=lambda row: (row["round"], row["coders"], order.index(row["measure"]))
        )
    ]
    return format_table(("round", "coders", "measure", "value", "95 % interval", "units"), rows, n_words=3)


def _write_measure(row: dict[str, Any]) -> tuple[str, str]:
    cells = [
        "" if row[name] is None or pd.isna(row[name]) else f"{row[name]:.10g}" for name in ("value", "low", "high")
    ]
    ends = "; ".join(cells[1:]) if all(cells[1:]) else ""
    return write_number(COEFFICIENT, cells[0]), write_number(INTERVAL, ends) if ends else "–"


def _tabulate_impacts(impacts: pd.DataFrame) -> str:
    known = [name for name in QUALITY_ATTRIBUTES if name in set(impacts["quality_attribute"])]
    named = [*known, *sorted(set(impacts["quality_attribute"]) - set(known))]
    rows = [
        (name, *(int((of_one["effect"] == effect).sum()) for effect in ("strengthened", "strained")))
        for name in named
        for of_one in [impacts[impacts["quality_attribute"] == name]]
    ]
    return format_table(("quality attribute", "strengthened", "strained"), rows, n_words=1)


def _tabulate_original(frames: Frames, published: Mapping[str, int]) -> str:
    own = count_own(frames)
    rows = [(name, int(published[key]), own[key]) for key, name in NAMES.items() if key in published]
    return format_table(("", "published", "here"), rows, n_words=1)
