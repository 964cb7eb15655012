"""Complete and describe keys and values in copydesk.yaml and in rule files, according to their JSON Schemas."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from linter import patterns
from linter.config import rule_file, yaml_file
from linter.config.yaml_file import File
from linter.lsp.key_guide import KeyGuide, Kind
from linter.lsp.yaml_outline import Part, Path, outline
from linter.rule import Rule
from linter.source import Source

Category = Literal["key", "value", "rule"]

_PLACEHOLDER = "x"  # inserted at the cursor, so that there is a key or a value
_COLON = patterns.lazy(r"[\"']?[ \t]*+:")
_OPEN_BRACE = patterns.lazy(r"(?<!\{)(?:\{\{)*+(\{[\w:]*+)\Z")
_REST_OF_VALUE = patterns.lazy(r"[\w:]*+\}?")
_FORMS = ("", ":start", ":end")


class Completion(NamedTuple):
    """A text that may replace `text[start:end]`, in 0-based offsets in code points.

    `insert` is the new text. It may have several lines, whose indentation is complete. `label` is shown in a list, with
    `detail` next to it. `documentation` is Markdown. `category` is "key", "value" or, for a name of a rule or pack,
    "rule".
    """

    label: str
    detail: str
    documentation: str
    insert: str
    start: int
    end: int
    category: Category


def complete(text: str, offset: int, kind: Kind, rules: Sequence[Rule]) -> list[Completion]:
    """Return the completions at `offset`, in code points, in the YAML of a config or a rule file.

    The YAML may be incomplete. `rules` are all rules whose names a config may use. The result has all names that are
    possible here; it is not filtered by the word at the cursor.
    """
    parts = outline(text[:offset] + _PLACEHOLDER + text[offset:])
    here = next((part for part in parts if part.start <= offset < part.end), None)
    if here is None:
        return []
    here = here._replace(end=here.end - len(_PLACEHOLDER))
    if _is_template(here.path, kind):
        return _in_template(text, offset, here, kind, rules)
    writer = _Writer(text, here, KeyGuide(kind, parts, rules))
    taken = {part.path for part in parts if part.is_key and part.start != here.start}
    return writer.keys(here.path[:-1], taken) if here.is_key else writer.values(taken)


def describe(text: str, offset: int, kind: Kind, rules: Sequence[Rule]) -> tuple[int, int, str] | None:
    """Return the start and end of the key or value at `offset`, in code points, and its description in Markdown.

    Keys, checks, and names of rules and packs have a description. For everything else, the result is None.
    """
    parts = outline(text)
    here = next((part for part in parts if part.start <= offset < part.end), None)
    if here is None:
        return None
    described = _description(here, KeyGuide(kind, parts, rules))
    return (here.start, here.end, described) if described else None


def _description(part: Part, guide: KeyGuide) -> str:
    path = part.path[:-1] if part.is_key else part.path
    if guide.is_name(path, part.text):
        return guide.help_text(part.text)
    if not part.is_key:
        return guide.check_text(path, part.text)
    keys = guide.keys(path)
    return guide.key_text(path, part.text, keys[part.text]) if part.text in keys else ""


class _Writer:
    """Completions that replace the key or value `here` of `text`."""

    def __init__(self, text: str, here: Part, guide: KeyGuide) -> None:
        self._text, self._here, self._guide = text, here, guide

    def keys(self, path: Path, taken: Collection[Path], before: str = "") -> list[Completion]:
        """Return the keys of the mapping at `path` whose paths are not in `taken`, to be inserted after `before`."""
        guide, found = self._guide, []
        for name, schema in guide.keys(path).items():
            if (*path, name) not in taken:
                text = "" if guide.is_name(path, name) else guide.key_text(path, name, schema)
                insert = f"{before}{name}{self._after_key(guide.needed(schema), len(before))}"
                found.append(self._completion(path, name, text, insert, "key"))
        return found

    def values(self, taken: Collection[Path]) -> list[Completion]:
        """Return the values that are possible here, and the keys of a mapping that may begin here."""
        path, before = self._here.path, ""
        is_list = self._guide.is_list(path)
        if is_list and self._here.is_alone:
            path, before = (*path, 0), "- "
        names = self._guide.values(path)
        if is_list and not before:
            names = [*dict.fromkeys([*names, *self._guide.values((*path, 0))])]
        about = self._guide.check_text
        values = [self._completion(path, name, about(path, name), f"{before}{name}", "value") for name in names]
        return [*values, *(self.keys(path, () if before else taken, before) if self._here.is_alone else ())]

    def _completion(self, path: Path, name: str, text: str, insert: str, category: Category) -> Completion:
        category = "rule" if self._guide.is_name(path, name) else category
        detail = self._guide.detail(path, name)
        return Completion(name, detail, text, insert, self._here.start, self._here.end, category)

    def _after_key(self, needed: Literal["", "list", "mapping"], shift: int) -> str:
        """Return what follows a new key: a colon, and a space or the beginning of the value that is `needed`.

        The key will be `shift` columns to the right of the cursor.
        """
        if self._here.is_quoted or _COLON.match(self._text, self._here.end):
            return ""
        if self._here.in_brackets or not needed:
            return ": "
        source = Source(self._text)
        column = self._here.start - source.line_span(self._here.start)[0] + shift
        return f":{source.line_end}{' ' * (column + 2)}{'- ' if needed == 'list' else ''}"


def _is_template(path: Path, kind: Kind) -> bool:
    """Whether the value at `path` is a message or a replacement, which may have values in braces."""
    if kind == "rule":
        return path in (("message",), ("fix", "replace"))
    return path[-1:] == ("message",) and path[-3:-2] == ("options",)


def _in_template(text: str, offset: int, here: Part, kind: Kind, rules: Sequence[Rule]) -> list[Completion]:
    """Return the completions of a value in braces, if the cursor is after an opening brace."""
    opened = _OPEN_BRACE.search(text[here.start : offset])
    if not opened:
        return []
    start = here.start + opened.start(1)
    rest = _REST_OF_VALUE.match(text, offset, here.end)
    end = rest.end() if rest else offset
    if kind == "rule":
        names = _values_of_rule_file(text, here)
    else:
        names = {"match", *(value for rule in rules if rule.name == here.path[-2] for value in _values_of(rule))}
    forms = _FORMS if here.path[-1] == "message" else _FORMS[:1]  # replacements must use whole values
    labels = [f"{{{name}{form}}}" for name in sorted(names) for form in forms]
    return [Completion(label, "", "", label, start, end, "value") for label in labels]


def _values_of(rule: Rule) -> Iterator[str]:
    yield from getattr(rule.check, "values", ())


def _values_of_rule_file(text: str, here: Part) -> Collection[str]:
    """Return the names of the values that the template `here` in a rule file may use."""
    start = here.start - here.is_quoted
    end = here.end + (here.is_quoted and text[here.end : here.end + 1] == text[start])
    for each in (text, f"{text[:start]}x{text[end:]}"):  # the second, if the closing quotation mark is missing
        if top := yaml_file.parse(yaml_file.unified_lines(each), File(""), rule_file.LIMITS):
            return rule_file.message_values(top)
    return {"match"}
