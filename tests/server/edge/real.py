"""The real server as a process of its own, with the demonstration bank."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from common.wire.sessions import Role
from tests.fakes.wire import NO_TLS

PROJECT = Path(__file__).resolve().parents[3]
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 15.0
"""The server itself promises three seconds (``test_stop.py`` counts them); a busy machine needs longer to let it."""


class RealServer:
    """``python -m server.main`` on a directory; may be started again on the same one."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.log = data / "server.err"
        with self.log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server.main", "--data", str(data), *options],
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=PROJECT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                text=True,
            )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        assert first.startswith("ready http://"), self.log.read_text()[-2000:]
        self.url = first.removeprefix("ready ").strip()

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws") + "/ws/v1"

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self) -> tuple[int, str]:
        """Exit status, and what was written to standard output after the first line."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended(STOPS_WITHIN_S)

    def kill(self) -> None:
        """No goodbye: as when the machine loses power."""
        self.process.kill()
        self._ended(STOPS_WITHIN_S)

    def _ended(self, within_s: float) -> tuple[int, str]:
        try:
            out, _ = self.process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            # Left behind it would fail some later test that has nothing to do with it.
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, out


DEMO_LOGINS = {
    Role.KIOSK: "K-02", Role.TELLER: "T-03", Role.AUTHORISER: "A-07", Role.ADMIN: "ADMIN", Role.ENGINEER: "E-01",
}  # fmt: skip


def sign_on(real: RealServer, login: str) -> str:
    """A token for a user of the demonstration bank."""
    known = json.loads((real.data / "demo-credentials.json").read_text(encoding="utf-8"))
    body = {"login": login, "password": known["passwords"][login]}
    answer = httpx.post(f"{real.url}/api/v1/sessions", json=body, timeout=20, verify=NO_TLS)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def sign_on_all(real: RealServer) -> Mapping[Role, str]:
    """A token for one user of each role."""
    return {role: sign_on(real, login) for role, login in DEMO_LOGINS.items()}
