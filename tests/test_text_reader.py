"""Plain text, and the HTML that leaks into it."""

from __future__ import annotations

import html
import textwrap
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import OBJECT, Block, Document
from linter.readers import kind_of, read
from linter.source import Source

STORY = (
    "The council met on Monday and spoke about the harbour tram, which is late again and will cost twice as much "
    "as planned. The mayor said that nobody was to blame for it, and that the line would be open by the summer of "
    "next year at the latest. Nobody in the hall believed a word of what was said, and most went home early."
)
WRAPPED = textwrap.fill(STORY, 64)
CHINESE = "市长在周一的会议上说，港口的电车今年会晚一些开通，而且费用会比原来的计划高出一倍。" * 5


def plain(text: str) -> Document:
    return read(Source(text), "text")


def texts(text: str) -> list[str]:
    return [block.text for block in plain(text).blocks]


def scoped(text: str) -> list[tuple[str, str]]:
    return [(" ".join(sorted(block.scopes)), block.text) for block in plain(text).blocks]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("The tram.\n\nThe vote.", ["The tram.", "The vote."], id="at blank lines"),
        pytest.param("The tram.\nThe vote.", ["The tram.", "The vote."], id="at line ends"),
        pytest.param("The tram.\r\nThe vote.\rThe end.", ["The tram.", "The vote.", "The end."], id="of all kinds"),
        pytest.param("The\u2028tram\x0cis late.", ["The\u2028tram\x0cis late."], id="and at nothing else"),
        pytest.param("  The tram. \n \t \n\xa0The vote.", ["The tram.", "The vote."], id="white space is no text"),
        pytest.param("", [], id="nothing in an empty text"),
        pytest.param("> The tram.\n>\n> The vote.", ["> The tram.", "> The vote."], id="a quote mark stays"),
    ],
)
def test_breaks_into_blocks(text: str, blocks: list[str]) -> None:
    assert texts(text) == blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("* The tram\n- The vote", [("list", "* The tram"), ("list", "- The vote")], id="bullets"),
        pytest.param("1. The tram\n(2) The vote", [("list", "1. The tram"), ("list", "(2) The vote")], id="numbers"),
        pytest.param("• The tram\nThe end", [("list", "• The tram"), ("paragraph", "The end")], id="then none"),
        pytest.param(
            "* * *\n---\n1984.", [("paragraph", "* * *"), ("paragraph", "---"), ("paragraph", "1984.")], id="rules"
        ),
        pytest.param(
            "-x\nA. Smith\n3.5 miles",
            [("paragraph", "-x"), ("paragraph", "A. Smith"), ("paragraph", "3.5 miles")],
            id="words",
        ),
    ],
)
def test_items_are_lists(text: str, blocks: list[tuple[str, str]]) -> None:
    assert scoped(text) == blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param(WRAPPED, [WRAPPED], id="a paragraph"),
        pytest.param(WRAPPED.replace("\n", "\r\n"), [WRAPPED], id="with other line ends"),
        pytest.param(f"{WRAPPED}\n\n{WRAPPED}", [WRAPPED, WRAPPED], id="two paragraphs"),
        pytest.param(textwrap.indent(WRAPPED, "    "), [WRAPPED], id="an indent is no text"),
        pytest.param(textwrap.indent(WRAPPED, "> "), [f"> {WRAPPED}"], id="nor is a quote mark within"),
        pytest.param(
            f"{WRAPPED}\n\nAnna Berg\n12 Harbour Road", [WRAPPED, "Anna Berg", "12 Harbour Road"], id="an address"
        ),
        pytest.param(f"{WRAPPED}\n- one\n- two", [WRAPPED, "- one", "- two"], id="a list below"),
        pytest.param(
            f"{WRAPPED}\n> The vote is on Tuesday.", [WRAPPED, "> The vote is on Tuesday."], id="a quote below"
        ),
        pytest.param(
            textwrap.fill(STORY, 64, initial_indent="   ") + "\n   The vote is on Tuesday.",
            [textwrap.fill(STORY, 64, initial_indent="   ").strip(), "The vote is on Tuesday."],
            id="a paragraph that ends without a blank line",
        ),
        pytest.param("\n".join(textwrap.wrap(CHINESE, 30)), [CHINESE], id="no space between Chinese letters"),
    ],
)
def test_wrapped_lines_are_one_paragraph(text: str, blocks: list[str]) -> None:
    assert texts(text) == blocks


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(STORY.split(". ")), id="a sentence a line"),
        pytest.param(
            "The tram goes by upon its rail,\nAnd rings its bell at noon.\n"
            "We wait for it in rain and hail;\nThey say it will come soon.",
            id="verse",
        ),
        pytest.param("The tram came at nine o’clock and\nit was twelve minutes late again", id="too few to judge"),
        pytest.param(
            "\n".join(f"The tram of line {n} leaves the harbour at {n} o’clock" for n in range(10, 30)),
            id="lines of one length",
        ),
        pytest.param(
            "\n".join(["Tram", "Harbour and town", "The council of the town", "vote", "and more"] * 4),
            id="a list of names",
        ),
        pytest.param("\n".join([STORY] * 4), id="long lines"),
    ],
)
def test_other_lines_are_not(text: str) -> None:
    assert texts(text) == text.split("\n")


