"""The settings of models are held against their schema; what is wrong is named with file and key."""

import pytest
import yaml

from graylit.runs.places import MODEL_SCHEMA, NEW_STUDY, PROMPTS
from graylit.study.model_settings import check_keys, check_models, read_settings
from graylit.study.outline import digest_checked
from graylit.study.study import list_published
from graylit.tables.faults import InputError
from graylit.tables.models import ASKED_TASKS
from model_servers import SETTINGS
from tiny_study import faults_of, write_study

WHOLE = {**SETTINGS, "endpoint": "http://127.0.0.1:8080/v1"}


def write(folder, keys, name="M1"):
    path = folder / f"config/models/{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(keys if isinstance(keys, str) else yaml.safe_dump(keys), encoding="utf-8")
    return path


def test_whole_settings_are_read(tmp_path):
    price = {"currency": "EUR", "per_million_in": 1, "per_million_out": 2}
    write(tmp_path, WHOLE | {"returned_as": ["tiny-q4"], "price": price})
    settings = read_settings(tmp_path, "M1")
    assert settings.name == "M1" and settings.returned_as == ("tiny-q4",) and settings.price["currency"] == "EUR"
    assert settings.describe() == {name: SETTINGS[name] for name in settings.describe()}


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"endpoint": "ftp://a.example"}, "endpoint"),
        ({"endpoint": "https://me:secret@a.example/v1"}, "endpoint"),
        ({"endpoint": "https://a.example/v1?api-key=secret"}, "endpoint"),
        ({"key_from": "sk-secret-4711"}, "key_from"),
        ({"key": "sk-secret-4711"}, "key"),
        ({"samples": 0}, "samples"),
        ({"answers": "prose"}, "answers"),
        ({"temperature": 9}, "temperature"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(changed, column):
    faults = check_keys(WHOLE | changed, "config/models/M1.yaml")
    assert [(fault.file, fault.column) for fault in faults] == [("config/models/M1.yaml", column)]


@pytest.mark.parametrize("content", ["", "- a\n", "a: [", "\x00"])
def test_what_is_no_settings_is_named(tmp_path, content):
    write(tmp_path, content)
    assert len(check_models(tmp_path)) == 1
    with pytest.raises(InputError):
        read_settings(tmp_path, "M1")


def test_the_draft_lacks_only_what_its_user_has_to_say():
    draft = yaml.safe_load((NEW_STUDY / "model.yaml").read_text(encoding="utf-8"))
    assert [fault.column for fault in check_keys(draft, "M1.yaml")] == ["endpoint"]


def test_every_key_has_a_type_and_a_meaning():
    properties = yaml.safe_load(MODEL_SCHEMA.read_text(encoding="utf-8"))["properties"]
    assert [key for key, part in properties.items() if not (part.get("type") and part.get("description"))] == []


def test_every_task_has_a_prompt():
    assert {path.stem for path in PROMPTS.glob("*.md")} == set(ASKED_TASKS)


def test_the_check_of_a_study_names_faults_of_models(tmp_path):
    folder = write_study(tmp_path)
    before = digest_checked(folder)
    write(folder, WHOLE | {"samples": 0})
    assert [fault.file for fault in faults_of(folder)] == ["config/models/M1.yaml"]
    assert digest_checked(folder) != before, "a run looks again"


def test_settings_prompts_and_log_are_published(tmp_path):
    folder = write_study(tmp_path / "study")
    write(folder, WHOLE)
    (folder / "config/models/prompts").mkdir()
    (folder / "config/models/prompts/screen.md").write_text("Screen.\n=== user ===\n{{ page }}\n")
    (folder / "config/models/log.jsonl").write_text("")
    named = {path.relative_to(folder).as_posix() for path in list_published(folder)}
    assert {"config/models/M1.yaml", "config/models/prompts/screen.md", "config/models/log.jsonl"} <= named
