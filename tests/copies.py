"""Copies of the project for tests that change it or install it.

An installation stores the analyzed rules in the folder that it installs from, so it must not be the one that other
tests use at the same time.
"""

from __future__ import annotations

import shutil
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".hypothesis", ".*_cache", "node_modules")


def copy_project(folder: Path) -> None:
    """Copy the project to `folder`, without what git and other tools store in it."""
    shutil.copytree(_ROOT, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
