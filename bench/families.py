"""Generated articles of any length: runs of one character, repeated pieces, nested and unclosed constructs.

A family consists of articles in which a piece is repeated at one place, such as a heading or a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# One character of each class that readers, patterns and Unicode itself treat differently.
CHARACTERS = {
    "lower letter": "a",
    "upper letter": "A",
    "upper letter that folds to two": "İ",
    "title letter": "ǅ",
    "letter beyond ASCII": "é",
    "Cyrillic letter": "ж",
    "Chinese character": "中",
    "kana": "ア",
    "Arabic letter": "ع",
    "combining mark": "\u0301",
    "combining spacing mark": "\u0903",
    "digit": "1",
    "Arabic digit": "٣",
    "roman numeral": "Ⅷ",
    "superscript": "²",
    "underscore": "_",
    "hyphen": "-",
    "dash": "—",
    "opening bracket": "(",
    "closing bracket": ")",
    "square bracket": "[",
    "closing square bracket": "]",
    "brace": "{",
    "closing brace": "}",
    "opening quotation mark": "“",
    "closing quotation mark": "”",
    "straight quotation mark": '"',
    "apostrophe": "'",
    "curly apostrophe": "’",
    "full stop": ".",
    "comma": ",",
    "exclamation mark": "!",
    "question mark": "?",
    "colon": ":",
    "semicolon": ";",
    "ellipsis": "…",
    "ideographic stop": "。",
    "slash": "/",
    "backslash": "\\",
    "number sign": "#",
    "percent": "%",
    "ampersand": "&",
    "asterisk": "*",
    "at sign": "@",
    "plus": "+",
    "equals": "=",
    "less than": "<",
    "greater than": ">",
    "pipe": "|",
    "tilde": "~",
    "backtick": "`",
    "caret": "^",
    "dollar": "$",
    "copyright": "©",
    "space": " ",
    "no-break space": "\u00a0",
    "narrow space": "\u202f",
    "ideographic space": "\u3000",
    "tab": "\t",
    "newline": "\n",
    "carriage return": "\r",
    "line separator": "\u2028",
    "next line": "\x85",
    "form feed": "\x0c",
    "NUL": "\x00",
    "control": "\x01",
    "escape": "\x1b",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "bidirectional override": "\u202e",
    "emoji": "🚋",
    "skin tone": "🏽",
    "variation selector": "\ufe0f",
    "replacement character": "\ufffd",
    "object replacement": "\ufffc",
    "private use": "\ue000",
    "not a character": "\uffff",
    "mojibake": "Ã©",
}

# Short pieces, separated by “¦”.
PIECES = (
    "\r\n¦\n\n¦ \n¦\n ¦\t ¦\u00a0 ¦  \n¦a\n¦a\n\n¦A\n\n¦.\n\n¦a  \n¦\\\n¦. ¦! ¦? ¦… ¦, ¦: ¦; ¦) ¦( ¦- ¦– ¦— ¦| ¦· ¦"
    "” ¦“ ¦' ¦’ ¦a ¦A ¦a. ¦A. ¦a, ¦a.b¦A.¦a.¦a,¦a-¦a_¦a'¦a’¦aA¦Aa ¦Aa¦1 ¦1.¦1,¦1-¦a1¦é ¦中 ¦中。¦a\u0301¦\u0301 ¦AB ¦"
    "ABC ¦Abc ¦Abc abc ¦abc ¦the ¦The ¦I ¦i ¦a an ¦No. ¦e.g. ¦U.S. ¦Mr. ¦p.m. ¦one, two, ¦and ¦ .¦ ,¦ !¦ :¦ ?¦\"'¦"
    '" ¦"a¦"a" ¦“a” ¦“a ¦‘a’ ¦\'a ¦a\'b ¦()¦[]¦{}¦<>¦(a¦(a) ¦[a¦[a] ¦](¦][¦[](¦![¦![](¦[a](¦[a](b¦[a](b ¦'
    '[a](b "¦[a](b) ¦[a][b] ¦[a]: ¦[a]: b\n¦[a]: b\n\n¦[^a]¦[^a]: b\n¦[[¦[[a]] ¦![a](b) ¦![a](b)\n\n¦'
    '[![a](b)](c) ¦[a]\n¦[a\n¦]\n¦<a¦<a ¦<a>¦<a b¦<a b=¦<a b="¦<a b=\'¦<a b="c" ¦<a href=b>c</a> ¦</¦</a¦</a>¦'
    "<b>¦<b> ¦</b> ¦<!¦<!-¦<!--¦<!-- a ¦<!-- -->¦-->¦--¦<?¦<?a ¦<![CDATA[¦<!a ¦<p>¦<p>a¦<p>a</p>¦<p\n¦</p>\n¦<div>¦"
    "<div>\n¦<div>\n\n¦</div>\n\n¦<br>¦<br/>\n¦<li>a¦<ul><li>¦<table><tr><td>¦<tr><td>a¦<td>¦<script>¦</script>¦"
    "<style>¦<pre>¦<textarea>¦<title>¦<svg>¦<math>¦<select>¦<option>¦<iframe>¦<noscript>¦<template>¦<img src=a>¦"
    '<img alt="¦<img src="a" alt="">¦<h1>¦<h1>a</h1>¦<h2>a</h2>\n¦<a/¦<a =¦<a \'¦<1¦< ¦a<¦&¦&a¦&am¦&amp¦&amp;¦'
    "&#¦&#x¦&#1¦&#39;¦&#x27¦&lt;¦&lt;b&gt;¦&nbsp;¦&nbsp; ¦&amp;amp;¦u003c¦\\u003c¦\\x41¦%20¦%¦%zz¦\\¦\\a¦\\*¦\\[¦"
    "\\n¦{{¦}}¦{{a¦{{ a }}¦{{<¦{{< a >}}¦{{< a¦{%¦{% a¦{% a %}¦%}¦{% comment %}¦{%- ¦{#¦{% raw %}¦"
    "{% highlight a %}\n¦{: ¦{:a}¦{{% a¦<%¦<%= a %>¦${¦${a}¦$¦$$¦$a$¦$$\n¦\\(¦\\[a¦*¦**¦***¦* ¦*a¦**a¦***a¦*a* ¦"
    "**a** ¦a*¦a**¦*a_¦**a*¦_a¦__a¦_a_ ¦_a_b¦__¦~~¦~~a¦~¦~~a~~ ¦`¦``¦`a¦`a` ¦``a¦a`¦```¦```a¦```\n¦```\n\n¦```a\n¦"
    "~~~\n¦```\na\n```\n¦    a\n¦\ta\n¦    a\n\n¦    ¦|¦|a¦| a ¦| a |\n¦|-¦|-|\n¦a|b\n-|-\n¦"
    "| a | b |\n|---|---|\n| c | d |\n¦|a|b\n¦#¦# ¦#a¦# a\n¦## a\n\n¦###### a\n¦a\n===\n¦a\n---\n¦===\n¦---\n¦"
    "---\n\n¦***\n¦- - ¦* * ¦> ¦> a\n¦>\n¦>>¦> > ¦> - ¦- > ¦- ¦- a\n¦- a\n\n¦-\n¦-\n\n¦  - a\n¦1. ¦1. a\n¦1) a\n¦"
    "1.\n¦- [ ] a\n¦* a\n- b\n¦+ ¦* ¦  ¦    - ¦a\n: b\n¦: a\n¦*[a]: b\n¦• a\n¦(a) b\n¦a) ¦::¦:: ¦:::¦:::a\n¦:a: ¦"
    "@a¦@a ¦a@b¦a@b.c ¦http://¦https://a¦http://a.b ¦www.¦www.a ¦www.a.b ¦//¦://¦//a¦a/¦/a¦../¦?a=¦&a=b¦?a=b&¦#a ¦"
    "mailto:¦mailto:a ¦import a from 'b'\n¦export ¦+++\n¦a = 1\n¦a = \"b\"\n¦a: b\n¦a:\n  ¦- a: b\n¦&a *a ¦*a, ¦"
    '{a: ¦[a, ¦{"a": ¦a:\n- b\n¦? a\n: b\n¦!!a ¦|\n¦>\n ¦# a: b\n¦\'\' ¦""¦\\"¦a.b = 1\n¦[a.b]\n¦[[a]]\n¦a.¦'
    "\"a\",¦'a',¦{},¦[],¦null,¦1e¦0x¦12:¦2024-01-01 ¦1/2/2024 ¦Monday ¦May ¦Monday, May 1, ¦10:00 ¦10 a.m. ¦12 km¦"
    "$1 ¦1,000 ¦1st ¦v1.2.3 ¦ISBN ¦Ã© ¦â€™¦â€¦Ã¦&Atilde;¦\ufffd ¦\u200b ¦\u00ad¦e\u0301 ¦ﬁ¦Αa¦аa ¦аb¦\r¦\r\n\r\n¦"
    "Share this\n¦Share this\n\n¦Read more\n\n¦Tags: a, b\n¦By Anna\n\n¦Advertisement\n\n¦Subscribe\n¦Photo: A ¦"
    "(Reuters) ¦TODO ¦lorem ipsum ¦Click here ¦As an AI ¦[insert name] ¦[1] ¦[sic] ¦teh ¦teh teh ¦the the ¦"
    "recieve ¦could of ¦its ¦it's ¦Anna Anna ¦Anna Berg ¦Anna Berg, ¦<!-- copydesk:ignore a -->\n¦"
    "<!-- copydesk: off -->¦copydesk:¦# copydesk: ¦The tram is late. ¦The tram is late.\n\n¦THE TRAM IS LATE. ¦"
    "The tram is late\n¦the tram is late, ¦# The tram is late\n\n¦[The tram](https://tram.example/a) ¦"
    "![Tram](tram.jpg)\n\n¦The tram, which is late, ¦"
    "The council said on Monday that it would not pay for the harbour tram this year.\n\n¦"
    "The council said on Monday that it would not pay for the harbour tram this year. ¦"
    '<a href="x">¦<b c=\'¦</i>¦/p> ¦a">\n¦content="x"> ¦[a]: b\n[a] ¦[^1]: a\n\n[^1] ¦*a **b ¦` `` ¦```html\n\n¦'
    "|a|b\n|-|-\n¦http://a.b/ www.c.d e@f.g ¦\\u003cp ¦a, #b ¦Meta Description: a ¦Dog. cat sat. "
).split("¦")


class Place(NamedTuple):
    """A place in an article of the format `kind`: the text before and after the piece that is repeated there."""

    name: str
    kind: str
    before: str
    after: str


PLACES = (
    Place("alone", "markdown", "", ""),
    Place("paragraph", "markdown", "# The tram\n\nA", "b"),
    Place("sentence", "markdown", "The council said that ", " it would not pay.\n\nThe end.\n"),
    Place("heading", "markdown", "# A", " b\n\nThe council said that it would not pay.\n"),
    Place("title", "markdown", "---\ntitle: A", " b\n---\n\nThe council said that it would not pay.\n"),
    Place("quoted title", "markdown", '---\ntitle: "A', ' b"\nslug: a\n---\n\nThe council said.\n'),
    Place("description", "markdown", "---\ntitle: A tram\ndescription: 'A", " b'\n---\n\nThe council said.\n"),
    Place("front matter", "markdown", "---\ntitle: A tram\n", "\n---\n\nThe council said that it would not pay.\n"),
    Place("TOML", "markdown", "+++\ntitle = 'A tram'\n", "\n+++\n\nThe council said that it would not pay.\n"),
    Place("JSON", "markdown", '{"title": "A', ' b"}\n\nThe council said that it would not pay.\n'),
    Place("slug", "markdown", "---\ntitle: A tram\nslug: a", "b\ntags: [a]\n---\n\nThe council said.\n"),
    Place("link text", "markdown", "The council [A", " b](https://a.example/b) said that.\n"),
    Place("link address", "markdown", "The council [said](https://a.example/b", "c) that.\n"),
    Place("link title", "markdown", "The council [said](https://a.example/b 'A", " c') that.\n"),
    Place("bare address", "markdown", "The council https://a.example/b", " that.\n"),
    Place("alt text", "markdown", "The council.\n\n![A", " b](tram.jpg)\n\nThe end.\n"),
    Place("list item", "markdown", "The council:\n\n- A", " b\n- c\n"),
    Place("quotation", "markdown", "The council:\n\n> A", " b\n"),
    Place("table", "markdown", "| a | b |\n|---|---|\n| A", " b | c |\n"),
    Place("code", "markdown", "The council:\n\n```text\nA", " b\n```\n\nThe end.\n"),
    Place("inline code", "markdown", "The council said `a", " b` that it would.\n"),
    Place("comment", "markdown", "The council <!-- a", " b --> that it would.\n"),
    Place("attribute", "markdown", 'The council <a href="https://a.example" title="a', ' b">that</a> it would.\n'),
    Place("emphasis", "markdown", "The council **A", " b** that it would.\n"),
    Place("html alone", "html", "", ""),
    Place("html paragraph", "html", "<title>A tram</title><h1>The tram</h1>\n<p>A", " b</p>\n<p>The end.</p>\n"),
    Place("html heading", "html", "<title>A tram</title><h1>A", " b</h1>\n<p>The end.</p>\n"),
    Place(
        "html title", "html", "<!doctype html><html><head><title>A", " b</title></head><body><p>The end.</p></body>\n"
    ),
    Place("html meta", "html", '<title>A</title><meta name="description" content="A', ' b"><p>The end.</p>\n'),
    Place("html link text", "html", '<p>The <a href="https://a.example/b">A', " b</a> said.</p>\n"),
    Place("html address", "html", '<p>The <a href="https://a.example/b', 'c">tram</a> said.</p>\n'),
    Place("html alt text", "html", '<p>The council.</p><img src="a.jpg" alt="A', ' b"><p>The end.</p>\n'),
    Place("html tag", "html", "<p>The council <b ", ">said</b> that.</p>\n"),
    Place(
        "html data",
        "html",
        '<script type="application/ld+json">{"@type": "Article", "headline": "A',
        '"}</script><p>a\n',
    ),
    Place("text alone", "text", "", ""),
    Place("text line", "text", "The tram\n\nA", " b\n\nThe end.\n"),
    Place("text first line", "text", "A", " b\n\nThe council said that it would not pay.\n"),
)


MAIN = frozenset(  # places for all pieces; the others are for single characters
    {"alone", "sentence", "heading", "quoted title", "link address", "html alone", "html paragraph", "text alone"}
)


class Family(NamedTuple):
    """Articles of the format `kind` in which `piece` is repeated between the texts `before` and `after`."""

    name: str
    kind: str
    piece: str
    before: str
    after: str

    def text(self, size: int) -> str:
        """Return an article of about `size` code points."""
        return self.before + self.piece * max(1, size // len(self.piece)) + self.after


class Nesting(NamedTuple):
    """A family of nested pieces: openers, and as many closers."""

    name: str
    kind: str
    opener: str
    closer: str
    before: str = ""
    after: str = ""

    def text(self, size: int) -> str:
        count = max(1, size // len(self.opener + self.closer))
        return self.before + self.opener * count + "a" + self.closer * count + self.after


class Numbered(NamedTuple):
    """A family whose piece contains a running number in place of `{}`."""

    name: str
    kind: str
    piece: str
    before: str = ""
    after: str = ""

    def text(self, size: int) -> str:
        count = max(1, size // (len(self.piece) + 2))
        return self.before + "".join(self.piece.replace("{}", str(i)) for i in range(count)) + self.after


class Indented(NamedTuple):
    """A family of lines with increasing indentation, so that n lines have about n² spaces."""

    name: str
    kind: str
    piece: str
    before: str = ""
    after: str = ""

    def text(self, size: int) -> str:
        depth = max(2, int(size**0.5))
        return self.before + "".join("  " * i + self.piece for i in range(depth)) + self.after


Article = Family | Nesting | Numbered | Indented

# Families that once took quadratic time, by the part of the tool that did.
_FORMER = (
    Family("capitals", "markdown", "A", "", ""),
    Family("capitals that fold to two characters", "markdown", "İ", "", ""),
    Family("spaces in a heading", "markdown", "&nbsp;", "# A", " b"),
    Family("spaces in the first line of plain text", "text", " ", "A", "b"),
    Family("full stops", "markdown", ". ", "", ""),
    Family("exclamation marks", "markdown", "! ", "", ""),
    Family("ellipses", "markdown", "… ", "", ""),
    Family("one word in a title", "markdown", "a", '---\ntitle: "A', ' b"\n---\n\nThe tram is late.\n'),
    Family("mojibake in a title", "markdown", "Ã©", "---\ntitle: A", " b\n---\n\nThe tram is late.\n"),
    Family("blanks in front matter", "markdown", " ", "---\ntitle: [a\nb:", "c: d\n---\n\nThe tram is late.\n"),
    Family("joiners", "markdown", "\u200d", "A", "b"),
    Family("word joiners", "markdown", "\u2060", "A ", "b"),
    Family("semicolons in an address", "html", ";", '<p><a href="https://a.example/b', 'c">The tram</a> is late.</p>'),
    Family("letters that fold together in an address", "markdown", "s", "[A](a@b.c", "!)"),
    Family("expressions in a line", "markdown", "{{ a }} ", "", "b"),
    Family("comments left open", "markdown", "{% comment %}", "", "endcomment"),
    Family("hyphens in a comment", "markdown", "-", "<!-- copydesk a", "b -->"),
    Family("bold tags left open", "markdown", "<b>a\n\n", "", ""),
    Family("dots in a description", "markdown", ".", "---\ndescription: A", " -\n---\n\nThe tram is late.\n"),
    Family("marks of [sic]", "markdown", "[sic] ", "The tram ", "is late."),
    Family("dots in a host", "markdown", "www.", "The tram is late today, says ", "a.example. It is late."),
    Family("tags", "markdown", ", x", "---\ntitle: A\ntags: [x", "]\n---\n\nThe tram is late.\n"),
    Family("tags in one text", "markdown", ", x", "---\ntitle: A\ntags: x", "\n---\n\nThe tram is late.\n"),
    Family("shortcodes", "wordpress", "[a b='c']The tram\n\n[/a] ", "", "is late."),
    Family("newlines", "text", "\n", "The tram", "is late."),
)
# Pieces of articles of WordPress, separated by “¦”.
_WORDPRESS = (
    '[¦[a ¦[a =\'¦[a]¦[a][/b]¦[video a=1]\n\n[/video]¦[caption caption="a"]¦[caption a=1]<a <img [/caption]¦'
    "\n\n¦ ¦<!-- wp:a -->¦<!-- wp:¦https://a.example/b \n¦https://a.example/b  ¦<pre>¦<script>\n\n[a]¦<b>a\n¦<b>a\n\n"
).split("¦")
_NESTED = (
    *(
        ("[", "]"),
        ("(", ")"),
        ("{", "}"),
        ("[", "](b)"),
        ("![", "](b)"),
        ("*", "*"),
        ("**", "**"),
        ("*a ", " b*"),
        ("_a ", "_"),
    ),
    *(
        ("<b>", "</b>"),
        ("<div>", "</div>"),
        ("<div>\n", "</div>\n"),
        ("<p>", "</p>"),
        ("<a>", "</a>"),
        ("<ul><li>", "</ul>"),
    ),
    *(
        ("<blockquote>", "</blockquote>"),
        ("<table><tr><td>", "</table>"),
        ("“", "”"),
        ("“‘", "’”"),
        ('"', '"'),
        ("{{", "}}"),
    ),
    *(
        ("{% if a %}", "{% endif %}"),
        ("{% comment %}", "{% endcomment %}"),
        ("> ", ""),
        ("- ", ""),
        ("1. ", ""),
        ("> - ", ""),
    ),
    *(
        ("<!--", "-->"),
        ("<script>", "</script>"),
        ("<pre><code>", "</code></pre>"),
        ("`", "`"),
        ("{{< a >}}", "{{< /a >}}"),
    ),
    *(("<span style='display:none'>", "</span>"), ("<article>", "</article>"), ("<section><h2>a</h2>", "</section>")),
    *(
        ("<figure><figcaption>", "</figcaption></figure>"),
        ("[![a](b) ", "](c)"),
        ("[a [b](c) ", "](d)"),
        ("\\[", "\\]"),
    ),
)
_NUMBERED = (
    *(
        "[a{}](b{}) ",
        "[a{}][b{}] ",
        "[b{}]: c{}\n",
        "![a{}](b{}.jpg)\n\n",
        "# a{}\n\n",
        "## a{}\n\nThe tram {}.\n\n",
        "- a{}\n",
    ),
    *(
        "[^{}] ",
        "[^{}]: a{}\n",
        "[^{}]\n\n[^{}]: a\n\n",
        "<a id='a{}'></a>",
        "<b{}>",
        "</b{}>",
        "<b{}></b{}>",
        "<a b{}=c>",
    ),
    *(
        "`" + "a{}",
        "<p class='a{}'>b",
        "a{} ",
        "A{} ",
        "Anna{} Berg{} ",
        "https://a{}.example/b{} ",
        "a{}@b{}.example ",
    ),
    *("The tram {} is late. ", "The tram {} is late.\n\n", "The council said on Monday that it would not pay {}.\n\n"),
    *(
        "[Read {}](https://a.example/{})\n",
        "<a href='#a{}'>b</a>\n",
        "<h2 id='a{}'>b</h2>\n",
        "{{< a{} >}}\n",
        "| a{} | b |\n",
    ),
    *(
        "<!-- copydesk:ignore a{} -->\n\nThe tram.\n\n",
        "<td>a{}",
        "<img src='a{}.jpg' alt='The tram {}'>\n",
        "<meta name=a{} content=b>\n",
    ),
    *(
        "```a{}\nb\n```\n\n",
        "Term{}\n: The tram {}\n\n",
        "*[A{}]: b\n",
        "A{}. ",
        "teh{} ",
        "co-op{} coop{} ",
        "e-mail email{} ",
    ),
)
_MATTER = (
    *(
        "a{}: b\n",
        "a{}: 'b'\n",
        'a{}: "b\\n"\n',
        "- a{}\n",
        "a{}:\n  b: c\n",
        "a{}: [b, c]\n",
        "a{}: {b: c}\n",
        "a{}: &a{} b\n",
    ),
    *(
        "a{}: |\n  b\n",
        "a{}: 2024-01-01\n",
        "# a{}\n",
        "a{}: *b\n",
        "a: b\n",
        "  a{}: b\n",
        "a{}\n",
        "a{}: b: c\n",
        'a{}: "b\n',
    ),
)
_TOML = (
    *("a{} = 1\n", "a{} = 'b'\n", 'a{} = "b"\n', "a{} = [1, 2]\n", "[a{}]\nb = 1\n", "[[a]]\nb = {}\n", "a{}.b = 1\n"),
    *("a{} = {b = 1}\n", "# a{}\n", "a{} = '''\nb'''\n", "a{} = 2024-01-01\n", "[a.b{}]\n", "a{}\n", "a = {}\n"),
)


def all_families() -> Iterator[Article]:
    """Yield all families of generated articles."""
    yield from _FORMER
    for piece in _WORDPRESS:
        yield Family(f"{piece!r} in WordPress", "wordpress", piece, "", "")
    pieces = dict(CHARACTERS)
    pieces |= {repr(piece): piece for piece in PIECES}
    for place in PLACES:
        for name, piece in pieces.items() if place.name in MAIN else CHARACTERS.items():
            yield Family(f"{name} in {place.name}", place.kind, piece, place.before, place.after)
    for kind in ("markdown", "html", "text"):
        for opener, closer in _NESTED:
            yield Nesting(f"nested {opener!r} in {kind}", kind, opener, closer)
            yield Nesting(
                f"nested {opener!r} in a sentence of {kind}", kind, opener, closer, "The tram ", " is late.\n"
            )
        for piece in _NUMBERED:
            yield Numbered(f"numbered {piece!r} in {kind}", kind, piece)
            yield Numbered(
                f"numbered {piece!r} below a title in {kind}", kind, piece, "# The tram\n\n", "\n\nThe end.\n"
            )
        for piece in ("- a\n", "1. a\n", "> a\n", "<div>\n", "a\n", "a: b\n", "# a\n", "```\n", "* a\n\n"):
            yield Indented(f"indented {piece!r} in {kind}", kind, piece)
    for piece in _MATTER:
        yield Numbered(f"numbered {piece!r} in YAML", "markdown", piece, "---\n", "---\n\nThe tram is late.\n")
        yield Numbered(f"numbered {piece!r} in YAML left open", "markdown", piece, "---\n")
        yield Numbered(
            f"numbered {piece!r} below a key", "markdown", f"  {piece}", "---\nz:\n", "---\n\nThe tram is late.\n"
        )
    for piece in _TOML:
        yield Numbered(f"numbered {piece!r} in TOML", "markdown", piece, "+++\n", "+++\n\nThe tram is late.\n")
    for opener, closer in (("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("!a ", ""), ('"', '"'), ("'", "'")):
        yield Nesting(
            f"nested {opener!r} in YAML", "markdown", opener, closer, "---\na: ", "\n---\n\nThe tram is late.\n"
        )
    for opener, closer in (("[", "]"), ("{a = ", "}"), ("'''", "'''"), ("[[", "]]")):
        yield Nesting(
            f"nested {opener!r} in TOML", "markdown", opener, closer, "+++\na = ", "\n+++\n\nThe tram is late.\n"
        )
    for opener, closer in (("[", "]"), ('{"a": ', "}")):
        yield Nesting(f"nested {opener!r} in JSON", "markdown", opener, closer, '{"a": ', "}\n\nThe tram is late.\n")
    yield Indented("indented keys in YAML", "markdown", "a:\n", "---\n", "---\n\nThe tram is late.\n")
