"""The page of the service in a browser: Chromium, if it is installed, with a running service."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

import chromium
from service import Service
from test_serve_convert import docx, paragraph

pytestmark = pytest.mark.slow

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TOKEN = "a-token-of-more-than-32-characters-for-tests"
LATE = 30.0  # seconds; it takes about one, but a test machine may be busy

chromium.needed()

TRAM = """\
# The tram is late

🚋🚋 The tram,which was late, came. It was full, so nobody 👩‍👧 knew.

Meta Description: What the harbour tram costs.

The tram stops at the market hall,and at the pier.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("desk"), "--jobs", "1", "--max-bytes", "1500000") as running:
        yield running


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """A browser context whose pages have no errors, and request nothing but the service."""
    made = browser.new_context(viewport=DESK)
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on("request", lambda asked: None if asked.url.startswith(service.url) else complaints.append(asked.url))
    yield made
    made.close()
    assert [line for line in complaints if not line.startswith("about:")] == []


@pytest.fixture
def page(context: BrowserContext, service: Service) -> Page:
    made = context.new_page()
    made.goto(service.url)
    return made


def check(page: Page, text: str, kind: str = "") -> None:
    """Type a text and check it."""
    page.get_by_label("Article", exact=True).fill(text)
    check_text(page, kind)


def check_long(page: Page, text: str, kind: str = "") -> None:
    """Check a text that is not typed, because browsers type a thousand lines in ten seconds."""
    page.evaluate("text => { document.querySelector('#text').value = text }", text)
    check_text(page, kind)


def check_text(page: Page, kind: str = "") -> None:
    """Check the text on the page."""
    if kind:
        page.locator("#write .kind").select_option(kind)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#read")).to_be_visible()


def wait_for(page: Page, true: Callable[[], bool]) -> None:
    """Wait until a condition is true, at most a few seconds."""
    end = time.monotonic() + LATE
    while not true():
        assert time.monotonic() < end
        page.wait_for_timeout(20)


def text_of(page: Page) -> str:
    return page.locator("#text").input_value()


def copy_from_elsewhere(context: BrowserContext, texts: dict[str, str]) -> None:
    """Copy texts by media type to the clipboard, as another program does."""
    other = context.new_page()
    other.evaluate(
        """texts => document.addEventListener("copy", (event) => {
            event.preventDefault();
            Object.entries(texts).forEach(([type, text]) => event.clipboardData.setData(type, text));
        })""",
        texts,
    )
    other.keyboard.press("ControlOrMeta+c")
    other.close()


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the page."""
    page.evaluate(
        """([name, data]) => {
            const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name));
            for (const type of ["dragenter", "dragover", "drop"]) {
                document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
            }
        }""",
        [name, b64encode(data).decode()],
    )


def messages(page: Page) -> list[str]:
    """The messages of the notes, without their numbers."""
    return [text.split(" ", 2)[2] for text in page.locator(".note .message").all_text_contents()]


def words(page: Page) -> list[str]:
    """The visible lines of the article, without the numbers of its marks."""
    texts: list[str] = page.locator("#article .words:visible").evaluate_all(
        """all => all.map((one) => {
            one.querySelectorAll("sup").forEach((number) => (number.hidden = true));
            const shown = one.innerText;
            one.querySelectorAll("sup").forEach((number) => (number.hidden = false));
            return shown;
        })"""
    )
    return [text for text in texts if text]


def test_a_typed_article_is_checked_and_edited_again(page: Page, service: Service) -> None:
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.insert_text(TRAM)
    expect(page.locator("#write .kind")).to_have_value("markdown")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 error and 2 warnings: not ready to publish.")
    expect(page.locator("#verdict")).to_be_focused()
    assert page.title() == "1 error and 2 warnings – copydesk"
    found = service.post("check", {"text": TRAM, "kind": "markdown"}).json()["findings"]
    assert messages(page) == [one["message"] for one in found]
    assert words(page) == [line for line in TRAM.split("\n") if line]
    page.get_by_role("button", name="Next finding").click()
    page.get_by_role("button", name="Edit text").click()
    expect(page.locator("#text")).to_be_focused()
    assert text_of(page) == TRAM
    assert (
        page.evaluate("document.activeElement.selectionStart")
        == TRAM.encode("utf-16-le").index("tram,which".encode("utf-16-le")) // 2
    )
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("The tram is late.")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No problems found.")
    expect(page.locator("#found")).to_have_text("0 findings")


def test_an_empty_article_is_not_sent(page: Page) -> None:
    page.keyboard.insert_text(" \n")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_have_text("Paste or type an article first.")
    expect(page.locator("#text")).to_be_focused()


WORD = """\
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><o:OfficeDocumentSettings>
</o:OfficeDocumentSettings></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;} --></style></head>
<body lang=EN-US style='tab-interval:36.0pt'>
<!--StartFragment-->

