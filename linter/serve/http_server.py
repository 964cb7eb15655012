"""Run the service until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from linter import __version__
from linter.serve import app
from linter.serve.guard import standard_error_log
from linter.serve.service_settings import Settings
from linter.workers import Work

_HEADER_SECONDS = 10.0  # for the head of a request
_KEEP_ALIVE_SECONDS = 15
GRACE_SECONDS = 5  # for the response, after the time limits of a request, when the service is stopped
_MAX_HEAD = 16_384  # bytes
_GARBAGE = 5000  # new objects after which Python collects garbage
_MAX_CONNECTIONS = 500  # most systems let a process open 1,024 files


def serve(make: Callable[[], Work], settings: Settings, listening: socket.socket) -> int:
    """Serve requests on a listening socket until SIGINT or SIGTERM, and return the exit status.

    `make` returns the function that does the work of a worker process. Requests that are being answered when the signal
    arrives are completed.
    """
    config = uvicorn.Config(
        app.create(make, settings),
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2 * settings.seconds + GRACE_SECONDS,  # a request may wait as long as it may take
        h11_max_incomplete_event_size=_MAX_HEAD,
    )
    _log_as_json()
    gc.freeze()
    gc.set_threshold(_GARBAGE)  # connections leave reference cycles, unlike articles
    server = uvicorn.Server(config)

    def stop(*_: object) -> None:  # uvicorn also raises the signal again when the service has stopped
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with suppress(SystemExit):  # uvicorn could not start
        server.run(sockets=[listening])
    return 0 if server.started else 2


class Protocol(H11Protocol):
    """uvicorn's protocol for HTTP, with limits for the time of a request's head and for the number of connections."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > _MAX_CONNECTIONS:
            self._close_another()
        # uvicorn sends head and body separately; otherwise, the system would hold back the body for 40 ms. asyncio does
        # this only for sockets that were created with the number of the protocol.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._due is None and not self._is_answering:
            self._expect_head()
        super().data_received(data)
        if self._due and self._is_answering:
            self._due.cancel()
            self._due = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._due:
            self._due.cancel()
        super().connection_lost(exc)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _close_another(self) -> None:
        """Close a connection that waits for a head, or this one if there is none. So idle clients block no others."""
        others = (each for each in self.connections if isinstance(each, Protocol) and each is not self)
        next((each for each in others if not each._is_answering), self).transport.abort()

    def _expect_head(self) -> None:
        self._due = self.loop.call_later(_HEADER_SECONDS, self.transport.close)


class _JsonLines(logging.Handler):
    """Writes the log of uvicorn as lines of JSON, without tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        message = record.getMessage().rstrip().rpartition("\n")[2]  # of a traceback, the error
        values: dict[str, Any] = {"event": "server", "level": record.levelname.lower(), "message": message}
        if record.exc_info and record.exc_info[0]:
            values["error"] = record.exc_info[0].__name__
        standard_error_log(values)


def _log_as_json() -> None:
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_JsonLines()], False
        logger.setLevel(logging.WARNING)


def announce(settings: Settings, listening: socket.socket) -> None:
    """Print the address of the service on standard error."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    where = f"http://{shown}:{port}{settings.root_path}/"
    standard_error_log({"event": "start", "version": __version__, "url": where, "workers": settings.jobs})
    if sys.stderr.isatty():
        print(f"copydesk: open {where} in a browser; to stop, press Ctrl+C", file=sys.stderr)
