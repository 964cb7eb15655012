"""Expressions of template languages and shortcodes in Markdown, which are gone before the reader sees the page."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from linter import late
from linter.block import Span

TEMPLATE = "\ue000"  # stands for each character of one: no markup, no white space, and it may lie in an address
# `{{ name }}`, `{{< figure src="tram.jpg" >}}`, `{% include tram.html %}`, over several lines without a blank one;
# and what `raw` shows in a line, which is an expression that is spoken of. No marks of code lie within.
_LINE_END = r"\n(?![ \t\r>]*+(?:\n|~~~))"
_EXPRESSION = late.pattern(
    rf"""
    \{{ (?<!`\{{) (?: %-?[ \t]*+raw[ \t]*+-?%\}} [^\n`]{{0,200}}? \{{%-?[ \t]*+endraw[ \t]*+-?%\}}
    | \{{{{1,2}} (?:[^{{}}`\n]|{_LINE_END}){{0,1000}}+ \}}{{2,3}}
    | % (?:(?!\{{%|%\}})[^`\n]|{_LINE_END}){{0,1000}}+ %\}} ) (?!`)
    """,
    re.VERBOSE,
)
# The same in a line with marks of code: only what would end an attribute or an address is painted over in it.
_WITH_CODE = late.pattern(r"\{\{[^{}\n]*\}\}|\{%(?:(?!\{%|%\})[^\n])*+%\}")
_ENDINGS = str.maketrans(dict.fromkeys("<>\"' \t", TEMPLATE))
_COMMENT = late.pattern(r"\{%-?[ \t]*+comment[ \t]*+-?%\}.*?\{%-?[ \t]*+endcomment[ \t]*+-?%\}", re.DOTALL)
# What Jekyll and Hugo set as code: their tags stand alone on their lines.
_HIGHLIGHT = late.pattern(
    r"^[ \t>]*+(?:\{%-?[ \t]*+highlight\b[^%{}\n]*+-?%\}|\{\{[<%][ \t]*+highlight\b[^{}\n]*+\}\})[ \t]*+\r?\n",
    re.MULTILINE,
)
_HIGHLIGHT_END = late.pattern(
    r"^[ \t>]*+(?:\{%-?[ \t]*+endhighlight[ \t]*+-?%\}|\{\{[<%][ \t]*+/[ \t]*+highlight\b[^{}\n]*+\}\})", re.MULTILINE
)
_COMMENT_END = late.pattern(r"\{%-?[ \t]*+endcomment[ \t]*+-?%\}")
_RUN = late.pattern(rf"{TEMPLATE}[{TEMPLATE} \t]*+")
_LINE_ENDS = late.pattern(r"\r?\n|\Z")


class Templates(NamedTuple):
    """`text` with the expressions painted over; `cuts` show nothing, `objects` stand for something in their line."""

    text: str
    cuts: list[Span]
    objects: list[Span]


def may_hold(text: str) -> bool:
    return "{{" in text or "{%" in text


def highlighted(text: str) -> list[Span]:
    """The lines between the tags with which generators of sites mark code; no lone carriage return ends one."""
    found, done = [], 0
    ends = [end.start() for end in _HIGHLIGHT_END.finditer(text)] if "highlight" in text else []
    for opening in _HIGHLIGHT.finditer(text) if ends else ():
        i = bisect_left(ends, opening.end())
        if opening.start() >= done and i < len(ends):
            done = ends[i]
            found.append(Span(opening.end(), done))
    return [span for span in found if span.start < span.end]


def paint(text: str, filler: str) -> Templates:
    """Paint over the expressions in `text`, in which no lone carriage return ends a line; comments with `filler`.

    An expression that stands alone on its line shows nothing, and its line end is none.
    """
    cuts: list[Span] = []
    ends = [end.end() for end in _COMMENT_END.finditer(text)] if "endcomment" in text else []
    if ends:
        last = ends[-1]  # no comment begins behind the last end of one: there is no looking for an end in vain
        cuts = [Span(*comment.span()) for comment in _COMMENT.finditer(text, 0, last)]
        text = _COMMENT.sub(lambda comment: re.sub(r"[^\r\n]", filler, comment[0]), text[:last]) + text[last:]
    found = [Span(*expression.span()) for expression in _EXPRESSION.finditer(text)]
    text = _painted(text, found)
    if may_hold(text):
        text = _WITH_CODE.sub(lambda expression: expression[0].translate(_ENDINGS), text)
    alone = [
        Span(run.start(), end.end())
        for run in _RUN.finditer(text)
        if (end := _LINE_ENDS.match(text, run.end())) and _begins_line(text, run.start())
    ]
    within = iter([*alone, Span(len(text), len(text))])
    line, objects = next(within), []
    for span in found:
        while line.end <= span.start < len(text):
            line = next(within)
        if span.start < line.start:
            objects.append(span)
    return Templates(text, sorted((*cuts, *alone)), objects)


def _painted(text: str, expressions: list[Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in expressions:
        parts += (text[done:start], TEMPLATE * (end - start))
        done = end
    return "".join(parts) + text[done:]


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but the marks of a quote stands before `at` on its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>")
