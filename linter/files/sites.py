"""What a folder is: the source of a Hugo, Jekyll … site, or plain articles; where those lie, and what is none."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from linter.patterns import lazy

if TYPE_CHECKING:
    from pathlib import Path

    from linter.document import Document

_TEMPLATES, _BUILT, _AS_IS = "templates", "what the generator builds", "files that are published as they are"
_ARTICLES = "but these are articles"


class SiteKind(NamedTuple):
    """A generator of sites: how to know its folder, and what lies in it.

    `sure` are globs of which one is enough; `signs` are groups of globs of which each must have one. `content` are
    the folders where articles lie (none: all over), `other` those where none do, with what they hold. `templates`
    are patterns, as of .gitignore, for single files that are none either. `hint` is for who keeps such a site.
    """

    name: str
    sure: tuple[str, ...] = ()
    signs: tuple[tuple[str, ...], ...] = ()
    content: tuple[str, ...] = ()
    other: Mapping[str, str] | None = None
    templates: tuple[str, ...] = ()
    hint: str = ""


_KINDS = (
    SiteKind(
        "Hugo",
        sure=("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"),
        signs=(
            ("config.toml", "config.yaml", "config.yml", "config.json", "config/_default"),
            ("content",),
            ("archetypes", "layouts", "themes", "static", "go.mod"),
        ),
        content=("content",),
        other={
            "public": _BUILT,
            "resources": _BUILT,
            "archetypes": _TEMPLATES,
            "layouts": _TEMPLATES,
            "themes": _TEMPLATES,
            "static": _AS_IS,
        },
    ),
    SiteKind(
        "Hexo",
        signs=(("_config.yml",), ("source",), ("scaffolds", "themes")),
        content=("source",),
        other={"public": _BUILT, "scaffolds": _TEMPLATES, "themes": _TEMPLATES},
    ),
    SiteKind(
        "Jekyll",
        signs=(
            ("_config.yml", "_config.yaml", "_config.toml"),
            ("_posts", "_layouts", "_includes", "_data", "Gemfile", "index.html", "index.md"),
        ),
        other={
            "_site": _BUILT,
            "_layouts": _TEMPLATES,
            "_includes": _TEMPLATES,
            "_drafts": "not published",
            "vendor": "other people's files",
        },
        templates=("*.html", "!/_*/**/*.html"),
        hint="Jekyll publishes what it does not know: add “house” and “copydesk.yaml” to “exclude” in its _config.yml.",
    ),
    SiteKind(
        "Docusaurus",
        sure=("docusaurus.config.*",),
        content=("docs", "blog", "src/pages", "i18n"),
        other={"build": _BUILT, "static": _AS_IS},
    ),
    SiteKind(
        "Astro",
        sure=("astro.config.*",),
        content=("src/content", "src/pages", "content"),
        other={"dist": _BUILT, "public": _AS_IS},
    ),
    SiteKind(
        "Next.js",
        sure=("next.config.*",),
        content=(
            "content",
            "posts",
            "_posts",
            "blog",
            "docs",
            "data",
            "pages",
            "app",
            "src/content",
            "src/pages",
            "src/app",
        ),
        other={"out": _BUILT, "public": _AS_IS},
    ),
    SiteKind(
        "Gatsby",
        sure=("gatsby-config.*",),
        content=("content", "posts", "blog", "docs", "src/pages"),
        other={"public": _BUILT, "static": _AS_IS},
    ),
    SiteKind(
        "Eleventy",
        sure=(".eleventy.js", ".eleventy.cjs", "eleventy.config.*"),
        other={
            "_site": _BUILT,
            "_includes": _TEMPLATES,
            "_layouts": _TEMPLATES,
            "src/_includes": _TEMPLATES,
            "src/_layouts": _TEMPLATES,
        },
        templates=("*.html",),
    ),
    SiteKind("MkDocs", sure=("mkdocs.yml", "mkdocs.yaml"), content=("docs",), other={"site": _BUILT}),
)
NAMES = tuple(kind.name for kind in _KINDS)
_PLAIN = SiteKind("", other={"dist": _BUILT, "build": _BUILT, "_site": _BUILT})


class Site(NamedTuple):
    """A folder that was recognised: `folder` is relative to where was looked, POSIX, "" for that itself.

    `because` are the files that told. All paths are relative to where was looked.
    """

    kind: SiteKind
    folder: str
    because: tuple[str, ...]
    content: tuple[str, ...]
    other: Mapping[str, str]

    @property
    def patterns(self) -> tuple[tuple[str, str], ...]:
        """What holds no article, as patterns of .gitignore, each with what it stands for."""
        at = f"/{self.folder}/" if self.folder else "/"
        single = [(_below(pattern, at), _ARTICLES if "!" in pattern else _TEMPLATES) for pattern in self.kind.templates]
        end = "**" if any("!" in pattern for pattern in self.kind.templates) else ""  # so that “!” takes nothing back
        return (*single, *((f"/{path}/{end}", what) for path, what in self.other.items()))


def _below(pattern: str, at: str) -> str:
    """A pattern of .gitignore that holds in a folder only."""
    if at == "/":
        return pattern
    sign, rest = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    return f"{sign}{at}{rest.removeprefix('/') if rest.startswith('/') else f'**/{rest}'}"


def find_sites(root: Path) -> tuple[Site, ...]:
    """The site that `root` is, else those that its folders are, else a plain one without a name."""
    if site := _site(root, ""):
        return (site,)
    below = [site for folder in _folders(root) if (site := _site(folder, folder.name))]
    return (*below, _made(_PLAIN, root, "", ()))


def _folders(root: Path) -> Iterator[Path]:
    from linter.files.articles import FOREIGN

    for folder in sorted(root.iterdir()):
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in FOREIGN:
            yield folder


def _site(folder: Path, name: str) -> Site | None:
    for kind in _KINDS:
        if because := _signs(kind, folder):
            return _made(kind, folder, name, because)
    return None


def _signs(kind: SiteKind, folder: Path) -> tuple[str, ...]:
    """What shows that `folder` is of this kind, or nothing."""
    for pattern in kind.sure:
        if found := _first(folder, pattern):
            return (found,)
    signs = [next(filter(None, (_first(folder, pattern) for pattern in group)), "") for group in kind.signs]
    return tuple(signs) if signs and all(signs) else ()


def _first(folder: Path, pattern: str) -> str:
    """The first that fits, as it is shown: with a slash behind a folder."""
    for found in sorted(folder.glob(pattern)):
        return f"{found.relative_to(folder).as_posix()}{'/' if found.is_dir() else ''}"
    return ""


def _made(kind: SiteKind, folder: Path, name: str, because: tuple[str, ...]) -> Site:
    at = f"{name}/" if name else ""
    content = tuple(f"{at}{path}" for path in kind.content if (folder / path).is_dir())
    other = {f"{at}{path}": what for path, what in (kind.other or {}).items() if _stands(folder / path, kind, what)}
    return Site(kind, name, tuple(f"{at}{sign}" for sign in because), content, other)


def _stands(folder: Path, kind: SiteKind, what: str) -> bool:
    """Whether a folder is there, or will be as soon as the site is built."""
    return folder.is_dir() or bool(kind.name and what == _BUILT)


def site_around(file: str) -> str:
    """The name of the site that a file is a source of, as the folders above it tell, or "".

    What a site has built, and what it publishes as it is, is no source. `file` is an absolute path.
    """
    return _around(os.path.dirname(file))[0]


def site_folder(file: str) -> str:
    """The absolute path of the folder of that site, or ""."""
    return _around(os.path.dirname(file))[1]


@lru_cache(4096)
def _around(folder: str) -> tuple[str, str]:
    below: list[str] = []
    while True:
        if kind := _kind(folder):
            return ("", "") if _is_result(kind, below) else (kind.name, folder)
        folder, name = os.path.split(folder)
        if not name:
            return "", ""
        below.insert(0, name)


@lru_cache(4096)
def _kind(folder: str) -> SiteKind | None:
    """What a folder is; one look at its names tells most that they are nothing."""
    try:
        if not any(map(_hints().match, os.listdir(folder))):
            return None
        from pathlib import Path

        return next((kind for kind in _KINDS if _signs(kind, Path(folder))), None)
    except OSError:
        return None


@lru_cache(1)
def _hints() -> re.Pattern[str]:
    """Fits the names of which a site has at least one."""
    patterns = (pattern for kind in _KINDS for pattern in (*kind.sure, *(kind.signs[0] if kind.signs else ())))
    return re.compile("|".join(fnmatch.translate(pattern.split("/")[0]) for pattern in patterns))


def _is_result(kind: SiteKind, below: list[str]) -> bool:
    """Whether the path `below` a site's folder leads into what is no source."""
    results = (path.split("/") for path, what in (kind.other or {}).items() if what in (_BUILT, _AS_IS))
    return any(below[: len(result)] == result for result in results)


