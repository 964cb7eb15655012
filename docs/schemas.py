"""Generate linter/schemas/*.json, with the descriptions of keys from the docs.

Run `python docs/schemas.py` after changing a config key, a kind of check, or its docs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from linter.checks import check_kinds
from linter.config import load, overrides, rule_file
from linter.document import MARKUPS, SCOPES
from linter.files import sites
from linter.finding import SEVERITIES
from linter.readers import KINDS
from linter.records import archive_names, record_mappings
from linter.reference import rule_texts
from linter.reference.schemas import URL, Schema
from linter.text import language

FOLDER = Path(__file__).resolve().parent
_DRAFT = "http://json-schema.org/draft-07/schema#"  # the latest that all editors support
_TEXT: Schema = {"type": "string"}
_SCALARS: Mapping[Any, Schema] = {
    str: _TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}
_ANY = "any"
_OVERRIDES = {
    "path": "Files that it applies to, with patterns as in `exclude`.",
    "metadata": "Metadata of the articles that it applies to, by key: values in the front matter or the page head.",
    "select": "Rules to turn on in these articles: names of rules, packs, or globs.",
    "ignore": "Rules to turn off in these articles: names of rules, packs, or globs.",
    "severity": "Severities of rules, packs or globs in these articles.",
    "options": "Keys of single rules in these articles. A `+` after the name of a list adds to it.",
}
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def made() -> dict[str, Schema]:
    """Return the schemas, by name: “config” and “rule”."""
    return {"config": _config_schema(_settings()), "rule": _rule_schema(_rows("writing-rules.md"))}


def text(schema: Schema) -> str:
    """Return the text of a schema file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _settings() -> dict[str, str]:
    """Return the descriptions of all config keys, from the docs.

    Keys of an override, a suppression or a mapping of records have the form `overrides.path`.
    """
    page = (FOLDER / "configuration.md").read_text("utf-8")
    found = re.findall(r"(?m)^### `([\w-]+)`\n\n((?:.+\n)+)", page)
    own = {key: _plain(paragraph) for key, paragraph in found}
    own |= {f"overrides.{key}": text for key, text in _OVERRIDES.items()}
    rows = _rows("configuration.md")
    own |= {f"records.{key}": rows[key] for key in record_mappings.MAPPING_KEYS}
    return own | {f"suppressions.{key}": text for key, text in _rows("suppressions.md").items()}


def _rows(page: str) -> dict[str, str]:
    """Return the description of each key from the tables of a page; the first table with a key counts."""
    rows = re.findall(r"(?m)^\| `([\w-]+)` \| (.+) \|$", (FOLDER / page).read_text("utf-8"))
    return {key: _plain(said) for key, said in reversed(rows)}


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", " ".join(text.split()))


def _config_schema(descriptions: Mapping[str, str]) -> Schema:
    """Return the schema of copydesk.yaml.

    `descriptions` maps keys to texts; keys of nested mappings have the form `overrides.path`.
    """
    mapping = {"$ref": "#/definitions/mapping"}
    own: dict[str, Schema] = {
        "rules": _texts(_TEXT),
        "packs": _texts({"$ref": "#/definitions/pack"}),
        "select": {"$ref": "#/definitions/names"},
        "ignore": {"$ref": "#/definitions/names"},
        "severity": {"$ref": "#/definitions/severities"},
        "options": {"$ref": "#/definitions/options"},
        "overrides": _texts({"$ref": "#/definitions/override"}),
        "preview": {"type": "boolean"},
        "fail-on": {"enum": list(SEVERITIES)},
        "paths": _texts(_TEXT),
        "exclude": _texts(_TEXT),
        "encoding": {"anyOf": [_TEXT, _map(_TEXT)]},
        "language": {"anyOf": [_code(), _map(_code())]},
        "site": {"anyOf": [engine := {"enum": [*sites.ENGINES, *sites.NAMES]}, _map(engine)]},
        "records": {"anyOf": [mapping, {"type": "array", "items": {"allOf": [mapping], "required": ["path"]}}]},
        "vale": _TEXT,
        "suppressions": _texts({"$ref": "#/definitions/suppression"}),
        "suppression-reasons": {"enum": list(load.REASONS)},
    }
    metadata = _map(_texts({"type": ["string", "number", "boolean"]}))
    override = {**{key: own[key] for key in ("select", "ignore", "severity", "options")}, "path": _texts(_TEXT)}
    suppression = {"path": _texts(_TEXT), "rule": own["select"], "text": _texts(_TEXT), "reason": _TEXT}
    columns = dict.fromkeys(record_mappings.MAPPING_KEYS, _TEXT)
    columns |= {"path": _texts(_TEXT), "input": {"enum": list(archive_names.FORMATS)}}
    return {
        **_head("config", "Settings of copydesk"),
        **_object(load.KEYS, own, descriptions),
        "definitions": {
            "name": {"type": "string"},
            "pack": {"type": "string"},
            "names": _texts({"$ref": "#/definitions/name"}),
            "grade": {"enum": [*SEVERITIES, "off"]},
            "severities": _map({"$ref": "#/definitions/grade"}),
            "options": _map({"type": "object"}),
            "override": {
                **_object(overrides.OVERRIDE_KEYS, {**override, "metadata": metadata}, descriptions, "overrides."),
                "anyOf": [{"required": ["path"]}, {"required": ["metadata"]}],
            },
            "mapping": _object(record_mappings.MAPPING_KEYS, columns, descriptions, "records."),
            "suppression": {
                **_object(overrides.SUPPRESSION_KEYS, suppression, descriptions, "suppressions."),
                "required": ["rule"],
                "anyOf": [{"required": ["path"]}, {"required": ["text"]}],
            },
        },
    }


