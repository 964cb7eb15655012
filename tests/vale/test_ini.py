"""The syntax of `.vale.ini`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config.yaml_file import File
from linter.vale import ini


def parse(text: str) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """Return the values in a config by section and key, and the mistakes."""
    file = File("x.ini")
    sections = ini.parse(text, file)
    return {
        name: {key: [*each.values] for key, each in section.keys.items()} for name, section in sections.items()
    }, file.mistakes


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("k = a b", "a b", id="white space around the value is left out"),
        pytest.param("k: a=b", "a=b", id="a colon delimits too, and the first delimiter counts"),
        pytest.param("  k=a", "a", id="an indented key"),
        pytest.param("k =", "", id="an empty value"),
        pytest.param("k = a # note", "a", id="a comment after a space"),
        pytest.param("k = a ; note # more", "a ; note", id="the sign # is searched first"),
        pytest.param("k = a ; note", "a", id="a comment with a semicolon"),
        pytest.param("k = a#b;c", "a#b;c", id="no comment without a space before it"),
        pytest.param("k = 'a, b' # note", "a, b", id="single quotes"),
        pytest.param('k = "a # b"', '"a', id="quotes do not protect from comments"),
        pytest.param("k = 'a' 'b'", "'a' 'b'", id="quotes that do not surround the whole value"),
        pytest.param("k = `a # b` # note", "a # b", id="backticks protect from comments"),
        pytest.param('k = """a" # b"""', 'a" # b', id="triple quotes"),
        pytest.param('"k" = a', "a", id="a key in quotes"),
        pytest.param("`k` = a", "a", id="a key in backticks"),
        pytest.param("k = a, \\\n  b, \\\n c\n", "a, b, c", id="lines that continue"),
        pytest.param("k = a \\\n\nl = c", "a ", id="an empty line ends a continued value"),
        pytest.param("k = `a\n b`", "a\n b", id="a value on several lines"),
        pytest.param("# no\n; no\n\nk = a", "a", id="comments and empty lines"),
        pytest.param("k = %(x)s %", "%(x)s %", id="percent signs have no meaning"),
    ],
)
def test_values(line: str, value: str) -> None:
    values, mistakes = parse(line)
    assert (values["DEFAULT"]["k"], mistakes) == ([value], [])


def test_sections_and_repeated_keys_add_up() -> None:
    text = (
        "K = 0\n[*.md]\nStyle = A\nStyle = B\nStyle = A\n[a[b]] c]\nk = 1\n[*.md] # note\nStyle = C\n[DEFAULT]\nK = 9\n"
    )
    assert parse(text) == (
        {"DEFAULT": {"K": ["0", "9"]}, "*.md": {"Style": ["A", "B", "C"]}, "a[b]] c": {"k": ["1"]}},
        [],
    )


def test_keys_keep_their_case_and_order() -> None:
    assert [*parse("B = 1\na = 2\nb = 3")[0]["DEFAULT"]] == ["B", "a", "b"]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a\n  word", "x.ini:2:3: “word” is neither a section nor “key = value”"),
        ("\n [*.md", "x.ini:2:2: “[*.md” has no “]”"),
        ("[]", "x.ini:1:1: this section has no name; write a glob such as [*.md]"),
        (" = a", "x.ini:1:2: there is no key before “=” or “:”"),
        ("k = `a\nb", "x.ini:1:5: this value has no closing `"),
        ('k = """a\nb', 'x.ini:1:5: this value has no closing """'),
        ('"k = a', 'x.ini:1:1: “"k = a” is neither a section nor “key = value”'),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    assert mistake in parse(text)[1]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("k =  a,  bc", [("a", 1, 6), ("bc", 1, 10)]),
        ("\n  k: 'a, b'", [("a", 2, 7), ("b", 2, 10)]),
        ("k = a, \\\n   b, c \\\n d", [("a", 1, 5), ("b", 2, 4), ("c d", 2, 7)]),
        ("k = `a,\n b`", [("a", 1, 6), ("b", 2, 2)]),
        ("k =", []),
    ],
)
def test_positions_of_items(text: str, items: list[tuple[str, int, int]]) -> None:
    value = ini.parse(text, File("x.ini"))["DEFAULT"].keys["k"].first
    assert [(item, *value.place(offset)) for item, offset in value.items()] == items


def test_merged_files() -> None:
    first = ini.parse("A = 1\n[*.md]\nB = 2", File("first.ini"))
    second = ini.parse("A = 3\n[*.txt]\n[*.md]\nB = 4", File("second.ini"))
    merged = ini.merge([first, second])
    assert [*merged] == ["DEFAULT", "*.md", "*.txt"]
    assert [(value.text, value.file.path) for value in merged["*.md"].keys["B"].values.values()] == [
        ("2", "first.ini"),
        ("4", "second.ini"),
    ]
    assert [*first["*.md"].keys["B"].values] == ["2"]


@given(st.text("ak=:[]*,#; \\\n'\"`", max_size=60))
def test_any_text(text: str) -> None:
    file, lines = File("x.ini"), text.split("\n")
    for section in ini.parse(text, file).values():
        for key in section.keys.values():
            assert lines[key.line - 1][key.column - 1 :].startswith((key.name[:1], '"', "`"))
            for value in key.values.values():
                for item, offset in value.items():
                    line, column = value.place(offset)
                    assert lines[line - 1][column - 1] == item[0]
    for mistake in file.mistakes:
        line, column, _ = file.parts_of(mistake) or (0, 0, "")
        assert 0 < line <= len(lines)
        assert 0 < column <= len(lines[line - 1]) + 1
