"""codespell's list: lookups, and no findings if it is not installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from linter import cli, digest
from linter.checks.spelling import _codespell

LIST = """\
accoding->according
agreeemantt->agreement
Beleive->believe
hte->the
visted->visited, listed,
wether->weather, a sheep too
"""


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A list of five words instead of codespell's."""
    data = tmp_path / _codespell._PACKAGE / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").touch()
    (data / "dictionary.txt").write_text(LIST, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    forget()
    yield monkeypatch
    forget()


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_codespell, "find_spec", lambda name: None)
    forget()
    yield
    forget()


def forget() -> None:
    for kept in (_codespell._rights, _codespell._text, _codespell.place):
        kept.cache_clear()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("accoding", ("according",), id="the first line"),
        pytest.param("beleive", ("believe",), id="a capital in the list"),
        pytest.param("visted", ("visited", "listed"), id="several may be meant"),
        pytest.param("wether", (), id="what the list doubts itself, on its last line"),
        pytest.param("visite", (), id="the beginning of a word"),
        pytest.param("aaa", (), id="before the first"),
        pytest.param("zzz", (), id="behind the last"),
    ],
)
def test_rights(word: str, expected: tuple[str, ...]) -> None:
    assert _codespell.corrections(word) == expected


def test_every_word_of_the_installed_list_can_be_looked_up() -> None:
    file = _codespell.place()
    if not file:
        pytest.skip("codespell is not installed")
    lines = [line.partition("->") for line in file.read_text("utf-8").splitlines()]
    words = [wrong for wrong, _, right in lines[::50] if wrong.isascii() and wrong.isalpha() and wrong.islower()]
    assert len(words) > 1000
    assert [word for word in words if not _codespell.corrections(word)] == []


ARTICLE = "The tram was late, and the mayor visted the harbour.\n"


def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, str]:
    (tmp_path / "tram.md").write_text(ARTICLE, "utf-8")
    cli.main(["check", str(tmp_path / "tram.md"), "--isolated", "--no-cache", *options])
    return capsys.readouterr()


@pytest.mark.usefixtures("installed")
def test_a_misspelling_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, _ = checked(tmp_path, capsys)
    assert "“visted” should be “visited” or “listed”." in found


@pytest.mark.usefixtures("missing")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param((), False, id="no report"),
        pytest.param(("--all",), True, id="everything is to be shown"),
        pytest.param(("--select", "spelling"), True, id="its pack was named"),
        pytest.param(("--select", "leaks"), False, id="another pack was named"),
        pytest.param(("--all", "--quiet"), False, id="all should be quiet"),
    ],
)
def test_a_missing_list_is_reported_on_request(
    options: tuple[str, ...], said: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, messages = checked(tmp_path, capsys, *options)
    assert "visted" not in found
    assert ("spelling/misspelling finds nothing without copydesk[spelling]" in messages) is said


def test_another_version_of_the_list_changes_the_cache_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    digests = []
    for version in ("2.4.1", "2.4.2"):
        (tmp_path / f"codespell-{version}.dist-info").mkdir()
        digests.append(digest.versions_digest())
        (tmp_path / f"codespell-{version}.dist-info").rmdir()
    assert len({*digests, digest.versions_digest()}) == 3


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He said so. Agreeemantt is late.", "“Agreeemantt” should be “Agreement”.", id="capital is kept"),
        pytest.param("He said so. Visted by him, it is late.", None, id="a short word with a capital may be a name"),
        pytest.param("It was Agreeemantt who came. Agreeemantt is late.", None, id="what is a name elsewhere"),
        pytest.param("The tram is agreeemantt… and that is all of it.", None, id="a word that was cut off"),
        pytest.param("The tram is agreee<sub>mantt</sub> to the town.", None, id="letters and an index"),
        pytest.param("The tram is agreeemantt.txt of the town.", None, id="a file"),
    ],
)
def test_contexts_of_misspellings(
    text: str, expected: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tram.md").write_text(text, "utf-8")
    cli.main(["check", str(tmp_path / "tram.md"), "--isolated", "--no-cache", "--select", "spelling/misspelling"])
    found = capsys.readouterr().out
    assert (expected in found) if expected else not found


def test_without_the_list_all_other_findings_are_the_same(
    installed: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tram.md").write_text(
        "The goverment was late. The mayor visted the harbour, all of thecandidates came, and it is a empty hall.\n",
        "utf-8",
    )
    found = []
    for _ in range(2):
        cli.main(["check", str(tmp_path), "--isolated", "--no-cache", "--report", "json"])
        found.append(json.loads(capsys.readouterr().out)["findings"])
        installed.setattr(_codespell, "find_spec", lambda name: None)
        forget()
    with_list, without = found
    assert {finding["rule"] for finding in with_list} >= {"spelling/misspelling", "spelling/missing-letter"}
    assert without == [finding for finding in with_list if finding["rule"] != "spelling/misspelling"]
