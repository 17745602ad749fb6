"""The linter on a study with everything that published packages get wrong, and on one without faults."""

import subprocess
from pathlib import Path

import pytest

import tiny_study
from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.anchors.places import OUTSIDE
from graylit.study.checking import read_study
from graylit.study.placing import remark_located
from graylit.study.remarks import list_remarks
from made_rows import record_made
from running import call_graylit

SOURCES, CODEBOOK = "config/sources.csv", "config/coding/codebook.csv"
A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"
ADJUDICATIONS = "config/coding/adjudications.csv"
THEMES, GUIDELINES = "config/synthesis/themes.csv", "config/synthesis/guidelines.csv"
TEXT = "A pond needs shade in summer. Plants keep its water clear. Steep banks are no help to hedgehogs.\n"
CONFIG = tiny_study.CONFIG.replace("variables:\n  region: Where the author gardens", "variables: {}")
MARK = take_fingerprint(Words(TEXT), 0, 29)
CLEAN = {
    SOURCES: """\
source_id,url,title,publisher,source_type,published
S001,https://ponds.example/shade,Shade,Ann Brook,blog-post,2024-03-01
S002,https://ponds.example/plants,Plants,Garden Club,blog-post,2023
S003,https://banks.example/,Banks,Hedgehog Help,guide,
""",
    CODEBOOK: """\
code_id,name,definition,status,replaced_by,decided_at,n_sources
C01,shade,Keeping sun off the water,active,,2026-01-01,2
C02,water plants,Plants that live in the water,active,,2026-01-01,
C03,flat banks,Banks an animal can climb,active,,2026-01-01,
C04,slope,Banks again,retired,C03,2026-01-04,
""",
    A: f"""\
coding_id,source_id,start,end,exact_sha256,normal_sha256,fingerprint,code_id,memo,replaces,coded_at
A-1,S001,0,29,{MARK.exact_sha256},{MARK.normal_sha256},{MARK.to_cell()},C01,,,2026-02-01
A-2,S002,30,57,,,,C02,,,2026-02-01
A-3,S003,58,95,,,,C03,,,2026-02-01
A-4,S002,0,29,,,,C01,,,2026-02-02
""",
    B: """\
coding_id,source_id,start,end,code_id,memo,replaces,coded_at
B-1,S001,0,29,C01,,,2026-02-03
B-2,S002,30,57,C02,,,2026-02-03
B-3,S003,58,95,C04,before the merge,,2026-01-04
""",
    ADJUDICATIONS: """\
adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at
J-1,B-2,stands,,both saw the plants,C,2026-03-01
""",
    THEMES: """\
theme_id,name,description,code_ids
T01,Water,,C01; C02
T02,Shore,,C03
""",
    GUIDELINES: """\
guideline_id,name,statement,theme_id,code_ids,related
G01,Shade it,Plant trees on the south side.,T01,C01; C02,
G02,Let them out,Build one flat bank.,T02,C03,G01
""",
}


def write(folder: Path, tables: dict[str, str]) -> Path:
    for name, content in {"config/config.yaml": CONFIG, **tables}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    texts = folder / "data/processed/texts.csv"
    texts.parent.mkdir(parents=True)
    names = "source_id,outcome,origin,capture_outcome,captured_at,capture_sha256,extractor,n_characters,n_words,"
    names += "text_sha256,title,author,published,site,language,canonical_url,note"
    rows = [f"S00{n},extracted,,,,,,{len(TEXT)},18,,,,,,,," for n in (1, 2, 3)]
    texts.write_text("\n".join([names, *rows]) + "\n", encoding="utf-8")
    return record_made(folder)


