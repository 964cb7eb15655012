"""Makes the table of how rare three letters in a row are: `python linter/data/trigrams.py`, from the word table."""

from __future__ import annotations

import math
from collections import Counter

from linter.analysis.literals import LETTERS, STEP, TRIGRAMS
from linter.text.lexicon import DATA, OFFSETS, WORDS


def main() -> None:
    """Write the table: one byte for each three of LETTERS, the bits of their rarity in steps of 1 / STEP."""
    counts: Counter[str] = Counter()
    for line in (DATA / WORDS).read_bytes()[OFFSETS:].decode().split("\n"):
        word, _, *uses = line.split("\t")[:5] if line.count("\t") else ("", "")
        padded = f" {word} " if word.isascii() and word.isalpha() else ""
        for i in range(len(padded) - 2):
            counts[padded[i : i + 3]] += sum(int(use) for use in uses if use)
    total = counts.total()
    rarest = 255 // STEP
    table = bytearray()
    for letters in (a + b + c for a in LETTERS for b in LETTERS for c in LETTERS):
        bits = -math.log2(counts[letters] / total) if counts[letters] else rarest
        table.append(min(255, round(bits * STEP)))
    (DATA / TRIGRAMS).write_bytes(table)


if __name__ == "__main__":
    main()
