"""The rows that searches add to a study's tables, made one search after the other; nothing is written here."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from graylit.captures.page_keys import exact_key, list_distinct, tell_page
from graylit.search.address_variants import read_variant
from graylit.search.cells import Spellings, name_candidate, read_day, store_line, store_query, store_words
from graylit.search.private_addresses import clean_address
from graylit.search.search_results import OF_ENGINE, SHOWN, Found, Hit, Recorded, Unused
from graylit.study.study import ALL_TABLES
from graylit.study.writing import require_tidy
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.files import find_table
from graylit.tables.kinds import number_ids
from graylit.tables.rows import Cells, Row, Rows
from graylit.tables.search import HITS, SEARCHES

DESCRIBING = ("engine", "query", "region", "language", "way")  # what makes two searches the same one
LINES = {"title": 500, "publisher": 200}  # signs kept of what may be anything: chosen
NO_CANDIDATE = {"candidate_id": "H000"}
MOST_SIGNS = 2_000  # of a snippet: chosen, several times what engines show


def open_ledger(folder: Path, now: str, keeps_words: bool = True) -> Ledger:
    """Return a ledger of a study as its tables are now.

    Raises InputError if one has faults, or is not in the form in which programs add rows.
    """
    tables, faults = {}, []
    for name in ("searches", "hits", "candidates", "sources"):
        file, contract = ALL_TABLES[name]
        tables[name], found = _read(folder, file, contract)
        faults += found if name != "sources" else []
    if faults:
        raise InputError(faults)
    require_tidy(tables[name] for name in ("searches", "hits", "candidates"))
    return Ledger(tables, now, keeps_words)


def _read(folder: Path, file: str, contract: Contract) -> tuple[Rows, list[Fault]]:
    path = find_table(folder / file)
    return contract.read_rows(path, path.relative_to(folder).as_posix()) if path.exists() else (Rows(file), [])


class Ledger:
    """The tables of a study, and the rows that searches add to them, in order."""

    def __init__(self, tables: dict[str, Rows], now: str, keeps_words: bool = True) -> None:
        self.now, self.keeps_words = now, keeps_words
        self.new_searches: list[Row] = []
        self.new_hits: list[Row] = []
        self.new_candidates: list[Row] = []
        candidates, sources = tables["candidates"].cells, tables["sources"].cells
        self._distinct = list_distinct(candidates, sources)
        self._candidate_of: dict[str, str] = {}
        for row in sorted(candidates, key=lambda row: bool(row["duplicate_of"])):
            self._candidate_of.setdefault(tell_page(row["url"], self._distinct), row["candidate_id"])
        taken = [*(row["source_id"] for row in sources), *(row["candidate_id"] for row in candidates or [NO_CANDIDATE])]
        self._candidate_ids = _Ids(taken)
        searches = tables["searches"].cells
        self._search_ids = _Ids([row["search_id"] for row in searches] or ["X00"])
        self._known_ids = {row["search_id"] for row in searches}
        self._in_force: dict[str, Cells] = {row["search_id"]: row for row in searches}
        self._of_file: dict[str, list[str]] = {}
        self._name_of: dict[str, str] = {}
        for row in searches:
            self._note_file(row)
        self._known_files = frozenset(self._of_file)
        self._keys = {tuple(row[name] for name in SEARCHES.key) for row in searches}
        self._ranks: dict[str, set[int]] = {}
        for row in tables["hits"].cells:
            self._ranks.setdefault(row["search_id"], set()).add(int(row["rank"]))
        self._spellings = {
            name: Spellings(row.get(name, "") for row in rows)
            for name, rows in (
                *((column.name, searches) for column in SEARCHES.columns if column.is_name),
                ("publisher", candidates),
            )
        }

    def require_search(self, search_id: str) -> None:
        """Raise InputError if there is no search of this id to continue."""
        if search_id not in self._known_ids:
            problem = f"is no search of this study{suggest_name(search_id, self._known_ids)}"
            remedy = "correct it, or leave it out: then a search of its own is added"
            raise InputError([Fault("--search", problem, "an id of searches.csv", remedy, value=search_id)])

    def add(self, found: Found, search_id: str = "") -> Recorded:
        """Add a search, or a part of the search `search_id`, with its hits; return what became of them."""
        digest = found.facts.get("file_sha256", "")
        if digest in self._known_files:
            return self._complete_file(found, digest)
        said = {**found.facts, **found.given}
        facts = {name: self._store_fact(name, cell) for name, cell in said.items() if cell}
        facts = {"way": "website"} | facts
        if search_id:
            self._require_same(search_id, facts)
        search_id = search_id or self._find_continued(facts, found)
        before: Cells = self._in_force.get(search_id, {}) if search_id else {}
        if not search_id:
            search_id = self._search_ids.take()
        row = self._write_search(search_id, before, facts)
        recorded = Recorded(search_id, row)
        for rank, hit in zip(self._number(search_id, found), found.hits, strict=True):
            self._add_hit(search_id, rank, hit, recorded)
        return recorded

    def _complete_file(self, found: Found, digest: str) -> Recorded:
        """Add to the searches of a file that was read before what is given and differs from what is known."""
        done = [self.complete(search_id, found.given, digest) for search_id in self._of_file[digest]]
        completed = tuple(dict.fromkeys(name for record in done for name in record.completed))
        return Recorded(done[0].search_id, done[0].facts, n_known=len(found.hits), completed=completed)

    def complete(self, search_id: str, given: Cells, digest: str = "") -> Recorded:
        """Add a row with what is given about a search, if it differs from what is known; `digest` is its file's."""
        row = self._in_force[search_id]
        stored = {name: self._store_fact(name, cell) for name, cell in given.items() if cell}
        new = {name: cell for name, cell in stored.items() if row.get(name, "") != cell}
        if new:
            named = {"file_sha256": digest, "file_name": self._name_of[digest]} if digest else {}
            row = self._write_search(search_id, row, new | named)
        return Recorded(search_id, row, completed=tuple(new))

    def _require_same(self, search_id: str, facts: Cells) -> None:
        """Raise InputError if a part that is to continue a search asked something else."""
        row = self._in_force[search_id]
        for name in ("engine", "query"):
            if row[name] and facts.get(name) and row[name] != facts[name]:
                problem = f"asked {row[name]!r}, and {facts.get('file_name') or 'the new part'} {facts[name]!r}"
                remedy = "leave --search out: then it is a search of its own"
                raise InputError([Fault("--search", problem, f"the same {name}", remedy, value=search_id)])

    def _find_continued(self, facts: Cells, found: Found) -> str:
        """Return the search that a part continues: one that asks the same, and has none of its ranks; '' if none does.

        A search of an earlier import is continued only if the part says that it is not the beginning of one.
        """
        ranks = set(_own_ranks(found) or ())
        for search_id, row in reversed(self._in_force.items()):
            is_of_now = search_id not in self._known_ids
            is_later_part = bool(ranks) and min(ranks) > 1
            if not (is_of_now or is_later_part) or not facts.get("query") or not _asks_same(row, facts):
                continue
            if not ranks or not ranks & self._ranks.get(search_id, set()):
                return search_id
        return ""

    def _number(self, search_id: str, found: Found) -> Sequence[int]:
        """Return the ranks of a part's hits: as it says itself, if they are free; else those after the last one."""
        taken = self._ranks.setdefault(search_id, set())
        own = _own_ranks(found)
        last = max(taken, default=0)
        ranks = own if own is not None and not taken.intersection(own) else range(last + 1, last + 1 + len(found.hits))
        taken.update(ranks)
        return ranks

    def _write_search(self, search_id: str, before: Cells, facts: Cells) -> Row:
        """Add a row about a search that takes the place of the one before it."""
        said = {name: before.get(name, "") for name in SEARCHES.names}
        row = {**said, **facts, "search_id": search_id, "decided_at": self.now, "reason": facts.get("reason", "")}
        while tuple(row[name] for name in SEARCHES.key) in self._keys:  # one file of several in the same second
            row["decided_at"] = _next_second(row["decided_at"])
        self._keys.add(tuple(row[name] for name in SEARCHES.key))
        self.new_searches.append(row)
        self._in_force[search_id] = row
        self._note_file(row)
        return row

    def _note_file(self, row: Cells) -> None:
        if digest := row["file_sha256"]:
            searches = self._of_file.setdefault(digest, [])
            searches += [row["search_id"]] if row["search_id"] not in searches else []
            self._name_of.setdefault(digest, row["file_name"])

    def _add_hit(self, search_id: str, rank: int, hit: Hit, recorded: Recorded) -> None:
        url, left_out = ("", hit.left_out) if hit.left_out else clean_address(hit.url)
        row = dict.fromkeys(HITS.names, "") | {"search_id": search_id, "rank": str(rank), "left_out": left_out}
        if not left_out or left_out in SHOWN:  # the title of a hit that was left out tells which it was
            row |= {"title": store_line(hit.title, LINES["title"]), "published": read_day(hit.published, self.now)}
            row["publisher"] = store_line(hit.publisher, LINES["publisher"])
            row["snippet"] = store_words(hit.snippet, MOST_SIGNS) if self.keeps_words else ""
            recorded.n_words_left += bool(hit.snippet) and not self.keeps_words
        if left_out:
            shown = (store_line(hit.title, LINES["title"]), store_line(hit.url if left_out == OF_ENGINE else "", 500))
            recorded.leave_out(Unused(rank, *shown, left_out))
        else:
            row["cited_by"] = hit.cited_by
            row |= {"url": url, "candidate_id": self._find_candidate(search_id, url, row, recorded)}
        self.new_hits.append(row)

    def _find_candidate(self, search_id: str, url: str, hit: Cells, recorded: Recorded) -> str:
        """Return the candidate of a hit's page; a new one if there is none."""
        variant = read_variant(url)
        is_route = variant is not None and bool(variant.route)  # of a page that scripts choose by its fragment
        page = tell_page(url, frozenset([exact_key(url)]) if is_route else self._distinct)
        if known := self._candidate_of.get(page):
            recorded.merge(Unused(int(hit["rank"]), hit["title"], url, f"same page as {known}"))
            return known
        recorded.n_new += 1
        candidate_id = self._candidate_ids.take()
        publisher = self._spellings["publisher"].find(hit["publisher"])
        named = {"title": name_candidate(hit["title"], url), "publisher": publisher, "published": hit["published"]}
        row = {"candidate_id": candidate_id, "url": url, **named, "found_by": search_id}
        self.new_candidates.append(row | ({"is_distinct": "yes"} if is_route else {}))
        self._candidate_of[page] = candidate_id
        return candidate_id

    def _store_fact(self, name: str, cell: str) -> str:
        if name in ("query", "file_name", "stopped_because"):
            return store_line(cell, MOST_SIGNS) if name != "query" else store_query(cell)
        spellings = self._spellings.get(name)
        return cell.strip() if spellings is None else spellings.find(store_line(cell, LINES["publisher"]))


class _Ids:
    """The next ids after those taken, one after the other, written like the last of them."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._next = number_ids(taken, 1, taken[-1])[0]

    def take(self) -> str:
        """Return the next id."""
        taken, self._next = self._next, number_ids([self._next], 1, self._next)[0]
        return taken


def _own_ranks(found: Found) -> Sequence[int] | None:
    """Return the ranks that a part's hits say themselves, each once, or that follow from its first; None if unknown."""
    ranks = [hit.rank for hit in found.hits if hit.rank]
    if found.hits and len(set(ranks)) == len(found.hits):
        return ranks
    return range(found.first_rank, found.first_rank + len(found.hits)) if found.first_rank else None


def _asks_same(row: Cells, facts: Cells) -> bool:
    """Return whether two searches ask the same of the same engine, and not on two days."""
    day, other = row.get("searched_at", "")[:10], facts.get("searched_at", "")[:10]
    return all(row.get(name, "") == facts.get(name, "") for name in DESCRIBING) and (
        day == other or not (day and other)
    )


def _next_second(when: str) -> str:
    later = datetime.datetime.fromisoformat(when) + datetime.timedelta(seconds=1)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")
