"""The mini study frozen, replayed without captures, collected anew and with sources swapped: fixtures and helpers."""

import re
import shutil
from pathlib import Path

import pytest

from archives import PAGES, Page, write_archive
from conftest import CORES, collect_archived, read_table, run_snakemake, share_folder, write_table
from graylit.comparison.release import list_tables
from graylit.exports.frozen_corpus import freeze_corpus
from graylit.study.frozen import FOLDER

TABLES = [f"{contract.name}.csv" for _, contract in list_tables()]


def freeze(folder: Path) -> None:
    freeze_corpus(folder)


def review(folder: Path, *arguments: str, cores: int = CORES) -> Path:
    done = run_snakemake(folder, *arguments, cores=cores)
    assert done.returncode == 0, done.stderr
    return folder


def read_results(folder: Path, names=TABLES) -> dict[str, bytes]:
    return {name: (folder / "data/processed" / name).read_bytes() for name in names}


def by_source(path: Path) -> dict[str, dict[str, str]]:
    return {row["source_id"]: row for row in read_table(path)}


@pytest.fixture(scope="session")
def frozen(built, tmp_path_factory):
    """Return the built mini study, frozen; tests read it and change nothing in it."""
    return share_folder(tmp_path_factory, "frozen", lambda folder: freeze(Path(shutil.copytree(built, folder))))


def copy_frozen(frozen: Path, folder: Path) -> Path:
    """Copy what a fresh clone has: decisions and the frozen corpus, no captures and nothing made."""
    for part in ("config", FOLDER):
        shutil.copytree(frozen / part, folder / part)
    return folder


@pytest.fixture(scope="session")
def replayed(frozen, tmp_path_factory):
    """Return a clone of the frozen study after a review; tests read it and change nothing in it."""
    return share_folder(tmp_path_factory, "replayed", lambda folder: review(copy_frozen(frozen, folder)))


@pytest.fixture
def clone(replayed, tmp_path):
    """Return a copy of the replayed study in which a test may change things."""
    return Path(shutil.copytree(replayed, tmp_path / "clone"))


def edit(path: Path, **changed: str) -> None:
    rows = read_table(path)
    write_table(path, [rows[0] | changed, *rows[1:]])


@pytest.fixture(scope="session")
def recollected(frozen, tmp_path_factory):
    """Return the frozen study after its pages were collected again: same, reformatted, changed and gone ones."""
    return share_folder(tmp_path_factory, "recollected", lambda folder: collect_again(copy_frozen(frozen, folder)))


def collect_again(folder: Path) -> None:
    pages = {page.url: page for page in PAGES}
    guide, swarms = pages["http://apiary-society.example/guides/4"], pages["http://noravelt.example/swarms.html"]
    body = re.sub(rb"<(/?)h2", rb"<\1h3", guide.read())
    pages[guide.url] = Page(guide.url, body=body)
    paragraphs = re.findall(rb"<p>.*?</p>", swarms.read(), flags=re.DOTALL)
    pages[swarms.url] = Page(swarms.url, media_type=swarms.media_type, body=swarms.read().replace(paragraphs[-1], b""))
    del pages["http://hivewall.example/notes/water.html"]
    archive = write_archive(folder.parent / "later.warc.gz", pages.values())
    done = collect_archived(folder, archive)
    assert done.returncode == 0, done.stderr
    review(folder, "results/source_changes.csv", "results/ledger.html", cores=1)


@pytest.fixture(scope="session")
def swapped(replayed, tmp_path_factory):
    """Return the replayed study with S009 replaced by a page of its own and S003 taken out, the new page captured."""
    return share_folder(tmp_path_factory, "swapped", lambda folder: swap(Path(shutil.copytree(replayed, folder))))


def swap(folder: Path) -> None:
    sources = read_table(folder / "config/sources.csv")
    new = Page("http://lindenstreet.example/second-year/", "wind-and-weight.html", archived_at="2026-05-02T08:15:30Z")
    kept = [row for row in sources if row["source_id"] not in ("S003", "S009")]
    write_table(folder / "config/sources.csv", [*kept, sources[0] | {"source_id": "S011", "url": new.url}])
    impacts = folder / "config/synthesis/impacts.csv"
    impacts.unlink()
    quality = read_table(folder / "config/quality.csv")
    write_table(folder / "config/quality.csv", [row for row in quality if row["source_id"] not in ("S003", "S009")])
    done = collect_archived(folder, write_archive(folder.parent / "new.warc.gz", [new]))
    assert done.returncode == 0, done.stderr
    review(folder, "results/effects.csv")
