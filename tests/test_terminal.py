"""The terminal report: exact text, and properties for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linter.finding import CONTEXT, Edit, Finding, Fix, Result, fill_template
from linter.reporters import View, render
from linter.reporters.entries import excerpt
from linter.rule import Rule
from linter.source import Source
from linter.styled_text import balanced, cells, head, tail, visible, wrap
from steps import steps


def rule(name: str, severity: str, message: str, summary: str = "") -> Rule:
    pack, _, id = name.partition("/")
    return Rule(pack, id, summary, "", severity, None, message)  # type: ignore[arg-type]


KINDS = {
    "tail": rule(
        "leaks/attribute-tail",
        "error",
        "“{match:end}” is page code, spilled into the story. Delete it.",
        "Page code has spilled into the story",
    ),
    "tag": rule(
        "leaks/raw-tag",
        "error",
        "“{match}” is showing as text. Remove it and keep the words.",
        "HTML tags are showing as text",
    ),
    "fence": rule("fences/stray", "error", "“{match}” is a stray code mark. Delete it.", "Stray code marks"),
    "link": rule(
        "links/off-topic",
        "error",
        "The story never mentions “cameras”. Remove the link, unless intended.",
        "This link does not belong to the story",
    ),
    "chat": rule(
        "assistant/source-mark",
        "error",
        "“{match}” is a chatbot's source mark. Delete it and check the fact it stood for.",
    ),
    "comma": rule("spacing/after-comma", "warning", "A comma without its space.", "A space is missing"),
    "stop": rule("spacing/after-stop", "warning", "A full stop without its space.", "A space is missing"),
    "name": rule("names/proper-noun", "warning", "“{match}” needs its capital.", "A name without its capital"),
    "case": rule(
        "names/case",
        "warning",
        "“{match}” needs its capital: “Aldmoor”, as on line 9. Meant so? Add it to words.txt.",
    ),
    "start": rule("sentences/lower-start", "warning", "“{match}” opens a sentence. Write it with a capital."),
    "label": rule("placeholders/empty-label", "warning", "“{match}” has nothing after it."),
    "typo": rule("spelling/typo", "warning", "“{match}” is misspelled. Look it up."),
    "note": rule("structure/long", "info", "“{match}” is long."),
}
RULES = {rule.name: rule for rule in KINDS.values()}
MARK = re.compile(r"⟦(\w+):|⟧")


def article(marked: str, path: str = "tram.txt", record: str | None = None) -> list[Finding]:
    """Return the findings of an article in which each is marked ⟦kind:text⟧; marks may be nested."""
    parts, opened, found, done = [], [], [], 0
    for mark in MARK.finditer(marked):
        parts.append(marked[done : mark.start()])
        done, offset = mark.end(), sum(map(len, parts))
        if mark[1]:
            opened.append((KINDS[mark[1]], offset))
        else:
            found.append((*opened.pop(), offset))
    source = Source("".join([*parts, marked[done:]]), path, record)
    return sorted((finding(source, *place) for place in found), key=lambda finding: finding.order)


def finding(source: Source, kind: Rule, start: int, end: int) -> Finding:
    (line, column), (end_line, end_column) = source.position(start), source.position(end)
    text, (first, _), (_, last) = source.text[start:end], source.line_span(start), source.line_span(end)
    return Finding(
        path=source.path,
        record=source.record,
        rule=kind.name,
        severity=kind.severity,
        message=fill_template(kind.message, {"match": text}),
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        start=start,
        end=end,
        text=text,
        before=source.text[max(first, start - CONTEXT) : start],
        after=source.text[end : min(last, end + CONTEXT)],
    )


def report(*articles: list[Finding], files: int = 0, **view: object) -> str:
    findings = tuple(finding for found in articles for finding in found)
    result = Result(files or len(articles), findings, ())
    return render("terminal", result, View(rules=RULES, **view))  # type: ignore[arg-type]


TRAM = """\
⟦fence:“`html⟧
⟦tail:The harbour tram of ⟦name:aldmoor⟧ will cost twice as much as planned and open a year late, says the council.">⟧
⟦tail:tram, harbour, ⟦name:aldmoor⟧, budget">⟧ ⟦tail:harbour-tram">⟧
⟦label:Published:⟧

The council met on Monday⟦comma:,⟧and it spoke about the tram to the harbour⟦comma:,⟧which is late again this year.
The mayor of ⟦name:aldmoor⟧ said that ⟦tag:<b>⟧nobody⟦tag:</b>⟧ had asked her.⟦stop:⟧She read it in the newspaper.
⟦start:she also⟧ said that a camera had been bought: see <a href="⟦link:https://example.org/cameras⟧">the shop</a>.
It was ⟦typo:recieved⟧ well. It was ⟦typo:recieved⟧ by nobody else.
⟦start:the vote⟧ is on Tuesday. ⟦note:It may be long.⟧
"""


def test_one_article_at_80_columns() -> None:
    assert (
        report(article(TRAM), width=80)
        == """\
ERRORS: readers would see these                                         7 errors
✖ Page code has spilled into the story (3)                  leaks/attribute-tail
   2 │ The harbour tram of aldmoor will cos…pen a year late, says the council.">
     │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
     │ “…late, says the council.">” is page
     │ code, spilled into the story. Delete it.
       and 2 more on line 3
✖ This link does not belong to the story                         links/off-topic
   8 │ …had been bought: see <a href="https://example.org/cameras">the shop</a>.
     │                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^
     │ The story never mentions “cameras”. Remove the link, unless intended.
✖ HTML tags are showing as text (2)                                leaks/raw-tag
   7 │ …mayor of aldmoor said that <b>nobody</b> had asked her.She read it in…
     │                             ^^^
     │ “<b>” is showing as text. Remove it and keep the words.
       and 1 more on line 7

✖  1 │ ““`html” is a stray code mark. Delete it.                    fences/stray
WARNINGS: mistakes that do not block a commit                        11 warnings
! A space is missing (3)                             spacing/after-comma +1 rule
   6 │ The council met on Monday,and it spoke about the tram to the…
     │                          ^ A comma without its space.
       and 2 more: lines 6, 7
