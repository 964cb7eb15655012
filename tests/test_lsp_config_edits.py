"""Edits that add a suppression to the config, or a word to words.txt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config import load, overrides
from linter.config.config import BadConfig
from linter.lsp.config_edits import NewSuppression, add_suppression, add_word, new_config, new_suppression
from linter.rule import Words
from samples import LEAK
from test_lsp_edits import apply

FOLDER = os.path.abspath("/project")
YAML, TOML = (os.path.join(FOLDER, name) for name in (load.NAME, load.PYPROJECT))


def entry_for(path: str = "posts/tram.txt", text: str = "</b>", reason: str = "as quoted") -> NewSuppression:
    finding = LEAK._replace(text=text)
    entry = new_suppression(finding, os.path.join(FOLDER, *path.split("/")), FOLDER, reason)
    assert entry
    return entry


def added(text: str, file: str = YAML, entry: NewSuppression | None = None) -> str | None:
    edits = add_suppression(text, file, entry or entry_for())
    return apply(text, edits) if edits else None


def last_entry(text: str, file: str) -> overrides.SuppressionEntry:
    return load.read_config(Path(file), text).suppressions[-1]


PAIRS = ("path: posts/tram.txt", "rule: leaks/raw-tag", "text: '</b>'", "reason: as quoted")
FLOW = "{" + ", ".join(PAIRS) + "}"


def item(indent: int) -> str:
    return " " * indent + "- " + f"\n{' ' * (indent + 2)}".join(PAIRS)


NEW = f"suppressions:\n{item(2)}\n"
OLD = "- rule: names\n  path: a.md"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", NEW, id="empty file"),
        pytest.param("# Settings", f"# Settings\n{NEW}", id="only a comment"),
        pytest.param("select: [names]\n\n", f"select: [names]\n{NEW}\n", id="no key"),
        pytest.param("select:\n- names", f"select:\n- names\n{NEW}", id="no line end"),
        pytest.param("suppressions:\nselect: [a]\n", f"{NEW}select: [a]\n", id="no value"),
        pytest.param("suppressions: null # x\n", f"suppressions: # x\n{item(2)}\n", id="null"),
        pytest.param("suppressions: []\n", NEW, id="empty list"),
        pytest.param(f"suppressions:\n{OLD}\n# x\n", f"suppressions:\n{OLD}\n{item(0)}\n# x\n", id="block list"),
        pytest.param(
            "suppressions:\n    - path: a.md\n      rule: names # x\n\nselect: [a]\n",
            f"suppressions:\n    - path: a.md\n      rule: names # x\n{item(4)}\n\nselect: [a]\n",
            id="indented block list",
        ),
        pytest.param(
            "suppressions:\n- rule: a\n  text: |\n    b\n\nselect: [a]\n",
            f"suppressions:\n- rule: a\n  text: |\n    b\n{item(0)}\n\nselect: [a]\n",
            id="block scalar",
        ),
        pytest.param(
            "suppressions: [{rule: a, path: b}] # x\n", f"suppressions: [{{rule: a, path: b}}, {FLOW}] # x\n", id="flow"
        ),
        pytest.param(
            "suppressions: [\n  {rule: a, path: b}, # x\n]\n",
            f"suppressions: [\n  {{rule: a, path: b}}, # x\n  {FLOW},\n]\n",
            id="flow list on several lines",
        ),
        pytest.param(
            "suppressions: [\n  {rule: a, path: b} # x\n]\n",
            f"suppressions: [\n  {{rule: a, path: b}}, # x\n  {FLOW}\n]\n",
            id="flow list without a last comma",
        ),
        pytest.param("{select: [a]}\n", f"{{select: [a], suppressions: [{FLOW}]}}\n", id="flow mapping"),
        pytest.param("{}\n", f"{{suppressions: [{FLOW}]}}\n", id="empty flow mapping"),
        pytest.param("suppressions: {rule: a, path: b}\n", None, id="a single entry"),
        pytest.param("select: [\n", None, id="not YAML"),
        pytest.param("selct: [a]\n", None, id="a mistake"),
        pytest.param("a\n", None, id="not a mapping"),
        pytest.param("select: [a]\n...\n", None, id="a document end"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_suppression_is_added_to_yaml(text: str, expected: str | None, line_end: str) -> None:
    new_end = line_end if "\n" in text else "\n"
    assert added(text.replace("\n", line_end)) == (expected and expected.replace("\n", new_end))


TOML_PAIRS = ('path = "posts/tram.txt"', 'rule = "leaks/raw-tag"', 'text = "</b>"', 'reason = "as quoted"')
TABLE = "[[tool.copydesk.suppressions]]\n" + "".join(f"{pair}\n" for pair in TOML_PAIRS)
INLINE = "{ " + ", ".join(TOML_PAIRS) + " }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[tool.copydesk]\n", f"[tool.copydesk]\n\n{TABLE}", id="none yet"),
        pytest.param("[tool.copydesk]", f"[tool.copydesk]\n\n{TABLE}", id="no line end"),
        pytest.param(
            "[tool.copydesk]\nselect = [\n  'a',\n]\n\n# ruff\n[tool.ruff]\nx = [\n [1]]\n",
            f"[tool.copydesk]\nselect = [\n  'a',\n]\n\n{TABLE}\n# ruff\n[tool.ruff]\nx = [\n [1]]\n",
            id="another table below",
        ),
        pytest.param(
            "[tool.copydesk]\nselect = ['''\n[x]\n''']\n",
            f"[tool.copydesk]\nselect = ['''\n[x]\n''']\n\n{TABLE}",
            id="text like a table",
        ),
        pytest.param(
            "[[tool.copydesk.suppressions]]\nrule = 'a'\npath = ['b']\n\n[x]\n",
            f"[[tool.copydesk.suppressions]]\nrule = 'a'\npath = ['b']\n\n{TABLE}\n[x]\n",
            id="array of tables",
        ),
        pytest.param(
            "[tool.copydesk]\nsuppressions = []\n", f"[tool.copydesk]\nsuppressions = [{INLINE}]\n", id="empty array"
        ),
        pytest.param(
            "[tool.copydesk]\nsuppressions = [{rule='a', text=']'}] # x\n",
            f"[tool.copydesk]\nsuppressions = [{{rule='a', text=']'}}, {INLINE}] # x\n",
            id="inline array",
        ),
        pytest.param(
            "[tool.copydesk]\nsuppressions = [\n  {rule='a', path='b'}, # x\n]\npreview = true\n",
            f"[tool.copydesk]\nsuppressions = [\n  {{rule='a', path='b'}}, # x\n  {INLINE},\n]\npreview = true\n",
            id="array on several lines",
        ),
        pytest.param("[tool]\ncopydesk = {preview = true}\n", None, id="inline table"),
        pytest.param("[project]\n", None, id="no table"),
        pytest.param("[tool.copydesk\n", None, id="not TOML"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_suppression_is_added_to_toml(text: str, expected: str | None, line_end: str) -> None:
    new_end = line_end if "\n" in text else "\n"
    assert added(text.replace("\n", line_end), TOML) == (expected and expected.replace("\n", new_end))


def test_an_article_outside_the_folder_has_no_suppression() -> None:
    assert new_suppression(LEAK, os.path.abspath("/project-2/a.md"), FOLDER, "") is None


def test_a_text_that_is_not_unicode_has_no_suppression() -> None:
    assert new_suppression(LEAK._replace(text="\ud800"), os.path.join(FOLDER, "a.md"), FOLDER, "") is None


def test_a_finding_without_text_is_suppressed_by_its_path() -> None:
    assert new_config(entry_for(text=" \n", reason="")) == (
        "suppressions:\n  - path: posts/tram.txt\n    rule: leaks/raw-tag\n"
    )


def test_a_long_text_is_shortened() -> None:
    entry = entry_for(text="a\n" + "word " * 50 + "z")
    assert len(entry.text) == 80
    assert "…" in entry.text
    assert last_entry(new_config(entry), YAML).suppresses(entry.finding)


@pytest.mark.parametrize(
    "name", ["a.md", "#a.md", "!a.md", "[a]*?.md", "a.md ", "yes", "a: b", "x/#a", "x/\\d", "a\tb"]
)
@pytest.mark.parametrize(("file", "text"), [(YAML, ""), (TOML, "[tool.copydesk]\n")])
def test_the_pattern_matches_only_this_path(name: str, file: str, text: str) -> None:
    entry = entry_for(path=name)
    new = added(text, file, entry)
    assert new
    globs = last_entry(new, file).globs
    assert globs
    assert globs.fit(entry.article)
    for other in (f"b{name}", f"{name}b", f"sub/{name}", "Xa]bc.md", "a"):
        assert not globs.fit(os.path.join(FOLDER, other))


TEXTS = st.text(
    st.one_of(st.sampled_from("yes#: -'\"\\[]{},|>&*!%@`~?…\n\t0"), st.characters(codec="utf-8")), max_size=120
)
CONFIGS = [
    (YAML, ""),
    (YAML, "suppressions:\n- {rule: a, path: b}\nselect: [x]\n"),
    (YAML, "suppressions: [{rule: a, path: b}]\n"),
    (TOML, "[tool.copydesk]\npreview = true\n\n[x]\n"),
    (TOML, "[tool.copydesk]\nsuppressions = [{rule='a', path='b'}]\n"),
]


@given(config=st.sampled_from(CONFIGS), text=TEXTS, reason=TEXTS)
def test_any_text_and_reason_can_be_written(config: tuple[str, str], text: str, reason: str) -> None:
    file, old = config
    entry = entry_for(text=text, reason=reason)
    new = added(old, file, entry)
    assert new
    last = last_entry(new, file)
    assert last.suppresses(entry.finding)
    assert last.reason == " ".join(reason.split())


@given(text=st.text(st.sampled_from("suppressions: []{}-#\n\r'\"a|>"), max_size=40), file=st.sampled_from([YAML, TOML]))
def test_any_config_is_safe(text: str, file: str) -> None:
    """An edit adds exactly one suppression; a config with mistakes has no edit."""
    new = added(text, file)
    try:
        number = len(load.read_config(Path(file), text).suppressions)
    except BadConfig:
        assert new is None
    else:
        assert new is None or len(load.read_config(Path(file), new).suppressions) == number + 1


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("", "tram", "tram\n"),
        ("bus\n", "tram", "bus\ntram\n"),
        ("bus", "tram", "bus\ntram\n"),
        ("bus\r\n# x\r\n", " harbor\ttram ", "bus\r\n# x\r\nharbor tram\r\n"),
        ("", "C#", "C#\n"),
    ],
)
def test_a_word_is_added(text: str, word: str, expected: str) -> None:
    assert apply(text, add_word(text, word)) == expected
    assert " ".join(word.split()) in Words(expected.splitlines()).right


@pytest.mark.parametrize(("text", "word"), [("tram # x\n", "tram"), ("", "#tram"), ("", "a #b"), ("", " \n")])
def test_a_word_that_is_known_or_a_comment_is_not_added(text: str, word: str) -> None:
    assert add_word(text, word) == ()
