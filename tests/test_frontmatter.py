"""Front matter: its values, the positions of its strings, and its mistakes."""

from __future__ import annotations

import json
import sys
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Document
from linter.readers import front_matter_formats, front_matter_values, read
from linter.source import Source


def markdown(text: str) -> Document:
    return read(Source(text), "markdown")


def strings(text: str) -> list[tuple[str, str]]:
    """Return, for each string, its scopes besides `metadata` and its text."""
    return [
        (" ".join(sorted(block.scopes - {"metadata"})), block.text)
        for block in markdown(text).blocks
        if "metadata" in block.scopes
    ]


def prose(text: str) -> list[str]:
    return [block.text for block in markdown(text).prose]


VALUES = [
    pytest.param("---\ntitle: The tram\n---\n", {"title": "The tram"}, id="YAML"),
    pytest.param('+++\ntitle = "The tram"\n+++\n', {"title": "The tram"}, id="TOML"),
    pytest.param("---\r\ntitle: a\r\ntags:\r\n- b\r\n---\r\n", {"title": "a", "tags": ["b"]}, id="CRLF"),
    pytest.param("---\rtitle: a\r---\r", {"title": "a"}, id="lone carriage returns"),
    pytest.param('+++\r\na = 1\r[b]\rc = ["d"]\r+++\r', {"a": 1, "b": {"c": ["d"]}}, id="TOML with all line ends"),
    pytest.param("---\ntitle: a\n...\n", {"title": "a"}, id="dots close it too"),
    pytest.param("---\n---\n", {}, id="nothing in it"),
    pytest.param('{"title": "a", "n": [1, "b"]}\n', {"title": "a", "n": [1, "b"]}, id="JSON"),
    pytest.param('\n{\r\n\t"title": "a\\/\\u00e4"\r\n}\r\n', {"title": "a/ä"}, id="JSON, with tabs and escapes"),
    pytest.param("\n\r\n \n---\ntitle: a\n---\n", {"title": "a"}, id="blank lines before it"),
    pytest.param("---\na: {b: [c, {d: e}]}\n---\n", {"a": {"b": ["c", {"d": "e"}]}}, id="nested"),
    pytest.param("---\na: 1\nb: 2.5\nc: true\nd: ~\n---\n", {"a": 1, "b": 2.5, "c": True, "d": None}, id="plain data"),
    pytest.param("---\ndate: 2024-02-30\n---\n", {"date": "2024-02-30"}, id="dates stay text"),
    pytest.param('---\na: "1"\n---\n', {"a": "1"}, id="a quoted number is text"),
    pytest.param("---\na: &x [b]\nc: *x\n---\n", {"a": ["b"], "c": None}, id="what is repeated is there once"),
    pytest.param("---\na: &x b\nc: *x\n---\n", {"a": "b", "c": "b"}, id="but text is repeated"),
    pytest.param("---\na: !!python/object/apply:os.getcwd []\n---\n", {"a": []}, id="nothing is made of it"),
    pytest.param("---\n? [a]\n: b\n---\n", None, id="odd keys"),
]


PLACES = [
    pytest.param(
        "---\nTitle:\ndate: 2024-02-31\ntags: [a, b]\nlead: ''\na:\n  b: 3\n---\n",
        {"title": "Title", "date": "2024-02-31", "tags": "tags", "lead": "lead", "a": "a", "a.b": "3"},
        id="YAML",
    ),
    pytest.param(
        '+++\ntitle = ""\ndate = 2024-02-01\ntags = ["a", 1]\n[x]\ny = \'z\'\nb = {"c" = 1}\n+++\n',
        {"title": "title", "date": "2024-02-01", "tags": "tags", "x.y": "z", "x.b": "b", "x.b.c": "1"},
        id="TOML",
    ),
    pytest.param('{"title": "a", "n": 1}\n', {"title": '"a"', "n": "1"}, id="JSON"),
    pytest.param('---\ntitle: "a\nlead:\nn: 1\n---\n', {"title": "a", "lead": "lead", "n": "1"}, id="what is no YAML"),
    pytest.param("---\ntitle: a\nTitle: b\n---\n", {"title": "b"}, id="the last of two"),
    pytest.param('{"title": "a", "title": "b"}\n', {"title": '"b"'}, id="the last of two in JSON"),
    pytest.param("---\n- a: b\n---\n", {}, id="no keys"),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places(text: str, expected: dict[str, str]) -> None:
    assert {key: text[slice(*span)] for key, span in markdown(text).metadata.places.items()} == expected


def test_fields_are_the_values_by_their_keys_with_dots() -> None:
    metadata = markdown("---\nTitle: The tram\nog:\n  image: a.png\n  x: {}\ntags: [b]\nn:\n---\n").metadata
    assert metadata.fields == {"title": "The tram", "og.image": "a.png", "tags": ["b"], "n": None}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": 1} is an object\n', id="words behind it"),
        pytest.param('{"a": 1,}\n\nThe vote.\n', id="no JSON"),
        pytest.param('{"a"\n', id="no end"),
        pytest.param("{}\n", id="nothing in it"),
        pytest.param('{"a": ' + "[" * 100_000, id="a deep one"),
    ],
)
def test_braces_that_are_no_front_matter(text: str) -> None:
    document = markdown(text)
    assert document.metadata.values == {}
    assert document.prose


