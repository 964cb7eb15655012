"""The kinds of check for damaged, disguised and invisible characters."""

from __future__ import annotations

import time
from itertools import pairwise

import ftfy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter import readers
from linter.checks.encoding import mojibake
from linter.checks.encoding.characters import Characters
from linter.checks.encoding.escape import Escape
from linter.checks.encoding.look_alike import LookAlike
from linter.checks.encoding.mojibake import Mojibake
from linter.config import packs
from linter.document import Block, Document, Span, simple_block
from linter.rule import Match
from linter.source import Source

(DECOMPOSED,) = [rule.check for rule in packs.shipped_rules() if rule.name == "encoding/decomposed"]


def block(text: str) -> Block:
    return simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))


def document(text: str, kind: str = "text") -> Document:
    return readers.read(Source(text), kind)


def mended(text: str, matches: list[Match]) -> str:
    for edit in sorted((edit for match in matches for edit in match.edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("text", "found", "right"),
    [
        pytest.param("The mayorâ€™s plan.", ["mayorâ€™s"], "The mayor’s plan.", id="read as Windows-1252"),
        pytest.param("The mayor\x92s plan.", ["mayor\x92s"], "The mayor’s plan.", id="read as Latin-1"),
        pytest.param("itâ\x80\x99s", ["itâ\x80\x99s"], "it’s", id="UTF-8 read as Latin-1"),
        pytest.param("Ã¢â‚¬â€\x9d", ["Ã¢â‚¬â€\x9d"], "—", id="twice"),
        pytest.param("it‚Äôs", ["it‚Äôs"], "it’s", id="read as Mac Roman"),
        pytest.param("РџСЂРёРІРµС‚!", ["РџСЂРёРІРµС‚"], "Привет!", id="read as Windows-1251"),
        pytest.param("Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€!", ["Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€"], "привет мир!", id="words in a row"),
        pytest.param("“BeyoncÃ©”, (cafÃ©)", ["BeyoncÃ©”, (cafÃ©"], "“Beyoncé”, (café)", id="marks around are unharmed"),
        pytest.param("“mayorâ€™s”", ["mayorâ€™s"], "“mayor’s”", id="in a word with right quotation marks"),
        pytest.param("the price: â‚¬ 5", ["â‚¬"], "the price: € 5", id="a sign alone"),
        pytest.param("ä¸\xadæ–‡ ðŸ˜€", ["ä¸\xadæ–‡ ðŸ˜€"], "中文 😀", id="Chinese and a smile"),
        pytest.param("â€œHelloâ€ said", ["â€œHello"], "“Helloâ€ said", id="what lost a byte is for another rule"),
        pytest.param(
            'one â€" two â\x80" three', [], 'one â€" two â\x80" three', id="so is a dash that was made straight"
        ),
        pytest.param("Zee CafÃ˜", ["CafÃ˜"], "Zee CafÃ˜", id="no fix makes a capital within a word"),
        pytest.param(
            "„Spaß“ «À» “Ã” l’été’s 5\u00a0°", [], "„Spaß“ «À» “Ã” l’été’s 5\u00a0°", id="letters before marks"
        ),
        pytest.param("SÃO PAULO, ÅNGSTRÖM, Œuvre, Ž, þ", [], "SÃO PAULO, ÅNGSTRÖM, Œuvre, Ž, þ", id="real letters"),
    ],
)
def test_mojibake(text: str, found: list[str], right: str) -> None:
    matches = list(Mojibake().find(block(text)))
    assert [text[match.start : match.end] for match in matches] == found
    assert mended(text, matches) == right


# The characters of all bytes in the encodings that ftfy tries.
HIGH = sorted({bytes([byte]).decode(name, "replace") for name in mojibake._TRIED for byte in range(0x80, 0x100)})


@given(st.lists(st.sampled_from([*"aZ.'", *HIGH]) | st.characters(), max_size=6).map("".join))
@settings(max_examples=1000)
def test_ftfy_changes_only_what_may_be_utf8(chunk: str) -> None:
    if " " not in chunk and not mojibake._may_be_utf8(chunk):
        assert ftfy.fix_encoding(chunk, replace_lossy_sequences=False) == chunk


@given(st.text("éà’“”–€ß a.", max_size=30))
def test_text_that_is_damaged_as_a_whole_is_mended_or_left(text: str) -> None:
    damaged = text.encode().decode("cp1252", "replace")
    if "\ufffd" not in damaged:
        matches = list(Mojibake().find(block(damaged)))
        assert all(match.start < match.end <= len(damaged) for match in matches)
        assert all(one.end <= other.start for one, other in pairwise(matches))


@pytest.mark.parametrize("text", ["â€™" * 20_000, "Ã©" * 20_000, "â€" * 20_000, "a" * 40_000 + "Ã©", "漢字Ã" * 10_000])
def test_long_words_take_no_long_time(text: str) -> None:
    started = time.perf_counter()
    list(Mojibake().find(block(text)))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("check", "text", "found", "right"),
    [
        pytest.param(Characters("\u200b+"), "a\u200b\u200bb c\u200bd", ["\u200b\u200b"], "ab cd", id="once an article"),
        pytest.param(Characters("\u200b+", each=True), "a\u200bb c\u200bd", ["\u200b"] * 2, "ab cd", id="each"),
        pytest.param(Characters("\u200b", fixable=False), "a\u200bb", ["\u200b"], "a\u200bb", id="without a fix"),
        pytest.param(Characters("‚", replace=","), "a‚ b‚ c", ["‚"], "a, b, c", id="with another character"),
        pytest.param(Characters("\u200f", unless=r"\p{Hebrew}"), "a\u200f שלום", [], "a\u200f שלום", id="unless"),
        pytest.param(Characters("\ufffc"), "a\ufffcb", ["\ufffc"], "ab", id="what stands for objects elsewhere"),
    ],
)
def test_characters(check: Characters, text: str, found: list[str], right: str) -> None:
    matches = list(check.find_in(document(text)))
    assert [text[match.start : match.end] for match in matches] == found
    assert mended(text, matches) == right


