"""The HTTP protocol of LanguageTool, version 2, for clients that already speak it.

The protocol is described at https://languagetool.org/http-api/. Most errors have the same sentences as those of
LanguageTool's own server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from linter import __version__
from linter.document import Document
from linter.finding import Finding
from linter.rule import Rule
from linter.serve import languagetool_matches
from linter.serve.answers import Refusal
from linter.serve.requests import ArticleRequest, language_code
from linter.serve.service_settings import MAX_FIELDS
from linter.suggest import as_list
from linter.text.language import guess_language, language_names

_MODES = ("all", "textLevelOnly", "allButTextLevelOnly")
_LEVELS = ("default", "picky")
_YES = ("true", "yes")
_MARK = re.compile("[!-~]")
_TAGS = re.compile(r"\s*+[<&].*[>;]\s*+", re.DOTALL)  # tags and entities
# Regional variants that clients offer. The rules are the same for all variants of a language.
_VARIANTS = {
    "de": {"AT": "Austria", "CH": "Switzerland", "DE": "Germany"},
    "en": {"AU": "Australia", "CA": "Canada", "GB": "GB", "NZ": "New Zealand", "US": "US", "ZA": "South Africa"},
    "fr": {"CA": "Canada", "FR": "France"},
    "nl": {"BE": "Belgium", "NL": "Netherlands"},
    "pt": {"BR": "Brazil", "PT": "Portugal"},
}
_FIRST = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "nl": "nl-NL", "pt": "pt-PT"}
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
    in the sets, where they have no effect. A category is the name of a pack, in any case. `mode` is one of _MODES:
    “textLevelOnly” selects the rules that look at a whole article, which some clients request separately.
    """

    article: ArticleRequest
    tag: str
    enabled_rules: frozenset[str]
    disabled_rules: frozenset[str]
    enabled_packs: frozenset[str]
    disabled_packs: frozenset[str]
    enabled_only: bool
    variants: tuple[str, ...]
    mode: str

    def selected(self, rules: Iterable[Rule], active: Iterable[Rule]) -> tuple[str, ...]:
        """Return the names of rules and packs that must be on, or () for those that are on without the request.

        `rules` are all rules, and `active` are those that are on.
        """
        named = {rule.name for rule in rules if rule.name in self.enabled_rules}
        named |= {rule.pack for rule in rules if rule.pack.lower() in self.enabled_packs}
        on = set() if self.enabled_only or not named else {rule.name for rule in active}
        return tuple(sorted(named | on))

    def wants(self, finding: Finding, rule: Rule | None) -> bool:
        """Whether the client wants a finding of a rule. The most specific parameter decides, as in LanguageTool."""
        if self.mode != "all" and (rule is not None and rule.looks_at != "block") != (self.mode == "textLevelOnly"):
            return False
        if finding.rule in self.enabled_rules:
            return True
        if finding.rule in self.disabled_rules:
            return False
        pack = finding.pack.lower()
        return pack in self.enabled_packs or not (self.enabled_only or pack in self.disabled_packs)


def form(encoded: str) -> Form:
    """Return the parameters of a check from a query or a form body, in percent-encoding. Raises Refusal."""
    try:
        values = dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise Refusal(400, f"There are more than {MAX_FIELDS} parameters.") from None
    text, kind = _text(values)
    if not (tag := values.get("language", "")):
        raise Refusal(400, "Missing 'language' parameter, e.g. 'language=en-US' or 'language=auto'")
    found = Form(
        ArticleRequest(text, kind, language=language_code("" if tag == "auto" else tag)),
        tag,
        enabled_rules=_names(values, "enabledRules"),
        disabled_rules=_names(values, "disabledRules"),
        enabled_packs=_names(values, "enabledCategories", lower=True),
        disabled_packs=_names(values, "disabledCategories", lower=True),
        enabled_only=values.get("enabledOnly", "") in _YES,
        variants=_listed(values.get("preferredVariants", "")),
        mode=_choice(values, "mode", _MODES),
    )
    _choice(values, "level", _LEVELS)
    if found.enabled_only and (found.disabled_rules or found.disabled_packs):
        raise Refusal(400, "You cannot specify disabled rules or categories using enabledOnly=true")
    if found.enabled_only and not (found.enabled_rules or found.enabled_packs):
        raise Refusal(400, "You must specify enabled rules or categories when using enabledOnly=true")
    return found


