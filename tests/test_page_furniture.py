"""Runs of lines that are parts of a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.boilerplate.page_furniture import PageFurniture
from linter.rule import Match
from linter.source import Source

CHECK = PageFurniture(at_least=5, several=2, kinds=2)
STORY = "The council met on Monday, and it spoke about the tram, which will cost more than was said."
HEAD = "[Home](/) » [News](/news) » [City](/city)\n\nBy Anna Berg\n\nUpdated: March 3, 2024, 10:15 AM\n\n14 comments"
TAIL = "Share on Facebook\n\nRelated Articles\n\nA Ferry for the North\n\nMarch 3, 2024\n\nComments (3)"


def matches(text: str, check: PageFurniture = CHECK, kind: str = "markdown") -> list[Match]:
    return [*check.find_in(readers.read(Source(text), kind))]


def found(text: str, check: PageFurniture = CHECK, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in matches(text, check, kind)]


def test_a_run_at_the_head_begins_with_its_first_link() -> None:
    assert found(f"# The tram is late\n\n{HEAD}\n\n{STORY}") == [HEAD]


def test_a_run_at_the_tail() -> None:
    assert found(f"{STORY}\n\n{TAIL}") == [TAIL]


def test_images_at_the_end_are_a_part_of_it() -> None:
    assert found(f"{STORY}\n\n{TAIL}\n\n![A code](/a.png)\n") == [f"{TAIL}\n\n![A code](/a.png)"]


def test_a_run_between_two_paragraphs() -> None:
    assert found(f"{STORY}\n\n{TAIL}\n\n{STORY}") == [TAIL]


def test_in_the_middle_a_run_has_a_word_of_pages() -> None:
    run = "Tel. 555-010-9999\n\nanna@example.org\n\nMarch 3, 2024\n\nwww.example.org\n\n555-010-9998"
    check = PageFurniture(at_least=1, several=2, kinds=2, labeled=False)
    assert not found(f"{STORY}\n\n{run}\n\n{STORY}", check)
    assert found(f"{STORY}\n\n{run}", check)


def test_labeled_runs_have_a_label_that_only_pages_have() -> None:
    check = PageFurniture(at_least=5, several=2, kinds=2, labeled=False)
    assert not found(f"{STORY}\n\n{TAIL}", check)
    run = "By Anna Berg\n\nUpdated: March 3, 2024, 10:15 AM\n\nHome » News » City"
    assert found(f"# The tram is late\n\n{run}\n\n{STORY}", check) == [run]
    assert not found(f"# The tram is late\n\n{run}\n\n{STORY}")


def test_what_writers_give_is_no_run() -> None:
    run = "By Anna Berg\n\nMonday, March 3, 2024, 10:15 AM\n\nPhoto: Ada Byron\n\n14"
    assert not found(f"# The tram is late\n\n{run}\n\n{STORY}", PageFurniture(1, 2, 2, labeled=False))


def test_lines_of_plain_text_need_no_blank_lines() -> None:
    run = TAIL.replace("\n\n", "\n")
    assert found(f"{STORY} {STORY}\n{run}", kind="text") == [run]


def test_the_title_is_no_part_of_a_run() -> None:
    lines = "Home\n\nThe Harbor Tram Is Late Again\n\nBy Anna Berg\n\nUpdated: March 3, 2024, 10:15 AM\n\nShare this"
    assert found(f"{lines}\n\n{STORY}", kind="text") == [lines.partition("Again\n\n")[2]]
    front = f"---\ntitle: The harbor tram is late again\n---\n\n{lines}\n\n{STORY}"
    assert found(front) == [lines.partition("Again\n\n")[2]]


def test_a_byline_and_a_date_are_one_kind() -> None:
    assert not found(f"# The tram is late\n\nBy Anna Berg\n\nMarch 3, 2024\n\n{STORY}")


def test_links_alone_are_no_kind() -> None:
    links = "\n\n".join(f"[The harbor line {number}](/{number})" for number in range(8))
    assert not found(f"{STORY}\n\n## More to read\n\n{links}")


def test_a_program_is_none() -> None:
    assert not found(
        f"{STORY}\n\nWhen: March 3, 2024\n\nWhere: the pier\n\nTickets: $4\n\nTel. 555-010-9999\n\n{STORY}"
    )


def test_a_wrapped_paragraph_is_none() -> None:
    assert not found(f"{STORY}\n\nShare this\nwith all who wait; print\nnothing and\nfollow us\nto the pier\n\n{STORY}")


def test_quotations_code_and_tables_are_none() -> None:
    quoted = "\n".join(f"> {line}" for line in TAIL.split("\n"))
    code = f"```\n{TAIL}\n```"
    assert not found(f"{STORY}\n\n{quoted}\n\n{STORY}\n\n{code}\n\n{STORY}")


def test_articles_without_running_text_and_in_other_languages_are_passed_over() -> None:
    german = "Der Rat sprach am Montag über die neue Straßenbahn, die viel mehr kosten wird, als man im Januar sagte."
    assert not found(TAIL)
    assert not found(f"{german}\n\n{TAIL}")


def test_at_least_several_and_kinds() -> None:
    text = f"{STORY}\n\n{TAIL}"
    assert not found(text, PageFurniture(at_least=100, several=2, kinds=2))
    assert not found(text, PageFurniture(at_least=5, several=9, kinds=2))
    assert not found(text, PageFurniture(at_least=5, several=2, kinds=9))


def test_one_kind_less_is_enough_in_a_sure_run() -> None:
    run = "Share this\n\nShare this\n\nPrint this"
    assert not found(f"{STORY}\n\n{run}", PageFurniture(at_least=1, several=2, kinds=2))
    assert found(f"{STORY}\n\n{run}", PageFurniture(at_least=1, several=2, kinds=2, sure=1)) == [run]


def test_lists_and_addresses_are_never_sure() -> None:
    check = PageFurniture(at_least=1, several=2, kinds=2, sure=1)
    addresses = "\n\n".join(f"<https://example.org/{number}>" for number in range(6))
    assert not found(f"{STORY}\n\n{addresses}", check)
    networks = "\n".join(f"- [{name}](https://example.org/{name})" for name in ("Facebook", "Twitter", "YouTube"))
    assert not found(f"{STORY}\n\n{networks}", check)


def test_short_lines_alone_are_never_sure() -> None:
    names = "\n\n".join(f"Line {number} harbor" for number in "ABCDEFGHIJ")
    assert not found(f"{STORY}\n\n{names}", PageFurniture(at_least=1, several=2, kinds=2, sure=1))


def test_the_evidence_is_named() -> None:
    (match,) = matches(f"# The tram is late\n\n{HEAD}\n\n{STORY}")
    assert match.values == {"evidence": "a breadcrumb trail, a byline, a timestamp, a counter", "lines": "4"}


def test_the_fix_deletes_the_lines() -> None:
    text = f"{STORY}\n\n{TAIL}\n\n{STORY}\n"
    ((edit,),) = [match.edits for match in matches(text)]
    assert text[: edit.start] + edit.text + text[edit.end :] == f"{STORY}\n\n{STORY}\n"


LINES = st.sampled_from(
    [*HEAD.split("\n\n"), *TAIL.split("\n\n"), STORY, "## More", "- a pier", "Anna", "“So,” she said."]
)


@given(st.lists(LINES, max_size=15), st.sampled_from(["markdown", "text"]), st.sampled_from(["\n\n", "\n", "  \n"]))
def test_runs_are_whole_lines_without_running_text(lines: list[str], kind: str, between: str) -> None:
    text = between.join(lines)
    ends = -1
    for match in matches(text, kind=kind):
        assert ends < match.start < match.end <= len(text)
        assert STORY not in text[match.start : match.end]
        assert text[match.start : match.end].strip() == text[match.start : match.end]
        ends = match.end
