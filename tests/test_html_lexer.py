"""Tags, references and nesting of HTML pages, compared with turbohtml, which parses as browsers do."""

from __future__ import annotations

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Span
from linter.readers import html_lexer, html_tree

SOUP = [
    *"""
    < > / " ' = a b-c é 😀 & &amp; &copy &copy=1 &notit; &#65 &#x41; &#0; ` <a </a <p> </p> <b class=x> </b> href=
    x=" y=' /> <br/> <!-- --> --!> <!-> <! <? ?> <!doctype </> <script> <script src=x> </script> </SCRIPT > <style>
    </style> <title> </title> <textarea> </textarea> <iframe> </iframe> <noscript> </noscript> <svg> </svg> <title/>
    <A HREF=X> <o:p> <x-y.z>
    """.split(),
    *[" ", "\n", "\r\n", "\r", "\t", "\f", "\x0b", "\x1c", "\u00a0", "\n\n"],
]
soup = st.lists(st.sampled_from(SOUP), max_size=12).map("".join)

# Each tag is a line: its kind and its source.
WHOLE = [
    pytest.param("<a href=x>", ["open a: <a href=x>"], id="a start tag"),
    pytest.param("<A HREF='x'>b</A\n>", ["open a: <A HREF='x'>", "close a: </A\n>"], id="capitals"),
    pytest.param("a < b, 1<2 & x <3", [], id="what is no tag"),
    pytest.param("<!-- a <b> -->", ["comment : <!-- a <b> -->"], id="a comment"),
    pytest.param("<!doctype html>a</ b>", ["comment : <!doctype html>", "comment : </ b>"], id="counts as a comment"),
    pytest.param("<p title='a > b'>", ["open p: <p title='a > b'>"], id="a bracket in a value"),
    pytest.param('<p a="<b>c</b>"d=e>', ['open p: <p a="<b>c</b>"d=e>'], id="markup in a value"),
    pytest.param('<p a="<b>c</b>" d>', ['open p: <p a="<b>c</b>" d>'], id="markup in a value, then a name"),
    pytest.param('<p a="b\n\nc" d>', ['open p: <p a="b\n\nc" d>'], id="a blank line in a value"),
    pytest.param('<p a="The "b" c" d>', ['open p: <p a="The "b" c" d>'], id="quotation marks in a value"),
    pytest.param("<script>a<b</script>", ["open script: <script>", "close script: </script>"], id="a script"),
    pytest.param(
        "<script><!--<script></script>--></script>",
        ["open script: <script>", "close script: </script>"],
        id="a script in a comment in a script",
    ),
]
BROKEN = [
    pytest.param('<a b="x>c</a> <p d="y">', ['<a b="x>'], "a p", id="a quotation mark that another tag's closes"),
    pytest.param('<a b="x>c</a> is “late", he said', ['<a b="x>'], "a", id="one that the text closes"),
    pytest.param("<a b='x>c</a> isn't late", ["<a b='x>"], "a", id="one that an apostrophe closes"),
    pytest.param('<a b="x>c</a>', ['<a b="x>'], "a", id="one that nothing closes"),
    pytest.param('<a b="x\n\nThe "council"<p>met', ['<a b="x'], "p", id="a value and a tag without an end"),
    pytest.param("<p The council <b>met</b>", ["<p"], "b b", id="a tag in a tag"),
    pytest.param("<p a=x <b>met</b>", ["<p a=x"], "b b", id="a tag in a tag, behind an attribute"),
    pytest.param("The <b", ["<b"], "", id="a tag at the end of the file"),
    pytest.param("a<!-- b <p>c", ["<!--"], "p", id="a comment"),
    pytest.param("a <! b", ["<!"], "", id="a declaration"),
    pytest.param("<title>a<body><p>b</p>", ["<title>"], "body p p", id="a title"),
    pytest.param("<title>a<body><title>b</title>", ["<title>"], "body title title", id="a title, and another"),
    pytest.param("<script>a<p>b", ["<script>"], "p", id="a script"),
    pytest.param("<script src=x><p><script></script>", ["<script src=x>"], "p script script", id="one from elsewhere"),
    pytest.param("<style>a{}<p>b", ["<style>"], "p", id="a style sheet"),
    pytest.param("<style>/* was a <div> */</style><p>b", [], "style style p", id="a style sheet that speaks of tags"),
    pytest.param("<textarea><p><textarea></textarea>", ["<textarea>"], "p textarea textarea", id="a text field"),
    pytest.param("<iframe src=x/><p><iframe></iframe>", ["<iframe src=x/>"], "p iframe iframe", id="a frame"),
    pytest.param("<plaintext>a<p>b", ["<plaintext>"], "p", id="an element that has no end"),
]


