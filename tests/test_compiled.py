"""Rules and the analysis of their patterns, stored as bytes and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from linter import cli, compiled, store
from linter.analysis import literals, syntax_tree
from linter.config import packs, yaml_file
from linter.rule import Rule


def plain(rule: Rule) -> dict[str, object]:
    """Return the fields of a rule, without its examples."""
    names = {*fields(rule)} - {"bad", "good", "words"}
    return {name: getattr(rule, name) for name in names}


def named(rules: Iterable[Rule]) -> Callable[[str], Rule]:
    return {rule.name: rule for rule in rules}.__getitem__


def forget_analysis() -> None:
    """Remove all results of the analysis of patterns, except those in files."""
    for own in (*syntax_tree._results.values(), syntax_tree._loaded):
        own.clear()
    store.use(None)


def test_stored_rules_lack_their_examples() -> None:
    rules = packs.shipped_rules()
    inputs, again = compiled.unpack_rules(compiled.pack_rules(b"inputs", rules), named(rules))
    assert inputs == b"inputs"
    assert [plain(rule) for rule in again] == [plain(rule) for rule in rules]
    assert not any(rule.bad or rule.good for rule in again)


def test_only_an_edited_rule_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "house" / "style").mkdir(parents=True)
    for name, word in (("tram", "tramway"), ("ship", "steamer")):
        (tmp_path / "house" / "style" / f"{name}.yaml").write_text(
            f"id: {name}\nsummary: s.\nseverity: error\ncheck: pattern\npattern: the old {word}\nmessage: m.\n"
        )
    (tmp_path / "a.md").write_text("# A\n\nWe saw the old tramway and the old steamer.\n")
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []
    analyzed: list[str] = []
    load, parse = yaml_file.load, syntax_tree.parsed_pattern

    def run() -> list[str]:
        opened.clear()
        analyzed.clear()
        forget_analysis()
        packs.shipped_rules.cache_clear()
        cli.main(["check", "a.md", "--rules", "house", "--cache-dir", "cache", "--report", "plain"])
        return capsys.readouterr().out.splitlines()

    monkeypatch.setattr(compiled, "_SHIPPED", tmp_path / "compiled.bin")  # there is none
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


@pytest.fixture
def nothing_analyzed() -> Iterator[None]:
    """Remove all results of the analysis of patterns during a test."""
    kept = {name: own.copy() for name, own in syntax_tree._results.items()}
    loaded, used = syntax_tree._loaded.copy(), store._in_use
    forget_analysis()
    yield
    forget_analysis()
    for name, own in kept.items():
        syntax_tree._results[name].update(own)
    syntax_tree._loaded.update(loaded)
    store.use(used)


@pytest.mark.usefixtures("nothing_analyzed")
@pytest.mark.parametrize(
    ("damage", "used"),
    [
        pytest.param(lambda data: data, True, id="as it is"),
        pytest.param(lambda data: b"0" * 32 + data[32:], False, id="of other code"),
        pytest.param(lambda data: data[:-9], False, id="without the end"),
        pytest.param(lambda data: b"", False, id="empty"),
    ],
)
def test_the_store_that_comes_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes], used: bool
) -> None:
    monkeypatch.setattr(compiled, "_SHIPPED", tmp_path / "compiled.bin")
    expected = {rule.name: plain(rule) for rule in packs.shipped_rules()}
    found = literals.literals_of_pattern("a harbor (?:tram|bus)")
    compiled.write_shipped_store()
    compiled._SHIPPED.write_bytes(damage(compiled._SHIPPED.read_bytes()))
    forget_analysis()
    packs.shipped_rules.cache_clear()
    opened: list[str] = []
    parsed: list[str] = []
    load, parse = yaml_file.load, syntax_tree.parsed_pattern
    monkeypatch.setattr(yaml_file, "load", lambda path, *rest: (opened.append(path.name), load(path, *rest))[1])
    monkeypatch.setattr(literals, "parsed_pattern", lambda *given: (parsed.append(given[0]), parse(*given))[1])
    assert {rule.name: plain(rule) for rule in compiled.CompiledRules(()).rules} == expected
    assert literals.literals_of_pattern("a harbor (?:tram|bus)") == found
    assert bool(opened) is bool(parsed) is not used


@pytest.mark.parametrize("name", ["checks/names/case.py", "data/brands.txt", "data/en_words.bin"])
def test_the_store_depends_on_code_and_word_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for file in ("checks/names/case.py", "data/brands.txt", "data/en_words.bin"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("tram")
    monkeypatch.setattr(compiled, "_PACKAGE", tmp_path)
    before = compiled.digest_of_code()
    for built in ("compiled.bin", "patterns.bin"):
        (tmp_path / "data" / built).write_text("the store itself")
    assert compiled.digest_of_code() == before
    (tmp_path / name).write_text("bus")
    assert compiled.digest_of_code() != before


def test_the_store_that_comes_with_the_package_leaves_room_for_other_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_SHIPPED", tmp_path / "compiled.bin")
    compiled.write_shipped_store()
    (tmp_path / "house" / "style").mkdir(parents=True)
    rule = "id: tram\nsummary: s.\nseverity: error\ncheck: pattern\npattern: the old tram\nmessage: m.\n"
    (tmp_path / "house" / "style" / "tram.yaml").write_text(rule)
    names = {rule.name for rule in compiled.CompiledRules([tmp_path / "house"]).rules}
    assert names == {"style/tram", *(rule.name for rule in packs.shipped_rules())}


def test_the_pattern_analysis_is_restored() -> None:
    syntax_tree.new_analysis()
    assert syntax_tree.new_analysis() is None
    found = literals.literals_of_pattern("a harbour (?:tram|bus)")
    data = syntax_tree.new_analysis()
    assert data
    syntax_tree.load_analysis(data)
    assert literals.literals_of_pattern("a harbour (?:tram|bus)") is not None
    assert literals.literals_of_pattern("a harbour (?:tram|bus)") == found
    assert syntax_tree.new_analysis() is None


@pytest.mark.parametrize(
    "answer",
    ["7", "[[7]]", '["bus"]', '[["bus"], 7]', "{}", '{"bus": 1}', "true", '"bus"'],
)
def test_a_value_of_another_type_is_ignored(answer: str) -> None:
    pattern = f"a {answer.encode().hex()} tram"
    expected = literals.literals_of_pattern(pattern.replace("tram", "ship"))
    key = json.dumps([pattern, 256, False])
    syntax_tree.load_analysis(f'{{"linter.analysis.literals._of_pattern": [[{key}, {answer}]]}}'.encode())
    found = literals.literals_of_pattern(pattern, 256)
    assert found
    assert expected
    assert found == tuple(frozenset(text.replace("ship", "tram") for text in texts) for texts in expected)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"linter.analysis.literals._of_pattern": 1}'])
def test_damaged_values_are_ignored(data: bytes) -> None:
    syntax_tree.load_analysis(data)
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
