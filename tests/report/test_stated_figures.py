"""Each number that the methods, the threats and the flow state, of four studies, beside the table it comes from.

The figures are counted here from the rows themselves. A number that no pattern names is a failure: nothing is stated
that no table holds.
"""

import re
import statistics

import pytest
from bs4 import BeautifulSoup

from graylit.pages.templates import make_environment
from graylit.report.lists import describe_flow
from graylit.report.methods import describe_methods
from graylit.report.page import describe_report
from graylit.report.search import list_origins
from graylit.report.threats import list_threats
from graylit.runs.places import TEMPLATES
from graylit.screening.prisma_drawing import draw_flow
from graylit.tables.collection import COLLECTION_OUTCOMES
from graylit.tables.preparation import TEXT_OUTCOMES
from stages import STAGES, read_report, read_stage

NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w-])")
N = r"(\d[\d,]*(?:\.\d+)?)"
S = r"(?:All|all|Both|both|The only|the only|None of the|No|no)"
NOT_FIGURES = (  # names of things and constants that the sentences hold
    *(r"(?:graylit|trafilatura) [\d.]+", r"ISO/IEC 25010:2023", r"et al\. \(2019\)", r"of 20 points", r"95 % interval"),
    *(r"below 0\.667", r"\b[A-Z]\d+\b", r"PRISMA 2020", r"middle 95 %", r"Distance: 1 less", r"up to 20 points"),
    r"https?://\S+",
    r"\(\d{4}\): [A-Z].+?arXiv [\d.v]+",
    r"Relation to .+? published method",  # a reference, as the config has it
    *(r"lift of 3 or more", r"Less than 5 %", r"Chao 1987", r"Chapman 1951", r"et al\. 2021"),
)
LOST = "|".join(outcome.replace("_", " ") for outcome in sorted({*TEXT_OUTCOMES, *COLLECTION_OUTCOMES}))


THINGS = [
    "source",
    "publisher",
    "coder",
    "coding",
    "code",
    "guideline",
    "practice",
    "unit",
    "adjudication",
    "segment",
    "word",
    "candidate",
    "card",
    "hit",
    "record",
]
THINGS_IN_PLURAL = [f"{thing}s" for thing in THINGS]
DECIDED = {
    **{"codebook": "code", "practices": "practice", "guidelines": "guideline", "categories": "category"},
    "impacts": "impact",
}


def keep_latest(rows, id_column):
    """Return the latest row of each thing, without those withdrawn."""
    latest = {row[id_column]: row for row in sorted(rows, key=lambda row: row.get("decided_at", ""))}
    return [row for row in latest.values() if row.get("status") != "withdrawn"]


class Rows:
    """A study's rows, and what is counted of them."""

    def __init__(self, stage):
        tables, self.config = read_stage(stage)
        self.tables = tables | {name: keep_latest(tables[name], f"{thing}_id") for name, thing in DECIDED.items()}
        self.located = self["located_codings"]
        self.current = [row for row in self.located if row["standing"] != "superseded"]

    def __getitem__(self, name):
        return self.tables[name]

    def count(self, name, **cells):
        return sum(all(row.get(column, "") == cell for column, cell in cells.items()) for row in self[name])

    def unique(self, name, column):
        return len({row[column] for row in self[name] if row[column]})

    @property
    def texts(self):
        return [row for row in self["texts"] if row["outcome"] == "extracted"]

    @property
    def readers(self):
        known = {row["coder"] for row in self["passes"]}
        read = {(row["coder"], row["source_id"]) for row in self["passes"]}
        read |= {(row["coder"], row["source_id"]) for row in self.located if row["coder"] not in known}
        return {row["source_id"]: [c for c, s in read if s == row["source_id"]] for row in self["sources"]}

    def readers_of(self, number):
        return sum(len(coders) == number for coders in self.readers.values())

    def measure(self, name, measure):
        return float(next(row["value"] for row in self[name] if row["measure"] == measure))

    def disputes(self):
        """Return for each disputed unit that is not superseded whether it is open."""
        units = {}
        for row in self["disagreements"]:
            units.setdefault((row["round"], row["unit_id"]), []).append(row)
        of_coding, found = {row["coding_id"]: row for row in self.located}, []
        for sides in units.values():
            shared = set.intersection(*(set(side["code_ids"].split("; ")) for side in sides))
            codings = [of_coding[i] for side in sides for i in side["coding_ids"].split("; ") if i]
            standings = {row["standing"] for row in codings if row["unadjudicated_code_id"] not in shared}
            if standings != {"superseded"}:
                found.append("open" in standings)
        return found

    @property
    def appraised(self):
        return [row for row in self["quality_scores"] if row["score"]]

    def strictest(self, order):
        mine = [row for row in self["saturation_measures"] if row["order_name"] == order]
        return max(mine, key=lambda row: (int(row["base_size"]), int(row["run_length"]), float(row["threshold"])))


