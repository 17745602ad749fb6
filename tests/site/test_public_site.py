"""The public site: whole, the same everywhere, and without words of its sources."""

import csv
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from pathlib import Path

import pytest

from conftest import read_table, write_table
from graylit.site.database import SUMMED
from graylit.site.writing import make_site, pack_files, replace_site
from graylit.study.checking import accept_rows
from graylit.tables.faults import InputError
from leaks import find_foreign_words, list_titles, read_folder
from public_pages import list_broken, list_pages, show_words
from quoting_studies import keep_snippets, quote_sources, read_texts


@pytest.fixture
def titles(published):
    """Return what may stand in a site though a page has it."""
    return list_titles(read_table(published / "config/sources.csv"))


@pytest.fixture
def study(published, tmp_path):
    """Return a copy of the study in which a test may change things."""
    return Path(shutil.copytree(published, tmp_path / "study"))


def find_leaks(files, folder, titles):
    """Return the files with eight words in a row of a source, as bytes or as a reader sees them."""
    texts = read_texts(folder).values()
    shown = {path: show_words(page).encode("utf-8") for path, page in list_pages(files).items()}
    return find_foreign_words(files, texts, titles) | find_foreign_words(shown, texts, titles)


def test_the_same_bytes_with_texts_at_hand_and_without(public, republished):
    assert not list((republished / "data").glob("raw/*.warc.gz"))
    again = make_site(republished)
    assert {path: digest(content) for path, content in again.items()} == {
        path: digest(content) for path, content in public.items()
    }


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_no_file_holds_words_of_a_source_though_tables_quote_them(study, public, titles):
    quote_sources(study, read_texts(study))
    keep_snippets(study, read_texts(study))
    accept_rows(study)
    files = make_site(study)
    assert set(files) >= set(public)
    assert find_leaks(files, study, titles) == set()


def test_the_test_for_words_finds_those_that_a_page_or_the_database_would_show(study, titles):
    words = read_texts(study)["S002"].split()[40:60]
    page = "<p>" + " ".join(f"<b>{word}</b>" for word in words) + "</p>"
    archive = pack_files({"review.sqlite": " ".join(words).encode()})
    files = {"index.html": page.encode(), "data/review.tar.xz": archive, "other.html": b"<p>our own words</p>"}
    assert find_leaks(files, study, titles) == {"index.html", "data/review.tar.xz/review.sqlite"}


@pytest.mark.parametrize(
    ("table", "column"),
    [("config/coding/codings/A.csv", "memo"), ("config/synthesis/claim_readings.csv", "reason")],
)
def test_a_note_that_quotes_a_source_is_refused_with_its_cell(study, table, column):
    first, *rest = read_table(study / table)
    words = " ".join(read_texts(study)["S002"].split()[40:60])
    write_table(study / table, [first | {column: f"It says: {words}"}, *rest])
    accept_rows(study)
    with pytest.raises(InputError, match=rf"{table}, row 2, column {column}.*S002"):
        make_site(study)


def test_every_link_within_the_site_leads_somewhere(public):
    assert list_broken(public) == set()


def test_links_that_lead_nowhere_are_found(public):
    page = public["index.html"].replace(b"</main>", b'<a href="gone.html">x</a><a href="claims.html#no">y</a></main>')
    assert {link for _, link in list_broken({**public, "index.html": page})} == {"gone.html", "claims.html#no"}


def test_every_guideline_code_source_and_claim_has_its_place(public, published):
    for table, column, folder in (
        ("config/sources.csv", "source_id", "sources"),
        ("config/coding/codebook.csv", "code_id", "codes"),
        ("config/synthesis/guidelines.csv", "guideline_id", "guidelines"),
    ):
        ids = {row[column] for row in read_table(published / table)}
        assert {f"{folder}/{row_id}.html" for row_id in ids} <= set(public)
    for row in read_table(published / "config/synthesis/claims.csv"):
        assert f'id="{row["claim_id"]}"'.encode() in public[f"guidelines/{row['guideline_id']}.html"]


