"""The PRISMA 2020 flow of the screening, in the CSV format of the R package PRISMA2020.

A gray review fills the arm of other methods: every candidate is a record of it. Duplicates have one box in the
format, that of databases and registers, and are counted there: records identified, less duplicates, are the reports
sought. Rows, boxes, nodes and box texts are the format's; descriptions and tooltips are ours.

References
----------
Page et al. 2021, The PRISMA 2020 statement, doi:10.1136/bmj.n71. Haddaway et al. 2022, PRISMA2020: an R package and
Shiny app for producing flow diagrams, doi:10.1002/cl2.1230.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from graylit.tables.rows import Cells

HEADER = ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
SECTION = "NA"
# data | node | box | box text | address of its page
ROWS = """
NA|node4|prevstud|Previous studies|prevstud
previous_studies|node5|box1|Studies included in previous version of review|previous_studies
previous_reports|NA|box1|Reports of studies included in previous version of review|previous_reports
NA|node6|newstud|Identification of new studies via databases and registers|newstud
database_results|node7|box2|Databases|database_results
database_specific_results|NA|box2|Specific Databases|database_results
register_results|NA|box2|Registers|NA
register_specific_results|NA|box2|Specific Registers|database_results
NA|node16|othstud|Identification of new studies via other methods|othstud
website_results|node17|box11|Websites|website_results
organisation_results||box11|Organisations|NA
citations_results|NA|box11|Citation searching|NA
duplicates|node8|box3|Duplicate records|duplicates
excluded_automatic|NA|box3|Records marked as ineligible by automation tools|NA
excluded_other|NA|box3|Records removed for other reasons|NA
records_screened|node9|box4|Records screened|records_screened
records_excluded|node10|box5|Records excluded|records_excluded
dbr_sought_reports|node11|box6|Reports sought for retrieval|dbr_sought_reports
dbr_notretrieved_reports|node12|box7|Reports not retrieved|dbr_notretrieved_reports
other_sought_reports|node18|box12|Reports sought for retrieval|other_sought_reports
other_notretrieved_reports|node19|box13|Reports not retrieved|other_notretrieved_reports
dbr_assessed|node13|box8|Reports assessed for eligibility|dbr_assessed
dbr_excluded|node14|box9|Reports excluded|dbrexcludedrecords
other_assessed|node20|box14|Reports assessed for eligibility|other_assessed
other_excluded|node21|box15|Reports excluded|other_excluded
new_studies|node15|box10|New studies included in review|new_studies
new_reports|NA|box10|Reports of new included studies|NA
total_studies|node22|box16|Total studies included in review|total_studies
total_reports|NA|box16|Reports of total included studies|NA
identification|node1|identification|Identification|identification
screening|node2|screening|Screening|screening
included|node3|included|Included|included
total_studies_ma|node23|box17|Total studies included in meta-analysis|total_studies_meta_analysis
total_reports_ma|NA|box17|Reports of total included studies in meta-analysis|NA
"""


def count_flow(candidates: Iterable[Cells], criteria: Iterable[Cells], decisions: Iterable[Cells]) -> dict[str, str]:
    """Return what stands in each box, by the format's key; boxes that are not named hold 0.

    `decisions` are the rows of `decide_candidates`. Candidates that are still open count as sought, and as assessed
    once somebody has screened them.
    """
    criteria = {row["criterion_id"]: row for row in criteria}
    decisions = list(decisions)
    found = Counter(_choose_box(row["found_by"]) for row in candidates)
    sought = [row for row in decisions if row["decision"] != "duplicate"]
    excluded = [criteria.get(row["criterion_id"], {}) for row in sought if row["decision"] == "exclude"]
    reasons = Counter(_clean_reason(row.get("name", "")) for row in excluded if row.get("kind") != "retrieval")
    n_missing = sum(row.get("kind") == "retrieval" for row in excluded)
    n_screened = sum(int(row["n_screeners"]) > 0 or row["decision"] != "open" for row in sought)
    n_included = str(sum(row["decision"] == "include" for row in sought))
    return {
        **{box: str(n) for box, n in found.items()},
        "duplicates": str(len(decisions) - len(sought)),
        "other_sought_reports": str(len(sought)),
        "other_notretrieved_reports": str(n_missing),
        "other_assessed": str(n_screened - n_missing),
        "other_excluded": "; ".join(f"{name}, {n}" for name, n in sorted(reasons.items(), key=_by_count)) or "0",
        **dict.fromkeys(("new_studies", "new_reports", "total_studies", "total_reports"), n_included),
    }


def _choose_box(found_by: str) -> str:
    for start, box in (("organisation", "organisation_results"), ("citation", "citations_results")):
        if found_by.lower().startswith(start):
            return box
    return "website_results"


def _clean_reason(name: str) -> str:
    """Return a reason without the marks that separate reasons and numbers in the format, or that start a formula."""
    return re.sub(r"\s*[,;]\s*", " / ", name).strip().lstrip("=+-@＝＋－＠ ") or "No reason stated"


def _by_count(reason: tuple[str, int]) -> tuple[int, str]:
    return -reason[1], reason[0]


def format_flow(flow: Mapping[str, str]) -> str:
    """Return the flow as the R package reads it: all rows of the format in its order, NA where it has no value."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(HEADER)
    for row in ROWS.strip().splitlines():
        key, node, box, text, page = row.split("|")
        meaning = _describe_box(key, box, text)
        tooltip = meaning if node.startswith("node") else "NA"
        url = page if page == "NA" else f"{page}.html"
        table.writerow([key, node, box, meaning, text, tooltip, url, flow.get(key, "0")])
    return lines.getvalue()


def _describe_box(key: str, box: str, text: str) -> str:
    """Return what a box shows: its text, and which arm it belongs to."""
    if box in ("box4", "box5", "box6", "box7", "box8", "box9"):
        return f"{text}, of databases and registers"
    if box in ("box12", "box13", "box14", "box15"):
        return f"{text}, of other methods"
    if box in ("box2", "box11"):
        return f"Where records were found: {text.lower()}"
    return f"Heading: {text}" if key in (SECTION, "identification", "screening", "included") else text


def format_no_flow() -> str:
    """Return the table of a study without screening: its header."""
    return ",".join(HEADER) + "\n"
