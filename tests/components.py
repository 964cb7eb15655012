"""Optional components that tests use: packages and programs."""

from __future__ import annotations

import importlib.util
import os
import shutil
from importlib import import_module
from typing import Any

import pytest


def needs(*packages: str, program: str = "") -> None:
    """Skip the test or all tests of the module if a package or program is missing, unless components are required."""
    lacks = [name for name in packages if not importlib.util.find_spec(name)]
    if program and not shutil.which(program):
        lacks.append(program)
    if lacks and not os.environ.get("COMPONENTS_REQUIRED"):
        pytest.skip(f"there is no {lacks[0]} on this machine", allow_module_level=True)


def package(name: str) -> Any:
    """Return an optional package. If it is missing, skip a test, or all tests of its module, as `needs` does."""
    return import_module(name) if os.environ.get("COMPONENTS_REQUIRED") else pytest.importorskip(name)
