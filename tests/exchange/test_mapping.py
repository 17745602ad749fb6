"""Faults of a mapping: each with its line, what was expected, and what was meant."""

import pytest

from importing import MAPPING, OF_CODINGS, import_tables, refuse, run_import
from running import call_graylit

S = "{file: sources.csv, columns: {source_id: id, url: url, title: title, publisher: publisher, source_type: kind}}"
K = "{file: codings.csv, columns: {source_id: source, coder: coder, name: code}}"


def build(sources: str = S, codings: str = K, more: str = "") -> str:
    return f"title: t\nsources: {sources}\ncodings: {codings}\n{more}"


SLIPS = {
    "a list": ("- a\n- b\n", "row 1: is a list, and not keys with values"),
    "a text": ("only words\n", "row 1: 'only words' is a text, and not keys"),
    "nothing": ("", "is empty; expected a mapping"),
    "only a remark": ("# later\n", "is empty; expected a mapping"),
    "a text for a part": (build("sources.csv"), "row 2, column sources: 'sources.csv' is a text, and not keys"),
    "nothing for a part": (build(""), "row 2, column sources: is nothing, and not keys"),
    "an empty list for a part": (build("[]"), "row 2, column sources: is an empty list"),
    "a number for a part": (build(codings="7"), "row 3, column codings: '7' is a text, and not keys"),
    "a list for a column": (
        build(codings=K.replace("name: code", "name: [code]")),
        "row 3, column codings.columns.name: is a list; expected a text; several columns are joined by a template",
    ),
    "keys for a column": (
        build(codings=K.replace("name: code", "name: {column: code}")),
        "column codings.columns.name.column: is not a key",
    ),
    "nothing for a column": (
        build(codings=K.replace("name: code", "name: ")),
        "row 3, column codings.columns.name: is nothing",
    ),
    "text for columns": (build("{file: a.csv, columns: id}"), "row 2, column sources.columns: 'id' is a text"),
    "an unknown key": (
        build(K.replace("file", "flie")),
        "row 2, column sources.flie: is not a key (did you mean 'file'?)",
    ),
    "an unknown part": (build(more="codngs: {}"), "row 4, column codngs: is not a key"),
    "an unknown column of ours": (
        build(codings=K.replace("name: code", "nme: code")),
        "column codings.columns.nme: is not a key (did you mean 'name'?)",
    ),
    "an unknown column of theirs": (
        build(codings=K.replace("name: code", "name: coed")),
        "row 3, column codings.columns.name: 'coed' is no column of codings.csv (did you mean 'code'?)",
    ),
    "an unknown column in a template": (
        build(codings=K.replace("name: code", "name: '{coder} {coed}'")),
        "row 3, column codings.columns.name: 'coed' is no column of codings.csv",
    ),
    "an unknown column to fill": (
        build(S.replace("columns", "fill: {publischer: x}, columns")),
        "row 2, column sources.fill.publischer: is not a key (did you mean 'publisher'?)",
    ),
    "a text for what to fill": (build(S.replace("columns", "fill: x, columns")), "column sources.fill: 'x' is a text"),
    "a column that is missing": (
        build(codings="{file: codings.csv, columns: {coder: coder, name: code}}"),
        "row 3, column codings.columns.source_id: is missing",
    ),
    "half a split": (
        build(codings=K.replace("columns", 'split: {after: "="}, columns')),
        "row 3, column codings.split.at: is missing",
    ),
    "an empty split": (
        build(codings=K.replace("columns", 'split: {name: ""}, columns')),
        "row 3, column codings.split.name: is no sign",
    ),
    "a text for a variable": (
        build(S.replace("columns", "variables: {v: kind}, columns")),
        "row 2, column sources.variables.v: 'kind' is a text, and not keys with values; expected keys: column, meaning",
    ),
    "a list for a variable": (
        build(S.replace("columns", "variables: {v: [k]}, columns")),
        "sources.variables.v: is a list",
    ),
    "a variable without a meaning": (
        build(S.replace("columns", "variables: {v: {column: kind}}, columns")),
        "column sources.variables.v.meaning: is missing",
    ),
    "a variable named like a column": (
        build(S.replace("columns", "variables: {year: {column: kind, meaning: m}}, columns")),
        "column sources.variables.year: is the name of another column",
    ),
    "variables of codings": (
        build(codings=K.replace("columns", "variables: {v: {column: code, meaning: m}}, columns")),
        "column codings.variables: is not a key",
    ),
    "a rule that applies to nothing": (
        build(codings=K.replace("columns", "recode: [{name: x, becomes: y}], columns")),
        "row 3, column codings.recode.1: 'x' applies to no row",
    ),
    "a rule of texts": (
        build(codings=K.replace("columns", "recode: [x], columns")),
        "row 3, column codings.recode.1: 'x' is a text, and not keys",
    ),
    "words that are nowhere": (
        build(codings=K.replace("columns", "recode: {name: {Loging: L}}, columns")),
        "column codings.recode.name.Loging: 'Loging' is no cell of name (did you mean 'Logging'?)",
    ),
    "a condition that nothing meets": (
        build(codings=K.replace("columns", "where: {coder: Anne}, columns")),
        "column codings.where.coder: 'Anne' leaves no row (did you mean 'Ann'?)",
    ),
    "an unknown condition": (
        build(codings=K.replace("columns", "where: {coder: {isnt: Ann}}, columns")),
        "column codings.where.coder.isnt: is not a key",
    ),
    "a condition on an unknown column": (
        build(codings=K.replace("columns", "where: {codr: Ann}, columns")),
        "column codings.where.codr: 'codr' is no column of codings.csv (did you mean 'coder'?)",
    ),
    "a header that is no row": (
        build(codings=K.replace("columns", "header: first, columns")),
        "row 3, column codings.header: 'first' is no row",
    ),
    "a header below the table": (
        build(codings=K.replace("columns", "header: 90, columns")),
        "codings.csv, row 90: has no row 90",
    ),
    "a choice that there is not": (
        build(codings=K.replace("columns", "unknown: drp, columns")),
        "row 3, column codings.unknown: 'drp' is not what can be said here (did you mean 'drop'?)",
    ),
    "a column of ours that is none": (
        build(codings=K.replace("columns", "unify: [nmae], columns")),
        "column codings.unify: 'nmae' is none of our columns (did you mean 'name'?)",
    ),
    "a key twice": (build(more="title: u\n"), "row 4, column title: stands in line 1 already"),
    "a column twice": (
        build(codings=K.replace("name: code", "name: code, name: coder")),
        "row 3, column codings.columns.name: stands in line 3 already",
    ),
    "tabs": (
        "title: t\nsources:\n\tfile: a.csv\n",
        "row 3: is not YAML (found character '\\t' that cannot start any token)",
    ),
    "an open brace": ("title: t\nsources: {file: a.csv\n", "is not YAML ("),
    "a colon in a text": ("title: a: b\n", "row 1: is not YAML (mapping values are not allowed here)"),
    "two documents": ("title: a\n---\ntitle: b\n", "is not YAML ("),
    "a reference to itself": ("title: &a [*a]\n", "has too many levels or values"),
    "references that grow": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)),
        "has too many levels or values",
    ),
    "a list as a key": ("title: t\n[a, b]: c\n", "row 2, column (a list or keys): is not a key"),
    "a file that is missing": (
        build(S.replace("sources.csv", "source.csv")),
        "source.csv: is missing (did you mean 'sources.csv'?)",
    ),
    "a pattern that finds nothing": (
        build(S.replace("sources.csv", "'x*.csv'")),
        "row 2, column sources.file: 'x*.csv' stands for no file",
    ),
    "a folder for a file": (build(S.replace("sources.csv", "'.'")), "cannot be read (Is a directory)"),
    "no title": ("sources: " + S + "\n", "column title: is missing"),
    "an empty title": ("title: ''\nsources: " + S + "\n", "row 1, column title: is empty"),
    "a list for a title": ("title: [a]\nsources: " + S + "\n", "row 1, column title: is a list"),
    "no sources": ("title: a\n", "column sources: is missing"),
    "a wide table without ends": (
        build(codings=K.replace("columns", "wide: {columns: {from: code}}, columns")),
        "column codings.wide.columns: has no two ends",
    ),
    "a wide column that is missing": (
        build(codings=K.replace("columns", "wide: {columns: [cod]}, columns")),
        "column codings.wide.columns: 'cod' is no column of codings.csv (did you mean 'code'?)",
    ),
    "a cell that is neither yes nor no": (
        build(codings="{file: codings.csv, wide: {columns: [code]}, columns: {source_id: source, name: heading}}"),
        "codings.csv, row 2, column code: 'Logging' says neither yes nor no",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_mapping_is_named_with_its_line(tmp_path, slip):
    mapping, expected = SLIPS[slip]
    said = refuse(tmp_path, mapping)
    assert expected in said
    assert "Traceback" not in said


def test_all_slips_are_named_at_once_in_the_order_of_their_lines(tmp_path):
    said = refuse(tmp_path, "titel: t\nsources: {fle: a.csv}\ncodings: x\n")
    assert [line.split(", row ")[1].split(":")[0] for line in said.splitlines() if ", row " in line] == [
        "1, column titel",
        "1, column title",
        "2, column sources.fle",
        "2, column sources.file",
        "2, column sources.columns",
        "3, column codings",
    ]


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_mapping_that_cannot_be_read_is_named(tmp_path, name):
    ended = call_graylit("import", "tables", tmp_path / name, "--from", tmp_path, "--to", tmp_path / "study")
    assert ended.returncode == 1
    assert str(tmp_path) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_mapping_in_another_encoding_is_named(tmp_path):
    (tmp_path / "m.yaml").write_bytes("title: Über\n".encode("latin-1"))
    ended = call_graylit("import", "tables", tmp_path / "m.yaml", "--from", tmp_path, "--to", tmp_path / "study")
    assert "m.yaml: is not UTF-8" in ended.stderr


def test_values_are_read_as_they_are_written(tmp_path):
    sources = "id,url,1,publisher,no\n1,https://a.org/1,One,a,yes\n2,https://a.org/2,Two,a,no\n"
    mapping = (
        "title: 2024\n"
        "sources:\n"
        "  file: sources.csv\n"
        "  where: {no: yes}\n"
        "  columns: {source_id: id, url: url, title: 1, publisher: publisher, source_type: {always: 1.0}}\n"
    )
    study = import_tables(tmp_path, mapping, sources=sources)
    assert study.config["title"] == "2024"
    assert [(row["title"], row["source_type"]) for row in study.sources.cells] == [("One", "1.0")]


def test_nothing_is_written_over_a_study(tmp_path):
    import_tables(tmp_path, MAPPING + OF_CODINGS)
    ended = run_import(tmp_path, MAPPING + OF_CODINGS)
    assert ended.returncode == 1
    assert "is there already" in ended.stderr
