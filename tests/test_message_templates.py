"""Templates of messages and replacements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import finding

LONG = "All that the council had to say about the costs of the harbour tram, and about those who pay for it"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        pytest.param("“{match}”: no", "tram", "“tram”: no", id="a short value stands whole"),
        pytest.param("{match}", "the\n  tram", "the tram", id="white space becomes one space"),
        pytest.param("{match:start}", "the tram", "the tram", id="a start that is all"),
        pytest.param("{match:end}", "the tram", "the tram", id="an end that is all"),
        pytest.param("{match:start}", LONG, "All that the council…", id="the first words"),
        pytest.param("{match:end}", LONG, "…who pay for it", id="the last words"),
        pytest.param("{match:start}", "x" * 90, "x" * 32 + "…", id="the start of a long word"),
        pytest.param("{match:end}", "x" * 90, "…" + "x" * 32, id="the end of a long word"),
        pytest.param("{match}", LONG, LONG[:40] + "…" + LONG[-39:], id="both ends of a long value"),
        pytest.param("{match:start}", "xxxx " * 6 + "x xxxx", "xxxx xxxx xxxx xxxx…", id="four words"),
        pytest.param("{match:start}", "x" * 31 + " xx", "x" * 31 + "…", id="no space before the ellipsis"),
        pytest.param("See “{match}”. Go.", "Is it late?", "See “Is it late?” Go.", id="a sentence with its end mark"),
        pytest.param("See “{match}”.", LONG, f"See “{LONG[:40]}…{LONG[-39:]}”.", id="a period after a part"),
        pytest.param("{{{match}}}", "tram", "{tram}", id="braces are written twice"),
    ],
)
def test_a_message_is_filled(text: str, value: str, expected: str) -> None:
    assert finding.fill_template(text, {"match": value}) == expected


@given(st.text(max_size=200))
def test_a_message_stays_short(value: str) -> None:
    for form, most in (("", 80), (":start", 33), (":end", 33)):
        assert len(finding.fill_template(f"{{match{form}}}", {"match": value})) <= most


def test_a_replacement_has_its_values_whole() -> None:
    assert finding.expand_template("<{match}>{{}}", {"match": "a\n  b" * 40}) == "<" + "a\n  b" * 40 + ">{}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("no place", set(), id="none"),
        pytest.param("{match} and {match:end}, {right}", {"match", "right"}, id="two"),
        pytest.param("{{match}}", set(), id="braces are no place"),
    ],
)
def test_template_fields(text: str, expected: set[str]) -> None:
    assert finding.template_fields(text) == expected


@pytest.mark.parametrize(
    "text", ["{", "}", "{}", "{0}", "{match!r}", "{match:>8}", "{match.text}", "{match[0]}", "{a b}"]
)
def test_wrong_templates(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        finding.template_fields(text)
