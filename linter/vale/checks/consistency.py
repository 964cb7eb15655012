"""Two spellings of the same word in one article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from linter.analysis.literals import any_of
from linter.document import Block, Document
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import form
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, selected_blocks

_NAMES = ("_key", "_value")  # groups for the two spellings


class Consistency(ArticleRule):
    """Articles with both the key and the value of an entry in `either`. Keys and values are expressions.

    There is a hit in each block with one of the two, from the block in which both have been found: the last match.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        flag = "(?i)" if options.get("ignorecase", False) else ""
        words = flag + form(context, words=not options.get("nonword", False))
        pairs = options.get("either", {}).items()
        texts = [words.replace("%s", f"(?P<_key>{key})|(?P<_value>{value})") for key, value in pairs]
        self.pairs = [Expression("either", text) for text in texts]
        self.literals = any_of(*(pair.literals for pair in self.pairs))

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        view = selected_blocks(document, self.selectors)
        for pair in self.pairs:
            names: set[str] = set()
            for number, found in groupby(pair.matches_in(view), key=itemgetter(0)):
                span = None
                for _, match, offset in found:
                    # A match of the word template may contain neither group.
                    if name := next((name for name in _NAMES if match[name] is not None), ""):
                        names.add(name)
                        span = match.start(name) - offset, match.end(name) - offset
                if span and len(names) == len(_NAMES):
                    yield view.blocks[number], self.hit(view.blocks[number].text, *span)


make = Consistency
