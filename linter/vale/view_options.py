"""Options for the text of an article that rules check."""

from __future__ import annotations

from typing import NamedTuple

from linter.document import Document

KEY = "vale view options"  # in `Document.results`


class ViewOptions(NamedTuple):
    """Options for the text of an article. `suffix` is that of its path, such as `.md`.

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


_DEFAULTS = ViewOptions()


def options_of(document: Document) -> ViewOptions:
    """Return the options for the views of a document."""
    options: ViewOptions = document.results.get(KEY, _DEFAULTS)
    return options
