"""Determine the shapes of a line. A shape names the content or form of a line, such as "date", "byline" or "heading".

A line may have several shapes. data/page_furniture.txt lists the weights of shapes by name; a shape that is not in the
file has no weight.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from linter import patterns
from linter.checks.boilerplate._standalone_lines import StandaloneLine, StandaloneLines
from linter.document import OBJECT
from linter.word_lists import read_sections, word_lists

FILE = "page_furniture.txt"
_FLAGS = re.IGNORECASE | re.VERBOSE


def _whole(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern in which the regular expression `source` must match the whole text."""
    return patterns.lazy(rf"\A(?:{source})\Z", flags)


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
# A date line contains at least one of these dates or times, and otherwise only _DATE_WORDS.
_POINT = patterns.lazy(
    rf"""\b(?: {_MONTH},?[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]{_YEAR})?
    | \d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH}(?:,?[ -]{_YEAR})?
    | {_MONTH},?[ ]{_YEAR}
    | {_YEAR}[-/.]\d\d?[-/.]\d\d?(?:T[\d:.Z+-]+)?
    | \d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d
    | \d{{1,2}}[:.]\d\d(?::\d\d)?[ ]?(?:[ap]\.?m\b\.?)?
    | \d{{1,2}}[ ]?[ap]\.?m\b\.?
    | \d+\+?[ ]?(?:seconds?|mins?|minutes?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|[hdm])[ ](?:ago|read)
    | \d+[ ]?-?[ ]?min(?:ute)?s?[ ]read
    )""",
    _FLAGS,
)
_DATE_WORDS = patterns.lazy(
    r"""\b(?: (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?
    | [ecmp][sd]?t | gmt | utc | bst | ist | cest | hrs? | last | first | on | at | and | in | time | reading
    | read | updated? | published | posted | modified | date | created | added | edited | originally | filed | online
    | released?
    )\b""",
    _FLAGS,
)
_EXACT = patterns.lazy(r"\d[:.]\d\d\b|[ap]\.?m\b|\b(?:ago|read|updated|published|posted|modified)\b", re.IGNORECASE)
_THING = (
    "comments?|shares?|views?|likes?|replies|reply|claps?|followers|reads?|votes?|points?|responses?|reviews?|ratings?"
    "|downloads?|subscribers?|retweets?|tweets?|pins?|reactions?|upvotes?"
)
_NUMBER = r"(?!(?:19|20)\d\d\b)(?:\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d)?(?= ?[km])|\d+) ?[km]?\+?"  # no year or version
_COUNT = _whole(
    rf"[(\[]?{_NUMBER}[)\]]?(?: (?:new )?(?:{_THING}))?|(?:{_THING}) ?[:(\[]? ?{_NUMBER}[)\]]?",
    re.IGNORECASE,
)
# A date with a year. The rest of a timestamp is capitalized or in _STAMP_WORDS: “Anna Berg 3 May 2019 14:05”.
_STAMP = patterns.lazy(
    rf"\b(?:{_MONTH},? \d\d?,? {_YEAR}|\d\d? {_MONTH},? {_YEAR}"
    rf"|{_YEAR}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]{_YEAR})\b",
    re.IGNORECASE,
)
_STAMP_WORDS = frozenset(
    "by in on at of and the am pm a.m p.m est edt pst gmt utc ist updated posted published comments comment no"
    " a m p min mins read".split()
)
_RANGE = patterns.lazy(
    r"\d ?(?:[ap]\.?m\b\.?)? ?(?:[-–—]|to|until) ?\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b|h\b)", re.IGNORECASE
)
_PRICE = patterns.lazy(r"[$€£₩¥] ?\d|\d ?[€£₩¥]")
_SIZE = _whole(
    r"(?:.{2,80} )?[(\[]? ?(?:(?:pdf|docx?|zip|mp[34]|epub|xlsx?|pptx?|jpe?g|png) ?[,:;|–-]? ?)?"
    r"\d[\d.,]* ?(?:k|m|g)i?b ?[)\]]?",
    re.IGNORECASE,
)
_ADDRESS = _whole(
    r"(?:https?://|www\.)\S+|(?:[a-z0-9-]++\.){1,3}(?:com|org|net|edu|gov|info|io|co|tv|news|biz|us|uk|ca|au|in)(?:/\S*)?",
    re.IGNORECASE,
)
_LABELLED = (
    r"(?:(?:e-?mail|tel(?:ephone)?|phone|ph|fax|mobile|cell|office|direct|toll[ -]free|[tfmpe])\b\.? ?[:#]? ?)*+"
)
_MAIL = _whole(rf"{_LABELLED}[\w.+-]++@[\w-]++\.[\w.-]++|\[email ?protected\]", re.IGNORECASE)
_PHONE = _whole(
    rf"{_LABELLED}\+?\(?\d{{1,4}}\)?[\d ().-]{{5,30}}\d(?: ?(?:x|ext\.?) ?\d+)?(?: ?\([^\W\d]+\))?", re.IGNORECASE
)
_CONTACT = _whole(
    r"(?:(?:media|press|news|public relations|pr|investor|company|for (?:more|further) information,?) )*+contacts?"
    r"(?: (?:details|information|info))?(?: ?[:：].{0,60})?",
    re.IGNORECASE,
)
_TRAIL = patterns.lazy(r" ?(?:»|›|>|→|::) ?")
_TRAIL_STARTS = frozenset({"home", "homepage", "news", "blog", "you are here", "you are here: home"})
_BAR = patterns.lazy(r" ?[|•·] ?")
_BYLINE = _whole(
    r"""(?:(?:posted|written|published|reported|edited|words|story|text|article|reviewed|submitted|contributed)[ ])?
    by:?[ ](?P<name>\S.{2,60}) | (?:author|writer|reporter|editor)[ ]?:[ ]?(?P<named>\S.{2,60})""",
    _FLAGS,
)
_CREDIT = _whole(
    r"""(?:photo|image|picture|illustration|video|graphic|photograph|cover)s?[ ]?
      (?:credits?|by|courtesy|source|©|:|/|\|).*
    | credits?[ ]?:.* | courtesy(?:[ ]of)?[ :].*
    | .{0,120}\b(?:getty(?:\ images)?|shutterstock|istock(?:photo)?|reuters|afp|ap\ photo|alamy|depositphotos)\W{0,9}
    | .{0,120}\((?:ap|reuters|getty|afp|photo|image)\b[^()]*\)
    | [(\[](?:photo|image|picture|credit)\b[^()\[\]]*[)\]] | (?:©|\(c\)).*""",
    _FLAGS,
)
_FIELD = _whole(r"[^\W\d_][\w &'’/-]{1,28}[:：](?: .{0,80})?")
_TAGGED = _whole(r"(?:[#@][\w-]{2,40}(?:,? |,|$))++")
ENDED = patterns.lazy(r"[.!?…。！？;,][\"”’»)\]]*\Z")
_WORD = patterns.lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTER = patterns.lazy(r"[^\W_]")
_DIGIT = patterns.lazy("[0-9]")
_MAX_BUTTON_WORDS = 6  # maximum words of a line that may be a button
_MIN_PHONE_DIGITS = 7  # minimum digits of a phone number
_MAX_BYLINE_WORDS = 12  # maximum words of a line that may be a byline or a credit
_MAX_LABEL_WORDS = 4  # maximum words of a label
_MIN_FUNCTION_WORD_SHARE = 0.3  # minimum share of function words in an English sentence
_MAX_DATE_LINE = 90  # maximum code points of a date line
_SIZES = (0, 1, 2, 4, 8, 15)  # maximum words of a line in each size class; longer lines are a class, too


