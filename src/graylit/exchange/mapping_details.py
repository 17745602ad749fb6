"""What a mapping says of cells: which column, which rows, which words for which, and how values are split."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from graylit.exchange.mapping import Condition, Expression, Recoding, Rule, Said, Split, Variable, Wide
from graylit.exchange.mapping_keys import WIDE
from graylit.exchange.mapping_values import Values
from graylit.exchange.yaml_nodes import Node
from graylit.study.config import TAKEN

CONDITIONS = {"is", "not", "empty", "contains"}


class Details(Values):
    """Reads what is said of the cells of a table."""

    def read_expression(self, node: Node, place: str) -> Expression | None:
        """Return what a column of ours holds."""
        if node.pairs is not None:
            keys = self.read_keys(node, place, ("always",), needed=("always",))
            said = self.read_text(keys["always"], f"{place}.always") if "always" in keys else None
            return Expression(said, is_constant=True) if said else None
        said = self.read_text(node, place)
        return Expression(said) if said else None

    def read_variable(self, node: Node, place: str) -> Variable | None:
        """Return a variable of the sources."""
        name = place.rsplit(".", 1)[-1]
        if name in TAKEN:
            self.refuse(node.line, place, "is the name of another column", "a name of its own")
        keys = self.read_keys(node, place, ("column", "meaning"), needed=("column", "meaning"))
        expression = self.read_expression(keys["column"], f"{place}.column") if "column" in keys else None
        meaning = self.read_text(keys["meaning"], f"{place}.meaning") if "meaning" in keys else None
        return Variable(expression, meaning.words) if expression and meaning else None

    def read_where(self, node: Node | None, place: str) -> tuple[Condition, ...]:
        """Return the conditions of a row."""
        keys = {} if node is None else self.read_keys(node, place, None)
        return tuple(self.read_condition(column, value, f"{place}.{column}") for column, value in keys.items())

    def read_condition(self, column: str, node: Node, place: str) -> Condition:
        """Return one condition: a value, a list of values, or what the cell is not, holds, or lacks."""
        name = Said(column, node.line, place)
        if node.pairs is None:
            return Condition(name, allowed=self.read_texts(node, place))
        keys = self.read_keys(node, place, sorted(CONDITIONS))
        said = {key: self.read_texts(keys[key], f"{place}.{key}") for key in ("is", "not", "contains") if key in keys}
        empty = self.read_text(keys["empty"], f"{place}.empty") if "empty" in keys else None
        if empty and empty.words not in ("true", "false", "yes", "no"):
            self.refuse(empty.line, empty.place, "is neither true nor false", "true or false", empty.words)
        return Condition(
            name,
            allowed=said.get("is", ()),
            refused=tuple(value.words for value in said.get("not", ())),
            contains=said["contains"][0].words if said.get("contains") else "",
            is_empty=None if empty is None else empty.words in ("true", "yes"),
        )

    def read_recode(self, node: Node, place: str) -> Recoding | None:
        """Return our words for theirs, or the table that lists them."""
        names = {key for key, _, _ in node.pairs or ()}
        if not {"file", "from", "to"} <= names:
            words = self.read_each(node, place, None, lambda n, p: self.read_text(n, p, may_be_empty=True))
            return Recoding(words)
        keys = self.read_keys(node, place, ("file", "sheet", "from", "to", "case"))
        said = {key: self.read_text(keys[key], f"{place}.{key}") for key in ("file", "from", "to")}
        return Recoding(
            file=said["file"],
            sheets=self.read_texts(keys["sheet"], f"{place}.sheet") if "sheet" in keys else (),
            theirs=said["from"],
            ours=said["to"],
            ignores_case=self.read_choice(keys.get("case"), f"{place}.case", "ignore") != "",
        )

    def read_rules(self, node: Node, place: str, own: Iterable[str]) -> tuple[Rule, ...]:
        """Return the rules that give codings another code."""
        rules = []
        for number, item in enumerate(node.items or (), start=1):
            at = f"{place}.{number}"
            keys = self.read_keys(item, at, [*own, "becomes"], needed=("becomes", "name"))
            said = {key: self.read_text(value, f"{at}.{key}", may_be_empty=True) for key, value in keys.items()}
            words = {key: value.words for key, value in said.items() if value is not None}
            if "becomes" in words and "name" in words:
                becomes = words.pop("becomes")
                rules.append(Rule(words, becomes, Said(", ".join(words.values()), item.line, at)))
        return tuple(rules)

    def read_split(
        self, node: Node | None, place: str, own: Iterable[str]
    ) -> tuple[dict[str, Split], dict[str, Split]]:
        """Return how cells of our columns are split, and how names are if no column is named (`after`, `at`)."""
        if node is None or node.pairs is None or not {"after", "at"} & {key for key, _, _ in node.pairs}:
            return self.read_each(node, place, own, self.read_signs), {}
        split = self.read_signs(node, place)
        return {}, {"name": split} if split else {}

    def read_signs(self, node: Node, place: str) -> Split | None:
        """Return the signs between values: one, a list, or one after another that stands once."""
        if node.pairs is None:
            nodes = node.items if node.items is not None else (node,)
            signs = tuple(part.text for part in nodes if part.text)
            if len(signs) < len(nodes) or not signs:
                self.refuse(node.line, place, "is no sign", "the sign between two values, or a list of signs")
            return Split(signs)
        if {key for key, _, _ in node.pairs} == {"pattern"}:
            return self.read_pattern(self.read_text(node.pairs[0][2], f"{place}.pattern"))
        keys = self.read_keys(node, place, ("after", "at"), needed=("after", "at"))
        words = {key: value.text for key, value in keys.items() if value.text}
        for key in set(keys) - set(words):
            self.refuse(keys[key].line, f"{place}.{key}", "is no sign", "a sign in quotes")
        return Split((words["at"],), words["after"]) if len(words) == 2 else None

    def read_pattern(self, said: Said | None) -> Split | None:
        """Return a pattern that fits each value in a cell."""
        if said is None:
            return None
        try:
            re.compile(said.words)
        except re.error as error:
            problem = f"is no regular expression ({error})"
            self.refuse(said.line, said.place, problem, r"a pattern such as '\[(.*?)\]'", said.words)
            return None
        return Split(pattern=said.words)

    def read_wide(self, node: Node, place: str) -> Wide:
        """Return which cells of a wide table are looked at; `wide: all` is all that nothing else names."""
        if node.text == "all":
            return Wide()
        keys = self.read_keys(node, place, WIDE)
        columns = keys.get("columns")
        ends = None
        if columns is not None and columns.pairs is not None:
            ends_said = self.read_each(columns, f"{place}.columns", ("from", "to"), self.read_text)
            if len(ends_said) == 2:
                ends = (ends_said["from"], ends_said["to"])
            else:
                self.refuse(columns.line, f"{place}.columns", "has no two ends", "{from: first, to: last}")
        parts = self.read_pattern(self.read_text(keys["parts"], f"{place}.parts")) if "parts" in keys else None
        called = self.read_each(keys.get("called"), f"{place}.called", None, self.read_text)
        listed = {key: self.read_texts(value, f"{place}.{key}") for key, value in keys.items() if value.pairs is None}
        is_all = columns is None or columns.text == "all"
        return Wide(
            columns=(() if is_all else listed.get("columns", ())) or tuple(called.values()),
            called=called,
            parts=parts.pattern if parts else "",
            has_counts=self.read_choice(keys.get("counts"), f"{place}.counts", "yes") != "",
            ends=ends,
            excepted=listed.get("except", ()),
            marks=tuple(said.words for said in listed.get("marks", ())),
        )

    def read_encoding(self, node: Node | None, place: str) -> str:
        """Return the name of a character set; '' if none is said."""
        said = None if node is None else self.read_text(node, place)
        if said is None:
            return ""
        try:
            return codecs.lookup(said.words).name
        except LookupError:
            self.refuse(said.line, place, "is no character set", "one such as cp1250", said.words)
            return ""

    def read_header(self, node: Node | None, place: str) -> tuple[int, ...]:
        """Return the numbers of the rows with the names of the columns; none if there are no names."""
        said = () if node is None else self.read_texts(node, place)
        if [one.words for one in said] == ["none"]:
            return ()
        wrong = [one for one in said if not re.fullmatch(r"[1-9][0-9]{0,4}", one.words)]
        for one in wrong:
            self.refuse(one.line, place, "is no row", "the number of a row, from 1, a list of them, or none", one.words)
        return tuple(sorted(int(one.words) for one in said)) if said and not wrong else (1,)
