"""What makes the page of an article out of its source, as its folder shows or it itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter import late
from linter.document import Document

ANY = "any"
# Makers that an article itself shows. UNKNOWN is some template language: which one, nobody can tell.
WORDPRESS, MDX, EXTRA, UNKNOWN = "wordpress", "mdx", "markdown-extra", "a template language"

_BLOCK_COMMENT = late.pattern(r"<!--\s*/wp:[a-z]")
_MODULE = late.pattern(r"^(?:import\s[^\n]{1,200}?\sfrom\s*['\"]|export\s+(?:const|default|function)\s)", re.MULTILINE)
# Kramdown, Python-Markdown and PHP Markdown Extra read Markdown within such an element.
_MARKED = late.pattern(r"<[a-z]\w*\s[^<>]*?(?<=\s)markdown(?:\s*=\s*[\"']?(?:1|block|span)\b|\s*>)", re.IGNORECASE)
_FRONT_MATTER = late.pattern(r"\A\s*(?:---[ \t]*$|\+\+\+[ \t]*$|<!--\s*\{)", re.MULTILINE)
# Folders in which generators look for what they put together.
_FOLDERS = late.pattern(r"(?:\A|/)(?:_[a-z]+|archetypes|layouts|partials|templates|includes)/")
# What stands in a template, and hardly ever alone in a page: what it is part of, what is done many times.
_LOGIC = late.pattern(
    r"\{%-?\s*(?:extends|block|for|macro|capture|assign|set|layout|load|raw|if|unless|endif|endfor|else)\b"
    r"|\{\{-?\s*(?:define|template|block|range|with|end|if|else)\b|\{\{[#/^>]"
)
# Marks that no writer of plain Markdown needs: tags and shortcodes of generators, attributes for the block above.
_SHORTCODE = late.pattern(r"\{%-?\s*\w|\{\{[<%]|^\{:[^{}\n]*\}", re.MULTILINE)
_EXPRESSION = late.pattern(r"\{\{|\{%|<%")
# Attributes of pages that are filled in where they are read (Vue, Angular, Alpine, Thymeleaf).
_CLIENT = late.pattern(r"(?:v|ng|data-ng|x|th)[-:](?!-)|[:@#*(\[]")


def makers(document: Document) -> frozenset[str]:
    """The makers of pages whose source an article is; none where what it says is what the reader sees, or may be.

    Where an article leaves that open, it is a source of UNKNOWN: so is all Markdown with front matter.
    """
    return frozenset(filter(None, (document.site.lower(), *_shown(document))))


def _shown(document: Document) -> Iterator[str]:
    """The makers that an article itself shows."""
    text, path = document.source.text, document.source.path.replace("\\", "/").lower()
    if _BLOCK_COMMENT.search(text):
        yield WORDPRESS
    if document.kind == "markdown" and (path.endswith(".mdx") or _MODULE.search(text)):
        yield MDX
    if document.kind == "markdown" and _MARKED.search(text):
        yield EXTRA
    if document.kind != "text" and (_FRONT_MATTER.match(text) or _FOLDERS.search(path) or _is_template(document)):
        yield UNKNOWN


def _is_template(document: Document) -> bool:
    """Whether an article holds what no page and no plain Markdown has: logic, and expressions in its machinery."""
    raw = next(document.blocks_in(frozenset({"source"}))).text
    if document.kind == "markdown":
        return _SHORTCODE.search(raw) is not None or any(_EXPRESSION.search(link.url) for link in document.links)
    if _LOGIC.search(raw):
        return True
    return any(
        _CLIENT.match(attribute.name) or _EXPRESSION.search(attribute.value)
        for tag in document.tags
        for attribute in tag.attributes
    )
