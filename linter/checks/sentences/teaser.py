"""Cut excerpts published as the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter import patterns
from linter.checks.sentences._endings import last_words
from linter.checks.spelling._typos import is_known
from linter.document import Block, Document
from linter.record import record
from linter.rule import Match
from linter.text.lexicon import frequent

# “[…]” after words; a shortcode that never closes, with dots for its rest; a word that breaks off in dots.
_CUT = patterns.lazy(
    r"""(?<=[^\W_]) (?P<rest>[ ]?\[[ ]?(?:…|\.\.\.)[ ]?\]) \s*\Z
    | (?P<code>\[[a-z][\w-]*[^\[\]\n]{0,60}(?:…|\.\.\.)) \s*\Z
    | (?<=[a-z,][ ]) (?P<word>[a-z]{3,}+) (?:…|\.\.\.) \s*\Z""",
    re.VERBOSE,
)
_TAIL = 120  # code points at the end of a block that are looked at
_WORDS = 8  # of a block that is no label
_LOST = 2  # letters that are missing of a word, at least: “gettin…” is how people talk


@record
class Teaser:
    """A paragraph that ends in “[…]” after a word, in a shortcode that does not close, or within a word and dots.

    Only the one of an article: where there are more, it is a page of excerpts. What is quoted, as short messages are,
    may break off. The match is the last words.
    """

    def find(self, document: Document) -> Iterator[Match]:
        found = [
            (block, cut)
            for block in document.prose
            if block.scopes == {"paragraph"} and (cut := _cut(block, document.language))
        ]
        if len(found) == 1:
            yield Match(*found[0][0].span(*found[0][1]))


def _cut(block: Block, language: str) -> tuple[int, int] | None:
    """Return the range of the last words of an excerpt."""
    if not block.text.rstrip().endswith(("…", "...", "]")):
        return None
    at = max(0, len(block.text) - _TAIL)
    cut = _CUT.search(block.text[at:])
    if not cut or len(block.text.split()) < _WORDS:
        return None
    if cut["word"] and (language != "en" or not _is_part(cut["word"])):
        return None
    end = len(block.text.rstrip())
    return (at + cut.start("code") if cut["code"] else last_words(block.text, end)), end


def _is_part(word: str) -> bool:
    """Whether it is no word but the beginning of a frequent one."""
    return not is_known(word) and any(
        whole.startswith(word) and len(whole) >= len(word) + _LOST for whole in frequent()
    )
