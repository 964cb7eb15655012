"""Store the checks of Vale rules as JSON, so that later runs need neither parse the rule files nor analyze patterns.

A check from the store is made on first use, because an article needs only some of the rules. The stored data are not
trusted: names, types and extension points are verified when they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, get_type_hints

from linter import typed_json
from linter.analysis.literals import Literals
from linter.document import Block, Document
from linter.rule import Match
from linter.vale.checks._base import ArticleRule, BlockRule, Hit
from linter.vale.definition import BUILT_IN, LEVELS, NOT_RUN, OPTIONS, Definition

_TYPES = get_type_hints(Definition) | {
    "extends": Literal[*(each for each in OPTIONS if each not in NOT_RUN)],
    "level": Literal[LEVELS],
    "options": Mapping[str, object],
}
_OPTION_TYPES: Mapping[type, Any] = {tuple: tuple[str, ...], dict: Mapping[str, str]}  # others are as in OPTIONS
_read_rows = typed_json.row_reader(list, tuple, *_TYPES.values(), bool, Literals | None)

Make = Callable[[Definition], BlockRule]


class _StoredCheck(BlockRule):
    """A check that `make` returns for a definition when it is first used."""

    def __init__(self, definition: Definition, make: Make) -> None:
        super().__init__(definition)
        self._make = make

    @cached_property
    def made(self) -> BlockRule:
        return self._make(self.definition)

    def hits(self, block: Block) -> Iterator[Hit]:
        return self.made.hits(block)


class _StoredBlockRule(_StoredCheck):
    def find(self, block: Block) -> Iterator[Match]:
        return iter(()) if isinstance(self.made, ArticleRule) else self.made.find(block)


class _StoredArticleRule(_StoredCheck):
    def find_in(self, document: Document) -> Iterator[Match]:
        return self.made.find_in(document) if isinstance(self.made, ArticleRule) else iter(())


def pack_checks(checks: Iterable[BlockRule]) -> bytes:
    """Return checks as bytes."""
    rows = []
    for check in checks:
        fields = [getattr(check.definition, name) for name in _TYPES]
        rows.append([*fields, isinstance(check, ArticleRule), check.literals])
    return typed_json.dump_json(rows)


def unpack_checks(data: bytes, files: Mapping[str, str], make: Make) -> list[BlockRule]:
    """Return the checks in `data`, which `pack_checks` returned.

    `files` are the paths of the rule files by the names of the rules. `make` returns the check for a definition. Raises
    ValueError for invalid data.
    """
    return [_check(*row, files=files, make=make) for row in typed_json.load_json(data, _read_rows)]


def _check(*fields: Any, files: Mapping[str, str], make: Make) -> BlockRule:
    *of_definition, is_for_articles, literals = fields
    definition = Definition(*of_definition)
    types = OPTIONS[definition.extends]
    is_known = definition.file == files.get(definition.name, "") and (definition.file or definition.style == BUILT_IN)
    if not is_known or not definition.options.keys() <= types.keys():
        raise ValueError("not a rule")
    for name, value in definition.options.items():
        read = typed_json.typed_reader(_OPTION_TYPES.get(types[name], types[name]))
        definition.options[name] = read(value)  # type: ignore[index]  # it is a dict
    check = (_StoredArticleRule if is_for_articles else _StoredBlockRule)(definition, make)
    check.literals = literals
    return check
