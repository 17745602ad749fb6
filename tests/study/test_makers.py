"""The report says how many decisions people and models took."""

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
