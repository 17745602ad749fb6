"""Four studies as tables: one just begun, one half done, that one with its searches, and the default study.

Built once, for all tests of words.

Each is a dict of tables by name, as rows of cells; nothing here calls what is tested.
"""

import csv
import functools
import itertools

import yaml

from archives import REPOSITORY
from graylit.report.frames import read_frames
from graylit.screening.flow import count_flow
from graylit.tables.catalogue import CONTRACTS

STAGES = ("empty", "half done", "searched", "full")
CONFIG = {"title": "Rain barrels", "has_texts": True, "variables": {}, "synthesis": {"min_publishers": 3}}


def rows(columns, *cells):
    """Return rows of a few columns, written as lines of words; '-' is an empty cell."""
    names = columns.split()
    return [
        {name: "" if cell == "-" else cell for name, cell in zip(names, line.split(), strict=True)} for line in cells
    ]


def write_source(number):
    published = "" if number == 7 else f"20{10 + number}-05"
    return {"source_id": f"S{number:02}", "url": f"https://example.org/{number}", "title": f"Barrel {number}"} | {
        "publisher": f"P{number % 6}",
        "source_type": "blog",
        "published": published,
    }


def write_text(number):
    outcomes = {17: ("not_captured", "unreachable", "memento"), 18: ("not_captured", "gone", "live")}
    outcomes |= {19: ("empty_text", "captured", "live"), 20: ("not_captured", "", "")}
    origin = "archive" if number == 1 else "memento" if number < 5 else "live"
    outcome, capture, origin = outcomes.get(number, ("extracted", "captured", origin))
    is_text = outcome == "extracted"
    return {"source_id": f"S{number:02}", "outcome": outcome, "capture_outcome": capture, "origin": origin} | {
        "captured_at": f"2026-03-{number:02}T00:00:00Z" if is_text else "",
        "extractor": "trafilatura 2.3.1" if is_text else "",
        "n_words": str(100 + number) if is_text else "0",
    }


