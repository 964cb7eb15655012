"""Start an HTTP service: a page for editors, an API for publishing systems, and the protocol of LanguageTool.

Open the address that the command prints. By default, only programs on this machine can use the service. To let other
machines use it, choose an address with --host, and a token with --token-file. docs/service.md describes the API, and
how to run the service behind a proxy.
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Callable
from functools import partial

from linter import output, workers
from linter.cli import NO_FOLDER, options
from linter.config.config import BadConfig
from linter.extensions import OptionGroup
from linter.serve import service_settings

_MISSING = "copydesk: the service needs the package {}; install copydesk with its extra, “copydesk[serve]”"
_OPEN = "copydesk: --host {}: other machines can reach this address; name a file with a token: --token-file FILE"
_NO_ADDRESS = "copydesk: cannot listen on {}, port {}: {}; choose another address with --host and --port"
_MAX_PORT = 65_535
_DEFAULTS = service_settings.Settings()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk serve [OPTION …]"
    _add_address(parser.add_argument_group("address"))
    _add_access(parser.add_argument_group("access"))
    _add_limits(parser.add_argument_group("limits"))
    options.add_rule_options(parser)


def _add_address(group: OptionGroup) -> None:
    host, port = _DEFAULTS.host, _DEFAULTS.port
    group.add_argument("--host", default=host, metavar="ADDRESS", help=f"listen here (default: {host})")
    group.add_argument(
        "--port", type=_port, default=port, help=f"listen on this port (default: {port}; 0: any free one)"
    )
    group.add_argument(
        "--root-path",
        type=_checked(service_settings.prefix_of),
        default="",
        metavar="PATH",
        help="the path under which a reverse proxy shows the service, such as /copydesk",
    )


def _add_access(group: OptionGroup) -> None:
    group.add_argument("--token-file", metavar="FILE", help="requests need the token in this file")
    group.add_argument(
        "--allow-origin",
        type=_checked(service_settings.origin_of),
        action="append",
        default=[],
        metavar="ORIGIN",
        help="web pages that may send requests, such as https://cms.example.org",
    )
    group.add_argument(
        "--allow-host",
        type=_checked(service_settings.host_of),
        action="append",
        default=[],
        metavar="NAME",
        help="another name of this service, such as copydesk.example.org",
    )


def _add_limits(group: OptionGroup) -> None:
    group.add_argument(
        "--max-bytes",
        type=options.number(" of bytes, such as 500000", least=1),
        default=_DEFAULTS.max_bytes,
        metavar="N",
        help=f"maximum size of a request (default: {_DEFAULTS.max_bytes})",
    )
    group.add_argument(
        "--timeout",
        type=options.number(" of seconds, such as 10", least=1),
        default=_DEFAULTS.seconds,
        metavar="SECONDS",
        help=f"time limit for a request (default: {_DEFAULTS.seconds})",
    )
    options.add_jobs_option(group)


def run(given: argparse.Namespace) -> int:
    """Serve requests until the process is interrupted or terminated; return the exit status.

    Returns 2 if a package is missing, or if the service cannot start. Raises BadConfig for mistakes in the settings.
    """
    _require_folder()
    try:
        import mammoth  # type: ignore[import-untyped]  # noqa: F401
        import markdownify  # noqa: F401
        import prometheus_client  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        output.to_standard_error(_MISSING.format(error.name))
        return 2
    from linter.api import Linter
    from linter.serve import http_server, tasks

    if not (service_settings.is_loopback(given.host) or given.token_file):
        raise BadConfig([_OPEN.format(given.host)])
    token = service_settings.read_token(given.token_file) if given.token_file else ""
    bundle = Linter.of(options.run_options(given)).bundle()
    settings = service_settings.Settings(
        host=given.host,
        port=given.port,
        token=token,
        origins=frozenset(given.allow_origin),
        hosts=frozenset(given.allow_host),
        root_path=given.root_path,
        max_bytes=given.max_bytes,
        seconds=given.timeout,
        jobs=given.jobs or workers.usable_cpus(),
    )
    with _listening(given.host, given.port) as listening:
        http_server.announce(settings, listening)
        return http_server.serve(partial(tasks.work_with, bundle), settings, listening)


def _require_folder() -> None:
    """Raise BadConfig if worker processes cannot change to the working folder, as after `sudo -u` in a private one."""
    try:
        os.chdir(os.getcwd())
    except OSError as error:
        raise BadConfig([f"copydesk: {NO_FOLDER.format(error.strerror)}"]) from None


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address. Raises BadConfig if that is not possible."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]  # Python adds the address
        raise BadConfig([_NO_ADDRESS.format(host, port, reason)]) from None


def _checked(convert: Callable[[str], str]) -> Callable[[str], str]:
    """Return a converter for the `type` of an argparse option, which prints the message of a ValueError."""

    def value(text: str) -> str:
        try:
            return convert(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return value


def _port(text: str) -> int:
    what = f" of a port, from 0 to {_MAX_PORT}"
    port = options.number(what)(text)
    if port > _MAX_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number{what}")
    return port
