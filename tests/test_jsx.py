"""The JavaScript of MDX is left out of the text, and so are tags that contain it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from linter.readers import read
from linter.readers.jsx import find_jsx
from linter.source import Source


def texts(text: str) -> list[str]:
    document = read(Source(path="tram.mdx", text=text), "markdown")
    return [block.text for block in document.blocks if "code" not in block.scopes]


def test_an_expression_that_is_a_block_is_no_text() -> None:
    assert texts(
        "The tram.\n\n{(() => {\n  const late = 2 ** 3;\n\n  return <Graph a={late} />;\n})()}\n\nIt is late."
    ) == [
        "The tram.",
        "It is late.",
    ]


def test_a_tag_with_an_expression_is_no_text() -> None:
    assert texts("<Graph f={(x) => x ** 2} g={[\n  1,\n\n  2\n]} />\n\nThe tram.") == ["The tram."]


def test_the_content_of_a_tag_stays() -> None:
    assert texts('<Tabs values={["a"]}>\n\nThe *tram*.\n\n</Tabs>') == ["The tram."]
    assert texts("The <Hint text={`a > b`}>*late*</Hint> tram.") == ["The late tram."]


def test_what_is_not_javascript_stays() -> None:
    for text in ("The set {1, 2} is late.", "{/* a comment */}", "A < b and {name}.", "{never closed"):
        assert texts(text) == [text]
    assert not find_jsx("```jsx\n<A b={c} />\n{x}\n```\n\n`<A b={c} />`\n", 0)


@given(st.text("<>/{}=ab \n\"'`*", max_size=60))
def test_damage_is_in_order_and_inside(text: str) -> None:
    damage = find_jsx(text, 0)
    spans = sorted(damage.blanks + damage.cuts)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


def test_tags_around_markdown_are_no_html_blocks() -> None:
    assert texts(
        '> The tram.\n<div align="left">\n> ```py\n> late = 1\n> ```\n</div>\n\n<Note kind="a" />\n- late'
    ) == [
        "The tram.",
        "late",
    ]
