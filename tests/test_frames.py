"""The depth of the call stack, from the command line to a finding, and from a rule file to a match."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from linter import cli, engine
from linter.config import packs, rule_file
from linter.rule import Match, Rule

ROOT = Path(__file__).parent.parent
MOST = 10


def frames(frame: FrameType | None, start: object) -> list[str]:
    """Return the names of the functions from `start` down to a frame, or none if `start` is not among its callers."""
    names: list[str] = []
    while frame:
        names.insert(0, frame.f_code.co_qualname)
        if frame.f_code is start.__code__:  # type: ignore[attr-defined]
            return names
        frame = frame.f_back
    return []


def record(monkeypatch: pytest.MonkeyPatch, place: object, name: str, start: object, seen: list[list[str]]) -> None:
    """Record the stack from `start` at each call of the class `name` of a module."""
    made: Any = getattr(place, name)

    def recorded(*args: Any, **named: Any) -> Any:
        if way := frames(sys._getframe(1), start):
            seen.append(way)
        return made(*args, **named)

    monkeypatch.setattr(place, name, recorded)


def test_ten_frames_from_the_command_line_to_a_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[list[str]] = []
    record(monkeypatch, engine, "Finding", cli.main, seen)
    (tmp_path / "a.md").write_text("The mayor spoke. <!-- copydesk: ignore spelling -->\n", "utf-8")
    articles = [str(ROOT / "examples"), str(ROOT / "docs" / "newsroom"), str(tmp_path)]
    assert cli.main(["check", *articles, "--isolated", "--no-cache", "--jobs", "1", "--quiet"]) == 1
    assert len(seen) > 20
    assert {"check_batch", "note_findings", "cross_findings"} <= {name for way in seen for name in way}
    assert max(seen, key=len)[:MOST] == max(seen, key=len)


def test_ten_frames_from_the_file_of_a_rule_to_a_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the frames that turn the file into a rule, and those in which its check finds a match."""
    read: list[list[str]] = []
    matched: list[list[str]] = []
    record(monkeypatch, rule_file, "Rule", packs.load_packs, read)
    packs.shipped_rules.cache_clear()
    rules = packs.load_packs(())
    monkeypatch.undo()
    packs.shipped_rules.cache_clear()
    new = Match.__new__

    def recorded(cls: type[Match], *args: Any, **named: Any) -> Match:
        if way := frames(sys._getframe(1), engine.check_batch):
            matched.append(way)
        return new(cls, *args, **named)

    monkeypatch.setattr(Match, "__new__", recorded)
    monkeypatch.chdir(ROOT)
    assert cli.main(["check", "examples", "docs/newsroom", "--isolated", "--no-cache", "--jobs", "1", "--quiet"]) == 1
    assert len(read) == len(rules)
    assert len(matched) > 20
    assert len(max(read, key=len)) + len(max(matched, key=len)) <= MOST


def test_frames_begin_at_the_start() -> None:
    def inner() -> list[str]:
        return frames(sys._getframe(), test_frames_begin_at_the_start)

    assert [name.rpartition(".")[2] for name in inner()] == ["test_frames_begin_at_the_start", "inner"]
    assert frames(sys._getframe(), Rule.__init__) == []
