"""The benchmark of other software's archives: files are known by content, and each outcome is held against a table."""

import hashlib

from archive_cases import Case
from bench_archives import measure
from warc_records import Made, make_answer, write_warc


def test_archives_are_counted_by_whether_they_came_out_as_the_table_says(tmp_path, capsys):
    page = write_warc(tmp_path / "page.warc.gz", Made("response", make_answer()))
    cut = write_warc(tmp_path / "cut.warc", Made("response", make_answer()[:-9]))
    (tmp_path / "packed.warc.lz4").write_bytes(b"\x04\x22\x4d\x18")
    (tmp_path / "unknown.arc").write_bytes(b"a b c d 0\n")
    (tmp_path / "notes.txt").write_text("no archive")
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in tmp_path.iterdir()}
    cases = [
        Case("page.warc.gz", digests[page.name], 1, n_held=1),
        Case("cut.warc", digests[cut.name], 1, n_held=1),
        Case("packed.warc.lz4", digests["packed.warc.lz4"], refusal="lz4 -d"),
    ]
    figures = {figure.measure: figure.value for figure in measure(tmp_path, cases)}
    assert (figures["n_archives"], figures["n_as_expected"], figures["n_unknown"]) == (3, 2, 1)
    assert (figures["n_held"], figures["n_refused"], figures["n_faults_of_copies"]) == (1, 2, 0)
    assert f"{cut}: " in capsys.readouterr().out
