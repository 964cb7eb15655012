"""Time budgets: no rule of a pack blocks an article or a run, however many articles, blocks and rules there are."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
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
from linter.files.articles import discover
from linter.finding import Problem, Result
from linter.matching import Budget, Limits
from linter.prefilter import NoPrefilter
from linter.rule import Rule
from linter.source import Source

TINY = Limits(call=0.02, article=0.04, run=0.1, all_rules=0.5, reduced=0.02)
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


def rule(check: Pattern | Phrases, id_: str = "slow", *, trusted: bool = False) -> Rule:
    return Rule("test", id_, "", "", "error", check, "“{match}”", trusted=trusted)


def check(text: str, rules: Sequence[Rule], limits: Limits) -> tuple[list[str], list[Problem]]:
    document = readers.read(Source(text, "a.md"), "markdown")
    findings, problems = engine.check(document, NoPrefilter(tuple(rules)), Budget(limits))
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


def processor_time() -> float:
    """Return the processor time of this process and of its ended child processes in seconds."""
    return sum(os.times()[:4])


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
    started = time.process_time()
    limits = Limits(call=60, article=0.1, code_point=0)
    found, problems = check(paragraphs(1_000, 18), [rule(Pattern(SLOW)), rule(Phrases(("tram",)), "tram")], limits)
    assert found == ["test/tram"] * 1_000
    assert [problem.path for problem in problems] == ["a.md"]
    assert "test/slow was cut off on this article because its pattern took too long" in problems[0].message
    assert time.process_time() - started < 10  # all blocks would take 50 s and more


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hostile_pack_is_turned_off_rule_by_rule(house: Path, jobs: int) -> None:
    if jobs > 1 and not workers.can_fork():
        pytest.skip("other processes do not inherit the limits of this test")
    pack(house, HOSTILE)
    articles(house, number=60, blocks=10, letters=40)
    started = processor_time()
    result = run(jobs)
    assert processor_time() - started < 20  # without budgets: 23 rules x 60 articles x 10 blocks x 20 ms
    assert result.status("error") == 2
    assert [finding.rule for finding in result.findings] == ["hostile/tram"] * 600
    off = [problem.path for problem in result.problems if problem.message.startswith("turned off")]
    assert len(off) == len(set(off)) == len(HOSTILE)
    cut = [problem for problem in result.problems if problem.path not in off]
    assert len(cut) < 10 * len(HOSTILE) * jobs < 60 * len(HOSTILE)


def test_the_rules_of_a_pack_share_a_budget(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "LIMITS", TINY._replace(run=1000.0, article=0.03, all_rules=0.1))
    pack(house, [SLOW] * 8)
    articles(house, number=8, blocks=1, letters=40)
    result = run()
    off = [problem.path for problem in result.problems if problem.message.startswith("turned off")]
    assert len(off) == 8


def test_results_of_cut_off_rules_are_not_cached(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(house, ["(?:a|a)+$|late"])
    articles(house, number=8, blocks=3, letters=16)
    cache = Cache(str(tmp_path / "cache"))
    monkeypatch.setattr(matching, "LIMITS", Limits(run=0.05, code_point=0.0))
    assert [problem.path for problem in run(cache=cache).problems] == ["hostile/slow-0"]
    monkeypatch.setattr(matching, "LIMITS", Limits())
    complete = run()
    assert len(complete.findings) == 48
    assert run(cache=cache) == complete
    assert run(cache=cache) == complete


def test_an_ordinary_rule_is_never_turned_off_however_long_the_run_is() -> None:
    own = Budget(Limits())
    own.rule = "test/ordinary"
    for _ in range(20_000):
        with own.article("a.md", 2_000):
            assert own.timeout(2_000) > 1
            own.spend(2_000 * 2e-6)  # ten times what an ordinary pattern takes


def test_a_rule_that_is_a_little_slow_everywhere_is_turned_off() -> None:
    own, seconds = Budget(Limits()), 0.0
    own.rule = "test/slow"
    while seconds < 20 and "test/slow" not in own.run.off:
        with own.article("a.md", 100):
            try:
                own.timeout(100)
            except TimeoutError:
                assert own.cut_off("test/slow", trusted=False).message.startswith("turned off")
            own.spend(0.009)
            seconds += 0.009
    assert 10 < seconds < 11


def test_time_in_which_the_process_is_suspended_is_not_charged() -> None:
    own = Budget(Limits())
    own.rule = "test/ordinary"
    with own.article("a.md", 100):
        own.spend(3600.0)
        assert own.timeout(100) > 0.5


def test_the_message_links_to_advice_for_packs() -> None:
    _, (problem,) = check("a" * 60 + "!", [rule(Pattern(SLOW))], Limits(call=0.01))
    assert problem.message.endswith(f"; to make it faster, see {matching.DOCS}")


def test_a_pattern_of_copydesk_that_is_cut_off_is_a_bug() -> None:
    _, (problem,) = check("a" * 600 + "!", [rule(Pattern(SLOW), trusted=True)], Limits(call=0.01))
    assert problem.message.endswith(f"this is a bug in copydesk, please report it with the article: {matching.ISSUES}")


@pytest.mark.parametrize("trusted", [True, False])
def test_only_patterns_of_copydesk_are_not_timed_on_short_texts(trusted: bool) -> None:
    found, problems = check("aaa", [rule(Pattern("a+"), trusted=trusted)], Limits(article=0, code_point=0))
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


def test_the_examples_of_a_hostile_rule_are_bounded(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(house, [SLOW])
    (house / "house" / "hostile" / "tram.yaml").unlink()
    examples = "why: A test.\nbad:\n" + f"  - '⟦tram⟧ {'a' * 40}!'\n" * 200 + "good:\n" + f"  - '{'a' * 40}!'\n" * 200
    with (house / "house" / "hostile" / "slow-0.yaml").open("a", encoding="utf-8") as file:
        file.write(examples)
    started = time.process_time()
    assert main(["test", "house"]) == 1
    assert "turned off for the rest of the run" in capsys.readouterr().out
    assert time.process_time() - started < 8  # each of the 400 examples would take 0.02 s


def test_try_limits_a_hostile_rule(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(house, [SLOW])
    articles(house, number=50, blocks=1, letters=40)
    assert main(["try", "house/hostile/slow-0.yaml", "news", "--isolated"]) == 2
    error = capsys.readouterr().err
    assert error.count("hostile/slow-0: turned off for the rest of the run") == 1
    assert error.count("cut off") < 10


def test_the_without_pattern_of_characters_is_limited_too(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    lines = ["id: slow", "summary: Slow.", "severity: error", "check: characters", "pattern: '\\u200b'"]
    unless = "unless: '(?:a|a)+$'"
    (tmp_path / "house" / "slow.yaml").write_text("\n".join([*lines, unless, "message: 'x'"]) + "\n", "utf-8")
    slow = packs.load_rule(tmp_path / "house" / "slow.yaml")
    found, problems = check("\u200b" + "a" * 60 + "!", [slow], Limits(call=0.01))
    assert not found
    assert len(problems) == 1
