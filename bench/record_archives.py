"""Write articles as archives of all formats."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

_CHANNEL = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Bench</title><link>https://example.org</link><language></language>
"""
_ITEM = """<item><title>{title}</title><link>https://example.org/{key}</link>
<content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{key}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>
"""


def articles(folder: Path) -> list[tuple[str, str]]:
    """Return a key and the text of each Markdown article, with line feeds as line ends and without U+0000."""
    files = sorted(folder.rglob("*.md"))
    texts = (file.read_bytes().decode("utf-8-sig", "replace") for file in files)
    return [
        (f"{at}", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")) for at, text in enumerate(texts)
    ]


def _repeated(folder: Path, number: int) -> Iterator[tuple[str, str]]:
    """Yield `number` articles with keys of their own; if there are fewer, they are repeated. 0 means all, once."""
    own = articles(folder)
    for at, (_, text) in enumerate(islice(cycle(own), number or len(own))):
        yield f"{at}", text


def write_jsonl(folder: Path, file: Path, number: int) -> Path:
    """Write `number` articles as JSON Lines, with the kind markdown; 0 means all."""
    with file.open("w", encoding="utf-8") as opened:
        for key, text in _repeated(folder, number):
            opened.write(f"{json.dumps({'id': key, 'text': text})}\n")
    return file


def write_wxr(folder: Path, file: Path, size: int) -> Path:
    """Write a WordPress export of about `size` bytes; 0 means all articles, once."""
    own, written = articles(folder), 0
    with file.open("w", encoding="utf-8") as opened:
        opened.write(_CHANNEL)
        for at, (_, text) in enumerate(cycle(own) if size else own):
            body = text.replace("]]>", "]]]]><![CDATA[>")
            written += opened.write(_ITEM.format(title=f"Article {at}", key=at, body=body))
            if size and written >= size:
                break
        opened.write("</channel></rss>\n")
    return file


def write_all(folder: Path, place: Path, postgres: str) -> dict[str, str]:
    """Write all articles in every format. Return the paths, and the URL `postgres` if it is given, by format."""
    own = articles(folder)
    writers: dict[str, tuple[str, Callable[[list[tuple[str, str]], Path], None]]] = {
        "csv": ("articles.csv", _csv),
        "parquet": ("articles.parquet", _parquet),
        "ghost": ("ghost.json", _ghost),
        "warc": ("articles.wet", _wet),
        "sqlite": ("articles.sqlite", _sqlite),
    }
    made = {
        "jsonl": str(write_jsonl(folder, place / "articles.jsonl", 0)),
        "wxr": str(write_wxr(folder, place / "articles.xml", 0)),
    }
    for name, (file, write) in writers.items():
        write(own, place / file)
        made[name] = str(place / file)
    if postgres:
        _postgres(own, postgres)
        made["postgres"] = postgres
    return made


def _csv(own: list[tuple[str, str]], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("id", "text"))
        writer.writerows(own)


def _parquet(own: list[tuple[str, str]], file: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    keys, texts = zip(*own, strict=True)
    pyarrow.parquet.write_table(pyarrow.table({"id": keys, "text": texts}), file, row_group_size=500)


def _ghost(own: list[tuple[str, str]], file: Path) -> None:
    posts = [{"id": key, "title": f"Article {key}", "html": text, "status": "published"} for key, text in own]
    file.write_text(json.dumps({"db": [{"meta": {"version": "5.0"}, "data": {"posts": posts}}]}), "utf-8")


def _wet(own: list[tuple[str, str]], file: Path) -> None:
    with file.open("wb") as opened:
        for key, text in own:
            body = text.encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {key}\r\nWARC-Record-ID: <urn:uuid:{key}>\r\n"
            )
            kind = f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
            opened.write(f"{head}{kind}".encode() + body + b"\r\n\r\n")


def _sqlite(own: list[tuple[str, str]], file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO articles VALUES (?, ?)", own)
    connection.commit()
    connection.close()


def _postgres(own: list[tuple[str, str]], url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS articles")
        connection.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, text TEXT)")
        with connection.cursor().copy("COPY articles FROM STDIN") as copy:
            for row in own:
                copy.write_row(row)
