"""Say what the changes since the release did to the evidence of guidelines, themes, codes and topics."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from graylit.comparison.effects import (
    COUNTS,
    EffectRow,
    add_remarks,
    compare_saturation,
    compare_support,
    count_themes,
    describe_page,
    describe_topics,
    group_codes,
    list_sources,
)
from graylit.comparison.merges import describe_merges, find_merges, list_merged
from graylit.pages.templates import make_environment, render_alone
from graylit.runs.steps import Step
from graylit.study.state import read_in_force
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_SUPPORT, SUPPORTS
from graylit.tables.coding import CODE_COUNTS, CODEBOOK, LOCATED_CODINGS, SATURATION_MEASURES
from graylit.tables.comparison import EFFECTS
from graylit.tables.contracts import Contract
from graylit.tables.rows import list_rows
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_SUPPORT, THEMES
from graylit.tables.topics import TOPIC_SEGMENTS, TOPICS

Pair = tuple[pd.DataFrame, pd.DataFrame]  # a table as released and as it is now
COMPARED = {
    "evidence": EVIDENCE,
    "support": GUIDELINE_SUPPORT,
    "counts": CODE_COUNTS,
    "codings": LOCATED_CODINGS,
    "topics": TOPICS,
    "topic_segments": TOPIC_SEGMENTS,
    "saturation": SATURATION_MEASURES,
    "claims": CLAIM_SUPPORT,
    "pairs": CLAIM_EVIDENCE,
}


def read_pair(contract: Contract, released: str, now: str) -> Pair:
    """Return a table as released and as it is now; without rows if the release does not have it."""
    return contract.read_or_empty(released), contract.read(now)


def list_names(themes: pd.DataFrame, codebook: pd.DataFrame, support: Pair) -> dict[str, str]:
    """Return the names of themes, codes and guidelines by their ids; a guideline's latest name counts."""
    named = [(themes, "theme_id"), (codebook, "code_id"), (support[0], "guideline_id"), (support[1], "guideline_id")]
    return {row[column]: row["name"] for table, column in named for row in table.to_dict("records")}


def list_wordings(claims: Pair) -> dict[str, str]:
    """Return the words of claims by their ids; the latest ones count."""
    return {row["claim_id"]: row["wording"] for table in claims for row in table.to_dict("records")}


def find_merged(codings: Pair, codebook: pd.DataFrame) -> dict[str, str]:
    """Return which code took the place of each released code that is in force no more."""
    rows = {str(row["code_id"]): row for row in list_rows(codebook)}
    return list_merged(set(codings[0]["code_id"]), rows)


def measure_effects(
    tables: Mapping[str, Pair], names: Mapping[str, str], merged: Mapping[str, str], min_publishers: int
) -> pd.DataFrame:
    """Return the table of effects: a row for each guideline, theme, code, topic and way to tell saturation.

    `merged` says which code took the place of each that was merged since.
    """
    evidence, support, counts = tables["evidence"], tables["support"], tables["counts"]
    coded = [table[table["is_evidence"] == "yes"] for table in tables["codings"]]
    supporting = [table[table["reading"] == SUPPORTS] for table in tables["pairs"]]
    claims = [table.rename(columns={"n_supports": "n_codings"})[["claim_id", *COUNTS]] for table in tables["claims"]]
    compared = {
        "guideline": ([table[["guideline_id", *COUNTS, "rank"]] for table in support], evidence),
        "claim": (claims, supporting),
        "theme": ([count_themes(table) for table in evidence], evidence),
        "code": ([table[["code_id", *COUNTS]] for table in counts], coded),
    }
    rows: list[EffectRow] = []
    for kind, ((old, new), links) in compared.items():
        before, after = (list_sources(table, f"{kind}_id") for table in links)
        supported = compare_support(kind, (old, new), (before, after), names, min_publishers)
        merges = find_merges(merged, *(group_codes(table, f"{kind}_id") for table in links))
        rows += add_remarks(supported, describe_merges(merges, kind))
    rows += describe_topics(tables["topics"], tables["topic_segments"])
    rows += compare_saturation(tables["saturation"])
    effects = pd.DataFrame(rows, columns=EFFECTS.names).fillna({"sources_gained": "", "sources_lost": "", "remark": ""})
    return effects.astype({column.name: "Int64" for column in EFFECTS.columns if column.kind == "count"})


def describe_changes(effects: pd.DataFrame) -> str:
    """Return how many rows of each kind changed, in words."""
    changes = effects.loc[effects["change"] != "none", "kind"].value_counts().sort_index()
    return ", ".join(f"{n} {kind} rows changed" for kind, n in changes.items()) or "no change"


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    tables = {name: read_pair(table, paths[f"released_{name}"], paths[name]) for name, table in COMPARED.items()}
    themes, codebook = read_in_force(THEMES, paths.themes), read_in_force(CODEBOOK, paths.codebook)
    names = list_names(themes, codebook, tables["support"]) | list_wordings(tables["claims"])
    merged = find_merged(tables["codings"], codebook)
    effects = measure_effects(tables, names, merged, snakemake.params.min_publishers)
    EFFECTS.write(effects, step.output.effects)
    page = describe_page(effects, n_sources=tables["codings"][1]["source_id"].nunique())
    page |= {"title": snakemake.params.title, "floor": snakemake.params.min_publishers}
    environment = make_environment(Path(paths.templates[0]).parent)
    words = render_alone(environment, "effects.html", page, ["pages.js"])
    Path(step.output.page).write_text(words, encoding="utf-8")
    step.close(f"{len(effects)} subjects", describe_changes(effects))
