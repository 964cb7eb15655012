"""Rules, the protocols of checks, and the matches that checks yield."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from linter import matching, patterns
from linter.finding import Edit
from linter.record import field, record

if TYPE_CHECKING:
    import regex

    from linter.document import Block, Document

OWN = "copydesk"  # the pack with rules about the use of copydesk itself
WORDS_FILE = "words.txt"
_WORD = patterns.lazy(r"[^\W_]+")
_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u202f"), " ")
_GLOB = frozenset("*?[")
_CACHED_GLOBS = 16_384  # compiled globs; more than a list in a config may have
_MAX_GLOB = 200  # maximum characters of a glob; a longer one matches no rule
OPEN, CLOSE = "⟦", "⟧"  # around what is found in an example
_MARK = patterns.lazy(f"[{OPEN}{CLOSE}]")

Spans = tuple[tuple[int, int], ...]


class Words:
    """The allowed words and phrases in a words.txt: one per line, case-sensitive.

    `#` starts a comment at the start of a line or after a space.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        plain = (re.sub(r"(?:\A|\s)#.*", "", line) for line in lines)
        self.right = frozenset(" ".join(line.split()) for line in plain if line.strip())

    @cached_property
    def _phrases(self) -> dict[str, list[str]]:
        """The lines with several words, by each of their words."""
        phrases: dict[str, list[str]] = {}
        for line in sorted(self.right):
            for word in set(_WORD.findall(line)) - {line}:
                phrases.setdefault(word, []).append(line)
        return phrases

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is an allowed word, or part of an allowed phrase in `text`."""
        found = text[start:end]
        return found in self.right or any(
            _is_in_phrase(line, text, start, end) for line in self._phrases.get(found, ())
        )


NO_WORDS = Words()


def _is_in_phrase(phrase: str, text: str, start: int, end: int) -> bool:
    word = text[start:end]
    places = (match.start() for match in re.finditer(re.escape(word), phrase))
    return any(
        start >= at and text[start - at : start - at + len(phrase)].translate(_SPACES) == phrase for at in places
    )


class Match(NamedTuple):
    """A defect that a check found: a half-open span, and values for the message and the replacement.

    Offsets count code points: in the text of the block for `find(block)`, in the source for `find(document)`. `edits`
    have the same offsets; without them, the `fix.replace` of the rule applies. Unless `sure`, the fix is unsafe,
    whatever the rule says.
    """

    start: int
    end: int
    values: Mapping[str, str] = MappingProxyType({})
    edits: tuple[Edit, ...] = ()
    sure: bool = True


class Needs(NamedTuple):
    """The texts, characters and parts that a check needs in a block or document to match. The prefilter relies on it.

    `literals` are sets of folded texts (`folding.folded`). The block contains at least one text of each set. For a
    check of documents, one of the document's own blocks contains it. If `parts` are links or images, one of their URLs
    or link texts contains it; if `parts` are blocks and links, one of either. `chars` is a character class in `regex`
    syntax, of non-ASCII or control characters, of which the block or document contains at least one ("": any). `parts`
    are names of parts of a document (`Document.parts`), of which the document has at least one (empty: any).
    """

    literals: tuple[frozenset[str], ...] | None = None
    chars: str = ""
    parts: frozenset[str] = frozenset()


class CheckIndex(Protocol):
    """An index of many document checks of one kind, which is faster than running each of them.

    A check class declares it as `index`, a function of a sequence of checks. Checks are numbered from 0 in it.
    """

    def hits(self, document: Document) -> Collection[int]:
        """Return the numbers of all checks that may find something in a document."""


class BlockCheck(Protocol):
    """A check of one block at a time. It may declare `literals`, `chars` and `parts` (see Needs).

    Without them, it may have `may_match`, a quick test of the text of a block, or None.
    """

    def find(self, block: Block) -> Iterator[Match]: ...


class DocumentCheck(Protocol):
    """A check of a whole document.

    It may declare `literals`, `chars` and `parts` (see Needs), or `index` (see CheckIndex).
    """

    def find(self, document: Document) -> Iterator[Match]: ...


class Fact(NamedTuple):
    """A fact of an article for a check across articles: a half-open span of its source, and data.

    `data` is sent between processes and cached. It contains only numbers, texts, bytes, None and tuples of these.
    """

    start: int
    end: int
    data: tuple[Any, ...] = ()


class ArticleFacts(NamedTuple):
    """The facts of one article for one rule; `length` is the number of code points of its source."""

    path: str
    rule: str
    length: int
    facts: tuple[Fact, ...]


@record
class FolderFacts:
    """The facts of all articles of a run for one rule, in the order of their paths.

    `present(path, address)` returns whether `address`, in the article at `path`, leads to a file.
    """

    articles: Sequence[ArticleFacts]
    present: Callable[[str, str], bool]

    def holds(self, article: ArticleFacts, address: str) -> bool:
        """Whether `address` in that article leads to a file. True if this cannot be determined."""
        return self.present(article.path, address)


class FolderCheck(Protocol):
    """A check that compares articles.

    `facts` yields the facts of one article, in any process. `gather` receives the facts of all articles, and yields
    matches, each with the facts of its article; offsets count in the source of that article. `data` is the type of
    `Fact.data`, a tuple type. Cached facts are checked against it.
    """

    data: ClassVar[object]

    def facts(self, document: Document) -> Iterator[Fact]: ...

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]: ...


# Each may have `lacks`: the name of a missing package without which it finds nothing, or "".
Check = BlockCheck | DocumentCheck | FolderCheck


def looks_at(check: object) -> str:
    """Return "block" or "document", the name of the parameter of `find`, or "folder" if the check compares articles.

    If a check has both `find` and `gather`, its `across` says whether its options make it compare articles. Raises
    TypeError for any other parameter name, since the check would never run.
    """
    if hasattr(check, "gather") and getattr(check, "across", True):
        return "folder"
    parameter: str = check.find.__code__.co_varnames[1]  # type: ignore[attr-defined]
    if parameter not in ("block", "document"):
        raise TypeError(f"the parameter of {type(check).__name__}.find is “{parameter}”, not “block” or “document”")
    return parameter


class Limited:
    """A check with at least one of the options `at_least` and `at_most`; 0 means no limit."""

    at_least: float
    at_most: float

    def __post_init__(self) -> None:
        if not self.at_least and not self.at_most:
            raise ValueError("either “at_least” or “at_most” must be given")

    def crossed(self, value: float) -> float:
        """Return the limit that a value exceeds or falls below, or 0."""
        if value < self.at_least:
            return self.at_least
        return self.at_most if value > self.at_most else 0


class RuleFix(NamedTuple):
    """The fix of a rule: `replace` is a template, or None if the check yields the edits."""

    safe: bool = False
    replace: str | None = None


NO_FIX = RuleFix()


class Example(NamedTuple):
    """An example of a rule: `text` without marks, the `spans` that were marked ⟦like this⟧, and the `fixed` text.

    `kind` names the reader. If `encoded` is given, the text is encoded and decoded with it. `line` is the 1-based line
    of the example in the rule file. An example may be a folder: it has `articles` and the paths of other `files`
    instead of a text.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    fixed: str | None = None
    kind: str = "markdown"
    encoded: str | None = None
    line: int = 0
    articles: tuple[Example, ...] = ()
    files: tuple[str, ...] = ()


