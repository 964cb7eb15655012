"""Convert a source to a document.

Each kind of source has its own module, with the function `read(source) -> Document`.
"""

from __future__ import annotations

from importlib import import_module
from os.path import splitext
from typing import TYPE_CHECKING, cast

from linter import extensions

if TYPE_CHECKING:
    from linter.document import Document
    from linter.source import Source

KINDS = ("markdown", "html", "text", "wordpress")  # what users may choose
_MODULES = {kind: f"linter.readers.{kind}" for kind in KINDS} | {"text": "linter.readers.plain_text"}
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".mdx": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
}


def kind_of(path: str) -> str | None:
    """Return the kind of source that a file name implies, such as `markdown`, or None if its suffix is unknown.

    A final `.txt` after another known suffix is ignored: `notes.md.txt` is Markdown.
    """
    name, suffix = splitext(path.lower())
    inner = splitext(name)[1] if suffix == ".txt" else ""
    return SUFFIXES.get(inner) or SUFFIXES.get(suffix)


def read(source: Source, kind: str) -> Document:
    """Read `source` as `kind`, which is one of KINDS or a kind of an extension, and return the document."""
    module = _MODULES.get(kind) or extensions.first(each.readers.get(kind) for each in extensions.installed())
    if module is None:
        raise ValueError(f"there is no reader for “{kind}”")
    return cast("Document", import_module(module).read(source))
