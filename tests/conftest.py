"""Settings of all tests. No test reads or changes the user's cache, and runs have one process by default."""

from __future__ import annotations

import gc
import os
from contextlib import suppress

import pytest
from hypothesis import settings

from linter import cache, workers
from linter.cli import GARBAGE

gc.set_threshold(GARBAGE)  # as the command does
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs that tests start load compiled modules, as a user's do
settings.register_profile("copydesk", deadline=None)  # tests run side by side; none of them is about time
settings.load_profile("copydesk")


@pytest.fixture(scope="session", autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ[cache.VARIABLE] = str(tmp_path_factory.mktemp("cache"))
    workers._THREADED = ()  # tests share a process, and what one of them imports must not change another one
    workers.usable_cpus = _one  # forking the process of the tests is slow; tests of several processes ask for them
    with suppress(ImportError):  # an extension
        from linter.lsp import folders

        folders._forget_replaced = _nothing  # it would collect the garbage of all tests


def _one() -> int:
    return 1


def _nothing() -> None:
    pass


def pytest_collection_finish() -> None:
    """Exempt the tests themselves from garbage collection: there are thousands."""
    gc.freeze()
