"""Encodings that pages declare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import html_head
from linter.source import Source

DECLARED = [
    pytest.param("<meta charset=windows-1251>трамвай", "cp1251", "cp1251", id="a charset"),
    pytest.param('<META CHARSET=" koi8-r ">трамвай', "koi8-r", "koi8-r", id="in capitals, with spaces"),
    pytest.param(
        "<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>市電", "cp932", "cp932", id="a header"
    ),
    pytest.param("<?xml version='1.0' encoding='iso-8859-2'?>późno", "iso8859-2", "iso8859-2", id="in XML"),
    pytest.param("<meta charset=latin1>“café”", "cp1252", "cp1252", id="as browsers take it"),
    pytest.param("<meta charset=gb2312>电车晚点", "gbk", "gb18030", id="a part of a larger one"),
    pytest.param("<meta name=a><meta charset=cp1252>café", "cp1252", "cp1252", id="behind another"),
    pytest.param("<!-- <meta charset=koi8-r> --><meta charset=cp1252>café", "cp1252", "cp1252", id="not in a comment"),
    pytest.param("<meta charset=latin1>café", "utf-8", None, id="what is UTF-8 for all that"),
    pytest.param("<meta charset=utf-8>café", "cp1252", None, id="UTF-8 that is none is recognised"),
    pytest.param("<meta charset=latin1>cafe", "ascii", None, id="plain letters"),
    pytest.param("<meta charset=rot13>café", "cp1252", None, id="no encoding of pages"),
    pytest.param('<meta charset="a b">café', "cp1252", None, id="no name"),
    pytest.param("<meta charset='{{ x }}'>café", "cp1252", None, id="not filled in"),
    pytest.param("<p>café", "cp1252", None, id="nothing"),
]


@pytest.mark.parametrize(("text", "encoding", "expected"), DECLARED)
def test_a_page_declares_its_encoding(text: str, encoding: str, expected: str | None) -> None:
    data = text.encode(encoding)
    assert html_head.declared_charset(data) == expected
    assert Source.from_bytes(data, encoding=html_head.declared_charset(data)).text == text


@given(st.binary(), st.sampled_from(["utf-16", "idna", "hex", "punycode", "unicode_escape", "undefined", "x\0", "é"]))
def test_any_page_is_read(data: bytes, label: str) -> None:
    data = f"<meta charset={label}>".encode() + data
    Source.from_bytes(data, encoding=html_head.declared_charset(data))