# Shapes that are evidence of page boilerplate, with their names in messages: one, and several. The others only affect
# the weight of a line.
EVIDENCE = {
    "date": ("a date", "dates"),
    "count": ("a counter", "counters"),
    "size": ("a file size", "file sizes"),
    "mail": ("an email address", "email addresses"),
    "phone": ("a phone number", "phone numbers"),
    "contact": ("a contact label", "contact labels"),
    "address": ("a URL", "URLs"),
    "hashtag": ("a row of tags", "rows of tags"),
    "stamp": ("a timestamp", "timestamps"),
    "trail": ("a breadcrumb trail", "breadcrumb trails"),
    "byline": ("a byline", "bylines"),
    "credit": ("a credit", "credits"),
    "links": ("a row of links", "rows of links"),
    "link": ("a standalone link", "standalone links"),
    "title": ("a repeated title", "repeated titles"),
    "page": ("a page label", "page labels"),
    "row": ("a short line", "short lines in a row"),
}


def may_have_label(text: str) -> bool:
    """Whether `text` contains a word or word pair typical of page labels, or the name of a social network.

    This is a quick test that is sometimes true for text without a page label.
    """
    lower = _lower(_WORD.findall(text))
    return has_label(lower, page_words()) or not word_lists(FILE)["networks"].isdisjoint(lower)


