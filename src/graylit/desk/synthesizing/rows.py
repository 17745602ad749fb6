"""The rows that a decision on the board adds: what was asked for, and what follows from it for other things."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graylit.desk.synthesizing.written import Added, Written
from graylit.desk.tasks import DecisionError
from graylit.study.relations import list_relations
from graylit.study.state import follow_code
from graylit.tables.kinds import number_ids, split_ids
from graylit.tables.names import name_ids
from graylit.tables.relating import RELATION_WORDS
from graylit.tables.rows import Cells, Row, store_words

Asked = Mapping[str, str]
Make = Callable[[Written, Asked], Added]
PARTS = ("name", "statement", "intent", "motivation", "applicability")
LOST = "its guideline was withdrawn"


def give_id(written: Written, name: str, letter: str) -> str:
    """Return the id of a new row: numbered on; with the author's name if several write, maybe on other machines."""
    key, authors = f"{name[:-1]}_id", written.list_authors()
    first = f"{letter}01" if len(authors) < 2 else f"{letter}-{name_ids(written.visit.person)}-01"
    prefix = first[:-2]
    taken = [
        row[key]
        for row in written.rows(name)
        if row[key][: len(prefix)] == prefix and row[key][len(prefix) :].isdecimal()
    ]
    return number_ids(taken, 1, first)[0]


def save_theme(written: Written, asked: Asked) -> Added:
    """Return the row of a new theme, or of one that is worded or composed otherwise."""
    theme_id = asked["theme_id"]
    before = written.require("themes", theme_id, "theme") if theme_id else {}
    codes = asked["code_ids"]
    if not codes:
        raise DecisionError("A theme groups codes: mark those that belong to it first.")
    row = {"theme_id": theme_id or give_id(written, "themes", "T"), "code_ids": codes}
    row |= {name: store_words(asked[name]) for name in ("name", "description", "reason")}
    others = [
        _without(theme, codes, written) for key, theme in _list_holding(written, codes).items() if key != theme_id
    ]
    return {"themes": [*others, require_change(row, before)]}


def move_codes(written: Written, asked: Asked) -> Added:
    """Return the rows that put codes into a theme and out of those that they are in; into none if it is not named."""
    codes, theme_id = split_ids(asked["code_ids"]), asked["theme_id"]
    theme = written.require("themes", theme_id, "theme") if theme_id else {}
    held = written.follow(theme.get("code_ids", ""))
    coming = [code for code in codes if code not in held]
    leaving = {key: row for key, row in _list_holding(written, asked["code_ids"]).items() if key != theme_id}
    if not codes or not (coming or leaving):
        raise DecisionError("Nothing was changed.")
    rows = [_without(row, asked["code_ids"], written) for row in leaving.values()]
    if coming:
        joined = "; ".join([*split_ids(theme.get("code_ids", "")), *coming])
        rows += [{**theme, "code_ids": joined, "reason": store_words(asked["reason"])}] if theme_id else []
    return {"themes": rows}


def _list_holding(written: Written, cell: str) -> dict[str, Cells]:
    """Return the themes that hold a code of a cell; none if themes may share codes."""
    codes = set(written.follow(cell))
    themes = {} if written.has_shared_codes else written.in_force("themes")
    return {key: row for key, row in themes.items() if codes.intersection(written.follow(row["code_ids"]))}


def _without(theme: Cells, cell: str, written: Written) -> Row:
    """Return a theme without the codes of a cell; one that has no code left is withdrawn."""
    codebook, out = written.latest("codebook"), set(written.follow(cell))
    kept = [code for code in split_ids(theme["code_ids"]) if follow_code(code, codebook) not in out]
    if kept:
        return {**theme, "code_ids": "; ".join(kept), "reason": "codes were moved to another theme"}
    return {**theme, "status": "withdrawn", "reason": "no code is left in it"}


def withdraw_theme(written: Written, asked: Asked) -> Added:
    """Return the row that withdraws a theme."""
    theme = written.require("themes", asked["theme_id"], "theme")
    if named := [key for key, row in written.in_force("guidelines").items() if row["theme_id"] == asked["theme_id"]]:
        raise DecisionError(
            f"{', '.join(named)} {'come' if len(named) > 1 else 'comes'} from this theme: change it first."
        )
    return {"themes": [{**theme, "status": "withdrawn", "reason": store_words(asked["reason"])}]}


def save_practice(written: Written, asked: Asked) -> Added:
    """Return the row of a new practice, which is open, or of one that is worded or drawn otherwise."""
    practice_id = asked["practice_id"]
    before = written.require("practices", practice_id, "practice") if practice_id else {}
    if not asked["code_ids"]:
        raise DecisionError("A practice is drawn from codes: mark them first.")
    row = {"practice_id": practice_id or give_id(written, "practices", "P"), "code_ids": asked["code_ids"]}
    row |= {name: store_words(asked[name]) for name in ("name", "statement")}
    kept = {name: before.get(name, "") for name in ("guideline_id", "reason")}
    return {"practices": [require_change(row | kept | {"status": before.get("status", "open")}, before)]}


