"""Duplicates in a published review's raw search files, beside those that its authors marked.

The workbook is `Protocol and Excels for the literature review/1_Extraction_Inclusion_Criteria.xlsx` of
StefanoLambiase/Bots-and-CAs-for-SE-MLR-OnlineAppendix at commit 11c3866f23db745d626f213b8651576c74f4ea26.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from graylit.screening.same_pages import Groups
from graylit.search.pairing import find_pairs
from graylit.search.verdicts import MIN_SCORE, SURE, Hit

SHEETS = ("Scopus", "IEEE", "ACM")  # as they were exported; the other sheets hold parts of them
HEADER = 4  # rows above the first hit
TITLE, LINK, MARK = 1, 4, "Duplicate"


def read_hits(path: Path) -> Iterator[tuple[Hit, bool]]:
    """Yield the hits of a workbook in their order, each with whether its authors marked it as a duplicate."""
    book = CalamineWorkbook.from_path(path)
    for sheet in SHEETS:
        rows = book.get_sheet_by_name(sheet).to_python()
        marks = [place for place, cell in enumerate(rows[HEADER - 1]) if str(cell).startswith(MARK)]
        for number, row in enumerate(rows[HEADER:], start=HEADER + 1):
            if title := str(row[TITLE]).strip():
                is_marked = any(str(row[place]).lower() == "true" for place in marks)
                yield Hit(f"{sheet}-{number:04}", str(row[LINK]).split(";")[0].strip(), mend(title)), is_marked


def mend(title: str) -> str:
    """Return a title without the damage of a program that took UTF-8 for the character set of old Macs."""
    try:
        return title.encode("mac_roman").decode("utf-8") if "‚" in title else title
    except UnicodeError:
        return title


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workbook", type=Path)
    listed = list(read_hits(parser.parse_args().workbook))
    hits = [hit for hit, _ in listed if hit.url.startswith("http")]
    marked = {hit.candidate_id for hit, is_marked in listed if is_marked}
    found = find_pairs(hits)
    print(f"{len(listed)} rows, {len(hits)} with an address, {len(marked)} marked as duplicates by the authors")
    for name, min_score in (("merged", SURE), ("merged or proposed", MIN_SCORE)):
        groups = Groups()
        for pair, verdict in found.items():
            if verdict.score >= min_score:
                groups.join(pair)
        sizes = Counter(groups.find(hit.candidate_id) for hit in hits)
        print(f"{name}: {len(hits) - len(sizes)} duplicates, {len(sizes)} pages")
    alone = [hit for hit in hits if hit.candidate_id in marked and sizes[groups.find(hit.candidate_id)] == 1]
    print(f"{len(alone)} of the marked ones are no duplicates here:")
    for hit in alone:
        n_same = sum(other.title.casefold() == hit.title.casefold() for other in hits) - 1
        print(f"  {hit.candidate_id} {hit.url} ({n_same} others of its title)")
