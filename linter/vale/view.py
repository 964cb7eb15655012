"""The text of an article as Vale's rules see it: blocks with sections, such as `text.heading.h2.md`.

Each block maps its text to the source, so that every position is exact. The blocks are in the scopes of a document that
`document.VALE_VIEWS` lists.
"""

from __future__ import annotations

from typing import NamedTuple

from linter.document import DERIVED_BLOCKS, VALE_VIEWS, Block, Document

_OPTIONS = "vale view options"  # the key in `Document.results`


class ViewOptions(NamedTuple):
    """What a config says about the text of an article. `suffix` is that of its path, such as `.md`.

    `block_ignores` and `token_ignores` are regular expressions in Vale's syntax. If `ignore_syntax` is true, the whole
    source is one block of text.
    """

    suffix: str = ""
    block_ignores: tuple[str, ...] = ()
    token_ignores: tuple[str, ...] = ()
    ignored_scopes: tuple[str, ...] = ()  # empty: Vale's defaults
    skipped_scopes: tuple[str, ...] = ()  # empty: Vale's defaults
    ignored_classes: tuple[str, ...] = ()
    comment_delimiters: tuple[str, str] = ("", "")
    ignore_syntax: bool = False


def set_options(document: Document, options: ViewOptions) -> None:
    """Set the options for the views of a document. Call this before rules check the document."""
    document.results[_OPTIONS] = options


def _text(document: Document) -> tuple[Block, ...]:
    return ()


DERIVED_BLOCKS.update(dict.fromkeys(VALE_VIEWS, _text))
