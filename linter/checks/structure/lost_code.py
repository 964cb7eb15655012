"""Code that lost its fence or tags and shows as running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from linter import patterns
from linter.document import Block, Document
from linter.rule import Match

_MAX_LINE_LENGTH = 200  # maximum code points of a line; the patterns below may take quadratic time
_MIN_LINES = 3  # minimum lines of code in a match
_MIN_SURE_SHARE = 0.4  # minimum share of lines that can only be code
_NUMBER = r"(?:\d{1,3}[.:|]?[ \t]+)?"
_BRACKETS = r"\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)"  # one call; after the end of `date(s)`, words may follow
# Lines that cannot be sentences.
_CODE = patterns.lazy(
    rf"""
    [ \t]*+{_NUMBER} (?:
      [^\\\n]*[\w)\]"'>=(:,][ \t]*\{{ | [ \t]*[\[\](){{}}]{{1,4}}[;,]? | [^\n(]*[\w)\]'"\{{]\([^\n]*\)[ \t]*; | \}}+\)+;
    | [^\n]*\b[\w.\])'"]+[ ]?[+-]?=[ ]?+(?!(?:the|an?)[ ])[^\n]*; | return\b[^\n]*;
    | (?:public|private|protected|static|final|const|readonly|unsigned|int|string|String|float|double|bool|boolean
        |char|long|void|auto|\w*[a-z][A-Z]\w*)[ ](?:[\w<>\[\].]+[ ]){{0,3}}[\w]+;
    | \}}[ \t]*(?:else|catch|finally|while)\b[^\n]* | \}}\)?\.\w+\([^\n]*
    | (?:async[ ])?def[ ]\w+\([^\n]*\)[^\n]*: | class[ ]\w+(?:\([^\n)]*\))?:
    | (?:for[ ]\w+(?:,[ ]?\w+)*[ ]in|if|elif|while|with)[ ][^\n]*[\w)\]"'][ ]?: | (?:else|try|finally|except[^\n:]*):
    | import[ ](?:[\w.*]+(?:[ ]as[ ]\w+)?(?:,[ ]?[\w.]+)*|[\w*{{}}, ]+[ ]from[ ]["'][^"'\n]+["']);?
    | from[ ][\w.]+[ ]import[ ][^\n]+ | \#include[ ]*[<"][^\n]+
    | (?:const|let|var)[ ][\w{{}}\[\], ]+=[^\n]+ | (?:[\w.]+{_BRACKETS})+;? | (?:>>>|\$|PS[ ]?\S*>)[ ]\S[^\n]*
    | (?:npm|npx|yarn|pip3?|git|sudo|docker|kubectl|apt(?:-get)?|brew|curl|wget|cd|mkdir|cargo|go|python3?|node|ssh)
      [ ][a-z./~-][^\n]*[^\n.!?:,]
    | <\?php[^\n]* | using[ ][\w.]+; | package[ ][\w.]+; | [@]\w+(?:\([^\n]*\))?
    ) [ \t]*(?://[^\n]*|\#[ ][^\n]*)?
    """,
    re.VERBOSE,
)
# Lines that may be between lines of code: a value, a call, a comment, the number of an empty line.
_LIKE = patterns.lazy(
    rf"""
    [ \t]*+{_NUMBER} (?:
      ["']?[\w.-]+["']?[ ]?[:=]{{1,2}}[ ]?[^\n]*[^\n.!?] | [\w.\[\]'"$@\#-]+[ ]?(?:[+*/-]?=|\()[^\n]*
    | (?://|\#|--|/\*|\*)[^\n]* | [^\w\n]+
    | (?:return|print|echo|yield|raise|break|continue|pass|end|begin|then|fi|done|do)\b[^\n]*[^\n.!?]
    | [\w.]+[ ][^\n]{{0,100}}[(\[{{,;)\]}}]
    ) | [ \t]*\d{{1,3}}[ \t]*
    """,
    re.VERBOSE,
)
_PROOF = patterns.lazy(r"[{};=]|^(?:import|from|def|class|using|package|\$|>>>|[a-z]\w+ [a-z./~-])")
# Shortcodes, which may contain code, and colors of highlighted code, which is in a box in most cases.
_ON_PURPOSE = patterns.lazy(r"\{\{[<%]|\{% |<(?:span|font)[^<>]*\bcolor\b", re.IGNORECASE)
_SENTENCES = patterns.lazy(r"[a-z]{2}[.?!] [A-Z][a-z]* [a-z]")
_PHRASE = patterns.lazy(r"\b[a-z]+(?: [a-z]+){4}")  # not in a list item that is code
_ENDS = frozenset(";{}()[]:'\",>0123456789")  # last characters of code that does not begin with one of _STARTS
_TRACES = (";\n", ";\r", ";<", "{\n", "{\r", "{<", "\n$ ", "\nnpm ", "\ndef ", ">>> ")  # in all articles with such code
_CLEAR = (";", "{", "}", ")")
_LINE_ENDS = (";\n", "{\n", "}\n", ")\n")
_SCOPE_SETS = ({"paragraph"}, {"list"})
_STARTS = (
    *(f"{word} " for word in "$ >>> import from npm pip git sudo docker const let var return def class //".split()),
    *("#include", "if (", "for ("),
)
_FIRST_CHARACTERS = {start[0] for start in _STARTS}


@dataclass(frozen=True)
class LostCode:
    """Adjacent paragraphs or list items in which every line looks like code. The match spans all these blocks.

    Together, the blocks must have at least three lines. At least two lines, and at least 40 percent of all lines, must
    have a form that is typical only of code, such as `total = 0;`. The first block of an article is ignored, because a
    site may import components there. Blocks with links other than bare URLs are ignored, and so are list items with
    phrases. If the blocks contain a shortcode or template tag, such as `{{< note >}}`, or highlighted code in colors,
    there is no match. Nor is there one if each line is indented by four columns: after a list, some Markdown parsers
    read such lines as a code block.
    """

    def find_in(self, document: Document) -> Iterator[Match]:
        text, blocks = document.source.text, document.prose
        if not any(map(text.__contains__, _TRACES)):
            return
        linked = {link.block for link in document.links if link.kind != "bare"}
        end = 1
        for start in [number for number, block in enumerate(blocks) if _begins(block.text)]:
            if start >= end and _may_be_code(blocks[start], linked):
                end = start + 1
                while (
                    end < len(blocks)
                    and _may_be_code(blocks[end], linked)
                    and _adjoin(blocks[end - 1], blocks[end], text)
                ):
                    end += 1
                yield from self._run(blocks[start:end], text)

    def _run(self, run: Sequence[Block], source: str) -> Iterator[Match]:
        if sum(block.text.count("\n") + 1 for block in run) < _MIN_LINES:
            return
        for is_code, some in groupby(run, lambda block: all(map(_looks_like_code, _lines(block)))):
            blocks = list(some)
            lines = [line for block in blocks for line in _lines(block)] if is_code else []
            sure = sum(1 for line in lines if _CODE.fullmatch(line))
            if (
                len(lines) < _MIN_LINES
                or sure < max(2, _MIN_SURE_SHARE * len(lines))
                or not any(map(_PROOF.search, lines))
            ):
                continue
            start, end = blocks[0].source_span.start, blocks[-1].source_span.end
            if not _ON_PURPOSE.search(source, start, end) and not _is_indented(source, start, end):
                yield Match(start, end)


def _is_indented(source: str, start: int, end: int) -> bool:
    """Whether each line of `source[start:end]` has an indent of four columns or more, as in an indented code block."""
    lines = source[source.rfind("\n", 0, start) + 1 : end].expandtabs(4).split("\n")
    return all(line.startswith("    ") for line in lines if line.strip())


def _may_be_code(block: Block, linked: Set[Block]) -> bool:
    """Whether a block may be code, according to a quick test. `linked` are the blocks with links."""
    text = block.text
    if block in linked or ("list" in block.scopes and _PHRASE.search(text)):
        return False
    if not text or (text[-1] not in _ENDS and not text.startswith(_STARTS)) or block.scopes not in _SCOPE_SETS:
        return False
    return "\n" in text or len(text) <= _MAX_LINE_LENGTH


def _begins(text: str) -> bool:
    """Whether code may begin with a block with the text `text`, according to a quick test."""
    if text.endswith(_CLEAR) or (text[:1] in _FIRST_CHARACTERS and text.startswith(_STARTS)):
        return True
    return "\n" in text and any(map(text.__contains__, _LINE_ENDS))


def _adjoin(block: Block, behind: Block, text: str) -> bool:
    """Whether `block` and the next block, `behind`, are close together in the source `text`."""
    start, end = block.source_span.end, behind.source_span.start
    return end - start <= _MAX_LINE_LENGTH and "```" not in text[start:end]


def _lines(block: Block) -> list[str]:
    return [line for line in block.text.split("\n") if line.strip()]


def _looks_like_code(line: str) -> bool:
    if len(line) > _MAX_LINE_LENGTH:
        return False
    return bool(_CODE.fullmatch(line) or _LIKE.fullmatch(line)) and not _SENTENCES.search(line)