def main_alpha(rows):
    """Return alpha over sets of codes, by MASI distance, of the last round."""
    found = [row for row in rows["agreement"] if (row["scope"], row["measure"]) == ("overall", "alpha_masi")]
    return max(found, key=lambda row: int(row["round"]))


def measures_of(found):
    return [found.get("round"), *(f"{float(found[name]):.2f}" for name in ("value", "low", "high"))]


def screened(rows, number=None):
    kept = [row for row in rows["screening_decisions"] if row["decision"] != "duplicate" and row["n_screeners"] != "0"]
    return sum(number is None or row["n_screeners"] == number for row in kept)


def reason_of(rows, name):
    ids = [row["criterion_id"] for row in rows["criteria"] if row["name"] == name and row["kind"] != "retrieval"]
    return sum(row["decision"] == "exclude" and row["criterion_id"] in ids for row in rows["screening_decisions"])


def excluded(rows):
    gone = [row["criterion_id"] for row in rows["criteria"] if row["kind"] == "retrieval"]
    left = [row["criterion_id"] for row in rows["screening_decisions"] if row["decision"] == "exclude"]
    return [sum(one not in gone for one in left), sum(one in gone for one in left)]


def open_ones(rows):
    states = [int(row["n_screeners"]) > 0 for row in rows["screening_decisions"] if row["decision"] == "open"]
    return [states.count(False), states.count(True)]


def duplicates(rows):
    """Return the candidates that are duplicates, and the further hits of candidates."""
    kept = [row["candidate_id"] for row in rows["hits"] if row.get("candidate_id")]
    return rows.count("screening_decisions", decision="duplicate") + len(kept) - len(set(kept))


def records(rows):
    """Return the hits, and the candidates that no hit led to."""
    hit = {row.get("candidate_id") for row in rows["hits"]}
    return len(rows["hits"]) + sum(row["candidate_id"] not in hit for row in rows["candidates"])


def left_out(rows, reason=""):
    return sum(row.get("left_out", "") != "" and reason in ("", row["left_out"]) for row in rows["hits"])


def found_by(rows, number=1):
    """Return the candidates of hits that at least so many searches found."""
    pairs = {(row["candidate_id"], row["search_id"]) for row in rows["hits"] if row.get("candidate_id")}
    times = [candidate_id for candidate_id, _ in pairs]
    return sum(times.count(candidate_id) >= number for candidate_id in set(times))


def stops(rows):
    return [int(row["stopped_at"]) for row in rows["search_counts"] if row["stopped_at"] and row["search_id"] != "all"]


def estimates_of(rows, is_of_included):
    scope = "included" if is_of_included else "candidates"
    row = next(row for row in rows["search_estimates"] if row["scope"] == scope)
    return [row["n_searches"], row["n_found"], *(f"{float(row[name]):.1f}" for name in ("value", "low", "high"))]


def assessed(rows):
    return excluded(rows)[0] + open_ones(rows)[1] + rows.count("screening_decisions", decision="include")


def lost_as(rows, words):
    reasons = [
        row["capture_outcome"] or "not tried" if row["outcome"] == "not_captured" else row["outcome"]
        for row in rows["texts"]
        if row["outcome"] != "extracted"
    ]
    return [reason.replace("_", " ") for reason in reasons].count(words)


def firm(rows):
    return len(rows["guidelines"]) - rows.count("guideline_support", has_floor="no")


def coded(rows):
    return len({row["source_id"] for row in rows.located if row["is_evidence"] == "yes"})


def weak_codes(rows):
    last = max(int(row["round"]) for row in rows["agreement"])
    values = {
        row["scope"]: float(row["value"])
        for row in rows["agreement"]
        if (int(row["round"]), row["measure"]) == (last, "alpha_nominal") and row["scope"] != "overall" and row["value"]
    }
    return last, values


