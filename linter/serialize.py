"""Convert results to bytes and back: `pack…` for pipes between processes, `dump…` for the cache.

The cache is not trusted. Every `load…` function checks the types of all values, and raises ValueError for invalid data.
That way, a forged cache can lead to wrong findings, but to nothing worse.
"""

from __future__ import annotations

import json
import marshal
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import product, starmap
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, NoReturn, Union, get_args, get_origin, get_type_hints

from linter.finding import SEVERITIES, Edit, Finding, Fix, Problem, SuppressedFinding
from linter.rule import ArticleFacts, Fact

Reader = Callable[[Any], Any]  # converts a value from JSON; raises ValueError for another type
Answer = tuple[str, str, bool]  # the path of an article, an address in it, and whether that leads to a file
Looked = tuple[str, bool]  # the path of a neighbor, and whether its file has not changed

# The types of the cached values.
_FINDINGS = tuple[list[Finding], list[SuppressedFinding]]
_FACTS = list[tuple[str, str, int, object]]  # one row per ArticleFacts
_ACROSS = tuple[list[Answer], list[Looked], list[Finding], list[SuppressedFinding]]

_FIX = Finding._fields.index("fix")
_NO_FINDINGS = b"[[],[]]"
_SCALARS = frozenset({str, int, bool, float, NoneType})
_ANYTHING = (str, int, bool, float, NoneType, list, dict)


class ArticleResult(NamedTuple):
    """The result of checking one or more articles: findings, problems, facts and suppressed findings."""

    findings: list[Finding]
    problems: list[Problem]
    facts: list[ArticleFacts]
    suppressed: list[SuppressedFinding]

    def add(self, other: ArticleResult) -> None:
        """Add the content of another result to this one."""
        self.findings.extend(other.findings)
        self.problems.extend(other.problems)
        self.facts.extend(other.facts)
        self.suppressed.extend(other.suppressed)


def pack_result(result: ArticleResult) -> bytes:
    """Return a result as bytes for another process of this run. `unpack_result` trusts these bytes."""
    findings, problems, collected, suppressed = result
    facts = [(*each[:-1], [*map(tuple, each.facts)]) for each in collected]
    return marshal.dumps(
        ([_row(finding) for finding in findings], [*map(tuple, problems)], facts, [*map(tuple, suppressed)])
    )


def unpack_result(data: bytes) -> ArticleResult:
    """Return the result that `pack_result` converted to `data`."""
    findings, problems, collected, suppressed = marshal.loads(data)
    facts = [ArticleFacts(path, rule, length, tuple(starmap(Fact, own))) for path, rule, length, own in collected]
    return ArticleResult(
        [_finding(row) for row in findings],
        [Problem(*problem) for problem in problems],
        facts,
        [SuppressedFinding(*one) for one in suppressed],
    )


def dump_findings(result: ArticleResult) -> bytes:
    """Return the findings and suppressed findings of a result as bytes. Facts and problems are left out."""
    return dump_json((result.findings, result.suppressed))


def load_findings(data: bytes, paths: Collection[str], size: int | None = None) -> ArticleResult:
    """Return the findings and suppressed findings that `dump_findings` converted to `data`.

    `paths` are the paths of the checked articles. `size` is the length of the article in bytes, or None if there are
    several articles. Raises ValueError for invalid data, or if a finding is impossible for these articles.
    """
    if data == _NO_FINDINGS:  # most articles have none
        return ArticleResult([], [], [], [])
    findings, suppressed = load_json(data, typed_reader(_FINDINGS))
    _validate(findings, suppressed, paths, size)
    return ArticleResult(findings, [], [], suppressed)


def dump_facts(collected: Iterable[ArticleFacts]) -> bytes:
    """Return the facts of articles as bytes."""
    return dump_json([*collected])


