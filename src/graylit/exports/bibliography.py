"""The sources as a bibliography: CSL-JSON and BibLaTeX.

References
----------
CSL 1.0.2, input data schema (csl-data.json). BibLaTeX manual, entry type `online`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graylit.exports.latex import escape_signs_of_ascii
from graylit.tables.addresses import hide_users, host_of
from graylit.tables.rows import Cells
from graylit.tables.sources import names_publisher

# CSL types by a word in the source's kind, which is in the study's own words; any other source is a web page.
CSL_TYPES = {
    "blog": "post-weblog",
    "blogpost": "post-weblog",
    "weblog": "post-weblog",
    "forum": "post",
    "report": "report",
    "paper": "report",
    "whitepaper": "report",
    "newspaper": "article-newspaper",
    "magazine": "article-magazine",
    "talk": "speech",
    "presentation": "speech",
    "thesis": "thesis",
    "dissertation": "thesis",
    "repository": "software",
    "repositories": "software",
    "dataset": "dataset",
}


Mementos = Mapping[tuple[str, str], Cells]  # by source and address: the copies that a web archive keeps


def list_csl_items(
    sources: Iterable[Cells], texts: Mapping[str, Cells], mementos: Mementos | None = None
) -> list[dict[str, Any]]:
    """Return the sources as CSL-JSON items; `texts` say when each was captured, `mementos` where a copy of it is."""
    return [_describe_item(row, texts.get(row["source_id"], {}), find_memento(mementos, row)) for row in sources]


def find_memento(mementos: Mementos | None, source: Cells) -> Cells:
    """Return the copy of a source's own page that a web archive keeps; nothing if there is none."""
    return (mementos or {}).get((source["source_id"], hide_users(source["url"])), {})


def _describe_item(source: Cells, text: Cells, memento: Cells) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": source["source_id"],
        "type": choose_csl_type(source["source_type"]),
        "title": source["title"],
        "genre": source["source_type"],
        "URL": source["url"],
    }
    # The publisher stands as author alone: as name of the site, too, styles would print it twice.
    if names_publisher(source["publisher"]):
        item["author"] = [{"literal": source["publisher"]}]
    for name, date in (("issued", source["published"]), ("accessed", text.get("captured_at", "")[:10])):
        if date:
            item[name] = {"date-parts": [[int(part) for part in date.split("-")]]}
    if memento:
        kept = {"archive": host_of(memento["memento"]), "archive_location": memento["memento"]}
        pinned = {"note": f"Unchanging copy: {source['pinned_url']}"} if source["pinned_url"] else {}
        return item | kept | pinned
    return item | ({"archive_location": source["pinned_url"]} if source["pinned_url"] else {})


def choose_csl_type(source_type: str) -> str:
    """Return the CSL type for a kind of source: that of its last known word, since the last says what it is."""
    words = re.findall(r"[a-z]+", source_type.lower())
    known = (CSL_TYPES.get(word) or CSL_TYPES.get(word.removesuffix("s")) for word in reversed(words))
    return next(filter(None, known), "webpage")


def format_biblatex(sources: Iterable[Cells], texts: Mapping[str, Cells], mementos: Mementos | None = None) -> str:
    """Return the sources as BibLaTeX entries, keyed by source_id."""
    entries = (_format_entry(row, texts.get(row["source_id"], {}), find_memento(mementos, row)) for row in sources)
    return "\n".join(entries)


def _format_entry(source: Cells, text: Cells, memento: Cells) -> str:
    fields = {
        "author": _name_author(source["publisher"]),
        "title": escape_signs_of_ascii(source["title"]),
        "date": source["published"],
        "url": escape_url(source["url"]),
        "urldate": text.get("captured_at", "")[:10],
        "note": escape_signs_of_ascii(source["source_type"]),  # entries of the kind online have no field for their type
        # A field of its own kind, in which no sign of an address means anything else.
        "eprint": escape_url(memento.get("memento", "")),
        "eprinttype": "web archive" if memento else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value.strip("{}")]
    return "\n".join([f"@online{{{source['source_id']},", *lines, "}\n"])


def _name_author(publisher: str) -> str:
    """Return a publisher as an author, braced: one name, never taken apart; '' if nobody knows who it is."""
    return f"{{{escape_signs_of_ascii(publisher)}}}" if names_publisher(publisher) else ""


def escape_url(url: str) -> str:
    """Return an address with the characters encoded that mean something in BibLaTeX, LaTeX or Markdown."""
    return re.sub(r"[^\w.~:/?#@!$&+,;=%-]", lambda found: _encode(found[0]), url, flags=re.ASCII)


def _encode(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))
