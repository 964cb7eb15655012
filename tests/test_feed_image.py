"""Pictures that a feed adds."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.images.feed_image import FeedImage
from linter.source import Source

CHECK = FeedImage(r"^https?://feeds\.example\.org/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("![](https://feeds.example.org/1)", ["![](https://feeds.example.org/1)"], id="one"),
        pytest.param(
            "![](https://feeds.example.org/1) [![](https://feeds.example.org/2)](/a)",
            ["![](https://feeds.example.org/1) [![](https://feeds.example.org/2)](/a)"],
            id="several on a line are one",
        ),
        pytest.param(
            "![](https://feeds.example.org/1)\n![](https://feeds.example.org/2)",
            ["![](https://feeds.example.org/1)", "![](https://feeds.example.org/2)"],
            id="on two lines",
        ),
        pytest.param("![](https://example.org/1)", [], id="another address"),
        pytest.param("[the feed](https://feeds.example.org/1)", [], id="a link"),
    ],
)
def test_images(text: str, expected: list[str]) -> None:
    document = readers.read(Source(text), "markdown")
    assert [text[match.start : match.end] for match in CHECK.find(document)] == expected
