"""What stands in a rule file → a rule; every mistake in it is noted with its place."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import regex

from linter import checks, finding
from linter.analysis import syntax_tree
from linter.analysis.pattern_base import SIMPLE_FOLDING
from linter.config import languages
from linter.config.yaml_file import File, Limits, Value
from linter.document import SCOPES
from linter.files import sites
from linter.finding import SEVERITIES
from linter.patterns import lazy
from linter.readers import KINDS
from linter.rule import CLOSE, NO_FIX, OPEN, OWN, Example, Rule, RuleFix, Spans, looks_at, unmark_spans
from linter.suggest import as_list, cut_text, did_you_mean

if TYPE_CHECKING:
    from linter.rule import Check

# The keys of a rule file, in their order; the keys of its kind of check stand behind `check`.
BEFORE = (
    *("id", "summary", "headline", "why", "source", "severity", "in_drafts", "enabled", "language", "format"),
    *("scope", "not_scope", "in_quotes", "exceptions", "not_about", "not_from", "check"),
)
BEHIND = ("message", "fix", "bad", "good")
_COMMON = frozenset(BEFORE + BEHIND)
# Makers of pages, in small letters.
MAKERS = (sites.ANY, sites.WORDPRESS, sites.MDX, sites.EXTRA, *(name.lower() for name in sites.NAMES))
NEEDED = ("id", "summary", "severity", "check", "message")
_EXAMPLES = ("bad", "good")
QUOTES = ("skip", "only", "both")
_OF_BLOCKS = ("scope", "not_scope", "in_quotes", "exceptions")
LIMITS = Limits(1_000_000, 100_000, 100_000)
_SEEN = {"document": "the whole article", "folder": "the whole folder"}  # by those that see more than a block
NAME = lazy(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Former names of kinds of check and of scopes, which rule files may still use.
FORMER_KINDS = {
    "after_stop": "after_period",
    "furniture": "boilerplate_line",
    "headline_again": "repeated_headline",
    "left_out": "missing_usual_field",
    "other_slug": "slug_mismatch",
    "slip": "typo",
    "standing": "repeated_block",
    "twin": "duplicate_article",
}
FORMER_SCOPES = {"furniture": "boilerplate"}


def read_rule(top: Value, pack: str, id_: str, *, trusted: bool = False, explained: bool = False) -> Rule | None:
    """The rule that `top`, what a file holds, makes; None where there is a mistake.

    `trusted`: its patterns are compiled when first used. `explained`: it must have its reason and examples.
    """
    kind = _kind(top)
    given = top.fields(_COMMON | options_of_kind(kind).keys()) if kind else {k.text(): v for k, v in top.pairs()}
    _name(given.get("id"), id_)
    _complete(top, given, (*NEEDED, *(_explained(pack, kind) if explained else ())), kind)
    rule = _build(pack, top.file, given, kind, trusted=trusted) if kind else None
    if rule and not trusted:
        check_patterns(rule, given)
    return None if top.file.mistakes else rule


def _kind(top: Value) -> str:
    """Return the kind of check that the rule uses, under its present name, or "" where there is no such kind."""
    value = top.get("check")
    if value is None:
        return ""
    if value.plain in FORMER_KINDS:
        return FORMER_KINDS[value.text()]
    return value.choice(check_kinds()) if value.plain in check_kinds() else _unknown_kind(value)


def _unknown_kind(value: Value) -> str:
    if name := value.text():
        value.mistake(f"unknown check “{cut_text(name)}”{did_you_mean(name, check_kinds())}")
    return ""


def _name(value: Value | None, file: str) -> None:
    if value and (name := value.text().strip()):
        if not NAME.fullmatch(name):
            value.mistake(f"“{cut_text(name)}” is no id; use a-z, 0-9 and hyphens")
        elif name != file:
            value.mistake(f"the id is “{cut_text(name)}”, but the name of the file says “{file}”")


def _explained(pack: str, kind: str) -> tuple[str, ...]:
    """The keys without which nobody knows why a rule is there and whether it works.

    What the tool says about files, such as that one cannot be opened, is not always to be shown in a text.
    """
    return ("why",) if (pack, kind) == (OWN, "note") else ("why", *_EXAMPLES)


def _complete(top: Value, given: Mapping[str, Value], needed: Iterable[str], kind: str) -> None:
    if top.type != "map":
        return
    options = options_of_kind(kind).items() if kind else ()
    for name in (*needed, *(name for name, (_, required) in options if required)):
        if name not in given:
            top.mistake(f"“{name}” is missing")
        elif given[name].type == "str" and not given[name].plain.strip():
            given[name].mistake(f"“{name}” is empty")


def _build(pack: str, origin: File, given: Mapping[str, Value], kind: str, *, trusted: bool) -> Rule | None:
    """The rule that its keys make; None if its check cannot be made."""
    check = make_check(kind, given)
    if check is None:
        return None
    if seen := _SEEN.get(looks_at(check)):
        for name in _OF_BLOCKS:
            if name in given:
                given[name].mistake(f"“{name}” says nothing here: “{kind}” looks at {seen}")
    severity, drafts = given.get("severity"), given.get("in_drafts")
    quotes, fix = given.get("in_quotes"), given.get("fix")
    return Rule(
        pack=pack,
        check=check,
        kind=kind,
        file=origin.path,
        id=_text(given, "id"),
        summary=_text(given, "summary"),
        headline=_text(given, "headline"),
        why=_text(given, "why"),
        source=_text(given, "source"),
        message=_text(given, "message"),
        severity=severity.choice(SEVERITIES) if severity else "",
        in_drafts=drafts.choice(SEVERITIES) if drafts else "",
        enabled=given["enabled"].flag() if "enabled" in given else True,
        languages=_languages(given.get("language")),
        formats=_formats(given.get("format")),
        scope=read_scopes(given["scope"]) if "scope" in given else frozenset({"prose"}),
        not_scope=read_scopes(given["not_scope"]) if "not_scope" in given else frozenset(),
        in_quotes=quotes.choice(QUOTES) if quotes else "both",
        exceptions=given["exceptions"].filled() if "exceptions" in given else (),
        not_about=given["not_about"].filled() if "not_about" in given else (),
        not_from=_makers(given["not_from"]) if "not_from" in given else frozenset(),
        fix=_fix(fix) if fix else NO_FIX,
        bad=_examples(given.get("bad"), marked=True),
        good=_examples(given.get("good"), marked=False),
        options={name: getattr(check, name) for name in options_of_kind(kind) if name in given},
        trusted=trusted,
    )


def _text(given: Mapping[str, Value], name: str) -> str:
    """The text under a key, its white space as single spaces."""
    return " ".join(given[name].text().split()) if name in given else ""


def _languages(value: Value | None) -> frozenset[str]:
    if value is None or value.plain == "any":
        return frozenset()
    for item in value.items():
        if item.plain not in languages.NAMES and not item.file.is_full:
            item.mistake(languages.unknown_language(item.plain))
    return frozenset(item.plain for item in value.items())  # no is a bool, to YAML


def _formats(value: Value | None) -> frozenset[str]:
    if value is None or value.plain == "any":
        return frozenset()
    return frozenset(item.choice(KINDS) for item in value.items())


def read_scopes(value: Value) -> frozenset[str]:
    """Return the scopes that a value names, under their present names."""
    named = value.filled()
    for item in value.items():
        scope = item.plain
        if scope and scope not in SCOPES and scope not in FORMER_SCOPES and not scope.startswith("metadata."):
            item.mistake(f"unknown scope “{cut_text(scope)}”{item.meant(scope, SCOPES)}")
    return frozenset(FORMER_SCOPES.get(scope, scope) for scope in named)


def _makers(value: Value) -> frozenset[str]:
    """Makers of pages, by their names in small letters; “any” is all."""
    return frozenset(item.choice(MAKERS) for item in value.items())


def _fix(value: Value) -> RuleFix:
    fields = value.fields(("replace", "safe"))
    return RuleFix(
        fields["safe"].flag() if "safe" in fields else False,
        fields["replace"].text() if "replace" in fields else None,
    )


def _examples(value: Value | None, *, marked: bool) -> tuple[Example, ...]:
    if value is None:
        return ()
    examples = tuple(_example(item, marked=marked) for item in value.items())
    if not examples:
        value.mistake(f"“{value.name}” is empty")
    return examples


def _example(value: Value, *, marked: bool) -> Example:
    """An example: an article, or a folder of them. Where it should have marks (or none), that is looked at."""
    if not (value.type == "map" and value.get("articles")):
        example = _article(value)
        _judge_marks(value.get("text") or value, value.name, (example,), marked=marked)
        return example
    fields = value.fields(("articles", "files"))
    articles = tuple(map(_article, fields["articles"].items()))
    _judge_marks(fields["articles"], value.name, articles, marked=marked)
    files = fields["files"].filled() if "files" in fields else ()
    return Example("", line=value.line, articles=articles, files=files)


def _judge_marks(value: Value, name: str, articles: Iterable[Example], *, marked: bool) -> None:
    """Note, at `value`, that no article has marks where one should, or that one has where none should."""
    if any(OPEN in article.text or CLOSE in article.text for article in articles):
        return  # a mark without its partner, which has been noted
    if marked != any(article.spans for article in articles) and value.type in ("str", "seq"):
        advice = "mark in it what is found, ⟦so⟧" if marked else "nothing is found in it, so it has no marks"
        value.mistake(f"an example under “{name}”: {advice}")


def _article(value: Value) -> Example:
    """One article of an example: keys, or its text alone."""
    fields = value.fields(("text", "as", "encoded", "fixed")) if value.type == "map" else {"text": value}
    if "text" not in fields:
        value.mistake("an example has its “text”")
        return Example("")
    spans: Spans = ()
    text = fields["text"].text()
    try:
        text, spans = unmark_spans(text)
    except ValueError as error:
        fields["text"].mistake(str(error))
    return Example(
        text,
        spans,
        fields["fixed"].text() if "fixed" in fields else None,
        fields["as"].choice(KINDS) if "as" in fields else "markdown",
        fields["encoded"].encoding() if "encoded" in fields else None,
        value.line,
    )


# The kinds of check, and how the keys of a rule become the fields of one.


@lru_cache
def check_kinds() -> Mapping[str, str]:
    """The families of checks by kind: each module in a folder of `linter/checks` is one, unless it begins with “_”."""
    folder = checks.__path__[0]
    families = [name for name in sorted(os.listdir(folder)) if name[0] != "_" and "." not in name]
    return {
        file.removesuffix(".py"): family
        for family in families
        for file in os.listdir(os.path.join(folder, family))
        if file.endswith(".py") and file[0] != "_"
    }


@lru_cache
def options_of_kind(kind: str) -> Mapping[str, tuple[Any, bool]]:
    """The keys of a kind of check, in order, each with its type and whether it must be there."""
    made = check_class(kind)
    types = get_type_hints(made)
    return {
        field.name: (
            types[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(made)
    }


@lru_cache
def check_class(kind: str) -> type[Any]:
    """The dataclass of a kind, one of `check_kinds()`: that of `proper_noun` is ProperNoun."""
    module = import_module(f"linter.checks.{check_kinds()[kind]}.{kind}")
    return getattr(module, kind.replace("_", " ").title().replace(" ", ""))  # type: ignore[no-any-return]


def make_check(kind: str, given: Mapping[str, Value]) -> Check | None:
    """A check of one of `check_kinds()`, its fields read from the keys of that name; None where none can be made."""
    values = {
        name: read_option(given[name], type_) for name, (type_, _) in options_of_kind(kind).items() if name in given
    }
    if any(needed and name not in given for name, (_, needed) in options_of_kind(kind).items()):
        return None
    try:
        return check_class(kind)(**values)  # type: ignore[no-any-return]
    except ValueError as error:
        next(iter(given.values())).mistake(str(error))
        return None


def read_option(value: Value, type_: Any) -> object:
    """A value as a field of type `type_` holds it."""
    scalars: dict[Any, Callable[[], object]]
    scalars = {str: value.text, bool: value.flag, int: value.whole, float: value.number}
    if type_ in scalars:
        return scalars[type_]()
    origin = get_origin(type_)
    if origin is Literal:
        return value.choice(get_args(type_))
    if origin is tuple:
        return value.filled()
    if origin is Mapping:
        return value.mapping()
    raise TypeError(f"no key of a rule can hold {type_}")


# Whether what a rule says can work: its patterns, and the values that its message and its fix ask for.

_SHOWN = 12  # code points of a pattern that are shown where it breaks
_LONGEST = 20_000  # code points of a pattern
# Compiling takes about 300 bytes and 30 µs for each part of a pattern, and repetitions are written out: `(?:ab){50}`
# has 100 parts. So many are allowed, and so many more for each code point: memory grows as the rule files do.
_PARTS, _PARTS_PER_CODE_POINT = 1_000, 5
_DEEPEST = 200  # nodes of the tree within each other: groups, repetitions and alternatives
_NESTED = "has groups nested too deeply; make it simpler"


def check_patterns(rule: Rule, given: Mapping[str, Value]) -> None:
    """Note what is unsound in `rule`, at the values it was `given` in its file. Compiles its patterns."""
    if not (_are_allowed(rule, given) and _compiles(rule, given)):
        return
    known = {"match", *getattr(rule.check, "values", ())}
    if "message" in given:
        _judge_template(given["message"], rule.message, known)
    if rule.fix.replace is not None:
        _judge_template(given["fix"], rule.fix.replace, known, whole=True)


def _are_allowed(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether all regular expressions of a rule can be compiled, and used, in a bounded amount of time and memory."""
    for name, patterns in _expressions(rule).items():
        for pattern in patterns:
            if refused := _refusal(pattern):
                _value(name, given).mistake(f"“{name}” {refused}")
                return False
    return True


