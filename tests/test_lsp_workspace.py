"""Settings, workspace folders, configs and files of the language server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError

from lsp_client import EMACS, NEOVIM_10, NO_WARNINGS, VS_CODE, Client, capabilities, initialize, session, start

pytestmark = [pytest.mark.asyncio, NO_WARNINGS]

TYPO = "The mayor of berlin spoke.\n"
LONG = "The tram came late.The end.\n" * 5
NAME, STOP = "names/proper-noun", "spacing/after-stop"
BOTH = "The mayor of berlin came late.The end.\n"
CREATED, CHANGED, DELETED = types.FileChangeType.Created, types.FileChangeType.Changed, types.FileChangeType.Deleted


def write(file: Path, text: str) -> None:
    """Write a file so that no reader finds half of it."""
    new = file.with_name("new")
    new.write_text(text)
    new.replace(file)


def configure(client: Client, settings: object = None, *, pushed: object = None) -> None:
    """Change the settings: those that the client answers, and those that it sends."""
    client.set_configuration(settings, section="copydesk")
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(pushed))


# Settings


async def test_documents_are_checked_only_when_they_are_saved(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"run": "onSave", "debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        assert await client.codes(uri) == [NAME]
        client.edit(uri, BOTH)
        await client.checked(client.open(tmp_path / "other.md", TYPO))
        assert client.shown(uri) == [NAME]
        client.save(uri)
        assert await client.codes(uri) == [NAME, STOP]


async def test_a_large_document_is_checked_when_it_is_saved_which_is_said_once(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"maxSize": 100, "debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        await client.found(uri)
        for number in range(3):
            client.edit(uri, LONG + str(number))
        await client.checked(client.open(tmp_path / "other.md", TYPO))
        assert client.shown(uri) == [NAME]
        client.save(uri)
        assert await client.codes(uri) == [STOP] * 5
        client.edit(uri, TYPO)
        assert await client.codes(uri) == [NAME]
        client.edit(uri, LONG)
        await client.checked(client.open(tmp_path / "more.md", TYPO))
        [message] = client.shown_messages("maxSize")
        assert "tram.md has " in message


@pytest.mark.parametrize("how", ["answered", "sent"])
async def test_settings_change_what_is_shown(tmp_path: Path, how: str) -> None:
    (tmp_path / "house.yaml").write_text("severity: {names: error}\n")
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        assert await client.codes(uri) == [NAME, STOP]
        for settings, codes in [
            ({"select": ["names"]}, [NAME]),
            ({"select": []}, [NAME, STOP]),
            ({"ignore": ["names"]}, [STOP]),
            ({"ignore": [], "config": "house.yaml", "minimumSeverity": "error"}, [NAME]),
            ({"config": "", "minimumSeverity": "info"}, [NAME, STOP]),
        ]:
            if how == "sent":
                configure(client, None, pushed={"copydesk": settings})
            else:
                configure(client, settings)
            await client.until_codes(uri, *codes)


async def test_a_setting_that_is_removed_has_no_effect(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"select": ["names"]}, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        assert await client.codes(uri) == [NAME]
        configure(client, {})
        await client.until_codes(uri, NAME, STOP)
        configure(client, None, pushed={"ignore": ["names"]})
        await client.until_codes(uri, STOP)
        configure(client, None, pushed={})
        await client.until_codes(uri, NAME, STOP)


async def test_each_mistake_in_the_settings_is_said_once(tmp_path: Path) -> None:
    wrong = {"run": "always", "maxSize": -1, "debounce": "x", "select": "names", "config": 1, "minimumSevrity": "info"}
    async with session(tmp_path, settings=wrong, options=wrong) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        assert await client.codes(uri) == [NAME, STOP]
        configure(client, wrong, pushed=wrong)
        await client.until(lambda: len(client.publishes_of(uri)) > 1)
        assert len(client.messages) == len(wrong)
        for key in wrong:
            assert len(client.shown_messages(f"“{key}”")) == 1


async def test_settings_of_other_servers_are_no_mistakes(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        await client.found(uri)
        configure(client, None, pushed={"pylsp": {"plugins": {}}, "copydesk": {"ignore": ["names"]}})
        await client.until_codes(uri, STOP)
        configure(client, None, pushed={"pylsp": {"plugins": {}}, "ltex": {"language": "en"}})
        await client.until_codes(uri, NAME, STOP)
        assert client.messages == []


async def test_an_unknown_rule_in_the_settings_is_a_mistake(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        await client.found(uri)
        configure(client, {"select": ["nams"]})
        await client.until(lambda: client.shown_messages("nams"))
        assert client.shown(uri) == [NAME, STOP]
        configure(client, {"select": ["names"]})
        await client.until_codes(uri, NAME)
        assert len(client.messages) == 1


async def test_a_folder_has_its_own_settings(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    client = await start()
    client.set_configuration({"ignore": ["names"]}, section="copydesk", scope_uri=one.as_uri())
    client.set_configuration({"ignore": ["spacing"]}, section="copydesk", scope_uri=two.as_uri())
    await initialize(client, one, two)
    assert await client.codes(client.open(one / "tram.md", BOTH)) == [STOP]
    assert await client.codes(client.open(two / "tram.md", BOTH)) == [NAME]
    await client.shutdown_session()
    assert await client.ended() == 0
    await client.stop()


@pytest.mark.parametrize("refused", [types.CLIENT_REGISTER_CAPABILITY, types.WORKSPACE_CONFIGURATION])
async def test_a_client_may_refuse_a_request_of_the_server(tmp_path: Path, refused: str) -> None:
    client = await start()

    def refuse(params: object) -> None:
        raise JsonRpcInternalError(message="too many watches")

    client.protocol.fm._features[refused] = refuse
    client.set_configuration({"ignore": ["names"]}, section="copydesk")
    await initialize(client, tmp_path)
    uri = client.open(tmp_path / "tram.md", BOTH)
    assert await client.codes(uri) == ([NAME, STOP] if refused == types.WORKSPACE_CONFIGURATION else [STOP])
    await client.shutdown_session()
    assert await client.ended() == 0
    assert client.messages == []
    await client.stop()


# Folders


async def test_each_document_is_checked_with_the_config_of_its_folder(tmp_path: Path) -> None:
    one, two, inner, outside = tmp_path / "one", tmp_path / "two", tmp_path / "one" / "inner", tmp_path / "outside"
    for folder, config in [(one, "ignore: [names]\n"), (two, "ignore: [spacing]\n"), (inner, "packs: [links]\n")]:
        folder.mkdir()
        (folder / "copydesk.yaml").write_text(config)
    (outside / "deep").mkdir(parents=True)
    (outside / "copydesk.yaml").write_text("ignore: [names]\n")
    async with session(one, two, inner) as client:
        for place, codes in [
            (one / "tram.md", [STOP]),
            (two / "deep" / "tram.md", [NAME]),
            (inner / "tram.md", []),
            (outside / "deep" / "tram.md", [STOP]),
            (tmp_path / "tram.md", [NAME, STOP]),
        ]:
            assert await client.codes(client.open(place, BOTH)) == codes, place


async def test_folders_are_added_and_removed(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "words.txt").write_text("berlin\n")
    async with session(one) as client:
        uri = client.open(two / "README.md", TYPO)
        assert await client.codes(uri) == []
        (two / "words.txt").unlink()
        client.edit(uri, f"{TYPO}\n")
        assert await client.codes(uri) == [NAME]
        event = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(two.as_uri(), "two")], [])
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await client.until_codes(uri)
        event = types.WorkspaceFoldersChangeEvent([], [types.WorkspaceFolder(two.as_uri(), "two")])
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await client.until_codes(uri, NAME)


@pytest.mark.parametrize("root", [True, False])
async def test_a_client_may_open_a_file_without_a_folder(tmp_path: Path, root: bool) -> None:
    (tmp_path / "copydesk.yaml").write_text("ignore: [names]\n")
    async with session(able=capabilities(EMACS), root=tmp_path if root else None) as client:
        assert await client.codes(client.open(tmp_path / "tram.md", BOTH)) == [STOP]
        assert await client.codes(client.open("untitled:1", BOTH)) == ([STOP] if root else [NAME, STOP])


async def test_files_that_copydesk_check_leaves_out_have_no_diagnostics(tmp_path: Path) -> None:
    (tmp_path / "copydesk.yaml").write_text(
        "exclude: ['drafts/**']\npaths: [news, notes, drafts, .hidden, README.md]\n"
    )
    (tmp_path / ".gitignore").write_text("private*\n")
    (tmp_path / "news" / "env").mkdir(parents=True)
    (tmp_path / "news" / "env" / "pyvenv.cfg").write_text("")
    left_out = ["drafts/tram.md", "other/tram.md", "news/private.md", ".hidden/tram.md", "news/README.md"]
    left_out += ["news/node_modules/tram.md", "news/env/tram.md"]
    async with session(tmp_path) as client:
        for name in left_out:
            assert await client.codes(client.open(tmp_path / name, TYPO)) == [], name
        for name in ["news/tram.md", "notes/deep/tram.html"]:
            assert await client.codes(client.open(tmp_path / name, f"<p>{TYPO}</p>")) == [NAME], name


# Configs


async def test_a_config_is_created_changed_broken_repaired_and_deleted(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        assert await client.codes(uri) == [NAME, STOP]
        write(config, "ignore: [names]\n")
        client.changed((config, CREATED))
        await client.until_codes(uri, STOP)
        write(config, "ignore: [spacing]\n")
        client.changed((config, CHANGED))
        await client.until_codes(uri, NAME)
        for mistake in ("ignroe: [spacing]\n", "ignroe: [spacing]\nfail-no: x\n"):
            write(config, mistake)
            client.changed((config, CHANGED))
            lines = mistake.count("\n")
            await client.until(lambda: len(client.diagnostics.get(config.as_uri(), ())) == lines)  # noqa: B023
        assert len(client.messages) == 1
        assert "copydesk.yaml:1:1: " in client.messages[0].message
        assert client.shown(uri) == [NAME]
        write(config, "ignore: [names]\n")
        client.changed((config, CHANGED))
        await client.until_codes(uri, STOP)
        assert not client.diagnostics[config.as_uri()]
        config.unlink()
        client.changed((config, DELETED))
        await client.until_codes(uri, NAME, STOP)
        assert len(client.messages) == 1


async def test_a_mistake_after_an_emoji_is_at_the_same_place_whether_the_config_is_open_or_not(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    text = 'overrides:\n  - {path: "😀 漢字.md", ignore: [names], slect: []}\n'
    config.write_text(text, "utf-8")
    async with session(tmp_path) as client:
        (closed,) = await client.until(lambda: client.diagnostics.get(config.as_uri()))
        (opened,) = await client.found(client.open(config, text, language="yaml"))
    assert (closed.message, closed.range.start) == (opened.message, opened.range.start)
    assert closed.range.end.line == closed.range.start.line


async def test_an_open_config_shows_its_mistakes_and_keeps_them_when_it_is_closed(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("ignroe: [spacing]\n")
    async with session(tmp_path, options={"debounce": 0}) as client:
        await client.until(lambda: client.diagnostics.get(config.as_uri()))
        uri = client.open(config, language="yaml")
        assert len(await client.found(uri)) == 1
        client.close(uri)
        await client.until(lambda: client.publishes_of(uri)[-1].version is None)
        await client.checked(client.open(tmp_path / "tram.md", TYPO))
        assert len(client.diagnostics[uri]) == 1
        client.open(config, "ignore: [spacing]\n", language="yaml")
        await client.until(lambda: not client.diagnostics[uri])
        write(config, "ignore: [spacing]\n")
        client.save(uri)
        client.changed((config, CHANGED))
        client.close(uri)
        await client.checked(client.open(tmp_path / "new.md", TYPO))
        assert not client.diagnostics[uri]


async def test_a_client_that_pulls_does_not_see_mistakes_of_an_open_config_twice(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("ignroe: [spacing]\n")
    async with session(tmp_path, able=capabilities(pulls=True)) as client:
        await client.until(lambda: client.diagnostics.get(config.as_uri()))
        uri = client.open(config, language="yaml")
        report = await client.pull(uri)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert len(report.items) == 1
        assert not client.diagnostics[uri]


@pytest.mark.parametrize("watches", [True, False])
async def test_words_and_rules_are_read_again(tmp_path: Path, watches: bool) -> None:
    rule = """\
