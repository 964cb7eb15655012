"""A complete check of hostile articles: it ends, no rule is cut off, and it opens no network connection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.checking import FAST, across, read
from linter import engine, readers
from linter.finding import Problem
from linter.source import Source

SIZE = 16_000  # characters
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


def check(text: str, kind: str) -> list[Problem]:
    """Check an article with all rules, and return the problems, such as rules that were cut off."""
    document = read(Source(text), kind)
    across(document)
    return list(engine.check(document, FAST)[1])


@pytest.mark.slow
@pytest.mark.parametrize("kind", readers.KINDS)
def test_no_rule_is_cut_off(kind: str) -> None:
    """See also bench/growth.py, which measures how the time grows."""
    texts = {name: (piece * SIZE)[:SIZE] for name, piece in HOSTILE.items()}
    for name, piece in (("space", " "), ("dashes", " – "), ("colons", " :: ")):
        title = f"The tram{piece * (2 * SIZE // len(piece))}is late"
        texts[f"{name} in a title"] = f"<title>{title}</title>" if kind == "html" else f"---\ntitle: {title}\n---\n"
    assert {name: problems for name, text in texts.items() if (problems := check(text, kind))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", readers.KINDS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The tram is late and nobody knows why. " * 12_500, id="a line of 500 KB"),
        pytest.param("<i>" * 100_000, id="a hundred thousand open tags"),
        pytest.param("<div>" * 20_000 + "x" + "</div>" * 20_000, id="blocks nested deep"),
        pytest.param(">" * 50_000 + " x", id="quotes nested deep"),
        pytest.param("".join(f"{'  ' * depth}- a\n" for depth in range(500)), id="lists nested deep"),
        pytest.param("[" * 50_000 + "a" + "](b)" * 50_000, id="links nested deep"),
    ],
)
def test_what_is_huge_ends(kind: str, text: str) -> None:
    check(text, kind)


NETWORK = """
import sys

def hook(event, values):
    if event.startswith(("urllib.", "ftplib.", "http.client.", "smtplib.")) or event in (
        "socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"
    ):
        print("network:", event, values, file=sys.stderr)

sys.addaudithook(hook)
from linter.cli import main
status = main(sys.argv[1:])
print("done", status)
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_opens_no_connection(jobs: str, tmp_path: Path) -> None:
    """Links, images, scripts and schemas in articles name hosts, but no run connects to them."""
    for number in range(3):
        article = "".join(f"{HOSTILE[name]}\n\n" for name in HOSTILE)
        article += (
            "![a](https://tram.example/a.png) <script src='//tram.example/x.js'></script> <img src=http://a.example>\n"
        )
        (tmp_path / f"{number}.md").write_text(f"{article}{number}", "utf-8")
        (tmp_path / f"{number}.html").write_text(f"<!DOCTYPE html SYSTEM 'http://a.example/x.dtd'>{article}", "utf-8")
    for command in (
        ["check", "--all", "--jobs", jobs, "--report", "html=report.html", "--report", "sarif=report.sarif"],
        ["fix", "--unsafe", "--jobs", jobs],
    ):
        done = subprocess.run(
            [sys.executable, "-c", NETWORK, command[0], ".", "--isolated", *command[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "network:" not in done.stderr
        assert "done" in done.stdout


def test_a_connection_would_be_seen() -> None:
    look_up = NETWORK.replace(
        "status = main(sys.argv[1:])", "import socket; status = socket.getaddrinfo('127.0.0.1', 80)"
    )
    done = subprocess.run([sys.executable, "-c", look_up], capture_output=True, text=True, check=False)
    assert "network: socket.getaddrinfo" in done.stderr
