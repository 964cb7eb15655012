"""Exports of WordPress and other RSS files are read and rewritten, whatever is wrong with them."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exports import read, rewrite
from linter.records import archives
from linter.records.archives import KEEP, Archive, Change, Record
from linter.records.formats import _window, wxr

CONTENT = "http://purl.org/rss/1.0/modules/content/"
HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. -->
<rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="{CONTENT}"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>The Site</title>
\t<language>de-DE</language>
\t<wp:category><wp:cat_name><![CDATA[About <item> & more]]></wp:cat_name></wp:category>
"""
TAIL = "</channel>\n</rss>\n"


def item(
    content: str = "<![CDATA[Text]]>", number: int = 1, kind: str = "post", status: str = "publish", more: str = ""
) -> str:
    return f"""\t<item>
\t\t<title><![CDATA[Title {number}]]></title>
\t\t<link>https://x.example/?p={number}</link>
\t\t<dc:creator><![CDATA[admin]]></dc:creator>
\t\t<description></description>
\t\t<content:encoded>{content}</content:encoded>
\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>{more}
\t\t<wp:post_id>{number}</wp:post_id>
\t\t<wp:post_date><![CDATA[2024-05-06 12:00:00]]></wp:post_date>
\t\t<wp:post_date_gmt><![CDATA[2024-05-06 10:00:00]]></wp:post_date_gmt>
\t\t<wp:status><![CDATA[{status}]]></wp:status>
\t\t<wp:post_type><![CDATA[{kind}]]></wp:post_type>
\t\t<wp:postmeta><wp:meta_key>a</wp:meta_key><wp:meta_value><![CDATA[a:1:{{i:0;s:1:"]";}}]]></wp:meta_value></wp:postmeta>
\t</item>
"""


def export(*items: str) -> bytes:
    return (HEAD + "".join(items) + TAIL).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wxr")


def archive(folder: Path, data: bytes, name: str = "site.xml") -> Archive:
    (folder / name).write_bytes(data)
    return Archive(name, str(folder / name), "wxr", size=len(data))


def test_an_article_is_read_with_its_fields(folder: Path) -> None:
    assert read(
        archive(folder, export(item("<![CDATA[<p>One &amp; two</p>\r\n]]>"), item(number=2, status="draft")))
    ) == (
        [
            Record(
                "1",
                "<p>One &amp; two</p>\r\n",
                "wordpress",
                "Title 1",
                "https://x.example/?p=1",
                "de-DE",
                "2024-05-06 10:00:00",
            ),
            Record(
                "2",
                "Text",
                "wordpress",
                "Title 2",
                "https://x.example/?p=2",
                "de-DE",
                "2024-05-06 10:00:00",
                draft=True,
            ),
        ],
        "",
    )


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_prefixes_may_differ(folder: Path, version: str) -> None:
    text = (
        export(item())
        .decode()
        .replace("wp:", "w:")
        .replace("content:", "c:")
        .replace("xmlns:content", "xmlns:c")
        .replace("xmlns:wp", "xmlns:w")
        .replace("/1.2/", f"/{version}/")
    )
    assert read(archive(folder, text.encode()))[0][0][:3] == ("1", "Text", "wordpress")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("attachment", "inherit"), ("nav_menu_item", "publish"), ("post", "trash"), ("wp_template", "")],
)
def test_other_items_are_left_out(folder: Path, kind: str, status: str) -> None:
    records, _ = read(archive(folder, export(item(kind=kind, status=status), item(number=2))))
    assert [record.key for record in records] == ["2"]


def test_a_feed_has_no_post_types(folder: Path) -> None:
    data = b"""\n<rss version="2.0"><channel><language>en</language>
    <item><title>A &amp;amp; B</title><link>https://x.example/a?b&c</link><guid>urn:1</guid>
    <description>&lt;p>5 &#8211; 6&nbsp;7&lt;/p></description><pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate></item>
    <item></item></channel></rss>"""
    problems = (
        "line 3: “&” is not escaped; it was read as text",
        "line 4: the entity “&nbsp;” is not declared; it was read as text",
    )
    assert read(archive(folder, data)) == (
        [
            Record(
                "urn:1",
                "<p>5 – 6&nbsp;7</p>",
                "html",
                "A & B",
                "https://x.example/a?b&c",
                "en",
                "Mon, 06 May 2024 10:00:00 +0000",
                problems=problems,
            ),
            Record("item-2", "", "html", language="en"),
        ],
        "",
    )


