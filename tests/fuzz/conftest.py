"""How long fuzzers run, and with which seed: a few seconds each in CI, and as long as you like by hand.

    COPYDESK_FUZZ=1000 COPYDESK_FUZZ_SEED=7 pytest -m slow tests/fuzz

A fuzzer is a test that takes `rng` and `scale` and tries a fixed number of random inputs times `scale`.
"""

from __future__ import annotations

import os
import random

import pytest

_SEED = os.environ.get("COPYDESK_FUZZ_SEED", "0")


@pytest.fixture
def scale() -> int:
    """The factor for the number of inputs: `COPYDESK_FUZZ`, at least 1."""
    return max(1, int(os.environ.get("COPYDESK_FUZZ", "1")))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A random number generator that depends only on the seed and the test, not on the process or the order."""
    return random.Random(f"{_SEED} {request.node.nodeid}")
