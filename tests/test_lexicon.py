"""The word table: the counts of words, and its integrity."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.encoding import look_alike
from linter.text.lexicon import (
    BUCKETS,
    DATA,
    DOCUMENTS,
    NOTHING,
    OFFSETS,
    Lexicon,
    Word,
    bucket,
    frequent,
    lexicon,
    word_list,
)


@pytest.mark.parametrize(
    ("word", "small", "capital", "dictionary"),
    [
        pytest.param("house", True, True, True, id="an ordinary word that is a name too"),
        pytest.param("moscow", False, True, False, id="a name is in no dictionary in small letters"),
        pytest.param("zebu", False, False, True, id="a word that only the dictionary has"),
        pytest.param("bogotá", False, True, False, id="a name with an accent"),
        pytest.param("ain't", True, False, False, id="a word with an apostrophe"),
        pytest.param("mid-july", False, True, False, id="words that a hyphen joins are one"),
    ],
)
def test_a_word_is_known_by_its_counts(word: str, small: bool, capital: bool, dictionary: bool) -> None:
    found = lexicon().find(word)
    assert found != NOTHING
    assert (found.small > 0, found.capital > 0, found.dictionary) == (small, capital, dictionary)


def test_the_dominant_mixed_form_is_returned() -> None:
    assert lexicon().find("github").mixed == "GitHub"
    assert lexicon().find("github").mixed_count > 1000


@pytest.mark.parametrize("word", ["", "Moscow", "qzxv", "mosco", "moscow\t", "\n", "\ud800"])
def test_what_is_no_word_of_the_table_is_nothing(word: str) -> None:
    assert lexicon().find(word) == NOTHING


@given(st.text())
def test_any_text_can_be_looked_up(text: str) -> None:
    assert isinstance(lexicon().find(text), Word)


def test_rare_words_weigh_more() -> None:
    common, rare, unknown = (lexicon().idf(word) for word in ("government", "palladium", "qzxv"))
    assert common < rare
    assert unknown == pytest.approx(math.log(DOCUMENTS / 3))


def test_every_line_lies_in_its_bucket() -> None:
    blob = lexicon().blob
    ends = [int.from_bytes(blob[i : i + 4], "little") for i in range(0, OFFSETS, 4)]
    assert ends[0] == OFFSETS
    assert ends[-1] == len(blob) - 1
    lost = [
        line
        for number in range(0, BUCKETS, 97)
        for line in blob[ends[number] : ends[number + 1]].split(b"\n")[1:]
        if bucket(line.partition(b"\t")[0]) != number
    ]
    assert not lost


def test_frequent_words_are_those_of_the_table() -> None:
    lines = re.findall(rb"\n([a-z]{3,})\t!(\d{3,})\b", lexicon().blob[OFFSETS:])
    assert frequent() == {word.decode(): int(docs) for word, docs in lines}


def test_a_table_of_one_word_can_be_read() -> None:
    line = b"\nmayor\t!3\t4"
    number = bucket(b"mayor")
    ends = [OFFSETS + (len(line) if i > number else 0) for i in range(BUCKETS + 1)]
    blob = b"".join(end.to_bytes(4, "little") for end in ends) + line + b"\n"
    assert Lexicon(blob).find("mayor") == Word(docs=3, small=4, dictionary=True)
    assert Lexicon(blob).find("moor") == NOTHING


def test_the_share_of_names_leaves_capitals_out() -> None:
    assert Word(small=1, capital=3, upper=90).name_share == 0.75
    assert NOTHING.name_share == 0


def test_names_that_are_words_are_in_no_list() -> None:
    listed = word_list("names") | word_list("names in context")
    assert {"russia", "chinese", "monday", "eurasian", "london"} <= word_list("names")
    assert {"vladimir", "jinping"} <= word_list("names in context")
    assert not listed & {"china", "turkey", "may", "march", "august", "polish", "rust", "github", "ngos"}
    assert not any(lexicon().find(word).dictionary for word in listed)


def test_every_list_that_is_used_is_there() -> None:
    files = [file.read_text("utf-8") for file in DATA.parent.rglob("*.py")]
    used = {heading for text in files for heading in re.findall(r'word_list\("([^"]+)"\)', text)}
    assert len(used) >= 5
    assert all(map(word_list, used | set(look_alike._ALIKE.values())))


def test_the_sources_of_shipped_data_are_listed() -> None:
    text = (DATA / "LICENSES.md").read_text("utf-8")
    for source in ("CC-BY-4.0", "Kevin Atkinson", "UNICODE LICENSE V3"):
        assert source in text
    assert (DATA / "en_words.bin").stat().st_size < 1_500_000
