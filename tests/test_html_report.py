"""The HTML report as a file: its content, its safety, and that the same findings give the same file."""

from __future__ import annotations

import io
import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.cli import main
from linter.config import packs
from linter.finding import CONTEXT, Edit, Finding, Fix, Problem, Result
from linter.reporters import View, render
from linter.reporters.html import folder_of_paths
from linter.reporters.html.passages import (
    known_passages,
    passage_rows,
    shortened,
    shown_fix,
    shown_marked,
    shown_text,
    whole_article,
)
from linter.source import LINE_END, Source

RULES = {rule.name: rule for rule in packs.shipped_rules()}
TRAM = "The harbour tram</b> is late.\n\nMayor ingrid Dahl spoke,and nobody heard.\n"


def found(
    text: str, start: int, end: int, rule: str = "leaks/raw-tag", path: str = "city/tram.txt", **more: Any
) -> Finding:
    """Return a finding at `text[start:end]`, as the engine creates it."""
    source = Source(text, path)
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    first, _ = source.line_span(start)
    _, last = source.line_span(end)
    beside = {
        "record": None,
        "before": text[max(first, start - CONTEXT) : start],
        "after": text[end : min(last, end + CONTEXT)],
        "severity": RULES[rule].severity,
        "message": f"“{text[start:end]}” is wrong.",
    }
    return Finding(
        path=path,
        rule=rule,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        start=start,
        end=end,
        text=text[start:end],
        **(beside | more),
    )


def at(text: str, words: str, rule: str = "leaks/raw-tag", **more: Any) -> Finding:
    """Return a finding at the first occurrence of `words` in `text`."""
    return found(text, text.index(words), text.index(words) + len(words), rule, **more)


FOUND = (at(TRAM, "</b>"), at(TRAM, "ingrid", "names/proper-noun"), at(TRAM, "spoke,and", "spacing/after-comma"))


def page(result: Result, *, text: str | None = TRAM) -> str:
    def source(path: str, record: str | None) -> Source:
        if text is None:
            raise OSError
        return Source(text, path)

    return render("html", result, View(rules=RULES, source=source))


def data(html: str) -> Any:
    """Return the data for the script of the page."""
    return json.loads(re.findall(r'(?s)<script type="application/json" id="data">(.*?)</script>', html)[0])


def plain_text(pieces: list[Any]) -> str:
    """Return the text of a line, with marked text in ⟦ ⟧."""
    return "".join(piece if isinstance(piece, str) else f"⟦{piece[0]}⟧" for piece in pieces)


def lines(html: str) -> list[str]:
    return [f"{line} {plain_text(pieces)}" for line, pieces, _ in data(html)["articles"][0]["rows"]]


def test_an_article_is_shown_whole_with_its_findings_marked() -> None:
    html = page(Result(2, FOUND, ()))
    assert lines(html) == [
        "1 The harbour tram⟦</b>⟧ is late.",
        "2 ",
        "3 Mayor ⟦ingrid⟧ Dahl ⟦spoke,and⟧ nobody heard.",
        "4 ",
    ]
    article = data(html)["articles"][0]
    assert [begins for _, _, begins in article["rows"]] == [[0], [], [1, 2], []]
    assert [data(html)["rules"][finding["rule"]] for finding in article["findings"]] == [one.rule for one in FOUND]
    assert article["note"] == ""
    assert "1 error and 2 warnings in 1 of 2 articles: <em" in html


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param(None, "could not be read again", id="gone"),
        pytest.param(TRAM.replace("harbour", "city"), "has changed", id="changed"),
        pytest.param("", "has changed", id="emptied"),
    ],
)
def test_a_changed_article_is_shown_in_passages(text: str | None, note: str) -> None:
    html = page(Result(1, FOUND, ()), text=text)
    assert note in data(html)["articles"][0]["note"]
    assert lines(html) == ["1 The harbour tram⟦</b>⟧ is late.", "3 Mayor ⟦ingrid⟧ Dahl ⟦spoke,and⟧ nobody heard."]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert page(Result(2, FOUND, ())) == page(Result(2, FOUND, ()))


def test_beyond_the_limit_articles_are_shown_in_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linter.reporters.html.MAX_WHOLE_TEXT", len(TRAM))
    shown = data(page(Result(2, (*FOUND, at(TRAM, "</b>", path="town.txt")), ())))["articles"]
    assert [len(article["rows"]) for article in shown] == [4, 1]
    assert "too many" in shown[1]["note"]


def test_the_worst_article_comes_first() -> None:
    findings = (*FOUND[1:], *(at(TRAM, "</b>", path="town.txt") for _ in "ab"))
    assert [article["path"] for article in data(page(Result(2, findings, ())))["articles"]] == [
        "town.txt",
        "city/tram.txt",
    ]


