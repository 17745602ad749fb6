"""The answer of a sorter without Graylit: taken over whole, or refused with every reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graylit.exchange.sort_sheets import require_unsorted
from graylit.pages.wording import count_things, name_some
from graylit.study.card_sorts import list_given_piles, name_kind
from graylit.study.cards import list_cards, name_card, name_study
from graylit.study.checking import require_screened
from graylit.study.extending import CONTRACTS, extend_tables, hold_tables
from graylit.study.locks import hold_table
from graylit.study.people import list_people
from graylit.study.study import ALL_TABLES, Study
from graylit.study.writing import append_rows, read_coder
from graylit.tables.card_sorting import BEGUN, FINISHED
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.kinds import KINDS
from graylit.tables.rows import Row, store_words

KIND = "answer of a card sort"
MOST_BYTES = 2_000_000  # chosen: a thousand cards with long names have a tenth of it
AGAIN = f"write the page anew ({name_command('export sort --as NAME')}), and have it sorted again"


@dataclass(frozen=True)
class Answer:
    """What an answer file says: on which pile each card lies, cards by the digests of their wording."""

    file: str
    said: Mapping[str, Any]
    piles: list[tuple[str, str, str]]  # the key of the card, its name, its pile


def import_answer(folder: Path, path: Path, asked: str, now: str) -> list[str]:
    """Add the rows of an answer file; return what was done, in words. Raises InputError if it is refused."""
    study = require_screened(folder)
    answer = read_answer(path)
    sorter = read_coder(asked or str(answer.said.get("sorter", "")), list_people(study), "--as" if asked else path.name)
    require_unsorted(study, sorter, path.name)
    if faults := [*check_answer(answer, study)]:
        raise InputError(faults)
    rows = fill_rows(answer, study, sorter, now)
    if faults := [fault for file, added in rows.items() for fault in _check_rows(file, added, path.name)]:
        raise InputError(faults)
    with hold_table(folder, sorter), hold_tables(folder):
        require_unsorted(require_screened(folder), sorter, path.name)
        extend_tables(folder, rows)
    n_piles = len({pile for _, _, pile in answer.piles})
    listed = f" {sorter} is listed in {study.people.file} now." if ALL_TABLES["people"][0] in rows else ""
    return [f"{sorter}: {count_things(len(answer.piles), 'card')} on {count_things(n_piles, 'pile')}.{listed}"]


def read_answer(path: Path) -> Answer:
    """Return what an answer file says. Raises InputError if it is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refuse(path, f"has more than {MOST_BYTES:,} bytes")
        said = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _refuse(path, f"cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise _refuse(path, "is no JSON") from error
    if not isinstance(said, dict) or said.get("graylit") != KIND:
        raise _refuse(path, f"is no {KIND}")
    return Answer(path.name, said, list(_list_placed(path, said)))


def _list_placed(path: Path, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    piles = said.get("piles")
    if not isinstance(piles, list) or not all(isinstance(pile, dict) for pile in piles):
        raise _refuse(path, "names no piles")
    for pile in piles:
        cards, name = pile.get("cards"), pile.get("name")
        if not isinstance(cards, list) or not isinstance(name, str):
            raise _refuse(path, "has a pile without a name or cards")
        for card in cards:
            if not isinstance(card, dict) or not all(isinstance(card.get(one), str) for one in ("key", "name")):
                raise _refuse(path, "has a card that is none")
            yield card["key"], card["name"], name


def _refuse(path: Path, problem: str) -> InputError:
    return InputError([Fault(path.name, problem, "the file that the sorter's page saved", "ask the sorter for it")])


def check_answer(answer: Answer, study: Study) -> Iterator[Fault]:
    """Yield why an answer cannot be taken over by a study."""
    said, file = answer.said, answer.file
    if said.get("study") != name_study(study.config):
        yield Fault(file, "is the answer to the cards of another study", str(study.config["title"]), "import it there")
        return
    keys = {name_card(row): row["name"] for row in list_cards(study.guidelines.cells).values()}
    sorted_keys = Counter(key for key, _, _ in answer.piles)
    if unknown := [name for key, name, _ in answer.piles if key not in keys]:
        problem = f"has cards that are no guidelines of now, or were worded otherwise: {name_some(unknown)}"
        yield Fault(file, problem, "the guidelines in force as they are worded now", AGAIN)
    if missing := [name for key, name in keys.items() if key not in sorted_keys]:
        yield Fault(file, f"lacks cards: {name_some(missing)}", "every guideline in force", AGAIN)
    if twice := [keys.get(key, key) for key, n in sorted_keys.items() if n > 1]:
        yield Fault(file, f"has cards twice: {name_some(twice)}", "each card on one pile", AGAIN)
    if not said.get("finished_at"):
        yield Fault(file, "is not finished", "a finished sort", "ask the sorter to finish")
    if said.get("kind") != name_kind(study.config):
        problem = f"is of a sort that is {said.get('kind')}, and this one is {name_kind(study.config)}"
        yield Fault(file, problem, "a sort of the kind that the config says", AGAIN)
    given = list_given_piles(study.config)
    if given and (others := {pile for _, _, pile in answer.piles} - set(given)):
        yield Fault(file, f"has piles that are not given: {name_some(others)}", ", ".join(given), AGAIN)
    if not isinstance(said.get("seed"), int) or said["seed"] < 0:
        yield Fault(file, "does not say how its order was drawn", "a seed", AGAIN)


def fill_rows(answer: Answer, study: Study, sorter: str, now: str) -> dict[str, Sequence[Row]]:
    """Return the rows of an answer by table: the sorter, if nobody listed them, the session, and the cards."""
    said = answer.said
    begun, finished = (_read_time(said.get(name), now) for name in ("begun_at", "finished_at"))
    ids = {name_card(row): guideline_id for guideline_id, row in list_cards(study.guidelines.cells).items()}
    session = {"sorter": sorter, "kind": str(said["kind"]), "way": "file", "seed": str(said["seed"])}
    note = store_words(str(said.get("note", "")))
    sessions = [session | {"status": FINISHED, "note": note, "decided_at": finished}]
    if begun < finished:
        sessions.insert(0, session | {"status": BEGUN, "note": "", "decided_at": begun})
    sorts = [
        {"sorter": sorter, "guideline_id": ids[key], "pile": store_words(pile), "sorted_at": finished}
        for key, _, pile in answer.piles
    ]
    rows: dict[str, Sequence[Row]] = {}
    if study.people.cells and sorter not in list_people(study):
        person = {"decider": sorter, "kind": "person", "roles": "sorter", "note": "Sorted cards in a file."}
        rows[ALL_TABLES["people"][0]] = [person | {"decided_at": now}]
    return rows | {ALL_TABLES["sort_sessions"][0]: sessions, ALL_TABLES["card_sorts"][0]: sorts}


def _read_time(said: object, now: str) -> str:
    """Return a time of the sorter's clock; the time of now if it is none, or lies ahead: clocks are wrong."""
    return said if isinstance(said, str) and KINDS["time"].is_valid(said) and said <= now else now


def _check_rows(file: str, rows: Sequence[Row], place: str) -> list[Fault]:
    contract = CONTRACTS[file]
    return contract.parse_rows(append_rows(",".join(contract.names) + "\n", rows, contract), place)[1]
