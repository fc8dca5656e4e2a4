"""The server as a process: it starts, says so, stops in time, and knows its clients when it is back."""

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from common.wire.signalling import Hello, Welcome, decode_from_server, encode
from tests.server.edge.harness import bearer
from tests.server.edge.real import PROJECT, RealServer, sign_on, sign_on_all


def test_it_serves_the_demonstration_bank(real: RealServer) -> None:
    assert httpx.get(f"{real.url}/healthz").json()["database"] == "ok"
    tokens = sign_on_all(real)
    assert {role.value for role in tokens} == {"kiosk", "teller", "authoriser", "admin"}
    with httpx.Client(base_url=f"{real.url}/api/v1", timeout=20) as http:
        desk = http.get("/desk", headers=bearer(sign_on(real, "T-03"))).json()
        assert desk["machines"][0]["number"] == "K-02"
        key = http.get("/machines/me/pin-key", headers=bearer(sign_on(real, "K-02")))
        assert key.text.startswith("D0")


async def test_a_stop_is_quick_and_says_goodbye_and_a_new_start_knows_the_session(seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "bank")
    first = await asyncio.to_thread(RealServer, data)
    try:
        token = await asyncio.to_thread(sign_on, first, "T-03")
        async with connect(first.ws_url) as socket:
            await socket.send(encode(Hello(token=token)))
            assert isinstance(decode_from_server(await socket.recv()).message, Welcome)
            status, more_output = await asyncio.to_thread(first.stop)
            await socket.wait_closed()
            assert (status, more_output, socket.close_code) == (0, "", 1012)
    finally:
        first.process.kill()
    again = await asyncio.to_thread(RealServer, data, "--port", str(first.port))
    try:
        async with connect(again.ws_url) as socket:
            await socket.send(encode(Hello(token=token)))
            assert isinstance(decode_from_server(await socket.recv()).message, Welcome)
    finally:
        await asyncio.to_thread(again.kill)


def test_the_log_is_json_and_tells_nothing_personal(real: RealServer) -> None:
    token = sign_on(real, "K-02")
    known = json.loads((real.data / "demo-credentials.json").read_text(encoding="utf-8"))
    text = real.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line["event"] == "request" and line["route"] == "POST /sessions" for line in lines)
    secrets = [token, *known["passwords"].values(), *known["cards"], *(c["pan"] for c in known["cards"].values())]
    assert [secret for secret in secrets if secret in text] == []


def test_a_taken_port_is_one_clear_line(real: RealServer, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "server.main", "--data", str(tmp_path), "--port", str(real.port)]
    ended = subprocess.run(arguments, capture_output=True, text=True, cwd=PROJECT, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("server: server.cannot_listen host=127.0.0.1")
    assert ended.stderr.count("\n") == 1
