"""Score extracted texts against reference texts, beside trafilatura's own defaults on the same pages.

The corpus folder holds sources.csv (id, url), pages/<id>.html and text/<id>.txt; its scores are F1 of runs of four
words, repeats counted. Of these pages and of those in other folders, it counts how many have words in the extractor's
tree that are not in their text, in order; there must be none.

Pages that others published come first if their folders are there: WCXB's and those of the Article Extraction
Benchmark, each scored as its authors do (extraction_scores.py). WCXB's development pages train the weights that
extraction works with; here each of them is read with weights trained on other sites only. `--train` writes weights
trained on all of them.
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

from extraction_pages import read_articles, read_wcxb
from extraction_pdfs import measure_pdfs
from extraction_rivals import (
    WEIGHTS,
    read_across_folds,
    read_all,
    read_rivals,
    score_wcxb,
    summarize_articles,
    summarize_wcxb,
)
from extraction_scores import score_runs
from figures import Figure, read_corpus, time_command, write_figures
from graylit.captures.characters import decode_body
from graylit.captures.page_trees import read_tree
from graylit.preparation.cleaning import clean_words
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import read_page
from graylit.study.config import CONFIG
from graylit.study.study import PEOPLES_TABLES

MAX_BYTES = 20_000_000  # of a page; the tiny review, whose config this is, asks for tiny pages
CAPTURED_AT = "2026-11-01T00:00:00Z"  # the latest date that a page may have; any day will do
# F1 of words on WCXB's development pages: what trafilatura without comments reaches on articles, beyond it elsewhere.
GOALS = {"article": 0.937, "documentation": 0.925, "forum": 0.74, "service": 0.8, "all": 0.835}


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
                "f1": score_runs(_read(texts / f"{source_id}.txt"), reference),
                "f1_with_code": score_runs(_read(texts_with_code / f"{source_id}.txt"), reference),
                "f1_trafilatura_defaults": score_runs(trafilatura.extract(page) or "", reference),
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


def measure_wcxb(folder: Path, is_training: bool) -> list[Figure]:
    """Return the figures of WCXB's development pages; write scores by page, and new weights if asked to."""
    pages = list(read_wcxb(folder, "dev"))
    ours = read_across_folds(pages, WEIGHTS if is_training else None)
    texts = ours.join(pd.DataFrame(read_rivals(pages)))
    scores = score_wcxb(pages, texts)
    scores.to_csv("results/bench/extraction_wcxb.csv", index=False, float_format="%.4f", lineterminator="\n")
    return list(summarize_wcxb(scores, texts, GOALS))


def measure_articles(folder: Path) -> list[Figure]:
    """Return the figures of the Article Extraction Benchmark."""
    pages = list(read_articles(folder))
    return list(summarize_articles(pages, read_all(pages).join(pd.DataFrame(read_rivals(pages)))))


def check_folder(folder: Path, file: str, repository: str) -> bool:
    """Return whether published pages are there; say what to clone if not."""
    if (is_there := (folder / file).exists()) is False:
        print(f"left out: {folder}/{file} is missing; clone https://github.com/{repository} to {folder}", flush=True)
    return is_there


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--corpus", "--wcxb", "--articles"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--pages", type=Path, nargs="*", default=[], help="more folders of pages to count losses in")
    parser.add_argument("--pdfs", type=Path, help="folder of PDF files, such as those of other libraries' tests")
    parser.add_argument("--train", action="store_true", help="write weights trained on all of WCXB's development pages")
    options = parser.parse_args()
    corpus = options.corpus
    if not (corpus / "sources.csv").exists():
        sys.exit(f"{corpus}/sources.csv is missing; name a folder of pages and reference texts: CORPUS=folder")
    Path("results/bench").mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    if check_folder(options.wcxb, "metadata.json", "Murrough-Foley/web-content-extraction-benchmark"):
        figures += measure_wcxb(options.wcxb, options.train)
    if check_folder(options.articles, "ground-truth.json", "scrapinghub/article-extraction-benchmark"):
        figures += measure_articles(options.articles)
    with tempfile.TemporaryDirectory() as scratch:
        texts = extract_corpus(corpus, keep_code_blocks=False, folder=Path(scratch) / "plain")
        texts_with_code = extract_corpus(corpus, keep_code_blocks=True, folder=Path(scratch) / "with_code")
        scores = score_pages(corpus, texts, texts_with_code)
    figures += summarize_scores(scores)
    figures += [figure for folder in [corpus / "pages", *options.pages] for figure in count_losses(folder)]
    figures += measure_pdfs(options.pdfs) if options.pdfs else []
    is_met = write_figures("extraction", figures)
    scores.to_csv("results/bench/extraction_by_source.csv", index=False, float_format="%.4f", lineterminator="\n")
    sys.exit(0 if is_met else 1)
