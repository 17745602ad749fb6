"""Write the review's tables for a paper in LaTeX, and a document that shows all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from string import Template

from graylit.exports.cards import Card
from graylit.exports.latex import escape_latex, format_table
from graylit.exports.telling import Told
from graylit.tables.coder_pairs import leave_out_pairs
from graylit.tables.impacts import QUALITY_ATTRIBUTES
from graylit.tables.numbers import BLOCK
from graylit.tables.relating import CORRESPONDENCE_WORDS
from graylit.tables.rows import Cells

MEASURES = {
    "share_agreed": "share agreed",
    "alpha_nominal": "alpha, nominal",
    "alpha_jaccard": "alpha, Jaccard",
    "alpha_masi": "alpha, MASI",
    "unitizing_alpha_nominal": "alpha, what to code",
    "coding_alpha_masi": "alpha of codes, MASI",
}
NUMBERS_HEAD = r"""% Numbers of the review. Put \input{numbers} before \begin{document}; write \reviewnumber{sources}.
\newcommand{\reviewnumber}[1]{\ifcsname review@#1\endcsname\csname review@#1\endcsname
  \else\errmessage{The review has no number of the name #1}\fi}"""


def format_paper_tables(
    cards: list[Card],
    sources: Iterable[Cells],
    codes: Iterable[Cells],
    agreement: Iterable[Cells],
    searches: Iterable[Cells] = (),
    search_counts: Iterable[Cells] = (),
    deciders: Iterable[tuple[str, ...]] = (),
    correspondences: Iterable[Cells] = (),
    groups: Iterable[Cells] = (),
) -> dict[str, str]:
    """Return the tables for a paper by file name; tables without rows are left out.

    `searches` and `correspondences` are those in force, `groups` the rows of group_sensitivity.
    """
    tables = {
        "searches": _table_searches(searches, search_counts),
        "guidelines": _table_guidelines(cards),
        "claims": _table_claims(cards),
        "impacts": _table_impacts(cards),
        "codes": _table_codes(codes),
        "agreement": _table_agreement(agreement),
        "sources": _table_sources(sources),
        "deciders": _table_deciders(deciders),
        "correspondences": _table_correspondences(correspondences),
        "groups": _table_groups(groups),
    }
    return {f"tables/{name}.tex": content for name, content in tables.items() if content}


def _table_deciders(deciders: Iterable[tuple[str, ...]]) -> str:
    """Return who decided, with what, and how many rows each made."""
    rows = [tuple(cell or "–" for cell in row) for row in deciders]
    head = ("Who", "Kind", "Roles", "Model", "Version", "Rows")
    return (
        format_table(head, rows, "p{3cm}lp{2.5cm}p{3cm}p{2.5cm}r", "Who decided, and how many rows", "tab:deciders")
        if rows
        else ""
    )


def _table_correspondences(rows: Iterable[Cells]) -> str:
    """Return which guideline answers which published one."""
    told = [
        tuple(cell or "–" for cell in (row["guideline_id"], CORRESPONDENCE_WORDS[row["relation"]], *_cells_of(row)))
        for row in rows
    ]
    head, caption = ("Guideline", "Relation", "Published", "Why"), "Guidelines beside those of the original study"
    return format_table(head, told, "lp{3cm}p{5cm}p{6cm}", caption, "tab:correspondences") if told else ""


def _cells_of(row: Cells) -> tuple[str, str]:
    return row["published_guideline"], row["reason"]


def _table_groups(rows: Iterable[Cells]) -> str:
    """Return the guidelines and claims whose publishers are not all on their own."""
    counted = ("counted_id", "n_publishers", "n_groups", "has_floor")
    told = [tuple(row[name] for name in counted) for row in rows if row["n_groups"] != row["n_publishers"]]
    head = ("Guideline or claim", "Publishers", "Groups", "Enough groups")
    caption = "Publishers, and the same with those counted once that one owner or host stands behind, if fewer"
    return format_table(head, told, "lrrr", caption, "tab:groups") if told else ""


def _table_searches(searches: Iterable[Cells], counts: Iterable[Cells]) -> str:
    """Return the search log with what each search brought; a dash is what nobody recorded."""
    brought = {row["search_id"]: row for row in counts}
    described = ("search_id", "engine", "query", "searched_at", "n_reported")
    counted = ("n_hits", "n_candidates", "n_new", "n_included")
    rows = [
        (*(row[name] or "–" for name in described), *(brought[row["search_id"]][name] for name in counted))
        for row in searches
        if row["search_id"] in brought
    ]
    head = ("Id", "Where", "Query", "When", "Reported", "Hits", "Candidates", "New", "Included")
    caption = "Searches, by the time when they were made, with what each brought"
    return format_table(head, rows, "lp{1.8cm}p{2.9cm}lrrrrr", caption, "tab:searches") if rows else ""


def _table_guidelines(cards: list[Card]) -> str:
    head: tuple[str, ...] = ("Id", "Guideline", "Category", "Sources", "Publishers", "Codings")
    counted = ("n_sources", "n_publishers", "n_codings")
    has_quality, has_claims = (any(name in card for card in cards) for name in ("quality", "claims"))
    rows = [
        (
            *(card["guideline_id"], card["name"], card["category"]),
            *(card["support"].get(name, "") for name in counted),
            *([_tell_quality(card)] if has_quality else []),
            *([_tell_contrary(card)] if has_claims else []),
        )
        for card in cards
    ]
    head += ("Quality",) * has_quality + ("Against",) * has_claims
    caption = "Guidelines with the codings of their codes, and the sources and publishers of these"
    if any("claims" in card for card in cards):
        caption = "Guidelines with the codings that support a claim, and the sources and publishers of these"
    caption += "; the median score of these sources" if has_quality else ""
    caption += "; sources that speak against a claim" if has_claims else ""
    columns = ("lp{4.2cm}p{3cm}rrr" if has_quality or has_claims else "lp{5.2cm}p{3.6cm}rrr") + "r" * (
        has_quality + has_claims
    )
    return format_table(head, rows, columns, caption, "tab:guidelines") if rows else ""


def _tell_quality(card: Card) -> str:
    middle = card.get("quality", {}).get("median_score")
    return "–" if middle is None else f"{middle:g}"


def _tell_contrary(card: Card) -> str:
    contrary = card.get("contrary")
    return "–" if contrary is None else str(contrary["n_sources"])


def _table_claims(cards: list[Card]) -> str:
    """Return the claims of guidelines with the sources that support them, also in part, and that speak against them."""
    rows = [
        (
            *(card["guideline_id"], claim["claim_id"], claim["wording"]),
            *(f"{claim[f'n_sources{kind}']} / {claim[f'n_publishers{kind}']}" for kind in ("", "_partly", "_against")),
        )
        for card in cards
        for claim in card.get("claims", ())
    ]
    head = ("Guideline", "Id", "Claim", "Support", "Partly", "Against")
    caption = "Claims of guidelines with the sources / publishers that support them, in part, or speak against them"
    return format_table(head, rows, "llp{6.5cm}rrr", caption, "tab:claims") if rows else ""


def _table_impacts(cards: list[Card]) -> str:
    """Return the matrix of guidelines and quality attributes: how often each is strengthened and strained."""
    marked = Counter(
        (card["guideline_id"], impact["quality_attribute"], impact["effect"])
        for card in cards
        for impact in card["impacts"]
    )
    if not marked:
        return ""
    touched = {attribute for _, attribute, _ in marked}
    named = [*(name for name in QUALITY_ATTRIBUTES if name in touched), *sorted(touched - QUALITY_ATTRIBUTES.keys())]
    rows = []
    for card in cards:
        guideline_id = card["guideline_id"]
        counts = [[marked[guideline_id, name, effect] for effect in ("strengthened", "strained")] for name in named]
        rows.append((guideline_id, *(_show_effects(up, down) for up, down in counts)))
    caption = "Impacts by guideline and quality attribute: + strengthened, − strained"
    table = format_table(("Id", *named), rows, "l" + "p{1.87cm}" * len(named), caption, "tab:impacts")
    return f"{{\\scriptsize\\setlength{{\\tabcolsep}}{{2pt}}\n{table}}}\n"


def _show_effects(n_strengthened: int, n_strained: int) -> str:
    return " ".join([f"+{n_strengthened}"] * bool(n_strengthened) + [f"−{n_strained}"] * bool(n_strained))


def _table_codes(codes: Iterable[Cells]) -> str:
    columns = ("code_id", "name", "n_codings", "n_sources", "n_publishers")
    rows = [[row[name] for name in columns] for row in codes]
    head = ("Id", "Code", "Codings", "Sources", "Publishers")
    caption = "Codes with their codings, sources and publishers"
    return format_table(head, rows, "lp{8cm}rrr", caption, "tab:codes") if rows else ""


def _table_agreement(agreement: Iterable[Cells]) -> str:
    measured = (row for row in agreement if row["scope"] == "overall" and row["measure"] in MEASURES)
    overall = leave_out_pairs(measured)
    rows = [
        (row["round"], row["coders"], MEASURES[row["measure"]], *map(_round, (row["value"], row["low"], row["high"])))
        for row in sorted(overall, key=lambda row: (row["round"], row["coders"], list(MEASURES).index(row["measure"])))
    ]
    caption = "Agreement of coders by round, with 95 % intervals. The main measure is alpha, MASI, of the last round"
    head = ("Round", "Coders", "Measure", "Value", "Low", "High")
    return format_table(head, rows, "lllrrr", caption, "tab:agreement") if rows else ""


def _round(value: str) -> str:
    return f"{float(value):.2f}" if value else "–"


def _table_sources(sources: Iterable[Cells]) -> str:
    rows = [
        (row["source_id"], row["title"], row["publisher"], row["source_type"], row["published"][:4]) for row in sources
    ]
    head = ("Id", "Title", "Publisher", "Type", "Year")
    return format_table(head, rows, "lp{6.8cm}p{4cm}ll", "Sources", "tab:sources")


def format_numbers(numbers: Iterable[Cells]) -> str:
    """Return the review's numbers as macros by name; lists and tables, which are in Markdown, are left out."""
    lines = [
        f"\\expandafter\\def\\csname review@{row['name']}\\endcsname{{{escape_latex(row['shown'])}}}"
        for row in numbers
        if row["kind"] != BLOCK
    ]
    return "\n".join([NUMBERS_HEAD, *lines]) + "\n"


def format_example(
    template: str, title: str, authors: Iterable[str], files: Mapping[str, object], told: Told | None = None
) -> str:
    """Return a document that shows every table and figure among the exported files, after what is told of the study."""
    tables = [f"\\input{{{name}}}" for name in sorted(files) if name.endswith(".tex")]
    figures = [
        f"\\noindent\\includegraphics[width=\\linewidth,height=.95\\textheight,keepaspectratio]{{{name}}}\\par"
        for name in sorted(files)
        if name.endswith(".pdf")
    ]
    named = r" \and ".join(map(escape_latex, authors)) or "Anonymous"
    about = "\n\n".join(map(escape_latex, _list_told(told or Told())))
    parts = {"title": escape_latex(title), "authors": named, "about": about}
    parts |= {"tables": "\n".join(tables), "figures": "\n".join(figures)}
    return Template(template).substitute(parts)


def _list_told(told: Told) -> list[str]:
    """Return the paragraphs of a document: what is told of the study, then each question with its findings."""
    answered = [" ".join([question or "Further findings:", *findings]) for question, findings in told.findings.items()]
    return [*told.paragraphs, *answered]
