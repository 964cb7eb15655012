"""HTML documents: article text, boilerplate, and their positions in the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import Document
from linter.source import Source


def _read(text: str) -> Document:
    return readers.read(Source(text), "html")


def _shown(text: str) -> list[str]:
    """Return the blocks of a page, without code, each with its scopes."""
    blocks = [block for block in _read(text).blocks if "code" not in block.scopes]
    return [f"{' '.join(sorted(block.scopes))}: {block.text}" for block in blocks]


WORDS = [
    pytest.param("The tram is late.", ["paragraph: The tram is late."], id="text alone"),
    pytest.param("<p>The  tram\t is</p>\n late.", ["paragraph: The tram is", "paragraph: late."], id="white space"),
    pytest.param("<p> The <b>tram </b> is </p>", ["paragraph: The tram is"], id="white space around tags"),
    pytest.param("<p>The\r\n    tram\ris</p>", ["paragraph: The\ntram\nis"], id="line ends"),
    pytest.param("<p>The <br> tram<br>", ["paragraph: The\ntram"], id="a line break"),
    pytest.param("<p>The tram<br>\n<br />is late", ["paragraph: The tram", "paragraph: is late"], id="two line breaks"),
    pytest.param("<p>漢字\n漢字 <b>漢字</b>", ["paragraph: 漢字漢字 漢字"], id="a line end between Chinese letters"),
    pytest.param("<p>R&amp;D &copy 2020&nbsp;&lt;p&gt;", ["paragraph: R&D © 2020\u00a0<p>"], id="references"),
    pytest.param("<p>tram<wbr>line <i>t</i>ram", ["paragraph: tramline tram"], id="tags within words"),
    pytest.param("<p>a<!-- b -->c<?php d ?></></p>", ["paragraph: ac"], id="comments"),
    pytest.param("<h2>The <em>tram</em></h2>text", ["heading: The tram", "paragraph: text"], id="a heading"),
    pytest.param("<ul><li>one<li><p>two</ul>", ["list: one", "list: two"], id="a list"),
    pytest.param("<blockquote><ul><li>one</ul>two</blockquote>", ["list quote: one", "quote: two"], id="nested scopes"),
    pytest.param(
        "<table><tr><th>a<td>b</table>c", ["table table.header: a", "table table.cell: b", "paragraph: c"], id="a table"
    ),
    pytest.param("<table><tr><td><h2>a</h2>b</table>", ["heading: a", "paragraph: b"], id="a table for the layout"),
    pytest.param(
        "<figure><img alt='a'><figcaption>b</figure>", ["alt: a", "paragraph: ￼", "caption: b"], id="a figure"
    ),
    pytest.param("<p>Type <code>ls <b>x</b></code>.<pre>a</pre>", ["paragraph: Type ￼."], id="code"),
    pytest.param("<p>Type <code>ls.</p><p>The tram", ["paragraph: Type ls.", "paragraph: The tram"], id="open code"),
    pytest.param(
        '<div style="font-family: Consolas, courier new"><p>&nbsp; <b>tram</b>.wait();</p><p>}</p></div>a<p>b',
        ["paragraph: a", "paragraph: b"],
        id="code in a monospaced font",
    ),
    pytest.param(
        'The <span style="font: 10pt Courier">wait<b>(</b>)</span> of <font face="Courier New">tram.late</font>.',
        ["paragraph: The ￼ of ￼."],
        id="inline code in a monospaced font",
    ),
    pytest.param(
        '<div class="box highlight"><table><tr><td class="gutter">1<td>x = [1];</table></div>b',
        ["paragraph: b"],
        id="code in the box of a highlighter",
    ),
    pytest.param(
        'The <span class="katex"><span><math>z</math></span><span>z</span></span> is',
        ["paragraph: The ￼ is"],
        id="a formula",
    ),
    pytest.param(
        '<div style="font-family: courier">The mayor (of the city) said no.<p class="code">The late tram</p></div>',
        ["paragraph: The mayor (of the city) said no.", "paragraph: The late tram"],
        id="prose in a monospaced font",
    ),
    pytest.param("<p>He said <q>no</q>.", ["paragraph: He said “no”."], id="a quotation"),
    pytest.param("<p>The tram<sup><a href='#n1'>1</a></sup> is", ["paragraph: The tram is"], id="a note's number"),
    pytest.param("<h2>Trams <a href='#t'>&para;</a></h2>", ["heading: Trams"], id="the sign of a heading"),
    pytest.param("<h2><a href='#t'>Trams</a></h2>", ["heading: Trams"], id="a heading that is a link"),
    pytest.param("<p>x<sup>2</sup> <svg><title>a</title>b</svg>y", ["paragraph: x2 y"], id="a drawing"),
    pytest.param("<script>a</script><style>b</style><p>c", ["paragraph: c"], id="scripts and styles"),
    pytest.param("<select><option>a</select><textarea>b</textarea>c", ["paragraph: c"], id="fields of a form"),
    pytest.param("<template><p>a</template><noscript><p>b</noscript>c", ["paragraph: c"], id="what is not shown"),
    pytest.param(
        "<p>a <span style='display: none'>b</span><span hidden>c</span>d", ["paragraph: a d"], id="hidden words"
    ),
    pytest.param("<p class=sr-only>a</p><p>b", ["boilerplate: a", "paragraph: b"], id="a hidden paragraph"),
    pytest.param("<div style=display:none><p>The tram</div>is", ["paragraph: The tram", "paragraph: is"], id="most"),
    pytest.param("<script>a<p>The tram", ["paragraph: a", "paragraph: The tram"], id="an open script"),
    pytest.param("<title>The tram<body><p>is", ["paragraph: The tram", "paragraph: is"], id="an open title"),
    pytest.param("<p>The <!-- tram <p>is", ["paragraph: The tram", "paragraph: is"], id="an open comment"),
    pytest.param('<p>The <a href="x>tram</a> is "late".', ['paragraph: The tram is "late".'], id="an open value"),
    pytest.param("", [], id="nothing"),
]
ABOUT = [
    pytest.param("<nav>a</nav><p>b", ["boilerplate: a", "paragraph: b"], id="navigation"),
    pytest.param("<nav>a<p>b</p>", ["paragraph: a", "paragraph: b"], id="navigation that never ends"),
    pytest.param("<p>aaaaaaaa<div role=banner>b</div>", ["paragraph: aaaaaaaa", "boilerplate: b"], id="a role"),
    pytest.param(
        "a<main>bbbbbbbb</main>c", ["boilerplate: a", "paragraph: bbbbbbbb", "boilerplate: c"], id="a main part"
    ),
    pytest.param("a<div role=main>bbbb</div>", ["boilerplate: a", "paragraph: bbbb"], id="a main part by its role"),
    pytest.param(
        "<h1>a</h1>b<article>cccc</article>", ["heading: a", "boilerplate: b", "paragraph: cccc"], id="an article"
    ),
    pytest.param(
        "a<div itemprop=articleBody>bbbb</div>", ["boilerplate: a", "paragraph: bbbb"], id="an article's body"
    ),
    pytest.param(
        "<article>aaaaaaaa</article><article>bbb</article><article>c</article>",
        ["paragraph: aaaaaaaa", "paragraph: bbb", "boilerplate: c"],
        id="articles of like size",
    ),
    pytest.param(
        "<article>aaaa<article>b</article></article>",
        ["paragraph: aaaa", "boilerplate: b"],
        id="comments on an article",
    ),
    pytest.param(
        "<main>aaaaaaaaaaaaaaaaaa<article>b</article></main>",
        ["paragraph: aaaaaaaaaaaaaaaaaa", "paragraph: b"],
        id="a main part with a teaser",
    ),
    pytest.param(
        "<article><header>a</header>bbbb<footer>c</footer></article>",
        ["paragraph: a", "paragraph: bbbb", "boilerplate: c"],
        id="the head and the foot of an article",
    ),
    pytest.param("<form><p>The tram is late.</form>", ["paragraph: The tram is late."], id="a form around the page"),
    pytest.param(
        "<blockquote>a<footer>b</footer></blockquote>cccc", ["quote: a", "quote: b", "paragraph: cccc"], id="a source"
    ),
    pytest.param("<p>aaaa<div id=comments>b</div>", ["paragraph: aaaa", "boilerplate: b"], id="comments by their name"),
    pytest.param(
        "<article><p>aaaa<blockquote class='twitter-tweet x'><p>b</p>c</blockquote><p>d</article>",
        ["paragraph: aaaa", "boilerplate: b", "boilerplate: c", "paragraph: d"],
        id="a post of a network",
    ),
    pytest.param("<aside role=note>a</aside>bb", ["paragraph: a", "paragraph: bb"], id="a note aside"),
    pytest.param("<main></main><p>The tram", ["paragraph: The tram"], id="an empty main part"),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_a_page_is_read_as_browsers_show_it(text: str, expected: list[str]) -> None:
    assert _shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), ABOUT)
def test_furniture_is_no_prose(text: str, expected: list[str]) -> None:
    assert _shown(text) == expected
    assert [f"{' '.join(block.scopes)}: {block.text}" for block in _read(text).prose] == [
        block for block in expected if not block.startswith("boilerplate")
    ]


LINKS = [
    pytest.param("<p>See <a href='x'>the tram</a>.", [("the tram", "x", "x", "<a href='x'>the tram</a>")], id="a link"),
    pytest.param("<p><a href=x> the <b>tram</b> </a>", [("the tram", "x", "x", None)], id="white space in a link"),
    pytest.param("<p><a href='?a=1&amp;b&copy=2'>a</a>", [("a", "?a=1&b&copy=2", "?a=1&amp;b&copy=2", None)], id="&"),
    pytest.param("<a href=x><h2>The tram</h2><p>is", [("The tram", "x", "x", None)], id="a link around a block"),
    pytest.param("<p><a href=x>a<a href=y>b", [("a", "x", "x", "<a href=x>a"), ("b", "y", "y", None)], id="open links"),
    pytest.param("<p>a <a href=x></a> b", [("", "x", "x", "<a href=x></a>")], id="a link without words"),
    pytest.param("<p><a name=x>a</a>", [], id="an anchor"),
    pytest.param("<nav><a href=x>a</a></nav><p>b", [], id="a link in boilerplate"),
    pytest.param("<p>b<p hidden><a href=http://x>a</a></p>", [("a", "http://x", "http://x", None)], id="a hidden link"),
    pytest.param("<p>b<i hidden><a href=//x>a</a></i>", [("a", "//x", "//x", None)], id="a hidden link in a line"),
    pytest.param("<h2>b<a hidden href=#x>#</a></h2>", [], id="a hidden link to the page itself"),
    pytest.param("<p>http://example.org/a", [("http://example.org/a",) * 4], id="an address in the text"),
]


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_links(text: str, expected: list[tuple[str, str, str, str | None]]) -> None:
    links = _read(text).links
    assert [(link.text, link.url, text[slice(*link.url_span)]) for link in links] == [link[:3] for link in expected]
    for link, (*_, source) in zip(links, expected, strict=True):
        assert source is None or text[slice(*link.span)] == source


def test_a_link_has_its_attributes() -> None:
    text = '<p><a href="x" title="The &quot;tram&quot;" data-Ail="1" rel=nofollow>a</a>'
    link = _read(text).links[0]
    assert link.attributes == {"href": "x", "title": 'The "tram"', "data-ail": "1", "rel": "nofollow"}
    assert link.title == 'The "tram"'
    assert link.title_span
    assert text[slice(*link.title_span)] == "The &quot;tram&quot;"


IMAGES = [
    pytest.param("<img src=a.jpg alt='The &amp; tram' title=b>", ("a.jpg", "The & tram", "b"), id="all attributes"),
    pytest.param("<img src=a.jpg alt=''>", ("a.jpg", "", ""), id="an empty text"),
    pytest.param("<img src=a.jpg alt>", ("a.jpg", "", ""), id="a text without a value"),
    pytest.param("<img src=a.jpg srcset=b.jpg>", ("a.jpg", None, ""), id="no text"),
    pytest.param("<img>", ("", None, ""), id="no attributes"),
]


@pytest.mark.parametrize(("text", "expected"), IMAGES)
def test_images(text: str, expected: tuple[str, str | None, str]) -> None:
    image = _read(text).images[0]
    assert (image.url, image.alt and image.alt.text, image.title) == expected
    assert text[slice(*image.span)] == text


def test_references_in_a_text_for_an_image_keep_their_places() -> None:
    text = "<img alt='The &quot;tram&quot; is'>"
    alt = _read(text).images[0].alt
    assert alt
    assert text[slice(*alt.span(4, 5))] == "&quot;"
    assert text[slice(*alt.span(5, 9))] == "tram"


def test_headings_know_their_level() -> None:
    headings = _read("<h1>a</h1><div><h3>b</h3></div><nav><h2>c</h2></nav>").headings
    assert [(heading.level, heading.block.text) for heading in headings] == [(1, "a"), (3, "b")]


HEAD = [
    pytest.param("<title> The\n tram </title>", {"title": "The\ntram"}, id="a title"),
    pytest.param("<title>a</title><title>b</title>", {"title": "a"}, id="two titles"),
    pytest.param("<svg><title>a</title></svg>", {}, id="the title of a drawing"),
    pytest.param("<meta name=Description content='&quot;a&quot;'>", {"description": '"a"'}, id="a description"),
    pytest.param("<meta name=description content=''>", {"description": ""}, id="an empty description"),
    pytest.param("<meta name=description>", {}, id="a description without content"),
    pytest.param("<meta name=keywords content=a,b>", {"keywords": "a,b"}, id="keywords"),
    pytest.param("<meta name=author content='A. Berg'>", {"author": "A. Berg"}, id="an author"),
    pytest.param("<meta property=og:title content=a>", {"og": {"title": "a"}}, id="Open Graph"),
    pytest.param("<meta property=og:image content=a>", {"og": {"image": "a"}}, id="what is no words"),
    pytest.param("<meta name=twitter:title content=a>", {"twitter": {"title": "a"}}, id="Twitter"),
    pytest.param("<link rel='x Canonical' href=http://a/>", {"canonical": "http://a/"}, id="an address"),
    pytest.param("<html lang=en-GB>", {"lang": "en-GB"}, id="a language"),
    pytest.param("---\ntitle: a\n---\n<p>b", {"title": "a"}, id="front matter"),
    pytest.param("---\ntitle: a\n---\n<title>b</title>", {"title": "a"}, id="front matter and a title"),
]
ARTICLE = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": %s}</script>'
JSON = [
    pytest.param(ARTICLE % '"The tram"', "The tram", id="a headline"),
    pytest.param(ARTICLE % r'"The \"tram\" \u2013 caf\u00e9 \ud83d\ude00"', 'The "tram" – café 😀', id="escapes"),
    pytest.param(ARTICLE % r'"\ud83d"', "\ufffd", id="half a character"),
    pytest.param((ARTICLE % '"a"').replace('"@', '"@graph": [{"b": 1, "@').replace("}<", "}]}<"), "a", id="a graph"),
    pytest.param((ARTICLE % '"a"').replace('"NewsArticle"', '["A", "BlogPosting"]'), "a", id="many types"),
    pytest.param((ARTICLE % '"a"').replace("NewsArticle", "WebSite"), None, id="no article"),
    pytest.param(ARTICLE % '"a",', None, id="no JSON"),
    pytest.param(ARTICLE % ("[" * 30_000), None, id="no end of brackets"),
    pytest.param(ARTICLE % "null", None, id="no headline"),
]


@pytest.mark.parametrize(("text", "expected"), HEAD)
def test_metadata(text: str, expected: dict[str, object]) -> None:
    document = _read(text)
    assert document.metadata.values == expected
    assert not any("metadata" not in block.scopes and block.text == "a" for block in document.blocks)


@pytest.mark.parametrize(("text", "expected"), JSON)
def test_headlines_in_json(text: str, expected: str | None) -> None:
    document = _read(text)
    assert document.metadata.values.get("headline") == expected
    for block in document.blocks_in(frozenset({"metadata.headline"})):
        for i, character in enumerate(block.text):
            assert text[slice(*block.span(i, i + 1))] in (character, *_escapes(character))


def _escapes(character: str) -> list[str]:
    units = character.encode("utf-16-be").hex()
    return ["\\" + character, "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)), r"\ud83d"]


def test_what_is_no_words_is_no_text() -> None:
    assert _shown("<meta property=og:image content=a><meta property=article:published_time content=2024-05-01>") == []


def test_metadata_has_its_places() -> None:
    text = """<html lang=fr><title></title><meta name=description content='The tram'>
    <meta property=article:modified_time content=2024-05-01><link rel=canonical href="/tram">"""
    places = {key: text[slice(*span)] for key, span in _read(text).metadata.places.items()}
    assert places == {
        "lang": "fr",
        "title": "<title>",
        "description": "The tram",
        "article.modified_time": "2024-05-01",
        "canonical": "/tram",
    }


def test_metadata_is_of_its_scopes() -> None:
    text = "<head><title>a</title><meta property=og:title content=b></head>"
    assert _shown(text) == ["metadata metadata.title title: a", "metadata metadata.og.title: b"]
    assert text[slice(*(_read(text).metadata.span or ()))] == text


LANGUAGES = [
    pytest.param("<html lang=en-GB>", "en", id="of the page"),
    pytest.param("<html xml:lang='de'><body lang=fr>", "de", id="of XHTML"),
    pytest.param("<body lang=FR>", "fr", id="of the body"),
    pytest.param("<meta http-equiv=content-language content=es>", "es", id="of its head"),
    pytest.param("---\nlang: nl\n---\n<html lang=en>", "nl", id="of its front matter"),
    pytest.param("<html lang='{{ x }}'>", "", id="not filled in"),
    pytest.param("<html>", "", id="not said"),
]


@pytest.mark.parametrize(("text", "expected"), LANGUAGES)
def test_the_language(text: str, expected: str) -> None:
    assert _read(text).language == expected


FENCES = [
    pytest.param("<p>```html</p><p>The tram</p><p>```</p>", [("stray", "```html"), ("stray", "```")], id="stray"),
    pytest.param("<p>```html The council met on Monday. ```", [("one-line", "```html")], id="in a line"),
    pytest.param("<pre>```html</pre><p>a", [], id="in code"),
    pytest.param("<nav>```html</nav><p>a", [], id="in boilerplate"),
]


@pytest.mark.parametrize(("text", "expected"), FENCES)
def test_fence_marks(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fence.state, text[slice(*fence.opener)]) for fence in _read(text).fences] == expected


PARTS = """
<p> </p> <b> </b> <br> <div> </div> <h2> </h2> <li> <ul> </ul> <blockquote> </blockquote> <table> <tr> <td> </table>
<a!href=x> <a!href="//x"> </a> <img!alt="a&amp;b"!src=x> <code> </code> <pre> </pre> <nav> </nav> <article> </article>
<main> </main> <span!hidden> </span> <div!hidden> <script> </script> <style> </style> <title> </title> <svg> </svg>
<select> </select> <q> </q> <sup> </sup> <!-- --> < > " ' & &amp; &copy &nbsp; &#65; a The! tram 漢 é 😀 ``` ```html
<meta!name=description!content="a!&lt;"> <html!lang=en> <p!class="a <form> </form> <footer> </footer>
<textarea> </textarea>
"""
soup = st.lists(
    st.sampled_from([part.replace("!", " ") for part in PARTS.split()] + [" ", "\n", "\r\n", "\r", "\t", "  ", "\f"])
).map("".join)


@given(soup)
def test_every_place_is_that_of_its_text(text: str) -> None:
    document = _read(text)
    for block in document.blocks:
        done = 0
        for i, (start, piece) in enumerate(zip(block.starts, block.pieces, strict=True)):
            end = block.starts[i + 1] if i + 1 < len(block.starts) else len(block.text)
            assert done <= piece.start <= piece.end <= len(text)
            done = piece.end
            shown, source = block.text[start:end], text[slice(*piece)]
            assert shown == source or source[:1] in set("&<`\\ \t\r\n\f")
    for link in document.links:
        assert 0 <= link.start <= link.end <= len(link.block.text)
        assert link.span.start <= link.url_span.start <= link.url_span.end <= link.span.end


@given(soup)
def test_no_word_is_lost(text: str) -> None:
    document = _read(text)
    covered = [False] * len(text)
    for span in [*(tag.span for tag in document.tags), *(piece for block in document.blocks for piece in block.pieces)]:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    lost = "".join(character for character, seen in zip(text, covered, strict=True) if not seen)
    left_out = any(part in text for part in ("hidden", "<title", "<sup"))
    assert left_out or not lost.replace("&nbsp;", "").strip()


HOSTILE = [
    pytest.param("<nav>" * 30_000 + "a", id="navigation"),
    pytest.param("<article>" * 10_000 + "a" + "</article>" * 10_000, id="articles"),
    pytest.param("<ul><li>a<blockquote>" * 10_000, id="scopes"),
    pytest.param("<table><td>a" * 10_000, id="tables"),
    pytest.param("<h2>" + "<blockquote>a" * 10_000, id="quotes in a heading"),
    pytest.param("<h1><div>a" * 20_000 + "<article>" + "b" * 1_000, id="headings"),
    pytest.param("<p hidden>a" * 10_000, id="hidden words"),
    pytest.param("<span hidden>" * 10_000 + "</span>" * 10_000, id="hidden elements"),
    pytest.param("<a href=x>" * 20_000, id="links"),
    pytest.param("<code>" * 20_000 + "</code>", id="code"),
    pytest.param('<p class="code">a' * 20_000, id="paragraphs of code"),
    pytest.param('<b class="code">a' * 10_000 + "</b>" * 10_000, id="elements that are no code"),
    pytest.param("<sup>" * 20_000, id="raised words"),
    pytest.param("a <br> " * 20_000, id="lines"),
    pytest.param(" \n" * 300_000 + "a", id="white space"),
    pytest.param("a" * 1_000_000, id="a word"),
    pytest.param(ARTICLE % ('[{"headline": "a"}, ' * 20_000), id="headlines"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_pages_take_linear_time(text: str) -> None:
    _read(text)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    readers.read(Source.from_bytes(data), "html")