def test_a_number_goes_on_with_the_sentence_or_begins_an_item() -> None:
    lines = [
        "The council of the town met for the first time this year on the",
        "12. of May and it spoke about nothing but the harbour tram, which",
        "is late again. It will meet again in the autumn and it will speak",
        "about the costs, which nobody has counted so far, as it was said",
        "in the hall by those who did not go home early that same evening.",
    ]
    assert texts("\n".join(lines)) == ["\n".join(lines)]
    assert texts("\n".join([*lines, "1. The tram", "2. The vote"]))[1:] == ["1. The tram", "2. The vote"]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param(
            "Xi <em>jinping</em> met", [("paragraph", "Xi jinping met")], id="inline tags are not in the text"
        ),
        pytest.param("Anna &amp; Bo&nbsp;Berg&#8217;s", [("paragraph", "Anna & Bo\xa0Berg’s")], id="entities are"),
        pytest.param(
            "&euro million, &notit; &amp", [("paragraph", "&euro million, &notit; &amp")], id="but no broken ones"
        ),
        pytest.param("One<br>two", [("paragraph", "One\ntwo")], id="a line break"),
        pytest.param(
            "<p>One<p>Two</p>three",
            [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "three")],
            id="block tags break",
        ),
        pytest.param("<h2>The tram</h2>Late.", [("heading", "The tram"), ("paragraph", "Late.")], id="a heading"),
        pytest.param(
            "<h2>The tram\nLate.",
            [("heading", "The tram"), ("paragraph", "Late.")],
            id="never closed, it ends with its line",
        ),
        pytest.param("<ul><li>One<li>Two</ul>", [("list", "One"), ("list", "Two")], id="list items"),
        pytest.param(
            "<blockquote>\nOne\nTwo\n</blockquote>\nThree",
            [("quote", "One"), ("quote", "Two"), ("paragraph", "Three")],
            id="a quote",
        ),
        pytest.param("Use <code>ls</code> here", [("code", "ls"), ("paragraph", f"Use {OBJECT} here")], id="code"),
        pytest.param("One <!-- two\n\nthree --> four", [("paragraph", "One  four")], id="a comment"),
        pytest.param(
            "<style>a {b}\n\nc</style>The tram", [("code", "a {b}\n\nc"), ("paragraph", "The tram")], id="a style"
        ),
        pytest.param('The tram."> more', [("paragraph", 'The tram."> more')], id="a tail of a tag is text"),
    ],
)
def test_leaked_html_is_markup(text: str, blocks: list[tuple[str, str]]) -> None:
    assert scoped(text) == blocks


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        pytest.param('<a href="x">China</a>', ["open a", "close a"], id="a link"),
        pytest.param("The tram<!-- late -->", ["comment "], id="a comment"),
        pytest.param("The tram</div", ["broken div"], id="a broken tag"),
        pytest.param("The “<em>” tag, the <div> tag, (<b>), `<i>`", [], id="mentions"),
        pytest.param("The <ul> and <ol> elements, between <p> and </p>", [], id="mentions of several"),
        pytest.param(
            "A <b>tag</b> and an <b>element</b>", ["open b", "close b"] * 2, id="not a mention with a partner"
        ),
        pytest.param("“no.”<br>“Yes.”", ["open br"], id="not a mention between quotations"),
        pytest.param("Use <h1> and <h2>, and style them.", [], id="a list of two without partners"),
        pytest.param("The <em> is", ["open em"], id="not a mention without a sign of it"),
        pytest.param('The <a href="x"> tag', ["open a"], id="not a mention with attributes"),
        pytest.param("Type :open <path> or -D <var>=<title> and <Del>", [], id="slots and keys"),
        pytest.param("The <code>ls</code> command</title>", ["open code", "close code", "close title"], id="no slots"),
        pytest.param("<user@example.org> Vec<T> a < b x <- y <3", [], id="no tags"),
    ],
)
def test_tags_show(text: str, tags: list[str]) -> None:
    found = plain(text).tags
    assert [f"{tag.kind} {tag.name}" for tag in found] == tags
    assert all(tag.visible for tag in found)


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("The mayor left. <!-- and\n\nthe tram is late", id="an open comment"),
        pytest.param("The mayor left. <!-- and\n\nthe tram is late <!-- x -->", id="an open comment before another"),
        pytest.param("The mayor left. <script>and\n\nthe tram is late", id="an open script"),
        pytest.param("The mayor left. <code>and\n\nthe tram</code> is late", id="code that runs over a blank line"),
        pytest.param("The mayor left. <code>and <!-- </code> -->\n\nthe tram is late", id="code that a comment closes"),
        pytest.param('The mayor left. <a href="x and\n\nthe tram is late', id="an open attribute"),
        pytest.param("The mayor left. <a href='x>and\n\nthe tram is late", id="an attribute that a tag closes"),
        pytest.param("The mayor left. ```html and\n\nthe tram is late", id="an open fence"),
    ],
)
def test_broken_markup_hides_nothing(hidden: str) -> None:
    words = " ".join(texts(hidden))
    assert "The mayor left." in words
    assert "the tram" in words
    assert "is late" in words


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param(
            '<a href="https://example.org">The tram</a>', [("html", "The tram", "https://example.org")], id="a tag"
        ),
        pytest.param(
            "<a href=x>The tram\nand more</a>", [("html", "The tram", "x")], id="a tag that is not closed on its line"
        ),
        pytest.param("<a name='x'>The tram</a>", [], id="no address"),
        pytest.param(
            "See https://example.org/a.",
            [("bare", "https://example.org/a", "https://example.org/a")],
            id="a bare address",
        ),
        pytest.param(
            "(www.example.org/a_(b))", [("bare", "www.example.org/a_(b)", "www.example.org/a_(b)")], id="in brackets"
        ),
        pytest.param(
            "http://localhost:80/?a=1&amp;b=2&quot;",
            [("bare", "http://localhost:80/?a=1&b=2", "http://localhost:80/?a=1&b=2")],
            id="with entities",
        ),
        pytest.param(
            "请看https://example.org。",
            [("bare", "https://example.org", "https://example.org")],
            id="between Chinese letters",
        ),
        pytest.param("http:// www.x x@www.example.org", [], id="no address at all"),
        pytest.param(
            '<a href="x">https://example.org</a>',
            [("html", "https://example.org", "x")],
            id="an address as the words of a link",
        ),
        pytest.param(
            "https://exam<b>ple.org</b>", [("bare", "https://exam", "https://exam")], id="markup ends an address"
        ),
    ],
)
def test_links(text: str, links: list[tuple[str, str, str]]) -> None:
    assert [(link.kind, link.text, link.url) for link in plain(text).links] == links


