"""Addresses of images: files that exist, that are missing, and that cannot be known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linter import runner
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.config.config import RunOptions
from linter.files.articles import discover
from linter.files.images import ImageFiles, is_local

PLAIN = ("news/2027/tram.md", "news/2027/tram.jpg", "news/img/a b.png", "img/ü.svg", "news/2027/who?.gif")
HUGO = (
    *("hugo.toml", "content/posts/tram.md", "content/posts/ferry/index.md", "content/posts/ferry/boat.jpg"),
    *("static/img/tram.jpg", "themes/house/static/logo/quay.png", "content/posts/tram/side.jpg"),
)


def make(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", "utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def present(folder: Path, path: str, address: str) -> bool:
    return ImageFiles({path: os.path.join(folder, *path.split("/"))}).present(path, address)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        pytest.param("tram.jpg", True, id="beside the article"),
        pytest.param("./tram.jpg?v=2#top", True, id="with a query"),
        pytest.param("ferry.jpg", False, id="not beside it"),
        pytest.param("../img/a%20b.png", True, id="a space, written as in an address"),
        pytest.param("../img/a b.png", True, id="a space as it is"),
        pytest.param("../../img/%C3%BC.svg", True, id="another letter"),
        pytest.param("..\\img\\a b.png", True, id="strokes of Windows"),
        pytest.param("who%3F.gif", True, id="a question mark in a name"),
        pytest.param("../img/b.png", False, id="in a folder that is there"),
        pytest.param("../pictures/b.png", False, id="in a folder that is not there"),
        pytest.param("/img/ü.svg", True, id="from the top"),
        pytest.param("/img/tram.svg", False, id="from the top, where that shows"),
        pytest.param("/wp-content/tram.svg", True, id="from a top that is not here"),
        pytest.param("/tram.svg", True, id="from the top, which nothing shows"),
        pytest.param("../../../outside.png", True, id="outside"),
        pytest.param("https://example.com/a.png", True, id="elsewhere"),
        pytest.param("//example.com/a.png", True, id="elsewhere, by the same way"),
        pytest.param("data:image/png;base64,AAAA", True, id="data"),
        pytest.param("{{ page.image }}.png", True, id="what a template makes"),
        pytest.param("@/assets/a.png", True, id="a short name of a builder"),
        pytest.param("picture/17", True, id="no name of a file"),
        pytest.param("a%00.png", False, id="no name that a file can have"),
        pytest.param("a" * 5000 + ".png", False, id="a very long name"),
    ],
)
def test_a_folder_of_articles(here: Path, address: str, there: bool) -> None:
    if os.name == "nt" and "?" in address:
        pytest.skip("no file may be called so there")
    make(here, PLAIN if os.name != "nt" else PLAIN[:-1])
    assert present(here, PLAIN[0], address) is there


@pytest.mark.parametrize(
    ("path", "address", "there"),
    [
        pytest.param(HUGO[1], "/img/tram.jpg", True, id="what is published as it is"),
        pytest.param(HUGO[1], "/img/ferry.jpg", False, id="what should be"),
        pytest.param(HUGO[1], "/logo/quay.png", True, id="of a theme"),
        pytest.param(HUGO[1], "/desk/img/tram.jpg", True, id="below a name that only the server knows"),
        pytest.param(HUGO[2], "boat.jpg", True, id="in the folder of an article"),
        pytest.param(HUGO[2], "sail.jpg", False, id="not in it"),
        pytest.param(HUGO[1], "side.jpg", True, id="in a folder of the article's name"),
        pytest.param(HUGO[1], "../img/tram.jpg", True, id="as from the page"),
    ],
)
def test_the_source_of_a_site(here: Path, path: str, address: str, there: bool) -> None:
    make(here, HUGO)
    assert present(here, path, address) is there


def test_links_do_not_lead_out(here: Path) -> None:
    make(here.parent, ("secret/plan.png", "desk/tram.md"))
    try:
        (here / "out").symlink_to(here.parent / "secret")
        (here / "lost.png").symlink_to(here.parent / "secret" / "nothing.png")
    except OSError:
        pytest.skip("no links here")
    assert present(here, "tram.md", "out/plan.png")
    assert present(here, "tram.md", "out/other.png"), "what lies there is nobody's business"
    assert present(here, "tram.md", "lost.png")


def test_an_article_that_was_not_met_is_let_alone(here: Path) -> None:
    assert ImageFiles({}).present("<stdin>", "tram.jpg")


def test_is_local() -> None:
    assert is_local("tram.JPG")
    assert not is_local("")
    assert not is_local("C:/desk/tram.jpg.exe")


def test_a_picture_that_comes_or_goes_is_seen_in_spite_of_the_cache(here: Path) -> None:
    (here / "tram.md").write_text("![A tram](tram.jpg)\n", "utf-8")
    linter = ArticleLinter(RunOptions(isolated=True, select=("images/missing-file",)))

    def found() -> list[str]:
        result = runner.run(discover(["."]), linter, 1, cache=Cache(str(here / ".cache")))
        return [finding.text for finding in result.findings]

    assert found() == found() == ["tram.jpg"]
    (here / "tram.jpg").write_bytes(b"")
    assert found() == found() == []
    (here / "tram.jpg").unlink()
    assert found() == ["tram.jpg"]
    assert runner.run(discover(["tram.md"]), linter, 1).findings == ()
