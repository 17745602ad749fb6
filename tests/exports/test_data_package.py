"""The data package: its tables are described as they are."""

import hashlib
import json

import pytest

from conftest import REPOSITORY, read_table
from graylit.exports.citation import About, describe_program
from graylit.exports.data_package import PackagedTable, format_rows, pack_tables
from graylit.tables.preparation import TEXTS
from graylit.tables.sources import SOURCES
from hostile_words import read_rows

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"
ABOUT = About("t", (), "CC-BY-4.0", "2026-01-01", describe_program(), "9")


@pytest.fixture(scope="module")
def resources(exported):
    """Return the resources of the data package by name."""
    return {one["name"]: one for one in json.loads(exported["data-package/datapackage.json"])["resources"]}


def test_every_table_with_rows_is_in_the_data_package(built, resources):
    made = {path.stem for path in (built / "data/processed").glob("*.csv") if len(read_table(path))} - {"prisma"}
    assert {name.replace("_", "-") for name in made} <= set(resources)
    assert {"sources", "codebook", "codings", "themes", "guidelines"} <= set(resources)


def test_a_resource_is_described_as_it_is(exported, resources):
    for one in resources.values():
        content = exported[f"data-package/{one['path']}"]
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert content.decode("utf-8").splitlines()[0] == ",".join(fields)
        assert not {"exact", "prefix", "suffix"} & set(fields)


def test_keys_are_unique_and_lead_where_they_say(exported, resources):
    rows = {name: read_rows(exported[f"data-package/{one['path']}"]) for name, one in resources.items()}
    for name, one in resources.items():
        keys = [tuple(row[column] for column in one["schema"]["primaryKey"]) for row in rows[name]]
        assert len(set(keys)) == len(keys), name
        for link in one["schema"].get("foreignKeys", []):
            target = link["reference"]
            known = {row[target["fields"]] for row in rows[target["resource"]]}
            assert {row[link["fields"]] for row in rows[name]} - {""} <= known, (name, link)


def test_codings_lead_to_their_source_and_code(resources):
    links = {link["fields"]: link["reference"]["resource"] for link in resources["codings"]["schema"]["foreignKeys"]}
    assert {"source_id": "sources", "code_id": "codebook"}.items() <= links.items()


def test_rows_of_what_is_gone_make_no_foreign_key():
    sources = PackagedTable(SOURCES, [dict.fromkeys(SOURCES.names, "x") | {"source_id": "S1"}])
    texts = PackagedTable(TEXTS, [dict.fromkeys(TEXTS.names, "") | {"source_id": "S2"}])
    descriptor, _ = pack_tables(ABOUT, [sources, texts])
    described = descriptor["resources"][1]
    assert "foreignKeys" not in described["schema"]
    assert described["description"].endswith("source_id")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_no_cell_of_the_data_package_is_a_formula(words):
    content = format_rows(PackagedTable(TEXTS, [dict.fromkeys(TEXTS.names, "") | {"title": words}]))
    assert read_rows(content)[0]["title"] == "'" + words
