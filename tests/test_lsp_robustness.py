"""Unusual clients, hostile rules and unusual timing: the language server keeps running, with correct diagnostics."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from lsprotocol import types

from lsp_client import NO_WARNINGS, VS_CODE, Client, capabilities, initialize, session, start, whole

pytestmark = [pytest.mark.asyncio, NO_WARNINGS]

TYPO = "The mayor of berlin spoke.\n"
NAME = "names/proper-noun"
RULE = "id: {id}\nsummary: Test\nseverity: warning\ncheck: pattern\npattern: '{pattern}'\nmessage: '{message}'\n"
CHANGED = types.FileChangeType.Changed
SLOW = "(a|aa)+$"  # backtracks if there are many letters a before another one


def house(folder: Path, *rules: tuple[str, str, str]) -> None:
    """Write a config with rules of its own: id, pattern and message of each."""
    (folder / "house" / "own").mkdir(parents=True)
    for id_, pattern, message in rules:
        text = RULE.format(id=id_, pattern=pattern, message=message)
        (folder / "house" / "own" / f"{id_}.yaml").write_text(text)
    (folder / "copydesk.yaml").write_text("rules: [house]\npacks: [own]\n")


async def test_a_message_with_many_values_does_not_take_long(tmp_path: Path) -> None:
    message = "{match}" * 12 + " as on line {line} of it."
    house(tmp_path, ("many", "(?P<line>[a-z]+) qqq[a-z ]+", message))
    text = "ab qqq and so the words go on and on for a long long while here\n"
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "a.md", text)
        [found] = await client.found(uri)
        assert (found.code, found.related_information) == ("own/many", None)


async def test_a_rule_that_takes_too_long_is_named_once_and_turned_off(tmp_path: Path) -> None:
    house(tmp_path, ("slow", SLOW, "Slow."), ("fast", "berlin", "Fast."))
    text = f"{'a' * 60}b\n\n{TYPO}"
    async with session(tmp_path, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "a.md", text)
        assert await client.codes(uri) == ["own/fast"]
        for number in range(5):
            client.edit(uri, f"{text}{number}\n")
            assert await client.codes(uri) == ["own/fast"]
        messages = client.shown_messages()
        assert 1 <= len(messages) <= 2
        assert all("own/slow" in each for each in messages)


async def test_the_server_ends_although_a_check_is_running(tmp_path: Path) -> None:
    house(tmp_path, *((f"slow{number}", SLOW, "Slow.") for number in range(20)))
    client = await start()
    try:
        await initialize(client, tmp_path)
        client.open(tmp_path / "a.md", "The mayor.\n")
        await client.found((tmp_path / "a.md").as_uri())
        client.open(tmp_path / "b.md", f"{'a' * 60}b\n\n" * 3)
        await asyncio.sleep(0.5)
        await client.shutdown_session()
        async with asyncio.timeout(5):
            assert await client.ended() == 0
        assert client.errors == b""
    finally:
        await client.stop()


async def test_many_folders_outside_of_the_workspace(tmp_path: Path) -> None:
    async with session() as client:
        for number in range(20):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "copydesk.yaml").write_text("packs: [spacing]\n" if number % 2 else "packs: [names]\n")
            uri = client.open(folder / "a.md", TYPO)
            assert await client.codes(uri) == ([] if number % 2 else [NAME])
        assert client.messages == []


@pytest.mark.parametrize("delay", [0, 0.05, 0.2])
async def test_settings_that_arrive_during_the_start_have_an_effect(tmp_path: Path, delay: float) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "a.md", TYPO)
        await asyncio.sleep(delay)
        settings = {"copydesk": {"select": ["links"]}}
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        await client.until_codes(uri)


async def test_an_edit_of_a_part_is_ignored(tmp_path: Path) -> None:
    async with session(tmp_path, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "a.md", TYPO)
        await client.found(uri)
        change = types.TextDocumentContentChangePartial(whole("x"), "x")
        version = types.VersionedTextDocumentIdentifier(1, uri)
        client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
        text = await client.protocol.send_request_async("copydesk/text", {"uri": uri})
        assert text == TYPO
        assert any("ignored" in each.message for each in client.log_messages)


@pytest.mark.parametrize("uri", ["file:///a%00b.md", "untitled:Untitled-1", "x", "git:/a.md?{}"])
async def test_unusual_uris(uri: str) -> None:
    async with session() as client:
        client.open(uri, TYPO)
        assert await client.codes(uri) == [NAME]
        [action, *_] = await client.actions(uri, whole(TYPO))
        assert (await client.edited(uri, action)) == TYPO.replace("berlin", "Berlin")
        client.close(uri)
        assert client.messages == []


async def test_a_yaml_file_that_is_no_rule_any_more_has_no_diagnostics(tmp_path: Path) -> None:
    async with session(tmp_path, options={"debounce": 100}) as client:
        uri = client.open(tmp_path / "a.yaml", "id: a\ncheck: x\nmessage: x\n", language="yaml")
        assert await client.found(uri)
        client.edit(uri, "id: a\ncheck: y\nmessage: x\n")
        client.edit(uri, "check: 1\nother: 2\n")
        await client.until_codes(uri)
        await asyncio.sleep(0.3)
        assert client.shown(uri) == []


async def test_actions_have_an_effect_on_a_file_without_a_folder(tmp_path: Path) -> None:
    async with session() as client:
        uri = client.open(tmp_path / "a.md", f"{TYPO}\nThe mayor of paris came late.The end.\n")
        await client.until_codes(uri, NAME, NAME, "spacing/after-stop")
        for title in ("Add “berlin” to words.txt", "Suppress names/proper-noun in copydesk.yaml"):
            actions = await client.actions(uri, whole(client.texts[uri]))
            [action] = [each for each in actions if each.title == title][-1:]
            assert action.command
            params = types.ExecuteCommandParams(action.command.command, action.command.arguments)
            await client.workspace_execute_command_async(params)
        await client.until_codes(uri, "spacing/after-stop")
        assert (tmp_path / "words.txt").read_text() == "berlin\n"
        assert "rule: names/proper-noun\n" in (tmp_path / "copydesk.yaml").read_text()


async def test_mistakes_of_a_folder_that_is_no_longer_used_are_cleared(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("ignroe: []\n")
    async with session() as client:
        uri = client.open(tmp_path / "a.md", TYPO)
        await client.until(lambda: client.diagnostics.get(config.as_uri()))
        client.close(uri)
        await client.until_codes(config.as_uri())


async def test_rules_are_explained_without_a_folder() -> None:
    async with session() as client:
        page = await client.protocol.send_request_async("copydesk/explain", {"rule": "leaks/raw-tag"})
        assert "HTML tags" in page.markdown
        assert len(await client.protocol.send_request_async("copydesk/rules", {})) > 400


async def test_a_client_that_shows_no_progress_after_all(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TYPO)
    client = await start()
    del client.protocol.fm.features[types.WINDOW_WORK_DONE_PROGRESS_CREATE]

    @client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
    def refuse(_: types.WorkDoneProgressCreateParams) -> None:
        raise RuntimeError("no progress")

    try:
        await initialize(client, tmp_path, able=capabilities(VS_CODE))
        params = types.ExecuteCommandParams("copydesk.checkWorkspace", [])
        assert (await client.workspace_execute_command_async(params))["warnings"] == 1
        await client.shutdown_session()
        assert await client.ended() == 0
    finally:
        await client.stop()


async def test_an_article_says_that_it_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "copydesk.yaml").write_text("ignroe: []\n")
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "a.md", TYPO)
        [found] = await client.found(uri)
        assert found.message == "This article is not checked, because copydesk.yaml has mistakes."
        assert [each.title for each in await client.actions(uri, found.range)] == ["Open the documentation"]
        (tmp_path / "copydesk.yaml").unlink()
        client.edit(uri, f"{TYPO} ")
        assert await client.codes(uri) == [NAME]


# The working folder of the server


async def test_the_working_folder_of_the_server_is_deleted(tmp_path: Path) -> None:
    gone, folder = tmp_path / "gone", tmp_path / "folder"
    for each in (gone, folder):
        each.mkdir()
    (folder / "copydesk.yaml").write_text("ignore: [spacing]\n")
    async with session(folder, cwd=gone) as client:
        gone.rmdir()
        assert await client.codes(client.open(folder / "a.md", f"{TYPO}The end.The end.\n")) == [NAME]
        uri = client.open(folder / "copydesk.yaml", "ignroe: 1\n", language="yaml")
        assert len(await client.found(uri)) == 1
        assert client.messages == []


async def test_the_workspace_folder_is_deleted_and_created_again(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "words.txt").write_text("berlin\n")
    async with session(folder, options={"debounce": 0}) as client:
        uri = client.open(folder / "a.md", TYPO)
        assert await client.codes(uri) == []
        (folder / "words.txt").unlink()
        folder.rmdir()
        client.edit(uri, f"{TYPO}\n")
        assert await client.codes(uri) == [NAME]
        result = await client.workspace_execute_command_async(types.ExecuteCommandParams("copydesk.checkWorkspace"))
        assert isinstance(result, dict)
        [message] = client.shown_messages()
        assert message.endswith(f"could not be checked: {folder}: No such file or directory")
        folder.mkdir()
        (folder / "words.txt").write_text("berlin\n")
        client.edit(uri, TYPO)
        assert await client.codes(uri) == []


async def test_messages_of_a_server_in_the_top_folder_have_usable_paths(tmp_path: Path) -> None:
    file = tmp_path / "a" / "copydesk.yaml"
    file.mkdir(parents=True)
    async with session(cwd=Path(os.sep)) as client:
        client.open(tmp_path / "a" / "a.md", TYPO)
        await client.until(client.shown_messages)
        assert client.shown_messages()[0].startswith(f"copydesk: {file.as_posix()}: ")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
async def test_the_config_in_a_workspace_folder_of_another_user_is_used_as_in_a_run(tmp_path: Path) -> None:
    (tmp_path / "copydesk.yaml").write_text("ignore: [names]\n")
    for each in (tmp_path, tmp_path / "copydesk.yaml"):
        os.chown(each, 1234, 1234)
    async with session(tmp_path) as client:
        assert await client.codes(client.open(tmp_path / "a.md", TYPO)) == []


# Workspace folders


def change_folders(client: Client, added: list[Path], removed: list[Path]) -> None:
    folders = ([types.WorkspaceFolder(each.as_uri(), each.name) for each in paths] for paths in (added, removed))
    event = types.WorkspaceFoldersChangeEvent(*folders)
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))


async def test_a_folder_with_mistakes_is_added_and_removed(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("ignroe: []\n")
    async with session() as client:
        await client.until(lambda: client.registered)  # the start is complete
        change_folders(client, [tmp_path], [])
        await client.until(lambda: client.diagnostics.get(config.as_uri()))
        change_folders(client, [], [tmp_path])
        await client.until_codes(config.as_uri())


async def test_a_folder_is_removed_while_its_config_is_read(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("ignore: []\n")
    async with session(tmp_path) as client:
        await client.found(client.open(tmp_path / "a.md", TYPO))
        client.close((tmp_path / "a.md").as_uri())
        for number in range(5):
            config.write_text(f"ignroe: []\n# {number}\n")
            client.changed((config, CHANGED))
            change_folders(client, [], [tmp_path])
            await client.found(client.open("untitled:1", TYPO, version=number))
            client.close("untitled:1")
            assert not client.diagnostics.get(config.as_uri())
            config.write_text("ignore: []\n")
            change_folders(client, [tmp_path], [])
            await client.found(client.open("untitled:1", TYPO, version=10 + number))
            client.close("untitled:1")


@pytest.mark.slow
async def test_a_folder_that_is_added_keeps_its_mistakes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "copydesk.yaml").write_text("ignroe: []\n")
    async with session() as client:
        uri = (folder / "copydesk.yaml").as_uri()
        client.open(folder / "a.md", TYPO)
        await client.until(lambda: client.diagnostics.get(uri))
        change_folders(client, [folder], [])
        for number in range(20):
            (tmp_path / str(number)).mkdir()
            (tmp_path / str(number) / "words.txt").write_text("")
            await client.found(client.open(tmp_path / str(number) / "a.md", TYPO))
        assert client.diagnostics[uri]


async def test_a_client_that_pulls_asks_again_if_a_file_is_no_rule_any_more(tmp_path: Path) -> None:
    config, rule = tmp_path / "copydesk.yaml", tmp_path / "house" / "own" / "a.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("id: a\n")
    config.write_text("rules: [house]\n")
    async with session(tmp_path, able=capabilities(pulls=True)) as client:
        refreshed: list[None] = []
        client.protocol.fm._features[types.WORKSPACE_DIAGNOSTIC_REFRESH] = lambda *_: refreshed.append(None)
        uri = client.open(rule, language="yaml")
        await client.until(lambda: refreshed)
        assert (await client.pull(uri)).items  # type: ignore[union-attr]
        await asyncio.sleep(0.2)
        refreshed.clear()
        config.write_text("rules: []\n")
        client.changed((config, CHANGED))
        await client.until(lambda: refreshed)
        assert not (await client.pull(uri)).items  # type: ignore[union-attr]
