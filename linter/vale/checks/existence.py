"""Text that a rule does not allow."""

from __future__ import annotations

from linter.vale import patterns
from linter.vale.checks._base import Hit, SearchRule
from linter.vale.checks._words import Exceptions, form
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, expressions


class Existence(SearchRule):
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
        words = form(context, words=not nonword and bool(options.get("tokens")))
        flag = "(?i)" if ignore_case else ""
        if raw := "".join(options.get("raw", ())):
            body, _ = patterns.alternatives(tokens, ignore_case=ignore_case)
            words = words.replace("%s", body)
            text = words + raw if options.get("append", False) else raw + words
            self.search = Expression("tokens" if tokens else "raw", flag + text)
        else:
            self.search = expressions("tokens", flag + words, tokens)
        self.literals = self.search.literals
        part = patterns.required_part(tokens) if isinstance(self.search, Expression) and not raw else ""
        self.required = Expression("tokens", f"{flag}(?m){part}") if part else None

    def hit_at(self, text: str, start: int, end: int, part: int) -> Hit | None:
        return None if self.exceptions.allow(text, start, end) else self.hit(text, start, end)


make = Existence
