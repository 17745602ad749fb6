"""Write the codings as W3C Web Annotations (JSON-LD) and as one flat CSV file.

Positions count Unicode code points in the extracted text. In the CSV file a cell that a spreadsheet would take for a
formula (it starts with = + - @, a tab or a line end) has an apostrophe in front, which scripts that read it take away.

References
----------
Web Annotation Data Model, W3C Recommendation 2017, https://www.w3.org/TR/annotation-model/.
"""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graylit.exchange.refi import make_guid
from graylit.exchange.review import EXCHANGE_FOLDER, ExportedReview, date_coding
from graylit.tables.files import replace_file
from graylit.tables.rows import Cells, defuse_cell

N_CONTEXT = 32  # characters before and after a quote; chosen, not measured: enough for a reader to find the place
COLUMNS = (
    "coding_id",
    "coder",
    "round",
    "source_id",
    "url",
    "title",
    "publisher",
    "segment_id",
    "start",
    "end",
    "exact",
    "code_id",
    "code",
    "given_code_id",
    "memo",
    "confidence",
    "method",
    "standing",
    "adjudication_id",
    "is_evidence",
    "coded_at",
)


def annotate_codings(review: ExportedReview, has_words: bool) -> dict[str, Any]:
    """Return all codings as a collection of annotations; without words they may be published with the study."""
    sources = {row["source_id"]: row for row in review.study.sources.cells}
    items = [_annotate(coding, sources[coding["source_id"]], review, has_words) for coding in review.codings]
    collection = f"urn:uuid:{make_guid('collection', 'codings')}"
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": collection,
        "type": "AnnotationCollection",
        "label": str(review.study.config["title"]),
        "total": len(items),
        "first": {
            "id": f"urn:uuid:{make_guid('page', 'codings 1')}",
            "type": "AnnotationPage",
            "partOf": collection,
            "startIndex": 0,
            "items": items,
        },
    }


def _annotate(coding: Cells, source: Cells, review: ExportedReview, has_words: bool) -> dict[str, Any]:
    """Return one coding as an annotation: who gave which code to which words of which page."""
    created = {"created": date_coding(coding["coded_at"])} if coding["coded_at"] else {}
    creator = {"id": f"urn:uuid:{make_guid('coder', coding['coder'])}", "nickname": coding["coder"]}
    return {
        "id": f"urn:uuid:{make_guid('coding', coding['coding_id'])}",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": creator,
        **created,
        "body": _list_bodies(coding, review),
        "target": _describe_target(coding, source, review, has_words),
    }


def _list_bodies(coding: Cells, review: ExportedReview) -> list[dict[str, str]]:
    """Return the code in force, the coder's memo, and the ruling of the adjudication."""
    code_id = coding["code_id"]
    code = {"id": f"urn:uuid:{make_guid('code', code_id)}", "type": "TextualBody", "purpose": "classifying"}
    bodies = [{**code, "value": review.codes[code_id]["name"]}]
    if coding["memo"]:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": coding["memo"]})
    if coding["standing"] != "open":
        bodies.append({"type": "TextualBody", "purpose": "assessing", "value": coding["standing"]})
    return bodies


def _describe_target(coding: Cells, source: Cells, review: ExportedReview, has_words: bool) -> dict[str, Any]:
    """Return the page, the place in its text, and the state of the page that was coded."""
    target: dict[str, Any] = {"type": "SpecificResource", "source": source["url"]}
    if coding["start"]:
        start, end = int(coding["start"]), int(coding["end"])
        selectors: list[Mapping[str, object]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
        if has_words:
            selectors.insert(0, _quote(review.texts[coding["source_id"]], start, end))
        target["selector"] = selectors
    captured = review.captured.get(coding["source_id"], {})
    when = {"sourceDate": captured["captured_at"]} if captured.get("captured_at") else {}
    cached = {"cached": source["pinned_url"]} if source["pinned_url"] else {}
    return {**target, "state": [{"type": "TimeState", **when, **cached}]} if when or cached else target


def _quote(text: str, start: int, end: int) -> dict[str, object]:
    return {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - N_CONTEXT) : start],
        "suffix": text[end : end + N_CONTEXT],
    }


def tabulate_codings(review: ExportedReview, has_words: bool) -> str:
    """Return all codings as CSV, one row each, with the words of their source and code."""
    sources = {row["source_id"]: row for row in review.study.sources.cells}
    lines = io.StringIO()
    table = csv.DictWriter(lines, COLUMNS, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    for coding in review.codings:
        source = sources[coding["source_id"]]
        text = review.texts.get(coding["source_id"], "") if has_words and coding["start"] else ""
        exported = coding | {name: source[name] for name in ("url", "title", "publisher")}
        exported["exact"] = text[int(coding["start"]) : int(coding["end"])] if text else ""
        exported["code"] = review.codes[coding["code_id"]]["name"]
        table.writerow({name: defuse_cell(exported[name]) for name in COLUMNS})
    return lines.getvalue()


def write_codings(folder: Path, review: ExportedReview, has_words: bool) -> Path:
    """Write annotations.jsonld and codings.csv; return the folder they are in."""
    target = folder / EXCHANGE_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    annotations = json.dumps(annotate_codings(review, has_words), ensure_ascii=False, indent=1)
    replace_file(target / "annotations.jsonld", annotations + "\n")
    replace_file(target / "codings.csv", tabulate_codings(review, has_words))
    return target