def _expressions(rule: Rule) -> Mapping[str, Sequence[str]]:
    """The regular expressions of a rule, by the key that holds them."""
    found: Mapping[str, Sequence[str]] = getattr(rule.check, "expressions", {})
    return found


def _value(name: str, given: Mapping[str, Value]) -> Value:
    """The value under a key, or that names the check where the key has its default."""
    try:
        return given[name]
    except KeyError:
        return given["check"]


@lru_cache(256)  # a rule that settings change, or that is read again, has mostly the same patterns
def _refusal(pattern: str) -> str:
    """Why a pattern is not allowed, or "" where it is."""
    if len(pattern) > _LONGEST:
        return f"has {len(pattern):,} characters; {_LONGEST:,} are allowed"
    try:
        tree, flags, _ = syntax_tree.parse_pattern(pattern, regex.VERSION1)
    except RecursionError:
        return _NESTED
    except (regex.error, ValueError):  # which `_compiles` reports
        return ""
    if flags & syntax_tree.FUZZY:
        return "uses a flag for fuzzy matching, (?b) or (?e), which is not allowed"
    size = 0
    for node, depth, times in syntax_tree.pattern_nodes(tree):
        size += times
        kind = syntax_tree.node_name(node)
        if kind == "CallGroup":
            near = pattern[pattern.rfind("(", 0, node.position + 1) :][:_SHOWN]
            return f"uses recursion or calls a group, which is not allowed: “{near}”; write the repeated part out"
        if kind == "Fuzzy":
            return "uses fuzzy matching, such as {e<=1}, which is not allowed; write the variants out: colou?r"
        if depth > _DEEPEST:
            return _NESTED
        if size > _PARTS + _PARTS_PER_CODE_POINT * len(pattern):
            return "is too large when its repetitions are written out; make it simpler"
    return ""


