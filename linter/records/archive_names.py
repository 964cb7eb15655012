"""Recognize archives, which are files and databases that contain many articles, by their names."""

from __future__ import annotations

from os.path import splitext

FORMATS = ("jsonl", "csv", "parquet", "wxr", "ghost", "warc", "sqlite", "postgres")
OUT_FORMATS = ("jsonl", "parquet", "dolma")  # formats of the findings that a run over archives writes
ENGINES = ("processes", "ray")  # that run over archives
COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".xml": "wxr",
    ".json": "ghost",
    ".warc": "warc",
    ".wet": "warc",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
_SCHEMES = ("postgres://", "postgresql://")


def is_url(path: str) -> bool:
    """Whether `path` is the URL of a database."""
    return path.startswith(_SCHEMES)


def named_format(path: str) -> str:
    """Return the format that the name of a file, a glob or a URL implies, one of FORMATS, or "" if there is none."""
    if is_url(path):
        return "postgres"
    stem, suffix = splitext(path.lower())
    return SUFFIXES.get(splitext(stem)[1] if suffix in COMPRESSED else suffix, "")
