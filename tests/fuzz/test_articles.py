"""Damaged articles, all shipped rules on: no exception, exact positions, fixes that hold and lose no byte."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from fuzz import inputs
from fuzz.checking import FAST, PLAIN, across, find_in, read
from linter import engine
from linter.fix.edits import apply_fixes
from linter.source import Source

pytestmark = pytest.mark.slow


def check(raw: bytes, kind: str) -> None:
    """Check that every position has the text of its finding, in lines and columns too, and that no rule was cut off."""
    source = Source.from_bytes(raw)
    document = read(source, kind)
    findings, problems = engine.check(document, FAST)
    assert not problems
    for finding in [*findings, *across(document)]:
        assert source.text[finding.start : finding.end] == finding.text
        for at in (finding.start, finding.end):
            assert not at or source.text[at - 1 : at + 1] != "\r\n"  # no finding splits a line end
        assert source.position(finding.start) == (finding.line, finding.column)
        assert source.position(finding.end) == (finding.end_line, finding.end_column)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(source.text)


def check_prefilter(raw: bytes, kind: str) -> None:
    """Check that the prefilter leaves out no rule that finds something."""
    document = read(Source.from_bytes(raw), kind)
    assert engine.check(document, FAST) == engine.check(document, PLAIN)


def check_fixes(raw: bytes, kind: str) -> None:
    """Check that fixes terminate, a second run changes nothing, and an article without a fix keeps its bytes."""
    source = Source.from_bytes(raw)
    for unsafe in (False, True):
        done = apply_fixes(source, lambda now: find_in(now, kind), unsafe=unsafe)
        assert done.unstable == ()
        assert apply_fixes(done.source, lambda now: find_in(now, kind), unsafe=unsafe).source.text == done.source.text
        if not done.fixed:
            assert done.source is source


def attack(rng: random.Random, kind: str, count: int, check_one: Callable[[bytes, str], None]) -> None:
    """Try `count` inputs; the message of a failure is the smallest input that still fails in the same way."""

    def failure(raw: bytes) -> Exception | None:
        try:
            check_one(raw, kind)
        except Exception as error:
            return error
        return None

    for _ in range(count):
        raw = inputs.data(rng, kind)
        if error := failure(raw):
            same = type(error)
            small = inputs.smallest(raw, lambda shorter: type(failure(shorter)) is same)  # noqa: B023  # used at once
            raise AssertionError(f"{kind}: {small!r}") from failure(small)


@pytest.mark.parametrize("kind", inputs.kinds())
def test_positions_are_exact(kind: str, rng: random.Random, scale: int) -> None:
    attack(rng, kind, 60 * scale, check)


@pytest.mark.parametrize("kind", inputs.kinds())
def test_the_prefilter_loses_nothing(kind: str, rng: random.Random, scale: int) -> None:
    attack(rng, kind, 15 * scale, check_prefilter)


@pytest.mark.parametrize("kind", inputs.kinds())
def test_fixes_hold(kind: str, rng: random.Random, scale: int) -> None:
    attack(rng, kind, 12 * scale, check_fixes)


@pytest.mark.parametrize("kind", inputs.kinds())
def test_there_is_something_to_find(kind: str, rng: random.Random) -> None:
    found = {finding.rule for _ in range(40) for finding in find_in(Source.from_bytes(inputs.data(rng, kind)), kind)}
    assert len(found) >= 15
