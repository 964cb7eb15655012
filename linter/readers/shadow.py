"""A copy of an article in which what would mislead the parser is painted over, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from linter import late
from linter.block import Span
from linter.document import Fence, Tag
from linter.readers import templates

_SURROGATE = late.pattern("[\ud800-\udfff]")
_RETURN = late.pattern(r"\r(?!\n)")  # alone: the parser does not always take it for a line end
_FILLER = "\x02"  # means nothing in Markdown, and is no white space


@dataclass
class Damage:
    """What is wrong in an article as it was parsed.

    `blanks` are to be painted white and `cuts` to be left out of their line; `code` is kept as code, and is
    white for the parser. `fences` and `tags` are what is to be told of all that.
    """

    blanks: list[Span] = field(default_factory=list)
    cuts: list[Span] = field(default_factory=list)
    code: list[Span] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    def __iadd__(self, other: Damage) -> Damage:
        self.blanks += other.blanks
        self.cuts += other.cuts
        self.code += other.code
        self.fences += other.fences
        self.tags += other.tags
        return self

    def __bool__(self) -> bool:
        return bool(self.blanks or self.cuts or self.code)


class Shadow:
    """The copy, `text`, and what was painted over in it so far; expressions of template languages are cut.

    `objects` are those cuts that stand for something in their line.
    """

    def __init__(self, text: str, body: int) -> None:
        """Begin with a copy that has nothing before the code point `body`."""
        self.damage = Damage()
        copy = text[body:]
        if "\r" in copy:
            copy = _RETURN.sub("\n", copy)
        try:
            copy.encode()
        except UnicodeEncodeError:
            copy = _SURROGATE.sub("\ufffd", copy)
        self.objects: frozenset[Span] = frozenset()
        code: list[Span] = []
        if templates.may_hold(copy):
            code = [Span(start + body, end + body) for start, end in templates.highlighted(copy)]
            copy, cuts, objects = templates.paint(copy, _FILLER)
            self.objects = frozenset(Span(start + body, end + body) for start, end in objects)
            self.damage.cuts = sorted((*self.objects, *(Span(start + body, end + body) for start, end in cuts)))
        self.text = "\n" * body + copy
        if code:
            self.paint(Damage(code=code))

    def paint(self, damage: Damage) -> None:
        """Paint `damage` over."""
        self.damage += damage
        self.damage.cuts = sorted(set(self.damage.cuts))
        self.text = _painted(self.text, ((span, " ") for span in sorted(damage.blanks + damage.code)))
        self.text = _painted(self.text, ((span, _FILLER) for span in sorted(damage.cuts)))


def _painted(text: str, spans: Iterable[tuple[Span, str]]) -> str:
    """`text` with a character in place of each one in the spans, which are in order; line ends stay."""
    parts, done = [], 0
    for (start, end), filler in spans:
        if end > done:
            start = max(start, done)
            parts += [text[done:start], re.sub(r"[^\r\n]", filler, text[start:end])]
            done = end
    parts.append(text[done:])
    return "".join(parts)
