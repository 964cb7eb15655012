"""Text that a rule does not allow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter import patterns
from linter.vale.checks._base import Hit, SearchRule
from linter.vale.checks._words import Exceptions, form
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, expressions

# A repetition at the start of an expression, such as `(?:[^,]+,){1,}`, the sign at its end, and the rest.
_LEADING_REPEAT = patterns.lazy(
    r"""\(\?: \[\^[^\[\]]+\][+*] ([-,;:/"'!&]) \)(?:\+|\{1,\})
    ((?: \\[a-zA-Z] | [^\\()|\[\]] | \[[^\[\]\\]*\] | \((?:\?:)?[\w\s|]*\) )+)""",
    re.VERBOSE,
)
# A repetition of a single class at the start of an expression, such as `\w+`, and the rest.
_LEADING_CLASS = patterns.lazy(r"(\\[wWdDsS]|\[\^?[^\[\]\\^][^\[\]\\]*\]|\.)\+\??((?![+*?{]).+)", re.DOTALL)


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
        words = form(context, words=not nonword and bool(options.get("tokens")))
        flag = "(?i)" if options.get("ignorecase", False) else ""
        if raw := "".join(options.get("raw", ())):
            words = words.replace("%s", "|".join(tokens))
            text = words + raw if options.get("append", False) else raw + words
            self.search = Expression("tokens" if tokens else "raw", flag + text)
        else:
            self.search = expressions("tokens", flag + words, tokens)
        self.literals = self.search.literals
        part = required_part(tokens) if isinstance(self.search, Expression) and not raw else ""
        self.required = Expression("tokens", f"{flag}(?m){part}") if part else None

    def hit_at(self, text: str, start: int, end: int, part: int) -> Hit | None:
        return None if self.exceptions.allow(text, start, end) else self.hit(text, start, end)


make = Existence


def required_part(parts: Sequence[str]) -> str:
    """Return an expression that must match in all text in which one of `parts` matches, or "".

    It is given for expressions that begin with a repetition, such as `(?:[^,]+,)+ and` or `\\w+!`. They take much time
    because the repetition matches at nearly any place before the rest. The result has only the last sign of the
    repetition: `, and` or `\\w!`.
    """
    found = [_LEADING_REPEAT.fullmatch(part) or _LEADING_CLASS.fullmatch(part) for part in parts]
    if not any(found):
        return ""
    return "|".join(match[1] + match[2] if match else part for match, part in zip(found, parts, strict=True))
