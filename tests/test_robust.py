"""The whole of a check on what nobody would write: no exception, true positions, linear time."""

from __future__ import annotations

import time
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linter import engine, gathering, packs, readers
from linter.document import Document
from linter.finding import Finding
from linter.plan import PlainPlan
from linter.prose import language
from linter.source import Source

KINDS = [kind for kind in readers.KINDS if find_spec(f"linter.readers.{kind}")]
PLAN = PlainPlan(packs.shipped())
ACROSS = [rule for rule in packs.shipped() if rule.looks_at == "folder"]
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

MARKDOWN = """---
title: "The harbour tram: ```html"
tags: [tram, 'harbour']
description: Meta Description: what the tram costs
---

# The harbour *tram*

The council met on Monday,and it spoke about the [tram](https://example.org/tram "The tram"). he said:
“We were told 48&nbsp;million.” ![A tram](tram.jpg "late") <b>Bold</b> and <a href="/x" title="y">link</a>

> - a quote with a list
>   1. and one in it

| one | two |
|-----|:---:|
| a   | `b` |

```html
<p>The council</p>
```

<div class="box">

Meta Description: The tram is late.[^1]

</div></section> near Japan.">

[^1]: A note with \U0001f68b and a\u0301.
[tram]: <https://example.org/a b> 'title'
"""
TEXT = """“`html

The council met on <a href="https://example.org" title="China | Facts, Map & Flag">Monday</a>
surveillance operations near Japan.">
Tags: dev.to - #tram #harbour

* A bullet is left over.
‘‘‘ \u202eright to left\u202c \ufeff &lt;p&gt;The tram&lt;/p&gt; <!-- ask Anna --> <anna@example.org> a < b
u003ca href=u0022/u0022u003e https://medium.com/@anna/casino-bonus [tram](https://example.org)
"""
TEMPLATES = {"markdown": MARKDOWN, "text": TEXT, "html": MARKDOWN + TEXT}
SHARDS = [
    *("<", ">", '"', "'", "“", "`", "```", "```html\n", "~~~", "<!--", "-->", "</", "/>", "[", "](", "![", "]:", "[^"),
    *(
        "*",
        "**",
        "_",
        "~~",
        "\\",
        "&",
        "&amp;",
        "&#x",
        "|",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
    ),
    *("---\n", "+++\n", "# ", "\x00", "\ufffd", "\ufeff", "\u2028", "\U0001f68b", "\u0301", "\u200f", "\x85", "\x0c"),
    *("<script>", "<p", "<td>", "<a href=", "</div>", "http://", "@", "content=", "Tags: #", "u003c", "{{<", "{%"),
]


@st.composite
def damaged(draw: st.DrawFn, template: str) -> str:
    """`template` with pieces cut out, doubled, moved and broken into."""
    text = template
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        new = draw(st.sampled_from(["", text[start:end] * 2, text[start:end][::-1], *SHARDS]))
        text = text[:start] + new + text[end:]
    return text


def across(document: Document) -> list[Finding]:
    """What the rules find in it that look across folders, in one that holds it three times."""
    accounts, _ = engine.tell(document, ACROSS)
    folder = [account._replace(path=path) for account in accounts for path in (document.source.path, "a.md", "b.md")]
    claims, _ = gathering.gather(ACROSS, folder, lambda path, address: False)
    return engine.stamp(document, claims.get(document.source.path, ()))[0]


def look(source: Source, kind: str) -> list[Finding]:
    """What all rules find, of which every place must be true."""
    document = language.settle(readers.read(source, kind))
    findings, _ = engine.check(document, PLAN)
    for finding in findings + across(document):
        assert source.text[finding.start : finding.end] == finding.text
        assert 0 <= finding.start <= finding.end <= len(source.text)
        assert source.position(finding.start) == (finding.line, finding.column)
        assert source.position(finding.end) == (finding.end_line, finding.end_column)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(source.text)
    return findings


