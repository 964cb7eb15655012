"""Front matter in the body of an article, and what a code block around it hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Document
from linter.readers import markdown
from linter.source import Source

FRONT = "---\ntitle: The harbour tram\nslug: harbour-tram\n---"
STORY = (
    "# The tram is late\n\nThe council met on Monday, and it spoke about the tram.\n\nThe vote is on Tuesday, they say."
)
PIECES = st.sampled_from(
    [
        "---\n",
        "+++\n",
        "```\n",
        "```mdx\n",
        "```yaml\n",
        "title: Tram\n",
        "slug: tram\n",
        "- late\n",
        "\n",
        STORY,
        "\r\n",
        "x",
    ]
)


def read(text: str) -> Document:
    return markdown.read(Source(text))


def inner(text: str) -> list[str]:
    """Return the front matter in the body."""
    return [text[slice(*note.span)] for note in read(text).notes if note.id == "inner-front-matter"]


@pytest.mark.parametrize("own", ["", f"{FRONT}\n\n"])
@pytest.mark.parametrize("info", ["mdx", "markdown", "yaml", ""])
def test_a_wrapped_article_is_read(own: str, info: str) -> None:
    text = f"{own}```{info}\n{FRONT}\n\n{STORY}\n```\n\nA note."
    document = read(text)
    assert [fence.state for fence in document.fences] == ["wrapped"]
    assert inner(text) == [FRONT]
    assert next(block.text for block in document.prose) == "The tram is late"
    assert not document.has_code


def test_inner_code_stays_code() -> None:
    document = read(f"```mdx\n{FRONT}\n\n{STORY}\n\n```python\nprint(1)\n```\n\nIt is late again, they say.\n```\n")
    assert [block.text for block in document.blocks if "code" in block.scopes] == ["print(1)\n"]


def test_front_matter_alone_in_a_code_block() -> None:
    text = f"```yaml\n{FRONT}\n```\n\n{STORY}\n"
    assert [fence.state for fence in read(text).fences] == ["around-front-matter"]
    assert inner(text) == [FRONT]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{STORY}\n\n```yaml\n{FRONT}\n```\n\n{STORY}", id="an example"),
        pytest.param(f"```yaml\n{FRONT}\n```\n", id="nothing else"),
        pytest.param(f"{STORY}\n\n---\nTitle: Tram\nAuthor: Anna\n---\n", id="words of the story"),
        pytest.param(f"{STORY}\n\n---\ntitle: Tram\n---\n", id="one key"),
        pytest.param(f"{STORY}\n\n{FRONT[:-3]}", id="never closed"),
        pytest.param(f"{STORY}\n\n" + f"{FRONT}\n\nOne\n\n" * 3, id="slides"),
        pytest.param("    " + FRONT.replace("\n", "\n    "), id="indented code"),
    ],
)
def test_what_is_none(text: str) -> None:
    assert inner(text) == []


@given(st.lists(PIECES, max_size=12).map("".join))
def test_spans_are_lines_and_nothing_is_read_twice(text: str) -> None:
    document = read(text)
    for note in document.notes:
        if note.id == "inner-front-matter":
            start, end = note.span
            assert text[start:end].startswith(("---", "+++", "title", "slug"))
            assert not any(block.source_span.start < end and start < block.source_span.end for block in document.prose)
