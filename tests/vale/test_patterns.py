"""Expressions of Vale rules are translated with their meaning, and hostile ones are refused."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from linter.analysis.literals import literals_of_pattern
from linter.vale import patterns
from linter.vale.checks.existence import required_part
from linter.vale.definition import BadOption

PIECES = [*"()[]{}|*+?^$.\\-:!=<>'#,0159abkPpQEwsxz~& \n", "(?i)", "(?:", "(?<=", "(?P<n>", "[^", "[:alpha:]", r"\b"]
PIECES += [r"\p{L}", r"\x{2019}", "{2,3}", "(?#", "(?x)", "(?n)", "-[a]", r"\1", r"\k<n>", "é", "&&", "--", "(?(1)a|b)"]


def found(pattern: str, text: str) -> list[str]:
    return [match[0] for match in regex.finditer(patterns.translated("tokens", pattern), text, regex.VERSION1)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param(r"\w+", "naïve 漢字 a_1 ٣ -", ["naïve", "漢字", "a_1", "٣"], id="words are not limited to ASCII"),
        pytest.param(r"\b\w+\b", "López, Nießen", ["López", "Nießen"], id="nor are word boundaries"),
        pytest.param(r"[\w-]+", "é-b c", ["é-b", "c"], id="a hyphen after a set is a plain character"),
        pytest.param(r"a\s+b", "a\u00a0b a\tb", ["a\u00a0b", "a\tb"], id="white space"),
        pytest.param("[[:alpha:]]+", "abcé1", ["abc"], id="POSIX classes are limited to ASCII"),
        pytest.param("[[:^digit:]x]+", "12ab3x", ["ab", "x"], id="a negated POSIX class"),
        pytest.param("[bdws]+", "bds 1w", ["bds", "w"], id="letters in a class"),
        pytest.param("[[(]+", "[([", ["[(["], id="a bracket in a class"),
        pytest.param("[a&&b||c~~]+", "a&b|c~d", ["a&b|c~"], id="set operators are plain characters"),
        pytest.param("[a-z-[aeiou]]+", "hello", ["h", "ll"], id="subtraction of a class"),
        pytest.param("[]a]+", "a]b", ["a]"], id="a bracket at the start of a class"),
        pytest.param(r"[^\]]+", "ab]c", ["ab", "c"], id="an escaped bracket in a class"),
        pytest.param(r"[\b]", "a\bb", ["\b"], id="a backspace in a class"),
        pytest.param("a$", "a\na\n", [], id="a dollar sign matches only at the end of the text"),
        pytest.param("(?m)a$", "a\na", ["a", "a"], id="or, with a flag, at the end of each line"),
        pytest.param(r"(?m)a\z", "a\na", ["a"], id="the end of the text with that flag"),
        pytest.param("x(?m:a$)|b$", "xa\nb\n", ["xa"], id="a flag in a group ends with the group"),
        pytest.param("(?i)ab(?-i)c", "ABc abC", ["ABc"], id="a flag in the middle"),
        pytest.param("(?:(?i)a|b)c", "Ac Bc AC", ["Ac", "Bc"], id="a flag holds for the following alternatives"),
        pytest.param("(?i)strasse", "straße STRASSE", ["STRASSE"], id="only single letters are folded"),
        pytest.param("a.b", "a\nb a b", ["a b"], id="a period matches no line end"),
        pytest.param("(?s)a.b", "a\nb", ["a\nb"], id="unless a flag is set"),
        pytest.param(r"[a-c]{2,}|x{1}", "abc x", ["abc", "x"], id="repetitions"),
        pytest.param("a{,2}{x}", "aa a{,2}{x}", ["a{,2}{x}"], id="braces that are no repetition"),
        pytest.param("a{e<=1}", "b a{e<=1}", ["a{e<=1}"], id="fuzzy matching is plain text"),
        pytest.param(r"(?<x>a)\k<x>", "aa ab", ["aa"], id="a named group"),
        pytest.param(r"(?P<x>a)(b)\2", "abb", ["abb"], id="a reference by number"),
        pytest.param(r"(?'x'a)b", "ab", ["ab"], id="a name in quotation marks"),
        pytest.param("(?n)(a)(?<x>b)", "ab", ["ab"], id="groups that do not capture"),
        pytest.param("(?x) a b # c [\n [ ] d", "ab d", ["ab d"], id="a comment"),
        pytest.param("a(?# b )c", "ac", ["ac"], id="a comment in parentheses"),
        pytest.param(r"\x{2019}\u2019\x41\t\e", "’’A\t\x1b", ["’’A\t\x1b"], id="escapes of characters"),
        pytest.param(r"\Q[a]+\E+", "[a]++", ["[a]++"], id="quoted text"),
        pytest.param(r"\p{Lu}\P{Lu}+", "Abc", ["Abc"], id="properties"),
        pytest.param("(?<![a-z])b(?=c)", "abc bc", ["b"], id="lookarounds"),
        pytest.param("(?>a+)b", "aab", ["aab"], id="an atomic group"),
        pytest.param("# a", "x # a", ["# a"], id="a number sign is plain without the flag"),
    ],
)
def test_meaning(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param("a(b", "this is not a regular expression: missing )", id="an open group"),
        pytest.param("a)b", "this is not a regular expression: unbalanced parenthesis", id="a surplus parenthesis"),
        pytest.param(
            "[a", "this is not a regular expression: a class without “]” at its end, before “[a”", id="a class"
        ),
        pytest.param(r"a\1", "this is not a regular expression: there is no group 1", id="a reference to no group"),
        pytest.param(r"a\y", r"this is not a regular expression: an unknown escape, before “\y”", id="an escape"),
        pytest.param("a\\", "this is not a regular expression: an unknown escape, before “\\”", id="a final backslash"),
        pytest.param(
            "a++", "this is not a regular expression: a repetition of a repetition, before “+”", id="possessive"
        ),
        pytest.param(
            "(?R)", "this is not a regular expression: an unknown kind of group, before “(?R)”", id="recursion"
        ),
        pytest.param("(?e)a", "this is not a regular expression: an unknown kind of group, before “(?e)a”", id="fuzzy"),
        pytest.param(
            "[[:foo:]]", "this is not a regular expression: an unknown character class, before “[:foo:]]”", id="POSIX"
        ),
        pytest.param(
            "((a{1000}){1000}){1000}",
            "the expression is too large when its repetitions are expanded; simplify it",
            id="nested repetitions",
        ),
        pytest.param("(" * 300 + ")" * 300, "the expression has groups nested too deeply; simplify it", id="nesting"),
        pytest.param("(" * 9000 + ")" * 9000, "the expression has groups nested too deeply; simplify it", id="deep"),
        pytest.param("[-[" * 9000, "the expression has groups nested too deeply; simplify it", id="nested classes"),
        pytest.param("a" * 200_001, "the expression has 200,001 characters; 200,000 are allowed", id="length"),
    ],
)
def test_refused(pattern: str, why: str) -> None:
    with pytest.raises(BadOption) as error:
        patterns.expression("tokens", pattern)
    assert (error.value.key, error.value.why) == ("tokens", why)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
def test_what_is_accepted_compiles(pattern: str) -> None:
    try:
        text = patterns.translated("tokens", pattern)
    except BadOption:
        return
    regex.compile(text, regex.VERSION1)


@given(st.text(min_size=1, max_size=8))
def test_a_class_matches_its_characters(text: str) -> None:
    members = "".join(f"\\{char}" if char in "[]^\\-" else char for char in text)
    assert found(f"[{members}]+", text) == [text]


@given(st.text(min_size=1, max_size=8))
def test_escaped_text_matches_itself(text: str) -> None:
    escaped = "".join(char if char.isalnum() or char > "\x7f" else f"\\x{ord(char):02x}" for char in text)
    in_class = "".join(f"[{char}]" if char not in "^\\" else f"[\\{char}]" for char in text)
    assert found(escaped, text) == [text] == found(in_class, text)


def test_literals() -> None:
    text = patterns.translated("tokens", r"(?i)(?m)\b(?:utilize|in order to)\b")
    assert literals_of_pattern(text) == (frozenset({"utilize", "in order to"}),)


@pytest.mark.parametrize(
    ("parts", "part"),
    [
        ([r"(?:[^,]+,){1,}\s\w+\s(?:and|or)"], r",\s\w+\s(?:and|or)"),
        ([r"(?:[^\s,]+,)+ \w+ (?:and|or) \w+[.?!]"], r", \w+ (?:and|or) \w+[.?!]"),
        ([r"\w+[.?!]", "[a-z]+?!", "a+b"], r"\w[.?!]|[a-z]!|a+b"),
        (["(?:[^,]+,)+a|b"], ""),
        (["(?:[^,]+,)*a"], ""),
        (["(?:[^,]+,)+"], ""),
        (["(?:a,)+b"], ""),
        ([r"\w+"], ""),
        ([r"\w+{2}"], ""),
        ([], ""),
    ],
)
def test_required_part(parts: list[str], part: str) -> None:
    assert required_part(parts) == part


def test_patterns_are_compiled_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(regex, "compile", lambda text, flags: compiled.append(text))
    patterns.expression("tokens", "never used, so never compiled")
    assert compiled == []
