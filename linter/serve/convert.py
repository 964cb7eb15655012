"""Convert articles between formats: Word files to HTML, and HTML, Markdown and plain text to each other."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from html import escape
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any

from linter import patterns
from linter.readers import html_lexer, html_tree
from linter.source import LINE_END, SURROGATE, Source

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_XML_SIZE = 20_000_000  # bytes of all XML in a Word file; a long book has about half as much
_MAX_TAGS = 600_000  # in all XML; the parser needs about 1 kB for each element
# How XML begins, in UTF-8 or UTF-16. Word files name their parts in any way, so names do not tell what is XML.
_XML_START = re.compile(rb"[\t\n\r <]|\xef\xbb\xbf|\xff\xfe|\xfe\xff|\0[\t\n\r <]")
_OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")  # the start of files of Word 97, and of files with a password
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_BLOCK_END = patterns.lazy(r"</(?:p|h[1-6]|li|tr|td|th)>(?!\n)|<(?:ul|ol|table|tr)>|</(?:ul|ol|table)>")
# Begins at a line end and never goes back: otherwise, long runs of spaces take long, and CR LF counts as two line ends.
_BLANK_LINES = patterns.lazy(r"(?>\r\n?|\n)(?:[ \t]*+(?>\r\n?|\n))++")
_NO_TEXT = ("head", "script", "style", "template")


def docx_to_html(data: bytes) -> str:
    """Return the text of a Word file as HTML, with a line for each paragraph.

    Images are represented by tags with their descriptions and names such as `image1.png`, without their data. Raises
    ValueError, with a sentence for editors, if the file is damaged, too large, or not a Word file.
    """
    if data.startswith(_OLD_WORD):
        raise ValueError("This file is in an old Word format or has a password. Save it as .docx without a password.")
    import mammoth  # type: ignore[import-untyped]

    _check_sizes(data)
    try:
        made = mammoth.convert_to_html(
            BytesIO(data),
            convert_image=mammoth.images.img_element(_image_names()),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except RecursionError as error:
        raise ValueError("This Word file is nested too deeply. Copy its text and paste it instead.") from error
    except Exception as error:  # mammoth has no error class of its own, and damaged files cause errors of many types
        raise ValueError("This Word file is damaged. Open it in Word, save it again, and try again.") from error
    return _BLOCK_END.sub(r"\g<0>\n", made.value).strip()


def _check_sizes(data: bytes) -> None:
    """Raise ValueError if `data` is not a ZIP file, or if it has so much XML that reading it would need much memory."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            parts = [part for part in file.infolist() if _is_xml(file, part)]
            too_large = sum(part.file_size for part in parts) > MAX_XML_SIZE
            # `read` stops at the declared size
            if not too_large:
                too_large = sum(_tag_count(file.read(part)) for part in parts) > _MAX_TAGS
    except Exception as error:  # zipfile raises errors of many types
        raise ValueError("This is not a Word file, or it is damaged. Save it again as .docx, and try again.") from error
    if too_large:
        raise ValueError("This Word file has too much text. Split it into several files.")


def _is_xml(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with file.open(part) as opened:
        return bool(_XML_START.match(opened.read(3)))


def _tag_count(xml: bytes) -> int:
    """Return the number of tags in XML. Raises ValueError if it may define entities, which can be of any size."""
    if b"<!DOCTYPE" in xml.replace(b"\0", b""):  # in UTF-16, every second byte is 0
        raise ValueError("Word files have no document type")
    return xml.count(b"<")


def _image_names() -> Callable[[Any], dict[str, str]]:
    """Return a function that returns the attributes of an image: a name with a number and a suffix."""
    numbers = count(1)

    def attributes(image: Any) -> dict[str, str]:
        suffix = (image.content_type or "").rpartition("/")[2]
        return {"src": f"image{next(numbers)}.{suffix if suffix.isalnum() else 'png'}"}

    return attributes


def to_markdown(text: str, kind: str) -> str:
    """Return an article of the kind `kind`, one of `readers.KINDS`, as Markdown. Markdown is returned unchanged.

    Characters of the text that Markdown would read as markup are escaped. Raises ValueError, with a sentence for
    editors, if HTML is nested too deeply or cannot be read.
    """
    if kind == "markdown":
        return text
    from bs4 import BeautifulSoup

    from linter.serve.markdown_writer import MarkdownWriter

    html = SURROGATE.sub("\ufffd", to_html(text, kind))
    try:
        soup = BeautifulSoup(_with_end_tags(html), "html.parser")
        for element in soup.find_all(_NO_TEXT):
            element.decompose()
        written = MarkdownWriter().convert_soup(soup)
    except RecursionError as error:
        raise ValueError("This HTML is nested too deeply to be converted.") from error
    except Exception as error:  # both packages raise errors of many types, such as for numbers of 5,000 digits
        raise ValueError("This HTML is damaged and cannot be converted.") from error
    return str(written).strip() + "\n"


def _with_end_tags(html: str) -> str:
    """Return `html` with the end tags that it lacks, as of `<li>`, which the parser in Python does not infer."""
    tags = html_lexer.lex_tags(html, 0)
    missing = defaultdict(list)  # offset of an end tag → its elements, outer ones first
    for index, end in enumerate(html_tree.element_ends(tags, html)):
        name = tags[index].name
        if end == len(tags):
            missing[len(html)].append(name)
        elif end != index and (tags[end].kind != "close" or tags[end].name != name):
            missing[tags[end].span.start].append(name)
    parts, at = [], 0
    for place, names in sorted(missing.items()):
        parts += [html[at:place], *(f"</{name}>" for name in reversed(names))]
        at = place
    return "".join([*parts, html[at:]])


def to_html(text: str, kind: str) -> str:
    """Return an article of the kind `kind`, one of `readers.KINDS`, as HTML. HTML is returned unchanged.

    Front matter of Markdown is left out. Blank lines separate the paragraphs of plain text.
    """
    if kind == "markdown":
        return _markdown_to_html(SURROGATE.sub("\ufffd", text))
    if kind == "text":
        paragraphs = _BLANK_LINES.split(text)
        return "\n".join(_paragraph(paragraph) for paragraph in paragraphs if paragraph.strip())
    return text


def _markdown_to_html(text: str) -> str:
    import pyromark

    from linter.readers.builder import Builder
    from linter.readers.front_matter import read_front_matter
    from linter.readers.markdown_events import OPTIONS

    body = read_front_matter(Builder(Source(text), "markdown"))
    return str(pyromark.html(text[body:], options=OPTIONS))


def _paragraph(text: str) -> str:
    lines = LINE_END.split(text.strip("\r\n").rstrip(" \t"))
    body = "<br>\n".join(escape(line, quote=False) for line in lines)
    return f"<p>{body}</p>"
