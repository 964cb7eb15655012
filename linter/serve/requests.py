"""The bodies of requests, as JSON. They are not trusted: every value is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from linter.readers import KINDS, kind_of
from linter.serve.answers import Refusal
from linter.suggest import as_list, cut_text, did_you_mean, sentence
from linter.text.language import language_names, unknown_language

_MAX_NAMES = 200  # rules in one list
_MAX_NAME, _MAX_PATH = 200, 1000  # code points
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|[\\\0-\x1f\x7f\ud800-\udfff]")
_COMMON = ("text", "kind", "path", "language", "select", "ignore")
_TARGETS = ("markdown", "html")


class ArticleRequest(NamedTuple):
    """An article to check or fix, and how.

    `path` is relative and has forward slashes, or is "". `language` is a language code, or "" if it must be detected.
    `select` and `ignore` are names of rules and packs, or globs. `unsafe` includes unsafe fixes.
    """

    text: str
    kind: str = "markdown"
    path: str = ""
    language: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe: bool = False


class ConversionRequest(NamedTuple):
    """A text of the kind `kind`, to convert to the kind `to`. Both are names in `readers.KINDS`."""

    text: str
    kind: str
    to: str


def article_request(body: bytes, *, fix: bool = False) -> ArticleRequest:
    """Return the request in a JSON body. If `fix` is false, it must not have the key `unsafe`. Raises Refusal."""
    values = _object(body, (*_COMMON, "unsafe") if fix else _COMMON)
    path = _path(_string(values, "path", ""))
    return ArticleRequest(
        _string(values, "text", None),
        _choice(values, "kind", KINDS, kind_of(path) or "markdown"),
        path,
        language_code(_string(values, "language", "")),
        _names(values, "select"),
        _names(values, "ignore"),
        _flag(values, "unsafe"),
    )


def conversion_request(body: bytes) -> ConversionRequest:
    """Return the request for a conversion in a JSON body. Raises Refusal."""
    values = _object(body, ConversionRequest._fields)
    kind, to = _choice(values, "kind", KINDS, "markdown"), _choice(values, "to", _TARGETS, "markdown")
    return ConversionRequest(_string(values, "text", None), kind, to)


def language_code(tag: str) -> str:
    """Return the code of a language tag in lowercase (“en” for “en-GB”), or "" for "". Raises Refusal."""
    code = re.split("[-_]", tag)[0].lower()
    if tag and not (_TAG.fullmatch(tag) and code in language_names()):
        raise Refusal(400, sentence(f"language: {unknown_language(tag)}"))
    return code


def _object(body: bytes, known: Collection[str]) -> Mapping[str, Any]:
    """Return the JSON object in a body, whose keys must be in `known`."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, 'The body is not JSON; send an object such as {"text": "…"}.') from None
    if not isinstance(values, dict):
        raise Refusal(400, 'The body is not a JSON object; send one such as {"text": "…"}.')
    for key in values:
        if key not in known:
            raise Refusal(400, sentence(f"There is no key “{cut_text(key)}”{did_you_mean(key, known)}"))
    return values


def _string(values: Mapping[str, Any], key: str, default: str | None) -> str:
    value = values.get(key, default)
    if value is None and key not in values:
        raise Refusal(400, f'The key “{key}” is missing; send an object such as {{"{key}": "…"}}.')
    if not isinstance(value, str):
        raise Refusal(400, f"{key}: the value is not a string.")
    return value


def _flag(values: Mapping[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise Refusal(400, f"{key}: the value is neither true nor false.")
    return value


def _choice(values: Mapping[str, Any], key: str, choices: Collection[str], default: str) -> str:
    value = _string(values, key, default)
    if value not in choices:
        guess = did_you_mean(value, choices) or f"; use {as_list(choices)}"
        raise Refusal(400, sentence(f"{key}: “{cut_text(value)}” is not a valid value{guess}"))
    return value


def _names(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = values.get(key, [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise Refusal(400, f"{key}: the value is not a list of names of rules and packs.")
    if len(names) > _MAX_NAMES or any(len(each) > _MAX_NAME for each in names):
        most = f"{_MAX_NAMES} names of at most {_MAX_NAME} characters"
        raise Refusal(400, f"{key}: the list is too long; it may have {most}.")
    return tuple(names)


def _path(path: str) -> str:
    if _OUTSIDE.search(path) or len(path) > _MAX_PATH:
        raise Refusal(400, f"path: “{cut_text(path)}” is not a relative path such as news/tram.md.")
    return path
