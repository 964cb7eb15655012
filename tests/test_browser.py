"""The HTML report in a browser: Chromium, if it is installed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

import chromium
from linter.cli import main
from linter.output import one_line

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parent.parent / "docs"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

chromium.needed()


class Report(NamedTuple):
    """A report on a folder: the paths of both, and the JSON of the same run."""

    folder: Path
    address: str
    findings: list[dict[str, Any]]

    @property
    def total(self) -> str:
        """The count above the articles if all of them are shown."""
        return f"{len(self.findings)} findings in {len({one['path'] for one in self.findings})} articles"


def report(folder: Path) -> Report:
    """Check everything in `folder`, with rules that do not compare articles."""
    packs = "--select=leaks,fences,names,spacing,assistant,placeholders,encoding"
    reports = ["--report", "html=../report.html", "--report", "json=../report.json"]
    with chdir(folder):
        main(["check", ".", "--isolated", "--quiet", packs, *reports])
    found = json.loads((folder.parent / "report.json").read_text("utf-8"))
    return Report(folder, (folder.parent / "report.html").as_uri(), found["findings"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a small newsroom, with more short articles than are drawn at once."""
    folder = tmp_path_factory.mktemp("news") / "newsroom"
    for file in (DOCS / "newsroom").rglob("*.*"):
        copy = folder / file.relative_to(DOCS / "newsroom")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (folder / "town").mkdir()
    for number in range(60):
        lines = [f"Tram number {number} stops at the market hall.\n\n" for _ in range(40)]
        lines[20] = "The tram,which was late, came.\n\n"
        (folder / "town" / f"tram-{number:02}.txt").write_text("".join(lines), "utf-8")
    return report(folder)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context whose pages have no errors and request only the files that the test opens."""
    made = browser.new_context(viewport=DESK)
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    made.on("request", lambda asked: None if asked.is_navigation_request() else complaints.append(asked.url))
    yield made
    made.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def read(finding: dict[str, Any]) -> str:
    return str(finding["message"])


def open_all(page: Page) -> None:
    """Open every drawn article and every explanation."""
    page.evaluate("document.querySelectorAll('[data-article][aria-expanded=false]').forEach(button => button.click())")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


def messages(page: Page) -> list[str]:
    """The messages of the notes on the page, without their numbers."""
    return [text.split(" ", 2)[2] for text in page.locator(".note .message").all_text_contents()]


def lines(story: Locator) -> list[str]:
    """The lines of an open article, without the numbers of its marks."""
    texts: list[str] = story.locator(".words").evaluate_all(
        """all => all.map((one) => {
            const copy = one.cloneNode(true);
            copy.querySelectorAll("sup").forEach((number) => number.remove());
            return copy.textContent;
        })"""
    )
    return texts


def test_it_opens_with_the_total_and_the_worst_article(page: Page, news: Report) -> None:
    page.goto(news.address)
    for severity in ("error", "warning", "info"):
        number = sum(one["severity"] == severity for one in news.findings)
        expect(page.locator(f".totals .{severity} dd")).to_have_text(f"{number}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^\d+ errors.* articles: not ready to publish")
    )
    expect(page.locator("#found")).to_have_text(news.total)
    assert page.locator("[data-article]").count() == 40
    worst = page.locator(".story").first
    expect(worst.get_by_role("button", expanded=True)).to_have_text("city/last-ferry.txt")
    assert messages(page) == [read(one) for one in news.findings if one["path"] == "city/last-ferry.txt"]


def words(news: Report, one: dict[str, Any]) -> str:
    """The text of a finding that the search covers: its message, text, line, rule and path."""
    line = (news.folder / one["path"]).read_text("utf-8").split("\n")[one["line"] - 1]
    return f"{one['message']} {one['text']} {line} {one['rule']} {one['path']}".lower()


def chosen(news: Report, name: str, value: str) -> list[str]:
    """The messages of the findings that pass a filter."""
    has = {
        "severity": lambda one: one["severity"] == value,
        "text": lambda one: value in words(news, one),
        "pack": lambda one: one["rule"].startswith(f"{value}/"),
        "rule": lambda one: one["rule"] == value,
        "folder": lambda one: one["path"].startswith(value),
    }[name]
    return sorted(read(one) for one in news.findings if has(one))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("severity", "error"),
        ("text", "ostervik"),
        ("text", "sandholm"),
        ("text", "library.html"),
        ("pack", "leaks"),
        ("rule", "names/proper-noun"),
        ("folder", "sport/"),
    ],
)
def test_filters_and_their_urls(page: Page, news: Report, name: str, value: str) -> None:
    page.goto(news.address)
    if name == "severity":
        for box in page.locator(f"[name=severity]:enabled:not([value={value}])").all():
            box.uncheck()
    elif name == "text":
        page.get_by_label("Search").fill(value)
    else:
        page.locator(f"select[name={name}]").select_option(value)
    left = chosen(news, name, value)
    assert left
    expect(page.locator("#found")).to_contain_text(f"{len(left)} of {len(news.findings)} findings in ")
    page.goto(page.url)
    page.reload()
    expect(page.locator("#found")).to_contain_text(f"{len(left)} of {len(news.findings)} findings in ")
    open_all(page)
    assert sorted(messages(page)) == left
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#found")).to_have_text(news.total)


@pytest.mark.parametrize("link", [".totals .error a", ".chart th a >> text=leaks", ".rules th a >> text=raw-tag"])
def test_numbers_link_to_their_articles(page: Page, news: Report, link: str) -> None:
    page.goto(news.address)
    page.locator(link).hover()  # scrolling draws what comes into view before the click
    page.locator(link).click()
    expect(page.locator("#found")).to_contain_text(f" of {len(news.findings)} findings in ")
    expect(page.locator("#articles")).to_be_in_viewport()


def test_an_article_is_opened_and_closed(page: Page, news: Report) -> None:
    page.goto(news.address)
    story = page.locator(".story", has_text="harbour-tram.md")
    story.get_by_role("button").click()
    text = (DOCS / "newsroom" / "city" / "harbour-tram.md").read_text("utf-8")
    assert lines(story) == text.split("\n")
    assert messages(page)[-1] in [read(one) for one in news.findings if one["path"] == "city/harbour-tram.md"]
    story.get_by_role("button").click()
    expect(story.locator(".words")).to_have_count(0)


def test_lines_without_findings_are_folded(page: Page, news: Report) -> None:
    page.goto(f"{news.address}#text=tram-07")
    fold = page.get_by_role("button", name="lines without findings")
    assert fold.count() == 2
    before = page.locator(".line").count()
    fold.first.click()
    assert page.locator(".line").count() > before + 30
    expect(page.locator(".line").first).to_be_focused()


def test_a_link_leads_to_its_finding(page: Page, news: Report) -> None:
    """The article may not be drawn yet, or filters may hide it."""
    page.goto(f"{news.address}#text=tram-59")
    address = page.locator(".note .foot a").last.get_attribute("href")
    page.goto("about:blank")
    for start in ("", "#pack=leaks"):
        page.goto(news.address + start)
        page.evaluate("hash => location.hash = hash", address)
        expect(page.locator(f"[id='{address[1:]}']")).to_be_focused()
        expect(page.locator(f"[id='{address[1:]}']")).to_be_in_viewport()
        expect(page.locator("mark.here")).to_have_count(1)
        expect(page.locator("mark.here")).to_be_in_viewport()
    assert page.locator(".here .message").text_content().split(" ", 2)[2] == read(news.findings[-1])


def test_an_unknown_fragment_shows_the_report(page: Page, news: Report) -> None:
    for fragment in ("#f-000000000000", "#a-nothing", "#pack=nowhere", "#severity=", "#%", "#folder=%E0%A4%A"):
        page.goto("about:blank")
        page.goto(news.address + fragment)
        expect(page.locator("#found")).to_contain_text("findings in ")


def test_keyboard_navigation(page: Page, news: Report) -> None:
    page.goto(news.address)
    press = page.keyboard.press
    press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the articles")
    expect(page.locator(":focus")).to_be_in_viewport()
    press("Enter")
    expect(page.locator("#stories")).to_be_focused()
    press("Tab")
    press("Tab")
    expect(page.get_by_label("Next finding")).to_be_focused()
    press("Enter")
    expect(page.locator(".note").first).to_be_focused()
    page.get_by_label("Next finding").focus()
    press("Enter")
    expect(page.locator(".note").nth(1)).to_be_focused()
    page.get_by_label("Search").focus()
    page.keyboard.type("harbour-tram.md")
    expect(page.locator("#found")).to_contain_text(" in 1 article")
    page.locator("[data-article]").first.focus()
    press("Space")
    expect(page.locator(".note")).to_have_count(0)
    press("Enter")
    expect(page.locator(".note").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_accessibility(browser: Browser, news: Report, scheme: Any, size: Any) -> None:
    """axe-core reports nothing, in both color schemes and with everything open."""
    page = browser.new_page(viewport=size, color_scheme=scheme)
    page.goto(f"{news.address}#text=city")
    open_all(page)
    page.locator(".note").nth(2).hover()
    if size == PHONE:
        page.get_by_role("button", name="Filter", exact=True).click()
    found = Axe().run(page)
    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(page: Page, news: Report, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{news.address}#text=city")
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_every_article_is_open(page: Page, news: Report) -> None:
    page.goto(f"{news.address}#folder=town/")
    expect(page.locator(".note")).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".note").count() == 60
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".note").count() == 0


def test_a_notice_is_shown_without_scripts(browser: Browser, news: Report) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(news.address)
    expect(page.locator("#stories .notice")).to_contain_text("A script in this file shows the articles")
    expect(page.locator(".worst")).to_contain_text("last-ferry.txt")
    page.close()


HOSTILE = """\
Ferries,of <script>hit()</script> and <img src=x onerror=hit()> and <svg onload=hit()></svg> and <b onclick=hit()>bold</b>.