@pytest.mark.parametrize(("everything", "number"), [(False, 2), (True, 3)])
def test_a_page_counts_what_is_fixed_as_the_command_does(everything: bool, number: int) -> None:
    fix = Fix(True, (Edit(0, 1, ""),))
    first, second, note, last = (found("aaaa", n, n + 1, fix=fix) for n in range(4))
    findings = (first, second, note._replace(severity="info"), last._replace(fix=fix._replace(safe=False)))
    html = render("html", Result(1, findings, ()), View(rules=RULES, everything=everything))
    assert f"<dt>can be fixed automatically</dt><dd>{number}</dd>" in html


def test_a_page_without_findings() -> None:
    html = page(Result(3, (), (Problem("nowhere.md", "there is no such file or folder"),)))
    assert "No problems found in 3 articles, but not everything could be checked." in html
    assert "<b>nowhere.md</b>: there is no such file or folder" in html
    assert data(html)["articles"] == []


@pytest.mark.parametrize(
    ("known", "suppressed", "said"),
    [
        pytest.param(0, 0, [], id="nothing"),
        pytest.param(1200, 0, ["1,200 in the baseline"], id="known"),
        pytest.param(2, 1, ["2 in the baseline; 1 suppressed"], id="both"),
    ],
)
def test_findings_that_are_not_shown_are_counted(known: int, suppressed: int, said: list[str]) -> None:
    html = page(Result(1, FOUND, (), known=known, suppressed=suppressed))
    assert re.findall('<p class="notice">Not shown: (.*).</p>', html) == said


