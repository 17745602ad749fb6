"""What each coder made of each unit: the codes given to it, no codes if it was left, no row if it was not read."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
import pandas as pd

from graylit.measures.agreement import Ratings, make_ratings
from graylit.study import state
from graylit.tables.locating import WHOLE
from graylit.tables.rows import list_rows

MARK = ["round", "coder", "unit_id"]  # what a coder made of a unit
UNIT = ["round", "unit_id", "source_id", "segment_id"]
# The columns of codings that say who gave which code to what.
CODED = ["coder", "round", "source_id", "segment_id", "code_id", "is_evidence"]


def name_units(codings: pd.DataFrame, *, has_texts: bool) -> pd.DataFrame:
    """Return the codings with the unit each is about (`unit_id`): its segment, or its source as a whole.

    Codings that have no place now (orphans, sources without text) are about no unit and left out. In a study without
    texts, segments are the units that coders name.
    """
    whole = (codings["segment_id"] == "") if not has_texts else codings["method"].isin(WHOLE)
    units = codings.assign(segment_id=codings["segment_id"].mask(whole, ""))
    units = units.assign(unit_id=units["segment_id"].mask(whole, units["source_id"]))
    return units[units["unit_id"] != ""]


def list_finished(codings: pd.DataFrame, passes: pd.DataFrame, source_ids: Container[str]) -> pd.DataFrame:
    """Return the frame of `state.list_finished`: coder, round, source_id."""
    columns = ["coder", "round", "source_id"]
    coded, passed = (list_rows(table[columns].astype(str)) for table in (codings, passes))
    finished = state.list_finished(coded, passed, source_ids)
    return pd.DataFrame(finished, columns=columns).astype(dict(codings[columns].dtypes))


def list_read(codings: pd.DataFrame, segments: pd.DataFrame, finished: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit and coder who has read it.

    Units are all segments of a source, coded or not, and the source as a whole if somebody coded it so in the round.
    If no source has segments, units are all sources as wholes.
    """
    segments = segments[["segment_id", "source_id"]].assign(unit_id=segments["segment_id"])
    of_segments = finished.merge(segments, on="source_id", how="inner", validate="many_to_many")
    as_wholes = codings[codings["segment_id"] == ""] if len(segments) else finished
    wholes = as_wholes[["round", "source_id"]].drop_duplicates()
    of_wholes = finished.merge(wholes, on=["round", "source_id"], how="inner", validate="many_to_one")
    return pd.concat([of_segments, of_wholes.assign(segment_id="", unit_id=of_wholes["source_id"])])


def list_units(codings: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Return the units of a study without texts: those that codings name, and those that were left without a code."""
    named = pd.concat([table[["segment_id", "source_id"]] for table in (codings, readings)])
    return named[named["segment_id"] != ""].drop_duplicates("segment_id", ignore_index=True)


def keep_read(read: pd.DataFrame, codings: pd.DataFrame, readings: pd.DataFrame, passes: pd.DataFrame) -> pd.DataFrame:
    """Return what was read of a study without texts, if a coder says which units were left without a code.

    Such a coder has read the units that they coded or left, and in the sources that they have finished all others too.
    """
    columns = ["coder", "round", "source_id", "segment_id"]
    left = readings.loc[readings["decision"] == "no_code", columns]
    touched = pd.concat([codings.loc[codings["segment_id"] != "", columns], left]).drop_duplicates()
    exact = touched[touched["coder"].isin(left["coder"])]
    passed = set(zip(passes["coder"], passes["round"], passes["source_id"], strict=True))
    places = zip(read["coder"], read["round"], read["source_id"], strict=True)
    is_passed = pd.Series([place in passed for place in places], index=read.index, dtype=bool)
    is_whole = is_passed | ~read["coder"].isin(left["coder"]) | (read["segment_id"] == "")
    kept = pd.concat([read[is_whole], exact.assign(unit_id=exact["segment_id"])])
    return kept.drop_duplicates(["coder", "round", "unit_id"], ignore_index=True)


def gather_marks(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    finished: pd.DataFrame,
    code_column: str,
    readings: pd.DataFrame | None = None,
    passes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row per unit and coder who has read it: the unit, coder, code_ids and coding_ids (sorted tuples).

    `codings` are those of `name_units`; `code_column` names the column with the codes to compare. `readings` and
    `passes` are those of a study without texts.
    """
    read = list_read(codings, segments, finished).reset_index(drop=True)
    if readings is not None and passes is not None:
        read = keep_read(read, codings, readings, passes)
    made = _collect_made(codings, code_column)
    marks = read.merge(made, on=MARK, how="left", validate="one_to_one")
    for column in ("code_ids", "coding_ids"):
        marks[column] = [ids if isinstance(ids, tuple) else () for ids in marks[column]]
    return marks.sort_values(["round", "unit_id", "coder"], ignore_index=True)


def _collect_made(codings: pd.DataFrame, code_column: str) -> pd.DataFrame:
    """Return the codes and the codings that each coder gave to each unit, as sorted tuples."""
    # Row by row over the sorted table: pandas takes a hundred times as long to call a function for each group.
    ordered = codings.sort_values(MARK)
    rows = []
    for mark, of_mark in groupby(
        zip(*(ordered[column] for column in MARK), ordered[code_column], ordered["coding_id"], strict=True),
        itemgetter(0, 1, 2),
    ):
        _, _, _, code_ids, coding_ids = map(set, zip(*of_mark, strict=True))
        rows.append((*mark, tuple(sorted(code_ids)), tuple(sorted(coding_ids))))
    made = pd.DataFrame(rows, columns=[*MARK, "code_ids", "coding_ids"])
    return made.astype({column: codings[column].dtype for column in MARK})


@dataclass(frozen=True)
class RatedSets:
    """The sets of codes that coders gave to units: categories are the numbers of sets, among them the empty set.

    `members`, shape (n_sets, n_codes), says which codes each set holds.
    """

    coders: list[str]
    ratings: Ratings
    members: np.ndarray
    code_ids: list[str]

    def choose(self, coders: list[str]) -> RatedSets:
        """Return the sets that some of the coders gave to the units that at least two of them have read."""
        values = self.ratings.values[[self.coders.index(coder) for coder in coders]]
        ratings = make_ratings(values, self.ratings.sources, self.ratings.n_categories, self.ratings.seed)
        given = np.unique(ratings.values[ratings.values >= 0])
        number_of = np.full(len(self.members), -1)
        number_of[given] = np.arange(len(given))
        return RatedSets(coders, ratings.recode(number_of, len(given)), self.members[given], self.code_ids)


def rate_sets(marks: pd.DataFrame, code_ids: list[str], seed: int) -> RatedSets:
    """Return the sets that all coders gave to the units of one round; `code_ids` holds every code that was given."""
    sets = sorted(set(marks["code_ids"]))
    number_of = {codes: number for number, codes in enumerate(sets)}
    unit_of, unit_ids = pd.factorize(marks["unit_id"])
    coder_of, coders = pd.factorize(marks["coder"], sort=True)
    values = np.full((len(coders), len(unit_ids)), -1)
    values[coder_of, unit_of] = [number_of[codes] for codes in marks["code_ids"]]
    sources = np.empty(len(unit_ids), dtype=object)
    sources[unit_of] = marks["source_id"]
    ratings = make_ratings(values, sources, len(sets), seed)
    members = np.array([[code in codes for code in code_ids] for codes in sets]).reshape(len(sets), len(code_ids))
    return RatedSets(list(coders), ratings, members, code_ids)