A [link](javascript:hit()), <a href="javascript:hit()">another,here</a>, <iframe srcdoc="<script>hit()</script>"></iframe>.

</script><script>hit()</script><!-- <script> the,end.

A\u202egpj.tram\u202c turn, a\u2066n,isolate\u2069, and a\u200bnothing,here. ${hit()} {{hit()}} `hit()` "hit()" 'hit()' \\u003cscript>

<style>* {{ display: none }}</style><meta http-equiv=refresh content="0;url=//x.example"><base href=//x.example>, form,here
"""  # noqa: E501


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("hostile") / "articles"
    for name in ("story.txt", "story.md", "story.html", "<img src=x onerror=hit()>.txt", "\"'><b onclick=hit()>/a.md"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HOSTILE, "utf-8")
    return report(folder)


def test_a_hostile_article_runs_nothing(page: Page, hostile: Report) -> None:
    page.add_init_script("window.hits = 0; window.hit = () => window.hits++")
    page.goto(hostile.address)
    open_all(page)
    assert sorted(messages(page)) == sorted(one_line(read(one)) for one in hostile.findings)
    for mark in page.locator("mark").all()[:20]:
        mark.evaluate("mark => mark.click()")
    assert page.evaluate("window.hits") == 0
    assert page.locator("script").count() == 2
    assert (
        page.locator("img, iframe, base, meta[http-equiv=refresh], form[action], main style, main b[onclick]").count()
        == 0
    )
    names = page.locator("*").evaluate_all("all => all.flatMap(one => one.getAttributeNames())")
    assert [name for name in names if name.startswith("on")] == []
    links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    story = page.locator(".story", has_text="story.txt").first
    shown = lines(story)
    assert "<script>hit()</script>" in shown[0]
    assert "AU+202Egpj.tramU+202C turn" in shown[6]
    assert not set("\u202a\u202e\u202c\u2066\u2069") & set(page.locator("body").inner_text())


@pytest.mark.parametrize(
    "attack",
    [
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'hit()'}))",
        "document.body.innerHTML = '<img src=x onerror=hit()>'",
        "setTimeout('hit()')",
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://x.example/hit'}))",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://x.example/hit'}))",
        "fetch('https://x.example/hit')",
        "navigator.sendBeacon('https://x.example/hit')",
        "(location = 'javascript:hit()')",
    ],
)
def test_the_policy_blocks_injected_code(browser: Browser, news: Report, attack: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.goto(news.address)
    page.on("response", lambda response: asked.append(response.url))
    page.on("requestfailed", lambda request: asked.append(request.url) if request.failure != "csp" else None)
    refused = chromium.refuses(page, attack)
    page.close()
    assert refused
    assert asked == []


def test_five_thousand_findings_are_on_the_screen_at_once(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    for number in range(500):
        file = folder / f"{number % 20}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        words = "So it was all along the line from the harbour to the hill, for every guest of the tram. " * 4
        file.write_text("".join(f"{words}Stop {at},which is late.\n\n" for at in range(10)), "utf-8")
    archive = report(folder)
    assert len(archive.findings) == 5_000
    page.goto(archive.address)
    expect(page.locator("#found")).to_have_text("5,000 findings in 500 articles")
    page.get_by_label("Search").fill("stop 7,")
    expect(page.locator("#found")).to_have_text("500 of 5,000 findings in 500 articles")
