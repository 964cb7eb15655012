"""Every key of rules and settings with values of every wrong type is rejected with a position, or does not fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import mutations
from linter import engine, readers
from linter.article_linter import ArticleLinter
from linter.checks import check_kinds
from linter.cli import main
from linter.cli.config_command import EffectiveConfig
from linter.config import load, packs, select
from linter.config.config import Config, RunOptions
from linter.config.load import BadConfig
from linter.config.overrides import OVERRIDE_KEYS as OVERRIDE_KEYS
from linter.config.overrides import SUPPRESSION_KEYS as SUPPRESSION_KEYS
from linter.files.articles import Article, discover
from linter.prefilter.index import IndexedPrefilter
from linter.rule import BadRule
from linter.source import Source
from linter.suppressions.apply import SuppressionFilter
from linter.text import language
from mutations import VALUES, placed

pytestmark = pytest.mark.slow
MAPPING_KEYS = pytest.importorskip("linter.records.record_mappings").MAPPING_KEYS
RULES = packs.shipped_rules()
KEYS = ("title", "date", "tags", "author", "description", "slug", "lang", "draft", "image", "categories", "copydesk")


def try_rule(text: str) -> bool:
    """Load a rule and run it if it is valid; return whether it is valid."""
    rule, mistakes = mutations.load(text)
    if rule:
        assert not mistakes
        mutations.run(rule)
    else:
        assert mistakes
        assert all(map(placed, mistakes)), mistakes
    return rule is not None


@pytest.mark.parametrize("kind", sorted(check_kinds()))
def test_no_value_of_a_key_of_a_check_makes_a_rule_crash(kind: str) -> None:
    assert try_rule(mutations.rule_file(kind))
    for key, type_ in mutations.own_keys(kind).items():
        for value in VALUES.values():
            for shape in mutations.shapes(type_, value):
                try_rule(mutations.rule_file(kind, **{key: shape}))


@pytest.mark.parametrize("key", mutations.common_keys())
@pytest.mark.parametrize("kind", ["phrases", "glued", "duplicate_article"])  # one kind per block, document and folder
def test_no_value_of_a_key_of_every_rule_makes_it_crash(kind: str, key: str) -> None:
    inner = {"bad": ("text", "as", "encoded", "fixed", "articles", "files"), "fix": ("replace", "safe")}
    for value in VALUES.values():
        for shape in (value, f"[{value}]", *(f"{{text: x, {each}: {value}}}" for each in inner.get(key, ("tram",)))):
            try_rule(mutations.rule_file(kind, **{key: shape}))


def wrapped() -> Iterator[str]:
    """Return each value alone, and in turn in a list, as a value of a mapping, and as a key of a mapping."""
    for number, value in enumerate(VALUES.values()):
        yield value
        yield (f"[{value}]", f"{{tram: {value}}}", f"{{? {value} : tram}}")[number % 3]


def item(given: Mapping[str, str]) -> str:
    return "\n    ".join(f"{key}: {value}" for key, value in given.items())


def configs() -> Mapping[str, Any]:
    """Yield a config file for each key of the settings and each value."""
    found = {key: [f"{key}: {shape}\n" for shape in wrapped()] for key in load.KEYS}
    found["the whole file"] = [each for v in VALUES.values() for each in (v, f"? {v}\n: tram\n")]
    for name, keys, base in (
        ("overrides", OVERRIDE_KEYS, {"path": "'*.md'", "select": "leaks"}),
        ("suppressions", SUPPRESSION_KEYS, {"path": "'*.md'", "rule": "leaks"}),
        ("records", MAPPING_KEYS, {"path": "'*.jsonl'"}),
    ):
        for key in keys:
            files = (item({**base, key: shape}) for shape in wrapped())
            found[f"{name}.{key}"] = [f"packs: [leaks]\n{name}:\n  - {each}\n" for each in files]
    for rule in ("measures/too-short", "placeholders/slot", "duplicates/article", "links/campaign"):
        (one,) = (each for each in RULES if each.name == rule)
        for key in select.option_keys(one):
            files = (f"packs: [leaks]\noptions: {{{rule}: {{{key}: {v}}}}}\n" for v in VALUES.values())
            found[f"options.{rule}.{key}"] = list(files)
    return found


CONFIGS = configs()


@pytest.mark.parametrize("key", CONFIGS)
def test_no_value_of_a_setting_makes_a_run_crash(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "1" / "2" / "3"  # “../../..” must be inside the folder of this test, too
    (here / "tram").mkdir(parents=True)
    monkeypatch.chdir(here)
    (here / "a.md").write_text(mutations.TEXT, "utf-8")
    (article,) = discover(["a.md"], lambda path: False).articles
    for number, text in enumerate(CONFIGS[key]):
        Path("copydesk.yaml").write_text(text, "utf-8")
        mistakes = mistakes_of(choose_rules)
        if not number % 128:  # a whole run takes longer
            mistakes += mistakes_of(lambda: use(ArticleLinter(RunOptions(config="copydesk.yaml")), article))
        assert all(map(placed, mistakes)), mistakes


def choose_rules() -> None:
    read = load.read_config(Path("copydesk.yaml"))
    if mistakes := select.mistakes(RULES, read):
        raise BadConfig(mistakes)
    select.rules_for(RULES, read)


def mistakes_of(work: Callable[[], object]) -> list[str]:
    """Return the mistakes in rules or settings."""
    try:
        work()
    except (BadConfig, BadRule) as bad:
        return bad.mistakes or [""]
    return []


def use(linter: ArticleLinter, article: Article) -> None:
    """Check an article, and list the settings that apply to it."""
    if linter.config.packs:  # otherwise, all rules run, which takes a while
        linter.check_documents([(linter.read(article), article.file)])
    assert len(linter.run_rules.possible) >= len(linter.rules)
    list(EffectiveConfig(linter, article).values())


def articles(value: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of articles with a value in each place that copydesk reads settings from."""
    body = "# A tram\n\nThe tram , a bus [sic]\n"
    for shape in (value, f"[{value}]", f"{{ignore: {value}}}"):
        yield "markdown", f"---\n{''.join(f'{key}: {shape}{chr(10)}' for key in KEYS)}---\n{body}"
        yield "markdown", f"+++\n{''.join(f'{key} = {shape}{chr(10)}' for key in KEYS)}+++\n{body}"
        yield "markdown", f"{{{', '.join(f'{chr(34)}{key}{chr(34)}: {shape}' for key in KEYS)}}}\n{body}"
    data = f'{{"@type": "Article", "datePublished": {value}, "headline": {value}}}'
    head = f'<title>{value}</title><meta name="author" content="{value}"><meta name=description content=\'{value}\'>'
    yield "html", f'<html lang="{value}">{head}<script type="application/ld+json">{data}</script><p>A tram , a bus.'
    for comment in (f"<!-- copydesk: ignore {value} -- {value} -->", f"{{# copydesk: ignore-file {value} #}}"):
        yield "markdown", f"{comment}\n{body}<!-- copydesk: ignore-start {value} -->\n<!-- copydesk: {value} -->\n"
    yield "text", f"A tram , a bus [sic {value}] [{value} sic] (sic: {value})\n"