def most_of_a_publisher(rows):
    names = [row["publisher"] for row in rows["sources"]]
    return max(map(names.count, names))


def groups_of(rows):
    return len({row.get("publisher_group") or row["publisher"] for row in rows["sources"]})


def floor_of(rows):
    return rows.config["synthesis"]["min_publishers"]


def lost_of(rows):
    return sum(row["method"] == "orphan" for row in rows.current)


REASON = rf"(?<=[(\s])([A-Z][\w ]+): {N}"
# A pattern of words, and the figures of its numbers in order. {N} is a number, {S} stands for all or none.
WAYS = {"on the web": "website", "at organisations": "organisation", "by citations": "citation"}
FIGURES = [
    # search
    (f"log has {N} search(?:es)?", lambda r, m: [len(r["searches"])]),
    (rf"{N} (on the web|at organisations|by citations)", lambda r, m: [r.count("searches", way=WAYS[m[2]])]),
    (f"; {N} (?:is|are) undated", lambda r, m: [r.count("searches", searched_at="")]),
    (f"; {N} states? no query", lambda r, m: [r.count("searches", query="")]),
    (f"Of {N} hits?,", lambda r, m: [len(r["hits"])]),
    (f"{N} w(?:as|ere) left out", lambda r, m: [left_out(r)]),
    (rf"(?<=[(\s])(incomplete|private): {N}", lambda r, m: [left_out(r, m[1])]),
    (f"{N} leads? to {N} candidates?, dup", lambda r, m: [len(r["hits"]) - left_out(r), found_by(r)]),
    (f"(?:{N} of|{S}) {N} candidates? w(?:as|ere) found by more", lambda r, m: [found_by(r, 2), found_by(r)]),
    (f"to stop, {N} hits? in a row", lambda r, m: [r.config["search"]["stop_after"]["hits"]]),
    (f"held in (?:{N} of|{S}) {N} searches", lambda r, m: [len(stops(r)), len(r["searches"])]),
    (f", after {N} and {N} hits", lambda r, m: stops(r)),
    (f"overlap of {N} searches, which found {N} (included )?candidates?, there are about {N} "
     f".Chapman 1951, 95 % interval {N} to {N}", lambda r, m: estimates_of(r, m[3])),
    (f"Of {N} records,", lambda r, m: [records(r)]),
    # screening
    (f"{S} {N} candidates were assessed", lambda r, m: [assessed(r)]),
    (f"Of {N} candidates,", lambda r, m: [len(r["candidates"])]),
    (f"{N} (?:was a duplicate|were duplicates)", lambda r, m: [duplicates(r)]),
    (f"{N} ha(?:s|ve) not been screened", lambda r, m: [open_ones(r)[0]]),
    (f"{N} could not be retrieved", lambda r, m: [excluded(r)[1]]),
    (f"{N} w(?:as|ere) assessed", lambda r, m: [assessed(r)]),
    (f"{N} w(?:as|ere) included", lambda r, m: [r.count("screening_decisions", decision="include")]),
    (f"{N} excluded", lambda r, m: [excluded(r)[0]]),
    (REASON, lambda r, m: [reason_of(r, m[1])]),
    (f"{N} awaits? a decision", lambda r, m: [open_ones(r)[1]]),
    (f"{N} candidates were screened", lambda r, m: [screened(r)]),
    (f"screened, each by {N} screeners", lambda r, m: [max(int(x["n_screeners"]) for x in r["screening_decisions"])]),
    (f"{N} by {N} screeners?", lambda r, m: [screened(r, m[2]), m[2]]),
    (f"round {N}, D and E, {N} .95 % interval {N} to {N}. on {N} candidates",
     lambda r, m: [*measures_of(r["screening_agreement"][0]), r["screening_agreement"][0]["n_candidates"]]),
    # sources and texts
    (f"study has {N} sources by {N} publishers?",
     lambda r, m: [len(r["sources"]), r.unique("sources", "publisher")]),
    (rf"publishers \({N} if those", lambda r, m: [groups_of(r)]),
    (r"dated (\d{4}) to (\d{4})",
     lambda r, m: [f([row["published"][:4] for row in r["sources"] if row["published"]]) for f in (min, max)]),
    (f"; {N} ha(?:s|ve) no date", lambda r, m: [r.count("sources", published="")]),
    (f"(?:{N} of|{S}) {N} sources ha(?:s|ve) a text", lambda r, m: [len(r.texts), len(r["texts"])]),
    (rf"(?<=[(\s])({LOST}): {N}", lambda r, m: [lost_as(r, m[1])]),
    (rf"(local archives|the live web|a web archive) [(]{N}[)]",
     lambda r, m: [[row["origin"] for row in r.texts].count(
         {"local archives": "archive", "the live web": "live", "a web archive": "memento"}[m[1]])]),
    (f"(?:{N} of|{S}) {N} pages are renderings",
     lambda r, m: [sum(bool(row.get("rendered_from")) for row in r["sources"]), len(r["sources"])]),
    (rf"(?:from|and) (Markdown|reStructuredText) \({N}\)", lambda r, m: [r.count("sources", rendered_from=m[1])]),
    (f"left {N} words, cut into {N} segments",
     lambda r, m: [sum(int(row["n_words"]) for row in r.texts), len(r["segments"])]),
    # topics
    (f"formed {N} topics over {N} terms",
     lambda r, m: [int(r.measure("topic_measures", name)) for name in ("n_topics", "n_terms")]),
    (f"mean NPMI {N}", lambda r, m: [f"{r.measure('topic_measures', 'npmi_mean'):.2f}"]),
    (f"{N} % of the segments are in none", lambda r, m: [round(100 * r.measure("topic_measures", "outlier_share"))]),
    # coding
    (f"{N} coders .*? coded in {N} rounds?",
     lambda r, m: [r.unique("located_codings", "coder"), r.unique("located_codings", "round")]),
    (f"codebook has {N} codes? in use", lambda r, m: [r.count("codebook", status="active")]),
    (f"(?:{N} of|{S}) {N} sources w(?:as|ere) read to the end",
     lambda r, m: [len(r["sources"]) - r.readers_of(0), len(r["sources"])]),
    (f"read to the end by {N} coders", lambda r, m: [max(map(len, r.readers.values()))]),
    (f"{N} by {N} coders?", lambda r, m: [r.readers_of(int(m[2])), m[2]]),
    (f"(?:{N} of|{S}) {N} sources ha(?:s|ve) codings that count", lambda r, m: [coded(r), len(r["sources"])]),
    (f"(?:{N} of|{S}) {N} codings counts? as evidence",
     lambda r, m: [r.count("located_codings", is_evidence="yes"), len(r.located)]),
    (f"{N} w(?:as|ere) superseded", lambda r, m: [r.count("located_codings", standing="superseded")]),
    (f"{N} w(?:as|ere) dropped in adjud", lambda r, m: [r.count("located_codings", standing="falls")]),
    (f"{N} w(?:as|ere) not found again", lambda r, m: [lost_of(r)]),
    (f"in round {N}, the last, before adjudication: (?:A and B|Q and R) {N} .95 % interval {N} to {N}. on {N} units",
     lambda r, m: [*measures_of(main_alpha(r)), main_alpha(r)["n_units"]]),
    (f"^Round {N}: (?:A and B|Q and R)$", lambda r, m: [m[1]]),
    (f"(?:{N} of|{S}) {N} disputed units (?:is|are) settled by {N} adjudication",
     lambda r, m: [r.disputes().count(False), len(r.disputes()),
                   len({row["adjudication_id"] for row in r.current if row["adjudication_id"]})]),
    (f"; {N} (?:is|are) open", lambda r, m: [r.disputes().count(True)]),
    # saturation
    (f"base {N}, run {N}, at most {N} % new codes",
     lambda r, m: [r.strictest("listed")["base_size"], r.strictest("listed")["run_length"],
                   round(100 * float(r.strictest("listed")["threshold"]))]),
    (f"over {N} sources? finished or coded", lambda r, m: [max(int(row["n_sources"]) for row in r["saturation"])]),
    (f"it takes {N} sources",
     lambda r, m: [int(r.strictest("listed")["base_size"]) + int(r.strictest("listed")["run_length"])]),
    (f"as listed after {N} sources", lambda r, m: [r.strictest("listed")["reached_at"]]),
    (f"shuffled orders after {N} sources", lambda r, m: [r.strictest("shuffled")["reached_at"]]),
    # claims
    (f"all {N} guidelines were split into {N} claims", lambda r, m: [len(r["guidelines"]), len(r["claim_support"])]),
    (f"(?:{N} of|{S}) {N} pairs were read, {N} by two",
     lambda r, m: [sum(row["reading"] != "unread" for row in r["claim_evidence"]), len(r["claim_evidence"]),
                   sum(int(row["n_readers"]) > 1 for row in r["claim_evidence"])]),
    (f"V and W {N} .95 % interval {N} to {N}. on {N} pairs",
     lambda r, m: [*measures_of(readings_of(r))[1:], readings_of(r)["n_pairs"]]),
    (f"(?:{N} of|{S}) {N} claims ha(?:s|ve) the publishers",
     lambda r, m: [r.count("claim_support", has_floor="yes"), len(r["claim_support"])]),
    # impacts
    (f"and places of {N} impacts", lambda r, m: [seconded(r, "both")[0]]),
    (f"on the attribute in {N} %, Cohen’s kappa {N} .95 % interval {N} to {N}",
     lambda r, m: seconded(r, "attribute")[1:]),
    (f"saw an attribute, in {N} %, Cohen’s kappa {N} .95 % interval {N} to {N}",
     lambda r, m: seconded(r, "effect")[1:]),
    (f"both together in {N} %, Cohen’s kappa {N} .95 % interval {N} to {N}",
     lambda r, m: seconded(r, "both")[1:]),
    # synthesis
    (f"{N} practices were drawn", lambda r, m: [len(r["practices"])]),
    (f"{N} went into {N} guidelines",
     lambda r, m: [sum(row["guideline_id"] != "" for row in r["practices"]), r.unique("practices", "guideline_id")]),
    (f"guidelines, {N} w(?:as|ere) dropped", lambda r, m: [r.count("practices", guideline_id="")]),
    (f"(?:{N} of|{S}) {N} guidelines ha(?:s|ve) the support that a guideline needs, {N} publishers",
     lambda r, m: [firm(r), len(r["guidelines"]), floor_of(r)]),
    (f"{N} sorters put {N} cards",
     lambda r, m: [int(r.measure("card_measures", name)) for name in ("n_sorters", "n_cards")]),
    (f"cophenetic correlation {N}", lambda r, m: [f"{r.measure('card_measures', 'cophenetic_correlation'):.2f}"]),
    (f"Cut into {N} clusters?, the dendrogram has its highest mean silhouette {N}",
     lambda r, m: [cut for row in r["card_cuts"] if row["is_chosen"] == "yes"
                   for cut in (int(row["n_clusters"]), f"{float(row['silhouette']):.2f}")]),
    (f"speak for {N} clusters of cards \\(mean silhouette {N}\\)",
     lambda r, m: [cut for row in r["card_cuts"] if row["is_chosen"] == "yes"
                   for cut in (int(row["n_clusters"]), f"{float(row['silhouette']):.2f}")]),
    (f"{N} categor(?:y|ies) holds?", lambda r, m: [len(r["categories"])]),
    (f"holds? (?:{N} of|{S}) {N} guidelines",
     lambda r, m: [len({g for row in r["categories"] for g in row["guideline_ids"].split("; ")}),
                   len(r["guidelines"])]),
    (f"(?:{N} of|{S}) {N} sources w(?:as|ere) appraised", lambda r, m: [len(r.appraised), len(r["sources"])]),
    (f"each by (?:{N} to )?{N} appraisers?",
     lambda r, m: [min(row["n_appraisers"] for row in r.appraised), max(row["n_appraisers"] for row in r.appraised)]),
    (f"median {N} of 20 points, {N} to {N}",
     lambda r, m: [f(float(row["score"]) for row in r.appraised) for f in (statistics.median, min, max)]),
    (f"{N} impacts? of {N} guidelines? on {N} quality attributes?",
     lambda r, m: [len(r["impacts"]), r.unique("impacts", "guideline_id"), r.unique("impacts", "quality_attribute")]),
    (f"{N} strengthens? an", lambda r, m: [r.count("impacts", effect="strengthened")]),
    (f"{N} strains? one", lambda r, m: [r.count("impacts", effect="strained")]),
]  # fmt: skip
PAGE = [
    *(pattern for pattern in FIGURES if pattern[0] != REASON),
    (rf"(incomplete|private) {N}", lambda r, m: [left_out(r, m[1])]),
    (f"^sources {N}", lambda r, m: [len(r["sources"])]),
    (f"^sources .* segments {N} ", lambda r, m: [len(r["segments"])]),
    (rf"agreement of coders \(alpha, MASI\) {N}", lambda r, m: [f"{float(main_alpha(r)['value']):.2f}"]),
    (f"^sources .* codes {N} codings in force {N} guidelines {N}(?: agreement|$)",
     lambda r, m: [r.count("codebook", status="active"), r.count("located_codings", is_evidence="yes"),
                   len(r["guidelines"])]),
    (f"Sources: {N} in the study → {N} with a text",
     lambda r, m: [len(r["sources"]), len(r.texts)]),
    (rf"(?<=[(\s]){N} ({LOST})[,)]", lambda r, m: [lost_as(r, m[2])]),
    (rf"→ {N} coded [(]{N} without", lambda r, m: [coded(r), len(r["sources"]) - coded(r)]),
    (f"All sources: {N}", lambda r, m: [len(r["sources"])]),
    (f"Impact by impact: {N}", lambda r, m: [len(r["impacts"])]),
    (rf"Coder (\w): {N} codings? in {N} sources?",
     lambda r, m: [sum(row["coder"] == m[1] for row in r.current),
                   len({row["source_id"] for row in r.current if row["coder"] == m[1]})]),
    (f"{N} suggestions? for segments", lambda r, m: [len(r["suggestions"])]),
    (f"if at least {N} % of its suggestions", lambda r, m: [100 * r.config["coding"]["suggestion_precision"]]),
    (f"(?:{N} of|{S}) {N} codes exact enough",
     lambda r, m: [r.count("suggestion_quality", is_suggested="yes"), len(r["suggestion_quality"])]),
    (f"{N} sources were finished or coded", lambda r, m: [max(int(row["n_sources"]) for row in r["saturation"])]),
    (f"fewer than {N} publishers", lambda r, m: [floor_of(r)]),
    (f"Of {N} guidelines? with {N} publishers", lambda r, m: [firm(r), floor_of(r)]),
    (f", {N} falls? below",
     lambda r, m: [len({row["guideline_id"] for row in r["publisher_sensitivity"] if row["falls"] == "yes"})]),
    (f"{N} publishers are {N} if those count once",
     lambda r, m: [r.unique("sources", "publisher"), groups_of(r)]),
    (rf"(?::|;) ([A-Z][\w ]+) \([^()]*; {N} sources\)(?=[;.])",
     lambda r, m: [r.count("sources", publisher_group=m[1])]),
    (f"if it has {N} publishers or more, and not as many", lambda r, m: [floor_of(r)]),
    (f"^Round {N}: A and B$", lambda r, m: [next(row["round"] for row in r["agreement"] if row["round"] == m[1])]),
]  # fmt: skip
THREATS = [
    (f"(?:{N} of|{S}) {N} sources ha(?:s|ve) a text", lambda r, m: [len(r.texts), len(r["texts"])]),
    (f"(?:{N} of|{S}) {N} texts comes? from the frozen",
     lambda r, m: [r.count("source_changes", served_by="frozen"), len(r.texts)]),
    (f"(?:{N} of|{S}) {N} codings ha(?:s|ve) lost", lambda r, m: [lost_of(r), len(r.current)]),
    (f"; {N} cannot be checked",
     lambda r, m: [sum(row["method"] in ("unchecked", "no_text") for row in r.current)]),
    (f"(?:{N} of|{S}) {N} sources w(?:as|ere) read to the end by two",
     lambda r, m: [sum(len(coders) > 1 for coders in r.readers.values()), len(r["sources"])]),
    (f"; {N} by one only", lambda r, m: [r.readers_of(1)]),
    (f"; {N} by nobody", lambda r, m: [r.readers_of(0)]),
    (f"(?:{N} of|{S}) {N} claims ha(?:s|ve) too few publishers",
     lambda r, m: [r.count("claim_support", has_floor="no"), len(r["claim_support"])]),
    (f"(?:{N} of|{S}) {N} disputed units (?:is|are) open", lambda r, m: [r.disputes().count(True), len(r.disputes())]),
    (f"(?:{N} of|{S}) {N} codes ha(?:s|ve) a nominal alpha",
     lambda r, m: [sum(value < 0.667 for value in weak_codes(r)[1].values()), len(weak_codes(r)[1])]),
    (rf"(C\d+) {N}", lambda r, m: [f"{weak_codes(r)[1][m[1]]:.3f}"]),
    (f"in round {N}, the last", lambda r, m: [weak_codes(r)[0]]),
    (f"by {N} publishers?", lambda r, m: [r.unique("sources", "publisher")]),
    (f"stands behind them, they are {N}", lambda r, m: [groups_of(r)]),
    (f"; {N} of {N} sources are by", lambda r, m: [most_of_a_publisher(r), len(r["sources"])]),
    (f"none has more than {N} sources?", lambda r, m: [most_of_a_publisher(r)]),
    (f"(?:{N} of|{S}) {N} guidelines rests? on {N} publishers",
     lambda r, m: [firm(r), len(r["guidelines"]), floor_of(r)]),
    (f"(?:{N} of|{S}) {N} sources w(?:as|ere) appraised", lambda r, m: [len(r.appraised), len(r["sources"])]),
    (f"appraised, {N} by one appraiser", lambda r, m: [sum(row["n_appraisers"] == "1" for row in r.appraised)]),
]  # fmt: skip


