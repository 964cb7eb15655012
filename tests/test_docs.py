"""The documentation: generated parts are up to date, and handwritten parts are true."""

from __future__ import annotations

import dataclasses
import doctest
import gzip
import io
import json
import math
import re
import runpy
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

import linter
from linter import __version__, cli, examples, reporters
from linter.checks import check_class, check_kinds
from linter.cli import main
from linter.config import load, packs, rule_file, select
from linter.document import SCOPES
from linter.extensions import open_rule_source
from linter.files import sites
from linter.reference import rule_texts
from linter.rule import Rule

ROOT = Path(__file__).parent.parent
DOCS = {
    name: (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
}
DOCS |= {f"docs/{file.name}": file.read_text("utf-8") for file in (ROOT / "docs").glob("*.md")}
RULE_PAGES = {f"docs/rules/{file.name}": file.read_text("utf-8") for file in (ROOT / "docs" / "rules").glob("*.md")}
DOCS |= RULE_PAGES
GUIDE, CONFIGURATION = DOCS["docs/writing-rules.md"], DOCS["docs/configuration.md"]
KINDS_HEADING = "\n## Kinds of check\n"
KINDS = dict(re.findall(r"(?ms)^### `(\w+)`\n(.*?)(?=^### |\Z)", GUIDE.partition(KINDS_HEADING)[2]))
BLOCKS = [(name, block) for name, text in DOCS.items() for block in re.findall(r"(?s)```yaml\n(.*?)```", text)]
RULES = [(name, block) for name, block in BLOCKS if block.startswith("id:") and name != "docs/writing-checks.md"]
CONFIG = [(name, block) for name, block in BLOCKS if not block.startswith(("id:", "repos:", "# ."))]
LARGEST = 512_000  # bytes of a file that GitHub shows as a page
FENCED_OR_CODE = re.compile(r"(?ms)^(`{3,}).*?^\1$|`[^`\n]*`")
VALE_INI = "[*]\nBasedOnStyles = Vale\n"
AGAIN = "run “python docs/rules.py”"

assert len(RULES) >= 3
assert len(CONFIG) >= 10


def script() -> dict[str, object]:
    return runpy.run_path(str(ROOT / "docs" / "rules.py"))


def test_the_pages_of_rules_are_those_of_today() -> None:
    made = {f"docs/{name}": text for name, text in script()["pages"]().items()}  # type: ignore[operator]
    assert {"docs/rules.md": DOCS["docs/rules.md"], **RULE_PAGES} == made, AGAIN
    assert max(len(text.encode()) for text in made.values()) < LARGEST


def test_every_pack_is_described_and_no_other() -> None:
    assert [*script()["PACKS"]] == sorted({rule.pack for rule in packs.shipped_rules()})  # type: ignore[misc]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"(?m)^#+ +(.*?) *$", re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)):
        slug = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def test_the_url_of_every_shipped_rule_leads_to_its_section() -> None:
    start = f"https://github.com/copydesk/copydesk/blob/v{__version__}/"
    anchors_of = {name: anchors(text) for name, text in RULE_PAGES.items()}
    for rule in packs.shipped_rules():
        page, _, anchor = rule_texts.page_url(rule).removeprefix(start).partition("#")
        assert page == f"docs/rules/{rule.pack}.md"
        assert anchor in anchors_of[page]
        assert f"\n### {rule.name}\n" in RULE_PAGES[page]


def test_every_kind_of_check_has_a_section() -> None:
    assert [*KINDS] == sorted(check_kinds())


def default_shown(kind: str, name: str, type_: object) -> str:
    """Return the default of an optional key as the tables of options show it."""
    if get_origin(type_) is Mapping:
        return "none"
    value = {field.name: field.default for field in dataclasses.fields(check_class(kind))}[name]
    if value in ("", (), math.inf):
        return "none"
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return ", ".join(f"`{each}`" for each in (value if isinstance(value, tuple) else (value,)))


def test_every_option_of_a_kind_is_in_its_table_with_its_default() -> None:
    wrong = {}
    for kind, section in KINDS.items():
        shown = re.findall(r"(?m)^\| `(\w+)` \| [^|]+ \| ([^|]+) \| .+ \|$", section)
        options = rule_file.options_of_kind(kind)
        own = [
            (name, "required" if must else default_shown(kind, name, type_)) for name, (type_, must) in options.items()
        ]
        if shown != own:
            wrong[kind] = f"the table shows {shown}, but the options are {own}"
    assert wrong == {}


def test_every_value_of_an_option_is_explained() -> None:
    choices = [
        (kind, value)
        for kind in KINDS
        for type_, _ in rule_file.options_of_kind(kind).values()
        if get_origin(type_) is Literal
        for value in get_args(type_)
    ]
    assert len(choices) > 50
    assert [(kind, value) for kind, value in choices if f"`{value}`" not in KINDS[kind]] == []


def test_every_value_for_the_message_of_a_kind_is_explained() -> None:
    values = {kind: getattr(check_class(kind), "values", ()) for kind in KINDS}
    named = [(kind, value) for kind, own in values.items() if isinstance(own, frozenset) for value in own]
    assert len(named) > 50
    assert [(kind, value) for kind, value in named if f"`{{{value}}}`" not in KINDS[kind]] == []


def test_the_examples_of_kinds_are_valid(tmp_path: Path) -> None:
    folder = tmp_path / "house" / "kinds"
    folder.mkdir(parents=True)
    keys_of = {kind: "".join(re.findall(r"(?m)^    (.*\n)", section)) for kind, section in KINDS.items()}
    for kind, keys in keys_of.items():
        if keys:
            rule = f"id: {kind.replace('_', '-')}\nsummary: An example\nseverity: info\n{keys}message: Change it.\n"
            (folder / f"{kind.replace('_', '-')}.yaml").write_text(rule, "utf-8")
    read = [rule.kind for rule in packs.load_packs([tmp_path / "house"]) if rule.pack == "kinds"]
    assert len(read) >= 10
    assert sorted(read) == sorted(kind for kind, keys in keys_of.items() if keys)


def test_every_mention_of_the_repository_is_its_address_in_pyproject() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    repository = urls["Repository"]
    assert repository == linter.REPOSITORY
    assert urls["Issues"] == f"{repository}/issues"
    extension = ROOT / "editors" / "vscode"
    texts = {file: file.read_text("utf-8") for file in [*(ROOT / "linter").rglob("*.py"), extension / "package.json"]}
    texts |= {file: file.read_text("utf-8") for file in (ROOT / "linter" / "schemas").glob("*.json")}
    texts |= {file: file.read_text("utf-8") for file in [*extension.glob("*.md"), *(extension / "src").glob("*.ts")]}
    mentions = [
        (name, found.replace("raw.githubusercontent.com", "github.com"))
        for name, text in {**texts, **DOCS}.items()
        for found in re.findall(r"https://(?:github|raw\.githubusercontent)\.com/[\w-]+/copydesk\b", text)
    ]
    assert len(mentions) > 8
    assert [mention for mention in mentions if mention[1] != repository] == []


def test_no_page_installs_from_a_repository_that_is_not_published_yet() -> None:
    used = re.compile(
        rf"(?:git\+|repo: |clone |uses: )(?:https://github\.com/)?{linter.REPOSITORY.removeprefix('https://github.com/')}\b"
    )
    assert [name for name, text in DOCS.items() if used.search(text)] == []


def test_a_kind_of_check_says_what_it_is_and_what_its_keys_mean() -> None:
    made = {kind: check_class(kind) for kind in check_kinds()}
    generated = [kind for kind, one in made.items() if (one.__doc__ or "").startswith(f"{one.__name__}(")]
    assert generated == []  # a dataclass without a docstring generates one
    unexplained = [
        f"{kind}: {name}"
        for kind, one in made.items()
        for name in rule_file.options_of_kind(kind)
        if f"`{name}" not in (one.__doc__ or "")
    ]
    assert unexplained == []
    assert [kind for kind, one in made.items() if not one.__doc__] == []


def saved(folder: Path, block: str) -> Path:
    """Save a rule of the docs as a file, after checking the order of its keys."""
    keys = re.findall(r"(?m)^(\w+):", block)
    order = (
        *rule_file.KEYS_BEFORE_CHECK,
        *rule_file.options_of_kind(re.findall(r"(?m)^check: (\w+)", block)[0]),
        *rule_file.KEYS_AFTER_CHECK,
    )
    assert keys == [key for key in order if key in keys]
    file = folder / "house" / "style" / f"{re.findall('id: (.*)', block)[0]}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block, "utf-8")
    return folder / "house"


def all_saved(folder: Path) -> Path:
    """Save all rules of the docs, and return the folder of packs."""
    return [saved(folder, block) for _, block in RULES][-1]


@pytest.mark.parametrize(("name", "block"), RULES, ids=lambda text: text[:20])
def test_a_rule_that_is_shown_works(tmp_path: Path, name: str, block: str) -> None:
    number, failures = examples.test_path(saved(tmp_path, block))
    assert number >= 2
    assert failures == []


@pytest.mark.parametrize(("name", "block"), CONFIG, ids=lambda text: text[:20])
def test_configs_in_the_docs_are_valid(tmp_path: Path, name: str, block: str) -> None:
    house = all_saved(tmp_path)
    (tmp_path / "copydesk.yaml").write_text(block, "utf-8")
    (tmp_path / ".vale.ini").write_text(VALE_INI, "utf-8")
    config = load.read_config(tmp_path / "copydesk.yaml")
    rules: tuple[Rule, ...] = packs.load_packs([house])
    if source := open_rule_source(config):
        rules += source.anywhere
    assert select.mistakes(rules, config) == []
    assert select.rules_for(rules, config)


def test_every_setting_and_option_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(re.findall(r"(?m)^### `([\w-]+)`$", CONFIGURATION)) == sorted(load.KEYS)
    for name in cli.COMMANDS:
        assert f"`copydesk {name}" in CONFIGURATION
        with pytest.raises(SystemExit):
            cli.parse_command(name, ["--help"])
        for option in re.findall(r"(?m)^  (--[\w-]+)", capsys.readouterr().out):
            assert f"`{option}" in CONFIGURATION
    assert all(f"`{report}`" in CONFIGURATION for report in reporters.NAMES)
    assert all(f"`{name}`" in CONFIGURATION for name in sites.ENGINES)


def test_every_key_and_scope_of_a_rule_is_explained() -> None:
    rows = "".join(re.findall(r"(?m)^\| .*$", GUIDE.partition(KINDS_HEADING)[0]))
    named = set(re.findall("`([^`]+)`", rows))
    assert {*rule_file.KEYS_BEFORE_CHECK, *rule_file.KEYS_AFTER_CHECK, *SCOPES} - named == set()


def test_links_lead_somewhere() -> None:
    anchors_of = {name: anchors(text) for name, text in DOCS.items()}
    dead = []
    for name, text in DOCS.items():
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", FENCED_OR_CODE.sub("", text)):
            file = ((ROOT / name).parent / target).resolve() if target else (ROOT / name).resolve()
            page = file.relative_to(ROOT.resolve()).as_posix()
            if not file.exists() or (anchor and page in DOCS and anchor not in anchors_of[page]):
                dead.append(f"{name}: {target}#{anchor}")
    assert dead == []


# Commands in indented blocks, in fenced blocks (after a prompt, or as a step of a job), and in running text.
SHOWN = re.compile(r"(?m)^(?: {4}|[$] | *- |)((?:cat \S+ [|] )?copydesk [a-z-].*)$")
INLINE = re.compile(r"`((?:cat [^`|]+ [|] )?copydesk [a-z-][^`]*)`")
FENCED = re.compile(r"(?ms)^```.*?^```")
PLACEHOLDERS = {
    "test [PATH …]": "test house",
    "[PATH …]": "examples",
    "COMMAND": "check",
    "FOLDER": "examples",
    "PACK/ID": "leaks/raw-tag",
    "PATH": "examples/harbour-tram.md",
    "REF": "origin/main",
    "RULE.yaml": "house/style/tramway.yaml",
    "RULE": "leaks/raw-tag",
    "SHELL": "bash",
}


def shown_commands(text: str) -> set[str]:
    """Return the commands in a page, with values in place of placeholders."""
    blocks = "\n".join([*FENCED.findall(text), *re.findall(r"(?m)^ {4}.*$", text)])
    found = {*SHOWN.findall(blocks), *INLINE.findall(FENCED.sub("", text))}
    for placeholder, value in PLACEHOLDERS.items():
        found = {line.replace(placeholder, value) for line in found}
    return found


NAMES = {f"copydesk {name}" for name in ("config", "explain", "lsp", "try", "vale")}  # they need input
PAGES = [text for name, text in DOCS.items() if name != "CHANGELOG.md"]
# Commands with these are tested with real servers elsewhere.
SERVERS = ("--engine ray", "postgresql://", "copydesk serve")
COMMANDS = sorted(
    line
    for line in {line for text in PAGES for line in shown_commands(text)} - NAMES
    if not any(server in line for server in SERVERS)
)

assert len(COMMANDS) >= 60


ARTICLES = (
    "articles/2024/harbour-tram.md",
    "content/ferry.md",
    "draft.md",
    "news/ferry.md",
    "notes.dat",
    "../other/a.md",
)


def write_archives(folder: Path) -> None:
    """Write the archives that docs/archives.md refers to."""
    text = "The tram,which vladimir Putin took, was late."
    names = ("content", "wp")
    spaces = " ".join(f'xmlns:{name}="http://purl.org/{name}"' for name in names)
    post = "<wp:post_id>218</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    item = f"<item><title>Tram</title><content:encoded><![CDATA[{text}]]></content:encoded>{post}</item>"
    (folder / "export.xml").write_text(f'<rss version="2.0" {spaces}><channel>{item}</channel></rss>', "utf-8")
    (folder / "blog.json").write_text(json.dumps({"data": {"posts": [{"id": "a", "html": text}]}}), "utf-8")
    line = f"{json.dumps({'id': 'a', 'text': text})}\n".encode()
    (folder / "corpus.jsonl").write_bytes(line)
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(line))
    connection = sqlite3.connect(folder / "blog.sqlite")
    connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT)")
    connection.execute("INSERT INTO posts (body) VALUES (?)", (text,))
    connection.commit()
    connection.close()


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with everything that the docs refer to."""
    folder = tmp_path / "newsroom"
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "rules" / "fences", folder / "rules" / "fences")
    for name in ARTICLES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("The tram,which vladimir Putin took, was late.\n", "utf-8")
    write_archives(folder)
    all_saved(folder)
    (folder / "copydesk.yaml").write_text("rules: [house]\n", "utf-8")
    (folder / "copydesk-baseline.yaml").write_text("version: 1\nfindings: []\n", "utf-8")
    (folder / ".vale.ini").write_text(VALE_INI, "utf-8")
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "--quiet", "--message", "all"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *command], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_that_is_shown_works(newsroom: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if line == "copydesk init":  # for a folder without settings
        (newsroom / "copydesk.yaml").unlink()
    words = shlex.split(line, comments=True)
    if words[0] == "cat":
        words = words[3:]
    if "-" in words:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((newsroom / "draft.md").read_bytes())))
    redirected = next((i for i, word in enumerate(words) if word in ("<", ">")), len(words))
    assert main(words[1:redirected]) in (0, 1)


OWN = ("export.xml", "corpus.jsonl.gz", ".vale.ini", "copydesk vale", "copydesk serve")  # what only readers have


@pytest.mark.parametrize("page", ["README.md", "docs/getting-started.md"])
def test_the_first_commands_need_only_the_clone(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    saved(tmp_path, next(block for name, block in RULES if name == "README.md"))
    monkeypatch.chdir(tmp_path)
    lines = sorted(line for line in shown_commands(DOCS[page]) if not any(word in line for word in OWN))
    assert len(lines) >= 7
    for line in lines:
        words = shlex.split(line.rpartition("| ")[2])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"A draft.\n")))
        assert main(words[1:]) in (0, 1), line


def test_the_rule_in_the_readme_finds_a_word_in_the_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house = saved(tmp_path, next(block for name, block in RULES if name == "README.md"))
    monkeypatch.chdir(ROOT)
    main(["check", "examples", "--isolated", "--rules", str(house), "--select", "style/tramway"])
    assert "examples/harbour-tram.md:11:5: warning: “tramway” is not house style" in capsys.readouterr().out


def test_scripts_and_extras_that_are_shown_exist() -> None:
    """They are not run: they take minutes, need the network, or are the tests themselves."""
    lines = [line for text in PAGES for line in re.findall(r"\b(?:python|pytest) [^\n`]*", text)]
    scripts = {path for line in lines for path in re.findall(r"\b(?:bench|ci|docs|tests)/[\w./*]+\w", line)}
    assert len(scripts) >= 10
    assert [path for path in sorted(scripts) if not any(ROOT.glob(path))] == []
    lists = {names for text in PAGES for names in re.findall(r"(?:copydesk|[\"']\.)\[([\w,]+)\]", text)}
    extras = {extra for names in lists for extra in names.split(",")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"spelling", "serve", "test"} <= extras <= set(project["optional-dependencies"])


def test_the_examples_of_the_python_api_work(newsroom: Path) -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False, encoding="utf-8")
    assert tried > 10
    assert failed == 0


def test_every_test_that_holds_a_promise_is_there() -> None:
    """docs/reliability.md names tests as `tests/test_x.py::test_y`; `::test_z` is in the file named before it."""
    named = re.findall(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`", DOCS["docs/reliability.md"])
    file, missing = "", []
    for path, test in named:
        file = path or file
        if path and not (ROOT / path).is_file():
            missing.append(path)
        elif test and f"def {test}(" not in (ROOT / file).read_text("utf-8"):
            missing.append(f"{file}::{test}")
    assert len(named) >= 30
    assert missing == []
