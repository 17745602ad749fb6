"""What documents of an export say first: who decided, what the study goes back to, its questions and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graylit.exports.works import list_works
from graylit.pages.number_forms import show_all
from graylit.study.findings import fill_wording, list_findings, list_questions
from graylit.study.makers import describe_makers
from graylit.study.study import PROTOCOL, Study
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE
from graylit.tables.reading import read_finished
from graylit.tables.sources import list_renderings


@dataclass(frozen=True)
class Told:
    """Paragraphs on the study, and its research questions with the findings that answer them; '' is no question."""

    paragraphs: tuple[str, ...] = ()
    findings: Mapping[str, list[str]] = field(default_factory=dict)


def tell_study(study: Study, folder: Path) -> Told:
    """Return what documents say of a study; numbers of findings are those of the last review of the folder."""
    path = folder / PROTOCOL
    protocol = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    numbers = show_all(read_finished(folder / NUMBERS_FILE, NUMBERS))
    return Told(tuple(describe_study(study)), tell_findings(study, protocol, numbers))


def describe_study(study: Study) -> list[str]:
    """Return a paragraph on who decided, one on the original, and one on candidates and pages, as far as there are."""
    original, works = study.config.get("original"), list_works(study.config)
    compared = original["not_compared"] if original and not study.correspondences.cells else ""
    paragraphs = [
        " ".join(describe_makers(study)),
        " ".join(filter(None, [*(work.sentence for work in works), compared])),
        " ".join(_tell_provenance(study)),
    ]
    return [words for words in paragraphs if words]


def _tell_provenance(study: Study) -> Iterable[str]:
    provenance = study.config.get("provenance") or {}
    if how := provenance.get("prescreening"):
        n = provenance["n_prescreened"]
        yield f"Before screening, {f'{n:,} ' if n else ''}pages were {how}{'' if n else '; how many is not recorded'}."
    if rendered := list_renderings(study.sources.cells):
        n_all = len(study.sources.cells)
        yield f"{len(rendered):,} of the {n_all:,} pages are renderings that the study made in layouts of its own."
    if day := provenance.get("nominal_date"):
        yield f"The date {day} of captures is nominal."


def tell_findings(study: Study, protocol: str, numbers: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the findings in force by their question, in the order of questions; those of none stand under ''."""
    questions = {str(number): f"{number}. {words}" for number, words in list_questions(protocol).items()}
    told: dict[str, list[str]] = {}
    for row in list_findings(study.findings.cells):
        words = fill_wording(row["wording"], numbers)
        told.setdefault(questions.get(row["question"], ""), []).append(words)
    return told