def load_facts(data: bytes, readers: Mapping[str, Reader]) -> list[ArticleFacts]:
    """Return the facts that `dump_facts` converted to `data`.

    `readers` has the `fact_reader` of each rule, by the name of the rule. Raises ValueError for invalid data.
    """
    return [_article_facts(*row, readers=readers) for row in load_json(data, typed_reader(_FACTS))]


def fact_reader(data: object) -> Reader:
    """Return a reader for the facts of one article and one rule. `data` is the type of `Fact.data` in these facts."""
    return row_reader(tuple, Fact._make, int, int, data)


def dump_across(result: ArticleResult, answers: Iterable[Answer], looked: Iterable[Looked]) -> bytes:
    """Return as bytes the result of comparing articles, and the `Answer` and `Looked` that this result depends on."""
    return dump_json(([*answers], [*looked], result.findings, result.suppressed))


def load_across(data: bytes, paths: Collection[str]) -> tuple[ArticleResult, list[Answer], list[Looked]]:
    """Return the result and what it depends on, which `dump_across` converted to `data`.

    `paths` are the paths of the articles. Raises ValueError for invalid data, or if a finding is impossible for these
    articles.
    """
    answers, looked, findings, suppressed = load_json(data, typed_reader(_ACROSS))
    _validate(findings, suppressed, paths, None)
    return ArticleResult(findings, [], [], suppressed), answers, looked


def _validate(
    findings: Iterable[Finding], suppressed: Iterable[SuppressedFinding], paths: Collection[str], size: int | None
) -> None:
    """Raise ValueError if a finding or a suppressed finding is impossible for the articles at `paths`.

    `size` is the length of the article in bytes, or None if unknown.
    """
    for path, _, _, severity, _, line, column, end_line, end_column, start, end, text, _, _, fix, *_ in findings:
        last = end if size is None else size
        if (
            not 0 <= start <= end <= last
            or len(text) != end - start
            or not 0 < line <= end_line <= end + 1
            or not 0 < column <= end + 1
            or not 0 < end_column <= end + 1
            or severity not in SEVERITIES
            or path not in paths
        ):
            raise ValueError("not a finding of this article")
        if fix and not all(0 <= low <= high and (size is None or high <= size) for low, high, _ in fix.edits):
            raise ValueError("not a fix of this article")
    if not all(one.path in paths for one in suppressed):
        raise ValueError("a suppressed finding of another article")


def _article_facts(path: str, rule: str, length: int, facts: object, *, readers: Mapping[str, Reader]) -> ArticleFacts:
    if rule not in readers:
        raise ValueError("facts of an unknown rule")
    read = readers[rule](facts)
    for start, end, _ in read:
        if not 0 <= start <= end <= length:
            raise ValueError("not a fact of this article")
    return ArticleFacts(path, rule, length, read)


def _row(finding: Finding) -> tuple[Any, ...]:
    if finding.fix is None:
        return tuple(finding)
    fix = (finding.fix.safe, [*map(tuple, finding.fix.edits)])
    return (*finding[:_FIX], fix, *finding[_FIX + 1 :])


def _finding(row: Iterable[Any]) -> Finding:
    finding = Finding(*row)
    if finding.fix is None:
        return finding
    safe, edits = finding.fix
    return finding._replace(fix=Fix(safe, tuple(starmap(Edit, edits))))


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"a value has another type: {type(value).__name__}")


def dump_json(value: object) -> bytes:
    """Return plain data as JSON in ASCII.

    Plain data are strings, finite numbers, booleans, bytes, None, and tuples, lists, frozen sets and mappings of these.
    The keys of mappings must be strings. Raises TypeError or ValueError for any other value.
    """
    return json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False).encode("ascii")


def load_json(data: bytes, read: Reader) -> Any:
    """Decode `data`, which `dump_json` returned, and return the value after conversion by `read`.

    Raises ValueError if `data` is not one JSON value in ASCII, or if `read` rejects the value.
    """
    try:
        return read(json.loads(data.decode("ascii"), parse_constant=_refuse))
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None


