"""Find the columns of a table that `records:` in copydesk.yaml names, and turn rows into records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from linter import patterns
from linter.readers import KINDS
from linter.records.archives import MAX_BODY, Archive, BadArchive, Part, Record, clean
from linter.records.record_mappings import RecordMapping
from linter.suggest import cut_text, did_you_mean
from linter.text.language import language_names

FIELDS = ("key", "body", "title", "kind", "url", "language", "date", "group")
MAX_KEY = 500  # code points of a key; if it is longer, the number of the row is used
ANY: Mapping[str, Any] = {}  # in a tree of columns: a column of JSON, whose keys are unknown

Path = tuple[str, ...]  # a column and the keys of nested objects in it
Columns = dict[str, Path]  # fields of a record → their columns

# The usual names of columns, in order of preference.
_USUAL = {
    "key": "id key guid uuid _id article_id post_id doc_id document_id slug url permalink".split(),
    "body": "body text content html markdown raw_content body_html article_body post_content".split(),
    "title": "title headline post_title".split(),
    "url": "url permalink link canonical_url".split(),
    "language": "language lang locale".split(),
    "date": "date published_at published created_at created post_date".split(),
}
_ADVICE = "set “body” under “records” in copydesk.yaml"
_TABLE_ADVICE = "set “table” and “body” under “records” in copydesk.yaml"
_SHOWN = 20  # names of columns or tables in a message
_MIN_RANGE, _MAX_RANGES = 10_000, 1000  # keys in a part of a table in a database, and parts of a table
_UNDECODABLE = patterns.lazy("[\udc80-\udcff]")
_CODE = patterns.lazy(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?")


def find_column(name: str, tree: Mapping[str, Any]) -> Path:
    """Return the path to the column `name` in a tree of columns, or () if there is none.

    The tree maps names to trees of nested columns, or to anything else for columns without nested columns. A name that
    contains dots is preferred to the nested column with the same name.
    """
    if name in tree:
        return (name,)
    for end in range(len(name) - 1, 0, -1):
        if name[end] == "." and isinstance(inner := tree.get(name[:end]), Mapping):
            rest = name[end + 1 :]
            if path := tuple(rest.split(".")) if inner is ANY else find_column(rest, inner):
                return (name[:end], *path)
    return ()


def find_columns(mapping: RecordMapping, tree: Mapping[str, Any]) -> Columns:
    """Return the columns of the fields of a record. Fields without a column are left out."""
    lower: dict[str, str] = {}
    for column in tree:
        lower.setdefault(column.lower(), column)
    columns = {}
    for field in FIELDS:
        if name := named_column(mapping, field):
            if path := find_column(name, tree):
                columns[field] = path
        elif usual := next((lower[each] for each in _USUAL.get(field, ()) if each in lower), None):
            columns[field] = (usual,)
    return columns


def named_column(mapping: RecordMapping, field: str) -> str:
    """Return the column that `mapping` names for a field, or "" if it names none."""
    name = str(getattr(mapping, field))
    return "" if field == "kind" and name in KINDS else name


def column_names(tree: Mapping[str, Any]) -> list[str]:
    """Return the names in a tree of columns, followed by those of nested columns, such as “meta.url”."""
    nested = (f"{name}.{key}" for name, inner in tree.items() if isinstance(inner, Mapping) for key in inner)
    return [*tree, *nested]


def missing_column(mapping: RecordMapping, field: str, names: Collection[str]) -> str:
    """Return an error message for a field without a column. `names` are the columns that exist."""
    if name := named_column(mapping, field):
        advice = did_you_mean(name, [each for each in names if len(each) < MAX_KEY][:1000])
        wanted = f"there is no column “{cut_text(name)}”, which “records” names as “{field}”"
        return f"{wanted}{advice or '; ' + listed(names)}"
    return f"no column has a usual name for the text; {listed(names)}; {_ADVICE}"


def listed(names: Collection[str], what: str = "columns") -> str:
    """Return names of columns or tables as a phrase, such as “the columns are a, b”."""
    if not names:
        return f"there are no {what}"
    shown = [cut_text(clean(name)[0]) for _, name in zip(range(_SHOWN), names, strict=False)]
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"the {what} are {', '.join(shown)}{more}"


def table_columns(archive: Archive, tree: Mapping[str, Any]) -> Columns:
    """Return the columns of the fields of the records in a table.

    Raises BadArchive if there is no column for the body, or if a column that `records` names is missing.
    """
    columns = find_columns(archive.mapping, tree)
    for field in ("body", *FIELDS):
        if field not in columns and (field == "body" or named_column(archive.mapping, field)):
            raise BadArchive(missing_column(archive.mapping, field, column_names(tree)))
    return columns


def nested_value(row: object, path: Path) -> Any:
    """Return the value at a path in nested mappings, or None if it is missing."""
    for key in path:
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode UTF-8. Return the text, with U+FFFD for each byte that cannot be decoded, and a problem if there are any.

    In the text, each such byte is U+FFFD.
    """
    return replace_undecodable(data.decode("utf-8", "surrogateescape"))


