"""Parts of the config: rule selectors, severities, options of rules, overrides and suppressions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from linter.config.yaml_file import Value
from linter.files.ignore import Globs, glob_mistake, with_gaps
from linter.finding import SEVERITIES, Finding
from linter.patterns import lazy
from linter.rule import fits

_EFFECTS = ("select", "ignore", "severity", "options")
OVERRIDE_KEYS = ("path", "metadata", *_EFFECTS)
SUPPRESSION_KEYS = ("path", "rule", "text", "reason")
_MAGIC = lazy(r"[*?\[!\\]")
_CUT = "…"  # matches any text, since reports write it in place of the omitted part of a long quotation


class RuleSelector(NamedTuple):
    """The name of a rule or pack, or a glob for names of rules, and the place where the selector was given.

    `place` is `file:line:column`, or a command-line option such as `--select`.
    """

    name: str
    place: str


def read_selectors(value: Value | None) -> tuple[RuleSelector, ...]:
    """Return the rule selectors in `value`, which is a single name, a list of names, or None (no selectors)."""
    return tuple(RuleSelector(item.text(), item.place) for item in value.items()) if value and value.texts() else ()


def read_severities(value: Value | None) -> tuple[tuple[RuleSelector, str], ...]:
    """Return the keys of `value`, a mapping or None, as rule selectors, each with its severity or “off”."""
    pairs = value.pairs() if value else ()
    return tuple((RuleSelector(key.text(), key.place), each.choice((*SEVERITIES, "off"))) for key, each in pairs)


def read_globs(value: Value, folder: str, patterns: tuple[str, ...]) -> Globs:
    """Return a Globs object for `patterns`, which were read from `value` and match files inside `folder`.

    The first pattern that is invalid or cannot match anything is noted as a mistake at `value`.
    """
    wrong = ((pattern, why) for pattern in patterns if (why := glob_mistake(pattern)))
    for pattern, why in islice(wrong, 1):
        value.mistake(f"“{pattern}” is not a file pattern: {why}")
    return Globs(folder, patterns)


Options = tuple[tuple[RuleSelector, Value], ...]


@dataclass(frozen=True, eq=False)
class Override:
    """Settings for the articles that meet the conditions `globs` and `metadata`.

    The path of an article must match `globs`; None matches any path. `metadata` has keys such as `author.name`, each
    with globs. For every key, at least one glob must match the value in the article; case is ignored. `options` are
    options of rules, as written in the config. `place` is the position of the override, as `file:line:column`.
    """

    place: str
    globs: Globs | None = None
    metadata: tuple[tuple[str, tuple[str, ...]], ...] = ()
    select: tuple[RuleSelector, ...] = ()
    ignore: tuple[RuleSelector, ...] = ()
    severity: tuple[tuple[RuleSelector, str], ...] = ()
    options: Options = ()

    def applies_to(self, path: str, metadata: Mapping[str, object]) -> bool:
        """Whether the override applies to the article at the absolute path `path` with the metadata `metadata`."""
        if self.globs and not self.globs.fit(path):
            return False
        return all(_has(metadata, key.split("."), wanted) for key, wanted in self._wanted)

    @cached_property
    def _wanted(self) -> Sequence[tuple[str, Sequence[re.Pattern[str]]]]:
        """The keys of `metadata`, each with its globs as compiled patterns."""
        return [(key, [re.compile(translate(glob)) for glob in wanted]) for key, wanted in self.metadata]


def read_overrides(value: Value | None, folder: str) -> tuple[Override, ...]:
    """Return the overrides in `value`, or () if it is None. The globs of overrides match paths inside `folder`."""
    wrong = "“overrides” must be a list; each entry has “path” or “metadata”, and the settings for these articles"
    return tuple(_override(item, folder) for item in _parts(value, wrong))


def _parts(value: Value | None, wrong: str) -> list[Value]:
    """Return the entries in `value`, or [] if there are none or if the mistake `wrong` is noted."""
    if value is None or value.type == "null":
        return []
    if value.type not in ("seq", "map"):
        value.mistake(wrong)
        return []
    return value.items()


def read_rule_options(value: Value | None) -> Options:
    """Return the rule names in `value` as rule selectors, each with the rule's options as written in the config."""
    return tuple((RuleSelector(key.text(), key.place), each) for key, each in value.pairs()) if value else ()


def _override(item: Value, folder: str) -> Override:
    given = item.fields(OVERRIDE_KEYS)
    if item.type == "map" and not {"path", "metadata"} & given.keys():
        item.mistake("“path” or “metadata” is missing; settings for all articles go outside of “overrides”")
    if item.type == "map" and given.keys().isdisjoint(_EFFECTS):
        item.mistake("this override changes nothing; add “select”, “ignore”, “severity” or “options”")
    path, metadata = given.get("path"), given.get("metadata")
    return Override(
        place=item.place,
        globs=read_globs(path, folder, path.nonempty_texts()) if path else None,
        metadata=tuple(_metadata(metadata)) if metadata else (),
        select=read_selectors(given.get("select")),
        ignore=read_selectors(given.get("ignore")),
        severity=read_severities(given.get("severity")),
        options=read_rule_options(given.get("options")),
    )


