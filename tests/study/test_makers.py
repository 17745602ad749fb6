"""The report says how many decisions people and models took."""

import pytest

from desks import list_people
from graylit.study.makers import describe_makers
from graylit.study.study import read_tables
from tiny_study import write_study


def test_decisions_of_people_and_of_models_are_counted_apart(tmp_path):
    folder = write_study(tmp_path)
    assert describe_makers(read_tables(folder)[0]) == []
    list_people(folder, A="coder")
    with (folder / "config/people.csv").open("a", encoding="utf-8") as table:
        table.write("B,model,coder,2026-01-01\n")
    head, rest = (folder / "config/people.csv").read_text(encoding="utf-8").split("\n", 1)
    models = ",model,version,settings,prompt_file,prompt_sha256,from,to"
    lines = [line + (",unknown" * 7 if ",model," in line else "," * 7) for line in rest.splitlines()]
    (folder / "config/people.csv").write_text("\n".join([head + models, *lines, ""]), encoding="utf-8")
    assert describe_makers(read_tables(folder)[0]) == [
        "4 decisions were taken: 3 by people (A) and 1 by language models (B).",
        "Which model B was, with which settings and prompts, and when, is not recorded.",
    ]


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ({"B": {}, "C": {}}, "Of none of these models is it recorded which it was, with which settings and prompts"),
        (
            {"B": {"prompt_file": "b.md"}, "C": {}},
            "Of none of these models is it recorded which it was. Of C, settings",
        ),
        ({"B": {"model": "m-1"}, "C": {}}, "Which model C was, with which settings and prompts, and when, is not"),
        ({"B": {"prompt_file": "b.md"}, "C": {"model": "m-1"}}, "Which model B was is not recorded."),
        ({"B": {"model": "m-1"}, "C": {"model": "m-2"}}, ""),
    ],
)
def test_a_model_that_nobody_named_is_said_to_be_unknown_whatever_else_is_recorded(tmp_path, models, words):
    folder = write_study(tmp_path)
    columns = ["model", "version", "settings", "prompt_file", "prompt_sha256", "from", "to"]
    lines = ["decider,kind,roles," + ",".join(columns), "A,person,coder" + "," * 7]
    for name, known in models.items():
        lines.append(f"{name},model,coder," + ",".join(known.get(column, "unknown") for column in columns))
    (folder / "config/people.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    codings = folder / "config/coding/codings"
    codings.joinpath("C.csv").write_text(codings.joinpath("B.csv").read_text(encoding="utf-8"), encoding="utf-8")
    told = " ".join(describe_makers(read_tables(folder)[0])[1:])
    assert told.startswith(words) if words else told == ""
