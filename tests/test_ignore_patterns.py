"""Patterns of .gitignore files and config: what they match, in linear time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from linter.files.ignore import GlobPatterns, glob_mistake
from linter.rule import fits
from steps import steps

HANG = "*a*a*a*a*a*a*a*a*a*a*b"  # matching 100 × “a” once took more than 40 s
LONG = "a" * 100


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        pytest.param(["a.md"], "x/a.md", True, id="a name at any depth"),
        pytest.param(["/a.md"], "x/a.md", False, id="a slash at the start ties it to the folder"),
        pytest.param(["x/a.md"], "y/x/a.md", False, id="a slash within does so too"),
        pytest.param(["drafts/"], "x/drafts/y/a.md", True, id="a folder with all below it"),
        pytest.param(["drafts/"], "drafts", False, id="a slash at the end means folders alone"),
        pytest.param(["*.md"], "x/a.md", True, id="a star"),
        pytest.param(["/*.md"], "x/a.md", False, id="a star matches no slash"),
        pytest.param(["a?.md"], "ab.md", True, id="a question mark"),
        pytest.param(["?.md"], "é.md", True, id="a question mark is a character"),
        pytest.param(["[a-c].md"], "b.md", True, id="a range"),
        pytest.param(["[!a-c].md"], "b.md", False, id="not in a range"),
        pytest.param(["[[:digit:]].md"], "7.md", True, id="a named class"),
        pytest.param(["**/b/*.md"], "b/a.md", True, id="two stars and a slash are no folder"),
        pytest.param(["**/b/*.md"], "x/y/b/a.md", True, id="or several"),
        pytest.param(["x/**/a.md"], "x/a.md", True, id="two stars between slashes are no folder"),
        pytest.param(["x/**"], "x/y/a.md", True, id="two stars at the end are all that is below"),
        pytest.param([r"\!a.md"], "!a.md", True, id="a backslash takes a character as it is"),
        pytest.param(["#a.md"], "#a.md", False, id="a comment"),
        pytest.param(["a.md  "], "a.md", True, id="spaces at the end do not count"),
        pytest.param(["a\\ "], "a ", True, id="but for one behind a backslash"),
        pytest.param(["*.md", "!a.md"], "a.md", False, id="an exclamation mark takes back"),
        pytest.param(["!a.md", "*.md"], "a.md", True, id="a later pattern overrules"),
        pytest.param(["/drafts/", "!/drafts/ready/*.md"], "drafts/ready/a.md", False, id="a file in a folder is back"),
        pytest.param(["/drafts/", "!/drafts/ready/"], "drafts/ready/a.md", False, id="a folder in a folder is back"),
        pytest.param(["*.md", "!drafts/"], "drafts/a.md", True, id="a folder does not bring back a matched file"),
        pytest.param(["!a.md", "drafts/"], "drafts/a.md", True, id="a later folder overrules a file"),
    ],
)
def test_what_patterns_match(patterns: list[str], path: str, expected: bool) -> None:
    assert GlobPatterns(patterns).match(path) is expected


@pytest.mark.parametrize(
    "pattern",
    ["", "/", "!", "!/", "//", "a[b", "a[", "[[:word:]]", "[]", "a\\"],
    ids=lambda pattern: pattern or "nothing",
)
def test_a_pattern_that_can_match_nothing_is_a_mistake(pattern: str) -> None:
    assert glob_mistake(pattern)
    assert not any(GlobPatterns([pattern]).match(path) for path in ("a", "a[b", "a/b", "a\\"))


@pytest.mark.parametrize("pattern", ["#", "*", "**", "[]a]", "a/", "[a]]", r"\\"])
def test_what_git_knows_is_no_mistake(pattern: str) -> None:
    assert not glob_mistake(pattern)


CONFIG = f"""\
exclude: ['{HANG}']
overrides:
  - {{path: '{HANG}', ignore: leaks}}
  - {{metadata: {{section: '{HANG}'}}, ignore: leaks}}
suppressions:
  - {{path: '{HANG}', rule: leaks}}
language: {{'{HANG}': en}}
encoding: {{'{HANG}': latin-1}}
"""


def test_no_pattern_hangs_a_run(tmp_path: Path) -> None:
    file = tmp_path / f"{LONG}.md"
    file.write_text(f"---\nsection: {LONG}\n---\n\nThe end.</div>\n", "utf-8")
    (tmp_path / "copydesk.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / ".gitignore").write_text(HANG, "utf-8")
    command = [sys.executable, "-m", "linter", "check", "--report", "plain", "--select", "leaks"]
    command += [".", f"{HANG}.md", f"**/{HANG}.md"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.stdout.endswith("[leaks/unopened-tag]\n")
    assert run.stderr.count("no articles match this pattern") == 2


def test_no_pattern_for_rules_hangs() -> None:
    assert not fits(HANG, LONG)


FAMILIES = {
    "stars": lambda n: ("*a" * n + "*b", "a" * 4 * n),
    "stars with more between them": lambda n: ("*ab" * n + "*c", "ab" * 4 * n),
    "question marks": lambda n: ("*" + "?" * n + "b", "a" * 4 * n),
    "stars and question marks": lambda n: ("*?" * n + "b", "a" * 4 * n),
    "stars and classes": lambda n: ("*[a-z]" * n + "b", "a" * 4 * n),
    "folders": lambda n: ("**/a/" * n + "b", "a/" * 4 * n + "c"),
    "folders and stars": lambda n: ("**/a*/*b/" * n + "c", "aab/" * 4 * n + "d"),
    "many folders behind two stars": lambda n: ("**/" + "*a/" * n + "b/**/c", "aaa/" * 4 * n + "c"),
    "slashes and stars": lambda n: ("x/" + "*/" * n + "b", "x/" + "a/" * 4 * n + "c"),
    "a long text between stars": lambda n: ("*" + "a" * n + "b*a", "a" * 4 * n),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_matching_of_long_patterns_ends(name: str) -> None:
    """In time that is exponential in the number of stars, it would not end even for ten of them (see HANG)."""
    for count in (40, 320):
        pattern, path = FAMILIES[name](count)
        assert not GlobPatterns([pattern]).match(path)


def test_many_literal_patterns_cost_a_file_nothing() -> None:
    """They are looked up in a table, so ten times as many patterns take no more steps, apart from reading them."""
    small, large = (GlobPatterns(f"draft-{number}.md" for number in range(count)) for count in (1_000, 10_000))
    assert steps(lambda: small.match("news/article-1.md")) == steps(lambda: large.match("news/article-1.md"))