@pytest.mark.parametrize(("text", "expected"), WHOLE)
def test_tags_are_found(text: str, expected: list[str]) -> None:
    assert [f"{tag.kind} {tag.name}: {text[slice(*tag.span)]}" for tag in html_lexer.lex_tags(text)] == expected


@pytest.mark.parametrize(("text", "broken", "others"), BROKEN)
def test_broken_markup_hides_nothing(text: str, broken: list[str], others: str) -> None:
    tags = html_lexer.lex_tags(text)
    assert [text[slice(*tag.span)] for tag in tags if tag.kind == "broken"] == broken
    assert [tag.name for tag in tags if tag.kind in ("open", "close")] == others.split()


@given(soup)
def test_tags_are_those_of_browsers(text: str) -> None:
    tags = html_lexer.lex_tags(text)
    hiding = "<!--" in text and text.count("<script") > 1  # a comment in a script may hide the rest of a page
    if hiding or any(tag.kind == "broken" for tag in tags) or "</>" in text:
        return
    found = [
        _plain(tag.name, tag.kind, *tag.span, [(attribute.name, attribute.value) for attribute in tag.attributes])
        for tag in tags
    ]
    assert found == _of_browser(text)


@given(soup)
def test_tags_are_in_order_and_apart(text: str) -> None:
    done = 0
    for tag in html_lexer.lex_tags(text):
        assert done <= tag.span.start < tag.span.end <= len(text)
        assert text[tag.span.start] == "<"
        for attribute in tag.attributes:
            if attribute.span:
                assert tag.span.start < attribute.span.start <= attribute.span.end <= tag.span.end
                assert html_lexer.decode_references(text, *attribute.span) == attribute.value
        done = tag.span.end


REFERENCES = "&amp; &copy &notin; &notit; &#65 &#x41; & x = 1 ; &no; &# &ngE; &fjlig;".split()


@given(st.lists(st.sampled_from(REFERENCES)).map("".join), st.booleans())
def test_references_are_those_of_browsers(text: str, attribute: bool) -> None:
    block = html_lexer.decoded_block(text, Span(0, len(text)), frozenset(), attribute=attribute)
    element = turbohtml.parse(f'<p title="{text}">' if attribute else f"<p>{text}</p>").find("p")
    assert block.text == (element.attrs["title"] if attribute else element.text)
    for i, character in enumerate(block.text):
        raw = text[slice(*block.span(i, i + 1))]
        assert raw == character or raw.startswith("&")


CONTENTS = [
    pytest.param("<p>a<p>b", ["a", "b"], id="a paragraph ends the one before"),
    pytest.param("<p>a<div>b</div>", ["a", "b"], id="a block ends a paragraph"),
    pytest.param("<ul><li>a<li>b<ul><li>c</ul></ul>d", [None, "a", "b<ul><li>c</ul>", "<li>c", "c"], id="list items"),
    pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", [None, None, "a", "b", "<td>c", "c"], id="cells"),
    pytest.param("<div><span>a</div>b</span>", ["<span>a", "a"], id="a block ends what is in it"),
    pytest.param("<b>a<div>b</b>c</div>d", ["a<div>b", "b</b>c"], id="a block goes on behind what overlaps it"),
    pytest.param(
        "<div><table><td></div>a</table></div>", [None, "<td></div>a", "</div>a"], id="a stray end tag in a cell"
    ),
    pytest.param("<h2>a</h3>b", ["a"], id="any heading ends a heading"),
    pytest.param("<body><nav>a</body>", ["<nav>a</body>", "a</body>"], id="an element that never ends"),
    pytest.param("<div><svg><g/>a</svg>b</div>", ["<svg><g/>a</svg>b", "<g/>a"], id="a drawing"),
    pytest.param("a<br/>b</p><!-- c -->", [], id="nothing that has an end"),
]


@pytest.mark.parametrize(("text", "expected"), CONTENTS)
def test_elements_end(text: str, expected: list[str | None]) -> None:
    tags = html_lexer.lex_tags(text)
    starts = [tag.span.start for tag in tags] + [len(text)]
    found = [
        text[tags[i].span.end : starts[end]] for i, end in enumerate(html_tree.element_ends(tags, text)) if end > i
    ]
    assert len(found) == len(expected)
    assert all(wanted in (None, content) for content, wanted in zip(found, expected, strict=True))


def _element(name: str, inner: st.SearchStrategy[str], *, end: bool = True) -> st.SearchStrategy[str]:
    close = st.just(f"</{name}>") if end else st.sampled_from([f"</{name}>", ""])
    return st.builds(lambda content, closing: f"<{name}>{content}{closing}", inner, close)


def _some(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=3).map("".join)


WORDS = st.sampled_from(["a", " ", "<br>", "<b>a</b>", "<!-- a -->", "&lt;"])


