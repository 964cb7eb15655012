"""Rules of Vale in whole runs: bundles, the cache, worker processes, archives, and commands about rules."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from linter import Linter, output, workers
from linter.cache import Cache
from linter.cli import main
from linter.config import yaml_nodes
from linter.config.config import BadConfig, RunOptions
from linter.vale.options import ValeOptions
from tests.test_bundle import remade
from tests.vale.house import INI, write, write_style

ROOT = Path(__file__).parents[2]
ARTICLE = "# The tram\n\nWe utilize a very old bus, whilst waiting for the Kopenhaggen ferry.\n"
STYLE = {
    "styles/config/vocabularies/Base/accept.txt": "OpenStreetMap\n",
    "styles/Empty/README.txt": "no rules yet\n",
    "styles/House/Spelling.yml": (
        "extends: spelling\nmessage: \"Misspelled: '%s'.\"\ndicpath: House/words\ndictionaries: [tiny]\nlevel: error\n"
    ),
    "styles/House/words/tiny.aff": "SET UTF-8\n",
    "styles/House/words/tiny.dic": "5\nthe\ntram\nferry\nbus\nwaiting\n",
    "styles/House/Once.yml": (
        "extends: existence\nmessage: Once.\nlimit: 1\nscope: raw\nnonword: true\ntokens: ['\\w+y']\n"
    ),
}
FULL = INI.replace("StylesPath = styles\n", "StylesPath = styles\nVocab = Base\n").replace(
    "= House", "= House, Vale, Empty"
)
WORDS = ["a", "for", "old", "We", "utilize", "whilst"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a style, settings that use it, and articles."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    write_style(folder, FULL)
    write(
        folder, {**STYLE, "copydesk.yaml": "vale: .vale.ini\n", "docs/a.md": ARTICLE, "docs/b.md": "No tram, very.\n"}
    )
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, standard output and standard error of `copydesk`."""
    output.notice.cache_clear()
    capsys.readouterr()
    status = main(arguments)
    return (status, *capsys.readouterr())


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the articles, lines and rules of the findings of Vale's rules in a run."""
    rows = json.loads(run(capsys, "check", "--report=json", "--jobs=1", *arguments)[1])["findings"]
    places = [
        (row["path"], row["record"], row["line"], row["column"], row["rule"]) for row in rows if "." in row["rule"]
    ]
    return [
        f"{path}{f'#{record}' if record else ''}:{line}:{column} {rule}" for path, record, line, column, rule in places
    ]


IN_B = [
    "docs/b.md:1:1 House.Spelling",
    "docs/b.md:1:4 House.Tram",
    "docs/b.md:1:10 House.Once",
    "docs/b.md:1:10 House.Spelling",
    "docs/b.md:1:10 House.Weak",
]


def without_spelling(places: list[str]) -> list[str]:
    return [place for place in places if not place.endswith("Spelling")]


# Bundles

PROGRAM = """\
import json, sys
from linter import Linter
given = json.load(sys.stdin)
linter = Linter.from_bundle(bytes.fromhex(given["bundle"]))
found = [finding[:10] for path in given["paths"] for finding in linter.check(given["text"], path=path)]
print(json.dumps([found, linter.bundle().hex()]))
"""


def test_another_machine_finds_the_same(here: Path, tmp_path: Path) -> None:
    ini = FULL + "House.Tram = NO\n[docs/*.md]\nHouse.Tram = YES\n"
    (here / ".vale.ini").write_text(ini)
    linter = Linter()
    paths = ["docs/a.md", "a.md"]
    expected = [finding[:10] for path in paths for finding in linter.check(ARTICLE, path=path)]
    data = linter.bundle()
    (tmp_path / "elsewhere").mkdir()
    given = json.dumps({"bundle": data.hex(), "paths": paths, "text": ARTICLE})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=given,
        capture_output=True,
        text=True,
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == [json.loads(json.dumps(expected)), data.hex()]
    names = {name for row in expected for name in row if isinstance(name, str) and name.startswith(("House.", "Vale."))}
    assert names == {"House.Terms", "House.Tram", "House.Weak", "House.Spelling", "House.Once", "Vale.Spelling"}


