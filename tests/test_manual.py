"""The manuals say what is true.

config/TABLES.md says what the contracts and the schema say (`python tests/test_manual.py` writes it anew); the examples
of config/README.md and docs/first-review.md are without faults.
"""

import re
import shutil

import yaml

from archives import MINI, REPOSITORY
from graylit.runs.places import MODEL_SCHEMA
from graylit.study.checking import read_study
from graylit.study.config import SCHEMA
from graylit.study.starting import draft_study
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES, PEOPLES_TABLES
from graylit.tables.appraisal import describe_items
from graylit.tables.coding import CODINGS
from graylit.tables.contracts import Contract

MANUAL = REPOSITORY / "config/README.md"
TABLES = REPOSITORY / "config/TABLES.md"
FIRST_REVIEW = REPOSITORY / "docs/first-review.md"
HEADING = "## Tables\n"
ABOUT = {
    "people": (
        "Who decides: people and models. The desk asks for it, and adds its rows. As soon as it has any, every row of "
        "another table must name a maker that is listed here. A later row of the same decider (`decided_at`) takes the "
        "place of the earlier one. Whoever has the role of screener or appraiser is assigned all that there is to "
        "screen or to appraise. What nobody recorded of a model is `unknown`."
    ),
    "asked": (
        "What models were asked, unit by unit, and what came of it. `graylit ask` writes it from the log "
        "(`config/models/log.jsonl`), and `graylit ask --replay` makes it again. Rows are added, never edited."
    ),
    "sample": (
        "A sample of segments that people code, so that it shows how far models can be trusted. `graylit sample` draws "
        "it: stratified by how models had coded a segment and by kind of source. The last draw counts."
    ),
    "sample_codes": (
        "What people gave to segments of the sample: kept apart from codings, since it is no evidence but shows how "
        "far models can be trusted. The desk writes it. The last row of a coder on a segment counts."
    ),
    "trusted": (
        "Models whose codings of a code count although they agree less with people than `models.min_agreement` asks "
        "for. The last row of a model and a code counts."
    ),
    "sources": "One row per source. Further columns are declared under `variables` in the config.",
    "searches": (
        "What was searched. `graylit find` writes it. A later row of the same search (`decided_at`) takes the place of "
        "the earlier one, so what was unknown is added by a row. What nobody recorded stays empty, and `reason` says "
        "so."
    ),
    "hits": "What each search found, in its order. `graylit find` writes it; rows are added, never edited.",
    "duplicates": (
        "Which candidates are the same page, where programs are not sure. The last row about a pair is in force."
    ),
    "codebook": (
        "The codes. Rows are added, never edited: a later row of the same code (`decided_at`) takes the place of the "
        "earlier one. To rename a code, add a row with the new name; to merge, add a row with status `retired` and the "
        "code it went into; to split, likewise with several codes."
    ),
    "codings": (
        "One table per coder, named after the coder (`A.csv`). Rows are added, never edited: a row that `replaces` an "
        "earlier one takes its place, one without `code_id` only withdraws it. Leave the place empty for a coding of "
        "a whole source."
    ),
    "themes": "Themes group codes; a code belongs to one theme, if the config does not say `has_shared_codes: true`.",
    "guidelines": "Guidelines come from one theme each, and name the codes that support them.",
    "adjudications": "Verdicts on codings about which coders differed. The last one on a coding is in force.",
    "passes": "Which coder has finished which source. Without it, the sources in which a coder has codings count.",
    "readings": "Segments that a coder has read and left without a code; the coding page (`graylit desk`) keeps it. "
    "A later row on the same segment takes the place of the earlier one.",
    "candidates": "The search hits before screening.",
    "criteria": "The criteria by which candidates are screened. A later row of the same criterion (`decided_at`) takes "
    "the place of the earlier one; the desk has a form for it.",
    "practices": "The first two steps of the synthesis: practices drawn from the codes, then merged into guidelines or "
    "dropped with a reason. One with status `open` is neither yet. A later row of the same practice takes the place "
    "of the earlier one.",
    "categories": "Categories group guidelines. A later row of the same category takes the place of the earlier one.",
    "card_sorts": "The card sort: every sorter puts every guideline in force on one pile. Rows are added, never "
    "edited: a later row of the same sorter and card takes the place of the earlier one, and one without a pile takes "
    "the card back.",
    "sort_sessions": "When sorters began and finished. `graylit desk` and `graylit import sort` write it. The sort of "
    "somebody who has begun counts once they have finished; of somebody without a row here it counts as it is.",
    "impacts": "What guidelines do to an architecture, and the codings that show it. A later row of the same impact "
    "takes the place of the earlier one.",
    "relations": "How guidelines relate. The last row of the same two guidelines is in force. The untyped `related` of "
    "`guidelines.csv` stays valid.",
    "correspondences": "Which guideline of the study answers which published one, if the config names an `original`: "
    "decided by somebody who has read both. A later row of the same correspondence takes the place of the earlier one.",
    "findings": "What follows from the review: answers to the numbered research questions of the protocol, and "
    "findings beside them; the report begins with them. Numbers are named, not typed: `{sources}` stands for the "
    "number of that name (`results/numbers.csv` lists all). A later row of the same finding takes the place of the "
    "earlier one.",
    "places_read": "Which places an author had opened on the desk, and when. From it comes how many codings of its "
    "codes were opened before a practice or guideline was written. It is a log: no row takes another one's place.",
    "attributes": "The quality attributes that impacts name, such as cost or operating effort. Without the table, or "
    "with its header only, they are the nine characteristics of ISO/IEC 25010:2023. A table of one's own lists all "
    "that the study uses.",
    "impact_readings": "What a second reader saw in the places of an impact, without knowing the attribute and the "
    "direction that its author gave. A later row of the same reader on the same impact takes the place of the earlier "
    "one. A reading made before the impact's component, decision or places were changed counts no more.",
    "claims": "What the statements of guidelines say, split into single claims. A later row of the same claim takes "
    "the place of the earlier one; one with other words has to be read against the evidence anew.",
    "claim_readings": "What readers found in the evidence for each claim. Rows are added, never edited: a row that "
    "`replaces` another takes its place, and one that `settles` others is final. Readers are those whom `people.csv` "
    "gives the role, in its order.",
    "checklist": "The questions by which sources are appraised. Without the table, or with its header only, they are "
    "the twenty of Garousi et al. 2019 (Table 7, doi:10.1016/j.infsof.2018.09.006), each with the scores `1 = yes; "
    "0.5 = partly; 0 = no`. In short: " + describe_items() + ".",
    "quality": "Appraisals of sources by the checklist. Rows are added, never edited: a later row of the same "
    "appraiser on the same source and question takes the place of the earlier one, and one without a score withdraws "
    "it. An appraisal counts once it has all questions. A row that settles scores of others is final.",
    "screenings": "Decisions of screeners, one row each; a row that `settles` others is final.",
}


