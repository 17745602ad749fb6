"""docs/import.md says what is true: its examples work, and its list of keys is that of the schema.

`python tests/test_import_page.py` writes the list anew.
"""

import re

import pytest

from archives import REPOSITORY
from graylit.exchange.mapping_keys import KEYS, ONLY, PARTS, PSEUDO, TOP, WIDE
from graylit.exchange.mapping_reading import read_mapping
from importing import import_tables, list_codings, list_themes

PAGE = REPOSITORY / "docs/import.md"
HEADING = "## Keys of a mapping\n"


def list_blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def describe_keys() -> str:
    """Return the part of the page that the schema makes."""
    lines = [HEADING, "At the top:\n", *_tabulate(TOP)]
    lines += ["\nIn each part, or in each entry of its list:\n"]
    lines += _tabulate({key: f"{words}{_say_where(key)}" for key, words in KEYS.items()})
    lines += ["\nUnder `wide`:\n", *_tabulate(WIDE)]
    lines += ["\nWhat every row has besides their columns:\n", *_tabulate(PSEUDO)]
    lines += ["\nUnder `columns` (and `fill`, `recode`, `split`, `prefix`, `dates`, `blank`, `unify`):\n"]
    lines += ["| part | our columns; those in bold are needed |", "|---|---|"]
    lines += [f"| `{name}` | {_list_columns(name)} |" for name in PARTS]
    return "\n".join(lines) + "\n"


def _tabulate(meanings: dict[str, str]) -> list[str]:
    return ["| key | what it says |", "|---|---|", *(f"| `{key}` | {words} |" for key, words in meanings.items())]


def _say_where(key: str) -> str:
    return f" (only under {', '.join(f'`{part}`' for part in sorted(ONLY[key]))})" if key in ONLY else ""


def _list_columns(name: str) -> str:
    part = PARTS[name]
    needed = [f"**{' or '.join(group)}**" for group in part.needed]
    others = [column for column in part.columns if not any(column in group for group in part.needed)]
    more = [f"{column} ({part.more[column]})" if column in part.more else column for column in others]
    return ", ".join([*needed, *more])


def test_the_list_of_keys_is_that_of_the_schema():
    page = PAGE.read_text(encoding="utf-8")
    assert page[page.index(HEADING) :] == describe_keys()


def test_the_first_example_works(tmp_path):
    sources, codings = list_blocks("csv")
    study = import_tables(tmp_path, list_blocks("yaml")[0], sources=sources, codings=codings)
    assert list_themes(study) == {"Practice": ["structured logs"], "Problem": ["cost"]}
    assert list_codings(study) == [
        ("Anna Lind", "S1", "structured logs"),
        ("Anna Lind", "S2", "cost"),
        ("Ben", "S1", "structured logs"),
    ]


@pytest.mark.parametrize("block", list_blocks("yaml")[1:])
def test_every_other_example_is_a_part_of_a_mapping(tmp_path, block):
    top = "title: T\nsources: {file: s.csv, columns: {source_id: id}}\n"
    (tmp_path / "mapping.yaml").write_text(top + block, encoding="utf-8")
    assert set(read_mapping(tmp_path / "mapping.yaml").parts) > {"sources"}


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page[: page.index(HEADING)] + describe_keys(), encoding="utf-8")
