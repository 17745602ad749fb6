"""Names of people: one rule for tables, files, addresses and exports."""

import re

import pytest

from graylit.exports.data_package import FIELDS
from graylit.tables.kinds import KINDS
from graylit.tables.names import is_person, name_ids

PEOPLE = [
    "A",
    "1",
    "Jörg Müller",
    "Ana-María O'Neil",
    "D’Arcy",
    "Müller, Jörg",
    "李明",
    "Gal·la",
    "हिन्दी",
    "R2_b",
    "anna.b@example.org",
    "Tom (2)",
    "Conrad",
    "Con Brook",
]
NOBODY = {
    "nothing": "",
    "a path": "a/b",
    "a path on Windows": "a\\b",
    "a hidden file": ".anna",
    "a device": "CON",
    "a device with an ending": "lpt1.b",
    "a separator of names": "Ann; Bo",
    "a wildcard": "{coder}",
    "an option": "-x",
    "a blank at the end": "Ann ",
    "a dot at the end": "Ann.",
    "two blanks": "Ann  Brook",
    "a blank that is none": "Ann\u00a0Brook",
    "a line end": "Ann\nBrook",
    "a sign that nobody sees": "Ann\u200bBrook",
    "letters and accents apart": "Jo\u0308rg",
    "an accent without a letter": "\u0308rg",
    "a formula": "=1+1",
    "too many signs": "x" * 101,
    "too many bytes": "\u674e" * 67,
}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_name_of_a_person_is_accepted_here_and_in_the_data_package(name):
    assert is_person(name)
    assert re.fullmatch(FIELDS["person"]["constraints"]["pattern"], name)


@pytest.mark.parametrize("name", NOBODY.values(), ids=NOBODY)
def test_what_cannot_name_a_file_everywhere_is_no_name(name):
    assert not is_person(name)


@pytest.mark.parametrize("row_id", ["con", "AUX", "nul.1", "COM1"])
def test_ids_name_files_too_so_none_is_a_device(row_id):
    assert not KINDS["id"].is_valid(row_id)


@pytest.mark.parametrize("name", PEOPLE)
def test_ids_can_be_made_of_every_name(name):
    assert KINDS["id"].is_valid(f"{name_ids(name)}-0001")


def test_names_that_are_ids_start_the_ids_and_others_get_ids_of_their_own():
    assert name_ids("Anna-B") == "Anna-B"
    assert name_ids("Jörg Müller").startswith("Jorg-Muller-")
    alike = ["Jörg", "Jörg.", "Jo rg", "Jo-rg", "Jo'rg", "李明", "李白", "x" * 90 + "a", "x" * 90 + "b"]
    assert len({name_ids(name) for name in alike}) == len(alike)