@pytest.mark.parametrize(
    ("content", "body", "problem"),
    [
        ("<![CDATA[a\x01\x0b\x1f\ue000\ufffe\uffffb]]>", "a\x01\x0b\x1f\ue000\ufffe\uffffb", ""),
        ("<![CDATA[if (a[b[0]]]]><![CDATA[>1)]]>", "if (a[b[0]]>1)", ""),
        ("<![CDATA[<pre><item><title>x</title></item></pre>]]>", "<pre><item><title>x</title></item></pre>", ""),
        ("a &lt;b&gt; &amp; &#x2013;<!-- c -->", "a <b> & –", ""),
        ("a & b", "a & b", "line 18: “&” is not escaped; it was read as text"),
        ("1 < 2", "1 < 2", "line 18: <content:encoded> contains “<”, which is not escaped; it was read as text"),
        ("&lol;", "&lol;", "line 18: the entity “&lol;” is not declared; it was read as text"),
        ("&#x110000;", "&#x110000;", "line 18: “&#x110000;” is not a character; it was read as text"),
        (
            "<p>a<br>b</p>",
            "<p>a<br>b</p>",
            "line 18: <content:encoded> contains “<”, which is not escaped; it was read as text",
        ),
        ("<![CDATA[open", "open", "line 18: the CDATA section of <content:encoded> is not closed"),
        ("a\0b", "a\ufffdb", "NUL character (U+0000) at 1:2; the text was read with U+FFFD instead"),
        (
            "<![CDATA[\n\ud800]]>",
            "\n\ufffd\ufffd\ufffd",
            "the byte 0xED at 2:1 is not valid utf-8, nor are 2 more; the text was read with U+FFFD instead",
        ),
    ],
)
def test_damage_is_a_problem_of_its_record(folder: Path, content: str, body: str, problem: str) -> None:
    records, damage = read(archive(folder, export(item(content), item(number=2))))
    assert [(record.key, record.body) for record in records] == [("1", body), ("2", "Text")]
    assert records[0].problems == ((problem,) if problem else ())
    assert (records[1].problems, damage) == ((), "")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("</content:encoded>", "", "line 19: <content:encoded> is not closed"),
        ("]]></dc:creator>", "</dc:creator>", "line 16: the CDATA section of <dc:creator> is not closed"),
        ("\t</item>", "", "line 27: the item is not closed"),
        ("<wp:status>", "stray <wp:status>", "line 23: there is text outside of an element, which was not read"),
    ],
)
def test_missing_ends_hide_nothing(folder: Path, old: str, new: str, problem: str) -> None:
    records, damage = read(archive(folder, export(item().replace(old, new), item(number=2))))
    assert [(record.key, record.body.strip()) for record in records] == [("1", "Text"), ("2", "Text")]
    assert [record.problems for record in records] == [(problem,), ()]
    assert damage == ""


def test_entities_are_not_expanded(folder: Path) -> None:
    bomb = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{bomb}<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<rss'
    data = export(item("&l9;&x;"), item(number=2)).replace(b"<rss", doctype.encode())
    records, damage = read(archive(folder, data))
    assert [record.body for record in records] == ["&l9;&x;", "Text"]
    assert [len(record.problems) for record in records] == [2, 0]
    assert damage == ""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "shift_jis"])
def test_encodings(folder: Path, encoding: str) -> None:
    text = export(item("<![CDATA[日本 café “x”]]>" if encoding == "shift_jis" else "<![CDATA[café]]>")).decode()
    data = text.replace("UTF-8", encoding).encode(encoding, "replace")
    records, damage = read(archive(folder, data))
    assert records[0].body == ("日本 caf? “x”" if encoding == "shift_jis" else "café")
    copy, _ = rewrite(archive(folder, data), [Change("caf“é”]]>")])
    assert read(archive(folder, copy))[0][0].body == ("caf“é”]]>")
    assert copy.startswith(data[:300])
    assert damage == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is not an RSS file, such as an export of WordPress"),
        (
            b"<html><body>x</body></html>",
            "it is not an RSS file, such as an export of WordPress; its root element is <html>",
        ),
        (
            b"<?xml version='1.0' encoding='rot13'?><rss>",
            "its encoding, “rot13”, is not supported; convert it to UTF-8",
        ),
        (b"<rss><channel>", "it ends before </rss>; the rest is missing"),
    ],
)
def test_other_files_are_refused(folder: Path, data: bytes, reason: str) -> None:
    assert read(archive(folder, data)) == ([], reason)


def test_a_truncated_item_is_read_as_far_as_possible(folder: Path) -> None:
    data = export(item(), item("<![CDATA[Some text", 2))
    records, damage = read(archive(folder, data[: data.index(b"Some text") + 9]))
    assert [record.body for record in records] == ["Text", "Some text"]
    assert records[1].title == "Title 2"
    assert records[1].problems == (
        "line 32: the CDATA section of <content:encoded> is not closed",
        "line 32: the file ends within this item",
    )
    assert damage == "it ends before </rss>; the rest is missing"


def test_a_damaged_compressed_file_is_read_up_to_the_damage(folder: Path) -> None:
    data = gzip.compress(export(*(item(number=number) for number in range(2000))))
    records, damage = read(archive(folder, data[:-1000], "site.xml.gz"))
    assert len(records) > 1000
    assert damage.startswith("it is damaged: ")


def test_a_large_item_is_a_problem_and_is_not_kept_in_memory(folder: Path) -> None:
    with patch.object(wxr, "LIMIT", 3_000_000):
        large = item(f"<![CDATA[{'x' * 20_000_000}]]>")
        records, damage = read(archive(folder, data := export(item(), large, item(number=3))))
        assert [record.key for record in records] == ["1", "item-2", "3"]
        assert records[1].problems == ("line 27: the item is larger than 3,000,000 characters and was not read",)
        assert damage == ""
        assert rewrite(archive(folder, data), [KEEP, Change("y"), KEEP]) == (data, "")


