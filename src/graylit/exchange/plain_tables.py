"""Make a study of somebody's plain tables; a mapping says which of their columns mean what."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from graylit.study.config import CONFIG, load_defaults, sources_contract
from graylit.study.starting import draft_frame
from graylit.study.study import CODINGS_FOLDER, PEOPLES_TABLES
from graylit.tables.coding import CODEBOOK, CODINGS
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import GUIDELINES, THEMES

Mapping = dict
PARTS = {
    "sources": {"file", "columns", "fill", "variables"},
    "codes": {"file", "columns"},
    "codings": {"file", "columns", "split", "recode"},
}
COLUMNS = {
    "sources": set(SOURCES.names),
    "codes": {"name", "definition", "theme"},
    "codings": {"source_id", "coder", "name", "memo"},
}
NEEDED = {"sources": {"source_id", "url", "title"}, "codes": {"name"}, "codings": {"source_id", "coder", "name"}}


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a file. Raises InputError with all its faults."""
    try:
        mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            [Fault(str(path), f"cannot be read ({error})", "a mapping in YAML", "config/README.md shows how")]
        ) from error
    faults = []
    for part in sorted(set(PARTS) - set(mapping or {})):
        faults.append(Fault(str(path), "is missing", f"keys {', '.join(sorted(PARTS[part]))}", "add it", column=part))
    for part in sorted(set(mapping or {}) & set(PARTS)):
        keys: Mapping = mapping[part] if isinstance(mapping[part], dict) else {}
        faults += _check_names(path, part, keys, PARTS[part], {"file", "columns"})
        columns: Mapping = keys["columns"] if isinstance(keys.get("columns"), dict) else {}
        faults += _check_names(path, f"{part}.columns", columns, COLUMNS[part], NEEDED[part])
    faults += _check_names(path, "", mapping or {}, {*PARTS, "title"}, {"title"})
    if faults:
        raise InputError(faults)
    return mapping


def _check_names(path: Path, place: str, names: Iterable[str], known: set[str], needed: set[str]) -> list[Fault]:
    faults = []
    for name in sorted(set(map(str, names)) - known):
        hint, column = suggest_name(name, known), ".".join(filter(None, [place, name]))
        faults.append(Fault(str(path), f"is not a key{hint}", ", ".join(sorted(known)), "correct it", column=column))
    for name in sorted(needed - set(names)):
        column = ".".join(filter(None, [place, name]))
        faults.append(Fault(str(path), "is missing", "the name of a column or file", "add it", column=column))
    return faults


