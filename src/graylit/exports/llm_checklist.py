"""What reporting guidelines ask of studies in which language models decide, filled in from the record of the study.

The fourteen core items of GUIDE-LLM and the eight guidelines of Baltes et al. for software engineering. What only the
researcher can answer is marked as such, and nothing is made up.

References
----------
GUIDE-LLM, a reporting checklist for studies with large language models, https://www.llm-checklist.com. Baltes et al.
2025, Guidelines for empirical studies in software engineering involving large language models, arXiv:2508.15503,
https://llm-guidelines.org. The items are named in our words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.exports.cards import escape_markdown
from graylit.pages.wording import count_things, join_words
from graylit.study.people import list_made, list_people
from graylit.study.study import Study
from graylit.tables.people import MODEL, PERSON, UNKNOWN
from graylit.tables.rows import Cells

FILLED, IN_PART, RESEARCHER = "filled", "in part", "for the researcher"
ITEMS = {
    "A.1": "What models were used for",
    "A.2": "Whether people were in the loop",
    "B.1": "Name, provider, size, version, date of access and address of each model",
    "B.2": "How models were reached, and whether calls were separate",
    "B.3": "Parameters: temperature, length, seed, repetitions",
    "B.4": "Fine-tuning or other adaptation",
    "B.5": "Whether anything was remembered from call to call",
    "C.1": "The prompts, word by word",
    "C.2": "Instructions to the system as a whole",
    "D.1": "Personal and sensitive data",
    "E.1": "Validation by people",
    "E.2": "What was done to the answers afterwards",
    "F.1": "Programs and scripts of the calls",
    "G.1": "Funding, support and relations",
    "G1": "Declare the use and the role of models",
    "G2": "Report version, configuration and adaptations",
    "G3": "Report the architecture around the models",
    "G4": "Report prompts, how they came about, and logs",
    "G5": "Have people validate the answers",
    "G6": "Use an open model as a baseline",
    "G7": "Use suitable baselines, benchmarks and measures",
    "G8": "Report limits, and what was done about them",
}
Answer = tuple[str, list[str], str]  # how far it is answered, what the record says, what the researcher adds


@dataclass(frozen=True)
class Record:
    """What a study records of the models that decided in it."""

    models: Mapping[str, Cells]  # their rows in people.csv
    counts: Mapping[str, Counter[str]]  # rows by decider and table
    n_by_kind: Mapping[str, int]
    calls: Sequence[Cells]
    trust: Sequence[Cells]
    agreement: Sequence[Cells]
    replay: Sequence[Cells]

    @property
    def is_logged(self) -> bool:
        """Return whether there is a log of calls."""
        return bool(self.calls)


def read_record(study: Study, made: Mapping[str, Sequence[Cells]]) -> Record:
    """Return what a study and the tables of its review record of models."""
    people, counts, n_by_kind = list_people(study), dict[str, Counter[str]](), Counter[str]()
    for one in list_made(study):
        kind = people.get(one.decider, {}).get("kind", UNKNOWN)
        n_by_kind[kind] += one.n_rows
        if kind == MODEL:
            counts.setdefault(one.decider, Counter())[one.file.rpartition("/")[2]] += one.n_rows
    models = {name: row for name, row in people.items() if row["kind"] == MODEL}
    tables = (made.get(f"model_{name}", []) for name in ("calls", "trust", "agreement", "replay"))
    return Record(models, counts, n_by_kind, *tables)


def fill_items(record: Record) -> list[dict[str, object]]:
    """Return every item with what the record says of it, and what the researcher has to add; none without models."""
    if not record.models:
        return []
    answers = _answer(record)
    return [
        {
            "item": item,
            "asked": asked,
            "standing": answers[item][0],
            "recorded": answers[item][1],
            "to_add": answers[item][2],
        }
        for item, asked in ITEMS.items()
    ]


def _answer(record: Record) -> dict[str, Answer]:
    used, known = _tell_used(record), _tell_models(record)
    logged: Answer = (FILLED, _tell_calls(record), "") if record.is_logged else _ask("how the models were reached")
    validated = _tell_validated(record)
    prompts = _tell_prompts(record)
    is_known = any(row["model"] != UNKNOWN for row in record.models.values())
    shared: Answer = _ask("the programs and scripts by which models were asked")
    if record.is_logged:
        shared = (FILLED, ["Graylit, the prompts and the log of calls lie in the replication package."], "")
    loop = [f"{_tell_kind(record, PERSON)}; {_tell_kind(record, MODEL)}. A person's decision outranks a model's."]
    return {
        "A.1": (FILLED, used, ""),
        "A.2": (FILLED, loop, ""),
        "B.1": (IN_PART if is_known else RESEARCHER, known, "provider, size, and where the model can be had"),
        "B.2": logged,
        "B.3": (FILLED, _tell_settings(record), "") if _tell_settings(record) else _ask("the parameters"),
        "B.4": _ask("whether a model was adapted, and how"),
        "B.5": (FILLED, ["Nothing: each unit is a call of its own."], "") if record.is_logged else _ask("whether"),
        "C.1": (FILLED, prompts, "") if prompts else _ask("the prompts"),
        "C.2": (FILLED, ["The first part of each prompt, before its line === user ===."], "")
        if prompts
        else _ask("which"),
        "D.1": (
            IN_PART,
            _tell_sent(record),
            "whether sources hold personal data, and what was agreed on with the provider",
        ),
        "E.1": validated,
        "E.2": (FILLED, _tell_after(record), "") if record.is_logged else _ask("what was done to the answers"),
        "F.1": shared,
        "G.1": _ask("funding and relations to providers"),
        "G1": (FILLED, used, ""),
        "G2": (IN_PART, [*known, *_tell_settings(record)], "adaptations, if there were any"),
        "G3": (FILLED, ["One call a unit; no tools, no retrieval, no memory, no other model behind it."], "")
        if record.is_logged
        else _ask("the architecture"),
        "G4": (IN_PART, [*prompts, *_tell_replay(record)], "how the prompts came about"),
        "G5": validated,
        "G6": (IN_PART, _tell_models(record), "which of the models is open, or why none is")
        if record.models
        else _ask("which"),
        "G7": (IN_PART, _tell_measures(record), "why these measures, and against what else models were held"),
        "G8": (IN_PART, ["The report lists threats with their figures."], "limits that figures do not show"),
    }


def _ask(what: str) -> Answer:
    return RESEARCHER, [], what


def _tell_kind(record: Record, kind: str) -> str:
    names = {PERSON: "people", MODEL: "models"}
    return f"{count_things(record.n_by_kind.get(kind, 0), 'decision')} by {names[kind]}"


def _tell_used(record: Record) -> list[str]:
    return [
        f"{name}: {join_words([count_things(n, 'row') + ' of ' + table for table, n in sorted(tables.items())])}."
        for name, tables in sorted(record.counts.items())
    ]


def _tell_models(record: Record) -> list[str]:
    told = ("model", "version", "from", "to")
    return [f"{name}: {', '.join(f'{key} {row[key]}' for key in told)}." for name, row in sorted(record.models.items())]


def _tell_settings(record: Record) -> list[str]:
    rows = sorted(record.models.items())
    return [f"{name}: {row['settings']}." for name, row in rows if row["settings"] != UNKNOWN]


def _tell_prompts(record: Record) -> list[str]:
    files = {(row["prompt_file"], row["prompt_sha256"]) for row in record.models.values()} - {(UNKNOWN, UNKNOWN)}
    return [f"{file} (SHA-256 {digest})." for file, digest in sorted(files)]


def _tell_calls(record: Record) -> list[str]:
    return [
        f"{row['decider']}: {count_things(row['n_calls'], 'separate call')} to {row['asked_model']} over an interface "
        f"like OpenAI's, for {row['task']}."
        for row in record.calls
    ]


def _tell_sent(record: Record) -> list[str]:
    hosts = sorted({row["sent_words_to"] for row in record.calls})
    return [f"Words of sources went to: {', '.join(hosts)}."] if hosts else []


def _tell_after(record: Record) -> list[str]:
    n_refused = sum(int(row["n_refused"]) for row in record.calls)
    return [
        "Answers were held against a schema and refused if they did not fit it, named unknown ids, or quoted what does "
        f"not stand in the text; {count_things(n_refused, 'answer')} were. Nothing else was changed."
    ]


def _tell_replay(record: Record) -> list[str]:
    n_rows, n_same = (sum(int(row["n_rows"]) for row in rows) for rows in (record.replay, _keep_same(record.replay)))
    return [f"config/models/log.jsonl: {n_same:,} of {n_rows:,} rows are made again from it."] if n_rows else []


def _keep_same(rows: Iterable[Cells]) -> list[Cells]:
    return [row for row in rows if row["is_same"] == "yes"]


def _tell_validated(record: Record) -> Answer:
    tested = [row for row in record.trust if int(row["n_units"])]
    if not tested:
        return RESEARCHER, ["No sample that people coded is recorded."], "how people validated the answers"
    told = [
        f"{row['decider']}, {row['code_id']}: kappa {row['kappa'] or 'undefined'} ({row['low'] or '–'} to "
        f"{row['high'] or '–'}) on {count_things(row['n_units'], 'segment')}: {row['standing']}."
        for row in tested
    ]
    return FILLED, told, ""


def _tell_measures(record: Record) -> list[str]:
    if not record.agreement:
        return []
    others = sorted({row["other"] for row in record.agreement})
    measures = sorted({row["measure"] for row in record.agreement})
    return [
        f"Models held against {join_words(others)}, by {join_words(measures)}, with intervals from resampled sources."
    ]


def format_items(title: str, items: Iterable[Mapping[str, object]]) -> str:
    """Return the filled checklist as a page of Markdown."""
    lines = [
        f"# {escape_markdown(title)}: how models were used\n",
        "GUIDE-LLM (A.1 to G.1, https://www.llm-checklist.com) and the guidelines of Baltes et al. (G1 to G8, "
        "https://llm-guidelines.org), filled in from the record of the study.\n",
    ]
    for one in items:
        recorded = one["recorded"] if isinstance(one["recorded"], list) else []
        lines.append(f"## {one['item']} {one['asked']}\n")
        lines += [f"- {escape_markdown(str(words))}" for words in recorded]
        if one["to_add"]:
            lines.append(f"- **For the researcher**: {escape_markdown(str(one['to_add']))}")
        lines.append("")
    return "\n".join(lines)
