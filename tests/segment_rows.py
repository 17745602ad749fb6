"""Segments and topics in a few rows, for tests."""

from graylit.preparation.terms import count_terms, read_terms, write_terms
from graylit.tables.preparation import SEGMENTS
from graylit.topics.model import fit_model


def row(frame, **where):
    """Return the one row of a frame in which the columns have these values, as a dict."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


WATER = ["barrel gutter rain storage", "rain barrel gutter overflow", "gutter rain overflow storage barrel"]
BEES = ["hive honey queen swarm", "queen swarm hive smoke", "honey smoke queen hive swarm"]
QUOTES = [*WATER, *BEES] * 3
SETTINGS = {"n_topics": 2, "n_dimensions": 4, "n_words": 4, "min_similarity": 0.3}


def fit_quotes(quotes=QUOTES, min_similarity=0.3):
    cells = [write_terms(count_terms(quote)) for quote in quotes]
    terms = sorted({term for cell in cells for term in read_terms(cell)})
    return fit_model(cells, terms, SETTINGS | {"min_similarity": min_similarity}, seed=1), cells


def make_segments(*rows):
    columns = ["segment_id", "source_id", "start", "end"]
    return SEGMENTS.to_frame([dict(zip(columns, map(str, cells), strict=True)) for cells in rows])
