"""Answers to requests: what worker processes return, and errors."""

from __future__ import annotations

from typing import NamedTuple

from linter.output import as_json

JSON, PLAIN = "application/json", "text/plain; charset=utf-8"


class Answer(NamedTuple):
    """An HTTP response. `counts` has the number of findings of each severity, in the order of SEVERITIES."""

    status: int
    media_type: str
    body: bytes
    counts: tuple[int, ...] = ()


class Refusal(Exception):
    """An error that the client must correct or wait for: an HTTP status, a sentence, and headers of the response."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def error(status: int, message: str, *, plain: bool = False) -> Answer:
    """Return the answer for an error: JSON or, as in the protocol of LanguageTool, plain text."""
    if plain:
        return Answer(status, PLAIN, f"Error: {message}".encode("utf-8", "replace"))
    return Answer(status, JSON, as_json({"error": {"status": status, "message": message}}).encode())
