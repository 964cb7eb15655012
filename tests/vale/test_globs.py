"""The globs of sections in `.vale.ini`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.vale.globs import ALTERNATIVES, LIMIT, BadGlob, Glob


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("*", "docs/tram.md", ""),
        ("*.md", "docs/tram.md", "tram.md.txt"),
        ("tram.md", "tram.md", "docs/tram.md"),
        ("docs*", "docs/old/tram.md", "old/docs"),
        ("tram.m?", "tram.md", "tram.m"),
        ("tram?md", "tram/md", "tram.mdx"),
        ("[st]ram.md", "tram.md", "pram.md"),
        ("[!p]ram.md", "tram.md", "pram.md"),
        ("[a-t]ram.md", "tram.md", "uram.md"),
        ("*.{md,txt}", "docs/tram.txt", "tram.rst"),
        ("*.{md}", "tram.md", "tram.txt"),
        ("*.{m{d,dx},txt}", "tram.mdx", "tram.m"),
        ("{a,b}{c,d}", "bc", "ab"),
        ("tram,{,old}", "tram,", "tramold"),
        (r"\*.md", "*.md", "tram.md"),
        (r"\{a,b\}", "{a,b}", "a"),
        ("[{]a", "{a", "a"),
        ("!*.md", "tram.txt", "tram.md"),
        ("!!*.md", "tram.txt", "tram.md"),
        ("#*.md", "#tram.md", "tram.md"),
        ("straße.md", "straße.md", "strasse.md"),
        ("stra?e.md", "straße.md", "straue.mdx"),
        ("**", "docs/tram.md", None),
        ("docs/**", "docs/old/tram.md", "tram.md"),
        ("docs/**", "docs", "docsold"),
        ("docs/**/*.md", "docs/tram.md", "docs/tram.txt"),
        ("docs/**/*.md", "docs/a/b/tram.md", "old/docs/tram.md"),
        ("**/tram.md", "tram.md", "tram/md"),
        ("**/*.{md,txt}", "a/b/tram.txt", "a/b/tram.rst"),
        ("a/**b/c", "a/xb/c", "a/x/b/c"),
        ("!docs/**", "tram.md", "docs/tram.md"),
        ("{docs,site}/{de,zh-tw}/**/*.md", "site/zh-tw/old/tram.md", "site/fr/tram.md"),
    ],
)
def test_matches(glob: str, matching: str, other: str | None) -> None:
    assert Glob(glob).match(matching)
    assert other is None or Glob(glob).match(other) == (glob == "*")


@pytest.mark.parametrize(
    ("glob", "mistake"),
    [
        ("*.{md", "“{” without “}”"),
        ("[ab", "“[” without “]”"),
        ("tram\\", "“\\” at the end"),
        ("", "does not name a file"),
        ("a" * (LIMIT + 1), "more than 1,000 characters"),
        ("{a,b}" * 10, f"more than {ALTERNATIVES} alternatives"),
    ],
)
def test_mistakes(glob: str, mistake: str) -> None:
    with pytest.raises(BadGlob, match=re.escape(mistake)):
        Glob(glob)


@pytest.mark.parametrize("glob", ["*a" * 400 + "b", "**/*a" * 150 + "b", "{*a,*aa}" * 6 + "b"])
def test_hostile_globs_end(glob: str) -> None:
    assert not Glob(glob).match("a" * 4000)


@given(st.text("a/*?[]{},!\\.", max_size=12), st.text("a/.", max_size=8))
def test_any_glob(text: str, path: str) -> None:
    """A glob either has a mistake, or matches the opposite of its negation."""
    try:
        glob = Glob(f"x{text}")
    except BadGlob:
        return
    assert glob.match(path) != Glob(f"!x{text}").match(path)
