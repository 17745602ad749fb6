"""The rules of the house (how scripts, rules, contracts and config are written) that a machine can check."""

import ast
import re
import sys

import pytest
import yaml

import house
from archives import REPOSITORY
from conftest import run_snakemake
from graylit.study.config import SCHEMA, read_config
from graylit.tables import catalogue
from graylit.tables.faults import describe_faults
from graylit.tables.kinds import KINDS
from made_rows import capture, write_captures
from rules import MAKING_RULES, RULES, WORKFLOW, find_script
from tiny_study import write_study

SCRIPTS = sorted((REPOSITORY / "scripts").glob("*/*.py"))
BENCHMARKS = sorted((REPOSITORY / "benchmarks").glob("*.py"))
MODULES = sorted((REPOSITORY / "src/graylit").rglob("*.py"))
CONTRACTS = list(catalogue.CONTRACTS.values())
FILES = [*SCRIPTS, *BENCHMARKS, *MODULES]


def list_offenders(paths, find):
    """Return what a search finds wrong in each file, by the file's name; files in which it finds nothing are left out.

    One test asks all files: a test for each file and rule took more time to collect than to run.
    """
    assert paths
    found = {path.relative_to(REPOSITORY).as_posix(): find(path) for path in paths}
    return {name: wrong for name, wrong in found.items() if wrong}


def read_words(path):
    return path.read_text(encoding="utf-8")


def list_nodes(path, *kinds):
    return [node for node in house.list_nodes(path) if isinstance(node, kinds)]


def list_names(nodes):
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def is_main_block(statement):
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "__name__ == '__main__'"


# Rules ----------------------------------------------------------------------------------------------------------


def test_the_rules_are_found():
    assert {"collect_captures", "extract_texts", "fit_topics", "link_evidence", "write_report"} <= set(MAKING_RULES)


def test_each_rule_has_a_script_of_its_name():
    asked = {rule: re.findall(r'"([^"]+)"', RULES[rule]["script"]) for rule in MAKING_RULES}
    assert asked == {rule: [f"../../{find_script(rule).relative_to(REPOSITORY)}"] for rule in MAKING_RULES}


def test_each_rule_has_a_log_and_an_environment():
    assert {rule: set(RULES[rule]) for rule in MAKING_RULES if not {"log", "conda"} <= set(RULES[rule])} == {}


def test_all_rules_but_the_one_that_goes_to_the_network_depend_on_the_modules():
    free = [rule for rule in MAKING_RULES if f'modules=MODULES["{rule}"]' not in RULES[rule].get("params", "")]
    assert free == ["collect_captures"]


def test_a_rule_without_output_only_names_targets():
    naming = {rule: set(RULES[rule]) for rule in set(RULES) - set(MAKING_RULES)}
    assert {rule: sections for rule, sections in naming.items() if not sections <= {"default_target", "input"}} == {}
    assert naming


def test_the_workflow_has_no_lambda_and_no_run():
    def find(path):
        return re.findall(r"\blambda\b|^\s*run:|^\s*shell:", read_words(path), re.MULTILINE)

    assert list_offenders(WORKFLOW, find) == {}


def test_every_script_with_a_snakemake_object_is_that_of_a_rule():
    asked = [path.stem for path in SCRIPTS if re.search(r"\bsnakemake[.)]", path.read_text("utf-8"))]
    assert sorted(asked) == sorted(MAKING_RULES)


@pytest.mark.parametrize("arguments", [(), ("--config", "collect=True")], ids=["review", "collect"])
def test_the_lint_of_snakemake_is_clean(tmp_path, arguments):
    folder = write_study(tmp_path)
    write_captures(folder, capture(1, "captured"))
    ended = run_snakemake(folder, "--lint", "--workflow-profile", "none", *arguments)  # the profile is too quiet
    assert "Congratulations, your workflow is in a good condition!" in ended.stderr, ended.stdout + ended.stderr
    assert ended.returncode == 0


# Scripts and modules --------------------------------------------------------------------------------------------


def test_only_the_main_block_of_a_script_names_snakemake():
    def find(path):
        outside = [statement for statement in house.parse_file(path).body if not is_main_block(statement)]
        return {"snakemake"} & list_names(node for statement in outside for node in ast.walk(statement))

    assert list_offenders(SCRIPTS, find) == {}


def test_a_script_ends_in_its_main_block():
    assert list_offenders(SCRIPTS, lambda path: not is_main_block(house.parse_file(path).body[-1])) == {}


def test_a_module_names_no_snakemake_and_has_no_main_block():
    assert list_offenders(MODULES, lambda path: {"snakemake", "__name__"} & list_names(house.list_nodes(path))) == {}


