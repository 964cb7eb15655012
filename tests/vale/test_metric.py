"""Metrics and readability grades are computed from the counts of an article."""

from __future__ import annotations

from typing import Any

import pytest

from linter.document import DERIVED_BLOCKS, Block, Document
from linter.readers import read
from linter.rule import Match
from linter.source import Source
from linter.vale.checks import metric, readability
from linter.vale.definition import BadOption, Context, Definition, Vocabulary

CONTEXT = Context(Vocabulary())
TEXT = "The tram network was extended twice.\n\nAdministrations disagree, naturally."


def block(text: str, sections: str) -> Block:
    return Block(text, frozenset(sections.split()), (0, 0, len(text)))


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> Document:
    blocks = (block("Trams", "vale.text text heading h2"), block("Buses", "vale.text text list"))
    monkeypatch.setitem(DERIVED_BLOCKS, "vale.summary", lambda document: (block(TEXT, "vale.summary summary"),))
    monkeypatch.setitem(DERIVED_BLOCKS, "vale.text", lambda document: blocks)
    return read(Source("A `b`.\n\n```\nx\n```\n\n    y\n\n<pre>\nz\n</pre>\n", "a.md"), "markdown")


def found(module: Any, options: dict[str, object], document: Document) -> list[str]:
    definition = Definition("Own.Rule", module.__name__.rpartition(".")[2], "%s", options=options)
    matches: list[Match] = list(module.make(definition, CONTEXT).find_in(document))
    assert all((match.start, match.end, match.edits) == (0, 0, ()) for match in matches)
    return [match.values["message"] for match in matches]


@pytest.mark.parametrize(
    ("formula", "condition", "expected"),
    [
        pytest.param("words / sentences", "> 4", ["4.50"], id="the value is above the limit"),
        pytest.param("words / sentences", "> 4.5", [], id="the value is the limit"),
        pytest.param("heading.h2 + 10 * list + 100 * blockquote + 1000 * pre", "> 0", ["3011.00"], id="blocks"),
        pytest.param("paragraphs", "> 1 && words > 100", [], id="variables in the condition"),
        pytest.param("words / blockquote", "!= 0", [], id="a division by zero"),
    ],
)
def test_metric(formula: str, condition: str, expected: list[str], document: Document) -> None:
    assert found(metric, {"formula": formula, "condition": condition}, document) == expected


def test_readability_is_a_mean(document: Document) -> None:
    fog, smog = 0.4 * (4.5 + 100 * 3 / 9), 1.043 * (30 * 4 / 2) ** 0.5 + 3.1291
    options = {"metrics": ("Gunning Fog", "SMOG"), "grade": 8.0}
    assert found(readability, options, document) == [f"{(fog + smog) / 2:.2f}"]
    assert found(readability, options | {"grade": 14.0}, document) == []


def test_an_article_without_words_has_no_grade(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DERIVED_BLOCKS, "vale.summary", lambda document: ())
    assert found(readability, {"metrics": ("SMOG",), "grade": -100.0}, document) == []
    assert found(metric, {"formula": "words", "condition": "== 0"}, document) == []


@pytest.mark.parametrize(
    ("module", "options", "message"),
    [
        (metric, {"formula": "word"}, "formula: “word” is unknown; did you mean “words”?"),
        (metric, {"formula": "words", "condition": "10"}, "condition: this is not a valid expression"),
        (metric, {"formula": "words"}, "condition: this must be a condition"),
        (readability, {"metrics": ("Fog",)}, "metrics: “Fog” must be Automated Readability, Coleman-Liau"),
        (readability, {}, "metrics: at least one metric must be given"),
    ],
)
def test_mistakes(module: Any, options: dict[str, object], message: str) -> None:
    with pytest.raises(BadOption, match=message.replace("?", r"\?")):
        module.make(Definition("Own.Rule", "", "%s", options=options), CONTEXT)
