"""Copies that a web archive keeps: in the bibliography, in the data package, in the replication package."""

import json
import shutil
from pathlib import Path

from conftest import read_table
from graylit.exports.replication import collect_study
from graylit.exports.writing import list_tables, make_export, read_made_tables
from graylit.study.checking import require_study
from graylit.study.mementos import MEMENTOS_FILE, find_mementos, read_offers
from graylit.tables.growing import GrowingTable
from graylit.tables.mementos import MEMENTOS

ARCHIVE = "https://web.archive.org"
STAMP = "20261129120000"


def offer(folder, *outcomes, source_id="S001"):
    """Have the table say what came of a source's address."""
    url = {row["source_id"]: row["url"] for row in read_table(folder / "config/sources.csv")}[source_id]
    table = GrowingTable(folder / MEMENTOS_FILE, MEMENTOS)
    for outcome in outcomes:
        number = str(len(table.read()) + 1)
        kept = {"memento": f"{ARCHIVE}/web/{STAMP}/{url}", "memento_at": "2026-11-29T12:00:00Z"}
        row = {"number": number, "source_id": source_id, "url": url, "at": "2026-11-29T12:00:00Z", "archive": ARCHIVE}
        table.add(row | {"outcome": outcome} | (kept if outcome in ("confirmed", "archived") else {}))
    return f"{ARCHIVE}/web/{STAMP}/{url}"


def test_copies_that_were_looked_at_stand_in_the_exports_and_others_do_not(built, tmp_path):
    folder = Path(shutil.copytree(built, tmp_path / "study"))
    memento = offer(folder, "asked", "confirmed", "failed")
    offer(folder, "asked", "not_confirmed", source_id="S002")
    files = make_export(folder, ("paper",))
    items = {item["id"]: item for item in json.loads(files["sources.csl.json"])}
    assert items["S001"]["archive_location"] == memento  # the last request failed; the copy is there
    assert "archive" not in items["S002"]
    assert files["sources.bib"].decode().count("eprint = ") == 1
    study = require_study(folder)
    assert collect_study(folder, study)[MEMENTOS_FILE] == (folder / MEMENTOS_FILE).read_bytes()
    packed = {table.contract.name: table for table in list_tables(study, read_made_tables(folder))}
    assert [row["outcome"] for row in packed["mementos"].rows][:3] == ["asked", "confirmed", "failed"]


def test_a_study_that_offered_nothing_exports_as_before(built):
    study = require_study(built)
    assert read_offers(built) == []
    assert MEMENTOS_FILE not in collect_study(built, study)
    assert "mementos" not in read_made_tables(built)


def test_the_last_copy_of_an_address_counts(tmp_path):
    rows = [
        {"source_id": "S001", "url": "https://a.example/", "outcome": outcome, "memento": memento}
        for outcome, memento in (("archived", "m1"), ("confirmed", "m2"), ("refused", ""))
    ]
    assert find_mementos(rows)["S001", "https://a.example/"]["memento"] == "m2"