def shapes(line: StandaloneLine, story: StandaloneLines) -> Iterator[str]:
    """Yield the names of the shapes of a line; `story` has all lines of the article."""
    whole, text = line.block.text[line.start : line.end], line.text
    words = _WORD.findall(text)
    many = len(words)
    yield from _layout(line, whole, story)
    yield from _length(whole, words)
    if many <= _MAX_BYLINE_WORDS and _is_of_event(words, text):
        yield "event"
    elif many <= _MAX_BUTTON_WORDS and (has_label(lower := _lower(words), page_words()) or _is_network(lower, text)):
        yield "page"
        if has_label(lower, sure_labels()):
            yield "sure"
    form = _form(text, whole, many)
    if form and not (form == "stamp" and _is_title(text, line, story)):
        yield form


def _is_title(text: str, line: StandaloneLine, story: StandaloneLines) -> bool:
    """Whether a line with a timestamp is probably the linked title of an article."""
    return not _is_date(text) and bool(story.links_in(line)) and story.is_link(line)


def _layout(line: StandaloneLine, whole: str, story: StandaloneLines) -> Iterator[str]:
    """Yield shapes for the elements of a line, such as "heading", "item" or "link"; `whole` includes decorations."""
    links = story.links_in(line)
    linked = bool(links) and story.is_link(line)
    if linked:
        yield "links" if len(links) > 1 else "link"
    if "heading" in line.block.scopes:
        yield "heading"
    elif "list" in line.block.scopes:
        yield "linked-item" if linked else "item"
    if OBJECT in whole:
        yield "image"


def _length(whole: str, words: Sequence[str]) -> Iterator[str]:
    """Yield shapes for the length, end, function words and capitals of a line; `whole` includes decorations."""
    many = len(words)
    yield f"{'ended' if ENDED.search(whole) else 'open'}-{bisect_left(_SIZES, many)}"
    if many > _SIZES[2]:
        functional = word_lists("word_lists.txt")["function words"]
        if sum([word.lower() in functional for word in words]) >= _MIN_FUNCTION_WORD_SHARE * many:
            yield "stops"
        lower = sum([word[0].islower() for word in words])
        if not lower:
            yield "capitalized"
        elif 2 * lower >= many:
            yield "lower"
    if whole.isupper() and len(whole) > 2:
        yield "capitals"


def _form(text: str, whole: str, many: int) -> str:
    """Return the name of the first form that fits a line, such as "date" or "byline", or "" if none fits.

    `text` lacks the decorations of `whole`, and `many` is the number of words.
    """
    for name, most, fits in _FORMS:
        if many <= most and fits(text):
            return name
    if whole[:1] in "#@" and _TAGGED.fullmatch(whole):
        return "hashtag"
    if many <= _MAX_LABEL_WORDS and whole.endswith((":", "：")):
        return "label"
    return "field" if many <= _MAX_BYLINE_WORDS and (":" in text or "：" in text) and _FIELD.fullmatch(text) else ""


def _is_of_event(words: Sequence[str], text: str) -> bool:
    """Whether a line may belong to the program of an event."""
    if len(words) <= _MAX_BUTTON_WORDS and words and words[0].lower() in word_lists(FILE)["words of events"]:
        return True
    return _has_digit(text) and bool(_RANGE.search(text) or _PRICE.search(text))


