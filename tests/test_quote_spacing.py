"""Extra spaces inside quotation marks, and missing spaces outside."""

from __future__ import annotations

import pytest

from linter.checks.spacing.quote_spacing import QuoteSpacing
from linter.document import Document
from linter.readers import read
from linter.source import Source


def found(check: QuoteSpacing, text: str, language: str = "") -> list[str]:
    document: Document = read(Source(text, "tram.txt"), "text")
    if language:
        from linter.text.language import with_language

        document = with_language(document, language)
    return [text[match.start : match.end] for match in check.find_in(document)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He says " hello" to the crew.', ['" h']),
        ('He says "hello " to the crew.', ['o "']),
        ("He says “ hello” to “the crew ”.", ["“ h", "w ”"]),
        ('He says "hello" to "the crew" and more.', []),
        ('Pipes of 5" and 6" are late.', []),
        ('An odd " number of marks.', []),
        ("„Er sagt “ und geht.", []),
    ],
)
def test_inner_side(text: str, expected: list[str]) -> None:
    assert found(QuoteSpacing("inside"), text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ('He calls this"a tram" of old.', "en", ['s"']),
        ('He calls "the tram"late and old.', "en", ['"l']),
        ('Dia bilang "tram"nya datang.', "id", []),
        ('The "tram"s and "ferry" are late.', "en", []),
    ],
)
def test_outer_side(text: str, language: str, expected: list[str]) -> None:
    assert found(QuoteSpacing("outside"), text, language) == expected


def test_french_is_ignored() -> None:
    assert found(QuoteSpacing("inside"), "Il dit “ bonjour ” au maire.", "fr") == []
