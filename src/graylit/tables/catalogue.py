"""All contracts by the name of their table."""

from __future__ import annotations

from graylit.tables import (
    appraisal,
    benches,
    card_sorting,
    claims,
    coding,
    collection,
    comparison,
    impacts,
    importing,
    mementos,
    models,
    numbers,
    people,
    preparation,
    relating,
    screening,
    search,
    search_figures,
    sources,
    synthesis,
    topics,
    updating,
)
from graylit.tables.contracts import Contract

STAGES = (
    people,
    models,
    sources,
    search,
    search_figures,
    screening,
    collection,
    preparation,
    coding,
    topics,
    synthesis,
    relating,
    impacts,
    claims,
    card_sorting,
    appraisal,
    comparison,
    mementos,
    numbers,
    updating,
    importing,
    benches,
)
CONTRACTS = {
    contract.name: contract for stage in STAGES for contract in vars(stage).values() if isinstance(contract, Contract)
}
