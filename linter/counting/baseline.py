"""Known findings, which do not fail a run: what makes one known again, and which of a run are known."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linter.digest import blake2b
from linter.finding import Finding

_LONGEST, _SHOWN = 80, 60  # code points of a matched text: more is cut, to so many
_TELLING = 3  # words by which an article is told from others, where a finding has none beside it
_NAMESAKES = 20  # articles that are gone and are compared with one that has come


class Entry(NamedTuple):
    """A known finding.

    `path` is that of its article, POSIX, from the folder of the baseline; `record` says which one of the file, or is
    empty. `text` is the matched text with single spaces, cut where it is long, `beside` the digest of its surroundings.
    """

    path: str
    record: str
    rule: str
    text: str
    beside: str


class Sifted(NamedTuple):
    """The findings of a run that are `new`, the others as the entries that they would be today (`known`), and the
    places of the entries that are `left`: there is no finding for them.
    """

    new: tuple[Finding, ...]
    known: tuple[Entry, ...]
    left: tuple[int, ...]


def entry(finding: Finding, path: str) -> Entry:
    """What a finding in the article at `path` is known by."""
    return Entry(path, finding.record or "", finding.rule, _shown(finding.text), finding.beside)


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST:
        return plain
    return f"{plain[:_SHOWN]}… {blake2b(plain.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def sift(
    findings: Sequence[Finding],
    entries: Sequence[Entry],
    path_of: Callable[[str], str],
    is_gone: Callable[[str], bool],
) -> Sifted:
    """Tell new findings from known ones. An entry stands for one finding, so that a second copy of it is new.

    `path_of` makes the path of an entry of that of a finding; `is_gone` says whether no file is at the former.
    """
    now = [entry(finding, path_of(finding.path)) for finding in findings]
    pairing = _Pairing(dict(enumerate(now)), dict(enumerate(entries)))
    pairing.pair_all()
    if renamed := _renamed(pairing, {one.path for one in entries}, is_gone):
        pairing.entries = {
            at: one._replace(path=renamed.get(one.path, one.path)) for at, one in pairing.entries.items()
        }
        pairing.pair_all()
    return Sifted(
        tuple(findings[at] for at in pairing.found),
        tuple(one for at, one in enumerate(now) if at not in pairing.found),
        tuple(pairing.entries),
    )


@dataclass(eq=False)
class _Pairing:
    """The findings and the entries that have no partner yet, by their places."""

    found: dict[int, Entry]
    entries: dict[int, Entry]

    def pair_all(self) -> None:
        """Pair by the whole context first, then by the words on one side, last by rule and text within the article."""
        self._pair(lambda one: one)
        self._pair(lambda one: _one_side(one, 0))
        self._pair(lambda one: _one_side(one, 1))
        self._pair(lambda one: one._replace(beside=""))

    def _pair(self, key: Callable[[Entry], Hashable]) -> None:
        """Pair what has the same key; None is none."""
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, one in self.entries.items():
            waiting[key(one)].append(at)
        waiting.pop(None, None)
        for at, one in list(self.found.items()):
            if same := waiting.get(key(one)):
                del self.entries[same.popleft()]
                del self.found[at]


def _one_side(one: Entry, side: int) -> Hashable:
    words = one.beside.split("-")[side]
    return (*one[:-1], words) if words else None


def _renamed(pairing: _Pairing, known: Iterable[str], is_gone: Callable[[str], bool]) -> Mapping[str, str]:
    """The articles that are gone and have come back at another path, by their old paths.

    They hold at least half of the findings that the old one had, and one at least that tells articles apart.
    """
    come = _by_path(pairing.found, lambda path: path not in known)
    gone = _by_path(pairing.entries, is_gone)
    where = defaultdict(list)  # the articles gone that had such a finding
    for path, had in gone.items():
        for one in had:
            where[one].append(path)
    alike = []
    for new, has in come.items():
        rarest = min((where[one] for one in has if one in where and _tells(one)), key=len, default=[])
        for other_name, old in sorted((_name(path) != _name(new), path) for path in rarest)[:_NAMESAKES]:
            shared = (gone[old] & has).total()
            if shared * 2 >= gone[old].total():
                alike.append((-shared, other_name, old, new))
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, old, new in sorted(alike):
        if old not in renamed and new not in taken:
            renamed[old] = new
            taken.add(new)
    return renamed


def _by_path(entries: Mapping[int, Entry], wanted: Callable[[str], bool]) -> Mapping[str, Counter[Entry]]:
    """The entries of the wanted articles, without their paths."""
    found: dict[str, Counter[Entry]] = defaultdict(Counter)
    for one in entries.values():
        found[one.path][one._replace(path="")] += 1
    return {path: own for path, own in found.items() if wanted(path)}


def _tells(one: Entry) -> bool:
    return one.beside != "-" or len(one.text.split()) >= _TELLING


def _name(path: str) -> str:
    return path.rpartition("/")[2]
