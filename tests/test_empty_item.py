"""List items without content."""

from __future__ import annotations

import pytest

from linter.checks.structure.empty_item import EmptyItem
from linter.readers import markdown
from linter.source import Source

CHECK = EmptyItem(("note",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a\n-\n- b\n", ["-"], id="between two"),
        pytest.param("  * a\r\n  * \r\n\r\n  * b\r\n", ["  * "], id="indented, loose, other line ends"),
        pytest.param("- a\n-\n\nText.\n\n- b", [], id="the last"),
        pytest.param("- a\n---\n- b", [], id="a rule"),
        pytest.param("- Price:\n- Line: 4\n", ["- Price:"], id="a label"),
        pytest.param("- **Price:**\n\n- **Line**: 4\n", ["- **Price:**"], id="a label in bold type"),
        pytest.param("- Note:\n- Line: 4\n", [], id="a label that introduces"),
        pytest.param("- Price:\n  - Line: 4\n", [], id="a list below it"),
        pytest.param("- Price:\n- Line: at 4: 5\n", [], id="no value"),
        pytest.param("- Price:\n- Line: 4\n- be short\n", [], id="a label above a list of another kind"),
        pytest.param("<!-- x\n- a\n-\n- b\n-->\n", [], id="a comment"),
        pytest.param("```\n- a\n-\n- b\n```", [], id="code"),
    ],
)
def test_items(text: str, expected: list[str]) -> None:
    assert [text[match.start : match.end] for match in CHECK.find_in(markdown.read(Source(text)))] == expected
