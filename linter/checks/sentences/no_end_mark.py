"""Paragraphs that end without a mark: in the middle of a sentence, or unlike the others of the article."""

from __future__ import annotations

from collections.abc import Iterator

from linter import patterns
from linter.checks.sentences._endings import Ending, open_endings
from linter.document import Document
from linter.record import record
from linter.rule import Match

_SHARE = 0.1  # of the other paragraphs that may lack a mark, too, or one
_SENTENCE = patterns.lazy(r"[^\W\d_]{2}[.!?][”\"’)]? [“\"‘(]?[A-Z]")
_SIGNATURE = patterns.lazy(r"[”\"][^.!?]{0,60}\Z|[—–|/@=<>{}][^.!?]{0,40}\Z| - [^.!?]{0,40}\Z")
_LAST = patterns.lazy(r"[^\W\d_A-Z]['’\w,;.-]* (?P<word>[A-Z]?[a-z][a-z'’-]*)\Z")


@record
class NoEndMark:
    """An English paragraph of `at_least` words and more that ends without a mark; the match is its last words.

    With `words`, it must end in one of them: words in small letters that cannot end a sentence. Those of
    `before_headings` cannot where a heading follows, or nothing. An article that does not say its language is judged
    paragraph by paragraph.

    Without `words`, it must have several sentences, and end in a word in small letters or one of `link_words`, which
    are left over from links (“More”). Signed quotations and lists of items are passed over. At least `others` more
    paragraphs of that length have several sentences, and all of them but one, or a tenth, end with a mark.
    """

    at_least: int = 25
    words: tuple[str, ...] = ()
    before_headings: tuple[str, ...] = ()
    others: int = 5
    link_words: tuple[str, ...] = ("More",)

    def find(self, document: Document) -> Iterator[Match]:
        endings = open_endings(document, self.at_least)
        found = list(filter(self._breaks_off if self.words else self._lacks_mark, endings))
        if found and (self.words or self._others_end_with_marks(document)):
            for ending in found:
                yield Match(*ending.block.span(ending.start, ending.end))

    def _breaks_off(self, ending: Ending) -> bool:
        """Whether the last word cannot end a sentence."""
        last = ending.last if len(ending.last) == 1 else ending.last.lower()  # Phase A
        last = last.replace("’", "'")
        return last in self.words or (ending.before != "paragraph" and last in self.before_headings)

    def _lacks_mark(self, ending: Ending) -> bool:
        """Whether there are several sentences, and the last one could go on."""
        text = ending.block.text[: ending.end]
        if not _SENTENCE.search(text) or _SIGNATURE.search(text[-100:]):
            return False
        last = _LAST.search(text[-60:])
        return last is not None and (last["word"].islower() or last["word"] in self.link_words)

    def _others_end_with_marks(self, document: Document) -> bool:
        texts = [block.text for block in document.top_level_blocks if block.scopes == {"paragraph"}]
        long = [text for text in texts if len(text.split()) >= self.at_least and _SENTENCE.search(text)]
        lacking = sum(text.rstrip()[-1].isalnum() for text in long)
        return len(long) > self.others and lacking <= max(1, _SHARE * len(long))
