"""Read a `.vale.ini`, and the configs of packages that Vale has installed. All mistakes are reported together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from linter.config.config import BadConfig
from linter.config.yaml_file import MISTAKES, File, shown_path
from linter.suggest import as_list, closest, cut_text, did_you_mean
from linter.vale import ini
from linter.vale.config import Ignores, SectionOptions, Switches, ValeConfig
from linter.vale.definition import BUILT_IN, LEVELS, Vocabulary
from linter.vale.files import Files, sorted_mistakes, walk
from linter.vale.globs import BadGlob, Glob
from linter.vale.ini import Key, Section, Value
from linter.vale.patterns import MAX_LENGTH, problem
from linter.vale.view_options import ViewOptions

SECTIONS = 500  # maximum sections of a config
STYLES_PATHS, VOCABULARIES, STYLES = 20, 100, 200  # maximum folders, vocabularies and styles
TERM = 6  # characters that each term of a vocabulary adds to expressions
MENTIONS = 5_000  # maximum rules that a config turns on or off
_RULE_SUFFIX = ".yml"
_GLOBAL = "*"  # the section for all articles
_WORDS = "%s"  # in WordTemplate, represents the words of a rule
_SPECIAL = (ini.TOP, _GLOBAL, "formats", "asciidoctor")
_PIPELINE = ".vale-config"  # the folder in StylesPath with the configs of packages
_TOP_KEYS = {
    *("StylesPath", "MinAlertLevel", "Vocab", "Packages", "WordTemplate", "NLPEndpoint"),
    *("IgnoredScopes", "SkippedScopes", "IgnoredClasses"),
}
_GLOBAL_KEYS = frozenset("BasedOnStyles IgnorePatterns BlockIgnores TokenIgnores Lang".split())
_SECTION_KEYS = _GLOBAL_KEYS | {"CommentDelimiters", "Transform", "View"}
_UNSUPPORTED = {
    "Transform": "copydesk does not run XSLT; such articles are checked as they are",
    "View": "copydesk does not support views of structured data",
    "Lang": "copydesk finds sentences by the rules of English",
    "NLPEndpoint": "copydesk sends no text to other servers",
}
_OLD = frozenset("Project SphinxBuildPath SphinxAutoBuild Processor Parser".split())  # of Vale before version 3
Item = tuple[str, Value, int]  # a part of a value, the value, and the offset of the part
_SWITCHES = {"YES": True, "NO": False, **dict.fromkeys(LEVELS, True)}


def read_vale_config(path: str, files: Files, *, styles_path: str = "", min_level: str = "") -> ValeConfig:
    """Return the settings in the file `path`.

    `styles_path` is a folder with more styles, or "". `min_level` replaces MinAlertLevel. Raises BadConfig with all
    mistakes in the config.
    """
    reader = _Reader(os.path.abspath(path), files, styles_path)
    config = reader.read(min_level)
    if reader.mistakes:
        raise BadConfig(reader.mistakes)
    return config


class _Reader:
    """Reads a config. Mistakes are collected in the files in which they are, and in `_problems`."""

    def __init__(self, path: str, files: Files, styles_path: str) -> None:
        self._path, self._files = path, files
        self._origins: dict[str, File] = {}  # by path
        self._problems: list[str] = []  # mistakes in files such as vocabularies
        self._notices: dict[str, None] = {}
        self._read: dict[str, None] = {}  # paths of files
        self._styles_paths = dict.fromkeys([os.path.abspath(styles_path)] if styles_path else [])
        self._levels: dict[str, str] = {}
        self._mentions: dict[str, str] = {}

    @property
    def mistakes(self) -> list[str]:
        return [mistake for file in self._origins.values() for mistake in sorted_mistakes(file)] + self._problems

    def read(self, min_level: str) -> ValeConfig:
        own = self._parse(self._path)
        self._read_styles_paths(own[ini.TOP])
        self._note_rules(own)
        sections = own
        if pipeline := self._pipeline():
            sections = ini.merge([*map(self._parse, pipeline), own])
            self._note_rules(sections)
        self._check(sections)
        return self._config(sections, min_level)

    def _config(self, sections: Mapping[str, Section], min_level: str) -> ValeConfig:
        """Return the config that `sections` define."""
        top, everywhere = sections[ini.TOP], sections.get(_GLOBAL)
        mine = [section for name, section in sections.items() if name not in _SPECIAL]
        globs = self._globs(mine)
        based = [section for section in (everywhere, *mine) if section]
        rule_files = tuple(self._rule_files(based))
        self._check_ignores(based)
        ignored, skipped, classes = (_list(top, name) for name in ("IgnoredScopes", "SkippedScopes", "IgnoredClasses"))
        return ValeConfig(
            file=self._path,
            styles_paths=tuple(self._styles_paths),
            min_level=min_level or self._min_level(top),
            vocabulary=self._vocabulary(top),
            word_template=self._word_template(top),
            formats={name: key.first.text for name, key in _keys(sections.get("formats"))},
            view=ViewOptions(ignored_scopes=ignored, skipped_scopes=skipped, ignored_classes=classes),
            global_styles=_list(everywhere, "BasedOnStyles"),
            global_switches=_switches(everywhere),
            sections=tuple(_options(section, globs[section.name]) for section in mine if section.name in globs),
            levels=self._levels,
            mentions=self._mentions,
            block_ignores=_ignores(based, globs, _block_ignores),
            token_ignores=_ignores(based, globs, lambda section: _list(section, "TokenIgnores")),
            comment_delimiters=_ignores(mine, globs, lambda section: _list(section, "CommentDelimiters")),
            rule_files=rule_files,
            files=tuple(self._all_files(rule_files)),
            notices=tuple(self._notices),
        )

    def _parse(self, path: str) -> dict[str, Section]:
        """Return the sections of a config. The first one is that for the keys before all sections."""
        file = self._origins[path] = File(shown_path(Path(path)))
        self._read[path] = None
        try:
            text = self._files.text(path)
        except BadConfig as bad:
            self._problems += bad.mistakes
            text = ""
        if text is None:
            file.failure("there is no such file")
        elif len(text) > ini.LIMIT:
            file.failure(f"this file cannot be read: it is longer than {ini.LIMIT:,} characters")
            text = ""
        return ini.parse(text or "", file)

    def _pipeline(self) -> list[str]:
        """Return the paths of the configs of installed packages."""
        folder = os.path.join([*self._styles_paths][-1], _PIPELINE)
        if not self._files.is_folder(folder):
            return []
        paths = [os.path.join(folder, name) for name in self._names(folder)]
        return [path for path in paths if not self._files.is_folder(path)]

    def _names(self, folder: str) -> list[str]:
        try:
            return self._files.names(folder)
        except BadConfig as bad:
            self._problems += bad.mistakes
            return []

    def _walk(self, folder: str) -> list[str]:
        """Return the paths of all files in a folder."""
        found: list[str] = []
        try:
            found.extend(walk(self._files, folder))
        except BadConfig as bad:
            self._problems += bad.mistakes
        return found

    def _read_styles_paths(self, top: Section) -> None:
        """Read StylesPath. Without it, the folder of the config contains the styles."""
        folder = os.path.dirname(self._path)
        for _, value, _ in _first(_values(top, "StylesPath"), STYLES_PATHS, "values of StylesPath"):
            path = os.path.normpath(os.path.join(folder, value.text))
            if value.text:
                self._styles_paths[path] = None
                if not self._files.is_folder(path):
                    shown = cut_text(shown_path(Path(path)))
                    value.mistake(f"StylesPath: there is no folder “{shown}”, or it is outside the repository")
        if not self._styles_paths:
            self._styles_paths[folder] = None

    def _note_rules(self, sections: Mapping[str, Section]) -> None:
        """Note the rules that sections mention, and their levels. [*] precedes all other sections."""
        everywhere = [sections[_GLOBAL]] if _GLOBAL in sections else []
        for section in (*everywhere, *(each for name, each in sections.items() if name not in _SPECIAL)):
            for name, key in _rule_keys(section):
                if len(self._mentions) == MENTIONS and name not in self._mentions:
                    key.mistake(f"there are too many rules; at most {MENTIONS:,} are allowed")
                    return
                self._mentions.setdefault(name, f"{key.file.path}:{key.line}:{key.column}")
                if (level := key.first.text) in LEVELS:
                    self._levels[name] = level
                elif level not in _SWITCHES:
                    self._notice(key.first, _unknown_level(name, level))

    def _notice(self, at: Value | Key, text: str) -> None:
        line, column = at.place() if isinstance(at, Value) else (at.line, at.column)
        if len(self._notices) < MISTAKES:
            self._notices[f"{at.file.path}:{line}:{column}: {text}"] = None

    def _check(self, sections: Mapping[str, Section]) -> None:
        """Note mistakes in keys, and notices about keys without effect."""
        for name, section in sections.items():
            if name in ("formats", "asciidoctor"):
                continue
            known = {ini.TOP: _TOP_KEYS, _GLOBAL: _GLOBAL_KEYS}.get(name, _SECTION_KEYS)
            for key in section.keys.values():
                if key.name in known:
                    if key.name in _UNSUPPORTED:
                        self._notice(key, f"{key.name} has no effect: {_UNSUPPORTED[key.name]}")
                elif "." in key.name:
                    if name == ini.TOP:
                        self._notice(
                            key, f"“{cut_text(key.name)}” has no effect here; move it to a section such as [*]"
                        )
                elif key.name in _OLD:
                    self._notice(key, f"{key.name} has no effect: Vale dropped it in version 3")
                else:
                    key.mistake(_misplaced(key.name, name) or _unknown_key(key.name, known))
            if "CommentDelimiters" in section.keys and len(_list(section, "CommentDelimiters")) != 2:
                section.keys["CommentDelimiters"].first.mistake("CommentDelimiters must be two texts, such as {/*, */}")

    def _globs(self, sections: Sequence[Section]) -> dict[str, Glob]:
        """Return the globs that sections have as their names, by name, and note mistakes in them."""
        globs = {}
        for section in sections[:SECTIONS]:
            try:
                globs[section.name] = Glob(section.name)
            except BadGlob as bad:
                problem = f"“{cut_text(section.name)}” is not a glob: {bad}"
                section.file.mistake(section.line, section.column, problem)
        if excess := sections[SECTIONS:]:
            problem = f"this file has too many sections; at most {SECTIONS} are allowed"
            excess[0].file.mistake(excess[0].line, excess[0].column, problem)
        return globs

    def _word_template(self, top: Section) -> str:
        if "WordTemplate" not in top.keys:
            return ""
        value = top.keys["WordTemplate"].first
        if value.text and value.text.count(_WORDS) != 1:
            value.mistake(f"WordTemplate must contain “{_WORDS}” once, in place of the words of a rule")
        else:
            _check_expression("WordTemplate", value.text.replace(_WORDS, "x"), value)
        return value.text

    def _check_ignores(self, sections: Iterable[Section]) -> None:
        """Note mistakes in the expressions of BlockIgnores and TokenIgnores."""
        for section in sections:
            for name in ("BlockIgnores", "TokenIgnores"):
                for text, value, offset in _items(section, name):
                    _check_expression(name, text, value, offset)
            for value in section.keys["IgnorePatterns"].values.values() if "IgnorePatterns" in section.keys else ():
                for text in _unescaped_items(value.text):
                    _check_expression("IgnorePatterns", text, value)

    def _min_level(self, top: Section) -> str:
        """Return the last value of MinAlertLevel."""
        level = LEVELS[0]
        for text, value, offset in _items(top, "MinAlertLevel"):
            if text in LEVELS:
                level = text
            else:
                advice = did_you_mean(text, LEVELS)
                value.mistake(f"MinAlertLevel must be {as_list(LEVELS)}, not “{cut_text(text)}”{advice}", offset)
        return level

    def _vocabulary(self, top: Section) -> Vocabulary:
        """Return the terms of all vocabularies, each of which is in the first folder of styles that has it."""
        accept: dict[str, None] = {}
        reject: dict[str, None] = {}
        for name, value, offset in _first(_items(top, "Vocab"), VOCABULARIES, "vocabularies"):
            folders = [os.path.join(path, "config", "vocabularies", name) for path in self._styles_paths]
            folder = next(filter(self._files.is_folder, folders), "")
            if not folder:
                wanted = shown_path(Path(folders[-1]))
                problem = f"there is no vocabulary “{cut_text(name)}”; its folder would be {wanted}"
                if value.file is self._origins[self._path]:
                    value.mistake(problem, offset)
                else:  # Vale ignores this in the configs of packages
                    self._notice(value, problem)
            for path in self._walk(folder) if folder else ():
                terms = {"accept.txt": accept, "reject.txt": reject}.get(os.path.basename(path))
                if terms is not None:
                    terms.update(self._terms(path))
        if sum(map(len, (*accept, *reject))) + TERM * (len(accept) + len(reject)) > MAX_LENGTH:
            self._problems.append(f"{shown_path(Path(self._path))}: the vocabularies have too many terms")
            return Vocabulary()
        return Vocabulary(tuple(accept), tuple(reject))

    def _terms(self, path: str) -> dict[str, None]:
        """Return the terms in a file, one on each line. Lines that begin with “# ” are comments.

        Terms that are not expressions are noted as mistakes, and left out.
        """
        self._read[path] = None
        file = self._origins.setdefault(path, File(shown_path(Path(path))))
        terms: dict[str, None] = {}
        try:
            text = self._files.text(path) or ""
        except BadConfig as bad:
            self._problems += bad.mistakes
            text = ""
        for number, line in enumerate(text.split("\n"), 1):
            term = line.strip()
            if term and not term.startswith("# "):
                terms[term] = None
                if not term.isalnum() and not file.is_full and (why := problem(term)):
                    file.mistake(number, line.index(term) + 1, why)
        return terms

    def _rule_files(self, sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
        """Yield the names and files of all rules of the styles in use, and of rules of other styles that are mentioned.

        If a name has several files, the first one is used. The name of a style is that of the folder of the file.
        """
        names = set[str]()
        styles = dict[str, tuple[Value, int]]()
        for section in sections:
            for style, value, offset in _items(section, "BasedOnStyles"):
                styles.setdefault(style, (value, offset))
        styles.pop(BUILT_IN, None)
        every = ((style, value, offset) for style, (value, offset) in styles.items())
        styles = {style: (value, offset) for style, value, offset in _first(every, STYLES, "styles")}
        found = [path for folder in self._styles_paths for style in styles for path in self._style(folder, style)]
        for style, (value, offset) in styles.items():
            self._check_style(style, value, offset)
        for mention in self._mentions:
            style, rule = mention.split(".")[:2]
            if style not in styles and style != BUILT_IN:
                paths = [os.path.join(folder, style, f"{rule}{_RULE_SUFFIX}") for folder in self._styles_paths]
                found += filter(self._files.exists, paths)
        for path in found:
            folder, name = os.path.split(path)
            rule = f"{os.path.basename(folder)}.{name.partition('.')[0]}"
            if rule not in names:
                names.add(rule)
                yield rule, path

    def _style(self, folder: str, style: str) -> list[str]:
        """Return the paths of the rule files of a style in a folder of styles, or [] if it has no such style."""
        path = os.path.join(folder, style)
        if not self._files.is_folder(path):
            return []
        return [file for file in self._walk(path) if file.endswith(_RULE_SUFFIX)]

    def _check_style(self, style: str, value: Value, offset: int) -> None:
        """Note a mistake if there is no folder for a style."""
        folders = [os.path.join(folder, style) for folder in self._styles_paths]
        if any(map(self._files.is_folder, folders)):
            return
        path = [*self._styles_paths][-1]
        others = [name for name in self._names(path) if self._files.is_folder(os.path.join(path, name))]
        similar = closest(style, [*others, BUILT_IN])
        name, where, wanted = cut_text(style), shown_path(Path(path)), shown_path(Path(folders[-1]))
        advice = (
            f"did you mean “{similar}”?"
            if similar
            else (f"copydesk downloads nothing: run “vale sync”, or copy the package to {wanted}")
        )
        value.mistake(f"the style “{name}” is not in {where}; {advice}", offset)

    def _all_files(self, rule_files: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield the paths of all files that the rules depend on, including the files in the folder config."""
        found = dict.fromkeys((*self._read, *(path for _, path in rule_files)))
        for folder in self._styles_paths:
            path = os.path.join(folder, "config")
            found.update(dict.fromkeys(self._walk(path) if self._files.is_folder(path) else ()))
        yield from found


