"""Values of a mapping: texts, lists and keys, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from graylit.exchange.mapping import Said
from graylit.exchange.yaml_nodes import Node
from graylit.tables.faults import Fault, suggest_name

HELP = "docs/import.md describes every key"
Made = TypeVar("Made")


def join_place(place: str, key: str) -> str:
    """Return the name of a key with those above it."""
    return f"{place}.{key}" if place else key


class Values:
    """Reads nodes into what they mean, and keeps what is wrong with them."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def refuse(self, node_line: int, place: str, problem: str, expected: str, value: str | None = None) -> None:
        """Keep a fault of the mapping."""
        self.faults.append(Fault(self._file, problem, expected, HELP, node_line, place, value))

    def read_keys(
        self, node: Node, place: str, known: Iterable[str] | None, needed: Iterable[str] = ()
    ) -> dict[str, Node]:
        """Return the values of keys; unknown and missing ones are faults. `known` is None if any key may stand."""
        if node.pairs is None:
            names = ", ".join(known) if known else "names with their values"
            self.refuse(node.line, place, f"is {node.kind}, and not keys with values", f"keys: {names}", node.text)
            return {}
        found: dict[str, Node] = {}
        for key, line, value in node.pairs:
            if known is not None and key not in known:
                hint = suggest_name(key, set(known) - {name for name, _, _ in node.pairs})
                self.refuse(line, join_place(place, key), f"is not a key{hint}", f"one of {', '.join(known)}")
            else:
                found.setdefault(key, value)
        for key in needed:
            if key not in found:
                self.refuse(node.line, join_place(place, key), "is missing", "this key and its value")
        return found

    def read_text(self, node: Node, place: str, may_be_empty: bool = False) -> Said | None:
        """Return a text; None, and a fault, if it is none."""
        if node.text is None and not (may_be_empty and node.kind == "nothing"):
            expected = "a text; several columns are joined by a template, such as '{Level 1}: {Level 2}'"
            self.refuse(node.line, place, f"is {node.kind}", expected if node.items is not None else "a text")
            return None
        words = node.text or ""
        if not words.strip() and not may_be_empty:
            self.refuse(node.line, place, "is empty", "a text")
            return None
        return Said(words, node.line, place)

    def read_texts(self, node: Node, place: str) -> tuple[Said, ...]:
        """Return one text or a list of them."""
        nodes = node.items if node.items is not None else (node,)
        if not nodes:
            self.refuse(node.line, place, "is an empty list", "a text, or a list of texts")
        return tuple(said for part in nodes if (said := self.read_text(part, place)) is not None)

    def read_each(
        self, node: Node | None, place: str, known: Iterable[str] | None, read: Callable[[Node, str], Made | None]
    ) -> dict[str, Made]:
        """Return what stands under each key of a node."""
        keys = {} if node is None else self.read_keys(node, place, known)
        made = {key: read(value, join_place(place, key)) for key, value in keys.items()}
        return {key: value for key, value in made.items() if value is not None}

    def read_names(self, said: tuple[Said, ...], known: Iterable[str]) -> tuple[str, ...]:
        """Return names of our columns."""
        for name in said:
            if name.words not in known:
                hint = suggest_name(name.words, known)
                self.refuse(name.line, name.place, f"is none of our columns{hint}", ", ".join(known), name.words)
        return tuple(name.words for name in said)

    def read_choice(self, node: Node | None, place: str, *choices: str) -> str:
        """Return which of the words that a key can have is said; '' if it is not there."""
        said = None if node is None else self.read_text(node, place)
        if said and said.words not in choices:
            hint = suggest_name(said.words, choices)
            self.refuse(said.line, place, f"is not what can be said here{hint}", " or ".join(choices), said.words)
        return said.words if said else ""
