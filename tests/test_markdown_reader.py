"""Markdown documents: their content and its positions in the source."""

from __future__ import annotations

import html
import re
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import OBJECT, Block, Document
from linter.readers import read
from linter.source import Source
from steps import steps


def markdown(text: str) -> Document:
    return read(Source(text), "markdown")


def texts(text: str) -> list[str]:
    return [block.text for block in markdown(text).prose]


def scoped(text: str) -> list[tuple[str, str]]:
    return [(" ".join(sorted(block.scopes - {"code.markdown"})), block.text) for block in markdown(text).blocks]


def stands(text: str, block: Block) -> list[tuple[str, str]]:
    """Return the pieces of a block, each with its source text."""
    ends = (*block.starts[1:], len(block.text))
    return [
        (block.text[start:end], text[slice(*piece)])
        for start, end, piece in zip(block.starts, ends, block.pieces, strict=True)
    ]


BLOCKS = [
    pytest.param("The tram.\n\nThe vote.", [("paragraph", "The tram."), ("paragraph", "The vote.")], id="paragraphs"),
    pytest.param("# The tram #\n\nThe\nvote\n===", [("heading", "The tram"), ("heading", "The\nvote")], id="headings"),
    pytest.param("- one\n- two\n\n  three", [("list", "one"), ("list", "two"), ("list", "three")], id="lists"),
    pytest.param("- one\n  - two\n- three", [("list", "one"), ("list", "two"), ("list", "three")], id="tight lists"),
    pytest.param(
        "## One {#id}\n\n![a](b.png){width=5}[**two!**]{style='a:b'} `c`{.sh}, f(x){3} [d][e]{: target='_blank' }",
        [("heading", "One"), ("alt", "a"), ("code", "c"), ("paragraph", f"{OBJECT}two! {OBJECT}, f(x){{3}} [d][e]")],
        id="lists of attributes are no text",
    ),
    pytest.param("> one\n>\n> - two", [("quote", "one"), ("list quote", "two")], id="a list in a quote is both"),
    pytest.param("> one\n\ntwo", [("quote", "one"), ("paragraph", "two")], id="a quote ends"),
    pytest.param(
        '- <blockquote class="twitter-tweet"><p>one</p>\n\n  two</blockquote>\n\nthree',
        [("boilerplate", "one"), ("boilerplate", "two"), ("paragraph", "three")],
        id="a post of a network is no prose",
    ),
    pytest.param('<blockquote class="twitter-tweet"><p>one', [("quote", "one")], id="a post that never ends"),
    pytest.param(
        "> # one\n>\n> — A B (@ab) [May 3](https://x.com/ab/status/1)\n\ntwo",
        [("boilerplate", "one"), ("boilerplate", "— A B (@ab) May 3"), ("paragraph", "two")],
        id="a signed post",
    ),
    pytest.param(
        "> one\n> — A B (@ab), https://x.com/ab", [("quote", "one\n— A B (@ab), https://x.com/ab")], id="no post"
    ),
    pytest.param("> # one", [("heading quote", "one")], id="a heading in a quote is both"),
    pytest.param(
        "a | b\n-|-\nc \\| d | e",
        [*(("table table.header", t) for t in ("a", "b")), *(("table table.cell", t) for t in ("c | d", "e"))],
        id="cells of a table",
    ),
    pytest.param(
        "<table><tr><th>a<td>b</table>", [("table table.header", "a"), ("table table.cell", "b")], id="an HTML table"
    ),
    pytest.param("x[^1]\n\n[^1]: foot", [("paragraph", "x"), ("paragraph", "foot")], id="footnotes are paragraphs"),
    pytest.param("- [x] done", [("list", "done")], id="marks of tasks are dropped"),
    pytest.param("*a* **b** ~~c~~ _d_", [("paragraph", "a b c d")], id="emphasis is dropped"),
    pytest.param("&amp;&nbsp;&#39; &nope;", [("paragraph", "&\xa0' &nope;")], id="entities are what they mean"),
    pytest.param(r"\*a\* b\c", [("paragraph", r"*a* b\c")], id="escapes are what they mean"),
    pytest.param("a \nb  \nc\\\nd", [("paragraph", "a\nb\nc\nd")], id="line ends in a paragraph"),
    pytest.param("日本\n語\n*ab*", [("paragraph", "日本語\nab")], id="no space between CJK letters"),
    pytest.param("한국\n어", [("paragraph", "한국\n어")], id="Korean has spaces"),
    pytest.param("a `b` c", [("code", "b"), ("paragraph", f"a {OBJECT} c")], id="code in a line"),
    pytest.param("`` `b` ``", [("code", "`b`"), ("paragraph", OBJECT)], id="code that begins with its mark"),
    pytest.param("```py\nx\n```\n\n    y\n", [("code", "x\n"), ("code", "y\n")], id="blocks of code"),
    pytest.param("> ```\n> x\n> y\n> ```", [("code", "x\ny\n")], id="code in a quote is without its marks"),
    pytest.param("a ![b *c*](d) e", [("alt", "b c"), ("paragraph", f"a {OBJECT} e")], id="images"),
    pytest.param("![](d)", [("paragraph", OBJECT)], id="an image without words"),
    pytest.param("a\n\n***\n\n---\n\nb", [("paragraph", "a"), ("paragraph", "b")], id="rules are nothing"),
    pytest.param("> [!NOTE]\n> b", [("quote", "b")], id="the mark of an alert is dropped"),
    pytest.param("a\0b", [("paragraph", "a\0b")], id="a null character is kept"),
    pytest.param("", [], id="nothing"),
    pytest.param(
        "a\rb\r\r# c\r\r```\rd\r```\r", [("paragraph", "a\nb"), ("heading", "c"), ("code", "d\r")], id="lone CR"
    ),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_blocks(text: str, expected: list[tuple[str, str]]) -> None:
    assert scoped(text) == expected


PIECES = [
    pytest.param(
        "> - The **council** met\n>   on `day` 1 &amp; 2",
        [
            ("The ", "The "),
            ("council", "council"),
            (" met", " met"),
            ("\n", "\n>   "),
            ("on ", "on "),
            (OBJECT, "`day`"),
            (" 1 ", " 1 "),
            ("&", "&amp;"),
            (" 2", " 2"),
        ],
        id="markup, line ends with their indent, code, entities",
    ),
    pytest.param(r"a\*b", [("a", "a"), ("*", r"\*"), ("b", "b")], id="an escape has its backslash"),
    pytest.param(r"*\*b*", [("*", r"\*"), ("b", "b")], id="an escape behind markup"),
    pytest.param("a  \nb", [("a", "a"), ("\n", "  \n"), ("b", "b")], id="a line break"),
    pytest.param("a \r\n b", [("a", "a"), ("\n", " \r\n "), ("b", "b")], id="white space at a line end"),
    pytest.param("日本\n語", [("日本", "日本"), ("語", "語")], id="CJK letters"),
    pytest.param("😀 *é* e\u0301 ש", [("😀 ", "😀 "), ("é", "é"), (" e\u0301 ש", " e\u0301 ש")], id="all planes"),
    pytest.param("The\ncouncil\nmet.", [("The\ncouncil\nmet.", "The\ncouncil\nmet.")], id="lines without changes"),
    pytest.param(
        "a\n*b*\n[c](d)",
        [("a\n", "a\n"), ("b", "b"), ("\n", "\n"), ("c", "c")],
        id="markup at the start of lines",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PIECES)
def test_pieces_have_their_source_positions(text: str, expected: list[tuple[str, str]]) -> None:
    assert stands(text, markdown(text).prose[0]) == expected


def test_what_a_line_end_stands_for_is_one_with_its_words() -> None:
    text = "> The council met  \n>    on Monday."
    (block,) = markdown(text).blocks
    assert block.is_contiguous(0, len(block.text))
    assert text[slice(*block.span(12, 18))] == "met  \n>    on"


LINKS = [
    pytest.param("[a](b)", ("inline", "a", "b", "b", None), id="inline"),
    pytest.param('[a]( b  "c" )', ("inline", "a", "b", "b", "c"), id="with a title"),
    pytest.param("[a](<b c> 'd')", ("inline", "a", "b c", "b c", "d"), id="in angle brackets"),
    pytest.param("[a](b_(c(d)))", ("inline", "a", "b_(c(d))", "b_(c(d))", None), id="with brackets in it"),
    pytest.param(r"[a](b\_c&amp;d (e))", ("inline", "a", "b_c&d", r"b\_c&amp;d", "e"), id="with escapes"),
    pytest.param("[](b)", ("inline", "", "b", "b", None), id="without words"),
    pytest.param("[a]()", ("inline", "a", "", "", None), id="without an address"),
    pytest.param("[*a*](b)", ("inline", "a", "b", "b", None), id="words in markup"),
    pytest.param("> [a\n> b](\n> c\n> 'd')", ("inline", "a\nb", "c", "c", "d"), id="over lines of a quote"),
    pytest.param("[![a](b)](c)", ("inline", OBJECT, "c", "c", None), id="around an image"),
    pytest.param("[a][b]\n\n[b]: c 'd'", ("reference", "a", "c", "c", "d"), id="reference"),
    pytest.param("[aa] [b]\n\n[b]: c", ("reference", "aa", "c", "c", None), id="reference behind a space"),
    pytest.param(
        "[Aa] [aa]\n\n[aa]: c", ("reference", "Aa", "c", "c", None), id="reference behind a space, with its words"
    ),
    pytest.param("[a]\n\n[A]:\n  <c d>", ("reference", "a", "c d", "c d", None), id="reference by its words"),
    pytest.param("[é  b][]\n\n> [É B]:\n> c", ("reference", "é  b", "c", "c", None), id="reference into a quote"),
    pytest.param("<https://a.example/b>", ("autolink",) + ("https://a.example/b",) * 3 + (None,), id="autolink"),
    pytest.param("<a@b.example>", ("autolink",) + ("a@b.example",) * 3 + (None,), id="mail"),
    pytest.param("See https://a.example/b.", ("bare",) + ("https://a.example/b",) * 3 + (None,), id="bare"),
    pytest.param('<a href="b&amp;c" title=d>e *f*</a>', ("html", "e f", "b&c", "b&amp;c", "d"), id="HTML"),
    pytest.param('> x <a\n> href="b">c</a>', ("html", "c", "b", "b", None), id="HTML over lines of a quote"),
    pytest.param('[a]({{ "/b" | url }})', ("inline", "a") + ('{{ "/b" | url }}',) * 2 + (None,), id="a template"),
]


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_links(text: str, expected: tuple[str, str, str, str, str | None]) -> None:
    (link,) = markdown(text).links
    title = link.title_span and text[slice(*link.title_span)]
    assert (link.kind, link.text, link.url, text[slice(*link.url_span)], title) == expected
    assert link.title == (title or "")


def test_the_span_of_a_link_is_all_of_it() -> None:
    text = "See **[the tram](https://a.example)** and [it][1].\n\n[1]: b\n"
    assert [text[slice(*link.span)] for link in markdown(text).links] == ["[the tram](https://a.example)", "[it][1]"]


def test_two_links_side_by_side_remain_two() -> None:
    text = "See [aa] [b] and [x] [y].\n\n[aa]: c\n[b]: d\n"
    assert [link.text for link in markdown(text).links] == ["aa", "b"]


def test_images() -> None:
    text = 'A ![b &amp; *c*](d.png "e") and ![f][g] and ![](h).\n\n[g]: i.png\n'
    images = markdown(text).images
    assert [(image.alt and image.alt.text, image.url, image.title) for image in images] == [
        ("b & c", "d.png", "e"),
        ("f", "i.png", ""),
        (None, "h", ""),
    ]
    assert [text[slice(*image.span)] for image in images] == ['![b &amp; *c*](d.png "e")', "![f][g]", "![](h)"]
    assert [text[slice(*image.url_span)] for image in images] == ["d.png", "i.png", "h"]
    assert images[0].alt
    assert stands(text, images[0].alt)[1] == ("&", "&amp;")


def test_headings_have_their_level() -> None:
    text = "# a\n\n### b *c*\n\nd\n---\n\n<h4>e</h4>\n"
    assert [(heading.level, heading.block.text) for heading in markdown(text).headings] == [
        (1, "a"),
        (3, "b c"),
        (2, "d"),
        (4, "e"),
    ]


HTML = [
    pytest.param("<div>\n  <p>a &amp;\n   b</p>\n</div>", ["a &\nb"], id="text between tags"),
    pytest.param("a <b>b</b> <!-- c --> d", ["a b  d"], id="tags and comments in a line"),
    pytest.param("a<br>b", ["a\nb"], id="a line break"),
    pytest.param("<ul>\n<li>a\n<li>b\n</ul>\n\nc", ["a", "b", "c"], id="items"),
    pytest.param("<script>\na\n\nb\n</script>\n\nc", ["c"], id="a script shows nothing"),
    pytest.param("x <code>a *b*</code> c", [f"x {OBJECT} c"], id="code"),
    pytest.param(
        'x <span style="font-family: Courier">a(<span>*b*</span>);</span> c', [f"x {OBJECT} c"], id="code in its font"
    ),
    pytest.param('<div class="highlight">\n<p>a = *b*;</p></div>\n<p>c</p>', ["c"], id="code in a box"),
    pytest.param('<div class="highlight">\n\na = *b*;\n\n</div>', ["a = b;"], id="no box in a single block"),
    pytest.param("a <code>b *c*\n\nd", ["a b c", "d"], id="code that ends nowhere hides nothing"),
    pytest.param("<script>\nThe *tram*.\n\nThe vote.", ["The tram.", "The vote."], id="nor does a script"),
    pytest.param("The tram.\n\n<!-- ask\n\nThe *vote*.", ["The tram.", "ask", "The vote."], id="nor does a comment"),
    pytest.param("<div>\n<!-- a\n\nb -->\nc\n\n</div>", ["c"], id="a comment over blocks"),
    pytest.param("<p>a</p><pre><code>b\n\nc\n</code></pre>\n\nd", ["a", "d"], id="code over blocks"),
    pytest.param(
        "a\n\n[code lang=sh]\nb\n\nc\n[/code]\n\nd", ["a", "[code lang=sh]", "[/code]", "d"], id="a shortcode"
    ),
    pytest.param("<?php a\n\nb ?>\n\nc", ["c"], id="an instruction shows nothing"),
    pytest.param("> <div>\n> a\n> b\n\nc", ["a\nb", "c"], id="in a quote, over lines"),
    pytest.param("a {% comment %}<!-- b\n\nc{% endcomment %} d", ["a", "d"], id="nor a comment of a template"),
    pytest.param('See <a href="x\n\nThe vote.', ['See <a href="x', "The vote."], id="a broken tag is text"),
]


TEMPLATES = [
    pytest.param("The {{ tram }} is *late*.", [f"The {OBJECT} is late."], id="a variable"),
    pytest.param('The {{ *a* | b: "c" }} and {{{d}}}.', [f"The {OBJECT} and {OBJECT}."], id="no markup lies in it"),
    pytest.param('The {{< figure\n  src="a.jpg"\n>}} x', [f"The {OBJECT} x"], id="a shortcode over lines"),
    pytest.param('{{< figure\n  src="a.jpg"\n>}}\n\nThe tram.', ["The tram."], id="nothing where it stands alone"),
    pytest.param("The tram\n{% raw %}\nis late\n{% endraw %}", ["The tram\nis late"], id="nor a line end"),
    pytest.param("> The {{ a\n> b }} tram\n> {% c %}\n> is late", [f"The {OBJECT} tram\nis late"], id="in a quote"),
    pytest.param("- {{ a }}\n- {% b %} c", [OBJECT, f"{OBJECT} c"], id="in a list"),
    pytest.param("| {{ a | b }} | c |\n|---|---|", [OBJECT, "c"], id="no cell of a table ends in it"),
    pytest.param("<div>\n{% a %}\nb {{ c }}\n</div>", [f"b {OBJECT}"], id="in raw HTML"),
    pytest.param("Say {% raw %}{{ a }}{% endraw %}.", [f"Say {OBJECT}."], id="one that is spoken of"),
    pytest.param("From `{{` to `}}`.", [f"From {OBJECT} to {OBJECT}."], id="code is code"),
    pytest.param("The {{ tram\n\nis }} late.", ["The {{ tram", "is }} late."], id="no blank line lies in it"),
    pytest.param("漢\r\n{% a %}\r\n字", ["漢字"], id="with line ends of Windows, in Chinese"),
    pytest.param("The {tram} {is} late, {{x}.", ["The {tram} {is} late, {{x}."], id="other braces"),
]


@pytest.mark.parametrize(("text", "expected"), TEMPLATES)
def test_templates(text: str, expected: list[str]) -> None:
    assert texts(text) == expected
    check(markdown(text))


@pytest.mark.parametrize(("text", "expected"), HTML)
def test_html(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


TAGS = [
    pytest.param("a <b>b</b>", [("open", "b", "<b>"), ("close", "b", "</b>")], id="in a line"),
    pytest.param("<div>\n\na\n\n</div>", [("open", "div", "<div>"), ("close", "div", "</div>")], id="over blocks"),
    pytest.param("> <img\n> alt>", [("open", "img", "<img\n> alt>")], id="over lines of a quote"),
    pytest.param('See <a href="x\n\nThe vote.', [("broken showing", "a", '<a href="x')], id="broken, and showing"),
    pytest.param("The tram.\n\n<!-- ask\n\nThe vote.", [("broken", "", "<!--")], id="a comment that never ends"),
    pytest.param("<script>\na", [("open", "script", "<script>")], id="a script that never ends"),
    pytest.param(r"Write \<b> or &lt;b> or `<b>`.", [], id="none where it is meant as text"),
    pytest.param('<a href="{{ "/b" | url }}">', [("open", "a", '<a href="{{ "/b" | url }}">')], id="with a template"),
    pytest.param('{{< figure src="a.png" >}}', [], id="none in a shortcode"),
    pytest.param(
        "a < b, <you@a.example>, <Note>b</Note>",
        [("open", "note", "<Note>"), ("close", "note", "</Note>")],
        id="components",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TAGS)
def test_tags(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(tag.kind + " showing" * tag.visible, tag.name, text[slice(*tag.span)]) for tag in markdown(text).tags]
    assert found == expected


SENTENCE = "The council met on Monday and spoke about the tram."
FENCES = [
    pytest.param("```py\nx\n```\n\nThe vote.", [("closed", "```py", "```")], ["The vote."], id="closed"),
    pytest.param("- ~~~\n  x\n  ~~~", [("closed", "~~~", "~~~")], [], id="closed in a list"),
    pytest.param("~~~~\n```\n~~~~", [("closed", "~~~~", "~~~~")], [], id="a shorter mark inside is code"),
    pytest.param("```python\nx = 1", [("unclosed", "```python", None)], [], id="unclosed code is code"),
    pytest.param(f"```\n{SENTENCE}", [("unclosed", "```", None)], [SENTENCE], id="unclosed prose is prose"),
    pytest.param(
        f"```py\nx = 1\n\n{SENTENCE}\n\n- *a*", [("unclosed", "```py", None)], [SENTENCE, "a"], id="code, then prose"
    ),
    pytest.param(
        f"```py\nx = 1\n\n{SENTENCE}\n\n```js\ny\n```\n\n*a*",
        [("unclosed", "```py", None), ("closed", "```js", "```")],
        [SENTENCE, "a"],
        id="unclosed before the next one begins",
    ),
    pytest.param(
        f"```\nx = 1\n\n{SENTENCE}\n\n```\ny\n```\n\n{SENTENCE}",
        [("unclosed", "```", None), ("closed", "```", "```")],
        [SENTENCE, SENTENCE],
        id="the first of three marks without a word",
    ),
    pytest.param(
        f"```\nx\n```\n\n{SENTENCE}\n\n```\n{SENTENCE}",
        [("closed", "```", "```"), ("unclosed", "```", None)],
        [SENTENCE, SENTENCE],
        id="the last of three marks without a word",
    ),
    pytest.param(f"> ```py\n> x\n\n{SENTENCE}", [("unclosed", "```py", None)], [SENTENCE], id="to the end of a quote"),
    pytest.param(
        f"1. a\n   ```sh\n   x\n```\n2. b\n   ```sh\n   y\n```\n\n{SENTENCE}",
        [("unclosed", "```sh", None), ("unclosed", "```sh", None)],
        ["a", "b", SENTENCE],
        id="closed too far to the left",
    ),
    pytest.param(
        f"- a\n  ```sh\n  x\n\n## b\n\n```\n\n{SENTENCE}",
        [("unclosed", "```sh", None)],
        ["a", "b", SENTENCE],
        id="closed too late",
    ),
    pytest.param(
        f"> ```sh\n> x\n\n> ```\n\n{SENTENCE}", [("unclosed", "```sh", None)], [SENTENCE], id="closed in the next quote"
    ),
    pytest.param(
        f"```md\n## a\n\n{SENTENCE}\n\n```js\nx\n```\n\n## b\n```\n\n{SENTENCE}\n\n```py\ny\n```",
        [("nested", "```md", None), ("closed", "```py", "```")],
        [SENTENCE],
        id="an example with a code block inside",
    ),
    pytest.param(
        f"```\na\n```js\nx\n```\n```\n\n{SENTENCE}\n\n```md\n```js\nx\n```\n```\n\n```\ny\n```",
        [("nested", "```", None), ("nested", "```md", None), ("closed", "```", "```")],
        [SENTENCE],
        id="two such examples",
    ),
    pytest.param(
        f"```py\nx\n\n{SENTENCE}\n\n```js\ny\n```\n\n{SENTENCE}\n\n```\nz\n```",
        [("unclosed", "```py", None), ("closed", "```js", "```"), ("closed", "```", "```")],
        [SENTENCE, SENTENCE],
        id="no example, but a missing mark",
    ),
    pytest.param("```md\n```{r a}\nx\n```", [("closed", "```md", "```")], [], id="an example that shows one mark"),
    pytest.param(
        f'```pandas title="{SENTENCE}"\nx\n```', [("closed", "```pandas", "```")], [], id="a title in an attribute"
    ),
    pytest.param(f"``` js {SENTENCE}\nx()\n```", [("closed", "``` js", "```")], [], id="a title in words"),
    pytest.param(f"```{{note}} {SENTENCE}\nx\n```", [("closed", "```{note", "```")], [], id="the title of a note"),
    pytest.param("!!! note\n    ```js\n    x\n\n    y\n    ```\n\na", [], ["!!! note", "a"], id="in a block of MkDocs"),
    pytest.param("<Tab>\n\n    ```js\nx\n\ny\n    ```\n\n</Tab>\n\na", [], ["a"], id="in a component"),
    pytest.param("<Tab>\r\n```js\r\nx\r\n```\r\n</Tab>\r\n\r\na", [], ["a"], id="with line ends of Windows"),
    pytest.param("<Tab>\n```js\nx\n\ny\n```\n</Tab>\n\na", [], ["a"], id="directly below the tag of a component"),
    pytest.param("| a |\n|---|\n| ``` |", [], ["a", "```"], id="as data of a table"),
    pytest.param(
        f"Well.\n\n```html {SENTENCE} ```", [("one-line", "```html", "```")], ["Well.", SENTENCE], id="in one line"
    ),
    pytest.param(f"~~~html {SENTENCE} ~~~", [("one-line", "~~~html", "~~~")], [SENTENCE], id="in one line, of tildes"),
    pytest.param("Type ```npm install x```.", [], [f"Type {OBJECT}."], id="inline code in three backticks"),
    pytest.param(
        f"```html {SENTENCE}\nIt was *late* on Monday.\n```\n\na",
        [("stray", "```html", "```")],
        [f"{SENTENCE}\nIt was late on Monday.", "a"],
        id="prose behind the mark",
    ),
    pytest.param(
        f"```markdown\n# a\n\n{SENTENCE}\n```\n", [("wrapped", "```markdown", "```")], ["a", SENTENCE], id="wrapped"
    ),
    pytest.param(
        f"---\nlayout: x\n---\n```html\n<p>{SENTENCE}</p>\n```",
        [("wrapped", "```html", "```")],
        [SENTENCE],
        id="wrapped HTML behind front matter",
    ),
    pytest.param(
        f"```md\n{SENTENCE}\n\n```py\nx\n```\n\n{SENTENCE}\n```",
        [("wrapped", "```md", "```"), ("closed", "```py", "```")],
        [SENTENCE, SENTENCE],
        id="wrapped around other code",
    ),
    pytest.param("```md\n# a\n```\n\nis a heading.", [("closed", "```md", "```")], ["is a heading."], id="an example"),
    pytest.param("```py\nx = 'a'\n```", [("closed", "```py", "```")], [], id="code alone wraps nothing"),
    pytest.param(
        f"```md\n# a\n```\n\n{SENTENCE}\n\n```\nx\n```",
        [("closed", "```md", "```"), ("closed", "```", "```")],
        [SENTENCE],
        id="code at both ends wraps nothing",
    ),
    pytest.param("“`html\n\nThe *vote*.", [("stray", "“`html", None)], ["The vote."], id="typographic"),
    pytest.param("a\n“`html\nb\n“`\nc", [("stray", "“`html", "“`")], ["a", "b", "c"], id="a typographic pair"),
    pytest.param("“`html The vote.", [("stray", "“`html", None)], ["The vote."], id="typographic before words"),
    pytest.param("He said “`ls` for all”.", [], [f"He said “{OBJECT} for all”."], id="a quotation of code"),
    pytest.param("```\n“`html\n```", [("closed", "```", "```")], [], id="a typographic mark in code"),
    pytest.param("The vote.```", [("stray", "```", None)], ["The vote."], id="behind words"),
    pytest.param(r"\`\`\`html The vote.", [], ["```html The vote."], id="escaped, and so meant as text"),
]


@pytest.mark.parametrize(("text", "fences", "prose"), FENCES)
def test_fences(text: str, fences: list[tuple[str, str, str | None]], prose: list[str]) -> None:
    document = markdown(text)
    found = [
        (fence.state, text[slice(*fence.opener)], fence.closer and text[slice(*fence.closer)])
        for fence in document.fences
    ]
    assert found == fences
    assert [block.text for block in document.prose] == prose


def test_what_is_cut_out_stays_in_place() -> None:
    text = "The mayor. ```html The council met on Monday. ``` The *vote*."
    (block,) = markdown(text).prose
    assert block.text == "The mayor.  The council met on Monday.  The vote."
    assert text[slice(*block.span(12, 23))] == "The council"


# In these texts, a middle dot is a space and a return sign is a line end.
INLINE = r"""
    *a*  **b**  _  ~~  `  ``·c·``  ```·d·```  ~~~  &amp;  &#x1F600;  &copy  \*  \  [e](f)  [g](<h·i>·"j")  [k][l]
    ![m·*n*](o)  ![  ](p)  <https://s.example>  https://t.example/u  <b>  </b>  <a·href="v">  </a>  <div>  </div>
    <!--  -->  <script>  </script>  <br>  <img·alt="w"·src=x>  <p  <pre>  <code>  </code>  <?y  {{·"z"·}}  {%·a·%}
    {{·x·}}  {{<·x⏎y="z"·>}}  ⏎{%·x·%}⏎  {%·raw·%}x{%·endraw·%}  {{  %}
    [^1]  ```html·The·council·met·on·Monday.·```  ```py  ```  “`html  '''  The·council·met·on·Monday.  日本  語  한  é
    é  😀  שלום  ---  +++  [  ]  (  )  "  <  >  !
"""
LINES = r"""
    ··⏎  \⏎  ⏎>·  ⏎>·-·  ⏎-·  ⏎··-·  ⏎1.·  ⏎····  ⏎#·  ⏎===⏎  ⏎---⏎  ⏎|a|b|⏎|-|-|⏎  ⏎[^1]:·  ⏎-·[·]·  ⏎```⏎
    ⏎[l]:·q·'r'⏎  ⏎[k]:⏎··<q·q>⏎  ⏎```py⏎  ⏎~~~⏎  ⏎“`⏎  ⏎<!--⏎  ⏎<div>⏎  ---⏎title:·x⏎  ⏎description:·"y  ⏎⏎
"""
FRAGMENTS = st.sampled_from(
    [part.replace("·", " ").replace("⏎", "\n") for part in (INLINE + LINES).split()]
    + [" ", "\t", "\n", "\n", "\n\n", "\0", "\ufeff", "\u2028", "e\u0301"]
)


def unescaped(address: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address))


def check(document: Document) -> None:
    text = document.source.text
    for block in document.blocks:
        assert len(block.starts) == len(block.pieces)
        assert block.starts[0] == 0
        assert block.pieces[0].start >= 0
        assert block.pieces[-1].end <= len(text)
        assert all(one.end <= other.start for one, other in pairwise(block.pieces))
        for shown, source in stands(text, block):
            assert shown
            assert source
            assert shown == source or len(shown) == 1 or len(shown) != len(source)
    places = sorted(block.source_span for block in document.prose)
    assert all(one.end <= other.start for one, other in pairwise(places))
    for link in document.links:
        assert 0 <= link.span.start <= link.span.end <= len(text)
        if link.kind not in ("html", "bare"):
            assert unescaped(text[slice(*link.url_span)]) == unescaped(link.url)
    for image in document.images:
        assert 0 <= image.url_span.start <= image.url_span.end <= len(text)
    for fence in document.fences:
        assert all(0 <= mark.start < mark.end <= len(text) for mark in (fence.opener, fence.closer) if mark)
    for tag in document.tags:
        assert text[tag.span.start] == "<"
    for note in document.notes:
        assert 0 <= note.span.start <= note.span.end <= len(text)
    assert list(document.tags) == sorted(document.tags, key=lambda tag: tag.span)


@given(st.lists(FRAGMENTS, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_position_is_in_the_source(parts: list[str], line_end: str) -> None:
    check(markdown("".join(parts).replace("\n", line_end)))


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_read(text: str) -> None:
    check(markdown(text))


@given(st.binary(max_size=80) | st.lists(FRAGMENTS, max_size=12).map(lambda parts: "".join(parts).encode("utf-16")))
def test_any_bytes_are_read(data: bytes) -> None:
    for encoding in (None, "cp1252", "utf-16", "utf-7"):
        check(read(Source.from_bytes(data, encoding=encoding), "markdown"))


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("<div>", id="open tags"),
        pytest.param("<b>x ", id="open tags in a line"),
        pytest.param("<!-- \n\n", id="open comments"),
        pytest.param("> ", id="nested quotes"),
        pytest.param("- ", id="nested lists"),
        pytest.param("```py\nThe council met on Monday.\n", id="open fences"),
        pytest.param("```md\n```js\nx\n```\n```\n", id="code blocks inside code blocks"),
        pytest.param("```md\na\n```js\nx\n```\n", id="half of them closed"),
        pytest.param("!!! a\n    ```js\n    x\n    ```\n", id="code in blocks of MkDocs"),
        pytest.param("<Tab>\n```js\nx\n\n```\n</Tab>\n", id="code in components"),
        pytest.param("- a\n  ```\n  x\n```\n", id="fences closed too far to the left"),
        pytest.param("```html The council met on Monday. ``` ", id="fences in one line"),
        pytest.param("[a](b) ![c](d) ", id="links and images"),
        pytest.param("![", id="open images"),
        pytest.param('x <a href="y ', id="broken tags"),
        pytest.param("日*本*\n", id="text in CJK"),
        pytest.param("{% ", id="open templates"),
        pytest.param("{{ x\n", id="open expressions over lines"),
        pytest.param("{{ x }} *y*\n{% z %}\n", id="expressions"),
    ],
)
def test_takes_linear_time(unit: str) -> None:
    markdown(unit * 10)  # load everything that is loaded only once
    small, large = (steps(partial(markdown, unit * count)) for count in (100, 400))
    assert large < 8 * small
    markdown(unit * 4_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{% highlight sh %}\n# a\n\nb\n{% endhighlight %}\n\nc", ["code: # a\n\nb\n", "paragraph: c"], id="Jekyll"
        ),
        pytest.param("{{< highlight go >}}\na\n{{< /highlight >}}\n\nb", ["code: a\n", "paragraph: b"], id="Hugo"),
        pytest.param(
            "- a\n\n  {%- highlight sh -%}\r\n  # b\r\n  {%- endhighlight -%}\n\n  c",
            ["list: a", "code:   # b\r\n", "list: c"],
            id="in an item",
        ),
        pytest.param("{% highlight sh %}\n# a\n", ["heading: a"], id="without its end"),
        pytest.param(
            "a {% highlight sh %}\n# b\n{% endhighlight %}", ["paragraph: a \ufffc", "heading: b"], id="within a line"
        ),
        pytest.param("{% highlight sh %}\n{% endhighlight %}\n\na", ["paragraph: a"], id="nothing in it"),
    ],
)
def test_code_of_template_languages(text: str, expected: list[str]) -> None:
    document = read(Source(text), "markdown")
    assert [
        f"{' '.join(sorted(block.scopes - {'code.markdown'}))}: {block.text}" for block in document.blocks
    ] == expected
