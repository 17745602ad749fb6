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
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in [*SCRIPTS, *BENCHMARKS, *MODULES]}


def named(paths):
    """Return a parametrization by path, shown by name."""
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.relative_to(REPOSITORY).as_posix())


def is_main_block(statement):
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "__name__ == '__main__'"


# Rules ----------------------------------------------------------------------------------------------------------


def test_the_rules_are_found():
    assert {"collect_captures", "extract_texts", "fit_topics", "link_evidence", "write_report"} <= set(MAKING_RULES)


@pytest.mark.parametrize("rule", MAKING_RULES)
def test_a_rule_has_a_script_of_its_name(rule):
    assert re.findall(r'"([^"]+)"', RULES[rule]["script"]) == [f"../../{find_script(rule).relative_to(REPOSITORY)}"]


@pytest.mark.parametrize("rule", MAKING_RULES)
def test_a_rule_has_a_log_and_an_environment(rule):
    assert {"log", "conda"} <= set(RULES[rule])


@pytest.mark.parametrize("rule", MAKING_RULES)
def test_a_rule_depends_on_the_modules_unless_it_goes_to_the_network(rule):
    depends = f'modules=MODULES["{rule}"]' in RULES[rule].get("params", "")
    assert depends != (rule == "collect_captures")


@pytest.mark.parametrize("rule", sorted(set(RULES) - set(MAKING_RULES)))
def test_a_rule_without_output_only_names_targets(rule):
    assert set(RULES[rule]) <= {"default_target", "input"}


@named(WORKFLOW)
def test_the_workflow_has_no_lambda_and_no_run(path):
    words = path.read_text(encoding="utf-8")
    assert re.findall(r"\blambda\b|^\s*run:|^\s*shell:", words, re.MULTILINE) == []


def test_every_script_with_a_snakemake_object_is_that_of_a_rule():
    asked = [path.stem for path in SCRIPTS if re.search(r"\bsnakemake\.(input|output)\b", path.read_text("utf-8"))]
    assert sorted(asked) == sorted(MAKING_RULES)


@pytest.mark.parametrize("arguments", [(), ("--config", "collect=True")], ids=["review", "collect"])
def test_the_lint_of_snakemake_is_clean(tmp_path, arguments):
    folder = write_study(tmp_path)
    write_captures(folder, capture(1, "captured"))
    ended = run_snakemake(folder, "--lint", "--workflow-profile", "none", *arguments)  # the profile is too quiet
    assert "Congratulations, your workflow is in a good condition!" in ended.stderr, ended.stdout + ended.stderr
    assert ended.returncode == 0


# Scripts and modules --------------------------------------------------------------------------------------------


@named(SCRIPTS)
def test_only_the_main_block_of_a_script_names_snakemake(path):
    tree = TREES[path]
    outside = [statement for statement in tree.body if not is_main_block(statement)]
    names = {node.id for statement in outside for node in ast.walk(statement) if isinstance(node, ast.Name)}
    assert "snakemake" not in names


@named(SCRIPTS)
def test_a_script_ends_in_its_main_block(path):
    assert is_main_block(TREES[path].body[-1])


@named(MODULES)
def test_a_module_names_no_snakemake_and_has_no_main_block(path):
    names = {node.id for node in ast.walk(TREES[path]) if isinstance(node, ast.Name)}
    assert not {"snakemake", "__name__"} & names


@named([*SCRIPTS, *BENCHMARKS, *MODULES])
def test_nothing_imports_a_script(path):
    imported = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported & {script.stem for script in SCRIPTS} == set()


@named([*SCRIPTS, *BENCHMARKS])  # which are imported by their bare names
def test_no_name_is_that_of_a_standard_module(path):
    assert path.stem not in sys.stdlib_module_names


@named([*SCRIPTS, *BENCHMARKS, *MODULES])
def test_no_exception_is_caught_whatever_it_is(path):
    handlers = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.ExceptHandler)]
    caught = [ast.unparse(handler.type) if handler.type else "" for handler in handlers]
    assert [name for name in caught if re.search(r"^$|\b(Base)?Exception\b", name)] == []


@named([*SCRIPTS, *BENCHMARKS, *MODULES])
def test_no_file_is_longer_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@named([*SCRIPTS, *BENCHMARKS, *MODULES])
def test_every_function_says_what_it_returns(path):
    functions = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [function.name for function in functions if function.returns is None] == []


