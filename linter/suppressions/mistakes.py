"""Report mistakes in the suppressions of an article as notes for rules of the copydesk pack, with fixes if possible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from linter.document import Document, Note, Span
from linter.rule import fits
from linter.source import Source
from linter.suggest import did_you_mean, sentence, suggest_rule
from linter.suppressions import BARE, UNKNOWN, UNUSED, directives
from linter.suppressions.article_suppressions import ArticleSuppressions, Suppression
from linter.suppressions.directives import WORDS, Named

_MAX_SUGGESTIONS = 20  # unknown names in one article for which a suggestion is searched
_END = "<!-- copydesk: ignore-end -->"

Replacement = tuple[int, int, str]  # an edit: start and end in the source, and the new text


@dataclass(frozen=True, eq=False)
class SuppressionMistakes:
    """The mistakes in the suppressions of one document.

    `rules` are the names of all rules, or None if they are not all known.
    """

    document: Document
    suppressions: ArticleSuppressions
    rules: Collection[str] | None

    def unknown(self) -> Iterator[Note]:
        """Yield notes on unknown keywords, keys and names, and on “ignore-start” or “ignore-end” without the other.

        A missing keyword counts as unknown. Names are checked only if all rules are known.
        """
        for one in self.suppressions.directives:
            what = f"Unknown keyword “{one.word}”" if one.word else "This comment has no keyword"
            yield self._unknown_word(Named(one.word, one.word_span), what, did_you_mean(one.word, WORDS))
        for key in self.suppressions.keys:
            what = f"Unknown key “{key.name}” under “copydesk”{did_you_mean(key.name, directives.KEYS)}"
            yield Note(UNKNOWN, key.span, {"what": sentence(what)})
        for one in self.suppressions.unclosed:
            what = f"“ignore-start” without “ignore-end”. Add {_END} where it should end."
            yield Note(UNKNOWN, one.span, {"what": what})
        for one in self.suppressions.unopened:
            edit = delete_comment(self.document.source, one.span)
            yield Note(UNKNOWN, one.span, {"what": "“ignore-end” without “ignore-start”. Delete it."}, (edit,))
        yield from self._unknown_names(self.rules) if self.rules is not None else ()

    def without_reason(self) -> Iterator[Note]:
        """Yield a note on each comment or item in front matter that suppresses rules without a reason."""
        for one in self._written():
            if not one.reason:
                yield Note(BARE, one.span)

    def unused(self, used: Collection[int], is_checked: Callable[[str], bool]) -> Iterator[Note]:
        """Yield notes on suppressions, and names in suppressions, that suppress nothing.

        `used` are the offsets of the names, or of the suppressions without names, that suppress a finding. `is_checked`
        returns whether the article was checked with every rule that a name matches. The name "" means all rules except
        those of the copydesk pack.
        """
        for one in self._written():
            if not one.names:
                if one.span.start not in used and is_checked(""):
                    yield Note(UNUSED, one.span, {"what": "there are no findings here"}, self._deletion_edits(one))
                continue
            unused = [at for at, name in enumerate(one.names) if name.span.start not in used and is_checked(name.name)]
            if len(unused) == len(one.names):
                what = f"there are no findings of {' or '.join(name.name for name in one.names)} here"
                yield Note(UNUSED, one.span, {"what": what}, self._deletion_edits(one))
            else:
                for at in unused:
                    what = f"there are no findings of {one.names[at].name} here"
                    yield Note(UNUSED, one.names[at].span, {"what": what}, (delete_name(one.names, at),))

    def _unknown_names(self, rules: Collection[str]) -> Iterator[Note]:
        names = [name for one in self._written() for name in one.names]
        unknown = [name for name in names if not any(fits(name.name, rule) for rule in rules)]
        for number, name in enumerate(unknown):
            advice = suggest_rule(name.name, rules) if number < _MAX_SUGGESTIONS else ""  # finding one takes time
            yield self._unknown_word(name, f"Unknown rule or pack “{name.name}”", advice)

    def _written(self) -> Iterable[Suppression]:
        """Return the suppressions in comments and front matter, but not “[sic]” marks and comments of extensions."""
        return (one for one in self.suppressions.suppressions if one.word is None and one.region is None)

    def _deletion_edits(self, one: Suppression) -> tuple[Replacement, ...]:
        """Return the edits that delete a suppression, or () if there are none."""
        if not one.comments:
            return (delete_item(self.document.source, one.span),) if one.names else ()
        return tuple(delete_comment(self.document.source, span) for span in one.comments)

    def _unknown_word(self, named: Named, what: str, advice: str) -> Note:
        """Return a note on an unknown word, with the message `what`.

        `advice` is a suggestion that is added to the message, or "".
        """
        right = advice.removeprefix("; did you mean “").removesuffix("”?")
        edits = ((*named.span, right),) if right else ()
        return Note(UNKNOWN, named.span, {"what": sentence(what + advice)}, edits)


def delete_comment(source: Source, span: Span) -> Replacement:
    """Return the edit that deletes a comment and, if possible, its line.

    The line is kept if it has other text, and left blank if two paragraphs would otherwise be joined. If it is between
    two blank lines, the second of these is deleted, too.
    """
    text, lines = source.text, source.line_starts
    low, high = source.line_span(span.start)[0], source.line_span(span.end)[1]
    if text[low : span.start].strip() or text[span.end : high].strip():
        spaced = text[span.start - 1 : span.start] == " " and (span.end == high or text[span.end].isspace())
        return span.start - spaced, span.end, ""
    first, behind = bisect_right(lines, low) - 1, bisect_right(lines, high)  # indexes of its line and the next
    above_blank = first == 0 or _is_blank(source, first - 1)
    below_blank = behind >= len(lines) or _is_blank(source, behind)
    if not above_blank and not below_blank:
        return low, high, ""  # this line separates two paragraphs; leave it blank
    below = behind + (above_blank and below_blank)
    return low, lines[below] if below < len(lines) else len(text), ""


def delete_name(names: Sequence[Named], at: int) -> Replacement:
    """Return the edit that deletes the name at index `at` and one adjacent separator."""
    span = names[at].span
    if at + 1 < len(names):
        return span.start, names[at + 1].span.start, ""
    return names[at - 1].span.end, span.end, ""


def delete_item(source: Source, span: Span) -> Replacement:
    """Return the edit that deletes an item of `ignore` in front matter, together with its line or its comma.

    If `ignore` is not a list, its value becomes `[]`.
    """
    text, (start, end) = source.text, span
    if text[start - 1 : start] == text[end : end + 1] and text[end : end + 1] in ("'", '"'):
        start, end = start - 1, end + 1
    line, line_end = source.line_span(start)
    if text[line:start].strip() == "-" and not text[end:line_end].partition("#")[0].strip():
        return line, next_line(source, line_end), ""
    before, behind = text[line:start].rstrip(), text[end:line_end].lstrip()
    if before.endswith(","):
        return line + len(before) - 1, end, ""
    if behind.startswith(","):
        return start, line_end - len(behind[1:].lstrip()), ""
    return start, end, "" if before.endswith("[") else "[]"


def next_line(source: Source, line_end: int) -> int:
    """Return the start of the line after the line that ends at `line_end`, or the end of the text if there is none."""
    at = bisect_right(source.line_starts, line_end)
    return source.line_starts[at] if at < len(source.line_starts) else len(source.text)


def _is_blank(source: Source, line: int) -> bool:
    start, end = source.line_span(source.line_starts[line])
    return not source.text[start:end].strip()
