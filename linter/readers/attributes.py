"""The attributes of an HTML tag, each with the place of its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

from linter import late
from linter.block import Span
from linter.document import Attribute
from linter.readers import references

# WHATWG HTML 13.2.5, for tags in which nothing is odd: what is quoted holds no “<” or “>” and no blank line.
WS = r"[\t\n\f\r ]"
_NEWLINE = r"(?:\r\n?|\n)(?![ \t]*+[\r\n])"
_QUOTED = "|".join(f"{q}[^{q}<>\\n\\r]*+(?:{_NEWLINE}[^{q}<>\\n\\r]*+)*+{q}" for q in "\"'")
VALUE = rf"""(?:{_QUOTED}|[^\s"'<>=`][^\s"'<>`]*+)"""
_PART = late.pattern(rf"""(?P<name>[^\s"'<>/=]++)(?:{WS}*+={WS}*+(?P<value>{VALUE}))?+""")


class Attributes(Sequence[Attribute]):
    """The attributes of a tag that has some, parsed by `parse(*where)` when somebody asks: of most tags nobody does."""

    __slots__ = ("_parse", "_parsed", "_where")

    def __init__(self, parse: Callable[..., Iterable[Attribute]], *where: Any) -> None:
        self._parse, self._where = parse, where
        self._parsed: tuple[Attribute, ...] | None = None

    @overload
    def __getitem__(self, index: int) -> Attribute: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Attribute, ...]: ...
    def __getitem__(self, index: int | slice) -> Attribute | tuple[Attribute, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._all())

    def _all(self) -> tuple[Attribute, ...]:
        if self._parsed is None:
            self._parsed = tuple(self._parse(*self._where))
        return self._parsed


def parse(text: str, start: int, end: int) -> Iterator[Attribute]:
    """The attributes in `text[start:end]`, which holds nothing odd."""
    for part in _PART.finditer(text, start, end):
        low, high = part.span("value")
        if low >= 0 and text[low] in "\"'":
            low, high = low + 1, high - 1
        yield of(text, part["name"], low, high)


def of(text: str, name: str, low: int, high: int) -> Attribute:
    """The attribute whose value stands at `text[low:high]`; `low` is negative where it has none."""
    if low < 0:
        return Attribute(name.lower(), "", None)
    return Attribute(name.lower(), references.decode(text, low, high), Span(low, high))
