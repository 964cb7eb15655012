"""Rules that compare articles: facts of each article, findings in some of them, the same in any process."""

from __future__ import annotations

import io
import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest

from linter import engine, examples, readers, runner, serialize
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.config import packs, rule_file, yaml_file
from linter.config.config import RunOptions
from linter.config.yaml_file import File
from linter.document import Document
from linter.files import articles
from linter.files.articles import state_of
from linter.finding import Edit, Result
from linter.reporters import View, render
from linter.result_cache import ResultCache
from linter.rule import ArticleFacts, Example, Fact, FolderFacts, Match, Rule, RuleFix
from linter.source import Source
from linter.text import language


@dataclass(frozen=True)
class SameStart:
    """Finds articles that start with the same block as an earlier one."""

    data: ClassVar[object] = tuple[str, tuple[int, int | None]]

    def facts(self, document: Document) -> Iterator[Fact]:
        for block in document.prose[:1]:
            if block.text == "slow":
                raise TimeoutError
            yield Fact(*block.source_span, (block.text, (1, None)))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        first: dict[str, ArticleFacts] = {}
        for article in folder.articles:
            fact = article.facts[0]
            if (other := first.setdefault(fact.data[0], article)) is not article:
                values = {"other": other.path, "beside": "yes" if folder.holds(article, "tram.jpg") else "no"}
                yield article, Match(fact.start, fact.end, values, (Edit(fact.start, fact.end, "Twin"),))


RULE = Rule(
    pack="test",
    id="same-start",
    summary="",
    why="",
    severity="warning",
    in_drafts="info",
    check=SameStart(),
    message="“{match}”, as in {other}.",
    fix=RuleFix(safe=True),
)


