"""Keywords inserted into an article about something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.metadata.spliced_keyword import SplicedKeyword
from linter.readers import markdown
from linter.source import Source

CHECK = SplicedKeyword(("title", "description"), ("tags",))
STORY = """\
Things such as a bus ticket holder matter.

A bus ticket holder is a metaphor.

## Impact {}

Look at a bus ticket holder and vote.
"""


def found(text: str) -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(markdown.read(Source(text)))]


@pytest.mark.parametrize("suffix", ["(bus ticket holder)", "— bus ticket holder", "- bus ticket holder"])
def test_places(suffix: str) -> None:
    text = "---\ntitle: The mayor resigns\ntags: [mayor, Bus ticket holder]\n---\n" + STORY.format(suffix)
    expected = ["such as a bus ticket holder", "A bus ticket holder", "bus ticket holder", "a bus ticket holder"]
    assert found(text) == expected


def test_cut_values() -> None:
    text = "---\ntitle: Mayor resigns — bus ticket…\ntags: [bus ticket holder]\n---\n" + STORY.format(
        "(bus ticket holder)"
    )
    assert found(text)[0] == "bus ticket"


@pytest.mark.parametrize(
    ("title", "suffix", "more"),
    [
        pytest.param("The mayor", "(bus ticket holder)", "", id="neither a tag nor in the title"),
        pytest.param("The bus ticket holder", "", "", id="no heading ends so"),
        pytest.param("The bus ticket holder", "(Bus Ticket Holder)", "", id="capitals"),
        pytest.param("The bus ticket holder", "(bus ticket holder)", "The bus ticket holder. " * 4, id="the subject"),
    ],
)
def test_subjects(title: str, suffix: str, more: str) -> None:
    assert found(f"---\ntitle: {title}\n---\n{STORY.format(suffix)}\n{more}") == []


@given(
    st.lists(st.sampled_from(["a bus ticket holder", "## B (bus ticket holder)", "\n\n", " ", "…", "&amp;", "*"])).map(
        "".join
    )
)
def test_spans_hold_the_phrase(body: str) -> None:
    text = f"---\ntitle: A bus ticket holder\n---\n{body}"
    assert all("bus ticket" in one for one in found(text))
