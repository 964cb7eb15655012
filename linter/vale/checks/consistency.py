"""Two spellings of the same word in one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linter.document import Block
from linter.matching import matches
from linter.vale import patterns
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import form
from linter.vale.definition import Context, Definition

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
        self.patterns = [patterns.expression("either", text) for text in texts]
        self.literals = patterns.literals(*(patterns.translated("either", text) for text in texts))

    def article_hits(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, Hit]]:
        pairs = [(pattern, set[str]()) for pattern in self.patterns]
        for block in blocks:
            for pattern, names in pairs:
                span = None
                for found in matches(pattern, block.text):
                    name = next(name for name in _NAMES if found[name] is not None)
                    names.add(name)
                    span = found.span(name)
                if span and len(names) == len(_NAMES):
                    yield block, self.hit(block.text, *span)


make = Consistency
