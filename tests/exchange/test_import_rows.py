"""Rows of somebody's tables, taken over by a mapping: every one is in the study, or the account says why not."""

import random

import pytest

from graylit.exchange.mapping_reading import read_mapping
from graylit.exchange.plain_tables import import_study
from importing import (
    CODINGS,
    MAPPING,
    OF_CODINGS,
    import_tables,
    lay_out,
    list_codings,
    list_themes,
    read_account,
    refuse,
    run_import,
)
from running import call_graylit


def test_a_second_coding_of_a_code_in_a_source_is_a_coding(tmp_path):
    codings = "source,coder,code,note\nS1,Ann,Logging,first\nS1,Ann,Logging,second\nS1,Ann,Logging,second\n"
    mapping = MAPPING + OF_CODINGS.replace("name: code}", "name: code, memo: note}")
    study = import_tables(tmp_path, mapping, codings=codings)
    assert [row["memo"] for row in study.codings["Ann"].cells] == ["first", "second", "second"]


def test_codings_that_say_the_same_are_left_out_if_the_mapping_says_so(tmp_path):
    mapping = MAPPING + OF_CODINGS.replace("{file:", "{repeats: drop, file:")
    codings = "source,coder,code\nS1,Ann,Logging\nS1,Ann,Logging\n"
    study = import_tables(tmp_path, mapping, codings=codings)
    assert len(study.codings["Ann"].cells) == 1
    assert [row["reason"] for row in read_account(tmp_path) if not row["became"]] == [
        "says the same as codings.csv, row 2"
    ]


@pytest.mark.parametrize("coders", [("A B", "A-B", "1", "é", "Jörg", "A_B"), ("Anna Maria", "Anna-Maria")])
def test_coders_whose_names_look_alike_have_a_table_each(tmp_path, coders):
    codings = "source,coder,code\n" + "".join(f"S1,{coder},Logging\n" for coder in coders)
    study = import_tables(tmp_path, MAPPING + OF_CODINGS, codings=codings)
    assert {coder: len(rows.cells) for coder, rows in study.codings.items()} == dict.fromkeys(coders, 1)


def test_coders_whose_names_no_file_can_have_stay_apart(tmp_path):
    codings = "source,coder,code\n" + "".join(
        f"S1,{coder},Logging\n" for coder in ("a/b", "a\\b", "ann", "Ann", "model", "")
    )
    study = import_tables(tmp_path, MAPPING + OF_CODINGS, codings=codings)
    assert len(study.codings) == 6
    assert {len(rows.cells) for rows in study.codings.values()} == {1}


def test_codes_of_one_name_in_two_themes_are_two_if_codings_say_the_theme(tmp_path):
    codes = "code,theme,definition\nToggles,Process,p\nToggles,Patterns,q\nLogging,Process,r\n"
    codings = "source,coder,code,theme\nS1,Ann,Toggles,Process\nS2,Ann,Toggles,Patterns\nS2,Ann,Logging,Process\n"
    mapping = MAPPING + (
        "codes: {file: codes.csv, columns: {name: code, theme: theme, definition: definition}}\n"
        "codings: {file: codings.csv, columns: {source_id: source, coder: coder, name: code, theme: theme}}\n"
    )
    study = import_tables(tmp_path, mapping, codings=codings, codes=codes)
    assert list_themes(study) == {"Patterns": ["Patterns > Toggles"], "Process": ["Logging", "Process > Toggles"]}
    assert list_codings(study) == [
        ("Ann", "S1", "Process > Toggles"),
        ("Ann", "S2", "Logging"),
        ("Ann", "S2", "Patterns > Toggles"),
    ]


OF_CODES = "codes: {file: codes.csv, columns: {name: code, theme: theme, definition: definition}}\n"


def test_codes_of_one_name_that_are_defined_apart_are_not_merged(tmp_path):
    codes = "code,theme,definition\nLogging,Process,p\nLogging,Patterns,q\nTracing,Process,r\n"
    said = refuse(tmp_path, MAPPING + OF_CODES + OF_CODINGS, codes=codes)
    assert "codes.csv, row 3, column definition: 'q' is defined otherwise in codes.csv, row 2 ('p')" in said
    assert "map `theme` under codings (the column that says which)" in said
    study = import_tables(
        tmp_path, MAPPING + OF_CODES.replace("{file", "{same_name: one, file") + OF_CODINGS, codes=codes
    )
    assert list_themes(study) == {"Patterns": ["Logging"], "Process": ["Logging", "Tracing"]}
    assert [row["definition"] for row in study.codebook.cells] == ["p; q", "r"]