def check_numbers(text, patterns, rows):
    """Return the figures of a text that are not those of the tables, and the numbers that no pattern names."""
    named, wrong = set(), []
    for pattern in NOT_FIGURES:
        named |= {place for found in re.finditer(pattern, text) for place in range(*found.span())}
    for pattern, count in patterns:
        for found in re.finditer(pattern, text):
            numbers = [n for n in range(1, found.re.groups + 1) if re.fullmatch(NUMBER, found[n] or "")]
            figures = count(rows, found)
            if len(figures) > len(numbers):  # all, both and none state the first figure in words
                is_none = re.match("None|none|No|no", found[0]) is not None
                is_right = figures[0] == (0 if is_none else figures[1])
                wrong += [] if is_right or figures[0] == figures[1] else [(found[0], figures)]
                figures = figures[len(figures) - len(numbers) :]
            stated = [float(found[n].replace(",", "")) for n in numbers]
            wrong += [] if stated == [float(figure) for figure in figures] else [(found[0], figures)]
            named |= {place for n in numbers for place in range(*found.span(n))}
    free = [found for found in NUMBER.finditer(text) if found.start() not in named]
    return wrong, [text[max(0, found.start() - 40) : found.end() + 20] for found in free]


def readings_of(r):
    return next(row for row in r["reading_agreement"] if (row["scope"], row["measure"]) == ("all", "alpha_nominal"))