def _keys(section: Section | None) -> Iterable[tuple[str, Key]]:
    return section.keys.items() if section else ()


def _items(section: Section | None, name: str) -> Iterator[Item]:
    """Yield the parts of all values of a key, without repeated ones, each with its value and its offset there."""
    seen = set[str]()
    for value in section.keys[name].values.values() if section and name in section.keys else ():
        for text, offset in value.items():
            if text not in seen:
                seen.add(text)
                yield text, value, offset


def _values(section: Section, name: str) -> Iterator[Item]:
    """Yield the whole values of a key, like `_items`."""
    return ((value.text, value, 0) for value in (section.keys[name].values.values() if name in section.keys else ()))


def _first(items: Iterable[Item], most: int, what: str) -> Iterator[Item]:
    """Yield the first `most` items, and note a mistake if there are more. `what` is what they are, in the plural."""
    for count, (text, value, offset) in enumerate(items):
        if count == most:
            value.mistake(f"there are too many {what}; at most {most} are allowed", offset)
            return
        yield text, value, offset


def _list(section: Section | None, name: str) -> tuple[str, ...]:
    return tuple(text for text, _, _ in _items(section, name))


def _options(section: Section, glob: Glob) -> SectionOptions:
    styles = _list(section, "BasedOnStyles") if "BasedOnStyles" in section.keys else None
    return SectionOptions(glob, styles, _switches(section))