! “she also” opens a sentence (2)                          sentences/lower-start
   8 │ she also said that a camera had been bought: see <a href="https://exampl…
     │ ^^^^^^^^ Write it with a capital.
       and 1 more on line 10

!  4 │ “Published:” has nothing after it                placeholders/empty-label
!  7 │ “aldmoor” needs its capital (3)                         names/proper-noun
!  9 │ “recieved” is misspelled. Look it up (2)                    spelling/typo
7 errors, 11 warnings and 1 note in 1 article: not ready to publish.
All findings in page order: --all      Explain: copydesk explain links/off-topic
"""
    )


def test_one_article_at_60_columns() -> None:
    assert (
        report(article(TRAM), width=60)
        == """\
ERRORS: readers would see these                     7 errors
✖ Page code has spilled
  into the story (3)                    leaks/attribute-tail
   2 │ The harbour tram of aldmoo… late, says the council.">
     │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
     │ “…late, says the council.">” is page
     │ code, spilled into the story. Delete it.
       and 2 more on line 3
✖ This link does not belong to the story     links/off-topic
   8 │ …<a href="https://example.org/cameras">the shop</a>.
     │           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
     │ The story never mentions “cameras”.
     │ Remove the link, unless intended.
✖ HTML tags are showing as text (2)            leaks/raw-tag
   7 │ …aldmoor said that <b>nobody</b> had asked her.She…
     │                    ^^^
     │ “<b>” is showing as text.
     │ Remove it and keep the words.
       and 1 more on line 7