<h1>The tram<o:p></o:p></h1>

<p class=MsoNormal><b style='mso-bidi-font-weight:
normal'><span lang=EN-US>It was late</span></b><span lang=EN-US>,and the guests waited at
the&nbsp;pier.<o:p></o:p></span></p>

<p class=MsoNormal><span lang=EN-US>It came &amp; left.<o:p></o:p></span></p>

<!--EndFragment-->
</body></html>"""
DOCUMENT = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-5d3c"><h1 dir="ltr"><span '
    'style="font-weight:400">The tram</span></h1><p dir="ltr"><span style="font-weight:700">It was late</span>'
    '<span style="font-weight:400">,and the guests waited at the pier.</span></p><br /><p dir="ltr"><span>It came '
    '&amp; left.</span></p></b><br class="Apple-interchange-newline">'
)
SITE = (
    "<html><body>\n<!--StartFragment--><h2>The tram</h2><p>It was <a href='/late'>late</a>,and the guests waited at "
    "the pier.</p><p>It came &amp; left.</p><!--EndFragment-->\n</body></html>"
)


@pytest.mark.parametrize(
    "html", [pytest.param(WORD, id="Word"), pytest.param(DOCUMENT, id="Google Docs"), pytest.param(SITE, id="a page")]
)
def test_rich_text_is_pasted_as_html(page: Page, context: BrowserContext, html: str) -> None:
    copy_from_elsewhere(context, {"text/html": html, "text/plain": "The tram\n\nIt was late,and …"})
    page.locator("#text").press("ControlOrMeta+v")
    expect(page.locator("#read")).to_be_visible()
    expect(page.locator("#read .kind")).to_have_value("html")
    assert "It came &amp; left." in text_of(page)
    assert not re.search("StartFragment|EndFragment|<meta|<style|interchange", text_of(page))
    assert len(messages(page)) == 1
    assert "“late, and”" in messages(page)[0]
    shown = words(page)
    assert shown[0] == "The tram"
    assert re.fullmatch("It was late,and the guests waited at the.pier\\.", shown[1])
    assert shown[2] == "It came & left."
    page.get_by_role("checkbox", name="tags").check()
    assert "<" in "".join(words(page))


def test_rules_about_tidy_html_are_off_only_for_pasted_html(page: Page, context: BrowserContext) -> None:
    copy_from_elsewhere(context, {"text/html": WORD, "text/plain": "The tram"})
    page.locator("#text").press("ControlOrMeta+v")
    expect(page.locator("#found")).to_have_text("1 finding")
    page.locator("[data-fix]").click()
    expect(page.locator("#found")).to_have_text("0 findings")
    page.get_by_role("button", name="New article").click()
    check(page, '<p>The tram is <span class="late" /> again.</p>', "html")
    expect(page.locator(".note", has_text="structure/self-closed")).to_have_count(1)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        pytest.param({"text/plain": TRAM}, "markdown", id="Markdown"),
        pytest.param({"text/plain": "The tram is late."}, "text", id="plain text"),
        pytest.param({"text/plain": "<p>The tram</p>\n<p>is late.</p>"}, "html", id="HTML"),
        pytest.param({"text/plain": "<!-- wp:paragraph -->\n<p>The tram</p>"}, "wordpress", id="WordPress"),
        pytest.param(
            {
                "text/plain": "# The tram",
                "text/html": "<meta charset='utf-8'><div style=\"color:#d4d4d4;font-family:'Fira Code', monospace;"
                'white-space: pre;"><div><span style="color:#569cd6;"># The <b>tram</b></span></div></div>',
            },
            "markdown",
            id="code of an editor",
        ),
        pytest.param({"text/plain": "Late.", "text/html": "<span>Late.</span>"}, "text", id="a phrase"),
        pytest.param(
            {"text/plain": "<p>The</p><p>tram</p>", "text/html": "<table><tr><td>&lt;p&gt;The…</table>"},
            "html",
            id="a listing of HTML",
        ),
    ],
)
def test_plain_text_is_pasted_unchanged(page: Page, context: BrowserContext, texts: dict[str, str], kind: str) -> None:
    copy_from_elsewhere(context, texts)
    page.locator("#text").press("ControlOrMeta+v")
    expect(page.locator("#read")).to_be_visible()
    expect(page.locator("#read .kind")).to_have_value(kind)
    assert text_of(page) == texts["text/plain"]


def test_a_piece_of_text_is_pasted_into_the_article(page: Page, context: BrowserContext) -> None:
    page.locator("#text").fill("<p>One</p>\n")
    expect(page.locator("#write .kind")).to_have_value("html")
    copy_from_elsewhere(context, {"text/plain": "Two", "text/html": "<p>Two</p>"})
    page.locator("#text").press("ControlOrMeta+v")
    assert text_of(page) == "<p>One</p>\n<p>Two</p>"
    expect(page.locator("#read")).to_be_hidden()


def test_pasting_beside_the_text_area_replaces_the_article(page: Page, context: BrowserContext) -> None:
    check(page, TRAM)
    copy_from_elsewhere(context, {"text/plain": "The tram,late."})
    page.locator("#verdict").press("ControlOrMeta+v")
    expect(page.locator("#verdict")).to_have_text("1 warning: no errors.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#verdict")).to_have_text("1 error and 2 warnings: not ready to publish.")
    assert text_of(page) == TRAM
    expect(page.locator("#read .kind")).to_have_value("markdown")


@pytest.mark.parametrize(
    ("name", "data", "kind", "text"),
    [
        pytest.param(
            "tram.docx",
            docx(paragraph("The tram", "Title") + paragraph("It is late,so we walk.")),
            "html",
            "<h1>The tram</h1>\n<p>It is late,so we walk.</p>",
            id="Word",
        ),
        ("tram.md", b"The tram,late.", "markdown", "The tram,late."),
        ("tram.TXT", b"\xef\xbb\xbfThe tram,late.", "text", "The tram,late."),
        ("tram.html", "<p>The café,late.</p>".encode("cp1252"), "html", "<p>The café,late.</p>"),
        ("tram.htm", "<meta charset=koi8-r><p>Да.".encode("koi8-r"), "html", "<meta charset=koi8-r><p>Да."),
        ("tram.txt", "The tram,late.".encode("utf-16"), "text", "The tram,late."),
        ("export.html", b"<!-- wp:list -->\n<p>Tram", "wordpress", "<!-- wp:list -->\n<p>Tram"),
    ],
)
@pytest.mark.parametrize("way", ["dropped", "opened"])
def test_a_file_is_checked(page: Page, way: str, name: str, data: bytes, kind: str, text: str) -> None:
    if way == "dropped":
        drop(page, name, data)
    else:
        page.locator("#file").set_input_files({"name": name, "mimeType": "", "buffer": data})
    expect(page.locator("#verdict")).to_be_visible()
    assert text_of(page) == text
    expect(page.locator("#read .kind")).to_have_value(kind)
    expect(page.locator(".drop")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tram.docx", b"no Word file", "This is not a Word file, or it is damaged. Save it again as .docx, and try"),
        ("tram.pdf", b"%PDF", "“tram.pdf” cannot be checked. Open a Markdown, HTML, text or Word (.docx) file."),
        ("tram.txt", b"x" * 1_500_001, "“tram.txt” is too large. Files may have at most 1,500 kB."),
    ],
)
def test_a_file_that_cannot_be_checked(browser: Browser, service: Service, name: str, data: bytes, said: str) -> None:
    page = browser.new_page()
    page.goto(service.url)
    page.locator("#text").fill("The tram")
    drop(page, name, data)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert text_of(page) == "The tram"
    page.get_by_role("button", name="Close this message").click()
    expect(page.locator("#problem")).to_be_hidden()
    page.close()


def test_findings_are_fixed_one_by_one(page: Page) -> None:
    """Emoji take two units of UTF-16, or several code points."""
    check(page, TRAM)
    rest = page.locator(".note").count()
    for name in ("tram,which", "hall,and"):
        at = page.locator("mark", has_text=name).get_attribute("data-at")
        page.locator(f".note[data-at='{at}']").get_by_role("button", name="Fix", exact=False).first.click()
        rest -= 1
        expect(page.locator(".note")).to_have_count(rest)
        expect(page.get_by_role("status")).to_have_text(f"Fixed. {rest} finding{'s' * (rest > 1)} left.")
        expect(page.locator(".note:focus")).to_have_count(1)
    assert text_of(page) == TRAM.replace("tram,which", "tram, which").replace("hall,and", "hall, and")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".note")).to_have_count(rest + 1)
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator(".note")).to_have_count(rest + 2)
    assert text_of(page) == TRAM
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def test_undo_goes_back_over_typed_changes(page: Page) -> None:
    """Typed text is not lost if a fix before it is undone."""
    check(page, "The tram,late.", "text")
    page.get_by_role("button", name="Fix", exact=False).first.click()
    expect(page.locator(".note")).to_have_count(0)
    check_again = [" So,it is.", " It is full,too."]
    for more in check_again:
        page.get_by_role("button", name="Edit text").click()
        page.locator("#text").press("ControlOrMeta+End")
        page.keyboard.insert_text(more)
        page.keyboard.press("ControlOrMeta+Enter")
        expect(page.locator("#read")).to_be_visible()
    texts = ["The tram, late. So,it is.", "The tram, late.", "The tram,late."]
    for text in texts:
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_have_text("Undone.")
        assert text_of(page) == text
        page.wait_for_timeout(50)


def test_clicks_during_a_fix_change_nothing_else(page: Page) -> None:
    """The edits of the other findings are those of the text before the fix."""
    check(page, "The tram,which was,at the time,late.", "text")
    expect(page.locator("[data-fix]")).to_have_count(3)
    page.evaluate("document.querySelectorAll('[data-fix]').forEach((button) => { button.click(); button.click(); })")
    expect(page.locator("[data-fix]")).to_have_count(2)
    assert text_of(page) == "The tram, which was,at the time,late."


def test_a_fix_that_cannot_be_checked_changes_nothing(browser: Browser, service: Service) -> None:
    page = browser.new_page()
    page.goto(service.url)
    check(page, "The tram,which was,at the time,late.", "text")
    page.route("**/view", lambda route: route.abort())
    page.locator("[data-fix]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer.")
    assert text_of(page) == "The tram,which was,at the time,late."
    page.unroute("**/view")
    page.locator("[data-fix]").last.click()
    expect(page.locator("[data-fix]")).to_have_count(2)
    assert text_of(page) == "The tram,which was,at the time, late."
    page.close()


def test_a_check_during_a_fix_shows_the_findings_of_the_text(page: Page) -> None:
    check(page, "The tram,which was,at the time,late.", "text")
    held: list[Route] = []
    page.route("**/view", lambda route: held.append(route))  # a method of a list cannot be a handler
    page.locator("[data-fix]").first.click()
    page.keyboard.press("ControlOrMeta+Enter")
    wait_for(page, lambda: len(held) == 2)
    held[1].continue_()
    expect(page.locator("body")).not_to_have_class("busy")
    page.unroute("**/view")
    for _ in range(page.locator("[data-fix]").count()):
        count = page.locator("[data-fix]").count()
        page.locator("[data-fix]").first.click()
        expect(page.locator("[data-fix]")).to_have_count(count - 1)
    assert text_of(page) == "The tram, which was, at the time, late."


@pytest.mark.parametrize("here", [False, True])
def test_another_article_that_cannot_be_checked_is_edited(browser: Browser, service: Service, *, here: bool) -> None:
    """Otherwise, a click on a fix of the last article would change the other one."""
    page = browser.new_page()
    page.goto(service.url)
    check(page, "The tram is late.\n\nThe tram,which was late.", "text")
    if here:
        page.get_by_role("button", name="Next finding").click()
    page.route("**/view", lambda route: route.fulfill(status=502, body=""))
    drop(page, "tram.txt", b"It is full.")
    expect(page.get_by_role("alert")).to_contain_text("error 502")
    expect(page.locator("#read")).to_be_hidden()
    expect(page.locator("#text")).to_have_value("It is full.")
    page.close()


def test_an_article_that_cannot_be_restored_with_its_findings_is_edited(browser: Browser, service: Service) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(service.url)
    check(page, "The tram,which was late.", "text")
    page.get_by_role("button", name="Edit text").click()
    page.locator("#text").fill("One.\n\nTwo.\n\nThe tram,which was late.")
    page.keyboard.press("ControlOrMeta+Enter")
    page.get_by_role("button", name="Next finding").click()
    page.route("**/view", lambda route: route.fulfill(status=502, body=""))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert")).to_contain_text("error 502")
    expect(page.locator("#text")).to_be_visible()
    assert text_of(page) == "The tram,which was late."
    page.close()
    assert errors == []


def test_the_text_can_be_edited_while_a_check_takes_long(page: Page) -> None:
    check(page, "The tram,late.", "text")
    page.route("**/view", lambda route: None)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("status")).to_have_text("Checking…")
    page.get_by_role("button", name="Edit text").click()
    page.keyboard.insert_text("So: ")
    assert "So: " in text_of(page)
    page.unroute("**/view")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#read")).to_be_visible()


def test_all_safe_fixes_are_applied_at_once(page: Page, service: Service) -> None:
    check(page, TRAM)
    answer = service.post("fix", {"text": TRAM, "kind": "markdown"}).json()
    count = len(answer["fixed"])
    assert count > 1
    page.get_by_role("button", name=f"Apply {count} safe fixes").click()
    expect(page.get_by_role("status")).to_contain_text(f"{count} fixes applied. {len(answer['findings'])} finding")
    assert text_of(page) == answer["text"] != TRAM
    expect(page.locator("#fix")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("Undone.")
    assert text_of(page) == TRAM


def clipboard(page: Page) -> dict[str, str]:
    """The texts in the clipboard, by media type."""
    found: dict[str, str] = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const text = async (type) => [type, await (await item.getType(type)).text()];
            return Object.fromEntries(await Promise.all(item.types.map(text)));
        }"""
    )
    return found


