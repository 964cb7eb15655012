"""Actions of Vale rules, and the edits of the text that they lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Span, simple_block
from linter.vale.actions import replacements
from linter.vale.checks.existence import Existence
from linter.vale.definition import Action, Context, Definition, Vocabulary


@pytest.mark.parametrize(
    ("name", "params", "match", "expected"),
    [
        ("remove", [], "very", ("",)),
        ("replace", ["big", "huge"], "large", ("big", "huge")),
        ("replace", [], "large", ()),
        ("convert", ["simple"], "autoScaling", ("auto scaling",)),
        ("convert", ["simple"], "Auto-scaling  Group", ("auto scaling group",)),
        ("convert", ["other"], "autoScaling", ()),
        ("convert", [], "autoScaling", ()),
        ("edit", ["regex", r"(\w+) using", "$1 by using"], "test using", ("test by using",)),
        ("edit", ["regex", "(?P<word>[a-z]+)!", "${word}."], "stop!", ("stop.",)),
        ("edit", ["regex", r"(\d)\)", "$11. "], "1) ", (".",)),
        ("edit", ["regex", "a", "$$"], "cat", ("c$t",)),
        ("edit", ["regex", r"\w", "x"], "né", ("xé",)),
        ("edit", ["regex", "x", "y"], "cat", ("cat",)),
        ("edit", ["regex", "(", "y"], "cat", ()),
        ("edit", ["regex", "a"], "cat", ()),
        ("edit", ["trim", "!."], "!Stop.!", ("Stop",)),
        ("edit", ["trim_left", "-"], "--a-", ("a-",)),
        ("edit", ["trim_right", "ly"], "reallyly", ("rea",)),
        ("edit", ["trim"], "cat", ()),
        ("edit", ["truncate", " "], "the the", ("the",)),
        ("edit", ["truncate", ""], "the", ("t",)),
        ("edit", ["split", "/", "1"], "and / or", ("or",)),
        ("edit", ["split", "/", "2"], "and/or", ()),
        ("edit", ["split", "/", "-1"], "and/or", ()),
        ("edit", ["split", "/", "one"], "and/or", ()),
        ("edit", ["unknown", "a"], "cat", ()),
        ("edit", [], "cat", ()),
        ("suggest", ["spellings"], "cta", ()),
        ("unknown", [], "cat", ()),
        ("", [], "cat", ()),
    ],
)
def test_replacements(name: str, params: list[str], match: str, expected: tuple[str, ...]) -> None:
    assert replacements(Action(name, tuple(params)), match) == expected


NAMES = ["remove", "replace", "convert", "edit", "suggest", ""]
PARAMS = ["regex", "split", "trim", "trim_left", "trim_right", "truncate", "simple", "(", "a", "$1", "", "2", "-1", "²"]


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(PARAMS) | st.text(max_size=4), max_size=4), st.text(max_size=9))
def test_wrong_parameters_raise_nothing(name: str, params: list[str], match: str) -> None:
    assert all(isinstance(text, str) for text in replacements(Action(name, tuple(params)), match))


def fixed(token: str, text: str, *, action: str = "remove", params: tuple[str, ...] = ()) -> str:
    """Return `text` after the fix of the only match of a rule with a token, which is not limited to words."""
    options = {"tokens": (token,), "nonword": True}
    definition = Definition("Own.Rule", "existence", "“%s”", action=Action(action, params), options=options)
    check = Existence(definition, Context(Vocabulary()))
    (match,) = check.find(simple_block(text, Span(0, len(text)), frozenset({"vale.text", "text"})))
    (edit,) = match.edits
    return text[: edit.start] + edit.text + text[edit.end :]


@pytest.mark.parametrize(
    ("token", "text", "expected"),
    [
        pytest.param("very", "the very good book", "the good book", id="between words"),
        pytest.param("Really", "Really good.", "good.", id="at the start"),
        pytest.param("Really", "Stop. Really good.", "Stop. good.", id="at the start of a sentence"),
        pytest.param("really", "It is good really.", "It is good.", id="before a period"),
        pytest.param("really", "good really, very", "good, very", id="before a comma"),
        pytest.param("really", "good (yes really) and", "good (yes) and", id="before a parenthesis"),
        pytest.param("really", "It is really", "It is", id="at the end"),
        pytest.param("really", "yes (really good)", "yes (good)", id="after a parenthesis"),
        pytest.param("!+", "Stop!! Now", "Stop Now", id="punctuation"),
        pytest.param("very", "the very\ngood", "the\ngood", id="at the end of a line"),
        pytest.param("very", "the\nvery good", "the\ngood", id="at the start of a line"),
        pytest.param(" very ", "the very good", "the good", id="with the spaces around it"),
        pytest.param("very ", "the very good", "the good", id="with the space after it"),
        pytest.param(" very", "the very good", "the good", id="with the space before it"),
        pytest.param("very ", "very good", "good", id="with the space after it, at the start"),
        pytest.param("-", "re-use", "reuse", id="inside a word"),
        pytest.param("very", "very", "", id="the whole text"),
    ],
)
def test_deletion(token: str, text: str, expected: str) -> None:
    assert fixed(token, text) == expected


@pytest.mark.parametrize(
    ("token", "text", "params", "expected"),
    [
        pytest.param(r"\s—\s", "yes — no", ("trim", " "), "yes—no", id="spaces around a dash"),
        pytest.param(r"\sand/or\s", "this and/or that", ("split", "/", "1"), "this or that", id="spaces around words"),
        pytest.param("the the", "in the the end", ("truncate", " "), "in the end", id="a repeated word"),
    ],
)
def test_edits_do_not_join_words(token: str, text: str, params: tuple[str, ...], expected: str) -> None:
    assert fixed(token, text, action="edit", params=params) == expected


GAPS = ["", " ", "\n", ".", ", ", "("]


@given(st.sampled_from(GAPS), st.sampled_from(GAPS))
def test_a_deletion_joins_no_words_and_leaves_no_two_spaces(before: str, after: str) -> None:
    new = fixed("very", f"so{before}very{after}good")
    assert "  " not in new
    assert ("sogood" in new) == (before == after == "")
    assert "".join(new.split()) == "".join(f"so{before}{after}good".split())
