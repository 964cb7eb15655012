"""The routes of the service."""

from __future__ import annotations

import json
import marshal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from linter import __version__
from linter.serve import front_page, guard, languagetool, openapi
from linter.serve.answers import JSON, PLAIN, Answer, Refusal
from linter.serve.guard import ENCODED, Guard, Log, read_body
from linter.serve.metrics import MEDIA_TYPE, Metrics
from linter.serve.pool import Busy, Died, Pool, TimeLimit
from linter.serve.service_settings import Settings
from linter.workers import Work

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_READY = ("ready", b"")  # the first task of each process
WAITING = 64  # requests that may wait for a worker process
_DOCX_FACTOR = 20  # a document with images is larger than its text
_FORM = "application/x-www-form-urlencoded"
_BUSY = "The service is busy; try again in a moment."
_DIED = "The worker process died, for example because memory ran out; please report it."
_NOT_STARTED = "copydesk: a worker process did not start; if memory is short, use fewer processes (--jobs)"
_COMPRESSION = 1  # of 9; the highest takes four times as long for a tenth fewer bytes
_MAX_BODIES = 192  # bodies that may arrive at the same time, so that slow ones leave room for other requests
_MAX_UNKNOWN_BODIES = 32  # of these, those that may be from clients without the token
_TOO_MANY = "The service receives too many articles at once; try again in a moment."
_PAGE_HEADERS = {"cache-control": "no-cache"}

Handler = Callable[[Request], Awaitable[Response]]