def test_a_link_keeps_the_places_of_its_address_and_title() -> None:
    text = 'The <a href="https://example.org/?a&amp;b" title="A \'plan\'">plan</a>.'
    (link,) = plain(text).links
    assert text[slice(*link.span)] == text[4:-1]
    assert (link.url, text[slice(*link.url_span)]) == ("https://example.org/?a&b", "https://example.org/?a&amp;b")
    assert link.title_span
    assert link.title == text[slice(*link.title_span)] == "A 'plan'"


def test_an_image_is_one_character_in_the_text() -> None:
    article = plain('The tram <img src="a.jpg" alt="A tram"> is late.')
    (image,) = article.images
    assert (image.url, image.alt and image.alt.text) == ("a.jpg", "A tram")
    assert [block.text for block in article.prose] == [f"The tram {OBJECT} is late."]


@pytest.mark.parametrize(
    ("text", "fences", "blocks"),
    [
        pytest.param("“`html\n\nThe tram.", [("stray", "“`html", None, "html")], ["The tram."], id="typographic"),
        pytest.param("```\nThe tram.\n```", [("stray", "```", None, "")] * 2, ["The tram."], id="each mark is one"),
        pytest.param(
            "```html The council met on Monday. ```",
            [("one-line", "```html", "```", "html")],
            ["The council met on Monday."],
            id="around a line",
        ),
        pytest.param("The tram. ```html", [("stray", "```html", None, "html")], ["The tram."], id="behind words"),
        pytest.param("<p>```html</p>The tram.", [("stray", "```html", None, "html")], ["The tram."], id="between tags"),
        pytest.param("“`ls` is a command", [], ["“`ls` is a command"], id="inline code is none"),
        pytest.param("<pre>```\nx</pre>", [], ["```\nx"], id="code holds none"),
    ],
)
def test_fence_marks(text: str, fences: list[tuple[str, str, str | None, str]], blocks: list[str]) -> None:
    article = plain(text)
    found = [
        (fence.state, text[slice(*fence.opener)], fence.closer and text[slice(*fence.closer)], fence.info)
        for fence in article.fences
    ]
    assert found == fences
    assert [block.text for block in article.blocks] == blocks


