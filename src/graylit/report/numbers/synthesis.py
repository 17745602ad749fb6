"""Numbers of the synthesis: guidelines and their support, claims, impacts, the card sort."""

from __future__ import annotations

from collections.abc import Iterator

from graylit.pages.number_forms import Number, count, join_name, list_set, measure, share
from graylit.report import counts
from graylit.report.frames import Frames
from graylit.report.numbers.finding import list_falling
from graylit.report.numbers.measures import list_agreement
from graylit.tables.claims import ACCEPTED, AGAINST, ALL_GUIDELINES, DISPUTED, READINGS, UNREAD
from graylit.tables.numbers import COEFFICIENT
from graylit.tables.rows import list_rows

INFERRED = "inferred"  # what the reason of an impact says if its codings do not state it


def list_numbers(frames: Frames) -> Iterator[Number]:
    """Yield the numbers of what was made of codes."""
    yield from _list_guidelines(frames)
    yield from _list_support(frames)
    yield from _list_claims(frames)
    yield from _list_impacts(frames)
    yield from _list_card_sort(frames)


def _list_guidelines(frames: Frames) -> Iterator[Number]:
    practices, support = frames["practices"], frames["guideline_support"]
    yield count("themes", len(frames["themes"]), "themes")
    yield count("practices", len(practices), "practices drawn from the codes")
    yield count("practices.merged", (practices["guideline_id"] != "").sum(), "practices that went into a guideline")
    yield count("guidelines", len(frames["guidelines"]), "guidelines")
    yield count("categories", len(frames["categories"]), "categories of guidelines")
    by_codes = "n_codes_by_code" if "n_codes_by_code" in support else "n_codes"
    yield count("guidelines.of_one_code", (support[by_codes] == 1).sum(), "guidelines that rest on one code")
    yield from list_set("guidelines.below_floor", counts.list_weak(frames), "guidelines with too few publishers")
    meaning = "guidelines that would have too few publishers without one of them"
    yield from list_set("guidelines.resting_on_one_publisher", counts.list_falling(frames), meaning)
    fallen = counts.list_fallen_groups(frames, "guideline")
    meaning = "guidelines that would have too few publishers if those of one group counted once"
    yield from list_set("guidelines.resting_on_groups", fallen, meaning)
    yield from list_falling(frames)


def _list_support(frames: Frames) -> Iterator[Number]:
    support = frames["guideline_support"]
    counted = [name for name in support.columns if name.startswith("n_") or name == "rank"]
    for row in list_rows(support):
        for column in counted:
            meaning = f"{column.removeprefix('n_').replace('_', ' ')} of {row['guideline_id']} ({row['name']})"
            yield count(f"support.{row['guideline_id']}.{column.removeprefix('n_')}", row[column] or 0, meaning)


def _list_claims(frames: Frames) -> Iterator[Number]:
    claims, pairs, agreement = frames["claim_support"], frames["claim_evidence"], frames["reading_agreement"]
    n_readers = pairs["n_readers"].astype(int)
    n_read = int((n_readers > 0).sum())
    yield count("claims", len(claims), "claims of guidelines")
    yield count("claims.guidelines", claims["guideline_id"].nunique(), "guidelines split into claims")
    together = agreement[agreement["scope"] == ALL_GUIDELINES]
    n_compared = together["n_readers"].max() if len(together) else 0
    yield count("readers", n_compared, "readers of claims who were compared")
    yield count("pairs", len(pairs), "pairs of a claim and a coding")
    yield count("pairs.read", n_read, "pairs of a claim and a coding that were read")
    yield count("pairs.read_twice", (n_readers > 1).sum(), "pairs that two or more have read")
    yield share("pairs.share_read_twice", (n_readers > 1).sum(), n_read, "share of the pairs read that two have read")
    for reading in (*READINGS, DISPUTED, UNREAD):
        n, words = int((pairs["reading"] == reading).sum()), reading.replace("_", " ")
        yield count(f"pairs.{reading}", n, f"pairs of a claim and a coding: {words}")
        if reading != UNREAD:
            yield share(f"pairs.share_{reading}", n, n_read, f"share of the pairs read: {words}")
    weak = claims[claims["has_floor"] == "no"]
    yield from list_set("claims.below_floor", weak["claim_id"], "claims with too few publishers")
    yield from list_set("claims.accepted", claims.loc[claims["status"] == ACCEPTED, "claim_id"], "claims accepted so")
    against = claims[claims[f"n_{AGAINST}"] > 0]
    yield from list_set("claims.contradicted", against["claim_id"], "claims that a source speaks against")
    meaning = "guidelines with a claim that a source speaks against"
    yield from list_set("guidelines.contradicted", against["guideline_id"], meaning)
    for row in list_rows(claims):
        for column in (name for name in claims.columns if name.startswith("n_")):
            name, words = column.removeprefix("n_"), column.removeprefix("n_").replace("_", " ")
            yield count(f"claim.{row['claim_id']}.{name}", row[column], f"{words} of {row['claim_id']}")
    yield from list_agreement(together, "readings", "readers", "agreement of readers of claims")


def _list_impacts(frames: Frames) -> Iterator[Number]:
    impacts, agreement = frames["impacts"], frames["impact_agreement"]
    yield count("impacts", len(impacts), "impacts of guidelines on the architecture")
    inferred = impacts["reason"].str.contains(rf"\b{INFERRED}\b", case=False)
    yield count("impacts.inferred", inferred.sum(), f"impacts whose reason says that they are {INFERRED}")
    for effect, rows in impacts.groupby("effect"):
        yield count(f"impacts.{effect}", len(rows), f"impacts by which an attribute is {effect}")
        for attribute, of_one in rows.groupby("quality_attribute"):
            name = join_name("impacts", str(effect), str(attribute))
            yield count(name, len(of_one), f"impacts by which {attribute} is {effect}")
            meaning = f"share of {attribute} in what is {effect}"
            yield share(f"{name}.share", len(of_one), len(rows), meaning)
    for scope, rows in agreement.groupby("scope"):
        meaning = f"agreement of second readers with the authors of impacts: {scope}"
        yield from list_agreement(rows, f"impacts.agreement.{scope}", "reader", meaning)


def _list_card_sort(frames: Frames) -> Iterator[Number]:
    values = {row["measure"]: row["value"] for row in list_rows(frames["card_measures"])}
    if not values.get("n_sorters"):
        return
    yield count("sort.sorters", values["n_sorters"], "sorters of cards")
    yield count("sort.cards", values["n_cards"], "cards that all of them sorted")
    yield measure("sort.rand", COEFFICIENT, values.get("mean_rand_sorters"), "mean adjusted Rand index of sorters")
    cophenetic = values.get("cophenetic_correlation")
    yield measure("sort.cophenetic", COEFFICIENT, cophenetic, "cophenetic correlation of the dendrogram")
    for row in list_rows(frames["card_cuts"][frames["card_cuts"]["is_chosen"] == "yes"]):
        yield count("sort.clusters", row["n_clusters"], "clusters of the dendrogram, by the rule of the study")
        yield measure("sort.silhouette", COEFFICIENT, row["silhouette"], "mean silhouette of these clusters")