# What makes the page of an article out of its source, as its folder shows or it itself.

ANY = "any"
# Makers that an article itself shows. UNKNOWN is some template language: which one, nobody can tell.
WORDPRESS, MDX, EXTRA, UNKNOWN = "wordpress", "mdx", "markdown-extra", "a template language"

_BLOCK_COMMENT = lazy(r"<!--\s*/wp:[a-z]")
_MODULE = lazy(r"^(?:import\s[^\n]{1,200}?\sfrom\s*['\"]|export\s+(?:const|default|function)\s)", re.MULTILINE)
# Kramdown, Python-Markdown and PHP Markdown Extra read Markdown within such an element.
_MARKED = lazy(r"<[a-z]\w*\s[^<>]*?(?<=\s)markdown(?:\s*=\s*[\"']?(?:1|block|span)\b|\s*>)", re.IGNORECASE)
_FRONT_MATTER = lazy(r"\A\s*(?:---[ \t]*$|\+\+\+[ \t]*$|<!--\s*\{)", re.MULTILINE)
# Folders in which generators look for what they put together.
_FOLDERS = lazy(r"(?:\A|/)(?:_[a-z]+|archetypes|layouts|partials|templates|includes)/")
# What stands in a template, and hardly ever alone in a page: what it is part of, what is done many times.
_LOGIC = lazy(
    r"\{%-?\s*(?:extends|block|for|macro|capture|assign|set|layout|load|raw|if|unless|endif|endfor|else)\b"
    r"|\{\{-?\s*(?:define|template|block|range|with|end|if|else)\b|\{\{[#/^>]"
)
# Marks that no writer of plain Markdown needs: tags and shortcodes of generators, attributes for the block above.
_SHORTCODE = lazy(r"\{%-?\s*\w|\{\{[<%]|^\{:[^{}\n]*\}", re.MULTILINE)
_EXPRESSION = lazy(r"\{\{|\{%|<%")
# Attributes of pages that are filled in where they are read (Vue, Angular, Alpine, Thymeleaf).
_CLIENT = lazy(r"(?:v|ng|data-ng|x|th)[-:](?!-)|[:@#*(\[]")


def page_makers(document: Document) -> frozenset[str]:
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
