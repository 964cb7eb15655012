"""docs/writing-checks.md: its kind of check, rule and test work as they are printed."""

from __future__ import annotations

import re
import sys
from importlib import util
from pathlib import Path

import pytest

from linter import checks, engine, readers
from linter.config import rule_file, yaml_file
from linter.config.yaml_file import File
from linter.prefilter import NoPrefilter
from linter.source import Source
from linter.text import language

PAGE = (Path(__file__).parent.parent / "docs" / "writing-checks.md").read_text("utf-8")
MODULE, _, TEST = re.findall(r"(?s)```python\n(.*?)```", PAGE)
(RULE,) = re.findall(r"(?s)```yaml\n(.*?)```", PAGE)


@pytest.fixture
def kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of the kind of check of the page, after creating its module."""
    file = tmp_path / "long_words.py"
    file.write_text(MODULE, "utf-8")
    spec = util.spec_from_file_location("linter.checks.spelling.long_words", file)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    kinds = {**checks.check_kinds(), "long_words": "spelling"}
    monkeypatch.setattr(rule_file, "check_kinds", lambda: kinds)
    monkeypatch.setattr(checks, "check_kinds", lambda: kinds)
    return "long_words"


def test_its_rule_finds_what_is_marked(kind: str) -> None:
    file = File("long-word.yaml")
    top = yaml_file.parse(RULE, file)
    assert top
    rule = rule_file.read_rule(top, "spelling", "long-word", explained=True)
    assert file.mistakes == []
    assert rule
    assert rule.kind == kind
    for example in (*rule.bad, *rule.good):
        document = language.with_language(readers.read(Source(example.text), "markdown"))
        findings, problems = engine.check(document, NoPrefilter((rule,)))
        assert [(finding.start, finding.end) for finding in findings] == [*example.spans]
        assert problems == []


def test_its_docstring_documents_its_keys(kind: str) -> None:
    documented = checks.check_class(kind).__doc__
    assert all(f"`{name}`" in documented for name in rule_file.options_of_kind(kind))


@pytest.mark.usefixtures("kind")
def test_its_test_passes() -> None:
    names: dict[str, object] = {}
    exec(TEST, names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    test()  # type: ignore[operator]
