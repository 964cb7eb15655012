"""Words are found with exact positions and looked up in Hunspell dictionaries, lists of words and the word table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from time import perf_counter
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Block
from linter.vale.checks import spelling
from linter.vale.definition import BadOption, Context, Definition, Vocabulary
from linter.vale.hunspell import Dictionary
from linter.vale.spelling import WordTable, words

AFF = """SET UTF-8
ICONV 1
ICONV ’ '
ONLYINCOMPOUND c
COMPOUNDRULE 1
COMPOUNDRULE n*m
PFX U Y 1
PFX U 0 un .
PFX L N 1
PFX L 0 in [^l]
SFX D Y 4
SFX D 0 d e
SFX D y ied [^aeiou]y
SFX D 0 ed [^ey]
SFX D 0 ed [aeiou]y
SFX S N 1
SFX S 0 s .
"""
DIC = "8\ntie/UDS\ncarry/D\nplay/DL\nTallow/S\n1/n\n2/n\n3rd/m\nhalf/c\n\n/x\nbus\tmorphology\n"


def dictionary(aff: str = AFF, dic: str = DIC) -> Dictionary:
    return Dictionary(aff, dic)


def context(files: Mapping[str, str] = MappingProxyType({}), *accept: str) -> Context:
    paths = {os.path.join("styles", *path.split("/")): text for path, text in files.items()}

    def inside(folder: str) -> list[str]:
        return sorted(path for path in paths if path.startswith(os.path.join(folder, "")))

    def find(given: tuple[str, ...]) -> str:
        return next((path for path in given if path in paths), "")

    return Context(Vocabulary(accept), "", ("styles",), paths.__getitem__, find, inside)


def found(text: str, given: Context | None = None, file: str = "Own/Rule.yml", **options: Any) -> list[str]:
    definition = Definition("Own.Rule", "spelling", "%s", options=options, file=file)
    check = spelling.make(definition, given or context())
    hits = list(check.hits(Block(text, frozenset(), (0, 0, len(text)))))
    assert [hit.values for hit in hits] == [(text[hit.start : hit.end].replace("’", "'"),) for hit in hits]
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize("text", ["tie tied untie untied ties", "carry carried", "play played inplay", "bus Bus BUS"])
def test_stems_with_affixes_are_known(text: str) -> None:
    assert [word for word in text.split() if not dictionary().knows(word)] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("carryed plaid", id="the condition of a suffix"),
        pytest.param("inplayed", id="a prefix that does not go with suffixes"),
        pytest.param("unties", id="a suffix that does not go with prefixes"),
        pytest.param("uncarry inbus", id="a stem without the flag"),
        pytest.param("half", id="a stem for compounds only"),
        pytest.param("tallow tallows", id="a name in lowercase"),
        pytest.param("x morphology 8x", id="other text in the file"),
    ],
)
def test_other_words_are_unknown(text: str) -> None:
    assert [word for word in text.split() if dictionary().knows(word)] == []


def test_numbers_and_compound_rules() -> None:
    assert [word for word in "3rd 123rd 1,234.5 0x1F 0b101".split() if not dictionary().knows(word)] == []
    assert [word for word in "43rd 3rd1 0b102".split() if dictionary().knows(word)] == []


def test_compounds_of_any_words() -> None:
    known = dictionary("COMPOUNDFLAG z\nCOMPOUNDMIN 2\n", "3\nTram/z\nbahn/z\nhof/z\n")
    assert known.knows("Trambahnhof")
    assert not known.knows("Trambahnhoff")
    assert not dictionary("", "3\nTram\nbahn\nhof\n").knows("Trambahnhof")


@pytest.mark.parametrize(("kind", "flags"), [("num", "12,345"), ("long", "aabb")])
def test_long_flags(kind: str, flags: str) -> None:
    flag = flags.split(",")[-1][-3:] if kind == "num" else "bb"
    known = dictionary(f"FLAG {kind}\nSFX {flag} Y 1\nSFX {flag} 0 s .\n", f"2\ntram/{flags}\nbus/a\n")
    assert known.knows("trams")
    assert not known.knows("buss")


def test_characters_are_converted() -> None:
    assert dictionary().convert("tram’s") == "tram's"


@given(st.text(max_size=200), st.text(max_size=100), st.text(max_size=20))
def test_any_text_is_a_dictionary(aff: str, dic: str, word: str) -> None:
    known = dictionary(aff, dic)
    assert known.knows(known.convert(word)) in (True, False)


@pytest.mark.parametrize(
    ("aff", "dic"),
    [
        pytest.param(
            "SFX s Y 1\n" + "".join(f"SFX s {number} a .\n" for number in range(60_000)), "", id="many suffixes"
        ),
        pytest.param("PFX p Y 1\n" + "PFX p 0 a .\n" * 60_000, "", id="many prefixes"),
        pytest.param("COMPOUNDFLAG x\n", "".join(f"{'a' * number}\n" for number in range(1, 60)), id="compounds"),
        pytest.param("COMPOUNDRULE x*x*x*x*x*\n" * 1000, "1\na/x\n", id="compound rules"),
        pytest.param("ICONV aa a\n" * 60_000, "", id="conversions"),
        pytest.param(f"SFX s Y 1\nSFX s 0 a {'(a+)+[^b' * 1000}\n", "1\na/s\n", id="a condition"),
    ],
)
def test_hostile_dictionaries_take_little_time(aff: str, dic: str) -> None:
    known = dictionary(aff, f"1\n{dic}")
    start = perf_counter()
    try:
        known.knows(known.convert("a" * 99 + "b"))
    except TimeoutError:
        assert "FX" in aff or "COMPOUND" in aff
    assert perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Trams’ ($5), don’t!”", ["Trams", "don't"]),
        ("e.g. the U.S., Mr. Tallow.", ["e.g.", "the", "U.S.", "Mr.", "Tallow"]),
        ("['tram'];\n\tbus", ["tram", "bus"]),
        ("— … 12 ** :)", []),
        ("well-known/other", ["well-known/other"]),
        ("(o: :o)", ["(o:", ":o)"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    straight = text.replace("’", "'").replace("“", '"')
    assert [word for _, word in words(text)] == expected
    assert all(straight.startswith(word, start) for start, word in words(text))


@pytest.mark.parametrize("word", ["tram", "Trams", "don't", "won't", "editor's", "O'clock", "Rebecca", "London's"])
def test_the_default_dictionary_knows(word: str) -> None:
    assert WordTable().knows(word)


@pytest.mark.parametrize("word", ["tarm", "recieve", "dno't", "london", "tarm's", ""])
def test_the_default_dictionary_does_not_know(word: str) -> None:
    assert not WordTable().knows(word)


OWN = {"config/dictionaries/own.aff": "SFX S Y 1\nSFX S 0 s .\n", "config/dictionaries/own.dic": "1\nqux/S\n"}


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param("The tram recieved quxs.", {}, ["recieved", "quxs"], id="the default dictionary"),
        pytest.param("The quxs.", {"dictionaries": ("own",)}, ["The"], id="an own dictionary"),
        pytest.param("The quxs.", {"dictionaries": ("own",), "append": True}, [], id="both"),
        pytest.param("qux the", {"dictionaries": ("own",), "dicpath": "config/dictionaries"}, ["the"], id="a folder"),
        pytest.param(
            "qux the",
            {"aff": "config/dictionaries/own.aff", "dic": "config/dictionaries/own.dic"},
            ["the"],
            id="files",
        ),
        pytest.param("Foobar fooo foos", {"ignore": ("words.txt",)}, ["foos"], id="a list of correct words"),
        pytest.param("fooBar FooBar FOO foo1 foo_ba", {}, ["foo_ba"], id="names in code are skipped"),
        pytest.param("foo1", {"custom": True}, ["foo1"], id="unless there are only own filters"),
        pytest.param("foobar fobar", {"filters": ("^foo",)}, ["fobar"], id="an own filter"),
        pytest.param("foobar fobar", {"exceptions": ("Fo+bar",)}, [], id="an exception"),
        pytest.param("doesn’t dosn’t", {}, ["dosn’t"], id="a curly apostrophe"),
        pytest.param("tarm and tarm", {}, ["tarm", "tarm"], id="each use is reported"),
    ],
)
def test_spelling(text: str, options: dict[str, Any], expected: list[str]) -> None:
    files = {**OWN, "config/ignore/words.txt": "foobar\nfooo\n"}
    assert found(text, context(files), **options) == expected


def test_accepted_terms_and_phrases() -> None:
    given = context({}, "[Tt]arms?", "mea qulpa")
    assert found("tarms, mea qulpa and qulpa, starms", given) == ["qulpa", "starms"]


def test_the_rule_of_vale_reads_all_dictionaries_and_lists() -> None:
    given = context(
        {**OWN, "config/ignore/a/b.txt": "foobar\n", "config/ignore/c.md": "tarm\n", "config/dictionaries/x/y.dic": ""}
    )
    assert found("The quxs foobar tarm.", given, file="") == ["tarm"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dictionaries": ("none",)}, "dictionaries: “none.aff” and “none.dic” are not in "),
        ({"aff": "none.aff", "dic": "none.dic"}, "aff: there is no file “none.aff”"),
        ({"filters": ("(",)}, "filters: "),
    ],
)
def test_mistakes(options: dict[str, Any], message: str) -> None:
    with pytest.raises(BadOption, match=message):
        found("", **options)
