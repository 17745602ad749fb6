"""Make a study of somebody's plain tables; a mapping says which of their columns mean what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import yaml

from graylit.exchange.accounting import Sum, sum_up
from graylit.exchange.adjudicating import make_adjudications
from graylit.exchange.foreign_rows import Drafted, read_entry
from graylit.exchange.imported_texts import WEB, Text, read_texts, write_texts
from graylit.exchange.making import Making, group_faults
from graylit.exchange.making_codes import Codes, make_themes
from graylit.exchange.making_codings import number_codings, place_codings
from graylit.exchange.making_guidelines import make_guidelines
from graylit.exchange.making_screenings import make_screenings
from graylit.exchange.making_tables import OWN, make_table, name_row
from graylit.exchange.mapping import Entry, Mapping
from graylit.exchange.mapping_keys import CONTRACTS, PARTS
from graylit.exchange.outcomes import Outcome
from graylit.exchange.unifying import PEOPLE, unify_names
from graylit.study.config import load_defaults, sources_contract
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import Row
from graylit.tables.sources import NOT_STATED

NOWHERE = "https://no-address.invalid/"  # RFC 2606: no such host can ever exist
ORDER = (
    *("candidates", "criteria", "passes", "readings", "categories", "card_sorts", "impacts", "practices"),
    *("attributes", "checklist", "quality"),
)


@dataclass(frozen=True)
class ImportedStudy:
    """A study made of somebody's tables: its config, its tables and codings, and the account of the rows."""

    config: dict
    tables: dict[str, list[Row]]  # by the name of the table
    codings: dict[str, list[Row]]  # by coder
    making: Making
    texts: list[Text]
    outcomes: list[Outcome]
    sums: list[Sum]


def import_study(mapping: Mapping, folder: Path, today: str) -> ImportedStudy:
    """Return the study that a mapping makes of the tables in a folder; `today` dates what they do not date.

    Raises InputError with everything that is wrong with the mapping or the tables.
    """
    making = Making(str(mapping.path), today)
    drafted = unify_names(read_parts(mapping, folder), making.notes)
    making.notes |= {said: 1 for several in drafted.values() for one in several for said in one.remarks}
    making.refused = {theirs for one in drafted.get("sources", []) for theirs in one.refused}
    _keep_ids(drafted, making)
    config = make_config(mapping)
    tables = {"sources": make_sources(drafted.get("sources", []), making, config)}
    codings = make_coding(drafted, tables, config, making)
    make_others(drafted, tables, codings, making)
    if making.faults:
        raise InputError(group_faults(making.faults))
    making.note_renamed()
    texts = write_texts(drafted.get("sources", []), tables["sources"], making, today)
    if mapping.texts and mapping.texts.words != WEB:
        texts += read_texts(mapping.texts, folder, tables["sources"], making)
    outcomes = [outcome for several in drafted.values() for one in several for outcome in one.outcomes]
    outcomes = sort_outcomes(outcomes + making.outcomes)
    return ImportedStudy(config, tables, codings, making, texts, outcomes, sum_up(drafted, outcomes))


def make_coding(
    drafted: dict[str, list[Drafted]], tables: dict[str, list[Row]], config: dict, making: Making
) -> dict[str, list[Row]]:
    """Add the codebook and the themes to the tables, and return the codings by coder."""
    drafts = drafted.get("codings", [])
    codes = Codes(making, by_theme=any("theme" in one.entry.columns for one in drafts))
    codes.define(drafted.get("codes", []), drafts)
    placed = place_codings(drafts, codes, making)
    for after in {split.after for one in drafts for split in one.entry.split.values() if split.after}:
        codes.place_undefined(after)
    tables["codebook"] = codes.number()
    tables["themes"] = make_themes(codes.group(), drafted.get("themes", []), making)
    if codes.is_shared:
        config["has_shared_codes"] = True
    if placed.n_repeats:
        said = "codings: say the same as an earlier one, and are kept (`repeats: drop` leaves them out)"
        making.notes[said] = placed.n_repeats
    if codes.undefined and codes.is_defined:
        shown = ", ".join(sorted(codes.undefined)[:5])
        making.notes[f"codings: codes that `codes` does not define, such as {shown}"] = len(codes.undefined)
    return number_codings(placed, making)