HALF_DONE = {
    "sources": [write_source(number) for number in range(1, 21)],
    "texts": [write_text(number) for number in range(1, 21)],
    "segments": [
        {"segment_id": f"S{number:02}-{part}", "source_id": f"S{number:02}"}
        for number in range(1, 17)
        for part in (1, 2, 3)
    ],
    "source_changes": rows("source_id state served_by", *(f"S{n:02} same captured" for n in range(1, 17))),
    "candidates": rows("candidate_id found_by", *(f"H{n:02} {'citation' if n > 24 else 'web'}" for n in range(1, 28))),
    "criteria": rows("criterion_id kind name", "E1 exclusion Sales", "E2 exclusion Talk", "R1 retrieval Gone"),
    "screening_decisions": rows(
        "candidate_id decision criterion_id n_screeners",
        *(f"H{n:02} include - {1 if n > 17 else 2}" for n in range(1, 21)),
        "H21 exclude E1 2",
        "H22 exclude E1 2",
        "H23 exclude E2 1",
        "H24 exclude R1 1",
        "H25 open - 2",
        "H26 open - 0",
        "H27 duplicate - 0",
    ),
    "screening_agreement": rows(
        "round screeners measure value low high n_candidates n_screeners",
        "1 D;E alpha_nominal 0.71 0.5 0.9 20 2",
        "1 D;E share_agreed 0.9 0.8 1 20 2",
    ),
    "topic_measures": rows("measure value", "n_topics 3", "n_terms 1210", "npmi_mean -", "outlier_share 0.25"),
    "codebook": rows("code_id name status", "C1 Mesh active", "C2 Lid active", "C3 Tap active", "C4 Leaf retired"),
    "passes": rows(
        "coder round source_id",
        *(f"A 1 S{n:02}" for n in range(1, 6)),
        *(f"B 1 S{n:02}" for n in range(1, 4)),
        "A 2 S01",
        "B 1 S99",  # it left the study
    ),
    "located_codings": rows(
        "coding_id coder round source_id segment_id method unadjudicated_code_id code_id standing adjudication_id "
        "is_evidence",
        "A-1 A 1 S01 S01-1 same_place C1 C1 superseded - no",
        "A-2 A 2 S01 S01-1 same_place C1 C1 open - yes",
        "A-3 A 1 S02 S02-1 same_place C1 C1 stands J-1 yes",
        "A-4 A 1 S02 S02-2 same_place C2 C2 falls J-2 no",
        "A-5 A 1 S03 - orphan C2 C2 open - no",
        "A-6 A 1 S04 S04-1 same_words C3 C3 open - yes",
        "A-7 A 1 S05 S05-2 unchecked C3 C3 open - yes",
        "B-1 B 1 S01 S01-1 same_place C2 C2 open - yes",
        "B-2 B 1 S02 S02-3 same_place C1 C1 open - yes",
        "B-3 B 1 S03 S03-1 same_place C1 C1 open - yes",
    ),
    "disagreements": rows(
        "round unit_id source_id segment_id kind coder code_ids coding_ids",
        "1 S01-1 S01 S01-1 coding A C1 A-1",
        "1 S01-1 S01 S01-1 coding B C2 B-1",
        "1 S02-1 S02 S02-1 unitizing A C1 A-3",
        "1 S02-1 S02 S02-1 unitizing B - -",
        "1 S02-2 S02 S02-2 unitizing A C2 A-4",
        "1 S02-2 S02 S02-2 unitizing B - -",
        "1 S02-3 S02 S02-3 unitizing A - -",
        "1 S02-3 S02 S02-3 unitizing B C1 B-2",
        "1 S03-1 S03 S03-1 unitizing A - -",
        "1 S03-1 S03 S03-1 unitizing B C1 B-3",
    ),
    "agreement": rows(
        "round coders scope measure value low high n_units n_coders",
        "1 A;B overall alpha_nominal 0.41 0.2 0.6 9 2",
        "1 A;B overall alpha_masi 0.52 0.3 0.7 9 2",
        "1 A;B C1 alpha_nominal 0.5 0.2 0.7 9 2",
        "1 A;B C2 alpha_nominal 0.8 0.7 0.9 9 2",
        "1 A;B C3 alpha_nominal - - - 9 2",
    ),
    "saturation": rows(
        "order_name n_sources codes_seen low high new_codes",
        *(f"{name} {n} {min(n, 3)} 1 3 {int(n < 4)}" for name in ("listed", "shuffled") for n in range(1, 6)),
    ),
    "saturation_measures": rows(
        "order_name base_size run_length threshold reached_at share_reached",
        *(
            f"{name} {base} {run} {threshold} - 0"
            for name in ("listed", "shuffled")
            for base, run, threshold in itertools.product((4, 6), (2, 3), (0, 0.05))
        ),
    ),
    "practices": rows("practice_id name guideline_id", "P1 Sieve G1", "P2 Net G1", "P3 Cap G2", "P4 Paint -"),
    "guidelines": rows("guideline_id name theme_id", "G1 Cover T1", "G2 Close T1", "G3 Turn T1"),
    "themes": rows("theme_id name", "T1 Water"),
    "guideline_support": rows(
        "guideline_id n_publishers n_sources n_codings rank has_floor",
        "G1 3 4 5 1 yes",
        "G2 2 2 2 2 no",
        "G3 0 0 0 3 no",
    ),
    "publisher_sensitivity": rows(
        "guideline_id publisher falls", "G1 P1 yes", "G1 P2 yes", "G1 P3 yes", "G2 P1 no", "G2 P2 no"
    ),
    "card_measures": rows("measure value", "n_sorters 2", "n_cards 3", "cophenetic_correlation 0.5"),
    "categories": rows("category_id name guideline_ids", "K1 Inlet G1;G2"),
    "quality_scores": rows(
        "source_id n_appraisers score",
        *(f"S{n:02} {2 if n == 1 else 1} {10 + n}" for n in range(1, 6)),
        *(f"S{n:02} 0 -" for n in range(6, 21)),
    ),
    "impacts": rows("impact_id guideline_id quality_attribute effect", "I1 G1 safety strained"),
}
for table in HALF_DONE.values():
    for row in table:
        row |= {name: cell.replace(";", "; ") for name, cell in row.items() if name in ("screeners", "coders")}
        row |= {name: cell.replace(";", "; ") for name, cell in row.items() if name == "guideline_ids"}
RULE = {"search": {"stop_after": {"hits": 2, "new": 0, "of": "candidates"}}}


def write_hits(search_id, *found):
    """Return hits in order of rank: each the number of its candidate, or why it was left out."""
    return [
        {"search_id": search_id, "rank": str(rank)}
        | ({"candidate_id": f"H{one:02}"} if isinstance(one, int) else {"left_out": one})
        for rank, one in enumerate(found, start=1)
    ]


def write_links(search_id, *found):
    """Return hits of links: the number of the candidate, and the sources that link to it."""
    hits = write_hits(search_id, *(number for number, _ in found))
    return [hit | {"cited_by": sources} for hit, (_, sources) in zip(hits, found, strict=True)]