id: tramway
summary: Uses of “tramway”
why: >
  Readers search for “tram”.
severity: warning
check: swap
swap:
  tramway: tram
message: '“{match}” is not house style. Write “{right}”.'
bad:
  - text: 'The ⟦tramway⟧ is late.'
good:
  - text: 'The museum opens at nine.'
"""
    words, house = tmp_path / "words.txt", tmp_path / "rules" / "house" / "tramway.yaml"
    house.parent.mkdir(parents=True)
    (tmp_path / "copydesk.yaml").write_text("rules: [rules]\n")
    text = "The mayor of berlin took the tramway.\n"
    async with session(tmp_path, able=capabilities(watches=watches), options={"debounce": 0}) as client:
        await client.until(lambda: bool(client.registered) == watches)
        uri = client.open(tmp_path / "tram.md", text)
        assert await client.codes(uri) == [NAME]
        for file, content, codes in [
            (words, "berlin\n", []),
            (house, rule, ["house/tramway"]),
            (words, "", ["house/tramway", NAME]),
            (house, rule.replace("warning", "grave"), None),
            (house, rule, ["house/tramway", NAME]),
        ]:
            write(file, content)
            if watches:
                client.changed((file, CHANGED))
            else:
                client.edit(uri, text := f"{text}\n")
            if codes is None:
                await client.until(lambda: client.diagnostics.get(house.as_uri()))
                assert client.shown(uri) == ["house/tramway", NAME]
            else:
                await client.until_codes(uri, *codes)


async def test_a_saved_config_or_word_list_has_an_effect_without_file_watching(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
    async with session(inside, able=capabilities(NEOVIM_10)) as client:
        articles = [client.open(folder / "tram.md", BOTH) for folder in (inside, outside)]
        for uri in articles:
            assert await client.codes(uri) == [NAME, STOP]
        for folder, uri in zip((inside, outside), articles, strict=True):
            for name, content, codes in [
                ("words.txt", "berlin\n", [STOP]),
                ("copydesk.yaml", "ignore: [spacing]\n", []),
                ("words.txt", "", [NAME]),
            ]:
                write(folder / name, content)
                client.save(client.open(folder / name, language="yaml"))
                await client.until_codes(uri, *codes)


async def test_the_server_watches_what_its_results_depend_on(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("")
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        assert await client.codes(uri) == [NAME]
        (tmp_path / ".gitignore").write_text("tram.md\n")
        client.changed((tmp_path / ".gitignore", CHANGED))
        await client.until_codes(uri)
        options = client.registered[0].register_options
        globs = " ".join(each["globPattern"] for each in options["watchers"])  # type: ignore[index]
    for part in ("md", "html", "txt", "yaml", ".gitignore", "pyproject.toml"):
        assert part in globs


async def test_a_config_next_to_a_document_outside_of_all_folders_is_used(tmp_path: Path) -> None:
    async with session() as client:
        uri = client.open(tmp_path / "tram.md", BOTH)
        assert await client.codes(uri) == [NAME, STOP]
        config = tmp_path / "copydesk.yaml"
        write(config, "ignore: [names]\n")
        client.changed((config, CREATED))
        await client.until_codes(uri, STOP)


async def test_the_baseline_and_the_suppressions_of_the_config_are_respected(tmp_path: Path) -> None:
    article = tmp_path / "tram.md"
    article.write_text(TYPO)
    subprocess.run([sys.executable, "-m", "linter", "baseline", "create"], cwd=tmp_path, env=_environment(), check=True)
    entry = "{rule: spacing/after-stop, path: tram.md, reason: quoted}"
    async with session(tmp_path, options={"debounce": 0}) as client:
        uri = client.open(article)
        assert await client.codes(uri) == []
        client.edit(uri, f"{TYPO}\nThe mayor of paris came late.The end.\n")
        assert await client.codes(uri) == [NAME, STOP]
        (tmp_path / "copydesk.yaml").write_text(f"suppressions: [{entry}]\n")
        client.changed((tmp_path / "copydesk.yaml", CREATED))
        await client.until_codes(uri, NAME)
        (tmp_path / "copydesk-baseline.yaml").unlink()
        client.changed((tmp_path / "copydesk-baseline.yaml", DELETED))
        await client.until_codes(uri, NAME, NAME)


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}


# The check of the workspace


async def check_workspace(client: Client) -> dict[str, int]:
    params = types.ExecuteCommandParams("copydesk.checkWorkspace")
    result = await client.workspace_execute_command_async(params)
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("pulls", [True, False])
async def test_the_workspace_is_checked(tmp_path: Path, pulls: bool) -> None:
    names = ["a(b), c@d.md", "é 😀.md", "deep/tram.html", "fine.md", "open.md"]
    (tmp_path / "deep").mkdir()
    for name in names:
        (tmp_path / name).write_text("<p>The mayor.</p>\n" if name == "fine.md" else f"<p>{TYPO}</p>\n")
    async with session(tmp_path, able=capabilities(VS_CODE, pulls=pulls), options={"debounce": 0}) as client:
        opened = client.open(tmp_path / "open.md", "<p>The mayor.</p>\n")
        assert await check_workspace(client) == {"articles": 5, "errors": 0, "warnings": 4, "notes": 0}
        closed = {name: (tmp_path / name).as_uri() for name in names[:3]}
        for uri in closed.values():
            await client.until_codes(uri, NAME)
        await client.checked(opened)
        assert client.shown(opened) == []
        client.close(opened)
        await client.until_codes(opened, NAME)
        # opened and closed again
        uri = client.open(tmp_path / names[0])
        if pulls:
            await client.pull(uri)
            await client.until_codes(uri)
        client.close(uri)
        await client.until_codes(uri, NAME)
        # fixed on disk, renamed, deleted
        (tmp_path / names[1]).write_text("<p>The mayor.</p>\n")
        client.changed((tmp_path / names[1], CHANGED))
        await client.until_codes(closed[names[1]])
        (tmp_path / "deep").rename(tmp_path / "deeper")
        rename = types.FileRename((tmp_path / "deep").as_uri(), (tmp_path / "deeper").as_uri())
        client.workspace_did_rename_files(types.RenameFilesParams([rename]))
        await client.until_codes(closed[names[2]])
        (tmp_path / names[0]).unlink()
        if pulls:
            client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(closed[names[0]])]))
        else:
            client.changed((tmp_path / names[0], DELETED))
        await client.until_codes(closed[names[0]])
        [reports] = client.progress_reports.values()
        assert isinstance(reports[0], types.WorkDoneProgressBegin)
        assert isinstance(reports[-1], types.WorkDoneProgressEnd)


async def test_a_client_that_writes_uris_in_its_own_way_sees_no_file_twice(tmp_path: Path) -> None:
    file = tmp_path / "a(b),@é.md"
    file.write_text(TYPO)
    own = f"{tmp_path.as_uri()}/a(b),@%c3%a9.md"
    assert own != file.as_uri()
    async with session(tmp_path, options={"debounce": 0}) as client:
        client.open(own, "The mayor.\n")
        await client.found(own)
        await check_workspace(client)
        assert not any(each.diagnostics for each in client.published)
        client.close(own)
        other = await client.until(lambda: [each for each in client.published if each.diagnostics])
        client.open(own, "The mayor.\n")
        await client.until_codes(other[0].uri)
        client.close(own)
        await client.until_codes(other[0].uri, NAME)
        file.unlink()
        event = types.FileEvent(own, DELETED)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await client.until_codes(other[0].uri)


async def test_a_folder_that_is_removed_has_no_diagnostics(tmp_path: Path) -> None:
    (tmp_path / "tram.md").write_text(TYPO)
    async with session(tmp_path) as client:
        await check_workspace(client)
        uri = (tmp_path / "tram.md").as_uri()
        await client.until_codes(uri, NAME)
        event = types.WorkspaceFoldersChangeEvent([], [types.WorkspaceFolder(tmp_path.as_uri(), "")])
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await client.until_codes(uri)


async def test_a_workspace_with_a_broken_config_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "tram.md").write_text(TYPO)
    (tmp_path / "copydesk.yaml").write_text("ignroe: []\n")
    async with session(tmp_path) as client:
        assert (await check_workspace(client))["articles"] == 0
        assert client.shown_messages("could not be checked: ")
        assert not client.shown_messages("Traceback")


@pytest.mark.slow
async def test_the_check_of_5000_articles_shows_its_progress_and_can_be_canceled(tmp_path: Path) -> None:
    for number in range(5000):
        (tmp_path / f"{number}.md").write_text(TYPO if number % 10 == 0 else f"The mayor spoke {number} times.\n")
    async with session(tmp_path) as client:
        assert (await check_workspace(client))["warnings"] == 500
        await client.until(lambda: sum(map(bool, client.diagnostics.values())) == 500)
        [(token, reports)] = client.progress_reports.items()
        assert len([each for each in reports if isinstance(each, types.WorkDoneProgressReport)]) > 20
        for number in range(100):
            (tmp_path / f"{number}.md").write_text("The mayor spoke.\n")
        client.changed(*((tmp_path / f"{number}.md", CHANGED) for number in range(100)))
        await client.until(lambda: sum(map(bool, client.diagnostics.values())) == 490)

        async def canceled(how: str) -> None:
            (tmp_path / "new.md").write_text(how)
            count = len(client.progress_reports)
            running = asyncio.create_task(check_workspace(client))
            await client.until(lambda: [*client.progress_reports.values()][count:] > [[]])
            token = [*client.progress_reports][-1]
            client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
            assert (await running)["articles"] == 0
            end = client.progress_reports[token][-1]
            assert isinstance(end, types.WorkDoneProgressEnd)
            assert end.message == "Canceled"

        await canceled("once")
        await canceled("twice")
        assert token
        assert client.messages == []


async def test_each_of_two_folders_has_its_own_config_and_words(tmp_path: Path) -> None:
    """The server uses one folder after the other as its working folder."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "copydesk.yaml").write_text("packs: [names]\n")
    async with session(*folders, options={"debounce": 0}) as client:
        uris = [client.open(folder / "a.md", TYPO) for folder in folders]
        for folder, uri in zip(folders, uris, strict=True):
            for other in uris:
                await client.found(other)
            place = types.Range(types.Position(0, 13), types.Position(0, 13))
            actions = await client.actions(uri, place)
            [action] = [each for each in actions if each.title == "Suppress names/proper-noun in copydesk.yaml"]
            assert action.command
            params = types.ExecuteCommandParams(action.command.command, action.command.arguments)
            await client.workspace_execute_command_async(params)
            await client.until_codes(uri)
            assert "suppressions:" in (folder / "copydesk.yaml").read_text()