@pytest.fixture(scope="module")
def plan() -> IndexedPrefilter:
    return IndexedPrefilter(RULES)


@pytest.mark.parametrize("name", VALUES)
def test_no_value_in_an_article_makes_a_rule_crash(name: str, plan: IndexedPrefilter) -> None:
    across = [rule for rule in RULES if rule.looks_at == "folder"]
    for kind, text in articles(VALUES[name][:400]):
        document = language.with_language(readers.read(Source(text, "a.md"), kind))
        findings, problems = engine.check(document, plan)
        _, more = engine.collect_facts(document, across)
        assert not problems + more
        SuppressionFilter(RULES, RULES, Config(reasons_required=True)).filter(document, findings, "/a.md")


def samples() -> Iterator[tuple[str, str]]:
    """Yield the file and the text of every thirteenth rule and setting, one for each value."""
    names = sorted(check_kinds())
    for number, value in enumerate([*VALUES.values()][::13]):
        kind = names[7 * number % len(names)]
        key = next(iter({**mutations.own_keys(kind), "scope": None}))
        yield "house/style/x.yaml", mutations.rule_file(kind, **{key: value})
        yield "copydesk.yaml", f"{load.KEYS[number % len(load.KEYS)]}: {value}\n"


@pytest.mark.parametrize(("name", "text"), [*samples()])
def test_the_command_line_reports_what_is_wrong_with_a_value(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "a.md").write_text("A tram.\n", "utf-8")
    status = main(["check", "a.md", *(["--rules", "house"] if name != "copydesk.yaml" else [])])
    said = capsys.readouterr().err
    assert status in (0, 1, 2)
    assert "internal error" not in said
    assert status != 2 or f"{name}:" in said


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "house/style/x.yaml",
            "id: x\nsummary: s.\nseverity: info\ncheck: article_length\nunit: words\nat_least: x\nmessage: m.\n",
            "house/style/x.yaml:6:11: “at_least” must be a number, but it is text",
            id="a word as the number of words",
        ),
        pytest.param(
            "copydesk.yaml",
            "a: &a [x, x]\nb: &b [*a, *a]\nselect: [*b, *b]\n",
            "copydesk.yaml:2:8: “*a” is an alias, which is not supported; write out the value",
            id="aliases of aliases",
        ),
        pytest.param(
            "copydesk.yaml",
            f"exclude: {3_000 * '['}",
            "copydesk.yaml:1:1009: lists and mappings are nested more than 1,000 levels deep; flatten them",
            id="deep lists",
        ),
    ],
)
def test_a_process_ends_with_status_2_and_the_place(tmp_path: Path, name: str, text: str, expected: str) -> None:
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "a.md").write_text("A tram.\n", "utf-8")
    command = [sys.executable, "-m", "linter", "check", "a.md", "--no-cache", "--rules", "house"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, expected)
