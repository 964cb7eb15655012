"""Imports and exports in MDX, which are code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import markdown
from linter.readers.jsx import find_statements
from linter.source import Source

PIECES = st.sampled_from(
    [
        "export const a = {",
        "import B from 'b'",
        "}",
        "\n",
        "\n\n",
        "(",
        ")",
        '"',
        "'",
        "`",
        "//",
        "/*",
        "*/",
        "```",
        "The tram.",
    ]
)


def found(text: str, path: str = "a.mdx", body: int = 0) -> list[str]:
    return [text[slice(*span)] for span in find_statements(text, body, path)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "import A from 'a'\nimport {B} from \"b\"\n\nText.",
            ["import A from 'a'\nimport {B} from \"b\""],
            id="imports",
        ),
        pytest.param(
            "export const a = {\n\n  b: '}',\n};\n\nText.", ["export const a = {\n\n  b: '}',\n};"], id="blank lines"
        ),
        pytest.param("A.\n\nexport default () => `{\n\n{`\n", ["export default () => `{\n\n{`"], id="a template"),
        pytest.param("export const a = [ // ]\n]\r\n\r\nText.", ["export const a = [ // ]\n]"], id="a comment"),
        pytest.param("Text\nimport A from 'a'", [], id="within a paragraph"),
        pytest.param("```js\n\nimport A from 'a'\n```\n\nimport B from 'b'", ["import B from 'b'"], id="code"),
        pytest.param("import taxes from abroad\n\nexport goods (and more)", [], id="words"),
        pytest.param("export const a = {\n\nText.", [], id="never closed"),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_markdown_only_if_it_begins_so() -> None:
    assert found("\nimport A from 'a'\n\nText.", "a.md") == ["import A from 'a'"]
    assert found("Text.\n\nimport A from 'a'\n", "a.md") == []
    assert found("title\n\nimport A from 'a'\n\nText.", "a.md", 7) == ["import A from 'a'"]


def test_statements_are_code() -> None:
    document = markdown.read(Source('export const a = {\n  title: "Tram",\n};\n\nThe tram.', "a.mdx"))
    assert [block.text for block in document.prose] == ["The tram."]
    assert [block.text for block in document.blocks_in(frozenset({"code"}))] == [
        'export const a = {\n  title: "Tram",\n};'
    ]


@given(st.lists(PIECES, max_size=20).map("".join))
def test_spans_are_whole_lines_in_order(text: str) -> None:
    done = 0
    for start, end in find_statements(text, 0, "a.mdx"):
        assert done <= start < end <= len(text)
        assert start == 0 or text[start - 1] == "\n"
        assert text[end : end + 1] in ("", "\n", "\r")
        assert text[start:end].startswith(("import", "export"))
        done = end
