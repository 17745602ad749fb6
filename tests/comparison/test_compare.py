"""Two states of a study side by side: every planted change is reported, alone and all together, and nothing else."""

import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import REPOSITORY, read_table, write_table
from graylit.comparison.decisions import SUBJECTS
from graylit.comparison.merges import compare_merges
from graylit.comparison.states import compare_sides, defuse_change, read_side, render_page
from graylit.study.checking import require_study
from graylit.study.study import OPTIONAL_TABLES, PEOPLES_TABLES
from running import run_graylit
from tiny_study import write_study

A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"
CODEBOOK, SOURCES = "config/coding/codebook.csv", "config/sources.csv"
THEMES, GUIDELINES = "config/synthesis/themes.csv", "config/synthesis/guidelines.csv"
MADE = "data/processed/"


def add(folder, file, **cells):
    """Add a row to a table; its other cells are empty."""
    rows = read_table(folder / file)
    columns = dict.fromkeys([*rows[0], *cells], "")
    write_table(folder / file, [columns | row for row in [*rows, cells]])


def change(folder, file, key, **cells):
    """Change cells of the row that has the key in its first column."""
    rows = read_table(folder / file)
    found = [row for row in rows if next(iter(row.values())) == key]
    assert found, f"{file} has no {key}"
    for row in found:
        row |= cells
    write_table(folder / file, rows)


def drop(folder, file, key):
    """Take away the row that has the key in its first column."""
    rows = read_table(folder / file)
    write_table(folder / file, [row for row in rows if next(iter(row.values())) != key])


def list_changes(before, after):
    """Return the changes between two folders as (subject, id, change, column)."""
    sides = [read_side(str(folder), folder, is_checked=False) for folder in (before, after)]
    return {tuple(row[name] for name in ("subject", "subject_id", "change", "column")) for row in compare_sides(*sides)}


LATER = {"decided_at": "2026-06-01", "decided_by": "Ann"}
CODE = {"definition": "A mesh keeps leaves out", "status": "active", **LATER}
ADJUDICATION = {"adjudication_id": "J-2", "coding_ids": "A-2", "verdict": "falls", "reason": "not water", **LATER}

