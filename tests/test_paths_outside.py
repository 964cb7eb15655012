"""Links that lead out: `paths` of a config stay below its folder, and `fix` changes no file outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linter import file_safety
from linter.cli import main

LATE = "The tram is late.But it came.\n"
FIXED = "The tram is late. But it came.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder next to another one, with links to that folder and to a place inside."""
    for name in ("desk/articles/a.md", "desk/.store/b.md", "other/c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(LATE, "utf-8")
    project = tmp_path / "desk"
    for name, target in (("out", "../other"), ("articles/out", "../../other"), ("articles/in", "../.store")):
        try:
            (project / name).symlink_to(target, target_is_directory=True)
        except OSError:
            pytest.skip("no symbolic links here")
    (tmp_path / "link-to-desk").symlink_to("desk", target_is_directory=True)
    monkeypatch.chdir(project)
    return project


def fixed(folder: Path) -> list[str]:
    """Return the outside articles that were changed."""
    return sorted(file.name for file in folder.parent.rglob("*.md") if file.read_text("utf-8") == FIXED)


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        pytest.param("out", [], id="a link to a folder outside"),
        pytest.param("out/", [], id="with a slash"),
        pytest.param("out/c.md", [], id="a file behind it"),
        pytest.param("articles/out/c.md", [], id="a file behind a link further down"),
        pytest.param("articles/out", [], id="a link further down"),
        pytest.param("articles/*/c.md", [], id="a glob that meets such a link"),
        pytest.param("{project}/out/c.md", [], id="an absolute path"),
        pytest.param("{project}/../link-to-desk/out/c.md", [], id="a link that leads out behind one that does not"),
        pytest.param("articles/in/b.md", ["b.md"], id="a link that stays inside"),
        pytest.param("articles", ["a.md"], id="a folder with links, which a walk does not follow"),
        pytest.param(".", ["a.md", "b.md"], id="the working folder"),
        pytest.param("../other/c.md", ["c.md"], id="a path without a link, outside"),
        pytest.param("../other", ["c.md"], id="a folder outside"),
        pytest.param("{project}/../link-to-desk/articles/a.md", ["a.md"], id="a link to the working folder"),
    ],
)
def test_fix_does_not_follow_a_link_that_leads_out(
    project: Path, capsys: pytest.CaptureFixture[str], path: str, changed: list[str]
) -> None:
    status = main(["fix", path.format(project=project)])
    assert fixed(project) == changed
    assert status == (0 if changed else 2)
    assert ("which leads out of" in capsys.readouterr().err) is not changed


@pytest.mark.parametrize("options", [["--diff"], ["--check"]])
def test_outside_text_is_not_shown_in_a_diff(
    project: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["fix", "out", *options]) == 2
    assert capsys.readouterr().out.count("The tram") == 0


def test_it_is_checked_all_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "out"])
    assert capsys.readouterr().out.startswith("out/c.md:1:13: ")


def test_in_a_repository_links_lead_anywhere_in_it(project: Path) -> None:
    (project.parent / ".git").mkdir()
    assert main(["fix", "out/c.md"]) == 0
    assert fixed(project) == ["c.md"]


def test_a_link_out_of_a_repository_leads_out(project: Path) -> None:
    (project / ".git").mkdir()
    assert main(["fix", "articles/in/b.md"]) == 0
    assert main(["fix", "articles/out/c.md"]) == 2
    assert fixed(project) == ["b.md"]


def test_a_working_folder_that_is_reached_by_a_link(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent / "link-to-desk")
    assert main(["fix", "articles/a.md", str(project.parent / "link-to-desk/articles/in/b.md")]) == 0
    assert fixed(project) == ["a.md", "b.md"]


def test_a_link_in_the_place_of_a_folder_that_was_walked_is_seen(project: Path) -> None:
    assert file_safety.link_leading_out(str(project / "articles")) is None
    (project / "articles").rename(project / "moved")
    (project / "articles").symlink_to("../other")
    assert file_safety.link_leading_out(str(project / "articles")) == (
        str(project / "articles"),
        os.path.realpath(project),
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("../other", id="the folder next door"),
        pytest.param("articles/../../other", id="by a way round"),
        pytest.param("../other/*.md", id="a glob outside"),
        pytest.param("{other}", id="an absolute path"),
        pytest.param("out", id="a link to a folder"),
        pytest.param("out/c.md", id="a file behind a link"),
        pytest.param("articles/out/*.md", id="a glob behind a link"),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix"])
def test_paths_of_a_config_do_not_lead_out_of_its_folder(
    project: Path, capsys: pytest.CaptureFixture[str], path: str, command: str
) -> None:
    path = path.format(other=project.parent / "other")
    (project / "copydesk.yaml").write_text(f"paths: [articles, '{path}']\n", "utf-8")
    assert main([command]) == 2
    error = capsys.readouterr().err
    assert error.startswith("copydesk.yaml:1:19: “")
    assert "is outside the folder of this file; to check it, pass it on the command line" in error
    assert fixed(project) == []


@pytest.mark.parametrize(
    "path", [".", "articles", "{project}/articles", "./articles/a.md", "articles/in", "nowhere/*.md"]
)
def test_paths_of_a_config_below_its_folder(project: Path, path: str) -> None:
    (project / "copydesk.yaml").write_text(f"paths: ['{path.format(project=project)}']\n", "utf-8")
    assert main(["fix"]) == (2 if "nowhere" in path else 0)
    assert "c.md" not in fixed(project)


def test_a_config_is_reached_by_a_link_to_its_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "copydesk.yaml").write_text("paths: [articles]\n", "utf-8")
    monkeypatch.chdir(project.parent)
    assert main(["fix", "--config", "link-to-desk/copydesk.yaml", "--diff"]) == 0


def test_a_glob_of_a_config_passes_over_links_that_lead_out(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "copydesk.yaml").write_text("paths: ['articles/*']\n", "utf-8")
    assert main(["check"]) == 0
    assert "c.md" not in capsys.readouterr().out
    assert main(["check", "articles/*"]) == 0
    assert "articles/out/c.md" in capsys.readouterr().out, "the command line says otherwise"
