"""A large article is checked in portions and keeps less in memory, with the same findings."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import document as document_module
from linter import engine, readers, source, views
from linter.document import OBJECT, Block, Document, Span, simple_block
from linter.folding import folded, folded_view
from linter.source import Source
from linter.text import similarity, words
from linter.text.view import text_view
from test_prefilter import FAST, examples

CODE = frozenset({"code"})
ENDS = st.lists(st.integers(0, 40), max_size=12)


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every article as large, and process a few words, lines or blocks at a time."""
    monkeypatch.setattr(document_module, "_LARGE", 0)
    monkeypatch.setattr(document_module, "SIZE", 50)
    for module, name in (
        (views, "_TOGETHER"),
        (similarity, "_TEXTS_PER_BATCH"),
    ):
        monkeypatch.setattr(module, name, 2)
    monkeypatch.setattr(words, "_MAX_KEPT_PASSAGES", 1)
    monkeypatch.setattr(similarity, "_MAX_COMPARED_NUMBERS", 20)


@pytest.mark.slow
def test_a_large_article_has_the_findings_of_a_small_one(request: pytest.FixtureRequest) -> None:
    documents = examples()
    expected = {pack: engine.check_batch(own, FAST) for pack, own in documents.items()}
    for document in chain.from_iterable(documents.values()):
        document.results.clear()
    request.getfixturevalue("small_portions")
    assert [pack for pack, own in documents.items() if engine.check_batch(own, FAST) != expected[pack]] == []


@pytest.mark.usefixtures("small_portions")
def test_a_large_article_keeps_no_text_after_its_check() -> None:
    article = readers.read(Source("# Tram\n\nThe tram came. It was was late late, and {{ name }} left.\n"), "markdown")
    engine.check(article, FAST)
    results: list[Any] = [key[0] if isinstance(key, tuple) else key for key in article.results]
    kept = {function.__module__ for function in results}
    assert not [name for name in kept if name.startswith(("linter.text", "linter.checks", "linter.prefilter"))]
    assert "source_block" not in article.__dict__


def test_results_of_the_modules_in_a_package_are_forgotten() -> None:
    article = readers.read(Source("The [tram](/tram) came.\n"), "markdown")
    _ = text_view(article), folded_view(article), folded_view(article, "link.url")
    article.forget("linter.text")
    assert text_view.__wrapped__ not in article.results  # type: ignore[attr-defined]
    assert len(article.results) == 2
    article.forget("linter.fold")
    assert len(article.results) == 2
    article.forget("linter")
    assert not article.results


@given(st.text(st.sampled_from("ab\n\r\U0001f68a" + OBJECT), max_size=40), ENDS, ENDS, st.integers(1, 50))
def test_source_without_code_is_the_same_in_parts(text: str, ends: list[int], marks: list[int], size: int) -> None:
    def spans(ends: list[int]) -> list[Span]:
        pairs = zip(ends[::2], ends[1::2], strict=False)
        return [Span(min(pair), max(pair)) for pair in pairs if max(pair) <= len(text)]

    blocks: list[Block] = [simple_block(text[slice(*span)], span, CODE) for span in spans(ends)]
    article = Document(Source(text), "markdown", tuple(blocks), marks=tuple(spans(marks)))
    whole = article.source_block.text
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            assert article.part_without_code(start, end) == whole[start:end]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document_module, "SIZE", size)
        portions = [*article.lines_without_code()]
    assert "".join(lines for _, lines in portions) == whole
    assert all(whole.startswith(lines, at) and whole[at - 1 : at] in ("", "\n") for at, lines in portions)


@given(st.lists(st.text(max_size=6), max_size=8), st.integers(1, 4))
def test_texts_are_joined_some_at_a_time(texts: list[str], many: int) -> None:
    parts = [*source.joined(texts, many)]
    assert "".join(parts) == "".join(texts)
    assert len(parts) == -(-len(texts) // many)
    assert folded(*parts) == folded("".join(texts))
