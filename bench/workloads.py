"""Generate the articles and rules to measure. The same folder of articles always gives the same result."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from string import ascii_lowercase

_SEED = 2026
_FEW = 3
_STEP = 10  # words are taken from every tenth article
_BODIES = [  # kinds of rules, chosen at random
    "check: phrases\nphrases: ['{one} {two}']",
    "check: phrases\nphrases: ['{one} {two}', '{two} of {three}', '{three} {one}']",
    "check: swap\nswap:\n  '{one} {two}': '{three}'\n  '{two}-{three}': '{one}'",
    "check: pattern\npattern: '\\b{one}\\s+(?:the|an?)\\s+{two}\\b'",
    "check: pattern\npattern: '(?i)\\b(?:{one}|{two})s? +{three}\\w*\\b'",
    "check: pattern\npattern: '\\b{one}[^.]{{0,40}}\\b{two}\\b'",
]
_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><article>\n{body}</article></body></html>\n"


def size(folder: Path) -> int:
    """Return the total size of the articles in a folder in bytes."""
    return sum(file.stat().st_size for file in _articles(folder))


def html(folder: Path, to: Path) -> Path:
    """Write the articles of `folder` to `to` as HTML pages, 500 in each subfolder; return `to`."""
    import pyromark

    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
    for i, file in enumerate(_articles(folder)):
        page = to / str(i // 500) / f"{i}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text("utf-8", "replace")
        page.write_text(_PAGE.format(title=file.stem, body=pyromark.html(text, options=options)), "utf-8")
    return to


def large(folder: Path, to: Path, least: int) -> Path:
    """Write one article of `least` code points, joined from the articles of `folder`, to `to`; return `to`."""
    to.mkdir()
    texts = [file.read_text("utf-8", "replace").removeprefix("---\n") for file in _articles(folder)]
    whole = "\n\n".join(texts)
    (to / "large.md").write_text((whole * (least // len(whole) + 1))[:least], "utf-8")
    return to


def few(folder: Path, to: Path) -> list[Path]:
    """Copy three articles of about the size of the lower quartile of `folder` to `to`; return their paths."""
    to.mkdir()
    by_size = sorted(_articles(folder), key=lambda file: (file.stat().st_size, file))
    files = [to / f"{i}.md" for i in range(_FEW)]
    for i, file in enumerate(files):
        file.write_bytes(by_size[len(by_size) // 4 + i].read_bytes())
    return files


def site(folder: Path, few: list[Path], to: Path, count: int) -> None:
    """Copy `count` articles of `folder`, and the articles `few`, to the folder `to`.

    If there are not enough articles, further copies have other words, so that they are not duplicates. The articles of
    `folder` that are the same as one of `few` are left out.
    """
    contents = {file.read_bytes() for file in few}
    articles = [file for file in _articles(folder) if file.read_bytes() not in contents]
    for number in range(count):
        copy, at = divmod(number, len(articles))
        page = to / str(copy) / articles[at].relative_to(folder)
        page.parent.mkdir(parents=True, exist_ok=True)
        text = articles[at].read_text("utf-8", "replace")
        page.write_text(_with_other_words(text, copy) if copy else text, "utf-8")
    for file in few:
        (to / file.name).write_bytes(file.read_bytes())


def _with_other_words(text: str, number: int) -> str:
    letters = random.Random(number).sample(ascii_lowercase, len(ascii_lowercase))
    table = str.maketrans(ascii_lowercase, "".join(letters))
    text = re.sub(r"[a-z]{6,}", lambda word: word[0].translate(table), text)
    return re.sub(r"(?m)^(title: *\"?)", rf"\g<1>{number} ", text)


def touch(files: list[Path]) -> None:
    """Append a line end to each file, so that its cached result is outdated."""
    for file in files:
        with file.open("a", encoding="utf-8") as opened:
            opened.write("\n")


def rules(folder: Path, to: Path, count: int) -> Path:
    """Write a pack of `count` rules, with words that occur in the articles of `folder`, to `to`; return `to`."""
    chance = random.Random(_SEED)
    words = _words(folder)
    pack = to / "made"
    pack.mkdir(parents=True)
    for i in range(count):
        (pack / f"rule-{i}.yaml").write_text(_rule(i, *chance.sample(words, 3), chance.choice(_BODIES)), "utf-8")
    return to


def _words(folder: Path) -> list[str]:
    found: set[str] = set()
    for file in _articles(folder)[::_STEP]:
        found.update(re.findall(r"\b[a-z]{4,12}\b", file.read_text("utf-8", "replace")))
    return sorted(found)


def _rule(number: int, one: str, two: str, three: str, body: str) -> str:
    return f"""\
id: rule-{number}
summary: A rule that was made.
why: >
  To be measured.
severity: warning
{body.format(one=one, two=two, three=three)}
message: 'This was found.'
"""


def _articles(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix in (".md", ".html"))


def _all(folder: Path, to: Path, count: int, least: int, many: int) -> None:
    html(folder, to / "html")
    large(folder, to / "large", least)
    files = few(folder, to / "few")
    site(folder, files, to / "site", len(_articles(folder)))
    site(folder, files, to / "archive", many)
    rules(folder, to / "house", count)
    rules(folder, to / "edited", 1)


if __name__ == "__main__":
    _all(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