def replace_undecodable(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text that was decoded with `surrogateescape` with U+FFFD for each byte that could not be decoded.

    The second value is a problem that gives the number of such bytes, if there are any.
    """
    decoded, number = _UNDECODABLE.subn("\ufffd", text)
    if not number:
        return text, ()
    bytes_are = "1 byte is" if number == 1 else f"{number:,} bytes are"
    return decoded, (f"{bytes_are} not UTF-8; the text was read with U+FFFD instead",)


def make_record(
    mapping: RecordMapping, values: Mapping[str, object], number: str, problems: Iterable[str] = ()
) -> Record:
    """Return a record from the values of its fields.

    Bytes are decoded as UTF-8. `number` is the key of a record without a key, and `problems` are the problems of the
    row.
    """
    body, wrong = _body(values.get("body"))
    key = _text(values.get("key"))
    if len(key) > MAX_KEY:
        wrong += (f"the key has {len(key):,} characters; the limit is {MAX_KEY}, so “{number}” is used instead",)
        key = ""
    kind = mapping.kind if mapping.kind in KINDS else _text(values.get("kind")).lower()
    return Record(
        key=key or number,
        body=body,
        kind=kind if kind in KINDS else "",
        title=_text(values.get("title")),
        url=_text(values.get("url")),
        language=_language(_text(values.get("language"))),
        date=_text(values.get("date")),
        group=_text(values.get("group")),
        problems=(*problems, *wrong),
    )


def _body(value: object) -> tuple[str, tuple[str, ...]]:
    """Return the text of a body, and its problems. A missing body is an empty text."""
    if value is None:
        return "", ()
    text, problems = decode(value) if isinstance(value, bytes) else (value, ())
    if not isinstance(text, str):
        return "", (f"the body is {_type(value)}, not text",)
    if len(text) > MAX_BODY:
        return "", (too_long(len(text)),)
    text, more = clean(text)
    return text, problems + more


def too_long(length: int) -> str:
    """Return the problem of a body that has `length` code points, which are too many."""
    return f"the body has {length:,} characters; the limit is {MAX_BODY:,}"


def _type(value: object) -> str:
    """Return a phrase for the type of a value that is not text."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence):
        return "a list"
    return "true or false" if isinstance(value, bool) else "a number"


def _text(value: object) -> str:
    """Return a value other than a body as text without surrounding white space, or "" for lists and objects."""
    if isinstance(value, bytes):
        value = decode(value)[0]
    if value is None or isinstance(value, (bool, Mapping, list, tuple)):
        return ""
    return clean(str(value))[0].strip()


def _language(text: str) -> str:
    """Return the language code at the start of a value such as “en-US”, or "" if there is none."""
    code = _CODE.fullmatch(text)
    return code[1].lower() if code and code[1].lower() in language_names() else ""


def key_ranges(low: int, high: int) -> list[Part]:
    """Return parts of a table for the integer keys from `low` to `high`. Each part includes its start and its end.

    A part has 10,000 keys, or more if there would be more than 1000 parts.
    """
    size = max(_MIN_RANGE, -(-(high - low + 1) // _MAX_RANGES))
    return [Part(start, min(start + size - 1, high), 1) for start in range(low, high + 1, size)]


def choose_table(
    mapping: RecordMapping, names: Collection[str], plain: Iterable[str], columns: Callable[[str], Iterable[str]]
) -> str:
    """Return the table that `mapping` names, in any case, or the only one of `plain` that has a column for the body.

    `names` are all tables and views, and `columns` returns the columns of a table. Raises BadArchive if there is no
    such table, or more than one.
    """
    if mapping.table:
        same = [name for name in names if name.lower() == mapping.table.lower()]
        found = [mapping.table] if mapping.table in names else same
        if not found:
            advice = did_you_mean(mapping.table, names) or f"; {listed(names, 'tables')}"
            raise BadArchive(f"there is no table “{cut_text(mapping.table)}”{advice}")
        return found[0]
    fitting = [name for name in plain if "body" in find_columns(mapping, dict.fromkeys(columns(name)))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        which = listed(fitting, "tables")
        raise BadArchive(f"more than one table may contain the articles; {which}; {_TABLE_ADVICE}")
    column = f"the column “{cut_text(mapping.body)}”" if mapping.body else "a column with a usual name for the text"
    raise BadArchive(f"no table has {column}; {listed(names, 'tables')}; {_TABLE_ADVICE}")
