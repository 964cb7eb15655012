"""Values that no key of a rule or of the settings expects, as raw YAML, and where to put them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, get_origin

from linter import engine, readers
from linter.config import packs, yaml_file
from linter.config.rule_file import KEYS_AFTER_CHECK, KEYS_BEFORE_CHECK, options_of_kind, read_rule
from linter.config.yaml_file import File
from linter.document import Document
from linter.prefilter import NoPrefilter
from linter.prefilter.index import IndexedPrefilter
from linter.rule import Rule
from linter.source import Source
from linter.text import language

_PLACED = re.compile(r"[^:\n]+:(?:\d+:\d+: | there are more than 100 mistakes)")
VALUES: Mapping[str, str] = {
    "null": "null",
    "nothing": "",
    "an empty list": "[]",
    "an empty mapping": "{}",
    "true": "true",
    "off": "off",
    "a number": "7",
    "zero": "0",
    "a negative number": "-7",
    "a fraction": "0.5",
    "a huge number": "1" + 400 * "0",
    "a large number": "123456789012345678901234567890",
    "a number in hexadecimal": "0x1f",
    "a number in base 60": "1:30",
    "not a number": ".nan",
    "infinity": "-.inf",
    "not a number by its tag": "!!float nan",
    "an exponent": "!!float 1e400",
    "a date": "2024-02-29",
    "no date": "2024-02-31",
    "a time": "2024-02-29T12:30:00Z",
    "an empty text": "''",
    "a blank text": "' '",
    "a text": "x",
    "a word of the document": "tram",
    "a huge text": f"'{2_000 * 'tram '}'",
    "many quotation marks": f"'{5_000 * '“'}'",
    "a text with NUL": r'"a\0b"',
    "NUL": "a\0b",
    "a lone surrogate": r'"\ud800"',
    "a byte order mark": "a\ufeffb",
    "control characters": r'"\e[31m\r\n\x9b\u202e"',
    "a list of a list": "[[a]]",
    "a mapping of a mapping": "{a: {b: c}}",
    "a list of mixed types": "[a, 1, null, {b: c}, [d], 2024-02-29, 1.5, '']",
    "a long list": f"[{', '.join(f'tram {number}' for number in range(300))}]",
    "a list with a text twice": "[tram, tram]",
    "a mapping with mixed types": "{a: 1, b: null, c: [d], 2024-02-29: e, 1: f, null: g}",
    "a mapping with a key twice": "{a: b, a: c}",
    "a mapping with a list as key": "{? [a] : b}",
    "a mapping with an empty key": "{'': b}",
    "a mapping with a long key": f"{{? {2_000 * 'a'} : b}}",
    "an alias": "&a [*a]",
    "an anchor": "&a b",
    "an alias of nothing": "*a",
    "a merge key": "{<<: {a: b}}",
    "a merge key alone": "<<",
    "an equals sign": "=",
    "a tag of Python": "!!python/object/apply:os.abort []",
    "an unknown tag": "!tram x",
    "a text tagged as a list": "!!seq tram",
    "a text tagged as a mapping": "!!map tram",
    "a list tagged as a text": "!!str [a]",
    "a list tagged as a mapping": "!!map [a]",
    "a mapping tagged as a list": "!!seq {a: b}",
    "a text tagged as a number": "!!int tram",
    "a text tagged as a flag": "!!bool tram",
    "a text tagged as null": "!!null tram",
    "binary": "!!binary aGk=",
    "a set": "!!set {a, b}",
    "deep lists": 1_100 * "[" + 1_100 * "]",
    "deep but legal lists": 300 * "[" + 300 * "]",
    "an open bracket": "[",
    "a pattern that is none": "'('",
    "an open class": "'[a'",
    "deep groups": f"'{2_000 * '('}a{2_000 * ')'}'",
    "repetitions of repetitions": "'((a{999}){999}){999}'",
    "a pattern of nothing": "'(?:)'",
    "a pattern that backtracks": "'(?:t+)+(?:r+)+$'",
    "an open brace": "'{'",
    "a brace with nothing": "'{}'",
    "an unknown field": "'{nope} {match:nope} {0} {match!r}'",
    "a glob with many stars": f"'{'*a' * 40}b'",
    "a glob that negates": "'!'",
    "a pair of marks": "'⟦tram⟧'",
    "a mark without a partner": "'⟦tram'",
    "a path to a parent": "../../..",
    "an absolute path": "/",
    "a path with a home": "~",
    "an encoding": "punycode",
    "bars": "'|||'",
    "a lone backslash": r"'\'",
}
TEXT = """\
---
title: A tram
date: 2024-03-01
tags: [tram, city]
---
# A tram of the city

The tram , a bus and [a link](https://example.com/?utm_source=x "title") in the city. “The tram,” he said.

- One item
- Two items ![A picture](tram.jpg)

<p class="tram">The tram stops here.</p>
"""


@lru_cache(1)
def documents() -> tuple[Document, ...]:
    return tuple(language.with_language(readers.read(Source(TEXT, f"a.{kind}"), kind)) for kind in readers.KINDS)


@lru_cache(1)
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Return short values for the options of each kind of check, taken from a shipped rule."""
    found: dict[str, Mapping[str, Any]] = {"swap": {"swap": {"tram": "bus"}}}
    for rule in packs.shipped_rules():
        found.setdefault(rule.kind, {name: _short(value) for name, value in rule.options.items()})
    return found


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(list(value.items())[:3])
    return list(value[:3]) if isinstance(value, tuple) else value


def rule_file(kind: str, *, without: Collection[str] = (), **changed: str) -> str:
    """Return the text of a rule of a kind, `without` some keys, and with raw YAML for the keys in `changed`."""
    keys = {"id": "x", "summary": "s.", "severity": "warning", "check": kind, "message": "m.", **examples()[kind]}
    raw = {name: json.dumps(value, ensure_ascii=False) for name, value in keys.items()} | changed
    return "".join(f"{name}: {value}\n" for name, value in raw.items() if name not in without)


def shapes(type_: Any, value: str) -> Iterator[str]:
    """Yield `value` alone and, if `type_` is a list or a mapping, as an item, a value and a key of it."""
    yield value
    if get_origin(type_) is tuple:
        yield f"[{value}]"
    elif get_origin(type_) is Mapping:
        yield f"{{tram: {value}}}"
        yield f"{{? {value} : tram}}"


def load(text: str) -> tuple[Rule | None, list[str]]:
    """Return the rule in a file, or None and the mistakes."""
    file = File("x.yaml")
    top = yaml_file.parse(text, file)
    rule = read_rule(top, "house", "x") if top else None
    return rule, file.mistakes


def run(rule: Rule) -> None:
    """Put a rule to the documents, to the first by both plans, and let it look across them."""
    facts = []
    plans = [NoPrefilter((rule,)), IndexedPrefilter((rule,))]
    for document in documents():
        if rule.looks_at == "folder":
            facts += engine.collect_facts(document, [rule])[0]
        else:
            for plan in plans:
                engine.check(document, plan)
            del plans[1:]
    if rule.looks_at == "folder":
        engine.match_across([rule], facts, lambda path, address: True)


def common_keys() -> tuple[str, ...]:
    return (*KEYS_BEFORE_CHECK, *KEYS_AFTER_CHECK)


def own_keys(kind: str) -> Mapping[str, Any]:
    return {name: type_ for name, (type_, _) in options_of_kind(kind).items()}


def placed(mistake: str) -> bool:
    """Whether a mistake has its file, line and column, and no value at full length."""
    return bool(_PLACED.match(mistake)) and len(mistake) < 1_300
