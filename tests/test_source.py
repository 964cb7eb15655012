from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import builder
from linter.source import Source, word_slices

GERMAN = "Der Bürgermeister sprach über „Züge“. " * 3
RUSSIAN = "Мэр города сказал, что трамвай опоздает сегодня и завтра. " * 5
CHINESE = "市长说，电车今天会晚点，明天也会晚点。" * 10


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        pytest.param("ab\ncd", 4, (2, 2), id="a line feed ends a line"),
        pytest.param("ab\r\ncd", 4, (2, 1), id="a carriage return and line feed end one line"),
        pytest.param("ab\rcd", 3, (2, 1), id="a carriage return alone ends a line"),
        pytest.param("ab\n\rcd", 4, (3, 1), id="the other way round they end two"),
        pytest.param("a\u2028b\x0bc\x0cd\x85e", 8, (1, 9), id="nothing else ends a line"),
        pytest.param("a\U0001f68ab", 2, (1, 3), id="columns count code points"),
        pytest.param("e\u0301a", 2, (1, 3), id="a combining mark has its column"),
        pytest.param("ab\n", 3, (2, 1), id="the end is a place"),
        pytest.param("", 0, (1, 1), id="an empty text has a place"),
    ],
)
def test_position(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Source(text).position(offset) == place


@pytest.mark.parametrize(
    ("text", "offset", "line"),
    [
        pytest.param("ab\r\ncd\r\n", 5, "cd", id="without its line end"),
        pytest.param("ab\r\ncd", 3, "ab", id="a line end belongs to its line"),
        pytest.param("ab\n\ncd", 3, "", id="an empty line"),
        pytest.param("ab\ncd", 5, "cd", id="the end of the text"),
    ],
)
def test_line_span(text: str, offset: int, line: str) -> None:
    start, end = Source(text).line_span(offset)
    assert text[start:end] == line


@given(st.text(alphabet="ab\r\n\u2028é\U0001f68a", max_size=40))
def test_positions_and_offsets_agree(text: str) -> None:
    source = Source(text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.line_starts[line - 1] + column - 1 == offset
        start, end = source.line_span(offset)
        assert not set(text[start:end]) & {"\r", "\n"}
        assert start <= offset


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        pytest.param("a–é".encode(), "a–é", "utf-8", id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + b"a", "a", "utf-8", id="UTF-8 with a mark, which is no text"),
        pytest.param(codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "é", "utf-16-le", id="UTF-16 with a mark"),
        pytest.param(codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "é", "utf-16-be", id="UTF-16, big end first"),
        pytest.param(codecs.BOM_UTF32_LE + "é".encode("utf-32-le"), "é", "utf-32-le", id="UTF-32 with a mark"),
        pytest.param(b"", "", "utf-8", id="nothing"),
        pytest.param(b"a\x00b c", "a\x00b c", "utf-8", id="a lost zero makes no UTF-16"),
    ],
)
def test_byte_order_marks(data: bytes, text: str, encoding: str) -> None:
    source = Source.from_bytes(data)
    assert (source.text, source.encoding, source.recognized, source.undecodable) == (text, encoding, False, ())


@pytest.mark.parametrize(
    ("text", "encoding", "what"),
    [
        pytest.param(GERMAN, "cp1252", "Windows-1252", id="Windows-1252"),
        pytest.param("The mayor’s café. ", "cp1252", "Windows-1252", id="a few words of Windows-1252"),
        pytest.param(RUSSIAN, "cp1251", "Windows-1251", id="Windows-1251"),
        pytest.param(CHINESE, "gb18030", "gb18030", id="a Chinese encoding"),
        pytest.param(f"{CHINESE}a\n" * 1000, "gb18030", "gb18030", id="more Chinese than is looked at"),
        pytest.param(GERMAN, "utf-16-le", "utf-16-le", id="UTF-16 without a mark"),
        pytest.param(GERMAN, "utf-16-be", "utf-16-be", id="UTF-16 without a mark, big end first"),
        pytest.param(RUSSIAN, "utf-16-le", "utf-16-le", id="UTF-16 without a mark and with few zeros"),
        pytest.param("The tram is late.", "utf-16-le", "utf-16-le", id="UTF-16 of mere ASCII"),
    ],
)
def test_detects_an_encoding_and_reports_it(text: str, encoding: str, what: str) -> None:
    source = Source.from_bytes(text.encode(encoding))
    assert (source.text, source.recognized) == (text, True)
    (note,) = builder.decoding_notes(source)
    first = next((i for i, char in enumerate(text) if char > "\x7f"), 0)
    assert (note.id, note.span, note.values) == ("encoding", (first, first + 1), {"what": what})


