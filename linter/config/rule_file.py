"""Read rule files, and note mistakes with their positions.

The patterns and templates of shipped rules are trusted. Those of other rules are checked: patterns must compile in
limited time and memory, and templates must use known values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import regex

from linter import finding
from linter.analysis import syntax_tree
from linter.checks import check_class, check_kinds
from linter.config.yaml_file import File, Limits, Value
from linter.document import MARKUPS, SCOPES
from linter.files import sites
from linter.finding import SEVERITIES
from linter.matching import SIMPLE_FOLDING
from linter.patterns import lazy
from linter.readers import KINDS
from linter.rule import CLOSE, OPEN, OWN, VALE, Example, Rule, RuleFix, Spans, looks_at, unmark_spans
from linter.suggest import as_list, cut_text, did_you_mean
from linter.text import language

if TYPE_CHECKING:
    from linter.rule import Check

# Names of page generators and dialects, in lowercase. The first, “any”, means all generators.
GENERATORS = (sites.ANY, *sites.ENGINES)
REQUIRED = ("id", "summary", "severity", "check", "message")
QUOTES = ("skip", "only", "both")
BLOCK_KEYS = ("scope", "not_scope", "in_quotes", "exceptions")  # for rules that check one block at a time
LIMITS = Limits(1_000_000, 100_000, 100_000)
_WIDER_SCOPES = {"document": "the whole article", "folder": "the whole folder"}  # for checks that see more than a block
NAME = lazy(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_MAX_SHOWN = 12  # maximum code points of a pattern that a mistake quotes
_MAX_LENGTH = 20_000  # maximum code points of a pattern
_NOT_COMPILED = (RecursionError, OverflowError, MemoryError, ValueError, TimeoutError)


def read_rule(top: Value, pack: str, id_: str, *, trusted: bool = False, explained: bool = False) -> Rule | None:
    """Return the rule in a file with the content `top`, or None if there are mistakes, which are noted in `top.file`.

    `pack` is the name of the rule's pack, and `id_` is the name of the file without “.yaml”. If `trusted` is true,
    patterns and templates are not checked, and patterns are compiled on first use. If `explained` is true, the rule
    must have a reason and examples; rules of the pack copydesk with the check `note` need no examples.
    """
    if (extends := top.get("extends")) and not top.get("check"):
        extends.mistake(
            "this is a rule of a Vale style; to use it, name the .vale.ini with the key “vale” or with --vale"
        )
        return None
    kind = _kind(top)
    given = _given(kind, top)
    _check_id(given.get("id"), id_)
    # Examples cannot show some defects that the copydesk pack reports, such as files that cannot be opened.
    explanation = ("why",) if (pack, kind) == (OWN, "note") else ("why", "bad", "good")
    _check_required(top, given, (*REQUIRED, *(explanation if explained else ()), *_required_options(kind)))
    rule = _build(pack, top.file, given, kind, trusted=trusted) if kind else None
    if rule and not trusted:
        check_patterns(rule, given)
    return None if top.file.mistakes else rule


def _kind(top: Value) -> str:
    """Return the name of the check that a rule names, or "" if there is no such check."""
    value = top.get("check")
    name = value.plain if value else ""
    if name in check_kinds():
        return name
    if value and value.text():
        value.mistake(f"unknown check “{cut_text(name)}”{did_you_mean(name, check_kinds())}")
    return ""


def _check_id(value: Value | None, file: str) -> None:
    if value and (name := value.text().strip()):
        if not NAME.fullmatch(name):
            value.mistake(f"“{cut_text(name)}” is not an id; use a-z, 0-9 and hyphens")
        elif name != file:
            value.mistake(f"the id is “{cut_text(name)}”, but the file is named “{file}”")


def _required_options(kind: str) -> Iterator[str]:
    """Yield the names of the required options of a check. If `kind` is "", yield nothing."""
    options = options_of_kind(kind) if kind else {}
    return (name for name, (_, required) in options.items() if required)


def _given(kind: str, top: Value) -> dict[str, Value]:
    """Return the values of a rule file by their keys. Unless `kind` is "", unknown keys are mistakes."""
    if not kind:
        return {key.text(): value for key, value in top.pairs()}
    return top.fields({*KEYS_BEFORE_CHECK, *options_of_kind(kind), *KEYS_AFTER_CHECK})


def _check_required(top: Value, given: Mapping[str, Value], required: Iterable[str]) -> None:
    if top.type != "map":
        return
    for name in required:
        if name not in given:
            top.mistake(f"“{name}” is missing")
        elif given[name].type == "str" and not given[name].plain.strip():
            given[name].mistake(f"“{name}” is empty")


def _build(pack: str, origin: File, given: Mapping[str, Value], kind: str, *, trusted: bool) -> Rule | None:
    """Return the rule with the values in `given`, or None if its check cannot be created. Mistakes are noted."""
    check = make_check(kind, given)
    if check is None:
        return None
    if wider_scope := _WIDER_SCOPES.get(looks_at(check)):
        for name in BLOCK_KEYS:
            if name in given:
                given[name].mistake(f"“{name}” has no effect here: “{kind}” checks {wider_scope}")
    fields: dict[str, Any] = {"why": "", **dict.fromkeys(REQUIRED, "")}  # missing keys are already noted
    fields |= {_FIELDS.get(key, key): read(given[key]) for key, read in READERS.items() if key in given}
    options = {name: getattr(check, name) for name in options_of_kind(kind) if name in given}
    return Rule(pack, **{**fields, "check": check}, kind=kind, file=origin.path, options=options, trusted=trusted)


def _text(value: Value) -> str:
    """Return the text of a value on one line, with single spaces between words."""
    return " ".join(value.text().split())


def _languages(value: Value) -> frozenset[str]:
    if value.plain == "any":
        return frozenset()
    for item in value.items():
        if item.plain not in language.language_names() and not item.file.is_full:
            item.mistake(language.unknown_language(item.plain))
    return frozenset(item.plain for item in value.items())  # “no” is a bool in YAML


def _formats(value: Value) -> frozenset[str]:
    return _choices(value, MARKUPS) if value.plain != "any" else frozenset()


def _choices(value: Value, options: Collection[str]) -> frozenset[str]:
    return frozenset(item.choice(options) for item in value.items())


def read_scopes(value: Value) -> frozenset[str]:
    """Return the current names of the scopes in a value. An unknown scope is a mistake."""
    named = value.nonempty_texts()
    for item in value.items():
        scope = item.plain
        if scope and scope not in SCOPES and not scope.startswith("metadata."):
            item.mistake(f"unknown scope “{cut_text(scope)}”{item.suggestion(scope, SCOPES)}")
    return frozenset(named)


def _fix(value: Value) -> RuleFix:
    fields = value.fields(("replace", "safe"))
    return RuleFix(
        fields["safe"].flag() if "safe" in fields else False,
        fields["replace"].text() if "replace" in fields else None,
    )


def _examples(value: Value, *, marked: bool) -> tuple[Example, ...]:
    examples = tuple(_example(item, marked=marked) for item in value.items())
    if not examples:
        value.mistake(f"“{value.name}” is empty")
    return examples


def _example(value: Value, *, marked: bool) -> Example:
    """Return the example in `value`, which is one article or several articles in a folder.

    ⟦ ⟧ marks are required if `marked` is true, and not allowed otherwise.
    """
    if not (value.type == "map" and value.get("articles")):
        example = _article(value)
        _check_marks(value.get("text") or value, value.name, (example,), marked=marked)
        return example
    fields = value.fields(("articles", "files"))
    articles = tuple(map(_article, fields["articles"].items()))
    _check_marks(fields["articles"], value.name, articles, marked=marked)
    files = fields["files"].nonempty_texts() if "files" in fields else ()
    return Example("", line=value.line, articles=articles, files=files)


def _check_marks(value: Value, name: str, articles: Iterable[Example], *, marked: bool) -> None:
    """Check that an example has marks if `marked` is true, and no marks otherwise. Mistakes are noted at `value`."""
    if any(OPEN in article.text or CLOSE in article.text for article in articles):
        return  # an unpaired mark, which is already noted
    if marked != any(article.spans for article in articles) and value.type in ("str", "seq"):
        advice = "must mark what is found, ⟦like this⟧" if marked else "must have no marks, as nothing is found in it"
        value.mistake(f"an example under “{name}” {advice}")


def _article(value: Value) -> Example:
    """Return the article in `value`, which is text, or a mapping with the text and its properties."""
    fields = value.fields(("text", "as", "encoded", "fixed")) if value.type == "map" else {"text": value}
    if "text" not in fields:
        value.mistake("an example must have “text”")
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


# Functions that read the values of a rule file, by key, in the order of the keys.
_BEFORE_CHECK: dict[str, Callable[[Value], object]] = {
    **dict.fromkeys(("id", "summary", "why", "source"), _text),
    **dict.fromkeys(("severity", "in_drafts"), partial(Value.choice, options=SEVERITIES)),
    "enabled": Value.flag,
    "preview": Value.flag,
    "language": _languages,
    "format": _formats,
    **dict.fromkeys(("scope", "not_scope"), read_scopes),
    "in_quotes": partial(Value.choice, options=QUOTES),
    **dict.fromkeys(("exceptions", "not_about"), Value.nonempty_texts),
    "not_from": partial(_choices, options=GENERATORS),
}
_AFTER_CHECK: dict[str, Callable[[Value], object]] = {
    "message": _text,
    "covers": Value.flag,
    "fix": _fix,
    "bad": partial(_examples, marked=True),
    "good": partial(_examples, marked=False),
}
READERS = {**_BEFORE_CHECK, **_AFTER_CHECK}
_FIELDS = {"language": "languages", "format": "formats"}  # fields of a rule whose names differ from their keys
# The keys of a rule file, in order; the options of its check follow `check`.
KEYS_BEFORE_CHECK = (*_BEFORE_CHECK, "check")
KEYS_AFTER_CHECK = tuple(_AFTER_CHECK)


@lru_cache
def options_of_kind(kind: str) -> Mapping[str, tuple[Any, bool]]:
    """Return the options of a check by name, in order, each with its type and whether the option is required.

    The checks of rules of Vale have no options that a config may set.
    """
    if kind.startswith(VALE):
        return {}
    class_ = check_class(kind)
    types = get_type_hints(class_)
    return {
        field.name: (types[field.name], field.default is field.default_factory is dataclasses.MISSING)
        for field in dataclasses.fields(class_)
    }


def make_check(kind: str, given: Mapping[str, Value]) -> Check | None:
    """Return the check called `kind` with the options in `given`.

    `kind` is one of `check_kinds()`. Values of a wrong type are noted as mistakes. If a required option is missing, or
    if the check rejects its options, return None. Rejected options are noted as a mistake unless a value of a wrong
    type may be the cause.
    """
    first = next(iter(given.values()))
    noted = first.file.noted
    values = {
        name: read_option(given[name], type_) for name, (type_, _) in options_of_kind(kind).items() if name in given
    }
    if any(name not in given for name in _required_options(kind)):
        return None
    try:
        return check_class(kind)(**values)  # type: ignore[no-any-return]
    except ValueError as error:
        if first.file.noted == noted:  # otherwise the cause may be the default used for a wrong value
            first.mistake(str(error))
        return None


def read_option(value: Value, type_: Any) -> object:
    """Return the value of an option as `type_`. If the value has the wrong type, note a mistake and return a default.

    Raises TypeError if `type_` is not a supported option type.
    """
    scalars: dict[Any, Callable[[], object]]
    scalars = {str: value.text, bool: value.flag, int: value.whole, float: value.number}
    if type_ in scalars:
        return scalars[type_]()
    origin = get_origin(type_)
    if origin is Literal:
        return value.choice(get_args(type_))
    if origin is tuple:
        return value.nonempty_texts()
    if origin is Mapping:
        return value.mapping()
    raise TypeError(f"a key of a rule cannot have the type {type_}")


def check_patterns(rule: Rule, given: Mapping[str, Value]) -> None:
    """Note mistakes in the patterns and templates of `rule` at the values in `given`.

    Templates are checked only if there is no mistake in the patterns. Mistakes in options that `given` does not contain
    are noted at `given["check"]`.
    """
    if not (_patterns_allowed(rule, given) and _compiles(rule, given)):
        return
    known = {"match", *getattr(rule.check, "values", ())}
    if "message" in given:
        _check_template(given["message"], rule.message, known)
    if rule.fix.replace is not None:
        _check_template(given.get("fix", given["check"]), rule.fix.replace, known, whole=True)


def message_values(top: Value) -> frozenset[str]:
    """Return the names of the values that the message of a rule file with the content `top` may use.

    If there are mistakes in the check or its options, the result may contain only “match”. Mistakes are noted.
    """
    kind = _kind(top)
    given = _given(kind, top)
    check = make_check(kind, given) if kind else None
    with suppress(regex.error, *_NOT_COMPILED):
        if check and not any(map(refusal, chain(*expressions(check).values()))):
            return frozenset({"match", *getattr(check, "values", ())})
    return frozenset({"match"})


def _patterns_allowed(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether all patterns of a rule are allowed (see `refusal`). If not, a mistake has been noted."""
    for name, patterns in expressions(rule.check).items():
        for pattern in patterns:
            if why := refusal(pattern):
                given.get(name, given["check"]).mistake(f"“{name}” {why}")
                return False
    return True


