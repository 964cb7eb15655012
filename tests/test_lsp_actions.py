"""The code actions of the language server: fixes and suppressions, as clients ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

import linter
from linter.fix.edits import Rewrite
from linter.lsp.code_actions import FIX_ALL
from linter.source import Source
from lsp_client import EDITORS, EMACS, NEOVIM_11, NO_WARNINGS, VS_CODE, Client, capabilities, session, whole

pytestmark = [pytest.mark.asyncio, NO_WARNINGS]

QUICK, FIX_EVERYTHING = types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll
TEXT = "😀 The mayor of berlin spoke on tuesday.They went , he said. The the end.\r\n\r\nThe mayor<br><br><br>came.\r\n"


def fix_of(finding: linter.Finding, text: str) -> str:
    """Return a text with the fix of one finding, as `Linter.fix` applies it."""
    rewrite = Rewrite(Source(text))
    assert rewrite.take(finding.edits)
    return rewrite.source.text


async def fixes(client: Client, uri: str, place: types.Range) -> list[types.CodeAction]:
    found = await client.actions(uri, place, only=[QUICK])
    return [each for each in found if each.edit and not each.title.startswith(("Suppress", "Fix all"))]


@pytest.mark.parametrize("editor", EDITORS)
async def test_each_fix_gives_the_text_of_the_fix_of_its_finding(tmp_path: Path, editor: str) -> None:
    expected, titles = linter.Linter(isolated=True).check(TEXT), set[str]()
    async with session(tmp_path, able=capabilities(editor)) as client:
        uri = client.open(tmp_path / "tram.md", TEXT)
        found = await client.found(uri)
        assert len(found) == len(expected) > 5
        for diagnostic, finding in zip(found, expected, strict=True):
            offered = [
                each for each in await fixes(client, uri, diagnostic.range) if diagnostic in (each.diagnostics or ())
            ]
            if not finding.fix:
                assert offered == []
                continue
            [fix] = offered
            assert await client.edited(uri, fix) == fix_of(finding, TEXT)
            assert fix.is_preferred == (True if finding.fix.safe else None)
            assert ("unsafe" in fix.title) == (not finding.fix.safe)
            titles.add(fix.title)
    assert {
        "Replace “tuesday.They” with “tuesday. They”",
        "Delete “<br><br><br>” (unsafe: review the result)",
    } <= titles


async def test_inserted_text_has_the_line_ends_of_the_document(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        for number, end in enumerate(["\n", "\r\n", "\r"]):
            article = f"# Tram{end}{end}The mayor of berlin spoke.{end}"
            uri = client.open(tmp_path / f"{number}.md", article)
            [found] = await client.found(uri)
            offered = [each for each in await client.actions(uri, found.range) if each.title.startswith("Suppress")]
            edited = [await client.edited(uri, each) for each in offered if each.command is None]
            assert len(edited) == 2
            for each in edited:
                assert each != article
                assert len(Source(each).line_starts) == each.count(end) + 1


@pytest.mark.parametrize("editor", EDITORS)
async def test_fix_all_has_the_safe_fixes_alone(tmp_path: Path, editor: str) -> None:
    async with session(tmp_path, able=capabilities(editor), options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", TEXT)
        before = await client.codes(uri)
        [action] = await client.actions(uri, whole(TEXT, client.encoding), only=[FIX_EVERYTHING])
        assert action.kind == FIX_ALL
        fixed = await client.edited(uri, action)
        client.edit(uri, fixed)
        after = await client.codes(uri)
    assert "<br><br><br>" in fixed, "the fix of structure/blank-paragraphs is unsafe"
    assert "The the" in fixed, "the fix of sentences/doubled-word is unsafe"
    assert "berlin" in fixed, "the fix of names/proper-noun is unsafe"
    assert "tuesday. They" in fixed
    assert set(after) < set(before)
    assert not any(each.fix and each.fix.safe for each in linter.Linter(isolated=True).check(fixed))


async def test_only_the_kinds_that_the_client_wants_are_offered(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", TEXT)
        place = whole(TEXT)
        for only, kinds in [
            ([FIX_ALL], {FIX_ALL}),
            (["source"], {FIX_ALL}),
            (["quickfix"], {"quickfix"}),
            (["refactor"], set()),
            (["source.organizeImports"], set()),
            (["quick"], set()),
            (None, {FIX_ALL, "quickfix"}),
            ([], {FIX_ALL, "quickfix"}),
        ]:
            found = await client.actions(uri, place, only=only)
            assert {str(getattr(each.kind, "value", each.kind)) for each in found} == kinds, only


@pytest.mark.parametrize("editor", EDITORS)
async def test_suppressions_are_resolved_if_the_client_can_do_that(tmp_path: Path, editor: str) -> None:
    resolves, versions = editor != EMACS, editor in (VS_CODE, EMACS)
    async with session(tmp_path, able=capabilities(editor), options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        [found] = await client.found(uri)
        offered = [each for each in await client.actions(uri, found.range) if each.command is None]
        suppressions = [each for each in offered if each.title.startswith("Suppress")]
        assert [each.edit is None for each in suppressions] == [resolves] * 2
        assert [each.data is None for each in suppressions] == [not resolves] * 2
        [fix] = [each for each in offered if each not in suppressions and each.kind == QUICK]
        assert fix.edit
        assert (fix.edit.changes is None, fix.edit.document_changes is None) == (versions, not versions)
        for text in [await client.edited(uri, each) for each in suppressions]:
            client.edit(uri, text)
            assert await client.codes(uri) == []


async def test_a_resolved_suppression_has_the_reason_of_the_client(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        [found] = await client.found(uri)
        action = next(each for each in await client.actions(uri, found.range) if each.data)
        assert isinstance(action.data, dict)
        action.data["reason"] = "quoted from\nthe leaflet"
        assert "-- quoted from the leaflet" in await client.edited(uri, action)


async def test_a_suppression_of_an_earlier_version_has_no_edit(tmp_path: Path) -> None:
    async with session(tmp_path, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        [found] = await client.found(uri)
        action = next(each for each in await client.actions(uri, found.range) if each.data)
        client.edit(uri, "Today, the mayor of berlin spoke.\n")
        await client.found(uri)
        assert (await client.code_action_resolve_async(action)).edit is None


async def test_a_foreign_action_is_returned_as_it_is(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        await client.found(uri)
        for data in (None, 1, [], {}, {"uri": 1}, {"uri": uri}, {"uri": uri, "version": 0, "start": "x"}, "x"):
            action = types.CodeAction("foreign", data=data)  # type: ignore[arg-type]
            assert await client.code_action_resolve_async(action) == action


async def test_every_diagnostic_has_an_action(tmp_path: Path) -> None:
    text = "😀 The mayor of berlin spoke.The the end , he said. See http://localhost:8000/x &amp; so.\n"
    places: list[tuple[Path | str, str]] = [
        (tmp_path / "tram.md", "markdown"),
        (tmp_path / "tram.txt", "plaintext"),
        (tmp_path / "tram.html", "html"),
        ("untitled:1", "plaintext"),
    ]
    async with session(tmp_path) as client:
        for where, language in places:
            uri = client.open(where, text, language=language)
            found = await client.found(uri)
            assert len(found) > 2
            for diagnostic in found:
                offered = await client.actions(uri, diagnostic.range)
                about = [each for each in offered if diagnostic in (each.diagnostics or ())]
                assert about, diagnostic.code
                assert all(each.edit or each.command or each.data for each in about)


async def test_the_explanation_of_a_rule_is_shown(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        [found] = await client.found(uri)
        explain = next(each for each in await client.actions(uri, found.range) if each.title.startswith("Explain"))
        assert explain.command
        for arguments in (explain.command.arguments, ["names/proper-noun"]):
            params = types.ExecuteCommandParams(explain.command.command, arguments)
            await client.workspace_execute_command_async(params)
        assert len(client.shown_messages("names/proper-noun: ")) == 2


async def test_no_edit_is_offered_for_a_version_that_is_not_checked(tmp_path: Path) -> None:
    async with session(tmp_path, options={"run": "onSave"}) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin spoke.\n")
        [found] = await client.found(uri)
        client.edit(uri, "In berlin, the mayor came late.The end.\n")
        assert await client.actions(uri, found.range) == []
        [action] = await client.actions(uri, found.range, only=[FIX_ALL])
        assert await client.edited(uri, action) == "In berlin, the mayor came late. The end.\n"


async def test_a_document_with_a_byte_order_mark_keeps_it(tmp_path: Path) -> None:
    text = "\ufeffThe mayor came late.The end.\n"
    async with session(tmp_path, able=capabilities(NEOVIM_11)) as client:
        uri = client.open(tmp_path / "tram.md", text)
        [action] = await client.actions(uri, whole(text, client.encoding), only=[FIX_ALL])
        assert await client.edited(uri, action) == "\ufeffThe mayor came late. The end.\n"
