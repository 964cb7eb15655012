"""Tests of the reader of WordPress posts, most of them as tables of sources and the texts of their blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linter import Linter, readers
from linter.document import OBJECT, Block, Document
from linter.source import Source
from steps import steps


def read(text: str, kind: str = "wordpress") -> Document:
    return readers.read(Source(text), kind)


def texts(text: str) -> list[str]:
    return [block.text for block in read(text).blocks]


PARAGRAPHS = [
    pytest.param("One.\n\nTwo.", ["One.", "Two."], id="a blank line ends a paragraph"),
    pytest.param("One.\r\n \t\r\nTwo.\r\rThree.", ["One.", "Two.", "Three."], id="blank lines of all line ends"),
    pytest.param("One\ntwo.", ["One\ntwo."], id="a line end is a line break"),
    pytest.param("One<br>\ntwo<br />\r\nthree", ["One\ntwo\nthree"], id="a line end after a break is no second break"),
    pytest.param("One<br>\n<br>two", ["One", "two"], id="two breaks end a paragraph"),
    pytest.param("<p>One\n\ntwo</p>", ["One", "two"], id="a blank line in a paragraph"),
    pytest.param("<div>One\n\ntwo</div>three", ["One", "two", "three"], id="a blank line in another block"),
    pytest.param("<ul>\n\n<li>One\n\ntwo</li>\n<li>three\nfour</li></ul>", ["One", "two", "three\nfour"], id="a list"),
    pytest.param("One <b>two\n\nthree</b> four", ["One two", "three four"], id="a blank line in bold text"),
    pytest.param("One\n<h2>Two</h2>\nThree", ["One", "Two", "Three"], id="line ends beside blocks are no breaks"),
    pytest.param("<pre>One\n\ntwo</pre>", ["One\n\ntwo"], id="preformatted text is kept"),
    pytest.param("<script>a\n\nb</script>One", ["a\n\nb", "One"], id="a script is kept"),
    pytest.param("One <!-- a\n\nb --> two", ["One two"], id="a comment is kept"),
    pytest.param('One <a\n\nhref="b">two</a>', ["One two"], id="a tag is kept"),
    pytest.param("<pre>One\n\ntwo", ["One", "two"], id="unclosed preformatted text hides nothing"),
    pytest.param("One\n<!--more-->\nTwo", ["One", "Two"], id="a more mark between line ends"),
    pytest.param("One<!--more Go on-->two<!--noteaser-->", ["Onetwo"], id="marks are not text"),
    pytest.param("One<!--nextpage-->two", ["One", "two"], id="a page break ends a paragraph"),
    pytest.param("", [], id="nothing"),
    pytest.param(" \n\n \n", [], id="blank lines only"),
    pytest.param("---\ntitle: One\n---\n\nTwo", ["---\ntitle: One\n---", "Two"], id="no front matter"),
]


@pytest.mark.parametrize(("text", "expected"), PARAGRAPHS)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


BLOCKS = [
    pytest.param(
        "<!-- wp:paragraph -->\n<p>One\ntwo\n\nthree</p>\n<!-- /wp:paragraph -->",
        ["One\ntwo\nthree"],
        id="blank lines in a block are white space",
    ),
    pytest.param(
        '<!-- wp:a {"b":{"c":1}} --><div><!-- wp:html -->One\n\ntwo<!-- /wp:html -->\n\nthree</div><!-- /wp:a -->',
        ["One\ntwo\nthree"],
        id="nested blocks",
    ),
    pytest.param(
        "<!-- wp:html -->\n<i>One</i>\n<!-- /wp:html -->\n\nTwo\nthree\n\nfour",
        ["One", "Two\nthree", "four"],
        id="classic text between blocks",
    ),
    pytest.param(
        "<!-- wp:freeform -->\nOne\n\ntwo\n<!-- /wp:freeform -->", ["One", "two"], id="classic text in its own block"
    ),
    pytest.param("<h2>One</h2><!-- wp:archives /-->", ["One", OBJECT], id="a block that WordPress fills"),
    pytest.param("One<!-- /wp:html -->\n\ntwo", ["One", "two"], id="an end without a start"),
    pytest.param("<!-- wp:html -->One\n\ntwo", ["One\ntwo"], id="a block that never ends"),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_block_posts(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


SHORTCODES = [
    pytest.param('One [gallery ids="1,2"] two', [f"One {OBJECT} two"], id="a gallery"),
    pytest.param("One\n\n[gallery]\n\ntwo", ["One", OBJECT, "two"], id="a gallery without attributes"),
    pytest.param("[contact-form-7 id=4]", [OBJECT], id="a form"),
    pytest.param("[contact-form subject='[Tram%5D'][contact-field type='text'/][/contact-form]", [OBJECT], id="nested"),
    pytest.param(
        "[youtube=https://a.example/b] [youtube InCeVCGtHak]", [f"{OBJECT} {OBJECT}"], id="old forms of videos"
    ),
    pytest.param("[audio src=a.mp3][/audio] [video]a.mp4[/video]", [f"{OBJECT} {OBJECT}"], id="media with an end tag"),
    pytest.param("[video a=1] One\n\ntwo [/video]", [f"{OBJECT} One", "two [/video]"], id="far end tags hide nothing"),
    pytest.param("[tram_times line=4 stop=harbour]", [OBJECT], id="an unknown name with options"),
    pytest.param('[Tram a="b c"]', [OBJECT], id="an unknown name with quoted options"),
    pytest.param("[box type=”shadow”]", [OBJECT], id="curly quotation marks"),
    pytest.param("[x /] [x/]", [f"{OBJECT} {OBJECT}"], id="self-closing"),
    pytest.param("[dropcap]T[/dropcap]he tram", ["The tram"], id="an enclosing one in a word"),
    pytest.param("[b1 a='c']One [b2]two[/b2] three[/b1] four", ["One two three four"], id="enclosing ones, nested"),
    pytest.param("[half]One.[/half] [half_last]Two.[/half_last]\nThree", ["One.", "Two.", "Three"], id="columns"),
    pytest.param("[box]\nOne\n\ntwo\n[/box]", ["One", "two"], id="on lines of their own"),
    pytest.param("One [code]<b>two\n\n[/code] three", ["One", "<b>two\n\n", "three"], id="code"),
    pytest.param("[php]\n<td><input>\n<?= 1 ?>\n[/php]\n\nB", ["\n<td><input>\n<?= 1 ?>\n", "B"], id="tags in code"),
    pytest.param('<pre lang="php"><td>\n\n<?= 1 ?></pre>One', ["<td>\n\n<?= 1 ?>", "One"], id="highlighted code"),
    pytest.param('<code lang="php"><td>\n\n<li></code> One', ["<td>\n\n<li>", f"{OBJECT} One"], id="inline code"),
    pytest.param("[ccnLe_java]int[] a;\n\n\n[/ccnLe_java]", ["int[] a;\n\n\n"], id="code in mixed case"),
    pytest.param("[[gallery]] [[b1]two[/b1]] [[x /]]", ["[gallery] [b1]two[/b1] [x /]"], id="escaped"),
    pytest.param('[x a="<b>c</b>"]One', [f"{OBJECT}One"], id="tags in an attribute"),
]
PROSE = [
    pytest.param("The tram [sic] is late [1] [Laughs] […] [and so on].", id="notes of an editor"),
    pytest.param("[Editor's note: a=b] [see figure 2 = map] [let n=5]", id="notes with equals signs"),
    pytest.param('[gallery](https://a.example/) [a tram][b] [b]bold[/b] [quote="a"]c[/quote]', id="Markdown, forums"),
    pytest.param("One [/caption] two [/gallery]", id="an end tag alone"),
    pytest.param('One [gallery ids="1,2', id="never finished"),
    pytest.param("One [gallery ids=1 two [b] three", id="without its bracket"),
    pytest.param("[INST] One [/INST] [video of the mayor] [html]", id="words in brackets"),
    pytest.param('input[type="text"], tools = [ a(b="c") ]', id="program code"),
    pytest.param("[x a=1\n\nb=2]".replace("\n\n", " "), id="plain options of an unknown name"),
]


@pytest.mark.parametrize(("text", "expected"), SHORTCODES)
def test_shortcodes(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("text", PROSE)
def test_text_in_brackets(text: str) -> None:
    assert texts(text) == [text]


IMG = '<img src="a.jpg" alt="A tram">'


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        pytest.param(f'[caption id="a" width="3"]{IMG} The tram.[/caption]', "The tram.", id="today"),
        pytest.param(f'[caption width="3"]<a href="b">{IMG}</a> The <i>tram</i>.[/caption]', "The tram.", id="linked"),
        pytest.param(f'[wp_caption caption="The &amp; tram"]{IMG}[/wp_caption]', "The & tram", id="as an attribute"),
        pytest.param(f"[caption caption='The tram']{IMG}", "The tram", id="as an attribute, never closed"),
    ],
)
def test_captions(text: str, caption: str) -> None:
    document = read(f"One\n{text}\ntwo")
    assert [block.text for block in document.blocks if block.scopes == {"caption"}] == [caption]
    assert [image.url for image in document.images] == ["a.jpg"]
    assert "[" not in "".join(block.text for block in document.blocks)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("One\n\nhttps://a.example/b?c=1&d\n\ntwo", id="between blank lines"),
        pytest.param("One\n \thttps://a.example/b?c=1&d \ntwo", id="on its line"),
        pytest.param("<p>One</p><p>https://a.example/b?c=1&d</p>", id="in a paragraph"),
        pytest.param("One [embed width=3] https://a.example/b?c=1&d [/embed]", id="in a shortcode"),
        pytest.param("<!-- wp:embed --><div>\nhttps://a.example/b?c=1&d\n</div><!-- /wp:embed -->", id="in a block"),
        pytest.param("https://a.example/b?c=1&d", id="alone"),
    ],
)
def test_embedded_urls(text: str) -> None:
    document = read(text)
    (link,) = document.links
    assert (link.kind, link.text, link.url) == ("autolink", OBJECT, "https://a.example/b?c=1&d")
    assert text[slice(*link.url_span)] == link.url
    assert text[slice(*link.span)].strip("[]/ =3").endswith(("d", "embed"))


@pytest.mark.parametrize(
    "text",
    ["See https://a.example/b", "<i>https://a.example/b</i>", "https://a.example/b says", "https://a.example/b<b>"],
)
def test_urls_in_text(text: str) -> None:
    assert [link.kind for link in read(text).links] == ["bare"]


def test_the_added_tags_are_not_in_the_document() -> None:
    text = 'One\ntwo\n\n<b>three</b> [gallery][x a="<i>"]\n<!-- wp:html --><!--nextpage-->'
    document = read(text)
    assert [text[slice(*tag.span)] for tag in document.tags] == ["<b>", "</b>", "<!-- wp:html -->", "<!--nextpage-->"]
    assert [text[slice(*mark)] for mark in document.marks] == ["[gallery]", '[x a="<i>"]', "<!-- wp:html -->"]
    assert (document.kind, document.markup) == ("wordpress", "html")


def findings(text: str, select: Sequence[str] = ()) -> list[str]:
    return sorted({finding.rule for finding in Linter(isolated=True, select=select).check(text, kind="wordpress")})


STORY = "The council met on Monday, and it spoke about the tram for an hour."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{STORY}\n\n[/caption]", ["templates/shortcode"], id="an end tag alone"),
        pytest.param(f'{STORY}\n\n[gallery ids="1,2', ["templates/shortcode"], id="never finished"),
        pytest.param(f"{STORY}\n\n<!-- copydesk: ignore -->\n\n[/caption]", [], id="suppressed"),
        pytest.param(f"{STORY} [/caption] <!-- copydesk: ignore templates/shortcode -->", [], id="suppressed behind"),
        pytest.param(f"{STORY}\n\nhttps://www.youtube.com/watch?v=abc", [], id="an embedded video"),
        pytest.param(f'[gallery ids="1"]\n\n{STORY}<!--more-->\n\n[box]Late.[/box]', [], id="legal shortcodes"),
        pytest.param(f"<!-- wp:paragraph -->\n<p>{STORY}</p>\n<!-- /wp:paragraph -->", [], id="block comments"),
        pytest.param("<h2>Posts</h2>\n<!-- wp:latest-posts /-->\n<h2>More</h2>\n" + STORY, [], id="a filled section"),
    ],
)
def test_rules(text: str, expected: list[str]) -> None:
    assert findings(text) == expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param(f"{STORY} See https://council.test/tram-4 for more.", "links/bare", id="a bare URL"),
        pytest.param(f"<p>{STORY}\n\n<!--StartFragment--></p>", "leaks/editor-comment", id="a pasted comment"),
        pytest.param(f"<!--more-->{STORY}<!--more-->", "duplicates/more-mark", id="two more marks"),
    ],
)
def test_rules_that_are_off_by_default(text: str, rule: str) -> None:
    assert findings(text, [rule]) == [rule]


# Properties.

PIECES = st.sampled_from(
    [
        *(
            "One",
            "two ",
            "&amp;",
            "&nbsp;",
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "\t",
            "[",
            "]",
            "[[",
            "]]",
            "https://a.example/b",
        ),
        *("<p>", "</p>", "<b>", "</b>", "<br>", "<div>", "</div>", "<pre>", "</pre>", "<!--", "-->", "<!--more-->"),
        *("[gallery]", '[x a="b"]', "[/x]", "[x]", "[caption width=3]", "[/caption]", '<img src="a" alt="b">', "[sic]"),
        *(
            "<!-- wp:a -->",
            "<!-- /wp:a -->",
            "<!-- wp:b /-->",
            "[embed]",
            "[/embed]",
            "[code]",
            "[/code]",
            "<a href=b>",
        ),
        *(
            "</a>",
            "<!--nextpage-->",
            '[caption caption="A"]',
            "<script>",
            "</script>",
            "<",
            ">",
            '"',
            "\ufeff",
            "\U0001f68b",
        ),
    ]
)
POSTS = st.lists(PIECES, max_size=25).map("".join)


def pieces(block: Block) -> list[tuple[str, int, int]]:
    """Return the text and the source span of each piece of a block."""
    ends = [*block.starts[1:], len(block.text)]
    return [(block.text[low:high], *span) for low, high, span in zip(block.starts, ends, block.pieces, strict=True)]


@given(st.text() | POSTS)
@example("[caption]<img src=a></a>[/caption]")
def test_pieces_are_in_order_and_equal_their_source(text: str) -> None:
    document = read(text)
    for block in document.blocks:
        done = 0
        for shown, start, end in pieces(block):
            assert done <= start <= end <= len(text)
            if len(shown) == end - start and shown != OBJECT and not shown.isspace():
                assert shown == text[start:end]
            done = end
    for link in document.links:
        assert 0 <= link.span.start <= link.url_span.start <= link.url_span.end <= link.span.end <= len(text)


@given(POSTS)
def test_marks_are_in_order(text: str) -> None:
    done = 0
    for start, end in read(text).marks:
        assert done <= start < end <= len(text)
        done = end


def content(document: Document) -> object:
    return (
        [(block.text, block.scopes, block.places) for block in document.blocks],
        [(link.url, link.text, link.span) for link in document.links],
        [(image.url, image.span) for image in document.images],
        [(tag.name, tag.kind, tag.span) for tag in document.tags],
    )


@given(st.lists(PIECES.filter(lambda piece: not set("[]\r\n") & set(piece) and "://" not in piece)).map("".join))
def test_html_on_one_line_is_read_as_html(text: str) -> None:
    if "wp:b" not in text and "nextpage" not in text:
        assert content(read(text)) == content(read(text, "html"))


@given(st.lists(st.sampled_from(["One", "two.", "&amp;", "<b>three</b>", "[sic]", "4"]), min_size=1), st.data())
def test_classic_paragraphs_are_those_of_html(words: list[str], data: st.DataObject) -> None:
    """The oracle: the same words, with a `<p>` for each blank line and a `<br>` for each other line end."""
    gaps = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\n\n", "\r\n \r\n"]), min_size=len(words), max_size=len(words))
    )
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    html = text.replace("\r\n \r\n", "<p>").replace("\n\n", "<p>").replace("\n", "<br>")
    assert texts(text) == [block.text for block in read(html, "html").blocks]


HOSTILE = {
    "brackets": "[",
    "unfinished shortcodes": "[a ",
    "quoted brackets": "[a ='",
    "start tags": "[a]",
    "end tags": "[a][/b]",
    "media that never end": "[video a=1]\n\n[/video]",
    "captions": '[caption caption="a"]',
    "links in captions": "[caption a=1]<a <img [/caption]",
    "blank lines": "\n\n",
    "spaces": " ",
    "block comments": "<!-- wp:a -->",
    "unfinished block comments": "<!-- wp:",
    "URLs": "https://a.example/b \n",
    "URLs in a line": "https://a.example/b  ",
    "preformatted": "<pre>",
    "scripts": "<script>\n\n[a]",
    "bold lines": "<b>a\n",
    "bold paragraphs": "<b>a\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_takes_linear_time(name: str) -> None:
    piece = HOSTILE[name]
    read(piece)
    small, large = (steps(partial(read, piece * (size // len(piece)))) for size in (2_000, 8_000))
    assert large < 8 * small
    read(piece * (80_000 // len(piece)))