def expressions(check: object) -> Mapping[str, Sequence[str]]:
    """Return the regular expressions of a check, by the names of the options that contain them."""
    found: Mapping[str, Sequence[str]] = getattr(check, "expressions", {})
    return found


@lru_cache(256)  # a rule that the config changes, or that is read again, usually has the same patterns
def refusal(pattern: str) -> str:
    """Return the reason why a pattern is not allowed, or "" if it is allowed.

    The reason continues a sentence that begins with the name of the option. Patterns that could take too much time or
    memory are not allowed. Syntax errors are not reported here; `_compiles` reports them.
    """
    if len(pattern) > _MAX_LENGTH:
        return f"has {len(pattern):,} characters; {_MAX_LENGTH:,} are allowed"
    try:
        return syntax_tree.refusal(pattern)
    except (regex.error, *_NOT_COMPILED):  # reported by `_compiles`
        return ""


def _compiles(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether the patterns of a rule can be compiled and used. If not, a mistake has been noted."""
    place = "check"
    try:
        for name, patterns in expressions(rule.check).items():
            place = name
            for each in patterns:
                regex.compile(each, regex.VERSION1)
        place = "check"
        pattern = getattr(rule.check, "compiled", None)
        empty = isinstance(pattern, regex.Pattern) and pattern.search("", timeout=1.0) is not None
    except regex.error as error:
        _note_regex_error(error, given.get(place, given["check"]))
        return False
    except _NOT_COMPILED:
        given.get(place, given["check"]).mistake(f"“{rule.kind}” cannot compile this pattern; simplify it")
        return False
    if empty:
        text = str(getattr(pattern, "pattern", "")).removeprefix(SIMPLE_FOLDING)
        name = next((name for name, option in rule.options.items() if option == text), "check")
        value = given.get(name, given["check"])
        value.mistake(f"“{value.name}” also matches empty text; require at least one character")
    return not empty


def _note_regex_error(error: Any, value: Value) -> None:  # the type stubs lack the attributes of regex.error
    """Note a `regex.error`, with its position in the pattern, as a mistake at `value`."""
    at = error.pos or 0
    near = str(error.pattern)[at : at + _MAX_SHOWN]
    where = f"before “{near}” (character {at + 1})" if near else "at the end"
    value.mistake(f"“{value.name}” is not a regular expression: {error.msg}, {where}")


def _check_template(value: Value, text: str, known: set[str], *, whole: bool = False) -> None:
    """Note mistakes in the template `text` at `value`.

    `known` are the names of values that may be used. If `whole` is true, values must not be shortened.
    """
    try:
        names = finding.template_fields(text)
    except ValueError as error:
        value.mistake(f"{error}; write a literal brace as {{{{ or }}}}")
        return
    for name in sorted(names - known):
        shown = as_list([f"{{{each}}}" for each in sorted(known)])
        value.mistake(f"“{value.name}” may use {shown}, not {{{name}}}{did_you_mean(name, known)}")
    if whole and finding.shortens(text):
        value.mistake("a replacement must use whole values: {match}, not {match:start} or {match:end}")
