"""YAML as somebody wrote it: every value is text with its line, and what is wrong is a fault with its line.

YAML reads `no`, `1.0` and `2024-01-05` as no words. A mapping quotes what stands in other people's tables, so here they
stay what they look like.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from graylit.tables.faults import Fault

MAX_DEPTH = 20  # levels: chosen, far more than a mapping has; references can make a file of a few lines endless
MAX_NODES = 200_000  # values: chosen, as many as a list of 100,000 names that are written otherwise


@dataclass(frozen=True)
class Node:
    """A value of a YAML file and its line: a text, a list, or keys with their lines; none of the three is nothing."""

    line: int
    text: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[str, int, Node], ...] | None = None

    @property
    def kind(self) -> str:
        """Return what it is, in words."""
        if self.text is not None:
            return "a text"
        if self.items is not None:
            return "a list"
        return "nothing" if self.pairs is None else "keys with values"


class _LimitError(Exception):
    """Levels or values of a file are more than any mapping has."""


def read_nodes(path: Path) -> tuple[Node | None, list[Fault]]:
    """Return what a YAML file holds, None if it cannot be read, and its faults: a key that stands twice is one."""
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        composed = yaml.compose(text, Loader=yaml.SafeLoader)
        counter = iter(range(MAX_NODES))
        node = None if composed is None else _convert(composed, 0, counter)
    except FileNotFoundError:
        return None, [Fault(file, "is missing", "a mapping", "correct the name of the file")]
    except UnicodeDecodeError:
        return None, [Fault(file, "is not UTF-8", "UTF-8", "save it again as UTF-8")]
    except OSError as error:
        return None, [Fault(file, f"cannot be read ({error.strerror})", "a mapping", "name the file of the mapping")]
    except (_LimitError, RecursionError):
        return None, [Fault(file, "has too many levels or values", "a mapping", "leave out references (& and *)")]
    except yaml.YAMLError as error:
        return None, [_describe_error(file, error)]
    if node is None:
        return None, [Fault(file, "is empty", "a mapping", "docs/import.md begins with one that works")]
    return node, list(_find_twice(node, file))


def _describe_error(file: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    remedy = "look at the line and the one above it"
    if "\\t" in said:
        remedy = "indent with spaces: YAML allows no tabs there"
    elif "mapping values are not allowed" in said or "expected <block end>" in said:
        remedy += "; a text with ': ', '#', a brace or a bracket needs quotes around it"
    return Fault(file, f"is not YAML ({said})", "YAML", remedy, row=mark.line + 1 if mark else None)


def _convert(node: yaml.Node, depth: int, counter: Iterator[int]) -> Node:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH or next(counter, None) is None:
        raise _LimitError
    if isinstance(node, yaml.ScalarNode):
        is_nothing = node.tag == "tag:yaml.org,2002:null"
        return Node(line) if is_nothing else Node(line, text=node.value)
    if isinstance(node, yaml.SequenceNode):
        return Node(line, items=tuple(_convert(part, depth + 1, counter) for part in node.value))
    pairs = (
        (_read_key(key, depth, counter), key.start_mark.line + 1, _convert(value, depth + 1, counter))
        for key, value in node.value
    )
    return Node(line, pairs=tuple(pairs))


def _read_key(key: yaml.Node, depth: int, counter: Iterator[int]) -> str:
    """Return a key as it is written; `{}` and `[]` are no keys that anybody means."""
    _convert(key, depth + 1, counter)
    return key.value if isinstance(key, yaml.ScalarNode) else "(a list or keys)"


def _find_twice(node: Node, file: str, place: str = "") -> Iterator[Fault]:
    """Yield a fault for each key that stands twice beside itself: only one of the two would count."""
    seen: dict[str, int] = {}
    for key, line, value in node.pairs or ():
        column = f"{place}.{key}" if place else key
        if key in seen:
            problem, remedy = f"stands in line {seen[key]} already", "join the two, or remove one"
            yield Fault(file, problem, "each key once", remedy, line, column)
        seen.setdefault(key, line)
        yield from _find_twice(value, file, column)
    for value in node.items or ():
        yield from _find_twice(value, file, place)