def seconded(r, scope):
    """Return on how many impacts a second reader was held against authors, and share, kappa and interval."""
    of = {row["measure"]: row for row in r["impact_agreement"] if row["scope"] == scope}
    share, kappa = of["share_agreed"], of["cohen_kappa"]
    return [share["n_impacts"], round(100 * float(share["value"])), *measures_of(kappa)[1:]]


def list_lines(drawn):
    """Return the lines in the boxes of a flow; none without one."""
    return [line["words"] for box in drawn["boxes"] for line in box["lines"]] if drawn else []


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """Return what is written of each stage: its methods, its threats, its flow."""
    words = {}
    for stage in STAGES:
        (frames, flow), (_, config) = read_report(stage, tmp_path_factory.mktemp("tables")), read_stage(stage)
        floor = config["synthesis"]["min_publishers"]
        words[stage] = {
            "methods": describe_methods(frames, flow, config),
            "threats": [row["words"] for row in list_threats(frames, has_texts=True, min_publishers=floor)],
            "flow": describe_flow(frames, has_texts=True),
            "page": make_environment(TEMPLATES)
            .get_template("report.html")
            .render(
                describe_report(frames, config, flow=flow, centres=None, protocol=""),
                inline=None,
                policy="",
                root="",
                scripts=[],
            ),
            "boxes": [line["words"] for box in draw_flow(flow, list_origins(frames))["boxes"] for line in box["lines"]]
            if flow
            else [],
        }
    return words


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("part", "patterns"), [("methods", FIGURES), ("threats", THREATS)])
def test_each_number_is_that_of_its_table(told, stage, part, patterns):
    for sentences in told[stage][part]:
        assert check_numbers(sentences, patterns, Rows(stage)) == ([], []), sentences


