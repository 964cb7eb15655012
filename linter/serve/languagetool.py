"""The HTTP protocol of LanguageTool, version 2, for clients that already speak it.

The protocol is described at https://languagetool.org/http-api/. Offsets count UTF-16 code units. Only safe fixes become
replacements, because some clients apply the first replacement of every match without a question.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from linter import __version__
from linter.finding import Finding
from linter.fix.edits import non_overlapping
from linter.reference import rule_texts
from linter.rule import Rule
from linter.serve.answers import Refusal
from linter.serve.requests import ArticleRequest, language_code
from linter.source import Source
from linter.text.language import language_names

_MAX_FIELDS = 40
_CONTEXT = 40  # code points on either side of a match
_YES = ("true", "yes", "1")
# Regional variants that clients offer. The rules are the same for all variants of a language.
_VARIANTS = {
    "de": {"AT": "Austria", "CH": "Switzerland", "DE": "Germany"},
    "en": {"AU": "Australia", "CA": "Canada", "GB": "GB", "NZ": "New Zealand", "US": "US", "ZA": "South Africa"},
    "fr": {"CA": "Canada", "FR": "France"},
    "nl": {"BE": "Belgium", "NL": "Netherlands"},
    "pt": {"BR": "Brazil", "PT": "Portugal"},
}
_FIRST = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "nl": "nl-NL", "pt": "pt-PT"}
# The issue types of the Internationalization Tag Set 2.0, which LanguageTool uses, by pack.
_ISSUE_TYPES = {
    "assistant": "addition",
    "boilerplate": "addition",
    "duplicates": "duplication",
    "encoding": "characters",
    "fences": "markup",
    "leaks": "markup",
    "measures": "style",
    "names": "misspelling",
    "placeholders": "omission",
    "punctuation": "typographical",
    "sentences": "grammar",
    "spacing": "whitespace",
    "spelling": "misspelling",
    "structure": "formatting",
    "templates": "markup",
}
_SOFTWARE = {
    "name": "copydesk",
    "version": __version__,
    "buildDate": None,
    "apiVersion": 1,
    "premium": False,
    "premiumHint": "",
    "status": "",
}


class Form(NamedTuple):
    """The parameters of a check.

    `tag` is the language tag of the request, or “auto”. Names of rules and categories that copydesk does not have stay
    in the lists, where they have no effect. A category is the name of a pack.
    """

    article: ArticleRequest
    tag: str
    enabled_rules: tuple[str, ...]
    disabled_rules: tuple[str, ...]
    enabled_packs: tuple[str, ...]
    disabled_packs: tuple[str, ...]
    enabled_only: bool
    variants: tuple[str, ...]

    def selected(self, rules: Iterable[Rule], active: Iterable[Rule]) -> tuple[str, ...]:
        """Return the names of rules that must be on, or () for those that are on without the request.

        `rules` are all rules, and `active` are those that are on.
        """
        named = {rule.name for rule in rules if rule.name in self.enabled_rules or self._is_in(rule.pack)}
        if self.enabled_only or not named:
            return tuple(sorted(named))
        on = {rule.name for rule in active}
        return tuple(sorted(named | on)) if named - on else ()

    def wants(self, finding: Finding) -> bool:
        """Whether the client wants a finding."""
        if self.enabled_only:
            return finding.rule in self.enabled_rules or self._is_in(finding.pack)
        return finding.rule not in self.disabled_rules and finding.pack.lower() not in self.disabled_packs

    def _is_in(self, pack: str) -> bool:
        return pack.lower() in self.enabled_packs


def form(encoded: str) -> Form:
    """Return the parameters of a check from a query or a form body, in percent-encoding. Raises Refusal."""
    try:
        values = dict(reversed(parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MAX_FIELDS)))
    except ValueError:
        raise Refusal(400, f"There are more than {_MAX_FIELDS} parameters.") from None
    if not (tag := values.get("language", "")):
        raise Refusal(400, "Missing 'language' parameter, e.g. 'language=en-US' or 'language=auto'")
    text, kind = _text(values)
    enabled_only = values.get("enabledOnly", "").lower() in _YES
    found = Form(
        ArticleRequest(text, kind, language=language_code("" if tag == "auto" else tag)),
        tag,
        enabled_rules=_list(values, "enabledRules"),
        disabled_rules=_list(values, "disabledRules"),
        enabled_packs=_list(values, "enabledCategories", lower=True),
        disabled_packs=_list(values, "disabledCategories", lower=True),
        enabled_only=enabled_only,
        variants=_list(values, "preferredVariants"),
    )
    if enabled_only and (found.disabled_rules or found.disabled_packs):
        raise Refusal(400, "You cannot specify disabledRules or disabledCategories using enabledOnly=true")
    if enabled_only and not (found.enabled_rules or found.enabled_packs):
        raise Refusal(400, "You must specify enabledRules or enabledCategories when using enabledOnly=true")
    return found


def _text(values: Mapping[str, str]) -> tuple[str, str]:
    """Return the text and its kind. Annotated text is joined with its markup, so that all offsets stay the same."""
    if "text" in values and "data" in values:
        raise Refusal(400, "Set only 'text' or 'data' parameter, not both")
    if "text" in values:
        return values["text"], "text"
    if "data" not in values:
        raise Refusal(400, "Missing 'text' or 'data' parameter")
    try:
        data = json.loads(values["data"])
        if "annotation" not in data:
            return _string(data["text"]), "text"
        parts = [
            (name, _string(part[name])) for part in data["annotation"] for name in ("text", "markup") if name in part
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        example = '{"annotation": [{"text": "A "}, {"markup": "<b>"}, {"text": "test"}]}'
        raise Refusal(400, f"The 'data' parameter is not JSON such as {example}") from None
    markup = [text for name, text in parts if name == "markup"]
    kind = "html" if any("<" in text for text in markup) else "markdown" if markup else "text"
    return "".join(text for _, text in parts), kind


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _list(values: Mapping[str, str], name: str, *, lower: bool = False) -> tuple[str, ...]:
    text = values.get(name, "")
    return tuple(filter(None, (each.strip() for each in (text.lower() if lower else text).split(","))))


def response(
    form: Form, source: Source, language: str, findings: Sequence[Finding], rules: Mapping[str, Rule]
) -> dict[str, Any]:
    """Return the response to a check.

    `language` is the language of the document, or "" if it is unknown. `rules` are the rules of the findings by name.
    """
    offsets = Offsets(source.text)
    safe = [finding for finding in findings if finding.fix and finding.fix.safe]
    fixed = {id(finding) for finding in non_overlapping(safe, source)}
    detected = _described(_long_code(language, form.variants))
    given = detected if form.tag == "auto" else _described(form.tag)
    return {
        "software": _SOFTWARE,
        "warnings": {"incompleteResults": False},
        "language": {**given, "detectedLanguage": {**detected, "confidence": 1.0 if language else 0.0}},
        "matches": [
            _match(finding, rules.get(finding.rule), source, offsets, with_fix=id(finding) in fixed)
            for finding in findings
        ],
        "sentenceRanges": [],
    }


class Offsets:
    """Converts offsets in a text from code points to UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [at for at, character in enumerate(text) if character > "\uffff"]

    def utf16(self, at: int) -> int:
        """Return the number of UTF-16 code units before the code point at `at`."""
        return at + bisect_left(self._wide, at)


