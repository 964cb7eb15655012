"""Searching all blocks of an article at once finds what a search of each block finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Block, Document, Span, simple_block
from linter.vale import search
from linter.vale.search import Alternatives, Expression, Found, expressions, grouped, selected_blocks, steps
from linter.vale.selectors import selectors_of

SCOPES = frozenset({"vale.text", "text", "md"})
SELECTORS = selectors_of(("text",))
TEXTS = st.lists(st.text("ab .\n(é*", max_size=12), max_size=6)
LOCAL = [
    r"(?m)\b(?:a|ab)\b",
    r"(?m)(?:a+\s*)",
    r"(?m)(?:\s+b)",
    r"(?m)(?:[^.]{1,9}\.)",
    r"(?m)(?:^a|b$)",
    r"(?m)(?:a[^b]{0,9}b)",
    r"(?m)(?:\s+)",
    r"(?m)(?:(?<!a)b(?![ab]))",
    r"(?m)(?:.*)",
    r"(?m)(?:\Ba)",
    r"(?s)a.b",
    r"(?m)(?:(?<=[ab])\.)",
]
NOT_LOCAL = [r"^a", r"a$", r"a\Z", r"(?<=\s)a", r"(?<!\s)a", r"a(?=\s|$)", r"(?>\s*)$", r"(?s)a(?=.*b)", r"(?=[^a])b"]
NOT_LOCAL += [r"[^.]+\.", r"a[^b]*b", r"(?:a\W+)+b", r"(?s)a.*b", r"(?:a|\n)*b"]
PARTS = [r"a", r"a\s+b", r"ab", r"b\.", r"\.", r"a a", r"[ab]+é", r"\s\(", r"b+", r"(?:a|b) \*"]


class _Document:
    def __init__(self, texts: Iterable[str]) -> None:
        self.blocks = [simple_block(text, Span(0, len(text)), SCOPES) for text in texts]
        self.results: dict[object, Any] = {}

    def blocks_in(self, scopes: frozenset[str]) -> Iterable[Block]:
        return iter([block for block in self.blocks if not scopes.isdisjoint(block.scopes)])


def at_once(search: Expression | Alternatives, texts: list[str]) -> list[Found]:
    return list(search.find_in(cast("Document", _Document(texts)), SELECTORS))


def one_by_one(search: Expression | Alternatives, texts: list[str]) -> list[Found]:
    return [Found(number, *match) for number, text in enumerate(texts) for match in search.find(text)]


@pytest.mark.parametrize("text", LOCAL)
@given(texts=TEXTS)
def test_a_local_expression_is_found_in_each_block(text: str, texts: list[str]) -> None:
    search = Expression("tokens", text)
    assert search.is_local
    assert at_once(search, texts) == one_by_one(search, texts)


@pytest.mark.parametrize("text", NOT_LOCAL)
@given(texts=TEXTS)
def test_any_other_expression_is_searched_for_block_by_block(text: str, texts: list[str]) -> None:
    search = Expression("tokens", text)
    assert not search.is_local
    assert at_once(search, texts) == one_by_one(search, texts)


@given(texts=TEXTS, parts=st.lists(st.sampled_from(PARTS), min_size=1, unique=True))
def test_alternatives_match_like_one_expression(texts: list[str], parts: list[str]) -> None:
    form = r"(?m)(?:%s)"
    several, plain = (
        Alternatives("tokens", form, parts, group=0),
        Expression("tokens", form.replace("%s", "|".join(parts))),
    )
    expected = one_by_one(plain, texts)
    assert [found[:3] for found in one_by_one(several, texts)] == [found[:3] for found in expected]
    assert [found[:3] for found in at_once(several, texts)] == [found[:3] for found in expected]


@given(texts=TEXTS, parts=st.lists(st.sampled_from(PARTS), min_size=1, unique=True))
def test_the_part_that_matches_is_known(texts: list[str], parts: list[str]) -> None:
    form = r"(?m)\b(?:%s)"
    several = Alternatives("swap", form, parts, group=1)
    assert one_by_one(several, texts) == one_by_one(grouped("swap", form, parts[:]), texts)
    assert at_once(several, texts) == one_by_one(several, texts)


def test_flags_and_references_leave_the_parts_together() -> None:
    """A flag such as `(?i)` also holds for the following parts."""
    parts = ["(?i)a", *"bcdefgh"]
    assert isinstance(expressions("tokens", "(?:%s)", parts), Expression)
    assert isinstance(expressions("tokens", "(?:%s)", [*"abcdefgh"]), Alternatives)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"[^\s]+|[^\s.]+", 0),
        (r"(a|\bb)", 0),
        (r"\b(\w+)\b", 1),
        (r"\w+?", 1),
        (r"[^,]+,", 1),
        (r"\w+\s+\w+", 2),
        (r"(?:a+)+", 2),
        (r"(?:a|b)*", 2),
        (r"(a+)\1", 2),
        (r"(?=a*b)", 2),
        (r"a+b|a+c", 2),
        (r"a{11,}", 1),
        (r"a" * 100, 2),
    ],
)
def test_steps(text: str, expected: int) -> None:
    """Only a single repetition of a class at the end is linear: nothing after it can fail to match."""
    assert steps(Expression("tokens", text).text) == expected


@pytest.mark.parametrize("text", [r"[^\s]+", r"\b(\w+)\b", r"(?:a|b)+!"])
@given(texts=TEXTS)
def test_texts_of_matches(text: str, texts: list[str]) -> None:
    search = Expression("tokens", text)
    assert [len(search.texts(each)) for each in texts] == [len(list(search.find(each))) for each in texts]


def test_selectors_of_the_same_blocks_share_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    document = cast("Document", _Document(["a", "b"]))
    view = selected_blocks(document, SELECTORS)
    other = selected_blocks(document, selectors_of(("~heading",)))
    assert view is other
    assert view.text == "a\nb"
    monkeypatch.setattr(search, "_MOST_VIEWS", 0)
    assert selected_blocks(document, selectors_of(("heading",))).text == ""
    assert len(document.results) == 1
    (views,) = document.results.values()
    assert len(views) == 3  # two selectors and the blocks
