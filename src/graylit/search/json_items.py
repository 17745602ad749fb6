"""Lists of JSON in which each item has an address, whatever wrote them, and bookmarks as browsers keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graylit.search.column_names import ROLES
from graylit.search.contents import Content
from graylit.search.json_answers import text_of
from graylit.search.search_results import Found, Hit


def read_items(content: Content) -> list[Found] | None:
    """Return the items of a JSON list that have an address as hits, whatever wrote it; None if it has none."""
    if not content.is_json:
        return None
    values = content.values
    holder: Mapping[str, Any] = values[0] if len(values) == 1 and isinstance(values[0], dict) else {}
    lists = [value for value in holder.values() if isinstance(value, list)] if holder else [_flatten(values)]
    listed = next(
        (items for items in lists if any(_find(part, "url") for item in items for part in _split_item(item))), None
    )
    if listed is None:
        return None
    facts = {"query": text_of(holder.get("query") or holder.get("q"))}
    items = [part for item in listed for part in _split_item(item)]
    hits = [
        Hit(_find(item, "url"), _find(item, "title"), _find(item, "snippet"), _find(item, "published"))
        for item in items
    ]
    return [Found({name: cell for name, cell in facts.items() if cell}, hits)]


def read_bookmark_files(content: Content) -> list[Found] | None:
    """Return what a browser keeps as JSON, or a bare list of addresses, as hits; None if it is neither."""
    if not content.is_json or len(content.values) != 1:
        return None
    whole = content.values[0]
    if isinstance(whole, list) and whole and all(isinstance(part, str) for part in whole):
        return [Found({}, [Hit(url) for url in whole])]
    hits = list(_list_bookmarks(whole)) if isinstance(whole, dict) else []
    return [Found({}, hits)] if hits else None


def _list_bookmarks(whole: Mapping[str, Any]) -> Iterator[Hit]:
    """Yield the bookmarks in folders within folders, in order."""
    held = whole.get("roots")
    waiting: list[Any] = [*reversed(held.values())] if isinstance(held, dict) else [whole]
    while waiting:
        mark = waiting.pop()
        children = mark.get("children") if isinstance(mark, dict) else None
        waiting += reversed(children) if isinstance(children, list) else []
        if isinstance(mark, dict) and mark is not whole and (url := text_of(mark.get("url") or mark.get("uri"))):
            yield Hit(url, text_of(mark.get("name") or mark.get("title")))


def _split_item(item: object) -> list[Mapping[str, Any]]:
    """Return an item of a list; as several if it holds a list of addresses, and an empty one if it is none."""
    if not isinstance(item, dict):
        return [{}]
    names = (name for name in item if name.casefold() in ROLES["url"] and isinstance(item[name], list) and item[name])
    name = next(names, "")
    return [{**item, name: url} for url in item[name]] if name else [item]


def _flatten(values: list[Any]) -> list[Any]:
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def _find(item: Mapping[str, Any], role: str) -> str:
    by_name = {name.casefold().replace("_", " "): text_of(value) for name, value in item.items()}
    return next((by_name[name] for name in ROLES[role] if by_name.get(name)), "")
