"""What silences rules: in an article, in the settings, and what is said of what silences nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter import packs
from linter.api import lint_paths

NAMES = [rule for rule in packs.shipped() if rule.name in ("leaks/raw-tag", "names/proper-noun")]
UNUSED, UNKNOWN = "copydesk/unused-suppression", "copydesk/unknown-suppression"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose one rule finds each “tram”."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    for word in ("tram", "bus"):
        (tmp_path / "house" / "style" / f"{word}.yaml").write_text(
            f"id: {word}\nsummary: s.\nwhy: w.\nseverity: error\nscope: source\ncheck: swap\n"
            f"swap:\n  {word}: ferry\nmessage: No “{{match}}”.\nfix: {{safe: true}}\n",
            "utf-8",
        )
    settle(tmp_path, "")
    return tmp_path


def settle(desk: Path, text: str) -> None:
    (desk / "copydesk.yaml").write_text(f"rules: [house]\npacks: [style]\n{text}", "utf-8")


def found(desk: Path, text: str, name: str = "a.md", **options: object) -> list[str]:
    """What is found, as `rule:line`, without the pack of our own rules."""
    (desk / name).parent.mkdir(exist_ok=True)
    (desk / name).write_text(text, "utf-8")
    findings = lint_paths(["."], **options).findings  # type: ignore[arg-type]
    return [f"{finding.rule.removeprefix('style/')}:{finding.line}" for finding in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A tram. <!-- copydesk: ignore style/tram -- quoted -->\nA tram.\n", ["tram:2"], id="the line"),
        pytest.param("<!-- copydesk: ignore tram -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="no id alone"),
        pytest.param(
            "A tram.\n\n<!-- copydesk: ignore style/tram -->\n\nA tram,\na tram.\n\nA tram.\n",
            ["tram:1", "tram:8"],
            id="the next block",
        ),
        pytest.param("<!-- copydesk: ignore style -->\nA tram, a bus.\n", [], id="a pack"),
        pytest.param("<!-- copydesk: ignore style/* -->\nA tram, a bus.\n", [], id="a glob"),
        pytest.param("<!-- copydesk: ignore -->\nA tram, a bus.\n", [], id="all rules"),
        pytest.param("<!-- copydesk: ignore style/tram, style/bus -- why -->\nA tram, a bus.\n", [], id="two rules"),
        pytest.param("<!-- copydesk: ignore style/tram — why -->\nA tram, a bus.\n", ["bus:2"], id="an em dash"),
        pytest.param("<!-- copydesk: ignore style/tram --\nwhy, at\nlength -->\nA tram.\n", [], id="a long reason"),
        pytest.param(
            "<!-- copydesk: ignore style/tram -->\n<!-- copydesk: ignore style/bus -->\nA tram, a bus.\n",
            [],
            id="two comments above a block",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\nA tram.\n\nA bus.\n\n"
            "<!-- copydesk: ignore-end -->\n\nA tram.\n",
            ["bus:5", "tram:9"],
            id="a part",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\n<!-- copydesk: ignore-start style/bus -->\n\nA tram.\n\n"
            "<!-- copydesk: ignore-end style/tram -->\n\nA tram, a bus.\n\n<!-- copydesk: ignore-end -->\n\nA bus.\n",
            ["tram:9", "bus:13"],
            id="parts that overlap",
        ),
        pytest.param(
            "A tram.\n\n<!-- copydesk: ignore-file style/tram -- a list of words -->\n\nA tram, a bus.\n",
            ["bus:5"],
            id="the whole article",
        ),
        pytest.param(
            "---\ntitle: The tram\ncopydesk: {ignore: [style/tram -- quoted]}\n---\nA tram, a bus.\n",
            ["bus:5"],
            id="front matter",
        ),
        pytest.param(
            "---\ncopydesk:\n  ignore: [style/tram, style/bus]\n  reason: quoted\n---\nA tram, a bus.\n",
            [],
            id="front matter with one reason for all",
        ),
        pytest.param("---\ncopydesk: {ignore: true}\n---\nA tram, a bus.\n", [], id="front matter, all rules"),
        pytest.param("+++\ncopydesk.ignore = 'style/tram'\n+++\nA tram, a bus.\n", ["bus:4"], id="TOML"),
        pytest.param("A tram [sic] and a tram. (Sic!) A tram\\[*sic*] A tram\n", ["tram:1"], id="sic"),
        pytest.param("A tram is no bus [sic].\n", ["tram:1"], id="sic is about the word before it"),
        pytest.param("```\n<!-- copydesk: ignore style/tram -->\n```\n\nA tram.\n", ["tram:5"], id="shown as code"),
        pytest.param("`<!-- copydesk: ignore style/tram -->`\nA tram.\n", ["tram:2"], id="shown as code in a line"),
        pytest.param("> <!-- copydesk: ignore style/tram -->\n> A tram.\n>\n> A tram.\n", ["tram:4"], id="in a quote"),
        pytest.param("- a\n- <!-- copydesk: ignore style/tram --> A tram.\n- A tram.\n", ["tram:3"], id="in an item"),
        pytest.param("{/* copydesk: ignore style/* -- why */}\nA tram.\n", [], id="MDX"),
        pytest.param("{{/* copydesk: ignore style/tram */}}\n\nA tram.\n", [], id="Hugo"),
        pytest.param("{{- /* copydesk: ignore style/tram */ -}}\n\nA tram.\n", [], id="Hugo, trimmed"),
        pytest.param("{% comment %}copydesk: ignore style/tram -- why{% endcomment %}\n\nA tram.\n", [], id="Jekyll"),
        pytest.param("{# copydesk: ignore style/tram -- why #}\n\nA tram.\n", [], id="Eleventy"),
        pytest.param("[//]: # (copydesk: ignore style/tram -- why)\n\nA tram.\n", [], id="a label of Markdown"),
        pytest.param("A tram.\n\n<!-- the copydesk's tram -->\n", ["tram:1", "tram:3"], id="any other comment"),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram -->\n\nA tram.\n", [f"{UNKNOWN}:1", "tram:3"], id="never ended"
        ),
        pytest.param("A tram.\n\n<!-- copydesk: ignore-end -->\n", ["tram:1", f"{UNKNOWN}:3"], id="never begun"),
        pytest.param("<!-- copydesk: ignroe style/tram -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="misspelt"),
        pytest.param("<!-- copydesk: ignore style/trem -->\nA tram.\n", [f"{UNKNOWN}:1", "tram:2"], id="no such rule"),
        pytest.param("---\ncopydesk: {ignroe: style/tram}\n---\nA tram.\n", [f"{UNKNOWN}:2", "tram:4"], id="no key"),
        pytest.param("<!-- copydesk: ignore style/tram -->\nA bus.\n", [f"{UNUSED}:1", "bus:2"], id="without effect"),
        pytest.param("<!-- copydesk: ignore -->\nA ferry.\n", [f"{UNUSED}:1"], id="without effect, all rules"),
        pytest.param(
            "<!-- copydesk: ignore style/tram style/bus -->\nA bus.\n", [f"{UNUSED}:1"], id="one of two without effect"
        ),
        pytest.param("<!-- copydesk: ignore leaks/raw-tag -->\nA ferry.\n", [], id="a rule that is off"),
        pytest.param(
            "<!-- copydesk: ignore-file copydesk/unused-suppression style/tram -->\nA ferry.\n",
            [],
            id="silenced itself",
        ),
        pytest.param("A tram. <!-- copydesk: ignore style/tram -- no tram, no bus -->\n", [], id="what is said there"),
    ],
)
def test_what_an_article_silences(desk: Path, text: str, expected: list[str]) -> None:
    assert found(desk, text) == expected
    windows = text.replace("\n", "\r\n")
    assert found(desk, windows) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<!-- copydesk: ignore style/tram -->\n<p>A tram.</p>\n<p>A tram.</p>", ["tram:3"], id="a block"),
        pytest.param(
            "<!-- copydesk: ignore style/tram --><p>A tram.\n<b>A</b>\ntram.</p><p>A tram.</p>",
            ["tram:3"],
            id="minified",
        ),
        pytest.param(
            "<p>A tram.</p><p>A tram. <!-- copydesk: ignore style/tram --></p><p>A tram.",
            ["tram:1", "tram:1"],
            id="a line",
        ),
        pytest.param("<p><!-- copydesk: ignore style/tram -->A tram</p><p>A tram.", ["tram:1"], id="at its start"),
        pytest.param(
            "<div><!-- copydesk: ignore style/tram -->\n<ul><li>A tram<li>A tram</ul>A tram</div>",
            ["tram:2"],
            id="a list",
        ),
        pytest.param(
            "<!-- copydesk: ignore-start style/tram --><p>A tram.<!-- copydesk: ignore-end --><p>A tram.",
            ["tram:1"],
            id="a part",
        ),
        pytest.param("<p>A tram.<p>A <em>tram</em> [<em>sic</em>]", ["tram:1"], id="sic"),
        pytest.param("---\ncopydesk: {ignore: style/tram}\n---\n<p>A tram", [], id="front matter"),
    ],
)
def test_what_a_page_silences(desk: Path, text: str, expected: list[str]) -> None:
    assert found(desk, text, "a.html") == expected


def test_plain_text_has_no_comments_but_sic(desk: Path) -> None:
    text = "A tram [sic].\n\n<!-- copydesk: ignore style/tram -->\nA tram.\n"
    assert found(desk, text, "a.txt") == ["tram:3", "tram:4"]