SEARCHED = HALF_DONE | {
    "searches": rows(
        "search_id way engine query region language searched_at n_reported n_read",
        "X01 website google barrels us en 2026-02-01 1200 12",
        "X02 website bing barrels - en 2026-03-01 - -",
        "X03 citation - - - - - - -",
    ),
    "hits": [
        *write_hits("X01", *range(1, 11), "incomplete", 1),
        *write_hits("X02", *range(6, 16), "private", "incomplete"),
        *write_links("X03", (25, "S001; S002"), (26, "S002"), (1, "S003")),
    ],
    "search_counts": rows(
        "search_id n_reported n_read n_hits n_left_out n_candidates n_new n_alone n_included n_included_alone n_open "
        "stopped_at",
        "X01 1200 12 12 1 10 10 4 10 4 0 12",
        "X02 - 12 12 2 10 5 5 10 5 0 12",
        "X03 - 3 3 0 3 2 2 1 0 2 -",
        "all - 27 27 3 17 17 11 15 9 2 12",
    ),
    "search_left_out": rows(
        "search_id left_out n_hits",
        *("X01 incomplete 1", "X02 incomplete 1", "X02 private 1", "all incomplete 2", "all private 1"),
    ),
    "search_curve": rows(
        "search_id n_hits n_new n_seen n_included_new n_included_seen",
        *("X01 10 10 10 10 10", "X01 12 0 10 0 10", "X02 10 10 10 10 10", "X02 12 0 10 0 10", "X03 3 3 3 1 1"),
        *("all 10 10 10 10 10", "all 20 3 13 3 13", "all 27 4 17 2 15"),
    ),
    "search_ranks": rows(
        "search_id first_rank last_rank n_hits n_included share_included",
        *("all 1 10 23 21 0.913043", "all 11 20 4 1 0.25"),
    ),
    "search_overlap": rows(
        "search_id other_id n_both n_either jaccard n_included_both n_included_either",
        *("X01 X02 5 15 0.333333 5 15", "X01 X03 1 12 0.0833333 1 10", "X02 X03 0 13 0 0 11"),
    ),
    "search_sets": [
        {"search_ids": keys, "n_candidates": n, "n_included": kept}
        for keys, n, kept in (("X01", 4, 4), ("X01; X02", 5, 5), ("X01; X03", 1, 1), ("X02", 5, 5), ("X03", 2, 0))
    ],
    "search_estimates": rows(
        "scope method n_searches n_found n_once n_twice value low high",
        "candidates chapman 2 15 10 5 19.1667 16.0063 32.2533",
        "included chapman 2 15 10 5 19.1667 16.0063 32.2533",
    ),
}
EMPTY = {
    "sources": [write_source(1), write_source(2)],
    "texts": [write_text(20), write_text(20) | {"source_id": "S02"}],
}


def read_cells(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_default():
    """Return the tables of the default study: what people decided, and what was released."""
    names = (
        "config/coding",
        "config/search",
        "config/screening",
        "config/synthesis",
        "config",
        "data/frozen",
        "data/frozen/released",
    )
    paths = [path for name in names for path in sorted((REPOSITORY / name).glob("*.csv"))]
    return {path.stem: read_cells(path) for path in paths if path.stem in CONTRACTS}


@functools.cache
def read_stage(stage):
    """Return the tables of a study and its config; a table that it lacks has no rows."""
    known = {"empty": EMPTY, "half done": HALF_DONE, "searched": SEARCHED}
    tables = {name: [] for name in CONTRACTS} | (known[stage] if stage in known else read_default())
    path = REPOSITORY / "config/config.yaml"
    config = CONFIG | RULE if stage == "searched" else CONFIG
    return tables, config if stage in known else yaml.safe_load(path.read_text(encoding="utf-8"))


@functools.cache
def read_report(stage, folder):
    """Return the frames and the flow of a study as the report reads them; its tables are written to the folder."""
    tables, config = read_stage(stage)
    paths = []
    for name, table in tables.items():
        if table:
            contract = CONTRACTS[name]
            paths.append(folder / f"{name}.csv")
            whole = [dict.fromkeys(contract.names, "") | row for row in table]
            with paths[-1].open("w", encoding="utf-8", newline="") as lines:
                written = csv.DictWriter(lines, list(whole[0]), lineterminator="\n")
                written.writeheader()
                written.writerows(whole)
    frames = read_frames(map(str, paths), config)
    names, found = ("candidates", "criteria", "screening_decisions"), {"searches": tables["searches"]}
    hits = [dict.fromkeys(CONTRACTS["hits"].names, "") | row for row in tables["hits"]]
    flow = count_flow(*(tables[name] for name in names), **found, hits=hits) if tables["candidates"] else None
    return frames, flow
