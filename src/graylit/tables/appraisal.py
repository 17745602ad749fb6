"""The checklist by which appraisers score sources, and the scores that each of its questions allows.

A study writes its own into `config/checklist.csv`. Without it, the twenty questions of Garousi et al. stand: a score
is 1 for yes, 0.5 for partly and 0 for no. The two questions of objectivity that their checklist asks the other way
round (is it opinion, is there a vested interest) are worded so that 1 is to the source's credit.

References
----------
Garousi, Felderer, Mäntylä 2019, Guidelines for including grey literature and conducting multivocal literature reviews
in software engineering, Table 7, doi:10.1016/j.infsof.2018.09.006. The words below are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graylit.tables.contracts import Column, Contract
from graylit.tables.kinds import split_scores
from graylit.tables.rows import Cells

ITEMS = {
    "Q01": ("authority", "the publishing organization has a good name"),
    "Q02": ("authority", "the author belongs to an organization with a good name"),
    "Q03": ("authority", "the author has published other work on the subject"),
    "Q04": ("authority", "the author knows the field from experience"),
    "Q05": ("methodology", "the aim is stated"),
    "Q06": ("methodology", "it says how its claims were arrived at"),
    "Q07": ("methodology", "it rests on references that are recent and can be trusted"),
    "Q08": ("methodology", "it names its limits"),
    "Q09": ("methodology", "it answers a definite question"),
    "Q10": ("methodology", "it speaks of a definite case or population"),
    "Q11": ("objectivity", "the presentation is balanced"),
    "Q12": ("objectivity", "it states more than the author's opinion (turned)"),
    "Q13": ("objectivity", "nobody behind it gains from what it concludes (turned)"),
    "Q14": ("objectivity", "its data bear out its conclusions"),
    "Q15": ("date", "it is dated"),
    "Q16": ("position", "it refers to related work, gray or formal"),
    "Q17": ("novelty", "it adds something that no other source has"),
    "Q18": ("novelty", "it supports or contests a position that is held"),
    "Q19": ("impact", "others cite, link, share or discuss it"),
    "Q20": (
        "outlet",
        "how strictly its outlet selects: 1 book, thesis or white paper; 0.5 talk, news or forum; 0 blog",
    ),
}
YES_OR_NO = "1 = yes; 0.5 = partly; 0 = no"
OUTLETS = "1 = book, thesis or white paper; 0.5 = talk, news or forum; 0 = blog"
CUT_OFF_SHARES = (0.4, 0.5, 0.6)  # of the points there are; the example of Garousi et al. is 10 of 20
CHECKLIST = Contract(
    "checklist",
    (
        Column("item", "id", "id of the question, such as Q01"),
        Column("area", "text", "the group of questions it belongs to, such as authority", is_name=True),
        Column("question", "text", "what is asked"),
        Column("scores", "scores", "the scores it allows, in the order of their keys, each with what it stands for"),
        Column(
            "is_turned",
            "flag",
            "yes: it asks against the source, so its lowest score counts as the highest, and so on",
            is_required=False,
        ),
    ),
    key=("item",),
    is_peoples=True,
)
APPRAISAL_AGREEMENT = Contract(
    "appraisal_agreement",
    (
        Column("item", "id", "the question, or all for all of them together"),
        Column("appraisers", "text", "the two compared, as 'A; B', or all for all of more than two"),
        Column("measure", "id", "name of the measure; graylit.measures.agreement says how each is computed"),
        Column("value", "number", "the measure; empty if it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled sources", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_sources", "count", "sources it was computed from"),
        Column("n_appraisers", "count", "appraisers compared"),
    ),
    key=("item", "appraisers", "measure"),
)
ALL_ITEMS = "all"


@dataclass(frozen=True)
class Item:
    """A question of a checklist; `scores` are cells with what they stand for, in the order of the checklist."""

    item: str
    area: str
    question: str
    scores: tuple[tuple[str, str], ...]
    is_turned: bool = False

    @property
    def values(self) -> list[float]:
        """Return the scores as numbers, from the lowest."""
        return sorted(float(score) for score, _ in self.scores)

    def allows(self, score: str) -> bool:
        """Return whether a cell is one of the scores, however it is written."""
        try:
            return float(score) in self.values
        except ValueError:
            return False

    def credit(self, score: float) -> float:
        """Return what a score counts to the source's credit."""
        return self.values[0] + self.values[-1] - score if self.is_turned else score

    def name_score(self, score: str) -> str:
        """Return what a score stands for; '' if the checklist does not say it."""
        return next((words for known, words in self.scores if float(known) == float(score)), "")


def list_items(checklist: Iterable[Cells]) -> dict[str, Item]:
    """Return the questions of a checklist by id, in its order; the twenty of Garousi et al. if it has none."""
    rows = [row for row in checklist if row.get("item") and split_scores(row.get("scores", ""))]
    rows = rows or [
        {"item": item, "area": area, "question": words, "scores": OUTLETS if item == "Q20" else YES_OR_NO}
        for item, (area, words) in ITEMS.items()
    ]
    return {
        row["item"]: Item(
            row["item"],
            row.get("area", ""),
            row.get("question", ""),
            split_scores(row["scores"]),
            row.get("is_turned") == "yes",
        )
        for row in rows
    }


def sum_bounds(items: Mapping[str, Item]) -> tuple[float, float]:
    """Return the lowest and the highest sum that a source can have."""
    return sum(item.values[0] for item in items.values()), sum(item.values[-1] for item in items.values())


def list_cut_offs(items: Mapping[str, Item]) -> list[float]:
    """Return the sums below which sources are left out in the analysis of sensitivity."""
    lowest, highest = sum_bounds(items)
    return [round(lowest + share * (highest - lowest), 2) for share in CUT_OFF_SHARES]


def describe_items() -> str:
    """Return the twenty questions as one sentence of the manual."""
    return "; ".join(f"{item} {words}" for item, (_, words) in ITEMS.items())
