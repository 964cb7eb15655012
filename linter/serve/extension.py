"""What the HTTP service adds to copydesk: the command `serve`."""

from __future__ import annotations

from typing import ClassVar

from linter.extensions import Extension


class _Serve(Extension):
    name = "serve"
    commands: ClassVar = {"serve": "start an HTTP service: a page for editors, and an API"}


EXTENSION = _Serve()
