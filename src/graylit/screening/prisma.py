"""The PRISMA 2020 flow of the screening, in the CSV format of the R package PRISMA2020.

A gray review fills the arm of other methods: every candidate is a record of it. Duplicates have one box in the
format, that of databases and registers, and are counted there: records identified, less duplicates, are the reports
sought. Rows, boxes, nodes and box texts are the format's; descriptions and tooltips are ours. While the screening goes
on, two boxes also hold the candidates on which nothing is decided yet, and their texts say so: each box is then still
the sum of those that it leads to.

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
from collections.abc import Iterable
from dataclasses import dataclass

from graylit.tables.rows import Cells

HEADER = ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
SECTION = "NA"
NO_REASON = "No reason stated"
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


UNDECIDED = "Awaiting a decision"
# The texts of boxes that also hold candidates on which nothing is decided yet.
OPEN_TEXTS = {"excluded_other": "Records not screened yet", "other_excluded": "Reports excluded, or undecided"}


@dataclass(frozen=True)
class Flow:
    """How many candidates left at each step, and how many did not; the sums are those that came to a step."""

    n_websites: int
    n_organisations: int
    n_citations: int
    n_duplicates: int
    n_unscreened: int  # nobody has screened them yet
    n_not_retrieved: int
    excluded: tuple[tuple[str, int], ...]  # reason and number of candidates, the most frequent first
    n_undecided: int  # screened, and the screeners are unsure or differ
    n_included: int

    @property
    def n_identified(self) -> int:
        """The candidates that the searches brought."""
        return self.n_websites + self.n_organisations + self.n_citations

    @property
    def n_sought(self) -> int:
        """The candidates that were screened."""
        return self.n_not_retrieved + self.n_assessed

    @property
    def n_assessed(self) -> int:
        """The candidates that were screened and could be had."""
        return self.n_excluded + self.n_undecided + self.n_included

    @property
    def n_excluded(self) -> int:
        """The candidates excluded for any reason."""
        return sum(n for _, n in self.excluded)


def count_flow(candidates: Iterable[Cells], criteria: Iterable[Cells], decisions: Iterable[Cells]) -> Flow:
    """Return the flow of the candidates; `decisions` are the rows of `decide_candidates`."""
    criterion_of = {row["criterion_id"]: row for row in criteria}
    decisions = list(decisions)
    found = Counter(_choose_origin(row["found_by"]) for row in candidates)
    decided = Counter(row["decision"] for row in decisions)
    excluded = [criterion_of.get(row["criterion_id"], {}) for row in decisions if row["decision"] == "exclude"]
    reasons = Counter(_clean_reason(row.get("name", "")) for row in excluded if row.get("kind") != "retrieval")
    n_unscreened = sum(row["decision"] == "open" and not int(row["n_screeners"]) for row in decisions)
    return Flow(
        n_websites=found["website"],
        n_organisations=found["organisation"],
        n_citations=found["citation"],
        n_duplicates=decided["duplicate"],
        n_unscreened=n_unscreened,
        n_not_retrieved=sum(row.get("kind") == "retrieval" for row in excluded),
        excluded=tuple(sorted(reasons.items(), key=_by_count)),
        n_undecided=decided["open"] - n_unscreened,
        n_included=decided["include"],
    )


def _choose_origin(found_by: str) -> str:
    origins = ("organisation", "citation")
    return next((origin for origin in origins if found_by.lower().startswith(origin)), "website")


def _clean_reason(name: str) -> str:
    """Return a reason without what separates reasons and numbers in the format, starts a formula or ends its label.

    The R package writes its labels between single quotes and turns all of them into double ones
    (prisma-flowdiagram/PRISMA2020#83); quotation marks and apostrophes of a printer's say the same.
    """
    plain = re.sub(" ?[,;] ?", " / ", " ".join(name.split())).strip().lstrip("=+-@＝＋－＠ ")
    quoted = re.sub(r'"([^"]*)"', r"“\1”", plain.replace("\\", "/"))
    return quoted.replace('"', "”").replace("'", "’") or NO_REASON


def _by_count(reason: tuple[str, int]) -> tuple[int, str]:
    return -reason[1], reason[0]


def fill_boxes(flow: Flow) -> dict[str, str]:
    """Return what each box holds, by the format's key; boxes that are not named hold 0."""
    included = ("new_studies", "new_reports", "total_studies", "total_reports")
    numbers = {
        "website_results": flow.n_websites,
        "organisation_results": flow.n_organisations,
        "citations_results": flow.n_citations,
        "duplicates": flow.n_duplicates,
        "excluded_other": flow.n_unscreened,
        "other_sought_reports": flow.n_sought,
        "other_notretrieved_reports": flow.n_not_retrieved,
        "other_assessed": flow.n_assessed,
        **dict.fromkeys(included, flow.n_included),
    }
    undecided = ((UNDECIDED, flow.n_undecided),) if flow.n_undecided else ()
    reasons = "; ".join(f"{reason}, {n}" for reason, n in (*flow.excluded, *undecided))
    return {**{key: str(n) for key, n in numbers.items()}, "other_excluded": reasons or "0"}


def _change_texts(flow: Flow) -> dict[str, str]:
    """Return the texts of the boxes that hold undecided candidates, by the format's key."""
    n_open = {"excluded_other": flow.n_unscreened, "other_excluded": flow.n_undecided}
    return {key: text for key, text in OPEN_TEXTS.items() if n_open[key]}


def format_flow(flow: Flow) -> str:
    """Return the flow as the R package reads it: all rows of the format in its order, NA for a missing value."""
    boxes, changed = fill_boxes(flow), _change_texts(flow)
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(HEADER)
    for row in ROWS.strip().splitlines():
        key, node, box, text, page = row.split("|")
        text = changed.get(key, text)
        meaning = _describe_box(key, box, text)
        tooltip = meaning if node.startswith("node") else "NA"
        url = page if page == "NA" else f"{page}.html"
        table.writerow([key, node, box, meaning, text, tooltip, url, boxes.get(key, "0")])
    return lines.getvalue()


def parse_flow(content: str) -> Flow | None:
    """Return the flow that `format_flow` has written; None if nothing was screened (`format_no_flow`)."""
    listed = list(csv.DictReader(io.StringIO(content, newline="")))
    if not listed:
        return None
    boxes, texts = ({box["data"]: box[column] for box in listed} for column in ("n", "boxtext"))
    reasons = [part.rsplit(", ", 1) for part in boxes["other_excluded"].split("; ") if ", " in part]
    undecided = reasons.pop() if texts["other_excluded"] == OPEN_TEXTS["other_excluded"] else (UNDECIDED, "0")
    return Flow(
        n_websites=int(boxes["website_results"]),
        n_organisations=int(boxes["organisation_results"]),
        n_citations=int(boxes["citations_results"]),
        n_duplicates=int(boxes["duplicates"]),
        n_unscreened=int(boxes["excluded_other"]),
        n_not_retrieved=int(boxes["other_notretrieved_reports"]),
        excluded=tuple((reason, int(n)) for reason, n in reasons),
        n_undecided=int(undecided[1]),
        n_included=int(boxes["new_studies"]),
    )


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
