"""JSON Schemas of copydesk.yaml and of rule files, for completion and validation in editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import linter
from linter.config import select
from linter.rule import Rule

NAMES = ("config", "rule")
URL = linter.REPOSITORY.replace("github.com", "raw.githubusercontent.com") + "/main/linter/schemas/{name}.json"
Schema = dict[str, Any]


def shipped_schema(name: str) -> Schema:
    """Return the schema `name`, one of NAMES, from the package. docs/schemas.py generates the schema files."""
    loaded: Schema = json.loads((files("linter") / "schemas" / f"{name}.json").read_text("utf-8"))
    return loaded


def schema_with_rules(schema: Schema, rules: Sequence[Rule]) -> Schema:
    """Return `schema`, the schema of copydesk.yaml, extended with the names and the options of `rules`."""
    packs = sorted({rule.pack for rule in rules})
    names = [*packs, *(rule.name for rule in rules)]
    severity = {"$ref": "#/definitions/grade"}
    rule_schema = shipped_schema("rule")
    definitions = {
        **schema["definitions"],
        "name": _known(names),
        "pack": _known(packs),
        "severities": {**schema["definitions"]["severities"], "properties": dict.fromkeys(names, severity)},
        "options": {
            **schema["definitions"]["options"],
            "properties": {rule.name: _options(rule, rule_schema) for rule in rules},
            "additionalProperties": False,
        },
    }
    return {**schema, "definitions": definitions}


def _options(rule: Rule, rule_schema: Mapping[str, Any]) -> Schema:
    """Return the schema for the options of a rule in the config, based on `rule_schema`, the schema of rule files."""
    known = {key: value["allOf"][0] for key, value in rule_schema["properties"].items() if value}
    for kind in rule_schema["allOf"]:
        if kind["if"]["properties"]["check"]["const"] == rule.kind:
            known |= kind["then"]["properties"]
    keys = {key: known[key.removesuffix(select.ADD_SUFFIX)] for key in select.option_keys(rule)}
    described = {"description": rule.summary} if rule.summary else {}
    return {"type": "object", "properties": keys, "additionalProperties": False, **described}


def _known(names: Iterable[str]) -> Schema:
    """Return a schema that suggests `names` as the name of a rule or pack, but accepts any string."""
    return {"anyOf": [{"enum": list(names)}, {"type": "string"}]}  # such as a glob or the name of a future rule