def test_a_code_that_two_themes_list_is_in_both(tmp_path):
    codes = "code,theme,definition\nLogging,Process,p\nLogging,Patterns,p\nTracing,Process,r\n"
    study = import_tables(tmp_path, MAPPING + OF_CODES + OF_CODINGS, codes=codes)
    assert list_themes(study) == {"Patterns": ["Logging"], "Process": ["Logging", "Tracing"]}
    assert [row["reason"] for row in read_account(tmp_path) if row["part"] == "codes"] == [
        "", "in the theme Patterns as well", ""]  # fmt: skip


def test_several_themes_in_one_cell_are_several_themes(tmp_path):
    codes = "code,theme,definition\nLogging,Process / Patterns,p\nTracing,Process,r\n"
    mapping = MAPPING + OF_CODES.replace("{file", "{split: {theme: ' / '}, file") + OF_CODINGS
    study = import_tables(tmp_path, mapping, codes=codes)
    assert list_themes(study) == {"Patterns": ["Logging"], "Process": ["Logging", "Tracing"]}


@pytest.mark.parametrize("ids", [("001", "1"), ("a/b", "a-b"), ("é", "e"), ("s 1", "S 1"), ("x1", "X1"), ("1", "S1")])
def test_ids_of_theirs_become_ids_of_ours_each_its_own(tmp_path, ids):
    sources = "id,url,title,publisher,kind\n" + "".join(
        f"{theirs},https://a.org/{n},T{n},a,blog\n" for n, theirs in enumerate(ids)
    )
    codings = "source,coder,code\n" + "".join(f"{theirs},Ann,C{n}\n" for n, theirs in enumerate(ids))
    study = import_tables(tmp_path, MAPPING + OF_CODINGS, sources=sources, codings=codings)
    titles = {row["source_id"]: row["title"] for row in study.sources.cells}
    assert sorted((titles[source_id], code) for _, source_id, code in list_codings(study)) == [
        ("T0", "C0"), ("T1", "C1")]  # fmt: skip
    kept = (tmp_path / "study/config/import/ids.csv").read_text(encoding="utf-8")
    assert all(f"source,{theirs}," in kept for theirs in ids)


def test_a_source_that_is_listed_twice_is_one_if_the_rows_say_the_same(tmp_path):
    row = "S1,https://a.org/1,One,a,blog\n"
    sources = "id,url,title,publisher,kind\n" + row * 2 + "S2,https://a.org/2,Two,b,blog\n"
    assert len(import_tables(tmp_path, MAPPING + OF_CODINGS, sources=sources).sources.cells) == 2
    assert [row["reason"] for row in read_account(tmp_path) if not row["became"]] == [
        "says the same as sources.csv, row 2"
    ]


def test_rows_of_one_id_that_differ_are_refused(tmp_path):
    sources = "id,url,title,publisher,kind\nS1,https://a.org/1,One,a,blog\nS1,https://a.org/1,Uno,a,blog\n"
    said = refuse(tmp_path, MAPPING, sources=sources)
    assert "sources.csv, row 3, column title: 'Uno' is not what sources.csv, row 2 says of the same ('One')" in said


def test_a_coding_of_an_unknown_source_is_refused_or_left_out_with_its_reason(tmp_path):
    codings = CODINGS + "S3,Ann,Logging\n"
    said = refuse(tmp_path, MAPPING + OF_CODINGS, codings=codings)
    assert "codings.csv, row 5, column source_id: 'S3' is none of the sources" in said
    assert "`unknown: drop` under codings" in said
    mapping = MAPPING + OF_CODINGS.replace("{file:", "{unknown: drop, file:")
    assert len(list_codings(import_tables(tmp_path, mapping, codings=codings))) == 3
    assert [row["reason"] for row in read_account(tmp_path) if not row["became"]] == ["its source 'S3' is nowhere"]


def test_a_row_without_a_source_or_a_code_is_left_out_with_its_reason(tmp_path):
    import_tables(tmp_path, MAPPING + OF_CODINGS, codings=CODINGS + ",Ann,Logging\nS1,Ann,\n")
    assert [(row["row"], row["reason"]) for row in read_account(tmp_path) if not row["became"]] == [
        ("5", "its source_id is empty"),
        ("6", "its name is empty"),
    ]