def _rule_keys(section: Section | None) -> Iterator[tuple[str, Key]]:
    """Yield the keys of a section that are names of rules."""
    return ((name, key) for name, key in _keys(section) if "." in name)


def _switches(section: Section | None) -> Switches:
    """Return the rules that a section turns on or off. As in Vale, unknown values turn a rule off."""
    return {name: _SWITCHES.get(key.first.text, False) for name, key in _rule_keys(section)}


def _ignores(
    sections: Iterable[Section], globs: Mapping[str, Glob], read: Callable[[Section], tuple[str, ...]]
) -> Ignores:
    """Return the values that `read` returns for each section, with the globs of the sections."""
    everywhere = Glob(_GLOBAL)
    found = [(globs.get(section.name, everywhere), read(section)) for section in sections]
    return tuple((glob, values) for glob, values in found if values)


def _check_expression(name: str, text: str, value: Value, offset: int = 0) -> None:
    """Note a mistake at the offset in a value if `text` is not an expression. `name` is that of the key."""
    if why := problem(text):
        value.mistake(f"{name}: {why}", offset)


def _block_ignores(section: Section) -> tuple[str, ...]:
    """Return the values of BlockIgnores or of its old name, IgnorePatterns, whichever is the last key."""
    last = next((name for name in reversed(section.keys) if name in ("BlockIgnores", "IgnorePatterns")), "")
    if last == "IgnorePatterns":
        return tuple(_unescaped_items(section.keys[last].first.text))
    return _list(section, last)


