"""The protocol of pygls, with corrections for version 2.1 of pygls."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from pygls.protocol import LanguageServerProtocol


class Protocol(LanguageServerProtocol):
    """The protocol of pygls, with corrections.

    - The result of a notification is discarded. In pygls, it stays in memory until the server ends.
    - No error is logged if the server ends while a command is running.
    - A message to a client that no longer reads is dropped. The server ends when the client closes its input.
    """

    def _send_data(self, data: Any) -> None:
        with suppress(BrokenPipeError):
            super()._send_data(data)

    def _execute_handler(self, msg_id: Any, handler: Any, callback: Any, args: Any = None, kwargs: Any = None) -> None:
        def finish(future: Any) -> None:
            loop = asyncio.get_running_loop()
            if future.cancelled():
                loop.call_soon(callback, future)  # pygls may be iterating over the futures
            else:
                callback(future)
            loop.call_soon(self._request_futures.pop, msg_id, None)

        super()._execute_handler(msg_id, handler, finish, args, kwargs)

    def _run_generator(self, future: Any, *, gen: Any, result_future: Any) -> None:
        if future is not None and future.cancelled():
            gen.close()
            result_future.cancel()
        else:
            super()._run_generator(future, gen=gen, result_future=result_future)
