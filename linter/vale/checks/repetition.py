"""Words that are repeated."""

from __future__ import annotations

from collections.abc import Iterator
from operator import eq

from linter import patterns as own_patterns
from linter.document import Block
from linter.matching import matches
from linter.vale import patterns
from linter.vale.checks._base import BlockRule, Hit
from linter.vale.checks._words import Exceptions
from linter.vale.definition import Context, Definition

_BREAK = own_patterns.lazy(r"[.?!]\s+[A-Z]")  # between two sentences


class Repetition(BlockRule):
    """Matches of any of `tokens` that are equal to the match before, in one sentence.

    The first `max` repetitions in a block are allowed. If `alpha` is true, tokens with anything other than letters are
    not reported.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        self.exceptions = Exceptions(definition, context)
        self.ignore_case = options.get("ignorecase", False)
        self.most, self.alpha = options.get("max", 0), options.get("alpha", False)
        text = ("(?i)" if self.ignore_case else "") + f"(?:{'|'.join(options.get('tokens', ()))})"
        self.pattern = patterns.expression("tokens", text)
        self.literals = patterns.literals(patterns.translated("tokens", text))

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        spans = [found.span() for found in matches(self.pattern, text)]
        tokens = [text[start:end].strip() for start, end in spans]
        forms = [token.lower() for token in tokens] if self.ignore_case else tokens
        if not any(map(eq, forms, forms[1:])):  # true for nearly all blocks
            return
        count = 0
        for i in range(1, len(spans)):
            if forms[i] != forms[i - 1] or not forms[i] or (self.alpha and not tokens[i].isalpha()):
                continue
            count += 1
            start, end = spans[i - 1][0], spans[i][1]
            if count <= self.most or _BREAK.search(text, start, end) or self.exceptions.allow(text, start, end):
                continue
            yield self.hit(text, start, end)._replace(values=(tokens[i],))
            count = 0


make = Repetition
