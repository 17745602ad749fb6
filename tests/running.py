"""The `graylit` command as tests call it: in this process, or, if that is the point, in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

import click.testing

from archives import REPOSITORY
from graylit.cli import graylit


def list_graylit(*arguments: object) -> list[str]:
    """Return the command line that runs the command in a process of its own."""
    return [str(Path(sys.executable).with_name("graylit")), *map(str, arguments)]


def call_graylit(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in this process; return how it ended and what it said. A mistake of ours is raised."""
    asked = [str(argument) for argument in arguments]
    ended = click.testing.CliRunner(catch_exceptions=False).invoke(graylit, asked, prog_name="graylit")
    return subprocess.CompletedProcess(asked, ended.exit_code, ended.stdout, ended.stderr)


def run_graylit(*arguments: object, cwd: Path = REPOSITORY, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; return how it ended and what it said."""
    return subprocess.run(
        list_graylit(*arguments), cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )
