"""Score extracted texts against reference texts, beside trafilatura's own defaults on the same pages.

The corpus folder holds sources.csv (id, url), pages/<id>.html and text/<id>.txt. Scores are precision, recall
and F1 of runs of four words, repeats counted. Of these pages and of those in other folders, it counts how many have
words in the extractor's tree that are not in their text, in order; there must be none.

References
----------
Article extraction benchmark of Scrapinghub (2019): F1 of 4-grams of words.
"""

import argparse
import re
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
import trafilatura
import yaml

from figures import Figure, read_corpus, time_command, write_figures
from graylit.captures.characters import decode_body
from graylit.captures.page_trees import read_tree
from graylit.languages.words import list_words
from graylit.preparation.cleaning import clean_words
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import read_page
from graylit.study.config import CONFIG
from graylit.study.study import PEOPLES_TABLES

RUN_OF_WORDS = 4
MAX_BYTES = 20_000_000  # of a page; the tiny review, whose config this is, asks for tiny pages
CAPTURED_AT = "2026-11-01T00:00:00Z"  # the latest date that a page may have; any day will do


def score_text(text: str, reference: str) -> float:
    """Return the F1 of two texts' runs of four words, 0 to 1."""
    found, wanted = _count_runs(text), _count_runs(reference)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def _count_runs(text: str) -> Counter:
    words = list_words(text.lower())
    return Counter(tuple(words[i : i + RUN_OF_WORDS]) for i in range(max(1, len(words) - RUN_OF_WORDS + 1)))


def extract_corpus(corpus: Path, keep_code_blocks: bool, folder: Path) -> Path:
    """Take the corpus through collection and preparation in a study of its own; return the folder of texts."""
    config = yaml.safe_load(Path("tests/mini/config/config.yaml").read_text(encoding="utf-8"))
    config["preparation"]["keep_code_blocks"] = keep_code_blocks
    config["collection"]["max_bytes"] = MAX_BYTES
    for file, contract in PEOPLES_TABLES.values():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(",".join(contract.names) + "\n", encoding="utf-8")
    read_corpus(corpus).to_csv(folder / PEOPLES_TABLES["sources"][0], index=False, lineterminator="\n")
    (folder / CONFIG).write_text(yaml.safe_dump(config), encoding="utf-8")
    archives = f"archives={(corpus / 'mirror.warc.gz').resolve()}"
    workflow = [sys.executable, "-m", "snakemake", "--cores", "all", "--directory", str(folder)]
    time_command([*workflow, "collect", "--config", "collect=True", "live=False", archives])
    time_command([*workflow, "gather_texts"])
    return folder / "data/processed/texts"


def score_pages(corpus: Path, texts: Path, texts_with_code: Path) -> pd.DataFrame:
    """Return one row per page with its scores."""
    rows = []
    for source_id in read_corpus(corpus)["source_id"]:
        reference = (corpus / "text" / f"{source_id}.txt").read_text(encoding="utf-8")
        page = (corpus / "pages" / f"{source_id}.html").read_bytes()
        rows.append(
            {
                "source_id": source_id,
                "f1": score_text(_read(texts / f"{source_id}.txt"), reference),
                "f1_with_code": score_text(_read(texts_with_code / f"{source_id}.txt"), reference),
                "f1_trafilatura_defaults": score_text(trafilatura.extract(page) or "", reference),
            }
        )
    return pd.DataFrame(rows)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def count_lost_words(page: bytes) -> int:
    """Return how many words of the extractor's tree of a page are not in its text; 1 at least if signs are."""
    characters = decode_body(page, {}, "html")
    tree = read_tree(characters) if characters else None
    body = read_page(tree, "https://example.org/page", CAPTURED_AT).body if tree is not None else None
    if body is None:
        return 0
    text = write_markup(body, keep_code_blocks=True)
    wanted = clean_words(" ".join(str(part) for part in body.itertext()))
    signs = iter(re.findall(r"\w", text))
    if all(sign in signs for sign in re.findall(r"\w", wanted)):
        return 0
    return max(1, (Counter(re.findall(r"\w+", wanted)) - Counter(re.findall(r"\w+", text))).total())


def count_losses(folder: Path) -> list[Figure]:
    """Return how many pages there are below a folder, and how many lose how many words between tree and text."""
    pages = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".htm"))
    lost = [count_lost_words(page.read_bytes()) for page in pages]
    return [
        Figure(f"pages_in_{folder.name}", len(pages), "pages"),
        Figure(f"pages_that_lose_words_in_{folder.name}", sum(map(bool, lost)), "pages", "== 0"),
        Figure(f"words_lost_in_{folder.name}", sum(lost), "words", "== 0"),
    ]


def summarize_scores(scores: pd.DataFrame) -> list[Figure]:
    """Return the figures of the benchmark; the lowest page is named in its measure."""
    lowest = scores.loc[scores["f1"].idxmin()]
    rival = float(scores["f1_trafilatura_defaults"].mean())
    return [
        Figure("pages", len(scores), "pages"),
        Figure("f1_mean", statistics.fmean(scores["f1"]), "share", f">= {rival:.4f}"),
        Figure("f1_mean_with_code", statistics.fmean(scores["f1_with_code"]), "share", f">= {rival:.4f}"),
        Figure("f1_mean_trafilatura_defaults", rival, "share"),
        Figure("f1_median", statistics.median(scores["f1"]), "share"),
        Figure(f"f1_minimum_{lowest['source_id']}", float(lowest["f1"]), "share"),
        Figure("f1_minimum_trafilatura_defaults", float(scores["f1_trafilatura_defaults"].min()), "share"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--pages", type=Path, nargs="*", default=[], help="more folders of pages to count losses in")
    options = parser.parse_args()
    corpus = options.corpus
    if not (corpus / "sources.csv").exists():
        sys.exit(f"{corpus}/sources.csv is missing; name a folder of pages and reference texts: CORPUS=folder")
    with tempfile.TemporaryDirectory() as scratch:
        texts = extract_corpus(corpus, keep_code_blocks=False, folder=Path(scratch) / "plain")
        texts_with_code = extract_corpus(corpus, keep_code_blocks=True, folder=Path(scratch) / "with_code")
        scores = score_pages(corpus, texts, texts_with_code)
    losses = [figure for folder in [corpus / "pages", *options.pages] for figure in count_losses(folder)]
    is_met = write_figures("extraction", summarize_scores(scores) + losses)
    scores.to_csv("results/bench/extraction_by_source.csv", index=False, float_format="%.4f", lineterminator="\n")
    sys.exit(0 if is_met else 1)
