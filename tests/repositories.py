"""Folders under git, as tests make them."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
SETTINGS = ("user.name=A", "user.email=a@example.org", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it said."""
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    command = ["git", *settings, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
