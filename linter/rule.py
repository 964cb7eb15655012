"""What a rule is, what a check is, and what a check yields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from linter import matching, patterns
from linter.finding import Edit

if TYPE_CHECKING:
    import regex

    from linter.document import Block, Document

# A desk's own right spellings: what words.txt says, and what it silences.

WORDS_FILE = "words.txt"
_WORD = patterns.lazy(r"[^\W_]+")
_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u202f"), " ")


class Words:
    """Words and phrases, one a line; capitals count. `#` begins a comment at the start of a line or behind a space."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        plain = (re.sub(r"(?:\A|\s)#.*", "", line) for line in lines)
        self.right = frozenset(" ".join(line.split()) for line in plain if line.strip())

    @cached_property
    def _phrases(self) -> dict[str, list[str]]:
        """The lines of more than one word, under each of their words."""
        phrases: dict[str, list[str]] = {}
        for line in sorted(self.right):
            for word in set(_WORD.findall(line)) - {line}:
                phrases.setdefault(word, []).append(line)
        return phrases

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is right by itself, or in the phrase it stands in."""
        found = text[start:end]
        return found in self.right or any(_stands_in(line, text, start, end) for line in self._phrases.get(found, ()))


NO_WORDS = Words()


def _stands_in(phrase: str, text: str, start: int, end: int) -> bool:
    word = text[start:end]
    places = (match.start() for match in re.finditer(re.escape(word), phrase))
    return any(
        start >= at and text[start - at : start - at + len(phrase)].translate(_SPACES) == phrase for at in places
    )


_GLOBS = 16_384  # for rules, that are kept compiled; more than a list in a config may hold
_LONGEST = 200  # characters of one; a longer one means no rule
OWN = "copydesk"  # the pack that holds what the tool itself has to say
_GLOB = frozenset("*?[")


class Match(NamedTuple):
    """A defect as a check sees it: a half-open span, and values for the message and the replacement.

    Offsets count code points: in the block's text for `find(block)`, in the source for `find(document)`.
    `edits`, in the same offsets, mend the defect; where there are none the rule's `fix.replace` may. Where they are not
    `sure` they are no safe fix, whatever the rule says.
    """

    start: int
    end: int
    values: Mapping[str, str] = MappingProxyType({})
    edits: tuple[Edit, ...] = ()
    sure: bool = True


class BlockCheck(Protocol):
    """A kind of check that looks at one block at a time.

    It may declare `literals` and `chars` that a block must contain (see prefilter.index.Needs).
    """

    def find(self, block: Block) -> Iterator[Match]: ...


class DocumentCheck(Protocol):
    """A kind of check that needs the whole article.

    It may declare `literals`, `within` and `chars` that the document must contain (see prefilter.index.Needs).
    """

    def find(self, document: Document) -> Iterator[Match]: ...


class Fact(NamedTuple):
    """What an article tells of itself for a look across its folder: a half-open span of its source, and data.

    `data` goes between processes and is kept: numbers, texts, bytes, None, and tuples of these; nothing else.
    """

    start: int
    end: int
    data: tuple[Any, ...] = ()


class ArticleFacts(NamedTuple):
    """All facts that one article tells for one rule; `length` counts the code points of its source."""

    path: str
    rule: str
    length: int
    facts: tuple[Fact, ...]


class FolderFacts(Protocol):
    """The articles of a run as a rule sees them."""

    @property
    def articles(self) -> Sequence[ArticleFacts]:
        """What each of them told, in the order of their paths."""

    def holds(self, article: ArticleFacts, address: str) -> bool:
        """Whether a file is where `address`, in that article, leads; True where nobody can know."""


class FolderCheck(Protocol):
    """A kind of check for what no article shows alone.

    `facts` are taken from one article at a time, anywhere; `gather` sees those of all, and names an account
    with each match, whose offsets are those of that article's source. `data` is the type of every fact's `data`, a
    tuple: what the cache holds must have it.
    """

    data: ClassVar[object]

    def facts(self, document: Document) -> Iterator[Fact]: ...

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]: ...


# Any of them may have `lacks`: what must be installed for it to find anything, or "" where it is.
Check = BlockCheck | DocumentCheck | FolderCheck


def looks_at(check: object) -> str:
    """Whether it is "block", "document" or "folder": what its `find` takes, or that it gathers facts instead."""
    if hasattr(check, "gather"):
        return "folder"
    return str(check.find.__code__.co_varnames[1])  # type: ignore[attr-defined]


class RuleFix(NamedTuple):
    """How a rule mends what it finds: `replace` is a template, None where the check brings the edits."""

    safe: bool = False
    replace: str | None = None


NO_FIX = RuleFix()


class Example(NamedTuple):
    """An example of a rule: `text` without its marks, `spans` what was marked ⟦so⟧, `fixed` the mended text.

    `kind` names the reader. `encoded`, if given, says that the text is to go through bytes in that encoding.
    `line` is where the example stands in the rule file, 1-based. An example may be a folder: then it has no text of
    its own but `articles`, and `files` that lie beside them, by their paths.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    fixed: str | None = None
    kind: str = "markdown"
    encoded: str | None = None
    line: int = 0
    articles: tuple[Example, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """One use of a check.

    `exceptions` are phrases in which a match is none; `not_about` are those that show an article to be about
    what the rule looks for. `not_from` are the makers of pages (origin.MAKERS, or “any”) in whose sources it is
    legal. `headline` stands over many findings of one kind in the terminal, or is empty.
    """

    pack: str
    id: str
    summary: str
    why: str
    severity: str
    check: Check
    message: str
    headline: str = ""
    source: str = ""
    in_drafts: str = ""  # the severity in an article that says it is a draft; empty: the same
    enabled: bool = True
    languages: frozenset[str] = frozenset()  # empty: any
    formats: frozenset[str] = frozenset()  # kinds of source; empty: any
    scope: frozenset[str] = frozenset({"prose"})
    not_scope: frozenset[str] = frozenset()
    in_quotes: str = "both"
    exceptions: tuple[str, ...] = ()
    not_about: tuple[str, ...] = ()
    not_from: frozenset[str] = frozenset()
    fix: RuleFix = NO_FIX
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    file: str = ""
    kind: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    trusted: bool = False  # it comes with copydesk, and so does every regular expression in it
    words: Words = NO_WORDS  # what the desk calls right; for checks that have `vocabulary`

    @cached_property
    def name(self) -> str:
        return f"{self.pack}/{self.id}"

    @cached_property
    def looks_at(self) -> str:
        """What its check looks at: "block", "document" or "folder"."""
        return looks_at(self.check)

    @cached_property
    def vocabulary(self) -> bool:
        """Whether its check is about spellings, so that a desk's own right ones silence it."""
        return bool(getattr(self.check, "vocabulary", False))

    @property
    def lacks(self) -> str:
        """What must be installed besides for it to find anything, or empty."""
        return str(getattr(self.check, "lacks", ""))

    @cached_property
    def excepted(self) -> regex.Pattern[str]:
        """Fits what `exceptions` names, in any case."""

        return matching.phrases(self.exceptions, case=False)

    @cached_property
    def topics(self) -> regex.Pattern[str]:
        """Fits what `not_about` names, in any case."""

        return matching.phrases(self.not_about, case=False)


def fits(name: str, rule: str) -> bool:
    """Whether `name`, a rule, a pack or a glob, means the rule of the name `rule`."""
    if name in (rule, rule.partition("/")[0]):
        return True
    return not _GLOB.isdisjoint(name) and len(name) <= _LONGEST and _glob(name).match(rule) is not None


@lru_cache(_GLOBS)  # fnmatch itself keeps 256, and compiles each one anew where there are more
def _glob(name: str) -> re.Pattern[str]:
    import re
    from fnmatch import translate

    return re.compile(translate(name))


class BadRule(Exception):
    """A rule file, or a folder of them, cannot be used; `mistakes` has one line for each, with its place."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


# The marks ⟦ ⟧ that show, in an example, what is found.

OPEN, CLOSE = "⟦", "⟧"
_MARK = patterns.lazy(f"[{OPEN}{CLOSE}]")

Spans = tuple[tuple[int, int], ...]


def unmark_spans(marked: str) -> tuple[str, Spans]:
    """A marked text → (the text without marks, the half-open code-point spans in it that were marked, in order).

    Spans may lie within others. Raises ValueError, with words for it, where a mark has no partner.
    """
    if OPEN not in marked and CLOSE not in marked:
        return marked, ()
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for count, mark in enumerate(_MARK.finditer(marked)):
        at = mark.start() - count
        if mark[0] == OPEN:
            opened.append(at)
        elif opened:
            spans.append((opened.pop(), at))
        else:
            raise ValueError(f"a “{CLOSE}” has no “{OPEN}” before it")
    if opened:
        raise ValueError(f"a “{OPEN}” has no “{CLOSE}” behind it")
    return _MARK.sub("", marked), tuple(sorted(spans))


def mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with marks around `spans`: the inverse of `unmark`."""
    inserts: list[tuple[int, int, int, str]] = []
    for start, end in spans:
        if start == end:
            inserts.append((start, 1, 0, OPEN + CLOSE))
        else:
            inserts += [(start, 2, -end, OPEN), (end, 0, -start, CLOSE)]
    parts, done = [], 0
    for at, _, _, sign in sorted(inserts):
        parts += [text[done:at], sign]
        done = at
    return "".join(parts) + text[done:]
