"""Limits of config and rule files: work grows linearly, and files beyond a limit are rejected."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from linter.article_linter import ArticleLinter
from linter.cli import main
from linter.config import load, overrides, packs, rule_file, select, yaml_file
from linter.config.config import RunOptions
from linter.config.load import BadConfig
from linter.config.yaml_file import MISTAKES, File
from linter.rule import BadRule, Rule
from steps import steps


def save(folder: Path, text: str) -> Path:
    (folder / "copydesk.yaml").write_text(text, "utf-8")
    return folder / "copydesk.yaml"


OVERRIDES = {
    "for a path": "  - path: 'x{n}/*.md'\n    ignore: [leaks]\n",
    "with a glob for rules": "  - path: 'x{n}/*.md'\n    select: ['[s{n}]*', '*']\n    severity: {{'l*': warning}}\n",
    "that switch on and off": "  - path: 'x{n}/*.md'\n    select: ['*']\n    ignore: ['*']\n",
    "for metadata": "  - metadata: {{section: 'x{n}*'}}\n    select: [measures]\n",
    "with options": "  - path: 'x{n}/*.md'\n    options: {{links/here: {{not_about+: [x{n}]}}}}\n",
}


@pytest.mark.parametrize("one", OVERRIDES.values(), ids=OVERRIDES)
def test_a_run_takes_time_in_proportion_to_the_overrides(
    one: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packs.shipped_rules()
    taken = []
    for size in (50, 200):
        save(tmp_path, "overrides:\n" + "".join(one.format(n=number) for number in range(size)))
        taken.append(steps(lambda: len(ArticleLinter(RunOptions(config="copydesk.yaml")).run_rules.possible)))
    assert taken[1] < 8 * taken[0]


def test_an_article_for_which_many_overrides_hold_takes_time_in_proportion(tmp_path: Path) -> None:
    rules = packs.shipped_rules()
    taken = []
    for size in (10, 40):
        many = "".join(f"  - path: '*.md'\n    severity: {{'[l{n}]*': info, 's*': warning}}\n" for n in range(size))
        read = load.read_config(save(tmp_path, f"overrides:\n{many}"))
        taken.append(steps(partial(select.rules_for, rules, read, read.overrides)))
    assert taken[1] < 8 * taken[0]


def test_a_rule_that_one_override_switches_on_is_as_the_last_of_them_has_it(tmp_path: Path) -> None:
    rules = packs.shipped_rules()
    off = next(rule for rule in rules if not rule.enabled)
    one = "  - path: '{path}'\n    {key}: {value}\n"
    text = (
        one.format(path="a.md", key="select", value=f"[{off.name}]")
        + f"    severity: {{{off.name}: info}}\n"
        + one.format(path="b.md", key="select", value=f"[{off.name}]")
        + f"    severity: {{{off.name}: error}}\n"
        + one.format(path="c.md", key="ignore", value=f"[{off.name}]")
    )
    read = load.read_config(save(tmp_path, f"overrides:\n{text}"))
    found = {rule.name: rule for rule in select.possible_rules(rules, read)}
    assert found[off.name].severity == "error"
    ignoring = read._replace(run=RunOptions(ignore=(off.name,)))
    assert off.name not in {rule.name for rule in select.possible_rules(rules, ignoring)}
    usual = {rule.name for rule in select.rules_for(rules, read)}
    assert found.keys() == usual | {off.name}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"exclude: '{'a' * 800_000}'",
            f"copydesk.yaml:1:10: “{'a' * 40}…” has 800,000 characters; at most 10,000 are allowed",
            id="a pattern of 800 KB",
        ),
        pytest.param(
            "exclude:\n" + "- a\n" * 10_001,
            "copydesk.yaml:2:1: this has 10,001 entries; at most 10,000 are allowed",
            id="a long list",
        ),
        pytest.param(
            "exclude:\n" + "- a\n" * 700_000,
            "copydesk.yaml:99999:3: this file has too many values; at most 100,000 are allowed",
            id="700,000 patterns",
        ),
        pytest.param(
            f"select: '{'*a' * 150}'",
            f"copydesk.yaml:1:9: no rule or pack is called “{'*a' * 60}…”",
            id="a glob that is longer than any name",
        ),
        pytest.param(
            f"? {'x' * 5_000}\n: 1",
            f"copydesk.yaml:1:3: unknown key “{'x' * 40}…”",
            id="a long key",
        ),
        pytest.param(
            f"rules: '{'x' * 5_000}'",
            f"copydesk.yaml:1:8: there is no folder “{'x' * 40}…” next to this file",
            id="a long path",
        ),
        pytest.param(
            r'paths: ["a\0b"]',
            "copydesk.yaml:1:9: “a\\0b” contains U+0000, which is not allowed in paths; delete it",
            id="a path with NUL",
        ),
        pytest.param(
            "encoding: unicode_escape",
            "copydesk.yaml:1:11: “unicode_escape” is not an encoding for files",
            id="a codec of Python that is no encoding",
        ),
    ],
)
def test_a_config_beyond_a_limit_is_refused(
    text: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path, text)
    (tmp_path / "a.md").write_text("A tram.\n", "utf-8")
    assert main(["check", "a.md", "--no-cache"]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first.replace("\\x00", "\\0").startswith(expected), first


@pytest.mark.parametrize(
    "text", ["select:\n{}", "severity:\n{}", "packs:\n{}", "{}"], ids=["names", "keys", "packs", "unknown keys"]
)
def test_a_hundred_mistakes_are_reported_and_not_ten_thousand(text: str, tmp_path: Path) -> None:
    item = "- tram{n}\n" if text.startswith(("select", "packs")) else "{n}tram: x\n"
    item = f"  {item}" if text.startswith("severity") else item
    many = "".join(item.format(n=number) for number in range(9_000))
    try:
        mistakes = select.mistakes(packs.shipped_rules(), load.read_config(save(tmp_path, text.format(many))))
    except BadConfig as bad:
        mistakes = bad.mistakes
    assert len(mistakes) == MISTAKES + 1
    assert "there are more than 100 mistakes" in mistakes[-1]


def test_the_root_of_the_file_system_is_no_folder_of_packs(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as bad:
        load.read_config(save(tmp_path, f"rules: '{tmp_path.anchor}'"))
    assert "1:8: " in bad.value.mistakes[0]
    assert "is the root of the file system; name a folder that contains only packs" in bad.value.mistakes[0]


def test_packs_are_looked_for_in_a_folder_and_no_deeper(tmp_path: Path) -> None:
    deep = tmp_path / "style" / "more" / "x.yaml"
    deep.parent.mkdir(parents=True)
    deep.write_text("no rule at all", "utf-8")
    assert packs.load_folder(tmp_path) == ()


@pytest.mark.parametrize(
    ("limit", "count", "expected"),
    [("ENTRIES", 5, "this folder has more than 5 files and folders"), ("FILES", 3, "more than 3 rule files")],
)
def test_a_folder_that_holds_more_than_packs_is_refused(
    limit: str, count: int, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, limit, count)
    (tmp_path / "style").mkdir()
    for number in range(6):
        (tmp_path / "style" / f"x{number}.yaml").write_text("id: x\n", "utf-8")
    with pytest.raises(BadRule) as bad:
        packs.load_folder(tmp_path)
    assert expected in bad.value.mistakes[-1]


def rule(text: str) -> tuple[Rule | None, list[str]]:
    file = File("x.yaml")
    top = yaml_file.parse(f"id: x\nsummary: s.\nseverity: info\nmessage: m.\n{text}", file, rule_file.LIMITS)
    return (rule_file.read_rule(top, "house", "x") if top else None), file.mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"check: phrases\nphrases: ['{'tram ' * 21_000}']",
            "characters; at most 100,000 are allowed",
            id="a long phrase",
        ),
        pytest.param(
            "check: element\nhaving: {a: '((b{999}){999}){999}'}\nelement: a",
            "“having” is too large when its repetitions are expanded; simplify it",
            id="repetitions of repetitions in a mapping",
        ),
        pytest.param(
            "check: boilerplate_line\nlines: ['((b{999}){999}){999}']",
            "“lines” is too large when its repetitions are expanded; simplify it",
            id="repetitions of repetitions in a list",
        ),
        pytest.param(
            "check: boilerplate_line\nlines: [a]\naddress: '('",
            "x.yaml:7:10: “address” is not a regular expression",
            id="an address that is no pattern",
        ),
        pytest.param(
            "check: unbalanced\npairs: ['(']\nreach: 1", "each of “pairs” must have two characters", id="half a pair"
        ),
        pytest.param("check: bold\nproblem: labels\nitems: 0", "“items” must be at least 1", id="no items"),
        pytest.param(
            f"check: article_length\nunit: words\nat_most: 1{'0' * 400}",
            "“at_most” must be from -1,000,000,000 to 1,000,000,000",
            id="a huge number",
        ),
        pytest.param(
            "check: share\nunit: words\nonly: links\nat_most: !!float nan",
            "“at_most” must be from -1,000,000,000",
            id="no number",
        ),
        pytest.param("check: ''", "“check” is empty", id="an empty check"),
        pytest.param(
            "check: pattern\npattern: !!str [a]", "“pattern” must be text", id="a list that says it is a text"
        ),
        pytest.param("check: phrases\nphrases: !!seq a", "“phrases” must be text", id="a text that says list"),
    ],
)
def test_beyond_a_limit_a_rule_is_refused(text: str, expected: str) -> None:
    found, mistakes = rule(text)
    assert found is None
    assert any(expected in mistake for mistake in mistakes), mistakes


def test_the_literals_of_a_long_list_of_words_take_time_in_proportion() -> None:
    from linter.analysis import literals

    taken = []
    for size in (500, 2_000):
        texts = frozenset(f"word {number} of {number}" for number in range(size))
        taken.append(steps(partial(literals._shortest.__wrapped__, texts)))
    assert taken[1] < 8 * taken[0]


@pytest.mark.parametrize(
    ("text", "found", "fits"),
    [
        ("a … b", "a tram b", True),
        ("a … b", "a b", False),
        ("…", "", True),
        ("a…", "a", True),
        ("…b", "ab", True),
        ("a…a", "a", False),
        ("a…b…c", "a c b c", True),
        ("a…b…c", "a c b", False),
        ("a", "b", False),
    ],
)
def test_a_suppressed_text_is_shortened(text: str, found: str, fits: bool) -> None:
    assert bool(overrides._pattern(text).fullmatch(found)) is fits


def test_the_search_for_a_suppressed_text_does_not_backtrack() -> None:
    """With backtracking, the search would never end."""
    assert not overrides._pattern("a…" * 30 + "b").fullmatch("a" * 100_000)
