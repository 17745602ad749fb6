"""Ways to the text of a page, side by side on the same pages: ours, trafilatura's, resiliparse's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import trafilatura
from lxml import etree
from lxml.etree import _Element
from readability import Document as Readability
from readability.readability import Unparseable
from resiliparse.extract.html2text import extract_plain_text

from extraction_pages import ReferencePage, draw_folds
from extraction_scores import count_shared, draw_interval, score_counts, score_words
from figures import Figure
from graylit.captures.characters import decode_body
from graylit.captures.page_trees import read_tree
from graylit.preparation.block_signs import tabulate_signs
from graylit.preparation.cleaning import clean_words
from graylit.preparation.kind_signs import sign_inside, sign_outside
from graylit.preparation.matching import match_blocks
from graylit.preparation.page_blocks import cut_page
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import ReadPage, read_page
from graylit.preparation.weights import Trained
from page_training import Sample, train, write_weights

CAPTURED_AT = "2026-06-01T00:00:00Z"  # after the pages of all sets were fetched
HEADERS = {"content-type": "text/html"}
WEIGHTS = Path(__file__).resolve().parents[1] / "src/graylit/preparation"


def _read_by_readability(page: str) -> str:
    """Return the words of readability-lxml's summary of a page, each block on its line; '' if it fails."""
    try:
        summary = read_tree(Readability(page).summary(html_partial=True))
    except (Unparseable, ValueError, IndexError):
        return ""
    return extract_plain_text(etree.tostring(summary, encoding="unicode")) if summary is not None else ""


RIVALS: dict[str, Callable[[str, str], str | None]] = {
    "trafilatura": lambda page, url: trafilatura.extract(page, url=url),
    "trafilatura_no_comments": lambda page, url: trafilatura.extract(page, url=url, include_comments=False),
    "resiliparse": lambda page, url: extract_plain_text(page, main_content=True, alt_texts=False),
    "readability": lambda page, url: _read_by_readability(page),
}


def sample_page(page: ReferencePage) -> Sample | None:
    """Return what training knows of a page; None if it has no words."""
    tree = read_tree(decode_page(page))
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


def decode_page(page: ReferencePage) -> str:
    """Return the characters of a page."""
    return decode_body(page.content, HEADERS, "html") or ""


def extract_ours(page: ReferencePage, trained: Trained | None = None) -> tuple[ReadPage | None, str]:
    """Return a page as it was read, None if it holds no element, and its text, code included."""
    tree = read_tree(decode_page(page))
    found = read_page(tree, page.url, CAPTURED_AT, trained) if tree is not None else None
    words = write_markup(found.body, keep_code_blocks=True) if found and found.body is not None else ""
    return found, words


def read_ours(page: ReferencePage, trained: Trained | None) -> dict[str, object]:
    """Return the text of a page with what it was taken for and how many words of its tree it lacks."""
    found, words = extract_ours(page, trained)
    if found is None or found.body is None:
        return {"graylit": "", "told_kind": "", "words_lost": 0}
    return {"graylit": words, "told_kind": found.kind, "words_lost": count_lost(found.body, words)}


def count_lost(body: _Element, text: str) -> int:
    """Return how many words of a tree are not in its text; 1 at least if signs are not, or not in order."""
    wanted = clean_words(" ".join(str(part) for part in body.itertext()))
    signs = iter(re.findall(r"\w", text))
    if all(sign in signs for sign in re.findall(r"\w", wanted)):
        return 0
    return max(1, (Counter(re.findall(r"\w+", wanted)) - Counter(re.findall(r"\w+", text))).total())


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


def read_rivals(pages: Iterable[ReferencePage]) -> Iterator[dict[str, str]]:
    """Yield the texts of the rivals."""
    for page in pages:
        yield {name: extract(decode_page(page), page.url) or "" for name, extract in RIVALS.items()}


def score_wcxb(pages: Sequence[ReferencePage], texts: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each page: its kind, what it was taken for, and the F1 of each way."""
    rows = pd.DataFrame({"page_id": [page.page_id for page in pages], "kind": [page.kind for page in pages]})
    rows["is_reviewed"] = [page.is_reviewed for page in pages]
    rows[["told_kind", "words_lost"]] = texts[["told_kind", "words_lost"]]
    for name in ("graylit", *RIVALS):
        rows[name] = [score_words(text, page.reference) for text, page in zip(texts[name], pages, strict=True)]
    return rows


def summarize_wcxb(split: str, scores: pd.DataFrame, goals: dict[str, float]) -> Iterator[Figure]:
    """Yield mean F1 by kind, of all and of reviewed pages, with intervals; how kinds were told; words lost."""
    groups = {kind: scores["kind"] == kind for kind in sorted(scores["kind"].unique())}
    groups |= {"all": scores["kind"] != "", "reviewed": scores["is_reviewed"]}
    for group, is_in in groups.items():
        name = f"wcxb_{split}_{group}"
        yield Figure(f"{name}_pages", int(is_in.sum()), "pages")
        goal = f">= {goals[group]}" if group in goals else ""
        for way in ("graylit", *RIVALS):
            measure = f"{name}_f1" if way == "graylit" else f"{name}_f1_{way}"
            yield from list_mean(measure, scores.loc[is_in, way].to_numpy(), goal if way == "graylit" else "")
        is_right = scores.loc[is_in, "told_kind"] == scores.loc[is_in, "kind"]
        yield Figure(f"{name}_kind_accuracy", float(is_right.mean()), "share")
    yield from list_losses(f"wcxb_{split}", scores["words_lost"])


def list_mean(measure: str, scores: np.ndarray, goal: str = "") -> Iterator[Figure]:
    """Yield a mean of scores with its interval."""
    yield Figure(measure, float(scores.mean()), "share", goal)
    for end, value in zip(("low", "high"), draw_interval(scores), strict=True):
        yield Figure(f"{measure}_{end}", value, "share")


def list_losses(name: str, words_lost: Iterable[int]) -> list[Figure]:
    """Return how many pages of a set there are, and how many lose how many words between tree and text."""
    lost = list(words_lost)
    return [
        Figure(f"pages_in_{name}", len(lost), "pages"),
        Figure(f"pages_that_lose_words_in_{name}", sum(map(bool, lost)), "pages", "== 0"),
        Figure(f"words_lost_in_{name}", sum(lost), "words", "== 0"),
    ]


def summarize_articles(pages: Sequence[ReferencePage], texts: pd.DataFrame) -> Iterator[Figure]:
    """Yield the F1 of the Article Extraction Benchmark with intervals, ours and the rivals'."""
    references = [page.reference for page in pages]
    for name in ("graylit", *RIVALS):
        measure, goal = ("articles_f1", ">= 0.96") if name == "graylit" else (f"articles_f1_{name}", "")
        counts = count_shared(list(texts[name]), references)
        yield Figure(measure, score_counts(counts), "share", goal)
        for end, value in zip(("low", "high"), draw_interval(counts, score=score_counts), strict=True):
            yield Figure(f"{measure}_{end}", value, "share")
    yield from list_losses("articles", texts["words_lost"])