def test_nothing_imports_a_script():
    scripts = {script.stem for script in SCRIPTS}

    def find(path):
        imported = {alias.name.split(".")[0] for node in list_nodes(path, ast.Import) for alias in node.names}
        imported |= {(node.module or "").split(".")[0] for node in list_nodes(path, ast.ImportFrom)}
        return imported & scripts

    assert list_offenders(FILES, find) == {}


def test_no_name_is_that_of_a_standard_module():
    bare = [*SCRIPTS, *BENCHMARKS]  # which are imported by their bare names
    assert list_offenders(bare, lambda path: {path.stem} & sys.stdlib_module_names) == {}


def test_no_exception_is_caught_whatever_it_is_but_at_the_seam_between_a_source_and_the_run():
    def find(path):
        handlers = [] if path == house.PACKAGE / "runs/seams.py" else list_nodes(path, ast.ExceptHandler)
        caught = [ast.unparse(handler.type) if handler.type else "" for handler in handlers]
        return [name for name in caught if re.search(r"^$|\b(Base)?Exception\b", name)]

    assert list_offenders(FILES, find) == {}


def test_no_file_is_longer_than_250_lines():
    lengths = {path: len(read_words(path).splitlines()) for path in FILES}
    assert list_offenders(FILES, lambda path: lengths[path] if lengths[path] > 250 else 0) == {}


def test_every_function_says_what_it_returns():
    def find(path):
        functions = list_nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
        return [function.name for function in functions if function.returns is None]

    assert list_offenders(FILES, find) == {}


def test_every_public_function_and_class_says_what_it_is_for():
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    def find(path):
        named = [node for node in house.parse_file(path).body if isinstance(node, kinds)]
        return [node.name for node in named if not node.name.startswith("_") and not ast.get_docstring(node)]

    assert list_offenders(FILES, find) == {}


def test_nothing_of_the_study_is_in_the_pipeline():
    def find(path):
        return re.findall(r"mlops|\b103\b", read_words(path), re.IGNORECASE)

    assert list_offenders([*FILES, *WORKFLOW], find) == {}


# Rooms ----------------------------------------------------------------------------------------------------------


def test_every_room_is_on_a_layer_and_says_what_it_holds_in_one_sentence():
    folders = {path.relative_to(house.PACKAGE).parts[0] for path in MODULES if path.parent != house.PACKAGE}
    assert folders | {"cli"} == set(house.FLOOR_OF)
    sentences = [
        ast.get_docstring(house.parse_file(house.PACKAGE / room / "__init__.py")) or "" for room in sorted(folders)
    ]
    assert [sentence for sentence in sentences if not re.fullmatch(r"[A-Z`][^\n]*[^.\n]\.", sentence)] == []


def test_the_architecture_page_draws_the_layers():
    page = house.ARCHITECTURE.read_text(encoding="utf-8")
    assert page == house.insert_table(page)


def test_no_room_imports_one_of_its_own_layer_or_of_a_higher_one():
    assert house.list_upward() == []


def test_no_modules_import_each_other_in_a_circle():
    assert house.find_circle(house.map_imports()) == []


