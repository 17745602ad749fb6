"""The PRISMA 2020 flow of the screening, in the CSV format of the R package PRISMA2020.

A gray review fills the arm of other methods. Duplicates have one box in the format, that of databases and registers,
and are counted there: records identified, less duplicates and those removed for other reasons, are the reports sought.
Rows, boxes, nodes and box texts are the format's; descriptions and tooltips are ours. While the screening goes on, two
boxes also hold the candidates on which nothing is decided yet, and their texts say so: each box is then still the sum
of those that it leads to.

References
----------
Page et al. 2021, The PRISMA 2020 statement, doi:10.1136/bmj.n71. Haddaway et al. 2022, PRISMA2020: an R package and
Shiny app for producing flow diagrams, doi:10.1002/cl2.1230.
"""

from __future__ import annotations

import csv
import io
import re

from graylit.screening.flow import Flow

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


UNDECIDED = "Awaiting a decision"
# The texts of boxes that also hold candidates on which nothing is decided yet.
OPEN_TEXTS = {"excluded_other": "Records not screened yet", "other_excluded": "Reports excluded, or undecided"}
# The same if screeners read what a model ranked first: they may have stopped, and the rest is never looked at.
UNREAD, UNREAD_RANKED = "not screened yet", "never looked at"
RANKED_TEXTS = {
    "excluded_other": "Records never looked at",
    "other_sought_reports": "Reports sought for retrieval (screened in ranked order)",
}
PRESCREENED = "Websites (left of {} pages looked through by hand before)"
UNCOUNTED = "an unknown number of"
REMOVED = (
    "Records removed for other reasons"  # one box, which may hold hits left out beside candidates not screened yet
)


def fill_boxes(flow: Flow) -> dict[str, str]:
    """Return what each box holds, by the format's key; boxes that are not named hold 0."""
    included = ("new_studies", "new_reports", "total_studies", "total_reports")
    numbers = {
        "website_results": flow.n_websites,
        "organisation_results": flow.n_organisations,
        "citations_results": flow.n_citations,
        "duplicates": flow.n_duplicates,
        "excluded_other": flow.n_left_out + flow.n_unscreened,
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
    changed = {key: text for key, text in OPEN_TEXTS.items() if n_open[key]}
    if flow.is_ranked:
        changed |= {key: text for key, text in RANKED_TEXTS.items() if n_open.get(key, 1)}
    if flow.n_left_out and flow.n_unscreened:
        unread = UNREAD_RANKED if flow.is_ranked else UNREAD
        changed["excluded_other"] = f"{REMOVED} ({flow.n_left_out}) or {unread} ({flow.n_unscreened})"
    if flow.n_prescreened is not None:
        changed["website_results"] = PRESCREENED.format(flow.n_prescreened or UNCOUNTED)
    return changed


def _read_prescreened(text: str) -> int | None:
    """Return how many pages were looked through by hand before, by the text of a box: 0 if unknown, None if none."""
    before, after = PRESCREENED.split("{}")
    if not (text.startswith(before) and text.endswith(after)):
        return None
    number = text.removeprefix(before).removesuffix(after)
    return 0 if number == UNCOUNTED else int(number)


def _split_removed(text: str, n: int) -> tuple[int, int]:
    """Return how many of the records in the box of those removed were left out, and how many are not screened yet."""
    if both := re.fullmatch(rf"{REMOVED} \((\d+)\) or (?:{UNREAD}|{UNREAD_RANKED}) \((\d+)\)", text):
        return int(both[1]), int(both[2])
    return (0, n) if text in (OPEN_TEXTS["excluded_other"], RANKED_TEXTS["excluded_other"]) else (n, 0)


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
    n_left_out, n_unscreened = _split_removed(texts["excluded_other"], int(boxes["excluded_other"]))
    undecided = reasons.pop() if texts["other_excluded"] == OPEN_TEXTS["other_excluded"] else (UNDECIDED, "0")
    return Flow(
        n_websites=int(boxes["website_results"]),
        n_organisations=int(boxes["organisation_results"]),
        n_citations=int(boxes["citations_results"]),
        n_duplicates=int(boxes["duplicates"]),
        n_unscreened=n_unscreened,
        n_not_retrieved=int(boxes["other_notretrieved_reports"]),
        excluded=tuple((reason, int(n)) for reason, n in reasons),
        n_undecided=int(undecided[1]),
        n_included=int(boxes["new_studies"]),
        n_left_out=n_left_out,
        n_prescreened=_read_prescreened(texts["website_results"]),
        is_ranked=texts["other_sought_reports"] == RANKED_TEXTS["other_sought_reports"],
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
