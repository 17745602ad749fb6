"""Pages with reference texts that others published, for the benchmark of extraction."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

N_FOLDS = 5
# An extractor's drafts, which people reviewed less than the other references of WCXB.
DRAFT = "rs-trafilatura-draft"


@dataclass(frozen=True)
class ReferencePage:
    """A page as it was served, and the text that is to be found in it."""

    page_id: str
    url: str
    content: bytes
    reference: str
    kind: str = ""
    is_reviewed: bool = True


def read_wcxb(folder: Path, split: str) -> Iterator[ReferencePage]:
    """Yield the pages of a split of WCXB (Murrough-Foley/web-content-extraction-benchmark), by number."""
    for path in sorted((folder / split / "ground-truth").glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        kind = row["_internal"]["page_type"]["primary"]
        yield ReferencePage(
            page_id=path.stem,
            url=row.get("url") or "",
            content=gzip.decompress((folder / split / "html" / f"{path.stem}.html.gz").read_bytes()),
            reference=row["ground_truth"].get("main_content") or "",
            kind="collection" if kind == "category" else kind,  # as in its own script
            is_reviewed=row["_internal"].get("source") != DRAFT,
        )


def read_articles(folder: Path) -> Iterator[ReferencePage]:
    """Yield the pages of the Article Extraction Benchmark (scrapinghub/article-extraction-benchmark)."""
    rows = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for page_id, row in sorted(rows.items()):
        content = gzip.decompress((folder / "html" / f"{page_id}.html.gz").read_bytes())
        yield ReferencePage(page_id, row.get("url", ""), content, row.get("articleBody", ""), "article")


def name_site(url: str) -> str:
    """Return the last parts of a page's host: pages of a site look alike, so none may train for another."""
    parts = (urlsplit(url).hostname or "").split(".")
    n_parts = 3 if len(parts) > 2 and parts[-2] in ("co", "com", "org", "ac", "gov") else 2
    return ".".join(parts[-n_parts:])


def draw_folds(pages: list[ReferencePage]) -> list[np.ndarray]:
    """Return the numbers of the pages of each fold: about as many in each, no site in two of them."""
    of_site: dict[str, list[int]] = {}
    for number, page in enumerate(pages):
        of_site.setdefault(name_site(page.url) or page.page_id, []).append(number)
    folds: list[list[int]] = [[] for _ in range(N_FOLDS)]
    for _, numbers in sorted(of_site.items(), key=lambda site: (-len(site[1]), site[0])):
        min(folds, key=len).extend(numbers)
    return [np.array(sorted(fold)) for fold in folds]
