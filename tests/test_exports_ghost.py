"""Exports of Ghost are read and rewritten, whatever is wrong with them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import read, rewrite
from linter import Linter
from linter.records import archives
from linter.records.archives import KEEP, Archive, Change, Record
from linter.records.formats import _window, ghost


def post(html: str | None = "<p>Text</p>", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"id{number}", "title": f"Title {number}", "html": html, "status": "published", **more}


def export(*posts: Any, indent: int | None = None) -> str:
    data = {
        "benefits": [{"posts": [1, "posts"]}],
        "posts": [*posts],
        "posts_meta": [{"html": "x"}],
        "settings": [{"key": "title", "value": '"posts": [{"id": "x"}]'}],
    }
    return json.dumps({"db": [{"meta": {"version": "5.80.0"}, "data": data}]}, indent=indent, ensure_ascii=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ghost")


def archive(folder: Path, data: bytes | str, name: str = "site.json") -> Archive:
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    (folder / name).write_bytes(data)
    return Archive(name, str(folder / name), "ghost", size=len(data))


def test_posts_are_read_with_their_fields(folder: Path) -> None:
    more = {"published_at": "2024-05-06T10:00:00.000Z", "locale": "de", "url": "https://x.example/a/", "type": "page"}
    posts = [post(**more), post("<p>2 “é”\u2028</p>", 2, status="scheduled"), post(None, 3, plaintext="Plain", page=1)]
    assert read(archive(folder, export(*posts, indent=2))) == (
        [
            Record("id1", "<p>Text</p>", "html", "Title 1", "https://x.example/a/", "de", "2024-05-06T10:00:00.000Z"),
            Record("id2", "<p>2 “é”\u2028</p>", "html", "Title 2", draft=True),
            Record("id3", "Plain", "text", "Title 3"),
        ],
        "",
    )


@pytest.mark.parametrize("data", ['{"data": {"posts": [%s]}}', '{"posts": [%s]}', '{"db": [{"data": {"posts":[%s]}}]}'])
def test_shapes(folder: Path, data: str) -> None:
    assert [record.key for record in read(archive(folder, data % json.dumps(post())))[0]] == ["id1"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "it is not an export of Ghost: it contains no posts"),
        ('{"posts": {"a": []}}', "it is not an export of Ghost: it contains no posts"),
        ('{"users": [{"data": {"posts": [{}]}}]}', "it is not an export of Ghost: it contains no posts"),
        ('{"posts": [', "it ends within the data; the rest is missing"),
    ],
)
def test_other_files_are_refused(folder: Path, data: str, reason: str) -> None:
    assert read(archive(folder, data)) == ([], reason)


NO_HTML = "the post has no HTML, only the format of the editor, which is not read"
LEXICAL = (
    '{{"root":{{"children":[{{"children":[{{"text":"{}","type":"text"}}],"type":"paragraph","version":1}}],'
    '"type":"root"}}}}'
)
MOBILEDOC = '{{"version":"0.3.1","markups":[],"atoms":[],"cards":[{}],"sections":[[1,"p",[[0,[],0,"{}"]]]]}}'


@pytest.mark.parametrize(
    ("value", "body", "problem"),
    [
        (json.dumps(post("a\0b")), "a\ufffdb", "NUL character (U+0000) at 1:2; the text was read with U+FFFD instead"),
        (
            json.dumps(post("a\n\ud800b")),
            "a\n\ufffdb",
            "lone surrogate (U+D800) at 2:1; the text was read with U+FFFD instead",
        ),
        (json.dumps(post("a\tb")).replace("\\t", "\t"), "a\tb", ""),
        (json.dumps(post(None, lexical=LEXICAL.format("a"))), "", NO_HTML),
        (json.dumps(post("", lexical='{"root":{"children":[{"type":"image","src":"a.png"}]}}')), "", NO_HTML),
        (json.dumps(post(None, mobiledoc=MOBILEDOC.format("", "a"))), "", NO_HTML),
        (json.dumps(post(None, mobiledoc=MOBILEDOC.format('["image",{}]', ""))), "", NO_HTML),
        (json.dumps(post(None, mobiledoc="?")), "", NO_HTML),
        (json.dumps(post(None, lexical=LEXICAL.format(""))), "", ""),
        (json.dumps(post("", mobiledoc=MOBILEDOC.format("", ""))), "", ""),
        (json.dumps(post(None)), "", ""),
        (json.dumps(post())[:-2] + "x}", "", "line 1: this post is not JSON: Expecting ',' delimiter"),
        (
            '{"id": "id1", "html": "a "quoted" b", "x": "}, {"}',
            "",
            "line 1: this post is not JSON: Expecting ',' delimiter",
        ),
        ('{"id": "id1", "a": ' + "[" * 100_000 + "]" * 100_000 + "}", "", "line 1: this post is nested too deeply"),
        (json.dumps({**post(), "n": 1}).replace("1}", "9" * 5000 + "}"), "<p>Text</p>", ""),
    ],
)
def test_damage_is_a_problem_of_its_post(folder: Path, value: str, body: str, problem: str) -> None:
    data = export("A", post(number=2), "B").replace('"A"', value).replace('"B"', "7")
    records, damage = read(archive(folder, data))
    assert [(record.key, record.body) for record in records] == [("id1", body), ("id2", "<p>Text</p>"), ("post-3", "")]
    assert [record.problems for record in records] == [
        (problem,) if problem else (),
        (),
        ("line 1: this post is not an object",),
    ]
    assert damage == ""
    kept = rewrite(archive(folder, data), [Change("new") if problem else KEEP, KEEP, Change(drop=True)])
    assert kept == (data.encode("utf-8", "surrogatepass"), "")


def test_undecodable_bytes(folder: Path) -> None:
    records, _ = read(archive(folder, export(post("a é")).encode("latin-1")))
    assert records[0].body == "a \ufffd"
    assert records[0].problems == ("the byte 0xE9 at 1:3 is not valid utf-8; the text was read with U+FFFD instead",)


def test_a_truncated_file(folder: Path) -> None:
    data = export(post(), post(number=2))
    records, damage = read(archive(folder, data[: data.index("Title 2")]))
    assert [record.key for record in records] == ["id1", "id2"]
    assert records[1].problems == ("line 1: this post is not JSON: Unterminated string starting at",)
    assert damage == "the rest, from line 1 on, cannot be read: the JSON is damaged or ends there"


def test_a_damaged_compressed_file(folder: Path) -> None:
    data = gzip.compress(export(*(post(number=number) for number in range(2000))).encode())
    records, damage = read(archive(folder, data[:-500], "site.json.gz"))
    assert len(records) > 1000
    assert damage.startswith("it is damaged: ")


def test_a_large_post_is_a_problem_and_is_not_kept_in_memory(folder: Path) -> None:
    data = export(post(), post("x" * 9_000_000, 2), post(number=3))
    with patch.object(ghost, "LIMIT", 3_000_000):
        records, damage = read(archive(folder, data))
        assert [record.key for record in records] == ["id1", "id2", "id3"]
        assert records[1].problems == ("line 1: this post is larger than 3,000,000 characters and was not read",)
        assert damage == ""
        assert rewrite(archive(folder, data), [KEEP, Change("y"), KEEP]) == (data.encode(), "")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("dropped", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}])
def test_posts_are_dropped(folder: Path, indent: int | None, dropped: set[int]) -> None:
    posts = [post(number=number) for number in range(3)]
    changes = [Change(drop=number in dropped) for number in range(3)]
    copy, damage = rewrite(archive(folder, export(*posts, indent=indent)), changes)
    kept = [one for number, one in enumerate(posts) if number not in dropped]
    assert json.loads(copy) == json.loads(export(*kept))
    assert damage == ""


def test_a_changed_post_loses_the_documents_that_ghost_prefers(folder: Path) -> None:
    posts = [post(lexical='{"html": 1}', mobiledoc=None, plaintext="x"), post(number=2, lexical="{}")]
    copy, _ = rewrite(archive(folder, export(*posts)), [Change("new"), KEEP])
    assert copy.decode() == export({**posts[0], "html": "new", "lexical": None}, posts[1])


def test_links_to_the_site_are_no_defects() -> None:
    link = '<p>Read <a href="__GHOST_URL__/about/">about us</a>.</p>\n'
    image = '<figure><img src="__GHOST_URL__/content/images/a.jpg" alt="A red house"></figure>\n'
    findings = Linter().check(f"<p>A story.</p>\n{link}{image}", kind="html")
    assert [finding for finding in findings if "GHOST" in str(finding)] == []


# Properties

BODIES = st.text() | st.sampled_from(['"', "\\", '},{"id":"', "\0", "\x7f\x85", "\ud800", "😀"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | BODIES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(BODIES, inner, max_size=3),
    max_leaves=6,
)
KEYS = ["id", "html", "lexical", "plaintext", "title", "status", "locale", "extra"]
POSTS = st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5) | JSON, max_size=4)
PIECES = st.sampled_from(
    [
        *'{}[],:"\\ ',
        '"posts"',
        '"data"',
        '"db"',
        '"id"',
        '{"posts":[',
        '{"id":"1","html":"a"}',
        "1",
        "x",
        "\ud800",
        "null",
    ]
)


@given(
    st.binary(max_size=100) | st.lists(PIECES, max_size=25).map(lambda p: "".join(p).encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_and_copied(folder: Path, data: bytes) -> None:
    one = archive(folder, data)
    records, damage = read(one)
    assert rewrite(one, [KEEP] * len(records)) == (data, damage)
    with patch.object(_window, "_CHUNK", 1), patch.object(_window, "_HEAD", 5):
        assert read(one) == (records, damage)


@given(POSTS, st.none() | st.integers(0, 3), st.integers(min_value=0))
def test_posts_in_front_of_the_end_of_a_truncated_file_are_read(
    folder: Path, posts: Sequence[Any], indent: int | None, cut: int
) -> None:
    data = json.dumps({"posts": posts}, indent=indent)
    records, damage = read(archive(folder, data))
    assert (len(records), damage) == (len(posts), "")
    assert rewrite(archive(folder, data), [KEEP] * len(records)) == (data.encode(), "")
    part, _ = read(archive(folder, data[: cut % len(data)]))
    assert part[:-1] == records[: max(0, len(part) - 1)]


@given(st.lists(BODIES, max_size=4), st.sampled_from(["id", "html", "lexical"]))
def test_new_bodies_are_read_again(folder: Path, bodies: Sequence[str], missing: str) -> None:
    posts = [post(number=number) for number in range(len(bodies))]
    for one in posts:
        one.pop(missing, None)
    bodies = [archives.clean(body)[0] for body in bodies]
    copy, _ = rewrite(archive(folder, export(*posts)), map(Change, bodies))
    records, damage = read(archive(folder, copy))
    assert ([record.body for record in records], damage) == (bodies, "")
    assert not any(record.problems for record in records)
