"""Reading rule files, and every mistake in them, with its position and advice."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.config import packs
from linter.rule import BadRule, Example, RuleFix

RULE = """\
id: tramway
summary: We write “tram”.
why: >
  The desk agreed on
  one word.
severity: warning
language: [en, cy]
scope: [prose, alt]
exceptions: [Tramway Museum]
check: swap
swap:
  tramway: tram
message: '“{match}” is “{right}” in this house.'
fix:
  safe: true
bad:
  - text: 'The ⟦tramway⟧ is late.'
    fixed: 'The tram is late.'
good:
  - 'The Tramway Museum opens at nine.'
  - text: 'The trämway is late.'
    as: text
    encoded: windows-1252
"""

CALLS = "5:10: “pattern” uses recursion or calls a group, which is not allowed"


def save(folder: Path, text: str | bytes, name: str = "style/tramway.yaml") -> Path:
    file = folder / "house" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / "house"


def mistakes(folder: Path, *, explained: bool = False) -> list[str]:
    """Return the mistakes in the folder of packs, without the path of the folder."""
    with pytest.raises(BadRule) as bad:
        packs.load_folder(folder, explained=explained)
    return [mistake.removeprefix(f"{folder.as_posix()}/") for mistake in bad.value.mistakes]


def test_a_rule_is_read_with_its_types(tmp_path: Path) -> None:
    (rule,) = packs.load_folder(save(tmp_path, RULE), explained=True)
    assert (rule.name, rule.kind, rule.severity, rule.enabled) == ("style/tramway", "swap", "warning", True)
    assert (rule.summary, rule.why) == ("We write “tram”.", "The desk agreed on one word.")
    assert (rule.languages, rule.scope, rule.not_scope) == ({"en", "cy"}, {"prose", "alt"}, frozenset())
    assert (rule.exceptions, rule.fix) == (("Tramway Museum",), RuleFix(True, None))
    assert dict(rule.options) == {"swap": {"tramway": "tram"}}
    assert rule.bad == (Example("The tramway is late.", ((4, 11),), "The tram is late.", "markdown", None, 17),)
    assert rule.good[0] == Example("The Tramway Museum opens at nine.", line=20)
    assert rule.good[1] == Example("The trämway is late.", kind="text", encoded="windows-1252", line=21)


def test_a_rule_says_where_its_matches_are_legal(tmp_path: Path) -> None:
    (rule,) = packs.load_folder(save(tmp_path, RULE.replace("check:", "not_from: [hugo, mdx]\ncheck:", 1)))
    assert rule.not_from == {"hugo", "mdx"}
    (problem,) = mistakes(save(tmp_path, RULE.replace("check:", "not_from: Hugo\ncheck:", 1)))
    assert problem.endswith("not “Hugo”; did you mean “hugo”?")


def test_a_rule_is_for_some_formats(tmp_path: Path) -> None:
    (rule,) = packs.load_folder(save(tmp_path, RULE.replace("check:", "format: [html, text]\ncheck:", 1)))
    assert rule.formats == {"html", "text"}
    (rule,) = packs.load_folder(save(tmp_path, RULE.replace("check:", "format: any\ncheck:", 1)))
    assert rule.formats == set()
    (problem,) = mistakes(save(tmp_path, RULE.replace("check:", "format: pdf\ncheck:", 1)))
    assert problem.endswith("“format” must be markdown, html or text, not “pdf”")


def test_a_rule_may_be_gentler_in_drafts(tmp_path: Path) -> None:
    (rule,) = packs.load_folder(save(tmp_path, RULE.replace("warning", "error\nin_drafts: info")))
    assert (rule.severity, rule.in_drafts) == ("error", "info")
    assert mistakes(save(tmp_path, RULE.replace("warning", "error\nin_drafts: none"))) == [
        "style/tramway.yaml:7:12: “in_drafts” must be error, warning or info, not “none”"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "swap:\n  tramway", "wrods: x\nswap:\n  tramway", ["11:1: unknown key “wrods”"], id="an unknown key"
        ),
        pytest.param(
            "exceptions:",
            "exeptions:",
            ["9:1: unknown key “exeptions”; did you mean “exceptions”?"],
            id="a misspelt key is known again",
        ),
        pytest.param(
            "check: swap",
            "check: swop",
            ["10:8: unknown check “swop”; did you mean “swap”?"],
            id="an unknown check does not make its keys unknown too",
        ),
        pytest.param(
            "scope: [prose, alt]",
            "scope: [prose, alts]",
            ["8:16: unknown scope “alts”; did you mean “alt”?"],
            id="an unknown scope in a list",
        ),
        pytest.param(
            "severity: warning",
            "severity: warn",
            ["6:11: “severity” must be error, warning or info, not “warn”; did you mean “warning”?"],
            id="an unknown severity",
        ),
        pytest.param(
            "language: [en, cy]",
            "language: english",
            ["7:11: “english” is not a language code such as en; did you mean “en”?"],
            id="the name of a language for its code",
        ),
        pytest.param(
            "language: [en, cy]",
            "language: en-GB",
            ["7:11: “en-GB” is not a language code such as en; did you mean “en”?"],
            id="a country with the language",
        ),
        pytest.param(
            "summary: We write “tram”.",
            "summary: 12",
            ["2:10: “summary” must be text, but it is a number; put it in quotation marks: '12'"],
            id="a number for text",
        ),
        pytest.param(
            "  safe: true",
            "  safe: perhaps",
            ["15:9: “safe” must be true or false, but it is text"],
            id="text for true or false",
        ),
        pytest.param(
            "  tramway: tram\n",
            "  tramway: [tram]\n",
            ["12:12: “tramway” must be text, but it is a list"],
            id="a list for text",
        ),
        pytest.param(
            "swap:\n  tramway: tram\n",
            "swap: tram\n",
            ["11:7: “swap” must be keys with values, but it is text"],
            id="text for keys with values",
        ),
        pytest.param("swap:\n  tramway: tram\n", "", ["1:1: “swap” is missing"], id="a key that the check needs"),
        pytest.param(
            "summary: We write “tram”.\n",
            "",
            ["1:1: “summary” is missing"],
            id="a key that every rule needs",
        ),
        pytest.param(
            "fix:\n",
            "swap:\n  a: b\nfix:\n",
            ["14:1: “swap” is repeated; it is also on line 11"],
            id="a key twice",
        ),
        pytest.param(
            "{right}",
            "{rigth}",
            ["13:10: “message” may use {match} or {right}, not {rigth}; did you mean “right”?"],
            id="a message with an unknown value",
        ),
        pytest.param(
            "{right}",
            "{",
            ["13:10: expected '}' before end of string; write a literal brace as {{ or }}"],
            id="a message with a lone brace",
        ),
        pytest.param(
            "  safe: true",
            "  replace: '{match:end}'",
            ["15:3: a replacement must use whole values: {match}, not {match:start} or {match:end}"],
            id="a replacement that would shorten",
        ),
        pytest.param(
            "id: tramway",
            "id: Tram Way",
            ["1:5: “Tram Way” is not an id; use a-z, 0-9 and hyphens"],
            id="an id with a space",
        ),
        pytest.param(
            "id: tramway",
            "id: trams",
            ["1:5: the id is “trams”, but the file is named “tramway”"],
            id="an id that is not the name of the file",
        ),
        pytest.param(
            "exceptions: [Tramway Museum]",
            "exceptions: ['']",
            ["9:14: “exceptions” contains an empty text"],
            id="an empty exception",
        ),
        pytest.param(
            "exceptions: [Tramway Museum]", "exceptions: []", ["9:13: “exceptions” is empty"], id="an empty list"
        ),
        pytest.param("⟦tramway⟧", "⟦tramway", ["17:11: a “⟦” has no “⟧” after it"], id="a mark without its partner"),
        pytest.param(
            "⟦tramway⟧",
            "tramway",
            ["17:11: an example under “bad” must mark what is found, ⟦like this⟧"],
            id="a bad example without marks",
        ),
        pytest.param(
            "'The Tramway Museum",
            "'The ⟦Tramway⟧ Museum",
            ["20:5: an example under “good” must have no marks, as nothing is found in it"],
            id="a good example with marks",
        ),
        pytest.param(
            "as: text",
            "as: txt",
            ["22:9: “as” must be markdown, html, text or wordpress, not “txt”; did you mean “text”?"],
            id="an unknown reader",
        ),
        pytest.param(
            "encoded: windows-1252",
            "encoded: latin_one",
            ["23:14: “latin_one” is not a known encoding; did you mean “latin-1”?"],
            id="an unknown encoding",
        ),
        pytest.param("id: tramway", "\tid: tramway", None, id="no YAML at all"),
        pytest.param(
            "id: tramway",
            "---\na: b\n---\nid: tramway",
            ["3:1: this is not YAML: the file must contain a single document, but there is a second one after “---”"],
            id="several documents",
        ),
        pytest.param(
            "[en, cy]\nscope: [prose, alt]",
            "&some [en, cy]\nscope: *some",
            ["8:8: “*some” is an alias, which is not supported; write out the value"],
            id="an alias",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_position(
    tmp_path: Path, old: str, new: str, expected: list[str] | None
) -> None:
    assert RULE.count(old) == 1
    found = mistakes(save(tmp_path, RULE.replace(old, new)))
    if expected is None:
        assert "this is not YAML" in found[0]
    else:
        assert found == [f"style/tramway.yaml:{mistake}" for mistake in expected]


PATTERN = """\
id: pattern
summary: Some pattern.
severity: error
check: pattern
pattern: '%s'
message: '“{match}” and {word}'
"""


FUZZY = "uses fuzzy matching, such as {e<=1}, which is not allowed; write out the variants: colou?r"
FUZZY_FLAG = "uses a flag for fuzzy matching, (?b) or (?e), which is not allowed"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param(
            "(?P<word>a(b",
            ["5:10: “pattern” is not a regular expression: missing ), at the end"],
            id="a bracket is missing at the end",
        ),
        pytest.param(
            "(?P<word>a)+?*b",
            ["5:10: “pattern” is not a regular expression: multiple repeat, before “*b” (character 14)"],
            id="a repetition of nothing, with its place in the pattern",
        ),
        pytest.param(
            "(?P<word>a*)",
            ["5:10: “pattern” also matches empty text; require at least one character"],
            id="a pattern that matches the empty string",
        ),
        pytest.param(
            "(?P<wort>a)",
            ["6:10: “message” may use {match} or {wort}, not {word}; did you mean “wort”?"],
            id="a named group is a value, another name is not",
        ),
        pytest.param(
            "(?:[(a)]{999} ){999}",
            ["5:10: “pattern” is too large when its repetitions are expanded; simplify it"],
            id="a pattern that would fill the memory",
        ),
        pytest.param("(" * 2000, None, id="a very deeply nested pattern"),
        pytest.param(
            "(?P<word>a(?R)?b)",
            [f"{CALLS}: “(?R)?b)”; write out the repeated part"],
            id="recursion of the whole pattern",
        ),
        pytest.param(
            "(?P<word>a(?1)?b)",
            [f"{CALLS}: “(?1)?b)”; write out the repeated part"],
            id="recursion by number",
        ),
        pytest.param(
            "(?P<word>a(?-1)?b)",
            [f"{CALLS}: “(?-1)?b)”; write out the repeated part"],
            id="recursion by relative number",
            marks=pytest.mark.skipif(
                version("regex") < "2026", reason="this version of regex does not know the syntax"
            ),
        ),
        pytest.param(
            "(?P<word>a(?&word)?b)",
            [f"{CALLS}: “(?&word)?b)”; write out the repeated part"],
            id="recursion by name",
        ),
        pytest.param(
            "(?x)(?P<word>a(?P>word)?b)",
            [f"{CALLS}: “(?P>word)?b)”; write out the repeated part"],
            id="recursion by name, as in Perl",
        ),
        *(
            pytest.param(pattern, [f"5:10: “pattern” {FUZZY}"], id=f"fuzzy matching: {pattern}")
            for pattern in (
                "(?P<word>foo){e<=1}",
                "(?P<word>a)(?:foo){i,d,s}",
                "(?P<word>a)(?:b|(?:foo){1<=e<=3:[a-z]})",
            )
        ),
        *(
            pytest.param(f"{flag}(?P<word>foo)", [f"5:10: “pattern” {FUZZY_FLAG}"], id=f"fuzzy matching: {flag}")
            for flag in ("(?b)", "(?e)", "(?xe)")
        ),
        pytest.param(
            "(?P<word>x{1000000})",
            ["5:10: “pattern” is too large when its repetitions are expanded; simplify it"],
            id="a large repetition",
        ),
        pytest.param(
            "((((?P<word>a{100}){100}){100}){100})",
            ["5:10: “pattern” is too large when its repetitions are expanded; simplify it"],
            id="repetitions of repetitions",
        ),
        pytest.param(
            "(?P<word>" + "ab" * 15_000 + ")",
            ["5:10: “pattern” has 30,010 characters; 20,000 are allowed"],
            id="a long pattern",
        ),
        pytest.param(
            "(?P<word>" + "(?:" * 220 + "a" + ")*" * 220 + "b)",
            ["5:10: “pattern” has groups nested too deeply; simplify it"],
            id="deep nesting",
        ),
        pytest.param(
            "(" * 10_000 + "a" + ")" * 9_000,
            ["5:10: “pattern” has groups nested too deeply; simplify it"],
            id="deeper nesting",
        ),
        pytest.param(
            "(?P<word>a{" + "1" * 5_000 + "})",
            ["5:10: “pattern” cannot compile this pattern; simplify it"],
            id="a number that Python does not read",
        ),
    ],
)
def test_a_pattern_is_tried(tmp_path: Path, pattern: str, expected: list[str] | None) -> None:
    found = mistakes(save(tmp_path, PATTERN % pattern, "style/pattern.yaml"))
    assert len(found) == 1
    if expected:
        assert found == [f"style/pattern.yaml:{mistake}" for mistake in expected]


@pytest.mark.parametrize(
    ("check", "place"),
    [
        pytest.param("check: sentence\nbeginnings: ['the (tram)(?1)']", "5:13: “beginnings”", id="beginnings"),
        pytest.param(
            "check: sentence\nbeginnings: ['the {what}']\nwords: {what: '(tram)(?1)'}", "5:13: “beginnings”", id="words"
        ),
        pytest.param("check: boilerplate_line\nlines: ['the (tram)(?1)']", "5:8: “lines”", id="lines"),
        pytest.param("check: boilerplate_line\nlines: [a]\naddress: '(tram)(?1)'", "6:10: “address”", id="an address"),
        pytest.param("check: characters\npattern: a\nunless: '(tram)(?1)'", "6:9: “unless”", id="unless"),
        pytest.param(
            "check: characters\npattern: a\nunless: '(tram'", "6:9: “unless” is not a regular", id="unless, broken"
        ),
        pytest.param("check: element\nnames: [p]\nhaving: {class: '(tram)(?1)'}", "6:9: “having”", id="attributes"),
        pytest.param("check: alt_text\nsame_as: file\nnames: '(tram)(?1)'", "6:8: “names”", id="names"),
        pytest.param("check: address\npattern: '(tram)(?1)'", "5:10: “pattern”", id="addresses"),
    ],
)
def test_all_patterns_of_a_rule_are_tried(tmp_path: Path, check: str, place: str) -> None:
    text = f"id: pattern\nsummary: Some pattern.\nseverity: error\n{check}\nmessage: '“{{match}}”'\n"
    (mistake,) = mistakes(save(tmp_path, text, "style/pattern.yaml"))
    assert mistake.startswith(f"style/pattern.yaml:{place}")


NOTE = """\
id: note
summary: No notes.
severity: error
%s
check: note
note: encoding
message: 'Read as {what}.'
"""


@pytest.mark.parametrize(
    ("line", "key"),
    [
        pytest.param("scope: alt", "scope", id="a scope"),
        pytest.param("not_scope: alt", "not_scope", id="a scope left out"),
        pytest.param("in_quotes: skip", "in_quotes", id="quotations left out"),
    ],
)
def test_block_keys_have_no_effect_on_a_check_of_articles(tmp_path: Path, line: str, key: str) -> None:
    (mistake,) = mistakes(save(tmp_path, NOTE % line, "style/note.yaml"))
    assert mistake.endswith(f"“{key}” has no effect here: “note” checks the whole article")
    assert mistake.startswith("style/note.yaml:4:")


def test_all_mistakes_in_all_files_are_reported_at_once(tmp_path: Path) -> None:
    save(tmp_path, RULE.replace("warning", "wrong").replace("{right}", "{wrong}"))
    house = save(tmp_path, "id: [", "style/other.yaml")
    found = mistakes(house)
    assert [mistake.rpartition(":")[0].split(":")[0] for mistake in found] == [
        "style/other.yaml",
        "style/tramway.yaml",
        "style/tramway.yaml",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"id: caf\xe9", "1:8: this is not UTF-8; save the file as UTF-8", id="another encoding"),
        pytest.param(
            "id: x\nwhy: 'é \x07'".encode(),
            "2:9: U+0007 is not allowed in YAML; delete it or write it as an escape sequence",
            id="a control character",
        ),
        pytest.param(b"", "1:1: “id” is missing", id="an empty file"),
        pytest.param(b"- a\n- b\n", "1:1: “the file” must be keys with values, but it is a list", id="a list"),
        pytest.param(b"[" * 100_000, None, id="very deep lists"),
        pytest.param(b"- " * 100_000, None, id="very deep lists of another kind"),
    ],
)
def test_a_file_that_is_not_a_rule_is_reported(tmp_path: Path, content: bytes, expected: str | None) -> None:
    found = mistakes(save(tmp_path, content))
    assert found[0] == f"style/tramway.yaml:{expected}" if expected else found


@pytest.mark.parametrize("key", ["why", "bad", "good"])
def test_reasons_and_examples_are_missed_only_by_a_test(tmp_path: Path, key: str) -> None:
    lines, kept = RULE.splitlines(keepends=True), True
    text = ""
    for line in lines:
        kept = not line.startswith(f"{key}:") and (kept or not line.startswith(" "))
        text += line if kept else ""
    house = save(tmp_path, text)
    assert len(packs.load_folder(house)) == 1
    assert mistakes(house, explained=True) == [f"style/tramway.yaml:1:1: “{key}” is missing"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("tramway.yaml", "move this rule to the folder of its pack", id="a rule beside the packs"),
        pytest.param("style/tramway.yml", "the name of a rule file must end in “.yaml”", id="the other suffix"),
        pytest.param("My Style/tramway.yaml", "“My Style” is not a pack name", id="a pack with a space"),
    ],
)
def test_a_file_where_no_rule_belongs_is_a_mistake(tmp_path: Path, name: str, expected: str) -> None:
    (mistake,) = mistakes(save(tmp_path, RULE, name))
    assert mistake.startswith(f"{name}: {expected}") or expected in mistake


def test_files_that_are_no_rules_may_lie_in_a_pack(tmp_path: Path) -> None:
    save(tmp_path, "Our rules.", "README.md")
    save(tmp_path, "\x00", "style/.DS_Store")
    assert len(packs.load_folder(save(tmp_path, RULE))) == 1


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadRule, match="this folder of packs does not exist"):
        packs.load_folder(tmp_path / "house")


def test_house_rules_join_the_shipped_ones_and_cannot_take_their_names(tmp_path: Path) -> None:
    names = [rule.name for rule in packs.load_packs([save(tmp_path, RULE)])]
    assert names == sorted({*(rule.name for rule in packs.shipped_rules()), "style/tramway"})
    taken = packs.shipped_rules()[0]
    save(tmp_path, RULE.replace("id: tramway", f"id: {taken.id}"), f"{taken.pack}/{taken.id}.yaml")
    with pytest.raises(BadRule, match=f"“{taken.name}” is already defined"):
        packs.load_packs([tmp_path / "house"])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet="idcheksawp:[]{}'\"&*!-? \n\t|>#%@`~0é⟦", max_size=60))
def test_any_bytes_give_mistakes_or_rules_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    house = save(tmp_path_factory.mktemp("packs"), content)
    with pytest.raises(BadRule):
        packs.load_folder(house)


FRAGMENTS = (
    "[] {} - ~ true 1.5 '' [a,b] {a:&x} *x !!int | ⟦ ? <<: {a} 2024-01-01 check:note 0x1f .nan 1:30 \x85".split()
)


@settings(max_examples=150, deadline=None)
@given(
    damages=st.lists(
        st.tuples(st.integers(0, len(RULE)), st.sampled_from([0, 1, 3, 10]), st.sampled_from(["", "\n", *FRAGMENTS])),
        min_size=1,
        max_size=3,
    )
)
def test_a_damaged_rule_is_a_rule_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, damages: list[tuple[int, int, str]]
) -> None:
    text = RULE
    for at, length, fragment in damages:
        text = f"{text[:at]}{fragment}{text[at + length :]}"
    said = []
    try:
        packs.load_folder(save(tmp_path_factory.mktemp("packs"), text))
    except BadRule as bad:
        said = bad.mistakes
    assert not [mistake for mistake in said if "\n" in mistake]


@settings(max_examples=200, deadline=None)
@given(pattern=st.text(alphabet="ab()[]{}?*+|\\^$.,:=!<>P&~-1pLN", min_size=1, max_size=12))
def test_any_pattern_is_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, pattern: str) -> None:
    text = PATTERN.replace(" and {word}", "") % pattern
    house = save(tmp_path_factory.mktemp("packs"), text, "style/pattern.yaml")
    try:
        (rule,) = packs.load_folder(house)
    except BadRule:
        return
    assert rule.options == {"pattern": pattern}
