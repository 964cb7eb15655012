"""Read a rule file of Vale. All scalars are texts, as in `on` and `1:30`; the options convert them as Vale does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from linter import patterns
from linter.config.yaml_file import LARGEST, MISTAKES, File, Limits, Value
from linter.suggest import as_list, cut_text
from linter.vale.definition import ACTIONS, LEVELS, NOT_RUN, OPTIONS, Action, Definition

LIMITS = Limits(1_000_000, 100_000, 100_000)
_KEYS = "action description extends level limit link message name scope selector path".split()
_INLINE = ("code", "link", "strong", "emphasis")  # scopes of earlier versions of Vale
_ANY_KEYS = ("consistency", "spelling")  # extension points in which Vale ignores unknown keys
_ANY_SCOPES = ("metric", "readability", "script", "spelling")  # extension points whose scopes Vale does not check
_OWN_SCOPES = {"metric": ("summary",), "readability": ("summary",), "sequence": ("sentence",)}
_FLAGS = {
    **dict.fromkeys("1 t T TRUE true True".split(), True),
    **dict.fromkeys(["0", "f", "F", "FALSE", "false", "False", ""], False),
}
_NUMBER = patterns.lazy(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_TYPES = {"seq": "a list", "map": "keys with values"}
_ESCAPES = 20  # maximum escaped apostrophes that are replaced


class RuleFile(NamedTuple):
    """The content of a rule file. `definition` is None if there are mistakes.

    `places` are the positions of its keys, as `file:line:column`, and `notices` are messages about keys without effect.
    """

    definition: Definition | None
    places: Mapping[str, str]
    notices: tuple[str, ...] = ()


def read_rule(text: str, name: str, path: str, file: File) -> RuleFile:
    """Return the rule in a rule file with the path `path`. Mistakes are noted in `file`."""
    from linter.config import yaml_nodes  # which imports PyYAML

    try:
        top = Value(file, _compose(text), "the file")
    except yaml_nodes.BadSyntax as bad:
        file.mistake(bad.line, bad.column, bad.problem)
        return RuleFile(None, {})
    reader = _Reader(top)
    definition = reader.definition(name, path)
    places = {key: value.place for key, value in reader.fields.items()}
    return RuleFile(None if file.noted else definition, places, tuple(reader.notices))


def item_places(text: str, key: str, file: File) -> Mapping[str, str]:
    """Return the positions of the texts in a list, or of the keys in a mapping, as `file:line:column`.

    The list or mapping is the value of a key in `text`, a rule file without mistakes.
    """
    value = _Reader(Value(file, _compose(text), "the file")).fields[key]
    found: dict[str, str] = {}
    for item in value.items():
        texts = (own for own, _ in _entries(item)) if item.type == "map" else (item,)
        found.update((own.plain, own.place) for own in texts)
    return found


def _compose(text: str) -> Any:
    r"""Return the top node of YAML. In texts in double quotes, `\'` is allowed, as in Vale; libyaml rejects it."""
    from linter.config import yaml_nodes

    replaced: list[int] = []  # lines
    while True:
        try:
            return yaml_nodes.compose(text, *LIMITS)
        except yaml_nodes.BadSyntax as bad:
            lines = text.split("\n")
            at = sum(len(line) + 1 for line in lines[: bad.line - 1]) + bad.column - 1
            escape = text.find("\\'", max(0, at - 1), at + 2)
            if "escape character" not in bad.problem or escape < 0 or len(replaced) == _ESCAPES:
                longer = len("\\x27") - len("\\'")
                bad.column -= longer * replaced.count(bad.line)
                raise
            replaced.append(bad.line)
            text = f"{text[:escape]}\\x27{text[escape + 2 :]}"


class _Reader:
    """Converts the values in a rule file, and notes mistakes."""

    def __init__(self, top: Value) -> None:
        self.file = top.file
        self.notices: list[str] = []
        self.names: dict[str, Value] = {}  # the keys of the rule, in lower case: the keys themselves
        self.fields: dict[str, Value] = {}  # and their values
        if top.type != "map":
            self._wrong(top, "keys with values, such as extends and message")
            return
        for key, value in _entries(top):
            name = key.plain.lower()
            if name in self.fields:
                key.mistake(f"“{cut_text(name)}” is repeated; it is also on line {self.names[name].line}")
            self.names.setdefault(name, key)
            self.fields.setdefault(name, value)

    def definition(self, name: str, path: str) -> Definition | None:
        extends = self._extends()
        if "message" not in self.fields:
            self.file.mistake(1, 1, "“message” is missing; it is the text to report")
        if not extends:
            return None
        self._check_keys(extends)
        return Definition(
            name=name,
            extends=extends,
            message=self._text("message"),
            description=self._text("description"),
            link=self._text("link"),
            level=self._level(),
            scope=self._scope(extends),
            limit=int(self._number("limit")),
            action=self._action(strict=extends not in _ANY_KEYS),
            options=self._options(extends),
            file=path,
        )

    def _extends(self) -> str:
        """Return the extension point, or "" if there is a mistake."""
        value = self.fields.get("extends")
        if value is None or value.type == "null":
            self.file.mistake(1, 1, f"“extends” is missing; it must be {as_list(OPTIONS)}")
        elif value.plain in OPTIONS:
            return value.plain
        else:
            advice = value.suggestion(value.plain, OPTIONS)
            value.mistake(f"“extends” must be {as_list(OPTIONS)}, not “{cut_text(value.plain)}”{advice}")
        return ""

    def _check_keys(self, extends: str) -> None:
        known = {*_KEYS, *OPTIONS[extends]}
        for name, key in self.names.items():
            if name == "code":
                key.mistake("“code” is no longer supported; use “scope: raw” instead")
            elif name not in known and len(self.notices) < MISTAKES:
                problem = f"unknown key “{cut_text(key.plain)}”{key.suggestion(name, known)}"
                if extends in _ANY_KEYS:
                    self.notices.append(f"{key.place}: {problem}")
                else:
                    key.mistake(problem)

    def _level(self) -> str:
        value = self.fields.get("level")
        if value is None:
            return "warning"
        return value.choice(LEVELS, "warning")

    def _scope(self, extends: str) -> tuple[str, ...]:
        """Return the scopes of a rule, and note mistakes in them."""
        value = self.fields.get("scope")
        scopes = self._texts(value) if value else ()
        for scope in scopes if value and extends not in _ANY_SCOPES else ():
            first = scope.removeprefix("~").partition(".")[0]
            if "&" in scope:
                continue
            if first in _INLINE:
                value.mistake(f"the scope “{first}” is no longer supported; use “raw” instead")  # type: ignore[union-attr]
            elif " " in first:
                value.mistake(f"the scope “{cut_text(scope)}” contains a space")  # type: ignore[union-attr]
        return _OWN_SCOPES.get(extends) or scopes or ("text",)

    def _action(self, *, strict: bool) -> Action:
        value = self.fields.get("action")
        if value is None or value.type == "null":
            return Action()
        if value.type != "map":
            self._wrong(value, "keys with values")
            return Action()
        own = {key.plain.lower(): (key, inner) for key, inner in _entries(value)}
        for name, (key, _) in own.items():
            if name not in ("name", "params") and strict:
                key.mistake(f"unknown key “{cut_text(key.plain)}”{key.suggestion(name, ('name', 'params'))}")
        action, params = own.get("name"), own.get("params")
        if action and action[1].plain not in ACTIONS:
            advice = action[1].suggestion(action[1].plain, ACTIONS)
            self.notices.append(f"{action[1].place}: there is no action “{cut_text(action[1].plain)}”{advice}")
        return Action(self._scalar(action[1]) if action else "", self._texts(params[1]) if params else ())

    def _options(self, extends: str) -> dict[str, Any]:
        """Return the options of an extension point that the file sets."""
        if extends in NOT_RUN:
            return {}
        convert = {str: self._scalar, bool: self._flag, tuple: self._texts, dict: self._mapping}
        options: dict[str, Any] = {}
        for name, kind in OPTIONS[extends].items():
            value = self.fields.get(name)
            if value is None or value.type == "null":
                continue
            options[name] = kind(self._number(name)) if kind in (int, float) else convert[kind](value)
        return options

    def _text(self, name: str) -> str:
        return self._scalar(self.fields[name]) if name in self.fields else ""

    def _scalar(self, value: Value) -> str:
        if isinstance(value.node.value, str):
            return "" if value.type == "null" else value.plain
        self._wrong(value, "text")
        return ""

    def _flag(self, value: Value) -> bool:
        if value.plain in _FLAGS and value.type not in _TYPES:
            return _FLAGS[value.plain]
        if _NUMBER.fullmatch(value.plain):
            return True
        advice = "; write true or false" if value.plain else ""
        self._wrong(value, "true or false", advice)
        return False

    def _number(self, name: str) -> float:
        value = self.fields.get(name)
        if value is None or value.type == "null":
            return 0
        if value.plain in _FLAGS:
            return float(_FLAGS[value.plain])
        if not _NUMBER.fullmatch(value.plain):
            self._wrong(value, "a number")
        elif abs(number := float(value.plain)) <= LARGEST:
            return number
        else:
            value.mistake(f"“{name}” must be from {-LARGEST:,} to {LARGEST:,}, not “{cut_text(value.plain)}”")
        return 0

    def _texts(self, value: Value) -> tuple[str, ...]:
        if value.type == "map":
            self._wrong(value, "a list of texts")
            return ()
        if value.type == "null":
            return ()
        return tuple(self._scalar(item) for item in value.items())

    def _mapping(self, value: Value) -> dict[str, str]:
        """Return a mapping, or the mappings in a list as one. Of repeated keys, only the first one is used."""
        found: dict[str, str] = {}
        for item in value.items():
            if item.type != "map":
                self._wrong(item, "keys with values")
                continue
            for key, inner in _entries(item):
                name, text = self._scalar(key), self._scalar(inner)
                if found.setdefault(name, text) != text and len(self.notices) < MISTAKES:
                    problem = f"“{cut_text(name)}” is repeated; only its first value is used"
                    self.notices.append(f"{key.place}: {problem}")
        return found

    def _wrong(self, value: Value, expected: str, advice: str = "") -> None:
        kind = _TYPES.get(value.type) or f"“{cut_text(value.plain)}”"
        value.mistake(f"“{cut_text(value.name)}” must be {expected}, not {kind}{advice}")


def _entries(value: Value) -> Iterable[tuple[Value, Value]]:
    """Return the keys of a mapping with their values, including repeated keys."""
    for key, inner in value.node.value:
        own = Value(value.file, key, "the key")
        yield own, Value(value.file, inner, own.plain)
