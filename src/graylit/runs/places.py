"""Where the workflow, its scripts and the templates are: in a clone beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_CARRIED = PACKAGE / "house"  # what a clone has beside the package, in a wheel (pyproject.toml lists it)
HOUSE = _CARRIED if _CARRIED.is_dir() else PACKAGE.parents[1]
SCRIPTS = HOUSE / "scripts"
SNAKEFILE = HOUSE / "workflow/Snakefile"
SCHEMA = HOUSE / "workflow/schemas/config.schema.yaml"
MODEL_SCHEMA = HOUSE / "workflow/schemas/model.schema.yaml"
TEMPLATES = PACKAGE / "templates"
NEW_STUDY = TEMPLATES / "new"
PROMPTS = TEMPLATES / "prompts"
MANUALS = (HOUSE / "config/README.md", HOUSE / "config/TABLES.md")


def list_files(folder: Path) -> list[Path]:
    """Return the files below a folder in order, hidden and compiled ones left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [path for path in paths if "__pycache__" not in path.parts]


def list_package() -> list[Path]:
    """Return the files of the package: its modules and templates, without what a wheel carries inside it."""
    return [path for path in list_files(PACKAGE) if _CARRIED not in path.parents]


def list_modules() -> list[Path]:
    """Return the files of the package's modules."""
    return [path for path in list_package() if path.suffix == ".py"]
