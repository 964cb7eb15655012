"""Random values in rules, config and front matter, and random damage to their files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import mutations
from linter import engine, readers
from linter.checks import check_kinds
from linter.config import load, packs, select
from linter.config.load import BadConfig
from linter.digest import shipped_folder as shipped_rules
from linter.prefilter import NoPrefilter
from linter.rule import BadRule
from linter.source import Source
from linter.text import language

pytestmark = pytest.mark.slow

RULES = packs.shipped_rules()
FILES = sorted(Path(shipped_rules()).glob("*/*.yaml"))
CONFIG = """\
packs: [leaks, style]
select: [links/*, measures]
ignore: 'spacing'
severity: {leaks/raw-tag: warning, links: off}
options:
  placeholders/slot: {not_about+: [tram], message: 'A slot.'}
overrides:
  - path: ['letters/**', '!letters/new.md']
    metadata: {section: [opinion, 'city*'], draft: true}
    severity: {'l*': info}
fail-on: warning
exclude: [drafts/, '*.min.html']
encoding: {'old/**': windows-1252}
language: en-GB
suppressions:
  - path: recipes/tram.md
    rule: placeholders/slot
    text: 'The … tram'
    reason: why
"""
SIGNS = "\t\n :-[]{}&*!|>'\"%@`#,?\\\0\x85\ufeff\u2028\ud800aé⟦⟧“”…{}()+*$^0123456789~<>="


def value(rng: random.Random, depth: int = 3) -> str:
    """A random value as YAML in one line."""
    kind = rng.random()
    if depth and kind < 0.15:
        return f"[{', '.join(value(rng, depth - 1) for _ in range(rng.randrange(4)))}]"
    if depth and kind < 0.3:
        pairs = (f"? {value(rng, depth - 1)} : {value(rng, depth - 1)}" for _ in range(rng.randrange(4)))
        return f"{{{', '.join(pairs)}}}"
    if kind < 0.4:
        return f"'{''.join(rng.choices(SIGNS, k=rng.randrange(20)))}'"
    return rng.choice([*mutations.VALUES.values()])[:400]


def damaged(rng: random.Random, text: str) -> str:
    """Return a text with parts of it deleted, repeated, swapped or replaced."""
    for _ in range(rng.randrange(1, 5)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice([0, 1, 3, 20]))
        other = rng.randrange(len(text) + 1)
        new = rng.choice(
            ["", text[start:end] * 2, rng.choice(SIGNS), value(rng, 1), text[other : other + rng.randrange(1, 40)]]
        )
        text = text[:start] + new + text[end:]
    return text


def check_mistakes(text: str, work: object) -> None:
    """Assert that work on a file ends and that all mistakes have positions."""
    try:
        work()  # type: ignore[operator]
    except (BadConfig, BadRule) as bad:
        mistakes = bad.mistakes
        assert mistakes
        assert all(map(mutations.placed, mistakes)), (text, mistakes)


def try_rule(text: str) -> None:
    def work() -> None:
        rule, mistakes = mutations.load(text.replace("\ud800", "\\ud800"))
        if rule is None:
            raise BadRule(mistakes)
        mutations.run(rule)

    check_mistakes(text, work)


def test_rules_with_random_values(rng: random.Random, scale: int) -> None:
    names = sorted(check_kinds())
    for _ in range(300 * scale):
        kind = rng.choice(names)
        own = mutations.own_keys(kind)
        keys = rng.choices([*own, *own, *own, *mutations.common_keys()], k=rng.randrange(1, 4))
        given = {
            key: rng.choice([*mutations.shapes(own.get(key), value(rng))])
            for key in keys
            if key != "check" or rng.random() < 0.1
        }
        try_rule(mutations.rule_file(kind, **given))


def test_damaged_rule_files(rng: random.Random, scale: int) -> None:
    for _ in range(300 * scale):
        text = rng.choice(FILES).read_text("utf-8")
        try_rule(damaged(rng, text.replace(f"id: {text.split()[1]}", "id: x", 1)))


@pytest.mark.parametrize("way", ["damaged", "random"])
def test_random_configs(
    way: str, rng: random.Random, scale: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "1" / "2" / "3"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    file = Path("copydesk.yaml")

    def work() -> None:
        read = load.read_config(file)
        if mistakes := select.mistakes(RULES, read):
            raise BadConfig(mistakes)
        assert len(select.possible_rules(RULES, read)) >= len(select.rules_for(RULES, read))
        for override in read.overrides:
            override.applies_to(str(here / "letters" / "a.md"), {"section": ["Opinion", 1], "draft": True})
            select.rules_for(RULES, read, [override])
        for entry in read.suppressions:
            entry.applies_to(str(here / "a.md"))

    for _ in range(150 * scale):
        if way == "damaged":
            text = damaged(rng, CONFIG)
        else:
            text = "".join(f"{key}: {value(rng)}\n" for key in rng.sample(load.KEYS, 2))
        file.write_bytes(text.encode("utf-8", "replace"))
        check_mistakes(text, work)


def test_front_matter_with_random_values(rng: random.Random, scale: int) -> None:
    keys = ("title", "date", "tags", "author", "description", "slug", "lang", "draft", "image", "copydesk", "extra")
    plan = NoPrefilter(tuple(rule for rule in RULES if rule.looks_at == "document"))
    across = [rule for rule in RULES if rule.looks_at == "folder"]
    for _ in range(100 * scale):
        lines = "".join(f"{key}: {value(rng)}\n" for key in rng.sample(keys, 4))
        text = f"---\n{lines}---\n# A tram\n\nThe tram , a bus.\n"

        def work(text: str = text) -> None:
            document = language.with_language(readers.read(Source(text, "a.md"), "markdown"))
            engine.check(document, plan)
            engine.collect_facts(document, across)

        check_mistakes(text, work)