✖  1 │ ““`html” is a stray
     │ code mark. Delete it.                    fences/stray
WARNINGS: mistakes that do not block a commit    11 warnings
! A space is missing (3)         spacing/after-comma +1 rule
   6 │ …met on Monday,and it spoke about the tram to the…
     │               ^ A comma without its space.
       and 2 more: lines 6, 7
! “she also” opens a sentence (2)      sentences/lower-start
   8 │ she also said that a camera had been bought: see <a…
     │ ^^^^^^^^ Write it with a capital.
       and 1 more on line 10

!  4 │ “Published:” has
     │ nothing after it             placeholders/empty-label
!  7 │ “aldmoor” needs its capital (3)     names/proper-noun
!  9 │ “recieved” is misspelled.
     │ Look it up (2)                          spelling/typo
7 errors, 11 warnings and 1 note in 1 article:
not ready to publish.
All findings in page order: --all
Explain: copydesk explain links/off-topic
"""
    )


SHORT = """\
The tram is ⟦tag:<b>⟧late. ⟦note:It may be long.⟧
⟦start:she also⟧ said that nobody in ⟦name:aldmoor⟧ had asked her, and that the council should have.
"""


def test_everything_is_in_page_order_with_notes_and_an_excerpt_each() -> None:
    assert (
        report(article(SHORT), everything=True)
        == """\
✖ tram.txt:1:13                                                    leaks/raw-tag
   1 │ The tram is <b>late. It may be long.
     │             ^^^ “<b>” is showing as text. Remove it and keep the words.
· tram.txt:1:22                                                   structure/long
   1 │ The tram is <b>late. It may be long.
     │                      ^^^^^^^^^^^^^^^ “It may be long.” is long.
! tram.txt:2:1                                             sentences/lower-start
   2 │ she also said that nobody in aldmoor had asked her, and that the council…
     │ ^^^^^^^^ “she also” opens a sentence. Write it with a capital.
! tram.txt:2:30                                                names/proper-noun
   2 │ …also said that nobody in aldmoor had asked her, and that the council…
     │                           ^^^^^^^ “aldmoor” needs its capital.
1 error, 2 warnings and 1 note in 1 article: not ready to publish.
Explain: copydesk explain leaks/raw-tag
"""
    )


def test_several_articles_have_a_heading_each_and_clean_ones_none() -> None:
    harbour = article("A ⟦typo:trma⟧", "news/harbour.md")
    tram = article("⟦tag:<b>⟧tram, ⟦typo:teh⟧ tram", "news/tram.md")
    assert (
        report(harbour, tram, files=12)
        == """\
news/harbour.md                                                        1 warning
WARNINGS: mistakes that do not block a commit
!  1 │ “trma” is misspelled. Look it up.                           spelling/typo

news/tram.md                                               1 error and 1 warning
ERRORS: readers would see these
✖  1 │ “<b>” is showing as text. Remove it and keep the words.     leaks/raw-tag
WARNINGS: mistakes that do not block a commit
!  1 │ “teh” is misspelled. Look it up.                            spelling/typo

1 error and 2 warnings in 2 of 12 articles: not ready to publish.
All findings in page order: --all      Explain: copydesk explain leaks/raw-tag
"""
    )


def test_the_only_bad_article_of_many_is_named() -> None:
    assert report(article("⟦typo:teh⟧", "news/tram.md"), files=2).startswith("news/tram.md ")


def test_a_long_path_is_not_cut() -> None:
    path = f"news/{'harbour/' * 20}tram.md"
    shown = report(article("⟦typo:teh⟧", path), files=2, width=60)
    assert shown.splitlines()[:2] == [path, f"{'1 warning':>60}"]
    shown = report(article("⟦typo:teh⟧", path), width=60, everything=True)
    assert shown.splitlines()[0] == f"! {path}:1:1"
    assert "[spelling/typo]" in shown


def test_the_only_article_is_named_if_it_was_not_given() -> None:
    found = article("⟦typo:teh⟧", "news/tram.md")
    assert report(found, named=True).startswith("news/tram.md ")
    assert report(found).startswith("WARNINGS")


def test_a_finding_without_article_text_has_no_excerpt() -> None:
    found = article("⟦typo:teh⟧", "news/tram.md")[0]._replace(text="", before="", after="", message="It is closed.")
    assert report([found], everything=True).splitlines()[:2] == [
        "! news/tram.md:1:1                                                 spelling/typo",
        "   1 │ It is closed.",
    ]


def test_records_of_one_file_are_separate_articles() -> None:
    shown = report(article("⟦typo:teh⟧", "news.jsonl", "7"), article("⟦typo:teh⟧", "news.jsonl", "8"))
    assert [line.split("  ")[0] for line in shown.splitlines() if "jsonl" in line] == [
        "news.jsonl#7",
        "news.jsonl#8",
    ]


def test_a_folder_shows_groups_with_three_places() -> None:
    articles = [
        article("⟦tag:<b>⟧" * (n % 3) + "⟦typo:teh⟧ tram and ⟦comma:,⟧ said", f"news/{n:02}.md") for n in range(11)
    ]
    articles.append(article('⟦tail:All about it.">⟧\n⟦tail:tram">⟧\n⟦tail:news">⟧', "news/worst.md"))
    assert (
        report(*articles, files=2000)
        == """\
ERRORS: readers would see these                                        13 errors
✖ HTML tags are showing as text (10 in 7 articles)                 leaks/raw-tag
  “<b>” is showing as text. Remove it and keep the words.
  news/01.md:1 “<b>”, news/02.md:1 “<b>”, news/04.md:1 “<b>”
✖ Page code has spilled into the story (3 in 1 article)     leaks/attribute-tail
  “All about it.">” is page code, spilled into the story. Delete it.
  news/worst.md:1, news/worst.md:2 “tram">”, news/worst.md:3 “news">”
WARNINGS: mistakes that do not block a commit                        22 warnings
! “teh” is misspelled (11 in 11 articles)                          spelling/typo
  news/00.md:1 “teh”, news/01.md:1 “teh”, news/02.md:1 “teh”
! A space is missing (11 in 11 articles)                     spacing/after-comma
  news/00.md:1 “,”, news/01.md:1 “,”, news/02.md:1 “,”

13 errors and 22 warnings in 12 of 2,000 articles: not ready to publish.
All findings in page order: --all
Explain: copydesk explain leaks/attribute-tail
"""
    )


def test_groups_of_a_folder_take_at_most_40_lines() -> None:
    articles = [article("⟦typo:teh⟧ tram", f"news/{n:02}.md") for n in range(60)]
    numbered = [
        [each._replace(rule=f"spelling/r{n:02}", severity="error" if n < 30 else "warning") for each in found]
        for n, found in enumerate(articles)
    ]
    shown = report(*numbered, quiet=True).splitlines()
    assert len(shown) <= 40
    assert [line for line in shown if "more kinds" in line] == [
        "  and 22 more kinds: --statistics counts all of them",
        "  and 24 more kinds: --statistics counts all of them",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_long_paths_of_a_group_fit(width: int) -> None:
    articles = [
        article("⟦typo:teh⟧ tram", f"content/posts/2024/{n:02}-the-harbor-tram-is-late/index.md") for n in range(60)
    ]
    shown = report(*articles, width=width)
    assert max(map(len, shown.splitlines())) <= width
    assert "00-th" in shown


@pytest.mark.parametrize(
    ("marked", "files", "closing"),
    [
        pytest.param("Fine.", 12, "No problems found in 12 articles.", id="nothing found"),
        pytest.param("Fine.", 1, "No problems found in 1 article.", id="nothing found in one"),
        pytest.param("Fine.", 0, "No articles to check.", id="nothing there"),
        pytest.param(
            "⟦note:It⟧ may. ⟦note:It⟧ may.",
            12,
            "No problems found in 12 articles; 2 notes.\nAll findings in page order: --all",
            id="notes need no fix",
        ),
        pytest.param(
            "⟦typo:teh⟧",
            1,
            "1 warning in 1 article: no errors.\n"
            "All findings in page order: --all      Explain: copydesk explain spelling/typo",
            id="warnings alone are no errors",
        ),
        pytest.param(
            "⟦tag:<b>⟧",
            1,
            "1 error in 1 article: not ready to publish.\n"
            "All findings in page order: --all      Explain: copydesk explain leaks/raw-tag",
            id="an error is not ready",
        ),
    ],
)
def test_totals(marked: str, files: int, closing: str) -> None:
    result = Result(files, tuple(article(marked)), ())
    assert render("terminal", result, View(rules=RULES)).endswith(f"{closing}\n")


def test_quiet_shows_only_findings() -> None:
    assert report(article("⟦tag:<b>⟧"), quiet=True).splitlines()[1:] == [
        "✖  1 │ “<b>” is showing as text. Remove it and keep the words.     leaks/raw-tag"
    ]
    assert render("terminal", Result(12, (), ()), View(quiet=True)) == ""


def test_the_title_of_warnings_that_fail_the_run() -> None:
    assert "do not block a commit" in report(article("⟦typo:teh⟧"))
    assert "do not block a commit" not in report(article("⟦typo:teh⟧"), fail_on="warning")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "⟦typo:teh⟧\n⟦typo:teh⟧\n" + "⟦comma:,⟧⟦start:a b⟧" * 3,
            "!  1 │ “teh” is misspelled. Look it up (also line 2)               spelling/typo",
            id="the same words elsewhere",
        ),
        pytest.param(
            "⟦typo:teh⟧\n⟦typo:trma⟧\n⟦typo:cuoncil⟧" + "⟦comma:,⟧⟦start:a b⟧" * 4,
            "!  1 │ “teh” is misspelled. Look it up (and 2 more: lines 2, 3)    spelling/typo",
            id="other words elsewhere",
        ),
        pytest.param(
            "⟦typo:teh⟧\n" * 7 + "⟦comma:,⟧⟦start:a b⟧" * 8,
            "!  1 │ “teh” is misspelled. Look it up (7)                         spelling/typo",
            id="too many places to name",
        ),
        pytest.param(
            "⟦typo:teh⟧ ⟦typo:teh⟧" + "⟦comma:,⟧⟦start:a b⟧" * 8,
            "!  1 │ “teh” is misspelled. Look it up (2)                         spelling/typo",
            id="twice on the line",
        ),
        pytest.param(
            "⟦label:Published on Monday:⟧",
            "!  1 │ “Published on Monday:” has nothing after it      placeholders/empty-label",
            id="one sentence needs no stop",
        ),
        pytest.param(
            "⟦label:Published on a Monday in the spring:⟧",
            "!  1 │ “Published on a Monday in the\n"
            "     │ spring:” has nothing after it                    placeholders/empty-label",
            id="the rule goes beside the last words",
        ),
        pytest.param(
            "⟦case:aldmoor⟧",
            "!  1 │ “aldmoor” needs its capital: “Aldmoor”, as\n"
            "     │ on line 9. Meant so? Add it to words.txt.                      names/case",
            id="a long message keeps its remedy",
        ),
        pytest.param(
            "⟦chat:turn0search0⟧",
            "✖  1 │ “turn0search0” is a chatbot's source mark.\n"
            "     │ Delete it and check the fact it stood for.          assistant/source-mark",
            id="what to do about an error is never left out",
        ),
    ],
)
def test_groups_of_one_line(marked: str, expected: str) -> None:
    assert f"{expected}\n" in report(article(marked))


@pytest.mark.parametrize(
    ("marked", "full"),
    [
        pytest.param("⟦tag:<b>⟧", [], id="a single error that its message quotes"),
        pytest.param("⟦tag:<b>⟧⟦tag:</b>⟧", ["tag"], id="two errors"),
        pytest.param("⟦link:tram⟧", ["link"], id="an error that its message does not quote"),
        pytest.param(
            "⟦tag:<img alt='A picture of the tram at the harbour on a Monday'>⟧", ["tag"], id="a long quotation"
        ),
        pytest.param("⟦typo:teh⟧", [], id="a single warning that its message quotes"),
        pytest.param(
            "⟦comma:,⟧" + "⟦typo:teh⟧" * 2 + "⟦start:a b⟧" * 3 + "⟦name:x⟧" * 4,
            ["name", "start"],
            id="the two largest groups of warnings",
        ),
        pytest.param(
            "⟦comma:,⟧" * 10 + "⟦typo:teh⟧" * 9 + "⟦start:a b⟧" * 11 + "⟦name:x⟧" * 12,
            ["name", "start", "comma"],
            id="groups of ten",
        ),
    ],
)
def test_which_groups_have_an_excerpt(marked: str, full: list[str]) -> None:
    headings = re.findall(r"^[✖!] (?! *\d).*?  +(\S+)", report(article(marked)), re.M)
    assert headings == [KINDS[kind].name for kind in full]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            '⟦tail:⟦name:aldmoor⟧, ⟦name:brook⟧">⟧\n⟦name:aldmoor⟧ and ⟦name:brook⟧',
            "       and 1 more on line 2; 2 more in the page code above",
            id="counted where their own group is",
        ),
        pytest.param(
            '⟦tail:⟦name:aldmoor⟧">⟧',
            "WARNINGS: mistakes that do not block a commit                          1 warning\n"
            "       1 in the page code above",
            id="nothing else to fix",
        ),
        pytest.param(
            '⟦tail:⟦name:aldmoor⟧ ⟦typo:teh⟧">⟧\n⟦comma:,⟧',
            "       and 2 more in the page code above\n",
            id="of groups that folded away whole",
        ),
        pytest.param(
            '⟦tail:tram ⟦tag:<b>⟧ ⟦tag:</b>⟧">⟧\n⟦tag:<b>⟧',
            "✖  2 │ “<b>” is showing as text. Remove it and keep the words (3)  leaks/raw-tag\n",
            id="errors of the same pack",
        ),
        pytest.param(
            "⟦tag:<a href='⟦link:https://example.org/⟧'>⟧",
            "✖ This link does not belong to the story                         links/off-topic",
            id="an error of another pack is not folded",
        ),
        pytest.param("⟦tag:⟦typo:<b>⟧⟧", "       1 in the page code above", id="of the same length"),
        pytest.param("⟦link:⟦name:aldmoor⟧ news⟧", "       1 in the marked text above", id="in no page code"),
    ],
)
def test_findings_in_leaked_text_fold_into_it(marked: str, expected: str) -> None:
    assert expected in report(article(marked))


def test_a_list_of_lines_is_cut_to_the_width() -> None:
    marked = "⟦tail:" + "⟦name:x⟧" * 3 + '">⟧\n' + "⟦name:aldmoor⟧\n" * 40
    assert "       and 39 more: lines 3, 4, 5, 6, 7, 8, 9, …; 3 more in the page code above\n" in report(
        article(marked)
    )
    assert (
        "       and 39 more: lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …\n       and 3 more in the page code above\n"
    ) in report(article(marked), width=60)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "a \x1b]0;gone\x07 ⟦tag:<b>⟧⟦tag:</b>⟧", "a ␛]0;gone␇ <b></b>", id="escape sequences are pictures"
        ),
        pytest.param(
            "a \u202ecba\u2069 ⟦tag:<b>⟧⟦tag:</b>⟧", "a �cba� <b></b>", id="marks of writing direction are replaced"
        ),
        pytest.param("a\x9b31m\u2028\x85 ⟦tag:<b>⟧⟦tag:</b>⟧", "a�31m�� <b></b>", id="C1 controls and odd line ends"),
        pytest.param("a \ud800 ⟦tag:<b>⟧⟦tag:</b>⟧", "a � <b></b>", id="half a character"),
        pytest.param("a\t\t⟦tag:<b>⟧⟦tag:</b>⟧", "a  <b></b>", id="a tab is one cell"),
        pytest.param("[red]:smile: ⟦tag:<b>⟧⟦tag:</b>⟧", "[red]:smile: <b></b>", id="markup of rich is text"),
        pytest.param("\U0001f469\u200d\U0001f680 ⟦tag:<b>⟧⟦tag:</b>⟧", "👩🚀 <b></b>", id="joined emoji come apart"),
        pytest.param("a⟦tag:\u200d⟧⟦tag:\xad⟧", "a�", id="an invisible finding is seen"),
        pytest.param("⟦tag:<!-- a\r\nb\rc\nd -->⟧⟦tag:<b>⟧", "<!-- a↵b↵c↵d --><b>", id="line ends in a finding"),
        pytest.param("      ⟦tag:<b>⟧⟦tag:</b>⟧   ", "<b></b>", id="no indent"),
    ],
)
def test_an_article_cannot_control_the_terminal(marked: str, expected: str) -> None:
    assert report(article(marked)).splitlines()[2] == f"   1 │ {expected}"


def test_file_names_and_messages_cannot_control_the_terminal() -> None:
    shown = report(article("⟦tag:<\x1b[2J>⟧", "\x1b[31m/\udcff\n.md"), article("⟦tag:<b>⟧"))
    assert not set(shown) & {"\x1b", "\udcff"}
    assert shown.startswith("␛[31m/�↵.md   ")


def test_color_does_not_change_the_text() -> None:
    plain, coloured = report(article(TRAM)), report(article(TRAM), color=True)
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[31mERRORS\x1b[0m: readers would see these ")
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


@pytest.mark.parametrize(("width", "shown"), [(0, 80), (-1, 80), (1, 40), (40, 40), (133, 133), (200, 200), (999, 200)])
def test_width(width: int, shown: int) -> None:
    first = report(article(TRAM), width=width).splitlines()[0]
    assert len(first) == shown


LONG = "".join(f"w{n} " for n in range(30))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("a ⟦tag:b⟧ c", "a [b] c", id="all of a short line"),
        pytest.param(f"{LONG}⟦tag:b⟧", "…w21 w22 w23 w24 w25 w26 w27 w28 w29 [b]", id="whole words before"),
        pytest.param(f"⟦tag:b⟧ {LONG}", "[b] w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11…", id="whole words behind"),
        pytest.param(f"{LONG}⟦tag:b⟧ {LONG}", "…w27 w28 w29 [b] w0 w1 w2 w3 w4 w5 w6 w7…", id="more of what follows"),
        pytest.param("x" * 200 + "⟦tag:b⟧" + "y" * 200, f"…{'x' * 14}[b]{'y' * 23}…", id="one endless word"),
        pytest.param(f"⟦tag:<{'x' * 60}>⟧", f"[<{'x' * 18}…{'x' * 19}>]", id="both ends of a long finding"),
        pytest.param(f"a ⟦tag:<{'x' * 60}>⟧ b", f"…[<{'x' * 17}…{'x' * 18}>]…", id="cut off from its line"),
        pytest.param("漢" * 40 + "⟦tag:b⟧", f"…{'漢' * 19}[b]", id="wide characters count twice"),
        pytest.param("a ⟦tag:⟧b", "a []b", id="a place where something is due"),
    ],
)
def test_excerpt(marked: str, expected: str) -> None:
    (finding,) = article(marked)
    text, offset, length = excerpt(finding, 40)
    at, end = len(head(text, offset)), len(head(text, offset + (length if finding.text else 0)))
    assert f"{text[:at]}[{text[at:end]}]{text[end:]}" == expected


def test_an_excerpt_of_a_longer_line_has_an_ellipsis() -> None:
    finding = article("rds and more ⟦tag:b⟧ c")[0]._replace(column=500, after="c" * CONTEXT)
    assert excerpt(finding, 190).text == f"…and more b{'c' * CONTEXT}…"


PIECES = st.sampled_from(
    "a|word |漢字|한글|é|שלום |مرحبا |क्षि|🚀|❤️|🇨🇳|👩‍🚀|[b]|“|”|. |[/]".split("|")
    + "\t|\n|\r\n|\x1b[31m|\u0301|\u202e|\u200d|\u115f|\xad|\ufeff|\ud800".split("|")
)
TEXTS = st.lists(PIECES | st.characters(), max_size=90).map("".join)


@given(TEXTS, TEXTS, TEXTS, st.sampled_from([10, 53, 73, 190]))
def test_the_mark_is_under_the_words(before: str, match: str, after: str, room: int) -> None:
    source = Source(before + match + after)
    found = finding(source, KINDS["link"], len(before), len(before + match))
    text, offset, length = excerpt(found, room)
    start = len(head(text, offset))
    assert width_of(text) <= room
    assert offset + length <= room
    assert width_of(text[:start]) == offset
    shown, rest = visible(found.text), text[start:]
    if width_of(shown[:1]) and "…" not in rest:
        assert rest.startswith(shown[:1])
        assert length == width_of(shown)


@example("", "aaaaaaaaaaaaaaword word word word ", "", 40, False)  # except for the last hint, which is longer
@given(TEXTS, TEXTS, TEXTS, st.integers(40, 200), st.booleans())
def test_no_line_is_wider_than_the_terminal(one: str, two: str, three: str, width: int, everything: bool) -> None:
    source = Source(one + two + three, path=one[:8] or "a")  # paths are not cut
    place = len(one), len(one + two)
    found = [finding(source, KINDS[kind], *place) for kind in ("tag", "tail", "typo", "typo", "start", "start")]
    shown = report(found, found, width=width, everything=everything)
    assert max(map(width_of, shown.splitlines())) <= width
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)


@pytest.mark.parametrize(
    ("paths", "options", "expected"),
    [
        pytest.param(("tram.txt",), (), "copydesk fix tram.txt", id="a file"),
        pytest.param(("news",), ("--rules", "house"), "copydesk fix tram.txt --rules house", id="options"),
        pytest.param(tuple("abcd"), (), "copydesk fix tram.txt", id="many paths, one article"),
    ],
)
def test_the_command_that_fixes(paths: tuple[str, ...], options: tuple[str, ...], expected: str) -> None:
    shown = report(fixable("tram.txt"), paths=paths, options=options)
    assert f"can be fixed automatically: {expected}" in shown


def test_many_paths_are_not_named() -> None:
    shown = report(fixable("a.txt"), fixable("b.txt"), paths=tuple("abcd"))
    assert "2 can be fixed automatically: copydesk fix PATH …   (preview: --diff)" in shown.splitlines()


def test_standard_input_is_fixed_in_a_pipe() -> None:
    shown = report(fixable("-"), paths=("-",))
    assert "1 can be fixed automatically: pipe the text to copydesk fix -" in shown.splitlines()


def test_the_settings_are_fixed_without_a_path() -> None:
    assert "copydesk fix   (preview: --diff)" in report(fixable("copydesk.yaml"))


def test_the_command_that_explains_a_rule_of_your_own() -> None:
    shown = report(article("⟦tag:<b>⟧"), options=("--rules", "my house", "--select", "leaks"))
    assert shown.splitlines()[-1].endswith("Explain: copydesk explain leaks/raw-tag --rules 'my house'")


def test_an_old_stock_of_articles_is_not_called_unready() -> None:
    found = [article("⟦tag:<b>⟧", f"{number}.md") for number in range(100)]
    shown = report(*found, files=900, paths=("posts",), options=("--select", "leaks"))
    assert "\n100 errors in 100 of 900 articles.\n" in shown
    assert "from now on: copydesk baseline create posts --select leaks\n" in shown.replace("\n  ", " ")
    assert "not ready to publish" not in shown
    assert "baseline" not in report(*found, paths=("posts",), options=("--kind", "text"))  # no option of `baseline`
    assert "not ready to publish" in report(*found[1:], paths=("posts",))


def test_a_group_says_what_it_counts() -> None:
    assert " spacing/after-comma +1 rule\n" in report(article("⟦comma:,⟧" * 9 + "⟦stop:.⟧" * 9))


def test_no_rule_is_alone_on_a_line() -> None:
    for length in range(1, 120):
        lines = report(article(f"⟦tag:{'<b> ' * length}⟧⟦typo:{'teh ' * length}⟧")).splitlines()
        assert not [line for line in lines if line.strip(" │") in {kind.name for kind in KINDS.values()}]


def fixable(path: str) -> list[Finding]:
    return [one._replace(fix=Fix(True, (Edit(one.start, one.end, ""),))) for one in article("⟦typo:teh⟧", path)]


def test_balanced_lines_break_no_word() -> None:
    assert balanced("one two three", 10) == ["one two", "three"]
    assert balanced("a of-nineteen b", 12) == ["a", "of-nineteen", "b"]
    assert balanced("a nineteenth", 9) == ["a", "nineteent", "h"]
    assert balanced("one two", 10) == ["one two"]


@given(TEXTS, st.integers(2, 80))
def test_wrapping_keeps_every_character(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert max(map(width_of, lines)) <= room
    assert "".join("".join(lines).split(" ")) == "".join(visible("".join(text.split())).split(" "))


@given(TEXTS, st.integers(0, 80))
def test_ends_fit(text: str, room: int) -> None:
    text = visible(text)
    assert text.startswith(head(text, room))
    assert text.endswith(tail(text, room))
    assert max(width_of(head(text, room)), width_of(tail(text, room))) <= room


def width_of(line: str) -> int:
    from rich.cells import cell_len

    assert cells(line) == cell_len(line)
    return cell_len(line)


def test_the_steps_of_a_report_are_linear_in_the_findings_of_a_line() -> None:
    def steps_for(count: int) -> int:
        source = Source('tram ">' * count)
        found = [finding(source, KINDS["tail"], 7 * n, 7 * count) for n in range(count)]
        found += [finding(source, KINDS["name"], 7 * n, 7 * n + 4) for n in range(count)]
        return steps(lambda: report([one._replace(line=n, text=one.text[:9]) for n, one in enumerate(found, 1)]))

    steps_for(10)
    assert steps_for(1000) < 8 * steps_for(250)
