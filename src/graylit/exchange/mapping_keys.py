"""The keys of a mapping: which parts it has, which of our columns each part can fill, and what each key says."""

from __future__ import annotations

from dataclasses import dataclass

from graylit.study.study import ALL_TABLES
from graylit.tables.coding import CODINGS
from graylit.tables.contracts import Contract
from graylit.tables.sources import NOT_STATED

CONTRACTS: dict[str, Contract] = {name: contract for name, (_, contract) in ALL_TABLES.items()}
COMPUTED = {
    "n_sources",
    "replaced_by",
    "start",
    "end",
    "exact_sha256",
    "normal_sha256",
    "fingerprint",
    "replaces",
    "shown",
    "n_learnt",
    "order_sha256",
    "n_pages",
}  # never theirs


@dataclass(frozen=True)
class Part:
    """A table of a study as a mapping fills it: its contract, further columns with their meaning, and what it needs."""

    contract: Contract
    meaning: str
    more: dict[str, str]
    needed: tuple[tuple[str, ...], ...]  # of each group one column at least
    defaults: dict[str, str]  # for cells that are empty in the end; {today} is the day of the import

    @property
    def columns(self) -> dict[str, str]:
        """Return the columns that a mapping can fill, with their meaning."""
        own = {column.name: column.meaning for column in self.contract.columns if column.name not in COMPUTED}
        return own | self.more