def _unescaped_items(text: str) -> Iterator[str]:
    r"""Yield the parts of a text between commas. `\,` is a comma, and `\\` is a backslash."""
    part = ""
    chars = iter(text)
    for char in chars:
        if char == "\\":
            following = next(chars, "")
            part += following if following in ("\\", ",") else char + following
        elif char == ",":
            yield part.strip()
            part = ""
        else:
            part += char
    if part:
        yield part.strip()


def _unknown_level(rule: str, level: str) -> str:
    advice = did_you_mean(level, _SWITCHES)
    return f"“{cut_text(level)}” turns {cut_text(rule)} off, as every value except {as_list(_SWITCHES)}{advice}"


def _misplaced(name: str, section: str) -> str:
    """Return the mistake of an option that does not belong in a section, or "" if there is no such option."""
    if name in _TOP_KEYS:
        return f"{name} must be above the first section"
    if name in _SECTION_KEYS:
        where = "a section such as [*]" if name in _GLOBAL_KEYS else "a section such as [*.md]"
        return f"{name} must be in {where}" + (", not in [*]" if section == _GLOBAL else "")
    return ""


def _unknown_key(name: str, known: Iterable[str]) -> str:
    advice = did_you_mean(name, known)
    return f"unknown key “{cut_text(name)}”{advice or '; the name of a rule has the form Style.Rule'}"
