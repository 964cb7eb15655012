"""Where an article has none of the traits that a check names, that finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import packs, readers
from linter.document import Document
from linter.planning import needs, traits
from linter.prose import language
from linter.rule import Rule
from linter.source import Source

THINGS = frozenset("links images headings fences tags notes metadata".split())
NAMED = [(rule, among) for rule in packs.shipped() if (among := needs.of(rule).among)]
TRAITED = [(rule, among) for rule, among in NAMED if not among <= THINGS]
MARKS = st.sampled_from([*'.,;:!?()[]“”"„*•…-–— \n\u00a0\u202f', " ", "\n\n", "...", "\n# ", "\n- ", "**", "_", "\\"])
WORDS = st.sampled_from("The tram is late at the harbour and i think A it etc U S 9 2025 ½ é я of and".split())
LINKS = st.sampled_from(
    r"""
[the](#late) | [the tram](https://a.example/b?utm_source=c) | <a href='#'> tram.</a> | ![a](b.png?fbclid=1) | [ a](b)
[a, ](b) | [](b) | [a.example](https://b.example) | https://a.example/b | [a [b](c) d](e) | ](b) | [tram][t] | [t]: b?c
<a rel='x' href='a'>tram</a> | <b> | </b> | <strong>late</strong> | &nbsp; | &ldquo; | &rdquo; | &bull; | &hellip;
&#40; | &#63; | &quot; | [...]
""".strip()
    .replace("\n", " | ")
    .split(" | ")
)
TEXTS = st.lists(st.one_of(MARKS, WORDS, WORDS.map(lambda word: word + " "), LINKS), max_size=30).map("".join)


def read(text: str, kind: str) -> Document:
    return language.settle(readers.read(Source(text), kind))


def test_all_that_checks_name_is_known() -> None:
    assert frozenset().union(*(among for _, among in NAMED)) <= THINGS | traits.TRAITS.keys()
    assert frozenset().union(*(among for _, among in NAMED)) >= traits.TRAITS.keys()


@pytest.mark.parametrize(("rule", "among"), [pytest.param(*one, id=one[0].name) for one in TRAITED])
def test_examples_have_the_traits(rule: Rule, among: frozenset[str]) -> None:
    documents = [read(example.text, example.kind) for example in rule.bad]
    assert documents
    for document in documents:
        assert traits.has(document, among) or not list(rule.check.find(document))  # type: ignore[arg-type,union-attr]


@given(TEXTS, st.sampled_from(["markdown", "html", "text"]))
@settings(max_examples=300, deadline=None)
def test_without_the_traits_nothing_is_found(text: str, kind: str) -> None:
    document = read(text, kind)
    for rule, among in TRAITED:
        if not traits.has(document, among):
            assert not list(rule.check.find(document)), rule.name  # type: ignore[arg-type,union-attr]
