"""What is published holds no eight words in a row of any source, also if the tables of the study quote the sources."""

import csv
import shutil

import pytest

from conftest import read_table, write_table
from graylit.exchange.annotations import write_codings
from graylit.exchange.review import read_review
from graylit.exports.writing import make_export
from graylit.study.anchoring import seal_codings
from graylit.study.checking import accept_rows, require_study
from graylit.study.pasted import describe_pasted, find_pasted
from leaks import find_foreign_words, list_titles, read_folder
from quoting_studies import keep_snippets, quote_sources, read_texts

SOURCES = "config/sources.csv"
COPIES = (
    *("config/coding/old/A backup.csv", "config/notes.md", "config/coding/codings/A.csv.orig"),
    *("data/frozen/S001.txt", "data/frozen/released/texts/S001.txt", "results/export/left.txt"),
)


@pytest.fixture(scope="module")
def quoting(frozen, tmp_path_factory):
    """Return the frozen mini study with words kept, and copies of them where people leave copies."""
    folder = shutil.copytree(frozen, tmp_path_factory.mktemp("quoting") / "study")
    texts = read_texts(folder)
    quote_sources(folder, texts)
    keep_snippets(folder, texts)
    accept_rows(folder)
    for place in COPIES:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text("\n".join(texts.values()), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def allowed(quoting):
    """Return what may stand in exports though a page has it: titles, and guidelines, which the same hand wrote."""
    named = list_titles(read_table(quoting / SOURCES), read_table(quoting / "data/processed/texts.csv"))
    return named + [row["statement"] for row in read_table(quoting / "config/synthesis/guidelines.csv")]


def test_planted_words_are_found_wherever_they_stand(quoting, allowed):
    texts = read_texts(quoting)
    table = (quoting / "config/coding/codings/A.csv").read_bytes()
    assert find_foreign_words({"A.csv": table, "x.txt": b"nothing"}, texts.values(), allowed) == {"A.csv"}
    assert "exact" in next(csv.reader(table.decode().splitlines()))


def test_no_exported_file_of_a_study_that_quotes_holds_words_of_a_source(quoting, allowed):
    files = make_export(quoting)
    assert len(files) > 50
    assert find_foreign_words(files, read_texts(quoting).values(), allowed) == set()


def test_a_sealed_copy_holds_no_words_of_a_source(quoting, allowed, tmp_path):
    seal_codings(quoting, tmp_path)
    assert find_foreign_words(read_folder(tmp_path), read_texts(quoting).values(), allowed) == set()
    assert sorted(path.name for path in (tmp_path / "config/coding/codings").iterdir()) == ["A.csv", "B.csv"]


@pytest.mark.parametrize(("has_words", "leaking"), [(False, set()), (True, {"annotations.jsonld", "codings.csv"})])
def test_codings_without_words_hold_none(quoting, allowed, has_words, leaking):
    written = read_folder(write_codings(quoting, read_review(quoting), has_words))
    files = {name: written[name] for name in ("annotations.jsonld", "codings.csv")}
    assert find_foreign_words(files, read_texts(quoting).values(), allowed) == leaking


@pytest.fixture
def frozen_copy(frozen, tmp_path):
    """Return a copy of the frozen mini study in which a test may change things."""
    return shutil.copytree(frozen, tmp_path / "copy")


def paste(folder, table, column, words):
    """Put words into a cell of the first row of a table."""
    first, *rest = read_table(folder / table)
    write_table(folder / table, [first | {column: words}, *rest])
    accept_rows(folder)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("coding/codings/A.csv", "memo"),
        ("coding/codebook.csv", "definition"),
        ("synthesis/guidelines.csv", "motivation"),
    ],
)
def test_words_of_a_source_in_what_people_wrote_are_named_with_their_cell(frozen_copy, table, column):
    words = read_texts(frozen_copy)["S002"].split()[40:60]
    written = find_pasted(frozen_copy, require_study(frozen_copy))
    paste(frozen_copy, f"config/{table}", column, f"As they say, {' '.join(words).upper()}!")
    (remark,) = [one for one in find_pasted(frozen_copy, require_study(frozen_copy)) if one not in written]
    assert (remark.file, remark.row, remark.column) == (f"config/{table}", 2, column)
    assert "is of the text of S002" in remark.problem and remark.value.split()[0] in words[0].lower()
    assert f"{table}, row 2, column {column}" in describe_pasted([remark])


def test_seven_words_of_a_source_and_its_title_are_anybodys(frozen_copy):
    written = find_pasted(frozen_copy, require_study(frozen_copy))
    words = read_texts(frozen_copy)["S002"].split()[40:47]
    title = read_table(frozen_copy / SOURCES)[1]["title"]
    paste(frozen_copy, "config/coding/codings/A.csv", "memo", f"Ours: {' '.join(words)} Ours. {title}")
    assert find_pasted(frozen_copy, require_study(frozen_copy)) == written


def test_the_protocol_is_looked_through_as_well(frozen_copy):
    words = " ".join(read_texts(frozen_copy)["S002"].split()[40:60])
    (frozen_copy / "config/protocol.md").write_text(f"# Protocol\n\n{words}\n", encoding="utf-8")
    named = [(one.file, one.row) for one in find_pasted(frozen_copy, require_study(frozen_copy))]
    assert ("config/protocol.md", 3) in named


def test_nothing_pasted_is_nothing_said():
    assert describe_pasted([]) == ""