def _flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = [_element(name, _some(inner)) for name in ("div", "section", "blockquote", "article")]
    items = _element("li", _some(inner), end=False)
    terms = st.one_of(_element("dt", WORDS, end=False), _element("dd", _some(inner), end=False))
    cells = st.one_of(_element("td", _some(inner), end=False), _element("th", WORDS, end=False))
    rows = st.lists(_element("tr", _some(cells), end=False), min_size=1, max_size=3).map("".join)
    tables = st.one_of(_element("table", rows), _element("table", _element("tbody", rows, end=False)))
    return st.one_of(*blocks, _element("ul", _some(items)), _element("dl", _some(terms)), tables)


PAGES = _some(
    st.recursive(st.one_of(WORDS, _element("p", _some(WORDS), end=False), _element("h2", WORDS)), _flow, max_leaves=12)
)


@given(PAGES)
def test_elements_nest_as_in_browsers(text: str) -> None:
    text = "<!doctype html>" + text  # without it, browsers use quirks mode
    tags = html_lexer.lex_tags(text)
    ends = html_tree.element_ends(tags, text)
    found, opened = {}, []
    for i, tag in enumerate(tags):
        opened = [other for other in opened if ends[other] > i]
        if tag.kind == "open":
            found[tag.span.start] = [tags[other].span.start for other in opened]
            opened.append(i)
    assert found == _ancestors(text)


def _ancestors(text: str) -> dict[int, list[int]]:
    """Return the start of each element, and the starts of the elements around it, according to turbohtml."""
    found: dict[int, list[int]] = {}
    waiting = [(turbohtml.parse(text, source_locations=True).root, [])]
    while waiting:
        node, above = waiting.pop()
        place = node.source_location
        if place:
            found[place.start_tag.start_offset] = above
            above = [*above, place.start_tag.start_offset]
        waiting += [(child, above) for child in node.children if isinstance(child, turbohtml.Element)]
    return found


def _of_browser(text: str) -> list[object]:
    """Return the tags that turbohtml finds. It counts `\\r\\n` as one character, so that is replaced first."""
    found, at = [], 0
    kinds = {turbohtml.TokenType.START_TAG: "open", turbohtml.TokenType.END_TAG: "close"}
    for token in turbohtml.tokenize(text.replace("\r\n", " \n"), resolve_references=False, capture_source=True):
        source = token.data if token.source is None else token.source
        end = at + len(source or "")
        if token.type in kinds:
            found.append(_plain(token.tag or "", kinds[token.type], at, end, token.attrs or []))
        elif token.type not in (turbohtml.TokenType.TEXT, turbohtml.TokenType.CHARACTER_REFERENCE):
            found.append(_plain("", "comment", at, end, []))
        at = end
    return found


def _plain(name: str, kind: str, start: int, end: int, attributes: list[tuple[str, str]]) -> object:
    values: dict[str, str] = {}
    for key, value in attributes:
        values.setdefault(key, value.replace("\r\n", " \n").replace("\r", "\n"))
    return name, kind, start, end, values


HOSTILE = [
    pytest.param("<a " * 30_000, id="open tags"),
    pytest.param("<div>" * 30_000, id="elements"),
    pytest.param("<div>" * 20_000 + "</b>" * 20_000, id="end tags without start"),
    pytest.param("<b>" * 20_000 + "<div>" + "</b>" * 20_000, id="elements that overlap"),
    pytest.param("<p><li><table><td>" * 20_000, id="elements that end others"),
    pytest.param("<!--" * 30_000, id="comments"),
    pytest.param("<!" * 30_000 + "<?" * 30_000 + "</" * 30_000, id="declarations"),
    pytest.param('<a b="<a b=\'<a " c="' * 20_000, id="quotation marks"),
    pytest.param('<a " b="' * 20_000, id="quotation marks out of place"),
    pytest.param('<a b="<a" ' * 20_000 + "<", id="attributes"),
    pytest.param("<title>" * 20_000 + "</title>", id="titles"),
    pytest.param("<iframe>" * 20_000 + "<p></iframe>", id="frames"),
    pytest.param("<script>" * 20_000, id="scripts"),
    pytest.param("<script src=x>" * 20_000 + "</script>", id="scripts that are elsewhere"),
    pytest.param("<script><!--<script></script>" * 20_000, id="scripts in scripts"),
    pytest.param("<xmp><textarea><style><noscript>" * 20_000, id="elements without markup"),
    pytest.param("<p>" + "a" * 300_000 + "&" * 300_000, id="a long line"),
    pytest.param("&#" + "1" * 300_000 + "&" + "a" * 300_000, id="long references"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_pages_take_linear_time(text: str) -> None:
    tags = html_lexer.lex_tags(text)
    html_tree.element_ends(tags, text)
    html_lexer.decoded_block(text, Span(0, len(text)), frozenset())