def _choice(values: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """Return the value of a parameter, by default the first of `choices`. Raises Refusal for any other value."""
    if (value := values.get(name, choices[0])) not in choices:
        raise Refusal(400, f"The parameter '{name}' must be {as_list(choices)}")
    return value


def _names(values: Mapping[str, str], name: str, *, lower: bool = False) -> frozenset[str]:
    text = values.get(name, "")
    return frozenset(_listed(text.lower() if lower else text))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in text.split(","))))


def _text(values: Mapping[str, str]) -> tuple[str, str]:
    """Return the text and its kind. Raises Refusal."""
    if "text" in values and "data" in values:
        raise Refusal(400, "Set only 'text' or 'data' parameter, not both")
    if "text" in values:
        return values["text"], "text"
    if "data" not in values:
        raise Refusal(400, "Missing 'text' or 'data' parameter")
    try:
        data = json.loads(values["data"])
    except (ValueError, RecursionError):
        raise Refusal(400, "Could not parse JSON from 'data' parameter") from None
    match data:
        case {"text": _, "annotation": _}:
            raise Refusal(400, "'data' key in JSON requires either 'text' or 'annotation' key, not both")
        case {"text": str(text)}:
            return text, "text"
        case {"annotation": [*parts]}:
            return _annotated(parts)
    raise Refusal(400, "'data' key in JSON requires 'text' or 'annotation' key")


def _annotated(parts: Iterable[object]) -> tuple[str, str]:
    """Return annotated text, joined with its markup so that all offsets stay the same, and its kind. Raises Refusal."""
    joined, markup = [], []
    for part in parts:
        match part:
            case {"text": _, "markup": _}:
                raise Refusal(400, "Only either 'text' or 'markup' are supported in an object in 'annotation' list")
            case {"text": str(text)}:
                joined.append(text)
            case {"markup": str(text)}:
                joined.append(text)
                markup.append(text)
            case _:
                raise Refusal(400, "Only 'text' and 'markup' are supported in 'annotation' list")
    return "".join(joined), _kind(markup)


def _kind(markup: Iterable[str]) -> str:
    """Return the kind of a text from its markup. HTML has only tags and entities; Markdown has other marks, too."""
    marks = [text for text in markup if _MARK.search(text)]
    if not marks:
        return "text"
    return "html" if all(map(_TAGS.fullmatch, marks)) else "markdown"


def response(
    form: Form, document: Document, findings: Sequence[Finding], rules: Mapping[str, Rule], problems: Sequence[str]
) -> dict[str, Any]:
    """Return the response to a check.

    `rules` are the rules of the findings by name. `problems` are messages about rules that could not be completed.
    """
    return {
        "software": _SOFTWARE,
        "warnings": {"incompleteResults": bool(problems)}
        | ({"incompleteResultsReason": problems[0]} if problems else {}),
        "language": _language(form, document),
        **languagetool_matches.found(document, findings, rules),
    }


def _language(form: Form, document: Document) -> dict[str, Any]:
    """Return the language of the request, or else of the document, and the language that was detected."""
    if form.tag == "auto":
        detected = document.language
    else:
        detected = guess_language("\n".join(block.text for block in document.prose))
    found = _described(_long_code(detected, form.variants) if detected or form.tag == "auto" else form.tag)
    confidence = 1.0 if detected else 0.0
    given = found if form.tag == "auto" else _described(form.tag)
    return {**given, "detectedLanguage": {**found, "confidence": confidence}}


def _long_code(language: str, preferred: Iterable[str]) -> str:
    """Return a language tag with a region for a language code, or “und” if the language is unknown."""
    if not language:
        return "und"
    chosen = next((tag for tag in preferred if tag.lower().startswith(f"{language}-")), "")
    return chosen or _FIRST.get(language, language)


def _described(tag: str) -> dict[str, str]:
    code, _, region = tag.replace("_", "-").partition("-")
    name = language_names().get(code.lower(), code)
    region_name = _VARIANTS.get(code.lower(), {}).get(region.upper(), region)
    return {"name": f"{name} ({region_name})" if region else name, "code": tag}


def languages() -> list[dict[str, str]]:
    """Return the languages for clients to choose from, by name, in the format of the protocol."""
    return sorted(_languages(), key=itemgetter("name"))


def _languages() -> Iterator[dict[str, str]]:
    for code, name in language_names().items():
        if code != "und":
            yield {"name": name, "code": code, "longCode": code}
            for region in _VARIANTS.get(code, {}):
                tag = f"{code}-{region}"
                yield {"name": _described(tag)["name"], "code": code, "longCode": tag}


def info() -> dict[str, Any]:
    """Return the name and version of the software, in the format of the protocol."""
    return {"software": _SOFTWARE}