@pytest.mark.parametrize("kind", KINDS)
@THOROUGH
@given(st.binary(max_size=400))
@example(b"")
@example(b"\xff\xfe<\x00p\x00>")
@example(b"\xef\xbb\xbf---\r\ntitle: \xe9\r---\n```")
@example(b"\x00" * 20)
def test_any_bytes(kind: str, data: bytes) -> None:
    look(Source.from_bytes(data), kind)


@pytest.mark.parametrize("kind", KINDS)
@THOROUGH
@given(st.lists(st.sampled_from(SHARDS) | st.text(max_size=6), max_size=40).map("".join))
def test_any_mixture_of_markup(kind: str, text: str) -> None:
    look(Source(text), kind)


@pytest.mark.parametrize("kind", KINDS)
@THOROUGH
@given(st.data())
def test_any_damaged_article(kind: str, data: st.DataObject) -> None:
    look(Source(data.draw(damaged(TEMPLATES[kind]))), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_templates_hold_something_to_damage(kind: str) -> None:
    assert len({finding.rule for finding in look(Source(TEMPLATES[kind]), kind)}) >= 4


SIZE = 8_000
HOSTILE = {
    "one long line": "The tram is late. ",
    "open tags": "<b>",
    "open blocks": "<div>",
    "open links": '<a href="x">',
    "open comments": "<!-- ",
    "open scripts": "<script>",
    "tags that never end": "<b c='",
    "end tags": "</i>",
    "ends of end tags": "/p> ",
    "ends of attributes": 'a">\n',
    "attributes": 'content="x"> ',
    "angle brackets": "<",
    "declarations": "<?",
    "square brackets": "[",
    "open links of Markdown": "[a](",
    "open images": "![",
    "references": "[a]: b\n[a] ",
    "footnotes": "[^1]: a\n\n[^1] ",
    "stars": "*a **b ",
    "underscores": "_a",
    "code marks": "` `` ",
    "fences": "```\n",
    "fences with words": "```html\n\n",
    "nested quotes": "> ",
    "nested lists": "- ",
    "tables": "|a|b\n|-|-\n",
    "underlines": "a\n===\n",
    "front matter": "---\n",
    "quotation marks": '"a ',
    "curly quotation marks": "“",
    "entities": "&amp;",
    "ampersands": "&",
    "addresses": "http://a.b/ www.c.d e@f.g ",
    "damaged tags": "\\u003cp ",
    "keywords": "a, #b ",
    "labels": "Meta Description: a ",
    "sentences": "Dog. cat sat. ",
    "line ends": "\r\n\r",
    "byte-order marks": "\ufeff",
}


def seconds(text: str, kind: str) -> float:
    start = time.process_time()
    document = language.settle(readers.read(Source(text), kind))
    engine.check(document, PLAN)
    across(document)
    return time.process_time() - start


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_as_the_article_does(kind: str, name: str) -> None:
    """Four times the text takes four times as long, in quadratic time it would be sixteen; the bound is loose."""
    short = (HOSTILE[name] * SIZE)[:SIZE]
    assert seconds(short * 4, kind) < 9 * seconds(short, kind) + 0.2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The tram is late and nobody knows why. " * 100_000, id="a line of 4 MB"),
        pytest.param("<i>" * 100_000, id="a hundred thousand open tags"),
        pytest.param("<div>" * 20_000 + "x" + "</div>" * 20_000, id="blocks nested deep"),
        pytest.param(">" * 50_000 + " x", id="quotes nested deep"),
        pytest.param("".join(f"{'  ' * depth}- a\n" for depth in range(500)), id="lists nested deep"),
        pytest.param("[" * 50_000 + "a" + "](b)" * 50_000, id="links nested deep"),
    ],
)
def test_what_is_huge_ends(kind: str, text: str) -> None:
    assert seconds(text, kind) < 120
