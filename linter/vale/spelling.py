"""Find misspelled words: split text into words as Vale does, look them up in dictionaries, and correct them."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

from linter import patterns
from linter.config.yaml_file import shown_path
from linter.suggest import as_list, cut_text
from linter.text.lexicon import AFFIXES, DATA, STEMS, lexicon, word_list
from linter.vale.definition import BadOption, Context, Definition
from linter.vale.hunspell import MOST_ENTRIES, Dictionary

DICTIONARIES = os.path.join("config", "dictionaries")  # folder with the dictionaries of a styles path
IGNORED = os.path.join("config", "ignore")  # folder with its lists of correct words
_CHUNK = patterns.lazy(r"\S+")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
# Chunks of text with marks that are not removed: abbreviations such as “e.g.” and “Mr.”, and emoticons with letters.
_WHOLE = patterns.lazy(r"(?:[A-Za-z]\.){2,50}\Z|[A-Z][a-z]{1,2}\.\Z|(?:\(o:|:o\)|\(ಠ_ಠ\))\Z")
_OPENERS, _CLOSERS = "$(\"['", ",)\"]!;.?:'"
_CACHED_CHUNKS = 20_000
_CACHED_DICTIONARIES = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"  # if no dictionary says which letters it uses
_SHORTEST, _LONGEST = 3, 30  # code points of a word that can be corrected
_MOST_CORRECTIONS = 6


class Lexicon(Protocol):
    """A set of correct words. `forms` are the words to propose as corrections, and `letters` are their letters."""

    def convert(self, word: str) -> str: ...
    def knows(self, word: str) -> bool: ...
    @property
    def forms(self) -> frozenset[str]: ...
    @property
    def letters(self) -> str: ...


@cache
def default_dictionary() -> Dictionary:
    """Return the dictionary of American English in `linter/data`, with the words that it lacks."""
    aff, dic = ((DATA / name).read_text("utf-8") for name in (AFFIXES, STEMS))
    # The flag M of this dictionary is the suffix “'s”.
    return Dictionary(aff, dic + "".join(f"{word}/M\n" for word in sorted(word_list("correct"))))


class WordList:
    """The words in the texts of files with one word per line."""

    letters = ""

    def __init__(self, texts: Sequence[str]) -> None:
        self.forms = frozenset(line.strip() for text in texts for line in text.split("\n"))

    def convert(self, word: str) -> str:
        return word

    def knows(self, word: str) -> bool:
        return word in self.forms or word.lower() in self.forms


def corrections(word: str, lexicons: Sequence[Lexicon]) -> tuple[str, ...]:
    """Return up to six correct words that differ from `word` by one edit, the most frequent ones in English first.

    An edit inserts, deletes or replaces a letter or an apostrophe, or transposes two characters, or writes a capital at
    the start. Words with other capitals, such as “gitHub”, are not corrected.
    """
    small = word.lower()
    shape = next((shape for shape in (str.lower, str.capitalize, str.upper) if shape(word) == word), None)
    if shape is None or not _SHORTEST <= len(word) <= _LONGEST:
        return ()
    letters = "".join(each.letters for each in lexicons) or _LETTERS
    edited = dict.fromkeys(_edited(small, dict.fromkeys(f"{letters}'")))
    forms = {each: shape(each) for each in edited}  # what to look up, and how to write it here
    if shape is str.lower:
        forms[small.capitalize()] = small.capitalize()
    else:
        forms |= {each.capitalize(): shape(each) for each in edited}
    known = set[str]().union(*(each.forms.intersection(forms) for each in lexicons))
    found = dict.fromkeys(forms[form] for form in forms if form in known)
    return tuple(sorted(found, key=_rarity)[:_MOST_CORRECTIONS])


def _edited(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Yield the texts that differ from `word` by one edit. Some are yielded twice."""
    parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1)
    yield from (left + right[1:] for left, right in parts if right)
    yield from (left + letter + right[1:] for left, right in parts if right for letter in letters)
    yield from (left + letter + right for left, right in parts for letter in letters)


