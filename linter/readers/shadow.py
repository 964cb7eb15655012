"""A copy of an article in which what would mislead the parser is painted over, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from linter.document import Fence, Span, Tag

_SURROGATE = re.compile("[\ud800-\udfff]")
_RETURN = re.compile(r"\r(?!\n)")  # alone: the parser does not always take it for a line end
_FILLER = "\x02"  # means nothing in Markdown, and is no white space
TEMPLATE = "\ue000"  # the same within templates, where it may come to stand in an address
# Expressions of template languages and shortcodes, which are gone before the site's own parser sees the text:
# `<a href="{{ "/tram" | url }}">`, `{{< figure src="tram.jpg" >}}`.
_TEMPLATE = re.compile(r"\{\{[^{}\r\n]*\}\}|\{%(?:(?!\{%|%\})[^\r\n])*+%\}")
_COMMENT = re.compile(r"\{%-?[ \t]*+comment[ \t]*+-?%\}.*?\{%-?[ \t]*+endcomment[ \t]*+-?%\}", re.DOTALL)
_TEMPLATE_MARKS = str.maketrans(dict.fromkeys("<>\"' \t", TEMPLATE))


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
    """The copy, `text`, and what was painted over in it so far; comments of a template language are cut.

    What stands in TEMPLATE is part of the article all the same.
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
        if "{{" in copy or "{%" in copy:
            # No comment begins behind the last end of one: there is no looking for an end in vain.
            last = copy.rfind("endcomment") + len("endcomment -%}") + 1
            cuts = [Span(*comment.span()) for comment in _COMMENT.finditer(copy, 0, last)]
            copy = _painted(copy, ((span, _FILLER) for span in cuts))
            self.damage.cuts = [Span(start + body, end + body) for start, end in cuts]
            copy = _TEMPLATE.sub(lambda template: template[0].translate(_TEMPLATE_MARKS), copy)
        self.text = "\n" * body + copy

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
