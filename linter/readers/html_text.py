"""Lay out text much as browsers do: collapse white space, decode character references, and place links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from linter import patterns
from linter.document import OBJECT, Block, Image
from linter.readers import html_lexer
from linter.readers.builder import Builder

_SPACES = "\t\n\f\r "
_RUN = patterns.lazy(f"[{_SPACES}]{{2,}}+|[\t\n\f\r]")  # white space that must be collapsed
# White space that may have to be changed, as described in `TextFlow`; a line end between other letters stays.
_ODD = patterns.lazy(f"[{_SPACES}]{{2}}|[\t\f\r]|(?<=[^\x00-\x7f])\n")
_CJK = patterns.lazy("[\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]{2}")


@dataclass(eq=False)
class TextFlow:
    """Adds source text to a builder in order, laid out much as in browsers.

    Consecutive white space becomes one line end if it contains a line end, and otherwise one space. White space at the
    edges of a block and around a line break is removed, as is a line end between Chinese or Japanese characters.

    A link begins in the block that contains its first words, even if its start tag comes before that block.
    """

    builder: Builder
    blank: bool = True  # whether the block has no words yet
    _fresh: bool = True  # whether white space is dropped here, at the start of a block or line
    _space: tuple[int, int] | None = None  # source of the white space to add before the next words
    _line_end: bool = False  # whether `_space` contains a line end
    _last: str = ""  # last character added
    _link: partial[None] | None = None  # opens a link before its first words

    def text(self, start: int, end: int, *, attribute: bool = False) -> None:
        """Add `source.text[start:end]`, which is text or, if `attribute` is true, the value of an attribute."""
        words = self._text[start:end].lstrip(_SPACES)
        low = end - len(words)
        if start < low:
            self._white(start, low)
        if not words:
            return
        words = words.rstrip(_SPACES)
        high = low + len(words)
        if "&" in words or _ODD.search(words):
            self._pieces(low, high, attribute)
        else:
            self._words(low, high, words)
        if high < end:
            self._white(high, end)

    def __post_init__(self) -> None:
        self._text = self.builder.source.text

    def atom(self, start: int, end: int, shown: str = OBJECT) -> None:
        """Add `shown`, the text that readers see for the source at `[start, end)`, unless it is ""."""
        if shown:
            self._begin(shown)
            self.builder.atom(start, end, shown)
            self._last = shown[-1]

    def image(self, image: Image) -> None:
        self._begin(OBJECT)
        self.builder.image(image)
        self._last = OBJECT

    @property
    def broken(self) -> bool:
        """Whether the current block has words and ends with a line break."""
        return self._fresh and not self.blank

    def line_break(self, start: int, end: int) -> None:
        """Add a line break for the tag at `[start, end)`, unless the current block has no words yet."""
        if not self.blank:
            self.builder.atom(start, end, "\n")
        self._space, self._fresh, self._last = None, True, ""

    def open_link(self, begin: int, fields: dict[str, Any]) -> None:
        """Begin a link whose tag starts at the offset `begin`.

        `fields` are the other arguments of `Builder.open_link`, by name.
        """
        self._link = partial(self.builder.open_link, begin, **fields)

    def close_link(self, end: int) -> None:
        """End the open link, if there is one. Its markup ends at the offset `end`."""
        if self._link:  # the link has no words
            self._link()
            self._link = None
        self.builder.close_link(end)

    def flush(self, *scopes: str) -> Block | None:
        """End the current block; return it, or None if it is blank."""
        block = None if self.blank else self.builder.flush(*scopes)
        self.blank, self._fresh, self._space, self._last = True, True, None, ""
        return block

    def _pieces(self, start: int, end: int, attribute: bool) -> None:
        """Add the text at `[start, end)` piece by piece; `attribute` is as in `text`."""
        source, done = self._text, start
        found = html_lexer.find_references(source, start, end, attribute=attribute)
        for low, high, shown in (*found, (end, end, "")):
            for run in _RUN.finditer(source, done, low):
                self._words(done, run.start(), source[done : run.start()])
                self._white(*run.span())
                done = run.end()
            self._words(done, low, source[done:low])
            self.atom(low, high, shown)
            done = high

    def _words(self, start: int, end: int, words: str) -> None:
        """Add `words`, which is the source at `[start, end)`."""
        if words:
            if self._space or self._link:
                self._begin(words)
            self.blank = self._fresh = False
            self.builder.words(start, end, words)
            self._last = words[-1]

    def _begin(self, words: str) -> None:
        """Prepare to add `words`, for example by adding the white space before them."""
        if self._space:
            if not self._line_end:
                self.builder.atom(*self._space, " ")
            elif not _CJK.fullmatch(self._last + words[0]):
                self.builder.atom(*self._space, "\n")
            self._space = None
        if self._link:
            self._link()
            self._link = None
        self.blank = self._fresh = False

    def _white(self, start: int, end: int) -> None:
        if self._fresh:
            return
        run = self._text[start:end]
        line_end = "\n" in run or "\r" in run
        if self._space:  # continues after markup
            self._line_end |= line_end
        else:
            self._space, self._line_end = (start, end), line_end