def _has_digit(text: str) -> bool:
    return bool(_DIGIT.search(text)) if text.isascii() else any(map(str.isdigit, text))


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    if len(text) > _MAX_DATE_LINE:
        return False
    rest = _POINT.sub(" ", text)
    return rest != text and not _LETTER.search(_DATE_WORDS.sub(" ", rest))


def _is_stamp(text: str) -> bool:
    """Whether a line looks like a timestamp with a year, such as “Anna Berg 3 May 2019 14:05”."""
    found = _STAMP.search(text)
    if not found or ENDED.search(text):
        return False
    rest = _WORD.findall(text[: found.start()] + " " + text[found.end() :])
    return all(word[0].isupper() or word in _STAMP_WORDS for word in rest)


def _is_trail(text: str) -> bool:
    """Whether a line is a breadcrumb trail such as “Home » News » City”."""
    parts = [part for part in _TRAIL.split(text) if part]
    if len(parts) < 2 or any(len(part.split()) > _MAX_BYLINE_WORDS for part in parts):
        return False
    return parts[0].lower() in _TRAIL_STARTS or len(parts) > 2


def _is_byline(text: str) -> bool:
    found = _BYLINE.fullmatch(text)
    name = found and (found["name"] or found["named"])
    return bool(name) and name[0].isupper() and not ENDED.search(text)  # type: ignore[index]


# For each form: its name, the maximum number of words, and the test.
_FORMS: Sequence[tuple[str, int, Callable[[str], bool]]] = (
    ("stamp", _MAX_BYLINE_WORDS, lambda text: _EXACT.search(text) is not None and _is_date(text)),
    ("date", _MAX_BYLINE_WORDS, _is_date),
    ("count", _MAX_LABEL_WORDS, _fits(_COUNT)),
    ("phone", _MAX_BUTTON_WORDS, lambda text: sum(map(str.isdigit, text)) >= _MIN_PHONE_DIGITS and _fits(_PHONE)(text)),
    ("mail", _MAX_BUTTON_WORDS, _fits(_MAIL)),
    ("contact", _MAX_BYLINE_WORDS, _fits(_CONTACT)),
    ("address", 30, _fits(_ADDRESS)),
    ("size", _MAX_BYLINE_WORDS, _fits(_SIZE)),
    ("trail", 30, _is_trail),
    ("stamp", _MAX_BYLINE_WORDS, _is_stamp),
    ("bar", 30, lambda text: len(_BAR.split(text)) > 2),
    ("byline", _MAX_BYLINE_WORDS, _is_byline),
    ("credit", _MAX_BYLINE_WORDS, _fits(_CREDIT)),
)


def _lower(words: Sequence[str]) -> list[str]:
    return " ".join(words).lower().split(" ")


def has_label(words: Sequence[str], known: frozenset[str]) -> bool:
    """Whether one of `words`, or a pair of adjacent words, is in `known`. All words are in lowercase."""
    return not known.isdisjoint(words) or not known.isdisjoint(map(" ".join, pairwise(words)))


def _is_network(words: Sequence[str], text: str) -> bool:
    """Whether a line is probably a label with the name of a social network. `words` are its words in lowercase."""
    return len(words) <= _MAX_LABEL_WORDS and ":" not in text and not word_lists(FILE)["networks"].isdisjoint(words)


@cache
def page_words() -> frozenset[str]:
    """Return the words and word pairs that are typical of labels and buttons."""
    return _listed("words of pages")


@cache
def sure_labels() -> frozenset[str]:
    """Return the words and word pairs that only labels of web pages contain."""
    return _listed("labels of pages only")


def _listed(section: str) -> frozenset[str]:
    return frozenset(" ".join(words.split()) for words in read_sections(FILE)[section].split(","))


@cache
def weights() -> dict[str, float]:
    """Return the weights of shapes, by name.

    Positions in the article ("head") and counts of nearby lines with evidence ("near-2") are shapes, too. Weights are
    log-odds: positive weights indicate page boilerplate. "bias" is added to the weight of every line.
    `tools/learn_furniture.py` computes the weights from web pages.
    """
    rows = (line.split() for line in read_sections(FILE)["weights"].strip().split("\n"))
    return {name: float(weight) for name, weight in rows}
