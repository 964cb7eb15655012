"""Words are found with exact positions, looked up in dictionaries and lists of words, and corrected."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Block
from linter.text.lexicon import AFFIXES, DATA, STEMS
from linter.vale.checks import spelling
from linter.vale.definition import Action, BadOption, Context, Definition, Vocabulary
from linter.vale.hunspell import Dictionary
from linter.vale.spelling import WordList, corrections, default_dictionary, words
from linter.word_lists import word_lists

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
def test_hostile_dictionaries_are_cut_off(aff: str, dic: str) -> None:
    known = dictionary(aff, f"1\n{dic}")
    try:
        known.knows(known.convert("a" * 99 + "b"))
    except TimeoutError:
        assert "FX" in aff or "COMPOUND" in aff


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


@pytest.mark.parametrize(
    "word",
    [
        "tram",
        "Trams",
        "don't",
        "won't",
        "editor's",
        "O'clock",
        "Susan",
        "London's",
        "resubmitted",
        "codebase's",
        "21st",
    ],
)
def test_the_default_dictionary_knows(word: str) -> None:
    assert default_dictionary().knows(word)


@pytest.mark.parametrize("word", ["tarm", "recieve", "dno't", "london", "tarm's", "hackathon", "repo", "21th", ""])
def test_the_default_dictionary_does_not_know(word: str) -> None:
    assert not default_dictionary().knows(word)


def test_the_added_words_are_not_in_the_dictionary() -> None:
    aff, dic = ((DATA / name).read_text("utf-8") for name in (AFFIXES, STEMS))
    plain, added = Dictionary(aff, dic), word_lists("word_lists.txt")["correct"]
    assert [word for word in added if plain.knows(word)] == []
    assert all(map(str.islower, added))


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


def test_forms_of_stems() -> None:
    assert dictionary().forms == {
        *"tie tied ties untie untied".split(),  # “unties” has a suffix that does not go with prefixes
        *"carry carried play played inplay Tallow Tallows bus 1 2 3rd".split(),
    }


@given(st.text(max_size=200), st.text(max_size=100))
def test_forms_are_known(aff: str, dic: str) -> None:
    known = dictionary(aff, dic)
    assert [form for form in known.forms if not known.knows(form)] == []


def test_the_number_of_forms_is_limited() -> None:
    suffixes = "".join(f"SFX s 0 {number} .\n" for number in range(40_000))
    stems = "".join(f"a{'b' * number}/s\n" for number in range(60))
    forms = dictionary(f"SFX s Y 1\n{suffixes}", f"1\n{stems}").forms
    assert len(forms) <= 500_060


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("bbus", ("bus",), id="a letter is deleted"),
        pytest.param("crry", ("carry",), id="a letter is inserted"),
        pytest.param("plai", ("play",), id="a letter is replaced"),
        pytest.param("paly", ("play",), id="two letters are transposed"),
        pytest.param("tiedd", ("tied",), id="a form with a suffix"),
        pytest.param("Palyed", ("Played",), id="a capital is kept"),
        pytest.param("CARY", ("CARRY",), id="capitals are kept"),
        pytest.param("tallow", ("Tallow",), id="a name in lowercase"),
        pytest.param("Talow", ("Tallow",), id="a misspelled name"),
        pytest.param("paLy", (), id="a word with other capitals"),
        pytest.param("ply-", (), id="two edits"),
        pytest.param("by", (), id="a short word"),
        pytest.param("foobr", ("foobar",), id="a word of a list"),
        pytest.param("tramß", ("tram",), id="a letter of another language"),
    ],
)
def test_corrections(word: str, expected: tuple[str, ...]) -> None:
    assert corrections(word, [dictionary(), WordList(["foobar\ntram\n"])]) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("teh", ("the", "ten", "tech", "tea")),
        ("recieve", ("receive", "relieve")),
        ("dosn't", ("don't", "doesn't")),
        ("lifecyle", ("lifecycle",)),
        ("xqzzk", ()),
    ],
)
def test_frequent_words_come_first(word: str, expected: tuple[str, ...]) -> None:
    assert corrections(word, [default_dictionary()])[:4] == expected


def test_the_dictionary_says_which_letters_it_uses() -> None:
    known = dictionary("TRY enß'ENß-\n", "2\nStraße\nGassen\n")
    assert known.letters == "enß"
    assert corrections("Strae", [known]) == ("Straße",)
    assert corrections("Gassn", [known]) == ("Gassen",)
    assert corrections("assen", [known]) == ()


@given(st.text(max_size=40))
def test_corrections_are_correct_and_differ(word: str) -> None:
    known = default_dictionary()
    found = corrections(word, [known])
    assert len(found) <= 6
    assert all(known.forms.intersection((each, each.lower(), each.capitalize())) for each in found)
    assert word not in found or known.knows(word)


SPELLINGS = Action("suggest", ("spellings",))


@pytest.mark.parametrize(
    ("text", "action", "expected"),
    [
        pytest.param("It recieved it.", SPELLINGS, ["received"], id="one correction"),
        pytest.param("Teh tram", SPELLINGS, ["The"], id="the first one is proposed"),
        pytest.param("The tram dosn’t.", SPELLINGS, ["don’t"], id="a curly apostrophe is kept"),
        pytest.param("It xqzzk.", SPELLINGS, [], id="no correction"),
        pytest.param("It recieved it.", Action(), [], id="no action"),
        pytest.param("It recieved it.", Action("suggest", ("Script.tengo",)), [], id="a script"),
        pytest.param("A teh ttram hte busx editr of recieved", SPELLINGS, [], id="another language"),
    ],
)
def test_a_correction_is_an_unsafe_fix(text: str, action: Action, expected: list[str]) -> None:
    check = spelling.make(Definition("Own.Rule", "spelling", "%s", action=action, file="Own/Rule.yml"), context())
    matches = [
        check.match(hit, text) for hit in check.hits(Block(text, frozenset({"vale.text", "text"}), (0, 0, len(text))))
    ]
    assert matches
    assert [edit.text for match in matches for edit in match.edits] == expected
    assert not any(match.sure for match in matches)
