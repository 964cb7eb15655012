"""Which files are checked, and their paths in reports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linter.files import articles
from linter.files.articles import is_article, matches_glob
from linter.finding import Problem


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("The council met.\n", "utf-8")


def paths(*named: str) -> list[str]:
    return [article.path for article in articles.discover(named).articles]


def test_a_closed_folder_is_a_problem_unless_its_files_are_excluded(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, "a.md", "closed/b.md")
    scandir = os.scandir

    def scan(path: str) -> object:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    closed = Problem("closed", "cannot open this folder: Permission denied")
    assert articles.discover(["."]).problems == (closed,)
    assert articles.discover(["closed"], named=True).problems == (closed,)
    excluded = articles.discover(["."], lambda path: os.path.basename(os.path.dirname(path)) == "closed")
    assert excluded.problems == ()
    assert [article.path for article in excluded.articles] == ["a.md"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("tram.md", True, id="Markdown"),
        pytest.param("TRAM.MD", True, id="a suffix in capitals"),
        pytest.param("tram.Txt", True, id="plain text"),
        pytest.param("tram.markdown", True, id="a long suffix"),
        pytest.param("tram.pdf", False, id="another kind of file"),
        pytest.param("tram", False, id="no suffix"),
        pytest.param(".tram.md", False, id="a hidden file"),
        pytest.param("README.md", False, id="README"),
        pytest.param("readme.txt", False, id="readme in small letters"),
        pytest.param("README.de.md", False, id="README in another language"),
        pytest.param("README-CN.md", False, id="README in yet another language"),
        pytest.param("LICENSE.txt", False, id="a licence"),
        pytest.param("LICENSE-MIT.txt", False, id="one of two licences"),
        pytest.param("CHANGELOG.md", False, id="a list of changes"),
        pytest.param("CODE_OF_CONDUCT.md", False, id="rules of conduct"),
        pytest.param("robots.txt", False, id="a file for crawlers"),
        pytest.param("Robots.TXT", False, id="a file for crawlers in capitals"),
        pytest.param("requirements.txt", False, id="requirements"),
        pytest.param("requirements-dev.txt", False, id="requirements of developers"),
        pytest.param("dev_requirements.txt", False, id="requirements, the other way round"),
        pytest.param("CMakeLists.txt", False, id="a makefile"),
        pytest.param("words.txt", False, id="the list of allowed words"),
        pytest.param("license-plates-cost-more.md", True, id="an article about licence plates"),
        pytest.param("security-council-meets.md", True, id="an article about the Security Council"),
        pytest.param("readme-files-and-why.md", True, id="an article about README files"),
        pytest.param("changes-at-the-harbour.md", True, id="an article about changes"),
        pytest.param("authors.md", True, id="a page about the authors"),
        pytest.param("notice.md", True, id="a page in small letters"),
        pytest.param("requirements for a visa.txt", True, id="an article about requirements"),
        pytest.param("LICENSED.md", True, id="a word that only begins like one"),
    ],
)
def test_which_names_are_articles(name: str, expected: bool) -> None:
    assert is_article(name) is expected


def test_a_folder_is_walked_in_order(project: Path) -> None:
    put(project, "b/z.md", "b/a.txt", "a.md", "b/c/y.md", "b/picture.png")
    assert paths(".") == ["a.md", "b/a.txt", "b/c/y.md", "b/z.md"]


def test_no_path_at_all_finds_nothing(project: Path) -> None:
    assert articles.discover([]) == ((), (), False, (), ())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("news/fery.md", "; did you mean “news/ferry.md”?", id="a slip"),
        pytest.param("nws", "; did you mean “news”?", id="a slip in a folder"),
        pytest.param("news\\ferry.md", "; did you mean “news/ferry.md”?", id="the slashes of another system"),
        pytest.param("news/council.md", "", id="nothing like it"),
        pytest.param("nowhere/ferry.md", "", id="in a folder that is not there"),
    ],
)
@pytest.mark.skipif(os.sep != "/", reason="either slash will do there")
def test_a_missing_path_may_be_a_typing_mistake(project: Path, path: str, said: str) -> None:
    put(project, "news/ferry.md")
    assert articles.discover([path]).problems == (Problem(path, f"no such file or folder{said}"),)


def test_folders_of_third_parties_are_skipped(project: Path) -> None:
    put(project, "a.md", ".git/b.md", ".cache/c.md", "node_modules/d.md", "env/pyvenv.cfg", "env/e.md")
    put(project, "made/CACHEDIR.TAG", "made/f.md")
    assert paths(".") == ["a.md"]


def test_what_is_named_is_checked_whatever_it_is_called(project: Path) -> None:
    put(project, "README.md", ".hidden/a.md", "node_modules/b.md", "story", "env/pyvenv.cfg", "env/e.md")
    named = [".hidden", "README.md", "env", "node_modules/b.md", "story"]
    assert paths(*named) == [".hidden/a.md", "README.md", "env/e.md", "node_modules/b.md", "story"]


def test_the_kind_goes_by_the_suffix_and_is_text_otherwise(project: Path) -> None:
    put(project, "a.MD", "b.txt", "c", "d.html")
    found = articles.discover(["a.MD", "b.txt", "c", "d.html"])
    assert [article.kind for article in found.articles] == ["markdown", "text", "text", "html"]


def test_a_file_counts_once(project: Path) -> None:
    put(project, "a/b.md")
    assert paths("a", "a/b.md", "./a/../a/b.md", str(project / "a/b.md")) == ["a/b.md"]


def test_a_file_outside_has_its_whole_path(project: Path) -> None:
    put(project.parent, "other/a.md")
    assert paths("../other") == [(project.parent / "other/a.md").as_posix()]


def test_a_sister_folder_that_begins_alike_is_outside(project: Path) -> None:
    put(project.parent, "desk2/a.md")
    assert paths("../desk2") == [(project.parent / "desk2/a.md").as_posix()]


def test_sizes_are_known(project: Path) -> None:
    put(project, "a.md")
    assert [article.size for article in articles.discover(["."]).articles] == [17]


@pytest.mark.parametrize("named", ["nowhere.md", "nowhere/", "*.md", "**/*.md"])
def test_a_missing_path_is_a_problem_and_the_rest_is_found(project: Path, named: str) -> None:
    put(project, "a.txt")
    found = articles.discover([named, "a.txt"])
    assert [article.path for article in found.articles] == ["a.txt"]
    assert [problem.path for problem in found.problems] == [named]


def test_excluded_files_are_left_out_even_when_named(project: Path) -> None:
    put(project, "a.md", "drafts/b.md")
    found = articles.discover([".", "drafts/b.md"], lambda path: path.startswith(str(project / "drafts")))
    assert [article.path for article in found.articles] == ["a.md"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("*.md", ["README.md", "a.md"], id="as a shell expands it, with what a walk would leave out"),
        pytest.param(
            "posts/*", ["posts/b.md", "posts/deep/c.md", "posts/deep/d.txt"], id="folders that fit are walked"
        ),
        pytest.param("**/*.md", ["a.md", "posts/b.md", "posts/deep/c.md"], id="at any depth, as in a walk"),
        pytest.param("posts/**", ["posts/b.md", "posts/deep/c.md", "posts/deep/d.txt"], id="everything below"),
        pytest.param("posts/**/c.md", ["posts/deep/c.md"], id="one name at any depth"),
        pytest.param("**/deep/*.txt", ["posts/deep/d.txt"], id="a folder at any depth"),
        pytest.param("?.md", ["a.md"], id="one character"),
        pytest.param("[a-c].md", ["a.md"], id="a range of characters"),
    ],
)
def test_globs(project: Path, pattern: str, expected: list[str]) -> None:
    put(project, "a.md", "README.md", "posts/b.md", "posts/deep/c.md", "posts/deep/d.txt", "node_modules/e.md")
    assert paths(pattern) == expected


def test_a_file_with_the_name_of_a_glob_is_that_file(project: Path) -> None:
    put(project, "[a].md", "a.md")
    assert paths("[a].md") == ["[a].md"]


def test_globs_work_in_a_folder_whose_name_looks_like_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(project, "[x]/a.md", "[x]/b/c.md")
    monkeypatch.chdir(project / "[x]")
    assert paths("*.md") == ["a.md"]
    assert paths("**/c.md") == ["b/c.md"]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        pytest.param("a/b/c", "**/c", True, id="any number of parts"),
        pytest.param("c", "**/c", True, id="no part at all"),
        pytest.param("a/b/c", "a/**/**/c", True, id="twice is as good as once"),
        pytest.param("a/b/c", "a/**", True, id="at the end"),
        pytest.param("a/b/c", "**/b", False, id="what follows must fit too"),
        pytest.param("a/b/c", "*/c", False, id="one star is one part"),
        pytest.param("a", "a/b", False, id="too short"),
    ],
)
def test_how_parts_fit(path: str, pattern: str, expected: bool) -> None:
    assert matches_glob(path.split("/"), pattern.split("/")) is expected


def test_standard_input_has_the_name_it_is_given(project: Path) -> None:
    found = articles.discover(["-"], stdin_name="posts/draft.md")
    assert found.articles == (articles.Article("posts/draft.md", "-", "markdown"),)
    assert articles.discover(["-"]).articles == (articles.Article("<stdin>", "-", "text"),)
    assert articles.discover(["-"], lambda path: True, "draft.md").articles == ()


def test_gitignore_files_hold_as_in_git(project: Path) -> None:
    put(
        project,
        ".git/config",
        "a.md",
        "out/b.md",
        "posts/c.md",
        "posts/keep.md",
        "posts/old/d.md",
        "posts/e.txt",
        "x.md",
    )
    (project / ".gitignore").write_text("# made by a machine\nout/\n*.txt\n/x.md\n!\n", "utf-8")
    (project / "posts/.gitignore").write_text("*.md\n!keep.md\n!e.txt\n", "utf-8")
    expected = ["a.md", "posts/e.txt", "posts/keep.md"]
    assert paths(".") == expected
    assert [path for path in git_files(project) if is_article(os.path.basename(path))] == expected
    assert paths("posts") == expected[1:]
    assert paths("posts/old") == []
    assert paths("posts/c.md", "out") == ["out/b.md", "posts/c.md"]


def git_files(folder: Path) -> list[str]:
    """Return the files that `git add` would add, according to its own handling of the ignore files."""
    (folder / ".git/config").unlink()
    (folder / ".git").rmdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    listing = ["git", "ls-files", "--others", "--exclude-standard"]
    return sorted(subprocess.run(listing, cwd=folder, check=True, capture_output=True, text=True).stdout.split())


def test_gitignore_files_above_hold_up_to_the_repository(project: Path) -> None:
    put(project, "repo/.git/config", "repo/posts/a.md", "repo/posts/b.md")
    (project / ".gitignore").write_text("*.md\n", "utf-8")
    (project / "repo/.gitignore").write_text("posts/b.md\n", "utf-8")
    assert paths("repo/posts") == ["repo/posts/a.md"]


def test_gitignore_in_a_folder_holds_without_a_repository(project: Path) -> None:
    put(project, "a.md", "b.md")
    (project / ".gitignore").write_bytes(b"b.md\n\xff\xfe\n")
    assert paths(".") == ["a.md"]


def link(place: Path, target: str) -> None:
    try:
        place.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")


def test_links_that_lead_round_in_circles_end(project: Path) -> None:
    put(project, "a/b/c.md")
    link(project / "a/b/up", "../..")
    link(project / "a/here", ".")
    link(project / "a/self", "self")
    assert paths(".") == ["a/b/c.md"]


def test_links_do_not_lead_out_of_a_folder(project: Path) -> None:
    put(project, "in/a.md", "out/b.md")
    link(project / "in/way-out", "../out")
    link(project / "in/b.md", "../out/b.md")
    link(project / "in/broken.md", "nowhere.md")
    assert paths("in") == ["in/a.md"]
    assert paths("in/b.md") == ["in/b.md"], "who names a link means what it leads to"


def test_links_lead_to_what_a_walk_does_not_meet(project: Path) -> None:
    put(project, ".store/a.md", ".store/deep/b.md", "c.md")
    link(project / "posts", ".store")
    link(project / "again.md", "c.md")
    assert paths(".") == ["c.md", "posts/a.md", "posts/deep/b.md"]


def test_a_link_to_a_folder_can_be_named(project: Path) -> None:
    put(project, "real/a.md")
    link(project / "link", "real")
    assert paths("link") == ["link/a.md"]


def test_a_closed_folder_is_a_problem_and_the_rest_is_found(project: Path) -> None:
    put(project, "a.md", "closed/b.md")
    (project / "closed").chmod(0)
    if os.access(project / "closed", os.R_OK):
        pytest.skip("nothing is closed to root")
    found = articles.discover(["."])
    (project / "closed").chmod(0o700)
    assert [article.path for article in found.articles] == ["a.md"]
    assert [problem.path for problem in found.problems] == ["closed"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_pipes_are_met_but_not_opened(project: Path) -> None:
    put(project, "a.md")
    os.mkfifo(project / "pipe.md")
    assert paths(".") == ["a.md"]
    assert paths("pipe.md") == ["pipe.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems want names they can read")
def test_names_that_are_no_text_can_be_shown(project: Path) -> None:
    with open(b"caf\xe9.md", "wb") as file:
        file.write(b"The council met.\n")
    assert paths(".") == ["caf?.md"]


def test_a_deep_tree_is_walked(project: Path) -> None:
    deep = "d/" * 300
    put(project, f"{deep}a.md")
    assert paths(".") == [f"{deep}a.md"]
