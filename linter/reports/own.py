"""Whether a file is a report that copydesk wrote, so that it may be overwritten."""

from __future__ import annotations

import re

from linter import late, opening

_HEAD = 1000  # bytes that are enough to recognize a report
_REPORT = late.pattern(
    rb"""(?x)
      \Z                                                            # a plain report without findings
    | (?: [^\n]+ \n )? (?: STOP | MEND ) \ \xe2\x80\x94 \               # terminal, perhaps below a name
    | (?: [^\n]+ \n )? [^\n\d]{,12} \ \d+ \ \xe2\x94\x82                # terminal, everything
    | (?: Nothing\ to\ mend | There\ was\ no\ article | The\ worst ) \   # terminal
    | \ + pack \ + findings \ + articles                             # terminal, statistics
    | [^\n]+ : \d+ : \d+ : \  (?: error | warning | info ) : \         # plain
    | :: (?: error | warning | notice ) \ file=                      # github
    | copydesk:\                                                   # github, without findings
    | \#\#\#\ copydesk:\                                              # markdown
    | \[ (?: \] \s* \Z | \n \{ "description": )                      # gitlab
    | \{ "(?: version": \ 1, \ "files" | finding | end | \$schema) "?: # json, jsonl, sarif
    | <\?xml [^\n]+ \n <testsuites\ name="copydesk"                  # junit
    | <!doctype\ html> .{,200} content="copydesk\                    # html
    """,
    re.DOTALL,
)


def is_report(file: str) -> bool:
    """Whether a file begins as reports do, or is empty. False for what cannot be read."""
    try:
        with opening.regular(file) as opened:
            return bool(_REPORT.match(opened.read(_HEAD)))
    except OSError:
        return False
