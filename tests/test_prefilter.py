"""The prefilter changes no finding: for every rule, on generated text, and with or without accelerators."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any

import pytest
import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linter import engine, folding, readers
from linter.analysis import literals, syntax_tree
from linter.checks.pattern.pattern import Pattern
from linter.checks.pattern.phrases import Phrases
from linter.config import packs
from linter.document import Document
from linter.folding import folded
from linter.prefilter import NoPrefilter
from linter.prefilter.index import IndexedPrefilter, literal_index
from linter.rule import Rule
from linter.source import Source
from linter.text import language

RULES = packs.shipped_rules()
FAST, PLAIN = IndexedPrefilter(RULES), NoPrefilter(RULES)
EVERY = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def read(text: str, kind: str = "markdown") -> Document:
    return language.with_language(readers.read(Source(text), kind))


@cache
def examples() -> dict[str, list[Document]]:
    """Return the examples of each pack; short examples are joined into articles with several defects."""
    found: dict[str, list[Document]] = {}
    for rule in RULES:
        for kind in readers.KINDS:
            texts = [example.text for example in (*rule.bad, *rule.good) if example.kind == kind]
            for some in (texts, texts[:1]) if texts else ():
                found.setdefault(rule.pack, []).append(read("\n\n".join(some), kind))
    return found


@pytest.fixture(params=["with", "without"])
def accelerators(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexedPrefilter]:
    """A prefilter with the installed accelerators, or without any."""
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "ahocorasick", None)
    literal_index.cache_clear()
    yield IndexedPrefilter(RULES)
    literal_index.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize(("pack", "documents"), examples().items())
def test_both_plans_find_the_same_in_the_examples(pack: str, documents: list[Document]) -> None:
    for document in documents:
        assert engine.check(document, FAST) == engine.check(document, PLAIN)


@pytest.mark.slow
@pytest.mark.parametrize(("pack", "documents"), examples().items())
def test_a_batch_has_the_findings_of_each_article(pack: str, documents: list[Document]) -> None:
    languages = cycle(["", "de", "en"])
    every = [*documents, read(""), read("---\na: b\n---\n")]
    some = [replace(document, language=next(languages)) for document in every]
    checked = engine.check_batch(some, FAST)
    assert checked == [engine.check(document, PLAIN) for document in some]
    assert any(findings for findings, _ in checked)


def test_an_accelerator_changes_nothing(accelerators: IndexedPrefilter) -> None:
    for documents in examples().values():
        for document in documents[:4]:
            assert engine.check(document, accelerators) == engine.check(document, FAST)


@given(st.lists(st.sampled_from([example.text for rule in RULES for example in (*rule.bad, *rule.good)]), max_size=4))
@settings(max_examples=30, deadline=None)
def test_both_plans_find_the_same_in_joined_examples(texts: list[str]) -> None:
    documents = [read("\n\n".join(texts)), *map(read, texts)]
    assert engine.check_batch(documents, FAST) == [engine.check(document, PLAIN) for document in documents]


def rule(name: str, check: object, scope: frozenset[str] = frozenset({"prose"})) -> Rule:
    return Rule("test", name, "", "", "error", check, "“{match}”.", scope=scope)  # type: ignore[arg-type]


SIGNS = "abkKsSßſẞiIıİéÉσςΣ’'\"“–-… \n\t\u00a0\u2028.[]{}1ǅ\U0001df95\ufffc\x00"
TEXTS = st.text(SIGNS, max_size=6)


@st.composite
def patterns(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """A pattern, and a text that it is likely to match."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        text = draw(st.text(SIGNS, min_size=1, max_size=4))
        return regex.escape(text, literal_spaces=True), draw(st.sampled_from([text, text.upper(), text.lower()]))
    inner, fits = draw(patterns(depth=depth - 1))
    other, also = draw(patterns(depth=depth - 1))
    sign = draw(st.sampled_from(SIGNS.replace("]", "").replace("[", "").replace("-", "").replace("\x00", "")))
    count = draw(st.integers(1, 3))
    return draw(
        st.sampled_from(
            [
                (inner + other, fits + also),
                (f"(?:{inner}|{other})", fits),
                (f"(?:{other}|{inner})", fits),
                (f"(?:{inner})?{other}", also),
                (f"(?:{inner}){{{count}}}{other}", fits * count + also),
                (f"(?:{inner})++", fits * count),
                (rf"{inner}\s+{other}", f"{fits} \n{also}"),
                (rf"{inner}\s*{other}", fits + also),
                (f"[{sign}x]{inner}", sign + fits),
                (f"[^{sign}]{inner}", "y" + fits),
                (f"{inner}(?={other})", fits + also),
                (f"(?<={inner}){other}", fits + also),
                (f"(?!{inner}){other}", also),
                (rf"\b(?i:{inner})\K(?>{other})", fits + also),
                (f"(?<name>{inner})(?P=name)", fits * 2),
                (f"[a-{draw(st.sampled_from('ckz'))}]{inner}", "a" + fits),
            ]
        )
    )


def fits_in_time(match: Callable[..., Any], pattern: str, text: str, flags: int) -> bool:
    """Return whether a random pattern matches; hypothesis skips examples that take exponential time."""
    try:
        return match(pattern, text, flags, timeout=1) is not None
    except TimeoutError:
        assume(False)
        raise


