"""Paragraphs that end in the middle of a sentence, or without an end mark where similar paragraphs have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from linter import patterns
from linter.checks.sentences._endings import Ending, open_endings
from linter.document import Document
from linter.rule import Match
from linter.text.lexicon import word_list

_MAX_SHARE = 0.1  # maximum share of similar paragraphs without an end mark; one is always allowed
_MIN_EVIDENCE_FOR_LAST = 2  # earlier sentences, or other paragraphs, needed as evidence for the last paragraph
_SENTENCE = patterns.lazy(r"[^\W\d_]{2}[.!?][”\"’)]? [“\"‘(]?[A-Z]")
_SIGNATURE = patterns.lazy(r"[”\"][^.!?]{0,60}\Z|[—–|/@=<>{}][^.!?]{0,40}\Z| - [^.!?]{0,40}\Z")
# The start of a paragraph that may not be a sentence: a label with a colon, a dash, a number, code.
_LABEL = patterns.lazy(r"[\"“*_]{0,3}+(?:(?:[^\s:]{1,30}+[ ]){0,6}+[^\s:]{1,30}+:\s|[-–—~*•|#\d]|[^\W_]{0,30}+\ufffc)")
_ITEM = patterns.lazy(r"; (?:and|or)\Z|\b[a-z] [a-z] [a-z]\b")  # end of an item without a bullet, or spaced letters
_WISH = patterns.lazy(r"\b(?:like|want|need|wish|try|ought|have|has|had|used|able|going|supposed) to\Z")
_WISH_REACH = 20  # code points at the end of a paragraph that are searched for _WISH or _ITEM
# The last line is an item of a typed list, a row of tags, or a key to a table.
_LAST_LINE = patterns.lazy(r"\n[^\S\n]*+(?:- |#|[A-Z]{2,}: |[^\w\s\"“”‘’'(\[])[^\n]*\Z")
_TITLE = patterns.lazy(r"[.!?][”\"’)]?\s+(?:\S+\s+){0,3}\S+\Z")  # up to four words after a sentence
_MARKUP = patterns.lazy(r"[*_~\]]|</(?!p\b)")  # marks at the end of emphasis or a link
_ARROWS = frozenset("→⇒➜>|·•")  # between steps or keywords in a row
_FAREWELLS = frozenset("sincerely regards yours truly faithfully wishes thanks cheers best love".split())
_COMMA = patterns.lazy(r", ")
_MAX_KEYWORD_WORDS = 4  # maximum words between commas in a list of keywords
_LAST = patterns.lazy(r"[^\W\d_A-Z]['’\w,;.-]* (?P<word>[A-Z]?[a-z][a-z'’-]*)\Z")


@dataclass(frozen=True)
class NoEndMark:
    """An English paragraph that ends without an end mark. The match is its last words.

    `at_least` is the minimum number of words of a paragraph. If an article does not declare its language, the language
    of each paragraph is guessed separately.

    `words` lists lowercase words that cannot end a sentence, such as “the”. With `words`, a paragraph is reported if it
    ends in one of these words. If a heading or nothing follows, a paragraph is also reported if it ends in one of
    `before_headings`, such as “to”, or is a single line that ends in a comma. If another paragraph follows, that
    paragraph must start like a sentence, because a capitalized name may continue the sentence. A paragraph that ends
    with markup or with the last words of a letter (“Sincerely,”) is not reported.

    Without `words`, a paragraph is reported if nearly all similar paragraphs of the article have an end mark. The last
    word of the reported paragraph must be in lowercase or one of `link_words`, which are capitalized and left over
    from links (“More”). `other_words` lists last words to ignore because another rule reports them.

    Similar paragraphs have at least `at_least` words. If the reported paragraph has at least `long` words and several
    sentences, similar paragraphs do, too. `others` is the minimum number of similar paragraphs besides the reported
    one. At most one similar paragraph, or a tenth of them, may lack an end mark, including the reported one. For the
    last paragraph of an article, two other paragraphs of at least `at_least` words are enough, and each earlier
    sentence of the last paragraph itself replaces one of the two.

    Without `words`, some endings are ignored, such as signatures, rows of tags and short links. Paragraphs that start
    with a label, are a row of keywords or end with markup are ignored, too, if they are the last of the article, have
    fewer than `long` words or are a single sentence. In plain text, a paragraph before another paragraph must have at
    least `long` words and several sentences, and the next paragraph must start like a sentence.
    """

    at_least: int = 25
    long: int = 25
    words: tuple[str, ...] = ()
    before_headings: tuple[str, ...] = ()
    others: int = 5
    other_words: tuple[str, ...] = ()
    link_words: tuple[str, ...] = ("More",)

    def find_in(self, document: Document) -> Iterator[Match]:
        endings = open_endings(document, self.at_least)
        lacks = partial(self._breaks_off if self.words else self._lacks_mark, document)
        for ending in filter(lacks, endings):
            yield Match(*ending.block.span(ending.start, ending.end))

    def _breaks_off(self, document: Document, ending: Ending) -> bool:
        """Whether a paragraph seems to break off: it ends in a comma or in a word that rarely ends a sentence."""
        last = ending.last if len(ending.last) == 1 else ending.last.lower()  # the “A” of “Phase A” is not “a”
        last = last.replace("’", "'")
        if (ending.last.isupper() and len(last) > 1) or _ITEM.search(ending.block.text[: ending.end][-_WISH_REACH:]):
            return False
        if last.rstrip(",") in _FAREWELLS or _ends_in_markup(document, ending):
            return False
        if ending.before == "paragraph":
            return ending.begins_sentence and (last in self.words or last.endswith(","))
        if last in self.before_headings:
            return not _WISH.search(ending.block.text[: ending.end][-_WISH_REACH:])
        return last in self.words or last.endswith(",")

    def _lacks_mark(self, document: Document, ending: Ending) -> bool:
        """Whether a missing end mark is probably a mistake, judging by the text and the other paragraphs."""
        text = ending.block.text[: ending.end]
        last = _LAST.search(text[-60:])
        if last is None or last["word"] in self.other_words or _SIGNATURE.search(text[-100:]):
            return False
        if _LAST_LINE.search(text) or _ends_in_link(document, ending):
            return False
        if not last["word"].islower() and last["word"] not in self.link_words:
            return False
        is_long = len(text.split()) >= self.long and _SENTENCE.search(text) is not None
        if document.kind == "text" and ending.before == "paragraph" and not (is_long and ending.begins_sentence):
            return False  # a headline, or a line that continues with a name or after a page break
        if (not is_long or not ending.before) and _is_no_sentence(ending, document):
            return False
        if ending.before:
            return self._others_end_with_marks(document, self.others, is_long=is_long)
        sentences = len(_SENTENCE.findall(text))
        return self._others_end_with_marks(document, max(0, _MIN_EVIDENCE_FOR_LAST - sentences), is_long=False)

    def _others_end_with_marks(self, document: Document, others: int, *, is_long: bool) -> bool:
        least = self.long if is_long else self.at_least
        texts = [block.text for block in document.top_level_blocks if block.scopes == {"paragraph"}]
        alike = [text for text in texts if len(text.split()) >= least and (not is_long or _SENTENCE.search(text))]
        lacking = sum(text.rstrip()[-1].isalnum() for text in alike)
        return len(alike) > others and lacking <= max(1, _MAX_SHARE * len(alike))


def _ends_in_link(document: Document, ending: Ending) -> bool:
    """Whether the paragraph ends in a link, with one to four words after the last complete sentence: “Learn more”."""
    end = ending.block.span(0, ending.end).end
    if not document.source.text.startswith(("](", "</a"), end):
        return False
    return _TITLE.search(ending.block.text[: ending.end][-100:]) is not None


def _are_key_words(text: str) -> bool:
    """Whether `text` may be a list of keywords, such as “tram lines, night buses, harbor ferries”."""
    parts = [part.split() for part in _COMMA.split(text)]
    return all(len(part) <= _MAX_KEYWORD_WORDS for part in parts) and word_list("function words").isdisjoint(
        text.split()
    )


def _is_no_sentence(ending: Ending, document: Document) -> bool:
    """Whether a paragraph may be something other than sentences, such as a row of keywords."""
    text = ending.block.text
    if _LABEL.match(text) or not _ARROWS.isdisjoint(text) or _are_key_words(text):
        return True
    return _ends_in_markup(document, ending)


def _ends_in_markup(document: Document, ending: Ending) -> bool:
    return _MARKUP.match(document.source.text, ending.block.span(0, ending.end).end) is not None
