"""The text of articles as rules of Vale see it, and its map to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.document import OBJECT, VALE_VIEWS, Block, Document
from linter.source import Source
from linter.vale.view import set_options
from linter.vale.view_options import ViewOptions

SUFFIXES = {"markdown": ".md", "html": ".html", "text": ".txt", "org": ".org", "wordpress": ".html"}
SECTIONS = (
    *("text", "heading", "h1", "h2", "h3", "list", "blockquote", "table", "header", "cell", "caption", "figure"),
    *("attr", "alt", "frontmatter", "title", "paragraph", "sentence", "raw", "summary"),
)


def read(text: str, kind: str = "markdown", **options: object) -> Document:
    document = readers.read(Source(text), kind)
    set_options(document, ViewOptions(**{"suffix": SUFFIXES[kind], **options}))  # type: ignore[arg-type]
    return document


def view(document: Document, name: str = "vale.text") -> list[Block]:
    return list(document.blocks_in(frozenset({name})))


def texts(text: str, kind: str = "markdown", **options: object) -> list[str]:
    return [block.text for block in view(read(text, kind, **options))]


def labelled(document: Document, name: str = "vale.text") -> list[str]:
    """Return the blocks of a view as “section: text”, with the section in the order of SECTIONS."""
    return [
        f"{'.'.join(each for each in SECTIONS if each in block.scopes)}: {block.text}" for block in view(document, name)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Take `this` one.", "Take **** one."),
        ("See <https://tram.example>.", f"See {'*' * 20}."),
        ("See [tram.md](tram.md).", "See *******."),
        ("See www.tram.example and <tram@example.org>.", "See www.tram.example and tram@example.org."),
        ("See https://tram.example.", f"See {'*' * 20}."),
        ("See [https://tram.example](https://tram.example).", f"See {'*' * 20}."),
        ("See www.tram.example and [it](https://tram.example).", "See www.tram.example and it."),
        ("A ![map](m.png) here.", "A here."),
        ("A ![map](m.png) ![map](n.png)![map](o.png)\n, here.", "A, here."),
        ("![map](m.png) Here.", "Here."),
        ("A **bold\nword**\nhere.", "A bold\nword here."),
        ("A **bold** — word (`x` ).", "A bold— word (*)."),
        ("One  \ntwo\\\nthree<br>four", "One two three four"),
        ("Tom &amp; Ann\nand\nmore", "Tom & Ann\nand\nmore"),
        (f"A literal {OBJECT} mark", f"A literal {OBJECT} mark"),
    ],
)
def test_inline_markup(text: str, expected: str) -> None:
    assert texts(text)[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# One\n\nTwo\n---", ["text.heading.h1: One", "text.heading.h2: Two"], id="headings"),
        pytest.param(
            "- one\n\n  two\n- three\n  - four",
            ["text.list: one", "text: two", "text.list: three", "text.list: four"],
            id="lists",
        ),
        pytest.param(
            "> one\n>\n> two\n\n> three\n>\n> > four",
            ["text.blockquote: one", "text: two", "text.blockquote: three", "text.blockquote: four"],
            id="quotes",
        ),
        pytest.param("> - one\n> - two", ["text.blockquote: one", "text.list: two"], id="a list in a quote"),
        pytest.param("- > one\n\n  # two", ["text.list: one", "text.heading.h1: two"], id="a quote in a list"),
        pytest.param("> # one", ["text.blockquote: one"], id="a heading in a quote"),
        pytest.param("- # one", ["text.list: one"], id="a heading in a list item"),
        pytest.param(
            "| a | b |\n|---|---|\n| c | d |",
            ["text.table.header: a", "text.table.header: b", "text.table.cell: c", "text.table.cell: d"],
            id="tables",
        ),
        pytest.param("a ![map](m.png)", ["text.attr.alt: map", "text: a"], id="alternative text"),
        pytest.param("a[^1]\n\n[^1]: note", ["text: a", "text.list: note"], id="footnotes"),
        pytest.param("a\n\n```\ncode\n```\n\n$$\nx\n$$", ["text: a"], id="code and formulas"),
        pytest.param(
            "<table><tr><th>a</th></tr><tr><td><p>b</p><p>c</p></td></tr></table>\n\nd",
            ["text.table.header: a", "text.table.cell: b", "text: c", "text: d"],
            id="an HTML table",
        ),
        pytest.param(
            "---\ntitle: Tram\ndate: 2026-01-01\ntags: [a]\n---\nText",
            ["text.frontmatter.title: Tram", "text: Text"],
            id="front matter",
        ),
    ],
)
def test_sections_in_markdown(text: str, expected: list[str]) -> None:
    assert labelled(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<title>a</title><h2>b</h2><p>c</p>", ["text: a", "text.heading.h2: b", "text: c"], id="a page"),
        pytest.param(
            "<ul><li>a<li><p>b</p><p>c</p></ul><nav>d</nav>",
            ["text.list: a", "text.list: b", "text: c", "text: d"],
            id="a list",
        ),
        pytest.param(
            "<table><caption>a</caption><tr><th>b<td>c</table>",
            ["text.table.caption: a", "text.table.header: b", "text.table.cell: c"],
            id="a table",
        ),
        pytest.param(
            '<figure><img alt="a b"><figcaption>c</figcaption></figure><p class="pre">d</p>e <b class="pre">f</b>',
            ["text.attr.alt: a b", "text: e *"],
            id="what is skipped",
        ),
    ],
)
def test_sections_in_html(text: str, expected: list[str]) -> None:
    assert labelled(read(text, "html")) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["T", "alt", "a b c d * https"]),
        ({"ignored_scopes": ("strong",)}, ["T", "alt", "a * c d e https"]),
        ({"ignored_scopes": ("em", "a", "frontmatter.title")}, ["alt", "a b * d e *****"]),
        ({"skipped_scopes": ("alt", "code")}, ["T", "a b c d https"]),
        ({"token_ignores": (r"[ab] ",), "block_ignores": ("c.*",)}, ["T", "alt", "**b"]),
        ({"token_ignores": ("(", r"(a*)*\1$"), "ignored_classes": ("x",)}, ["T", "alt", "a b c d * https"]),
    ],
)
def test_options(options: dict[str, object], expected: list[str]) -> None:
    text = "---\ntitle: T\n---\n\na **b** *c* d `e` [https](x://y) ![alt](z)"
    assert [each.strip() for each in texts(text, "markdown", **options)] == expected


SKIPPABLE = "# A\n\n## B **c**\n\n> D\n>\n> e\n\n- F\n\n  g\n\n| H |\n|---|\n| i |\n\nJ [k](x) *l*<sup>2</sup>.\n"


@pytest.mark.parametrize(
    ("skipped", "expected"),
    [
        (("blockquote",), ["A", "B c", "F", "g", "H", "i", "J k l2."]),
        (("h2", "li"), ["A", "D", "e", "H", "i", "J k l2."]),
        (("h1", "table"), ["B c", "D", "e", "F", "g", "J k l2."]),
        (("th",), ["A", "B c", "D", "e", "F", "g", "i", "J k l2."]),
        (("sup", "strong"), ["A", "B", "D", "e", "F", "g", "H", "i", "J k l."]),
        (("a", "em"), ["A", "B c", "D", "e", "F", "g", "H", "i", "J 2."]),
    ],
)
def test_skipped_elements(skipped: tuple[str, ...], expected: list[str]) -> None:
    assert texts(SKIPPABLE, skipped_scopes=skipped) == expected


def test_a_skipped_inline_element_does_not_divide_its_block() -> None:
    text = "<p>The old <b>red</b> tram<sup>2</sup>.</p><blockquote><p>No</p></blockquote>"
    assert texts(text, "html", skipped_scopes=("b", "sup", "blockquote")) == ["The old tram."]


def test_code_blocks_are_text_if_neither_pre_nor_code_is_skipped() -> None:
    text = "a `b`\n\n    c\n"
    assert [each.strip() for each in texts(text, ignored_scopes=("tt",), skipped_scopes=("script",))] == ["a b", "c"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("markdown", "We don't. It isn’t. ’"), ("html", "We don't. It isn’t. ’"), ("text", "We don't. It isn’t. &#8217;")],
)
def test_the_entity_of_an_apostrophe_is_an_ascii_apostrophe(kind: str, expected: str) -> None:
    document = read("We don&rsquo;t. It isn’t. &#8217;", kind)
    (block,) = view(document)
    assert block.text == expected
    assert block.span(6, 7) == (6, 13)
    assert view(document, "vale.raw")[0].text == "We don't. It isn’t. &#8217;"


def test_code_that_is_text_keeps_its_positions() -> None:
    (block,) = view(read("A `bus` b", ignored_scopes=("em",)))
    assert (block.text, block.span(2, 5)) == ("A bus b", (3, 6))


def test_plain_text_is_one_block() -> None:
    document = read("One. Two.\r\n\r\nThree\rfour", "text")
    assert [block.text for block in view(document)] == ["One. Two.\n\nThree\nfour"]
    assert [block.text for block in view(document, "vale.paragraph")] == ["One. Two.\n\n", "Three\nfour"]
    assert [block.text for block in view(document, "vale.sentence")] == ["One.", "Two.", "Three\nfour"]
    assert [block.source_span for block in view(document, "vale.sentence")] == [(0, 4), (5, 9), (13, 23)]
    assert view(document, "vale.summary") == []


def test_without_syntax_the_source_is_one_block_without_sentences() -> None:
    document = read("# One\n\n- *two*", ignore_syntax=True)
    assert [block.text for block in view(document)] == ["# One\n\n- *two*"]
    assert [view(document, name) for name in ("vale.paragraph", "vale.sentence", "vale.summary")] == [[], [], []]


def test_the_other_views() -> None:
    document = read("---\ntitle: T\n---\n# H\n\nOne. Two.\n\n- a\n\n> b\n")
    assert labelled(document, "vale.paragraph") == ["text.paragraph: One. Two."]
    assert labelled(document, "vale.sentence") == ["text.sentence: One.", "text.sentence: Two."]
    assert labelled(document, "vale.raw") == [f"raw: {document.source.text}"]
    assert labelled(document, "vale.summary") == ["summary: One. Two.\n\na\n\nb\n\n"]


PIECES = (
    *(
        "One",
        "two. ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "# ",
        "- ",
        "1. ",
        "> ",
        "| a | b |\n|---|---|\n| ",
        "`",
        "`code`",
    ),
    *("**", "*", "_", "~~", "![", "](x.png)", "[", "https://a.example", "<https://a.example>", "&amp;", "\\", "<br>"),
    *(
        "<b>",
        "</b>",
        "<p class=x>",
        "</p>",
        "<td>",
        "<li>",
        "<pre>",
        "</pre>",
        "<figure>",
        "</figure>",
        "<!-- vale off -->",
    ),
    *(
        "---\ntitle: a\n---\n",
        "$$",
        "{{ x }}",
        "```\n",
        OBJECT,
        "\0",
        "\ud800",
        "é",
        "[[a][b]]",
        "=c=",
        "#+begin_src\n",
    ),
    *("[^1]", "[^1]: ", "::", "    ", "* ", "# vale off\n", "<table><tr><th>", "<script>"),
)
ARTICLES = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
OPTIONS = st.sampled_from(
    [
        {},
        {"ignored_scopes": ("strong", "em", "a", "b")},
        {"ignored_scopes": ("tt",), "skipped_scopes": ("x",), "ignored_classes": ("x",)},
        {"token_ignores": ("t", r"\*+"), "block_ignores": ("w",)},
    ]
)


@given(ARTICLES, st.sampled_from(sorted(SUFFIXES)), OPTIONS)
def test_every_position_is_exact(text: str, kind: str, options: dict[str, object]) -> None:
    document = read(text, kind, **options)
    for name in VALE_VIEWS:
        for block in view(document, name):
            ends = (*block.starts[1:], len(block.text))
            done = 0
            for low, high, (start, end) in zip(block.starts, ends, block.pieces, strict=True):
                assert low < high or block.text == ""
                assert done <= start <= end <= len(text)
                shown, source = block.text[low:high], text[start:end]
                by_reader = len(shown) == 1 and shown != "*"  # such as a line end for a carriage return
                assert shown == source or len(shown) != len(source) or by_reader
                done = end
            assert "alt" in block.scopes or block.text or name == "vale.raw" or kind == "text"


@pytest.mark.parametrize(
    "part",
    [
        "<b></b> ",
        "![a](b) ",
        "`a` ",
        "$a$ ",
        "<p class=x>a</p>",
        "- a\n",
        "> a\n\n",
        "**a** ",
        "{{a}} ",
        "<td>",
        "a\n\n",
    ],
)
def test_views_of_hostile_articles_end(part: str) -> None:
    text, options = part * (100_000 // len(part)), {"token_ignores": (r"\$a",), "block_ignores": ("a.{3}",)}
    document = read(text, "markdown", **options, ignored_scopes=("strong", "x"), skipped_scopes=("x",))
    for name in VALE_VIEWS:
        view(document, name)


@given(ARTICLES)
def test_a_view_without_markup_is_the_text_of_the_document(text: str) -> None:
    """The view leaves out markup, and adds nothing but asterisks."""
    letters = {char for char in text if char.isalpha()}
    for kind in SUFFIXES:
        for block in view(read(text, kind)):
            assert {char for char in block.text if char.isalpha()} <= letters
