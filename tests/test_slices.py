"""Long texts in slices come to the same as whole ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import slices
from linter.planning import folding, signs
from linter.prose import tokens

TEXTS = st.text(
    st.sampled_from("aB ßÉİ\u0307ﬀ’\t\n\u2009\ufffc\U0001f680²٣_-\x00\ud800\udc00") | st.characters(), max_size=40
)


@given(TEXTS, st.integers(1, 9))
def test_slices_come_to_the_same(text: str, size: int) -> None:
    assert list("".join(slices.slices(text, size))) == list(text)
    whole = folding.folded(text), tokens.letters_of(text), set(signs.odd(text))
    with pytest.MonkeyPatch.context() as patch:
        for module in (folding, tokens, signs):
            patch.setattr(module, "slices", lambda text: slices.slices(text, size))
        assert (folding.folded(text), tokens.letters_of(text), set(signs.odd(text))) == whole
