"""Lines that belong to the web page around an article."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.boilerplate_line import BoilerplateLine
from linter.source import Source

STORY = "The council met on Monday, and it spoke about the tram, which will cost more."
CHECK = BoilerplateLine(
    ("share this (?:page|{kind})", "print"), ("facebook", "twitter", "mail"), 2, words={"kind": "story | post"}
)


def found(text: str, check: BoilerplateLine = CHECK, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{STORY}\n\nShare this story", ["Share this story"], id="a paragraph"),
        pytest.param(f"{STORY}\n\n### Share  this post:", ["Share  this post:"], id="a heading"),
        pytest.param(f"{STORY}\n\n* [Print](/p) »", ["[Print](/p) »"], id="a list item that is a link"),
        pytest.param(f"{STORY}  \nPrint", ["Print"], id="behind a hard break"),
        pytest.param(f"{STORY}\nPrint", ["Print"], id="behind the end of a sentence"),
        pytest.param("Mail\n\nTwitter", ["Mail", "Twitter"], id="several together"),
        pytest.param("Print\n\nTwitter", ["Print", "Twitter"], id="one next to a certain one"),
        pytest.param("She writes on:\n\n- Mail\n- Twitter", [], id="a list that a sentence leads to"),
        pytest.param("**Print:**\n\n“It is late.”", [], id="before a quotation"),
        pytest.param("**Print:**\n\n> It is late.", [], id="before a block of quotation"),
        pytest.param("Twitter\n\nTwitter", [], id="the same twice is not several"),
        pytest.param(f"Mail\n\n{STORY}\n\n{STORY}\n\nTwitter", [], id="several far apart"),
        pytest.param("Share this story with us", [], id="more words"),
        pytest.param("“Print”", [], id="a mention"),
        pytest.param("> Print", [], id="a quotation"),
        pytest.param("| Print |\n|---|", [], id="a cell of a table"),
        pytest.param("```\nPrint\n```", [], id="code"),
        pytest.param("The council has decided that it will\nprint\nno further tickets.", [], id="a wrapped sentence"),
        pytest.param("", [], id="an empty article"),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [("anywhere", 3), ("start", 1), ("end", 1), ("edge", 2)],
)
def test_where(where: str, expected: int) -> None:
    check = BoilerplateLine(("print",), where=where)  # type: ignore[arg-type]
    text = "\n\n".join(["Print", *[STORY] * 3, "Print", *[STORY] * 3, "Print"])
    assert len(found(text, check)) == expected


@pytest.mark.parametrize(("link", "expected"), [("any", 3), ("whole", 1), ("none", 1), ("button", 2)])
def test_links(link: str, expected: int) -> None:
    check = BoilerplateLine(("read more(?: here)?",), link=link)  # type: ignore[arg-type]
    assert len(found("Read more\n\n[Read more](/a)\n\nRead [more](/a) here", check)) == expected


def test_counts_among_counts() -> None:
    text = "- 12 votes\n- 3 comments\n\n3 comments\n\n- 3 comments\n- Late"
    assert len(found(text, BoilerplateLine((r"\d comments",)))) == 3
    assert len(found(text, BoilerplateLine((r"\d comments",), counts=False))) == 2


def test_headings_of_lists() -> None:
    check = BoilerplateLine(together=("mail|twitter",), several=2, not_below="(?:more )?resources")
    assert found("## More resources\n\nMail\n\nTwitter", check) == []
    assert found("## Resources\n\n## Trams\n\nMail\n\nTwitter", check) == ["Mail", "Twitter"]


def test_the_links_behind_it() -> None:
    check = BoilerplateLine(("related",), with_links=True)
    text = f"## Related\n\n- [One](/1)\n- [Two](/2)\n\n{STORY}\n\n[Three](/3)"
    assert found(text, check) == ["Related", "[One](/1)", "[Two](/2)"]


def test_html_and_plain_text() -> None:
    assert found(f"<p>{STORY}</p><ul><li>Print</li></ul>", kind="html") == ["Print"]
    assert found(f"{STORY}<br>Print", kind="html") == ["Print"]
    assert found(f"{STORY}\nPrint\n", kind="text") == ["Print"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("<body><p>The tram is late.</p><p>Print</p></body>", "html", id="a whole page"),
        pytest.param("<p>{{ page.title }}</p><p>Print</p>", "html", id="a template"),
        pytest.param("The tram.\n\n<video src=tram.mp4>\nPrint\n</video>", "markdown", id="for old browsers"),
    ],
)
def test_where_it_belongs(text: str, kind: str) -> None:
    assert found(text, kind=kind) == []


def test_what_it_needs() -> None:
    with pytest.raises(ValueError, match="words"):
        BoilerplateLine(("{missing}",))
    with pytest.raises(ValueError, match="several"):
        BoilerplateLine(together=("print",))


def test_beside() -> None:
    check = BoilerplateLine(("share",), nearby=("print",))
    assert found("Share\n\nPrint", check) == ["Share", "Print"]
    assert found("Print", check) == []


def test_addresses() -> None:
    check = BoilerplateLine(("print",), address=r"^/share\?")
    assert found("Send: [Mail](/share?by=mail) [Post](/share?by=post)", check) == [
        "Send: [Mail](/share?by=mail) [Post](/share?by=post)"
    ]
    assert found("[![](mail.png)](/share?by=mail)", check) == ["[![](mail.png)](/share?by=mail)"]
    assert found("You may [send it by mail](/share?by=mail) to everybody you know.", check) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(STORY, set(), id="no line"),
        pytest.param("Mail", set(), id="fewer lines of “together” than several"),
        pytest.param("Mail\n\nTwitter", {0}, id="several lines of “together”"),
        pytest.param("* Print »", {0}, id="a line of “lines”"),
        pytest.param("Share this tram", set(), id="a line that begins like one of “lines”"),
    ],
)
def test_the_index_selects_checks_that_may_match(text: str, expected: set[int]) -> None:
    assert CHECK.index([CHECK]).hits(readers.read(Source(text), "markdown")) == expected
