"""`copydesk init`: a valid config, a rule with valid examples, and no file overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linter.cli import main
from linter.config import load, packs, select
from linter.files.articles import discover


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(here: Path, *files: str) -> None:
    """Create empty files, or folders if a path ends with a slash."""
    for file in files:
        (here / file).parent.mkdir(parents=True, exist_ok=True)
        if file.endswith("/"):
            (here / file).mkdir(exist_ok=True)
        else:
            (here / file).write_text("The tram was late.\n", "utf-8")


def checked() -> list[str]:
    """Return the articles that `copydesk check` checks with the config here."""
    config = load.resolve_config()
    return [article.path for article in discover(config.paths, config.excludes).articles]


@pytest.mark.parametrize(
    ("files", "recognised", "articles"),
    [
        pytest.param(
            ["hugo.toml", "content/a.md", "content/public/b.md", "layouts/c.html", "archetypes/d.md", "public/e.html"],
            "This is a site made with Hugo (hugo.toml).",
            ["content/a.md", "content/public/b.md"],
            id="Hugo",
        ),
        pytest.param(
            ["config.yaml", "content/a.md", "archetypes/d.md"],
            "This is a site made with Hugo (config.yaml, content/, archetypes/).",
            ["content/a.md"],
            id="Hugo by an older config",
        ),
        pytest.param(
            [
                "_config.yml",
                "_posts/a.md",
                "_posts/2024/b.html",
                "_layouts/c.html",
                "about.md",
                "index.html",
                "_site/d.html",
            ],
            "This is a site made with Jekyll (_config.yml, _posts/).",
            ["_posts/2024/b.html", "_posts/a.md", "about.md"],
            id="Jekyll",
        ),
        pytest.param(
            ["_config.yml", "source/_posts/a.md", "scaffolds/post.md", "themes/x/README.md", "themes/x/b.md"],
            "This is a site made with Hexo (_config.yml, source/, scaffolds/).",
            ["source/_posts/a.md"],
            id="Hexo",
        ),
        pytest.param(
            ["docusaurus.config.js", "docs/a.mdx", "blog/b.md", "static/c.html", "build/d.html", "notes.md"],
            "This is a site made with Docusaurus (docusaurus.config.js).",
            ["blog/b.md", "docs/a.mdx"],
            id="MDX with Docusaurus",
        ),
        pytest.param(
            ["astro.config.mjs", "src/content/a.mdx", "src/components/x.txt", "src/pages/index.astro", "dist/b.html"],
            "This is a site made with Astro (astro.config.mjs).",
            ["src/content/a.mdx"],
            id="MDX with Astro",
        ),
        pytest.param(
            ["next.config.js", "content/a.mdx", "app/page.mdx", "public/robots.txt", "node_modules/x/b.md"],
            "This is a site made with Next.js (next.config.js).",
            ["app/page.mdx", "content/a.mdx"],
            id="MDX with Next.js",
        ),
        pytest.param(
            [".eleventy.js", "posts/a.md", "index.html", "src/_includes/b.md", "_site/c.html"],
            "This is a site made with Eleventy (.eleventy.js).",
            ["posts/a.md"],
            id="Eleventy",
        ),
        pytest.param(
            ["docs/_config.yml", "docs/_posts/a.md", "docs/_layouts/b.html", "docs/index.html", "blog/c.html"],
            "docs/ is a site made with Jekyll (docs/_config.yml, docs/_posts/).",
            ["blog/c.html", "docs/_posts/a.md"],
            id="a site in a folder",
        ),
        pytest.param(
            ["articles/a.md", "b.txt", "dist/c.html", "README.md", "requirements.txt"],
            "Wrote copydesk.yaml",
            ["articles/a.md", "b.txt"],
            id="articles alone",
        ),
        pytest.param(["_config.yml", "a.md"], "Wrote copydesk.yaml", ["a.md"], id="one sign is no proof"),
        pytest.param([], "Wrote copydesk.yaml", [], id="nothing at all"),
    ],
)
def test_a_site_is_recognized_and_its_articles_are_checked(
    here: Path, capsys: pytest.CaptureFixture[str], files: list[str], recognised: str, articles: list[str]
) -> None:
    make(here, *files)
    assert main(["init"]) == 0
    seen = capsys.readouterr()
    assert seen.out.splitlines()[0] == recognised
    assert seen.err == ""
    assert checked() == articles
    number = f"{len(articles)} article{'' if len(articles) == 1 else 's'}"
    assert f"copydesk check covers {number}" in seen.out
    assert main(["check", "--quiet"]) == 0
    assert main(["test", "house"]) == 0


def test_output(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(here, "hugo.toml", "content/a.md", "layouts/b.html", "README.md", "more/c.md", "d.docx", "node_modules/")
    main(["init"])
    assert capsys.readouterr().out == (
        "This is a site made with Hugo (hugo.toml).\n"
        "Wrote copydesk.yaml\n"
        "Wrote house/style/web-site.yaml, a first rule of your own, with its examples\n"
        "\n"
        "copydesk check covers 1 article in content/.\n"
        "Not checked: more/c.md. If these are articles, add them to “paths”.\n"
        "Skipped: README.md (repository or program file, judging by its name).\n"
        "Skipped: layouts/b.html (excluded).\n"
        "\n"
        "Next, run “copydesk check”, and “copydesk test house” to test your own rules.\n"
        "To check articles before each commit, put this into .pre-commit-config.yaml and run “pre-commit install”:\n"
        "\n"
        "repos:\n"
        "  - repo: https://git.example.org/copydesk  # the address of your clone of copydesk\n"
        "    rev: COMMIT  # a commit or tag in it\n"
        "    hooks:\n"
        "      - id: copydesk\n"
    )


def test_ignored_files_are_listed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(here, ".git/", "a.md", "old.md")
    (here / ".gitignore").write_text("/old.md\n", "utf-8")
    main(["init"])
    assert "\nSkipped: old.md (ignored by git).\n" in capsys.readouterr().out
    assert checked() == ["a.md"]


def test_an_existing_config_stays_and_nothing_else_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "copydesk.yaml").write_text("# ours\n", "utf-8")
    assert main(["init"]) == 2
    assert capsys.readouterr().err == "copydesk: copydesk.yaml already exists; nothing was written\n"
    assert [path.name for path in here.rglob("*")] == ["copydesk.yaml"]
    assert (here / "copydesk.yaml").read_text("utf-8") == "# ours\n"


def test_a_config_with_a_wrong_name_stops_init(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(here, "copydesk.yml")
    assert main(["init"]) == 2
    assert "“copydesk.yaml”" in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["copydesk.yml"]


def test_a_config_in_a_parent_folder_no_longer_applies(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(here, "blog/a.md")
    (here / "copydesk.yaml").write_text("", "utf-8")
    monkeypatch.chdir(here / "blog")
    assert main(["init"]) == 0
    assert f"{Path('..') / 'copydesk.yaml'} no longer applies to this folder.\n" in capsys.readouterr().out


RULE = """\
id: tram
summary: No trams.
severity: error
check: phrases
phrases: [tram]
message: 'No “{match}”.'
"""


def test_existing_rules_are_used(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(here, "house/style/", "a.md")
    (here / "house/style/tram.yaml").write_text(RULE, "utf-8")
    assert main(["init"]) == 0
    assert "first rule" not in capsys.readouterr().out
    assert [path.name for path in (here / "house").rglob("*.yaml")] == ["tram.yaml"]
    assert main(["check", "--quiet"]) == 1


def test_a_folder_of_articles_that_is_called_house_is_not_written_to(here: Path) -> None:
    make(here, "house/a.md", "house-rules")
    assert main(["init"]) == 0
    assert load.resolve_config().rule_folders == (here / "copydesk-rules",)
    assert main(["test"]) == 0
    assert [path.name for path in (here / "house").iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "repos:\n- repo: local\n", "add this to “repos” in .pre-commit-config.yaml:\n\n  - repo: ", id="others"
        ),
        pytest.param("repos:\n- repo: https://github.com/copydesk/copydesk\n", "your own rules.\n", id="copydesk"),
    ],
)
def test_existing_hooks_stay(here: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    (here / ".pre-commit-config.yaml").write_text(text, "utf-8")
    main(["init"])
    assert said in capsys.readouterr().out
    assert (here / ".pre-commit-config.yaml").read_text("utf-8") == text


def test_every_commented_key_is_valid(here: Path) -> None:
    make(here, "a.md")
    main(["init"])
    (here / ".vale.ini").write_text("[*]\n", "utf-8")
    file = here / "copydesk.yaml"
    text = re.sub(r"(?m)^# (?!yaml-)((?:[a-z-]+:|  ).*)$", r"\1", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    config = load.resolve_config()
    assert set(re.findall(r"(?m)^([a-z-]+):", text)) == set(load.KEYS)
    assert select.mistakes(packs.load_packs(config.rule_folders), config) == []


def test_a_folder_with_an_odd_name_is_quoted(here: Path) -> None:
    make(here, "astro.config.ts", 'src/content/it\'s [a] "#1".md')
    main(["init"])
    assert checked() == ['src/content/it\'s [a] "#1".md']