def test_a_bundle_has_the_used_files_by_relative_path(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.loads(Linter().bundle())
    texts = {path for path in content["source_files"] if not path.endswith("/")}
    of_house = {f"styles/House/{name}.yml" for name in ("Once", "Script", "Spelling", "Terms", "Tram", "Weak")}
    words = {"styles/House/words/tiny.aff", "styles/House/words/tiny.dic", "styles/config/vocabularies/Base/accept.txt"}
    assert texts == {".vale.ini", *of_house, *words}
    assert "styles/Empty/" in content["source_files"]
    assert content["options"][-1] == [".vale.ini", False, False, "", "", False, ""]
    assert str(here) not in json.dumps(content)
    (here / "inner").mkdir()
    monkeypatch.chdir(here / "inner")
    assert next(iter(json.loads(Linter().bundle())["source_files"])) == "../.vale.ini"


def test_a_bundle_of_a_bundle_is_the_same(here: Path) -> None:
    linter = Linter()
    for other in (Linter.from_bundle(linter.bundle()), pickle.loads(pickle.dumps(linter))):
        assert other.bundle() == linter.bundle()
        assert [rule.name for rule in other.rules] == [rule.name for rule in linter.rules]
        assert other.check(ARTICLE) == linter.check(ARTICLE)
        assert other.fix(ARTICLE, unsafe=True) == linter.fix(ARTICLE, unsafe=True)


def test_a_bundle_has_the_text_of_the_filter_and_other_folders_of_styles(here: Path, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "more/Far/Bus.yml": "extends: existence\nmessage: Bus.\ntokens: [bus]\n",
            "only": ".Name in ['Far.Bus', 'House.Weak']",
        },
    )
    (here / ".vale.ini").write_text(FULL.replace("Empty", "Far"))
    vale = ValeOptions(".vale.ini", only=True, filter=str(tmp_path / "only"), styles_path=str(tmp_path / "more"))
    linter = Linter.of(RunOptions(isolated=True, rule_source=vale))
    assert {finding.rule for finding in linter.check(ARTICLE)} == {"Far.Bus", "House.Weak"}
    other = Linter.from_bundle(linter.bundle())
    assert other.check(ARTICLE) == linter.check(ARTICLE)
    assert other.options.rule_source == ValeOptions(
        ".vale.ini", only=True, filter=(tmp_path / "only").read_text(), styles_path="../more"
    )


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize("name", [".vale.ini", "styles/House/Terms.yml", "styles/House/words/tiny.dic"])
def test_changed_files_are_noticed(here: Path, name: str, cached: bool) -> None:
    cache = Cache("kept") if cached else None
    if cache:
        first = Linter.of(RunOptions(), cache)
        first.store_rules(cache)
    linter = Linter.of(RunOptions(), cache)
    data = linter.bundle()
    with (here / name).open("a") as file:
        file.write("\n# changed\n")
    with pytest.raises(BadConfig, match="the files of the Vale styles have changed since the linter was created"):
        linter.bundle()
    assert Linter.from_bundle(data).bundle() == data


VALE = [".vale.ini", True, True, "", "", False, ""]


