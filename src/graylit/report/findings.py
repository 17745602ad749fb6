"""What the report begins with: the research questions, their answers, further findings, and the tables they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from graylit.pages.wording import join_words
from graylit.report.frames import Frames, Part, Records, list_records
from graylit.study.findings import fill_wording, list_findings, list_questions
from graylit.tables.impacts import list_attributes
from graylit.tables.kinds import split_ids
from graylit.tables.rows import list_rows

N_COMPONENTS = 12  # components shown, most often touched first; chosen by eye
Cell = tuple[str, str]  # words, and the address of the rows behind them


def describe_findings(frames: Frames, protocol: str, numbers: Mapping[str, str]) -> Part:
    """Return the questions with their findings, and findings of none; None if there are neither.

    `numbers` holds the numbers of the review by their names, as they are written.
    """
    questions = list_questions(protocol)
    rows = list_findings([{**row, "question": _number(row["question"])} for row in list_records(frames["findings"])])
    if not questions and not rows:
        return None
    names = dict(zip(frames["guidelines"]["guideline_id"], frames["guidelines"]["name"], strict=True))
    told = [_describe_finding(frames, row, numbers, names) for row in rows]
    return {
        "questions": [
            {
                "number": number,
                "question": question,
                "findings": [one for one in told if one["question"] == str(number)],
            }
            for number, question in questions.items()
        ],
        "further": [one for one in told if not one["question"]],
        "deciders": sorted({row["decided_by"] for row in rows if row["decided_by"]}),
    }


def _number(cell: int | None) -> str:
    return "" if cell is None else str(cell)


def _describe_finding(
    frames: Frames, row: Mapping[str, Any], numbers: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    guidelines = [(one, names[one]) for one in split_ids(row["guideline_ids"]) if one in names]
    return {
        **row,
        "words": fill_wording(row["wording"], numbers),
        "guidelines": guidelines,
        "table": TABLES[row["shows"]](frames) if row["shows"] else None,
    }


def _show(caption: str, head: list[str], rows: list[list[Cell]], note: str = "") -> Part:
    """Return a table for the page; the first column holds names, the others numbers."""
    return {"caption": caption, "head": head, "rows": rows, "note": note} if rows else None


def _show_guidelines(frames: Frames) -> Part:
    """Return the guidelines by rank, with what supports them, and what speaks against them if claims were read."""
    quality = {row["guideline_id"]: row for row in list_middle_quality(frames)}
    support = frames["guideline_support"].sort_values(["rank", "guideline_id"])
    has_claims = "n_sources_against" in support
    rows = []
    for row in list_records(support):
        key = row["guideline_id"]
        middle = quality.get(key, {}).get("median_score")
        cells = [
            (f"{key} {row['name']}", f"#{key}"),
            (str(row["n_sources"]), f"audit/tables/evidence.html?guideline_id={key}"),
            (str(row["n_publishers"]), ""),
        ]
        cells += [(str(row["n_sources_against"]), f"audit/guidelines/{key}.html")] if has_claims else []
        cells += [("–" if middle is None else f"{middle:g}", "audit/tables/guideline_quality.html")] if quality else []
        rows.append(cells)
    head = [
        "guideline",
        "sources",
        "publishers",
        *["sources against"] * has_claims,
        *["median quality"] * bool(quality),
    ]
    return _show("Guidelines by the sources that support them", head, rows)


def _show_categories(frames: Frames) -> Part:
    support = {row["guideline_id"]: row for row in list_records(frames["guideline_support"])}
    rows = []
    for row in list_rows(frames["categories"]):
        members = [support[one] for one in split_ids(row["guideline_ids"]) if one in support]
        counts = [int(one["n_sources"]) for one in members]
        span = f"{min(counts)} to {max(counts)}" if counts else "–"
        target = f"#{row['category_id']}"
        rows.append([(f"{row['category_id']} {row['name']}", target), (str(len(members)), target), (span, "")])
    return _show("Categories of guidelines", ["category", "guidelines", "sources behind each"], rows)


def _show_attributes(frames: Frames) -> Part:
    impacts = frames["impacts"]
    counts = Counter(zip(impacts["quality_attribute"], impacts["effect"], strict=True))
    touched = {attribute for attribute, _ in counts}
    rows = []
    for name in [one for one in list_attributes(list_rows(frames["attributes"])) if one in touched]:
        target = f"audit/tables/impacts.html?quality_attribute={name.replace(' ', '%20')}"
        up, down = (counts[name, effect] for effect in ("strengthened", "strained"))
        rows.append([(name, target), (str(up), ""), (str(down), "")])
    return _show("Impacts by quality attribute", ["quality attribute", "strengthened", "strained"], rows)


def _show_components(frames: Frames) -> Part:
    impacts = frames["impacts"]
    counts = Counter(impacts["component"])
    of = impacts.groupby("component")["guideline_id"].agg(lambda ids: sorted(set(ids)))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [[(name, "#impact"), (str(n), ""), (join_words(of[name]), "")] for name, n in ordered[:N_COMPONENTS]]
    n_rest = len(ordered) - len(rows)
    note = f"The {len(rows)} that most impacts touch; {n_rest} more are in the list of impacts." if n_rest > 0 else ""
    return _show("Components that guidelines touch", ["component", "impacts", "guidelines"], rows, note)


def _show_claims(frames: Frames) -> Part:
    claims = frames["claim_support"]
    rows = []
    for row in list_rows(frames["guideline_claims"]):
        mine = claims[claims["guideline_id"] == row["guideline_id"]]
        n_firm, n_against = int((mine["has_floor"] == "yes").sum()), int((mine["n_against"] > 0).sum())
        cells = [(f"{row['guideline_id']} {row['name']}", f"#{row['guideline_id']}"), (str(len(mine)), "#claims")]
        rows.append([*cells, (str(n_firm), ""), (str(n_against), "")])
    head = ["guideline", "claims", "with enough publishers", "contradicted by a source"]
    return _show("Claims of guidelines", head, rows)


TABLES: dict[str, Callable[[Frames], Part]] = {
    "guidelines": _show_guidelines,
    "categories": _show_categories,
    "attributes": _show_attributes,
    "components": _show_components,
    "claims": _show_claims,
}


def list_middle_quality(frames: Frames) -> Records:
    """Return for each guideline how well its sources were appraised, by the middle one of the cut-offs."""
    rows = list_records(frames["guideline_quality"])
    cut_offs = sorted({row["cut_off"] for row in rows})
    middle = cut_offs[len(cut_offs) // 2] if cut_offs else None
    return [row for row in rows if row["cut_off"] == middle]
