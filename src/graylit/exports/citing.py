"""How to cite one work: an entry of BibLaTeX and one of RIS, for the review, its guidelines and its sources.

References
----------
RIS format specifications, Research Information Systems. BibLaTeX manual, entry types `dataset` and `online`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graylit.exports.bibliography import escape_url
from graylit.exports.citation import About
from graylit.exports.latex import escape_signs_of_ascii

RIS_TYPES = {"report": "RPRT", "thesis": "THES", "software": "COMP", "dataset": "DATA", "post-weblog": "BLOG"}


def format_ris(item: Mapping[str, Any]) -> str:
    """Return an item of CSL-JSON as a record of RIS."""
    fields = [
        ("TY", RIS_TYPES.get(item["type"], "ELEC")),
        ("ID", item["id"]),
        ("TI", item["title"]),
        *(("AU", name["literal"]) for name in item.get("author", [])),
        ("PB", item.get("publisher", "")),
        ("PY", _join_date(item.get("issued"), "")[:4]),
        ("DA", _join_date(item.get("issued"), "/")),
        ("Y2", _join_date(item.get("accessed"), "/")),
        ("ET", item.get("version", "")),
        ("DO", item.get("DOI", "")),
        ("UR", item.get("URL", "")),
        ("L2", item.get("archive_location", "")),
        ("N1", item.get("note", "")),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _join_date(date: Mapping[str, Any] | None, between: str) -> str:
    return between.join(f"{part:02}" for part in date["date-parts"][0]) if date else ""


def describe_review(about: About) -> dict[str, Any]:
    """Return the review as an item of CSL-JSON."""
    return {
        "id": "review",
        "type": "dataset",
        "title": about.title,
        "author": [{"literal": author.name} for author in about.authors],
        "issued": {"date-parts": [[int(part) for part in about.date.split("-")]]},
        "note": f"Licence: {about.licence}",
        "version": about.version,
        "DOI": about.doi,
    }


def describe_guideline(about: About, guideline_id: str, name: str) -> dict[str, Any]:
    """Return a guideline of the review as an item of CSL-JSON."""
    review = describe_review(about)
    note = f"Guideline {guideline_id} of: {about.title}. {review['note']}"
    return review | {"id": f"guideline-{guideline_id}", "title": name, "note": note}


def format_dataset(item: Mapping[str, Any]) -> str:
    """Return the review, or a part of it, as an entry of BibLaTeX."""
    authors = " and ".join(f"{{{escape_signs_of_ascii(author['literal'])}}}" for author in item["author"])
    fields = {
        "author": authors,
        "title": escape_signs_of_ascii(item["title"]),
        "date": "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]),
        "version": escape_signs_of_ascii(item["version"]),
        "doi": escape_url(item["DOI"]),
        "note": escape_signs_of_ascii(item["note"]),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@dataset{{{item['id']},", *lines, "}\n"])
