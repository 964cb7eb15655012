"""Filter rules with expressions such as `.Level in ["error"] and .Name != "Google.We"`, as the option --filter of Vale.

The expressions are those of the Go library `expr` that select rules by their texts and scopes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from linter import matching, patterns
from linter.config.config import BadConfig
from linter.suggest import cut_text, did_you_mean
from linter.vale.config import ValeConfig
from linter.vale.definition import BadOption, Definition
from linter.vale.files import Files
from linter.vale.patterns import ascii_expression

LIMIT = 10_000  # code points of a filter
DEPTH = 50  # parentheses, lists, functions and members inside one another
DIGITS = 20  # characters of a number
STEPS = 100_000  # elements of lists that functions such as `any` may look at
NAME = "--filter"  # the name of a filter that is not in a file
_FOLDERS = "vocabularies dictionaries templates ignore actions scripts filters views".split()
_TOKEN = patterns.lazy(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<member>\.[A-Za-z]\w*)
    | (?P<name>[A-Za-z]\w*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[<>!()\[\]{},\#])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = patterns.lazy(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)", re.DOTALL)
_ESCAPES = {**{char: char for char in "\"'\\"}, **dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))}
_SAME = {"&&": "and", "||": "or", "!": "not"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "matches": lambda text, pattern: _holds(pattern, text),
}
_OPERATORS = ("==", "!=", "in", *_COMPARE, *_TEXTS)
_MEMBERS: Mapping[str, Callable[[Definition], Any]] = {
    "Name": lambda rule: rule.name,
    "Level": lambda rule: rule.level,
    "Extends": lambda rule: rule.extends,
    "Scope": lambda rule: list(rule.scope),
    "Message": lambda rule: rule.message,
    "Description": lambda rule: rule.description,
    "Link": lambda rule: rule.link,
    "Limit": lambda rule: rule.limit,
    "Action": lambda rule: {"Name": rule.action.name, "Params": list(rule.action.params)},
}
_PREDICATES: Mapping[str, Callable[[Iterator[bool]], bool]] = {
    "any": any,
    "all": all,
    "none": lambda found: not any(found),
    "one": lambda found: sum(found) == 1,
}
_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"len": len, "lower": str.lower, "upper": str.upper}
_TYPES = {str: "text", int: "a number", float: "a number", bool: "true or false", list: "a list", dict: "an action"}


class Filter(NamedTuple):
    """A filter: its text, and its name in messages."""

    text: str
    name: str = NAME

    @property
    def mentions_level(self) -> bool:
        """Whether the filter mentions the levels of rules, so that the minimum level does not apply to them."""
        return ".Level" in self.text

    def kept(self, definitions: Iterable[Definition]) -> frozenset[str]:
        """Return the names of the rules that the filter keeps. Raises BadConfig if the filter has a mistake."""
        try:
            keeps = _Parser(self.text).parse()
            return frozenset(rule.name for rule in definitions if keeps(_Scope(rule, [STEPS])))
        except _Mistake as bad:
            before = self.text[: bad.at]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            raise BadConfig([f"{self.name}:{line}:{column}: {bad}"]) from None


def read_filter(value: str, config: ValeConfig, files: Files) -> Filter:
    """Return the filter that a value of the option --filter means.

    The value is the path of a file, the name of a file in a folder of styles or in its folder `config`, or a filter.
    """
    inner = [("config", folder) for folder in _FOLDERS]
    folders = [os.path.join(path, *parts) for path in config.styles_paths for parts in ((), *inner)]
    for folder in (os.getcwd(), *folders, os.path.dirname(config.file)) if len(value) <= LIMIT else ():
        path = os.path.join(folder, value)
        if "\0" not in value and value.strip() and files.exists(path) and not files.is_folder(path):
            return Filter(files.text(path) or "", value)
    return Filter(value)


class _Mistake(Exception):
    """A mistake at an offset in a filter."""

    def __init__(self, at: int, problem: str) -> None:
        super().__init__(problem)
        self.at = at


class _Scope(NamedTuple):
    """The value to which an expression can refer: the rule or, inside a function such as `any`, the element of a list.

    `steps` contains the number of elements that functions may still look at.
    """

    element: Any
    steps: list[int]


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


Expression = Callable[[_Scope], Any]


def _tokens(text: str) -> list[_Token]:
    if len(text) > LIMIT:
        raise _Mistake(0, f"this filter has more than {LIMIT:,} characters")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise _Mistake(at, f"“{cut_text(text[at : at + 20])}” is not expected here")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_Token(kind, _SAME.get(match[0], match[0]), at))
        at = match.end()
    return [*found, _Token("end", "", len(text))]


class _Parser:
    """A recursive-descent parser whose methods return functions that evaluate expressions."""

    def __init__(self, text: str) -> None:
        self.tokens, self.next, self.depth = _tokens(text), 0, 0

    def parse(self) -> Expression:
        at = self.peek.at
        expression = self._or()
        if self.peek.kind != "end":
            raise self._unexpected()
        return lambda scope: _typed(expression(scope), (bool,), "a filter", at)

    @property
    def peek(self) -> _Token:
        return self.tokens[self.next]

    def _take(self, *texts: str) -> _Token | None:
        """Return the next token and go on, if it is one of `texts` and not a text in quotation marks."""
        token = self.peek
        if token.kind == "text" or token.text not in texts:
            return None
        self.next += 1
        return token

    def _require(self, text: str) -> None:
        if not self._take(text):
            raise self._unexpected(f"; “{text}” is missing")

    def _unexpected(self, advice: str = "") -> _Mistake:
        token = self.peek
        what = f"“{cut_text(token.text)}” is not expected here" if token.text else "the filter ends too early"
        return _Mistake(token.at, what + advice)

    def _or(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH:
            raise _Mistake(self.peek.at, f"parentheses are nested more than {DEPTH} levels deep")
        expression = self._chain("or", any, self._and)
        self.depth -= 1
        return expression

    def _and(self) -> Expression:
        return self._chain("and", all, self._not)

    def _chain(
        self, word: str, decide: Callable[[Iterator[bool]], bool], parse: Callable[[], Expression]
    ) -> Expression:
        """Parse expressions that are joined by `word`."""
        at, parts = self.peek.at, [parse()]
        while self._take(word):
            parts.append(parse())
        if len(parts) == 1:
            return parts[0]
        return lambda scope: decide(_typed(part(scope), (bool,), f"“{word}”", at) for part in parts)

    def _not(self) -> Expression:
        negations = 0
        while self._take("not"):
            negations += 1
        at, inner = self.peek.at, self._comparison()
        if not negations:
            return inner
        return lambda scope: _typed(inner(scope), (bool,), "“not”", at) != bool(negations % 2)

    def _comparison(self) -> Expression:
        left = self._value()
        negated = self._take("not")
        token = self._take(*_OPERATORS)
        if token is None:
            if negated:
                raise self._unexpected()
            return left
        compare, right = _operator(token), self._value()
        return lambda scope: compare(left(scope), right(scope)) != bool(negated)

    def _value(self) -> Expression:
        token = self.peek
        self.next += 1
        if token.kind == "text":
            value = _literal(token)
            return lambda scope: value
        if token.kind == "number":
            if len(token.text) > DIGITS:
                raise _Mistake(token.at, f"this number has more than {DIGITS} characters")
            number = float(token.text) if "." in token.text else int(token.text)
            return lambda scope: number
        if token.kind == "member":
            return self._members(_member(token))
        if token.text == "#":
            return self._members(lambda scope: scope.element)
        if token.text == "(":
            inner = self._or()
            self._require(")")
            return inner
        if token.text == "[":
            items = self._items("]")
            return lambda scope: [item(scope) for item in items]
        if token.kind == "name":
            return self._named(token)
        self.next -= 1
        raise self._unexpected()

    def _members(self, value: Expression) -> Expression:
        at = self.next
        while self.peek.kind == "member":
            if self.next - at == DEPTH:
                raise self._unexpected()
            value = _member(self.peek, value)
            self.next += 1
        return value

    def _items(self, end: str) -> list[Expression]:
        """Parse the items before the sign `end`."""
        items: list[Expression] = []
        while not self._take(end):
            if items:
                self._require(",")
                if self._take(end):
                    break
            items.append(self._or())
        return items

    def _named(self, token: _Token) -> Expression:
        """Parse a constant, or the arguments of a function."""
        if token.text in ("true", "false"):
            constant = token.text == "true"
            return lambda scope: constant
        if token.text not in _PREDICATES and token.text not in _FUNCTIONS:
            known = (*_PREDICATES, *_FUNCTIONS, *(f".{name}" for name in _MEMBERS))
            raise _Mistake(token.at, f"there is no “{cut_text(token.text)}”{did_you_mean(token.text, known)}")
        self._require("(")
        at, value = self.peek.at, self._or()
        if token.text in _PREDICATES:
            self._require(",")
            braced = self._take("{")
            holds = self._or()
            if braced:
                self._require("}")
            self._require(")")
            return lambda scope: _PREDICATES[token.text](_each(value(scope), holds, scope.steps, at))
        self._require(")")
        allowed = (str, list) if token.text == "len" else (str,)
        return lambda scope: _FUNCTIONS[token.text](_typed(value(scope), allowed, f"“{token.text}”", at))


def _member(token: _Token, of: Expression = lambda scope: scope.element) -> Expression:
    """Return an expression such as `.Name`. `of` evaluates what precedes it."""
    name = token.text[1:]

    def value(scope: _Scope) -> Any:
        owner = of(scope)
        if isinstance(owner, Definition) and name in _MEMBERS:
            return _MEMBERS[name](owner)
        if isinstance(owner, dict) and name in owner:
            return owner[name]
        known = _MEMBERS if isinstance(owner, Definition) else owner if isinstance(owner, dict) else ()
        advice = did_you_mean(token.text, [f".{each}" for each in known])
        raise _Mistake(token.at, f"there is no “{cut_text(token.text)}” here{advice}")

    return value


def _each(values: Any, holds: Expression, steps: list[int], at: int) -> Iterator[bool]:
    for value in _typed(values, (list,), "this function", at):
        steps[0] -= 1
        if steps[0] < 0:
            raise _Mistake(at, "this function takes too long")
        yield _typed(holds(_Scope(value, steps)), (bool,), "this function", at)


def _typed(value: Any, allowed: tuple[type, ...], name: str, at: int) -> Any:
    """Return `value` if it has one of the types in `allowed`. Otherwise, raise a mistake."""
    if type(value) in allowed:
        return value
    raise _Mistake(at, f"{name} must have {_TYPES[allowed[0]]}, not {_kind(value)}")


def _kind(value: Any) -> str:
    return _TYPES.get(type(value), "a rule")


def _operator(token: _Token) -> Callable[[Any, Any], bool]:
    """Return the function for an operator."""
    name = token.text

    def compare(left: Any, right: Any) -> bool:
        if name == "in" and type(right) is list:
            return left in right
        if name in _TEXTS and type(left) is type(right) is str:
            try:
                return _TEXTS[name](left, right)
            except BadOption as bad:
                raise _Mistake(token.at, bad.why) from None
            except TimeoutError:
                raise _Mistake(token.at, f"the regular expression “{cut_text(right)}” takes too long") from None
        if name in _COMPARE and _kind(left) == _kind(right) and type(left) in (int, float, str):
            return _COMPARE[name](left, right)
        if name in ("==", "!=") and _kind(left) == _kind(right):
            return bool(left == right) == (name == "==")
        raise _Mistake(token.at, f"“{name}” cannot compare {_kind(left)} with {_kind(right)}")

    return compare


def _holds(pattern: str, text: str) -> bool:
    return matching.holds(_expression("matches", pattern), text)


_expression = lru_cache(64)(ascii_expression)


def _literal(token: _Token) -> str:
    """Return the value of a text in quotation marks or backticks."""
    if token.text.startswith("`"):
        return token.text[1:-1]

    def char(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2] or escape[3]
        value = chr(int(code, 16)) if code and int(code, 16) < 0x110000 else _ESCAPES.get(escape[0][1:], "")
        if not value or "\ud800" <= value <= "\udfff":
            raise _Mistake(token.at, f"“{escape[0]}” is not an escape sequence; write “\\\\” for a backslash")
        return value

    return _ESCAPE.sub(char, token.text[1:-1])