def options(*vale: object) -> list[object]:
    return [[], None, True, [], [], False, False, "", [*vale, *VALE[len(vale) :]]]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"options": options("/etc/.vale.ini")}, id="an absolute path"),
        pytest.param({"options": options("a\0b")}, id="U+0000 in the path"),
        pytest.param({"options": options("")}, id="no path"),
        pytest.param({"options": options("other.ini")}, id="a path of no text"),
        pytest.param({"options": options(".vale.ini", 1)}, id="a number instead of a bool"),
        pytest.param({"options": options(".vale.ini", True, True, "grave")}, id="an unknown level"),
        pytest.param({"options": options(*VALE[:4], "(((")}, id="a filter with a mistake"),
        pytest.param({"options": options(*VALE[:6], "/etc")}, id="an absolute folder of styles"),
        pytest.param({"source_files": {".vale.ini": "Stylespath = a\n"}}, id="a mistake in the config"),
        pytest.param({"source_files": {".vale.ini": INI}}, id="no styles"),
        pytest.param({"source_files": {}}, id="no texts"),
        pytest.param({"source_files": {".vale.ini": 1}}, id="a number instead of a text"),
        pytest.param({"source_files": {".vale.ini": "\ud800"}}, id="a lone surrogate"),
        pytest.param({"source_files": {"/.vale.ini": ""}}, id="an absolute path of a text"),
        pytest.param(
            {"source_files": {".vale.ini": INI, "styles/House/A.yml": "extends: existence"}}, id="a rule with a mistake"
        ),
        pytest.param({"source_files": {".vale.ini": INI, "a/" * 100_000: ""}}, id="a long path"),
    ],
)
def test_a_hostile_bundle_is_refused(here: Path, tmp_path: Path, values: dict[str, object]) -> None:
    data = Linter.of(RunOptions(isolated=True, rule_source=ValeOptions(".vale.ini", only=True))).bundle()
    assert remade(data) == data
    with pytest.raises(BadConfig) as bad:
        Linter.from_bundle(remade(data, **values))
    assert all(bad.value.mistakes)