def test_the_policy_allows_only_the_script_and_the_style() -> None:
    html = page(Result(1, FOUND, ()))
    policy = re.findall('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)[0].replace("&#39;", "'")
    inline = {
        "script-src": re.findall("(?s)<script>(.*?)</script>", html),
        "style-src": re.findall("(?s)<style>(.*?)</style>", html),
    }
    for name, (text,) in inline.items():
        assert f"; {name} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_page_links_only_to_itself() -> None:
    html = re.sub(r'(?s)<script type="application/json".*?</script>', "", page(Result(1, FOUND, ())))
    assert set(re.findall(r'(?:href|src)="([^"#]*)', html)) == {"", "data:,"}
    assert not re.search(r"https?:|//\w|url\(|@import|\son\w+=|\sstyle=", re.sub("(?s)<script>.*?</script>", "", html))


HOSTILE = "</script><script>hit()</script><!--<script><img src=x onerror=hit()>&\u2028{{ 7 * 7 }}"


def test_a_hostile_article_stays_text() -> None:
    finding = at(HOSTILE, "<img", path="a/<b onclick=hit()>'\".md", message=f"“{HOSTILE}”", record="</td>")
    rule = replace(RULES["leaks/raw-tag"], summary=HOSTILE, why=HOSTILE)
    view = View(rules={rule.name: rule}, source=lambda path, record: Source(HOSTILE, path))
    html = render("html", Result(1, (finding,), (Problem("<i>", HOSTILE),)), view)
    assert html.count("<script") == html.count("</script") == 2
    assert not re.search("<img|<b onclick|<!--|</td>'|\u2028", html)
    assert "{{ 7 * 7 }}" in html
    assert "".join(plain_text(pieces) for _, pieces, _ in data(html)["articles"][0]["rows"]) == (
        HOSTILE.replace("<img", "⟦<img⟧").replace("\u2028", "⟨U+2028⟩")
    )


@pytest.mark.parametrize(
    ("text", "plain", "marked"),
    [
        pytest.param("The tram", "The tram", "The tram", id="words"),
        pytest.param("a\u202eb\u2069", "a⟨U+202E⟩b⟨U+2069⟩", "a⟨U+202E⟩b⟨U+2069⟩", id="marks of direction"),
        pytest.param("a\x00\x1b\x85", "a⟨U+0000⟩⟨U+001B⟩⟨U+0085⟩", "a⟨U+0000⟩⟨U+001B⟩⟨U+0085⟩", id="controls"),
        pytest.param("a\u200bb", "a\u200bb", "a⟨U+200B⟩b", id="invisible characters are shown in marked text"),
        pytest.param(" \u00a0\t", " \u00a0\t", "␣⍽⇥", id="marked spaces"),
        pytest.param("a\U000e0041", "a⟨U+E0041⟩", "a⟨U+E0041⟩", id="tag characters"),
    ],
)
def test_control_characters_are_shown_by_their_codes(text: str, plain: str, marked: str) -> None:
    assert (shown_text(text), shown_marked(text)) == (plain, marked)


def test_long_text_is_cut_in_its_middle() -> None:
    assert shortened("ab" * 3_000, 4) == "ab ⟨… 5,996 characters …⟩ ab"
    assert shortened("abcd", 4) == "abcd"


def test_findings_inside_each_other_share_a_piece() -> None:
    text = "one two three"
    both = (found(text, 0, 7), found(text, 4, 13, "names/proper-noun"), found(text, 4, 4, "fences/stray"))
    assert passage_rows([*(whole_article(Source(text, "city/tram.txt"), both) or [])], both)[0].pieces == [
        ["one ", [0]],
        ["", [2]],
        ["two", [0, 1]],
        [" three", [1]],
    ]


def test_a_finding_over_several_lines_is_marked_on_each_and_noted_once() -> None:
    text = "one\r\ntwo\n\nthree"
    finding = found(text, 1, 12)
    assert [plain_text(row.pieces) for row in passage_rows(known_passages([finding]), [finding])] == [
        "o⟦ne⟧",
        "⟦two⟧",
        "",
        "⟦th⟧ree",
    ]
    assert [row.begins for row in passage_rows(known_passages([finding]), [finding])] == [[0], [], [], []]


def test_passages_that_touch_are_one_and_say_where_they_were_cut() -> None:
    text = f"{'a' * 500}</b>{'c' * 200}</b>{'e' * 500}"
    two = [found(text, 500, 504), found(text, 704, 708)]
    assert [plain_text(row.pieces) for row in passage_rows(known_passages(two), two)] == [
        f"…{'a' * CONTEXT}⟦</b>⟧{'c' * 200}⟦</b>⟧{'e' * CONTEXT}…"
    ]


@given(
    text=st.text(alphabet="ab \n\r", max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6),
)
def test_no_text_and_no_finding_is_lost(text: str, spans: list[tuple[int, int]]) -> None:
    """Lines are those of the text, marks cover the matches, and every finding has one note."""
    ends = [at for at in range(len(text) + 1) if text[at - 1 : at + 1] != "\r\n" or not at]
    inside = sorted(tuple(sorted(ends[at % len(ends)] for at in span)) for span in spans)
    findings = [found(text, *span) for span in inside]
    for passages in (whole_article(Source(text, "city/tram.txt"), findings), known_passages(findings)):
        assert passages is not None
        made = passage_rows(passages, findings)
        assert sorted(number for row in made for number in row.begins) == [*range(len(findings))]
        for row in made:
            assert all(findings[number].line == row.line for number in row.begins)
        marked = {number for row in made for piece in row.pieces if not isinstance(piece, str) for number in piece[1]}
        assert marked == {*range(len(findings))}
    assert [row.line for row in made] == sorted(row.line for row in made)
    everything = passage_rows(whole_article(Source(text), []) or [], [])
    assert [plain_text(row.pieces) for row in everything] == LINE_END.split(text)


@pytest.mark.parametrize(
    ("fix", "shown"),
    [
        pytest.param(Fix(True, (Edit(8, 8, " "),)), ("late,and", "late, and", True, False), id="words around it"),
        pytest.param(Fix(False, (Edit(0, 2, ""),)), None, id="far from the finding"),
        pytest.param(Fix(False, (Edit(3, 11, ""),)), ("late,and", "", False, True), id="what is marked is deleted"),
        pytest.param(Fix(True, (Edit(3, 7, "soon"),)), ("late,and", "soon,and", True, True), id="the message says it"),
        pytest.param(None, None, id="no fix"),
    ],
)
def test_a_fix_is_shown_by_the_words_around_it(fix: Fix | None, shown: object) -> None:
    assert shown_fix(found("aa\nlate,and x", 3, 11, fix=fix, message="Write “soon,and”.")) == shown


@pytest.mark.parametrize(
    ("paths", "counted"),
    [
        pytest.param(["a.md", "b/c.md"], ["./", "b/"], id="their own"),
        pytest.param(["/srv/a/b.md"], ["/srv/a/"], id="a single one"),
        pytest.param([f"n/{i % 2}/{i}/x.md" for i in range(20)], ["n/0/", "n/1/"], id="further up if there are many"),
        pytest.param(
            [f"n/m/{i:02}/x.md" for i in range(14)], [f"n/m/{i:02}/" for i in range(14)], id="never all in one"
        ),
        pytest.param([f"posts/{i}/index.md" for i in range(20)], ["posts/"], id="around folders of one article"),
        pytest.param(["index.md"], ["./"], id="an article in the working folder"),
        pytest.param([], [], id="none"),
    ],
)
def test_a_chart_has_a_limited_number_of_folders(paths: list[str], counted: list[str]) -> None:
    assert sorted(set(folder_of_paths(paths).values())) == counted


def test_through_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tram.txt").write_bytes("The caf\xe9</b> is open.\r\n".encode("cp1252"))
    assert main(["check", "--isolated", "--quiet", "--report", "html=out.html", "tram.txt"]) == 1
    html = Path("out.html").read_text("utf-8")
    assert re.sub("[⟦⟧]", "", lines(html)[0]) == "1 The café</b> is open."
    assert data(html)["articles"][0]["note"] == ""


def test_a_report_is_not_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tram.html").write_text("<p>The tram is late.", "utf-8")
    for _ in range(2):
        main(["check", "--isolated", "--quiet", "--report", "html=out.html", "--report", "json=out.json"])
        assert json.loads(Path("out.json").read_text("utf-8"))["files"] == 1


def test_standard_input_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TRAM.encode())))
    main(["check", "-", "--isolated", "--quiet", "--select", "leaks", "--report", "html"])
    assert lines(capsys.readouterr().out)[0] == "1 The harbour tram⟦</b>⟧ is late."