def test_text_is_read_by_its_suffix() -> None:
    assert [kind_of(str(PurePath("a") / name)) for name in ("b.txt", "b.TEXT", "b.py")] == ["text", "text", None]


WORDS = ["The tram", " is late. ", "é\U0001f68a", "市长", "&amp;", "&nbsp;", "&#8217;", "&bad;", "“", "”", "<", ">"]
BREAKS = ["\n", "\r\n", "\r", "\n\n", "  ", "\t", "<br>", "- ", "1. ", "> ", "```html", "```", "“`"]
TAGS = ["<b>", "</b>", "<p>", "</p>", "<li>", "<ul>", "</ul>", "<h2>", "</h2>", "<code>", "</code>", "<pre>", "</pre>"]
OTHERS = ["<!--", "-->", "<script>", "</script>", '<img src="a" alt="b &amp; c">', '<a href="x', "</a>"]
LINKS = ['<a href="https://example.org/?a&amp;b">', " https://example.org/a."]
PIECES = st.sampled_from([*WORDS, *BREAKS, *TAGS, *OTHERS, *LINKS])
OPENERS = st.sampled_from(
    [
        "<!--",
        "<script>",
        "<style>",
        "<code>",
        "<pre>",
        "<b>",
        "<div>",
        "<li>",
        "<h2>",
        "<td>",
        '<a href="x">',
        "\n",
        "\n\n",
    ]
)