def test_a_declared_encoding_is_used() -> None:
    source = Source.from_bytes("Zażółć".encode("iso8859-2"), encoding="latin2")
    assert (source.text, source.encoding, source.recognized) == ("Zażółć", "iso8859-2", False)


@pytest.mark.parametrize("encoding", ["nonsense", "rot13", "zlib", "idna", "undefined"])
def test_an_encoding_that_is_not_for_text(encoding: str) -> None:
    with pytest.raises(LookupError):
        Source.from_bytes(b"a\xe9", encoding=encoding)


@pytest.mark.parametrize(
    ("data", "encoding", "text", "said"),
    [
        pytest.param("Hé é ".encode() + b"\xe9t", None, "Hé é \ufffdt", [(5, 6, "0xE9")], id="a stray byte in UTF-8"),
        pytest.param(
            "é é é ".encode() + b"\xff\xfe\xfdo\xff",
            None,
            "é é é \ufffd\ufffd\ufffdo\ufffd",
            [(6, 9, "0xFF 0xFE 0xFD"), (10, 11, "0xFF")],
            id="one note a run",
        ),
        pytest.param(
            "é é é é ".encode() + b"\xff" * 9,
            None,
            "é é é é " + "\ufffd" * 9,
            [(8, 17, "0xFF 0xFF 0xFF 0xFF …")],
            id="long",
        ),
        pytest.param(b"a\x81b", "cp1252", "a\ufffdb", [(1, 2, "0x81")], id="a hole in a table"),
        pytest.param(b"a\x00b", "utf-16-le", "a\ufffd", [(1, 2, "0x62")], id="half a character at the end"),
        pytest.param(b"\x00\xd8a\x00", "utf-16-le", "\ufffd\ufffda", [(0, 2, "0x00 0xD8")], id="half a pair"),
        pytest.param(b"a\xe9", "ascii", "a\ufffd", [(1, 2, "0xE9")], id="a wrong declaration"),
    ],
)
def test_each_undecodable_byte_keeps_its_place(
    data: bytes, encoding: str | None, text: str, said: list[tuple[int, int, str]]
) -> None:
    source = Source.from_bytes(data, encoding=encoding)
    assert source.text == text
    found = [(*note.span, note.values["what"]) for note in builder.decoding_notes(source) if note.id == "undecodable"]
    assert found == said


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "cp1252", "utf-16", "gb18030", "utf-7", "shift_jis"]))
def test_any_bytes_are_read(data: bytes, encoding: str | None) -> None:
    source = Source.from_bytes(data, encoding=encoding)
    source.text.encode()  # no lone surrogates
    for offset, run in source.undecodable:
        assert source.text[offset : offset + len(run)] == "\ufffd" * len(run)
        assert run in data
    for note in builder.decoding_notes(source):
        assert 0 <= note.span.start <= note.span.end <= len(source.text)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(("é ".encode() * 9 + b"\xff") * 100_000, id="a byte here and there"),
        pytest.param("é ".encode() * 9 + b"\xff" * 2_000_000, id="one long run"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x00\xd8" * 500_000, id="halves of pairs"),
        pytest.param(bytes(range(256)) * 8_000, id="no text at all"),
    ],
)
def test_large_damage_has_few_notes(data: bytes) -> None:
    source = Source.from_bytes(data)
    assert len(list(builder.decoding_notes(source))) <= 102


@given(st.text(st.sampled_from("a😀 \r\n\u2028\x85")))
def test_the_offset_of_a_position(text: str) -> None:
    source = Source(text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        line_end = source.line_span(offset)[1]
        assert source.offset(line, column) == min(offset, line_end)
        assert source.offset(line, len(text) + 2) == line_end
    assert source.offset(len(source.line_starts) + 1, 1) == len(text)


@given(st.text(st.sampled_from("ab ")), st.integers(1, 5))
def test_slices_do_not_cut_words(text: str, size: int) -> None:
    parts = list(word_slices(text, size))
    assert "".join(parts) == text
    assert [word for part in parts for word in part.split()] == text.split()