def _compiles(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether all that the check compiles is a pattern, and what it searches for needs something to match."""
    place = "check"
    try:
        for name, patterns in _expressions(rule).items():
            place = name
            for each in patterns:
                regex.compile(each, regex.VERSION1)
        place = "check"
        pattern = getattr(rule.check, "compiled", None)
        empty = isinstance(pattern, regex.Pattern) and pattern.search("", timeout=1.0) is not None
    except regex.error as error:
        _broken(error, _value(place, given))
        return False
    except (RecursionError, OverflowError, MemoryError, ValueError, TimeoutError):
        _value(place, given).mistake(f"“{rule.kind}” cannot make a pattern of this; make it simpler")
        return False
    if empty:
        culprit = _culprit(rule, given, str(getattr(pattern, "pattern", "")).removeprefix(SIMPLE_FOLDING))
        culprit.mistake(f"“{culprit.name}” also matches where there is nothing; let it need a character")
    return not empty


def _broken(error: Any, culprit: Value) -> None:
    """Say where in its pattern a `regex.error` lies; the type stubs know none of its attributes."""
    at = error.pos or 0
    near = str(error.pattern)[at : at + _SHOWN]
    where = f"before “{near}”, its character {at + 1}" if near else "at its end"
    culprit.mistake(f"“{culprit.name}” is no regular expression: {error.msg}, {where}")


def _culprit(rule: Rule, given: Mapping[str, Value], pattern: str) -> Value:
    """The value that holds `pattern`, or that names the check."""
    return next((given[name] for name, option in rule.options.items() if option == pattern), given["check"])


def _judge_template(value: Value, text: str, known: set[str], *, whole: bool = False) -> None:
    """Note places in a template that ask for a value nobody gives, or for a part of it where it must be whole."""
    try:
        names = finding.template_fields(text)
    except ValueError as error:
        value.mistake(f"{error}; for a brace write {{{{ or }}}}")
        return
    for name in sorted(names - known):
        shown = as_list([f"{{{each}}}" for each in sorted(known)])
        value.mistake(f"“{value.name}” may use {shown}, not {{{name}}}{did_you_mean(name, known)}")
    if whole and finding.shortens(text):
        value.mistake("a replacement holds whole values: {match}, not {match:start} or {match:end}")
