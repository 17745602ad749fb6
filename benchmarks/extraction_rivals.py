"""Ways to the text of a page, side by side on the same pages: ours, trafilatura's, resiliparse's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from extraction_pages import ReferencePage, draw_folds
from extraction_scores import draw_interval, score_articles, score_words
from figures import Figure
from graylit.captures.characters import decode_body
from graylit.captures.page_trees import read_tree
from graylit.preparation.block_signs import tabulate_signs
from graylit.preparation.kind_signs import sign_inside, sign_outside
from graylit.preparation.matching import match_blocks
from graylit.preparation.page_blocks import cut_page
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import read_page
from graylit.preparation.weights import Trained
from page_training import Sample, train, write_weights

CAPTURED_AT = "2026-06-01T00:00:00Z"  # after the pages of all sets were fetched
HEADERS = {"content-type": "text/html"}
WEIGHTS = Path(__file__).resolve().parents[1] / "src/graylit/preparation"
RIVALS: dict[str, Callable[[str, str], str | None]] = {
    "trafilatura": lambda page, url: trafilatura.extract(page, url=url),
    "trafilatura_no_comments": lambda page, url: trafilatura.extract(page, url=url, include_comments=False),
    "resiliparse": lambda page, url: extract_plain_text(page, main_content=True, alt_texts=False),
}


def sample_page(page: ReferencePage) -> Sample | None:
    """Return what training knows of a page; None if it has no words."""
    tree = read_tree(decode_body(page.content, HEADERS, "html") or "")
    cut = cut_page(tree) if tree is not None else None
    if cut is None or not cut.blocks:
        return None
    names, signs = tabulate_signs(cut)
    return Sample(
        kind=page.kind,
        kind_signs=sign_outside(tree, page.url) | sign_inside(cut),
        names=names,
        signs=signs,
        n_words=np.array([block.n_words for block in cut.blocks], dtype=float),
        labels=match_blocks([block.text for block in cut.blocks], page.reference),
    )


def read_ours(page: ReferencePage, trained: Trained | None) -> dict[str, object]:
    """Return the text of a page, code included, with the kind that the page was taken for and the seconds it took."""
    started = time.perf_counter()
    tree = read_tree(decode_body(page.content, HEADERS, "html") or "")
    found = read_page(tree, page.url, CAPTURED_AT, trained) if tree is not None else None
    words = write_markup(found.body, keep_code_blocks=True) if found and found.body is not None else ""
    seconds = time.perf_counter() - started
    return {"graylit": words, "seconds_graylit": seconds, "told_kind": found.kind if found else ""}


def read_across_folds(pages: list[ReferencePage], folder: Path | None) -> pd.DataFrame:
    """Return our texts of pages, each read with weights trained on other sites; write weights of all to the folder."""
    samples = [sample_page(page) for page in pages]
    rows: dict[int, dict[str, object]] = {}
    for fold in draw_folds(pages):
        others = np.setdiff1d(np.arange(len(pages)), fold)
        trained = train([samples[number] for number in others if samples[number] is not None])
        rows |= {number: read_ours(pages[number], trained) for number in fold.tolist()}
    if folder:
        write_weights(train([sample for sample in samples if sample is not None]), folder)
    return pd.DataFrame([rows[number] for number in range(len(pages))])


def read_all(pages: Sequence[ReferencePage]) -> pd.DataFrame:
    """Return our texts of pages, read with the weights that extraction works with."""
    return pd.DataFrame([read_ours(page, None) for page in pages])


def read_rivals(pages: Iterable[ReferencePage]) -> Iterator[dict[str, object]]:
    """Yield the texts of the rivals with the seconds that each took; trafilatura's also with metadata."""
    for page in pages:
        row: dict[str, object] = {}
        for name, extract in RIVALS.items():
            started = time.perf_counter()
            row[name] = extract(decode_body(page.content, HEADERS, "html") or "", page.url) or ""
            row[f"seconds_{name}"] = time.perf_counter() - started
        started = time.perf_counter()
        trafilatura.extract(page.content, url=page.url, with_metadata=True, output_format="json")
        row["seconds_trafilatura_with_metadata"] = time.perf_counter() - started
        yield row


def score_wcxb(pages: Sequence[ReferencePage], texts: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each page: its kind, what it was taken for, and the F1 of each way."""
    rows = pd.DataFrame({"page_id": [page.page_id for page in pages], "kind": [page.kind for page in pages]})
    rows["is_reviewed"] = [page.is_reviewed for page in pages]
    rows["told_kind"] = texts["told_kind"]
    for name in ("graylit", *RIVALS):
        rows[name] = [score_words(text, page.reference) for text, page in zip(texts[name], pages, strict=True)]
    return rows


def summarize_wcxb(scores: pd.DataFrame, texts: pd.DataFrame, goals: dict[str, float]) -> Iterator[Figure]:
    """Yield mean F1 by kind, of all and of reviewed pages, with intervals of ours; and how kinds were told."""
    groups = {kind: scores["kind"] == kind for kind in sorted(scores["kind"].unique())}
    groups |= {"all": scores["kind"] != "", "reviewed": scores["is_reviewed"]}
    for name, is_in in groups.items():
        yield Figure(f"wcxb_{name}_pages", int(is_in.sum()), "pages")
        goal = f">= {goals[name]}" if name in goals else ""
        yield Figure(f"wcxb_{name}_f1", float(scores.loc[is_in, "graylit"].mean()), "share", goal)
        for end, value in zip(("low", "high"), draw_interval(scores.loc[is_in, "graylit"].to_numpy()), strict=True):
            yield Figure(f"wcxb_{name}_f1_{end}", value, "share")
        for rival in RIVALS:
            yield Figure(f"wcxb_{name}_f1_{rival}", float(scores.loc[is_in, rival].mean()), "share")
        is_right = scores.loc[is_in, "told_kind"] == scores.loc[is_in, "kind"]
        yield Figure(f"wcxb_{name}_kind_accuracy", float(is_right.mean()), "share")
    rival = float(texts["seconds_trafilatura_with_metadata"].mean())
    yield Figure("wcxb_page_seconds", float(texts["seconds_graylit"].mean()), "s", f"<= {rival:.4f}")
    yield Figure("wcxb_page_seconds_trafilatura_with_metadata", rival, "s")
    for name in RIVALS:
        yield Figure(f"wcxb_page_seconds_{name}", float(texts[f"seconds_{name}"].mean()), "s")


def summarize_articles(pages: Sequence[ReferencePage], texts: pd.DataFrame) -> Iterator[Figure]:
    """Yield the F1 of the Article Extraction Benchmark, ours and the rivals'."""
    references = [page.reference for page in pages]
    for name in ("graylit", *RIVALS):
        measure = "articles_f1" if name == "graylit" else f"articles_f1_{name}"
        goal = ">= 0.96" if name == "graylit" else ""
        yield Figure(measure, score_articles(list(texts[name]), references), "share", goal)
