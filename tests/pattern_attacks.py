"""Patterns of the program, and for each the texts that cost a bad one most.

A pattern costs more than its share if it can read the same signs in many ways. So each text is what leads to a part
that may repeat, then that part over and over, then a sign at which the pattern cannot go on.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # the standard library's own parser of patterns
from re import _parser as parser
from typing import NamedTuple

METHODS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
MANY = 1_000  # a part that may repeat more often than that counts as without an end
SIGNS = " \na1-<>&|é\u3042:~=`.,\t#*\"'/_[(\u0301"
PER_CLASS = 8  # signs tried of one class of signs


class Use(NamedTuple):
    """A pattern, how it is asked (from the start, as a whole, or anywhere), and where it stands."""

    pattern: re.Pattern
    method: str
    place: str


def list_uses(folders: list[Path]) -> list[Use]:
    """Return every pattern of the Python files in the folders, in each way that it is asked, once."""
    uses: dict[tuple, Use] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for use in [*_list_inline(tree, path.name), *_list_named(path, folder, tree)]:
                uses.setdefault((use.pattern, use.method), use)
    return list(uses.values())


def _list_inline(tree: ast.Module, name: str) -> Iterator[Use]:
    for call, owner in _list_calls(tree):
        if owner == "re" and isinstance(call.args[0], ast.Constant):
            flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
            written = ast.unparse(flags[0]) if flags else "0"
            pattern = re.compile(call.args[0].value, eval(written, {"re": re}))
            yield Use(pattern, _simplify(call.func.attr), f"{name}:{call.lineno}")


def _list_named(path: Path, folder: Path, tree: ast.Module) -> Iterator[Use]:
    asked: dict[str, set[str]] = {}
    for call, owner in _list_calls(tree):
        asked.setdefault(owner, set()).add(_simplify(call.func.attr))
    for name, value in vars(_import(path, folder)).items():
        for pattern in _list_patterns(value):
            for method in asked.get(name, {"search"}):
                yield Use(pattern, method, f"{path.name}:{name}")


def _list_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            owner = node.func.value
            yield node, owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")


def _simplify(method: str) -> str:
    return method if method in ("match", "fullmatch") else "sub"


def _import(path: Path, folder: Path) -> object:
    if folder.name == "graylit":
        return importlib.import_module(".".join(("graylit", *path.relative_to(folder).with_suffix("").parts)))
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    return importlib.import_module(path.stem)


def _list_patterns(value: object) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _list_patterns(list(value.values()))
    elif isinstance(value, (tuple, list)):
        yield from (pattern for item in value for pattern in _list_patterns(item))


def list_attacks(pattern: re.Pattern, length: int) -> set[str]:
    """Return the texts, each of about that length, that should cost the pattern most."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    attacks = set()
    for least in (0, 1):
        for before, bodies in _Sampler(pattern, parsed.state, least).list_repeats(parsed, ""):
            for body in filter(None, bodies):
                for lead in (before, f"{before}a"):
                    attacks |= {lead + body * (length // len(body)) + end for end in ("\0", "a", "\na")}
                attacks.add((before + body) * (length // len(before + body)) + "\0")
    return attacks


class _Sampler:
    """Writes samples of what parts of a pattern match; parts that may be missing are there if `least` is 1."""

    def __init__(self, pattern: re.Pattern, state: object, least: int) -> None:
        self.pattern, self.state, self.least = pattern, state, least

    def list_repeats(self, parts: list, before: str) -> Iterator[tuple[str, list[str]]]:
        """Yield, for each part that may repeat without an end, a sample of what comes before it and samples of it."""
        for number, (code, value) in enumerate(parts):
            lead = before + self.write(list(parts)[:number])
            if code in REPEATS and value[1] >= MANY:
                body = value[2]
                yield lead, (len(body) == 1 and self._list_signs(body[0])) or [self.write(body)]
            for inner in _list_inner(code, value):
                yield from self.list_repeats(inner, lead)

    def write(self, parts: list) -> str:
        """Return a sample of what the parts match, one after the other."""
        written = ""
        for code, value in parts:
            inner = _list_inner(code, value)
            if signs := self._list_signs((code, value)):
                written += signs[0]
            elif code in REPEATS:
                written += self.write(inner[0]) * max(value[0], self.least)
            elif inner and code is not codes.ASSERT_NOT and not (code is codes.ASSERT and value[0] > 0):
                written += self.write(inner[0])
        return written

    def _list_signs(self, part: tuple) -> list[str]:
        """Return signs that a part of one sign matches; none if it is no such part."""
        code, value = part
        if code is codes.LITERAL:
            return [chr(value)]
        if code not in (codes.IN, codes.ANY, codes.NOT_LITERAL):
            return []
        alone = parser.SubPattern(self.state, [part])
        matches = re._compiler.compile(alone, self.pattern.flags).fullmatch
        is_bytes = isinstance(self.pattern.pattern, bytes)
        found = [sign for sign in SIGNS if matches(sign.encode("latin-1", "ignore") if is_bytes else sign)]
        ranges = [value[0] if code is codes.RANGE else value for code, value in value] if code is codes.IN else []
        return found[:PER_CLASS] or [chr(sign) for sign in ranges if isinstance(sign, int)][:1]


def _list_inner(code: object, value: tuple) -> list:
    """Return what stands inside a part: of a choice, each choice."""
    if code in REPEATS:
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.BRANCH:
        return list(value[1])
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    return [value] if code is codes.ATOMIC_GROUP else []
