"""Studies whose tables quote their sources, as those of a private study may."""

from conftest import read_table, write_table


def read_texts(folder):
    """Return the texts of a study's sources by source_id."""
    return {path.stem: path.read_text("utf-8") for path in (folder / "data/processed/texts").glob("*.txt")}


def quote_sources(folder, texts):
    """Have every coding quote its words, and the words around them, as the tables of a private study may."""
    for table in (folder / "config/coding/codings").glob("*.csv"):
        rows = read_table(table)
        for row in rows:
            start, end = (int(row[name] or 0) for name in ("start", "end"))
            text = texts.get(row["source_id"], "") if row["start"] else ""
            row |= {
                "exact": text[start:end],
                "prefix": text[max(0, start - 90) : start],
                "suffix": text[end : end + 90],
            }
        write_table(table, rows)


def keep_snippets(folder, texts):
    """Have hits show words of the sources, as engines do."""
    search = folder / "config/search"
    search.mkdir()
    (search / "searches.csv").write_text("search_id,way\nX01,website\n", encoding="utf-8")
    words = (text[:400] for text in texts.values())
    rows = [
        {"search_id": "X01", "rank": n, "snippet": said, "left_out": "no address"} for n, said in enumerate(words, 1)
    ]
    write_table(search / "hits.csv", rows)