# What is planted in the tables of people, and what must be reported of it.
DECIDED = {
    "a source is added": (
        lambda f: add(f, SOURCES, source_id="S004", url="https://example.org/4", title="Four", publisher="Cy",
                      source_type="blog-post"),
        {("source", "S004", "added", "url")},
    ),
    "a source is removed": (lambda f: drop(f, SOURCES, "S009"), {("source", "S009", "removed", "url")}),
    "a source has another address": (
        lambda f: change(f, SOURCES, "S002", url="https://example.org/pumps"),
        {("source", "S002", "readdressed", "url")},
    ),
    "a source is described otherwise": (
        lambda f: change(f, SOURCES, "S003", title="All about filters"),
        {("source", "S003", "described", "title")},
    ),
    "a code is added": (
        lambda f: add(f, CODEBOOK, code_id="C20", name="Frost", status="active"), {("code", "C20", "added", "name")}
    ),
    "a code is renamed": (
        lambda f: add(f, CODEBOOK, code_id="C01", name="Fine mesh", **CODE), {("code", "C01", "renamed", "name")}
    ),
    "a code is redefined": (
        lambda f: add(f, CODEBOOK, code_id="C04", name="Lid", status="active", definition="A lid", **LATER),
        {("code", "C04", "redefined", "definition")},
    ),
    "a code is merged": (
        lambda f: add(f, CODEBOOK, code_id="C05", name="Cover", status="retired", replaced_by="C04", **LATER),
        {("code", "C05", "merged", "status"), ("code", "C05", "merged", "replaced_by")},
    ),
    "a code is split": (
        lambda f: add(f, CODEBOOK, code_id="C06", name="Pipe", status="retired", replaced_by="C01; C04", **LATER),
        {("code", "C06", "split", "status"), ("code", "C06", "split", "replaced_by")},
    ),
    "a code is retired": (
        lambda f: add(f, CODEBOOK, code_id="C07", name="Tap", status="retired", **LATER),
        {("code", "C07", "retired", "status")},
    ),
    "a code is confirmed": (
        lambda f: add(f, CODEBOOK, code_id="C08", name="Stand", status="active", **LATER),
        {("code", "C08", "confirmed", "decided_at")},
    ),
    "a row of the codebook is edited": (
        lambda f: change(f, CODEBOOK, "C09", definition="Quietly another"), {("code", "C09", "edited", "definition")}
    ),
    "a coding is added": (
        lambda f: add(f, A, coding_id="A-20", source_id="S001", start="30", end="40", code_id="C01"),
        {("coding", "A-20", "added", "code_id")},
    ),
    "a coding is withdrawn": (
        lambda f: add(f, A, coding_id="A-21", source_id="S001", replaces="A-1"),
        {("coding", "A-1", "withdrawn", "code_id")},
    ),
    "a coding is recoded": (
        lambda f: add(f, A, coding_id="A-22", source_id="S002", start="5", end="9", code_id="C01", replaces="A-2"),
        {("coding", "A-2", "recoded", "code_id")},
    ),
    "a coding is moved in two steps": (
        lambda f: [
            add(f, A, coding_id="A-23", source_id="S001", start="41", end="50", code_id="C01", replaces="A-4"),
            add(f, A, coding_id="A-24", source_id="S001", start="42", end="50", code_id="C01", replaces="A-23"),
        ],
        {("coding", "A-4", "moved", "start–end")},
    ),
    "a coding gets a note": (
        lambda f: add(f, A, coding_id="A-25", source_id="S001", start="60", end="70", code_id="C01", memo="why",
                      replaces="A-5"),
        {("coding", "A-5", "noted", "memo")},
    ),
    "a coding is edited in place": (
        lambda f: change(f, A, "A-6", code_id="C01"), {("coding", "A-6", "edited", "code_id")}
    ),
    "a row of a coder is taken away": (lambda f: drop(f, A, "A-7"), {("coding", "A-7", "removed", "row")}),
    "a coding is superseded by a later round": (
        lambda f: add(f, "config/coding/passes.csv", coder="B", round="2", source_id="S001"),
        {("coding", "B-1", "superseded", "code_id"), ("pass", "B 2 S001", "added", "row")},
    ),
    "a coding is adjudicated": (
        lambda f: add(f, "config/coding/adjudications.csv", **ADJUDICATION), {("adjudication", "J-2", "added", "row")}
    ),
    "a theme has other codes": (
        lambda f: add(f, THEMES, theme_id="T01", name="Keeping water clean", code_ids="C01; C04", **LATER),
        {("theme", "T01", "linked", "code_ids")},
    ),
    "a theme is withdrawn": (
        lambda f: add(f, THEMES, theme_id="T03", name="Frost", code_ids="C09", status="withdrawn", **LATER),
        {("theme", "T03", "withdrawn", "status")},
    ),
    "a guideline is worded otherwise": (
        lambda f: add(f, GUIDELINES, guideline_id="G01", name="Cover the inlet", statement="Put a fine mesh there.",
                      theme_id="T01", code_ids="C01", related="G02", **LATER),
        {("guideline", "G01", "worded", "statement")},
    ),
    "a guideline is added": (
        lambda f: add(f, GUIDELINES, guideline_id="G03", name="Drain", statement="Drain it.", theme_id="T01",
                      code_ids="C01"),
        {("guideline", "G03", "added", "name")},
    ),
    "a choice of the config is changed": (
        lambda f: (f / "config/config.yaml").write_text(
            (f / "config/config.yaml").read_text().replace("n_topics: 2", "n_topics: 3")
        ),
        {("config", "topics.n_topics", "changed", "value")},
    ),
    "the protocol is written anew": (
        lambda f: (f / "config/protocol.md").write_text("We read all pages twice.\n"),
        {("file", "config/protocol.md", "written anew", "file")},
    ),
    "only the order of a table is another one": (
        lambda f: write_table(f / B, read_table(f / B)[::-1]), {("file", B, "written anew", "file")}
    ),
}  # fmt: skip