def _match(finding: Finding, rule: Rule | None, source: Source, offsets: Offsets, *, with_fix: bool) -> dict[str, Any]:
    start, end = finding.start, finding.end
    replacements = []
    if with_fix:
        start = min(start, *(edit.start for edit in finding.edits))
        end = max(end, *(edit.end for edit in finding.edits))
        replacements = [{"value": _replacement(finding, source, start, end)}]
    first = offsets.utf16(start)
    summary = rule.summary if rule else finding.rule
    url = rule_texts.page_url(rule) if rule else ""
    return {
        "message": finding.message,
        "shortMessage": summary,
        "replacements": replacements,
        "offset": first,
        "length": offsets.utf16(end) - first,
        "context": _context(source.text, start, end),
        "sentence": f"{finding.before}{finding.text}{finding.after}".strip(),
        "type": {"typeName": _type_name(finding)},
        "rule": {
            "id": finding.rule,
            "description": summary,
            "issueType": _ISSUE_TYPES.get(finding.pack, "non-conformance"),
            "category": {"id": finding.pack, "name": finding.pack.capitalize()},
            "urls": [{"value": url}] if url else [],
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _replacement(finding: Finding, source: Source, start: int, end: int) -> str:
    """Return the text that replaces `[start, end)` of the source if the fix is applied."""
    parts, at = [], start
    for edit in sorted(finding.edits):
        parts += [source.text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*parts, source.text[at:end]))


def _context(text: str, start: int, end: int) -> dict[str, Any]:
    low, high = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before, after = "..." if low else "", "..." if high < len(text) else ""
    shown = f"{before}{' '.join(text[low:high].splitlines() or [''])}{after}"
    lead = f"{before}{text[low:start]}"
    units = Offsets(lead + text[start:end])
    first = units.utf16(len(lead))
    return {"text": shown, "offset": first, "length": units.utf16(len(lead) + end - start) - first}


def _type_name(finding: Finding) -> str:
    if _ISSUE_TYPES.get(finding.pack) == "misspelling":
        return "UnknownWord"
    return "Hint" if finding.severity == "info" else "Other"


def _long_code(language: str, preferred: Iterable[str]) -> str:
    """Return a language tag with a region for a language code, or “und” if the language is unknown."""
    chosen = next((tag for tag in preferred if fits_language(tag, language)), "")
    return chosen or _FIRST.get(language, language or "und")


def fits_language(tag: str, language: str) -> bool:
    """Whether a language tag is a variant of a language, given as a code."""
    return bool(language) and tag.lower().startswith(f"{language}-")


def _described(tag: str) -> dict[str, str]:
    code, _, region = tag.replace("_", "-").partition("-")
    name = language_names().get(code.lower(), code)
    region_name = _VARIANTS.get(code.lower(), {}).get(region.upper(), region)
    return {"name": f"{name} ({region_name})" if region else name, "code": tag}


def languages() -> list[dict[str, str]]:
    """Return the languages for clients to choose from, in the format of the protocol."""
    return [*_languages()]


def _languages() -> Iterator[dict[str, str]]:
    for code, name in language_names().items():
        if code != "und":
            yield {"name": name, "code": code, "longCode": code}
            for region in _VARIANTS.get(code, {}):
                tag = f"{code}-{region}"
                yield {"name": _described(tag)["name"], "code": code, "longCode": tag}


def info() -> dict[str, Any]:
    """Return what the protocol calls information about the software."""
    return {"software": _SOFTWARE}