@record(eq=False)
class Rule:
    """A rule: a check with its options, and what to report about its matches.

    Matches inside the phrases in `exceptions` are ignored, and so are all matches in articles about the phrases in
    `not_about`. `not_from` are page generators (or “any”) whose source files may contain what the rule finds. `summary`
    names the defect; it is the title of groups of findings.
    """

    pack: str
    id: str
    summary: str
    why: str
    severity: str
    check: Check
    message: str
    source: str = ""
    in_drafts: str = ""  # the severity in drafts; empty: the same
    enabled: bool = True
    preview: bool = False  # new: off unless the config or the command line turns previews on
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
    trusted: bool = False  # the rule and all its regular expressions are shipped with copydesk
    digest: bytes = b""  # of the name and the content of its file
    words: Words = NO_WORDS  # allowed words, for checks that have `vocabulary`

    @cached_property
    def name(self) -> str:
        return f"{self.pack}/{self.id}"

    @cached_property
    def looks_at(self) -> str:
        """What its check looks at: "block", "document" or "folder"."""
        return looks_at(self.check)

    @cached_property
    def needs(self) -> Needs:
        """The needs that its check declares; none for a check that compares articles."""
        if self.looks_at == "folder":
            return Needs()
        declared = ((name, getattr(self.check, name, None)) for name in Needs._fields)
        return Needs(**{name: need for name, need in declared if need is not None})

    @property
    def index(self) -> Callable[[Sequence[Any]], CheckIndex] | None:
        """The index for checks of its kind, if its check declares one."""
        return getattr(self.check, "index", None)

    @cached_property
    def vocabulary(self) -> bool:
        """Whether its check is about spelling, and words.txt applies."""
        return bool(getattr(self.check, "vocabulary", False))

    @property
    def lacks(self) -> str:
        """The name of a missing package without which it finds nothing, or ""."""
        return str(getattr(self.check, "lacks", ""))

    @cached_property
    def excepted(self) -> regex.Pattern[str]:
        """The pattern of the phrases in `exceptions`, ignoring case."""
        return matching.phrases(self.exceptions, case=False)

    @cached_property
    def topics(self) -> regex.Pattern[str]:
        """The pattern of the phrases in `not_about`, ignoring case."""
        return matching.phrases(self.not_about, case=False)


def fits(name: str, rule: str) -> bool:
    """Whether `name`, the name of a rule or pack or a glob, matches the rule with the name `rule`."""
    if name in (rule, rule.partition("/")[0]):
        return True
    return not _GLOB.isdisjoint(name) and len(name) <= _MAX_GLOB and _glob(name).match(rule) is not None


@lru_cache(_CACHED_GLOBS)  # fnmatch itself caches only 256
def _glob(name: str) -> re.Pattern[str]:
    from fnmatch import translate

    return re.compile(translate(name))


class BadRule(Exception):
    """Mistakes in rule files; `mistakes` has one line for each, with its position."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def unmark_spans(marked: str) -> tuple[str, Spans]:
    """Return (the text of an example without the marks ⟦ ⟧, the marked half-open spans in order).

    Spans may be nested. Raises ValueError with a message if a mark has no counterpart.
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
        raise ValueError(f"a “{OPEN}” has no “{CLOSE}” after it")
    return _MARK.sub("", marked), tuple(sorted(spans))


def mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with marks around `spans`: the inverse of `unmark_spans`."""
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
