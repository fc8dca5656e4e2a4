"""The store's contract runs on SQLite and, where Debian's server is installed, on a private PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.database import Database, sqlite_url

UNPRIVILEGED = "nobody"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PrivatePostgres:
    """A server of our own on loopback; PostgreSQL refuses to run as root, so root lends it to `nobody`."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._data = binaries, folder / "data"
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        folder.mkdir(parents=True)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._port, self._databases = _free_port(), 0
        self._run("initdb", "-D", str(self._data), "-U", "guitai", "-A", "trust", "-N", "--encoding=UTF8", "--locale=C")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", str(folder / "log"), "-w", "start")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._binaries / program), *words]
        subprocess.run(command, check=True, cwd="/", user=self._user, stdout=subprocess.DEVNULL, env={"LC_ALL": "C"})

    def fresh_url(self) -> str:
        self._databases += 1
        name = f"bank{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "guitai", name)
        return f"postgresql+psycopg://guitai@127.0.0.1:{self._port}/{name}"

    def close(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's initdb is not installed: apt install postgresql")
    folder = Path("/tmp") / f"guitai-pg-{os.getpid()}"
    made = PrivatePostgres(binaries, folder)
    yield made
    made.close()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return server.fresh_url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    made.migrate()
    yield made
    made.close()
