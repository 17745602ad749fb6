"""REFI-QDA: the ids and names of this review's sources, codes and codings in a project that other tools open.

References
----------
REFI-QDA Project 1.0 (2019), https://www.qdasoftware.org; its schema stands in tests/refi.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from graylit.tables.rows import clean_words

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Graylit"
BOM = "\ufeff"
MAX_NAME = 120  # characters; tools make file names of the names of sources, and file systems allow 255 bytes
_GUIDS = uuid.UUID("6f0d5c1e-6b2f-5d0b-9a53-3c1f3f3d2b71")  # never change it: projects out there refer to it


def make_guid(kind: str, own_id: str) -> str:
    """Return the GUID of a source, code, coder, coding, … (`kind`) of ours, the same in every export."""
    return str(uuid.uuid5(_GUIDS, f"{kind} {own_id}"))


def clean_name(words: str) -> str:
    """Return words as a name on one line."""
    return " ".join(clean_words(words).split())


def name_source(row: Mapping[str, str]) -> str:
    """Return the name of a source in a project: its id and its title, cut to what a file name can hold."""
    title = re.sub(r'[\\/:*?"<>|]', " ", row["title"])
    return clean_name(f"{row['source_id']} {title}")[:MAX_NAME].rstrip(" .")


def name_codes(codes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return each code's name by code_id, with the id behind a name that two codes share: tools want unique ones."""
    names = {code_id: clean_name(row["name"]) for code_id, row in codes.items()}
    folded = [name.casefold() for name in names.values()]
    return {i: f"{name} ({i})" if folded.count(name.casefold()) > 1 else name for i, name in names.items()}


def stand_in_text(row: Mapping[str, str]) -> str:
    """Return the words that take the place of a missing text in a project."""
    return f"{row['title']}\n{row['url']}\n(no text of this source is at hand)\n"
