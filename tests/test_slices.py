"""Long texts in slices give the same results as whole ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import folding, source
from linter.analysis import syntax_tree
from linter.text import words

TEXTS = st.text(
    st.sampled_from("aB ßÉİ\u0307ﬀ’\t\n\u2009\ufffc\U0001f680²٣_-\x00\ud800\udc00") | st.characters(), max_size=40
)


@given(TEXTS, st.integers(1, 9))
def test_slices_give_the_same_result(text: str, size: int) -> None:
    assert list("".join(source.slices(text, size))) == list(text)
    whole = folding.folded(text), words.letters_only(text), set(syntax_tree.odd_characters([text]))
    with pytest.MonkeyPatch.context() as patch:
        for module in (folding, words, syntax_tree):
            patch.setattr(module, "slices", lambda text: source.slices(text, size))
        assert (folding.folded(text), words.letters_only(text), set(syntax_tree.odd_characters([text]))) == whole