PARTS = {
    "sources": Part(
        CONTRACTS["sources"],
        "The sources. A source without an address gets one that leads nowhere.",
        {"text": "the words of the source, if their table has them; of several rows of a source, each is a paragraph"},
        (("source_id",),),
        {"title": "{id}", "publisher": NOT_STATED, "source_type": NOT_STATED},
    ),
    "codes": Part(
        CONTRACTS["codebook"],
        "The codebook. Codes that are used and not defined are added to it.",
        {"theme": "the theme of the code, by its name"},
        (("name",),),
        {"status": "active"},
    ),
    "themes": Part(
        CONTRACTS["themes"],
        "More about themes than their names, which `codes` gives.",
        {},
        (("name",),),
        {},
    ),
    "codings": Part(
        CODINGS,
        "Who gave which code to what. Without a coder, all are by one who is called `unnamed`.",
        {
            "coder": "who coded; each coder gets a table",
            "name": "the code, by its name or its id; a new name is a new code",
            "theme": "the theme of the code: codes of one name in two themes are two codes",
        },
        (("source_id",), ("name", "code_id")),
        {"coder": "unnamed"},
    ),
    "passes": Part(
        CONTRACTS["passes"], "Who read which source to its end.", {}, (("coder",), ("source_id",)), {"round": "1"}
    ),
    "readings": Part(
        CONTRACTS["readings"],
        "Units that a coder read and left without a code.",
        {},
        (("coder",), ("source_id",), ("segment_id",)),
        {"round": "1", "decision": "no_code", "read_at": "{today}"},
    ),
    "adjudications": Part(
        CONTRACTS["adjudications"],
        "What was decided on disputed codings: all of `source_id` (and `segment_id`, `given_code_id`, `coder`).",
        {
            "source_id": "the source of the codings",
            "segment_id": "the unit of the codings",
            "given_code_id": "the code that was given",
            "coder": "who coded",
        },
        (("source_id", "coding_ids"), ("verdict",)),
        {"reason": NOT_STATED, "decided_by": NOT_STATED, "decided_at": "{today}"},
    ),
    "candidates": Part(
        CONTRACTS["candidates"],
        "Search hits before screening.",
        {},
        (("candidate_id",),),
        {"title": "{id}", "found_by": NOT_STATED},
    ),
    "criteria": Part(
        CONTRACTS["criteria"],
        "The criteria of the screening.",
        {},
        (("name",),),
        {"kind": "exclusion", "status": "active"},
    ),
    "screenings": Part(
        CONTRACTS["screenings"],
        "Decisions of screeners. `settles: {always: all}` settles every earlier decision on the candidate.",
        {},
        (("candidate_id",), ("screener",), ("decision",)),
        {"round": "1"},
    ),
    "guidelines": Part(
        CONTRACTS["guidelines"],
        "Guidelines. Without `code_ids`, all codes of the theme support them.",
        {},
        (("name",), ("theme_id",)),
        {"statement": "{name}"},
    ),
    "practices": Part(CONTRACTS["practices"], "Practices.", {}, (("name",), ("code_ids",)), {"statement": "{name}"}),
    "categories": Part(CONTRACTS["categories"], "Groups of guidelines.", {}, (("name",), ("guideline_ids",)), {}),
    "card_sorts": Part(
        CONTRACTS["card_sorts"],
        "Who put which guideline on which pile.",
        {},
        (("sorter",), ("guideline_id",), ("pile",)),
        {},
    ),
    "impacts": Part(
        CONTRACTS["impacts"],
        "What guidelines do to an architecture.",
        {},
        (("guideline_id",), ("component",), ("quality_attribute",), ("effect",), ("coding_ids",)),
        {"decision": NOT_STATED},
    ),
    "attributes": Part(
        CONTRACTS["attributes"],
        "The quality attributes that impacts name, if they are not those of ISO/IEC 25010:2023.",
        {},
        (("attribute",),),
        {},
    ),
    "checklist": Part(
        CONTRACTS["checklist"],
        "The questions by which sources are appraised, if they are not the twenty of Garousi et al.",
        {},
        (("item",), ("question",), ("scores",)),
        {"area": NOT_STATED},
    ),
    "quality": Part(
        CONTRACTS["quality"],
        "Appraisals of sources by the questions of the checklist.",
        {},
        (("source_id",), ("appraiser",), ("item",), ("score",)),
        {},
    ),
}
TOP = {
    "title": "text; needed: the title of the study",
    "texts": "the folder with a file for each source, named after its id: `S1.txt`, `S1.html`, `S1.pdf`; or `web` if "
    "the pages are there still. Without it the study has codings of sources, and no texts",
    "contact": "the address at which a site's owner reaches you; needed with `texts: web`",
    "empty": "words that mean an empty cell in all tables, such as `[NA, '--']`",
    **{name: part.meaning for name, part in PARTS.items()},
}
KEYS = {
    "file": "the file, or a list of files; `*` stands for anything in a name. CSV, TSV, XLSX or ODS",
    "sheet": "the sheet of a spreadsheet, or a list of sheets; `'*'` is all. Needed if there are several",
    "header": "the row with the names of the columns; 1 if it is not said. `[1, 2]`: two rows, joined as "
    "`upper / lower`. `none`: columns are named A, B, C",
    "encoding": "the character set of the file, such as `cp1250`, if it is neither UTF-8 nor Windows-1252",
    "empty": "words that mean an empty cell, such as `[NA, '--']`; `empty` at the top is for all tables",
    "down": "columns in which an empty cell means the cell above it, as merged cells do; or a list of them",
    "wide": "cells that say yes or no: a table with a column for each code, or each coder",
    "where": "the rows that count: `{column: value}`, `{column: [one, another]}`, or `{column: {not: value}}`, "
    "`{column: {empty: true}}`, `{column: {contains: words}}`; all of them must hold",
    "columns": "our column: theirs. Also `'{Level 1}: {Level 2}'` for joined columns, and `{always: words}`",
    "fill": "our column: the words for empty cells; `{Column}` in them stands for the cell of a column of theirs",
    "recode": "our column: {theirs: ours}. Or `{file: names.csv, from: Theirs, to: Ours}` for a table of theirs that "
    "lists them, with `case: ignore` if upper and lower case do not matter. Or a list of rules "
    "`{name: …, memo: …, becomes: …}`: codings of this name and memo get the code",
    "split": "our column: the sign between several values in one cell, or a list of signs. "
    "`{after: '=', at: ', '}`: 'runtime=go, java' is 'runtime=go' and 'runtime=java'. "
    "`{pattern: '\\[(.*?)\\]'}` (a regular expression): '[a] [b]' is 'a' and 'b'",
    "prefix": "our column: words to put before each cell",
    "dates": "our column: how dates are written, such as `'%d.%m.%Y'`, or a list of ways",
    "blank": "our columns whose cells are left empty if they are not valid; each is counted",
    "unify": "our columns in which names that look alike are written as the most frequent of them",
    "known_as": "columns of theirs that other tables use to name these rows, beside the id and the name",
    "unknown": "`drop` leaves out rows that name a source, code or candidate that is nowhere; else they are faults",
    "repeats": "`first` or `last`: of rows of one id that say different things this one counts; of codings, the row of "
    "one coder, source, unit and round. `drop` leaves out codings that say the same as an earlier one",
    "same_name": "`one` takes rows of one name and different words for one code; else they are faults",
    "variables": "more columns of sources: `{name: {column: theirs, meaning: what it says}}`",
}
ONLY = {"variables": {"sources"}, "same_name": {"codes"}}  # keys of some parts only
WIDE = {
    "columns": "the columns whose cells are looked at: a list, in which `*` stands for anything; or "
    "`{from: first, to: last}`. Without it, all that `columns` does not name",
    "called": "what columns are called here: `{our name: theirs}`; then these are the columns that are looked at",
    "except": "columns that are not looked at",
    "parts": "a pattern that takes headings apart, such as `'(.*)_(R[12])'`: `heading 1` and `heading 2` are what "
    "stands in its brackets. Without `columns`, the columns that it fits are looked at",
    "counts": "`yes`: a cell says how often; 3 is three codings",
    "marks": "the cells that say yes. Without it: x, 1, yes, true and the like; all others must say no",
}
PSEUDO = {
    "heading": "the name of the column, in a wide table",
    "cell": "the cell, in a wide table",
    "file": "the name of the file, without its ending",
    "sheet": "the name of the sheet",
    "row": "the number of the row",
}


def list_keys(part: str) -> dict[str, str]:
    """Return the keys of a part with their meaning."""
    return {key: meaning for key, meaning in KEYS.items() if part in ONLY.get(key, {part})}
