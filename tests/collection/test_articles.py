"""Articles of several pages: one source, a capture for each page, one text."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from capture_records import read_captures
from conftest import (
    collect_live,
    make_study,
    read_table,
    run_snakemake,
    write_table,
)
from graylit.captures.warcs import digest_body
from graylit.preparation.shards import shard_of
from loopback import Site, format_page, serve_site


@dataclass(frozen=True)
class Article:
    """An article of three pages, the last of which is missing at first, beside a source of one page."""

    site: Site
    folder: Path
    stages: list[dict[str, list[dict[str, str]]]]
    shards_redone: set[str]

    def row(self, stage: int, table: str, source_id: str = "S001") -> dict[str, str]:
        """Return the row of a source in a table at a stage."""
        return next(row for row in self.stages[stage][table] if row["source_id"] == source_id)


def write_further(folder: Path, cell: str) -> None:
    """Write the further pages of the first source."""
    sources = read_table(folder / "config/sources.csv")
    cells = [cell, *[""] * (len(sources) - 1)]
    rows = [row | {"further_urls": cell} for row, cell in zip(sources, cells, strict=True)]
    write_table(folder / "config/sources.csv", rows)


@pytest.fixture(scope="module")
def article(tmp_path_factory):
    stages = []
    with serve_site() as site:
        urls = {"S001": site.url("/page/first"), "S002": site.url("/page/other")}
        folder = make_study(tmp_path_factory.mktemp("article") / "study", urls)

        def collect(third: str, refresh: str = "") -> dict[Path, int]:
            write_further(folder, f"{site.url('/gzip/second')} {site.url(third)}")
            n_before = len(read_captures(folder)) if stages else 0
            done = collect_live(folder, refresh)
            assert done.returncode == 0, done.stderr
            done = run_snakemake(folder, "data/processed/texts.csv")
            assert done.returncode == 0, done.stderr
            names = {"collection": "data/raw/collection.csv", "texts": "data/processed/texts.csv"}
            tables = {name: read_table(folder / path) for name, path in names.items()}
            stages.append(tables | {"captures": read_captures(folder)[n_before:]})
            made = (folder / "data/processed/shards").rglob("texts.csv")
            return {path: path.stat().st_mtime_ns for path in made}

        before, after = collect("/status/404"), collect("/page/third", refresh="S001")
        redone = {path.parent.name for path in after if after[path] != before[path]}
        yield Article(site, folder, stages, redone)


def test_each_page_of_an_article_is_captured_under_its_source(article):
    rows = [row for row in article.stages[0]["captures"] if row["source_id"] == "S001"]
    ends = {row["url"].removeprefix(article.site.url("")): row["outcome"] for row in rows}
    assert ends == {"/page/first": "captured", "/gzip/second": "captured", "/status/404": "gone"}
    assert sorted(row["capture_id"] for row in rows) == ["S001-1", "S001-2", "S001-3"]


def test_an_article_whose_page_is_missing_says_so_and_has_no_text(article):
    standing = article.row(0, "collection")
    assert (standing["outcome"], standing["state"], standing["n_attempts"]) == ("gone", "lost", "3")
    text = article.row(0, "texts")
    assert (text["outcome"], text["capture_outcome"]) == ("not_captured", "gone")
    assert (text["note"], text["n_words"], text["text_sha256"]) == ("page 3 of 3 is not captured", "0", "")


def test_refreshing_an_article_asks_each_page_whether_it_changed(article):
    ends = {row["url"].removeprefix(article.site.url("")): row["outcome"] for row in article.stages[1]["captures"]}
    assert ends == {"/page/first": "unchanged", "/gzip/second": "unchanged", "/page/third": "captured"}


def test_the_text_of_an_article_is_that_of_its_pages_in_order(article):
    words = (article.folder / "data/processed/texts/S001.txt").read_text(encoding="utf-8")
    assert re.findall(r"This is (\S+)\.", words) == ["/page/first", "/gzip/second", "/page/third"]
    text = article.row(1, "texts")
    assert (text["outcome"], text["title"]) == ("extracted", "/page/first")
    assert article.row(1, "collection")["state"] == "live"


def test_the_digest_of_an_article_is_that_of_the_digests_of_its_pages(article):
    digests = [digest_body(format_page(path)) for path in ("/page/first", "/gzip/second", "/page/third")]
    assert article.row(1, "texts")["capture_sha256"] == digest_body("\n".join(digests).encode())
    assert article.row(1, "texts", "S002")["capture_sha256"] == digest_body(format_page("/page/other"))


def test_another_page_of_an_article_redoes_its_own_shard_only(article):
    assert article.shards_redone == {f"{shard_of('S001', 2)}-of-2"}