@pytest.mark.parametrize(
    ("text", "kind", "button", "copied"),
    [
        (TRAM, "markdown", "Markdown", {"text/plain": TRAM}),
        ("# So,it *is*", "markdown", "HTML", {"text/plain": "<h1>So,it <em>is</em></h1>\n"}),
        ("<h2>So,it <i>is</i></h2>", "html", "Markdown", {"text/plain": "## So,it *is*\n"}),
        ("<h2>So,it <i>is</i></h2>", "wordpress", "HTML", {"text/plain": "<h2>So,it <i>is</i></h2>"}),
        ("So,it <is>", "text", "HTML", {"text/plain": "<p>So,it &lt;is&gt;</p>"}),
        ("# So,it *is*", "markdown", "Rich text", {"text/plain": "# So,it *is*", "text/html": "So,it <em>is</em>"}),
        ("<b>So,it</b>", "html", "Rich text", {"text/plain": "**So,it**\n", "text/html": "<b>So,it</b>"}),
    ],
)
def test_the_article_is_copied(page: Page, text: str, kind: str, button: str, copied: dict[str, str]) -> None:
    check(page, text, kind)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("status")).to_have_text(f"Copied as {button.replace('Rich', 'rich')}.")
    found = clipboard(page)
    assert found["text/plain"] == copied["text/plain"]
    assert copied.get("text/html", "") in found.get("text/html", "")
    assert found.keys() == copied.keys()


