"""Random sessions of an impatient writer: in the end, the editor shows what a new linter finds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lsprotocol import types

from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.files.articles import Article
from linter.lsp.folders import root_of
from linter.source import Source
from lsp_client import NO_WARNINGS, Client, capabilities, offset, session, whole

pytestmark = [pytest.mark.asyncio, NO_WARNINGS]

SEEDS = range(int(os.environ.get("COPYDESK_TEST_SESSIONS", "2")))
STEPS = 120
CREATED, CHANGED, DELETED = types.FileChangeType.Created, types.FileChangeType.Changed, types.FileChangeType.Deleted
RULE = """\
id: own
summary: Test
why: It is a test.
severity: warning
check: pattern
pattern: mayor
message: 'Bad.'
bad:
  - text: 'The ⟦mayor⟧ spoke.'
good:
  - text: 'The museum opens.'
"""
PARTS = [
    "The mayor of berlin spoke.\n",
    "The tram came late.The end.\r\n",
    "😀 The mayor of paris  spoke ,and left.\n",
    "---\ntitle: x\n---\n\nThe the mayor.\n",
]
CONFIGS = ["ignore: [names]\n", "severity: {names: error}\n", "exclude: [b.md]\n", "rules: [house]\n", ""]
TEXTS = {
    "copydesk.yaml": [*CONFIGS, "ignroe: [x]\n", "a: [\n"],
    "words.txt": ["berlin\n", "paris\n", ""],
    "own.yaml": [RULE, RULE.replace("mayor", "tram"), RULE.replace("warning", "grave"), RULE[:60], "x: 1\n"],
}
KINDS = {".md": "markdown", ".html": "html", ".txt": "text"}
LANGUAGES = {".md": "markdown", ".html": "html", ".txt": "plaintext", ".yaml": "yaml"}
FILES = ["a.md", "b.md", "c.html", "deep/d.txt", "copydesk.yaml", "words.txt", "house/pack/own.yaml"]
STEPS_OPEN = ["edit", "edit", "edit", "edit", "undo", "save", "save", "close", "rename", "ask"]
STEPS_ALWAYS = ["open", "open", "delete", "disk", "configure", "folder", "check", "pause"]
EXPECTED_MESSAGES = (" corrected, ", "is already being checked", "no folder to check", "could not be checked: ")


class Writer:
    """A user with two workspace folders, and a folder outside of the workspace."""

    def __init__(self, base: Path, client: Client, random: Random, *, watches: bool) -> None:
        self.client, self.random, self.watches = client, random, watches
        self.folders = {name: base / name for name in ("one", "two", "outside")}
        self.in_use = {"one", "two"}
        self.history: dict[str, list[str]] = {}
        self.settings: dict[str, Any] = {}

    def text(self, path: Path) -> str:
        choices = TEXTS.get(path.name)
        return (
            self.random.choice(choices) if choices else "".join(self.random.choices(PARTS, k=self.random.randint(0, 3)))
        )

    def write(self, path: Path, text: str) -> None:
        new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(".new")
        part.write_bytes(text.encode())
        part.replace(path)
        if self.watches:
            self.client.changed((path, CREATED if new else CHANGED))

    def step(self) -> Awaitable[Any] | None:
        """Do something at random; return what to wait for in the end, if anything."""
        path = self.random.choice([*self.folders.values()]) / self.random.choice(FILES)
        if self.client.texts and self.random.random() < 0.7:
            path = Path(path_in(self.random.choice(sorted(self.client.texts))))
            name = self.random.choice(STEPS_OPEN)
        else:
            name = self.random.choice(STEPS_ALWAYS)
        result: Awaitable[Any] | None = getattr(self, f"do_{name}")(path, path.as_uri())
        return result

    def do_open(self, path: Path, uri: str) -> None:
        if uri not in self.client.texts:
            text = path.read_bytes().decode() if path.exists() else self.text(path)
            self.client.open(path, text, language=LANGUAGES[path.suffix])
            self.history[uri] = [text]

    def do_edit(self, path: Path, uri: str) -> None:
        self.history[uri].append(self.client.texts[uri])
        self.client.edit(uri, self.text(path))

    def do_undo(self, _: Path, uri: str) -> None:
        self.client.edit(uri, self.history[uri].pop() if self.history[uri] else "")

    def do_save(self, path: Path, uri: str) -> None:
        self.write(path, self.client.texts[uri])
        self.client.save(uri)

    def do_close(self, _: Path, uri: str) -> None:
        self.client.close(uri)

    def do_rename(self, path: Path, uri: str) -> None:
        new = path.with_name(self.random.choice(["a.md", "b.md", "e.md"]))
        if path.suffix != ".md" or new.as_uri() in self.client.texts:
            return
        text = self.client.texts[uri]
        if path.exists():
            path.replace(new)
        self.client.close(uri)
        self.client.open(new, text)
        self.history[new.as_uri()] = [text]
        self.client.workspace_did_rename_files(types.RenameFilesParams([types.FileRename(uri, new.as_uri())]))
        if self.watches:
            self.client.changed((path, DELETED), (new, CREATED))

    def do_ask(self, _: Path, uri: str) -> Awaitable[Any]:
        document, place = types.TextDocumentIdentifier(uri), types.Position(0, self.random.randint(0, 9))
        return self.random.choice(
            [
                lambda: self.client.actions(uri, whole(self.client.texts[uri])),
                lambda: self.client.text_document_hover_async(types.HoverParams(document, place)),
                lambda: self.client.text_document_completion_async(types.CompletionParams(document, place)),
            ]
        )()

    def do_delete(self, path: Path, uri: str) -> None:
        if path.exists():
            path.unlink()
            if self.watches:
                self.client.changed((path, DELETED))
            else:
                self.client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(uri)]))

    def do_disk(self, path: Path, _: str) -> None:
        if self.watches:
            self.write(path, self.text(path))

    def do_configure(self, *_: object) -> None:
        self.settings = {
            "debounce": self.random.choice([0, 5, 50]),
            "run": self.random.choice(["onType", "onSave"]),
            "ignore": self.random.choice([[], ["spacing"], ["names"]]),
        }
        self.client.set_configuration(self.settings, section="copydesk")
        self.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))

    def do_folder(self, *_: object) -> None:
        name = self.random.choice(["one", "two"])
        folder = [types.WorkspaceFolder(self.folders[name].as_uri(), name)]
        change = types.WorkspaceFoldersChangeEvent([], folder)
        if name not in self.in_use:
            change = types.WorkspaceFoldersChangeEvent(folder, [])
        self.in_use ^= {name}
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))

    def do_check(self, *_: object) -> Awaitable[Any] | None:
        return check_workspace(self.client) if self.random.random() < 0.3 else None

    def do_pause(self, *_: object) -> Awaitable[Any]:
        return asyncio.sleep(self.random.choice([0.01, 0.2]))

    def tidy(self) -> None:
        """Save configs, words and rules without mistakes."""
        for folder in self.folders.values():
            for name in ("copydesk.yaml", "house/pack/own.yaml", "words.txt"):
                path, uri = folder / name, (folder / name).as_uri()
                text = self.random.choice({"copydesk.yaml": CONFIGS, "own.yaml": [RULE]}.get(path.name, ["berlin\n"]))
                if is_open := uri in self.client.texts:
                    self.client.edit(uri, text)
                else:
                    self.client.open(path, text, language="yaml")
                self.write(path, text)
                self.client.save(uri)
                if not is_open:
                    self.client.close(uri)

    def root(self, path: Path) -> str:
        inside = [folder for name in self.in_use if path.is_relative_to(folder := self.folders[name])]
        return str(inside[0]) if inside else root_of(str(path))

    def expected(self, uri: str, text: str) -> list[tuple[str, int]]:
        """Return what a new linter finds in an open article: rules and offsets."""
        path = path_in(uri)
        ignore, root = tuple(self.settings.get("ignore", ())), self.root(Path(path))
        linter = ArticleLinter(RunOptions(folder=root, isolated=not root, ignore=ignore))
        if linter.config.excludes(path):
            return []
        article = Article(path, path, KINDS[Path(path).suffix])
        return sorted((each.rule, each.start) for each in linter.check_source(article, Source(text, path)))

    def is_article(self, uri: str) -> bool:
        return Path(uri).suffix in KINDS and Path(uri).name != "words.txt"


def path_in(uri: str) -> str:
    """Return the path of a URI without characters that need escapes."""
    return uri.removeprefix("file://")


async def check_workspace(client: Client) -> None:
    await client.workspace_execute_command_async(types.ExecuteCommandParams("copydesk.checkWorkspace"))


def starts(text: str, found: Any) -> list[tuple[str, int]]:
    return sorted((str(each.code), offset(text, each.range.start, "utf-16")) for each in found)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="paths are read from URIs")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("pulls", [False, True])
async def test_what_is_shown_in_the_end_is_what_a_new_linter_finds(tmp_path: Path, seed: int, pulls: bool) -> None:
    random = Random(seed)
    watches = random.random() < 0.7
    for name in ("one", "two", "outside"):
        (tmp_path / name / "house" / "pack").mkdir(parents=True)
    able = capabilities(pulls=pulls, watches=watches)
    async with session(tmp_path / "one", tmp_path / "two", able=able, settings={}) as client:
        writer = Writer(tmp_path, client, random, watches=watches)
        waiting = []
        for _ in range(STEPS):
            if (step := writer.step()) is not None:
                waiting.append(asyncio.ensure_future(step))
            await asyncio.sleep(random.choice([0, 0, 0, 0.005, 0.03]))
        async with asyncio.timeout(60):
            await asyncio.gather(*waiting)
        writer.tidy()
        for uri in [*client.texts, *client.texts]:
            await client.checked(uri)
        await asyncio.sleep(0.5)
        await check_workspace(client)
        await check_closed(writer)
        for uri, text in filter(lambda each: writer.is_article(each[0]), client.texts.items()):
            shown = (await client.pull(uri)).items if pulls else client.diagnostics[uri]  # type: ignore[union-attr]
            assert starts(text, shown) == writer.expected(uri, text), uri
        assert not [each for each in client.shown_messages() if not any(part in each for part in EXPECTED_MESSAGES)]


async def check_closed(writer: Writer) -> None:
    """Check the diagnostics of files that are not open, after a check of the workspace."""
    for uri in writer.client.diagnostics.keys() - writer.client.texts.keys():
        path, shown = Path(path_in(uri)), writer.client.diagnostics[uri]
        used = any(path.is_relative_to(writer.folders[name]) for name in writer.in_use)
        if not used or not path.exists() or not writer.is_article(uri):
            assert not shown, uri
        else:
            text = path.read_bytes().decode()
            assert starts(text, shown) == writer.expected(uri, text), uri
