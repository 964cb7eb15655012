"""Conversion of Word files to HTML, and of HTML, Markdown and plain text to each other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape, unescape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import KINDS
from linter.serve import convert
from linter.serve.convert import docx_to_html, to_html, to_markdown

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    for key, name in {"Title": "Title", "H2": "heading 2"}.items()
)


def docx(body: str, parts: Mapping[str, str | bytes] = {}) -> bytes:
    """Return a Word file with `body` in its document, and with further `parts`."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{STYLES}</w:styles>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r2" '
        f'Type="{OFFICE}/hyperlink" Target="https://tram.example/" TargetMode="External"/><Relationship Id="r3" '
        f'Type="{OFFICE}/image" Target="media/image1.jpg"/><Relationship Id="r4" Type="{OFFICE}/image" '
        f'Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
        "word/media/image1.jpg": "not really an image",
    } | dict(parts)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def paragraph(text: str, style: str = "", inner: str = "") -> str:
    """Return a paragraph of a Word file; `inner` are properties of its run."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    run = f'<w:r><w:rPr>{inner}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p>{properties}{run}</w:p>"


def picture(key: str, description: str, attribute: str = "embed") -> str:
    """Return a paragraph with the image of the relationship `key`."""
    return (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:docPr id="1" name="x" descr="{description}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        f'<a:blip r:{attribute}="{key}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</w:r></w:p>"
    )


def test_a_word_file_becomes_html() -> None:
    link = '<w:p><w:hyperlink r:id="r2"><w:r><w:t>timetable</w:t></w:r></w:hyperlink></w:p>'
    parts = [
        paragraph("The tram", "Title"),
        paragraph("At <the> harbour & hill", "H2"),
        paragraph("It is late.", inner="<w:b/>"),
        link,
        picture("r3", "A tram"),
    ]
    assert docx_to_html(docx("".join(parts))) == (
        "<h1>The tram</h1>\n"
        "<h2>At &lt;the&gt; harbour &amp; hill</h2>\n"
        "<p><strong>It is late.</strong></p>\n"
        '<p><a href="https://tram.example/">timetable</a></p>\n'
        '<p><img alt="A tram" src="image1.jpeg" /></p>'
    )


def test_files_outside_a_word_file_are_not_read() -> None:
    html = docx_to_html(docx(paragraph("The tram") + picture("r4", "x", "link")))
    assert "root:" not in html
    assert "base64" not in html


BOMB = '<!DOCTYPE d [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
ENTITIES = f'<!DOCTYPE d [<!ENTITY a "<d/>">]><d>{"&a;" * 3}</d>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "not a Word file", id="an empty file"),
        pytest.param(b"The tram is late.", "not a Word file", id="a text"),
        pytest.param(docx(paragraph("The tram"))[:-90], "not a Word file", id="a cut file"),
        pytest.param(docx("", {"word/document.xml": "<w:p"}), "damaged", id="broken XML"),
        pytest.param(docx("", {"word/document.xml": f"{BOMB}]><d>&i;</d>"}), "damaged", id="an entity bomb"),
        pytest.param(docx("<w:p>" * 3_000 + "</w:p>" * 3_000), "nested too deeply", id="deep XML"),
        pytest.param(docx("", {"word/x.xml": " " * 20_000_001}), "too much text", id="a ZIP bomb"),
        pytest.param(docx("", {"word/x.dat": "<a/>" * 5_000_001}), "too much text", id="a ZIP bomb without a suffix"),
        pytest.param(docx("<a/>" * 600_001), "too much text", id="too many elements"),
        pytest.param(docx("", {"word/x": "\ufeff" + "<a/>" * 600_001}), "too much text", id="and without a suffix"),
        pytest.param(docx("", {"word/document.xml": ENTITIES}), "not a Word file", id="elements in entities"),
        pytest.param(docx("", {"word/document.xml": ENTITIES.encode("utf-16")}), "not a Word file", id="UTF-16"),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "a password", id="an old Word file"),
    ],
)
def test_a_word_file_that_cannot_be_read(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        docx_to_html(data)


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_word_file_is_read_or_refused(at: int, damage: bytes) -> None:
    data = docx(paragraph("The tram is late."))
    at %= len(data)
    try:
        html = docx_to_html(data[:at] + damage + data[at + len(damage) :])
    except ValueError as error:
        assert str(error).endswith(".")  # noqa: PT017  # any other error fails the test, too
    else:
        assert isinstance(html, str)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            "<h2>The tram</h2><p>It is <b>late</b>, <i>very</i> late.</p>",
            "## The tram\n\nIt is **late**, *very* late.\n",
        ),
        ("<ul><li>One<li>Two<br>three</ul><p>Four<p>Five", "- One\n- Two  \n  three\n\nFour\n\nFive\n"),
        ("<p>A text\nin two lines</p>", "A text in two lines\n"),
        ("<p>&lt;script&gt;hit()&lt;/script&gt; &amp;amp;</p>", "\\<script>hit()\\</script> \\&amp;\n"),
        ("<p>1. One</p><p># Two</p><p>- Three</p>", "1\\. One\n\n\\# Two\n\n\\- Three\n"),
        ('<a href="a b(c)">[x]</a>', "[\\[x\\]](a%20b%28c%29)\n"),
        ("<p>A \ud800 surrogate</p>", "A \ufffd surrogate\n"),
        ("<head><title>x</title></head><style>p {}</style><p>Text<script>hit()</script></p>", "Text\n"),
        pytest.param(
            '<b style="font-weight:normal;" id="docs-internal-guid-1"><p><span style="font-weight:700">The</span>'
            '<span style="font-weight:400"> tram </span><span style="font-style:italic">is</span> late.</p></b>',
            "**The** tram *is* late.\n",
            id="Google Docs",
        ),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html, "html") == markdown


def test_html_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        to_markdown("<div>" * 5_000, "html")


@pytest.mark.parametrize("html", [f"<p>&#{'9' * 5_000};", '<ol start="²"><li>One</ol>'])
def test_html_that_cannot_be_converted_is_refused(html: str) -> None:
    with pytest.raises(ValueError, match=r"^This HTML is damaged and cannot be converted\.$"):
        to_markdown(html, "html")


def test_an_unknown_section_is_refused_or_ignored() -> None:
    try:
        markdown = to_markdown("<p>One</p><![foo[ x ]]><p>Two</p>", "html")
    except ValueError:  # older parsers of Python fail; newer ones read a comment, as browsers do
        return
    assert markdown == "One\n\nTwo\n"


@pytest.mark.parametrize(
    ("text", "kind", "html"),
    [
        ("---\ntitle: The tram\n---\n\nIt is *late*.\n", "markdown", "<p>It is <em>late</em>.</p>\n"),
        ("| a |\n|---|\n| b |", "markdown", None),
        (
            "The <tram>\nis late.\n\n \n\nIt & all.",
            "text",
            "<p>The &lt;tram&gt;<br>\nis late.</p>\n<p>It &amp; all.</p>",
        ),
        (
            "One\r\ntwo.  \r\n \r\nThree\rfour.\r\rFive.",
            "text",
            "<p>One<br>\ntwo.</p>\n<p>Three<br>\nfour.</p>\n<p>Five.</p>",
        ),
        pytest.param(f"One.{' ' * 300_000}Two.", "text", f"<p>One.{' ' * 300_000}Two.</p>", id="many spaces"),
        ("A \ud800 surrogate", "markdown", "<p>A \ufffd surrogate</p>\n"),
    ],
)
def test_text_becomes_html(text: str, kind: str, html: str | None) -> None:
    made = to_html(text, kind)
    assert made == html if html else "<td>b</td>" in made


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_format_is_unchanged(kind: str) -> None:
    text = "<p>The *tram*</p>\r\n"
    assert to_markdown(text, kind) == text or kind != "markdown"
    assert to_html(text, kind) == text or kind in ("markdown", "text")


def words(html: str) -> list[str]:
    """The words that readers see."""
    return BeautifulSoup(html, "html.parser").get_text(" ").split()


@given(st.lists(st.text("ab<>&;#*_-+=~`[](){}!|\\/.:1\"' \n", max_size=30), max_size=4))
def test_markdown_shows_the_text_of_html(paragraphs: list[str]) -> None:
    html = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    back = to_html(to_markdown(html, "html"), "markdown")
    assert "".join(words(back)) == "".join(words(html))


@given(st.text("ab<>&; \n\r\u2028", max_size=40))
def test_html_shows_plain_text(text: str) -> None:
    assert "".join(words(to_html(text, "text"))) == "".join(text.split())
    assert unescape(to_html(text, "text")).count("<script") == 0


def test_only_the_xml_of_a_word_file_is_limited() -> None:
    """Large photos do not count."""
    photo = {"word/media/image1.jpg": "0" * (convert.MAX_XML_SIZE + 1)}
    assert docx_to_html(docx(paragraph("The tram"), photo)) == "<p>The tram</p>"
