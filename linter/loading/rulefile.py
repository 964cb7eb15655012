"""What stands in a rule file → a rule; every mistake in it is noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from linter import late, origin
from linter.document import SCOPES
from linter.finding import SEVERITIES
from linter.folders import sites
from linter.loading import iso639, kinds, marks, soundness
from linter.loading.fields import File, Value
from linter.loading.wording import cut, meant
from linter.loading.yamlfile import Limits
from linter.readers import KINDS
from linter.rule import NO_FIX, OWN, Example, Rule, RuleFix, looks_at

# The keys of a rule file, in their order; the keys of its kind of check stand behind `check`.
BEFORE = (
    *("id", "summary", "headline", "why", "source", "severity", "in_drafts", "enabled", "language", "format"),
    *("scope", "not_scope", "in_quotes", "exceptions", "not_about", "not_from", "check"),
)
BEHIND = ("message", "fix", "bad", "good")
_COMMON = frozenset(BEFORE + BEHIND)
# Makers of pages, in small letters.
MAKERS = (origin.ANY, origin.WORDPRESS, origin.MDX, origin.EXTRA, *(name.lower() for name in sites.NAMES))
NEEDED = ("id", "summary", "severity", "check", "message")
_EXAMPLES = ("bad", "good")
QUOTES = ("skip", "only", "both")
_OF_BLOCKS = ("scope", "not_scope", "in_quotes", "exceptions")
LIMITS = Limits(1_000_000, 100_000, 100_000)
_SEEN = {"document": "the whole article", "folder": "the whole folder"}  # by those that see more than a block
NAME = late.pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read(top: Value, pack: str, id_: str, *, trusted: bool = False, explained: bool = False) -> Rule | None:
    """The rule that `top`, what a file holds, makes; None where there is a mistake.

    `trusted`: its patterns are compiled when first used. `explained`: it must have its reason and examples.
    """
    kind = _kind(top)
    given = top.fields(_COMMON | kinds.options(kind).keys()) if kind else {k.text(): v for k, v in top.pairs()}
    _name(given.get("id"), id_)
    _complete(top, given, (*NEEDED, *(_explained(pack, kind) if explained else ())), kind)
    rule = _build(pack, top.file, given, kind, trusted=trusted) if kind else None
    if rule and not trusted:
        soundness.judge(rule, given)
    return None if top.file.mistakes else rule


def _kind(top: Value) -> str:
    """The kind of check that the rule uses, or "" where it is none."""
    value = top.get("check")
    if value is None:
        return ""
    return value.choice(kinds.kinds()) if value.plain in kinds.kinds() else _unknown_kind(value)


def _unknown_kind(value: Value) -> str:
    if name := value.text():
        value.mistake(f"unknown check “{cut(name)}”{meant(name, kinds.kinds())}")
    return ""


def _name(value: Value | None, file: str) -> None:
    if value and (name := value.text().strip()):
        if not NAME.fullmatch(name):
            value.mistake(f"“{cut(name)}” is no id; use a-z, 0-9 and hyphens")
        elif name != file:
            value.mistake(f"the id is “{cut(name)}”, but the name of the file says “{file}”")


def _explained(pack: str, kind: str) -> tuple[str, ...]:
    """The keys without which nobody knows why a rule is there and whether it works.

    What the tool says about files, such as that one cannot be opened, is not always to be shown in a text.
    """
    return ("why",) if (pack, kind) == (OWN, "note") else ("why", *_EXAMPLES)


def _complete(top: Value, given: Mapping[str, Value], needed: Iterable[str], kind: str) -> None:
    if top.type != "map":
        return
    options = kinds.options(kind).items() if kind else ()
    for name in (*needed, *(name for name, (_, required) in options if required)):
        if name not in given:
            top.mistake(f"“{name}” is missing")
        elif given[name].type == "str" and not given[name].plain.strip():
            given[name].mistake(f"“{name}” is empty")


def _build(pack: str, origin: File, given: Mapping[str, Value], kind: str, *, trusted: bool) -> Rule | None:
    """The rule that its keys make; None if its check cannot be made."""
    check = kinds.make(kind, given)
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
        scope=scopes(given["scope"]) if "scope" in given else frozenset({"prose"}),
        not_scope=scopes(given["not_scope"]) if "not_scope" in given else frozenset(),
        in_quotes=quotes.choice(QUOTES) if quotes else "both",
        exceptions=given["exceptions"].filled() if "exceptions" in given else (),
        not_about=given["not_about"].filled() if "not_about" in given else (),
        not_from=_makers(given["not_from"]) if "not_from" in given else frozenset(),
        fix=_fix(fix) if fix else NO_FIX,
        bad=_examples(given.get("bad"), marked=True),
        good=_examples(given.get("good"), marked=False),
        options={name: getattr(check, name) for name in kinds.options(kind) if name in given},
        trusted=trusted,
    )


def _text(given: Mapping[str, Value], name: str) -> str:
    """The text under a key, its white space as single spaces."""
    return " ".join(given[name].text().split()) if name in given else ""


def _languages(value: Value | None) -> frozenset[str]:
    if value is None or value.plain == "any":
        return frozenset()
    for item in value.items():
        if item.plain not in iso639.NAMES and not item.file.is_full:
            item.mistake(iso639.unknown(item.plain))
    return frozenset(item.plain for item in value.items())  # no is a bool, to YAML


def _formats(value: Value | None) -> frozenset[str]:
    if value is None or value.plain == "any":
        return frozenset()
    return frozenset(item.choice(KINDS) for item in value.items())


def scopes(value: Value) -> frozenset[str]:
    """The scopes that a value names."""
    named = value.filled()
    for item in value.items():
        scope = item.plain
        if scope and scope not in SCOPES and not scope.startswith("metadata."):
            item.mistake(f"unknown scope “{cut(scope)}”{item.meant(scope, SCOPES)}")
    return frozenset(named)


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
    if any(marks.OPEN in article.text or marks.CLOSE in article.text for article in articles):
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
    spans: marks.Spans = ()
    text = fields["text"].text()
    try:
        text, spans = marks.unmark(text)
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
