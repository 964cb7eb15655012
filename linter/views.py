"""Join texts into one string, to search all of them at once, and cache values that are computed from a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, update_wrapper
from itertools import accumulate
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:  # nearly every check imports this module
    import regex

    from linter.document import Block, Document

NUL = "\x00"
_TOGETHER = 1000  # texts that are transformed together
P = ParamSpec("P")
T = TypeVar("T")


def per_document(function: Callable[Concatenate[Document, P], T]) -> Callable[Concatenate[Document, P], T]:
    """Decorate a function that several rules call, so that results are cached in its first argument, the document.

    All other arguments must be positional and hashable.
    """

    def cached(document: Document, /, *args: P.args, **named: P.kwargs) -> T:
        results, key = document.results, (function, *args) if args else function
        if key not in results:
            results[key] = function(document, *args, **named)
        return results[key]  # type: ignore[no-any-return]

    update_wrapper(cached, function)
    return cached


class Place(NamedTuple):
    """A range in the text of a block: `block.text[start:end]`."""

    block: Block
    start: int
    end: int


def _joined(texts: Sequence[str], separator: str) -> str:
    joined = separator.join(texts)
    if separator == NUL and joined.count(NUL) >= len(texts):
        return NUL.join([text.replace(NUL, "\x1a") for text in texts])
    return joined


class TextView:
    """Several texts as one string, `text`: the texts joined by the character `separator`, then changed by `transform`.

    If the separator is U+0000, it appears in `text` only between the texts; inside them, U+001A replaces it. With a
    `transform`, the separator must be U+0000, and the transform must neither add nor remove any U+0000. It may be
    applied to some of the texts at a time. `blocks` are the blocks whose texts are joined, in the same order, or empty
    if the texts are not those of blocks.
    """

    def __init__(
        self,
        texts: Sequence[str],
        separator: str = "\n",
        transform: Callable[[str], str] | None = None,
        blocks: Sequence[Block] = (),
    ) -> None:
        if transform:  # some texts at a time, since these often need fewer bytes per character than all of them
            parts = [texts[start : start + _TOGETHER] for start in range(0, len(texts), _TOGETHER)]
            self.text = separator.join([transform(_joined(part, separator)) for part in parts])
        else:
            self.text = _joined(texts, separator)
        self.blocks = blocks
        self._texts = None if separator == NUL else texts  # if they can be split, they need not be kept in memory

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offsets in `text` at which the texts begin, followed by the offset at which another text would begin."""
        texts = self.text.split(NUL) if self._texts is None else self._texts
        return [*accumulate([len(text) + 1 for text in texts], initial=0)]

    def number(self, at: int) -> int:
        """Return the index of the text that contains `text[at]`. A separator counts as part of the text before it."""
        return bisect_right(self.starts, at) - 1

    def part(self, number: int) -> str:
        """Return the part of `text` that represents the text with the index `number`, without separators."""
        return self.text[self.starts[number] : self.starts[number + 1] - 1]

    def places(self, matches: Iterable[re.Match[str]] | Iterable[regex.Match[str]]) -> Iterator[Place]:
        """Yield the ranges in `blocks` that correspond to matches in `text`, in the order of the matches.

        Matches that extend beyond one block are left out. The view must have blocks, and no transform.
        """
        for match in matches:
            number = self.number(match.start())
            first = self.starts[number]
            if match.end() < self.starts[number + 1]:
                yield Place(self.blocks[number], match.start() - first, match.end() - first)
