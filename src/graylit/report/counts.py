"""The figures of a study that its report states: each has one definition, which every sentence takes it from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from graylit.report.frames import Frames
from graylit.study.disputes import list_disputed
from graylit.study.state import list_finished
from graylit.tables.coder_pairs import ALL_CODERS
from graylit.tables.kinds import split_ids
from graylit.tables.locating import LOST, NOT_CHECKABLE
from graylit.tables.rows import list_rows
from graylit.tables.sources import group_publishers, list_publishers, names_publisher


def list_texts(frames: Frames) -> pd.DataFrame:
    """Return the rows of the sources that have a text."""
    texts = frames["texts"]
    return texts[texts["outcome"] == "extracted"]


def count_reasons(frames: Frames) -> dict[str, int]:
    """Return how many sources have no text, by reason in words."""
    texts = frames["texts"]
    lost = texts[texts["outcome"] != "extracted"]
    captures = lost["capture_outcome"].replace("", "not tried")
    return _count_words(lost["outcome"].where(lost["outcome"] != "not_captured", captures))


def _count_words(cells: pd.Series) -> dict[str, int]:
    counts = Counter(str(cell).replace("_", " ") for cell in cells)
    return dict(sorted(counts.items()))


def count_screeners(frames: Frames) -> dict[int, int]:
    """Return how many of the screened candidates had how many screeners in their last round, duplicates aside."""
    decisions = frames["screening_decisions"]
    kept = decisions[(decisions["decision"] != "duplicate") & (decisions["n_screeners"].astype(int) > 0)]
    return dict(sorted(Counter(int(n) for n in kept["n_screeners"]).items()))


def has_hits(frames: Frames) -> bool:
    """Return whether hits of searches are recorded: they, not candidates, are then what was identified."""
    return bool((frames["search_counts"]["n_hits"] > 0).any())


OF_MODELS = {"outranked": "of a model where a person gave no such code", "untrusted": "of a model not trusted for it"}


def list_current(frames: Frames) -> pd.DataFrame:
    """Return the codings that no later round of their coder has superseded."""
    located = frames["located_codings"]
    return located[located["standing"] != "superseded"]


def list_evidence(frames: Frames) -> pd.DataFrame:
    """Return the codings that count as evidence."""
    located = frames["located_codings"]
    return located[located["is_evidence"] == "yes"]


def list_coded(frames: Frames) -> set[str]:
    """Return the sources that have a coding which counts as evidence."""
    return set(list_evidence(frames)["source_id"])


def count_readers(frames: Frames) -> dict[str, int]:
    """Return for each source how many coders have read it to its end, in whichever round."""
    source_ids = frames["sources"]["source_id"].tolist()
    columns = ["coder", "round", "source_id"]
    codings, passes = (list_rows(frames[name][columns].astype(str)) for name in ("located_codings", "passes"))
    finished = {(source_id, coder) for coder, _, source_id in list_finished(codings, passes, set(source_ids))}
    counts = Counter(source_id for source_id, _ in finished)
    return {source_id: counts[source_id] for source_id in source_ids}


def count_left_out(frames: Frames) -> dict[str, int]:
    """Return how many codings do not count as evidence, by reason in words; each is counted under its first reason."""
    located = frames["located_codings"]
    out = located[located["is_evidence"] != "yes"]
    is_superseded, has_fallen = out["standing"] == "superseded", out["standing"] == "falls"
    counts = {
        "superseded by a later round": int(is_superseded.sum()),
        "dropped in adjudication": int(has_fallen.sum()),
        **{words: int((out["standing"] == standing).sum()) for standing, words in OF_MODELS.items()},
        "not found again in the text": int((~is_superseded & ~has_fallen & ~out["standing"].isin(OF_MODELS)).sum()),
    }
    return {reason: n for reason, n in counts.items() if n}


@dataclass(frozen=True)
class Places:
    """Where the codings are that no later round has superseded: lost, not to be checked here, or found."""

    n_all: int
    n_lost: int
    n_unchecked: int


def count_places(frames: Frames) -> Places:
    """Return how many current codings were found again."""
    methods = list_current(frames)["method"]
    return Places(len(methods), int(methods.isin(LOST).sum()), int(methods.isin(NOT_CHECKABLE).sum()))


@dataclass(frozen=True)
class Disputes:
    """The units on which coders differ in codings that no later round has superseded, and how many are settled."""

    n_settled: int
    n_open: int
    n_adjudications: int  # that decide on these codings

    @property
    def n_all(self) -> int:
        """All of these units."""
        return self.n_settled + self.n_open


def count_disputes(frames: Frames) -> Disputes:
    """Return how many disputed units are settled: each coding that not all coders made there is adjudicated."""
    located = frames["located_codings"][["coding_id", "standing", "unadjudicated_code_id"]]
    rows = list_rows(located)
    standing_of = {row["coding_id"]: row["standing"] for row in rows}
    code_of = {row["coding_id"]: row["unadjudicated_code_id"] for row in rows}
    disputed = [
        {standing_of[coding_id] for coding_id in list_disputed(list_rows(sides), code_of)}
        for _, sides in frames["disagreements"].groupby(["round", "unit_id"])
    ]
    settled = ["open" not in standings for standings in disputed if standings - {"superseded"}]
    current = list_current(frames)
    n_adjudications = current.loc[current["adjudication_id"] != "", "adjudication_id"].nunique()
    return Disputes(sum(settled), len(settled) - sum(settled), n_adjudications)


MAIN_ALPHA = "alpha_masi"  # the main measure of agreement: over sets of codes, by MASI distance


def list_main_alphas(frames: Frames) -> pd.DataFrame:
    """Return the main measure of the last round: of all coders, if more than two were compared, else of each pair."""
    rows = frames["agreement"]
    rows = rows[(rows["scope"] == "overall") & (rows["measure"] == MAIN_ALPHA) & (rows["round"] == rows["round"].max())]
    of_all = rows[rows["coders"] == ALL_CODERS]
    return (rows if of_all.empty else of_all).sort_values("coders")


def list_weak(frames: Frames) -> list[str]:
    """Return the guidelines with fewer publishers than the protocol asks for."""
    support = frames["guideline_support"]
    return sorted(support.loc[support["has_floor"] == "no", "guideline_id"])


def explain_support(frames: Frames) -> str:
    """Return what counts as support of a guideline in this study."""
    if frames["guideline_claims"].empty:
        return (
            "Support counts the sources and publishers with codings of a guideline’s codes; a coded passage may say "
            "less than the guideline."
        )
    return "Support counts the sources and publishers with a coding that was read to support a claim of the guideline."


def count_publishers(frames: Frames) -> int:
    """Return the number of publishers of the sources; one that nobody knows is none."""
    return len(list_publishers(frames["sources"]["publisher"]))


def count_publisher_groups(frames: Frames) -> int:
    """Return the number of publishers of the sources, those with one group counted once."""
    group_of = group_publishers(list_rows(frames["sources"]))
    return len({group for publisher, group in group_of.items() if names_publisher(publisher)})


def list_fallen_groups(frames: Frames, kind: str) -> list[str]:
    """Return the guidelines, or claims, that have enough publishers, and would not if each group counted once."""
    rows = frames["group_sensitivity"]
    return sorted(rows.loc[(rows["kind"] == kind) & (rows["falls"] == "yes"), "counted_id"])


def list_falling(frames: Frames) -> list[str]:
    """Return the guidelines that have enough publishers, and would not without one of them."""
    by_publisher = frames["publisher_sensitivity"]
    return sorted(set(by_publisher.loc[by_publisher["falls"] == "yes", "guideline_id"]))


def list_placed(frames: Frames) -> set[str]:
    """Return the guidelines in force that are in a category."""
    placed = {guideline_id for cell in frames["categories"]["guideline_ids"] for guideline_id in split_ids(cell)}
    return placed & set(frames["guidelines"]["guideline_id"])


def list_appraised(frames: Frames) -> pd.DataFrame:
    """Return the rows of the sources that somebody has appraised."""
    scores = frames["quality_scores"]
    return scores[scores["score"].notna()]


def name_span(cells: Iterable[str]) -> str:
    """Return the first and the last of some dates in words; one date if they are the same, '' without any."""
    ordered = sorted(filter(None, cells))
    return "" if not ordered else ordered[0] if ordered[0] == ordered[-1] else f"{ordered[0]} to {ordered[-1]}"