def test_the_summary_says_how_many_rows_were_read_made_and_left_out(tmp_path):
    ended = run_import(tmp_path, MAPPING + OF_CODINGS, codings=CODINGS + ",Ann,Logging\n")
    assert "sources: 2 rows read; 2 made\n" in ended.stdout
    assert "codings: 4 rows read; 3 made, 1 left out\n  1 × its source_id is empty\n" in ended.stdout


@pytest.mark.parametrize("seed", range(8))
def test_the_sums_of_random_tables_add_up(tmp_path, seed):
    """Rows read, and those that lists in cells add, are rows made and rows left out; every coding is in one table."""
    draw = random.Random(seed)
    names = ["Logging", "Tracing", "Chaos", "logging x", "Ü b"]
    coders = ["Ann", "A B", "A-B", "1", "é", "ann", "", "x/y"]
    statuses = ["final", "draft", ""]
    lines = ["source,coder,codes,status,note"]
    for _ in range(200):
        cell = "; ".join(draw.choices(names, k=draw.randrange(4)))
        row = (draw.choice(["001", "a/b", "S1", "s1", "é", "", "gone"]), draw.choice(coders), cell)
        lines.append(",".join([*row, draw.choice(statuses), draw.choice("nmk")]))
    sources = "id,url,title,publisher,kind\n" + "".join(
        f"{theirs},https://a.org/{n},T,a,blog\n" for n, theirs in enumerate(["001", "a/b", "S1", "s1", "é"])
    )
    mapping = MAPPING + (
        "codings:\n  file: codings.csv\n  where: {status: {not: draft}}\n  unknown: drop\n  split: {name: ';'}\n"
        + f"  {draw.choice(['repeats: drop', 'header: 1'])}\n"
        + "  columns: {source_id: source, coder: coder, name: codes, memo: note}\n"
    )
    path = lay_out(tmp_path, mapping, sources=sources, codings="\n".join(lines) + "\n")
    study = import_study(read_mapping(path), tmp_path, today="2026-03-01")
    [codings] = [each for each in study.sums if each.part == "codings"]
    assert codings.n_read == 200
    assert codings.n_read + codings.n_more == codings.n_made + codings.n_left_out
    ids = [row["coding_id"] for rows in study.codings.values() for row in rows]
    assert len(ids) == len(set(ids)) == codings.n_made
    accounted = [outcome for outcome in study.outcomes if outcome.part == "codings"]
    assert {outcome.origin.row for outcome in accounted} == set(range(2, 202))
    assert all(outcome.reason for outcome in accounted if not outcome.became)


def test_every_row_of_a_large_study_is_accounted_for(tmp_path):
    draw = random.Random(1)
    sources = "id,url,title,publisher,kind\n" + "".join(f"{n},https://a.org/{n},T,a,blog\n" for n in range(500))
    codes = "code,theme,definition\n" + "".join(f"code {n},theme {n % 20},d{n}\n" for n in range(300))
    rows = [(draw.randrange(500), draw.randrange(30), draw.randrange(300)) for _ in range(10_000)]
    codings = "source,coder,code\n" + "".join(f"{a},Coder {b},code {c}\n" for a, b, c in rows)
    path = lay_out(tmp_path, MAPPING + OF_CODES + OF_CODINGS, sources=sources, codes=codes, codings=codings)
    study = import_study(read_mapping(path), tmp_path, today="2026-03-01")
    assert sum(map(len, study.codings.values())) == 10_000
    assert len(study.codings) == 30
    assert len(study.tables["codebook"]) == 300
    assert [(each.n_read, each.n_made, each.n_left_out) for each in study.sums] == [
        (500, 500, 0),
        (300, 300, 0),
        (10_000, 10_000, 0),
    ]


def test_a_published_table_with_all_of_these_at_once_loses_nothing(tmp_path):
    sources = "id,url,title,publisher,kind\nS1,https://a.org/1,One,a,blog\nS2,https://a.org/2,Two,b,blog\n"
    codes = "code,theme,definition\nFeature Toggles,Process,p\nFeature Toggles,Patterns,q\nLogging,Process,r\n"
    rows = [
        ("S1", "A", "Feature Toggles", "Process", "first words"),
        ("S1", "A", "Logging", "Process", "first log"),
        ("S1", "A", "Logging", "Process", "second log"),
        ("S2", "A", "Feature Toggles", "Patterns", "other"),
        ("S2", "A-B", "Logging", "Process", "x"),
        ("S2", "A B", "Feature Toggles", "Process", "y"),
        ("S2", "1", "Logging", "Process", "z"),
        ("S2", "", "Logging", "Process", "w"),
        ("S2", "é", "Logging", "Process", "w"),
    ]
    codings = "source_id,coder,code,column,quote\n" + "".join(",".join(row) + "\n" for row in rows)
    mapping = (
        MAPPING
        + OF_CODES
        + (
            "codings:\n  file: codings.csv\n"
            "  columns: {source_id: source_id, coder: coder, name: code, theme: column, memo: quote}\n"
        )
    )
    study = import_tables(tmp_path, mapping, sources=sources, codes=codes, codings=codings)
    assert {coder: len(table.cells) for coder, table in study.codings.items()} == {
        "1": 1, "A": 4, "A B": 1, "A-B": 1, "unnamed": 1, "é": 1}  # fmt: skip
    assert list_themes(study) == {
        "Patterns": ["Patterns > Feature Toggles"],
        "Process": ["Logging", "Process > Feature Toggles"],
    }
    assert [code for *_, code in list_codings(study)].count("Patterns > Feature Toggles") == 1