def test_the_article_is_copied_without_the_clipboard_api(page: Page) -> None:
    """Browsers have the API only on HTTPS and on localhost."""
    check(page, "# So,it *is*", "markdown")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.get_by_role("button", name="Rich text").click()
    expect(page.get_by_role("status")).to_have_text("Copied as rich text.")
    page.evaluate("delete navigator.clipboard")
    found = clipboard(page)
    assert found["text/plain"] == "# So,it *is*"
    assert "<em>is</em>" in found["text/html"]


def test_the_keyboard_is_enough(page: Page) -> None:
    press = page.keyboard.press
    page.keyboard.insert_text(TRAM)
    press("ControlOrMeta+Enter")
    expect(page.locator("#verdict")).to_be_focused()
    press("Alt+ArrowDown")
    expect(page.locator(".note").nth(0)).to_be_focused()
    expect(page.locator("mark.here")).to_be_in_viewport()
    press("Alt+ArrowDown")
    expect(page.locator(".note").nth(1)).to_be_focused()
    expect(page.locator("#found")).to_have_text(re.compile("^Finding 2 of "))
    press("Alt+ArrowUp")
    press("Alt+ArrowUp")
    expect(page.locator(".note").last).to_be_focused()
    last = page.locator("mark.here").text_content()
    assert last
    press("Tab")
    expect(page.locator(":focus")).to_have_text("Fix")
    press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Fixed.")
    expect(page.locator(".note").last).to_be_focused()
    press("Tab")
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "false")
    press("Enter")
    expect(page.locator(".reason:visible")).to_contain_text("Fix: ")
    expect(page.locator(".examples mark").first).to_be_visible()


