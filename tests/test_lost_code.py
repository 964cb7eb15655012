"""Code whose fences or backticks are missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.structure.lost_code import LostCode
from linter.source import Source

PARTS = st.sampled_from(["tram();", "if (late) {", "}", "The tram is late.", "x = 4;", "\n", "\n\n", "- ", "`a`"])


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in LostCode().find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Late:\n\ntram();\n\nif (late) {\n\n}", ["tram();\n\nif (late) {\n\n}"], id="paragraphs"),
        pytest.param("Late:\n\nx = 4;\ny = x + 1;\ntram(x);", ["x = 4;\ny = x + 1;\ntram(x);"], id="lines"),
        pytest.param(
            "Late:\n\n1 class Tram {\n\n2 int x;\n\n3\n\n4 }", ["1 class Tram {\n\n2 int x;\n\n3\n\n4 }"], id="numbers"
        ),
        pytest.param(
            "Late:\n\nnpm install tram\ncd tram\nnpm start", ["npm install tram\ncd tram\nnpm start"], id="a shell"
        ),
        pytest.param("Late:\n\ndef late(x):\nreturn x\nlate(4)", ["def late(x):\nreturn x\nlate(4)"], id="Python"),
        pytest.param("Late:\n\nx = 4;\ntram(x);", [], id="two lines"),
        pytest.param("x = 4;\ny = 5;\ntram(x);\n\nLate.", [], id="the first paragraph"),
        pytest.param("Late:\n\n    x = 4;\n    y = 5;\n    tram(x);", [], id="a code block"),
        pytest.param("Late:\n\n- a()\n- b()\n- c()", [], id="a list of calls"),
        pytest.param("Late:\n\nThe tram;\n\nand the harbour;\n\nand so on;", [], id="a verse"),
        pytest.param("Late:\n\nName: Anna\nLine: 4\nTime: nine", [], id="fields"),
        pytest.param("Late:\n\nx = 4;\n{{< tram >}}\ny = 5;\ntram(x);", [], id="a shortcode"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_lost_code(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_html() -> None:
    assert found("<p>Late:</p><p>x = 4;<br>y = 5;</p><p>tram(x);</p>", "html") == ["x = 4;<br>y = 5;</p><p>tram(x);"]


@given(st.lists(PARTS, max_size=24).map("".join))
def test_code_has_a_mark_of_code(text: str) -> None:
    assert all(set("{};=") & set(code) for code in found(text))