def _metadata(value: Value) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, each in value.pairs():
        if each.type == "map":
            each.mistake(f"“{each.name}” must be text or a list of texts; write nested keys as '{each.name}.…'")
        else:
            items = each.items()
            if not items:
                each.mistake(f"“{each.name}” is empty")
            yield key.text().lower(), tuple(item.plain.strip().lower() for item in items)


def _has(metadata: Mapping[str, object], path: list[str], wanted: Iterable[re.Pattern[str]]) -> bool:
    """Whether a metadata value under the nested keys `path` matches one of the patterns `wanted`."""
    value: object = metadata
    for key in path:
        if not isinstance(value, Mapping):
            return False
        value = next((each for name, each in value.items() if str(name).lower() == key), None)
    values = value if isinstance(value, list) else [value]
    texts = [str(each).strip().lower() for each in values if each is not None]
    return any(glob.match(text) for text in texts for glob in wanted)


@dataclass(frozen=True)
class SuppressionEntry:
    """A suppression in the config. It suppresses findings of `rules` in articles whose paths match `globs`.

    Without `globs`, it applies to all articles. If there are `texts`, the matched text of a finding must be one of
    them, apart from differences in white space; each “…” in `texts` stands for any text. `place` is the position of the
    suppression, as `file:line:column`, and `line` is the 1-based line in `place`. `last` is the last line of the
    suppression, or 0 if the suppression is not an item of a YAML list with hyphens.
    """

    rules: tuple[RuleSelector, ...]
    globs: Globs | None = None
    texts: tuple[str, ...] = ()
    reason: str = ""
    place: str = ""
    line: int = 1
    last: int = 0

    def applies_to(self, path: str) -> bool:
        """Whether the suppression applies to the article at the absolute path `path`."""
        return self.globs is None or self.globs.fit(path)

    def suppresses(self, finding: Finding) -> bool:
        """Whether the rules and texts of the entry match `finding`. The path is not compared; see `applies_to`."""
        if not any(fits(selector.name, finding.rule) for selector in self.rules):
            return False
        found = " ".join(finding.text.split())
        return not self.texts or any(pattern.fullmatch(found) for pattern in self._patterns)

    @property
    def areas(self) -> tuple[str, ...]:
        """For each glob, the absolute path of the only match or of a folder that contains all matches.

        The path consists of the folder of the config and the parts of the glob before the first part with a wildcard:
        `news/2020` for `news/2020/*.md`. If the glob matches at any depth, the path is the folder of the config.
        Without globs, the result is ().
        """
        return tuple(map(self._area, self.globs.patterns)) if self.globs else ()

    def _area(self, pattern: str) -> str:
        assert self.globs
        anchored = pattern.removeprefix("/") if "/" in pattern.rstrip("/") else ""
        parts = anchored.split("/")
        fixed = next((i for i, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
        return os.path.normpath(os.path.join(self.globs.folder, *parts[:fixed]))

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [*map(_pattern, self.texts)]


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that matches `text` in linear time, with any text in place of each “…”."""
    parts = " ".join(text.split()).split(_CUT)
    return re.compile(with_gaps([*map(re.escape, parts)], "(?s:.)*"))


def read_suppression_entries(value: Value | None, folder: str, *, reasons: bool) -> tuple[SuppressionEntry, ...]:
    """Return the suppressions in `value`, or () if it is None. Their globs match paths inside `folder`.

    If `reasons` is true, a suppression without a reason is a mistake.
    """
    listed = value is not None and value.type == "seq" and not value.flow
    wrong = "“suppressions” must be a list, each with “path”, “rule”, “text” and “reason”"
    return tuple(_entry(item, folder, reasons, listed=listed) for item in _parts(value, wrong))


def _entry(item: Value, folder: str, reasons: bool, *, listed: bool) -> SuppressionEntry:
    given = item.fields(SUPPRESSION_KEYS)
    if item.type == "map":
        _check_keys(item, given, reasons)
    path, text = given.get("path"), given.get("text")
    return SuppressionEntry(
        rules=read_selectors(given.get("rule")),
        globs=read_globs(path, folder, path.nonempty_texts()) if path else None,
        texts=text.nonempty_texts() if text else (),
        reason=" ".join(given["reason"].text().split()) if "reason" in given else "",
        place=item.place,
        line=item.line,
        last=item.last_line if listed else 0,
    )


def _check_keys(item: Value, given: Mapping[str, Value], reasons: bool) -> None:
    """Note mistakes if a suppression lacks required keys."""
    if "rule" not in given:
        item.mistake("“rule” is missing; use '*' for all rules")
    elif "path" not in given and "text" not in given:
        item.mistake("“path” or “text” is missing; to turn a rule off everywhere, use “ignore”")
    if reasons and not (given["reason"].plain.strip() if "reason" in given else ""):
        item.mistake("“reason” is missing; “suppression-reasons” requires it")
