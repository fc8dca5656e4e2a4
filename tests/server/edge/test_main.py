"""The server as a process: it serves, logs, and refuses to start in clear words (test_visit: stops and kills)."""

import json
import time
from pathlib import Path

import httpx
import pytest

from common.errors import UserError
from common.settings import ServerSettings, Settings
from server.main import main, run
from tests.fakes.wire import NO_TLS
from tests.server.edge.harness import bearer
from tests.server.edge.real import RealServer, sign_on, sign_on_all


def test_it_serves_the_demonstration_bank(real: RealServer) -> None:
    assert httpx.get(f"{real.url}/healthz", verify=NO_TLS).json()["database"] == "ok"
    tokens = sign_on_all(real)
    assert {role.value for role in tokens} == {"kiosk", "teller", "authoriser", "engineer", "admin"}
    with httpx.Client(base_url=f"{real.url}/api/v1", timeout=20, verify=NO_TLS) as http:
        desk = http.get("/desk", headers=bearer(sign_on(real, "T-03"))).json()
        assert desk["machines"][0]["number"] == "K-02"
        key = http.get("/machines/me/pin-key", headers=bearer(sign_on(real, "K-02")))
        assert key.text.startswith("D0")


def _log_with(real: RealServer, route: str) -> str:
    """The log once a route stands in it: the line is written after the answer has gone out."""
    deadline = time.monotonic() + 10
    while route not in (text := real.log.read_text(encoding="utf-8")) or not text.endswith("\n"):
        assert time.monotonic() < deadline, "the request is not logged"
        time.sleep(0.01)
    return text


def test_the_log_is_json_and_tells_nothing_personal(real: RealServer) -> None:
    token = sign_on(real, "K-02")
    known = json.loads((real.data / "demo-credentials.json").read_text(encoding="utf-8"))
    text = _log_with(real, "POST /sessions")
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line["event"] == "request" and line["route"] == "POST /sessions" for line in lines)
    secrets = [token, *known["passwords"].values(), *known["cards"], *(c["pan"] for c in known["cards"].values())]
    assert [secret for secret in secrets if secret in text] == []


def test_a_taken_port_is_told_before_anything_is_opened(real: RealServer, tmp_path: Path) -> None:
    taken = Settings(data_dir=tmp_path / "none", server=ServerSettings(port=real.port))
    with pytest.raises(UserError) as caught:
        run(taken, ready=lambda url: None)
    assert caught.value.code == "port.taken"
    assert caught.value.params["port"] == real.port
    assert not taken.data_dir.exists()


@pytest.mark.expects_log("started without a judge of faces: every compared face goes to a second person")
def test_the_database_of_the_settings_stands_where_no_other_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str | None] = []

    def served(settings: Settings, **_: object) -> int:
        given.append(settings.server.database_url)
        return 0

    monkeypatch.setenv("GUITAI_SERVER__DATABASE_URL", "sqlite:///elsewhere.sqlite3")
    monkeypatch.setattr("server.main.run", served)
    monkeypatch.setattr("server.main.logs.configure", lambda *_, **__: None)
    assert main(["--data", str(tmp_path)]) == 0
    assert main(["--data", str(tmp_path), "--database", "sqlite:///here.sqlite3"]) == 0
    assert given == ["sqlite:///elsewhere.sqlite3", "sqlite:///here.sqlite3"]


def test_bad_words_are_one_line_and_status_2() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--port", "many"])
    assert caught.value.code == 2