def test_the_reason_for_a_finding_has_examples(page: Page, service: Service) -> None:
    check(page, "The tram,late.", "text")
    rule = service.client.get("rules/spacing/after-comma").json()
    page.get_by_role("button", name="spacing/after-comma").click()
    reason = page.locator(".reason")
    expect(reason).to_contain_text(rule["why"])
    expect(reason).to_contain_text(rule["examples"][0]["fixed"])
    assert reason.get_by_role("link").get_attribute("href") == rule["url"]
    page.get_by_role("button", name="spacing/after-comma").click()
    expect(reason).to_be_hidden()


def test_severities_and_the_format_can_be_changed(page: Page) -> None:
    check(page, TRAM)
    page.get_by_role("checkbox", name="warnings").uncheck()
    expect(page.locator(".note")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 finding")
    page.get_by_role("checkbox", name="errors").uncheck()
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_role("button", name="Next finding")).to_be_disabled()
    page.get_by_role("checkbox", name="warnings").check()
    page.locator("#read .kind").select_option("text")
    expect(page.locator("#article .heading")).to_have_count(1)
    page.get_by_role("button", name="Edit text").click()
    page.locator("#text").press("End")
    page.keyboard.type("<p></p><p></p>")
    page.wait_for_timeout(500)
    expect(page.locator("#write .kind")).to_have_value("text")


