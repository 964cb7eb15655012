"""Words of Markdown as they come: escapes, line ends with their indent, code, and what is cut out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence, Set

from linter.block import OBJECT, Block, Span
from linter.readers import breaks
from linter.readers.builder import CODE, Builder
from linter.readers.markup import Markup

BLANKS = " \t"


class Inline:
    """Adds the words of one block after the other to `out`; all offsets are code points, and grow.

    What lies before `hidden_until` is left out, as is what `markup` hides and what lies in `cuts` (spans in
    order), but for the U+FFFC in place of those that are `objects` too. A line end is added when the next line
    begins: only then is it known what stands in its place.
    """

    def __init__(self, builder: Builder, markup: Markup, cuts: Sequence[Span], objects: Set[Span]) -> None:
        self.out = builder  # or what collects the alt text of an image
        self.hidden_until = 0
        self.done = 0  # the end of what was last added
        self._text, self._markup, self._cuts, self._objects = builder.source.text, markup, cuts, objects
        self._passed = 0  # how many cuts lie behind,
        self.clear = cuts[0].start if cuts else len(self._text)  # and where the next one begins
        self.last = ""  # the last character, if it was text
        self.break_at = -1  # where a line end stands whose next line has not begun yet, or -1,
        self._resumes = -1  # and where the markup begins that the next line begins with

    def words(self, shown: str, start: int, end: int, entity: bool) -> None:
        """Add the text at `[start, end)`, which is `shown` at least where it begins; an entity may be all of it."""
        text = self._text
        verbatim = not entity or len(shown) == end - start
        if start < self.hidden_until:
            if end <= self.hidden_until:
                return
            start = self.hidden_until
        if self.is_cut(start, end):
            self.done = end
            return
        escaped = text[start - 1 : start] == "\\" and start > self.done
        if self.break_at >= 0:
            self.begin(start - escaped, shown[0])
        self.done = end
        if self._markup.hides:
            return
        if not verbatim:
            self.last = shown[-1]
            self.out.atom(start, end, shown)
            return
        self.last = text[end - 1]
        if escaped:
            self.out.atom(start - 1, start + 1, text[start])
            start += 1
        if self._cuts:
            self.uncut(start, end, self.out.text)
        else:
            self.out.piece(text[start:end], start, end)

    def plain(self, start: int, end: int) -> None:
        """Add the text at `[start, end)` as it stands, where nothing is cut out or hidden."""
        text = self._text
        if start > self.done and text[start - 1] == "\\":
            if self.break_at >= 0:
                self.begin(start - 1, text[start])
            self.out.atom(start - 1, start + 1, text[start])
            start += 1
        elif self.break_at >= 0:
            self.begin(start, text[start])
        self.done, self.last = end, text[end - 1]
        self.out.piece(text[start:end], start, end)

    def is_clear(self, start: int, end: int) -> bool:
        """Whether nothing in `[start, end)` is cut out; nothing before `start` is asked for afterwards."""
        cuts = self._cuts
        while self._passed < len(cuts) and cuts[self._passed].end <= start:
            self._passed += 1
        self.clear = cuts[self._passed].start if self._passed < len(cuts) else len(self._text)
        return end <= self.clear

    def is_cut(self, start: int, end: int) -> bool:
        """Whether nothing stands in place of `[start, end)`, not even a line end before it."""
        if not self._cuts:
            return False
        i = bisect_left(self._cuts, end, key=_end_of)
        return i < len(self._cuts) and self._cuts[i].start <= start and self._cuts[i] not in self._objects

    def uncut(self, start: int, end: int, add: Callable[[int, int], None]) -> None:
        """Add the parts of `[start, end)` that are not cut out, and the objects that begin in it."""
        cuts = self._cuts
        i = bisect_left(cuts, start, key=_end_of)
        while i < len(cuts) and cuts[i].start < end:
            if start < cuts[i].start:
                add(start, cuts[i].start)
            if cuts[i] in self._objects and start <= cuts[i].start and not self._markup.hides:
                self.out.atom(*cuts[i])
            start = max(start, cuts[i].end)
            i += 1
        if start < end:
            add(start, end)

    def line_end(self, at: int) -> None:
        """Remember the line end at `at`, with the white space before it."""
        if at < self.hidden_until or self._markup.hides:
            return
        while at > self.done and self._text[at - 1] in BLANKS:
            at -= 1
        self.break_at, self._resumes = at, -1

    def resume(self, start: int) -> None:
        """Markup begins at `start`: what belongs to a line end before it ends there."""
        if self.break_at >= 0 and self._resumes < 0:
            self._resumes = start

    def begin(self, start: int, shown: str = "") -> None:
        """Begin the next line, if one has ended, with what is `shown` at `start`: no space parts CJK letters."""
        if self.break_at < 0:
            return
        resumes = start if self._resumes < 0 else self._resumes
        if not self._markup.hides and not breaks.is_none(self.last, shown[:1]):
            self.out.atom(self.break_at, max(resumes, self.break_at + 1), "\n")
        self.break_at = -1

    def passed(self, end: int, last: str = "") -> None:
        """Take note that everything up to `end` is dealt with; `last` is its last character, if it is text."""
        self.done, self.last = end, last

    def code(self, start: int, end: int) -> None:
        """Add the code that stands in its marks at `[start, end)`."""
        if start < self.hidden_until:
            return
        if self.break_at >= 0:
            self.begin(start)
        self.done, self.last = end, ""
        if self._markup.hides:
            return
        out = self.out
        out.parts.append(OBJECT)
        out.places += (out.length, start, end)
        out.length += 1
        out.joint = -1
        start, end = self._without_marks(start, end)
        if start < end:
            out.blocks.append(Block(self._text[start:end], CODE, (0, start, end)))

    def code_words(self, start: int, end: int) -> None:
        """Add such code as mere words."""
        self.begin(start)
        self.passed(end)
        self.out.text(*self._without_marks(start, end))

    def end(self) -> None:
        """End the block."""
        self.break_at, self.last = -1, ""

    def _without_marks(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        if text[start + 1] != "`" and text[start] == "`":
            start, end = start + 1, end - 1
        else:
            while start < end and text[start] == "`":
                start, end = start + 1, end - 1
        if end - start > 2 and text[start] == text[end - 1] == " " and not text[start:end].isspace():
            start, end = start + 1, end - 1
        return start, end


def _end_of(span: Span) -> int:
    return span.end
