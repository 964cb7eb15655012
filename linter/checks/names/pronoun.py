"""The English pronoun “I” in a small letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.checks.names._small import is_small
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text import quotes
from linter.text.words import Passage, vocabulary, word_places

_I = patterns.lazy(
    r"(?<![\w'’.&/@#$\\-])i(?:(?P<short>['’](?:m|ve|ll|d)\b)|(?=[ \n](?P<next>[a-z]++(?:['’]t)?)[\s,.!?;:]))"
)
_WORD_BEFORE = patterns.lazy(r"(?P<word>[\w.]+)[ \n]+\Z")
# What a writer says of himself; behind the letter of mathematics stands “denotes”, behind a numeral hardly any.
_VERBS = frozenset(
    """
    am was have had will would can could should may might must shall do did don't didn't can't couldn't won't
    wouldn't haven't hadn't wasn't shouldn't know knew think thought want wanted need needed love loved hate
    like liked prefer enjoy enjoyed go went get got come came see saw say said tell told ask asked feel felt
    hope hoped guess mean meant try tried use used work worked make made take took give gave find found believe
    wish wonder understand remember agree start started stop stopped decide decided learn learned learnt live
    lived write wrote read bought buy call called look looked keep kept let met meet suggest recommend expect
    assume realize realized realise realised just never always also really still only even already recently
    usually often actually probably definitely personally finally then too myself ended chose noticed figured
    figure
    """.split()
)
# A numeral, a letter, a variable follows these.
_NAMED = frozenset(
    """
    the a an each every any this that's of chapter part section act book volume vol type phase war class table
    figure fig appendix level stage grade article title group schedule annex element index variable item node
    row column step line letter player agent user thread process vertex for let iteration loop counter integer
    number vitamin king queen pope charles james george francis nicholas elizabeth napoleon
    """.split()
)


@dataclass(frozen=True)
class Pronoun:
    """Behind it stands a verb or an adverb that a writer says of himself, or a contraction: i'm, i've.

    Once that is found, each other “i” between words of the article counts too. Quotations are not looked at.
    """

    def find(self, document: Document) -> Iterator[Match]:
        if "i" not in vocabulary(document) or is_small(document):
            return
        passages = {passage: None for passage, _ in word_places(document, {"i"})}  # each once, in order
        found = [(passage, match) for passage in passages for match in _candidates(passage)]
        if any(match["short"] or match["next"] in _VERBS for _, match in found):
            for passage, match in found:
                start, end = passage.block.span(match.start(), match.start() + 1)
                yield Match(start, end, {}, (Edit(start, end, "I"),))


def _candidates(passage: Passage) -> Iterator[re.Match[str]]:
    if "j" in passage.vocabulary:  # indices
        return
    quoted = quotes.quote_spans(passage.text)
    for match in _I.finditer(passage.text):
        at = match.start()
        before = _WORD_BEFORE.search(passage.text, max(0, at - 30), at)
        quotation = bisect_right(quoted, (at, len(passage.text))) - 1
        if (before and before["word"].lower() in _NAMED) or (quotation >= 0 and at < quoted[quotation][1]):
            continue
        if at and not passage.block.is_contiguous(at - 1, at + 1) and not passage.block.is_contiguous(at, at + 2):
            continue  # *i* is a variable or a word as a word
        yield match
