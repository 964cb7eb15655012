"""The diagnostics of the language server: their positions, their fields, and when they are published."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

import linter
from lsp_client import EDITORS, EMACS, NEOVIM_11, NO_WARNINGS, VS_CODE, capabilities, part, session

pytestmark = [pytest.mark.asyncio, NO_WARNINGS]

ODD = [
    pytest.param("😀 e\u0301 ", id="an emoji and a combining mark"),
    pytest.param("A line.\r\n\r\n", id="CRLF"),
    pytest.param("A line.\r\r", id="a lone CR"),
    pytest.param("A\u2028b\u2029c ", id="U+2028 and U+2029"),
    pytest.param("A\x85b ", id="NEL"),
    pytest.param("A\x0bb\x0cc\x1cd ", id="vertical tab, form feed and file separator"),
    pytest.param("\ufeffA line.\n\n", id="a byte-order mark"),
    pytest.param("\ud83d lone ", id="a lone surrogate"),
]
TYPO = "The mayor of berlin spoke.\n"
LINES = "A paragraph about the new tram line, which the city council wants to build soon.\n\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_the_range_of_a_diagnostic_slices_to_the_matched_text(tmp_path: Path, encoding: str) -> None:
    async with session(tmp_path, able=capabilities(encodings=[encoding])) as client:
        assert client.encoding == encoding
        for number, odd in enumerate(ODD):
            text = f"{odd.values[0]}{TYPO}"
            uri = client.open(tmp_path / f"{number}.md", text)
            found = [each for each in await client.found(uri) if each.code == "names/proper-noun"]
            assert [part(text, each.range, encoding) for each in found] == ["berlin"], odd.id


@pytest.mark.parametrize("editor", EDITORS)
async def test_every_editor_gets_the_findings_of_copydesk_check(tmp_path: Path, editor: str) -> None:
    text = "😀 The mayor of berlin spoke on tuesday.The end.\n\nToo , he said.\n"
    async with session(tmp_path, able=capabilities(editor)) as client:
        uri = client.open(tmp_path / "tram.md", text)
        found = await client.found(uri)
    expected = linter.Linter(isolated=True).check(text)
    assert len(expected) > 3
    assert [(each.code, each.message, part(text, each.range, client.encoding)) for each in found] == [
        (each.rule, each.message, each.text) for each in expected
    ]
    assert client.encoding == {EMACS: "utf-32", NEOVIM_11: "utf-8"}.get(editor, "utf-16")


async def test_a_diagnostic_has_severity_source_and_documentation(tmp_path: Path) -> None:
    (tmp_path / "copydesk.yaml").write_text("severity: {names/proper-noun: error, spacing/after-stop: info}\n")
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin came late.The end , he said.\n")
        found = {str(each.code): each for each in await client.found(uri)}
    assert {code: each.severity for code, each in found.items()} == {
        "names/proper-noun": types.DiagnosticSeverity.Error,
        "spacing/after-stop": types.DiagnosticSeverity.Information,
        "spacing/before-mark": types.DiagnosticSeverity.Warning,
    }
    assert {each.source for each in found.values()} == {"copydesk"}
    description = found["names/proper-noun"].code_description
    assert description
    assert description.href.startswith("https://")


async def test_text_that_a_fix_deletes_is_unnecessary(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", "The mayor of berlin<br><br><br>came.\n")
        found = {str(each.code): each for each in await client.found(uri)}
    assert found["structure/blank-paragraphs"].tags == (types.DiagnosticTag.Unnecessary,)
    assert found["names/proper-noun"].tags is None


async def test_a_message_about_another_line_refers_to_that_line(tmp_path: Path) -> None:
    text = f"😀 first\n\n# A tram\n\n{LINES}# A tram\n\n{LINES}"
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", text)
        found = [each for each in await client.found(uri) if each.related_information]
    assert found
    for each in found:
        [related] = each.related_information or ()
        assert related.location.uri == uri
        line = related.location.range.start.line + 1
        assert f"line {line}" in each.message
        assert related.message == f"line {line}"
        assert part(text, related.location.range, client.encoding) in ("# A tram", LINES.strip())


async def test_diagnostics_are_published_with_the_version(tmp_path: Path) -> None:
    async with session(tmp_path, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO, version=7)
        assert await client.codes(uri) == ["names/proper-noun"]
        client.edit(uri, "The mayor spoke.\n")
        assert await client.codes(uri) == []
        assert [each.version for each in client.publishes_of(uri)] == [7, 8]


async def test_only_the_latest_of_many_edits_is_published(tmp_path: Path) -> None:
    async with session(tmp_path, options={"debounce": 50}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        await client.found(uri)
        for number in range(100):
            client.edit(uri, f"{TYPO}{number}\n" * 20)
        await client.found(uri)
        versions = [each.version for each in client.publishes_of(uri)]
        assert versions[-1] == 100
        assert len(versions) < 20
        assert versions == sorted(versions, key=int)  # type: ignore[arg-type]


async def test_a_document_that_is_closed_has_no_diagnostics(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        other = client.open(tmp_path / "other.md", TYPO)
        await client.found(other)
        uris = [client.open(tmp_path / f"{number}.md", TYPO * 200) for number in range(20)]
        for uri in uris:
            client.close(uri)
        await client.checked(client.open(tmp_path / "last.md", TYPO))
        assert {uri: client.shown(uri) for uri in uris} == {uri: [] for uri in uris}


async def test_an_untitled_document_is_checked_by_its_language(tmp_path: Path) -> None:
    texts = {"plaintext": TYPO, "markdown": TYPO, "html": f"<p>{TYPO}</p>", "mdx": TYPO}
    async with session(tmp_path) as client:
        for language, text in texts.items():
            uri = client.open(f"untitled:{language}", text, language=language)
            assert "names/proper-noun" in await client.codes(uri), language


async def test_documents_that_are_no_articles_are_not_checked(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        for name, language in [("a.py", "python"), ("words.txt", "plaintext"), ("b.yaml", "yaml")]:
            client.open(tmp_path / name, TYPO, language=language)
        await client.found(client.open(tmp_path / "tram.md", TYPO))
        assert {Path(each.uri).name for each in client.published if each.diagnostics} == {"tram.md"}


async def test_pulled_diagnostics_are_full_unchanged_and_refreshed(tmp_path: Path) -> None:
    async with session(tmp_path, able=capabilities(pulls=True), options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        first = await client.pull(uri)
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        assert [each.code for each in first.items] == ["names/proper-noun"]
        again = await client.pull(uri, first.result_id)
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
        client.edit(uri, "The mayor spoke.\n")
        edited = await client.pull(uri, first.result_id)
        assert isinstance(edited, types.RelatedFullDocumentDiagnosticReport)
        assert not edited.items
        assert client.publishes_of(uri) == []


async def test_a_client_that_pulls_asks_again_after_a_change_of_the_config(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    async with session(tmp_path, able=capabilities(pulls=True)) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        first = await client.pull(uri)
        refreshes = client.diagnostic_refresh_count
        config.write_text("severity: {names: error}\n")
        client.changed((config, types.FileChangeType.Created))
        await client.until(lambda: client.diagnostic_refresh_count > refreshes)
        second = await client.pull(uri, first.result_id)
        assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
        assert [each.severity for each in second.items] == [types.DiagnosticSeverity.Error]


async def test_a_client_that_pulls_gets_the_effect_of_changed_settings(tmp_path: Path) -> None:
    async with session(tmp_path, able=capabilities(pulls=True), settings={"minimumSeverity": "info"}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        first = await client.pull(uri)
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        assert len(first.items) == 1
        refreshes = client.diagnostic_refresh_count
        client.set_configuration({"minimumSeverity": "error"}, section="copydesk")
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await client.until(lambda: client.diagnostic_refresh_count > refreshes)
        second = await client.pull(uri, first.result_id)
        assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
        assert not second.items


async def test_a_client_that_pulls_asks_again_after_a_check_for_code_actions(tmp_path: Path) -> None:
    async with session(tmp_path, able=capabilities(pulls=True), options={"debounce": 10_000}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        await client.pull(uri)
        refreshes = client.diagnostic_refresh_count
        client.edit(uri, "The mayor spoke.\n")
        await client.checked(uri)
        await client.until(lambda: client.diagnostic_refresh_count > refreshes)


async def test_a_pull_of_a_document_that_is_not_open_is_empty(tmp_path: Path) -> None:
    async with session(tmp_path, able=capabilities(pulls=True)) as client:
        report = await client.pull((tmp_path / "tram.md").as_uri())
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert not report.items


@pytest.mark.parametrize("editor", [VS_CODE, EMACS])
async def test_hover_explains_the_rules_at_the_position(tmp_path: Path, editor: str) -> None:
    async with session(tmp_path, able=capabilities(editor)) as client:
        uri = client.open(tmp_path / "tram.md", f"😀 {TYPO}")
        [found] = await client.found(uri)
        document = types.TextDocumentIdentifier(uri)
        hover = await client.text_document_hover_async(types.HoverParams(document, found.range.end))
        assert hover
        assert isinstance(hover.contents, types.MarkupContent)
        assert "names/proper-noun" in hover.contents.value
        assert hover.range == found.range
        nothing = await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 0)))
        assert nothing is None


async def test_a_rule_that_is_broken_off_in_the_middle_of_an_edit_shows_its_mistake(tmp_path: Path) -> None:
    rule = "id: tramway\nsummary: Uses\nwhy: x\nseverity: warning\ncheck: swap\nmessage: x\nswop: {}\n"
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tramway.yaml", rule, language="yaml")
        messages = [each.message for each in await client.found(uri)]
    assert any("swop" in message for message in messages)


async def test_an_unused_suppression_is_a_diagnostic_with_a_fix(tmp_path: Path) -> None:
    text = "<!-- copydesk: ignore names/proper-noun -- quoted -->\n\nThe mayor spoke.\n"
    async with session(tmp_path) as client:
        uri = client.open(tmp_path / "tram.md", text)
        [found] = await client.found(uri)
        assert str(found.code).startswith("copydesk/")
        fix = next(each for each in await client.actions(uri, found.range) if each.is_preferred)
        assert "copydesk: ignore" not in await client.edited(uri, fix)
