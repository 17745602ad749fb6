"""The codebook and the themes of an imported study: every code that was defined or used, and none taken for another.

Codes of one name are two codes if the codings say the theme of each. If they do not, a code that several themes list
is one code in several themes, unless its rows say different things of it: then it is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graylit.exchange.foreign_cells import fit_name
from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making, list_drafts
from graylit.exchange.making_tables import make_row, settle_twice
from graylit.exchange.mapping import Entry
from graylit.exchange.outcomes import Draft, Origin
from graylit.tables.coding import CODEBOOK
from graylit.tables.rows import Row
from graylit.tables.synthesis import THEMES

TOLD = ("definition", "include_when", "exclude_when")  # what rows of one code may say of it


@dataclass
class Code:
    """A code as it was defined or used: by which theme and name it is known, what is said of it, and its themes."""

    name: str
    theirs: str = ""
    row: Row = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    known_as: set[str] = field(default_factory=set)
    origin: Origin | None = None  # where it was defined, or used first
    code_id: str = ""


class Codes:
    """The codes of a study, found by their theme and name, by their name, or by their id."""

    def __init__(self, making: Making, by_theme: bool) -> None:
        self._making, self._by_theme = making, by_theme
        self._codes: dict[tuple[str, str], Code] = {}
        self._by_name: dict[str, list[Code]] = {}
        self._theme_column = ""
        self.undefined: list[str] = []

    def define(self, drafteds: Iterable[Drafted], codings: Iterable[Drafted]) -> None:
        """Take up the codes that their codebook defines; `codings` may say of which theme a code is."""
        drafteds = list(drafteds)
        themes = {fit_name(draft.cells.get("theme", "")) for draft, _ in list_drafts(drafteds)} - {""}
        self._theme_column = find_theme_column(codings, themes)
        for draft, entry in list_drafts(drafteds):
            name = fit_name(draft.cells.get("name", ""))
            if name:
                self._define(name, draft, entry)
            else:
                self._making.leave_out("codes", draft, "its name is empty")

    @property
    def is_defined(self) -> bool:
        """Return whether a codebook defines any code."""
        return any(code.drafts for code in self._codes.values())

    @property
    def is_shared(self) -> bool:
        """Return whether a code is in several themes."""
        return any(len(code.themes) > 1 for code in self._codes.values())

    def place_undefined(self, after: str) -> None:
        """Give codes that nobody defined the theme of those that start alike, as 'runtime=go' and 'runtime=java' do."""
        themes: dict[str, set[str]] = {}
        for code in self._codes.values():
            for start in {code.name, code.name.partition(after)[0]} if code.drafts else ():
                themes.setdefault(start, set()).update(code.themes)
        for code in self._codes.values():
            found = themes.get(code.name.partition(after)[0], set())
            if not code.drafts and not code.themes and len(found) == 1:
                code.themes = sorted(found)

    def _define(self, name: str, draft: Draft, entry: Entry) -> None:
        theme, theirs = fit_name(draft.cells.get("theme", "")), draft.cells.get("code_id", "")
        row = {column.name: self._making.fit(column, draft, entry) for column in CODEBOOK.columns
               if column.name not in ("code_id", "name", "n_sources", "replaced_by")}  # fmt: skip
        key = ("id", theirs) if theirs else (theme if self._by_theme else "", name)
        code = self._codes.get(key)
        if code is None:
            known_as = {*draft.known_as} - {""}
            code = Code(name, theirs, row, [theme] if theme else [], [draft], known_as, draft.origin)
            self._put(key, code)
            return
        self._join(code, row, theme, draft, entry)

    def _put(self, key: tuple[str, str], code: Code) -> None:
        self._codes[key] = code
        for name in {code.name, code.theirs, *code.known_as} - {""}:
            self._by_name.setdefault(name, []).append(code)

    def _join(self, code: Code, row: Row, theme: str, draft: Draft, entry: Entry) -> None:
        """Take a further row for a code that is known: another theme of it, the same again, or another code."""
        first, is_further = code.drafts[0], bool(theme) and theme not in code.themes
        different = [name for name in TOLD if row[name] and code.row[name] and row[name] != code.row[name]]
        if different and not entry.has_one_name:
            problem = f"is defined otherwise in {first.origin} ({code.row[different[0]]!r})"
            column = self._theme_column
            said = (
                f"`theme: {column}` under codings" if column else "`theme` under codings (the column that says which)"
            )
            remedy = f"if they are two codes, map {said}, or give them ids; if one, say `same_name: one` under codes"
            self._making.refuse(draft.origin, different[0], row[different[0]], problem, "each code once", remedy)
            return
        for name in TOLD:
            if row[name] not in ("", *code.row[name].split("; ")):
                code.row[name] = "; ".join(filter(None, [code.row[name], row[name]]))
        if is_further:
            code.themes.append(theme)
        if is_further or different:
            code.drafts.append(draft)
        else:
            self._making.leave_out("codes", draft, f"says the same as {first.origin}")

    def use(self, name: str, theme: str, origin: Origin) -> Code | None:
        """Return the code that a coding means, a new one if nobody defined it; None if it may mean several."""
        name, theme = fit_name(name), fit_name(theme)
        known = self._by_name.get(name, [])
        if theme and self._by_theme:
            known = [code for code in known if theme in code.themes] or (
                known if not any(code.themes for code in known) else []
            )
        if len(known) > 1:
            return None
        if known:
            return known[0]
        self.undefined.append(name)
        code = Code(name, themes=[theme] if theme else [], origin=origin)
        self._put((theme if self._by_theme else "", name), code)
        return code

    def list_meant(self, name: str) -> list[str]:
        """Return the themes of the codes of a name."""
        return sorted(", ".join(code.themes) or "no theme" for code in self._by_name.get(fit_name(name), []))

    def number(self) -> list[Row]:
        """Return the codebook, sorted by name; codes without an id of theirs are numbered."""
        ids = self._making.ids["code"]
        codes = sorted(self._codes.values(), key=lambda code: (code.name, code.themes))
        ids.keep(code.theirs for code in codes)
        width = len(str(len(codes)))
        rows: list[Row] = []
        for code in codes:
            is_shared = len(self._by_name[code.name]) > 1
            name = " > ".join(filter(None, [code.themes[0] if code.themes and is_shared else "", code.name]))
            also = [code.name, *code.known_as]
            key = code.theirs or name
            code.code_id = ids.add(key, also) if code.theirs else ids.number(key, also, width)
            row = dict.fromkeys(CODEBOOK.names, "") | code.row | {"code_id": code.code_id, "name": name}
            if code.origin:
                self._making.origins[("codes", len(rows))] = code.origin
            rows.append(row | {"status": row["status"] or "active"})
            for draft in code.drafts:
                remark = f"in the theme {draft.cells['theme']} as well" if draft is not code.drafts[0] else ""
                self._making.account("codes", draft, code.code_id, remark)
        return rows

    def group(self) -> dict[str, list[str]]:
        """Return the ids of the codes of each theme, by its name."""
        members: dict[str, list[str]] = {}
        for code in sorted(self._codes.values(), key=lambda code: code.code_id):
            for theme in code.themes:
                members.setdefault(theme, []).append(code.code_id)
        return members


def find_theme_column(codings: Iterable[Drafted], themes: set[str]) -> str:
    """Return the column of their codings whose cells are all themes; '' if there is none."""
    for table in (table for one in codings for table in one.tables):
        for at, name in enumerate(table.header):
            cells = {fit_name(row[at]) for _, row in table.rows} - {""}
            if len(cells) > 1 and cells <= themes:
                return name
    return ""


def make_themes(members: dict[str, list[str]], drafteds: Iterable[Drafted], making: Making) -> list[Row]:
    """Return the themes: those that codes name, with what their own table says of them."""
    ids = making.ids["theme"]
    rows: dict[str, Row] = {}
    drafts: dict[str, Draft] = {}
    listed = list_drafts(drafteds)
    ids.keep(draft.cells.get("theme_id", "") for draft, _ in listed)
    for draft, entry in listed:
        row = make_row("themes", draft, entry, making, THEMES, "theme_id")
        if row is None:
            continue
        theme_id = row["theme_id"]
        if theme_id in rows:
            settle_twice("themes", row, draft, rows[theme_id], drafts[theme_id], making, entry)
            continue
        rows[theme_id], drafts[theme_id] = row, draft
    for name in sorted(members):
        theme_id = ids.find(name) or ids.number(name, width=2)
        row = rows.setdefault(theme_id, dict.fromkeys(THEMES.names, "") | {"theme_id": theme_id, "name": name})
        code_ids = [*filter(None, row["code_ids"].split("; ")), *members[name]]
        row["code_ids"] = "; ".join(dict.fromkeys(code_ids))
    for theme_id, draft in drafts.items():
        if rows[theme_id]["code_ids"]:
            making.account("themes", draft, theme_id)
        else:
            making.leave_out("themes", draft, "no code is in it")
            del rows[theme_id]
    return list(rows.values())
