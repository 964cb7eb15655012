"""Metadata as lines “key: value”: what damaged front matter still says, and the header that has no marks around it."""

from __future__ import annotations

from linter import late
from linter.readers.matter import Matter, String

LINE = late.pattern(r"([^\r\n]*+)(?:\r\n?|\n|\Z)")
PAIR = late.pattern(
    r"""(?P<key>["']?[A-Za-z_][\w .-]{0,40}?["']?)[ \t]*+(?P<sign>[:=])"""
    r"(?:[ \t]++(?P<value>(?:[^\r\n]*[^\r\n \t])?+))?[ \t]*+\Z"
)
_QUOTED = late.pattern(r"""(?P<mark>["'])(?P<words>.*?)(?P=mark)?\Z""")
_MAKERS = frozenset({"status", "template", "save_as"})  # keys that only a generator could ask for
_DAY = late.pattern(r"\d{4}-\d\d?-\d\d?(?!\d)")


def header(text: str) -> int:
    """Where the lines “Key: value” end that Pelican, Nikola and MultiMarkdown take from the top of an article, or 0.

    A chatbot's outline begins with such lines, too (“Title: …”, “Slug: …”); what tells a header is that it has a title
    and, in figures, a date, or a key of its maker.
    """
    end, keys = 0, {}
    for line in LINE.finditer(text):
        pair = PAIR.match(line[1])
        if pair and pair["sign"] == ":":
            keys[pair["key"].lower()] = pair["value"] or ""
        elif not line[1].strip():
            break
        elif not (keys and line[1][0] in " \t"):  # else it goes on with the line above it
            return 0
        end = line.end()
    is_header = "title" in keys and (_DAY.match(keys.get("date", "")) or not _MAKERS.isdisjoint(keys))
    return end if is_header else 0


def at_their_word(text: str, start: int, end: int) -> Matter:
    """Each line `key: value` between two code points for itself."""
    matter = Matter({}, [])
    for line in LINE.finditer(text, start, end):
        pair = PAIR.match(line[1])
        if not pair:
            continue
        name = (line.start() + pair.start("key"), line.start() + pair.end("key"))
        path = (pair["key"].strip("\"'"),)
        if not pair["value"] or pair["value"][0] in "|>":
            matter.place(path, (0, 0), name)
            continue
        low, high = pair.span("value")
        if quoted := _QUOTED.match(pair["value"]):
            low, high = low + quoted.start("words"), low + quoted.end("words")
        value = line[1][low:high]
        matter.values[path[0]] = value
        matter.place(path, (line.start() + low, line.start() + high), name)
        if pair["value"][0] not in "[{":
            matter.strings.append(String(path, line.start() + low, line.start() + high, "literal", value))
    return matter
