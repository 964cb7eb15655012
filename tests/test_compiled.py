"""Rules and the analysis of their patterns, stored as bytes and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from linter import cli, compiled
from linter.analysis import literals, results, syntax_tree
from linter.article_linter import ArticleLinter
from linter.config import packs, yaml_file
from linter.rule import Rule

TRAM = "id: tram\nsummary: s.\nseverity: error\ncheck: pattern\npattern: the old tramway\nmessage: m.\n"


def plain(rule: Rule) -> dict[str, object]:
    """Return the fields of a rule that are stored."""
    left_out = {"bad", "good", "words", "check", "stored_traits"}
    return {field.name: getattr(rule, field.name) for field in fields(rule) if field.name not in left_out}


def named(rules: Iterable[Rule]) -> Callable[[str], Rule]:
    return {rule.name: rule for rule in rules}.__getitem__


def forget_results() -> None:
    """Remove all results of analyzing patterns, except those in files."""
    literals._of_pattern.cache_clear()  # type: ignore[attr-defined]
    results._cached.clear()
    results._new.clear()


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The path of another file for the shipped rules, which does not exist yet."""
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "compiled.txt")
    kept = results._cached.copy()
    for cached in (results.shipped, compiled.stored_rules):
        cached.cache_clear()
    forget_results()
    yield tmp_path / "compiled.txt"
    for cached in (results.shipped, compiled.stored_rules):
        cached.cache_clear()
    forget_results()
    results._cached.update(kept)


def test_stored_rules_lack_their_examples() -> None:
    rules = packs.shipped_rules()[:50]
    own = compiled.unpack_rules(compiled.pack_rules(rules), named(rules))
    assert [plain(rule) for rule in own.values()] == [plain(rule) for rule in rules]
    assert not any(rule.bad or rule.good for rule in own.values())
    for rule, again in zip(rules, own.values(), strict=True):
        assert again.traits == rule.traits
        assert again.check.created == rule.check  # type: ignore[union-attr]


def test_only_an_edited_rule_is_read_again(
    own_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "house" / "style").mkdir(parents=True)
    for name, word in (("tram", "tramway"), ("ship", "steamer")):
        text = TRAM.replace("id: tram", f"id: {name}").replace("tramway", word)
        (tmp_path / "house" / "style" / f"{name}.yaml").write_text(text)
    (tmp_path / "a.md").write_text("# A\n\nWe saw the old tramway and the old steamer.\n")
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []
    analyzed: list[str] = []
    load, parse = yaml_file.load, syntax_tree.parsed_pattern

    def run() -> list[str]:
        opened.clear()
        analyzed.clear()
        forget_results()
        packs.shipped_rules.cache_clear()
        cli.main(["check", "a.md", "--rules", "house", "--cache-dir", "cache", "--report", "plain"])
        return capsys.readouterr().out.splitlines()

    monkeypatch.setattr(yaml_file, "load", lambda path, *rest: (opened.append(path.name), load(path, *rest))[1])
    monkeypatch.setattr(
        literals, "parsed_pattern", lambda pattern, flags: (analyzed.append(pattern), parse(pattern, flags))[1]
    )
    first = run()
    assert len(opened) > 200
    assert len(analyzed) > 200
    assert run() == first
    assert opened == analyzed == []
    rule = tmp_path / "house" / "style" / "ship.yaml"
    rule.write_text(rule.read_text().replace("steamer", "steamers?"))
    assert len(run()) == len(first)
    assert opened == ["ship.yaml"]
    assert set(analyzed) == {"the old steamers?"}