@pytest.mark.parametrize(("text", "values"), VALUES)
def test_values(text: str, values: dict[str, Any] | None) -> None:
    document = markdown(text + "\nThe vote.\n")
    assert not document.notes
    assert document.metadata.span
    assert [block.text for block in document.prose] == ["The vote."]
    if values is not None:
        assert document.metadata.values == values


STRINGS = [
    pytest.param(
        "---\ntitle: The tram\nauthor:\n  Name: Anna\ntags: [a, 'b']\nn: 1\ndate: 2024-01-02\n---\n",
        [
            ("metadata.title title", "The tram"),
            ("metadata.author.name", "Anna"),
            ("metadata.tags", "a"),
            ("metadata.tags", "b"),
        ],
        id="each with its keys",
    ),
    pytest.param("---\ntitle: 1984\n---\n", [("metadata.title title", "1984")], id="a title is text"),
    pytest.param("---\na:\n- title: b\n---\n", [("metadata.a.title", "b")], id="one inside is no title"),
    pytest.param(
        '+++\ntitle = "a"\n[b.c]\nd = ["e", {f = "g"}]\n[[h]]\n"i j" = \'\'\'\nk\'\'\'\n+++\n',
        [
            ("metadata.title title", "a"),
            ("metadata.b.c.d", "e"),
            ("metadata.b.c.d.f", "g"),
            ("metadata.h.i j", "k"),
        ],
        id="in TOML",
    ),
]


@pytest.mark.parametrize(("text", "expected"), STRINGS)
def test_strings_are_blocks(text: str, expected: list[tuple[str, str]]) -> None:
    assert strings(text) == expected


PIECES = [
    pytest.param("---\na: b &amp; c\n---\n", [("b &amp; c", "b &amp; c")], id="no entities"),
    pytest.param("---\na: 'it''s'\n---\n", [("it", "it"), ("'", "''"), ("s", "s")], id="doubled quotation marks"),
    pytest.param(
        '---\na: "b\\u00e9\\n\\"c"\n---\n',
        [("b", "b"), ("é", r"\u00e9"), ("\n", r"\n"), ('"', r"\""), ("c", "c")],
        id="escapes",
    ),
    pytest.param(
        "---\na: b\n  c\n\n  d\n---\n",
        [("b", "b"), (" ", "\n  "), ("c", "c"), ("\n", "\n\n  "), ("d", "d")],
        id="folded lines",
    ),
    pytest.param(
        "---\na: |\n  b\n   c\n\n  d\n---\n",
        [("b", "b"), ("\n ", "\n   "), ("c", "c"), ("\n\n", "\n\n  "), ("d", "d")],
        id="lines kept",
    ),
    pytest.param("---\na: >-\r\n  b\r\n  c\r\n---\r\n", [("b", "b"), (" ", "\r\n  "), ("c", "c")], id="lines joined"),
    pytest.param('---\na: "b\\\n   c"\n---\n', [("b", "b"), ("c", "c")], id="an escaped line end"),
    pytest.param("---\na: !x &y b\n---\n", [("b", "b")], id="a tag and an anchor"),
    pytest.param('+++\na = "b\\tc"\n+++\n', [("b", "b"), ("\t", r"\t"), ("c", "c")], id="escapes in TOML"),
    pytest.param(
        '+++\na = """\nb\r\nc \\\n  d"""\n+++\n',
        [("b", "b"), ("\n", "\r\n"), ("c ", "c "), ("d", "d")],
        id="lines in TOML",
    ),
    pytest.param("+++\na = '''b''''\n+++\n", [("b'", "b'")], id="a quotation mark before the end"),
]


