"""No test looks into what this machine has kept of earlier runs, nor adds to it."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from linter.keeping import cache

settings.register_profile("copydesk", deadline=None)  # tests run side by side; none of them is about time
settings.load_profile("copydesk")


@pytest.fixture(scope="session", autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ[cache.VARIABLE] = str(tmp_path_factory.mktemp("cache"))
