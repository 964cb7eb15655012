"""Menus and lists of teasers of a page that was converted to Markdown."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.page_menu import PageMenu
from linter.source import Source

MENU = PageMenu("menu", ("about", "blog", "contact"))
TEASERS = PageMenu("teasers", ("read more",))
STORY = "The harbor tram is late again, and nobody at the town hall can say when that will change."
SITE = "https://example.org/"
LINKS = "\n".join(f"* [{name}]({SITE}{name}/)" for name in ("About", "Ferries", "Blog", "Trams", "Contact"))


def found(check: PageMenu, text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(readers.read(Source(text), kind))]


def test_menu_above_the_title() -> None:
    assert found(MENU, f"{LINKS}\n\n# Late\n\n{STORY}\n") == [LINKS[2:]]


def test_menu_at_the_end_goes_up_to_the_last_line() -> None:
    assert found(MENU, f"# Late\n\n{STORY}\n\n{LINKS}\n\n© Harbor\n") == [f"{LINKS[2:]}\n\n© Harbor"]


@pytest.mark.parametrize(
    "links",
    [
        pytest.param(LINKS.replace(SITE, "/"), id="links within the site"),
        pytest.param(LINKS.replace("[Contact]", "[Bridges]"), id="two labels"),
        pytest.param("\n".join(LINKS.split("\n")[::2]), id="three links"),
        pytest.param(
            LINKS.replace(f"{SITE}A", "https://a.example/").replace(f"{SITE}B", "https://b.example/"), id="sites"
        ),
    ],
)
def test_no_menu(links: str) -> None:
    assert found(MENU, f"{links}\n\n# Late\n\n{STORY}\n") == []


def test_other_kinds_are_left_out() -> None:
    assert found(MENU, f"{LINKS}\n\n# Late\n\n{STORY}\n", "text") == []


def card(name: str, more: str = "Read more") -> str:
    return f"## [{name}]({SITE}{name}/)\n\nWhat it costs.\n\n[{more}]({SITE}{name}/)"


def test_teasers() -> None:
    cards = "\n\n".join(card(name) for name in ("Ferry", "Bridge", "Pier"))
    assert found(TEASERS, f"# Late\n\n{STORY}\n\n{cards}\n") == [cards[3:]]


def test_no_teasers() -> None:
    two = "\n\n".join(card(name) for name in ("Ferry", "Bridge"))
    assert found(TEASERS, f"# Late\n\n{STORY}\n\n{two}\n\n{card('Pier', 'The pier')}\n") == []