@pytest.fixture
def linter() -> ArticleLinter:
    return ArticleLinter(RunOptions(isolated=True), rules=[RULE])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with twenty articles, every third of which starts like another one."""
    monkeypatch.chdir(tmp_path)
    for number in range(20):
        text = f"# Trams\n\nArticle {number}.\n" if number % 3 else f"Number {number % 2}\n\nIt is late.\n"
        (tmp_path / f"{number:02}.md").write_text(text, "utf-8")
    return tmp_path


def check(linter: ArticleLinter, *paths: str, jobs: int = 1, cache: Cache | None = None) -> Result:
    return runner.run(articles.discover(paths), linter, jobs, cache=cache)


def messages(result: Result) -> list[tuple[str, str]]:
    return [(finding.path, finding.message) for finding in result.findings]


def test_findings_across_have_all_fields(folder: Path, linter: ArticleLinter) -> None:
    found = check(linter, ".").findings
    assert len([finding for finding in found if finding.text == "Trams"]) == 12
    finding = next(finding for finding in found if finding.text == "Trams")
    assert finding.path == "02.md"
    assert finding.message == "“Trams”, as in 01.md."
    assert (finding.line, finding.column, finding.end_column, finding.paragraph, finding.heading) == (
        *(1, 3, 8),
        *(None, "Trams"),
    )
    assert (finding.before, finding.severity) == ("# ", "warning")
    assert finding.fix == (True, (Edit(2, 7, "Twin"),))


def test_drafts_are_drafts_across_a_folder_too(folder: Path, linter: ArticleLinter) -> None:
    (folder / "30.md").write_text("---\ndraft: true\n---\n\nNumber 1\n", "utf-8")
    assert [finding.severity for finding in check(linter, ".").findings if finding.path == "30.md"] == ["info"]


def test_any_number_of_processes_finds_the_same(folder: Path, linter: ArticleLinter) -> None:
    alone = check(linter, ".")
    assert check(linter, ".", jobs=2) == alone
    assert check(linter, ".", jobs=3) == alone


@pytest.mark.parametrize(
    ("paths", "looks"),
    [
        pytest.param(["."], True, id="a folder"),
        pytest.param(["01.md", "."], True, id="a folder and a file"),
        pytest.param(["**/*.md"], True, id="a glob that is walked"),
        pytest.param(["01.md", "02.md"], False, id="files, as a hook names them"),
        pytest.param(["0*.md"], False, id="files by a glob, as a shell names them"),
    ],
)
def test_nothing_is_compared_unless_a_folder_is_given(
    folder: Path, linter: ArticleLinter, paths: list[str], looks: bool
) -> None:
    result = check(linter, *paths)
    assert bool(result.findings) is looks
    assert result.compared is looks


def test_all_reports_that_nothing_was_compared(folder: Path, linter: ArticleLinter) -> None:
    said = "The articles were not compared with each other because no folder was given.\n"
    rules = {RULE.name: RULE}
    assert render("terminal", check(linter, "01.md"), View(everything=True, rules=rules)).endswith(said)
    assert said not in render("terminal", check(linter, "01.md"), View(rules=rules))
    assert said not in render("terminal", check(linter, "."), View(everything=True, rules=rules))
    assert said not in render("terminal", check(linter, "01.md"), View(everything=True))


@pytest.fixture
def cache(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(str(tmp_path_factory.mktemp("cache")))


def test_files_are_compared_with_the_others_of_a_folder_that_was_checked(
    folder: Path, linter: ArticleLinter, cache: Cache
) -> None:
    assert not check(linter, "06.md", cache=cache).compared
    whole = check(linter, ".", cache=cache)
    some = check(linter, "06.md", "07.md", cache=cache)
    assert messages(some) == [finding for finding in messages(whole) if finding[0] in ("06.md", "07.md")]
    assert len(messages(some)) == 2
    assert some.compared


def test_a_new_article_is_compared_with_those_that_are_known(folder: Path, linter: ArticleLinter, cache: Cache) -> None:
    check(linter, ".", cache=cache)
    (folder / "new.md").write_text("# Trams\n\nAn article.\n", "utf-8")
    assert messages(check(linter, "new.md", cache=cache)) == [("new.md", "“Trams”, as in 01.md.")]


@pytest.mark.parametrize("change", ["edit", "edit to the same size and time", "delete"])
def test_changed_neighbors_are_left_out(folder: Path, linter: ArticleLinter, cache: Cache, change: str) -> None:
    check(linter, ".", cache=cache)
    first, before = folder / "01.md", (folder / "01.md").stat()
    if change == "edit":
        first.write_text("# Buses\n\nAnother article.\n", "utf-8")
    elif change == "delete":
        first.unlink()
    elif os.name == "nt":
        pytest.skip("the files have no time of change")
    else:
        time.sleep(0.02)  # the times of a file may be as coarse as 10 ms
        first.write_text(first.read_text("utf-8").replace("Trams", "Buses"), "utf-8")
        os.utime(first, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert messages(check(linter, "05.md", cache=cache)) == [("05.md", "“Trams”, as in 02.md.")]


def test_results_across_a_folder_are_cached(
    folder: Path, linter: ArticleLinter, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(linter, ".", cache=cache)
    first = messages(check(linter, "05.md", cache=cache))
    with monkeypatch.context() as patched:
        patched.setattr("linter.engine.match_across", lambda *_: pytest.fail("compared again"))
        assert messages(check(linter, "05.md", cache=cache)) == first
    (folder / "01.md").unlink()
    assert messages(check(linter, "05.md", cache=cache)) != first


def test_a_folder_seen_from_elsewhere_is_not_known(
    folder: Path,
    linter: ArticleLinter,
    cache: Cache,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check(linter, ".", cache=cache)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert not check(linter, str(folder / "06.md"), cache=cache).compared


def test_standard_input_is_not_compared_with_its_own_file(
    folder: Path, linter: ArticleLinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Only here\n")))
    (folder / "40.md").write_text("Only here\n", "utf-8")
    found = articles.discover([".", "-"], stdin_name="40.md")
    assert {finding.path for finding in runner.run(found, linter, 1).findings} == {
        finding.path for finding in check(linter, ".").findings
    }


def test_a_rule_that_is_cut_off_on_one_article_still_looks_at_the_others(folder: Path, linter: ArticleLinter) -> None:
    (folder / "slow.md").write_text("slow\n", "utf-8")
    result = check(linter, ".")
    assert [problem.path for problem in result.problems] == ["slow.md"]
    assert result.findings


def test_an_article_that_changed_during_the_run_has_no_cross_findings(folder: Path, linter: ArticleLinter) -> None:
    (folder / "02.md").write_text("Trams\n", "utf-8")
    read = [(linter.read(article), article.file) for article in articles.discover(["."]).articles]
    results = linter.check_documents(read, across=True)
    (folder / "02.md").write_text("T\n", "utf-8")
    facts = [each for result in results for each in result.facts]
    found = runner._check_across(
        articles.discover(["."]), linter, ResultCache(linter, None, True), facts, print
    ).findings
    assert found
    assert "02.md" not in {finding.path for finding in found}


def test_an_article_that_can_no_longer_be_read_is_reported_once(folder: Path, linter: ArticleLinter) -> None:
    (article,) = articles.discover(["01.md"]).articles
    (own,) = linter.check_documents([(linter.read(article), article.file)], across=True)
    facts = [*own.facts]
    facts.append(facts[0]._replace(path="02.md"))
    found = articles.discover(["."])
    (folder / "02.md").unlink()
    assert runner._check_across(found, linter, ResultCache(linter, None, True), facts, print).findings == []


ACROSS = [rule for rule in packs.shipped_rules() if rule.looks_at == "folder"]


@pytest.mark.parametrize("rule", ACROSS, ids=[rule.name for rule in ACROSS])
def test_facts_are_restored_from_the_cache(rule: Rule) -> None:
    folders = [example.articles or (example,) for example in (*rule.bad, *rule.good)]
    documents = [
        language.with_language(readers.read(Source(article.text, "a.md"), article.kind))
        for folder in folders
        for article in folder
    ]
    facts = [each for document in documents for each in engine.collect_facts(document, [rule])[0]]
    assert facts
    reader = {rule.name: serialize.fact_reader(rule.check.data)}  # type: ignore[union-attr]
    assert serialize.load_facts(serialize.dump_facts(facts), reader) == facts


def text(content: str, **more: object) -> Example:
    found = [(0, len(content))] if more.pop("found", False) else []
    return Example(content, tuple(found), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("example", "problems"),
    [
        pytest.param(Example("", articles=(text("Tram"), text("Tram", found=True))), 0, id="a twin"),
        pytest.param(Example("", articles=(text("Tram"), text("Ferry"))), 0, id="no twin"),
        pytest.param(Example("", articles=(text("Tram"), text("Tram"))), 1, id="a twin that is not marked"),
        pytest.param(text("Tram"), 0, id="an article alone"),
        pytest.param(
            Example("", articles=(text("Tram"), text("Tram", found=True, fixed="Twin"))), 0, id="a fix in one of them"
        ),
        pytest.param(Example("", articles=(text("Tram"), text("Tram", found=True, fixed="Bus"))), 1, id="another fix"),
        pytest.param(
            Example("", articles=(text("<p>Tram</p>", kind="html"), text("Tram", found=True))), 0, id="of two kinds"
        ),
    ],
)
def test_examples_of_several_articles(example: Example, problems: int) -> None:
    assert len(examples.problems(RULE, example)) == problems


HOUSE = """\
id: tram
summary: We write “tram”.
why: One word.
severity: warning
check: phrases
phrases: [tramway]
message: '“{match}”.'
bad:
  - articles:
      - 'A ⟦tramway⟧.'
      - text: '<p>No tram.</p>'
        as: html
    files: [tram.jpg]
