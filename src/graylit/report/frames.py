"""The tables that the report is made of: frames by the names of their contracts, and their rows for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from graylit.study.config import sources_contract
from graylit.study.state import has_evidence, read_in_force
from graylit.synthesis.claims import list_refuted
from graylit.tables.appraisal import APPRAISAL_AGREEMENT, CHECKLIST
from graylit.tables.card_sorting import (
    CARD_CLUSTERS,
    CARD_CUTS,
    CARD_FITS,
    CARD_MEASURES,
    CARD_MERGES,
    SORTER_AGREEMENT,
)
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_SUPPORT, GUIDELINE_CLAIMS, READING_AGREEMENT
from graylit.tables.coder_pairs import ALL_CODERS, list_crowded
from graylit.tables.coding import (
    AGREEMENT,
    CODE_COUNTS,
    CODEBOOK,
    CODINGS,
    DISAGREEMENTS,
    LOCATED_CODINGS,
    PASSES,
    SATURATION,
    SATURATION_MEASURES,
)
from graylit.tables.comparison import SOURCE_CHANGES, VERDICT
from graylit.tables.contracts import Contract
from graylit.tables.files import is_table
from graylit.tables.impacts import ATTRIBUTES, IMPACT_AGREEMENT, IMPACT_READINGS, IMPACTS
from graylit.tables.models import MODEL_CALLS, MODEL_REPLAY, MODEL_TRUST
from graylit.tables.preparation import SEGMENTS, TEXTS
from graylit.tables.relating import CORRESPONDENCES, FINDINGS, PLACES_OPENED, RELATIONS
from graylit.tables.rows import list_rows
from graylit.tables.screening import SCREENING_AGREEMENT, SCREENING_DECISIONS, SCREENINGS
from graylit.tables.search import HITS, SEARCHES
from graylit.tables.search_figures import SEARCH_FIGURES
from graylit.tables.sources import QUALITY, QUALITY_SCORES, SOURCE_COUNTS
from graylit.tables.synthesis import (
    CATEGORIES,
    EVIDENCE,
    GROUP_SENSITIVITY,
    GUIDELINE_GROUPS,
    GUIDELINE_QUALITY,
    GUIDELINE_SUPPORT,
    GUIDELINES,
    PRACTICES,
    PUBLISHER_SENSITIVITY,
    QUALITY_SENSITIVITY,
    THEMES,
)
from graylit.tables.topics import (
    CROSSWALK,
    CROSSWALK_GAPS,
    CROSSWALK_MEASURES,
    SUGGESTION_QUALITY,
    SUGGESTIONS,
    TOPIC_MEASURES,
    TOPICS,
)

Frames = Mapping[str, pd.DataFrame]
Records = list[dict[str, Any]]  # rows as templates show them: values by column
Part = dict[str, Any] | None  # a part of the page; None if there is nothing to show
DECIDED = (SEARCHES, CODEBOOK, THEMES, GUIDELINES, PRACTICES, CATEGORIES, IMPACTS, CORRESPONDENCES, FINDINGS)
READ = (  # as they are; people only add rows to passes and screenings
    *(HITS, *SEARCH_FIGURES),
    *(SOURCE_COUNTS, TEXTS, SCREENINGS, SCREENING_AGREEMENT, SCREENING_DECISIONS, SOURCE_CHANGES, VERDICT),
    *(TOPICS, TOPIC_MEASURES, SUGGESTIONS, SUGGESTION_QUALITY, CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES),
    *(PASSES, LOCATED_CODINGS, CODE_COUNTS, AGREEMENT, DISAGREEMENTS, SATURATION, SATURATION_MEASURES),
    *(GUIDELINE_SUPPORT, GUIDELINE_GROUPS, CLAIM_EVIDENCE, CLAIM_SUPPORT, GUIDELINE_CLAIMS, READING_AGREEMENT),
    *(CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES, CARD_CUTS, CARD_FITS, SORTER_AGREEMENT),
    *(ATTRIBUTES, IMPACT_READINGS, IMPACT_AGREEMENT, RELATIONS, PLACES_OPENED),
    *(MODEL_CALLS, MODEL_REPLAY, MODEL_TRUST),
    *(CHECKLIST, QUALITY, QUALITY_SCORES, QUALITY_SENSITIVITY, APPRAISAL_AGREEMENT, PUBLISHER_SENSITIVITY),
    *(GROUP_SENSITIVITY, GUIDELINE_QUALITY),
)


def read_frames(files: Iterable[str], config: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the tables among `files` by the names of their contracts; a table that the study lacks has no rows."""
    tables = [Path(file) for file in files if is_table(Path(file))]
    paths = {path.stem: str(path) for path in tables if path.parent.name != "codings"}  # coders are named as they like

    def read_whole(table: Contract) -> pd.DataFrame:
        return table.read(paths[table.name]) if table.name in paths else table.to_frame([])

    def read_decided(table: Contract) -> pd.DataFrame:
        return read_in_force(table, paths[table.name]) if table.name in paths else table.to_frame([])

    frames = {table.name: read_whole(table) for table in (sources_contract(config), *READ)}
    frames |= {table.name: read_decided(table) for table in DECIDED}
    # Of codes that are reworded, the first row says when they were written.
    frames["code_history"] = read_whole(CODEBOOK)
    frames["codings"] = read_dates(path for path in tables if path.parent.name == "codings")
    # The report counts the segments, which are many, and needs none of their other columns.
    segments = (
        SEGMENTS.read(paths["segments"], columns=["segment_id"]) if "segments" in paths else SEGMENTS.to_frame([])
    )
    if "evidence" in paths:
        columns = ["guideline_id", "coding_id"]
        links = set(EVIDENCE.read(paths["evidence"], columns=columns).itertuples(index=False, name=None))
        links -= list_refuted(list_rows(frames["claim_evidence"]))
        stands = [has_evidence(row, links) for row in list_rows(frames["impacts"])]
        frames["impacts"] = frames["impacts"].loc[stands].reset_index(drop=True)  # of no rows [] would take no column
    frames["guideline_support"] = prefer_claims(frames["guideline_support"], frames["guideline_claims"])
    return frames | {"segments": segments, "agreement": leave_out_pairs(frames["agreement"])}


