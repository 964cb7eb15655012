"""The settings in a `.vale.ini`: which styles and rules apply to which articles, and the vocabulary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from linter.vale.definition import BUILT_IN, Context, Vocabulary
from linter.vale.files import Files, walk
from linter.vale.globs import Glob
from linter.vale.view_options import ViewOptions

_SUFFIXES_KEPT = 64  # suffixes whose view options are cached
# The suffixes whose articles Vale reads as markup with the given suffix, and in which it applies patterns to ignore.
_MARKUP = {
    ".markdown": ".md",
    ".mdown": ".md",
    ".markdn": ".md",
    ".asciidoc": ".adoc",
    ".asc": ".adoc",
    ".rest": ".rst",
    **{suffix: suffix for suffix in (".md", ".mdx", ".adoc", ".rst", ".org")},
}

Switches = Mapping[str, bool]


class SectionOptions(NamedTuple):
    """The settings in a section. `styles` are its BasedOnStyles, or None if it has none."""

    glob: Glob
    styles: tuple[str, ...] | None
    switches: Switches


# Values for articles whose suffixes match globs.
Ignores = Sequence[tuple[Glob, tuple[str, ...]]]


@dataclass(frozen=True, eq=False)
class ValeConfig:
    """The settings in a `.vale.ini`, and in the configs of packages that Vale has installed.

    `file` is the absolute path of the `.vale.ini`. `styles_paths` are the absolute paths of the folders with styles.
    `sections` are those other than [*], which has `global_styles` and `global_switches`. Methods take their indexes.
    `levels` has the levels that replace those of rules. `rule_files` are the names of the rules to load, with the paths
    of their files. `mentions` are the names of rules that the config turns on or off, each with its position as
    `file:line:column`. `files` are the absolute paths of all files that the rules depend on. `notices` are messages
    about settings without effect.
    """

    file: str
    styles_paths: tuple[str, ...]
    min_level: str
    vocabulary: Vocabulary
    word_template: str
    formats: Mapping[str, str]
    view: ViewOptions
    global_styles: tuple[str, ...]
    global_switches: Switches
    sections: tuple[SectionOptions, ...]
    levels: Mapping[str, str]
    mentions: Mapping[str, str]
    block_ignores: Ignores
    token_ignores: Ignores
    comment_delimiters: Ignores
    rule_files: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def uses_builtin_rules(self) -> bool:
        """Whether a section is based on the style that comes with Vale or mentions one of its rules."""
        based = (*self.global_styles, *(style for section in self.sections for style in section.styles or ()))
        return BUILT_IN in based or any(name.partition(".")[0] == BUILT_IN for name in self.mentions)

    def unnamed(self, suffix: str) -> str:
        """Return the path that an article without a path has for the globs of sections."""
        return os.path.join(os.path.dirname(self.file), f"stdin{suffix}")

    def sections_for(self, path: str) -> tuple[int, ...]:
        """Return the indexes of the sections whose globs match the absolute path of an article."""
        name = self._relative(path)
        return tuple(number for number, section in enumerate(self.sections) if section.glob.match(name))

    def lints(self, path: str) -> bool:
        """Whether any section applies to the absolute path of an article, also with its suffix replaced by `formats`.

        If the section [*] has rules, it applies to every article.
        """
        if self.global_styles or self.global_switches:
            return True
        names = {self._relative(path), self._relative(path.removesuffix(_suffix(path)) + self._format(path))}
        return any(section.glob.match(name) for section in self.sections for name in names)

    def styles(self, sections: Iterable[int]) -> tuple[str, ...]:
        """Return the styles on which the rules of an article are based, given the sections that apply to it.

        Those of the last section with BasedOnStyles replace those of all others.
        """
        chosen = [own for number in sections if (own := self.sections[number].styles) is not None]
        return chosen[-1] if chosen else self.global_styles

    def is_on(self, rule: str, sections: Sequence[int]) -> bool:
        """Whether a rule is on for articles to which `sections` apply. The minimum level is not considered.

        The switches of sections precede those of [*], and these precede BasedOnStyles.
        """
        rule = ".".join(rule.split(".")[:2])
        for switches in (*(self.sections[number].switches for number in reversed(sections)), self.global_switches):
            if rule in switches:
                return switches[rule]
        return rule.partition(".")[0] in self.styles(sections)

    def view_options(self, path: str) -> ViewOptions:
        """Return the options for the text of an article.

        The patterns of a section apply if its glob matches the suffix of `path`, such as `.md`; they are only for
        Markdown and other lightweight markup.
        """
        return self._views(_suffix(path))

    @cached_property
    def _views(self) -> Callable[[str], ViewOptions]:
        return lru_cache(_SUFFIXES_KEPT)(self._view_of)

    def _view_of(self, suffix: str) -> ViewOptions:
        normal = _MARKUP.get(self._format(suffix))
        if not normal:
            return self.view._replace(suffix=suffix)

        def values(of: Ignores) -> tuple[str, ...]:
            return tuple(each for glob, own in of if glob.match(normal) or glob.match(suffix) for each in own)

        first, second = (*values(self.comment_delimiters), "", "")[:2]
        return self.view._replace(
            suffix=suffix,
            block_ignores=values(self.block_ignores),
            token_ignores=values(self.token_ignores),
            comment_delimiters=(first, second),
        )

    def context(self, files: Files) -> Context:
        """Return what the checks of the rules share."""

        def read(path: str) -> str:
            return files.text(os.path.abspath(path)) or ""

        def find(paths: tuple[str, ...]) -> str:
            return next((path for path in paths if files.exists(os.path.abspath(path))), "")

        def inside(folder: str) -> list[str]:
            folder = os.path.abspath(folder)
            return list(walk(files, folder)) if files.is_folder(folder) else []

        return Context(self.vocabulary, self.word_template, self.styles_paths, read, find, inside)

    def _format(self, path: str) -> str:
        """Return the suffix of a path, replaced as `formats` says."""
        suffix = _suffix(path)
        name = self.formats.get(suffix[1:]) if suffix else None
        return suffix if name is None else f".{name}"

    def _relative(self, path: str) -> str:
        """Return a path with `/`, relative to the folder of the config, or else to the working folder, if inside."""
        for folder in (os.path.dirname(self.file), os.getcwd()):
            top = os.path.join(folder, "")
            if path.startswith(top):
                return path[len(top) :].replace(os.sep, "/")
        return path.replace(os.sep, "/")


def _suffix(path: str) -> str:
    """Return the part of a path from the last period in its name, also for a name such as `.md`."""
    name = os.path.basename(path)
    return name[name.rfind(".") :] if "." in name else ""