# The cache


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of YAML files, as they are parsed."""
    texts: list[str] = []
    compose = yaml_nodes.compose

    def recorded(text: str, *limits: int) -> object:
        texts.append(text)
        return compose(text, *limits)

    monkeypatch.setattr(yaml_nodes, "compose", recorded)
    return texts


def of_rules(texts: list[str]) -> list[str]:
    return [text for text in texts if text.startswith("extends:")]


def test_rule_files_are_not_parsed_again(here: Path, capsys: pytest.CaptureFixture[str], parsed: list[str]) -> None:
    first = found(capsys, "docs")
    notices = run(capsys, "check", "docs")[2]
    assert len(of_rules(parsed)) == 6
    parsed.clear()
    assert found(capsys, "docs") == first
    assert run(capsys, "check", "docs")[2] == notices
    assert "House.Script" in notices
    (here / "docs" / "c.md").write_text("Whilst a very new tram.\n")
    assert without_spelling(found(capsys, "docs/c.md")) == [
        "docs/c.md:1:1 House.Terms",
        "docs/c.md:1:10 House.Once",
        "docs/c.md:1:10 House.Weak",
        "docs/c.md:1:19 House.Tram",
    ]
    assert of_rules(parsed) == []
    (here / "styles" / "House" / "Tram.yml").write_text("extends: existence\nmessage: Ferry.\ntokens: [ferry]\n")
    place = ARTICLE.splitlines()[2].index("ferry") + 1
    assert f"docs/a.md:3:{place} House.Tram" in found(capsys, "docs")
    assert len(of_rules(parsed)) == 6


@pytest.mark.parametrize(
    ("name", "text", "gone"),
    [
        pytest.param("styles/House/words/tiny.dic", "1\nNo\n", "docs/b.md:1:1 House.Spelling", id="a dictionary"),
        pytest.param(".vale.ini", FULL + "House.Weak = NO\n", "docs/b.md:1:10 House.Weak", id="the config"),
        pytest.param(
            "styles/House/Weak.yml", "extends: script\nmessage: No.\n", "docs/b.md:1:10 House.Weak", id="a rule"
        ),
    ],
)
def test_changed_files_are_read_again(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, gone: str
) -> None:
    assert gone in found(capsys, "docs")
    assert gone in found(capsys, "docs")
    (here / name).write_text(text)
    assert gone not in found(capsys, "docs")


def test_rules_of_vale_are_not_unknown_if_the_settings_have_other_mistakes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "copydesk.yaml").write_text("vale: .vale.ini\nignore: [House.Weak]\nseverity: {House: fatal}\n", "utf-8")
    status, _, failed = run(capsys, "check", "docs")
    problem = "“House” must be error, warning, info or off, not “fatal”"
    assert (status, failed) == (2, f"copydesk.yaml:3:19: {problem}\n")


def test_mistakes_are_reported_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "styles" / "House" / "Weak.yml").write_text("extends: existence\nmessage: a\ntokens: ['(']\n")
    for _ in range(2):
        status, _, error = run(capsys, "check", "docs")
        assert status == 2
        assert error.startswith("styles/House/Weak.yml:3:10: “tokens”: this is not a regular expression:")


def forge(change: Callable[[list[object]], object]) -> int:
    """Change the row of each check in the cache, with a valid checksum, and return how many values were changed."""
    import sqlite3

    cache = Cache(os.environ["COPYDESK_CACHE_DIR"])
    connection = sqlite3.connect(cache.file)
    rows = connection.execute("SELECT key, value FROM kept").fetchall()
    connection.close()
    forged = [
        (key, json.dumps([change(row) for row in json.loads(value)]).encode())
        for key, value in rows
        if key[-1:] == b"c"
    ]
    cache.put(forged)
    cache.close()
    return len(forged)


def put(index: int, value: object, of: str = "House.Terms") -> Callable[[list[object]], object]:
    return lambda row: [*row[:index], value, *row[index + 1 :]] if row[0] == of else row


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put(0, "House.Weaker"), id="another name"),
        pytest.param(put(1, "../evil"), id="an extension point that is a path"),
        pytest.param(put(1, "script"), id="an extension point that is not run"),
        pytest.param(put(5, "grave"), id="an unknown level"),
        pytest.param(put(6, "text"), id="a scope that is a text"),
        pytest.param(put(9, {"swap": ["a"]}), id="an option of another type"),
        pytest.param(put(9, {"swaps": {}}), id="an unknown option"),
        pytest.param(put(9, {"swap": {"(": "a"}}), id="a pattern with a mistake"),
        pytest.param(put(9, {"swap": {"((a{999}){999}){999}": "b"}}), id="a pattern that fills the memory"),
        pytest.param(put(10, "/etc/passwd"), id="another file"),
        pytest.param(put(12, [[1]]), id="literals that are numbers"),
        pytest.param(lambda row: row[:-1], id="a value too few"),
        pytest.param(lambda row: None, id="no rows"),
    ],
)
def test_an_impossible_check_is_read_from_its_file(
    here: Path, capsys: pytest.CaptureFixture[str], change: Callable[[list[object]], object]
) -> None:
    first = found(capsys, "docs")
    assert forge(change) == 1
    write(here, {"docs/a.md": ARTICLE + "\n", "docs/b.md": "No tram, very.\n\n"})  # with the same findings
    assert found(capsys, "docs") == first


def test_a_forged_kind_of_check_finds_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = found(capsys, "docs")
    assert forge(lambda row: [*row[:11], not row[11], row[12]]) == 1
    write(here, {"docs/a.md": ARTICLE + "\n", "docs/b.md": "No tram, very.\n\n"})
    status, printed, _ = run(capsys, "check", "docs", "--report=json")
    assert "copydesk failed" not in printed
    assert status < 2
    assert first


# Processes, archives and other options of runs


@pytest.mark.parametrize("fork", [True, False])
def test_worker_processes(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fork: bool
) -> None:
    expected = found(capsys, "docs", "--no-cache")
    monkeypatch.setattr(workers, "can_fork", lambda: fork and sys.platform == "linux")
    write(here, {f"docs/{name}.md": "No tram, very.\n" for name in "cd"})
    rows = json.loads(run(capsys, "check", "docs", "--report=json", "--jobs=2", "--no-cache")[1])["findings"]
    places = [f"{row['path']}:{row['line']}:{row['column']} {row['rule']}" for row in rows if "." in row["rule"]]
    assert [place for place in places if place[5] in "ab"] == expected
    assert len(places) == len(expected) + 2 * len(IN_B)


RECORDS = [{"id": "x", "text": ARTICLE}, {"id": "y", "text": "None."}, {"id": "z", "text": "No tram, very."}]


def write_records(folder: Path) -> None:
    pytest.importorskip("linter.records")
    (folder / "news.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in RECORDS))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_records(here: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    write_records(here)
    records = {"docs/a.md": "news.jsonl#x", "docs/b.md": "news.jsonl#z"}
    in_files = [place.split(":", 1) for place in found(capsys, "docs")]
    rows = json.loads(run(capsys, "check", "news.jsonl", "--report=json", f"--jobs={jobs}")[1])["findings"]
    places = [f"{row['path']}#{row['record']}:{row['line']}:{row['column']} {row['rule']}" for row in rows]
    assert [place for place in places if "." in place.split()[1] and "#y" not in place] == [
        f"{records[path]}:{rest}" for path, rest in in_files
    ]


def test_findings_of_records_in_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_records(here)
    assert run(capsys, "check", "news.jsonl", "--out", "out", "--vale", ".vale.ini")[0] == 1
    (part,) = (here / "out" / "findings").iterdir()
    assert {json.loads(line)["rule"] for line in part.read_text().splitlines()} >= {
        "House.Terms",
        "House.Weak",
        "House.Tram",
    }


def test_sections_for_the_kind_of_a_record_apply(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_records(here)
    (here / ".vale.ini").write_text(
        "StylesPath = styles\n[*.md]\nHouse.Terms = YES\n[*.jsonl]\nHouse.Weak = YES\n[*.txt]\nHouse.Once = YES\n"
    )
    assert found(capsys, "news.jsonl", "--kind=markdown") == [
        "news.jsonl#x:3:4 House.Terms",
        "news.jsonl#x:3:14 House.Weak",
        "news.jsonl#x:3:28 House.Terms",
        "news.jsonl#z:1:10 House.Weak",
    ]


def test_fixes_of_records(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_records(here)
    assert (
        run(capsys, "fix", "news.jsonl", "--out", "fixed.jsonl", "--unsafe", "--select=House.Terms,House.Weak")[0] == 0
    )
    texts = [json.loads(line)["text"] for line in (here / "fixed.jsonl").read_text().splitlines()]
    assert texts[0] == "# The tram\n\nWe use a old bus, while waiting for the Kopenhaggen ferry.\n"
    assert texts[1:] == ["None.", "No tram,."]


def test_changed_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        names = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *names, *arguments], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "a")
    assert found(capsys, "docs", "--changed") == []
    (here / "docs" / "b.md").write_text("No tram, very.\n\nWe utilize it.\n")
    assert found(capsys, "docs", "--changed", "--select=House.Terms,House.Weak") == ["docs/b.md:3:4 House.Terms"]


def test_a_suppression_in_the_config(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "copydesk.yaml").write_text(
        "vale: .vale.ini\nsuppressions:\n- {path: docs/a.md, rule: House, reason: quoted}\n"
    )
    assert [place for place in found(capsys, "docs") if "House" in place] == IN_B


# Commands about rules


def test_try(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".vale.ini").write_text(FULL + "[*.md]\nTokenIgnores = utilize\n")
    status, printed, _ = run(capsys, "try", "House.Terms", "docs")
    assert (status, "1 finding in 1 of 2 articles" in printed) == (0, True)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"We utilize it.")))
    assert "1 finding in 1 of 1 article" in run(capsys, "try", "House.Terms", "-")[1]
    for command in ("try", "test"):
        status, _, error = run(capsys, command, "styles/House/Terms.yml", *(["docs"] if command == "try" else []))
        assert status == 2
        assert error.startswith("styles/House/Terms.yml:1:10: this is a rule of a Vale style; to use it, name")


def test_config(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed, _ = run(capsys, "config", "docs/a.md")
    assert status == 0
    assert "\n  vale styles  House, Vale, Empty  .vale.ini\n" in printed


def test_given_rules_see_the_options_of_the_config(here: Path) -> None:
    (here / ".vale.ini").write_text(FULL + "[*.md]\nTokenIgnores = utilize\n")
    linter = Linter()
    terms = [rule for rule in linter.rules if rule.name == "House.Terms"]
    assert [finding.text for finding in Linter(rules=terms).check(ARTICLE, path="docs/a.md")] == ["whilst"]
