"""A client that does everything wrong: the standard's own answers, nothing moved, no crash."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from devices.sim.main import Endpoints, Vtm
from devices.xfs.envelope import Dialect
from devices.xfs.uris import service_uri
from tests.devices.rig import assert_conformant, soon, start_vtm


class Stranger:
    """A bare WebSocket client."""

    def __init__(self, socket: ClientConnection, vtm: Vtm) -> None:
        self.socket = socket
        self.vtm = vtm

    async def say(self, text: str) -> dict[str, Any]:
        """Send a text; the header of the first message that comes back."""
        await self.socket.send(text)
        return dict(json.loads(await soon(self.socket.recv()))["header"])

    async def header(self) -> dict[str, Any]:
        return dict(json.loads(await soon(self.socket.recv()))["header"])


@pytest.fixture
async def vtm(tmp_path: Path) -> AsyncIterator[tuple[Vtm, Endpoints]]:
    machine, endpoints = await start_vtm(tmp_path, tmp_path / "trace.jsonl")
    total = machine.recycler.places.total()
    yield machine, endpoints
    assert machine.recycler.places.total() == total
    await machine.close()
    assert_conformant(tmp_path / "trace.jsonl", directions="<")


@pytest.fixture
async def stranger(vtm: tuple[Vtm, Endpoints]) -> AsyncIterator[Stranger]:
    machine, endpoints = vtm
    uri = service_uri("127.0.0.1", endpoints.port, "CashRecycler")
    async with connect(uri, proxy=None, max_queue=None) as socket:  # a flood must not stand in the way of the close
        yield Stranger(socket, machine)


def command(name: str, number: object = 1, version: str = "2.0", payload: object = None) -> str:
    body: dict[str, Any] = {"header": {"type": "command", "name": name, "version": version, "requestId": number}}
    if payload is not None:
        body["payload"] = payload
    return json.dumps(body)


def timed(milliseconds: str) -> str:
    """A command with a time limit as it is spelled here."""
    return command("CashManagement.Reset", 75).replace('"requestId": 75', f'"requestId": 75, "timeout": {milliseconds}')


HUGE_AMOUNT = {"request": {"denomination": {"service": {"currencies": {"CNY": 999}}}}}


@pytest.mark.parametrize(
    ("text", "status", "number"),
    [
        ("{nonsense", "invalidMessage", 1),
        ("", "invalidMessage", 1),
        ("null", "invalidMessage", 1),
        ('{"header":{"name":"Common.Status","requestId":7,', "invalidMessage", 7),
        (command("Common.Status", 0), "invalidRequestID", 1),
        (command("Common.Status", -5), "invalidRequestID", 1),
        (command("Common.Status", "3"), "invalidRequestID", 1),
        (command("Common.Status", True), "invalidRequestID", 1),
        (command("Common.Status", 4).replace('"command"', '"completion"'), "invalidMessage", 4),
        (command("Status", 4), "invalidMessage", 4),
        (command("Common.Status", 4, payload=[]), "invalidMessage", 4),
        (command("Common.Status", 9) + " " * 10_000_000, "invalidMessage", 9),
        ('{"a":' + "[" * 20_000, "invalidMessage", 1),
        (command("Common.Status", 10**400), "invalidMessage", 1),
        (timed("1" + "0" * 400), "invalidMessage", 75),
        (timed("1" + "0" * 5000), "invalidMessage", 75),
        (timed("1e400"), "invalidMessage", 75),
        (timed("1e999999999"), "invalidMessage", 75),
        (timed("1e99999999999999999999"), "invalidMessage", 75),
        (timed("1e-99999999999999999999"), "invalidMessage", 75),
        (
            command("CashDispenser.Denominate", 8, payload=HUGE_AMOUNT).replace("999", "1e999999999"),
            "invalidMessage",
            8,
        ),
    ],
)
async def test_what_is_no_command_is_not_accepted(stranger: Stranger, text: str, status: str, number: int) -> None:
    header = await stranger.say(text)
    assert (header["type"], header["status"], header["requestId"]) == ("acknowledge", status, number)
    assert (await stranger.say(command("Common.Status", 100)))["requestId"] == 100


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (command("CashDispenser.Explode"), "invalidCommand"),
        (command("Nothing.AtAll"), "invalidCommand"),
        (command("CardReader.Move"), "unsupportedCommand"),
        (command("CashAcceptor.CreateSignature"), "unsupportedCommand"),
        (command("CashDispenser.Dispense", version="2.0"), "unsupportedCommand"),
        (command("CashDispenser.Dispense", version="3.0"), "invalidData"),
        (command("CashDispenser.Present", payload={"position": "roof"}), "invalidData"),
        (command("CashDispenser.Present", payload={"extra": 1}), "invalidData"),
        (command("CashAcceptor.CashIn", payload={"extra": 1}), "invalidData"),
        (command("CashDispenser.Present", payload={"position": "outLeft"}), "commandErrorCode"),
        (command("CashManagement.Retract", payload={"location": {"retractArea": "reject"}}), "commandErrorCode"),
        (command("CashAcceptor.CashInEnd"), "commandErrorCode"),
    ],
)
async def test_commands_that_cannot_be_done_complete_with_the_standards_code(
    stranger: Stranger, text: str, code: str
) -> None:
    acknowledge = await stranger.say(text)
    assert (acknowledge["type"], acknowledge.get("status")) == ("acknowledge", None)
    completion = await stranger.header()
    assert (completion["type"], completion["completionCode"]) == ("completion", code)


async def test_an_id_in_use_is_refused_and_the_first_command_lives_on(stranger: Stranger) -> None:
    assert (await stranger.say(command("CashAcceptor.CashInStart", 1)))["type"] == "acknowledge"
    assert (await stranger.header())["type"] == "completion"
    assert "status" not in await stranger.say(command("CashAcceptor.CashIn", 2))
    while (await stranger.header())["name"] != "CashAcceptor.InsertItemsEvent":
        continue
    await stranger.socket.send(command("Common.Status", 2))
    while (header := await stranger.header())["type"] != "acknowledge":
        continue
    assert (header["requestId"], header["status"]) == (2, "invalidRequestID")
    await stranger.socket.send(command("Common.Cancel", 3, payload={"requestIds": [2]}))
    while (header := await stranger.header())["type"] != "completion" or header["requestId"] != 2:
        continue
    assert (header["name"], header["completionCode"]) == ("CashAcceptor.CashIn", "canceled")


async def test_cancel_takes_the_own_commands_only(stranger: Stranger) -> None:
    assert (await stranger.say(command("Common.Cancel", 1, payload={"requestIds": [77]})))["type"] == "acknowledge"
    assert (await stranger.header())["completionCode"] == "commandErrorCode"
    await stranger.say(command("CashAcceptor.CashInStart", 2))
    await stranger.header()
    await stranger.socket.send(command("CashAcceptor.CashIn", 3))
    await stranger.socket.send(command("CashManagement.Reset", 4))
    while (await stranger.header())["name"] != "CashAcceptor.InsertItemsEvent":
        continue
    await stranger.socket.send(command("Common.Cancel", 5))
    ends: list[tuple[int, str | None]] = []
    while len(ends) < 3:
        header = await stranger.header()
        if header["type"] == "completion":
            ends.append((header["requestId"], header.get("completionCode")))
    assert ends[0] == (5, None)
    assert sorted(ends[1:]) == [(3, "canceled"), (4, "canceled")]


async def test_a_flood_is_told_to_wait(stranger: Stranger) -> None:
    await stranger.say(command("CashAcceptor.CashInStart", 1))
    await stranger.header()
    for number in range(2, 300):
        await stranger.socket.send(command("CashAcceptor.CashIn", number))
    seen = set()
    while "tooManyRequests" not in seen:
        seen.add((await stranger.header()).get("status"))


async def test_a_flood_shuts_out_nobody_but_its_sender(vtm: tuple[Vtm, Endpoints], stranger: Stranger) -> None:
    await stranger.say(command("CashAcceptor.CashInStart", 1))
    await stranger.header()
    await stranger.say(command("CashAcceptor.CashIn", 2))
    while (await stranger.header())["name"] != "CashAcceptor.InsertItemsEvent":
        continue
    machine, endpoints = vtm
    uri = service_uri("127.0.0.1", endpoints.port, "CashRecycler")
    async with connect(uri, proxy=None, max_queue=None) as flooding, connect(uri, proxy=None) as waiting:
        flooder, other = Stranger(flooding, machine), Stranger(waiting, machine)
        await flooder.say(command("Common.Capabilities", 1))
        offered = json.loads(await soon(flooding.recv()))["payload"]["interfaces"]
        [most] = {each["maximumRequests"] for each in offered}
        for number in range(2, most + 2):
            assert "status" not in await flooder.say(command("CashAcceptor.CashIn", number))
        refused = await flooder.say(command("CashAcceptor.CashIn", most + 2))
        assert (refused["requestId"], refused["status"]) == (most + 2, "tooManyRequests")
        for client in (flooder, other, stranger):  # what does not queue is answered, to the flooder as well
            assert "status" not in await client.say(command("Common.Status", 1000))
            assert (await client.header())["type"] == "completion"
        assert "status" not in await other.say(command("CashAcceptor.CashIn", 1001)), "one's own queue is empty"
        assert "status" not in await stranger.say(command("Common.Cancel", 1001, payload={"requestIds": [2]}))
        ends: list[tuple[int, str | None]] = []
        while len(ends) < 2:
            header = await stranger.header()
            if header["type"] == "completion":
                ends.append((header["requestId"], header.get("completionCode")))
        assert ends == [(1001, None), (2, "canceled")]


async def test_a_client_that_vanishes_leaves_no_command_behind(vtm: tuple[Vtm, Endpoints]) -> None:
    machine, endpoints = vtm
    uri = service_uri("127.0.0.1", endpoints.port, "CashRecycler")
    async with connect(uri, proxy=None) as socket:
        gone = Stranger(socket, machine)
        await gone.say(command("CashAcceptor.CashInStart", 1))
        await gone.header()
        await socket.send(command("CashAcceptor.CashIn", 2))
        while (await gone.header())["name"] != "CashAcceptor.InsertItemsEvent":
            continue
        socket.transport.abort()
    await soon(machine.world.until(lambda: machine.world.possible()["put_notes"] is not None))
    async with connect(uri, proxy=None) as socket:
        assert (await Stranger(socket, machine).say(command("CashAcceptor.CashInEnd", 1)))["type"] == "acknowledge"


async def test_what_is_no_websocket_or_no_service(vtm: tuple[Vtm, Endpoints]) -> None:
    port = vtm[1].port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /xfs4iot/v1.0/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await soon(reader.readline())).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()
    with pytest.raises(InvalidStatus):
        await connect(f"ws://127.0.0.1:{port}/xfs4iot/v1.0/Coffee/", proxy=None)
    socket = await connect(f"ws://127.0.0.1:{port}/xfs4iot/v1.0", proxy=None)
    await socket.send("x" * 17_000_000)
    with pytest.raises(ConnectionClosed):
        await soon(socket.recv())


@pytest.mark.parametrize("milliseconds", ["1", str(2**31), str(2**63), str(10**30), "9" * 300])
async def test_any_time_limit_that_can_be_counted_is_kept(stranger: Stranger, milliseconds: str) -> None:
    await stranger.say(command("CashAcceptor.CashInStart", 1))
    await stranger.header()
    limited = command("CashAcceptor.CashIn", 2).replace("}}", f', "timeout": {milliseconds}}}}}')
    assert "status" not in await stranger.say(limited)
    while milliseconds != "1" and (await stranger.header())["name"] != "CashAcceptor.InsertItemsEvent":
        continue
    await stranger.socket.send(command("Common.Cancel", 3))
    while (header := await stranger.header()).get("requestId") != 2 or header["type"] != "completion":
        continue
    assert header["completionCode"] == ("timeOut" if milliseconds == "1" else "canceled")


@pytest.mark.parametrize("value", ["0.5", "9" * 300, "1" + "0" * 200 + ".5"])
async def test_a_number_that_is_kept_is_kept_as_it_was_said(stranger: Stranger, value: str) -> None:
    entry = {"level": "suspect", "currency": "CNY", "value": 777}
    text = command("CashManagement.SetClassificationList", 1, payload={"classificationElements": [entry]})
    await stranger.say(text.replace("777", value))
    assert "completionCode" not in await stranger.header()
    await stranger.say(command("CashManagement.GetClassificationList", 2))
    told = json.loads(await soon(stranger.socket.recv()))["payload"]["classificationElements"][0]
    assert float(told["value"]) == float(value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["CashDispenser.Denominate", "CashManagement.Reset", "Storage.SetStorage", "Common.SetVersions"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda children: (
            st.lists(children, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "request",
                        "denomination",
                        "service",
                        "app",
                        "currencies",
                        "CNY",
                        "storage",
                        "unit1",
                        "cash",
                        "status",
                        "initial",
                        "typeCNY100",
                        "fit",
                        "position",
                        "target",
                        "commands",
                    ]
                ),
                children,
                max_size=3,
            )
        ),
        max_leaves=12,
    ),
)
async def test_any_payload_gets_an_answer(vtm: tuple[Vtm, Endpoints], name: str, payload: object) -> None:
    machine, endpoints = vtm
    version = machine._catalogue._messages[name]["command"]["version"]
    async with connect(service_uri("127.0.0.1", endpoints.port, "CashRecycler"), proxy=None) as socket:
        client = Stranger(socket, machine)
        header = await client.say(command(name, 1, version, {"payload": payload} if payload == [] else payload))
        assert header["type"] == "acknowledge"
        if "status" not in header:
            while (header := await client.header())["type"] != "completion":
                continue
            assert header.get("completionCode") != "internalError"


async def test_the_kal_dialect_is_spoken_and_tolerant(tmp_path: Path) -> None:
    machine, endpoints = await start_vtm(tmp_path, tmp_path / "kal.jsonl", dialect=Dialect.KAL)
    async with connect(service_uri("127.0.0.1", endpoints.port, "CashRecycler"), proxy=None) as socket:
        client = Stranger(socket, machine)
        await client.say(command("CashManagement.Reset", 1, payload={"unknownMember": 1}))
        headers: list[dict[str, Any]] = []
        while not headers or headers[-1]["type"] != "completion":
            headers.append(await client.header())
        assert headers[-1]["completionCode"] == "success"
    await machine.close()
