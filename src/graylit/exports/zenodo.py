"""What Zenodo asks of a deposit, as the file `.zenodo.json` states it.

References
----------
Zenodo, https://developers.zenodo.org/#deposit-metadata; it reads the file in repositories of GitHub, and its form and
its interface have the same fields.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from graylit.exports.citation import KEYWORDS, About
from graylit.study.authors import ORCID

FILE = ".zenodo.json"


def format_zenodo(about: About) -> str:
    """Return the metadata of a deposit of the package."""
    deposit: dict[str, Any] = {
        "upload_type": "dataset",
        "title": about.title,
        "creators": describe_creators(about),
        "description": f"<p>{escape(about.description, quote=False)}</p>",
        "access_right": "open",
        "license": about.licence,
        "publication_date": about.date,
        "version": about.version or about.date,
        "keywords": list(KEYWORDS),
        "notes": "To replay: python3 replay.py. README.md says what decides, BADGES.md what was measured.",
        "references": [work.reference for work in about.goes_back_to],
        "related_identifiers": [
            {"identifier": work.identifier or work.url, "relation": "cites"} for work in about.goes_back_to
        ],
    }
    deposit |= {"doi": about.doi} if about.doi else {}
    return json.dumps({key: value for key, value in deposit.items() if value}, ensure_ascii=False, indent=1) + "\n"


def describe_creators(about: About) -> list[dict[str, str]]:
    """Return the authors as creators; a deposit has at least one, so those who name nobody are anonymous."""
    named = [
        {"name": author.name}
        | ({"affiliation": author.affiliation} if author.affiliation else {})
        | ({"orcid": author.orcid.removeprefix(ORCID)} if author.orcid else {})
        for author in about.authors
    ]
    return named or [{"name": "Anonymous"}]
