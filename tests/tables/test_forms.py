"""What steps read of tables that people wrote is the same in every form, and made tables stay strict."""

import pytest

from graylit.tables.collection import CAPTURES
from graylit.tables.faults import InputError
from graylit.tables.sources import QUALITY
from spreadsheets import ALIKE, split_cells

CONTENT = (
    "source_id,appraiser,item,score,note\n"
    'S001,A,Q01,0.5,"Größe, ""rund""\nund Länge"\n'
    "S001,A,Q02,1,\n"
    "S002,Jörg Müller,Q01,0,für alle\n"
)


@pytest.mark.parametrize("form", ALIKE)
def test_steps_read_a_table_alike_in_every_form(tmp_path, form):
    (tmp_path / "plain.csv").write_text(CONTENT, encoding="utf-8")
    ending, write = ALIKE[form]
    saved = tmp_path / f"quality{ending}"
    saved.write_bytes(write(split_cells(CONTENT)))
    plain = tmp_path / "plain.csv"
    assert QUALITY.read(saved).equals(QUALITY.read(plain))
    assert QUALITY.list_cells(str(saved)) == QUALITY.list_cells(str(plain))
    assert QUALITY.read_plain(saved) == CONTENT or form == "LibreOffice, all cells quoted"


def test_a_table_in_the_canonical_form_is_returned_byte_for_byte(tmp_path):
    content = CONTENT.replace("S002,Jörg Müller", '"S002","Jörg Müller"')
    (tmp_path / "quality.csv").write_text(content, encoding="utf-8")
    assert QUALITY.read_plain(tmp_path / "quality.csv") == content


def test_steps_stop_at_a_table_of_which_something_cannot_be_told(tmp_path):
    (tmp_path / "quality.csv").write_bytes(CONTENT.replace("Größe", "Très").encode("cp1252", "replace"))
    with pytest.raises(InputError, match="could be"):
        QUALITY.read(tmp_path / "quality.csv")


def test_a_table_that_programs_keep_is_still_refused_in_another_form(tmp_path):
    (tmp_path / "captures.csv").write_text(",".join(CAPTURES.names) + "\r\n", encoding="utf-8-sig", newline="")
    faults = CAPTURES.read_rows(tmp_path / "captures.csv", "captures.csv")[1]
    assert [fault.problem for fault in faults] == [
        "starts with a byte order mark (BOM)",
        "has Windows line ends (CRLF)",
    ]
