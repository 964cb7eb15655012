"""Time budgets: no rule blocks an article or a run, however many articles, blocks and rules there are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from linter import engine, matching, readers, runner, workers
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.checks.pattern.pattern import Pattern
from linter.checks.pattern.phrases import Phrases
from linter.cli import main
from linter.config import packs, select, yaml_file
from linter.config.config import RunOptions
from linter.config.yaml_file import File
from linter.document import Block, Document
from linter.files.articles import discover
from linter.finding import Problem, Result
from linter.matching import Budget, Limits
from linter.prefilter import NoPrefilter
from linter.rule import ArticleFacts, Check, Fact, FolderFacts, Match, Rule
from linter.source import Source

TINY = Limits(rule=0.02, article=60)
SLOW = "(?:a|a)+$"  # tries 2**n ways for n letters followed by another character
HOSTILE = [
    *("(?:a|a)+$", "(?:a|aa)+$", "a(a|a)*$", r"(?:a|a|a)+\Z", "(?:a|ab?)+$", "(?|(a)|(a))+$", "(?:(?=(a))a|a)+$"),
    *("(?:(?>a)|a)+$", "(?:a|a)+?$", "(?:a|(?i:A))+$", "(?:a|[a-c])+$", "(?:a|a)+(?!.)"),
    *(r"(a)(?:\1|a)+$", "(?:(?:a|a)+b?)+$", "(?p)(?:a|aa)+$", "(?:a|a){1,40}$", "(?(?=a)(?:a|a)+$|b)"),
    *(r"(?:a|a)+\b$", r"(?:a|a)+(?=\Z)", "(?:a{1,2}){1,40}$", "(?:(?<=a)a|a)+$", r"(?:a|a)+\X$", "|".join([SLOW] * 50)),
]
RULE = """\
id: {id}
summary: A rule of a hostile pack.
severity: error
check: pattern
pattern: '{pattern}'
message: 'slow'
"""
TRAM = """\
id: tram
summary: We write “tramway”.
severity: error
check: phrases
phrases: [tram]
message: 'say “tramway”'
"""


def rule(check: Check, id_: str = "slow", *, trusted: bool = False) -> Rule:
    return Rule("test", id_, "", "", "error", check, "“{match}”", trusted=trusted)


def check(text: str, rules: Sequence[Rule], limits: Limits) -> tuple[list[str], list[Problem]]:
    document = readers.read(Source(text, "a.md"), "markdown")
    findings, problems = engine.check(document, NoPrefilter(tuple(rules)), limits)
    return [finding.rule for finding in findings], problems


def paragraphs(number: int, letters: int) -> str:
    """Return paragraphs, in each of which a hostile pattern tries 2**letters ways (3 ms for 14 letters)."""
    return "\n\n".join(["a" * letters + "! The tram is late."] * number)


def pack(folder: Path, patterns: Sequence[str]) -> None:
    (folder / "house" / "hostile").mkdir(parents=True)
    for number, pattern in enumerate(patterns):
        named = RULE.format(id=f"slow-{number}", pattern=pattern)
        (folder / "house" / "hostile" / f"slow-{number}.yaml").write_text(named, "utf-8")
    (folder / "house" / "hostile" / "tram.yaml").write_text(TRAM, "utf-8")


def run(jobs: int = 1, cache: Cache | None = None) -> Result:
    linter = ArticleLinter(RunOptions(rule_folders=("house",), isolated=True, select=("hostile",)))
    return runner.run(discover(["news"]), linter, jobs, cache=cache)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the tiny limits of these tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(matching, "LIMITS", TINY)
    return tmp_path


def articles(folder: Path, number: int, blocks: int, letters: int) -> None:
    (folder / "news").mkdir()
    for article in range(number):
        (folder / "news" / f"{article:03}.md").write_text(paragraphs(blocks, letters), "utf-8")


def test_a_rule_has_one_budget_for_all_blocks_of_an_article() -> None:
    limits = Limits(rule=0.02, article=60)
    found, problems = check(paragraphs(1_000, 18), [rule(Pattern(SLOW)), rule(Phrases(("tram",)), "tram")], limits)
    assert found == ["test/tram"] * 1_000
    assert [problem.path for problem in problems] == ["a.md"]
    assert "test/slow was cut off on this article because its pattern took too long" in problems[0].message


@dataclass(frozen=True)
class Sleeping:
    """A check that waits, or works if `works` is true, and then finds the whole block."""

    works: bool = False

    def find(self, block: Block) -> Iterator[Match]:
        start = time.thread_time()
        while self.works and time.thread_time() < start + 0.05:
            pass
        if not self.works:
            time.sleep(0.05)
        yield Match(0, len(block.text))


def test_an_article_whose_python_checks_take_too_long_is_left() -> None:
    rules = [rule(Sleeping(works=True), f"slow-{number}") for number in range(40)]
    found, problems = check("Tram.", rules, Limits(article=0.1))
    assert 0 < len(found) < 40
    assert problems == [Problem("a.md", problems[0].message)]
    assert problems[0].message.startswith("the rules took too long on this article, so the remaining rules were")
    assert problems[0].message.endswith(matching.DOCS)


def test_a_budget_of_an_article_ends_in_the_last_rule_without_a_problem() -> None:
    found, problems = check("Tram.", [rule(Sleeping(works=True))], Limits(article=0.01))
    assert (found, problems) == (["test/slow"], [])


def test_time_in_which_the_process_waits_is_not_counted() -> None:
    found, problems = check(paragraphs(3, 1), [rule(Sleeping())], Limits(article=0.1))
    assert (found, problems) == (["test/slow"] * 3, [])


def test_patterns_of_many_rules_use_up_the_budget_of_the_article() -> None:
    rules = [*(rule(Pattern(SLOW), f"slow-{number}") for number in range(9)), rule(Phrases(("tram",)), "tram")]
    found, problems = check("a" * 60 + "! The tram.", rules, Limits(rule=0.02, article=0.05))
    assert found == []
    cut_off = [problem.message.split(" ")[0] for problem in problems if "was cut off" in problem.message]
    assert 0 < len(cut_off) < 9
    assert len(problems) == len(cut_off) + 1


def test_facts_are_not_collected_beyond_the_budget_of_an_article() -> None:
    document = readers.read(Source("Tram.", "a.md"), "markdown")
    busy = Sleeping(works=True)

    class Comparing:
        def facts(self, document: Document) -> Iterator[Fact]:
            yield from (Fact(match.start, match.end) for match in busy.find(document.blocks[0]))

        def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
            return iter(())

    rules = [rule(Comparing(), str(number)) for number in range(9)]
    facts, problems = engine.collect_facts(document, rules, Limits(article=0.1))
    assert 0 < len(facts) < 9
    assert len(problems) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hostile_pack_is_cut_off_on_each_article(house: Path, jobs: int) -> None:
    if jobs > 1 and not workers.can_fork():
        pytest.skip("other processes do not inherit the limits of this test")
    pack(house, HOSTILE)
    articles(house, number=2, blocks=10, letters=40)
    result = run(jobs)
    assert result.status("error") == 2
    assert [finding.rule for finding in result.findings] == ["hostile/tram"] * 20
    names = {f"hostile/slow-{number}" for number in range(len(HOSTILE))}
    for name in {problem.path for problem in result.problems}:
        messages = [problem.message for problem in result.problems if problem.path == name]
        assert {message.split(" ")[0] for message in messages} == names
        assert len(messages) == len(names)


def test_results_of_cut_off_rules_are_not_cached(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(house, ["(?:a|a)+$|late"])
    articles(house, number=4, blocks=3, letters=16)
    cache = Cache(str(tmp_path / "cache"))
    monkeypatch.setattr(matching, "LIMITS", Limits(rule=0.002))
    assert len(run(cache=cache).problems) == 4
    monkeypatch.setattr(matching, "LIMITS", Limits())
    complete = run()
    assert len(complete.findings) == 24
    assert run(cache=cache) == complete
    assert run(cache=cache) == complete


def test_the_limits_grow_with_the_length_of_the_article() -> None:
    with Budget(1_000_000, Limits(rule=0, article=0)) as budget:
        assert budget.timeout(100) == pytest.approx(4)
        budget.spend(3)
        assert budget.timeout(100) == pytest.approx(1)
        budget.spend(1)
        with pytest.raises(TimeoutError):
            budget.timeout(100)
        assert budget.of("another/rule").timeout(100) == pytest.approx(4)
        assert not budget.is_used_up


def test_without_an_article_each_call_has_a_limit() -> None:
    for _ in range(2):
        assert 1 <= matching.current().timeout(100) < 2
        matching.current().spend(60)


def test_the_message_links_to_advice_for_packs() -> None:
    _, (problem,) = check("a" * 60 + "!", [rule(Pattern(SLOW))], Limits(rule=0.01))
    assert problem.message.endswith(f"; to make it faster, see {matching.DOCS}")


def test_a_pattern_of_copydesk_that_is_cut_off_is_a_bug() -> None:
    _, (problem,) = check("a" * 600 + "!", [rule(Pattern(SLOW), trusted=True)], Limits(rule=0.01))
    assert problem.message.endswith(f"this is a bug in copydesk, please report it with the article: {matching.ISSUES}")


@pytest.mark.parametrize("trusted", [True, False])
def test_only_patterns_of_copydesk_are_not_timed_on_short_texts(trusted: bool) -> None:
    found, problems = check("aaa", [rule(Pattern("a+"), trusted=trusted)], Limits(rule=0.0))
    assert (found == ["test/slow"], problems == []) == (trusted, trusted)


@pytest.mark.parametrize(
    ("name", "options", "trusted"),
    [
        pytest.param("sentences/too-for-to", "exceptions+: [a tram]", True, id="an exception"),
        pytest.param("sentences/too-for-to", "pattern: '(?<gap>a)|(?<word>b)'", False, id="a pattern of the settings"),
        pytest.param("boilerplate/share-bar", "lines+: ['share this']", False, id="a line of boilerplate"),
    ],
)
def test_a_shipped_rule_is_trusted_until_the_config_changes_its_patterns(
    tmp_path: Path, name: str, options: str, trusted: bool
) -> None:
    shipped = next(each for each in packs.shipped_rules() if each.name == name)
    (tmp_path / "a.yaml").write_text(options, "utf-8")
    top = yaml_file.load(tmp_path / "a.yaml", File("a.yaml"))
    assert top
    assert shipped.trusted
    assert select.with_options(shipped, top).trusted is trusted


def test_examples_of_a_slow_rule_fail(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(house, [SLOW])
    (house / "house" / "hostile" / "tram.yaml").unlink()
    with (house / "house" / "hostile" / "slow-0.yaml").open("a", encoding="utf-8") as file:
        file.write(f"why: A test.\nbad:\n  - '⟦aa⟧'\ngood:\n  - '{'a' * 40}!'\n")
    assert main(["test", "house"]) == 1
    assert "hostile/slow-0 was cut off on this article" in capsys.readouterr().out


def test_try_limits_a_hostile_rule(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(house, [SLOW])
    articles(house, number=5, blocks=1, letters=40)
    assert main(["try", "house/hostile/slow-0.yaml", "news", "--isolated"]) == 2
    assert capsys.readouterr().err.count("hostile/slow-0 was cut off on this article") == 5


def test_the_without_pattern_of_characters_is_limited_too(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    lines = ["id: slow", "summary: Slow.", "severity: error", "check: characters", "pattern: '\\u200b'"]
    unless = "unless: '(?:a|a)+$'"
    (tmp_path / "house" / "slow.yaml").write_text("\n".join([*lines, unless, "message: 'x'"]) + "\n", "utf-8")
    slow = packs.load_rule(tmp_path / "house" / "slow.yaml")
    found, problems = check("\u200b" + "a" * 60 + "!", [slow], Limits(rule=0.01))
    assert not found
    assert len(problems) == 1