def _rarity(word: str) -> int:
    return -lexicon().find(word.lower()).docs


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of `text` that contains a letter, with its offset, and with straight quotation marks."""
    for chunk in _CHUNK.finditer(text.translate(_STRAIGHT)):
        offset, word = _word(chunk[0])
        if word:
            yield chunk.start() + offset, word


@lru_cache(_CACHED_CHUNKS)
def _word(chunk: str) -> tuple[int, str]:
    """Return the word in text without white space, and its offset. The word is empty if there are no letters."""
    start, end = 0, len(chunk)
    while end - start > 1 and not _WHOLE.match(chunk, start, end):
        if chunk[start] in _OPENERS:
            start += 1
        elif chunk[end - 1] in _CLOSERS:
            end -= 1
        else:
            break
    word = chunk[start:end]
    return start, word if any(map(str.isalpha, word)) else ""


def find_lexicons(definition: Definition, context: Context) -> Callable[[], list[Lexicon]]:
    """Return a function that reads the dictionaries and lists of words of a spelling rule.

    Raises BadOption if a file is missing.
    """
    options = definition.options
    ignored = [context.read(path) for path in _ignored(definition, context)]
    pairs = [(context.read(aff), context.read(dic)) for aff, dic in _dictionaries(definition, context)]
    for _, dic in pairs:
        if dic.count("\n") > MOST_ENTRIES:
            raise BadOption("dictionaries", f"a dictionary has more than {MOST_ENTRIES:,} entries")
    is_own = not pairs or (options.get("append", False) and not options.get("aff")) or not definition.file

    def read() -> list[Lexicon]:
        default: list[Lexicon] = [default_dictionary()] if is_own else []
        return [*default, *(_dictionary(aff, dic) for aff, dic in pairs), WordList(ignored)]

    return read


@lru_cache(_CACHED_DICTIONARIES)
def _dictionary(aff: str, dic: str) -> Dictionary:
    return Dictionary(aff, dic)


def _dictionaries(definition: Definition, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the paths of each dictionary: the affix file and the list of stems."""
    options = definition.options
    if options.get("aff") or options.get("dic"):
        yield _found("aff", options.get("aff", ""), context), _found("dic", options.get("dic", ""), context)
        return
    folder = options.get("dicpath", "")
    folders = [folder, *_under(context, folder)] if folder else _under(context, DICTIONARIES)
    names = list(options.get("dictionaries", ()))
    if not names and not definition.file:
        names = _names_of_dictionaries(folders, context)
    for name in names:
        paths = [
            context.find(tuple(os.path.join(each, name + suffix) for each in folders)) for suffix in (".aff", ".dic")
        ]
        if not all(paths):
            where = as_list([shown_path(Path(folder)) for folder in folders])
            raise BadOption("dictionaries", f"“{cut_text(name)}.aff” and “{cut_text(name)}.dic” are not in {where}")
        yield paths[0], paths[1]


def _names_of_dictionaries(folders: Sequence[str], context: Context) -> list[str]:
    """Return the names of all dictionaries in `folders`, without those in folders inside them."""
    paths = [os.path.relpath(path, folder) for folder in folders for path in context.files(folder)]
    return sorted({path[:-4] for path in paths if path.endswith(".dic") and not os.path.dirname(path)})


def _found(key: str, name: str, context: Context) -> str:
    if not name or not (path := context.find((name, *_under(context, name)))):
        raise BadOption(key, f"there is no file “{cut_text(name)}”")
    return path


def _ignored(definition: Definition, context: Context) -> Iterator[str]:
    """Yield the paths of the lists of correct words."""
    if not definition.file:
        for folder in _under(context, IGNORED):
            yield from (path for path in context.files(folder) if path.endswith(".txt"))
    for name in definition.options.get("ignore", ()):
        for path in (name, *_under(context, name), *_under(context, os.path.join(IGNORED, name))):
            if context.find((path,)):
                yield path


def _under(context: Context, path: str) -> list[str]:
    """Return `path` in each folder with styles. The folder of the project is the last one."""
    return [os.path.join(folder, path) for folder in context.styles_paths]