@pytest.fixture
def before(tmp_path):
    """Return the tiny study with more codes, codings and tables, in which changes are planted."""
    folder = write_study(tmp_path / "before")
    add(folder, SOURCES, source_id="S009", url="https://example.org/9", title="Nine", publisher="D", source_type="x")
    for number, name in enumerate(("Lid", "Cover", "Pipe", "Tap", "Stand", "Rain"), start=4):
        add(
            folder, CODEBOOK, code_id=f"C0{number}", name=name, status="active", decided_at="", decided_by="", reason=""
        )
    add(folder, A, coding_id="A-4", source_id="S001", start="40", end="50", code_id="C01", replaces="", round="")
    add(folder, A, coding_id="A-5", source_id="S001", start="60", end="70", code_id="C01")
    add(folder, A, coding_id="A-6", source_id="S001", start="60", end="70", code_id="C02")
    add(folder, A, coding_id="A-7", source_id="S001", start="80", end="90", code_id="C02")
    add(folder, B, coding_id="B-2", source_id="S002", start="80", end="90", code_id="C02")
    add(folder, THEMES, theme_id="T03", name="Frost", code_ids="C09", **dict.fromkeys(("status", "decided_at"), ""))
    (folder / "config/protocol.md").write_text("We read all pages.\n")
    (folder / "config/coding/passes.csv").write_text("coder,round,source_id,finished_at\nA,1,S001,\n")
    cells = ADJUDICATION | {"adjudication_id": "J-1", "coding_ids": "B-1", "verdict": "stands"}
    write_table(folder / "config/coding/adjudications.csv", [{"code_id": "", **cells}])
    return folder


def copy(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "after"))


def test_a_state_beside_itself_has_no_changes(before):
    assert list_changes(before, before) == set()


@pytest.mark.parametrize("name", DECIDED)
def test_a_planted_decision_is_reported_and_nothing_else(before, tmp_path, name):
    plant, expected = DECIDED[name]
    after = copy(before, tmp_path)
    plant(after)
    assert list_changes(before, after) == expected


def test_all_planted_decisions_together_are_reported_and_nothing_else(before, tmp_path):
    after = copy(before, tmp_path)
    for name, (plant, _) in DECIDED.items():
        if name != "only the order of a table is another one":
            plant(after)
    expected = set().union(*(expected for name, (_, expected) in DECIDED.items() if "order of a table" not in name))
    assert list_changes(before, after) == expected


def test_a_merge_across_themes_is_named_at_the_themes_and_guidelines_that_it_touches(before, tmp_path):
    after = copy(before, tmp_path)
    add(after, CODEBOOK, code_id="C01", name="Mesh", status="retired", replaced_by="C02", **LATER)
    add(after, THEMES, theme_id="T01", name="Keeping water clean", code_ids="C04", **LATER)
    guideline = {"name": "Cover the inlet", "statement": "Put a mesh over the inlet.", "related": "G02"}
    add(after, GUIDELINES, guideline_id="G01", theme_id="T01", code_ids="C04", **guideline, **LATER)
    changes = compare_merges(*(require_study(folder) for folder in (before, after)))
    assert [(row["subject_id"], row["change"], row["before"], row["after"]) for row in changes] == [
        ("T01", "lost by merge", "C01", "C02 of T02"),
        ("T02", "won by merge", "C01 of T01", "C02"),
        ("G01", "lost by merge", "C01", "C02 of G02"),
        ("G02", "won by merge", "C01 of G01", "C02"),
    ]


def test_every_table_of_people_has_a_word_for_its_rows():
    assert {*PEOPLES_TABLES, *OPTIONAL_TABLES, "codings"} == set(SUBJECTS)


def test_filling_in_a_place_is_no_edit(before, tmp_path):
    after = copy(before, tmp_path)
    print_of = "39-1/1/0-08373ce4-075369c3-6cde35c6"
    rows = [{"fingerprint": "", **row} for row in read_table(after / A)]
    rows[0] |= {"exact_sha256": "0" * 64, "fingerprint": print_of}
    write_table(after / A, rows)
    assert list_changes(before, after) == {("coding", "A-1", "anchored", "fingerprint")}


