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
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import trafilatura
import yaml

from extraction_pages import ReferencePage, read_articles, read_wcxb
from extraction_pdfs import measure_pdfs
from extraction_rivals import (
    WEIGHTS,
    list_losses,
    list_mean,
    read_across_folds,
    read_all,
    read_rivals,
    score_wcxb,
    summarize_articles,
    summarize_wcxb,
)
from extraction_scores import score_runs
from extraction_times import measure_times
from figures import Figure, read_corpus, time_command, write_figures
from graylit.study.config import CONFIG
from graylit.study.study import PEOPLES_TABLES

MAX_BYTES = 20_000_000  # of a page; the tiny review, whose config this is, asks for tiny pages
# F1 of words on WCXB: what trafilatura without comments reaches on articles, beyond it elsewhere.
GOALS = {
    "dev": {"article": 0.937, "documentation": 0.925, "forum": 0.74, "service": 0.8, "all": 0.835},
    "test": {"forum": 0.84, "all": 0.88},
}


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
    origins = pd.read_csv(corpus / "sources.csv", dtype=str).set_index("id")["origin"]
    for source_id in read_corpus(corpus)["source_id"]:
        reference = (corpus / "text" / f"{source_id}.txt").read_text(encoding="utf-8")
        page = (corpus / "pages" / f"{source_id}.html").read_bytes()
        rows.append(
            {
                "source_id": source_id,
                "origin": origins[source_id],
                "f1": score_runs(_read(texts / f"{source_id}.txt"), reference),
                "f1_with_code": score_runs(_read(texts_with_code / f"{source_id}.txt"), reference),
                "f1_trafilatura_defaults": score_runs(trafilatura.extract(page) or "", reference),
            }
        )
    return pd.DataFrame(rows)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def read_folder(folder: Path) -> list[ReferencePage]:
    """Return the pages below a folder, in order."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".htm"))
    return [ReferencePage(path.name, "https://example.org/page", path.read_bytes(), "") for path in paths]


def summarize_scores(scores: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figures of the corpus, its pages as published apart; the lowest page is named in its measure."""
    groups = {"": scores["f1"] >= 0} | {f"_{name}": scores["origin"] == name for name in scores["origin"].unique()}
    for group, is_in in groups.items():
        rival = float(scores.loc[is_in, "f1_trafilatura_defaults"].mean())
        yield Figure(f"corpus{group}_pages", int(is_in.sum()), "pages")
        for column in ("f1", "f1_with_code", "f1_trafilatura_defaults"):
            goal = f">= {rival:.4f}" if column == "f1" else ""  # the references hold no code, so no goal with it
            yield from list_mean(f"corpus{group}_{column}", scores.loc[is_in, column].to_numpy(), goal)
    lowest = scores.loc[scores["f1"].idxmin()]
    yield Figure("corpus_f1_median", statistics.median(scores["f1"]), "share")
    yield Figure(f"corpus_f1_minimum_{lowest['source_id']}", float(lowest["f1"]), "share")
    yield Figure("corpus_f1_minimum_trafilatura_defaults", float(scores["f1_trafilatura_defaults"].min()), "share")


def measure_wcxb(folder: Path, split: str, is_training: bool) -> Iterator[Figure]:
    """Yield the figures of a split of WCXB; write scores by page, and new weights if asked to."""
    pages = list(read_wcxb(folder, split))
    ours = read_across_folds(pages, WEIGHTS if is_training else None) if split == "dev" else read_all(pages)
    scores = score_wcxb(pages, ours.join(pd.DataFrame(read_rivals(pages))))
    scores.to_csv(f"results/bench/extraction_wcxb_{split}.csv", index=False, float_format="%.4f", lineterminator="\n")
    yield from summarize_wcxb(split, scores, GOALS[split])
    yield from measure_times(f"wcxb_{split}", pages)


def measure_articles(folder: Path) -> Iterator[Figure]:
    """Yield the figures of the Article Extraction Benchmark."""
    pages = list(read_articles(folder))
    yield from summarize_articles(pages, read_all(pages).join(pd.DataFrame(read_rivals(pages))))
    yield from measure_times("articles", pages)


def measure_corpus(corpus: Path) -> Iterator[Figure]:
    """Yield the figures of the corpus; write scores by page."""
    with tempfile.TemporaryDirectory() as scratch:
        texts = extract_corpus(corpus, keep_code_blocks=False, folder=Path(scratch) / "plain")
        texts_with_code = extract_corpus(corpus, keep_code_blocks=True, folder=Path(scratch) / "with_code")
        scores = score_pages(corpus, texts, texts_with_code)
    scores.to_csv("results/bench/extraction_by_source.csv", index=False, float_format="%.4f", lineterminator="\n")
    yield from summarize_scores(scores)
    yield from measure_times("corpus", list_pages(corpus))


def list_pages(corpus: Path) -> Iterator[ReferencePage]:
    """Yield the pages of the corpus."""
    for row in pd.read_csv(corpus / "sources.csv", dtype=str).itertuples():
        yield ReferencePage(str(row.id), str(row.url), (corpus / "pages" / f"{row.id}.html").read_bytes(), "")


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
    parser.add_argument(
        "--split", choices=GOALS, default="dev", help="pages of WCXB: test ones are for a last look, and never train"
    )
    options = parser.parse_args()
    if options.train and options.split != "dev":
        sys.exit("--train is for --split dev: the test pages are to stay unseen")
    corpus = options.corpus
    if not (corpus / "sources.csv").exists():
        sys.exit(f"{corpus}/sources.csv is missing; name a folder of pages and reference texts: CORPUS=folder")
    Path("results/bench").mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    if check_folder(options.wcxb, options.split, "Murrough-Foley/web-content-extraction-benchmark"):
        figures += measure_wcxb(options.wcxb, options.split, options.train)
    if check_folder(options.articles, "ground-truth.json", "scrapinghub/article-extraction-benchmark"):
        figures += measure_articles(options.articles)
    figures += measure_corpus(corpus)
    for folder in [corpus / "pages", *options.pages]:
        figures += list_losses(folder.name, read_all(read_folder(folder))["words_lost"])
    figures += measure_pdfs(options.pdfs) if options.pdfs else []
    sys.exit(0 if write_figures("extraction", figures) else 1)