def test_items_are_dropped(folder: Path) -> None:
    media = item(kind="attachment")
    data = export(item(), media, item(number=3), item(number=4))
    copy, damage = rewrite(archive(folder, data), [KEEP, Change(drop=True), KEEP])
    assert copy == data.replace(item(number=3).strip().encode(), b"")
    assert damage == ""


@pytest.mark.parametrize("content", ["<content:encoded/>", "<content:encoded />", ""])
def test_a_missing_body_is_inserted(folder: Path, content: str) -> None:
    data = export(item().replace("<content:encoded><![CDATA[Text]]></content:encoded>", content))
    assert read(archive(folder, data))[0][0].body == ""
    copy, _ = rewrite(archive(folder, data), [Change("new")])
    assert read(archive(folder, copy))[0][0].body == "new"


def test_a_damaged_item_keeps_its_content(folder: Path) -> None:
    data = export(item("a\0b"))
    assert rewrite(archive(folder, data), [Change("new")]) == (data, "")


# Properties

PIECES = st.sampled_from(
    [
        *(
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?x",
            "?>",
            "<",
            ">",
            "&",
            "&amp;",
            "&#1;",
            "&#xD800;",
            "&nbsp;",
            "]]]]>",
        ),
        *("<item>", "</item>", "<item/>", "<rss>", "</rss>", "</channel>", "<title>", "</title>", "<b>", "</b>", "\0"),
        *(
            "<content:encoded>",
            "</content:encoded>",
            "<wp:post_id>",
            "</wp:post_id>",
            "<wp:post_type>post</wp:post_type>",
        ),
        *(
            "x",
            " ",
            "\r\n",
            "é",
            "\ue000",
            "\uffff",
            "\ud800",
            "😀",
            '"',
            "<a b='>'>",
            "<description>",
            "</description>",
        ),
    ]
)
MARKUP = st.lists(PIECES, max_size=25).map("".join)
BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | MARKUP.map(
    lambda text: archives.clean(text)[0]
)


@given(st.binary(max_size=200) | MARKUP.map(lambda text: b"<rss>" + text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_and_copied(folder: Path, data: bytes) -> None:
    one = archive(folder, data)
    records, damage = read(one)
    copy, reason = rewrite(one, [KEEP] * len(records))
    assert copy == data or not records
    assert reason == damage
    with patch.object(_window, "_HEAD", 5), patch.object(_window, "_CHUNK", 1):
        assert read(one) == (records, damage) or not data.startswith(b"<rss>")


@given(st.lists(MARKUP, max_size=3))
def test_nothing_behind_damaged_items_is_lost(folder: Path, contents: Sequence[str]) -> None:
    records, _ = read(archive(folder, export(*map(item, contents), item("<![CDATA[last]]>", 99))))
    assert ("99", "last") in [(record.key, record.body) for record in records]


@given(st.integers(min_value=0))
@example(16491277)
def test_all_items_before_the_end_of_a_truncated_file_are_read(folder: Path, cut: int) -> None:
    items = [item("<![CDATA[<p>a</p>]]>"), item("b &amp; <!-- c -->", 2), item("", 3)]
    cut %= len(HEAD + "".join(items))
    records, _ = read(archive(folder, export(*items)))
    part, damage = read(archive(folder, export(*items)[:cut]))
    whole = sum(len(HEAD + "".join(items[: number + 1])) <= cut for number in range(3))
    assert part[:whole] == records[:whole]
    rest = part[whole:]  # complete if only the line feed after the item is missing
    assert rest == records[whole : whole + 1] or [bool(record.problems) for record in rest] in ([], [True])
    assert damage


@given(st.lists(BODIES, max_size=4), st.sampled_from(["utf-8", "utf-16", "windows-1252", "iso-8859-1"]))
def test_new_bodies_are_read_again(folder: Path, bodies: Sequence[str], encoding: str) -> None:
    data = export(*(item(number=number) for number in range(len(bodies)))).decode().replace("UTF-8", encoding)
    copy, _ = rewrite(archive(folder, data.encode(encoding)), map(Change, bodies))
    records, damage = read(archive(folder, copy))
    assert [record.body for record in records] == bodies
    assert not any(record.problems for record in records)
    assert damage == ""


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
ESCAPED = st.text(CHARACTERS).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;"))
CDATA = st.text(CHARACTERS).map(lambda text: f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>")
OTHER = st.sampled_from(["<!-- a - > <b> ]]> -->", "<?x y?>", "\n", "&#65;&#x1F600;&quot;&apos;"])


@given(st.lists(ESCAPED | CDATA | OTHER, max_size=8).map("".join))
def test_well_formed_content_is_read_as_an_xml_parser_reads_it(folder: Path, content: str) -> None:
    data = export(item(content))
    records, damage = read(archive(folder, data))
    expected = ET.fromstring(data.decode()).findtext(f"channel/item/{{{CONTENT}}}encoded")
    assert (records[0].body, records[0].problems, damage) == (expected, (), "")
