"""The rules in docs/house-rules.md, together, on the articles of a newsroom."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from linter.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "house-rules.md").read_text("utf-8")
BLOCKS = re.findall(r"(?s)```yaml\n(.*?)```", PAGE)
RULES = {re.findall("id: (.*)", block)[0]: block for block in BLOCKS if block.startswith("id:")}
CONFIG = next(block for block in BLOCKS if block.startswith("rules:") and "overrides:" in block)
STYLE = "style/"

CLEAN = {
    "harbor-tram.md": """\
---
title: The harbor tram
author: Anna Berg
ai: true
embargo: 2024-05-01
---

# The harbor tram will cost twice as much

The council criticized the plan on March 18. “It was slammed,” said Per Holm. Three people will sell the OsterCard.

![The harbor](harbor.jpg)

*The harbor at night. Photo: Ellen Vik*

See [the plan](/news/plan) for all 11 stops of Line 3, or https://www.ostervik.example for the news.

*This article was written with the help of AI.*
""",
    "last-ferry.txt": """\
The last ferry leaves in October
By Solveig Dahl

For ninety years the ferry took farmers and cows to the market. It will make its last crossing on October 12.
""",
    "library.html": """\
<!doctype html>
<html lang="en">
<head><title>The library lends out its ladders</title></head>
<body>
<article>
<h1>The library lends out its ladders</h1>
<p class="byline">Olav Lie</p>
<figure><img src="ladder.jpg" alt="A ladder"><figcaption>The ladder. Photo: Ellen Vik</figcaption></figure>
<p>Besides 80,000 books the library of Ostervik lends out ladders, drills and a cement mixer, free of charge.</p>
</article>
</body>
</html>
""",
}
DEFECTS = {
    "harbor-tram.md": """\
---
title: The harbor tram
ai: true
embargo: 2999-05-01
---

# The harbor tram will cost twice as much as the city council of Ostervik had planned

EMBARGOED UNTIL 6 a.m. on Monday

The council slammed the plan on 3/18/2025. The line will have 11 stops, and 3 people will sell the Oster Card there.

![The harbor](harbor.jpg)

See [the plan](https://www.ostervik.example/news/plan) for all the other works along the water.
""",
    "last-ferry.txt": CLEAN["last-ferry.txt"].replace("By Solveig Dahl\n", ""),
    "library.html": CLEAN["library.html"]
    .replace('<p class="byline">Olav Lie</p>\n', "")
    .replace("The ladder. Photo: Ellen Vik", "The ladder"),
}


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all rules of the page and its config."""
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "articles").mkdir()
    for name, block in RULES.items():
        (tmp_path / "house" / "style" / f"{name}.yaml").write_text(block, "utf-8")
    (tmp_path / "copydesk.yaml").write_text(CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(newsroom: Path, articles: dict[str, str]) -> list[tuple[str, str, str]]:
    """The place, the rule and the matched text of each finding of the page's rules in `articles`."""
    for name, text in articles.items():
        (newsroom / "articles" / name).write_text(text, "utf-8")
    report = newsroom / "report.json"
    main(["check", "articles", "--report", f"json={report}"])
    return [
        (f"{one['path'].removeprefix('articles/')}:{one['line']}:{one['column']}", one["rule"], one["text"])
        for one in json.loads(report.read_text("utf-8"))["findings"]
        if one["rule"].startswith(STYLE)
    ]


def test_their_examples_pass(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "house"]) == 0
    assert capsys.readouterr().err.endswith(" examples pass\n")


def test_they_find_what_is_wrong(newsroom: Path) -> None:
    headline = "The harbor tram will cost twice as much as the city council of Ostervik had planned"
    assert found(newsroom, DEFECTS) == [
        ("harbor-tram.md:1:1", "style/byline", "---"),
        ("harbor-tram.md:4:10", "style/embargo-date", "2999-05-01"),
        ("harbor-tram.md:7:3", "style/ai-disclosure", headline),
        ("harbor-tram.md:7:3", "style/headline-length", headline),
        ("harbor-tram.md:9:1", "style/embargo-notice", "EMBARGOED UNTIL"),
        ("harbor-tram.md:11:13", "style/banned-words", "slammed"),
        ("harbor-tram.md:11:33", "style/dates", "3/18/2025"),
        ("harbor-tram.md:11:77", "style/numbers", "3"),
        ("harbor-tram.md:11:100", "style/product-names", "Oster Card"),
        ("harbor-tram.md:13:1", "style/image-credit", "![The harbor](harbor.jpg)"),
        ("harbor-tram.md:15:16", "style/own-links", "https://www.ostervik.example/news/plan"),
        ("last-ferry.txt:1:1", "style/byline", "The last ferry leaves in October"),
        ("library.html:3:1", "style/byline", "<head>"),
        ("library.html:7:9", "style/image-credit", '<img src="ladder.jpg" alt="A ladder">'),
    ]


def test_each_rule_has_a_defect_to_find(newsroom: Path) -> None:
    assert {rule for _, rule, _ in found(newsroom, DEFECTS)} == {f"{STYLE}{name}" for name in RULES}


def test_they_are_silent_on_clean_articles(newsroom: Path) -> None:
    assert found(newsroom, CLEAN) == []


def test_their_fixes_leave_nothing_to_fix(newsroom: Path) -> None:
    found(newsroom, DEFECTS)
    assert main(["fix", "articles", "--quiet"]) == 0
    text = (newsroom / "articles" / "harbor-tram.md").read_text("utf-8")
    assert "[the plan](/news/plan)" in text
    assert "sell the OsterCard there" in text
    assert main(["fix", "articles", "--check"]) == 0


def test_each_rule_has_a_section_and_a_row() -> None:
    """A section consists of what the rule is for, the rule, and what to change."""
    sections = re.split(r"(?m)^## ", PAGE)[1:]
    assert len(sections) == 10
    assert all(
        re.match(r"(?s)[^\n]+\n\nFinds .*```yaml\nid: .*^What to change: ", text, re.MULTILINE) for text in sections
    )
    rows = re.findall(r"(?m)^\| \[(.*?)\]\(#(.*?)\) \|", PAGE)
    assert [name for name, _ in rows] == [text.split("\n")[0] for text in sections]
    assert all(anchor == name.lower().replace(" ", "-") for name, anchor in rows)
