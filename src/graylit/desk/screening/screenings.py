"""The rows of all screeners, and which of them are in force; read on as the table grows."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from graylit.desk.watching import Growing
from graylit.screening.deciding import decide_candidate, list_current
from graylit.study.study import OPTIONAL_TABLES
from graylit.tables.kinds import MOST_DIGITS
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells

SCREENINGS_FILE, SCREENINGS_CONTRACT = OPTIONAL_TABLES["screenings"]
Round = tuple[str, int]  # a screener, and a round
MARK = "-s"  # between the name and the number of an id that the desk gives


class Screenings:
    """Decisions on candidates by candidate, and by screener and round; call `refresh` before asking."""

    def __init__(self, folder: Path) -> None:
        self._table = Growing(folder, SCREENINGS_FILE, SCREENINGS_CONTRACT)
        self._start()

    def _start(self) -> None:
        self.of_candidate: dict[str, list[Cells]] = defaultdict(list)
        self.in_force: dict[Round, dict[str, Cells]] = defaultdict(dict)  # by candidate; settlements aside
        self.rows: dict[Round, list[Cells]] = defaultdict(list)  # all of them in order; settlements aside
        self.last: dict[Round, dict[str, Cells]] = defaultdict(dict)  # the last row on each candidate
        self.settled: dict[str, Cells] = {}  # the settlement in force, by candidate
        self._numbers: dict[str, int] = defaultdict(int)  # the highest number of ids that the desk gave, by their start
        self._settling: set[str] = set()  # ids of settlements, and of rows that take them back

    def refresh(self) -> None:
        """Take in what was added since. Raises InputError if the table has faults."""
        is_anew, rows = self._table.read_new()
        if is_anew:
            self._start()
        for row in rows:
            self._take(row)

    def _take(self, row: Cells) -> None:
        candidate_id, key = row["candidate_id"], (row["screener"], int(row["round"]))
        self.of_candidate[candidate_id].append(row)
        start, _, number = row["screening_id"].rpartition(MARK)
        if number.isdecimal() and len(number) <= MOST_DIGITS:
            self._numbers[start] = max(self._numbers[start], int(number))
        if row["settles"] or row["replaces"] in self._settling:
            self._settling.add(row["screening_id"])
            self._take_settlement(row)
            return
        before = self.in_force[key].pop(candidate_id, None)
        self.rows[key].append(row)
        self.last[key][candidate_id] = row
        if row["decision"]:
            self.in_force[key][candidate_id] = row
        elif before and before["screening_id"] != row["replaces"]:
            self.in_force[key][candidate_id] = before

    def _take_settlement(self, row: Cells) -> None:
        before = self.settled.get(row["candidate_id"])
        if row["decision"]:
            self.settled[row["candidate_id"]] = row
        elif before and before["screening_id"] == row["replaces"]:
            del self.settled[row["candidate_id"]]

    def number_next(self, name: str) -> str:
        """Return the id of a screener's next row: two people on two machines never give the same one."""
        start = name_ids(name)
        return f"{start}{MARK}{self._numbers[start] + 1:04d}"

    def find_round(self, screener: str) -> int:
        """Return the last round in which a screener has decided; 1 if there is none."""
        return max((number for name, number in self.last if name == screener and self.last[name, number]), default=1)

    def list_decided(self) -> list[str]:
        """Return the candidates with an outcome: settled, or agreed on by those of the last round."""
        rows = {candidate_id: self.of_candidate[candidate_id] for candidate_id in list(self.of_candidate)}
        return [candidate_id for candidate_id, of_one in rows.items() if decide_candidate(of_one)[0] != "open"]

    def find_last_round(self) -> int:
        """Return the last round in which anybody has decided; 1 if there is none."""
        return max((number for (_, number), rows in self.in_force.items() if rows), default=1)

    def list_current(self, candidate_id: str) -> list[Cells]:
        """Return the decisions in force on a candidate, settlements included."""
        return list_current(self.of_candidate.get(candidate_id, []))
