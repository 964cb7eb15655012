"""The name of a site behind a headline."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.metadata.site_suffix import SiteSuffix
from linter.source import Source

CHECK = SiteSuffix(("site_name", "link"))
STORY = "\n\nThe council met on Monday.\n"


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


def head(title: str, more: str = "") -> str:
    return f"---\ntitle: '{title}'\n{more}---\n{STORY}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            head("The tram is late - Harbour Week", "site_name: Harbour Week\n"), [" - Harbour Week"], id="named"
        ),
        pytest.param(
            head("The tram is late | Harbour Week", "link: https://harbourweek.org/a\n"), [" | Harbour Week"], id="host"
        ),
        pytest.param(
            head("The tram is late | The Harbour Week", "link: https://harbour-week.org/\n"), [], id="another host"
        ),
        pytest.param(
            head("The tram is late | The Big Tram", "link: https://tbt.org/\n"), [" | The Big Tram"], id="initials"
        ),
        pytest.param(head("The tram is late | Harbour Week"), [], id="no evidence"),
        pytest.param(head("The tram is late | why and how", "site_name: why and how\n"), [], id="no name"),
        pytest.param(head("Tram | Harbour Week", "site_name: Harbour Week\n"), [], id="a short headline"),
        pytest.param(
            head("The tram is late | Harbour Week") + "\n# The tram is late\n",
            [" | Harbour Week"],
            id="said without it",
        ),
        pytest.param("# The tram is late | Harbour Week" + STORY, [], id="a heading without evidence"),
    ],
)
def test_markdown(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_plain_text() -> None:
    assert found(f"The tram is late | Harbour Week{STORY}", "text") == [" | Harbour Week"]
    assert found(f"The tram is late - Harbour Week{STORY}", "text") == []
    assert found(f"One.\n\nTwo.\n\nThree.\n\nThe tram is late | Harbour Week{STORY}", "text") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbour Times", True),
        ("harbour.example.com", True),
        ("BBC Harbour", True),
        ("Times of Trams", False),
        ("Harbour Week", False),
    ],
)
def test_a_name_of_media_in_plain_text(name: str, expected: bool) -> None:
    check = SiteSuffix(media=("times", "bbc"))
    text = f"The tram is late - {name}\n{STORY}"
    assert bool([*check.find_in(readers.read(Source(text), "text"))]) is expected


def test_a_page_has_it_where_it_belongs() -> None:
    assert found("<title>The tram is late | Harbour Week</title><p>The tram is late</p>", "html") == []