def test_a_circle_is_found():
    assert house.find_circle({"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}) == ["b", "d"]


def test_only_rooms_that_ask_the_web_import_network_libraries():
    asking = {
        (module, imported)
        for module, found in house.map_imports().items()
        for imported in found
        if any(imported == library or imported.startswith(f"{library}.") for library in house.NETWORK_LIBRARIES)
    }
    assert {module for module, _ in asking if house.room_of(module) not in house.NETWORK_ROOMS} == set()
    assert "graylit.collection.asking" in {module for module, _ in asking}


def test_collection_imports_tables_runs_and_captures_only():
    imported = {
        house.room_of(name)
        for module, found in house.map_imports().items()
        if house.room_of(module) == "collection"
        for name in found
        if name.startswith("graylit.")
    }
    assert imported <= house.COLLECTION_MAY_IMPORT


def test_nothing_imports_benchmarks():
    names = {path.stem for path in BENCHMARKS} | {"benchmarks"}
    found = {name: set(house.list_imports(path, set())) for name, path in house.MODULES.items()}
    found |= {path.stem: set(house.list_imports(path, set())) for path in SCRIPTS}
    assert {name: imported & names for name, imported in found.items() if imported & names} == {}


# Contracts ------------------------------------------------------------------------------------------------------


def test_the_contracts_are_found():
    assert {"sources", "codings", "segments", "evidence"} <= {contract.name for contract in CONTRACTS}


def list_cells_asked_for(nodes):
    """Yield each column that code asks a `row` or `cells` for by its name: row["start"], cells.get("memo")."""
    for node in nodes:
        if isinstance(node, ast.Subscript):
            owner, asked = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            owner, asked = node.func.value, next(iter(node.args), None)
        else:
            continue
        if isinstance(owner, ast.Name) and owner.id in ("row", "cells") and isinstance(asked, ast.Constant):
            yield asked.value


def test_the_cells_asked_for_are_found():
    tree = ast.parse('row["start"] + cells.get("memo", "") + page["title"] + row[0] + get("end")')
    assert set(list_cells_asked_for(ast.walk(tree))) == {"start", "memo", 0}


def test_every_cell_that_code_asks_a_row_for_is_a_column_of_a_contract():
    columns = {name for contract in CONTRACTS for name in contract.names}

    def find(path):
        return {name for name in list_cells_asked_for(house.list_nodes(path)) if isinstance(name, str)} - columns

    assert list_offenders([*SCRIPTS, *MODULES], find) == {}


def test_no_two_contracts_have_one_name():
    assert len({contract.name for contract in CONTRACTS}) == len(CONTRACTS)


def list_wrong_columns(is_wrong):
    """Return each column that a question finds wrong, with the table it stands in."""
    columns = [(contract.name, column) for contract in CONTRACTS for column in contract.columns]
    return [(table, column.name) for table, column in columns if is_wrong(column)]


def test_every_column_has_a_meaning_and_a_known_kind():
    assert list_wrong_columns(lambda column: not column.meaning.strip() or column.kind not in KINDS) == []


def test_every_column_stands_once_and_in_snake_case():
    assert [contract.name for contract in CONTRACTS if len(set(contract.names)) < len(contract.names)] == []
    assert list_wrong_columns(lambda column: not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", column.name)) == []


def test_the_key_of_a_table_is_made_of_required_columns_and_where_rows_are_added_of_their_date():
    keys = {}
    for contract in CONTRACTS:
        required = {column.name for column in contract.columns if column.is_required}
        if contract.key[0] not in required or not set(contract.key) - required <= {
            "decided_at",
            "appraised_at",
            "sorted_at",
        }:
            keys[contract.name] = contract.key
    assert keys == {}


def test_counts_flags_and_ids_are_of_their_kind():
    kinds = {"n_": "count", "is_": "flag", "has_": "flag"}
    assert (
        list_wrong_columns(
            lambda column: any(column.name.startswith(s) and column.kind != kind for s, kind in kinds.items())
        )
        == []
    )


def test_a_column_means_the_same_kind_in_every_table():
    kinds = {}
    for contract in CONTRACTS:
        for column in contract.columns:
            if column.name.endswith("_id") or column.name.startswith(("n_", "is_", "has_")):
                kinds.setdefault(column.name, set()).add(column.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


# Config ---------------------------------------------------------------------------------------------------------


def list_keys(schema, place=""):
    """Yield (key with the keys above it, its schema) for every key of the config."""
    for name, part in schema.get("properties", {}).items():
        yield f"{place}{name}", part
        yield from list_keys(part, place=f"{place}{name}.")


KEYS = dict(list_keys(yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))))


def test_every_key_of_the_config_has_a_type():
    assert [key for key, part in KEYS.items() if not (part.get("type") or part.get("enum"))] == []


def test_every_key_of_the_config_has_a_meaning():
    values = {key: part for key, part in KEYS.items() if "properties" not in part}
    assert [key for key, part in values.items() if not part.get("description", "").strip()] == []
    assert values


def test_every_section_of_the_config_refuses_unknown_keys_and_asks_for_all_of_its_own():
    sections = {key: part for key, part in KEYS.items() if "properties" in part}
    assert [key for key, part in sections.items() if part["additionalProperties"] is not False] == []
    assert [key for key, part in sections.items() if sorted(part["required"]) != sorted(part["properties"])] == []
    assert sections


def test_the_config_of_the_study_passes():
    _, faults = read_config(REPOSITORY / "config" / "config.yaml", "config/config.yaml")
    assert faults == [], describe_faults(faults)


# Pages ----------------------------------------------------------------------------------------------------------


def test_every_test_that_a_page_names_is_there():
    tests = {path: read_words(path) for path in (REPOSITORY / "tests").rglob("test_*.py")}
    there = {name for words in tests.values() for name in re.findall(r"^def (test_\w+)\(", words, re.MULTILINE)}
    there |= {path.name for path in tests}

    def list_missing(page):
        return sorted({*re.findall(r"[`/:](test_\w+(?:\.py)?)`", read_words(page))} - there)

    assert list_offenders(sorted((REPOSITORY / "docs").rglob("*.md")), list_missing) == {}