def test_quoted_words_are_shown_nowhere(before, tmp_path):
    after = copy(before, tmp_path)
    write_table(after / A, [{**row, "exact": "words of a page"} for row in read_table(after / A)])
    sides = [read_side("one", folder, is_checked=False) for folder in (before, after)]
    changes = compare_sides(*sides)
    assert "words of a page" not in str(changes)
    assert [(row["subject"], row["change"]) for row in changes] == [("file", "written anew")]


# What came of it ------------------------------------------------------------------------------------------------


def renumber(folder):
    """Give every topic another number; the segments stay together."""
    for file in (f"{MADE}topics.csv", f"{MADE}topic_segments.csv"):
        rows = read_table(folder / file)
        for row in rows:
            row["topic_id"] = row["topic_id"] if row["topic_id"] == "-1" else str(99 - int(row["topic_id"]))
        write_table(folder / file, rows)


def shift_segments(folder):
    """Give the segments of a source other numbers, as a new paragraph at its start does."""
    names = {row["segment_id"]: f"{row['source_id']}-9{row['segment_id'][-3:]}"
             for row in read_table(folder / f"{MADE}segments.csv") if row["source_id"] == "S001"}  # fmt: skip
    for file in (f"{MADE}segments.csv", f"{MADE}topic_segments.csv"):
        rows = read_table(folder / file)
        for row in rows:
            row["segment_id"] = names.get(row["segment_id"], row["segment_id"])
        write_table(folder / file, rows)


def move_segment(folder):
    """Put one segment of the largest topic into the next one."""
    rows = read_table(folder / f"{MADE}topic_segments.csv")
    next(row for row in rows if row["topic_id"] == "0")["topic_id"] = "1"
    write_table(folder / f"{MADE}topic_segments.csv", rows)


def split_topic(folder):
    """Share the segments of a topic out to three new ones, a third each."""
    rows = read_table(folder / f"{MADE}topic_segments.csv")
    for number, row in enumerate(row for row in rows if row["topic_id"] == "2"):
        row["topic_id"] = str(70 + number % 3)
    write_table(folder / f"{MADE}topic_segments.csv", rows)


