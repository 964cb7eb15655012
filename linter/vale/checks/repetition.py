"""Words that are repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, pairwise
from operator import eq

from linter import patterns
from linter.document import Block, Document
from linter.matching import matches
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import Exceptions
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, selected_blocks
from linter.views import TextView

_BREAK = patterns.lazy(r"[.?!]\s+[A-Z]")  # between two sentences


class Repetition(ArticleRule):
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
        self.token = Expression("tokens", text)

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        view = selected_blocks(document, self.selectors)
        blocks = view.blocks if not self.token.is_local else [view.blocks[at] for at in self._with_repetitions(view)]
        for block in blocks:
            yield from ((block, hit) for hit in self.hits(block))

    def _with_repetitions(self, view: TextView) -> Sequence[int]:
        """Return the indexes of the blocks that may contain equal tokens in a row. There are few of them."""
        if not self.token.pattern.groups and not self._repeats(filter(None, self.token.texts(view.text))):
            return ()
        tokens = matches(self.token.pattern, view.text)
        forms = self._forms(token[0] for token in tokens)
        pairs = compress(pairwise(tokens), map(eq, forms, forms[1:]))
        return sorted({view.number(place) for one, other in pairs for place in (one.start(), other.start())})

    def _repeats(self, tokens: Iterable[str]) -> bool:
        """Whether equal tokens follow each other, which may be reported."""
        forms = self._forms(tokens)
        repeated = compress(forms, map(eq, forms, forms[1:]))
        return any(map(str.isalpha, repeated)) if self.alpha else any(repeated)

    def _forms(self, tokens: Iterable[str]) -> list[str]:
        """Return tokens in the form in which they are compared."""
        forms = map(str.strip, tokens)
        return [*map(str.lower, forms)] if self.ignore_case else [*forms]

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        spans = [found.span() for found in matches(self.token.pattern, text)]
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
