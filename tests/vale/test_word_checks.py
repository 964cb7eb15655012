"""Checks of words: each finds what it should, with its message and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest

from linter.document import Block, Document, Span, simple_block
from linter.vale.checks._base import ArticleRule
from linter.vale.definition import Action, BadOption, Context, Definition, Vocabulary
from linter.vale.styles import builtin_rules

SCOPES = frozenset({"vale.text", "text", "md"})
NO_TERMS = Vocabulary()
PLAIN = Context(NO_TERMS)
NO_ACTION = Action()


def rule(extends: str, message: str = "“%s”", action: Action = NO_ACTION, **options: Any) -> Definition:
    return Definition("Own.Rule", extends, message, action=action, options=options)


def matches(definition: Definition, *texts: str, context: Context = PLAIN) -> list[tuple[str, str]]:
    """Return the texts and messages of the matches of a rule in an article with a block for each of `texts`."""
    return [(found, message) for found, message, _ in _matches(definition, texts, context)]


def fixes(definition: Definition, text: str, context: Context = PLAIN) -> list[tuple[str, bool]]:
    """Return the text after the fix of each match, and whether there is only one fix."""
    found = []
    for *_, match in _matches(definition, (text,), context):
        (edit,) = match.edits
        found.append((text[: edit.start] + edit.text + text[edit.end :], match.sure))
    return found


def _matches(definition: Definition, texts: Iterable[str], context: Context) -> list[tuple[str, str, Any]]:
    check = import_module(f"linter.vale.checks.{definition.extends}").make(definition, context)
    blocks, start = [], 0
    for text in texts:
        blocks.append(simple_block(text, Span(start, start + len(text)), SCOPES))
        start += len(text) + 2
    source = "\n\n".join(texts)
    if isinstance(check, ArticleRule):
        document = cast("Document", _Document(blocks, source))
        return [(source[m.start : m.end], m.values["message"], m) for m in check.find_in(document)]
    return [(b.text[m.start : m.end], m.values["message"], m) for b in blocks for m in check.find(b)]


class _Document:
    """The parts of a document that the checks use."""

    kind = "text"

    def __init__(self, blocks: list[Block], text: str) -> None:
        self.blocks, self.source = blocks, SimpleNamespace(text=text)
        self.results: dict[object, Any] = {}

    def blocks_in(self, scopes: frozenset[str]) -> Iterable[Block]:
        return iter([block for block in self.blocks if not scopes.isdisjoint(block.scopes)])


EXISTENCE: list[Any] = [
    pytest.param({"tokens": ("very", "quite")}, "very, every, Quite", ["very"], id="whole words, in the given case"),
    pytest.param({"tokens": ("very",), "ignorecase": True}, "Very VERY", ["Very", "VERY"], id="any case"),
    pytest.param({"tokens": (r"\.{3}",), "nonword": True}, "so...", ["..."], id="no words"),
    pytest.param({"tokens": (" ", "", "a")}, "a b", ["a"], id="blank tokens are ignored"),
    pytest.param({"raw": (r"\d", "%")}, "5% 6 %", ["5%"], id="raw parts are joined"),
    pytest.param({"raw": ("very ",), "tokens": ("good",)}, "very good", ["very good"], id="raw before the tokens"),
    pytest.param({"raw": (" thing",), "tokens": ("a",), "append": True}, "a thing", ["a thing"], id="or after them"),
    pytest.param({"raw": ("^a",)}, "a\na", ["a"], id="raw parts see the text as one line"),
    pytest.param({"tokens": ("^a",)}, "a\na", ["a", "a"], id="tokens see lines"),
    pytest.param({"tokens": (r"\s—\s",), "nonword": True}, "a — b", [" — "], id="white space belongs to the match"),
    pytest.param({"tokens": ("x*",), "nonword": True}, "abc", [], id="empty matches are ignored"),
    pytest.param({"tokens": ("NE.",), "exceptions": ("NET",)}, "NET NEW", ["NEW"], id="exceptions"),
    pytest.param({"tokens": ("NE.",), "exceptions": ("net",)}, "NET", ["NET"], id="exceptions distinguish case"),
    pytest.param({"tokens": ("NE.",), "exceptions": ("(?i)net",)}, "NET", [], id="unless they have a flag"),
    pytest.param({"tokens": ("(?:[^,]+,)+ and",)}, "a, b, and. c", ["a, b, and"], id="a slow repetition"),
    pytest.param({"tokens": ("(?:[^,]+,)+ AND",), "ignorecase": True}, "a, and", ["a, and"], id="regardless of case"),
    pytest.param({"tokens": ("mea",), "exceptions": ("mea culpa",)}, "mea culpa, mea", ["mea"], id="phrases"),
]


@pytest.mark.parametrize(("options", "text", "expected"), EXISTENCE)
def test_existence(options: Mapping[str, Any], text: str, expected: list[str]) -> None:
    assert matches(rule("existence", **options), text) == [(match, f"“{match}”") for match in expected]


def test_a_message_may_name_the_replacement() -> None:
    definition = rule(
        "existence", "Use '%[2]s' for '%[1]s'.", Action("edit", ("trim_right", "!")), tokens=("ok!",), nonword=True
    )
    assert matches(definition, "ok!") == [("ok!", "Use 'ok' for 'ok!'.")]
    definition = rule("existence", "%s: %s", Action("replace", ("a", "b", "c")), tokens=("d",))
    assert matches(definition, "d") == [("d", "d: 'a', 'b', or 'c'")]


VOCABULARY = Context(Vocabulary(accept=("CPUs?", "mea culpa", "[Gg]o")))


def test_accepted_terms_are_exceptions() -> None:
    definition = rule("existence", tokens=("CPU", "MEA", "GO"), ignorecase=True)
    assert matches(definition, "CPU cpu, Mea Culpa, mea, GO", context=VOCABULARY) == [
        ("cpu", "“cpu”"),
        ("mea", "“mea”"),
        ("GO", "“GO”"),
    ]


def test_a_vocabulary_makes_phrases_of_exceptions_match_in_any_case() -> None:
    definition = rule("existence", tokens=("Red",), exceptions=("red tram",))
    assert matches(definition, "Red tram, Red bus", context=VOCABULARY) == [("Red", "“Red”")]
    assert matches(definition, "Red tram", context=PLAIN) == [("Red", "“Red”")]


@pytest.mark.parametrize("options", [{"nonword": True}, {"vocab": False}])
def test_accepted_terms_are_no_exceptions(options: Mapping[str, Any]) -> None:
    assert matches(rule("existence", tokens=("CPU",), **options), "CPU", context=VOCABULARY) == [("CPU", "“CPU”")]


def test_a_word_template_replaces_word_boundaries() -> None:
    context = Context(NO_TERMS, word_template=r"(?m)\b(?:%s)(?!-)\b")
    assert matches(rule("existence", tokens=("very",)), "very-x very", context=context) == [("very", "“very”")]


REPLACE = Action("replace")
BARE_METAL = ("'bare-metal host'", ("bare-metal host", True))
SUBSTITUTION: list[Any] = [
    pytest.param({"utilize": "use"}, {}, "utilize it", [("utilize", "use")], id="a word"),
    pytest.param({"a": "x", "ab": "y", "a c": "z"}, {}, "ab a c", [("ab", "y"), ("a c", "z")], id="longer keys first"),
    pytest.param({"(?:e|E)-mail(s?)": "email$1"}, {}, "E-mails", [("E-mails", "emails")], id="a group"),
    pytest.param({"(a)(b)": "$2$1", "(c)(d)": "$2-$1"}, {}, "cd", [("cd", "d-c")], id="groups of the second key"),
    pytest.param({"(a)b": "$1$7$$"}, {}, "ab", [("ab", "a$7$")], id="an unknown group is text"),
    pytest.param({"large": "big|huge"}, {}, "large", [("large", "big|huge")], id="several, without an action"),
    pytest.param({"(?i)github": "GitHub"}, {}, "GitHub Github", [("Github", "GitHub")], id="the right form"),
    pytest.param({"(?i)oauth2?": "OAuth2?"}, {}, "OAuth oauth2", [("oauth2", "OAuth2")], id="a value is an expression"),
    pytest.param(
        {"(?i)py[a-z]+": r"[pP]y.*\b"}, {}, "python PYTHON", [("PYTHON", r"[pP]y.*\b")], id="a pattern is shown"
    ),
    pytest.param(
        {"a": "b"}, {"capitalize": True, "ignorecase": True}, "A a", [("A", "B"), ("a", "b")], id="capitalize"
    ),
    pytest.param({"x": "y"}, {"exceptions": ("x ray",)}, "x ray x", [("x", "y")], id="exceptions"),
    pytest.param({"->": "→"}, {"nonword": True}, "a->b", [("->", "→")], id="no words"),
]


@pytest.mark.parametrize(("swap", "options", "text", "expected"), SUBSTITUTION)
def test_substitution(swap: dict[str, str], options: Any, text: str, expected: list[tuple[str, str]]) -> None:
    definition = rule("substitution", "Use '%s', not '%s'.", swap=swap, **options)
    assert matches(definition, text) == [(match, f"Use '{new}', not '{match}'.") for match, new in expected]
    assert all(not match.edits for *_, match in _matches(definition, (text,), PLAIN))


@pytest.mark.parametrize(
    ("swap", "options", "text", "shown", "fix"),
    [
        pytest.param({"utilize": "use"}, {}, "utilize", "'use'", ("use", True), id="one"),
        pytest.param({"large": "big|huge"}, {}, "large", "'big' or 'huge'", ("big", False), id="two"),
        pytest.param({"a": r"\||b|c"}, {}, "a", "'|', 'b', or 'c'", ("|", False), id="three"),
        pytest.param({"A": "b|c"}, {"capitalize": True}, "A", "'B' or 'C'", ("B", False), id="capitalize"),
        pytest.param({",{3}": "..."}, {"nonword": True}, ",,,", "'...'", ("...", True), id="a value is plain text"),
        pytest.param({"bare metal( hosts?)": "bare-metal$1"}, {}, "bare metal host", *BARE_METAL, id="a group"),
    ],
)
def test_replacements(swap: dict[str, str], options: Any, text: str, shown: str, fix: tuple[str, bool]) -> None:
    definition = rule("substitution", "Use '%s', not '%s'.", REPLACE, swap=swap, **options)
    assert matches(definition, text) == [(text, f"Use {shown}, not '{text}'.")]
    assert fixes(definition, text) == [fix]


def test_many_keys_keep_their_values() -> None:
    swap = {f"{a}o{b}(?:k|q)?": f"{a}-{b}" for a in "abcdefghijklmnop" for b in "abcdefgh"}
    definition = rule("substitution", "%s", swap=swap, ignorecase=True)
    assert matches(definition, "Aob dohk POG xob") == [("Aob", "a-b"), ("dohk", "d-h"), ("POG", "p-g")]


def test_a_key_must_be_an_expression() -> None:
    with pytest.raises(BadOption) as error:
        matches(rule("substitution", swap={"a(": "b"}), "")
    assert (error.value.key, error.value.why) == ("swap", "this is not a regular expression: missing )")


@pytest.mark.parametrize(
    ("options", "vocabulary", "key"),
    [
        pytest.param({"tokens": ("a", "(")}, NO_TERMS, "tokens", id="a token"),
        pytest.param({"raw": ("[",)}, NO_TERMS, "raw", id="a raw part"),
        pytest.param({"tokens": ("a",), "exceptions": ("a**",)}, NO_TERMS, "exceptions", id="an exception"),
        pytest.param({"tokens": ("a",)}, Vocabulary(accept=("C++",)), "vocab", id="an accepted term"),
    ],
)
def test_each_text_must_be_an_expression(options: Any, vocabulary: Vocabulary, key: str) -> None:
    with pytest.raises(BadOption) as error:
        matches(rule("existence", **options), "", context=Context(vocabulary))
    assert error.value.key == key


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        pytest.param({"max": 2, "token": r"\b(\w+)\b"}, "one two three", [("one", "3")], id="too many"),
        pytest.param({"max": 3, "token": r"\b(\w+)\b"}, "one two three", [], id="not too many"),
        pytest.param({"min": 4, "token": r"\w+"}, "one two three", [("one", "3")], id="too few"),
        pytest.param({"min": 3, "token": r"\w+"}, "one two three", [], id="not too few"),
        pytest.param({"min": 1, "token": "# Intro"}, "one", [("", "0")], id="none"),
        pytest.param({"max": 1, "token": "."}, "** a", [("a", "4")], id="the first match that is not code"),
        pytest.param({"max": 1, "token": "."}, "*@ ", [], id="only code"),
        pytest.param({"max": 1, "token": "A", "ignorecase": True}, "aA", [("a", "2")], id="any case"),
        pytest.param({"token": "a"}, "aa", [], id="no limit"),
    ],
)
def test_occurrence(options: Mapping[str, Any], text: str, expected: list[tuple[str, str]]) -> None:
    assert matches(rule("occurrence", "%d", **options), text) == expected


WORD = (r"[^\s.!?]+",)


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        pytest.param({}, "in the the end", [("the the", "“the”")], id="a word"),
        pytest.param({}, "the\nthe end", [("the\nthe", "“the”")], id="at the end of a line"),
        pytest.param({}, "The the", [], id="case is distinguished"),
        pytest.param({"ignorecase": True}, "The the", [("The the", "“the”")], id="unless it is ignored"),
        pytest.param({"ignorecase": True}, "I forgot that. That is", [], id="in two sentences"),
        pytest.param({}, "10 10", [("10 10", "“10”")], id="digits"),
        pytest.param({"alpha": True}, "10 10", [], id="only letters"),
        pytest.param({"max": 1}, "a a b b", [("b b", "“b”")], id="one is allowed"),
        pytest.param({}, "no no no", [("no no", "“no”"), ("no no", "“no”")], id="three times"),
        pytest.param({"exceptions": ("had had",)}, "had had", [], id="exceptions"),
    ],
)
def test_repetition(options: Mapping[str, Any], text: str, expected: list[tuple[str, str]]) -> None:
    assert matches(rule("repetition", tokens=WORD, **options), text) == expected


@pytest.mark.parametrize(
    ("either", "options", "texts", "expected"),
    [
        pytest.param({"colour": "color"}, {}, ("A color.", "A colour, colour."), ["colour"], id="two spellings"),
        pytest.param({"colour": "color"}, {}, ("color", "color"), [], id="one spelling"),
        pytest.param({"a": "b"}, {}, ("a b", "c", "a"), ["b", "a"], id="each block from the second spelling"),
        pytest.param({"a": "b", "c": "d"}, {}, ("a d", "c b"), ["b", "c"], id="two pairs"),
        pytest.param({"colour": "color"}, {"ignorecase": True}, ("Color colour",), ["colour"], id="any case"),
        pytest.param({"[”“]": '"'}, {"nonword": True}, ('“a” "',), ['"'], id="no words"),
    ],
)
def test_consistency(either: dict[str, str], options: Any, texts: tuple[str, ...], expected: list[str]) -> None:
    definition = rule("consistency", either=either, **options)
    assert matches(definition, *texts) == [(match, f"“{match}”") for match in expected]


ACRONYMS = {"first": r"\b([A-Z]{3,5})\b", "second": r"(?:\b[A-Z][a-z]+ )+\(([A-Z]{3,5})\)"}


@pytest.mark.parametrize(
    ("options", "texts", "expected"),
    [
        pytest.param(ACRONYMS, ("The WHO.", "World Health (WHO)"), ["WHO"], id="before the definition"),
        pytest.param(ACRONYMS, ("World Health (WHO)", "The WHO."), [], id="after the definition"),
        pytest.param(ACRONYMS, ("WHO World Health (WHO)",), [], id="in the block of the definition"),
        pytest.param({**ACRONYMS, "exceptions": ("API",)}, ("API, DAFB",), ["DAFB"], id="exceptions"),
        pytest.param({"first": "Section", "second": "Summary:"}, ("Section", "Summary:"), ["Section"], id="no group"),
        pytest.param({"first": "Section", "second": "Summary:"}, ("Section Summary:",), [], id="in one block"),
    ],
)
def test_conditional(options: Mapping[str, Any], texts: tuple[str, ...], expected: list[str]) -> None:
    assert matches(rule("conditional", **options), *texts) == [(match, f"“{match}”") for match in expected]


def builtin(name: str, vocabulary: Vocabulary = NO_TERMS) -> Definition:
    return next(each for each in builtin_rules(vocabulary) if each.name == name)


def test_terms() -> None:
    definition = builtin("Vale.Terms", Vocabulary(accept=("GitHub", "OAuth2?", "[Jj]avaScript")))
    assert matches(definition, "Github GitHub, oauth2 OAuth, javascript JavaScript") == [
        ("Github", "Use 'GitHub' instead of 'Github'."),
        ("oauth2", "Use 'OAuth2' instead of 'oauth2'."),
        ("javascript", "Use '[Jj]avaScript' instead of 'javascript'."),
    ]


def test_avoid() -> None:
    definition = builtin("Vale.Avoid", Vocabulary(reject=("foo", "(?i)bar")))
    assert matches(definition, "foo Foo BAR") == [("foo", "Avoid using 'foo'."), ("BAR", "Avoid using 'BAR'.")]


def test_builtin_repetition() -> None:
    definition = builtin("Vale.Repetition")
    assert matches(definition, "bye Bye") == [("bye Bye", "'Bye' is repeated!")]
    assert fixes(definition, "say bye bye now") == [("say bye now", True)]


def test_builtin_rules_without_a_vocabulary() -> None:
    assert [each.name for each in builtin_rules(NO_TERMS)] == ["Vale.Repetition", "Vale.Spelling"]
