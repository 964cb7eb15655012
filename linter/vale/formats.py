"""The format in which an article is read, by its suffix and the section [formats] of a `.vale.ini`."""

from __future__ import annotations

import os
from collections.abc import Mapping

LINES = "lines"  # text without markup
UNSUPPORTED = ""
# Suffixes by the kind of article (see `linter.readers`). Case matters, as in Vale.
_KINDS = {
    "markdown": "md mdown markdown markdn mdx",
    "html": "html htm shtml xhtml",
    "org": "org",
    "text": "txt",
    LINES: "yaml yml json toml",
    # Vale reads these with other programs and grammars.
    UNSUPPORTED: "adoc asciidoc asc dita rst rest xml xsd py py3 pyw pyi rpy cpy SConstruct Sconstruct clj cljs cljc "
    "cljd cpp cc c cp cxx c++ h hpp h++ css cs csx go hs java bsh jl js jsx lua php pl pm pod proto ps1 psm1 psd1 rb "
    "Gemfile Rakefile Brewfile gemspec rs r R sass less scala sbt swift ts tsx",
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
MARKUP = frozenset("adoc asciidoc asc dita rst rest xml xsd".split())


def kind_of(path: str, formats: Mapping[str, str]) -> str:
    """Return the kind of the article at a path: a kind of `linter.readers`, LINES, or UNSUPPORTED.

    `formats` maps suffixes without a period to those of the formats in which files are read. In program code and data,
    only parts would have this format, so their suffixes are not mapped.
    """
    suffix = os.path.basename(path).rpartition(".")[2] if "." in os.path.basename(path) else ""
    own = _BY_SUFFIX.get(suffix)
    if own == LINES or (own == UNSUPPORTED and suffix not in MARKUP):
        return own
    return _BY_SUFFIX.get(formats.get(suffix, suffix), LINES)


def variants(path: str, formats: Mapping[str, str]) -> tuple[str, ...]:
    """Return a path and, if its suffix is mapped to another one by `formats`, also the path with the other suffix."""
    stem, suffix = os.path.splitext(path)
    other = formats.get(suffix.removeprefix("."))
    return (path, f"{stem}.{other}") if suffix and other else (path,)
