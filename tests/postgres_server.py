"""A PostgreSQL server for tests. Import the fixture `postgres` to use it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from glob import glob
from pathlib import Path

import pytest

PASSWORD = "p@ss/wörd"


def _programs() -> str:
    """Return the folder of initdb and pg_ctl, or "" if there is no server on this machine."""
    found = shutil.which("initdb")
    folders = [os.path.dirname(found)] if found else sorted(glob("/usr/lib/postgresql/*/bin"))
    return next((folder for folder in reversed(folders) if os.path.exists(os.path.join(folder, "initdb"))), "")


def _user() -> str:
    """Return the user to run the server as, since it refuses to run as root, or "" for the current user."""
    if os.geteuid():
        return ""
    return next(user.pw_name for name in ("postgres", "nobody") for user in pwd.getpwall() if user.pw_name == name)


def _run(*command: str) -> None:
    as_user = ["setpriv", f"--reuid={user}", "--clear-groups"] if (user := _user()) else []
    subprocess.run([*as_user, *command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a server, and yield the URL of an empty database on a Unix socket.

    The server also listens on the same port of 127.0.0.1, where the user postgres needs PASSWORD.
    """
    programs = _programs()
    if not programs:
        if os.environ.get("COMPONENTS_REQUIRED"):
            pytest.fail("there is no PostgreSQL server on this machine")
        pytest.skip("there is no PostgreSQL server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="postgres"))  # short, as the path of a socket must be
    try:
        yield from _serve(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(programs: str, folder: Path) -> Iterator[str]:
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD)
    if user := _user():
        shutil.chown(folder, user)
        shutil.chown(password, user)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}"]
    options += ["-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run(f"{programs}/initdb", "-D", str(data), *options)
    server = f"-k {folder} -p {port} -h 127.0.0.1 -F"
    _run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", f"{folder}/log", "-o", server, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}&port={port}"
    finally:
        _run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
