"""Fence marks in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import fence_marks

FOUND = [
    pytest.param("```html\nThe council met.\n```", ["```html", "```"], id="a fence in plain marks"),
    pytest.param("“`html\n\nThe council met.", ["“`html"], id="typography made a quotation mark of two backticks"),
    pytest.param("The council met.\n\n“`", ["“`"], id="a typographic mark alone on its line"),
    pytest.param("The council met.\n\n`”", ["`”"], id="a typographic mark the other way round"),
    pytest.param("''' html\nThe council met.\n'''", ["''' html", "'''"], id="straight quotation marks with a format"),
    pytest.param("’’’html\nThe council met.\n’’’", ["’’’html", "’’’"], id="curly quotation marks with a format"),
    pytest.param("~~~html\nThe council met.\n~~~", ["~~~html", "~~~"], id="tildes"),
    pytest.param(
        "```html The council met and spoke about the tram. ```", ["```html", "```"], id="both marks in a line of prose"
    ),
    pytest.param(
        "``` The council met on Monday and spoke about the tram. ```", ["```", "```"], id="no format, but a sentence"
    ),
    pytest.param("“`html The council met on Monday. “`", ["“`html", "“`"], id="typographic marks in a line of prose"),
    pytest.param("Here is your article: ```html", ["```html"], id="an opening mark behind words"),
    pytest.param("The vote is on Tuesday.```", ["```"], id="a closing mark behind words"),
    pytest.param("> - ```py\n>   x\n>   ```", ["```py", "```"], id="inside a list in a quote"),
    pytest.param("```js {1,3}\nx\n```", ["```js", "```"], id="more than the info word behind the mark"),
    pytest.param('```pandas title="x"\n~~~ {.py .late}\n', ["```pandas", "~~~ {.py"], id="attributes behind the mark"),
    pytest.param("a\r```html\rb\r```\r", ["```html", "```"], id="lone carriage returns end lines"),
    pytest.param("He called it “`ls` for people”.", [], id="inline code in quotation marks"),
    pytest.param("“`ls` and `cp`” are commands.", [], id="inline code in quotation marks opens the line"),
    pytest.param("Type ```npm install tram``` and wait.", [], id="inline code in three backticks"),
    pytest.param("Type ```npm install tram```", [], id="inline code in three backticks ends the line"),
    pytest.param('The answer is ```json {"tram": 1} ```', [], id="inline code with a format is still code"),
    pytest.param("'''' marks a quotation.", [], id="four straight quotation marks"),
    pytest.param("See you soon ~~~", [], id="an ornament"),
    pytest.param("~~~~~~~~\nThe end\n~~~~~~~~", [], id="a rule of tildes"),
    pytest.param("“She said ‘he said “‘no’”’’’", [], id="nested quotations that close together"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_marks_are_found_with_their_span(text: str, expected: list[str]) -> None:
    assert [text[mark.span.start : mark.span.end] for mark in fence_marks.find_marks(text)] == expected


def test_a_mark_knows_its_line() -> None:
    text = "The tram. ```html  \n> “`md The council  \n```"
    behind, quoted, alone = fence_marks.find_marks(text)
    assert (behind.char, behind.length, behind.info, behind.leads) == ("`", 3, "html", False)
    assert (quoted.char, quoted.length, quoted.info, quoted.leads) == ("“`", 2, "md", True)
    assert text[slice(*quoted.rest)] == "The council"
    assert (behind.alone, quoted.alone, alone.alone) == (False, False, True)


@given(st.lists(st.sampled_from(["```", "~~~", "“`", "'''", "’’’", "html", " ", "\n", "\r", "The council met.", "> "])))
def test_marks_are_in_order_and_slice_to_themselves(parts: list[str]) -> None:
    text = "".join(parts)
    done = 0
    for mark in fence_marks.find_marks(text):
        assert done <= mark.span.start < mark.span.end <= mark.rest.start <= mark.rest.end <= len(text)
        assert text[mark.span.start : mark.span.end].casefold().endswith(mark.info)
        done = mark.span.end


@given(
    st.lists(
        st.sampled_from(["```", "`", "~~~", *"“”„'‘’´｀", "'''", "‘’’", "´´´", "py", "html", " ", "\n", "\r", "a b"])
    ),
    st.integers(0, 9),
)
def test_texts_without_typographic_marks_need_no_look(parts: list[str], start: int) -> None:
    text = "".join(parts)
    found = [mark for mark in fence_marks.find_marks(text, start) if mark.char not in ("`", "~")]
    assert fence_marks.typographic_marks(text, start) == found
    assert fence_marks.may_be_typographic(text) or not found


@pytest.mark.parametrize(
    "text", ["```html " * 100_000, "“`" * 200_000, "a\n```py\n" * 50_000], ids=["one line", "curly", "lines"]
)
def test_many_marks_take_linear_time(text: str) -> None:
    fence_marks.find_marks(text)
    fence_marks.typographic_marks(text, 0)
