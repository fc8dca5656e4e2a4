"""A private PostgreSQL for tests, where Debian's server is installed: on loopback, gone when the tests are done."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNPRIVILEGED = "nobody"


def binaries() -> Path | None:
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

    def fresh_url(self, template: str = "template1") -> str:
        """Address of a database that nobody has used yet; ``template``: name of the one it is a copy of."""
        self._databases += 1
        name = f"bank{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "guitai", "-T", template, name)
        return f"postgresql+psycopg://guitai@127.0.0.1:{self._port}/{name}"

    def close(self) -> None:
        """Stop it; only this one."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")


@contextmanager
def private_postgres(found: Path) -> Iterator[PrivatePostgres]:
    """One cluster for a whole run."""
    folder = Path("/tmp") / f"guitai-pg-{os.getpid()}"
    made = PrivatePostgres(found, folder)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder)
