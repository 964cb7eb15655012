"""Safety of the service: who may send a request, how large it may be, and what is logged about it.

A page on the web can make a browser send requests to a service on the same machine. Browsers send the origin of the
page in the header Origin, and the host name in the address in the header Host. Both must be known, which also prevents
DNS rebinding.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from time import perf_counter
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linter.serve.answers import Refusal, error
from linter.serve.metrics import Metrics
from linter.serve.service_settings import MAX_FIELDS, Settings

Log = Callable[[dict[str, Any]], None]  # takes the values of a log line

LANGUAGETOOL = "/v2/"  # paths of LanguageTool's protocol
ENCODED = 3  # bytes of one byte in percent-encoding
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})  # that the log names
_PAGE = ("", "/")  # the first redirects to the second
_PUBLIC = (*_PAGE, "/healthz")  # paths that need no token
_MAX_ACTIVE = 256  # requests at once
_DRAINED = 20_000_000  # bytes of a body that is too large which are still read, so that the client reads the answer
_CLOSED = 499  # the status that logs show if the client closed the connection before the response
_PIECE = 65_536  # bytes of a response that are sent at once; asyncio keeps what the client has not read in memory
_MAX_DIGITS = 20  # of a content length
_TOO_LARGE = "The article is too large; a request may have at most {:,} bytes."
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """ASGI middleware that refuses requests, adds headers for security, and logs and counts every request.

    The log has no text of articles: neither bodies nor queries, and of paths only those of known routes.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, log: Log) -> None:
        self._app, self._settings, self._metrics, self._log = app, settings, metrics, log
        self.active = 0  # requests that have no response yet
        metrics.watch("requests_active", "Requests that have no response yet.", lambda: self.active)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.active += 1
        status, sent, since = _CLOSED, 0, perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if Headers(scope=scope).get("origin", "").lower() in self._settings.origins:
                    headers["cross-origin-resource-policy"] = "cross-origin"
            sent += len(message.get("body", b""))
            async with asyncio.timeout(self._settings.seconds):  # for a client that does not read
                for piece in _pieces(message):
                    await send(piece)

        try:
            await self._answer(_below(self._settings.root_path, scope), receive, send_noted)
        finally:
            self.active -= 1
            route = scope.get("copydesk.route", "other")
            seconds = perf_counter() - since
            self._metrics.request(route, status, seconds)
            self._log(_line(scope, route, status, seconds, sent))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._admit(scope)
            await (self._app if scope["path"] else _to_front_page)(scope, receive, send)
        except Refusal as refused:
            await refusal(scope["path"], refused)(scope, receive, send)
        except TimeoutError:  # the client does not read the response
            raise
        except Exception as bug:  # the response has been sent
            # The message of the error may contain text of the article.
            self._log({"event": "error", "error": type(bug).__name__, "at": _place(bug)})

    def _admit(self, scope: Scope) -> None:
        """Raise Refusal if a request may not be answered."""
        headers = Headers(scope=scope)
        path = scope["path"]
        if self.active > _MAX_ACTIVE and path not in _PUBLIC:
            raise Refusal(503, "The service has too many requests; try again in a moment.", retry_after="1")
        if not self._is_known_host(headers.get("host", ""), scope):
            message = "The service does not know this host name; allow it with --allow-host."
            raise Refusal(421, message)
        if not self._is_known_origin(headers, scope):
            raise Refusal(403, "Requests from this web page are not allowed; allow its origin with --allow-origin.")
        needs_token = self._settings.token and path not in _PUBLIC
        if needs_token and not (path.startswith(LANGUAGETOOL) or same_token(token_in(headers), self._settings.token)):
            raise Refusal(403, "A token is needed: send the header “Authorization: Bearer …”.")

    def _is_known_host(self, host: str, scope: Scope) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        own = scope.get("server") or ("",)
        known = {self._settings.host.lower(), str(own[0]).lower(), *_LOCAL_NAMES, *self._settings.hosts}
        return name in known and not _is_any(name)

    def _is_known_origin(self, headers: Headers, scope: Scope) -> bool:
        origin = headers.get("origin")
        if origin is None:
            navigates = headers.get("sec-fetch-mode") == "navigate" and scope["path"] in _PAGE
            return headers.get("sec-fetch-site") != "cross-site" or navigates
        own = headers.get("host", "").lower()
        return origin.lower() in self._settings.origins or origin.lower() in (f"http://{own}", f"https://{own}")


