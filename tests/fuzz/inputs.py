"""Articles to damage, damaged articles, and the smallest text that still fails."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

from linter import examples, readers
from linter.config import packs

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
HTML = f"<!doctype html><html lang=en><head><title>Tram</title></head><body><article>{TEXT}</article>{MARKDOWN}</body>"
WORDPRESS = f"""<!-- wp:paragraph -->
<p>The council met on <a href="https://example.org">Monday</a>,and it spoke.</p>
<!-- /wp:paragraph -->

<!-- wp:latest-posts /-->
[caption id="attachment_2" width="300"]<img src="tram.jpg" alt="A tram" /> The tram[/caption]
[gallery ids="1,2"]<!--more-->
[box type="note"]he said:

https://example.org/tram
[/box] [[gallery]] [/caption] [gallery ids="1<!--nextpage-->
[code]<b>Bold[/code]
{TEXT}"""
TEMPLATES = {"markdown": MARKDOWN, "html": HTML, "text": TEXT, "wordpress": WORDPRESS}
SHARDS = [
    *("<", ">", '"', "'", "“", "`", "```", "```html\n", "~~~", "<!--", "-->", "</", "/>", "[", "](", "![", "]:", "[^"),
    *("*", "**", "_", "~~", "\\", "&", "&amp;", "&#x", "|", "\n", "\r", "\r\n", "\n\n", "    ", "\t", "> ", "- "),
    *("1. ", "---\n", "+++\n", "# ", "\x00", "\ufffd", "\ufeff", "\u2028", "\U0001f68b", "\u0301", "\u200f", "\x85"),
    *("\x0c", "<script>", "<p", "<td>", "<a href=", "</div>", "http://", "@", "content=", "Tags: #", "u003c", "{{<"),
    *(
        "{%",
        "[x]",
        "[/x]",
        "[caption ",
        "<!-- wp:a",
        "\ud800",
        "Ã©",
        "İ",
        "ß",
        "ﬁ",
        "。",
        "？",
        "\u00a0",
        "\u202e",
        "<?xml",
        "]]>",
        "%}",
        "}}",
        "\x1b[31m",
    ),
]
BYTES = [b"\xff", b"\xfe", b"\xc3", b"\xe2\x80", b"\x80", b"\x00", b"\xf0\x9f", b"\xed\xa0\x80", b"\r", b"\n", b"\xa0"]


@cache
def seeds(kind: str) -> tuple[str, ...]:
    """Return the texts of a kind to damage: the templates, and the examples of the shipped rules."""
    shown = [
        examples._source(example)[0].text
        for rule in packs.shipped_rules()
        for example in rule.bad + rule.good
        if example.text and example.kind == kind
    ]
    return (*[TEMPLATES[kind]] * 20, *shown)


def damaged(rng: random.Random, kind: str) -> str:
    """Return one or more seeds, with pieces deleted, repeated, moved, reversed and split."""
    text = rng.choice(["\n\n", "\n", " ", "\r\n\r\n"]).join(rng.choices(seeds(kind), k=rng.choice([1, 1, 1, 2, 4])))
    for _ in range(rng.randint(1, 8)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.randint(0, 40))
        piece = text[start:end]
        new = rng.choice(["", piece * 2, piece[::-1], piece.swapcase(), *rng.sample(SHARDS, 6)])
        text = text[:start] + new + text[end:]
    return text


def mixture(rng: random.Random, kind: str) -> str:
    """Pieces of markup and of seeds, in any order."""
    pieces = []
    for piece in rng.choices(seeds(kind), k=rng.randint(0, 40)):
        at = rng.randint(0, len(piece))
        pieces.append(piece[at : at + rng.randint(0, 60)] if rng.random() < 0.3 else rng.choice(SHARDS))
    return "".join(pieces)


def data(rng: random.Random, kind: str) -> bytes:
    """Return the bytes of a damaged article, in any encoding, with undecodable bytes; sometimes only random bytes."""
    if rng.random() < 0.03:
        return rng.randbytes(rng.randint(0, 400))
    text = damaged(rng, kind) if rng.random() < 0.8 else mixture(rng, kind)
    encoding = rng.choice(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "windows-1252", "latin-1", "shift_jis", "utf-32"])
    raw = text.encode(encoding, "replace" if rng.random() < 0.9 else "ignore")
    for _ in range(rng.choice([0, 0, 0, 1, 3])):
        at = rng.randint(0, len(raw))
        raw = raw[:at] + rng.choice(BYTES) + raw[at + rng.randint(0, 3) :]
    return raw


def kinds() -> tuple[str, ...]:
    """Return all kinds of articles."""
    assert set(readers.KINDS) == TEMPLATES.keys()
    return tuple(TEMPLATES)


def smallest(raw: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Return `raw` without everything that can be deleted while it still `fails`, in halves, then in smaller pieces."""
    size = max(1, len(raw) // 2)
    while size:
        at = 0
        while at < len(raw):
            shorter = raw[:at] + raw[at + size :]
            if fails(shorter):
                raw = shorter
            else:
                at += size
        size //= 2
    return raw
