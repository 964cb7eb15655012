"""Site generators, recognized by the folder or by the article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from linter import readers
from linter.cli import main
from linter.files import sites
from linter.source import Source

HUGO, JEKYLL, MKDOCS = {"hugo", "goldmark"}, {"jekyll", "kramdown"}, {"mkdocs", "python-markdown"}


@pytest.mark.parametrize(
    ("text", "kind", "path", "expected"),
    [
        pytest.param("The tram is late.", "markdown", "a.md", set(), id="no generator, or an unknown one"),
        pytest.param("---\ntitle: Tram\n---\nLate.", "markdown", "a.md", {sites.UNKNOWN}, id="front matter"),
        pytest.param("---\nlayout: x\n---\n<p>Late.", "html", "a.html", {sites.UNKNOWN}, id="front matter of a page"),
        pytest.param("Late.", "markdown", "a.mdx", {sites.MDX}, id="the name of the file"),
        pytest.param("Late.", "markdown", "a.qmd", {"quarto", "pandoc"}, id="the name of a file for Quarto"),
        pytest.param('<div markdown="1">\nLate.\n</div>', "markdown", "a.md", {sites.EXTRA}, id="Markdown in HTML"),
        pytest.param('<div class="a markdown b">\nLate.\n</div>', "markdown", "a.md", set(), id="a class of that name"),
        pytest.param("import Tram from './tram'\n\nLate.", "markdown", "a.md", {sites.MDX}, id="an import"),
        pytest.param("We import trams from France.", "markdown", "a.md", set(), id="an import of trams"),
        pytest.param('A {{< tram "x" >}}.', "markdown", "a.md", {sites.UNKNOWN, *HUGO}, id="a shortcode of Hugo"),
        pytest.param("A {% tram %}.", "markdown", "a.md", {sites.UNKNOWN}, id="a tag of Liquid"),
        pytest.param("A `{% tram %}`.", "markdown", "a.md", set(), id="a tag as code"),
        pytest.param("[A]({{ site.url }}/tram)", "markdown", "a.md", {sites.UNKNOWN}, id="an address to be filled in"),
        pytest.param("A {{ tram }}.", "markdown", "a.md", set(), id="a variable alone"),
        pytest.param("A {{ tram }}.", "markdown", "_posts/a.md", {sites.UNKNOWN, *JEKYLL}, id="the folder it lies in"),
        pytest.param("A", "markdown", "docs/a.html.md", {"middleman", "kramdown"}, id="a name that Middleman reads"),
        pytest.param("A", "markdown", "_includes/a.md", {sites.UNKNOWN}, id="a folder of template parts"),
        pytest.param("!!! note\n    Late.", "markdown", "a.md", MKDOCS, id="an admonition"),
        pytest.param("[[Tram]] late", "markdown", "a.md", {"obsidian"}, id="a link of Obsidian"),
        pytest.param("![[tram.jpg]] [[TOC]] a[[1]]", "markdown", "a.md", set(), id="brackets of others"),
        pytest.param("(tram)=\n# Tram", "markdown", "a.md", {"sphinx", "markdown-it"}, id="a label of MyST"),
        pytest.param('<b @click="go">A</b>', "markdown", "a.md", {"vitepress", "markdown-it"}, id="code of Vue"),
        pytest.param(
            "Title: Tram\nDate: 2026-01-05\n\nLate.", "markdown", "a.md", {"pelican", "python-markdown"}, id="a header"
        ),
        pytest.param("![A]({{ site.url }}/tram.jpg)", "markdown", "a.md", {sites.UNKNOWN}, id="an image to fill in"),
        pytest.param("Wow!!! note", "markdown", "a.md", set(), id="three exclamation marks"),
        pytest.param("A :material-tram: is late.", "markdown", "a.md", MKDOCS, id="an icon of Material for MkDocs"),
        pytest.param("A\n{: .b }", "markdown", "a.md", {sites.UNKNOWN, "kramdown"}, id="an attribute list"),
        pytest.param("::: {.note}\nA\n:::", "markdown", "a.md", {"quarto", "pandoc"}, id="a block of Quarto"),
        pytest.param(
            "<!-- wp:paragraph -->\n<p>A</p>\n<!-- /wp:paragraph -->",
            "html",
            "a.html",
            {sites.WORDPRESS},
            id="WordPress",
        ),
        pytest.param("<p>A</p>\n<!-- /wp:paragraph -->", "html", "a.html", set(), id="one mark of WordPress"),
        pytest.param("<!-- wp:x -->\nA\n<!-- /wp:x -->", "text", "a.txt", set(), id="marks of WordPress that print"),
        pytest.param("<p>{% include tram.html %}</p>", "html", "a.html", set(), id="a tag that a page shows"),
        pytest.param("{% for tram in trams %}<p>A</p>{% endfor %}", "html", "a.html", {sites.UNKNOWN}, id="logic"),
        pytest.param('<a href="{{ url }}">A</a>', "html", "a.html", {sites.UNKNOWN}, id="an attribute to be filled in"),
        pytest.param(
            "<b>{{tram.line}}</b> <i>{{tram.stop}}</i>", "html", "a.html", {sites.UNKNOWN}, id="filled from one object"
        ),
        pytest.param("<b>{{tram.line}}</b> <i>{{town.name}}</i>", "html", "a.html", set(), id="from two objects"),
        pytest.param('<p v-if="late">{{ tram }}</p>', "html", "a.html", {sites.UNKNOWN}, id="filled in by the browser"),
        pytest.param('<p class="late" data-tram="4">{{ tram }}</p>', "html", "a.html", set(), id="ordinary attributes"),
        pytest.param("---\ntitle: {{ tram }}\n---", "text", "a.txt", set(), id="plain text is what it is"),
    ],
)
def test_makers(text: str, kind: str, path: str, expected: set[str]) -> None:
    document = readers.read(Source(text, path), kind)
    assert sites.page_generators(document) == expected
    assert sites.page_generators(replace(document, site="Hugo")) == expected | {"hugo"}


@pytest.mark.parametrize(
    ("files", "file", "expected"),
    [
        pytest.param(["hugo.toml"], "content/2024/a.md", "Hugo", id="above"),
        pytest.param(["hugo.toml"], "a.md", "Hugo", id="beside"),
        pytest.param(["hugo.toml"], "public/a.html", "", id="what was built"),
        pytest.param(["hugo.toml"], "static/x/a.html", "", id="what is published as it is"),
        pytest.param(["hugo.toml"], "content/static/a.md", "Hugo", id="a folder of that name elsewhere"),
        pytest.param(["hugo.toml", "docs/mkdocs.yml"], "docs/a.md", "MkDocs", id="the nearest one"),
        pytest.param(["_config.yml"], "a.md", "", id="a sign that is not enough"),
        pytest.param(["_config.yml", "_posts/b.md"], "a.md", "Jekyll", id="two signs"),
        pytest.param(["docusaurus.config.js"], "docs/a.md", "Docusaurus", id="a name with any ending"),
        pytest.param(["pelicanconf.py"], "content/a.md", "Pelican", id="the settings of Pelican"),
        pytest.param(["pelicanconf.py"], "output/a.html", "", id="what Pelican built"),
        pytest.param(["book.toml"], "src/a.md", "mdBook", id="the settings of mdBook"),
        pytest.param(["docs/.vitepress/config.ts"], "docs/a.md", "VitePress", id="a hidden folder"),
        pytest.param(["config.toml", "content/b.md", "templates/x.html"], "content/a.md", "Zola", id="Zola, like Hugo"),
        pytest.param([], "a.md", "", id="nothing"),
    ],
)
def test_the_folder_determines_the_site(tmp_path: Path, files: list[str], file: str, expected: str) -> None:
    for name in (*files, file):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    assert sites.engine_around(str(tmp_path / file)).site == expected


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        pytest.param("package.json", '{"devDependencies": {"gatsby": "5"}}', ("Gatsby", "remark"), id="a dependency"),
        pytest.param("package.json", '{"name": "gatsby-trams"}', ("", ""), id="another name"),
        pytest.param("_config.yml", "title: Tram\nmarkdown: redcarpet\n", ("Jekyll", "redcarpet"), id="a choice"),
        pytest.param(
            "_config.yml", "markdown: CommonMarkGhPages\n", ("Jekyll", "commonmark"), id="a choice of its own"
        ),
        pytest.param("_config.yml", "markdown: trams\n", ("Jekyll", ""), id="an unknown choice"),
        pytest.param("_config.yml", "title: Tram\n", ("Jekyll", "kramdown"), id="no choice"),
        pytest.param("hugo.toml", 'defaultMarkdownHandler = "blackfriday"', ("Hugo", "blackfriday"), id="an old Hugo"),
    ],
)
def test_the_dialect_is_the_one_that_the_site_chooses(
    tmp_path: Path, file: str, text: str, expected: tuple[str, str]
) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    if file == "_config.yml":
        (tmp_path / "_layouts").mkdir()
    assert sites.engine_around(str(tmp_path / "a.md"))[:2] == expected


def test_files_of_a_site_count_more_than_a_dependency(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"astro": "4"}}', "utf-8")
    (tmp_path / "hugo.toml").write_text("", "utf-8")
    assert sites.engine_around(str(tmp_path / "a.md")).site == "Hugo"


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        pytest.param("goldmark", "A", True, id="CommonMark"),
        pytest.param("redcarpet", "A", False, id="an older dialect"),
        pytest.param("goldmark", "!!! note", True, id="what is known counts more than marks"),
        pytest.param("", "!!! note", False, id="marks"),
        pytest.param("", "A", None, id="unknown"),
    ],
)
def test_whether_a_dialect_follows_commonmark(dialect: str, text: str, expected: bool | None) -> None:
    document = replace(readers.read(Source(text, "a.md"), "markdown"), dialect=dialect)
    assert sites.follows_commonmark(document) is expected


def test_a_result_in_the_cache_depends_on_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("See [the plan](https://example.org/tram plan).\n", "utf-8")
    command = ["check", "--quiet", "--fail-on", "warning", "--select", "links/unlinked", "a.md"]
    assert main(command) == 1
    (tmp_path / "mkdocs.yml").write_text("", "utf-8")
    sites.forget()
    assert main(command) == 0
    (tmp_path / "copydesk.yaml").write_text("site: goldmark\n", "utf-8")
    assert main(command) == 1


def test_a_missing_folder_has_no_site(tmp_path: Path) -> None:
    assert sites.engine_around(str(tmp_path / "none" / "a.md")).site == ""


@pytest.mark.parametrize(("config", "status"), [("hugo.toml", 0), ("house.toml", 1)])
def test_the_folder_counts_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, status: int) -> None:
    (tmp_path / config).write_text("", "utf-8")
    (tmp_path / "a.txt").write_text("The tram {{ tram.state }} is late.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--quiet", "--isolated", "--select", "templates", "a.txt"]) == status


@pytest.mark.parametrize(("config", "status"), [("pelicanconf.py", 0), ("hugo.toml", 1), ("house.toml", 0)])
def test_a_colon_is_a_mistake_where_yaml_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, status: int
) -> None:
    (tmp_path / config).write_text("", "utf-8")
    (tmp_path / "a.md").write_text("---\ntitle: Tram: late\ndate: 2026-01-05\n---\n\nThe tram is late.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--quiet", "--isolated", "--select", "copydesk/front-matter", "a.md"]) == status