@pytest.mark.parametrize(("text", "expected"), PIECES)
def test_strings_have_their_source_positions(text: str, expected: list[tuple[str, str]]) -> None:
    (block,) = markdown(text).blocks
    ends = (*block.starts[1:], len(block.text))
    assert [
        (block.text[start:end], text[slice(*piece)])
        for start, end, piece in zip(block.starts, ends, block.pieces, strict=True)
    ] == expected


NONE = [
    pytest.param("---\n\nThe council met.\n\n---\n\nThe vote.", ["The council met.", "The vote."], id="two rules"),
    pytest.param("---\nThe council met.\n", ["The council met."], id="a rule and a line"),
    pytest.param("---\nNote: the council met.\n", ["Note: the council met."], id="a rule and a line with a colon"),
    pytest.param("---\n- one\n- two\n---\n", ["one", "two"], id="a list between rules"),
    pytest.param("The tram.\n\n---\ntitle: x\n---\n", ["The tram.", "title: x"], id="not at the top"),
    pytest.param(" ---\ntitle: x\n", ["title: x"], id="an indented mark"),
    pytest.param("----\ntitle: x\n", ["title: x"], id="a longer mark"),
    pytest.param("+++\nThe council met.\n+++\n", ["+++\nThe council met.\n+++"], id="plus signs"),
]


@pytest.mark.parametrize(("text", "expected"), NONE)
def test_what_is_no_front_matter(text: str, expected: list[str]) -> None:
    document = markdown(text)
    assert (document.metadata.span, document.notes) == (None, ())
    assert [block.text for block in document.prose] == expected


MALFORMED = [
    pytest.param(
        "\n\n⟦---⟧\ntitle: x\nauthor: y\n\nThe council met.",
        "it has no closing mark; add a line “---” after the last key",
        id="no end, behind blank lines",
    ),
    pytest.param(
        "---\ntitle: ⟦The tram: late⟧\nx: y\n---\n", "a value that contains a colon needs quotation marks", id="a colon"
    ),
    pytest.param(
        '---\ntitle: ⟦"The tram" is late⟧\n---\n',
        "there is text after the closing quotation mark",
        id="words behind a quotation",
    ),
    pytest.param('---\ntitle: ⟦"The tram⟧\nx: "y"\n---\n', "a quotation mark is never closed", id="an open quotation"),
    pytest.param(
        "---\ntitle: ⟦'It's late'⟧\n---\n",
        "an apostrophe closes the quotation too early; use double quotation marks",
        id="an apostrophe",
    ),
    pytest.param(
        "---\ntitle: ⟦'The tram.\n\nIt's late.'⟧\nx: y\n---\n",
        "an apostrophe closes the quotation too early",
        id="an apostrophe, lines below",
    ),
    pytest.param(
        "---\ntitle: ⟦@council⟧\n---\n",
        "a value that begins with “@” needs quotation marks",
        id="a sign that means something",
    ),
    pytest.param(
        "---\ntitle: ⟦[Update] The tram⟧\n---\n",
        "a value that begins with “[” but is not a list needs quotation marks",
        id="a bracket",
    ),
    pytest.param(
        '---\ntitle: ⟦"C:\\qu"⟧\n---\n',
        "“\\q” has no meaning in double quotation marks; use single ones",
        id="a backslash",
    ),
    pytest.param("---\n⟦title:tram⟧\nx: y\n---\n", "the space after the colon is missing", id="no space"),
    pytest.param(
        "---\ntitle: tram\n⟦\t⟧x: y\n---\n",
        "the line is indented with a tab, where only spaces are allowed",
        id="a tab",
    ),
    pytest.param("---\ntags: ⟦- a⟧\n---\n", "a list must begin on its own line", id="a list on the line"),
    pytest.param("---\ntitle: x\n⟦the tram⟧\n---\n", "this line is not “key: value”", id="no pair"),
    pytest.param("---\ntitle: a⟦\x07⟧b\n---\n", "it contains an invisible character", id="a control character"),
    pytest.param("⟦---⟧\ntitle: x\n", "it has no closing mark; add a line “---” after the last key", id="never closed"),
    pytest.param(
        "⟦---⟧\ntitle: x\ndate: y\n\nA.\n\n---\n\nB.\n",
        "it has no closing mark; add a line “---” after the last key",
        id="never closed before a rule",
    ),
    pytest.param("+++\ntitle = ⟦The tram⟧\n+++\n", "the text has no quotation marks", id="no quotation marks in TOML"),
    pytest.param(
        '+++\na = 1\ntitle = ⟦"The⟧\n+++\n',
        "a quotation mark is never closed",
        id="an open quotation in TOML",
    ),
    pytest.param(
        "⟦+++⟧\ntitle = 'x'\n",
        "it has no closing mark; add a line “+++” after the last key",
        id="TOML that is never closed",
    ),
]