def read_dates(paths: Iterable[Path]) -> pd.DataFrame:
    """Return round and date of every coding; one without a round is of the first."""
    read = [CODINGS.read(path, columns=("round", "coded_at")) for path in sorted(paths)]
    dates = pd.concat([CODINGS.to_frame([])[["round", "coded_at"]], *read], ignore_index=True)
    return dates.assign(round=dates["round"].fillna(1))


def prefer_claims(support: pd.DataFrame, by_claims: pd.DataFrame) -> pd.DataFrame:
    """Return the support of guidelines by claims, with that by code in columns that say so; by code without claims."""
    if by_claims.empty:
        return support
    by_code = support.drop(columns="name")
    return by_claims.merge(by_code, on="guideline_id", suffixes=("", "_by_code"), validate="one_to_one")


def leave_out_pairs(agreement: pd.DataFrame) -> pd.DataFrame:
    """Return the agreement of coders without the pairs of rounds that have too many to be shown."""
    groups = agreement[["round", "coders"]].drop_duplicates()
    crowded = list_crowded(zip(groups["round"], groups["coders"], strict=True))
    is_shown = ~agreement["round"].isin(crowded) | (agreement["coders"] == ALL_CODERS)
    return agreement[is_shown].reset_index(drop=True)


def list_records(table: pd.DataFrame) -> Records:
    """Return the rows of a table, with None for a cell without a value."""
    return [{name: None if pd.isna(cell) else cell for name, cell in row.items()} for row in list_rows(table)]


def key_rows(table: pd.DataFrame, id_column: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their ids."""
    return {row[id_column]: row for row in list_rows(table)}
