"""The diagnostics of files that are not open in the editor, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import time_ns
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lsprotocol.types import Diagnostic

from linter.lsp.client import Client
from linter.lsp.closed_files import ClosedFiles
from linter.lsp.folders import Folder
from linter.lsp.positions import LineTable
from steps import steps

TYPO = "The mayor of berlin spoke.\n"


class Shown:
    """Closed files without a client: what is published, and how many files are checked at the same time."""

    def __init__(self) -> None:
        self.diagnostics: dict[str, list[Diagnostic]] = {}
        self.running = self.most_running = 0
        client = SimpleNamespace(lines=lambda text: LineTable(text, "utf-16"), pulls=False)
        publish = cast("Callable[[str, list[Diagnostic]], None]", self.diagnostics.__setitem__)
        self.files = ClosedFiles(cast("Client", client), lambda _: False, publish, self.in_worker)

    async def in_worker(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        return function(*arguments)

    def defective(self) -> list[str]:
        return sorted(uri for uri, found in self.diagnostics.items() if found)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(str(tmp_path), in_workspace=True)
    folder.refresh()
    return folder


async def check(shown: Shown, folder: Folder, files: list[Path], since: int | None = None) -> None:
    found = {str(file): folder.check(file.read_text(), "markdown", str(file))[0] for file in files}
    await shown.files.set_findings(folder, found, since or time_ns() + 10**10)


@pytest.mark.asyncio
async def test_a_file_that_changes_during_the_check_of_the_workspace_is_checked_again(
    tmp_path: Path, folder: Folder
) -> None:
    file, shown = tmp_path / "a.md", Shown()
    file.write_text(TYPO * 2)
    found = {str(file): folder.check(file.read_text(), "markdown", str(file))[0]}
    since = time_ns() - 10**9
    file.write_text(TYPO)
    await shown.files.set_findings(folder, found, since)
    assert len(shown.diagnostics[file.as_uri()]) == 1


@pytest.mark.asyncio
async def test_many_changed_files_are_checked_one_after_another(tmp_path: Path, folder: Folder) -> None:
    files, shown = [tmp_path / f"{number}.md" for number in range(20)], Shown()
    for file in files:
        file.write_text(TYPO)
    await check(shown, folder, files)
    assert shown.defective() == sorted(file.as_uri() for file in files)
    for file in files[:15]:
        file.write_text("The mayor.\n")
        shown.files.changed(file.as_uri())
        shown.files.changed(file.as_uri())
    while len(shown.defective()) > 5:
        await asyncio.sleep(0.001)
    assert shown.most_running == 1


@pytest.mark.asyncio
async def test_many_deleted_files_and_folders_take_few_steps(tmp_path: Path, folder: Folder) -> None:
    files, shown = [tmp_path / str(number % 3) / f"{number}.md" for number in range(3000)], Shown()
    for number in range(3):
        (tmp_path / str(number)).mkdir()
    for file in files:
        file.write_text(TYPO)
    found = folder.check(TYPO, "markdown", str(files[0]))[0]
    await shown.files.set_findings(folder, {str(file): found for file in files}, time_ns() + 10**10)
    assert len(shown.defective()) == 3000
    others = [(tmp_path / f"other{number}.md").as_uri() for number in range(3000)]
    deleted = [*others, *(file.as_uri() for file in files[::3])]
    assert steps(lambda: shown.files.forget(deleted)) < 1000 * len(deleted)
    assert len(shown.defective()) == 2000
    shown.files.forget([(tmp_path / "1").as_uri()])
    assert len(shown.defective()) == 1000
