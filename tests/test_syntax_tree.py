"""The parser of patterns, compared with `regex` itself."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linter.analysis import literals, syntax_tree
from linter.analysis.syntax_tree import Characters, parsed_pattern, refusal
from linter.config import packs, rule_file
from linter.folding import folded

ALPHABET = "abcdxyz01-^]&|~ \t"
MEMBERS = ["a", "b", "a-c", "x-z", "0-1", r"\d", r"\s", r"\w", r"\-", r"\]", "-", "^", "&", "|", "~", r"\x61", r"\141"]
OPERATORS = ["", "", "||", "--", "&&", "~~"]
CLASSES = st.recursive(
    st.sampled_from(MEMBERS),
    lambda inner: st.builds(
        lambda sign, first, rest: f"[{sign}{first}{''.join(operator + each for operator, each in rest)}]",
        st.sampled_from(["", "^"]),
        inner,
        st.lists(st.tuples(st.sampled_from(OPERATORS), inner), max_size=3),
    ),
    max_leaves=6,
).filter(lambda text: text.startswith("["))
PARTS = [
    "a",
    "B",
    "ab",
    " ",
    "x",
    ".",
    r"\b",
    r"\d",
    "[ab]",
    "[^a]",
    r"\x61",
    "(?#c)",
    "(?i)",
    "(?-i:A)",
    "(?=a)",
    "(?!b)",
]
PARTS += ["(?<=a)", r"\K", "$", "(*FAIL)"]
PATTERNS = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{,1}", "{1,}+", "+?"])),
        st.builds("(?>{})".format, inner),
        st.builds("(?({})a|b)".format, st.just("?=a")),
    ),
    max_leaves=8,
)


@settings(max_examples=400)
@given(CLASSES)
def test_a_class_matches_only_what_is_known_of_it(text: str) -> None:
    try:
        compiled = regex.compile(text, regex.V1)
    except regex.error:
        return
    tree = parsed_pattern(text, int(regex.V1))
    assert isinstance(tree, Characters)
    if tree.ranges is None:
        return
    properties = "".join(tree.properties)
    for char in filter(compiled.fullmatch, ALPHABET):
        in_ranges = any(low <= ord(char) <= high for low, high in tree.ranges)
        assert in_ranges or (properties and regex.fullmatch(f"[{properties}]", char, regex.V1)), char


@settings(max_examples=400)
@given(PATTERNS, st.text("abABx 1", max_size=8))
def test_a_match_contains_the_literals_of_its_pattern(pattern: str, text: str) -> None:
    for flags in (regex.V1, regex.V1 | regex.I):
        try:
            found = regex.search(pattern, text, flags)
        except regex.error:
            return
        assume(found)
        assert parsed_pattern(pattern, int(flags)) is not None
        form = folded(text)
        assert literals.contains(form, literals.literals_of_pattern(pattern, int(flags)) or ())


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?V1)a", "(?a)b", "(?r)ab", "(?w)a.", "a(*FAIL)", "(*PRUNE)ab", r"[\1]", r"[a-\d]", "[[:alpha:]--a]"),
        *("(?(?=a)b|c)", "(?|(a)|(b))", "(?<n>a)(?P=n)", r"(a)\1", r"\N{BULLET}", "(?x) a # b \n c"),
        *("{{title}}", "a{,3}", "a{x}"),
    ],
)
def test_a_pattern_that_regex_knows_is_allowed(pattern: str) -> None:
    regex.compile(pattern, regex.V1)
    assert refusal(pattern) == ""


@pytest.mark.parametrize(
    "pattern", ["(?:tram){e}", "tram{e<=1}", "x{e<=1:[{]}", "x{1<=e<=3}", "x{2i+1d<=4}", "x{i<=1,d<=1}", "(x){s:[a-z]}"]
)
def test_fuzzy_matching_is_refused(pattern: str) -> None:
    regex.compile(pattern, regex.V1)
    assert refusal(pattern).startswith("uses fuzzy matching")


@pytest.mark.parametrize("pattern", ["(" * 5000 + ")" * 5000, "[" * 5000, "(?:" * 300 + "a" + ")" * 300])
def test_a_pattern_that_is_nested_too_deeply_is_refused(pattern: str) -> None:
    assert refusal(pattern) == syntax_tree.NESTED
    assert parsed_pattern(pattern, int(regex.V1)) is None


def test_each_shipped_pattern_is_parsed() -> None:

    checks = [rule_file.expressions(rule.check) for rule in packs.shipped_rules()]
    patterns = {str(each) for check in checks for own in check.values() for each in own}
    assert len(patterns) > 1000
    assert [each for each in patterns if parsed_pattern(each, int(regex.V1)) is None] == []
