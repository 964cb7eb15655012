"""Tags that plain text speaks of (“the <div> tag”) rather than leaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter import late
from linter.document import Tag

# Elements of running copy. Any other name that stands alone, <path> or <title>, is a slot in a text on commands.
_COPY = frozenset(
    """
    article aside b big blockquote body br center dd div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 head hr
    html i li nobr ol p pre s script small span strike strong style sub sup table tbody td tfoot th thead tr tt u
    ul wbr
    """.split()
)
_PAIRS = {'"': '"', "“": "”", "„": "“”", "«": "»", "‘": "’", "'": "'", "`": "`", "(": ")", "[": "]"}
_WORD = r"(?:tags?|elements?|Tags?|Elemente?n?s?|balises?|éléments?|etiquetas?|elementos?|elementi?o?)"
_NAMED_BEFORE = late.pattern(rf"(?<!\w){_WORD}[ \t]\Z")
_NAMED_AFTER = late.pattern(rf"[ \t-]{_WORD}(?!\w)")
_LISTED = late.pattern(r"(?:,| and| or| und| oder| et| ou| y| o| e|/|, and|, or)[ \t]?\Z")
_JOINED = late.pattern(r"[ \t](?:and|or|und|oder|et|ou|y|o|e)[ \t]")
_LONGEST = 12  # code points of the longest of these words


def are_mentions(text: str, tags: Sequence[Tag], partners: Mapping[int, int]) -> list[bool]:
    """For each of `tags`, in order, whether `text` only speaks of it.

    It does where the tag has no attributes and stands alone in quotation marks or brackets; or, having no
    partner, beside the word “tag” or “element”, or in a list with one that does, or with a name that is none of
    running copy; or as “<p> and </p>”.
    """
    spoken = [False] * len(tags)
    for i in range(len(tags) - 1, -1, -1):
        tag = tags[i]
        if tag.kind not in ("open", "close") or tag.attributes:
            continue
        start, end = tag.span
        to_next = text[end : tags[i + 1].span.start] if i + 1 < len(tags) else ""
        if partners.get(i) == i + 1 and _JOINED.fullmatch(to_next) and not tags[i + 1].attributes:
            spoken[i] = spoken[i + 1] = True
        elif _enclosed(text, start, end):
            spoken[i] = True
        elif i not in partners:
            listed = to_next and spoken[i + 1] and _LISTED.match(to_next)
            slot = tag.kind == "open" and tag.name not in _COPY
            spoken[i] = bool(slot or listed or _named(text, start, end))
    return spoken


def _named(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _LONGEST) : start]
    return bool(_NAMED_AFTER.match(text, end) or _NAMED_BEFORE.search(before))


def _enclosed(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or brackets stand around `text[start:end]`, open before it and close behind."""
    closers = _PAIRS.get(text[start - 1 : start], "")
    if not closers or text[end : end + 1] not in closers or end == len(text):
        return False
    before, after = text[max(0, start - 2) : max(0, start - 1)], text[end + 1 : end + 2]
    return not before.isalnum() and before not in tuple(".,!?") and not after.isalnum()
