"""Titles that are too long, with the name of the site behind them and without."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.metadata.title_length import TitleLength
from linter.rule import ArticleFacts, FolderFacts, Rule
from linter.source import Source

CHECK = TitleLength(at_most=20)
RULE = Rule("test", "title-length", "", "", "info", CHECK, "")


def found(*titles: str, site: str = "") -> list[tuple[str, str]]:
    """The titles that are matched, with their length."""
    texts = {f"{number}.html": _page(title, site) for number, title in enumerate(titles)}
    facts = [
        ArticleFacts(path, "", len(text), tuple(CHECK.facts(readers.read(Source(text), "html"))))
        for path, text in texts.items()
    ]
    matches = CHECK.gather(FolderFacts(RULE, facts, lambda *_: True))
    return [(texts[article.path][match.start : match.end], match.values["length"]) for article, match in matches]


def _page(title: str, site: str) -> str:
    named = f'<meta property="og:site_name" content="{site}">' if site else ""
    return f"<html><head><title>{title}</title>{named}</head><body><p>The tram is late.</p></body></html>"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        pytest.param(["The tram is late now"], [], id="as long as may be"),
        pytest.param(["The tram is late, too"], [("The tram is late, too", "21")], id="one more"),
        pytest.param(["The tram — Harbor News"], [("The tram — Harbor News", "22")], id="a part of one title"),
        pytest.param(["The tram — Harbor News", "Ferries — Harbor News", "Boats — Harbor News"], [], id="of most"),
        pytest.param(
            ["The tram in the harbor — News", "Ferries — News", "Boats — News"],
            [("The tram in the harbor — News", "22")],
            id="long without it",
        ),
    ],
)
def test_lengths(titles: list[str], expected: list[tuple[str, str]]) -> None:
    assert found(*titles) == expected


def test_the_name_that_a_page_gives() -> None:
    assert found("The tram — Harbor News", site="Harbor News") == []
    assert found("The tram — Harbor News", site="Quay") == [("The tram — Harbor News", "22")]
