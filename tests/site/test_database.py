"""The database of the site: typed, keyed, linked, and the same bytes whatever wrote it."""

import sqlite3

from graylit.exports.data_package import PackagedTable
from graylit.site.database import write_database
from graylit.tables.coding import CODE_COUNTS, CODEBOOK
from graylit.tables.contracts import Column, Contract

CODES = Contract("codes", (Column("code_id", "id", "code"), Column("name", "text", "name")), ("code_id",))
PAIRS = Contract(
    "pairs", (Column("code_id", "id", "code"), Column("n", "count", "n"), Column("share", "share", "s")), ("code_id",)
)


def open_database(*tables):
    database = sqlite3.connect(":memory:")
    database.deserialize(write_database(tables))
    return database


def test_cells_have_the_types_of_their_columns_and_empty_ones_are_null():
    rows = [{"code_id": "C01", "n": "12", "share": "0.5"}, {"code_id": "C02", "n": "", "share": ""}]
    database = open_database(PackagedTable(PAIRS, rows))
    assert database.execute("SELECT * FROM pairs").fetchall() == [("C01", 12, 0.5), ("C02", None, None)]


def test_a_column_that_names_rows_of_another_table_refers_to_it(monkeypatch):
    monkeypatch.setattr("graylit.site.database.LEADS_TO", {"code_id": ("codes", "code_id")})
    codes = PackagedTable(CODES, [{"code_id": "C01", "name": "=roof"}])
    pairs = PackagedTable(PAIRS, [{"code_id": "C01", "n": "1", "share": "1"}])
    links = open_database(codes, pairs).execute("PRAGMA foreign_key_list(pairs)").fetchall()
    assert [link[2:5] for link in links] == [("codes", "code_id", "code_id")]
    lost = PackagedTable(PAIRS, [{"code_id": "C09", "n": "1", "share": "1"}])
    assert open_database(codes, lost).execute("PRAGMA foreign_key_list(pairs)").fetchall() == []


def test_a_table_whose_rows_repeat_the_key_has_none():
    rows = [{"code_id": "C01", "name": "roof"}, {"code_id": "C01", "name": "roofs"}]
    database = open_database(PackagedTable(CODES, rows))
    assert database.execute("SELECT name FROM codes").fetchall() == [("roof",), ("roofs",)]


def test_the_file_does_not_say_which_sqlite_wrote_it_and_is_whole():
    rows = [{name: "1" if name.startswith("n_") else f"C{n}" for name in CODE_COUNTS.names} for n in range(900)]
    content = write_database([PackagedTable(CODE_COUNTS, rows)])
    assert content == write_database([PackagedTable(CODE_COUNTS, rows)])
    assert int.from_bytes(content[96:100], "big") == 3_040_000
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("SELECT count(*), sum(n_codings) FROM code_counts").fetchone() == (900, 900)


def test_words_that_mean_something_in_sql_are_words():
    row = dict.fromkeys(CODEBOOK.names, "") | {
        "code_id": "C01",
        "name": 'a"); DROP TABLE codebook; --',
        "n_sources": "",
    }
    database = open_database(PackagedTable(CODEBOOK, [row]))
    assert database.execute("SELECT name FROM codebook").fetchone() == (row["name"],)