@pytest.mark.parametrize("stage", STAGES)
def test_each_number_in_a_sentence_of_the_report_is_that_of_its_table(told, stage):
    page = BeautifulSoup(told[stage]["page"], "html.parser")
    for part in page.select("section:not(#methods, #threats) :is(p, summary, dl):not(article *)"):
        text = " ".join(part.get_text(" ").split())
        assert check_numbers(text, PAGE, Rows(stage)) == ([], []), text


def test_a_number_that_no_table_holds_is_found():
    words = "The study has 2 sources by 2 publishers, dated 2011 to 2030; 12 are green."
    wrong, free = check_numbers(words, FIGURES, Rows("empty"))
    assert [found for found, _ in wrong] == ["dated 2011 to 2030"]
    assert [found.rpartition("; ")[2] for found in free] == ["12 are green."]


def is_miscounted(found):
    """Return whether a number does not agree with the word after it."""
    number, thing = found[1].replace(",", ""), found[2]
    return (number == "1") == (thing in THINGS_IN_PLURAL)


@pytest.mark.parametrize("stage", STAGES)
def test_what_the_report_counts_is_in_the_singular_or_plural(told, stage):
    text = BeautifulSoup(told[stage]["page"], "html.parser").body.get_text(" ")
    words = "|".join([*THINGS, *THINGS_IN_PLURAL])
    counted = list(re.finditer(rf"(?<![\w.,–-])(\d[\d,]*) ({words})\b", text))
    assert [found[0] for found in counted if is_miscounted(found)] == []


