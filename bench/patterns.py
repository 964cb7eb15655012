"""Attack every pattern, to find those that take more than linear time: `python bench/patterns.py [GROUP …]`.

Python's `re` has no time limit, so a pattern that backtracks stops a run. The patterns of all modules and of all
shipped rules are attacked with texts generated from their syntax trees: text that matches up to a repetition, then
repeated text, then text that does not match. A pattern whose time grows faster than the text is printed with the
attack, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import gc
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import regex

import linter
from linter.analysis import syntax_tree
from linter.config import packs
from linter.patterns import _LazyPattern

SIGNS = "aA1_-.,!?:;\"'“”’()[]{}<>/\\#%&*@+=|~`^$ \u00a0\t\n\réж中\u0301🚋\ufffcnst…—"
MANY = 100  # a repetition of at least this many times counts as unlimited
TINY = (25, 32, 40, 60, 100)  # code points; on these, exponential patterns become visible before they would hang
SIZE = 2_000
FLOOR = 0.004  # seconds; a quadratic pattern takes longer for SIZE
MOST = 8.0  # maximum ratio of the times for texts that differ in length by a factor of 4: 4 is linear, 16 is quadratic
TRIES = 3
LONG = 0.3  # seconds; a pattern that takes longer is not tried on longer texts
ATTACKS = 60  # attacks on one pattern
BODIES = 4  # texts for one repetition

# Patterns that are used only on short texts, each with the limit.
SHORT = {
    "linter.checks.encoding.mojibake._CHUNK_END": "60 code points",
    "linter.checks.sentences.no_end_mark._LAST": "60 code points",
    "linter.checks.names.pronoun._WORD_BEFORE": "30 code points",
    "linter.checks.spacing.unbalanced._ITEM": "12 code points",
    "linter.checks.structure.lost_code._CODE": "200 code points",
    "linter.checks.structure.bold._OPENED": "500 code points",
    "linter.readers.markdown._POST": "400 code points",
    "linter.checks.spacing._junctions._LAST_WORD": "80 code points",
    "linter.checks.spacing._junctions._MACHINE": "160 code points",
}
# Patterns that are used only on parsed text, which contains what they look for.
PARSED = {
    "linter.readers.markdown_inline._LABEL": "a definition, which begins with its label",
    "linter.readers.html_head._TOKEN": "JSON, in which all strings end",
    "linter.readers.recover._COMMENT": "text that ends with the end of a comment",
}
# Patterns of checks that are never matched directly, or only on short texts.
UNUSED = {
    ("BoilerplateLine", "compiled"),
    ("EdgeLine", "compiled"),  # 400 code points
}
SOURCES = {path: path.read_text("utf-8") for path in Path(linter.__file__).parent.rglob("*.py")}
GROUPS = ("checks", "readers", "other", "rules")
ANCHORED = frozenset({"match", "fullmatch"})


class Named(NamedTuple):
    """A pattern, and the name of the module or rule that contains it."""

    name: str
    pattern: Any


class Attack(NamedTuple):
    """`body` repeated between `before` and `after`."""

    before: str
    body: str
    after: str

    def text(self, size: int) -> str:
        return self.before + self.body * max(1, size // len(self.body)) + self.after


def patterns(value: object, name: str, depth: int = 3) -> Iterator[Named]:
    """Yield the patterns in a value."""
    if isinstance(value, _LazyPattern):
        value.search  # noqa: B018  # compiles it
        yield Named(name, value._pattern)
    elif isinstance(value, re.Pattern | regex.Pattern):
        yield Named(name, value)
    elif isinstance(value, dict) and depth:
        for key, each in value.items():
            yield from patterns(each, f"{name}[{key!r}]", depth - 1)
    elif isinstance(value, tuple | list) and depth:
        for place, each in enumerate(value):
            yield from patterns(each, f"{name}[{place}]", depth - 1)


def of_modules() -> Iterator[Named]:
    for info in pkgutil.walk_packages(linter.__path__, "linter."):
        if not info.name.endswith("__main__"):
            for name, value in list(vars(import_module(info.name)).items()):
                yield from patterns(value, f"{info.name}.{name}")


def of_rules() -> Iterator[Named]:
    """Yield the patterns of the checks of the shipped rules. BoilerplateLine checks lines of up to 400 characters."""
    for rule in packs.shipped_rules():
        kind = type(rule.check)
        for name in dir(kind):
            if isinstance(getattr(kind, name), cached_property) and (kind.__name__, name) not in UNUSED:
                yield from patterns(getattr(rule.check, name), f"{kind.__module__}.{name} of {rule.name}")


def collected(group: str) -> list[Named]:
    """Return the patterns of a package of linter, of its other modules, or of the rules, without duplicates."""
    found = of_rules() if group == "rules" else (named for named in of_modules() if group_of(named.name) == group)
    every = {id(named.pattern): named for named in found}
    return [named for named in every.values() if named.name.split("[")[0] not in SHORT | PARSED]


def group_of(name: str) -> str:
    package = name.split(".")[1]
    return package if package in ("checks", "readers") else "other"


def attacks(pattern: Any) -> list[Attack]:
    """Yield texts that may make a pattern backtrack; none if the pattern has no unlimited repetition."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = syntax_tree.parsed_pattern.__wrapped__(source, flags_of(pattern))
    repeated: list[tuple[str, list[str]]] = []
    whole = {text for turn in range(BODIES) if (text := sample(tree, turn, "", repeated))}
    if not repeated:
        return []
    found = {Attack("", text + end, "") for text in whole for end in ("", " ", "a")}
    found |= {Attack("", sign, after) for sign in SIGNS for after in ("", "\x01")}
    found |= {Attack("", sign + " ", "") for sign in SIGNS}
    for before, bodies in repeated:
        for body in filter(None, bodies):
            found |= {Attack(before, body, after) for after in ("", "\n\x01!", " b")}
            found |= {Attack("", before + body, ""), Attack("A", body, "b"), Attack("x ", body, " x")}
        if before:
            found |= {Attack("", before + end, "") for end in ("", " ")}
    return sorted(found)[:: len(found) // ATTACKS + 1]


def flags_of(pattern: Any) -> int:
    if isinstance(pattern, regex.Pattern):
        return pattern.flags & ~regex.UNICODE
    names = ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII")
    return sum(getattr(regex, name) for name in names if pattern.flags & getattr(re, name))


def sample(node: Any, turn: int, before: str, repeated: list[tuple[str, list[str]]]) -> str:
    """Return a text that matches a node, alternative number `turn`, and record its unlimited repetitions."""
    if isinstance(node, syntax_tree.Concatenation):
        text = ""
        for item in node.parts:
            text += sample(item, turn, before + text, repeated)
        return text
    if isinstance(node, syntax_tree.Branch):
        texts = [sample(branch, turn, before, repeated) for branch in node.parts[:8]]
        return texts[turn % len(texts)]
    if isinstance(node, syntax_tree.Repeat):
        text = sample(node.part, turn, before, repeated)
        if node.most is None or node.most >= MANY:
            repeated.append((before, sorted({sample(node.part, turn, before, []) for turn in range(BODIES)})))
        return text * min(node.least or turn % 2, 5)
    if isinstance(node, syntax_tree.Group):
        return sample(node.part, turn, before, repeated)
    if isinstance(node, syntax_tree.LookAround):
        sample(node.part, turn, before, repeated)
        return ""
    if isinstance(node, syntax_tree.Characters):
        if node.single is not None:
            return chr(node.single)
        fitting = [sign for sign in SIGNS if node.matches(sign)]
        return fitting[turn * len(fitting) // BODIES] if fitting else "a"
    return ""


def calls(name: str) -> list[str]:
    """Return how the code calls a pattern: anchored, for one match, or for all matches, which is the hardest."""
    module, _, variable = name.split(" ")[0].split("[")[0].rpartition(".")
    own = Path(import_module(module).__file__ or "")
    sources = [SOURCES[own]] if variable.startswith("_") else list(SOURCES.values())
    used = {found for source in sources for found in re.findall(rf"(?<!\w){variable}(?:\[.+?\])?\.(\w+)", source)}
    used -= {"pattern"}
    if used and used <= ANCHORED:
        return sorted(used)
    return ["search"] if used and used <= ANCHORED | {"search"} else ["finditer"]


def spent(pattern: Any, call: str, text: str) -> float:
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    start = process_time()
    if call == "finditer":
        for _ in pattern.finditer(subject):
            pass
    else:
        getattr(pattern, call)(subject)
    return process_time() - start


def grows(pattern: Any, call: str, attack: Attack) -> bool:
    """Return whether four times the text takes more than MOST times as long; noise requires TRIES such results."""
    for size in TINY:
        if all(spent(pattern, call, attack.text(size)) > FLOOR for _ in range(TRIES)):
            return True
    for size in (SIZE // 8, SIZE):
        if spent(pattern, call, attack.text(size)) > FLOOR:
            break
    else:
        return False
    for _ in range(TRIES):
        short, long = (min(spent(pattern, call, attack.text(each)) for _ in range(2)) for each in (size, 4 * size))
        if short < FLOOR / 2 or long < MOST * short:
            return False
        if long < LONG:  # a limited repetition looks quadratic below its limit
            size *= 4
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"only some groups: {', '.join(GROUPS)}")
    groups = parser.parse_args().groups or GROUPS
    slow = 0
    for group in groups:
        named = collected(group)
        gc.collect()
        for each in named:
            for call in calls(each.name):
                for attack in islice((a for a in attacks(each.pattern) if grows(each.pattern, call, a)), 1):
                    slow += 1
                    print(f"{each.name} on {attack!r}", flush=True)
        print(f"{group}: {len(named):,} patterns", flush=True)
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
