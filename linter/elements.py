"""The elements of HTML, by what they do: tables alone."""

from __future__ import annotations

# The elements of HTML and of its past (WHATWG HTML, "Index" and "Non-conforming features"), and those of
# SVG and AMP that stand in articles.
ELEMENTS = frozenset(
    """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center cite code col colgroup command data datalist dd del
    details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1
    h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd keygen label legend li link
    main map mark marquee menu meta meter nav nobr noembed noframes noscript object ol optgroup option
    output p param picture plaintext pre progress q rp rt ruby s samp script search section select slot
    small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th
    thead time title tr track tt u ul var video wbr xmp path g amp-img amp-ad amp-youtube o:p
    """.split()
)
# Those that have no content, and so no end tag.
VOID = frozenset(
    """
    area base basefont bgsound br col command embed frame hr img input isindex keygen link meta param source
    track wbr
    """.split()
)
# Those whose end tag may be left out (WHATWG HTML 13.1.2.4).
OPTIONAL_END = frozenset(
    """
    p li dt dd tr td th thead tbody tfoot option optgroup colgroup caption rt rp html head body
    """.split()
)
# Those whose content is no copy.
RAW_TEXT = frozenset(
    """
    script style template noscript textarea svg iframe object select
    """.split()
)
