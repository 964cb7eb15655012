"""Title case, sentence case and the rules that demand them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Block
from linter.vale.casing import Terms, lower, title_case
from linter.vale.checks import capitalization
from linter.vale.checks._base import Hit
from linter.vale.definition import Action, BadOption, Context, Definition, Vocabulary


def hits(text: str, *accept: str, action: str = "", **options: Any) -> list[Hit]:
    definition = Definition("Own.Rule", "capitalization", "'%s' → '%s'", action=Action(action), options=options)
    check = capitalization.make(definition, Context(Vocabulary(accept)))
    return list(check.hits(Block(text, frozenset(), (0, 0, len(text)))))


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        pytest.param("AP", "the trams of the old town", "The Trams of the Old Town", id="small words"),
        pytest.param("AP", "what the trams run on", "What the Trams Run On", id="the last word"),
        pytest.param("AP", "a ride from the depot", "A Ride From the Depot", id="AP capitalizes long prepositions"),
        pytest.param("Chicago", "a ride from the depot", "A Ride from the Depot", id="Chicago does not"),
        pytest.param("AP", "trams: the last line", "Trams: The Last Line", id="after a colon"),
        pytest.param("AP", "state-of-the-art trams", "State-of-the-Art Trams", id="hyphens"),
        pytest.param("AP", "day/night in/out", "Day/Night in/Out", id="slashes"),
        pytest.param("AP", "how iOS and NASA’s app work", "How IOS and NASA’s App Work", id="other capitals"),
        pytest.param("AP", "we went to see it", "We Went to See It", id="to"),
        pytest.param("AP", "we went To see it", "We Went To See It", id="To"),
        pytest.param("Chicago", "we went To see it", "We Went to See It", id="Chicago: to"),
        pytest.param("AP", "", "", id="no text"),
    ],
)
def test_title_case(style: str, text: str, expected: str) -> None:
    assert title_case(text, style, Terms("exceptions", ())) == expected  # type: ignore[arg-type]


def test_terms_have_their_own_case() -> None:
    terms = Terms("exceptions", ("iOS", r"\bale\b", "[Rr]epo"))
    assert title_case("the IOS repo of ale", "AP", terms) == "The iOS repo of ale"


@given(st.text(alphabet="aBofTs ’-/:éß…1\n", max_size=40), st.sampled_from(["AP", "Chicago"]))
def test_title_case_changes_only_the_case(text: str, style: str) -> None:
    changed = title_case(text, style, Terms("exceptions", ()))  # type: ignore[arg-type]
    assert lower(changed) == lower(text)


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param("New Trams Arrive in the Spring", {"match": "$title"}, None, id="title case"),
        pytest.param("New trams arrive", {"match": "$title"}, "New Trams Arrive", id="not title case"),
        pytest.param("NEW TRAMS ARRIVE", {"match": "$title"}, None, id="words in capitals"),
        pytest.param("New Trams Arrive Here today", {"match": "$title"}, None, id="four of five words"),
        pytest.param(
            "New Trams Arrive Here today",
            {"match": "$title", "threshold": 0.9},
            "New Trams Arrive Here Today",
            id="a higher threshold",
        ),
        pytest.param("a. New Trams", {"match": "$title", "prefix": r"^[a-z]\.\s"}, None, id="a prefix"),
        pytest.param("New trams arrive", {"match": "$sentence"}, None, id="sentence case"),
        pytest.param("new trams arrive", {"match": "$sentence"}, "New trams arrive", id="no capital at the start"),
        pytest.param("New Trams Arrive", {"match": "$sentence"}, "New trams arrive", id="not sentence case"),
        pytest.param("Using Tallow", {"match": "$sentence", "exceptions": ("Tallow",)}, None, id="an exception"),
        pytest.param(
            "Tallow Town trams",
            {"match": "$sentence", "exceptions": ("Tallow Town",)},
            None,
            id="an exception of two words",
        ),
        pytest.param("Trams: New lines", {"match": "$sentence", "indicators": (":",)}, None, id="an indicator"),
        pytest.param("Trams: New", {"match": "$sentence"}, "Trams: new", id="no indicator"),
        pytest.param("1. New trams", {"match": "$sentence"}, None, id="a number in a list"),
        pytest.param("trams", {"match": "$lower"}, None, id="lowercase"),
        pytest.param("Trams", {"match": "$lower"}, "trams", id="not lowercase"),
        pytest.param("Trams", {"match": "$lower", "exceptions": ("Trams",)}, None, id="an exception to lowercase"),
        pytest.param("TRAMS", {"match": "$upper"}, None, id="capitals"),
        pytest.param("Straße", {"match": "$upper"}, "STRAßE", id="not capitals"),
        pytest.param("Step 1", {"match": r"^Step \d$"}, None, id="a pattern"),
        pytest.param("First step", {"match": r"^Step \d$"}, r"^Step \d$", id="no match of a pattern"),
        pytest.param("…", {"match": "$title"}, None, id="no words"),
        pytest.param("", {"match": "$sentence"}, None, id="no text"),
    ],
)
def test_capitalization(text: str, options: dict[str, Any], expected: str | None) -> None:
    found = [(hit.start, hit.end, hit.values) for hit in hits(text, **options)]
    assert found == ([] if expected is None else [(0, len(text), (text, expected))])


def test_accepted_terms_are_exceptions() -> None:
    assert hits("Using Tallow", match="$sentence")
    assert not hits("Using Tallow", "Tallow", match="$sentence")
    assert hits("Using Tallow", "Tallow", match="$sentence", vocab=False)
    assert [hit.values[1] for hit in hits("Using tallow Now", "Tallow", match="$sentence")] == ["Using Tallow now"]


@pytest.mark.parametrize(
    ("text", "replacements"),
    [
        pytest.param("New Trams Arrive", ("New trams arrive",), id="other capitals"),
        pytest.param("“New Trams” Arrive", (), id="the expected text has no quotation mark"),
    ],
)
def test_only_the_case_is_fixed(text: str, replacements: tuple[str, ...]) -> None:
    assert [hit.replacements for hit in hits(text, action="replace", match="$sentence")] == [replacements]
    assert [hit.replacements for hit in hits(text, match="$sentence")] == [None]


@pytest.mark.parametrize("options", [{"match": "("}, {"match": "$title", "exceptions": ("(",)}, {"prefix": "("}])
def test_mistakes(options: dict[str, Any]) -> None:
    with pytest.raises(BadOption):
        hits("", **options)
