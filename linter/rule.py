"""Rules, the protocols of checks, and the matches that checks yield."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from linter import matching, patterns
from linter.finding import Edit
from linter.naming import pack_of

if TYPE_CHECKING:
    import regex

    from linter.document import Block, Document

VALE = "vale."  # the start of the kinds of rules of Vale, such as `vale.existence`
OWN = "copydesk"  # the pack with rules about the use of copydesk itself
WORDS_FILE = "words.txt"
_WORD = patterns.lazy(r"[^\W_]+")
_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u202f"), " ")
_GLOB = frozenset("*?[")
_CACHED_GLOBS = 16_384  # compiled globs that are cached; more than a list in a config may have
_MAX_GLOB = 200  # maximum characters of a glob; a longer one matches no rule
OPEN, CLOSE = "⟦", "⟧"  # marks around the text that a rule finds in an example
_MARK = patterns.lazy(f"[{OPEN}{CLOSE}]")

Spans = tuple[tuple[int, int], ...]


class Words:
    """The allowed words and phrases in a words.txt file: one per line, case-sensitive.

    A `#` at the start of a line or after white space begins a comment.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        plain = (re.sub(r"(?:\A|\s)#.*", "", line) for line in lines)
        self.right = frozenset(" ".join(line.split()) for line in plain if line.strip())

    @cached_property
    def _phrases(self) -> dict[str, list[str]]:
        """The allowed phrases by each word that they contain; a word itself is not one of its phrases."""
        phrases: dict[str, list[str]] = {}
        for line in sorted(self.right):
            for word in set(_WORD.findall(line)) - {line}:
                phrases.setdefault(word, []).append(line)
        return phrases

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is an allowed word or phrase, or a word inside an allowed phrase in `text`."""
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
    """A defect that a check found: its half-open span, and values for the message and the replacement.

    Offsets, including those in `edits`, are 0-based code points. They refer to the text of the block for `find(block)`,
    and to the source for `find(document)` and `gather`. If `edits` is empty, the rule's `fix.replace` applies, if
    given. If `sure` is false, the fix is unsafe, even if the rule declares it safe.
    """

    start: int
    end: int
    values: Mapping[str, str] = MappingProxyType({})
    edits: tuple[Edit, ...] = ()
    sure: bool = True


class Needs(NamedTuple):
    """What a block or document must contain so that a check can match in it. The prefilter relies on this.

    `literals` are sets of strings in folded form (see `linter.folding`), or None if no strings are required. A block
    must contain at least one string of each set. For a check of documents, a single text in the document must contain
    these strings. If `parts` has only names from this list, the texts that are listed for these names are searched:
    - `blocks`: the texts of `Document.blocks`
    - `links`: the URLs and texts of links
    - `images`: the URLs of images

    Otherwise, or if `parts` is empty, the texts of `Document.blocks` are searched.

    `chars` is a class of control and non-ASCII characters for the `regex` package, or "" if no characters are required.
    The block or, for a check of documents, the source must contain at least one of these characters.

    `parts` are names of parts of a document (see `Document.parts`). The document must have at least one of these parts.
    If `parts` is empty, no parts are required.
    """

    literals: tuple[frozenset[str], ...] | None = None
    chars: str = ""
    parts: frozenset[str] = frozenset()


class CheckIndex(Protocol):
    """An index of many document checks of related kinds. A lookup takes less time than running each check.

    A check class declares its index as `index`: a function that takes a sequence of checks and returns an index of
    them. The checks are numbered from 0, in the order of the sequence.
    """

    def hits(self, document: Document) -> Collection[int]:
        """Return the numbers of all checks that may match in a document."""


class BlockCheck(Protocol):
    """A check of one block at a time.

    The check may declare `literals`, `chars` and `parts` (see Needs). If it declares none of these, it may have
    `may_match(text)`, a quick test that returns whether the check may match in `text`. If `may_match` is None, there is
    no such test.
    """

    def find(self, block: Block) -> Iterator[Match]: ...


class DocumentCheck(Protocol):
    """A check of a whole document.

    The check may declare `literals`, `chars` and `parts` (see Needs), or `index` (see CheckIndex).
    """

    def find_in(self, document: Document) -> Iterator[Match]: ...


class Fact(NamedTuple):
    """A fact about an article, for a check that compares articles.

    `[start, end)` is the span that the fact is about, in 0-based code points of the source. `data` is sent between
    processes and cached, so it may contain only numbers, strings, bytes, None and tuples of these.
    """

    start: int
    end: int
    data: tuple[Any, ...] = ()


class ArticleFacts(NamedTuple):
    """The facts of the article called `path` for one rule. `length` is the number of code points of its source."""

    path: str
    rule: str
    length: int
    facts: tuple[Fact, ...]


Key = int | str | tuple[Any, ...]


class Others:
    """The facts of articles that are compared but not checked. This class is for runs without such articles."""

    def having(self, rule: str, key: Key) -> Collection[str]:
        """Return the paths of the articles whose facts for the rule have `key`."""
        return ()

    def facts(self, rule: str, paths: Iterable[str] | None = None) -> list[ArticleFacts]:
        """Return the facts for the rule of the articles at `paths`, or of all articles."""
        return []


NO_OTHERS = Others()


@dataclass(frozen=True)
class FolderFacts:
    """The facts of all compared articles for one rule.

    `own` are facts in memory, sorted by path, and `others` are those of further articles. `present(path, address)`
    returns whether `address`, in the article at `path`, leads to a file, or True if unknown. Only matches in the
    articles in `asked` are needed, or all if it is None.
    """

    rule: Rule
    own: Sequence[ArticleFacts]
    present: Callable[[str, str], bool]
    asked: Collection[str] | None = None
    others: Others = NO_OTHERS

    @cached_property
    def articles(self) -> Sequence[ArticleFacts]:
        """The facts of all articles, sorted by path."""
        return sorted([*self.own, *self.others.facts(self.rule.name)], key=attrgetter("path"))

    @property
    def asked_articles(self) -> Sequence[ArticleFacts]:
        """The facts of the articles in which matches are needed."""
        return [one for one in self.own if one.path in self.asked] if self.asked is not None else self.own

    @cached_property
    def _by_key(self) -> Mapping[Key, Sequence[ArticleFacts]]:
        """The facts in `own` by key."""
        by_key: dict[Key, list[ArticleFacts]] = defaultdict(list)
        for article in self.own:
            for key in {*self.rule.found_by(article)}:
                by_key[key].append(article)
        return by_key

    def count(self, key: Key) -> int:
        """Return the number of articles whose facts have `key`."""
        return len(self._by_key.get(key, ())) + len(self.others.having(self.rule.name, key))

    def first(self, key: Key) -> ArticleFacts | None:
        """Return the facts of the first article, by path, whose facts have `key`."""
        paths, name = sorted(self.others.having(self.rule.name, key)), self.rule.name
        others = (each for path in paths for each in self.others.facts(name, [path]))
        found = [*self._by_key.get(key, ())[:1], *islice(others, 1)]
        return min(found, key=attrgetter("path"), default=None)

    def sharing(self, keys: Iterable[Key]) -> list[ArticleFacts]:
        """Return the facts of the articles that have at least one of `keys`, sorted by path."""
        keys = [*keys]
        own = {id(each): each for key in keys for each in self._by_key.get(key, ())}
        paths = {path for key in keys for path in self.others.having(self.rule.name, key)}
        return sorted([*own.values(), *self.others.facts(self.rule.name, paths)], key=attrgetter("path"))

    def most_shared(self, article: ArticleFacts, keys: Iterable[Key]) -> int:
        """Return the highest number of `keys` that another article than `article` has."""
        counts: Counter[object] = Counter()
        for key in keys:
            counts.update(id(each) for each in self._by_key.get(key, ()) if each is not article)
            counts.update(self.others.having(self.rule.name, key))
        return max(counts.values(), default=0)

    def holds(self, article: ArticleFacts, address: str) -> bool:
        """Whether `address` in `article` leads to a file, or True if this is unknown."""
        return self.present(article.path, address)


class FolderCheck(Protocol):
    """A check that compares articles.

    `facts` yields the facts of one article, perhaps in a worker process. `gather` takes the facts of all articles and
    yields matches. Each match comes with the facts of the article that contains it, and its offsets refer to the source
    of that article. `data` is the type of `Fact.data`, a tuple type; facts from the cache must have this type.

    A check may have `found_by(article)`, which returns the keys of the facts of one article. Its `gather` then asks
    `folder` for articles with certain keys, so that a run with a few files of a folder does not read the facts of all
    the others.
    """

    data: ClassVar[object]

    def facts(self, document: Document) -> Iterator[Fact]: ...

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]: ...


# Any check may have `lacks`: the name of a missing package without which the check finds nothing, or "".
Check = BlockCheck | DocumentCheck | FolderCheck


PLACES = ("block", "document", "folder")  # what a check looks at


def looks_at(check: object) -> str:
    """Return what a check looks at: "block", "document", or "folder" if it compares articles.

    A check with `gather` compares articles unless its attribute `across` is false.
    """
    if hasattr(check, "gather") and getattr(check, "across", True):
        return "folder"
    return "document" if hasattr(check, "find_in") else "block"


class Traits(NamedTuple):
    """What must be known about a check before it runs. `looks_at` and `needs` are as in Rule.

    If `indexed` is true, checks of its kind have an index (see CheckIndex). If `vocabulary` is true, words.txt applies.
    """

    looks_at: str
    needs: Needs = Needs()
    indexed: bool = False
    vocabulary: bool = False


def traits_of(check: object) -> Traits:
    """Return the traits of a check."""
    place = looks_at(check)
    declared = {name: need for name in Needs._fields if (need := getattr(check, name, None)) is not None}
    needs = Needs(**declared) if place != "folder" else Needs()
    return Traits(place, needs, getattr(check, "index", None) is not None, bool(getattr(check, "vocabulary", False)))


class Limited:
    """A check with the options `at_least` and `at_most`, of which at least one must be given. 0 means no limit.

    Raises ValueError if both are 0.
    """

    at_least: float
    at_most: float

    def __post_init__(self) -> None:
        if not self.at_least and not self.at_most:
            raise ValueError("either “at_least” or “at_most” must be given")

    def crossed(self, value: float) -> float:
        """Return the limit that `value` falls below or exceeds, or 0 if it is within the limits."""
        if value < self.at_least:
            return self.at_least
        return self.at_most if value > self.at_most else 0


class StoredCheck:
    """A check that `make()` creates when it is first used. Its attributes are those of the check."""

    def __init__(self, make: Callable[[], Check]) -> None:
        self._make = make

    @cached_property
    def created(self) -> Check:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.created, name)


class RuleFix(NamedTuple):
    """The fix of a rule. `replace` is a template for the text that replaces a match.

    A match that has edits is fixed by these edits instead. If `replace` is None, matches without edits have no fix. If
    `safe` is true, the fix cannot change the meaning of an article.
    """

    safe: bool = False
    replace: str | None = None


NO_FIX = RuleFix()


class Example(NamedTuple):
    """An example of a rule: `text` without marks, and the `spans` that were marked ⟦like this⟧.

    `fixed` is the text after the fix, or None. `kind` is the format of the text. If `encoded` is given, the text is
    encoded with that encoding, and then decoded as an article would be. `line` is the 1-based line of the example in
    the rule file. An example of a folder has `articles`, and the paths of other `files`, instead of a text.
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
    """A rule: a check with its options, and what to report about its matches.

    `summary` names the defect, and is the heading of groups of findings. If `covers` is true, the marked text is to be
    deleted or replaced as a whole, so findings of other rules inside it are left out. Matches inside the phrases in
    `exceptions` are ignored. So are all matches in articles about the topics in `not_about`, and in source files for
    the page generators in `not_from`, where “any” means every generator.
    """

    pack: str
    id: str
    summary: str
    why: str
    severity: str
    check: Check
    message: str
    source: str = ""
    in_drafts: str = ""  # the severity in drafts; empty: the same as `severity`
    enabled: bool = True
    covers: bool = False
    preview: bool = False  # new: off unless the config or the command line turns previews on
    languages: frozenset[str] = frozenset()  # empty: any
    formats: frozenset[str] = frozenset()  # markups of sources; empty: any
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
    digest: bytes = b""  # digest of the name and the content of the rule file
    words: Words = NO_WORDS  # allowed words, for checks that have `vocabulary`
    stored_traits: Traits | None = None  # the traits of the check, if the rule is stored and lacks its examples

    @cached_property
    def name(self) -> str:
        """The name of the rule: `pack/id`, or `Style.Rule` for a rule of Vale."""
        return f"{self.pack}{'.' if self.is_vale else '/'}{self.id}"

    @property
    def is_vale(self) -> bool:
        """Whether the rule is from a style of Vale. Its `pack` is the style."""
        return self.kind.startswith(VALE)

    @cached_property
    def traits(self) -> Traits:
        """What must be known about the check before it runs."""
        return self.stored_traits or traits_of(self.check)

    @property
    def looks_at(self) -> str:
        """What the check of the rule looks at: "block", "document" or "folder"."""
        return self.traits.looks_at

    @property
    def needs(self) -> Needs:
        """The needs that the check declares. A check that compares articles has none."""
        return self.traits.needs

    @property
    def indexed(self) -> bool:
        """Whether checks of this kind have an index."""
        return self.traits.indexed

    @property
    def vocabulary(self) -> bool:
        """Whether words.txt applies to this rule, so that the rule does not report allowed words."""
        return self.traits.vocabulary

    def found_by(self, article: ArticleFacts) -> Iterable[Key]:
        """Return the keys by which the facts of an article are found. A check may have none (see FolderCheck)."""
        found_by = getattr(self.check, "found_by", None)
        return found_by(article) if found_by else ()

    @property
    def index(self) -> Callable[[Sequence[Any]], CheckIndex] | None:
        """The function that creates an index for checks of this kind, or None if the check declares none."""
        return getattr(self.check, "index", None)

    @property
    def lacks(self) -> str:
        """The name of a missing package without which the rule finds nothing, or ""."""
        return str(getattr(self.check, "lacks", ""))

    @cached_property
    def excepted(self) -> regex.Pattern[str]:
        """A pattern that matches the phrases in `exceptions`, regardless of case."""
        return matching.phrases(self.exceptions, case=False)

    @cached_property
    def topics(self) -> regex.Pattern[str]:
        """A pattern that matches the phrases in `not_about`, regardless of case."""
        return matching.phrases(self.not_about, case=False)


def fits(name: str, rule: str) -> bool:
    """Whether `name` matches the rule called `rule`, such as "leaks/raw-tag".

    `name` is the name of a rule, the name of a pack (which matches all rules of the pack), or a glob. A glob of more
    than 200 characters matches no rule.
    """
    if name in (rule, pack_of(rule)):
        return True
    return not _GLOB.isdisjoint(name) and len(name) <= _MAX_GLOB and _glob(name).match(rule) is not None


@lru_cache(_CACHED_GLOBS)  # fnmatch itself caches only 256
def _glob(name: str) -> re.Pattern[str]:
    from fnmatch import translate

    return re.compile(translate(name))


class BadRule(Exception):
    """There are mistakes in rule files. `mistakes` has one line for each mistake."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def unmark_spans(marked: str) -> tuple[str, Spans]:
    """Return two values: the text of an example without the marks ⟦ ⟧, and the marked half-open spans in order.

    Spans may be nested. Raises ValueError if a mark has no counterpart.
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
    """Return `text` with marks ⟦ ⟧ around `spans`, which may be nested. This is the inverse of `unmark_spans`."""
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