def plant(changes: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    tables = dict(CLEAN)
    for name, edits in changes.items():
        for old, new in edits:
            assert tables[name].count(old) == 1, (name, old)
            tables[name] = tables[name].replace(old, new)
    return tables


def check(folder: Path) -> subprocess.CompletedProcess:
    return call_graylit("-C", folder, "check")


FAULTS = {
    SOURCES: [
        ("S002,https://ponds.example/plants,", "S002,HTTPS://Ponds.example:443/shade/?utm_source=mail,"),
        ("Banks,Hedgehog Help,guide,\n", "Banks,,guide,last spring\nS003,ftp://banks.example/a,Copy,Help,guide,\n"),
        ("source_type,published", "source_type,publishd"),
    ],
    CODEBOOK: [
        ("2026-01-01,2\n", "2026-01-01,7\n"),
        ("C03,flat banks,Banks an animal can climb,active,,2026-01-01,", "C03,flat banks,=1+1,actve,,2026-13-01,"),
        ("retired,C03,2026-01-04,", "retired,C33,2026-01-04,"),
    ],
    A: [
        (",C02,,,2026-02-01", ",C2,,,2026-02-01"),
        ("A-3,S003,58,95,", "A-3,S003,58,9500,"),
        (
            "A-4,S002,0,29,,,,C01,,,2026-02-02\n",
            "A-4,S003,60,70,,,,C03,,,2026-02-02\nA-5,S009,8,3,,,,,,,\nA-5,S001,7,,,,,C01,,B-1,\n",
        ),
    ],
    B: [
        ("B-1,S001", "A-1,S001"),
        ("B-2,S002,30,57,C02,,,2026-02-03\n", "B-2,S002,thirty,57,C02,,B-77,2026-02-03\n"),
        ("before the merge", "@now()"),
    ],
    ADJUDICATIONS: [
        ("J-1,B-2,stands,,", "J-1,B-22,recoded,,"),
        ("2026-03-01\n", "2026-03-01\nJ-2,B-3,stands,C01,why,C,2026-03-01\nJ-3,B-3,maybe,,,C,2026-03-01\n"),
    ],
    THEMES: [("T02,Shore,,C03", "T02,Shore,,C03; C01; C99")],
    GUIDELINES: [("T01,C01; C02,", "T01,C01; C03,G07"), ("T02,C03,G01", "T20,C03,G01")],
}  # fmt: skip
NAMED = [
    (SOURCES, 3, "url", "HTTPS://Ponds.example:443/shade/?utm_source=mail"),
    (SOURCES, 4, "publisher", ""),
    (SOURCES, 5, "source_id", "S003"),
    (SOURCES, 5, "url", "ftp://banks.example/a"),
    (SOURCES, 1, "publishd", None),
    (CODEBOOK, 2, "n_sources", "7"),
    (CODEBOOK, 4, "definition", "=1+1"),
    (CODEBOOK, 4, "status", "actve"),
    (CODEBOOK, 4, "decided_at", "2026-13-01"),
    (CODEBOOK, 5, "replaced_by", "C33"),
    (A, 3, "code_id", "C2"),
    (A, 4, "end", "9500"),
    (A, 5, "coding_id", "A-4"),
    (A, 6, "source_id", "S009"),
    (A, 6, "end", "3"),
    (A, 6, "code_id", ""),
    (A, 7, "coding_id", "A-5"),
    (A, 7, "end", ""),
    (A, 7, "replaces", "B-1"),
    (B, 2, "coding_id", "A-1"),
    (B, 3, "start", "thirty"),
    (B, 3, "replaces", "B-77"),
    (B, 4, "memo", "@now()"),
    (ADJUDICATIONS, 2, "coding_ids", "B-22"),
    (ADJUDICATIONS, 2, "code_id", ""),
    (ADJUDICATIONS, 3, "code_id", "C01"),
    (ADJUDICATIONS, 4, "verdict", "maybe"),
    (ADJUDICATIONS, 4, "reason", ""),
    (THEMES, 3, "code_ids", "C01"),
    (THEMES, 3, "code_ids", "C99"),
    (GUIDELINES, 2, "code_ids", "C03"),
    (GUIDELINES, 2, "related", "G07"),
    (GUIDELINES, 3, "theme_id", "T20"),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return write(tmp_path_factory.mktemp("planted"), plant(FAULTS))


@pytest.mark.parametrize("fault", NAMED, ids=lambda fault: f"{Path(fault[0]).name}-{fault[1]}-{fault[2]}-{fault[3]}")
def test_a_planted_fault_is_named_with_file_row_column_and_value(planted, fault):
    _, faults = read_study(planted)
    assert fault in {(one.file, one.row, one.column, one.value) for one in faults}


def test_nothing_but_the_planted_faults_is_named(planted):
    _, faults = read_study(planted)
    assert sorted(str(one) for one in faults if (one.file, one.row, one.column, one.value) not in NAMED) == []


def test_more_than_twenty_five_faults_are_reported_in_one_run(planted):
    said = check(planted)
    assert (said.returncode, said.stderr.split()[0]) == (1, str(len(NAMED)))


def test_a_near_miss_is_answered_with_the_code_that_was_meant(planted):
    assert "config/coding/codings/A.csv, row 3, column code_id: 'C2'" in check(planted).stderr
    assert "did you mean 'C02'?" in check(planted).stderr


def test_the_clean_study_has_neither_faults_nor_remarks(tmp_path):
    said = check(write(tmp_path, CLEAN))
    assert (said.returncode, said.stderr) == (0, "")
    assert "remark" not in said.stdout


def remarks_of(folder: Path, changes: dict[str, list[tuple[str, str]]]) -> list[str]:
    study, faults = read_study(write(folder, plant(changes)))
    assert not faults
    return [str(one) for one in list_remarks(study, folder)]


REMARKS = {
    "has no definition": {CODEBOOK: [("Plants that live in the water", "")]},
    "is used by no coding": {CODEBOOK: [("C04,slope", "C05,fish,Animals with fins,active,,,\nC04,slope")]},
    "is in no theme": {CODEBOOK: [("C04,slope", "C05,fish,Animals with fins,active,,,\nC04,slope")]},
    "is almost the name of C02": {CODEBOOK: [("C03,flat banks", "C03,Water-Plants")]},
    "leads to no guideline": {GUIDELINES: [("G02,Let them out,Build one flat bank.,T02,C03,G01\n", "")]},
    "has no evidence": {
        B: [("B-3,S003,58,95,C04,before the merge,,2026-01-04\n", "")],
        A: [("A-3,S003,58,95,,,,C03,,,2026-02-01\n", "")],
    },
    "1 of 3 coded sources has one coder only: S003": {B: [("B-3,S003,58,95,C04,before the merge,,2026-01-04\n", "")]},
    "was retired on 2026-01-04, before this coding": {B: [("2026-01-04", "2026-01-06")]},
    "1 coding has no place: B-3": {
        B: [
            ("coding_id,source_id,start,end,code_id", "coding_id,source_id,start,end,segment_id,code_id"),
            ("B-1,S001,0,29,C01", "B-1,S001,0,29,,C01"),
            ("B-2,S002,30,57,C02", "B-2,S002,30,57,,C02"),
            ("B-3,S003,58,95,C04", "B-3,S003,,,S003-001,C04"),
        ]
    },
    "title: 'MÃ¼ller' was probably 'Müller'": {SOURCES: [("shade,Shade", "shade,MÃ¼ller")]},
    "1 coding of B waits to be looked at again, since the codebook has changed: C04 split (1)": {
        CODEBOOK: [("retired,C03,", "retired,C03; C02,")]
    },
}


@pytest.mark.parametrize("words", REMARKS)
def test_what_published_packages_get_wrong_is_remarked(tmp_path, words):
    assert any(words in remark for remark in remarks_of(tmp_path, REMARKS[words]))


def test_codings_dated_before_the_first_capture_are_remarked(tmp_path):
    folder = write(tmp_path, CLEAN)
    raw = folder / "data/raw/captures.csv"
    raw.parent.mkdir(parents=True)
    names = "capture_id,source_id,url,origin,outcome,status,final_url,attempted_at,captured_at,media_type,n_bytes,"
    row = "S001-1,S001,https://ponds.example/shade,live,captured,200,,2026-02-02T08:00:00Z,2026-02-02T08:00:00Z,,,,,,\n"
    raw.write_text(f"{names}sha256,warc_file,warc_offset,note\n{row}", encoding="utf-8")
    study, _ = read_study(folder)
    dated = [one for one in list_remarks(study, folder) if one.column == "coded_at"]
    assert [(one.file, one.row, one.value) for one in dated] == [(A, 2, "2026-02-01")]


def test_orphans_that_nobody_settled_are_remarked(tmp_path):
    folder = write(tmp_path, CLEAN)
    orphans = "coding_id,coder,source_id,code_id,start,end,score,note,memo\nA-1,A,S001,C01,0,29,0.1,gone,\n"
    (folder / "data/processed/orphans.csv").write_text(orphans, encoding="utf-8")
    study, _ = read_study(folder)
    assert any("1 coding was not found again in the text: A-1" in str(one) for one in list_remarks(study, folder))


def test_codings_that_the_last_review_lost_or_found_outside_segments_are_remarked():
    orphans = [{"coding_id": "A-1", "start": "3"}, {"coding_id": "A-2", "start": ""}]  # A-2 never had a place
    located = [{"coding_id": "A-3", "note": OUTSIDE}, {"coding_id": "A-4", "note": ""}]
    lost, outside = remark_located(orphans, located)
    assert "1 coding was not found again in the text: A-1;" in str(lost)
    assert "1 coding was given to words outside every segment, such as a heading: A-3;" in str(outside)
