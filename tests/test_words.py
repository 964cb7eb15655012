"""words.txt: its format, where it is found, and the findings that it suppresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.config.load import BadConfig
from linter.files.articles import Article
from linter.rule import Words

ARTICLE = "The talks between china and Russia, so Github says, were on monday in moscow City, and russia knew.\n"


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        pytest.param("adidas", True, id="a word"),
        pytest.param("  adidas  ", True, id="a word in spaces"),
        pytest.param("Adidas", False, id="capitals count"),
        pytest.param("# adidas", False, id="a comment"),
        pytest.param("#adidas", False, id="a comment without a space"),
        pytest.param("adidas # the maker of shoes", True, id="a comment behind a word"),
        pytest.param("adidas Group", True, id="the phrase around the word"),
        pytest.param("the adidas Group", True, id="a phrase that begins before the word"),
        pytest.param("adidas AG", False, id="another phrase"),
        pytest.param("adi", False, id="a part of the word"),
        pytest.param("", False, id="a blank line"),
    ],
)
def test_a_line_makes_a_spelling_right(line: str, allowed: bool) -> None:
    text = "Shares of the\nadidas Group fell."
    start = text.index("adidas")
    assert Words([line]).allow(text, start, start + len("adidas")) == allowed


def found(tmp_path: Path, **options: object) -> list[str]:
    file = tmp_path / "talks.md"
    file.write_text(ARTICLE, "utf-8")
    linter = ArticleLinter(RunOptions(select=("names",), **options))  # type: ignore[arg-type]
    document = linter.read(Article("talks.md", str(file), "markdown"))
    return [finding.text for finding in linter.check_documents([(document, str(file))])[0].findings]


def test_without_words_every_name_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(tmp_path) == ["Github", "monday", "moscow", "russia"]


def test_words_of_the_working_folder_suppress_names_and_brands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("# ours\nGithub\nmoscow City\n", "utf-8")
    assert found(tmp_path) == ["monday", "russia"]


def test_words_are_next_to_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "copydesk.yaml").write_text("fail-on: warning\n", "utf-8")
    (tmp_path / "words.txt").write_text("russia\nmonday\n", "utf-8")
    monkeypatch.chdir(tmp_path / "articles")
    assert found(tmp_path) == ["Github", "moscow"]


def test_isolated_knows_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("russia\n", "utf-8")
    assert "russia" in found(tmp_path, isolated=True)


def test_unreadable_words_are_a_mistake_of_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(BadConfig, match=r"words\.txt:1:4: this is not UTF-8"):
        found(tmp_path)