HOSTILE = """\
Trams,of <script>hit()</script> and <img src=x onerror=hit()> and <svg onload=hit()></svg> <b onclick=hit()>bold</b>.

A [link](javascript:hit()), <a href="javascript:hit()">another,here</a>, <iframe srcdoc="<script>hit()</script>">

</script></style><script>hit()</script><!-- <script> the,end. <style>* { display: none }</style><base href=//x.example>
"""


@pytest.mark.parametrize("kind", ["markdown", "html", "text", "wordpress"])
def test_a_hostile_article_runs_nothing(page: Page, kind: str) -> None:
    page.evaluate("() => { window.hits = 0; window.hit = () => window.hits++; }")
    check(page, HOSTILE, kind)
    page.evaluate("document.querySelectorAll('.more').forEach((one) => one.click())")
    if kind in ("html", "wordpress"):
        page.get_by_role("checkbox", name="tags").check()
    assert "<script>hit()</script>" in "".join(words(page))
    for mark in page.locator("mark").all()[:9]:
        mark.evaluate("mark => mark.click()")
    assert page.evaluate("window.hits") == 0
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, base, svg, main style, main b[onclick], main a[href^=javascript]").count() == 0


@pytest.mark.parametrize(
    "attack",
    [
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'hit()'}))",
        "document.body.innerHTML = '<img src=x onerror=hit()>'",
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://x.example/hit'}))",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://x.example/hit'}))",
        "fetch('https://x.example/hit')",
        "navigator.sendBeacon('https://x.example/hit')",
    ],
)
def test_the_policy_blocks_injected_code(browser: Browser, service: Service, attack: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.goto(service.url)
    page.on("response", lambda response: asked.append(response.url))
    refused = chromium.refuses(page, attack)
    page.close()
    assert refused
    assert asked == []


def test_no_other_site_may_show_the_page_in_a_frame(service: Service) -> None:
    policy = service.client.get("").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_server_needs_a_token(browser: Browser, tmp_path: Path) -> None:
    """A server that stops is here, too, because it takes seconds to start one."""
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o600)
    page = browser.new_page()
    with Service(tmp_path, "--jobs", "1", "--token-file", "token", "--root-path", "/desk") as service:
        assert service.url.endswith("/desk/")
        page.goto(service.url)
        page.locator("#text").fill(TRAM)
        page.get_by_role("button", name="Check").click()
        dialog = page.get_by_role("dialog", name="Token")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("alert")).to_contain_text("This service needs a token. Ask")
        page.get_by_role("button", name="Check").click()
        dialog.get_by_label("Token").fill("“another token”")  # browsers send ASCII only
        dialog.get_by_role("button", name="Continue").click()
        expect(dialog.locator(":invalid").last).to_be_visible()
        dialog.get_by_label("Token").fill("another token")
        dialog.get_by_role("button", name="Continue").click()
        expect(dialog).to_contain_text("The service refused this token.")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        dialog.get_by_label("Token").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("not ready to publish")
        page.get_by_role("button", name="names/").or_(page.locator(".more")).first.click()
        expect(page.locator(".examples mark").first).to_be_visible()
        assert page.evaluate("JSON.stringify(sessionStorage)") == f'{{"token":"{TOKEN}"}}'
        assert page.evaluate("localStorage.length") == 0
        assert page.evaluate("document.cookie") == ""
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer. Check that it is running")
    expect(page.locator(".note").first).to_be_visible()
    assert text_of(page) == TRAM
    page.close()


