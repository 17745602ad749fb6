"""Tables whose headers or cells are odd in any way: the check names faults, and never ends in a traceback."""

import csv
import io
import random

import pytest

from graylit.study.config import sources_contract
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER
from graylit.tables.coding import CODINGS
from graylit.tables.faults import describe_faults
from tiny_study import faults_of, write_synthesis

A, SOURCES = f"{CODINGS_FOLDER}/A.csv", "config/sources.csv"
ORIGINAL = """\
original:
  {title: Butts, authors: [A. Cooper], year: 2020, url: "https://example.org/butts", identifier: "", relation: update,
   counts: {sources: 3}, not_compared: ""}
"""
FURTHER = {
    "adjudications": "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\n"
    "J1,A-1,stands,,Why,A,2026-01-03\n",
    "passes": "coder,round,source_id\nA,1,S001\n",
    "readings": "coder,round,source_id,segment_id,decision,read_at\nA,1,S001,S001-001,no_code,2026-01-03\n",
    "candidates": "candidate_id,url,title,found_by\n"
    "H1,https://example.org/barrels,Barrels,google-1\nH2,https://example.org/pumps?model=2,Pumps,google-1\n"
    "H3,https://garden.example/Filters,Filters,google-1\n",
    "claims": "claim_id,guideline_id,wording,status,decided_at,decided_by,reason\n"
    "L01,G01,A mesh keeps leaves out.,,2026-02-01,A,\n",
    "claim_readings": "reading_id,claim_id,coding_id,reader,reading,reason,read_at,replaces,settles\n"
    "R1,L01,A-1,A,supports,,2026-02-02,,\nR2,L01,B-1,B,partly,,2026-02-02,,\nR3,L01,B-1,A,against,,,,\n"
    "R4,L01,B-1,Ann,supports,Plain,2026-02-03,,R2; R3\n",
    "searches": "search_id,way,engine,query,searched_at,searched_by,decided_at\n"
    "X01,website,google,barrels,2026-01-02,A,2026-01-02\n",
    "hits": "search_id,rank,url,title,candidate_id\nX01,1,https://example.org/barrels,Barrels,H1\n",
    "duplicates": "duplicate_id,candidate_id,other_id,decision,decided_by\nD1,H1,H2,different,A\n",
    "criteria": "criterion_id,kind,name,status\nE1,exclusion,No barrels,active\n",
    "relations": "guideline_id,other_guideline_id,relation,reason,decided_at,decided_by\n"
    "G01,G02,needs,Why,2026-02-02,A\n",
    "correspondences": "correspondence_id,guideline_id,published_guideline,relation,status,decided_at,decided_by\n"
    "O01,G01,The first,same,,2026-02-02,A\nO02,,The second,none,,2026-02-02,A\n",
    "findings": "finding_id,question,wording,guideline_ids,shows,status,decided_at,decided_by,reason\n"
    "F01,,There are {sources} sources.,G01; G02,guidelines,,2026-02-02,A,\n",
    "places_read": "opened_by,coding_id,opened_at\nA,A-1,2026-02-01T10:00:00Z\n"
    "A,A-2,2026-02-01T10:00:00Z\nB,A-1,2026-02-01\nB,B-1,2026-02-01\n",
    "attributes": "attribute,definition,status\nreliability,It lasts,\nsafety,,active\n",
    "impact_readings": "impact_id,reader,reading,quality_attribute,effect,read_at\n"
    "I01,A,shown,reliability,strained,2026-02-03\nI02,A,not_shown,,,2026-02-03\n",
    "sort_sessions": "sorter,status,kind,way,seed,decided_at\nA,finished,open,desk,1,2026-01-03\n",
    "people": "decider,kind,roles\nA,person,coder; screener\nB,person,coder\nAnn,person,\n",
    "asked": "asked_id,decider,task,round,unit,place,outcome,n_samples,n_calls,decided_at\n"
    "M1-q0001,M1,screen,1,H1,1,refused,0,3,2026-01-03\n",
    "sample": "sample_id,draw,segment_id,source_id,stood,n_stratum,n_drawn,seed,drawn_at\n"
    "V0001,1,S001-001,S001,uncoded,3,1,1,2026-01-03\n",
    "sample_codes": "coder,segment_id,decision,code_ids,decided_at\nA,S001-001,coded,C01,2026-01-03\n",
    "trusted": "decider,code_id,status,reason,decided_by,decided_at\nB,C01,accepted,Few,A,2026-01-03\n",
    "checklist": "item,area,question,scores,is_turned\n"
    + "".join(f"Q{number:02},rigour,Is it {number}?,1 = yes; 0.5 = partly; 0 = no,\n" for number in range(1, 21)),
    "screenings": "screening_id,candidate_id,screener,round,decision\n"
    "N1,H1,A,1,include\nN2,H2,A,1,include\nN3,H3,A,1,include\n",
}
FILES = dict(ALL_TABLES.values()) | {A: CODINGS, SOURCES: sources_contract({"variables": {"region": "where"}})}
COLUMNS = [(file, column.name) for file, contract in FILES.items() for column in contract.columns]
DIGITS = "9" * 5_000
ODD = [
    DIGITS,
    f"S{DIGITS}",
    f"-{DIGITS}",
    f"1e{DIGITS}",
    f"0.{DIGITS}",
    "٣",
    "²",
    "1_000",
    " ",
    "\u200b",
    "\u202egnp",
    "e\u0301",
    "\U0001f41d" * 50,
    '"',
    'a"b',
    "a\nb",
    "x" * 20_000,
    ";",
    "; ".join(["C01"] * 40),
    "'",
    "=1+1",
    "http://[",
    "https://a.example:99999/",
    "https://user:word@a.example/",
    "0000-00-00",
    "2026-13-01",
    "9999-12-31",
    "",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = write_synthesis(tmp_path_factory.mktemp("odd"))
    for name, content in FURTHER.items():
        path = folder / ALL_TABLES[name][0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    with (folder / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write(ORIGINAL)
    assert faults_of(folder) == [], describe_faults(faults_of(folder))
    return folder


def read_records(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def faults_with(folder, file, content):
    """Return the faults of a study of which one file has another content, for as long as it is looked at."""
    path = folder / file
    before = path.read_bytes()
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    try:
        return faults_of(folder)
    finally:
        path.write_bytes(before)


def write_records(records):
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(records)
    return lines.getvalue()


@pytest.mark.parametrize(("file", "name"), COLUMNS)
def test_a_header_that_is_misspelt_dropped_or_doubled_is_named(folder, file, name):
    header, *rows = read_records(folder / file)
    if name not in header:
        header, rows = [*header, name], [[*row, ""] for row in rows]
    at = header.index(name)
    misspelt = faults_with(folder, file, write_records([[*header[:at], f"X{name}", *header[at + 1 :]], *rows]))
    assert (file, 1, f"X{name}") in [(fault.file, fault.row, fault.column) for fault in misspelt]
    is_required = next(column.is_required for column in FILES[file].columns if column.name == name)
    assert not is_required or len(misspelt) == 2
    parse = FILES[file].parse_rows
    dropped = parse(write_records([row[:at] + row[at + 1 :] for row in [header, *rows]]), file)[1]
    assert not is_required or [(fault.file, fault.row) for fault in dropped] == [(file, 1)]
    doubled = parse(write_records([[*row, row[at]] for row in [header, *rows]]), file)[1]
    assert [(fault.file, fault.row, fault.column) for fault in doubled] == [(file, 1, name)]


@pytest.mark.parametrize("seed", range(40))
def test_odd_cells_are_named_with_their_place_and_end_in_no_traceback(folder, seed):
    draw = random.Random(seed)
    file = draw.choice(sorted(FILES))
    contract = FILES[file]
    header, *records = read_records(folder / file)
    rows = [dict.fromkeys(contract.names, "") | dict(zip(header, record, strict=True)) for record in records]
    for row in rows:
        row.update({name: draw.choice(ODD) for name in contract.names if draw.random() < 0.6})
    rows[0][contract.key[0]] = draw.choice(ODD)  # odd cells where anything may stand are no fault
    faults = faults_with(folder, file, write_records([contract.names, *(row.values() for row in rows)]))
    assert faults
    assert [str(fault) for fault in faults if len(str(fault)) > 2_000] == []


@pytest.mark.parametrize(
    "mangle",
    [
        lambda content: content[:-1] + b',"open\n',
        lambda content: content.replace(b"\n", b"\0\n", 1),
        lambda content: content[: content.rindex(b",")],
        lambda content: content + b"\xe9,\n",
        lambda content: b'"' * 999,
        lambda content: b",,,,\n,,,,\n",
        lambda content: b"\n",
    ],
)
def test_a_file_that_is_no_whole_table_is_named(folder, mangle):
    for file in FILES:
        faults = faults_with(folder, file, mangle((folder / file).read_bytes()))
        assert file in {fault.file for fault in faults}, (file, faults)


@pytest.mark.parametrize(
    "mangle",
    [
        lambda content: content.replace(b",", b"\t"),
        lambda content: b"\xff\xfe" + content.decode().encode("utf-16-le"),
        lambda content: content.replace(b"\n", b"\n\n"),
        lambda content: b"\n" + content,
    ],
)
def test_a_table_as_spreadsheets_save_it_has_no_more_faults(folder, mangle):
    for file in FILES:
        content = (folder / file).read_bytes()
        assert [str(fault) for fault in faults_with(folder, file, mangle(content))] == []


@pytest.mark.parametrize(
    "content",
    [
        f"seed: {DIGITS}\n",
        "title: 2026-99-99\n",
        f"seed: 1{'0' * 400}.0\n",
        "[" * 5_000,
        "a: &a [*a]\n",
        "? [1, 2]\n: 3\n",
        "1: 2\nno: yes\n2026-01-01: 3\n",
        "title: [\n",
        "\x00",
        "- a\n",
        "collection: {allowed_addresses: [1, [2], {3: 4}], taken_as_is: {a: b}}\nvariables: [a]\nhas_texts: perhaps\n",
        "variables: {year: 1, 2: 3, '': ''}\n",
        "!!python/object/apply:os.system [ls]\n",
    ],
)
def test_a_config_that_is_odd_in_any_way_is_named(folder, content):
    faults = faults_with(folder, "config/config.yaml", content)
    assert {fault.file for fault in faults} >= {"config/config.yaml"}