MADE_CHANGES = {
    "topics are renumbered": (renumber, set()),
    "segments are renumbered": (shift_segments, set()),
    "a segment is in another topic": (
        move_segment, {("topic", "topic.0", "changed", "segments"), ("topic", "topic.1", "changed", "segments")}
    ),
    "a topic falls apart": (
        split_topic,
        {("topic", "topic.2", "removed", "words"), ("topic", "topic.70", "added", "words"),
         ("topic", "topic.71", "added", "words"), ("topic", "topic.72", "added", "words")},
    ),
    "a text has other words": (
        lambda f: change(f, f"{MADE}texts.csv", "S001", text_sha256="0" * 64), {("text", "S001", "changed", "segments")}
    ),
    "a text is lost": (
        lambda f: change(f, f"{MADE}texts.csv", "S002", outcome="not_captured", text_sha256=""),
        {("text", "S002", "changed", "outcome")},
    ),
    "a coding is orphaned": (
        lambda f: change(f, f"{MADE}located_codings.csv", "A-0001", method="orphan", start="", end=""),
        {("coding", "A-0001", "orphaned", "method")},
    ),
    "a coding's words moved": (
        lambda f: change(f, f"{MADE}located_codings.csv", "A-0002", method="same_words", start="1", end="9"),
        {("coding", "A-0002", "moved in the text", "start–end")},
    ),
    "a coding falls": (
        lambda f: change(f, f"{MADE}located_codings.csv", "A-0003", standing="falls"),
        {("coding", "A-0003", "judged", "standing")},
    ),
    "a coding counts for another code": (
        lambda f: change(f, f"{MADE}located_codings.csv", "A-0004", code_id="C99"),
        {("coding", "A-0004", "counted otherwise", "code_id")},
    ),
    "a code loses a source": (
        lambda f: change(f, f"{MADE}code_counts.csv", "C01", n_sources="77"), {("code", "C01", "support", "n_sources")}
    ),
    "a guideline loses its floor and its rank": (
        lambda f: change(f, f"{MADE}guideline_support.csv", "G01", n_publishers="77", rank="77", has_floor="perhaps"),
        {("guideline", "G01", "support", "n_publishers"), ("guideline", "G01", "rank", "rank"),
         ("guideline", "G01", "floor", "has_floor")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_CHANGES)
def test_a_planted_consequence_is_reported_and_nothing_else(built, built_copy, name):
    plant, expected = MADE_CHANGES[name]
    plant(built_copy)
    assert list_changes(built, built_copy) == expected


def test_all_planted_consequences_together_are_reported_and_nothing_else(built, built_copy):
    kept = {name: planted for name, planted in MADE_CHANGES.items() if name != "topics are renumbered"}
    for plant, _ in kept.values():
        plant(built_copy)
    assert list_changes(built, built_copy) == set().union(*(expected for _, expected in kept.values()))


def test_an_orphan_that_is_found_again_is_reported(built, built_copy):
    change(built_copy, f"{MADE}located_codings.csv", "A-0001", method="orphan", start="", end="")
    assert list_changes(built_copy, built) == {("coding", "A-0001", "found again", "method")}


def test_a_source_less_changes_no_topic_by_itself(built, built_copy):
    for file in ("segments", "topic_segments"):
        rows = read_table(built_copy / f"{MADE}{file}.csv")
        write_table(built_copy / f"{MADE}{file}.csv", [row for row in rows if not row["segment_id"].startswith("S001")])
    assert list_changes(built, built_copy) == set()


# The command ----------------------------------------------------------------------------------------------------


def compare(study, base, cwd=REPOSITORY):
    return run_graylit("-C", study, "compare", base, cwd=cwd)


def test_nothing_changed_is_said_and_the_table_is_empty(built_copy, built):
    ended = compare(built_copy, built)
    assert (ended.returncode, ended.stdout) == (0, f"Nothing changed since {built}.\n")
    assert read_table(built_copy / "results/compare/changes.csv") == []
    assert "Nothing changed" in (built_copy / "results/compare/index.html").read_text("utf-8")


def test_changes_are_counted_by_kind(built_copy, built):
    add(built_copy, SOURCES, source_id="S099", url="https://example.org/99", title="Ten", publisher="D",
        source_type="guide")  # fmt: skip
    ended = compare(built_copy, built)
    assert ended.returncode == 0, ended.stderr
    assert [line.split() for line in ended.stdout.splitlines()[:-1]] == [["source", "added", "1"]]
    assert len(read_table(built_copy / "results/compare/changes.csv")) == 1


@pytest.mark.parametrize(
    ("base", "said"), [("no-such-thing", "is neither a folder nor a git revision here"), ("docs", "holds no study")]
)
def test_a_base_that_is_no_state_is_refused(built_copy, base, said):
    ended = compare(built_copy, base)
    assert (ended.returncode, said in ended.stderr) == (2, True)
    assert not (built_copy / "results/compare").exists()


def test_a_revision_is_compared(before):
    run = ["git", "-C", str(before), "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*run, *words], check=True)
    add(before, CODEBOOK, code_id="C20", name="Frost", status="active")
    ended = compare(before, "HEAD")
    assert ended.returncode == 0, ended.stderr
    rows = read_table(before / "results/compare/changes.csv")
    assert [(row["subject"], row["subject_id"], row["change"]) for row in rows] == [("code", "C20", "added")]


def test_hostile_words_are_text_on_the_page_and_inert_in_the_table():
    words = "=1+1<script>alert(1)</script>{{ 7*7 }}"
    row = {"file": "config/sources.csv", "subject": "source", "subject_id": "S1", "change": "described"}
    row |= {"column": "title", "before": words, "after": "@x"}
    page = render_page("t", "b", [row], [words])
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
    assert (defuse_change(row)["before"][0], defuse_change(row)["after"]) == ("'", "'@x")
