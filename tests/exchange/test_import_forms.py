"""Tables in the forms in which people leave them: wide, in several files, with lists in cells, with other words."""

import pytest

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

MATRIX = "No,Logging,Tracing,Note\nS1,x,,a\nS2,1,YES,b\n"


def of_codings(text: str) -> str:
    return f"{MAPPING}codings:\n" + "".join(f"  {line}\n" for line in text.strip().splitlines())


def list_reasons(folder) -> list[tuple[str, str]]:
    return [(row["row"], row["reason"]) for row in read_account(folder) if row["reason"]]


@pytest.mark.parametrize(
    "wide",
    [
        "{columns: [Logging, Tracing]}",
        "{columns: ['*ing']}",
        "{columns: {from: Logging, to: Tracing}}",
        "{except: [Note]}",
        "{columns: [Logging, Tracing], marks: [x, '1', 'YES']}",
    ],
)
def test_a_column_for_each_code(tmp_path, wide):
    mapping = of_codings(
        f"file: m.csv\nwide: {wide}\ncolumns: {{source_id: No, name: heading, coder: {{always: Ann}}}}"
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": MATRIX})
    assert list_codings(study) == [("Ann", "S1", "Logging"), ("Ann", "S2", "Logging"), ("Ann", "S2", "Tracing")]
    assert list_reasons(tmp_path) == [("2", "the cell says no")]


def test_a_column_for_each_coder(tmp_path):
    mapping = of_codings(
        'file: m.csv\nwide: {columns: [Ann, Ben]}\nsplit: {name: ";"}\n'
        "columns: {source_id: No, name: cell, coder: heading}"
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": "No,Ann,Ben\nS1,Logging; Tracing,Logging\nS2,,Tracing\n"})
    assert list_codings(study) == [
        ("Ann", "S1", "Logging"),
        ("Ann", "S1", "Tracing"),
        ("Ben", "S1", "Logging"),
        ("Ben", "S2", "Tracing"),
    ]


def test_a_column_for_each_question_with_the_answer_in_its_cell(tmp_path):
    mapping = of_codings(
        "file: m.csv\n"
        "empty: [NA]\n"
        "wide: {called: {access: 'Can you view it? (If not, why?)', design: 'What is  the design?'}}\n"
        'split: {name: {after: "=", at: ", "}}\n'
        "columns: {source_id: No, coder: Who, name: '{heading}={cell}', theme: heading}"
    )
    table = 'No,Who,"Can you view it? (If not, why?)",What is the design?,Other\n'
    table += 'S1,TEH,Yes,"Lab, Field",o\nS2,TEH,NA,Lab,\n'
    study = import_tables(tmp_path, mapping, **{"m.csv": table})
    assert list_codings(study) == [
        ("TEH", "S1", "access=Yes"),
        ("TEH", "S1", "design=Field"),
        ("TEH", "S1", "design=Lab"),
        ("TEH", "S2", "design=Lab"),
    ]
    assert list_themes(study) == {"access": ["access=Yes"], "design": ["design=Field", "design=Lab"]}


def test_a_file_for_each_coder(tmp_path):
    mapping = of_codings(
        "file: 'by-*.csv'\nprefix: {coder: 'Dr. '}\ncolumns: {source_id: source, coder: file, name: code}"
    )
    table = "source,code\nS1,Logging\n"
    study = import_tables(tmp_path, mapping, **{"by-Ann.csv": table, "by-Ben.csv": table})
    assert list_codings(study) == [("Dr. by-Ann", "S1", "Logging"), ("Dr. by-Ben", "S1", "Logging")]


def test_tables_of_different_forms_are_entries_of_one_part(tmp_path):
    mapping = MAPPING + (
        "codings:\n"
        "  - {file: codings.csv, columns: {source_id: source, coder: coder, name: code}}\n"
        "  - file: m.csv\n    wide: {columns: [Tracing]}\n"
        "    columns: {source_id: No, coder: {always: Cleo}, name: heading}\n"
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": MATRIX})
    assert list_codings(study)[-2:] == [("Ben", "S2", "Logging"), ("Cleo", "S2", "Tracing")]


def test_a_pattern_finds_the_values_in_a_cell_and_what_it_leaves_is_said(tmp_path):
    mapping = of_codings(
        r"""file: m.csv
split: {name: {pattern: '\[([^\[\]]*)\]'}}
columns: {source_id: No, name: codes}"""
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": 'No,codes\nS1,[a][b] [c d]\nS2,"[a [b], [c]"\nS2,[d\n'})
    assert [code for _, _, code in list_codings(study)] == ["a", "b", "c d", "b", "c"]
    assert list_reasons(tmp_path) == [
        ("3", "'[a ,' in its cell was not read"),
        ("3", "'[a ,' in its cell was not read"),
        ("4", "its name is empty; '[d' in its cell was not read"),
    ]


def test_a_table_of_theirs_says_what_names_become(tmp_path):
    mapping = of_codings(
        "file: codings.csv\n"
        "empty: [NA]\n"
        "recode: {name: {file: names.csv, from: Theirs, to: Ours, case: ignore}}\n"
        "columns: {source_id: source, coder: coder, name: code}"
    )
    names = "Theirs,Ours\nlogging,Logs\ntracing,NA\nchaos,Chaos\n"
    study = import_tables(tmp_path, mapping, names=names)
    assert list_codings(study) == [("Ann", "S1", "Logs"), ("Ben", "S2", "Logs")]
    assert list_reasons(tmp_path) == [("3", "its name is empty")]


def test_values_of_a_list_become_others_and_a_whole_cell_only_once(tmp_path):
    mapping = of_codings(
        'file: m.csv\nsplit: {name: ";"}\nrecode: {name: {a: b, b: a, "c;d": e}}\ncolumns: {source_id: No, name: codes}'
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": "No,codes\nS1,a\nS1,b;x\nS2,c;d\n"})
    assert [code for _, _, code in list_codings(study)] == ["a", "b", "x", "e"]


@pytest.mark.parametrize(("repeats", "title"), [("first", "One"), ("last", "Uno")])
def test_the_mapping_says_which_row_of_an_id_counts(tmp_path, repeats, title):
    sources = "id,url,title,publisher,kind\nS1,https://a.org/1,One,a,blog\nS1,https://a.org/1,Uno,a,blog\n"
    study = import_tables(tmp_path, MAPPING.replace("columns", f"repeats: {repeats}\n  columns"), sources=sources)
    assert [row["title"] for row in study.sources.cells] == [title]
    [(row, reason)] = list_reasons(tmp_path)
    assert row == ("3" if repeats == "first" else "2")
    assert reason == f"another row of its id counts (`repeats: {repeats}`), which differs in title"


def test_of_a_form_that_was_sent_twice_the_last_row_counts(tmp_path):
    mapping = of_codings(
        "file: m.csv\nrepeats: last\nwide: {columns: [Logging, Tracing]}\n"
        "columns: {source_id: No, coder: {always: Ann}, name: heading}"
    )
    study = import_tables(tmp_path, mapping, **{"m.csv": "No,Logging,Tracing\nS1,x,x\nS2,x,\nS1,,x\n"})
    assert list_codings(study) == [("Ann", "S1", "Tracing"), ("Ann", "S2", "Logging")]


def test_codings_of_a_source_that_was_left_out_are_left_out_with_this_reason(tmp_path):
    mapping = MAPPING.replace("columns", "where: {kind: blog}\n  columns") + OF_CODINGS
    sources = "id,url,title,publisher,kind\nS1,https://a.org/1,One,a,blog\nS2,https://a.org/2,Two,b,paper\n"
    study = import_tables(tmp_path, mapping, sources=sources)
    assert list_codings(study) == [("Ann", "S1", "Logging")]
    assert list_reasons(tmp_path) == [
        ("3", "`where`: kind is 'paper'"),
        ("3", "its source 'S2' was left out"),
        ("4", "its source 'S2' was left out"),
    ]


@pytest.mark.parametrize(
    ("template", "joined"),
    [
        ("{a}: {b}", ["x: y", "x", "y", ""]),
        ("S{a}", ["Sx", "Sx", "", ""]),
        ("({a}/{b})", ["(x/y)", "(x", "y)", ""]),
        ("{a}{b}{row}", ["xy2", "x3", "y4", "5"]),
    ],
)
def test_columns_are_joined_without_what_stands_beside_an_empty_cell(tmp_path, template, joined):
    sources = "id,a,b,c\n1,x,y,.\n2,x,,.\n3,,y,.\n4,,,.\n"
    mapping = (
        "title: t\nsources:\n  file: sources.csv\n"
        f"  variables: {{joined: {{column: '{template}', meaning: m}}}}\n  columns: {{source_id: id}}\n"
    )
    study = import_tables(tmp_path, mapping, sources=sources)
    assert [row["joined"] for row in study.sources.cells] == joined


def test_an_empty_cell_means_the_one_above_if_cells_were_merged(tmp_path):
    codes = "code,theme,definition\nLogging,Process,p\nTracing,,\nChaos,Tests,\n"
    mapping = MAPPING + "codes: {file: codes.csv, down: [theme], columns: {name: code, theme: theme}}\n" + OF_CODINGS
    study = import_tables(tmp_path, mapping, codes=codes)
    assert list_themes(study) == {"Process": ["Logging", "Tracing"], "Tests": ["Chaos"]}


@pytest.mark.parametrize(("header", "columns"), [("3", "id: No"), ("none", "id: A")])
def test_names_of_columns_in_another_row_or_in_none(tmp_path, header, columns):
    head = "My review,\n,\nNo,Title\n" if header == "3" else ""
    mapping = f"title: t\nsources: {{file: s.csv, header: {header}, columns: {{source_{columns}}}}}\n"
    study = import_tables(tmp_path, mapping, **{"s.csv": head + "S1,One\nS2,Two\n"})
    assert [row["source_id"] for row in study.sources.cells] == ["S1", "S2"]


def test_names_of_columns_below_a_title_are_found_and_the_mapping_is_told_how_to_say_so(tmp_path):
    codings = "A study of logs,,\nsource,coder,code\nS1,A,Logging\n"
    assert "row 2 has it: if the names of the columns stand there, say `header: 2`" in refuse(
        tmp_path, MAPPING + OF_CODINGS, codings=codings
    )


def test_columns_of_one_name_are_only_asked_for_by_their_number(tmp_path):
    mapping = "title: t\nsources: {file: s.csv, columns: {source_id: id, title: words (2)}}\n"
    study = import_tables(tmp_path, mapping, **{"s.csv": "id,words,words,,\nS1,a,b,c,d\n"})
    assert [row["title"] for row in study.sources.cells] == ["b"]


def test_dates_are_read_as_the_mapping_says_or_refused_with_their_cell(tmp_path):
    sources = "id,when\n1,12.05.2019\n2,2020\n3,Mai\n"
    mapping = "title: t\nsources: {file: sources.csv, columns: {source_id: id, published: when}}\n"
    said = refuse(tmp_path, mapping, sources=sources)
    assert "sources.csv, row 2, column published: '12.05.2019' is not valid" in said
    assert "say `dates` for published in the mapping" in said
    told = mapping.replace("columns", "dates: {published: '%d.%m.%Y'}, blank: [published], columns")
    study = import_tables(tmp_path, told, sources=sources)
    assert [row["published"] for row in study.sources.cells] == ["2019-05-12", "2020", ""]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("www.a.org/x", "https://www.a.org/x"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("doi: 10.1000/182", "https://doi.org/10.1000/182"),
        ("", "https://no-address.invalid/S1"),
    ],
)
def test_addresses_are_completed_if_that_is_certain(tmp_path, theirs, ours):
    mapping = "title: t\nsources: {file: sources.csv, columns: {source_id: id, url: link, title: t}}\n"
    study = import_tables(tmp_path, mapping, sources=f"id,link,t\nS1,{theirs},T\n")
    assert [row["url"] for row in study.sources.cells] == [ours]


def test_an_address_that_is_none_is_refused(tmp_path):
    mapping = "title: t\nsources: {file: sources.csv, columns: {source_id: id, url: link}}\n"
    said = refuse(tmp_path, mapping, sources="id,link\nS1,see the shelf\n")
    assert "sources.csv, row 2, column url: 'see the shelf' is not valid" in said
    assert "https://doi.org" not in said


def test_names_that_look_alike_are_refused_unless_the_mapping_writes_them_alike(tmp_path):
    sources = "id,site\n1,Wikipedia\n2,wikipedia\n3,Wikipedia \n"
    mapping = "title: t\nsources: {file: sources.csv, columns: {source_id: id, publisher: site}}\n"
    said = refuse(tmp_path, mapping, sources=sources)
    assert "sources.csv, row 3, column publisher: 'wikipedia' differs from 'Wikipedia'" in said
    assert "`unify`" in said
    study = import_tables(tmp_path, mapping.replace("columns", "unify: [publisher], columns"), sources=sources)
    assert {row["publisher"] for row in study.sources.cells} == {"Wikipedia"}


def test_cells_that_a_spreadsheet_would_run_get_an_apostrophe(tmp_path):
    codings = "source,coder,code,note\nS1,Ann,=Logging,@home\n"
    mapping = MAPPING + OF_CODINGS.replace("name: code}", "name: code, memo: note}")
    study = import_tables(tmp_path, mapping, codings=codings)
    assert list_codings(study) == [("Ann", "S1", "'=Logging")]
    assert study.codings["Ann"].cells[0]["memo"] == "'@home"


@pytest.mark.parametrize(
    ("encoding", "sign", "end"),
    [("utf-8-sig", ",", "\r\n"), ("cp1252", ";", "\r\n"), ("utf-16", "\t", "\n"), ("utf-8", "|", "\r")],
)
def test_tables_are_read_whatever_program_wrote_them(tmp_path, encoding, sign, end):
    lay_out(tmp_path, "title: t\nsources: {file: sources.csv, columns: {source_id: id, title: title}}\n")
    rows = ["id,title,note", "S1,Über Bäume,a", 'S2,"Äpfel",b', ",,", ",,"]
    text = end.join(row.replace(",", sign) for row in rows) + end
    (tmp_path / "sources.csv").write_bytes(text.encode(encoding))
    ended = call_graylit("import", "tables", tmp_path / "mapping.yaml", "--from", tmp_path, "--to", tmp_path / "study")
    assert ended.returncode == 0, ended.stderr
    assert "sources: 2 rows read; 2 made" in ended.stdout
    assert "Über Bäume" in (tmp_path / "study/config/sources.csv").read_text(encoding="utf-8")


def test_what_the_mapping_does_not_say_is_said(tmp_path):
    ended = run_import(tmp_path, "title: t\nsources: {file: sources.csv, columns: {source_id: id}}\n", codings=CODINGS)
    assert "2 × sources: publisher is empty in their tables, and is 'not stated'" in ended.stdout


def test_units_of_sources_are_coded_and_left(tmp_path):
    mapping = (
        MAPPING
        + "codings: {file: m.csv, where: {code: {empty: false}}, "
        + "columns: {source_id: source, segment_id: unit, coder: coder, name: code}}\n"
        + "readings: {file: m.csv, where: {code: {empty: true}}, "
        + "columns: {source_id: source, segment_id: unit, coder: coder}}\n"
    )
    table = "source,unit,coder,code\nS1,1,Ann,Logging\nS1,1,Ben,\nS2,1,Ann,Logging\nS2,1,Cleo,\nS2,2,Ben,Logging\n"
    study = import_tables(tmp_path, mapping, **{"m.csv": table})
    assert {row["segment_id"] for rows in study.codings.values() for row in rows.cells} == {"S1-1", "S2-1", "S2-2"}
    assert [(row["coder"], row["segment_id"]) for row in study.readings.cells] == [("Ben", "S1-1"), ("Cleo", "S2-1")]
    assert study.codings["Cleo"].cells == []


def test_a_final_decision_of_coders_falls_on_the_codings_that_it_is_about(tmp_path):
    mapping = (
        MAPPING
        + OF_CODINGS
        + "adjudications:\n  file: settled.csv\n"
        + "  columns: {source_id: source, given_code_id: code, coder: coder, verdict: {always: falls},"
        + " decided_by: {always: both}, decided_at: when}\n"
    )
    settled = "source,code,coder,when\nS1,Logging,Ann,2020-01-01\nS2,Logging,,2020-01-01\nS1,Tracing,,2020-01-01\n"
    study = import_tables(tmp_path, mapping, settled=settled)
    assert [row["coding_ids"] for row in study.adjudications.cells] == ["Ann-0001", "Ben-0001"]
    assert list_reasons(tmp_path) == [("4", "there is no such coding")]


def test_decisions_of_screeners_and_final_ones(tmp_path):
    mapping = (
        "title: t\nsources: {file: hits.csv, where: {final: yes}, columns: {source_id: id, url: link}}\n"
        "candidates: {file: hits.csv, columns: {candidate_id: id, url: link, found_by: search}}\n"
        "criteria: {file: criteria.csv, columns: {criterion_id: id, name: name}}\n"
        "screenings:\n"
        "  - file: hits.csv\n"
        "    wide: {columns: [ann, ben]}\n"
        "    recode: {decision: {yes: include, no: exclude, '?': unsure}}\n"
        "    columns: {candidate_id: id, screener: heading, decision: cell, criterion_id: why}\n"
        "  - file: hits.csv\n"
        "    recode: {decision: {yes: include, no: exclude}}\n"
        "    columns: {candidate_id: id, screener: {always: both}, decision: final, settles: {always: all},\n"
        "              criterion_id: why}\n"
    )
    hits = (
        "id,link,search,ann,ben,final,why\n"
        "1,https://a.org/1,google,yes,yes,yes,\n"
        "2,https://a.org/2,google,no,?,no,off topic\n"
        "3,https://a.org/3,bing,no,yes,no,too short to say anything\n"
        "4,https://a.org/4,bing,no,no,no,\n"
    )
    study = import_tables(tmp_path, mapping, hits=hits, criteria="id,name\nE1,off topic\n")
    assert [row["source_id"] for row in study.sources.cells] == ["S1"]
    assert [(row["candidate_id"], row["found_by"]) for row in study.candidates.cells][2] == ("H3", "bing")
    criteria = {row["criterion_id"]: row["name"] for row in study.criteria.cells}
    final = {row["candidate_id"]: row for row in study.screenings.cells if row["screener"] == "both"}
    assert {key: row["decision"] for key, row in final.items()} == {
        "H1": "include", "H2": "exclude", "H3": "exclude", "H4": "exclude"}  # fmt: skip
    assert [len(row["settles"].split("; ")) for row in final.values()] == [2, 2, 2, 2]
    assert [(criteria.get(row["criterion_id"], ""), row["reason"]) for row in final.values()] == [
        ("", ""),
        ("off topic", ""),
        ("not stated", "too short to say anything"),
        ("not stated", ""),
    ]


def test_guidelines_with_their_themes_and_codes(tmp_path):
    codes = "code,theme,definition\nLogging,Process,p\nTracing,Process,r\nChaos,Tests,\n"
    guidelines = 'name,text,category,codes\nLog it,Log all,Process,"Logging, Tracing"\nBreak it,Break all,Tests,\n'
    mapping = MAPPING + (
        "codes: {file: codes.csv, columns: {name: code, theme: theme}}\n"
        "guidelines:\n  file: guidelines.csv\n"
        "  columns: {name: name, statement: text, theme_id: category, code_ids: codes}\n"
        "  split: {code_ids: ','}\n"
        "categories: {file: guidelines.csv, columns: {name: {always: All}, guideline_ids: name}}\n"
    )
    study = import_tables(tmp_path, mapping, codes=codes, guidelines=guidelines)
    assert [(row["name"], row["code_ids"]) for row in study.guidelines.cells] == [
        ("Log it", "C2; C3"),
        ("Break it", "C1"),
    ]
    assert [row["guideline_ids"] for row in study.categories.cells] == ["G01; G02"]


def test_appraisals_with_a_column_for_each_question(tmp_path):
    questions = [f"Q{number:02d}" for number in range(1, 21)]
    mapping = MAPPING + (
        "quality:\n  file: q.csv\n  wide: {columns: ['Q*']}\n  recode: {score: {yes: 1, partly: 0.5, no: 0}}\n"
        "  columns: {source_id: No, appraiser: Who, item: heading, score: cell}\n"
    )
    rows = f"No,Who,{','.join(questions)}\nS1,Ann,{','.join(['yes', 'partly', 'no'] * 6)},yes,no\n"
    study = import_tables(tmp_path, mapping, **{"q.csv": rows})
    assert len(study.quality.cells) == 20
    assert sum(float(row["score"]) for row in study.quality.cells) == 6 + 3 + 1


def test_a_column_for_each_code_and_coder(tmp_path):
    mapping = of_codings(
        "file: m.csv\nwide: {parts: '(.*)_(R[12])'}\ncolumns: {source_id: No, name: heading 1, coder: heading 2}"
    )
    study = import_tables(
        tmp_path, mapping, **{"m.csv": "No,Logging_R1,Logging_R2,Chaos_R1,Note\nS1,1,1,0,n\nS2,0,1,1,n\n"}
    )
    assert list_codings(study) == [
        ("R1", "S1", "Logging"),
        ("R1", "S2", "Chaos"),
        ("R2", "S1", "Logging"),
        ("R2", "S2", "Logging"),
    ]


def test_names_of_columns_in_two_rows_of_which_the_upper_one_was_merged(tmp_path):
    mapping = of_codings(
        "file: m.csv\nheader: [1, 2]\nwide: {parts: '(.+) / (.+)'}\n"
        "columns: {source_id: No, coder: heading 1, name: heading 2}"
    )
    study = import_tables(
        tmp_path, mapping, **{"m.csv": ",Ann,,Ben,\nNo,Logging,Chaos,Logging,Chaos\nS1,x,x,,x\nS2,,,x,\n"}
    )
    assert list_codings(study) == [
        ("Ann", "S1", "Chaos"),
        ("Ann", "S1", "Logging"),
        ("Ben", "S1", "Chaos"),
        ("Ben", "S2", "Logging"),
    ]


def test_cells_that_say_how_often_give_as_many_codings(tmp_path):
    mapping = of_codings("file: m.csv\nwide: {except: [No], counts: yes}\ncolumns: {source_id: No, name: heading}")
    study = import_tables(tmp_path, mapping, **{"m.csv": "No,Logging,Chaos\nS1,3,0\nS2,,1.0\n"})
    assert [(source, code) for _, source, code in list_codings(study)] == [("S1", "Logging")] * 3 + [("S2", "Chaos")]
    (tmp_path / "again").mkdir()
    assert "m.csv, row 2, column Logging: 'often' is no number" in refuse(
        tmp_path / "again", mapping, **{"m.csv": "No,Logging\nS1,often\n"}
    )


def test_a_row_for_each_code_and_a_column_for_each_source(tmp_path):
    mapping = of_codings("file: m.csv\nwide: {columns: [S1, S2]}\ncolumns: {source_id: heading, name: Code}")
    study = import_tables(tmp_path, mapping, **{"m.csv": "Code,S1,S2\nLogging,x,\nChaos,x,x\n"})
    assert [(source, code) for _, source, code in list_codings(study)] == [
        ("S1", "Chaos"), ("S1", "Logging"), ("S2", "Chaos")]  # fmt: skip


def test_a_list_of_sources_for_each_code(tmp_path):
    mapping = of_codings("file: m.csv\nsplit: {source_id: [',', ' and ']}\ncolumns: {source_id: Papers, name: Code}")
    study = import_tables(tmp_path, mapping, **{"m.csv": 'Code,Papers\nLogging,"S1, S2"\nChaos,S1 and S2\n'})
    assert len(list_codings(study)) == 4


def test_a_character_set_that_the_mapping_names_is_read(tmp_path):
    mapping = "title: t\nsources: {file: s.csv, encoding: cp1250, columns: {source_id: id, title: title}}\n"
    path = lay_out(tmp_path, mapping)
    (tmp_path / "s.csv").write_bytes("id,title\nS1,Příliš žluťoučký\n".encode("cp1250"))
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    assert ended.returncode == 0, ended.stderr
    assert "Příliš žluťoučký" in (tmp_path / "study/config/sources.csv").read_text(encoding="utf-8")
    (tmp_path / "import").mkdir()
    assert "'cp999' is no character set" in refuse(tmp_path / "import", mapping.replace("cp1250", "cp999"))


def test_rows_with_more_cells_than_names_are_said(tmp_path):
    path = lay_out(tmp_path, "title: t\nsources: {file: s.csv, columns: {source_id: id, title: title}}\n")
    (tmp_path / "s.csv").write_text("id,title\nS1,Bees, wasps and more\nS2,Ants,,\nS3,a,b,c\n")
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    said = (
        "1 × s.csv: row 2 and 1 more: more cells (3) than names of columns (2); cells with commas may lack their quotes"
    )
    assert said in " ".join(ended.stdout.split())


def test_a_byte_that_is_no_utf_8_is_read_and_said(tmp_path):
    path = lay_out(tmp_path, "title: t\nsources: {file: s.csv, columns: {source_id: id, title: title}}\n")
    (tmp_path / "s.csv").write_bytes("id,title\nS1,Bäume ".encode() + b"\x97 und mehr\n")
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    assert "1 × s.csv: bytes that are no UTF-8 were read as Windows-1252" in ended.stdout
    assert "Bäume — und mehr" in (tmp_path / "study/config/sources.csv").read_text(encoding="utf-8")
    (tmp_path / "s.csv").write_bytes("id,title\nS1,Bäume ".encode() + b"\x9d und mehr\n")
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "again")
    assert "s.csv, row 2: is neither UTF-8 nor Windows-1252 (byte 0x9d)" in ended.stderr


@pytest.mark.parametrize("header", ["id,title", '"id,title"'])
def test_rows_that_are_one_cell_each_are_read_by_the_cells_in_it(tmp_path, header):
    rows = header + '\n"S1,""One, and two"""\n"S2,Three"\n'  # as a German Excel saves a file with commas
    study = import_tables(
        tmp_path, "title: t\nsources: {file: sources.csv, columns: {source_id: id, title: title}}\n", sources=rows
    )
    assert [row["title"] for row in study.sources.cells] == ["One, and two", "Three"]


def test_words_that_mean_another_in_another_character_set_are_refused_until_it_is_said(tmp_path):
    mapping = "title: t\nsources: {file: s.csv, columns: {source_id: id, title: title}}\n"
    path = lay_out(tmp_path, mapping)
    (tmp_path / "s.csv").write_bytes("id,title\nS1,Dvořák\nS2,Čapek žil\n".encode("cp1250"))
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    assert (ended.returncode, "s.csv, row " in ended.stderr) == (1, True), ended.stderr
    assert "say `encoding` in the mapping" in ended.stderr
    path.write_text(mapping.replace("file: s.csv", "file: s.csv, encoding: cp1250"))
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    assert ended.returncode == 0, ended.stderr


def test_impacts_on_attributes_of_a_study_of_ones_own(tmp_path):
    mapping = (
        MAPPING
        + OF_CODINGS
        + "themes: {file: themes.csv, columns: {name: name, code_ids: codes}}\n"
        + "guidelines: {file: guidelines.csv, columns: {guideline_id: id, name: name, theme_id: theme}}\n"
        + "impacts:\n  file: impacts.csv\n  columns: {guideline_id: id, component: part, quality_attribute: what,"
        + " effect: way, coding_ids: shown}\n"
    )
    tables = {
        "themes": "name,codes\nWatching,Logging\n",
        "guidelines": "id,name,theme\nG1,Log it,Watching\n",
        "impacts": "id,part,what,way,shown\nG1,log,cost,strained,Ann-0001\n",
    }
    ended = run_import(tmp_path, mapping, **tables)
    assert (ended.returncode, "'cost' is no attribute of this study" in ended.stderr) == (1, True)
    mapping += "attributes: {file: attributes.csv, columns: {attribute: name, definition: means}}\n"
    study = import_tables(tmp_path, mapping, **tables, attributes="name,means\ncost,What it takes\n")
    assert [row["quality_attribute"] for row in study.impacts.cells] == ["cost"]
