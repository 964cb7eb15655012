"""What is wrong with the suppressions of an article, as notes of the pack copydesk/ with what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from linter.document import Document, Note
from linter.loading.wording import likely, meant
from linter.rule import fits
from linter.silencing import BARE, UNKNOWN, UNUSED, matter, removal
from linter.silencing.directives import WORDS, Named
from linter.silencing.reach import Suppression
from linter.silencing.suppressions import Silences

_ADVISED = 20  # unknown names in one article that advice is given on
_END = "<!-- copydesk: ignore-end -->"


@dataclass(frozen=True, eq=False)
class Faults:
    """Looks at the suppressions of one document.

    `rules` are the names of all rules there are, or None where nobody knows them all.
    """

    document: Document
    silences: Silences
    rules: Collection[str] | None

    def unknown(self) -> Iterator[Note]:
        """Words that ask for nothing, parts that never end, and names that no rule has."""
        for one in self.silences.directives:
            what = f"“{one.word}” asks for nothing" if one.word else "This comment asks for nothing"
            yield self._wrong(Named(one.word, one.word_span), what, meant(one.word, WORDS))
        for key in self.silences.keys:
            what = f"“{key.name}” below “copydesk” asks for nothing{meant(key.name, matter.KEYS)}"
            yield Note(UNKNOWN, key.span, {"what": _sentence(what)})
        for one in self.silences.unclosed:
            yield Note(UNKNOWN, one.span, {"what": f"This part never ends, so it is none. Write {_END} where it does."})
        for one in self.silences.unopened:
            edit = removal.comment(self.document.source, one.span)
            yield Note(UNKNOWN, one.span, {"what": "No “ignore-start” stands before this end. Delete it."}, (edit,))
        yield from self._strange(self.rules) if self.rules is not None else ()

    def unexplained(self) -> Iterator[Note]:
        """Those without a reason."""
        for one in self._told():
            if not one.reason:
                yield Note(BARE, one.span)

    def unused(self, used: Collection[int], asked: Callable[[str], bool]) -> Iterator[Note]:
        """What silences nothing.

        `used` are the places of names, or of comments without any, that do; `asked` says of a name, or of "" for all
        rules, whether every rule that it means was put to the article.
        """
        for one in self._told():
            if not one.names:
                if one.span.start not in used and asked(""):
                    yield Note(UNUSED, one.span, {"what": "Nothing is found here"}, self._removed(one))
                continue
            idle = [at for at, name in enumerate(one.names) if name.span.start not in used and asked(name.name)]
            if len(idle) == len(one.names):
                named = " or ".join(name.name for name in one.names)
                yield Note(UNUSED, one.span, {"what": f"{named} finds nothing here"}, self._removed(one))
            else:
                for at in idle:
                    what = f"{one.names[at].name} finds nothing here"
                    yield Note(UNUSED, one.names[at].span, {"what": what}, (removal.name(one.names, at),))

    def _strange(self, rules: Collection[str]) -> Iterator[Note]:
        """Names that none of `rules` has; it takes time to say what was meant, so that is done for the first ones."""
        names = [name for one in self._told() for name in one.names]
        strange = [name for name in names if not any(fits(name.name, rule) for rule in rules)]
        for number, name in enumerate(strange):
            advice = likely(name.name, rules) if number < _ADVISED else ""
            yield self._wrong(name, f"No rule or pack is called “{name.name}”", advice)

    def _told(self) -> Iterable[Suppression]:
        """Those that are for copydesk alone, and not for readers too."""
        return (one for one in self.silences.suppressions if one.word is None)

    def _removed(self, one: Suppression) -> tuple[removal.Edit, ...]:
        """The edits that take all of it away."""
        if not one.comments:
            return (removal.item(self.document.source, one.span),) if one.names else ()
        return tuple(removal.comment(self.document.source, span) for span in one.comments)

    def _wrong(self, named: Named, what: str, advice: str) -> Note:
        """A word that nobody knows; with `advice` on what was meant, that is written in its place."""
        right = advice.removeprefix("; did you mean “").removesuffix("”?")
        edits = ((*named.span, right),) if right else ()
        return Note(UNKNOWN, named.span, {"what": _sentence(what + advice)}, edits)


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."
