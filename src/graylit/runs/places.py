"""Where the workflow, its scripts and the templates are: in a clone beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries what a clone has beside the package.
HOUSE = PACKAGE / "house" if (PACKAGE / "house").is_dir() else PACKAGE.parents[1]
SCRIPTS = HOUSE / "scripts"
SNAKEFILE = HOUSE / "workflow/Snakefile"
SCHEMA = HOUSE / "workflow/schemas/config.schema.yaml"
TEMPLATES = PACKAGE / "templates"