@given(patterns(), TEXTS, TEXTS, st.booleans())
@settings(max_examples=300, deadline=None)
@example((r"straße", "STRASSE"), "", "", True)
@example((r"ki\u0307", "Kİ"), "", "", True)
@example((r"a  b", "a  b"), "", "", False)
def test_a_matching_text_contains_a_literal_of_the_pattern(
    made: tuple[str, str], before: str, behind: str, small: bool
) -> None:
    pattern, fits = made
    flags = regex.VERSION1 | (regex.IGNORECASE if small else 0)
    text = before + fits + behind
    for address in (False, True):
        found = literals.literals_of_pattern(pattern, flags, address=address)
        if found is not None and fits_in_time(regex.search, pattern, text, flags):
            assert all(any(literal in folded(text) for literal in some) for some in found)


@pytest.mark.slow
@given(st.lists(patterns(), min_size=1, max_size=5), st.lists(TEXTS, max_size=3), st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_both_plans_find_the_same_by_random_rules(made: list[tuple[str, str]], texts: list[str], at: int) -> None:
    rules = [rule(f"pattern-{i}", Pattern(pattern)) for i, (pattern, _) in enumerate(made)]
    rules.append(rule("title", Pattern(made[0][0]), frozenset({"title", "lead", "link.url", "source"})))
    words = tuple(fits for _, fits in made if fits.strip())
    rules.append(rule("phrases", Phrases(words)))
    texts.insert(at, " ".join(fits for _, fits in made))
    document = read("\n\n".join(texts))
    first, later = IndexedPrefilter(tuple(rules)), IndexedPrefilter(tuple(rules))
    later.prepare()  # so that it searches for all literals
    plain, *fast = (engine.check(document, plan) for plan in (NoPrefilter(tuple(rules)), first, later))
    assume(not any(problems for _, problems in (plain, *fast)))  # a rule that was cut off
    assert fast == [plain, plain]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("(?i)as of  my", {"as of my"}, id="spaces are one"),
        pytest.param(r"as\s+of", {"as of"}, id="any white space is one space"),
        pytest.param("don['’]t", {"don't"}, id="curly marks are straight ones"),
        pytest.param("x{3}", {"xxx"}, id="a repeat is written out"),
        pytest.param("(?:cat|dog)s?", {"cat", "dog"}, id="one of several"),
        pytest.param(r"\w+\d", None, id="nothing is sure"),
        pytest.param("(?:cat)?", None, id="what may be missing"),
        pytest.param("(?<=tram )\\w", {"tram "}, id="a lookbehind"),
        pytest.param("(?<=the |a )tram", {"the tram", "a tram"}, id="an adjacent lookbehind"),
        pytest.param("(?i)tram(?=\\s+(?:or|and)\\b)", {"tram or", "tram and"}, id="an adjacent lookahead"),
        pytest.param("(?<=the )\\w+tram(?=s)", {"trams"}, id="text around another part"),
        pytest.param("(?!tram)\\w", None, id="a negative lookahead"),
        pytest.param("(?:tram){e<=1}", None, id="what is fuzzy"),
        pytest.param("(?r)tram", {"tram"}, id="what is read backwards"),
        pytest.param("(", None, id="what is no pattern"),
    ],
)
def test_literals_of_a_pattern(pattern: str, expected: set[str] | None) -> None:
    found = literals.literals_of_pattern(pattern)
    assert (found and set(found[0])) == expected


def test_literals_are_extracted_from_most_shipped_patterns() -> None:
    kinds = [each.check for each in RULES if isinstance(each.check, Pattern)]
    with_literals = [check for check in kinds if literals.literals_of_pattern(check.pattern)]
    with_chars = [check for check in kinds if syntax_tree.odd_characters_of_pattern(check.pattern)]
    assert len(kinds) > 50
    assert len(with_literals) >= 0.9 * len(kinds)
    assert with_chars
    characters = [each for each in RULES if each.kind == "characters"]
    assert sum(bool(each.needs.chars) for each in characters) >= 0.8 * len(characters)


def test_literals_for_addresses_prefer_spaces_to_schemes() -> None:
    pattern = "(?=https://)[^ ]+ "
    assert literals.literals_of_pattern(pattern) == ({"https://"},)
    assert literals.literals_of_pattern(pattern, address=True) == ({" "},)


def test_white_space_is_that_of_python_and_regex() -> None:
    spaces = {*filter(str.isspace, EVERY), *regex.findall(r"\s", "".join(EVERY))}
    assert spaces == {*folding.SPACES, " "}


@pytest.mark.slow
def test_characters_that_regex_equates_have_one_form() -> None:
    """If case is ignored, a character matches only others with the same folded form, or nothing is known about it."""
    every = "".join(EVERY)
    for sign in "kKsSiIıİßẞſσςΣåÅéÉжЖ’“–-1":
        for other in regex.findall(regex.escape(sign), every, regex.V1 | regex.I):
            assert folded(other) == folded(sign)
    letters = [chr(code) for low, high in literals._SETTLED[:2] for code in range(low, high + 1)]
    for sign in filter(str.isalpha, letters):
        for other in regex.findall(sign, every, regex.V1 | regex.I):
            assert folded(other) == folded(sign), (sign, other)


@given(TEXTS, TEXTS)
def test_the_form_of_a_part_is_part_of_the_form(one: str, other: str) -> None:
    assert folded(one) in folded(one + other)
    assert folded(other) in folded(one + other)


def test_small_letters_have_the_form_of_large_ones() -> None:
    large = [sign for sign in EVERY if sign.lower() != sign]
    assert len(large) > 1000
    assert not [sign for sign in large if folded(sign.lower()) != folded(sign)]


@given(st.frozensets(st.text("ab ", max_size=6), max_size=12))
def test_literals_that_contain_others_are_dropped(texts: frozenset[str]) -> None:
    assert literals._shortest(texts) == {one for one in texts if not any(other in one for other in texts - {one})}
