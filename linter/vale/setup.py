"""What `copydesk init` does about a `.vale.ini` in the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from linter.config.config import BadConfig
from linter.reporters import number_phrase
from linter.suggest import as_list
from linter.vale import discovery, load
from linter.vale.options import ValeOptions, not_run_phrase

_PARAGRAPH = """\
# The rules of Vale styles that this file uses, in addition to those of copydesk.
{}

"""


def starting_config(folder: Path) -> tuple[str, list[str]]:
    """Return the paragraph about Vale for the config, and lines to print. A .vale.ini with mistakes is not used."""
    path = discovery.config_in(str(folder))
    name = os.path.basename(path)
    try:
        lines = [*_rules_phrases(path)] if path else []
    except BadConfig as bad:
        lines = [f"{name} is not used, because it has mistakes:", *(f"  {line}" for line in bad.mistakes)]
        name = ""
    return _PARAGRAPH.format(f"vale: {name}" if name else "# vale: .vale.ini"), lines


def _rules_phrases(path: str) -> Iterator[str]:
    """Yield sentences about the rules that a .vale.ini turns on, and about those that are not run. Raises BadConfig."""
    styles = load.open_styles(ValeOptions(path, named=False))
    on = [rule for rule in styles.anywhere if rule.enabled]
    names = as_list(sorted({rule.pack for rule in on}), "and") or "Vale"
    yield f"{os.path.basename(path)}: copydesk check runs {number_phrase(len(on), 'rule')} of {names}."
    if not_run := not_run_phrase(styles.not_run):
        yield f"{not_run[0].upper()}{not_run[1:]}."