@pytest.mark.parametrize(("marked", "what"), MALFORMED)
def test_mistakes_are_reported_at_their_positions(marked: str, what: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    (note,) = markdown(text).notes
    assert (note.id, note.values["what"]) == ("unquoted-colon" if "contains a colon" in what else "front-matter", what)
    assert text[: note.span.start] + "⟦" + text[slice(*note.span)] + "⟧" + text[note.span.end :] == marked


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param(
            "---\ntitle: The tram: late\nlang: de\n---\nx", {"title": "The tram: late", "lang": "de"}, id="YAML"
        ),
        pytest.param("---\ntitle: \"The tram\nb: 'c'\n---\nx", {"title": "The tram", "b": "c"}, id="quotation marks"),
        pytest.param("+++\ntitle = The tram\n+++\nx", {"title": "The tram"}, id="TOML"),
        pytest.param("---\ntitle: The tram\ndate: 2024\nx", {"title": "The tram", "date": "2024"}, id="never closed"),
    ],
)
def test_lines_of_malformed_front_matter_are_read_separately(text: str, values: dict[str, str]) -> None:
    document = markdown(text)
    assert document.metadata.values == values
    assert [block.text for block in document.prose] == ["x"]
    for block in document.blocks:
        assert text[slice(*block.source_span)] == block.text
    assert any(block.text == values["title"] for block in document.blocks if "title" in block.scopes)


@pytest.mark.parametrize(
    ("matter", "language"),
    [
        pytest.param("lang: en", "en", id="a code"),
        pytest.param("language: en-GB", "en", id="with a country"),
        pytest.param("locale: de_AT.UTF-8", "", id="not a code"),
        pytest.param("Lang: ZH_cn", "zh", id="in capitals"),
        pytest.param("lang: English", "", id="a name"),
        pytest.param("lang: [en]", "", id="a list"),
        pytest.param("title: x", "", id="none"),
    ],
)
def test_language(matter: str, language: str) -> None:
    assert markdown(f"---\n{matter}\n---\n").language == language


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], include_characters="\n\t"), max_size=30)


@given(TEXT, st.sampled_from(["plain", "'", '"', "|", ">"]))
def test_any_string_in_yaml_has_its_value_and_place(value: str, style: str) -> None:
    text = "---\n" + yaml.safe_dump({"k": value}, default_style=None if style == "plain" else style, width=20) + "---\n"
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    document = markdown(text)
    if isinstance(document.metadata.values.get("k"), str):
        assert document.metadata.values["k"] == value
    for block in document.blocks:
        assert block.text == value.strip()
        assert 0 <= block.source_span.start < block.source_span.end <= len(text)


@given(TEXT)
def test_any_string_in_toml_has_its_value_and_place(value: str) -> None:
    quoted = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    text = f"+++\n[a]\nk = {quoted}\n+++\n"
    assert tomllib.loads(f"k = {quoted}")["k"] == value
    document = markdown(text)
    assert document.metadata.values == {"a": {"k": value}}
    assert [block.text for block in document.blocks] == ([value.strip()] if value.strip() else [])


@given(
    st.lists(st.sampled_from(["a: b", "c:", "- d", "  e: f", "'", '"', ": ", "#", "\t", "|", "&x", "*x", "[", "}"])),
    st.sampled_from(["---\n", "+++\n"]),
)
def test_nothing_fails(parts: list[str], mark: str) -> None:
    for end in ("", mark):
        document = markdown(mark + "\n".join(parts) + "\n" + end + "The vote.\n")
        assert document.prose[-1].text.endswith("The vote.")


