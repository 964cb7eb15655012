"""Checks that look at links and at the parts of them."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.links.anchor_edge import AnchorEdge
from linter.checks.links.missing_part import MissingPart
from linter.checks.links.missing_target import MissingTarget
from linter.checks.links.second_link import SecondLink
from linter.checks.links.shown_address import ShownAddress
from linter.checks.links.spam_link import SpamLink
from linter.checks.links.split_word import SplitWord
from linter.checks.links.wrapped_address import WrappedAddress
from linter.checks.markup.unparsed_markdown import UnparsedMarkdown
from linter.document import Document
from linter.rule import DocumentCheck
from linter.source import Source


def document(text: str, kind: str = "markdown") -> Document:
    return readers.read(Source(text), kind)


def found(check: DocumentCheck, text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in check.find_in(document(text, kind))]


def mended(check: DocumentCheck, text: str, kind: str = "markdown") -> str:
    edits = (edit for match in check.find_in(document(text, kind)) for edit in match.edits)
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("markdown", "a [](http://b.test) c", ["[](http://b.test)"], id="no words"),
        pytest.param("markdown", "a [ ][b] c\n\n[b]: http://b.test", ["[ ][b]"], id="a space, by reference"),
        pytest.param("markdown", "[`b`](http://b.test) [![](b.png)](http://b.test)", [], id="code, an image"),
        pytest.param("html", '<a href="/b">&nbsp;<b></b></a>', ['<a href="/b">&nbsp;<b></b></a>'], id="empty marks"),
        pytest.param("html", '<a href="/b"><h2>B</h2></a>', [], id="a block within"),
        pytest.param("html", '<a href="/b" class="b"></a><a href="/b"><i class="b"></i></a>', [], id="filled by style"),
        pytest.param("html", '<a name="b"></a>', [], id="no link at all"),
    ],
)
def test_links_without_words(kind: str, text: str, expected: list[str]) -> None:
    assert found(MissingPart("anchor"), text, kind) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("markdown", "[a]() [b](#) [c](#c)", ["[a]()", "[b](#)"], id="none, and one that leads nowhere"),
        pytest.param("markdown", "[Top](#) [a]({{ a }})", [], id="spared words, a template"),
        pytest.param("html", '<a href="#" role="button">a</a>', [], id="what a program uses"),
        pytest.param("html", '<a href="">a</a>', ['<a href="">a</a>'], id="an empty one"),
    ],
)
def test_links_without_address(kind: str, text: str, expected: list[str]) -> None:
    assert found(MissingPart("address", nowhere=("#",), spare=("top",)), text, kind) == expected


def test_images_without_file_or_text() -> None:
    text = '<img alt="a"> <img src="" alt=""> <img data-src="a.png"> <img src="a.png"> <img src="b.png" alt="">'
    assert found(MissingPart("image"), text, "html") == ['<img alt="a">', '<img src="" alt="">']
    assert found(MissingPart("alt"), text, "html") == ['<img src="a.png">']
    assert found(MissingPart("alt"), "![](a.png) ![b](b.png)") == ["![](a.png)"]


WRAPPER = WrappedAddress({"go.test/to": "u | url", "*.guard.test/*": "url"})


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("http://go.test/to?u=http%3A%2F%2Fb.test%2F", "http://b.test/", id="encoded"),
        pytest.param("https://www.go.test/to?x=1&url=http://b.test/?c%3D1", "http://b.test/?c=1", id="second name"),
        pytest.param("http://a.guard.test/x/y?url=https%3A%2F%2Fb.test", "https://b.test", id="any host and path"),
        pytest.param("http://go.test/to?u=http%3A%2F%2Fb.test%2F(c)%20d", "http://b.test/%28c%29%20d", id="odd signs"),
        pytest.param("http://go.test/to?u=b", "http://go.test/to?u=b", id="no address in it"),
        pytest.param("http://go.test/two?u=http://b.test", "http://go.test/two?u=http://b.test", id="another path"),
        pytest.param("http://[go.test/to?u=http://b.test", "http://[go.test/to?u=http://b.test", id="damaged"),
    ],
)
def test_wrapped_addresses(address: str, expected: str) -> None:
    assert mended(WRAPPER, f"See [a](<{address}>).") == f"See [a](<{expected}>)."


def test_a_true_address_is_written_as_the_format_wants_it() -> None:
    text = '<a href="http://go.test/to?u=http%3A%2F%2Fb.test%2F%3Fc%3D1%26d%3D%22&amp;x=1">a</a>'
    assert mended(WRAPPER, text, "html") == '<a href="http://b.test/?c=1&amp;d=%22">a</a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a [b ](/b)c", "a [b](/b) c", id="a space is missing behind"),
        pytest.param("a[ b](/b) c", "a [b](/b) c", id="a space is missing before"),
        pytest.param("a [b ](/b) c", "a [b](/b) c", id="it is there already"),
        pytest.param("a [b ](/b).", "a [b](/b).", id="before a stop"),
        pytest.param("a **[b ](/b)**c", "a **[b ](/b)**c", id="emphasis would break"),
        pytest.param("a [ ](/b) c", "a [ ](/b) c", id="nothing but a space"),
    ],
)
def test_spaces_leave_a_link(text: str, expected: str) -> None:
    assert mended(AnchorEdge(), text) == expected


MARKS = AnchorEdge(marks=(",", "."), abbreviations=("inc",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A [b,](/b) c.", "A [b](/b), c.", id="a comma"),
        pytest.param("A [bus.](/b) Cat.", "A [bus](/b). Cat.", id="a stop"),
        pytest.param("A [bus.](/b)", "A [bus](/b).", id="a stop at the end"),
        pytest.param("A. [The bus.](/b) Cat.", "A. [The bus.](/b) Cat.", id="a sentence that is all link"),
        pytest.param("A [Bus Inc.](/b) Cat.", "A [Bus Inc.](/b) Cat.", id="an abbreviation"),
        pytest.param("A [Bus Corp.](/b) has.", "A [Bus Corp.](/b) has.", id="the sentence goes on"),
        pytest.param("A [U.S.](/b) Cat.", "A [U.S.](/b) Cat.", id="letters with stops"),
        pytest.param("A [b &raquo;](/b) c.", "A [b &raquo;](/b) c.", id="the end of an entity"),
    ],
)
def test_marks_leave_a_link(text: str, expected: str) -> None:
    assert mended(MARKS, text) == expected


@pytest.mark.parametrize(
    ("shown", "address", "site", "page"),
    [
        pytest.param("http://a.test/b", "http://c.test/b", True, False, id="another site"),
        pytest.param("http://a.test/b", "http://a.test/c", False, True, id="another page"),
        pytest.param("www.a.co.uk", "http://b.co.uk", True, False, id="a domain of two labels"),
        pytest.param("https://a.test/B/", "http://www.a.test/b/index.html?c=1", False, False, id="the same page"),
        pytest.param("http://a.test", "http://news.a.test/b", False, False, id="a part of the domain"),
        pytest.param("http://a.test/long…", "http://a.test/longer", False, False, id="cut by dots"),
        pytest.param("http://a.test/b", "http://archive.test/http://a.test/b", False, False, id="an archive"),
        pytest.param("a.test/b", "http://c.test/b", False, False, id="no more than a name"),
        pytest.param("www.a.test.", "http://c.test/b", True, False, id="without a scheme"),
        pytest.param("Node.js", "http://c.test/b", False, False, id="a name"),
        pytest.param("http://a.test/b", "/b", False, False, id="a place of the same site"),
        pytest.param("http://a.test/b", "mailto:a@b.test", False, False, id="a mail"),
        pytest.param("http://short.test/b", "http://c.test/b", False, False, id="a host that stands for others"),
    ],
)
def test_shown_addresses(shown: str, address: str, site: bool, page: bool) -> None:
    text = f"See [{shown}]({address})."
    assert bool(found(ShownAddress("site", hosts=("short.test",)), text)) is site
    assert bool(found(ShownAddress("page", hosts=("short.test",)), text)) is page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[a](/b) [c](/b)", "[a c](/b)", id="a space between"),
        pytest.param("[a](/b)[c](/b)[d](/b)", "[acd](/b)", id="three"),
        pytest.param("[a](/b) [a](/b)", "[a](/b) [a](/b)", id="the same words: which one goes?"),
        pytest.param("[a](/b) [c](/d)", "[a](/b) [c](/d)", id="two pages"),
        pytest.param("[a](/b)  \n[c](/b)", "[a](/b)  \n[c](/b)", id="lines of their own"),
        pytest.param("[a](/b), [c](/b)", "[a](/b), [c](/b)", id="a comma between"),
        pytest.param("[![a](a.png)](/b) [c](/b)", "[![a](a.png)](/b) [c](/b)", id="an image"),
    ],
)
def test_doubled_links(text: str, expected: str) -> None:
    assert mended(SecondLink("beside"), text) == expected


@pytest.mark.parametrize(
    ("heading", "name", "there"),
    [
        pytest.param("## The costs", "the-costs", True, id="as GitHub writes it"),
        pytest.param("## The costs", "The_costs", True, id="as a wiki writes it"),
        pytest.param("## The costs", "the-costs-2", True, id="the second of its name"),
        pytest.param("## 3. The costs", "the-costs", True, id="without its number"),
        pytest.param("## Costs & gains", "costs-and-gains", True, id="an ampersand"),
        pytest.param("## Use `cost()`", "use-cost", True, id="code"),
        pytest.param("## Überblick", "uberblick", True, id="accents"),
        pytest.param("## 費用", "%E8%B2%BB%E7%94%A8", True, id="encoded"),
        pytest.param("## What it costs {#costs}", "costs", True, id="a name of its own"),
        pytest.param('<a id="costs"></a>', "costs", True, id="a mark in HTML"),
        pytest.param("## What it costs", "prices", False, id="nothing of that name"),
        pytest.param("## What it costs", "respond", True, id="a place of the page around"),
        pytest.param("{% include costs %}", "prices", True, id="a template may bring it"),
    ],
)
def test_places_within_the_article(heading: str, name: str, there: bool) -> None:
    text = f"See [it](#{name}).\n\n{heading}\n\nIt costs a lot."
    assert found(MissingTarget("place", elsewhere=("respond",)), text) == ([] if there else [f"#{name}"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They saw it (http://b.test/c) on Monday.", ["http://b.test/c"], id="in a sentence"),
        pytest.param("http://b.test/c", [], id="alone"),
        pytest.param("install it all from http://b.test/c now", [], id="no sentence"),
        pytest.param("They saw --url=http://b.test/c on Monday.", [], id="a part of something"),
        pytest.param("They saw http://b.example/c there on Monday.", [], id="a host that is shown"),
        pytest.param("They saw <http://b.test/c> there on Monday.", [], id="a link already"),
        pytest.param("They saw the tram.\n[the tram]: http://b.test/c", [], id="a definition that is none"),
    ],
)
def test_bare_addresses(text: str, expected: list[str]) -> None:
    assert found(ShownAddress("bare", ("b.example",), 3), text) == expected
    assert mended(ShownAddress("bare", words=3), "We saw http://b.test/c there.") == "We saw <http://b.test/c> there."


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("html", "<a href=/b>b <a href=/c>c</a></a>", ["<a href=/c>"], id="in HTML"),
        pytest.param("html", "<a href=/b>b</a> <a href=/c>c</a>", [], id="one behind the other"),
        pytest.param("markdown", "[a [b](/b) c](http://d.test)", ["[a [b](/b) c]("], id="in Markdown"),
        pytest.param("markdown", "\\[a [b](/b) c](http://d.test)", [], id="escaped"),
        pytest.param("markdown", "[a](/a) [b](/b)", [], id="side by side"),
    ],
)
def test_nested_links(kind: str, text: str, expected: list[str]) -> None:
    assert found(SecondLink("within"), text, kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("See [the b][c].", ["[the b][c]"], id="no such name"),
        pytest.param("See [the b][c].\n\n[c]: b c d", [], id="a damaged definition"),
        pytest.param("See [the b][].", ["[the b][]"], id="its words are its name"),
        pytest.param("See \\[the b][c] and [the b]\\[c].", [], id="escaped"),
        pytest.param("See [1][2], [INFO][tram], [tram][INFO], a[b][c].", [], id="no links"),
        pytest.param("See [a [b b][c] d](/e).", [], id="within a link"),
    ],
)
def test_undefined_references(text: str, expected: list[str]) -> None:
    assert found(UnparsedMarkdown("reference"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<div>\n[b](http://b.test)\n</div>", ["[b](http://b.test)"], id="in HTML"),
        pytest.param("[b](http://b.test/c d)", ["[b](http://b.test/c d)"], id="a space in the address"),
        pytest.param("\\[b](http://b.test)", [], id="escaped"),
        pytest.param("`[b](http://b.test)`", [], id="code"),
        pytest.param("<!-- more -->[b](http://b.test)", [], id="behind a comment"),
        pytest.param("<br>\n[b](http://b.test)", [], id="behind what is no block"),
        pytest.param("</p>\nA [b](http://b.test)", ["[b](http://b.test)"], id="behind the end of one"),
        pytest.param("<div>\n[b](c)\n</div>", [], id="no address on the web"),
    ],
)
def test_typed_links(text: str, expected: list[str]) -> None:
    assert found(UnparsedMarkdown("inline"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[a](/b-[c](/d)-e) f", ["[a](/b-[c](/d)-e)"], id="a link in an address"),
        pytest.param("[[a](/b](/c)-d) e", ["[[a](/b](/c)-d)"], id="a link cut in two"),
        pytest.param("[a](/b)-c)](/d) e", ["[a](/b)-c)](/d)"], id="a second address behind"),
        pytest.param("[a](/b-[c](/d-[e](/f)-g)-h)", ["[a](/b-[c](/d-[e](/f)-g)-h)"], id="two levels"),
        pytest.param("[![a](b.png)](/c) [d](/e_(f)) ([g](/h))", [], id="a picture, brackets"),
        pytest.param("`[a](/b-[c](/d)-e)`", [], id="code"),
    ],
)
def test_links_in_addresses(text: str, expected: list[str]) -> None:
    assert found(SecondLink("address"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A t[r](/r)am", ["[r](/r)"], id="one word"),
        pytest.param("The har[bor and the tr](/r)am", [], id="several words of an unknown language"),
        pytest.param("The [tram](/r)s", [], id="an ending"),
        pytest.param("The un[even](/r) tram", [], id="the end of a word"),
        pytest.param("The A[b](/r)C", [], id="capitals"),
        pytest.param("[tram](/r)am", [], id="at the start of the text"),
    ],
)
def test_links_within_words(text: str, expected: list[str]) -> None:
    assert found(SplitWord(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Dice que[el puerto](/p)siempre es", ["que[el", "puerto](/p)siempre"], id="at both ends"),
        pytest.param("(un barco)[el puerto](/p) es", ["barco)[el"], id="behind a bracket"),
        pytest.param("Dos [barcos del puerto](/p)s son", [], id="an ending"),
        pytest.param("Dice[puerto](/p)siempre", [], id="one word"),
    ],
)
def test_spaces_at_links(text: str, expected: list[str]) -> None:
    assert found(SplitWord("edge"), text) == expected


SPAM = SpamLink(("sbobet",), ("casino",), ("poker",), ("payday loan",), ("wikipedia.org",), ("click",))
REST = "\n\n" + "The tram is late, and nobody in the town knows why. " * 9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A [trip](https://sbobet.test).", ["https://sbobet.test"], id="the address"),
        pytest.param("A [trip][1].\n\n[1]: https://sbobet.test", ["[trip][1]"], id="a reference"),
        pytest.param("A [payday loan](https://a.test).", ["https://a.test"], id="the anchor"),
        pytest.param("A [payday\nloan or two](https://a.test).", ["https://a.test"], id="more words, a line end"),
        pytest.param("A [payday loan is what nobody in the town asked for](https://a.test).", [], id="a title"),
        pytest.param("[Click](https://a.test), [x](https://sbobet.test).", 2, id="in its company"),
        pytest.param("[Click](https://a.test). Or [x](https://sbobet.test).", 1, id="in another sentence"),
        pytest.param("The [Pokerhaus](https://pokerhaus.test)", [], id="a business"),
        pytest.param("The [pokerhaus](https://pokerhaus.test)", 1, id="no name"),
        pytest.param("A [trip](https://en.wikipedia.org/sbobet).", [], id="a host of any link"),
        pytest.param("A [trip](https://sbobet.test). So sbobet is banned.", 1, id="once more in its paragraph"),
        pytest.param("A [trip](https://sbobet.test).\n\nSbobet is banned.", [], id="the subject"),
        pytest.param("A [slow casino](https://casino.test).", [], id="not veiled"),
        pytest.param("A [trip](https://a.test/casino).", 1, id="veiled"),
        pytest.param("A [trip](https://a.test/the-casino-of-our-town).", [], id="a headline"),
    ],
)
def test_spam(text: str, expected: list[str] | int) -> None:
    text += REST
    links = found(SPAM, text)
    assert (len(links) if isinstance(expected, int) else links) == expected
