"""The edge and the services together: a visit begins, a task goes its way, and the server dies in between."""

import asyncio
import json
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from common.wire.signalling import (
    CallEnded,
    CallStarted,
    CaseChanged,
    DeskChanged,
    Hello,
    QueueChanged,
    Ringing,
    RingingStopped,
    SetPresence,
    Welcome,
)
from tests.fakes.wire import NO_TLS
from tests.server.edge.harness import Client, bearer
from tests.server.edge.real import RealServer, sign_on


class Window(Client):
    """A signed-on client with both its lines: REST and signalling."""

    http: httpx.AsyncClient

    async def command(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = await self.http.post(path, json=body, headers=key)
        assert answer.is_success, (path, answer.text)
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def window(server: RealServer, login: str, token: str | None = None) -> AsyncIterator[Window]:
    token = token or str(await asyncio.to_thread(sign_on, server, login))
    async with (
        connect(server.ws_url, compression=None) as socket,
        httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers=bearer(token), timeout=20, verify=NO_TLS) as http,
    ):
        one = Window(socket, login)
        one.http = http
        await one.send(Hello(token=token))
        await one.expect(Welcome)
        yield one


def track2(server: RealServer) -> str:
    known = json.loads((server.data / "demo-credentials.json").read_text(encoding="utf-8"))
    first: str = next(iter(known["cards"].values()))["track2"]
    return first


async def arrive(server: RealServer, kiosk: Window) -> str:
    """A customer opens a case and is in the queue."""
    case_id: str = (await kiosk.command("/cases", {"scenario": "cash_withdrawal", "language": "zh"}))["id"]
    case = await kiosk.command(f"/cases/{case_id}/card", {"track2": track2(server)})
    assert case["customer_step"] == "queue"
    return case_id


@pytest.fixture
async def bank(seeded: Path, tmp_path: Path) -> AsyncIterator[RealServer]:
    """A server of its own, whatever becomes of it."""
    data = shutil.copytree(seeded, tmp_path / "bank")
    server = await asyncio.to_thread(RealServer, data)
    yield server
    server.process.kill()
    server.process.communicate()


async def test_a_visit_from_the_ring_to_goodbye(bank: RealServer) -> None:
    async with window(bank, "K-02") as kiosk, window(bank, "T-03") as teller:
        case_id = await arrive(bank, kiosk)
        assert (await kiosk.expect(QueueChanged)).position == 1
        await teller.expect(DeskChanged)
        await teller.send(SetPresence(state="ready"))
        assert (await teller.expect(Ringing)).case_id == case_id
        case = await teller.command(f"/cases/{case_id}/answer")
        assert (case["ticket"]["state"], case["customer_step"]) == ("serving", "talk")
        await kiosk.expect(CaseChanged, lambda one: one.version == case["version"])
        assert (await teller.expect(RingingStopped)).reason == "answered"
        assert (await kiosk.expect(CallStarted)).peers[0].number == "T-03"
        await teller.expect(CallStarted)
        assert (await teller.http.get("/desk")).json()["state"] == "serving"
        await teller.command(f"/cases/{case_id}/cancel", {"reason": "customer_left"})
        assert [one for one in await kiosk.all_until_now() if isinstance(one, CallEnded)] == []
        await kiosk.command(f"/cases/{case_id}/card/state", {"state": "returned"})
        await kiosk.command(f"/cases/{case_id}/card/state", {"state": "taken"})
        assert (await kiosk.expect(CallEnded)).reason == "case_ended"
        assert (await teller.http.get("/desk")).json()["state"] == "after_call"


async def test_the_server_dies_while_it_rings_and_is_restarted_while_they_talk(bank: RealServer) -> None:
    async with window(bank, "K-02") as kiosk, window(bank, "T-03") as teller:
        case_id = await arrive(bank, kiosk)
        await teller.send(SetPresence(state="ready"))
        await teller.expect(Ringing)
        tokens = [kiosk.http.headers["authorization"][7:], teller.http.headers["authorization"][7:]]
        await asyncio.to_thread(bank.kill)
    second = await asyncio.to_thread(RealServer, bank.data)
    try:
        async with window(second, "K-02", tokens[0]) as kiosk, window(second, "T-03", tokens[1]) as teller:
            await teller.send(SetPresence(state="ready"))
            assert (await teller.expect(Ringing)).case_id == case_id
            await teller.command(f"/cases/{case_id}/answer")
            first_call = (await kiosk.expect(CallStarted)).call_id
            await teller.expect(CallStarted)
            assert await asyncio.to_thread(second.stop) == (0, "")
            assert (await kiosk.closed(), await teller.closed()) == (1012, 1012)
        third = await asyncio.to_thread(RealServer, bank.data)
    finally:
        second.process.kill()
    try:
        async with window(third, "K-02", tokens[0]) as kiosk, window(third, "T-03", tokens[1]) as teller:
            again = await kiosk.expect(CallStarted)
            assert (again.case_id, again.generation) == (case_id, 1)
            assert again.call_id != first_call
            assert (await teller.expect(CallStarted)).call_id == again.call_id
            assert (await teller.http.get(f"/cases/{case_id}")).json()["ticket"]["state"] == "serving"
    finally:
        third.process.kill()
        third.process.communicate()
