"""The house: its rooms in layers, and who imports whom.

`python tests/house.py` draws it, and writes the table of rooms in docs/ARCHITECTURE.md anew.

Imports are followed with `ast`, those inside functions and those for types only included.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graylit.runs.endings import end_plainly

HOUSE = Path(__file__).resolve().parents[1]
PACKAGE = HOUSE / "src/graylit"
ARCHITECTURE = HOUSE / "docs/ARCHITECTURE.md"
# Lowest first. A room imports itself and rooms of lower layers only.
LAYERS = (
    ("tables",),
    ("languages", "measures", "runs"),
    ("captures", "anchors", "pages"),
    ("screening", "synthesis"),
    ("study",),
    ("collection", "preparation", "comparison", "exchange"),
    ("search", "topics", "models", "report", "audit", "exports"),
    ("desk", "site"),
    ("commands",),
    ("cli",),
)
FLOOR_OF = {room: floor for floor, layer in enumerate(LAYERS) for room in layer}
NETWORK_ROOMS = {"collection", "search", "models"}
# Libraries that ask other machines; `http.server` and `socketserver` only answer.
NETWORK_LIBRARIES = {"requests", "urllib3", "aiohttp", "httpx", "ftplib", "http.client", "urllib.request", "playwright"}
COLLECTION_MAY_IMPORT = {"collection", "tables", "languages", "runs", "captures"}


def name_module(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the room of a module of the package; '' for the package itself."""
    return module.split(".")[1] if "." in module else ""


@cache
def parse_file(path: Path) -> ast.Module:
    """Return the syntax tree of a file, which is parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def list_nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of the syntax tree of a file."""
    return tuple(ast.walk(parse_file(path)))


def list_imports(path: Path, known: set[str]) -> Iterator[str]:
    """Yield the modules that a file imports; of the package, the module that a name comes from."""
    for node in list_nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else str(node.module) for name in names)


MODULES = {name_module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def map_imports() -> dict[str, set[str]]:
    """Return what each module of the package imports, by its name."""
    return {name: set(list_imports(path, set(MODULES))) - {name} for name, path in MODULES.items()}


def find_circle(imports: dict[str, set[str]]) -> list[str]:
    """Return the modules of one import circle in order; none if there is none."""
    done: set[str] = set()

    def follow(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return trail[trail.index(module) :]
        if module in done:
            return []
        for imported in sorted(imports.get(module, ())):
            if circle := follow(imported, [*trail, module]):
                return circle
        done.add(module)
        return []

    return next((circle for module in sorted(imports) if (circle := follow(module, []))), [])


def list_upward() -> list[tuple[str, str]]:
    """Return each import of a module of the same or a higher layer, its own room excepted: (importer, imported)."""
    return [
        (module, imported)
        for module, found in map_imports().items()
        for imported in sorted(found)
        if imported.startswith("graylit.") and room_of(imported) != room_of(module)
        if FLOOR_OF[room_of(imported)] >= FLOOR_OF.get(room_of(module), len(LAYERS))
    ]


def describe_room(room: str) -> str:
    """Return the sentence that says what a room holds."""
    docstring = ast.get_docstring(parse_file(MODULES[f"graylit.{room}"])) or ""
    return docstring.partition("\n")[0]


def draw_house() -> str:
    """Return the layers, highest first, with each room's sentence and its number of modules."""
    lines = []
    for floor in reversed(range(len(LAYERS))):
        for room in LAYERS[floor]:
            within = [name for name in MODULES if room_of(name) == room]
            lines.append(f"{floor + 1:>2}  {room:<12} {max(len(within) - 1, 1):>3}  {describe_room(room)}")
    counts = (
        f"{len(MODULES)} modules, {len(list_upward())} imports upward, circle: {find_circle(map_imports()) or 'none'}"
    )
    return "\n".join([*lines, counts])


def draw_table() -> str:
    """Return the layers, highest first, as the table of docs/ARCHITECTURE.md."""
    rows = [
        f"| {floor + 1} | `{room}` | {describe_room(room)} |"
        for floor in reversed(range(len(LAYERS)))
        for room in LAYERS[floor]
    ]
    return "\n".join(["| layer | room | what it holds |", "|---|---|---|", *rows]) + "\n"


def insert_table(page: str) -> str:
    """Return docs/ARCHITECTURE.md with the table of rooms as it is now."""
    start = page.index("| layer | room |")
    return page[:start] + draw_table() + page[page.index("\n\n", start) + 1 :]


if __name__ == "__main__":
    with end_plainly():
        print(draw_house())
    ARCHITECTURE.write_text(insert_table(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