@pytest.mark.parametrize("stage", STAGES)
def test_the_stages_that_sources_pass_add_up(told, stage):
    rows = Rows(stage)
    flow = [(step["label"], step["n"], sum(step["others"].values())) for step in told[stage]["flow"]]
    n_all, n_texts, n_coded = len(rows["sources"]), len(rows.texts), coded(rows)
    assert flow == [
        ("in the study", n_all, 0),
        ("with a text", n_texts, n_all - n_texts),
        ("coded", n_coded, n_all - n_coded),
    ]


def test_the_boxes_of_a_half_done_screening_are_those_of_its_table(told):
    assert told["half done"]["boxes"] == [
        *("Candidates identified: 27", "Websites: 24", "Citations: 3"),
        *("Removed before screening:", "duplicates: 1", "Not screened yet: 1"),
        *("Sought for retrieval: 25", "Not retrieved: 1", "Assessed for eligibility: 24"),
        *("Excluded: 3", "Sales: 2", "Talk: 1", "Awaiting a decision: 1", "Sources included: 20"),
    ]


def test_the_first_boxes_of_a_searched_study_count_its_hits_search_by_search(told):
    assert told["searched"]["boxes"][:11] == [
        "Records identified: 37",
        "Websites: 33",
        "Citations: 4",
        "X01 google: 12",
        "X02 bing: 12",
        "X03: 3",
        "Removed before screening:",
        "duplicates: 8",
        "left out: 3",
        "Not screened yet: 1",
        "Sought for retrieval: 25",
    ]