def check_map(source: str, block: Block) -> None:
    """Check the map of a block: in order, inside the source, and verbatim if the lengths are equal."""
    ends = [*block.starts[1:], len(block.text)]
    at = 0
    for start, end, piece in zip(block.starts, ends, block.pieces, strict=True):
        assert start < end
        assert at <= piece.start <= piece.end <= len(source)
        at = piece.end
        if end - start == piece.end - piece.start:
            assert block.text[start:end] in (source[slice(*piece)], "\n")


@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_place_is_right(text: str) -> None:
    article = plain(text)
    assert all(block.text.strip() for block in article.prose)
    for block in article.blocks:
        check_map(text, block)
    for tag in article.tags:
        assert text[tag.span.start] == "<"
    for link in article.links:
        assert link.url == html.unescape(text[slice(*link.url_span)])
        assert link.span.start <= link.url_span.start <= link.url_span.end <= link.span.end <= len(text)
        assert 0 <= link.start <= link.end <= len(link.block.text)
    for fence in article.fences:
        assert text[fence.opener.start] in "`“"


@given(st.lists(OPENERS, max_size=12))
def test_nothing_that_is_open_hides_a_word(openers: list[str]) -> None:
    text = "".join(f"{opener} word{i} " for i, opener in enumerate(openers))
    shown = " ".join(block.text for block in plain(text).prose).split()
    assert [word for word in shown if word.startswith("word")] == [f"word{i}" for i in range(len(openers))]


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    source = Source.from_bytes(data)
    for block in read(source, "text").blocks:
        check_map(source.text, block)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The tram is late. " * 200_000, id="one long line"),
        pytest.param("\n" * 1_000_000, id="blank lines"),
        pytest.param("<div>" * 50_000, id="open tags"),
        pytest.param("<div>" * 10_000 + "x\n" * 10_000 + "</div>" * 10_000, id="deep nesting"),
        pytest.param("<li><ul>" + "<div>" * 10_000 + "<li></li>" * 10_000, id="items below deep nesting"),
        pytest.param("<code>" * 10_000 + "\n\n</code>" * 10_000, id="code over blank lines"),
        pytest.param("https://example.org/) " * 30_000, id="addresses"),
        pytest.param("https://example.org/" + ")" * 1_000_000, id="brackets behind an address"),
        pytest.param('<a href="' * 50_000, id="open attributes"),
        pytest.param("<b>, " * 30_000 + "<i> tag", id="mentions"),
        pytest.param(f"{WRAPPED}\n\n" * 2_000, id="wrapped paragraphs"),
        pytest.param("```\n" * 20_000, id="fence marks"),
    ],
)
def test_reading_of_long_texts_ends(text: str) -> None:
    plain(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_between_marks_is_metadata(end: str) -> None:
    text = f"---{end}title: The tram is late{end}lang: fr{end}---{end}{end}La ville.{end}"
    document = plain(text)
    assert document.metadata.values == {"title": "The tram is late", "lang": "fr"}
    assert [block.text for block in document.blocks if "paragraph" in block.scopes] == ["La ville."]
    assert document.language == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: The tram\n\nThe town.\n",  # never closed
        "---\nThe town.\n---\n",
        "---\nferry: late\n---\n",  # no key of front matter
        "---\ntitle: [\n---\n",
        "Title: The tram\n\nThe town.\n",
    ],
)
def test_other_lines_between_marks_are_text(text: str) -> None:
    document = plain(text)
    assert not document.metadata.values
    assert document.blocks[0].source_span[0] == 0


@given(st.text("-+:\n\r ab", max_size=40), st.text("<>-`ab \n", max_size=30))
def test_spans_after_front_matter_name_their_text(inner: str, body: str) -> None:
    document = plain(f"---\ntitle: The tram\n{inner}\n---\n{body}")
    for tag in document.tags:
        assert document.source.text[tag.span.start] == "<"
    for block in document.blocks:
        if "metadata" not in block.scopes:  # a value may be folded
            for at, character in enumerate(block.text):
                start, end = block.span(at, at + 1)
                assert document.source.text[start:end] == character or character == "\n"