def read_columns(folder: Path, part: Mapping) -> pd.DataFrame:
    """Return a table with our names for its columns. Raises InputError if the file or a column is missing."""
    path = folder / part["file"]
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError([Fault(str(path), f"cannot be read ({error})", "CSV in UTF-8", "correct the file")]) from error
    wanted = {**part["columns"], **{name: rule["column"] for name, rule in part.get("variables", {}).items()}}
    faults = [
        Fault(str(path), f"has no such column{suggest_name(theirs, table.columns)}", ", ".join(table.columns),
              "correct the mapping", 1, theirs)
        for theirs in wanted.values()
        if theirs not in table.columns
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return pd.DataFrame({ours: table[theirs].str.strip() for ours, theirs in wanted.items()})


def import_sources(table: pd.DataFrame, fill: dict[str, str], contract: Contract) -> pd.DataFrame:
    """Return sources.csv; columns that they lack are empty, and empty cells get the words that `fill` has for them."""
    sources = table.reindex(columns=contract.names, fill_value="")
    for name, words in fill.items():
        sources[name] = sources[name].replace("", words)
    return sources


def import_codings(table: pd.DataFrame, split: dict[str, str]) -> pd.DataFrame:
    """Return their codings, one row per source, coder and code.

    With `split` {after: '=', at: ', '} the code 'runtime=go, java' stands for 'runtime=go' and 'runtime=java'.
    """
    codings = table[(table["source_id"] != "") & (table["name"] != "")]
    if split:
        codings = codings.assign(name=codings["name"].map(lambda name: split_name(name, **split))).explode("name")
    return codings.drop_duplicates(["source_id", "coder", "name"]).reset_index(drop=True)


def recode_codings(table: pd.DataFrame, rules: list[dict[str, str]]) -> pd.DataFrame:
    """Return their codings, recoded if a remark of theirs says more than their code.

    A rule {name, memo, becomes} gives codings of this name and memo the code it becomes.
    """
    codings = table.copy()
    for rule in rules:
        is_meant = (table["name"] == rule["name"]) & (table["memo"] == rule["memo"])
        codings.loc[is_meant, "name"] = rule["becomes"]
    return codings


def split_name(name: str, after: str, at: str) -> list[str]:
    """Return the codes that a name with several values stands for."""
    attribute, sign, values = name.partition(after)
    return [f"{attribute}{sign}{value.strip()}" for value in values.split(at)] if sign else [name]


def number_codes(names: Iterable[str]) -> dict[str, str]:
    """Return our code_id for each of their names, in order of the names."""
    ordered = sorted(set(names))
    return {name: f"C{number:0{len(str(len(ordered)))}d}" for number, name in enumerate(ordered, start=1)}


def import_codebook(codes: pd.DataFrame, code_ids: dict[str, str]) -> pd.DataFrame:
    """Return the codebook: every code they defined or used."""
    definitions = dict(zip(codes["name"], codes["definition"], strict=True)) if "definition" in codes else {}
    rows = [
        {"code_id": code_id, "name": name, "definition": definitions.get(name, ""), "status": "active"}
        for name, code_id in code_ids.items()
    ]
    return pd.DataFrame(rows, columns=CODEBOOK.names).fillna("")


def import_themes(codes: pd.DataFrame, code_ids: dict[str, str], split: dict[str, str]) -> pd.DataFrame:
    """Return the themes; a code that was split off belongs to the theme of the code it was split from."""
    theme_of = dict(zip(codes["name"], codes["theme"], strict=True)) if "theme" in codes else {}
    if split:
        theme_of |= {name.partition(split["after"])[0]: theme for name, theme in theme_of.items()}
    members: dict[str, list[str]] = {}
    for name, code_id in code_ids.items():
        theme = theme_of.get(name) or (theme_of.get(name.partition(split["after"])[0]) if split else None)
        if theme:
            members.setdefault(theme, []).append(code_id)
    rows = [
        {"theme_id": f"T{number:02d}", "name": theme, "description": "", "code_ids": "; ".join(members[theme])}
        for number, theme in enumerate(sorted(members), start=1)
    ]
    return pd.DataFrame(rows, columns=THEMES.names)


def split_coders(codings: pd.DataFrame, code_ids: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Return one table of codings per coder, by a name that a file can have."""
    tables = {}
    for coder, rows in codings.groupby("coder"):
        name = "".join(letter if letter.isalnum() else "-" for letter in str(coder))
        table = rows.sort_values(["source_id", "name"]).reset_index(drop=True)
        table["coding_id"] = [f"{name}-{number:04d}" for number in range(1, len(table) + 1)]
        table["code_id"] = table["name"].map(code_ids)
        tables[name] = table.reindex(columns=CODINGS.names, fill_value="")
    return tables


def describe_config(mapping: Mapping) -> str:
    """Return the config of the imported study: codings of whole sources, no texts."""
    variables = {name: rule["meaning"] for name, rule in mapping["sources"].get("variables", {}).items()}
    config = {**load_defaults(), "title": mapping["title"], "has_texts": False, "variables": variables}
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


def import_study(mapping: Mapping, folder: Path) -> dict[str, pd.DataFrame | str]:
    """Return the files of a study by their path in it, made of their tables."""
    config = describe_config(mapping)
    files: dict[str, pd.DataFrame | str] = {**draft_frame(), CONFIG: config}
    contract = sources_contract(yaml.safe_load(config))
    sources = read_columns(folder, mapping["sources"])
    codes = read_columns(folder, mapping["codes"])
    split = mapping["codings"].get("split", {})
    theirs = recode_codings(read_columns(folder, mapping["codings"]), mapping["codings"].get("recode", []))
    codings = import_codings(theirs, split)
    defined = [part for name in codes["name"] for part in (split_name(name, **split) if split else [name])]
    code_ids = number_codes([*codings["name"], *defined])
    files["config/sources.csv"] = import_sources(sources, mapping["sources"].get("fill", {}), contract)
    files[PEOPLES_TABLES["codebook"][0]] = import_codebook(codes, code_ids)
    files[PEOPLES_TABLES["themes"][0]] = import_themes(codes, code_ids, split)
    files[PEOPLES_TABLES["guidelines"][0]] = pd.DataFrame(columns=GUIDELINES.names)
    for coder, table in split_coders(codings, code_ids).items():
        files[f"{CODINGS_FOLDER}/{coder}.csv"] = table
    return files


def write_study(files: Mapping, folder: Path) -> int:
    """Write the files of a study by their path in it, and return their number.

    A file that the folder has already, such as a .gitignore, stays as it is.
    """
    new = {folder / file: content for file, content in files.items() if not (folder / file).exists()}
    for path, content in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            content.to_csv(path, index=False, lineterminator="\n")
    return len(new)