def _rule_schema(descriptions: Mapping[str, str]) -> Schema:
    """Return the schema of a rule file; `descriptions` maps the common keys to texts."""
    common = _common()
    own = {name for kind in check_kinds() for name in rule_file.options_of_kind(kind)}
    known = {
        **{
            key: {"allOf": [common[key]], **_described(descriptions[key])}
            for key in (*rule_file.KEYS_BEFORE_CHECK, *rule_file.KEYS_AFTER_CHECK)
        }
    }
    return {
        **_head("rule", "A rule of copydesk"),
        "type": "object",
        "properties": {**known, **{name: {} for name in sorted(own - known.keys())}},
        "required": list(rule_file.REQUIRED),
        "additionalProperties": False,
        "allOf": [_of_kind(kind) for kind in sorted(check_kinds())],
        "definitions": {"key": {"enum": list(known)}, "example": _example(), "article": _article()},
    }


def _common() -> dict[str, Schema]:
    """Return the schemas of the keys that all rules have."""
    scope = {"anyOf": [{"enum": sorted(SCOPES)}, {"type": "string", "pattern": r"^metadata\."}]}
    fix = {"replace": _TEXT, "safe": {"type": "boolean"}}
    return {
        "id": {"type": "string", "pattern": f"^(?:{rule_file.NAME.pattern})$"},
        **dict.fromkeys(("summary", "why", "source", "message"), _TEXT),
        "severity": {"enum": list(SEVERITIES)},
        "in_drafts": {"enum": list(SEVERITIES)},
        "enabled": {"type": "boolean"},
        "preview": {"type": "boolean"},
        "covers": {"type": "boolean"},
        "language": _texts({"enum": [_ANY, *sorted(language.language_names())]}),
        "format": _texts({"enum": [_ANY, *MARKUPS]}),
        **dict.fromkeys(("scope", "not_scope"), _texts(scope)),
        "in_quotes": {"enum": list(rule_file.QUOTES)},
        **dict.fromkeys(("exceptions", "not_about"), _texts(_TEXT)),
        "not_from": _texts({"enum": sorted(rule_file.GENERATORS)}),
        "check": {"enum": sorted(check_kinds())},
        "fix": {"type": "object", "properties": fix, "additionalProperties": False},
        **dict.fromkeys(("bad", "good"), _texts({"$ref": "#/definitions/example"})),
    }


def _of_kind(kind: str) -> Schema:
    """Return the schema for rules whose `check` is `kind`: the keys of that kind, and no others."""
    looks_for, about = rule_texts.kind(kind)
    own = {name: _schema_of_type(type_) for name, (type_, _) in rule_file.options_of_kind(kind).items()}
    needed = [name for name, (_, must) in rule_file.options_of_kind(kind).items() if must]
    then: Schema = {"properties": {"check": {"description": f"{looks_for} {about}".strip()}, **own}}
    then["propertyNames"] = {"anyOf": [{"$ref": "#/definitions/key"}, {"enum": sorted(own)}]}
    return {
        "if": {"properties": {"check": {"const": kind}}, "required": ["check"]},
        "then": {**then, **({"required": needed} if needed else {})},
    }


def _schema_of_type(type_: Any) -> Schema:
    """Return the schema of a check's key, by the type of its field."""
    if type_ in _SCALARS:
        return dict(_SCALARS[type_])
    if get_origin(type_) is Literal:
        return {"enum": list(get_args(type_))}
    return _map(_TEXT) if get_origin(type_) is Mapping else _texts(_TEXT)


def _article() -> Schema:
    keys = {"text": _TEXT, "as": {"enum": list(KINDS)}, "encoded": _TEXT, "fixed": _TEXT}
    return {
        "anyOf": [_TEXT, {"type": "object", "properties": keys, "required": ["text"], "additionalProperties": False}]
    }


def _example() -> Schema:
    keys = {"articles": _texts({"$ref": "#/definitions/article"}), "files": _texts(_TEXT)}
    folder = {"type": "object", "properties": keys, "required": ["articles"], "additionalProperties": False}
    return {"anyOf": [{"$ref": "#/definitions/article"}, folder]}


def _head(name: str, title: str) -> Schema:
    return {"$schema": _DRAFT, "$id": URL.format(name=name), "title": title}


def _object(
    keys: Iterable[str], known: Mapping[str, Schema], descriptions: Mapping[str, str], before: str = ""
) -> Schema:
    """Return the schema of an object with these keys and no others.

    `known` has the schemas of the keys, and `descriptions` has their texts, by the key with `before` in front.
    """
    properties = {key: {"allOf": [known[key]], **_described(descriptions[f"{before}{key}"])} for key in keys}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _described(text: str) -> Schema:
    return {"description": text} if text else {}


def _texts(item: Schema) -> Schema:
    """Return the schema of a value that is one item or a list of items."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _map(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


def _code() -> Schema:
    return {"type": "string", "pattern": "^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9_-]*)?$"}


if __name__ == "__main__":
    for name, schema in made().items():
        (FOLDER.parent / "linter" / "schemas" / f"{name}.json").write_text(text(schema), encoding="utf-8", newline="\n")