def describe_contract(file: str, about: str, contract: Contract) -> str:
    columns = "| column | must be filled | what it holds | meaning |\n|---|---|---|---|\n"
    head = f"### `{file.removeprefix('config/')}`\n\n{about}\n\n{columns}"
    rows = (f"| `{c.name}` | {'yes' if c.is_required else ''} | {c.expected} | {c.meaning} |" for c in contract.columns)
    return head + "\n".join(rows) + "\n"


def describe_keys(properties: dict, above: str = "") -> list[str]:
    lines = []
    for key, rule in properties.items():
        if "properties" in rule:
            lines += describe_keys(rule["properties"], f"{above}{key}.")
        else:
            lines.append(f"| `{above}{key}` | {rule['type']} | {' '.join(rule['description'].split())} |")
    return lines


def describe_tables() -> str:
    """Return the part of the manual that the contracts and the config's schema make."""
    required = [describe_contract(file, ABOUT[name], contract) for name, (file, contract) in PEOPLES_TABLES.items()]
    codings = describe_contract(f"{CODINGS_FOLDER}/<coder>.csv", ABOUT["codings"], CODINGS)
    optional = [describe_contract(file, ABOUT[name], contract) for name, (file, contract) in OPTIONAL_TABLES.items()]
    keys = describe_keys(yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))["properties"])
    config = "\n".join(
        ["## Config\n", "`config.yaml`; unknown keys are refused.\n", "| key | type | meaning |", "|---|---|---|"]
    )
    also = "Tables that a study may leave out:\n"
    models = describe_keys(yaml.safe_load(MODEL_SCHEMA.read_text(encoding="utf-8"))["properties"])
    about = "`models/<name>.yaml`, a file for each model that `graylit ask` has decide; unknown keys are refused.\n"
    asked = "\n".join(["\n## Models\n", about, "| key | type | meaning |", "|---|---|---|"])
    return "\n".join([HEADING, *required, codings, also, *optional, config, *keys, asked, *models]) + "\n"


def test_the_worked_example_of_a_swap_leaves_the_default_study_without_faults(tmp_path):
    shutil.copytree(REPOSITORY / "config", tmp_path / "config")
    examples = [block.split("```")[0] for block in MANUAL.read_text(encoding="utf-8").split("```text\n")[1:3]]
    sources, screenings = tmp_path / "config/sources.csv", tmp_path / "config/screening/screenings.csv"
    source = next(row for row in sources.read_text(encoding="utf-8").splitlines(True) if row.startswith("S003,"))
    sources.write_text(sources.read_text(encoding="utf-8").replace(source, examples[0]), encoding="utf-8")
    assert len([fault for fault in read_study(tmp_path)[1] if "screening" in str(fault)]) == 2
    with screenings.open("a", encoding="utf-8") as table:
        table.write(examples[1])
    assert read_study(tmp_path)[1] == []


def test_the_manual_says_what_the_contracts_and_the_schema_say():
    manual = TABLES.read_text(encoding="utf-8")
    assert manual[manual.index(HEADING) :] == describe_tables()


def test_the_examples_of_the_first_review_fit_the_tables_of_a_new_study(tmp_path):
    """Every row that the page shows goes to the end of the table whose header it is under; then all pass the check."""
    files = draft_study("ANNA")
    blocks = re.findall(r"```text\n(.*?)```", FIRST_REVIEW.read_text(encoding="utf-8"), re.DOTALL)
    shown = {block.splitlines(True)[0]: "".join(block.splitlines(True)[1:]) for block in blocks}
    assert len(shown) == 2 and not shown.keys() - set(files.values())
    for file, content in files.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + shown.get(content, ""), encoding="utf-8")
    shutil.copyfile(MINI / "config/config.yaml", tmp_path / "config/config.yaml")
    study, faults = read_study(tmp_path)
    assert [fault.problem for fault in faults] == ["holds no sources"]
    assert (len(study.criteria.cells), len(study.codebook.cells)) == (4, 2)


def test_the_first_review_has_one_name_for_one_person():
    words = FIRST_REVIEW.read_text(encoding="utf-8")
    assert set(re.findall(r'--(?:by|as|coder) ("[^"]+"|\w+)', words)) == {"ANNA", "BEN"}


if __name__ == "__main__":
    manual = TABLES.read_text(encoding="utf-8")
    TABLES.write_text(manual[: manual.index(HEADING)] + describe_tables(), encoding="utf-8")