async def test_links_to_rules_of_one_folder_do_not_depend_on_another(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    rule = "id: tram\nsummary: Test\nseverity: warning\ncheck: phrases\nphrases: [tram]\nmessage: Test.\n"
    for folder in folders:
        (folder / "house" / "own").mkdir(parents=True)
        (folder / "house" / "own" / "tram.yaml").write_text(rule)
        (folder / "copydesk.yaml").write_text("rules: [house]\npacks: [own]\n")
        (folder / "a.md").write_text("The tram.\n")
    async with session(*folders, options={"debounce": 0}) as client:
        await check_workspace(client)
        for folder in folders:
            uri = (folder / "a.md").as_uri()
            await client.until_codes(uri, "own/tram")
            [found] = client.diagnostics[uri]
            assert found.code_description
            assert found.code_description.href == (folder / "house" / "own" / "tram.yaml").as_uri()
        (folders[0] / "a.md").write_text("The tram, the tram.\n")
        await client.found(client.open(folders[1] / "b.md", "The tram.\n"))
        client.changed((folders[0] / "a.md", CHANGED))
        uri = (folders[0] / "a.md").as_uri()
        await client.until_codes(uri, "own/tram", "own/tram")
        assert {each.code_description and each.code_description.href for each in client.diagnostics[uri]} == {
            (folders[0] / "house" / "own" / "tram.yaml").as_uri()
        }
