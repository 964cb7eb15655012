"""Text that a rule does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from linter.document import Block
from linter.matching import holds, matches
from linter.vale import patterns
from linter.vale.checks._base import BlockRule, Hit
from linter.vale.checks._words import Exceptions, form
from linter.vale.definition import Context, Definition


class Existence(BlockRule):
    """Matches of any of `tokens`, which are words unless `nonword` is true, with `raw` before or after them.

    The expressions in `raw` are parts of one expression. It is placed before the tokens or, with `append`, after them.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        nonword = options.get("nonword", False)
        self.exceptions = Exceptions(definition, context, vocab=not nonword)
        tokens = [token for token in options.get("tokens", ()) if token.strip()]
        ignore_case = options.get("ignorecase", False)
        body, _ = patterns.alternatives(tokens, ignore_case=ignore_case)
        words = form(context, words=not nonword and bool(options.get("tokens"))).replace("%s", body)
        raw = "".join(options.get("raw", ()))
        whole = words + raw if options.get("append", False) else raw + words
        flag = "(?i)" if ignore_case else ""
        text = flag + whole
        key = "tokens" if tokens or not raw else "raw"
        self.pattern = patterns.expression(key, text)
        self.literals = patterns.literals(patterns.translated(key, text))
        part = patterns.required_part(tokens[0]) if len(tokens) == 1 else ""
        self.required = patterns.expression(key, f"{flag}(?m){part}") if part else None

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        if self.required and not holds(self.required, text):
            return
        for found in matches(self.pattern, text):
            start, end = found.span()
            if not self.exceptions.allow(text, start, end):
                yield self.hit(text, start, end)


make = Existence
