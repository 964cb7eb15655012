"""Recognize the engine of a folder or an article: its site generator, and the dialect of Markdown that it reads."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from linter.file_safety import read_regular_file
from linter.files.articles import SKIPPED_FOLDERS
from linter.patterns import lazy
from linter.word_lists import read_sections

if TYPE_CHECKING:
    from pathlib import Path

    from linter.document import Document

_TEMPLATES, _BUILT, _AS_IS = "templates", "what the generator builds", "files that are published as they are"

_LIMIT = 1_000_000  # bytes of a file of a site that is read
ANY = "any"
# Generators that an article itself reveals; UNKNOWN is an unidentified template language.
WORDPRESS, MDX, EXTRA, UNKNOWN = "wordpress", "mdx", "markdown-extra", "a template language"
# Dialects that follow CommonMark: an HTML block ends at a blank line, and no URL contains a space.
_COMMONMARK = frozenset("commonmark goldmark markdown-it marked mdx mistune remark".split())
# Older dialects: an HTML block ends at its end tag, and URLs may contain spaces.
_OLDER = frozenset(
    f"blackfriday kramdown {EXTRA} multimarkdown pandoc parsedown python-markdown redcarpet showdown".split()
)
DIALECTS = tuple(sorted(_COMMONMARK | _OLDER))
_BLOCK_COMMENT = lazy(r"<!--\s*/wp:[a-z]")
_BLOCKS = 3  # minimum block ends in a WordPress source; a published page may contain one or two
_MODULE = lazy(r"^(?:import\s[^\n]{1,200}?\sfrom\s*['\"]|export\s+(?:const|default|function)\s)", re.MULTILINE)
# An element with the attribute `markdown`. Kramdown, Python-Markdown and PHP Markdown Extra parse its content.
_MARKED = lazy(r"<[a-z]\w*\s[^<>]*?(?<=\s)markdown(?:\s*=\s*[\"']?(?:1|block|span)\b|\s*>)", re.IGNORECASE)
_FRONT_MATTER = lazy(r"\A\s*(?:---[ \t]*$|\+\+\+[ \t]*$|<!--\s*\{)", re.MULTILINE)
# Folders of template parts.
_FOLDERS = lazy(r"(?:\A|/)(?:_[a-z]+|archetypes|layouts|partials|templates|includes)/")
# Template statements, rarely found in finished pages: inheritance, loops, conditions.
_LOGIC = lazy(
    r"\{%-?\s*(?:extends|block|for|macro|capture|assign|set|layout|load|raw|if|unless|endif|endfor|else)\b"
    r"|\{\{-?\s*(?:define|template|block|range|with|end|if|else)\b|\{\{[#/^>]"
)
# Not part of plain Markdown: tags and shortcodes of generators, and attributes for the block above them.
_SHORTCODE = lazy(r"\{%-?\s*\w|\{\{[<%]|^\{:[^{}\n]*\}", re.MULTILINE)
# Marks that only some dialects read.
_MARKS = (
    (lazy(r"^(?:!!!|\?\?\?\+?) [a-z]|^[ \t]*-+8<-+ ", re.MULTILINE), ("mkdocs", "python-markdown")),
    (lazy(r":(?:fontawesome|material|octicons|simple)-[a-z\d-]+:"), ("mkdocs", "python-markdown")),
    (lazy(r"\{:\s?[.#]?[a-z][^{}\n]*\}", re.IGNORECASE), ("kramdown",)),  # or the attributes of Python-Markdown
    (lazy(r"^:{3,} ?\{[^{}\n]*\}", re.MULTILINE), ("quarto", "pandoc")),
    (lazy(r"\{\{< (?:include|meta|pagebreak|var|env) "), ("quarto", "pandoc")),
    (lazy(r"\{\{[<%] /?[\w/.-]+"), ("hugo", "goldmark")),
    (lazy(r"^\([\w-]+\)=[ \t]*$", re.MULTILINE), ("sphinx", "markdown-it")),
    (lazy(r"<[A-Za-z][\w-]*(?:\s[^<>\n]*)?\s(?:@[a-z-]+=|#[a-z]+[\s=>]|v-[a-z]+[=\s:])"), ("vitepress", "markdown-it")),
    (lazy(r"\[\[(?<![\w!]..)(?!_?toc\b)[a-z][^\[\]\n]+\]\]", re.IGNORECASE), ("obsidian",)),
    (lazy(r"^> ?\[!\w+\][-+]", re.MULTILINE), ("obsidian",)),
)
_EXPRESSION = lazy(r"\{\{|\{%|<%")
_FILLED = lazy(r">\s*\{\{\s*(\w+)\.[\w.]+\s*\}\}\s*</")
# Attributes evaluated by scripts or a server (Vue, Angular, Alpine, Thymeleaf).
_CLIENT = lazy(r"(?:v|ng|data-ng|x|th)[-:](?!-)|[:@#*(\[]")


class SiteKind(NamedTuple):
    """A site generator, as described in `data/site_generators.txt`.

    A folder is a site of this kind if at least one glob of `any_file` has a match in it, or if at least one glob in
    each group of `all_files` has a match, or if a file of `mentions` contains the text. `articles` are globs for paths
    of articles. `content` are the folders of articles. `excluded` maps folders without articles to descriptions of
    their content. `templates` are .gitignore patterns for single files that are not articles, such as templates.
    `hint` is advice for the owner of the site, or "". `dialect` is the dialect of Markdown, or "" if it depends.
    `chosen` are globs for files in which a site may choose another dialect, and a pattern for its name, or ().
    """

    name: str
    any_file: tuple[str, ...]
    all_files: tuple[tuple[str, ...], ...]
    mentions: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]
    content: tuple[str, ...]
    excluded: Mapping[str, str]
    templates: tuple[str, ...]
    hint: str
    dialect: str
    chosen: tuple[str, ...]


_KEYS = "any file", "all files", "mentions", "articles", "content", "not articles", "hint", "dialect", "chosen"


def _read_kind(name: str, text: str) -> SiteKind:
    """Return the site generator `name`; `text` is its section of `data/site_generators.txt`."""
    found: dict[str, list[str]] = {key: [] for key in _KEYS}
    excluded: dict[str, str] = {}
    for key, _, words in (line.partition(": ") for line in text.strip().splitlines()):
        if key in found:
            found[key].append(words)
        else:
            excluded |= dict.fromkeys(words.split(), key)
    any_file, articles, content, templates, chosen = (
        tuple(" ".join(found[key]).split()) for key in ("any file", "articles", "content", "not articles", "chosen")
    )
    all_files = tuple(tuple(words.split()) for words in found["all files"])
    mentions = tuple((file, text) for file, _, text in (words.partition(" ") for words in found["mentions"]))
    hint, dialect = "".join(found["hint"]), "".join(found["dialect"])
    return SiteKind(name, any_file, all_files, mentions, articles, content, excluded, templates, hint, dialect, chosen)


_KINDS = tuple(_read_kind(*section) for section in read_sections("site_generators.txt").items())
NAMES = tuple(kind.name for kind in _KINDS)
# What the config may name as the engine, in lowercase.
ENGINES = (*sorted(name.lower() for name in NAMES), *DIALECTS)
_PLAIN = _read_kind("", f"{_BUILT}: dist build _site")


class Site(NamedTuple):
    """A site that was found in a folder.

    All paths are POSIX paths relative to the searched folder. `folder` is the path of the site, or "" for the searched
    folder itself. `evidence` are the files and folders by which the site was recognized. `content` are its folders of
    articles. `excluded` maps its folders without articles to descriptions of their content.
    """

    kind: SiteKind
    folder: str
    evidence: tuple[str, ...]
    content: tuple[str, ...]
    excluded: Mapping[str, str]

    @property
    def patterns(self) -> tuple[tuple[str, str], ...]:
        """The .gitignore patterns for files of the site that are not articles, each with a description."""
        prefix = f"/{self.folder}/" if self.folder else "/"
        single = [
            (_within_folder(pattern, prefix), "except these articles" if "!" in pattern else _TEMPLATES)
            for pattern in self.kind.templates
        ]
        end = "**" if any("!" in pattern for pattern in self.kind.templates) else ""  # or “!” would include their files
        return (*single, *((f"/{path}/{end}", what) for path, what in self.excluded.items()))


def _within_folder(pattern: str, prefix: str) -> str:
    """Return a .gitignore pattern that is limited to the folder `prefix`.

    `prefix` is a path that begins and ends with a slash.
    """
    if prefix == "/":
        return pattern
    sign, rest = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    return f"{sign}{prefix}{rest.removeprefix('/') if rest.startswith('/') else f'**/{rest}'}"


def find_sites(root: Path) -> tuple[Site, ...]:
    """If there is a site at `root`, return a tuple that contains only this site.

    Otherwise, return the sites in the direct subfolders and, at the end, `root` itself as a site without a generator.
    """
    if site := _site(root, ""):
        return (site,)
    below = [site for folder in _folders(root) if (site := _site(folder, folder.name))]
    return (*below, _new_site(_PLAIN, root, "", ()))


def _folders(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in SKIPPED_FOLDERS:
            yield folder


def _site(folder: Path, name: str) -> Site | None:
    found = _recognize(str(folder))
    return _new_site(found[0], folder, name, found[1]) if found else None


def _recognize(folder: str) -> tuple[SiteKind, tuple[str, ...]] | None:
    """Return the kind of site in a folder, with the files and folders that identify it, or None."""
    for evidence_of in (_evidence, _mention):
        for kind in _KINDS:
            if evidence := evidence_of(kind, folder):
                return kind, evidence
    return None


def _evidence(kind: SiteKind, folder: str) -> tuple[str, ...]:
    """Return the files and folders that identify `folder` as a site of this kind, or () if the folder is not one."""
    for pattern in kind.any_file:
        if found := _first(folder, pattern):
            return (found,)
    all_files = [next(filter(None, (_first(folder, pattern) for pattern in group)), "") for group in kind.all_files]
    return tuple(all_files) if all_files and all(all_files) else ()


def _mention(kind: SiteKind, folder: str) -> tuple[str, ...]:
    """Return the file in `folder` that mentions the site generator, as a list of dependencies does, or ()."""
    return next(((file,) for file, text in kind.mentions if text in _text(os.path.join(folder, file))), ())


def _text(file: str) -> str:
    """Return the text of a file of a site, or "" if it cannot be read."""
    try:
        return read_regular_file(file, _LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""


def _first(folder: str, pattern: str) -> str:
    """Return the first path in `folder`, in sorted order, that matches a glob, or "" if nothing matches.

    The path is relative to `folder`. The path of a folder ends with a slash.
    """
    found = min(glob.glob(pattern, root_dir=folder), default="")
    return found.replace(os.sep, "/") + ("/" if found and os.path.isdir(os.path.join(folder, found)) else "")


def _new_site(kind: SiteKind, folder: Path, name: str, evidence: tuple[str, ...]) -> Site:
    prefix = f"{name}/" if name else ""
    content = tuple(f"{prefix}{path}" for path in kind.content if (folder / path).is_dir())
    excluded = {
        f"{prefix}{path}": what for path, what in kind.excluded.items() if _exists_or_will(folder / path, kind, what)
    }
    return Site(kind, name, tuple(f"{prefix}{sign}" for sign in evidence), content, excluded)


def _exists_or_will(folder: Path, kind: SiteKind, what: str) -> bool:
    """Whether a folder exists, or will exist once the site has been built."""
    return folder.is_dir() or bool(kind.name and what == _BUILT)


class Engine(NamedTuple):
    """What makes pages of articles.

    `site` is the name of a site generator such as "Hugo", or "". `dialect` is one of `DIALECTS`, or "" if it is
    unknown. `evidence` is the path of the file or folder by which the generator was recognized, or "".
    """

    site: str = ""
    dialect: str = ""
    evidence: str = ""


def engine_around(file: str, named: str = "") -> Engine:
    """Return the engine that uses `file`, an absolute path or "", as a source.

    Files that a generator has built, or publishes unchanged, are not sources. `named` is the name that the config gives
    the engine (one of `ENGINES`), or "".
    """
    found = _around(os.path.dirname(file))[0] if file else Engine()
    name = named.lower()
    if name in DIALECTS:
        return found._replace(dialect=name)
    if name in ("", found.site.lower()):
        return found
    return next((Engine(kind.name, kind.dialect) for kind in _KINDS if kind.name.lower() == name), Engine())


def site_folder(file: str) -> str:
    """Return the absolute path of the site in which `file`, an absolute path, is a source, or "" if there is none."""
    return _around(os.path.dirname(file))[1]


def forget() -> None:
    """Clear the caches of this module, since folders may have changed."""
    _around.cache_clear()
    _kind.cache_clear()


@lru_cache(4096)
def _around(folder: str) -> tuple[Engine, str]:
    below: list[str] = []
    while True:
        if found := _kind(folder):
            kind, engine = found
            return (Engine(), "") if _is_result(kind, below) else (engine, folder)
        folder, name = os.path.split(folder)
        if not name:
            return Engine(), ""
        below.insert(0, name)


@lru_cache(4096)
def _kind(folder: str) -> tuple[SiteKind, Engine] | None:
    """Return the kind of site in a folder, and its engine, or None if no site is found."""
    try:
        if not any(map(_hints().match, os.listdir(folder))):  # fast, and usually enough
            return None
        found = _recognize(folder)
    except OSError:
        return None
    if not found:
        return None
    kind, evidence = found
    return kind, Engine(kind.name, _dialect(kind, folder), os.path.join(folder, evidence[0]))


def _dialect(kind: SiteKind, folder: str) -> str:
    """Return the dialect that the site in a folder has chosen, or else the usual one; "" if it is not a known one."""
    for pattern in kind.chosen[:-1]:
        for file in sorted(glob.glob(pattern, root_dir=folder)):
            if chosen := re.search(kind.chosen[-1], _text(os.path.join(folder, file))):
                name = "commonmark" if chosen[1].lower().startswith("commonmark") else chosen[1].lower()
                return name if name in DIALECTS else ""
    return kind.dialect


@lru_cache(1)
def _hints() -> re.Pattern[str]:
    """Return a pattern that matches the name of at least one file or folder in the top folder of every site."""
    patterns = (
        pattern
        for kind in _KINDS
        for pattern in (*kind.any_file, *(kind.all_files or ((),))[0], *(file for file, _ in kind.mentions))
    )
    return re.compile("|".join(fnmatch.translate(pattern.split("/")[0]) for pattern in patterns))


def _is_result(kind: SiteKind, below: list[str]) -> bool:
    """Whether a folder of a site is for files that the generator builds or publishes unchanged.

    `below` is the path of the folder in the site, as a list of names.
    """
    results = (path.split("/") for path, what in kind.excluded.items() if what in (_BUILT, _AS_IS))
    return any(below[: len(result)] == result for result in results)


def page_generators(document: Document) -> frozenset[str]:
    """Return the names of the engines that may use an article as a source, as far as they can be recognized.

    They are generators and dialects, in lowercase. Except in plain text, the result contains UNKNOWN if a sign such as
    front matter suggests a source.
    """
    return frozenset(filter(None, (document.site.lower(), document.dialect, *_visible_generators(document))))


def follows_commonmark(document: Document) -> bool | None:
    """Return whether the dialect of an article follows CommonMark, or None if it is unknown."""
    names = {document.dialect} if document.dialect else page_generators(document)
    return None if names.isdisjoint(DIALECTS) else _OLDER.isdisjoint(names)


def _visible_generators(document: Document) -> Iterator[str]:
    """Yield the names of the generators and dialects that the content and the path of the article reveal."""
    text, path = document.source.text, document.source.path.replace("\\", "/").lower()
    if document.kind in ("markdown", "html") and _is_of_wordpress(text):
        yield WORDPRESS
    if document.kind == "markdown":
        yield from (MDX,) if path.endswith(".mdx") or _MODULE.search(text) else ()
        yield from (EXTRA,) if _MARKED.search(text) else ()
        if document.metadata.span and text[:1].isalpha():  # lines such as `Slug: tram`, without `---`
            yield from ("pelican", "python-markdown")
        raw = _raw(document)
        for mark, names in _MARKS:
            yield from names if mark.search(raw) else ()
    if document.markup != "text":
        for kind in _KINDS:
            if any(fnmatch.fnmatchcase(f"/{path}", pattern) for pattern in kind.articles):
                yield from (kind.name.lower(), kind.dialect)
    if document.kind != "text" and (_FRONT_MATTER.match(text) or _FOLDERS.search(path) or _is_template(document)):
        yield UNKNOWN


def _is_of_wordpress(text: str) -> bool:
    """Whether the block comments in `text` suggest that it is from WordPress."""
    marks = len(list(islice(_BLOCK_COMMENT.finditer(text), _BLOCKS)))
    return marks == _BLOCKS or (marks > 0 and text.lstrip().startswith("<!-- wp:"))


def _is_client_part(document: Document, raw: str) -> bool:
    """Whether the article seems to be part of a page that a script fills with values, such as `{{page.title}}`.

    `raw` is the source text without code.
    """
    if "{{" not in raw or any(tag.name in ("html", "body") for tag in document.tags):
        return False
    # several values of the same object, such as {{page.title}} and {{page.author}}
    objects = [found[1] for found in _FILLED.finditer(raw)]
    return len(objects) > len(set(objects))


def _raw(document: Document) -> str:
    """Return the source text without code."""
    return next(document.blocks_in(frozenset({"source"}))).text


def _is_template(document: Document) -> bool:
    """Whether an article seems to contain template code."""
    raw = _raw(document)
    if document.kind == "markdown":
        urls = [*(link.url for link in document.links), *(image.url for image in document.images)]
        return _SHORTCODE.search(raw) is not None or any(map(_EXPRESSION.search, urls))
    if _LOGIC.search(raw) or _is_client_part(document, raw):
        return True
    return any(
        _CLIENT.match(attribute.name) or _EXPRESSION.search(attribute.value)
        for tag in document.tags
        for attribute in tag.attributes
    )
