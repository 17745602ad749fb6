"""Reading a mapping: every fault of it at once, each with its line, and what was meant if a name is close."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graylit.exchange.imported_texts import WEB
from graylit.exchange.mapping import Entry, Mapping, Said
from graylit.exchange.mapping_details import Details
from graylit.exchange.mapping_keys import PARTS, TOP, list_keys
from graylit.exchange.mapping_values import Made
from graylit.exchange.yaml_nodes import Node, read_nodes
from graylit.tables.faults import InputError


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a file. Raises InputError with all its faults."""
    node, faults = read_nodes(path)
    if node is None:
        raise InputError(faults)
    reader = _Reader(str(path))
    mapping = reader.read_top(node, path)
    if faults + reader.faults:
        raise InputError(sorted(faults + reader.faults, key=lambda fault: fault.row or 0))
    return mapping


class _Reader(Details):
    """Reads a mapping and its parts."""

    def read_top(self, node: Node, path: Path) -> Mapping:
        """Return the whole mapping, as far as it can be read."""
        keys = self.read_keys(node, "", TOP, needed=("title", "sources"))
        title = self.read_text(keys["title"], "title") if "title" in keys else None
        texts = self.read_text(keys["texts"], "texts") if "texts" in keys else None
        contact = self.read_text(keys["contact"], "contact") if "contact" in keys else None
        if texts and texts.words == WEB and contact is None:
            self.refuse(texts.line, "contact", "is missing", "an address at which the owners of sites reach you")
        empty = self.read_empty(keys, "empty")
        parts = {part: self.read_part(keys[part], part, empty) for part in PARTS if part in keys}
        text = path.read_text(encoding="utf-8-sig") if node else ""
        return Mapping(path, text, title.words if title else "", texts, contact.words if contact else "", parts)

    def read_empty(self, keys: dict[str, Node], place: str) -> frozenset[str]:
        """Return the words that stand for an empty cell."""
        return (
            frozenset(said.words for said in self.read_texts(keys["empty"], place)) if "empty" in keys else frozenset()
        )

    def read_part(self, node: Node, part: str, empty: frozenset[str]) -> tuple[Entry, ...]:
        """Return the entries of a part: one, or several in a list."""
        if node.items is not None:
            if not node.items:
                self.refuse(node.line, part, "is an empty list", "keys, or a list of them")
            numbered = enumerate(node.items, start=1)
            return tuple(self.read_entry(item, part, f"{part}.{number}", empty) for number, item in numbered)
        return (self.read_entry(node, part, part, empty),)

    def read_entry(self, node: Node, part: str, place: str, empty: frozenset[str]) -> Entry:
        """Return what is said of one table of theirs."""
        keys = self.read_keys(node, place, list_keys(part), needed=("file", "columns"))
        names = PARTS[part].columns
        variables = self.read_each(keys.get("variables"), f"{place}.variables", None, self.read_variable)
        own = {**names, **dict.fromkeys(variables)}

        def texts(key: str) -> tuple[Said, ...]:
            return self.read_texts(keys[key], f"{place}.{key}") if key in keys else ()

        def each(key: str, read: Callable[[Node, str], Made | None]) -> dict[str, Made]:
            return self.read_each(keys.get(key), f"{place}.{key}", own, read)

        recode = keys.get("recode")
        is_rules = recode is not None and recode.items is not None
        split, single = self.read_split(keys.get("split"), f"{place}.split", own)
        entry = Entry(
            part,
            node.line,
            files=texts("file"),
            sheets=texts("sheet"),
            header=self.read_header(keys.get("header"), f"{place}.header"),
            encoding=self.read_encoding(keys.get("encoding"), f"{place}.encoding"),
            down=texts("down"),
            wide=self.read_wide(keys["wide"], f"{place}.wide") if "wide" in keys else None,
            where=self.read_where(keys.get("where"), f"{place}.where"),
            columns=self.read_each(keys.get("columns"), f"{place}.columns", names, self.read_expression),
            fill=each("fill", lambda n, p: self.read_text(n, p, may_be_empty=True)),
            recode={} if is_rules else each("recode", self.read_recode),
            rules=self.read_rules(recode, f"{place}.recode", own) if is_rules and recode else (),
            split=single | split,
            prefix={name: said.words for name, said in each("prefix", self.read_text).items()},
            dates={name: tuple(said.words for said in ways) for name, ways in each("dates", self.read_texts).items()},
            blank=self.read_names(texts("blank"), own),
            unify=self.read_names(texts("unify"), own),
            known_as=texts("known_as"),
            drops_unknown=self.read_choice(keys.get("unknown"), f"{place}.unknown", "drop") != "",
            repeats=self.read_choice(keys.get("repeats"), f"{place}.repeats", "drop", "first", "last"),
            has_one_name=self.read_choice(keys.get("same_name"), f"{place}.same_name", "one") != "",
            empty=empty | self.read_empty(keys, f"{place}.empty"),
            variables=variables,
        )
        if "columns" in keys and keys["columns"].pairs is not None:
            self.check_needed(entry, f"{place}.columns", keys["columns"].line)
        return entry

    def check_needed(self, entry: Entry, place: str, line: int) -> None:
        """Keep a fault for each group of columns of which none is filled."""
        for group in PARTS[entry.part].needed:
            is_refused = any(fault.column == f"{place}.{name}" for fault in self.faults for name in group)
            if not {*entry.columns, *entry.fill}.intersection(group) and not is_refused:
                expected = f"a column of theirs for {' or '.join(group)}"
                self.refuse(line, f"{place}.{group[0]}", "is missing", expected)
