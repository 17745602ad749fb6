"""What people wrote that a source wrote too: memos, definitions and the like into which its words were pasted.

Quoted words have columns of their own, which are left out of what is published. What people write goes along as it is,
and may quote: whether a few words may be published is for them to judge, so they are told which cells hold some.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.languages.words import list_words
from graylit.pages.wording import agree, count_things
from graylit.study.study import PROTOCOL, Study, list_peoples
from graylit.tables.faults import Fault
from graylit.tables.quoted import QUOTED

N_WORDS = 8  # in a row: fewer are often anybody's. Chosen, as for the tests of what is published
SHOWN = 8  # cells that are named: chosen, so that the list stays on a screen
NAMING = ("title", "publisher", "author")  # of a source: whoever cites it writes these


@dataclass(frozen=True)
class Prose:
    """What somebody wrote in one cell, or in one line of the protocol, where `column` is ''."""

    file: str
    row: int
    column: str
    words: str


def find_pasted(folder: Path, study: Study) -> list[Fault]:
    """Return a remark on each cell with eight words in a row of a source's text that are not of the name of one.

    Only texts that a run has made are looked through.
    """
    texts = {path.stem: path for path in sorted((folder / "data/processed/texts").glob("*.txt"))}
    named = {run for words in _list_names(study) for run in _list_runs(words)}
    where: dict[str, list[Prose]] = {}
    for prose in [*_list_cells(study), *_list_lines(folder)]:
        for run in set(_list_runs(prose.words)) - named:
            where.setdefault(run, []).append(prose)
    return sorted(_hold_against(texts, where), key=lambda fault: (fault.file, fault.row or 0, fault.column))


def describe_pasted(remarks: Sequence[Fault]) -> str:
    """Return the lines that name the cells in which words of sources stand; '' if there are none."""
    if not remarks:
        return ""
    n, more = len(remarks), len(remarks) - SHOWN
    held = f"{count_things(n, 'cell')} that people wrote {agree(n, 'has', 'have')} {N_WORDS} words in a row of a source"
    lines = [f"{held}, and {agree(n, 'is', 'are')} published as written:"]
    lines += [f"  {number}. {remark}" for number, remark in enumerate(remarks[:SHOWN], start=1)]
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


def _hold_against(texts: Mapping[str, Path], where: Mapping[str, list[Prose]]) -> Iterator[Fault]:
    """Yield a remark on each piece of prose that has a run of words of a text, for the first text that has one."""
    told: set[Prose] = set()
    for source_id, path in texts.items() if where else ():
        for run in _list_runs(path.read_bytes().decode("utf-8", "replace")):
            for prose in where.get(run, ()):
                if prose not in told:
                    told.add(prose)
                    problem = f"is of the text of {source_id}, whose words are its publisher's"
                    remedy = "reword it, or leave it if you may publish it"
                    yield Fault(prose.file, problem, "your own words", remedy, prose.row, prose.column, run)


def _list_runs(text: str) -> Iterator[str]:
    """Yield every run of eight words of a text."""
    words = list_words(text.lower())
    return (" ".join(words[at : at + N_WORDS]) for at in range(len(words) - N_WORDS + 1))


def _list_names(study: Study) -> Iterator[str]:
    for cells in (*study.sources.cells, *study.candidates.cells):
        yield " ".join(cells.get(name, "") for name in NAMING)


def _list_cells(study: Study) -> Iterator[Prose]:
    for rows, contract in list_peoples(study):
        columns = [name for name in contract.names if name in contract.worded - {*QUOTED, *NAMING}]
        for number, cells in rows:
            yield from (Prose(rows.file, number, name, cells[name]) for name in columns if cells.get(name))


def _list_lines(folder: Path) -> Iterable[Prose]:
    path = folder / PROTOCOL
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return (Prose(PROTOCOL, number, "", line) for number, line in enumerate(lines, start=1))