@pytest.mark.parametrize(
    ("text", "where", "more"),
    [
        ("tram \x07late", "before “late”", ""),
        ("tram\x07\nlate\x07", "after “tram”", ", 1 of 2 such places in this article"),
        ("\x07\n\x07\n\x07", "here", ", 1 of 3 such places in this article"),
    ],
)
def test_characters_say_where_they_stand(text: str, where: str, more: str) -> None:
    (match,) = Characters("\x07").find_in(document(text))
    assert match.values == {"name": "bell", "code": "U+0007", "where": where, "more": more}


def test_characters_in_code_and_unread_bytes_are_let_be() -> None:
    assert not list(Characters("\u200b").find_in(document("The `a\u200bb` tag.\n\n```\n\u200b\n```\n", "markdown")))
    lost = readers.read(Source.from_bytes(b"The caf\xc3\xa9s and caf\xc3\xa9s of caf\xe9.", "a.txt"), "text")
    assert lost.source.undecodable
    assert not list(Characters("\ufffd").find_in(lost))


@pytest.mark.parametrize(
    ("check", "text", "shown"),
    [
        pytest.param(Escape("entity", "&.*;"), "&amp;amp;rsquo;", ["’"], id="escaped several times"),
        pytest.param(Escape("entity", "&(?P<name>\\w+)"), "&euro 5", ["€"], id="an entity by its name alone"),
        pytest.param(Escape("entity", "&[^;]+;"), "&tram; &nbsp;", ["no-break space"], id="what is none, and a space"),
        pytest.param(
            Escape("unicode", r"(?:\\u\w{4})+"), r"\ud83d\ude00 \u2019 \u0007", ["😀", "’"], id="a pair, a control"
        ),
        pytest.param(Escape("unicode", r"(?:\\x\w\w)+"), r"\xe2\x80\x99", ["’"], id="bytes of UTF-8"),
        pytest.param(Escape("unicode", r"u\w{4}"), "u2019", ["’"], id="a number that lost its backslash"),
        pytest.param(
            Escape("percent", r"\S+"), "Market%20Square caf%C3%A9 5%", ["Market Square", "café"], id="percent"
        ),
    ],
)
def test_escape(check: Escape, text: str, shown: list[str]) -> None:
    assert [match.values["shown"] for match in check.find(block(text))] == shown


@pytest.mark.parametrize(
    ("letters", "text", "found"),
    [
        pytest.param("disguised", "The cоuncil of Τhe", ["cоuncil", "Τhe"], id="Cyrillic and Greek in English"),
        pytest.param("disguised", "В гемe Cвойство", ["гемe", "Cвойство"], id="Latin in Russian"),
        pytest.param("disguised", "ЕRС", ["ЕRС"], id="the one letter that is no other's double decides"),
        pytest.param("disguised", "5 μg TNFα ΔTx ΞXTΞND", [], id="symbols"),
        pytest.param("disguised", r"PODов HOSTе ITТермин \nВерни", [], id="endings, acronyms, an escape"),
        pytest.param("foreign", "паiring масштабowego PODов", ["паiring", "масштабowego"], id="half translated"),
        pytest.param("foreign", "cоuncil TNFα", [], id="not those in disguise, and no symbols"),
    ],
)
def test_letters_of_two_alphabets(letters: str, text: str, found: list[str]) -> None:
    matches = list(LookAlike(letters).find(block(text)))  # type: ignore[arg-type]
    assert [text[match.start : match.end] for match in matches] == found


@pytest.mark.parametrize(
    ("text", "found", "right"),
    [
        pytest.param(
            "Le café, un cafe\u0301, l'e\u0301te\u0301", ["cafe\u0301"], "Le café, un café, l'été", id="mixed"
        ),
        pytest.param("cafe\u0301 x\u0304", [], "cafe\u0301 x\u0304", id="nothing else has an accent"),
        pytest.param("é x\u0304 हिन्दी", [], "é x\u0304 हिन्दी", id="letters that have no piece of their own"),
    ],
)
def test_decomposed(text: str, found: list[str], right: str) -> None:
    matches = list(DECOMPOSED.find_in(document(text)))
    assert [text[match.start : match.end] for match in matches] == found
    assert mended(text, matches) == right


@pytest.mark.parametrize(
    "encoding", ["cp1251", "cp1253", "cp1255", "cp850", "cp437", "koi8_r", "mac_cyrillic", "cp866"]
)
@pytest.mark.parametrize("text", ["the mayor’s tram", "late … again"])
def test_marks_read_in_other_code_pages(encoding: str, text: str) -> None:
    damaged = text.encode("utf-8").decode(encoding)
    matches = list(Mojibake().find(block(damaged)))
    assert [match.values["right"] for match in matches] == [next(word for word in text.split() if not word.isascii())]
