"""Fixes of articles: they do not overlap, they are effective, and they terminate."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linter import engine, examples, readers
from linter.config import packs
from linter.document import Span
from linter.finding import Edit, Finding, Fix
from linter.fix.edits import CheckSource, Rewrite, apply_fixes, non_overlapping
from linter.prefilter import NoPrefilter
from linter.prefilter.index import IndexedPrefilter
from linter.rule import Example, Rule
from linter.source import Source
from linter.text import language

RULES = packs.shipped_rules()
PLAN = IndexedPrefilter(RULES)
EXAMPLES = [(rule, example) for rule in RULES for example in rule.bad + rule.good if example.text]
PLANNED_EDITS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 4), st.text("xy", max_size=3))
)  # start, length, new


def finding(rule: str, start: int, end: int, *edits: Edit, safe: bool = True) -> Finding:
    return Finding("a.md", None, rule, "warning", "", 1, 1, 1, 1, start, end, "", fix=Fix(safe, edits))


def swaps(**rules: tuple[str, str]) -> CheckSource:
    """Return rules that find a pattern and replace it with other text."""

    def look(source: Source) -> Iterator[Finding]:
        for name, (pattern, new) in rules.items():
            for match in re.finditer(pattern, source.text):
                yield finding(name, *match.span(), Edit(*match.span(), new))

    return lambda source: sorted(look(source), key=lambda finding: finding.order)


@pytest.mark.parametrize(
    ("text", "rules", "fixed"),
    [
        pytest.param("aXbXc", {"x": ("X", "y")}, "aybyc", id="each in its place"),
        pytest.param("XX", {"x": ("X", "yy")}, "yyyy", id="adjacent fixes: in two passes"),
        pytest.param(
            "abc", {"one": ("ab", "1"), "two": ("bc", "2")}, "1c", id="of two overlapping fixes, the first wins"
        ),
        pytest.param("ab", {"one": ("a", "c"), "two": ("cb", "d")}, "d", id="a defect that a fix reveals is fixed too"),
        pytest.param("ab", {"one": ("a", "x"), "same": ("a", "x")}, "xb", id="two identical edits are one"),
        pytest.param("a  b", {"space": ("  +", " ")}, "a b", id="less than there was"),
        pytest.param("ab", {"grows": ("a", "aa")}, "ab", id="a fix whose result its rule finds again is not applied"),
        pytest.param(
            "ab", {"more": ("b", "a"), "grows": ("a", "aa")}, "aa", id="the same, where another fix inserted it"
        ),
        pytest.param("a\r\nb", {"line": ("a", "a1\n")}, "a1\r\n\r\nb", id="a line ends as the others do"),
        pytest.param("a\r\nb", {"half": ("a\r", "c")}, "a\r\nb", id="no line end is cut in two"),
    ],
)
def test_fixed_texts(text: str, rules: dict[str, tuple[str, str]], fixed: str) -> None:
    if "line" in rules:
        rules = {"line": ("a(?!1)", "a1\n")}
    assert apply_fixes(Source(text), swaps(**rules)).source.text == fixed


def test_rules_that_undo_each_other_are_named_and_left_out() -> None:
    look = swaps(there=("ping", "pong"), back=("pong", "ping"), other=("X", ""))
    done = apply_fixes(Source("tram XX ping"), look)
    assert done.unstable == ("back", "there")
    assert done.source.text == "tram  ping"
    assert [finding.rule for finding in done.fixed] == ["other"] * 2
    assert apply_fixes(done.source, look).source.text == "tram  ping"


def test_findings_of_rules_that_compare_articles_stay_when_others_undo_each_other() -> None:
    look = swaps(there=("ping", "pong"), back=("pong", "ping"))
    beside = finding("beside", 0, 4, Edit(0, 4, "bus"))
    done = apply_fixes(Source("tram ping"), look, extra=iter([beside]))
    assert done.unstable == ("back", "there")
    assert done.source.text == "bus ping"


def test_fixes_that_extend_each_other_terminate() -> None:
    done = apply_fixes(Source("a"), swaps(one=("a$", "ab"), two=("b$", "ba")))
    assert done.unstable == ("one", "two")
    assert done.source.text == "a"
    assert done.fixed == ()


def test_only_safe_fixes_are_applied_by_default() -> None:
    def look(source: Source) -> list[Finding]:
        return [finding("doubtful", 0, 1, Edit(0, 1, ""), safe=False)] if source.text.startswith("a") else []

    assert apply_fixes(Source("ab"), look).source.text == "ab"
    assert len(apply_fixes(Source("ab"), look).remaining) == 1
    assert apply_fixes(Source("ab"), look, unsafe=True).source.text == "b"


def test_protected_places_stay_wherever_they_move() -> None:
    look = swaps(x=("X", "longer"), y=("Y", ""))
    done = apply_fixes(Source("YX X"), look, protected=[("x", Span(3, 4))])
    assert done.source.text == "longer X"
    assert done.remaining == ()


def test_edits_that_belong_together_are_made_together_or_not_at_all() -> None:
    pair = finding("pair", 0, 5, Edit(0, 1, ""), Edit(4, 5, ""))
    inner = finding("inner", 0, 2, Edit(0, 2, "x"))
    assert non_overlapping([pair, inner], Source("(abc)")) == [pair]
    assert non_overlapping([inner, pair], Source("(abc)")) == [inner]


@pytest.mark.parametrize(
    ("source", "edit"),
    [
        pytest.param(Source("a b", encoding="cp1252"), Edit(1, 2, "→"), id="the encoding has no such character"),
        pytest.param(Source("a\ufffdb", undecodable=((1, b"\x81"),)), Edit(0, 2, ""), id="a byte that is no character"),
        pytest.param(Source("a b"), Edit(1, 2, " "), id="it changes nothing"),
    ],
)
def test_impossible_edits_are_not_applied(source: Source, edit: Edit) -> None:
    assert not Rewrite(source).take([edit])


@given(st.text("abc\n", max_size=30), PLANNED_EDITS)
def test_findings_that_no_edit_touches_keep_correct_positions(text: str, planned: list[tuple[int, int, str]]) -> None:
    rewrite = Rewrite(Source(text))
    for start, length, new in planned:
        rewrite.take([Edit(min(start, len(text)), min(start + length, len(text)), new)])
    for at in range(len(text)):
        if not any(edit.start <= at < edit.end for edit in rewrite.edits):
            start, end = rewrite.span(Span(at, at + 1))
            assert text[at] in rewrite.source.text[start:end]
            assert rewrite.source.text[start:end].strip("xy") == text[at].strip("xy")


@given(st.binary(max_size=60))
def test_bytes_are_saved_as_they_were(data: bytes) -> None:
    source = Source.from_bytes(data)
    if source.encoding in ("utf-8", "cp1252", "utf-16-le"):
        assert source.to_bytes() == data


def looking(plan: NoPrefilter | IndexedPrefilter, kind: str, code: str = "") -> CheckSource:
    def look(source: Source) -> list[Finding]:
        return engine.check(language.with_language(readers.read(source, kind), code), plan)[0]

    return look


def alone(rule: Rule, example: Example) -> tuple[Source, CheckSource]:
    source, _ = examples._source(example)
    return source, looking(NoPrefilter((rule,)), example.kind, min(rule.languages, default=""))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_each_fix_of_each_example_holds_alone(line_end: str) -> None:
    wrong, number = [], 0
    for rule, example in EXAMPLES:
        source, look = alone(rule, example)
        source = Source(source.text.replace("\n", line_end))
        for one in filter(lambda found: found.fix, look(source)):
            number += 1
            done = apply_fixes(source, lone(one, source, look), unsafe=True)
            ends = line_end == "\n" or "\n" not in done.source.text.replace("\r\n", "")
            if one not in done.fixed or not ends:
                wrong.append(f"{rule.file}:{example.line}: “{one.text}” is not fixed, or line ends are mixed")
    assert number > 500
    assert not wrong, "\n".join(wrong)


def lone(one: Finding, source: Source, look: CheckSource) -> CheckSource:
    """Return the findings of `look`, without fixes except the fix of `one` in `source`."""
    return lambda now: [found if now is source and found == one else found._replace(fix=None) for found in look(now)]


@pytest.mark.slow
def test_fixing_examples_terminates_with_all_rules() -> None:
    wrong = []
    for rule in RULES:
        for example in rule.bad + rule.good:
            source, _ = examples._source(example)
            if not rests(source, looking(PLAN, example.kind, min(rule.languages, default=""))):
                wrong.append(f"{rule.file}:{example.line}: fixes undo each other")
    assert not wrong, "\n".join(wrong)


def rests(source: Source, look: CheckSource) -> bool:
    """Return whether all fixes can be applied, and fixing again changes nothing."""
    if not any(finding.fix for finding in look(source)):
        return True
    for unsafe in (False, True):
        done = apply_fixes(source, look, unsafe=unsafe)
        if done.unstable or apply_fixes(done.source, look, unsafe=unsafe).source.text != done.source.text:
            return False
    return True


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, str]:
    """A kind, and an article of this kind made of whole or partial examples of rules."""
    kind = draw(st.sampled_from(readers.KINDS))
    own = [example.text for _, example in EXAMPLES if example.kind == kind]
    texts = draw(st.lists(st.sampled_from(own), min_size=1, max_size=6))
    joints = draw(st.lists(st.sampled_from(["\n\n", "\n", " ", "", "\r\n\r\n"]), min_size=6, max_size=6))
    text = "".join(part for pair in zip(texts, joints, strict=False) for part in pair)
    start = draw(st.integers(0, max(0, len(text) // 4)))
    return kind, text[start:]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles())
def test_fixing_any_article_terminates(article: tuple[str, str]) -> None:
    kind, text = article
    assert rests(Source(text), looking(PLAN, kind))


def test_findings_across_articles_count_until_they_are_fixed() -> None:
    """Such findings are not found again in the fixed text; they move with it, and their fixes are applied later."""
    beside = [
        finding("far", 6, 7, Edit(6, 7, "C")),
        finding("around", 0, 2),  # contains what “x” fixes
        finding("gone", 10, 11),  # what “y” deletes
        finding("told", 8, 9),
    ]
    fixed = apply_fixes(Source("aX bX\nc d Y e"), swaps(x=("X", "yy"), y=("Y ", "")), extra=beside)
    assert fixed.source.text == "ayy byy\nC d e"
    assert [(each.rule, each.start, each.text, each.line, each.column) for each in fixed.remaining] == [
        ("around", 0, "ayy", 1, 1),
        ("told", 10, "d", 2, 3),
    ]
    assert sorted(each.rule for each in fixed.fixed) == ["far", "x", "x", "y"]


def test_a_fix_that_another_one_meets_is_not_made() -> None:
    beside = [finding("across", 2, 4, Edit(2, 4, "-"))]
    fixed = apply_fixes(Source("aXbcd"), swaps(x=("X", "y")), extra=beside)
    assert fixed.source.text == "aybcd"
    assert [each.fix for each in fixed.remaining] == [None]


def test_what_cannot_be_fixed_at_once_is_fixed_in_the_next_pass() -> None:
    beside = [finding("across", 3, 5, Edit(3, 5, "-"))]
    fixed = apply_fixes(Source("aXbcd"), swaps(x=("X", "y")), extra=beside)
    assert fixed.source.text == "ayb-"