good:
  - articles: ['A tram.', 'A bus.']
"""


def read(folder: Path, content: str) -> tuple[Rule | None, list[str]]:
    (folder / "tram.yaml").write_text(content, "utf-8")
    origin = File("tram.yaml")
    top = yaml_file.load(folder / "tram.yaml", origin)
    return (rule_file.read_rule(top, "style", "tram") if top else None), origin.mistakes


def test_an_example_may_be_a_folder(tmp_path: Path) -> None:
    rule, mistakes = read(tmp_path, HOUSE)
    assert mistakes == []
    assert rule
    assert rule.bad[0].files == ("tram.jpg",)
    assert [(article.text, article.spans, article.kind) for article in rule.bad[0].articles] == [
        ("A tramway.", ((2, 9),), "markdown"),
        ("<p>No tram.</p>", (), "html"),
    ]
    assert examples.failures(rule) == []


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param("⟦tramway⟧", "tram", "10:7: an example under “bad” must mark", id="no marks"),
        pytest.param(
            "A bus", "A ⟦bus⟧", "15:15: an example under “good” must have no marks", id="marks where nothing is"
        ),
        pytest.param("⟦tramway⟧", "⟦tramway", "10:9: a “⟦” has no “⟧” after it", id="half a mark"),
        pytest.param("files", "file", "13:5: unknown key “file”; did you mean “files”?", id="an unknown key"),
        pytest.param("        as: html", "        like: html", "12:9: unknown key “like”", id="an unknown key inside"),
    ],
)
def test_mistakes_in_a_folder_example_have_positions(tmp_path: Path, old: str, new: str, mistake: str) -> None:
    _, mistakes = read(tmp_path, HOUSE.replace(old, new))
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"tram.yaml:{mistake}")


@pytest.mark.parametrize(
    ("name", "comment", "expected"),
    [
        pytest.param("06.md", "ignore test/same-start -- a refrain", [], id="the rule"),
        pytest.param("06.md", "ignore test", [], id="its pack"),
        pytest.param("06.md", "ignore-file", [], id="all rules"),
        pytest.param("00.md", "ignore test/same-start", ["copydesk/unused-suppression"], id="where nothing is found"),
    ],
)
def test_findings_across_a_folder_can_be_suppressed(folder: Path, name: str, comment: str, expected: list[str]) -> None:
    rules = (RULE, *(rule for rule in packs.shipped_rules() if rule.pack == "copydesk"))
    own = ArticleLinter(RunOptions(isolated=True), rules=rules)
    before = [finding for finding in check(own, ".").findings if finding.path != name]
    text = (folder / name).read_text("utf-8")
    (folder / name).write_text(f"<!-- copydesk: {comment} -->\n\n{text}", "utf-8")
    result = check(own, ".")
    assert [finding for finding in result.findings if finding.path != name] == before
    assert [finding.rule for finding in result.findings if finding.path == name] == expected
    assert result.suppressed == (not expected)
    alone = check(own, name)
    assert alone.findings == ()  # the rule did not run


SENTENCES = [f"The {number}th tram of the town left the harbour for the old market today." for number in range(12)]
_WORDS = ["".join(pair) for pair in product(["ta", "mo", "ferr", "quo", "lin"], ["lo", "ril", "am", "y", "edo", "ix"])]
PARAGRAPHS = [" ".join(random.Random(number).choices(_WORDS, k=40)).capitalize() + "." for number in range(200)]
LONG = "A long headline about the trams and the ferries of the town"
TAGS = ["tram", "tram", "tram", "tram", "Tram", "ferry"]
FIELDS = ["author: Anna", "description: The tram is late on most days.", "slug: trams-1", "image: tram.jpg"]


def similar_articles(chance: random.Random) -> list[Document]:
    """Articles that share sentences, paragraphs and metadata, among them versions, copies and near copies."""
    documents: dict[str, Document] = {}
    stories: list[list[str]] = []
    for number in range(60):
        story = chance.sample(PARAGRAPHS, chance.randrange(1, 6))
        if stories and chance.random() < 0.2:
            story = [*chance.choice(stories), *chance.sample(PARAGRAPHS, chance.randrange(2))]
        stories.append(story)
        title = f"{chance.choice(['Trams', LONG])} {_WORDS[number % 25]}"
        fields = [f"title: {title}{chance.choice(['', '', ' | Harbour News'])}", f"tags: [{chance.choice(TAGS)}]"]
        fields += chance.sample(FIELDS, chance.choice([2, 3, 3, 3, 3]))
        sentences = chance.sample(SENTENCES, chance.randrange(3))
        text = "\n".join(["---", *fields, "---", "", "\n\n".join([f"# {title}", *sentences, *story])])
        path = f"{chance.choice(['v1/', 'v2/', 'posts/', 'posts/2024/', 'drafts/'])}{number // 2}.md"
        documents[path] = readers.read(Source(text, path), "markdown")
    return [*documents.values()]


@pytest.mark.parametrize("seed", range(20))
def test_the_matches_in_some_articles_are_those_of_a_whole_folder(seed: int) -> None:
    chance = random.Random(seed)
    rules = [rule for rule in packs.shipped_rules() if rule.looks_at == "folder"]
    documents = similar_articles(chance)
    facts = [each for document in documents for each in engine.collect_facts(document, rules)[0]]
    whole, _ = engine.match_across(rules, facts, lambda path, address: False)
    assert whole
    paths = [document.source.path for document in documents]
    for asked in [*([path] for path in paths), chance.sample(paths, 3), paths]:
        some, _ = engine.match_across(rules, facts, lambda path, address: False, asked)
        assert {path: some.get(path, []) for path in asked} == {path: whole.get(path, []) for path in asked}


@pytest.mark.parametrize("seed", range(16))
def test_a_few_files_have_the_findings_of_the_whole_folder(
    seed: int, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    own = ArticleLinter(RunOptions(isolated=True), rules=ACROSS)
    cache = Cache(str(tmp_path_factory.mktemp("cache")))
    before, after = ({one.source.path: one.source.text for one in similar_articles(chance)} for _ in range(2))
    write(before)
    check(own, *chance.choice([["."], [".", "posts"], ["posts"], ["v1", "posts"]]), cache=cache)
    check(own, ".", cache=cache)
    changed = {path: after[path] for path in chance.sample(sorted(after), 10)}
    write(changed)
    gone = {*chance.sample(sorted(before.keys() - changed), 5)}
    for path in gone:
        Path(path).unlink()
    everything = sorted((before.keys() | changed) - gone)
    named = [[path] for path in chance.sample(everything, 3)] + [chance.sample(everything, 3), [*changed]]
    some = {tuple(paths): check(own, *paths, cache=cache).findings for paths in named}
    again = {tuple(paths): check(own, *paths, cache=cache).findings for paths in named}
    assert again == some
    for paths, findings in some.items():
        left_out = changed.keys() - {*paths}
        for path in left_out:
            Path(path).rename(f"{path}.away")
        expected = [finding for finding in check(own, ".").findings if finding.path in paths]
        for path in left_out:
            Path(f"{path}.away").rename(path)
        assert list(findings) == expected


def write(texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, "utf-8")


@pytest.mark.parametrize("change", ["key = x'00'", "key = 'text'", "hash = hash + 1"])
def test_a_forged_index_does_no_harm(folder: Path, cache: Cache, change: str) -> None:
    own = ArticleLinter(RunOptions(isolated=True), rules=ACROSS)
    write({f"{number}.md": f"---\ntitle: Trams\ntags: [Tram]\n---\n\n{PARAGRAPHS[0]}\n" for number in range(9)})
    check(own, ".", cache=cache)
    connection = sqlite3.connect(cache.file)
    with connection:
        assert connection.execute(f"UPDATE OR REPLACE facts SET {change}").rowcount > 9
    connection.close()
    (folder / "1.md").write_text(f"# Trams\n\n{PARAGRAPHS[1]}\n", "utf-8")
    assert check(own, "1.md", "2.md", cache=cache).problems == ()


def test_facts_under_forged_keys_do_no_harm(folder: Path, cache: Cache) -> None:
    own = ArticleLinter(RunOptions(isolated=True), rules=ACROSS)
    write({f"{number}.md": f"---\ntitle: Trams {number}\n---\n\n{PARAGRAPHS[number]}\n" for number in range(9)})
    check(own, ".", cache=cache)
    connection = sqlite3.connect(cache.file)
    with connection:
        every = "INSERT OR IGNORE INTO facts SELECT one.hash, other.key FROM facts AS one, facts AS other"
        assert connection.execute(every).rowcount > 9
    connection.close()
    (folder / "1.md").write_text(f"# Trams\n\n{PARAGRAPHS[1]}\n", "utf-8")
    assert check(own, "1.md", "2.md", cache=cache).problems == ()


def test_files_behind_a_large_number_are_not_looked_at(
    folder: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ArticleLinter(RunOptions(isolated=True), rules=ACROSS)
    text = "---\ntitle: Tram {0}\n{1}---\n\n" + " ".join(["tram{0}"] * 30) + "\n"
    write({f"{number}.md": text.format(number, f"author: Anna {number}\n") for number in range(300)})
    check(own, ".", cache=cache)
    (folder / "new.md").write_text(text.format("New", ""), "utf-8")
    looked: list[str] = []
    monkeypatch.setattr("linter.result_cache.state_of", lambda file: looked.append(file) or state_of(file))
    found = check(own, "new.md", cache=cache)
    assert [finding.rule for finding in found.findings] == ["metadata/left-out"]
    assert len(looked) < 10
