"""Evaluate the formulas and conditions of metrics, such as `words / sentences` and `> 25`.

Vale evaluates them as expressions of the language Tengo. Here, Python parses them, and only arithmetic, comparisons and
functions of `math` are allowed. As in Tengo, the quotient of two integers is an integer.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from typing import Literal

from linter import patterns
from linter.suggest import did_you_mean
from linter.vale.definition import BadOption

Number = int | float
Value = Number | bool
Compiled = Callable[[Mapping[str, float]], Value]

_MOST = 1000  # maximum characters of an expression
_DEEPEST = 100  # maximum depth of nested operations
_ALLOWED = patterns.lazy(r"[\w\s.+\-*/%<>=!&|(),]*", re.ASCII)
_HEADING = patterns.lazy(r"\bheading\.(h[1-6])\b")
_OPERATORS = {"&&": " and ", "||": " or ", "!": "~"}  # `~` has the same precedence in Python as `!` in Tengo
_OPERATOR = patterns.lazy(r"&&|\|\||!(?!=)")
_LARGEST = 2**63  # integers from here on become floating-point numbers


def _quotient(left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)


def _limited(value: Value) -> Value:
    return float(value) if abs(value) >= _LARGEST else value


def _all(*parts: Value) -> bool:
    return all(parts)


def _any(*parts: Value) -> bool:
    return any(parts)


_UNARY: Mapping[type, tuple[type, Callable[..., Value]]] = {
    ast.USub: (float, operator.neg),
    ast.UAdd: (float, operator.pos),
    ast.Invert: (bool, operator.not_),
}
_BINARY: Mapping[type, Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _quotient,
    ast.Mod: math.fmod,
}
_COMPARE: Mapping[type, Callable[..., Value]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    name: getattr(math, name) for name in "cbrt ceil exp floor hypot log log10 log1p log2 pow sqrt trunc".split()
} | {"abs": abs, "max": max, "min": min, "mod": math.fmod, "round": round}
_COUNTS = dict.fromkeys(("hypot", "max", "min", "mod", "pow"), 2)  # functions of two values; all others take one


class Formula:
    """An expression of the option `key`. `names` are the variables that it may contain.

    With `kind` "condition", the value is true or false. Otherwise, it is a number. Raises BadOption if the expression
    cannot be evaluated.
    """

    def __init__(
        self, key: str, text: str, names: Collection[str], kind: Literal["number", "condition"] = "number"
    ) -> None:
        self._key, self._names = key, names
        self._compiled, found = self._compile(self._parse(text), 0)
        if found is not (bool if kind == "condition" else float):
            raise BadOption(key, f"this must be a {kind}")

    def value(self, values: Mapping[str, float]) -> float:
        """Return the value. It is not a number (NaN) if it is undefined, for example because of a division by zero.

        The value of a condition is 1.0 or 0.0. `values` has the values of all variables.
        """
        try:
            return float(self._compiled(values))
        except (ArithmeticError, ValueError):
            return math.nan

    def _parse(self, text: str) -> ast.expr:
        text = _HEADING.sub(r"heading_\1", text.strip())
        if not text:
            raise self._bad("this is empty")
        if len(text) > _MOST:
            raise self._bad(f"this has more than {_MOST} characters")
        if not _ALLOWED.fullmatch(text):
            raise self._bad("only numbers, names, operators and parentheses are supported")
        text = _OPERATOR.sub(lambda found: _OPERATORS[found[0]], text)
        try:
            with warnings.catch_warnings(action="ignore"):  # about text such as `1if`
                return ast.parse(f"({text})", mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise self._bad("this is not a valid expression") from None

    def _compile(self, node: ast.expr, depth: int) -> tuple[Compiled, type]:
        """Return a function that computes the value of a part of the expression, and its type: bool or float."""
        if depth > _DEEPEST:
            raise self._bad(f"operations are nested more than {_DEEPEST} deep")
        match node:
            case ast.Constant(value=int() | float() as constant) if not isinstance(constant, bool):
                return (lambda values: constant), float
            case ast.Name(id=name):
                self._check_name(name, self._names)
                return (lambda values: values[name]), float
            case ast.UnaryOp(operand=operand, op=sign) if type(sign) in _UNARY:
                type_, calculate = _UNARY[type(sign)]
                return self._apply(calculate, [operand], type_, depth), type_
            case ast.BinOp(left=left, right=right, op=sign) if type(sign) in _BINARY:
                return self._apply(_BINARY[type(sign)], [left, right], float, depth), float
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARE:
                return self._apply(_COMPARE[type(sign)], [left, right], float, depth), bool
            case ast.BoolOp(values=parts, op=sign):
                return self._apply(_all if isinstance(sign, ast.And) else _any, parts, bool, depth), bool
            case ast.Call(func=ast.Attribute(value=ast.Name(id="math"), attr=name), args=arguments, keywords=[]):
                self._check_name(name, _FUNCTIONS)
                return self._apply(_FUNCTIONS[name], arguments, float, depth, _COUNTS.get(name, 1)), float
        raise self._bad("only arithmetic, comparisons and functions of “math” are supported")

    def _apply(
        self, calculate: Callable[..., Value], nodes: list[ast.expr], type_: type, depth: int, count: int = 0
    ) -> Compiled:
        """Return a function that calls `calculate` with the values of `nodes`, all of which must have type `type_`."""
        parts = [self._compile(node, depth + 1) for node in nodes]
        if any(found is not type_ for _, found in parts):
            raise self._bad("numbers and conditions cannot be mixed")
        if count and len(parts) != count:
            raise self._bad(f"a function needs {count} {'value' if count == 1 else 'values'}, not {len(parts)}")
        functions = [function for function, _ in parts]
        return lambda values: _limited(calculate(*(function(values) for function in functions)))

    def _check_name(self, name: str, known: Collection[str]) -> None:
        if name not in known:
            raise self._bad(f"“{name}” is unknown{did_you_mean(name, known)}")

    def _bad(self, why: str) -> BadOption:
        return BadOption(self._key, why)