@lru_cache(256)
def typed_reader(type_: Any) -> Reader:
    """Return a reader that converts a value from JSON to the type `type_`, and rejects values of other types.

    Supported types are str, int, bool, float, bytes, `Literal` types of strings, unions of None and one other type,
    classes derived from NamedTuple, and list, tuple, frozenset and Mapping of these types. `object` stands for any JSON
    value.
    """
    origin, args = get_origin(type_), get_args(type_)
    if type_ is object:
        return lambda value: value
    if type_ in _SCALARS:
        return lambda value: value if type(value) is type_ else _refuse(value)
    if type_ is bytes:
        return lambda value: a2b_base64(value) if type(value) is str else _refuse(value)
    if origin is Literal:
        return lambda value: value if type(value) is str and value in args else _refuse(value)
    if origin in (Union, UnionType):
        (other,) = (arg for arg in args if arg is not NoneType)
        read = typed_reader(other)
        return lambda value: None if value is None else read(value)
    if origin in (list, frozenset) or (origin is tuple and args[1:] == (...,)):
        return _many(origin, args[0])
    if origin is tuple:
        return _row_of_types(tuple, args)
    if origin is Mapping:
        keys, values = _many(list, args[0]), _many(list, args[1])
        return lambda value: dict(zip(keys([*_dict(value)]), values([*value.values()]), strict=True))
    return _row_of_types(type_._make, tuple(get_type_hints(type_).values()))


def row_reader(many: Callable[[Any], Any], one: Callable[[Any], Any], *types: Any) -> Reader:
    """Return a reader of a list of rows, each a list with one value of each of `types`.

    `one` converts each row, and `many` converts the list of converted rows.
    """
    read = _row_of_types(one, types)

    def read_rows(value: Any) -> Any:
        return many([read(row) for row in value]) if type(value) is list else _refuse(value)

    return read_rows


def _plain(value: object) -> object:
    """Convert `value` to a type that JSON has. Raises TypeError if this is not possible."""
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def _dict(value: Any) -> dict[Any, Any]:
    return value if type(value) is dict else _refuse(value)


def _many(make: Callable[[Any], Any], item: Any) -> Reader:
    """Return a reader of a list of any length, whose items have the type `item`. `make` converts the list."""
    only, read = frozenset(_in_json(item)), None if _is_flat(item) else typed_reader(item)

    def read_all(value: Any) -> Any:
        if type(value) is not list or (value and not only.issuperset(map(type, value))):
            _refuse(value)
        if make is list:
            return [read(each) for each in value] if read and value else value
        return make([read(each) for each in value] if read else value)

    return read_all


def _row_of_types(make: Callable[[list[Any]], Any], types: tuple[Any, ...]) -> Reader:
    """Return a reader of a list with one item of each of `types`. `make` converts the list."""
    shapes = frozenset(product(*map(_in_json, types)))
    deep = [(at, typed_reader(type_)) for at, type_ in enumerate(types) if not _is_flat(type_)]

    def read(value: Any) -> Any:
        if type(value) is not list or tuple(map(type, value)) not in shapes:
            _refuse(value)
        for at, read_item in deep:
            if value[at] is not None:  # None needs no conversion
                value[at] = read_item(value[at])
        return make(value)

    return read


def _in_json(type_: Any) -> tuple[type, ...]:
    """Return the Python types that the JSON decoder may produce for a value of the type `type_`."""
    origin = get_origin(type_)
    if type_ is object:
        return _ANYTHING
    if type_ in _SCALARS:
        return (type_,)
    if type_ is bytes or origin is Literal:
        return (str,)
    if origin in (Union, UnionType):
        return tuple(each for arg in get_args(type_) for each in _in_json(arg))
    return (dict,) if origin is Mapping else (list,)


def _is_flat(type_: Any) -> bool:
    """Whether a value of the type `type_`, once decoded from JSON, needs neither conversion nor further checks."""
    if get_origin(type_) in (Union, UnionType):
        return all(map(_is_flat, get_args(type_)))
    return type_ is object or type_ in _SCALARS