def test_the_column_that_tells_codes_of_one_name_apart_is_named(tmp_path):
    codes = "code,theme,definition\nLogging,Process,p\nLogging,Patterns,q\nTracing,Process,r\n"
    codings = "source,coder,code,group\nS1,Ann,Logging,Process\nS2,Ann,Logging,Patterns\n"
    said = refuse(tmp_path, MAPPING + OF_CODES + OF_CODINGS, codes=codes, codings=codings)
    assert "if they are two codes, map `theme: group` under codings, or give them ids" in said


def test_codes_that_look_alike_are_refused_with_their_row(tmp_path):
    said = refuse(tmp_path, MAPPING + OF_CODINGS, codings=CODINGS + "S1,Ann,logging\n")
    assert "codings.csv, row 5, column name: 'logging' differs from 'Logging'" in said
    mapping = MAPPING + OF_CODINGS.replace("{file:", "{unify: [name], file:")
    study = import_tables(tmp_path, mapping, codings=CODINGS + "S1,Ann,logging\n")
    assert [code for *_, code in list_codings(study)].count("Logging") == 3


@pytest.mark.parametrize("place", ["missing", "sources.csv"])
def test_a_folder_of_tables_that_is_none_is_named(tmp_path, place):
    path = lay_out(tmp_path, MAPPING)
    ended = call_graylit("import", "tables", path, "--from", tmp_path / place, "--to", tmp_path / "study")
    assert f"{tmp_path / place}: is no folder" in ended.stderr


def test_a_study_that_cannot_be_written_is_said(tmp_path):
    path = lay_out(tmp_path, MAPPING)
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "sources.csv/study")
    assert ended.returncode == 1
    assert "cannot be written (Not a directory)" in ended.stderr


def test_faults_that_say_the_same_of_many_rows_are_one(tmp_path):
    codings = CODINGS + "Source1,Ann,Logging\n" * 300 + "S8,Ann,Logging\n"
    said = refuse(tmp_path, MAPPING + OF_CODINGS, codings=codings)
    assert said.count("\n") <= 3
    assert "codings.csv, row 5, column source_id: 'Source1' is none of the sources (and in 299 more rows)" in said


def test_names_with_other_blanks_and_forms_of_unicode_stay_what_a_reader_sees(tmp_path):
    codings = "source,coder,code\nS1,Anna  Lind,Logging\nS1,Rene\u0301,Logging\n"
    codings += "S2,Anna Lind,Logging\nS2,Ren\u00e9,Logging\n"
    study = import_tables(tmp_path, MAPPING + OF_CODINGS, codings=codings)
    assert {coder: len(rows.cells) for coder, rows in study.codings.items()} == {"Anna Lind": 2, "Ren\u00e9": 2}


def test_a_name_that_a_program_garbled_is_said(tmp_path):
    ended = run_import(tmp_path, MAPPING + OF_CODINGS, codings="source,coder,code\nS1,J\u00c3\u00bcrgen,Logging\n")
    assert "(garbled, probably 'J\u00fcrgen': recode it)" in ended.stdout


def test_names_that_could_not_stay_are_said(tmp_path):
    codings = "source,coder,code\n1,Ann,Logging\n2,ann,Logging\n"
    sources = "id,url,title,publisher,kind\n1,https://a.org/1,One,a,blog\n2,https://a.org/2,Two,b,blog\n"
    ended = run_import(tmp_path, MAPPING + OF_CODINGS, sources=sources, codings=codings)
    assert "1 × person: cannot be called 'ann', and is 'P1'" in ended.stdout
    assert "2 × source: cannot be called '1', and is 'S1', and so on" in ended.stdout
