"""The rows of people's CSV files as they were written, byte for byte: what is copied must not be reformatted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def split_records(content: str) -> list[str]:
    """Return the header and the rows of a CSV file as they are written in it, line breaks inside quotes included."""
    lines = list(io.StringIO(content, newline="\n"))
    reader = csv.reader(lines, strict=True)
    records, at = [], 0
    for _ in reader:
        records.append("".join(lines[at : reader.line_num]))
        at = reader.line_num
    return records


def join_records(records: Iterable[str]) -> str:
    """Return records as the content of a file; the last line ends as the others do."""
    return "".join(record if record.endswith("\n") else record + "\n" for record in records)


def format_record(cells: Iterable[str]) -> str:
    """Return one row as CSV, quoted if needed."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
