"""Dates in running text: their positions and their meanings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.metadata.wrong_date import Calendar, WrongDate
from linter.folding import folded
from linter.readers import plain_text
from linter.source import Source
from linter.text.view import text_view

MONTHS = {
    "en": "January Jan | February Feb | March Mar | April Apr | May | June Jun | July Jul | August Aug |"
    " September Sep | October Oct | November Nov | December Dec",
    "de": "Januar | Februar | März | April | Mai | Juni | Juli | August | September | Oktober | November | Dezember",
}
WEEKDAYS = {
    "en": "Monday Mon | Tuesday Tue | Wednesday Wed | Thursday Thu | Friday Fri | Saturday Sat | Sunday Sun",
    "de": "Montag | Dienstag | Mittwoch | Donnerstag | Freitag | Samstag | Sonntag",
}
ENGLISH, GERMAN = (Calendar(language, MONTHS[language], WEEKDAYS[language]) for language in ("en", "de"))
PIECES = "May may 3 31 30th Mar January of Tuesday, Freitag, den 2024 2025, . the 12. märz APRIL $31 1,031 30%".split()
TEXTS = st.lists(st.sampled_from([*PIECES, "\n", "\n\n", "harbour" * 5]), max_size=40).map(" ".join)


@pytest.mark.parametrize(
    ("calendar", "text", "shown", "weekday", "day", "month", "year", "sure"),
    [
        pytest.param(ENGLISH, "on 3 May", "3 May", -1, 3, 5, 0, True, id="a day and a month"),
        pytest.param(ENGLISH, "May 3, 2024.", "May 3, 2024", -1, 3, 5, 2024, True, id="the month first"),
        pytest.param(ENGLISH, "In May 30 came", "May 30", -1, 30, 5, 0, False, id="a number behind a month"),
        pytest.param(
            ENGLISH, "On Tue., the 3rd of May 2024,", "Tue., the 3rd of May 2024", 1, 3, 5, 2024, True, id="all"
        ),
        pytest.param(
            GERMAN, "Am Freitag, den 3. Mai 2024", "Freitag, den 3. Mai 2024", 4, 3, 5, 2024, True, id="German"
        ),
    ],
)
def test_dates(
    calendar: Calendar, text: str, shown: str, weekday: int, day: int, month: int, year: int, sure: bool
) -> None:
    (date,) = calendar.dates(text)
    assert text[date.start : date.end] == shown
    assert (date.weekday, date.day, date.month, date.year, date.is_sure) == (weekday, day, month, year, sure)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("pages 1,031 May be read", id="a part of a number"),
        pytest.param("at 9:31 May came", id="a time of day"),
        pytest.param("$31 May costs", id="a price"),
        pytest.param("May 30% of it", id="a share"),
        pytest.param("45 March days", id="no day of any month"),
        pytest.param("31 Auguſt 2024", id="an odd letter"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert not list(ENGLISH.dates(text))


def test_names_must_be_complete() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        WrongDate("impossible", months={"en": "January | February"})
    with pytest.raises(ValueError, match="“weekdays”"):
        WrongDate("weekday", months=MONTHS)
    with pytest.raises(ValueError, match="“keys”"):
        WrongDate("future", months=MONTHS)


@given(TEXTS)
def test_dates_are_found_where_months_stand_as_they_are_in_all_of_a_text(text: str) -> None:
    document = plain_text.read(Source(text))
    check = WrongDate("impossible", months=MONTHS, weekdays=WEEKDAYS)
    blocks = text_view(document).blocks
    every = [match for block in blocks for own in (ENGLISH, GERMAN) for match in check._matches(block, own)]
    assert sorted(check.find_in(document), key=str) == sorted(every, key=str)


@pytest.mark.parametrize(
    "check", [WrongDate("impossible", months=MONTHS), WrongDate("weekday", months=MONTHS, weekdays=WEEKDAYS)]
)
@given(TEXTS)
def test_texts_with_wrong_dates_contain_the_literals(check: WrongDate, text: str) -> None:
    document = plain_text.read(Source(text))
    assert check.literals
    has_literals = any(
        all(any(map(folded(block.text).__contains__, some)) for some in check.literals) for block in document.blocks
    )
    assert has_literals or not list(check.find_in(document))