@named([*SCRIPTS, *BENCHMARKS, *MODULES])
def test_every_public_function_and_class_says_what_it_is_for(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [node for node in TREES[path].body if isinstance(node, kinds) and not node.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


@named([*SCRIPTS, *BENCHMARKS, *MODULES, *WORKFLOW])
def test_nothing_of_the_study_is_in_the_pipeline(path):
    assert re.findall(r"mlops|\b103\b", path.read_text(encoding="utf-8"), re.IGNORECASE) == []


# Rooms ----------------------------------------------------------------------------------------------------------


def test_every_room_is_on_a_layer_and_says_what_it_holds_in_one_sentence():
    folders = {path.parent.name for path in MODULES if path.parent != house.PACKAGE}
    assert folders | {"cli"} == set(house.FLOOR_OF)
    sentences = [ast.get_docstring(TREES[house.PACKAGE / room / "__init__.py"]) or "" for room in sorted(folders)]
    assert [sentence for sentence in sentences if not re.fullmatch(r"[A-Z`][^\n]*[^.\n]\.", sentence)] == []


def test_the_architecture_page_draws_the_layers():
    page = house.ARCHITECTURE.read_text(encoding="utf-8")
    assert page == house.insert_table(page)


def test_no_room_imports_one_of_its_own_layer_or_of_a_higher_one():
    assert house.list_upward() == []


def test_no_modules_import_each_other_in_a_circle():
    assert house.find_circle(house.IMPORTS) == []


def test_a_circle_is_found():
    assert house.find_circle({"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}) == ["b", "d"]


def test_only_rooms_that_ask_the_web_import_network_libraries():
    asking = {
        (module, imported)
        for module, found in house.IMPORTS.items()
        for imported in found
        if any(imported == library or imported.startswith(f"{library}.") for library in house.NETWORK_LIBRARIES)
    }
    assert {module for module, _ in asking if house.room_of(module) not in house.NETWORK_ROOMS} == set()
    assert "graylit.collection.asking" in {module for module, _ in asking}


def test_collection_imports_tables_runs_and_captures_only():
    imported = {
        house.room_of(name)
        for module, found in house.IMPORTS.items()
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


def list_cells_asked_for(tree):
    """Yield each column that code asks a `row` or `cells` for by its name: row["start"], cells.get("memo")."""
    for node in ast.walk(tree):
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
    assert set(list_cells_asked_for(tree)) == {"start", "memo", 0}


@named([*SCRIPTS, *MODULES])
def test_every_cell_that_code_asks_a_row_for_is_a_column_of_a_contract(path):
    columns = {name for contract in CONTRACTS for name in contract.names}
    asked = {name for name in list_cells_asked_for(TREES[path]) if isinstance(name, str)}
    assert asked - columns == set()


def test_no_two_contracts_have_one_name():
    assert len({contract.name for contract in CONTRACTS}) == len(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_column_has_a_meaning_and_a_known_kind(contract):
    assert [column.name for column in contract.columns if not column.meaning.strip() or column.kind not in KINDS] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_column_stands_once_and_in_snake_case(contract):
    assert len(set(contract.names)) == len(contract.names)
    assert [name for name in contract.names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_the_key_of_a_table_is_made_of_required_columns_and_where_rows_are_added_of_their_date(contract):
    required = {column.name for column in contract.columns if column.is_required}
    assert contract.key[0] in required
    assert set(contract.key) - required <= {"decided_at"}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_counts_flags_and_ids_are_of_their_kind(contract):
    kinds = {"n_": {"count"}, "is_": {"flag"}, "has_": {"flag"}}
    wrong = [
        column.name
        for column in contract.columns
        for start, expected in kinds.items()
        if column.name.startswith(start) and column.kind not in expected
    ]
    assert wrong == []


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


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_the_config_has_a_type(key):
    assert KEYS[key].get("type") or KEYS[key].get("enum")


@pytest.mark.parametrize("key", [key for key, part in KEYS.items() if "properties" not in part])
def test_every_key_of_the_config_has_a_meaning(key):
    assert KEYS[key].get("description", "").strip()


@pytest.mark.parametrize("key", [key for key, part in KEYS.items() if "properties" in part])
def test_every_section_of_the_config_refuses_unknown_keys_and_asks_for_all_of_its_own(key):
    assert KEYS[key]["additionalProperties"] is False
    assert sorted(KEYS[key]["required"]) == sorted(KEYS[key]["properties"])


def test_the_config_of_the_study_passes():
    _, faults = read_config(REPOSITORY / "config" / "config.yaml", "config/config.yaml")
    assert faults == [], describe_faults(faults)