def test_the_page_works_if_the_browser_blocks_storage(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked') } })")
    with Service(tmp_path, "--jobs", "1", "--token-file", "token") as service:
        page.goto(service.url)
        page.locator("#text").fill(TRAM)
        page.get_by_role("button", name="Check").click()
        page.get_by_role("dialog", name="Token").get_by_label("Token").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("not ready to publish")
        page.locator("[data-fix]").first.click()
        expect(page.locator("#status")).to_contain_text("Fixed.")
    page.close()


def test_a_new_article_begins_with_an_empty_page(page: Page) -> None:
    check(page, "The tram is late.It is full.")
    page.get_by_role("button", name="New article").click()
    expect(page.get_by_label("Article", exact=True)).to_be_focused()
    assert text_of(page) == ""
    page.keyboard.type("Another tram.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#verdict")).to_have_text("No problems found.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#article")).to_contain_text("late.It")


def test_an_error_of_the_server_is_shown_as_its_sentence(browser: Browser, service: Service) -> None:
    page = browser.new_page()
    page.goto(service.url)
    page.evaluate("document.querySelector('#text').value = `${'電車'.repeat(100)}\n\n`.repeat(3_000)")  # 1.8 MB
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("The article is too large; a request may have at most 1,500,000")
    page.route("**/view", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    check_button = page.get_by_role("button", name="Check")
    check_button.click()
    expect(page.get_by_role("alert")).to_contain_text("The service answered with the error 502. Try again later.")
    page.close()


STATES = ["empty", "findings", "html", "error"]


def show(page: Page, state: str) -> None:
    """Bring the page to a state."""
    if state == "findings":
        check(page, TRAM)
        page.evaluate("document.querySelectorAll('.more').forEach((one) => one.click())")
        page.get_by_role("button", name="Next finding").click()
        expect(page.locator(".examples .fix").first).to_be_visible()
        page.locator(".note").nth(1).hover()
    elif state == "html":
        check(page, WORD, "html")
        if page.get_by_role("button", name="More").is_visible():
            page.get_by_role("button", name="More").click()
        page.get_by_role("checkbox", name="tags").check()
    elif state == "error":
        drop(page, "tram.pdf", b"%PDF")
        expect(page.get_by_role("alert")).to_contain_text("cannot be checked")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_accessibility(browser: Browser, service: Service, scheme: Any, size: Any, state: str) -> None:
    """axe-core reports nothing."""
    page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto(service.url)
    show(page, state)
    found = Axe().run(page)
    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for state in ("html", "findings"):
        show(page, state)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Edit text").click()


def test_paper_shows_the_article_only(page: Page) -> None:
    check(page, TRAM)
    page.emulate_media(media="print")
    expect(page.locator(".note").first).to_be_visible()
    for hidden in (".tools", "#write", "[data-fix]"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_page_says_if_a_rule_was_cut_off(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "rules" / "house").mkdir(parents=True)
    rule = "id: slow\nsummary: Slow\nseverity: warning\nmessage: Slow.\ncheck: pattern\npattern: (a|aa)+$\n"
    (tmp_path / "rules" / "house" / "slow.yaml").write_text(rule, "utf-8")
    with Service(tmp_path, "--jobs", "1", "--rules", "rules", "--timeout", "60") as running:
        page = browser.new_page()
        page.goto(running.url)
        check(page, "a" * 60 + "!")
        expect(page.get_by_text("Defects may be missing: house/slow was cut off")).to_be_visible()
        page.close()


def test_only_the_first_of_very_many_findings_are_shown(page: Page) -> None:
    check_long(page, "".join(f"Stop {at},which is late.\n\n" for at in range(1_001)), "text")
    expect(page.locator("#found")).to_have_text("First 1,000 of 1,001 findings")
    expect(page.locator(".note")).to_have_count(1_000)
    page.locator("[data-fix]").first.click()
    expect(page.locator("#found")).to_have_text("Finding 1 of 1,000")
    expect(page.locator(".note")).to_have_count(1_000)


def test_a_large_article_stays_usable(page: Page) -> None:
    sentence = "So it was all along the line from the harbour to the hill, for every guest of the tram. "
    lines = [
        f"{sentence * 4}Stop {at},which is late.\n\n" if at % 4 == 0 else f"{sentence * 4}\n\n" for at in range(1_400)
    ]
    text = "".join(lines)
    assert len(text) > 490_000
    check_long(page, text)
    expect(page.locator(".note")).to_have_count(350)
    page.locator("[data-fix]").nth(200).click()
    expect(page.locator(".note")).to_have_count(349)
    assert text_of(page) == text.replace("800,which", "800, which")
