"""The keys and values that are possible in copydesk.yaml and in rule files, with their descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from linter.config import select
from linter.lsp.yaml_outline import Part, Path
from linter.reference import rule_texts, schemas
from linter.reference.schemas import Schema
from linter.rule import Rule
from linter.text.language import language_names

Kind = Literal["config", "rule"]

_SCALARS = frozenset({"string", "boolean", "integer", "number"})
_NAMES = frozenset({"packs", "select", "ignore", "severity", "options", "rule"})  # config keys with names of rules
_LANGUAGE = "language"
_CHECK = "check"


class KeyGuide:
    """The schema of a config or a rule file. Paths are as in `Part`.

    `parts` is the content of the file. `rules` are all rules whose names a config may use.
    """

    def __init__(self, kind: Kind, parts: Sequence[Part], rules: Sequence[Rule]) -> None:
        self._schema = schemas.shipped_schema(kind)
        self._rules: dict[str, Rule] = {}
        self._packs: dict[str, list[Rule]] = {}
        self._checks: dict[str, str] = {}  # the description of each check
        self._options: dict[str, Schema] = {}  # of the check that the rule file names
        self._options_text = ""
        if kind == "rule":
            self._choose_check(next((part.text for part in parts if part.path == (_CHECK,) and not part.is_key), ""))
            return
        self._schema = schemas.schema_with_rules(self._schema, rules)
        for rule in rules:
            self._rules[rule.name] = rule
            self._packs.setdefault(rule.pack, []).append(rule)

    def _choose_check(self, check: str) -> None:
        """Restrict the schema of rule files to the keys that all rules have and the options of `check`."""
        common = {key: self._schema["properties"][key] for key in self._schema["definitions"]["key"]["enum"]}
        for each in self._schema["allOf"]:
            kind, own = each["if"]["properties"][_CHECK]["const"], each["then"]["properties"]
            self._checks[kind] = own[_CHECK]["description"]
            if kind == check:
                self._options = {key: schema for key, schema in own.items() if key not in common}
                self._options_text = _option_text(kind, self._checks[kind])
        self._schema = {**self._schema, "properties": {**common, **self._options}, "allOf": []}

    def keys(self, path: Path) -> dict[str, Schema]:
        """Return the keys that the mapping at `path` may have, with the schemas of their values."""
        return {key: value for schema in self._at(path) for key, value in schema.get("properties", {}).items()}

    def values(self, path: Path) -> list[str]:
        """Return the names that are possible as the value at `path`, such as the severities."""
        found = [value for schema in self._at(path) for value in _values(schema)]
        return [*dict.fromkeys(found)]

    def is_list(self, path: Path) -> bool:
        """Whether the value at `path` may be a list."""
        return any("items" in schema for schema in self._at(path))

    def needed(self, schema: Schema) -> Literal["", "list", "mapping"]:
        """Return the kind of value that a schema requires, or "" if the value may be a scalar or a list of scalars.

        If the value may be a mapping or a list of mappings, the result is "list".
        """
        found = [*self._plain(schema)]
        if any(each.get("type") == "object" for one in found if "items" in one for each in self._plain(one["items"])):
            return "list"
        is_scalar = any("enum" in each or each.get("type") in _SCALARS for each in found)
        return "mapping" if not is_scalar and any(each.get("type") == "object" for each in found) else ""

    def is_name(self, path: Path, text: str) -> bool:
        """Whether `text`, a value at `path` or a key of the mapping at `path`, is the name of a rule or pack."""
        keys = [step for step in path if isinstance(step, str)]
        is_known = text in self._rules or text in self._packs
        return is_known and 1 <= len(keys) <= 2 and keys[-1] in _NAMES

    def key_text(self, path: Path, key: str, schema: Schema) -> str:
        """Return the description of a key of the mapping at `path`, in Markdown. `schema` is the schema of its value.

        The names of rules and packs have no description here (see `help_text`).
        """
        if not path and key in self._options:
            return self._options_text
        if path[-2:-1] == ("options",) and (rule := self._rules.get(str(path[-1]))):
            common = schemas.shipped_schema("rule")["properties"].get(key.removesuffix(select.ADD_SUFFIX), {})
            return str(common.get("description") or _option_text(rule.kind, " ".join(rule_texts.kind(rule.kind))))
        return str(schema.get("description", ""))

    def check_text(self, path: Path, value: str) -> str:
        """Return the description of the check `value`, in Markdown, if `path` leads to the check of a rule."""
        return self._checks.get(value, "") if path == (_CHECK,) else ""

    def help_text(self, name: str) -> str:
        """Return the description of the rule or pack `name`, in Markdown."""
        if rule := self._rules.get(name):
            return f"**{name}**: {rule_texts.escaped(rule.summary)}\n\n{rule_texts.help_markdown(rule)}"
        rules = [f"- `{rule.name}`: {rule_texts.escaped(rule.summary)}" for rule in self._packs.get(name, ())]
        return "\n".join([f"The pack **{name}**:\n", *rules])

    def detail(self, path: Path, name: str) -> str:
        """Return a few words about `name`, a value at `path` or a key of the mapping at `path`, or ""."""
        if self.is_name(path, name):
            rule = self._rules.get(name)
            return rule.summary if rule else f"pack of {len(self._packs[name]):,} rules"
        if path == (_CHECK,):
            return self._checks[name].partition(". ")[0].rstrip(".")
        return language_names().get(name, "") if path[:1] == (_LANGUAGE,) else ""

    def _at(self, path: Path) -> list[Schema]:
        """Return the schemas that the value at `path` may have, without `$ref`, `allOf` and `anyOf`."""
        found = [*self._plain(self._schema)]
        for step in path:
            found = [plain for schema in found for below in _below(schema, step) for plain in self._plain(below)]
        return found

    def _plain(self, schema: Schema) -> Iterator[Schema]:
        """Yield `schema` and, instead of its `$ref`, `allOf` and `anyOf`, the schemas that they contain."""
        yield schema
        if reference := schema.get("$ref"):
            yield from self._plain(self._schema["definitions"][reference.rpartition("/")[2]])
        for part in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
            yield from self._plain(part)


def _below(schema: Schema, step: str | int) -> Iterator[Schema]:
    """Yield the schema of the item or key `step` of a value that has `schema`, if there is one."""
    if isinstance(step, int):
        below = schema.get("items")
    else:
        below = schema.get("properties", {}).get(step, schema.get("additionalProperties"))
    if isinstance(below, dict):
        yield below


def _values(schema: Schema) -> Iterable[str]:
    return schema.get("enum", ()) if schema.get("type") != "boolean" else ("true", "false")


def _option_text(check: str, description: str) -> str:
    return f"Option of `{check}`. {description}"