@pytest.mark.parametrize(
    ("damage", "used"),
    [
        pytest.param(lambda data: data, True, id="as it is"),
        pytest.param(lambda data: data.replace(b"format ", b"format 1", 1), False, id="another format"),
        pytest.param(lambda data: b"", False, id="empty"),
        pytest.param(lambda data: b"tram", False, id="another file"),
    ],
)
def test_the_rules_that_come_with_the_package(
    own_file: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes], used: bool
) -> None:
    expected = {rule.name: plain(rule) for rule in packs.shipped_rules()}
    found = literals.literals_of_pattern("a harbor (?:tram|bus)")
    compiled.write_shipped(packs.shipped_rules())
    own_file.write_bytes(damage(own_file.read_bytes()))
    results.shipped.cache_clear()
    compiled.stored_rules.cache_clear()
    forget_results()
    packs.shipped_rules.cache_clear()
    opened: list[str] = []
    parsed: list[str] = []
    load, parse = yaml_file.load, syntax_tree.parsed_pattern
    monkeypatch.setattr(yaml_file, "load", lambda path, *rest: (opened.append(path.name), load(path, *rest))[1])
    monkeypatch.setattr(literals, "parsed_pattern", lambda *given: (parsed.append(given[0]), parse(*given))[1])
    assert {rule.name: plain(rule) for rule in compiled.CompiledRules(()).rules} == expected
    assert literals.literals_of_pattern("a harbor (?:tram|bus)") == found
    assert bool(opened) is bool(parsed) is not used


def test_the_shipped_rules_leave_room_for_other_packs(tmp_path: Path) -> None:
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "house" / "style" / "tram.yaml").write_text(TRAM)
    names = {rule.name for rule in compiled.CompiledRules([tmp_path / "house"]).rules}
    assert names == {"style/tram", *(rule.name for rule in packs.shipped_rules())}


def test_the_results_of_analyzing_patterns_are_restored(own_file: Path) -> None:
    assert results.new_results() is None
    found = literals.literals_of_pattern("a harbour (?:tram|bus)")
    data = results.new_results()
    assert data
    forget_results()
    results.load_results(data)
    assert literals.literals_of_pattern("a harbour (?:tram|bus)") == found
    assert found
    assert results.new_results() is None


@pytest.mark.parametrize("answer", ["7", "[[7]]", '["bus"]', '[["bus"], 7]', "{}", '{"bus": 1}', "true", '"bus"'])
def test_a_value_of_another_type_is_ignored(own_file: Path, answer: str) -> None:
    found = literals.literals_of_pattern("a tram or bus", 256)
    (key,) = results._new
    forget_results()
    results.load_results(f'{{"{key}": {answer}}}'.encode())
    assert literals.literals_of_pattern("a tram or bus", 256) == found
    assert found


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"1"])
def test_damaged_values_are_ignored(data: bytes) -> None:
    results.load_results(data)
    assert literals.literals_of_pattern(f"a tram {data.hex()} bus")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param(r"\b[a-z]{2,20}\b", True, id="an ordinary pattern"),
        pytest.param("tram " * 25_000, False, id="a long pattern"),
        pytest.param("(?:ab){2000000}", False, id="many repetitions"),
        pytest.param("(?:(?:ab){2000}){2000}", False, id="nested repetitions"),
        pytest.param("(?x)(?:ab){ 2000000 }", False, id="spaces in a count"),
        pytest.param(r"\{2000000}", True, id="an escaped brace"),
    ],
)
def test_a_stored_pattern_is_not_compiled_if_it_is_too_large(pattern: str, expected: bool) -> None:
    assert compiled._fits_memory(pattern) is expected


def test_a_stored_rule_that_the_config_changes_has_its_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copydesk.yaml").write_text("options: {spacing/after-comma: {message: A space, marks: ','}}\n")
    monkeypatch.chdir(tmp_path)
    run_rules = ArticleLinter().run_rules
    (configured,) = (rule for rule in run_rules.active().rules if rule.name == "spacing/after-comma")
    rule = run_rules.with_examples(configured)
    (full,) = (each for each in packs.shipped_rules() if each.name == rule.name)
    assert (rule.message, rule.bad, rule.good) == ("A space", full.bad, full.good)