def create(make: Callable[[], Work], settings: Settings, log: Log = guard.standard_error_log) -> ASGIApp:
    """Return the service as an ASGI application.

    `make` returns the function that does the work of a worker process. `log` takes the values of each log line.
    """
    metrics = Metrics()
    pool = Pool(
        make,
        _READY,
        jobs=settings.jobs,
        seconds=settings.seconds,
        waiting=WAITING,
        on_end=metrics.worker_ended,
    )
    service = Service(settings, pool, metrics)
    metrics.watch("requests_waiting", "Requests that wait for a worker process.", lambda: pool.waiting)
    metrics.watch("workers", "Worker processes.", lambda: pool.size)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            await pool.start()
            yield
        except (Died, OSError):
            raise RuntimeError(_NOT_STARTED) from None
        finally:
            await pool.close()

    handlers: dict[Any, Any] = {HTTPException: _http_error, Refusal: guard.refuse, Exception: guard.fail}
    compressed = Middleware(GZipMiddleware, compresslevel=_COMPRESSION)
    app = Starlette(routes=service.routes(), middleware=[compressed], exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False  # behind a proxy, it would redirect to plain HTTP, without the prefix
    return CORSMiddleware(
        Guard(app, settings, metrics, log),
        allow_origins=[*settings.origins],
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
    )


class Service:
    """The handlers of the routes."""

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings, self._pool, self._metrics = settings, pool, metrics
        self._bodies = self._unknown_bodies = 0
        self._page, self._policy = front_page.render(__version__, settings.max_bytes)
        self._api = json.dumps(openapi.document(settings)).encode()

    def routes(self) -> list[Route]:
        """Return all routes."""
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/", self._front_page),
            ("POST", "/check", partial(self._json, "check")),
            ("POST", "/fix", partial(self._json, "fix")),
            ("POST", "/view", partial(self._json, "view")),
            ("POST", "/convert", self._convert),
            ("GET", "/rules", self._rules),
            ("GET", "/rules/{pack}/{id}", self._rule),
            ("GET", "/healthz", self._health),
            ("GET", "/metrics", self._show_metrics),
            ("GET", "/openapi.json", self._openapi),
            ("POST", "/v2/check", self._languagetool),
            ("GET", "/v2/check", self._languagetool),
            ("GET", "/v2/languages", self._languages),
            ("GET", "/v2/maxtextlength", self._max_text_length),
            ("GET", "/v2/info", self._info),
        ]
        return [Route(path, _named(path, handler), methods=[method]) for method, path, handler in table]

    async def _front_page(self, _: Request) -> Response:
        return Response(
            self._page, headers={**_PAGE_HEADERS, "content-security-policy": self._policy}, media_type="text/html"
        )

    async def _json(self, task: str, request: Request) -> Response:
        _require_type(request, ("application/json",))
        return await self._run(task, await self._body(request))

    async def _convert(self, request: Request) -> Response:
        media_type = _require_type(request, ("application/json", DOCX))
        most = self._settings.max_bytes * (_DOCX_FACTOR if media_type == DOCX else 1)
        return await self._run("docx" if media_type == DOCX else "convert", await self._body(request, most))

    async def _rules(self, _: Request) -> Response:
        return await self._run("rules")

    async def _rule(self, request: Request) -> Response:
        name = f"{request.path_params['pack']}/{request.path_params['id']}"
        return await self._run("rule", name.encode("utf-8", "replace"))

    async def _health(self, _: Request) -> Response:
        ready = self._pool.size > 0
        values = {"status": "ok" if ready else "unavailable", "version": __version__, "workers": self._pool.size}
        return Response(json.dumps(values), 200 if ready else 503, media_type=JSON)

    async def _show_metrics(self, _: Request) -> Response:
        return Response(self._metrics.text(), media_type=MEDIA_TYPE)

    async def _openapi(self, _: Request) -> Response:
        return Response(self._api, media_type=JSON)

    async def _languagetool(self, request: Request) -> Response:
        encoded = request.scope["query_string"]
        if request.method == "POST":
            _require_type(request, (_FORM,))
            is_known = guard.has_token(self._settings, request.headers, encoded)
            body = await self._body(request, self._settings.max_bytes * ENCODED, is_known=is_known)
            encoded = b"&".join(filter(None, (body, encoded)))
        if not guard.has_token(self._settings, request.headers, encoded):
            raise Refusal(403, "A token is needed: send it as the parameter 'apiKey'.")
        if len(encoded) - 2 * encoded.count(b"%") > self._settings.max_bytes:
            raise Refusal(413, f"The text is too long; it may have {self._settings.max_bytes:,} bytes.")
        return await self._run("languagetool", encoded)

    async def _languages(self, _: Request) -> Response:
        return Response(json.dumps(languagetool.languages()), media_type=JSON)

    async def _max_text_length(self, _: Request) -> Response:
        return Response(str(self._settings.max_bytes), media_type=PLAIN)

    async def _info(self, _: Request) -> Response:
        return Response(json.dumps(languagetool.info()), media_type=JSON)

    async def _body(self, request: Request, most: int = 0, *, is_known: bool = True) -> bytes:
        """Return the body of a request, of at most `most` bytes. `is_known` is false if it may lack the token."""
        if self._bodies >= _MAX_BODIES or (not is_known and self._unknown_bodies >= _MAX_UNKNOWN_BODIES):
            raise Refusal(503, _TOO_MANY, retry_after="1", connection="close")
        self._bodies += 1
        self._unknown_bodies += not is_known
        try:
            return await read_body(request, most or self._settings.max_bytes, self._settings.seconds)
        finally:
            self._bodies -= 1
            self._unknown_bodies -= not is_known

    async def _run(self, task: str, body: bytes = b"") -> Response:
        """Return the answer of a worker process to a task."""
        try:
            answer = Answer(*marshal.loads(await self._pool.run((task, body))))
        except Busy:
            raise Refusal(429, _BUSY, retry_after="1") from None
        except TimeLimit:
            why = f"This article takes longer than the time limit ({self._settings.seconds:g} s); split it."
            raise Refusal(503, why) from None
        except Died:
            raise Refusal(503, _DIED) from None
        self._metrics.findings(answer.counts)
        return Response(answer.body, answer.status, media_type=answer.media_type)


def _named(path: str, handler: Handler) -> Handler:
    """Return a handler that notes its route for the log."""

    async def handle(request: Request) -> Response:
        request.scope["copydesk.route"] = path
        return await handler(request)

    return handle


async def _http_error(request: Request, error: Exception) -> Response:
    """Return the response for a path or a method that does not exist."""
    assert isinstance(error, HTTPException)
    message = {404: "There is nothing at this path.", 405: "This path does not support this method."}
    text = message.get(error.status_code, "The request is not valid.")
    return guard.refusal(request.scope["path"], Refusal(error.status_code, text, **(error.headers or {})))


def _require_type(request: Request, expected: Iterable[str]) -> str:
    """Return the media type of a body. Raises Refusal if it is none of `expected`."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in expected:
        raise Refusal(415, f"The content type must be {' or '.join(expected)}.")
    return given