def make_others(
    drafted: dict[str, list[Drafted]], tables: dict[str, list[Row]], codings: dict[str, list[Row]], making: Making
) -> None:
    """Add the tables that name sources, codes and codings; whoever read a source gets a table of codings."""
    tables["guidelines"] = make_guidelines(drafted.get("guidelines", []), tables["themes"], making)
    for part in ORDER:
        if part in drafted:
            tables[part] = make_table(part, drafted[part], making, CONTRACTS[part])
    fill_addresses("candidates", tables.get("candidates", []), making)
    if "screenings" in drafted:
        tables |= make_screenings(drafted["screenings"], tables, making)
    if "adjudications" in drafted:
        tables["adjudications"] = make_adjudications(drafted["adjudications"], codings, making)
    for row in (row for part in ("passes", "readings") for row in tables.get(part, [])):
        codings.setdefault(row["coder"], [])


def sort_outcomes(outcomes: list[Outcome]) -> list[Outcome]:
    """Return outcomes in the order of the parts and of their tables."""
    parts = list(PARTS)
    return sorted(outcomes, key=lambda o: (parts.index(o.part), o.origin.file, o.origin.sheet, o.origin.row))


def read_parts(mapping: Mapping, folder: Path) -> dict[str, list[Drafted]]:
    """Return what is drafted for each part. Raises InputError with the faults of all tables."""
    faults: list[Fault] = []
    parts: dict[str, list[Drafted]] = {}
    for part in PARTS:
        for entry in mapping.list_entries(part):
            try:
                drafted = read_entry(_split_alike(entry, mapping), folder, str(mapping.path))
                parts.setdefault(part, []).append(drafted)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return parts


def _split_alike(entry: Entry, mapping: Mapping) -> Entry:
    """Return an entry for codes with names split as those of codings are, by what stands after a sign (runtime=go)."""
    splits = [one.split["name"] for one in mapping.list_entries("codings") if "name" in one.split]
    if entry.part != "codes" or "name" in entry.split or not splits or not splits[0].after:
        return entry
    return replace(entry, split={**entry.split, "name": splits[0]})


def _keep_ids(drafted: dict[str, list[Drafted]], making: Making) -> None:
    """Have the ids that can stay stay, and things that name one another be known before their rows are made."""
    for several in drafted.values():
        for draft in (draft for one in several for draft in one.drafts):
            making.ids["person"].keep(draft.cells[name] for name in PEOPLE if draft.cells.get(name))
    for part in ("candidates", "guidelines"):
        drafts = [draft for one in drafted.get(part, []) for draft in one.drafts]
        own = CONTRACTS[part].key[0]
        making.ids[OWN[part]].keep(draft.cells.get(own, "") for draft in drafts)
        for draft in drafts:
            theirs, name = draft.cells.get(own, ""), draft.cells.get("name") or draft.cells.get("title", "")
            if theirs or name:
                name_row(part, theirs, name, draft, making)


def make_config(mapping: Mapping) -> dict:
    """Return the config of the imported study."""
    has_texts = mapping.texts is not None or any("text" in one.columns for one in mapping.list_entries("sources"))
    own = {"title": mapping.title, "has_texts": has_texts, "variables": dict(mapping.list_variables())}
    defaults = load_defaults()
    collection = {**defaults["collection"], "contact": mapping.contact or NOT_STATED}
    return {**defaults, **own} | ({"collection": collection} if has_texts or mapping.contact else {})


def make_sources(drafted: list[Drafted], making: Making, config: dict) -> list[Row]:
    """Return sources.csv; a source without an address gets one that leads nowhere."""
    rows = make_table("sources", drafted, making, sources_contract(config))
    fill_addresses("sources", rows, making)
    return rows


def fill_addresses(part: str, rows: list[Row], making: Making) -> None:
    """Give sources or candidates without an address one that leads nowhere; what others call alike gets the same."""
    theirs_of = {ours: theirs for theirs, ours in making.ids[OWN[part]].list_ids()}
    nowhere = [row for row in rows if not row["url"]]
    for row in nowhere:
        row["url"] = NOWHERE + quote(theirs_of[row[CONTRACTS[part].key[0]]], safe="")
    if nowhere:
        making.notes[f"{part}: have no address, and get one that leads nowhere ({NOWHERE}…)"] = len(nowhere)


def format_config(config: dict) -> str:
    """Return a config as YAML."""
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
