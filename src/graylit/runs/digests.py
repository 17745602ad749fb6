"""What a script depends on in the package: the modules that it reaches, and one digest of them.

Snakemake reruns a step when its script changes, not when a module it imports does. Each rule therefore carries the
digest of the modules that its script reaches. Imports are followed with `ast`, those inside functions included, and so
is the `__init__` of each package on the way. Imports under `if TYPE_CHECKING:` are left out: a run never executes them,
so they cannot change a result.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.util import resolve_name
from pathlib import Path

from graylit.runs.places import PACKAGE, SCRIPTS, list_modules

# Parsing all modules takes 0.3 s, a third of a run in which nothing is to be done; reading this file takes 1 ms.
KNOWN_IMPORTS = Path(".snakemake/graylit_imports.json")


class ModuleReader:
    """Files of a package with what they import; each is read once, and parsed if no earlier run knew its content."""

    def __init__(self, root: Path, modules: Iterable[Path], known: Path | None = None) -> None:
        """Take the modules of a package below `root`, and from the file `known` what an earlier run found out."""
        self._root, self._known = root, known
        self._modules = {_name_module(path, root): path for path in modules}
        self._names = {path: name for name, path in self._modules.items()}
        self._imports = _read_known(known)
        self._n_known = len(self._imports)
        self._digests: dict[Path, str] = {}
        self._run: dict[Path, set[Path]] = {}

    def list_reached(self, script: Path) -> list[Path]:
        """Return the files of the package that run when a script or a module of it does, sorted."""
        reached, waiting = {script}, [script]
        while waiting:
            new = self._list_run(waiting.pop()) - reached
            reached |= new
            waiting += new
        return sorted(reached & self._names.keys())  # a script is no file of the package

    def digest(self, script: Path) -> str:
        """Return one digest of a script and of the files that it reaches: their paths and their content."""
        lines = [
            f"{self._digest(path)}  {path.relative_to(self._root).as_posix()}\n" for path in self.list_reached(script)
        ]
        lines.append(f"{self._digest(script)}\n")
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def keep_known(self) -> None:
        """Write down what this run parsed; if the folder is somebody else's, the next run parses it again."""
        if self._known and len(self._imports) > self._n_known:
            with contextlib.suppress(OSError):
                self._known.parent.mkdir(exist_ok=True)
                known = {"made_by": _digest_self(), "imports": self._imports}
                self._known.write_text(json.dumps(known), encoding="utf-8")

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if digest not in self._imports:
                self._imports[digest] = sorted(set(list_imports(ast.parse(content).body)))
            self._digests[path] = digest
        return self._digests[path]

    def _list_run(self, path: Path) -> set[Path]:
        """Return the files of the package that run when a file does: what it names, and the packages on the way."""
        if path not in self._run:
            module = self._names.get(path, "")
            package = module if path.name == "__init__.py" else module.rpartition(".")[0]
            names = [module, *(resolve_name(name, package) for name in self._imports[self._digest(path)])]
            self._run[path] = {
                self._modules[part] for name in names for part in _list_parts(name) if part in self._modules
            }
        return self._run[path]


def open_package(known: Path | None = None) -> ModuleReader:
    """Return the modules of this package, with what an earlier run found out about them."""
    return ModuleReader(PACKAGE.parent, list_modules(), known)


def digest_files(paths: Iterable[Path]) -> str:
    """Return one digest of what stands in files, whatever their folder."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(paths)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def digest_scripts(known: Path | None = None) -> dict[str, str]:
    """Return the digest of the modules that each rule's script reaches, by rule."""
    reader = open_package(known)
    digests = {path.stem: reader.digest(path) for path in sorted(SCRIPTS.glob("*/*.py"))}
    reader.keep_known()
    return digests


def list_imports(body: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that statements import when they run, at any depth; `from a import b` gives a and a.b."""
    for statement in body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            stem = f"{module}." if statement.module else module
            yield from (module, *(stem + alias.name for alias in statement.names))
        elif isinstance(statement, ast.If) and ast.unparse(statement.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from list_imports(statement.orelse)
        elif isinstance(statement, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from list_imports(
                child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.expr)
            )


def _name_module(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _list_parts(name: str) -> list[str]:
    """Return a dotted name and the packages on its way: a, a.b and a.b.c."""
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _digest_self() -> str:
    """Return what stands for the way in which imports are found: another way must not trust what this one found."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _read_known(path: Path | None) -> dict[str, list[str]]:
    try:
        known = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}  # never written, or cut off by a killed run: everything is parsed anew
    return known["imports"] if known.get("made_by") == _digest_self() else {}
