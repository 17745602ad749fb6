"""The twenty questions by which an appraiser scores a gray source, and how scores are put together.

A score is 1 for yes, 0.5 for partly and 0 for no. The two questions of objectivity that the checklist asks the other
way round (is it opinion, is there a vested interest) are turned here, so that 1 is always to the source's credit.

References
----------
Garousi, Felderer, Mäntylä 2019, Guidelines for including grey literature and conducting multivocal literature reviews
in software engineering, Table 7, doi:10.1016/j.infsof.2018.09.006. The words below are ours.
"""

from __future__ import annotations

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
SCORES = ("0", "0.5", "1")
CUT_OFFS = (8, 10, 12)  # of 20; the checklist's example is 10


def describe_items() -> str:
    """Return all items as one sentence of the manual."""
    return "; ".join(f"{item} {words}" for item, (_, words) in ITEMS.items())