def test_every_coding_that_counts_stands_on_the_page_of_its_source(public, published):
    for row in read_table(published / "data/processed/located_codings.csv"):
        if row["standing"] != "superseded":
            assert f'id="{row["coding_id"]}"'.encode() in public[f"sources/{row['source_id']}.html"], row


def test_supporting_and_contrary_readings_are_listed_under_their_claim(public, published):
    page = public["guidelines/G01.html"].decode()
    for row in read_table(published / "data/processed/claim_evidence.csv"):
        if row["guideline_id"] == "G01" and row["reading"] in ("supports", "partly", "against"):
            part = page.partition(f'id="{row["claim_id"]}-{row["reading"]}"')[2].partition("</ul>")[0]
            assert row["coding_id"] in part, row


def test_who_decided_is_told(public):
    page = public["decisions.html"].decode()
    assert all(f"<bdi>{name}</bdi>" in page for name in ("ANN", "BEN", "CLEO", "DORA"))


def test_data_are_the_tables_as_csv_and_as_one_database(public, published):
    members = unpack(public)
    described = json.loads(members["datapackage.json"])
    database = sqlite3.connect(":memory:")
    database.deserialize(members["review.sqlite"])
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    resources = {resource["path"].removesuffix(".csv"): resource for resource in described["resources"]}
    assert tables == set(resources) - {*SUMMED} and tables < set(resources)
    for resource in (resources[name] for name in sorted(tables)):
        lines = members[resource["path"]].decode("utf-8")
        name, fields = resource["path"].removesuffix(".csv"), resource["schema"]["fields"]
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
        (n_rows,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        assert columns == [field["name"] for field in fields] == lines.splitlines()[0].split(",")
        assert n_rows == len(read_table_of(lines))
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert {"term_counts", "vocabulary", "segments"}.isdisjoint(tables)


def unpack(files):
    with tarfile.open(fileobj=io.BytesIO(files["data/review.tar.xz"])) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive.getmembers()}


def read_table_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_review_json_has_guidelines_with_claims_codes_and_sources(public):
    content = json.loads(unpack(public)["review.json"])
    assert content["title"] == "Keeping bees on city roofs"
    assert [card["guideline_id"] for card in content["guidelines"]] == ["G01", "G02", "G03", "G04", "G05"]
    assert {claim["claim_id"] for card in content["guidelines"] for claim in card["claims"]} == {"L01", "L02", "L03"}
    sources = {source["id"] for source in content["sources"]}
    assert all(set(card["sources"]) <= sources for card in content["guidelines"])


def test_a_site_that_was_written_before_is_replaced_as_a_whole(study, public):
    replace_site(study, {"left.html": b"old", "deep/left.html": b"old"})
    target = replace_site(study, public)
    assert read_folder(target) == public
    assert [path.name for path in target.parent.iterdir() if path.name.startswith("site")] == ["site"]


def test_a_study_that_names_no_licence_is_refused(study):
    config = study / "config/config.yaml"
    config.write_text(config.read_text("utf-8").replace("licence: CC-BY-4.0\n", ""), encoding="utf-8")
    with pytest.raises(InputError, match="licence"):
        make_site(study)


def test_a_copy_that_a_web_archive_keeps_is_led_to_and_cited(study):
    source = read_table(study / "config/sources.csv")[0]
    kept = f"https://archive.example/20260701101010/{source['url']}"
    row = {
        "number": "1",
        "source_id": "S001",
        "url": source["url"],
        "at": "2026-07-01T10:10:10Z",
        "outcome": "confirmed",
    }
    row |= {
        "archive": "https://archive.example/save",
        "job_id": "",
        "memento": kept,
        "memento_at": row["at"],
        "note": "",
    }
    write_table(study / "data/mementos.csv", [row])
    files = make_site(study)
    assert f"{kept}#:~:text=" in files["sources/S001.html"].decode()
    assert "the copy of 2026-07-01" in files["sources/S001.html"].decode()
    assert f"L2  - {kept}" in files["cite/S001.ris"].decode()
    assert list_broken(files) == set()
