"""No test looks into what this machine has kept of earlier runs, nor adds to it."""

from __future__ import annotations

import os

import pytest

from linter.keeping import cache


@pytest.fixture(scope="session", autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ[cache.VARIABLE] = str(tmp_path_factory.mktemp("cache"))
