"""Measures of whole articles, and the limits at which they are reported."""

from __future__ import annotations

import pytest

from linter.checks import check_class
from linter.checks.structure.article_length import ArticleLength
from linter.checks.structure.share import Share
from linter.readers import read
from linter.source import Source

MEASURES: dict[str, tuple[str, dict[str, object]]] = {
    "words": ("article_length", {"unit": "words"}),
    "word-length": ("article_length", {"unit": "word-length"}),
    "lists": ("share", {"unit": "blocks", "only": "lists"}),
    "symbols": ("share", {"unit": "words", "pattern": "(?<!\\S)[^\\p{L}\\s]++(?!\\S)"}),
    "marks": ("share", {"unit": "words", "pattern": "#|…|\\.\\.\\."}),
    "links": ("share", {"unit": "characters", "only": "links"}),
    "ends": ("share", {"unit": "blocks", "pattern": '[.!?…。！？:;]["”’»)\\]]*\\Z'}),
    "short": ("share", {"unit": "blocks", "pattern": "(?s)\\A.{1,30}\\Z"}),
    "dots": ("share", {"unit": "blocks", "pattern": "(?:…|\\.\\.\\.)[\\])]?\\Z"}),
    "repeated": ("share", {"unit": "characters", "only": "repeats"}),
    "digits": ("share", {"unit": "characters", "pattern": "\\p{Nd}"}),
    "signs": ("share", {"unit": "characters", "pattern": "[^\\p{L}\\p{N}\\s]"}),
    "addresses": ("share", {"unit": "characters", "pattern": "(?:https?://|www\\.)\\S+"}),
    "brackets": ("share", {"unit": "characters", "pattern": "\\([^()\\n]*\\)"}),
}


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        pytest.param("words", "# The tram\n\n- is\n- `not` late", "5", id="words of all prose, code as one"),
        pytest.param("word-length", "a bb ccc", "2.0", id="code points of a word"),
        pytest.param("lists", "# A\n\nB\n\n- c\n- d\n- e", "75", id="items among what is no heading"),
        pytest.param("symbols", "a 1 + b", "50", id="words without a letter"),
        pytest.param("marks", "a #b c… d", "50", id="number signs and ellipses"),
        pytest.param("links", "[aaaa](x) bbb", "50", id="characters in links"),
        pytest.param("ends", "# A\n\nB.\n\nc", "50", id="paragraphs with an end mark"),
        pytest.param("short", f"# A\n\nB\n\n{31 * 'c'}\n\n{30 * 'd'}\n\n{31 * 'e'}", "50", id="short paragraphs"),
        pytest.param("dots", "A…\n\nb [...]\n\nc.\n\nd… e", "50", id="paragraphs that end in dots"),
        pytest.param("repeated", "aa\n\nbb\n\naa\n\ncc", "25", id="characters in repeated text"),
        pytest.param("digits", "ab12", "50", id="digits"),
        pytest.param("signs", "a+ -", "50", id="neither letters nor digits nor spaces"),
        pytest.param("addresses", "see www.a.bc", "66.7", id="addresses"),
        pytest.param("brackets", "abcd (ab)", "44.4", id="characters in brackets"),
    ],
)
def test_what_is_measured(of: str, text: str, expected: str) -> None:
    kind, options = MEASURES[of]
    (match,) = check_class(kind)(**options, at_most=0.01).find_in(read(Source(text), "markdown"))
    assert match.values["value"] == expected


@pytest.mark.parametrize(
    ("check", "text", "values"),
    [
        pytest.param(ArticleLength("words", at_least=3), "a b", {"value": "2", "limit": "3"}, id="too few"),
        pytest.param(ArticleLength("words", at_least=2), "a b", None, id="enough"),
        pytest.param(Share("characters", r"\d", at_most=0.5), "a123", {"value": "75", "limit": "50"}, id="per cent"),
        pytest.param(Share("characters", r"\d", at_most=0.5, words=2), "a123", None, id="not of a few words"),
        pytest.param(
            ArticleLength("word-length", at_most=3), "abcd", {"value": "4.0", "limit": "3.0"}, id="an average"
        ),
        pytest.param(
            ArticleLength("words", at_least=3), "![](a.png)", {"value": "1", "limit": "3"}, id="a picture is a word"
        ),
        pytest.param(ArticleLength("words", at_least=3), "", None, id="an article without a word"),
    ],
)
def test_limits(check: Share | ArticleLength, text: str, values: dict[str, str] | None) -> None:
    matches = list(check.find_in(read(Source(text), "markdown")))
    assert [match.values for match in matches] == ([values] if values else [])


@pytest.mark.parametrize("check", [Share, ArticleLength])
def test_a_measure_has_a_limit(check: type[Share | ArticleLength]) -> None:
    with pytest.raises(ValueError, match="either"):
        check("words")
