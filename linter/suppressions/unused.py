"""What is wrong with the suppressions of an article, as notes of the pack copydesk/ with what would mend it."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from linter import engine, file_safety
from linter.config import yaml_file
from linter.config.config import Config
from linter.config.overrides import SuppressionEntry
from linter.document import Document, Note, Span
from linter.files.articles import Found
from linter.finding import Finding, Result
from linter.rule import Rule, fits
from linter.source import Source
from linter.suggest import did_you_mean, likely
from linter.suppressions import BARE, UNKNOWN, UNUSED, directives
from linter.suppressions.apply import ArticleSuppressions, Suppression
from linter.suppressions.directives import WORDS, Named

_ADVISED = 20  # unknown names in one article that advice is given on
_END = "<!-- copydesk: ignore-end -->"


@dataclass(frozen=True, eq=False)
class SuppressionMistakes:
    """Looks at the suppressions of one document.

    `rules` are the names of all rules there are, or None where nobody knows them all.
    """

    document: Document
    silences: ArticleSuppressions
    rules: Collection[str] | None

    def unknown(self) -> Iterator[Note]:
        """Words that ask for nothing, parts that never end, and names that no rule has."""
        for one in self.silences.directives:
            what = f"“{one.word}” asks for nothing" if one.word else "This comment asks for nothing"
            yield self._wrong(Named(one.word, one.word_span), what, did_you_mean(one.word, WORDS))
        for key in self.silences.keys:
            what = f"“{key.name}” below “copydesk” asks for nothing{did_you_mean(key.name, directives.KEYS)}"
            yield Note(UNKNOWN, key.span, {"what": _sentence(what)})
        for one in self.silences.unclosed:
            yield Note(UNKNOWN, one.span, {"what": f"This part never ends, so it is none. Write {_END} where it does."})
        for one in self.silences.unopened:
            edit = comment_removal(self.document.source, one.span)
            yield Note(UNKNOWN, one.span, {"what": "No “ignore-start” stands before this end. Delete it."}, (edit,))
        yield from self._strange(self.rules) if self.rules is not None else ()

    def unexplained(self) -> Iterator[Note]:
        """Those without a reason."""
        for one in self._told():
            if not one.reason:
                yield Note(BARE, one.span)

    def unused(self, used: Collection[int], asked: Callable[[str], bool]) -> Iterator[Note]:
        """What silences nothing.

        `used` are the places of names, or of comments without any, that do; `asked` says of a name, or of "" for all
        rules, whether every rule that it means was put to the article.
        """
        for one in self._told():
            if not one.names:
                if one.span.start not in used and asked(""):
                    yield Note(UNUSED, one.span, {"what": "Nothing is found here"}, self._removed(one))
                continue
            idle = [at for at, name in enumerate(one.names) if name.span.start not in used and asked(name.name)]
            if len(idle) == len(one.names):
                named = " or ".join(name.name for name in one.names)
                yield Note(UNUSED, one.span, {"what": f"{named} finds nothing here"}, self._removed(one))
            else:
                for at in idle:
                    what = f"{one.names[at].name} finds nothing here"
                    yield Note(UNUSED, one.names[at].span, {"what": what}, (name_removal(one.names, at),))

    def _strange(self, rules: Collection[str]) -> Iterator[Note]:
        """Names that none of `rules` has; it takes time to say what was meant, so that is done for the first ones."""
        names = [name for one in self._told() for name in one.names]
        strange = [name for name in names if not any(fits(name.name, rule) for rule in rules)]
        for number, name in enumerate(strange):
            advice = likely(name.name, rules) if number < _ADVISED else ""
            yield self._wrong(name, f"No rule or pack is called “{name.name}”", advice)

    def _told(self) -> Iterable[Suppression]:
        """Those that are for copydesk alone, and not for readers too."""
        return (one for one in self.silences.suppressions if one.word is None)

    def _removed(self, one: Suppression) -> tuple[Edit, ...]:
        """The edits that take all of it away."""
        if not one.comments:
            return (item_removal(self.document.source, one.span),) if one.names else ()
        return tuple(comment_removal(self.document.source, span) for span in one.comments)

    def _wrong(self, named: Named, what: str, advice: str) -> Note:
        """A word that nobody knows; with `advice` on what was meant, that is written in its place."""
        right = advice.removeprefix("; did you mean “").removesuffix("”?")
        edits = ((*named.span, right),) if right else ()
        return Note(UNKNOWN, named.span, {"what": _sentence(what + advice)}, edits)


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


# Edits that take a suppression out of an article and leave its text as it is.

Edit = tuple[int, int, str]  # replace `[start, end)` of the source


def comment_removal(source: Source, span: Span) -> Edit:
    """Takes a comment away, with its line where nothing else stands on that; no two paragraphs become one."""
    text, lines = source.text, source.line_starts
    low, high = source.line_span(span.start)[0], source.line_span(span.end)[1]
    if text[low : span.start].strip() or text[span.end : high].strip():
        spaced = text[span.start - 1 : span.start] == " " and (span.end == high or text[span.end].isspace())
        return span.start - spaced, span.end, ""
    first, behind = bisect_right(lines, low) - 1, bisect_right(lines, high)  # its line, and the one below
    above_blank = first == 0 or _is_blank(source, first - 1)
    below_blank = behind >= len(lines) or _is_blank(source, behind)
    if not above_blank and not below_blank:
        return low, high, ""  # it stands between two paragraphs as a blank line does
    below = behind + (above_blank and below_blank)
    return low, lines[below] if below < len(lines) else len(text), ""


def name_removal(names: Sequence[Named], at: int) -> Edit:
    """Takes one of several names away, with what stands between it and the next one or the one before."""
    span = names[at].span
    if at + 1 < len(names):
        return span.start, names[at + 1].span.start, ""
    return names[at - 1].span.end, span.end, ""


def item_removal(source: Source, span: Span) -> Edit:
    """Takes an item out of a list in front matter, with its line, or its comma; a text alone becomes an empty list."""
    text, (start, end) = source.text, span
    if text[start - 1 : start] == text[end : end + 1] and text[end : end + 1] in ("'", '"'):
        start, end = start - 1, end + 1
    line, line_end = source.line_span(start)
    if text[line:start].strip() == "-" and not text[end:line_end].partition("#")[0].strip():
        return line, _behind(source, line_end), ""
    before, behind = text[line:start].rstrip(), text[end:line_end].lstrip()
    if before.endswith(","):
        return line + len(before) - 1, end, ""
    if behind.startswith(","):
        return start, line_end - len(behind[1:].lstrip()), ""
    return start, end, "" if before.endswith("[") else "[]"


def lines_removal(source: Source, first: int, last: int) -> Edit:
    """Takes lines away, 0-based, the last one too."""
    end = source.line_span(source.line_starts[last])[1]
    return source.line_starts[first], _behind(source, end), ""


def _behind(source: Source, line_end: int) -> int:
    """Where the next line begins."""
    at = bisect_right(source.line_starts, line_end)
    return source.line_starts[at] if at < len(source.line_starts) else len(source.text)


def _is_blank(source: Source, line: int) -> bool:
    start, end = source.line_span(source.line_starts[line])
    return not source.text[start:end].strip()


# Suppressions of the settings that silence nothing: findings in the file they stand in.

Asked = Callable[..., bool]


def unused_in_config(
    result: Result, found: Found, settings: Config, rules: Iterable[Rule], is_asked: Asked
) -> list[Finding]:
    """The entries of the settings that silenced nothing, as far as a run over what was `found` can tell.

    `is_asked(name, across=…)` says whether all rules that a name means are put to every article.
    """
    coverage = _Coverage(result, found, settings, is_asked)
    entries = enumerate(settings.suppressions)
    idle = [entry for at, entry in entries if at not in result.heeded and coverage.judges(entry)]
    return _findings(idle, settings.file, rules) if idle else []


@dataclass(frozen=True, eq=False)
class _Coverage:
    """What a run has looked at."""

    result: Result
    found: Found
    settings: Config
    is_asked: Asked

    def judges(self, entry: SuppressionEntry) -> bool:
        """Whether all that an entry is about was looked at by all rules that it means, or is no longer there."""
        asked = all(self.is_asked(wish.name, across=self.found.folder) for wish in entry.rules)
        return asked and all(map(self._covers, entry.areas or (os.path.dirname(os.path.abspath(self._file)),)))

    def _covers(self, area: str) -> bool:
        """Whether all articles were checked that may lie in a folder, or one at that path."""
        if area in self._checked or self._everything:
            return True
        return not os.path.lexists(area) or any(_lies(area, folder) for folder in self.found.folders)

    @property
    def _file(self) -> str:
        return self.settings.file

    @cached_property
    def _checked(self) -> frozenset[str]:
        """The articles that were checked without a problem."""
        failed = {problem.path for problem in self.result.problems}
        return frozenset(article.file for article in self.found.articles if article.path not in failed)

    @cached_property
    def _everything(self) -> bool:
        """Whether all that is checked where nobody names a path was among it."""
        usual = self.settings.paths or (os.getcwd(),)
        return all(path in self._checked or any(_lies(path, folder) for folder in self.found.folders) for path in usual)


def _lies(path: str, folder: str) -> bool:
    """Whether an absolute path is that of a folder or lies in it."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def _findings(idle: Sequence[SuppressionEntry], file: str, rules: Iterable[Rule]) -> list[Finding]:
    source = Source.from_bytes(file_safety.read_regular_file(file, yaml_file.LIMIT), file, "utf-8")
    return engine.note_findings(Document(source, "text", ()), _notes(source, idle), rules)


def _notes(source: Source, idle: Iterable[SuppressionEntry]) -> Iterator[Note]:
    for entry in idle:
        start, end = source.line_span(source.line_starts[entry.line - 1])
        named = " or ".join(wish.name for wish in entry.rules)
        where = f" in {', '.join(entry.globs.patterns)}" if entry.globs else ""
        text = f" with “{entry.texts[0]}”" if len(entry.texts) == 1 else ""
        start += len(source.text[start:end]) - len(source.text[start:end].lstrip(" -"))
        alone = entry.last and source.text[:start].endswith("- ")
        edits = (lines_removal(source, entry.line - 1, entry.last - 1),) if alone else ()
        yield Note(UNUSED, Span(start, end), {"what": f"{named} finds nothing{text}{where}"}, edits)