def test_without_libyaml_all_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "---\ntitle: 'it''s'\na: [b, {c: \"d\\n\"}]\n---\n"
    quick = markdown(text)
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow = markdown(text)
    assert slow.metadata.values == quick.metadata.values
    assert [block.pieces for block in slow.blocks] == [block.pieces for block in quick.blocks]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n---\n", id="aliases of aliases"),
        pytest.param("---\na: &a [*a]\n---\n", id="an alias of itself"),
        pytest.param("---\na: " + "[" * 100_000 + "\n---\n", id="deep lists"),
        pytest.param("---\n" + "a: b\n" * 20_000 + "---\n", id="many keys"),
        pytest.param("---\n" * 20_000, id="many marks"),
        pytest.param("+++\na = " + "[" * 100_000 + "\n+++\n", id="deep lists in TOML"),
        pytest.param("+++\na" + ".a" * 50_000 + " = 1\n+++\n", id="a key of many parts in TOML"),
    ],
)
def test_hostile_front_matter_ends(text: str) -> None:
    document = markdown(text)
    assert len(repr(document.metadata.values)) < len(text) + 1000
    assert sys.getrecursionlimit() < 100_000


def test_a_header_without_marks_is_metadata() -> None:
    text = "Title: The tram\nDate: 2024-05-03 10:00\nTags: trams,\n    votes\nSlug: the-tram\n\nThe vote: none.\n"
    document = markdown(text)
    assert document.metadata.values == {
        "Title": "The tram",
        "Date": "2024-05-03 10:00",
        "Tags": "trams,",
        "Slug": "the-tram",
    }
    assert prose(text) == ["The vote: none."]
    assert ("metadata.title title", "The tram") in strings(text)


def test_a_page_has_no_date_in_its_header() -> None:
    assert prose("Title: The tram\nStatus: hidden\nSlug: the-tram\n\nThe vote.\n") == ["The vote."]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Title: The tram\nSlug: the-tram\n\nThe vote.\n", id="an outline has no date"),
        pytest.param("Title: The tram\nDate: next Friday\n\nThe vote.\n", id="nor one in figures"),
        pytest.param("Title: The tram\nDate: 2024-05-03\nThe vote.\n\nAll.\n", id="the date opens a paragraph"),
    ],
)
def test_an_outline_is_no_header(text: str) -> None:
    assert "Title: The tram" in " ".join(prose(text))


LINES = st.sampled_from(
    [
        *("title: word\n", "tags:\n- a\n- b\n", "tags:\n  - a\n", "x: >\n  foo\n  bar\n", "d: 2024-01-02\n"),
        *("l: [a, b c]\n", 'q: "foo"\n', "s: 'foo'\n", "e:\n", "\n", "# c\n", "n: 12\n", "e:\r\n", "  more\n"),
    ]
)
SIGNS = st.text(st.sampled_from("ab1 :-#\"'[],>|&*{}!%@`?~\\.=/éλ“😀\t\n\r\x85\u2028\ufeff"), max_size=8)


@given(st.lists(LINES | SIGNS, max_size=6).map("".join), st.integers(0, 60), SIGNS)
def test_strings_and_places_lie_in_the_front_matter(text: str, at: int, more: str) -> None:
    for written in (text, f"{text[:at]}{more}{text[at:]}"):
        end = 3 + len(written)
        try:
            parsed = front_matter_formats.read_yaml(f"---{written}---", 3, end)
        except front_matter_values.Malformed as error:
            places = [(error.start, error.end)]
        else:
            places = [*parsed.places.values(), *((string.start, string.end) for string in parsed.strings)]
        assert all(3 <= start <= stop <= end for start, stop in places)


@pytest.mark.parametrize("line", ["a: x", "a: 'x'", "- x", "a: [x, y]", "  x"])
def test_yaml_of_long_lines_is_read(line: str) -> None:
    for end in ("", " " * 100_000 + ": x", ", x" * 50_000, " #" * 50_000, "'\"" * 50_000):
        assert markdown(f"---\ntags:\n{line}{end}\n---\n\nThe vote.\n").prose[-1].text.endswith("The vote.")


def test_a_page_that_is_kept_in_front_matter_is_no_text() -> None:
    page = "<p>The tram is late.</p>" * 50
    document = markdown(f'---\ntitle: The tram\noriginal: "{page}"\nexcerpt: "<p>The tram</p>"\n---\nIt is late.')
    assert [block.text for block in document.blocks] == ["The tram", "<p>The tram</p>", "It is late."]
    assert document.metadata.values["original"] == page