def merge_practices(written: Written, asked: Asked) -> Added:
    """Return the rows that merge practices into a guideline."""
    written.require("guidelines", asked["guideline_id"], "guideline")
    return {"practices": _turn(written, asked, guideline_id=asked["guideline_id"], status="")}


def drop_practices(written: Written, asked: Asked) -> Added:
    """Return the rows that drop practices, which needs a reason."""
    if not asked["reason"].strip():
        raise DecisionError("Say why it is dropped.")
    return {"practices": _turn(written, asked, guideline_id="", status="")}


def reopen_practices(written: Written, asked: Asked) -> Added:
    """Return the rows that open practices again that were merged or dropped."""
    return {"practices": _turn(written, asked, guideline_id="", status="open")}


def _turn(written: Written, asked: Asked, **cells: str) -> list[Row]:
    named = split_ids(asked["practice_ids"])
    if not named:
        raise DecisionError("Mark the practices first.")
    before = [written.require("practices", practice_id, "practice") for practice_id in named]
    return [require_change({**row, **cells, "reason": store_words(asked["reason"])}, row) for row in before]


def save_guideline(written: Written, asked: Asked) -> Added:
    """Return the row of a guideline, new or worded otherwise, and those of the practices that are merged into it."""
    guideline_id = asked["guideline_id"]
    before = written.require("guidelines", guideline_id, "guideline") if guideline_id else {}
    theme_id, codes = asked["theme_id"], asked["code_ids"]
    written.require("themes", theme_id, "theme")
    if not codes:
        raise DecisionError("A guideline rests on codes of its theme: choose them.")
    row = {"guideline_id": guideline_id or give_id(written, "guidelines", "G"), "theme_id": theme_id, "code_ids": codes}
    row |= {name: store_words(asked[name]) for name in (*PARTS, "reason")} | {"related": before.get("related", "")}
    merged = _turn(written, asked, guideline_id=row["guideline_id"], status="") if asked["practice_ids"] else []
    return {"guidelines": [row if merged else require_change(row, before)], "practices": merged}


def withdraw_guideline(written: Written, asked: Asked) -> Added:
    """Return the rows that withdraw a guideline and its relations, and open its practices again."""
    guideline_id, reason = asked["guideline_id"], store_words(asked["reason"])
    guideline = written.require("guidelines", guideline_id, "guideline")
    _require_free(written, guideline_id)
    ended = {"status": "withdrawn", "reason": reason}
    practices = [row for row in written.in_force("practices").values() if row["guideline_id"] == guideline_id]
    relations = list_relations(written.rows("relations"), written.in_force("guidelines"))
    touched = [row for row in relations if guideline_id in (row["guideline_id"], row["other_guideline_id"])]
    return {
        "relations": [{**row, **ended} for row in touched],
        "practices": [{**row, "guideline_id": "", "status": "open", "reason": LOST} for row in practices],
        "guidelines": [{**guideline, **ended}],
    }


def _require_free(written: Written, guideline_id: str) -> None:
    """Raise DecisionError if an impact, a claim or a category names a guideline that is to be withdrawn."""
    for name, column in (("impacts", "guideline_id"), ("claims", "guideline_id"), ("categories", "guideline_ids")):
        rows = written.in_force(name).items()
        if named := [key for key, row in rows if guideline_id in split_ids(row[column])]:
            raise DecisionError(f"Withdraw or change what rests on {guideline_id} first ({name}): {', '.join(named)}.")


def relate(written: Written, asked: Asked) -> Added:
    """Return the row of a relation of two guidelines, or the one that withdraws it if no relation is named."""
    pair = {name: asked[name] for name in ("guideline_id", "other_guideline_id")}
    for guideline_id in pair.values():
        written.require("guidelines", guideline_id, "guideline")
    known = list_relations(written.rows("relations"), written.in_force("guidelines"))
    before = next((row for row in known if all(row[name] == one for name, one in pair.items())), {})
    reason = store_words(asked["reason"])
    if not asked["relation"]:
        if not before:
            raise DecisionError("Nothing was changed.")
        return {"relations": [{**before, "status": "withdrawn", "reason": reason}]}
    if asked["relation"] not in RELATION_WORDS:
        raise DecisionError(f"A relation is one of {', '.join(RELATION_WORDS)}.")
    return {"relations": [require_change(pair | {"relation": asked["relation"], "reason": reason}, before)]}


def require_change(row: Row, before: Cells) -> Row:
    """Return a row as it is. Raises DecisionError if it says nothing but what the row before said."""
    compared = [name for name in row if name not in ("decided_at", "decided_by")]
    if before and all(row[name] == before.get(name, "") for name in compared):
        raise DecisionError("Nothing was changed.")
    return row


KINDS: Mapping[str, Make] = {
    "save_theme": save_theme,
    "move_codes": move_codes,
    "withdraw_theme": withdraw_theme,
    "save_practice": save_practice,
    "merge_practices": merge_practices,
    "drop_practices": drop_practices,
    "reopen_practices": reopen_practices,
    "save_guideline": save_guideline,
    "withdraw_guideline": withdraw_guideline,
    "relate": relate,
}
