"""The settings of the service."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from linter.config.config import BadConfig

_MIN_TOKEN = 16  # characters
MAX_FIELDS = 40  # parameters of a form
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_TOKEN = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9._-]+", re.IGNORECASE)
_PREFIX = re.compile(r"(?:/[\w.~-]+)+", re.ASCII)


class Settings(NamedTuple):
    """The settings of the service.

    `token` is "" if requests need none. `origins` are the web pages, besides the own page, from which browsers may send
    requests, such as `https://cms.example.org`. `hosts` are names, in lowercase, under which clients may call the
    service, besides its address. `root_path` is the path under which a reverse proxy shows the service, such as
    `/copydesk`, or "". `max_bytes` is the maximum size of a request body. `seconds` is the time limit for one request,
    and `jobs` is the number of worker processes.
    """

    host: str = "127.0.0.1"
    port: int = 8075
    token: str = ""
    origins: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    root_path: str = ""
    max_bytes: int = 500_000
    seconds: int = 10
    jobs: int = 1


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach a service on the address or name `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def read_token(file: str) -> str:
    """Return the token in a file, without white space around it. Raises BadConfig if it is missing or too weak."""
    try:
        with open(file, encoding="utf-8") as opened:
            token = opened.read(10_000).strip()
    except OSError as error:
        raise BadConfig([f"copydesk: --token-file {file}: {error.strerror}"]) from None
    except UnicodeError:
        raise BadConfig([f"copydesk: --token-file {file}: the file is not text"]) from None
    if not _TOKEN.fullmatch(token) or len(token) < _MIN_TOKEN:
        rule = f"a token needs at least {_MIN_TOKEN} ASCII letters, digits and signs, without spaces"
        raise BadConfig([f"copydesk: --token-file {file}: {rule}; “openssl rand -hex 32” prints one"])
    return token


def origin_of(text: str) -> str:
    """Return an origin in the form that browsers send. Raises ValueError with a message if `text` is not an origin."""
    parts = urlsplit(text)
    wrong = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc or "*" in text
    if wrong or not parts.scheme or not parts.netloc:
        raise ValueError(f"“{text}” is not an origin such as https://cms.example.org")
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return origin.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))  # which browsers leave out


def host_of(text: str) -> str:
    """Return a host name in lowercase. Raises ValueError with a message if `text` is not a host name."""
    if not _HOST.fullmatch(text):
        raise ValueError(f"“{text}” is not a host name such as copydesk.example.org; leave out the port")
    return text.lower().rstrip(".")


def prefix_of(text: str) -> str:
    """Return a root path without a slash at its end. Raises ValueError with a message if `text` is not such a path."""
    path = text.rstrip("/")
    if path and not _PREFIX.fullmatch(path):
        raise ValueError(f"“{text}” is not a path such as /copydesk")
    return path
