"""Comments that switch rules of Vale off in a part of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.config.config import DEFAULTS
from linter.document import Document, Span
from linter.finding import Finding
from linter.source import Source
from linter.suppressions.apply import SuppressionFilter
from linter.vale.comments import Region, read_regions
from linter.vale.view import set_options
from linter.vale.view_options import ViewOptions


def read(text: str, kind: str = "markdown", suffix: str = ".md", **options: object) -> Document:
    document = readers.read(Source(text), kind)
    set_options(document, ViewOptions(suffix=suffix, **options))  # type: ignore[arg-type]
    return document


def off(document: Document, rule: str) -> list[str]:
    """Return the words, such as “w3”, for which comments switch a rule off."""
    text, regions = document.source.text, read_regions(document)
    found = []
    for number in range(10):
        at = text.rfind(f"w{number}")
        if at >= 0 and any(
            one.extent.start <= at < one.extent.end and one.suppresses(rule, f"w{number}") for one in regions
        ):
            found.append(f"w{number}")
    return found


SWITCHES = [
    pytest.param("w0 <!-- vale off --> w1 <!-- vale on --> w2", "A.B", ["w1"], id="off and on"),
    pytest.param("w0\n\n<!--vale off-->\n\nw1\n\n> w2", "A.B", ["w1", "w2"], id="up to the end"),
    pytest.param("<!-- vale A.B = NO --> w0 <!-- vale A.B = YES --> w1", "A.B", ["w0"], id="a rule"),
    pytest.param("<!-- vale A.B = off --> w0 <!-- vale A.B = on --> w1", "A.B", ["w0"], id="a rule, in other words"),
    pytest.param("<!-- vale A.C = NO --> w0", "A.B", [], id="another rule"),
    pytest.param("<!-- vale A = NO --> w0 <!-- vale A = YES --> w1", "A.B", ["w0"], id="a style"),
    pytest.param("<!-- vale A = NO --> w0 <!-- vale A.B = YES --> w1", "A.B", ["w0", "w1"], id="a style counts more"),
    pytest.param("<!-- vale off --> w0 <!-- vale A.B = YES --> w1", "A.B", ["w0", "w1"], id="off counts more"),
    pytest.param("<!-- vale A = NO --> w0", "AB.C", [], id="a style with a longer name"),
    pytest.param('<!-- vale A.B["w0", "w2"] = NO --> w0 w1 w2', "A.B", ["w0", "w2"], id="texts"),
    pytest.param(
        '<!-- vale A.B["w0","w1"] = NO --> w0 <!-- vale A.B["w1"] = YES --> w1', "A.B", ["w0"], id="texts, on again"
    ),
    pytest.param('<!-- vale A.B["w0] = NO --> w0', "A.B", [], id="malformed texts"),
    pytest.param('<!-- vale A.B[1, ["w0"]] = NO --> w0', "A.B", [], id="texts that are none"),
    pytest.param("<!-- vale style = C --> w0 <!-- vale style = A --> w1", "A.B", ["w0"], id="the only style"),
    pytest.param("<!-- vale styles = C, A --> w0", "A.B", [], id="the only styles"),
    pytest.param("<!-- vale styles = C --> w0 <!-- vale A = YES --> w1", "A.B", ["w0"], id="another style on again"),
    pytest.param("<!-- vale A.B = MAYBE --> <!-- vale: off --> <!-- VALE off --> w0", "A.B", [], id="other words"),
    pytest.param("`<!-- vale off -->` w0\n\n    <!-- vale off -->\n\nw1", "A.B", [], id="in code"),
    pytest.param("<!-- vale off --> w0", "names/person", [], id="a rule of a pack"),
]


@pytest.mark.parametrize(("text", "rule", "expected"), SWITCHES)
def test_switches(text: str, rule: str, expected: list[str]) -> None:
    assert off(read(text), rule) == expected


@pytest.mark.parametrize(
    ("text", "kind", "options", "expected"),
    [
        ("<p>w0 <!-- vale off -->w1</p>", "html", {"suffix": ".html"}, ["w1"]),
        ("<!-- vale off --> w0", "text", {"suffix": ".txt"}, []),
        ("<!-- vale off --> w0", "markdown", {"ignore_syntax": True}, []),
        ("w0\n# vale off\nw1\n# vale on\nw2", "org", {"suffix": ".org"}, ["w1"]),
        ("{/* vale off */}\n\nw0\n\n{/* vale on */}\n\nw1", "markdown", {"suffix": ".mdx"}, ["w0"]),
        ("{/* vale off */}\n\nw0", "markdown", {"suffix": ".md"}, []),
        ("w0 %% vale off %% w1", "markdown", {"comment_delimiters": ("%%", "%%")}, ["w1"]),
        ("w0 `%% vale off %%` w1", "markdown", {"comment_delimiters": ("%%", "%%")}, []),
        ("w0 %% vale off", "markdown", {"comment_delimiters": ("%%", "%%")}, []),
        ("<!-- vale off --> w0", "markdown", {"comment_delimiters": ("%%", "")}, ["w0"]),
    ],
)
def test_forms(text: str, kind: str, options: dict[str, object], expected: list[str]) -> None:
    assert off(read(text, kind, **options), "A.B") == expected  # type: ignore[arg-type]


def test_findings_about_the_article_are_in_a_region_that_begins_with_it() -> None:
    assert read_regions(read("\n<!-- vale off -->\nw0"))[0].extent == Span(0, 21)
    assert read_regions(read("x <!-- vale off -->\nw0"))[0].extent == Span(19, 22)


def finding(rule: str, text: str, at: int) -> Finding:
    return Finding("a.md", None, rule, "warning", "?", 1, at + 1, 1, at + 3, at, at + 2, text)


def test_silenced_findings_are_suppressed_but_other_rules_see_no_suppression() -> None:
    document = read('w0 <!-- vale A.B["w1"] = NO --> w1 <!-- vale off --> w2')
    at = document.source.text.rindex
    found = [finding(rule, text, at(text)) for rule in ("A.B", "C.D", "x/y") for text in ("w0", "w1", "w2")]
    remaining, suppressed = SuppressionFilter((), ()).filter(document, found, "/a.md")
    assert [(one.rule, one.text) for one in remaining] == [
        *(("A.B", "w0"), ("C.D", "w0"), ("x/y", "w0")),
        *(("C.D", "w1"), ("x/y", "w1"), ("x/y", "w2")),
    ]
    assert [one.places for one in suppressed] == [(3,), (at("<!-- vale off"),), (at("<!-- vale off"),)]


def test_suppressions_can_be_turned_off() -> None:
    config = DEFAULTS._replace(run=DEFAULTS.run._replace(no_suppressions=True))
    found = [finding("A.B", "w0", 18)]
    document = read("<!-- vale off --> w0")
    assert SuppressionFilter((), (), config).filter(document, found, "/a.md") == (found, [])
    assert SuppressionFilter((), ()).filter(document, found, "/a.md")[0] == []


PIECES = (
    *("<!-- vale ", "off -->", "on -->", "A = NO -->", "A.B = YES -->", "styles = A, B -->", 'A.B["w0"] = NO -->'),
    *("w0 ", "\n\n", "`", "{/* vale off */}", "# vale on\n", "-->", " = ", "[", '"', "\r", "A[] = NO -->"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(["markdown", "html", "org"]))
def test_any_article_has_ordered_regions(text: str, kind: str) -> None:
    regions = read_regions(read(text, kind, {"org": ".org"}.get(kind, ".mdx")))
    assert [one.comment for one in regions] == sorted(one.comment for one in regions)
    for one in regions:
        assert 0 <= one.extent.start <= one.extent.end <= len(text)
        assert "vale" in text[slice(*one.comment)]
        assert isinstance(one, Region)