def same_token(given: str, token: str) -> bool:
    """Whether two tokens are equal. The time of the comparison does not depend on where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def token_in(headers: Headers) -> str:
    """Return the token in the header Authorization, or "" if there is none.

    It is a bearer token, or the password of the scheme Basic, which many clients send if it is in their URL.
    """
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":
        with suppress(ValueError):
            return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    return ""


def has_token(settings: Settings, headers: Headers, encoded: bytes) -> bool:
    """Whether a request in LanguageTool's protocol has the token, in its header or as `apiKey` in its parameters."""
    if not settings.token:
        return True
    # Forms are large, and other requests wait during this function. So neither an article nor a long key is decoded.
    fields = (field.partition(b"=") for field in encoded.split(b"&", MAX_FIELDS)[:MAX_FIELDS])
    given = (value for name, _, value in fields if name == b"apiKey" and len(value) <= ENCODED * len(settings.token))
    keys = [unquote_plus(value.decode("ascii", "replace")) for value in given]
    return any(same_token(key, settings.token) for key in (*keys, token_in(headers)))


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """Return the body of a request. Raises Refusal if it is larger than `most` bytes, or not complete in time."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() and len(announced) <= _MAX_DIGITS else 0
    received = 0
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                received += len(part)
                size = max(size, received)
                if size > _DRAINED:
                    break
                if size <= most:
                    parts.append(part)
    except TimeoutError:
        raise Refusal(
            408, f"The body did not arrive within the time limit ({seconds:g} s).", connection="close"
        ) from None
    except ClientDisconnect:
        raise Refusal(_CLOSED, "The client closed the connection.") from None
    if size > most:
        raise Refusal(413, _TOO_LARGE.format(most), connection="close")
    return b"".join(parts)


def refusal(path: str, refused: Refusal) -> Response:
    """Return the response for a request that is refused. In LanguageTool's protocol, it is plain text."""
    answer = error(refused.status, refused.message, plain=path.startswith(LANGUAGETOOL))
    return Response(answer.body, answer.status, refused.headers, media_type=answer.media_type)


async def refuse(request: Request, refused: Exception) -> Response:
    """Return the response for a request that a handler refuses."""
    assert isinstance(refused, Refusal)
    return refusal(request.scope["path"], refused)


async def fail(request: Request, bug: Exception) -> Response:
    """Return the response for a request that failed because of a bug."""
    message = f"copydesk failed on this request ({type(bug).__name__}); please report it."
    return refusal(request.scope["path"], Refusal(500, message))


def standard_error_log(values: dict[str, Any]) -> None:
    """Write a line of JSON to standard error, with the time."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), **values}
    with suppress(OSError, ValueError):  # standard error is closed
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


def _pieces(message: Message) -> Iterator[Message]:
    """Yield a message of the server interface, in several parts if it has a large part of a body."""
    body = message.get("body", b"")
    if len(body) <= _PIECE:
        yield message
        return
    for start in range(0, len(body), _PIECE):
        more = start + _PIECE < len(body) or message.get("more_body", False)
        yield {**message, "body": body[start : start + _PIECE], "more_body": more}


def _below(prefix: str, scope: Scope) -> Scope:
    """Return `scope` after removing `prefix` from its path, unless a reverse proxy has already removed it."""
    path = scope["path"]
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        scope["path"] = path[len(prefix) :]
    return scope


async def _to_front_page(scope: Scope, receive: Receive, send: Send) -> None:
    """Redirect from the root path without a slash, under which the relative addresses in the page would be wrong."""
    last = scope["raw_path"].decode("ascii", "replace").rpartition("/")[2]
    await RedirectResponse(f"{last}/", 308)(scope, receive, send)


def _is_any(name: str) -> bool:
    try:
        return ip_address(name).is_unspecified
    except ValueError:
        return not name


def _line(scope: Scope, route: str, status: int, seconds: float, sent: int) -> dict[str, Any]:
    received = Headers(scope=scope).get("content-length", "")
    return {
        "event": "request",
        "method": scope["method"] if scope["method"] in _METHODS else "other",
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "received": int(received) if received.isdecimal() and len(received) <= _MAX_DIGITS else None,
        "sent": sent,
        "client": (scope.get("client") or ("",))[0],
    }


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
