"""Look up words in Hunspell dictionaries: an affix file (.aff) and a list of stems with flags (.dic).

As in Vale, these parts of the format are used: prefixes and suffixes with conditions, compounds, forms of flags, and
replacements of characters (ICONV). Affixes of affixes are not. The format is described in the manual page hunspell(5).
The files are untrusted: lines that cannot be read are ignored, and no regular expression comes from them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from linter import patterns

MOST_ENTRIES = 1_000_000  # stems of a dictionary; real ones have up to 500,000
_MOST_FLAGS = 1_000  # flags of a stem, and of a rule for compounds; real dictionaries have up to 100
_MOST_RULES = 50_000  # affixes; the largest dictionaries have 25,000
_MOST_COMPOUNDS = 100  # rules for compounds; real dictionaries have up to 20
_MOST_STEPS = 200_000  # steps to look up one word; ordinary dictionaries take fewer than 1,000
_LONGEST = 100  # code points of a word; a longer one is not looked up
_PARTS = 6  # maximum parts of a compound
_SHORTEST = 3  # minimum code points of a part
_MOST_FORMS = 500_000  # forms of stems; English has 125,000
_LONGEST_FORM = 40  # code points of a form
_MOST_LETTERS = 64  # letters of an alphabet
_CONDITION = patterns.lazy(r"\[(\^?)([^\[\]]*)\]|(.)", re.DOTALL)
_NUMBER = patterns.lazy(r"[0-9](?:[.,-]?[0-9])*[.,-]?|0?x[0-9A-Fa-f]+|0b[01]+|[0-9a-z]{40}")
_UNITS = patterns.lazy(r"[0-9]+([a-zA-Z]+)")
_COMPOUND_FLAGS = frozenset({"COMPOUNDFLAG", "COMPOUNDBEGIN", "COMPOUNDMIDDLE", "COMPOUNDEND"})

Flags = str | tuple[str, ...]  # in text, each character is a flag
Condition = tuple[tuple[bool, str], ...]  # for each character, whether it must be one of some characters, and these


class Affix(NamedTuple):
    """A prefix or suffix. Stems with `flag` that fit `condition` may have it.

    If `crosses` is true, they may have an affix of the other kind, too.
    """

    flag: str
    crosses: bool
    condition: Condition


# Affixes by their text and by the text of the stem that they replace.
Affixes = dict[str, dict[str, list[Affix]]]


@dataclass(eq=False)
class Rules:
    """The contents of an affix file."""

    flag_kind: str = ""
    prefixes: Affixes = field(default_factory=dict)
    suffixes: Affixes = field(default_factory=dict)
    conversions: dict[str, str] = field(default_factory=dict)
    compounds: list[list[tuple[str, str]]] = field(default_factory=list)
    only_in_compound: str = ""
    letters: str = ""
    has_compounds: bool = False
    shortest_part: int = _SHORTEST

    def flags(self, text: str) -> Flags:
        """Return the flags in `text`."""
        if self.flag_kind == "num":
            return tuple(text.split(","))
        if self.flag_kind == "long":
            return tuple(text[at : at + 2] for at in range(0, len(text) - 1, 2))
        return text


def read_rules(text: str) -> Rules:
    """Read an affix file."""
    rules = Rules()
    crosses: dict[tuple[str, str], bool] = {}
    for line in text.split("\n", _MOST_RULES)[:_MOST_RULES]:
        match line.split():
            case ["FLAG", kind, *_]:
                rules.flag_kind = kind
            case ["ICONV", old, new, *_]:
                rules.conversions.setdefault(old, new)
            case ["TRY", letters, *_]:
                rules.letters = "".join(dict.fromkeys(filter(str.isalpha, letters.lower())))[:_MOST_LETTERS]
            case ["ONLYINCOMPOUND", flag, *_]:
                rules.only_in_compound = flag
            case ["COMPOUNDMIN", number, *_] if number.isdecimal() and len(number) < 4:
                rules.shortest_part = max(_SHORTEST, int(number))
            case ["COMPOUNDRULE", rule, *_] if not rule.isdecimal() and len(rules.compounds) < _MOST_COMPOUNDS:
                rules.compounds.append(_compound_rule(rules.flags(rule[:_MOST_FLAGS])))
            case ["PFX" | "SFX" as kind, flag, "Y" | "N" as cross, number] if number.isdecimal():
                crosses[kind, flag] = cross == "Y"
            case ["PFX" | "SFX" as kind, flag, strip, affix, *rest] if (kind, flag) in crosses and max(
                len(strip), len(affix)
            ) <= _LONGEST:
                condition = _condition(rest[0] if rest else ".")
                found = Affix(flag, crosses[kind, flag], condition if kind == "PFX" else condition[::-1])
                table = rules.prefixes if kind == "PFX" else rules.suffixes
                by_strip = table.setdefault("" if affix == "0" else affix.partition("/")[0], {})
                by_strip.setdefault("" if strip == "0" else strip, []).append(found)
            case [name, _, *_] if name in _COMPOUND_FLAGS:
                rules.has_compounds = True
    return rules


def _condition(text: str) -> Condition:
    if text == ".":
        return ()
    return tuple(
        (False, "") if char == "." else (True, char) if char else (not negated, chars)
        for negated, chars, char in _CONDITION.findall(text)
    )


def _fits(text: Iterator[str], condition: Condition) -> bool:
    """Whether the characters of `text` fit a condition, in order."""
    return all((char in chars) == wanted for (wanted, chars), char in zip(condition, text, strict=False))


def _compound_rule(flags: Flags) -> list[tuple[str, str]]:
    """Return the flags of a compound rule, each with its repetition: "", "?" or "*"."""
    rule: list[tuple[str, str]] = []
    for flag in flags:
        if flag in ("?", "*") and rule:
            rule[-1] = rule[-1][0], flag
        elif flag not in ("(", ")"):
            rule.append((flag, ""))
    return rule


class Dictionary:
    """A dictionary with the affix file `aff` and the list of stems `dic`, as text."""

    def __init__(self, aff: str, dic: str) -> None:
        self.rules = rules = read_rules(aff)
        self._stems: dict[str, Flags] = {}
        self._parts: dict[str, set[str]] = defaultdict(set)  # stems by the flags in compound rules
        compound_flags = {flag for rule in rules.compounds for flag, _ in rule}
        for line in dic.split("\n", MOST_ENTRIES)[1:]:
            entry = line.split(None, 1)[:1]
            stem, slash, text = entry[0].partition("/") if entry else ("", "", "")
            if not stem or (slash and not text):
                continue
            flags = rules.flags(text[:_MOST_FLAGS])
            for flag in compound_flags.intersection(flags):
                self._parts[flag].add(stem)
            if not rules.only_in_compound or rules.only_in_compound not in flags:
                known = self._stems.get(stem)
                self._stems[stem] = flags if known is None else (known + flags)[:_MOST_FLAGS]  # type: ignore[operator]
        conversions = "|".join(map(re.escape, rules.conversions))
        self._converted = re.compile(conversions) if conversions else None
        self._steps = 0
        self._prefix_lengths, self._suffix_lengths = _lengths(rules.prefixes), _lengths(rules.suffixes)

    @property
    def letters(self) -> str:
        """The letters of the language in lowercase, the most frequent first, or "" if the affix file does not say."""
        return self.rules.letters

    def convert(self, word: str) -> str:
        """Return `word` with the characters that the dictionary uses, such as a straight apostrophe for a curly one."""
        if self._converted is None or len(word) > _LONGEST:
            return word
        return self._converted.sub(lambda found: self.rules.conversions[found[0]], word)

    def knows(self, word: str) -> bool:
        """Whether `word` is correct, as it is or in lowercase. Numbers are correct, too.

        Raises TimeoutError if the dictionary has so many rules that the lookup would take too long.
        """
        self._steps = 0
        if len(word) > _LONGEST:
            return False
        return (
            self._has(word)
            or self._has(word.lower())
            or _NUMBER.fullmatch(word) is not None
            or any(self._fits_compound(word, rule) for rule in self.rules.compounds)
            or (self.rules.has_compounds and self._is_compound(word))
            or ((units := _UNITS.fullmatch(word)) is not None and self._has(units[1]))
        )

    @cached_property
    def forms(self) -> frozenset[str]:
        """The stems, with and without affixes, of at most 40 code points, but no compounds and no numbers.

        For huge dictionaries, forms are missing. Making the set takes 0.2 s for English.
        """
        return frozenset(self._stems).union(islice(self._expanded(), _MOST_FORMS))

    def _expanded(self) -> Iterator[str]:
        """Yield a form of a stem for each affix: with the affix or, if that is impossible or too long, without it."""
        suffixes, prefixes = _by_flag(self.rules.suffixes), _by_flag(self.rules.prefixes)
        for stem, flags in self._stems.items():
            if not flags or len(stem) > _LONGEST_FORM:
                continue
            crossing = [stem]
            for strip, text, affix in chain.from_iterable(suffixes.get(flag, ()) for flag in flags):
                form = stem.removesuffix(strip) + text
                if stem.endswith(strip) and len(form) <= _LONGEST_FORM and _fits(reversed(stem), affix.condition):
                    yield form
                    crossing += [form] if affix.crosses else []
                else:
                    yield stem
            for strip, text, affix in chain.from_iterable(prefixes.get(flag, ()) for flag in flags):
                fits = stem.startswith(strip) and len(text) <= _LONGEST_FORM and _fits(iter(stem), affix.condition)
                bases = (crossing if affix.crosses else (stem,)) if fits else ()
                yield stem
                yield from (text + base.removeprefix(strip) for base in bases)

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise TimeoutError

    def _has(self, word: str) -> bool:
        """Whether `word` is a stem or a stem with affixes."""
        if word in self._stems or self._has_suffix(word, ()):
            return True
        for length in self._prefix_lengths:
            by_strip = self.rules.prefixes.get(word[:length])
            if by_strip and length < len(word) and self._has_prefix(word[length:], by_strip):
                return True
        return False

    def _has_prefix(self, rest: str, by_strip: dict[str, list[Affix]]) -> bool:
        """Whether `rest` is a stem, or one with a suffix, without one of some prefixes."""
        for strip, affixes in by_strip.items():
            base = strip + rest
            flags = self._stems.get(base, ())
            self._spend(len(affixes))
            for affix in affixes:
                if _fits(iter(base), affix.condition) and (
                    affix.flag in flags or (affix.crosses and self._has_suffix(base, (affix.flag,)))
                ):
                    return True
        return False

    def _has_suffix(self, word: str, required: Collection[str]) -> bool:
        """Whether `word` is a stem with a suffix. The stem must have the `required` flags of prefixes."""
        self._spend(len(self._suffix_lengths))
        size = len(word)
        for length in self._suffix_lengths:
            by_strip = self.rules.suffixes.get(word[size - length :]) if length <= size else None
            if by_strip is None:
                continue
            self._spend(len(by_strip))
            for strip, affixes in by_strip.items():
                stem = word[: size - length] + strip
                flags = self._stems.get(stem)
                if flags is None or not all(flag in flags for flag in required):
                    continue
                self._spend(len(affixes))
                for affix in affixes:
                    if (
                        affix.flag in flags
                        and (affix.crosses or not required)
                        and _fits(reversed(stem), affix.condition)
                    ):
                        return True
        return False

    def _fits_compound(self, word: str, rule: list[tuple[str, str]]) -> bool:
        """Whether `word` consists of stems with flags as a compound rule says."""
        places = {0}
        for flag, repetition in rule:
            after = self._after(word, flag, places)
            if repetition == "*":
                reached = set(places)
                while after - reached:
                    reached |= after
                    after = self._after(word, flag, after)
                places = reached
            else:
                places = after | places if repetition else after
        return len(word) in places and bool(word)

    def _after(self, word: str, flag: str, places: Collection[int]) -> set[int]:
        """Return the places where a stem with `flag` ends that starts at one of `places`."""
        stems = self._parts.get(flag, set())
        self._spend(1 + len(places) * len(word))
        return {end for start in places for end in range(start + 1, len(word) + 1) if word[start:end] in stems}

    def _is_compound(self, word: str) -> bool:
        """Whether `word` consists of up to six known words. As in Vale, any of them may come first or last."""
        shortest, known = self.rules.shortest_part, self._is_part
        reached = {0}
        for _ in range(_PARTS):
            ends = {
                end
                for start in reached
                for end in range(start + shortest, len(word) + 1)
                if (end == len(word) or len(word) - end >= shortest) and known(word[start:end])
            }
            if len(word) in ends:
                return True
            reached = ends
        return False

    def _is_part(self, word: str) -> bool:
        return self._has(word) or self._has(word.lower()) or self._has(word[:1].upper() + word[1:])


def _by_flag(affixes: Affixes) -> dict[str, list[tuple[str, str, Affix]]]:
    """Return affixes by their flags, each with the text that it replaces and its own."""
    found: dict[str, list[tuple[str, str, Affix]]] = {}
    for text, by_strip in affixes.items():
        for strip, group in by_strip.items():
            for affix in group:
                found.setdefault(affix.flag, []).append((strip, text, affix))
    return found


def _lengths(affixes: Affixes) -> list[int]:
    return sorted(set(map(len, affixes)))
