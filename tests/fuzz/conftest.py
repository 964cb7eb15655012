"""How long fuzzers run, and from which seed: a few seconds each in CI, as long as asked by hand.

    COPYDESK_FUZZ=1000 COPYDESK_FUZZ_SEED=7 pytest tests/fuzz

A fuzzer is a test that takes `rng` and `scale` and tries a fixed number of random inputs times `scale`.
"""

from __future__ import annotations

import os
import random

import pytest

_SEED = os.environ.get("COPYDESK_FUZZ_SEED", "0")


@pytest.fixture
def scale() -> int:
    """The factor on the number of inputs: `COPYDESK_FUZZ`, at least 1."""
    return max(1, int(os.environ.get("COPYDESK_FUZZ", "1")))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers of this test alone, the same for the same seed, in any process and any order of tests."""
    return random.Random(f"{_SEED} {request.node.nodeid}")