def test_what_is_open_is_said_of_a_half_done_study(told):
    methods, threats = (" ".join(told["half done"][part]) for part in ("methods", "threats"))
    assert "25 candidates were screened, 5 by 1 screener and 20 by 2 screeners." in methods
    assert "5 of 20 sources were read to the end, 2 by 1 coder and 3 by 2 coders." in methods
    assert "2 of 5 disputed units are settled by 2 adjudications; 3 are open" in methods
    assert "cannot be told: it takes 9 sources." in methods
    assert "1 of 9 codings has lost its place in the text and is no evidence; 1 cannot be checked here" in threats
    assert "1 of 3 guidelines rests on 3 publishers or more; G2, G3 do not; without one of its" in threats


def test_nothing_is_claimed_of_a_study_just_begun(told):
    assert told["empty"]["methods"][:4] == [
        "No search log is kept, so the tables do not say what was searched, where, when and by whom.",
        "No candidates are recorded, so the tables do not say how the sources were chosen.",
        "The study has 2 sources by 2 publishers, dated 2011 to 2012.",
        "None of the 2 sources has a text (not tried: 2).",
    ]
    assert told["empty"]["methods"][4:] == [
        "Nothing has been coded yet; the codebook has 0 codes in use.",
        "No guideline has been written yet.",
        "The quality of the sources was not appraised.",
    ]
    assert told["empty"]["threats"] == [
        "None of the 2 sources has a text.",
        "There are no codings yet.",
        "None of the 2 sources was read to the end by two coders or more; 2 by nobody.",
        "There is no disputed unit.",
        "No two coders have finished the same source in the same round.",
        "The sources are by 2 publishers; none has more than 1 source.",
        "There are no guidelines yet.",
        "None of the 2 sources was appraised.",
    ]
