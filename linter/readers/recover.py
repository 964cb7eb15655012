"""Mask text that would mislead the Markdown parser.

The damage that other modules find, and template expressions, are masked character by character, so that offsets do not
change. `is_prose` distinguishes prose from code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from linter import patterns
from linter.document import Fence, Span, Tag
from linter.source import SURROGATE

_RETURN = patterns.lazy(r"\r(?!\n)")  # a lone carriage return, which the parser does not always treat as a line end
# End tags that the parser does not recognize in capitals. (Also, it ends comments only at “-->”, not at “--!>”.)
_RAW_END = patterns.lazy(r"</(?:pre|script|style|textarea)>", re.IGNORECASE)
_RAW_ENDS = ("</P", "</S", "</T")
_FILLER = "\x02"  # has no meaning in Markdown and is not white space


@dataclass(eq=False)
class Damage:
    """The damage found in an article: parts of the text that would mislead the parser.

    `blanks` are masked with spaces. `cuts` are left out of the text, or become U+FFFC if they are in
    `MaskedSource.objects`. `code` becomes blocks of code, and is masked with spaces for the parser. `fences` and `tags`
    are added to the document.
    """

    code: list[Span] = field(default_factory=list)
    blanks: list[Span] = field(default_factory=list)
    cuts: list[Span] = field(default_factory=list)
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


class MaskedSource:
    """The masked `text` of a source, and the damage masked so far.

    `damage.cuts` includes all spans that `mask_templates` returns. `objects` are those cuts that the published page
    replaces with visible content. An example is the expression `{{ name }}` inside a line of text.
    """

    def __init__(self, text: str, body: int) -> None:
        """Mask the text before the offset `body`, and prepare the rest for the parser.

        For example, template expressions and lists of attributes such as `{#id .class}` are masked, and lone carriage
        returns become line feeds.
        """
        self.damage = Damage()
        masked = text[body:]
        if "\r" in masked:
            masked = _RETURN.sub("\n", masked)
        if not masked.isascii():
            try:
                masked.encode()
            except UnicodeEncodeError:
                masked = SURROGATE.sub("\ufffd", masked)
        if "<" in masked:
            if "</" in masked and any(map(masked.__contains__, _RAW_ENDS)):
                masked = _RAW_END.sub(lambda end: end[0].lower(), masked)
            masked = masked.replace("--!>", "--->")
        if "] [" in masked:
            masked = _join_references(masked)
        self.objects: frozenset[Span] = frozenset()
        code: list[Span] = []
        if may_hold_templates(masked):
            code = [Span(start + body, end + body) for start, end in highlighted(masked)]
            masked, cuts, objects = mask_templates(masked, _FILLER)
            self.objects = frozenset(Span(start + body, end + body) for start, end in objects)
            self.damage.cuts = sorted((*self.objects, *(Span(start + body, end + body) for start, end in cuts)))
        if lists := [*_attribute_lists(masked)]:
            cuts = [*lists, *_span_brackets(masked, lists)]
            masked = _fill_spans(masked, ((span, _FILLER) for span in lists))
            self.damage.cuts = sorted((*self.damage.cuts, *(Span(start + body, end + body) for start, end in cuts)))
        self.text = "\n" * body + masked if body else masked
        if _may_show_code(masked):
            shown = (Span(*shown.span("code")) for shown in _SHOWN_CODE.finditer(self.text))
            code += [span for span in shown if not _ESCAPED.search(self.text, *span)]
        if code:
            self.mask(Damage(code=code))

    def mask(self, damage: Damage) -> None:
        """Mask `damage` in `text`, and add it to the damage so far."""
        self.damage += damage
        if not damage:
            return
        self.damage.cuts = sorted(set(self.damage.cuts))
        self.text = _fill_spans(self.text, ((span, " ") for span in sorted(damage.blanks + damage.code)))
        self.text = _fill_spans(self.text, ((span, _FILLER) for span in sorted(damage.cuts)))


# `[words] [label]` with one space on one line, which some parsers treat as one link.
_APART = patterns.lazy(r"\[([^\[\]\n]{2,200}+)\] \[([^\[\]\n]{1,100}+)\](?![(\[:])")
_DEFINITION = patterns.lazy(r"^[ ]{0,3}\[([^\[\]\n]++)\]:[ \t]*+\S", re.MULTILINE)


def _join_references(text: str) -> str:
    """Return `text` with the space in each probable link `[words] [label]` moved into the second brackets."""
    labels = {" ".join(label.split()).casefold() for label in _DEFINITION.findall(text)}

    def joined(match: re.Match[str]) -> str:
        words, label = (" ".join(part.split()).casefold() for part in match.groups())
        return f"[{match[1]}][ {match[2]}]" if label in labels and (words == label or words not in labels) else match[0]

    return _APART.sub(joined, text) if labels else text


# The attributes of a link, image, word in brackets, code, heading or block: `[late]{.red}`, `:::: {.note}`. Kramdown
# and Python-Markdown begin them with a colon. A mark of ChatGPT is similar: `[oaicite:0]{index=0}`.
_ATTRIBUTES = patterns.lazy(
    r"""(?:(?<=[\])])|(?<=[^`\s]`)|^[ ]{0,3}(?:(?P<heading>\#{1,6})|:{3,})(?:[ ][^\n{}]*(?<=[^\n{}\\])|))
    (?P<list>\{(?!index=):?[ \t]*+(?:(?<=:)[a-z]++[ \t]*+)?
      (?:(?:[#.][\w:.-]++|[a-zA-Z][\w:-]*+=(?:"[^"{}`\n]*+"|'[^'{}`\n]*+'|[^\s"'{}`]++))(?:[ \t]++|(?=\})))*+(?<!\{)\})
    (?(heading)(?=[ \t]*+\r?$))""",
    re.MULTILINE | re.VERBOSE,
)


_BRACE = patterns.lazy(r"\{.*")


def _attribute_lists(text: str) -> Iterator[Span]:
    """Yield the span of each list of attributes that _ATTRIBUTES finds, in order."""
    for brace in _BRACE.finditer(text):  # only lines with one, since _ATTRIBUTES is slow
        start = text.rfind("\n", 0, brace.start()) + 1
        for found in _ATTRIBUTES.finditer(text, start, brace.end()):
            yield Span(*found.span("list"))


def _span_brackets(text: str, lists: Iterable[Span]) -> Iterator[Span]:
    """Yield the brackets around words that one of the `lists` of attributes follows: `[late]{.red}`."""
    for list_start, _ in lists:
        close = list_start - 1
        opening = max(text.rfind(mark, 0, close) for mark in "[]\n") if text[close] == "]" else -1
        if opening >= 0 and text[opening] == "[" and text[opening - 1 : opening] not in ("!", "]", "^"):
            yield Span(opening, opening + 1)
            yield Span(close, list_start)


def _fill_spans(text: str, spans: Iterable[tuple[Span, str]]) -> str:
    """Return `text` with the characters in `spans`, except for line ends, replaced by the filler of their span.

    The spans must be in order of their starts.
    """
    parts, done = [], 0
    for (start, end), filler in spans:
        if end > done:
            start = max(start, done)
            parts += [text[done:start], re.sub(r"[^\r\n]", filler, text[start:end])]
            done = end
    parts.append(text[done:])
    return "".join(parts)


# Template expressions and shortcodes, which are replaced before the reader sees the page.

TEMPLATE = "\ue000"  # masks one character of an expression: not markup, not white space, and allowed in a URL
# Expressions such as `{{ name }}`, `{{< figure src="tram.jpg" >}}` and `{% include tram.html %}`, which contain no
# backticks and no blank line. Also `{% raw %}` with its content and end tag on one line; readers see the content as an
# expression. Most expressions are on one line and contain no other brackets, which is fast to match.
_LINE_END = r"\n(?![ \t\r>]*+(?:\n|~~~))"
_EXPRESSION = patterns.lazy(
    rf"""
    \{{ (?<!`\{{) (?: %-?[ \t]*+raw[ \t]*+-?%\}} [^\n`]{{0,200}}? \{{%-?[ \t]*+endraw[ \t]*+-?%\}}
    | \{{{{1,2}} (?: [^{{}}`\n]{{0,1000}}+ | (?:[^{{}}`\n]|{_LINE_END}){{0,1000}}+ ) \}}{{2,3}}
    | % [^{{%`\n]{{0,1000}}+ %\}} | % (?:(?!\{{%|%\}})[^`\n]|{_LINE_END}){{0,1000}}+ %\}} ) (?!`)
    """,
    re.VERBOSE,
)
# Expressions that contain or touch backticks: only characters that would end an attribute or a URL are masked.
_WITH_CODE = patterns.lazy(r"\{\{[^{}\n]*\}\}|\{%(?:(?!\{%|%\})[^\n])*+%\}")
_ENDINGS = str.maketrans(dict.fromkeys("<>\"' \t", TEMPLATE))
# Comments of Liquid, {% comment %}, and of Hugo, {{< comment >}}.
_COMMENT_ENDS = r"\{%-?[ \t]*+endcomment[ \t]*+-?%\}|\{\{[<%][ \t]*+/[ \t]*+comment[ \t]*+[>%]\}\}"
_COMMENT = patterns.lazy(
    rf"(?:\{{%-?[ \t]*+comment[ \t]*+-?%\}}|\{{\{{[<%][ \t]*+comment[ \t]*+[>%]\}}\}}).*?(?:{_COMMENT_ENDS})", re.DOTALL
)
# Code in Jekyll, Hexo and Hugo, with tags alone on their lines.
_HIGHLIGHT = patterns.lazy(
    r"^[ \t>]*+(?:\{%-?[ \t]*+(?:highlight|code(?:block)?)\b[^%{}\n]*+-?%\}"
    r"|\{\{[<%][ \t]*+highlight\b[^{}\n]*+\}\})[ \t]*+\r?\n",
    re.MULTILINE,
)
_HIGHLIGHT_END = patterns.lazy(
    r"^[ \t>]*+(?:\{%-?[ \t]*+end(?:highlight|code(?:block)?)[ \t]*+-?%\}"
    r"|\{\{[<%][ \t]*+/[ \t]*+highlight\b[^{}\n]*+\}\})",
    re.MULTILINE,
)
# Code between the marks of other systems, also alone on their lines; if it contains entities, it is Markdown text.
_SHOWN_CODE = patterns.lazy(
    r"^[ \t>]*+(?:\[(?P<name>code|sourcecode)\b[^\]\n]*+\]|(?P<wiki>\{code(?::[^{}\n]*+)?\})|=CODE_START=)[ \t]*+\r?\n"
    r"(?P<code>(?:(?![ \t>]*+(?:\[/?(?:code|sourcecode)\b|\{code\b|=CODE_))[^\n]*+\n)++)"
    r"[ \t>]*+(?(name)\[/(?P=name)\]|(?(wiki)\{code\}|=CODE_END=))",
    re.MULTILINE,
)
_ESCAPED = patterns.lazy(r"&(?:amp|lt|gt|quot);")
_COMMENT_END = patterns.lazy(_COMMENT_ENDS)
_RUN = patterns.lazy(rf"{TEMPLATE}[{TEMPLATE} \t]*+")
_LINE_ENDS = patterns.lazy(r"\r?\n|\Z")


class Templates(NamedTuple):
    """A text with its templates masked.

    `cuts` are the spans of templates that leave nothing visible on the published page. `objects` are the spans of
    templates that the published page replaces with visible content.
    """

    text: str
    cuts: list[Span]
    objects: list[Span]


def may_hold_templates(text: str) -> bool:
    return "{" in text and ("{{" in text or "{%" in text)


def _may_show_code(text: str) -> bool:
    """Whether `text` may contain marks such as `[/code]`, which end code in some systems."""
    return "[/" in text or ("{" in text and "{code}" in text) or ("=" in text and "=CODE_END=" in text)


def highlighted(text: str) -> list[Span]:
    """Return the spans of code between tags of site generators, such as `{% highlight %}`, in order.

    `text` must not contain lone carriage returns.
    """
    found, done = [], 0
    ends = [end.start() for end in _HIGHLIGHT_END.finditer(text)] if "highlight" in text or "endcode" in text else []
    for opening in _HIGHLIGHT.finditer(text) if ends else ():
        i = bisect_left(ends, opening.end())
        if opening.start() >= done and i < len(ends):
            done = ends[i]
            found.append(Span(opening.end(), done))
    return [span for span in found if span.start < span.end]


def mask_templates(text: str, filler: str) -> Templates:
    """Mask the template expressions and template comments in `text`. Comments are masked with `filler`.

    Comments are cuts. Expressions that are alone on a line are cuts together with their line end. Expressions that
    contain or touch backticks are neither cuts nor objects; only those of their characters that would end an attribute
    or a URL are masked. All other expressions are objects. `text` must not contain lone carriage returns.
    """
    cuts: list[Span] = []
    ends = [end.end() for end in _COMMENT_END.finditer(text)] if "comment" in text else []
    if ends:
        last = ends[-1]  # no comment begins after the last end, so no search for an end fails
        cuts = [Span(*comment.span()) for comment in _COMMENT.finditer(text, 0, last)]
        text = _COMMENT.sub(lambda comment: re.sub(r"[^\r\n]", filler, comment[0]), text[:last]) + text[last:]
    found = [Span(*expression.span()) for expression in _EXPRESSION.finditer(text)]
    text = _masked(text, found)
    if may_hold_templates(text):
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


def _masked(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with each character in `spans`, which are in order, replaced by TEMPLATE."""
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (text[done:start], TEMPLATE * (end - start))
        done = end
    return "".join((*parts, text[done:]))


def _begins_line(text: str, at: int) -> bool:
    """Whether only spaces, tabs and `>` markers precede `at` on its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>")


# Prose and code.

_TAG = patterns.lazy(r"</?[A-Za-z!][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6});")
_IMAGE = patterns.lazy(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = patterns.lazy(r"\[([^\[\]]*)\]\([^()]*\)|https?://\S+")
_LEAD = patterns.lazy(r"\s*+(?:(?:>|[-*+•]|\d{1,3}[.)])\s++)*+[*_]{0,3}")
_WORD = patterns.lazy(r"[\"'“”„«»‘’(*_¿¡]*[^\W\d_]+(?:['’-][^\W\d_]+)*[.,;:!?…)\"'“”«»‘’*_]*\Z|[–—]\Z|\d[\d.,%]*\Z")
_OPENS = patterns.lazy(r"[\"'“„«‹‘(¿¡*_]*[^\W\d_a-z]")  # a capital, or a letter of a script without case
_ENDS = patterns.lazy(r"[.!?…:][\"'”»›’)*_]*\Z")
# Chinese and Japanese, which have no spaces between words.
_CJK = patterns.lazy(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MIN_CJK_LETTERS = 10  # minimum letters of a sentence in these scripts
_MAX_EXAMINED = 2000  # maximum code points examined
_MIN_SENTENCE_WORDS = 4  # minimum words of a sentence
_MIN_LINE_WORDS = 8  # minimum words of a line of prose that does not end like a sentence


def is_prose(line: str, *, opening: bool = True) -> bool:
    """Whether `line` reads like a sentence or a long part of a sentence, unlike headings, comments and code.

    If `opening` is true, the line must also begin like a sentence. A line with at least 10 Chinese or Japanese
    characters always counts as prose.
    """
    line = line[:_MAX_EXAMINED]
    if not line or line.isspace():
        return False
    plain = _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub(" ", line)))
    tokens = _LEAD.sub("", plain, count=1).split()
    if len(_CJK.findall(plain)) >= _MIN_CJK_LETTERS:
        return True
    if len(tokens) < _MIN_SENTENCE_WORDS or (opening and not _OPENS.match(tokens[0])):
        return False
    if sum(_WORD.match(token) is not None for token in tokens) < 0.8 * len(tokens):
        return False
    return len(tokens) >= _MIN_LINE_WORDS or _ENDS.search(tokens[-1]) is not None
