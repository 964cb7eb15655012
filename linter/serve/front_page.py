"""The web page of the service: one self-contained HTML text, and the policy that limits what it may load and send."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

from linter import readers
from linter.reporters import html

_KIND_NAMES = {"markdown": "Markdown", "html": "HTML", "text": "Plain text", "wordpress": "WordPress"}


class FrontPage(NamedTuple):
    """The page, and the value of the header Content-Security-Policy to send with it."""

    text: str
    policy: str


def render(version: str, max_bytes: int) -> FrontPage:
    """Return the page for copydesk `version`. Files of more than `max_bytes` bytes are refused before they are read.

    All addresses in the page are relative, so it may be served under any prefix.
    """
    folder = files(__package__) / "page"
    style, script = (
        shared + (folder / f"page.{suffix}").read_text("utf-8")
        for suffix, shared in (("css", html.shared_style()), ("js", html.shared_script()))
    )
    template = html.environment().from_string((folder / "page.html.jinja").read_text("utf-8"))
    kinds = [(kind, _KIND_NAMES[kind]) for kind in readers.KINDS]
    text = template.render(version=version, style=style, script=script, kinds=kinds, max_bytes=max_bytes)
    return FrontPage(text + "\n", html.content_policy(style, script, "connect-src 'self'", "frame-ancestors 'none'"))
