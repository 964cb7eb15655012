"""One article in three kinds of source gives the same document."""

from __future__ import annotations

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.source import Source

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
ARTICLES = [
    pytest.param("# The *harbour* tram\n\nThe council met,\nand it spoke.", id="a heading and a paragraph"),
    pytest.param("The\n===\n\nThe tram\n---\n\n### `ls` of trams ###\n", id="headings of all sorts"),
    pytest.param("The [tram](/a 'b') and <http://example.org/>, [c][].\n\n[c]: /d (e)", id="links"),
    pytest.param("![The **tram**](a.jpg 'b') is late ![](c.jpg)", id="images"),
    pytest.param("He said &ldquo;no&rdquo; &copy; &#65; &amp;lt; \\* \\&amp; 1 < 2 > 1", id="references and escapes"),
    pytest.param("a  \nb\\\nc<br>d <b>e</b><!-- f --> g<span>h</span>", id="breaks and inline markup"),
    pytest.param("* one\n* two\n\n  three\n    1. four\n    2. five\n", id="lists"),
    pytest.param("- [ ] one\n- [x] two", id="a list of tasks"),
    pytest.param("> one\n> * two\n> > three\n>\n> # four\n\n> five\nsix", id="quotes"),
    pytest.param("| a | *b* |\n|---|:-:|\n| `c` | [d](e) |\n| f \\| g |", id="a table"),
    pytest.param("a ~~b~~ `c` ``d ` e``\n\n```py\nf\n```\n\n    g\n\nh", id="code"),
    pytest.param("The tram[^1] is late.[^2]\n\n[^1]: One.\n[^2]: Two.", id="footnotes"),
    pytest.param("<div>\n\n*a* b\n\n</div>\n\n<ul><li>c<li>d</ul>\n\ne", id="blocks of markup"),
    pytest.param("漢字\n漢字, **é**\u0301 \U0001f68b\u200d x", id="letters of all sorts"),
    pytest.param("one\r\ntwo\r\rthree\r\n* four\r\n", id="line ends of all sorts"),
    pytest.param("---\n\na\n\n***\nb", id="rules"),
]
INLINE = st.sampled_from(
    """
    The|tram|*is*|**late**|`code`|[a](b)|[*c* d](e "f")|![g](h)|&amp;|&copy;|\\*|<b>i</b>|~~j~~|<http://k.example/>|é|漢|😀
    """.strip().split("|")
)
LINE = st.lists(INLINE, min_size=1, max_size=5).map(" ".join)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
BLOCK = st.one_of(
    PARAGRAPH,
    LINE.map("## {}".format),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    PARAGRAPH.map(lambda text: "> " + text.replace("\n", "\n> ")),
    st.just("```\nx\n```"),
    LINE.map("| a |\n|---|\n| {} |".format),
)


def _blocks(text: str, kind: str) -> list[tuple[str, ...]]:
    """Return the prose of an article, each block with its scopes."""
    return [(*sorted(block.scopes), block.text) for block in readers.read(Source(text), kind).prose]


def _html(markdown: str) -> str:
    return str(pyromark.html(markdown, options=OPTIONS))


@pytest.mark.parametrize("markdown", ARTICLES)
def test_an_article_is_the_same_in_html(markdown: str) -> None:
    assert _blocks(markdown, "markdown") == _blocks(_html(markdown), "html")


@given(st.lists(BLOCK, min_size=1, max_size=5).map("\n\n".join))
def test_any_article_is_the_same_in_html(markdown: str) -> None:
    assert _blocks(markdown, "markdown") == _blocks(_html(markdown), "html")


@given(st.lists(st.sampled_from(["The tram is late.", "Why? “It is”, he said.", "漢字", "1, 2 & 3"]), min_size=1))
def test_plain_paragraphs_are_the_same_in_all_kinds(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    assert _blocks(text, "text") == _blocks(text, "markdown") == _blocks(_html(text), "html")


@given(st.lists(BLOCK, min_size=1, max_size=5).map("\n\n".join))
def test_links_and_headings_are_the_same_in_html(markdown: str) -> None:
    one, other = readers.read(Source(markdown), "markdown"), readers.read(Source(_html(markdown)), "html")
    assert [(link.text, link.url, link.title) for link in one.links] == [
        (link.text, link.url, link.title) for link in other.links
    ]
    assert [(heading.level, heading.block.text) for heading in one.headings] == [
        (heading.level, heading.block.text) for heading in other.headings
    ]
    assert [(image.url, image.alt and image.alt.text) for image in one.images] == [
        (image.url, image.alt and image.alt.text) for image in other.images
    ]
