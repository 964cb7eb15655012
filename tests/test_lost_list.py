"""A last sentence that announces a list that does not follow."""

from __future__ import annotations

import pytest

from linter.checks.sentences.lost_list import LostList
from linter.readers import markdown
from linter.source import Source

STORY = "The tram is late today.\n\nThe town waits. These are the reasons of it:"


def found(text: str) -> list[str]:
    document = markdown.read(Source(text))
    return [text[match.start : match.end] for match in LostList().find_in(document)]


def test_the_last_sentence_is_found() -> None:
    assert found(STORY) == ["These are the reasons of it:"]
    assert found(STORY + "\n\n") == ["These are the reasons of it:"]


@pytest.mark.parametrize(
    "more",
    [
        "\n\n- money",
        "\n\n![a tram](tram.jpg)",
        "\n\n```\ntram\n```",
        "\n\n{{< film >}}",
        "\n\n<iframe src='/film'></iframe>",
        "\n\n[film]: https://example.org",
    ],
)
def test_what_follows_is_what_was_announced(more: str) -> None:
    assert found(STORY + more) == []


def test_labels_and_texts_of_one_block_are_none() -> None:
    assert found("The tram is late today.\n\nSee also:") == []
    assert found("These are the reasons of it:") == []
    assert found("") == []
