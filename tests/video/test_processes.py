"""A call across two real processes, and one whose other side is killed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from benchmarks import call as benchmark
from benchmarks.parties import PartyProcess
from tests.video.support import SMALL, Party, eventually, frames
from video.call import CallState

ARGUMENTS = ("--kind", "ours", "--width", "320", "--height", "180", "--seconds", "60", "--warm-up", "0")


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Party, PartyProcess]]:
    """A teller here, a customer in a process of its own."""
    customer = await PartyProcess.start("--role", "answerer", *ARGUMENTS)
    teller = Party("teller", SMALL)
    teller.port.to_party = customer
    await teller.session.join("offerer")
    yield teller, customer
    await teller.close()
    await customer.close()


async def connect(teller: Party, customer: PartyProcess) -> None:
    async def other(message: dict[str, Any]) -> None:
        assert message["type"] == "state"

    async with asyncio.timeout(30):
        answer = await customer.until("description", other)
        await teller.session.on_description(answer["kind"], answer["sdp"])
        await customer.until("state", other, state="connected")
    await teller.state(CallState.CONNECTED)


async def test_two_processes_see_and_hear_each_other(pair: tuple[Party, PartyProcess]) -> None:
    teller, customer = pair
    await connect(teller, customer)
    await frames(teller, 20)
    await eventually(lambda: (f := teller.session.figures()).sound_ms is not None and f.decode_ms is not None)

    async def other(message: dict[str, Any]) -> None:
        assert message["type"] == "state"

    customer.tell({"type": "hang_up"})
    async with asyncio.timeout(20):
        result = await customer.until("result", other)
    assert result["figures"]["frames_decoded"] > 5
    assert result["figures"]["decode_ms"]["p50"] > 0
    figures = teller.session.figures()
    assert figures.setup_ms is not None
    assert figures.decode_ms is not None
    assert figures.decode_ms.p50 > 0


async def test_a_killed_side_is_noticed_by_its_missing_frames(pair: tuple[Party, PartyProcess]) -> None:
    teller, customer = pair
    await connect(teller, customer)
    loop = asyncio.get_running_loop()
    customer.process.kill()
    killed = loop.time()
    snapshot = await teller.state(CallState.BROKEN)
    assert loop.time() - killed < 5.0
    assert snapshot.lost == ("audio", "video")


async def test_a_killed_side_can_come_back_into_the_same_call(pair: tuple[Party, PartyProcess]) -> None:
    teller, customer = pair
    await connect(teller, customer)
    customer.process.kill()
    await teller.state(CallState.BROKEN)
    again = await PartyProcess.start("--role", "answerer", *ARGUMENTS)
    teller.port.to_party = again
    await teller.session.restart()
    await connect(teller, again)
    await frames(teller, 5)
    await again.close()


async def test_the_benchmark_runs_and_compares(capsys: pytest.CaptureFixture[str]) -> None:
    options = benchmark.arguments(
        ["--seconds", "1.0", "--warm-up", "0.3", "--width", "320", "--height", "180", "--json"]
    )
    result = await benchmark.measure(options)
    for kind in ("ours", "bare"):
        for side in ("teller", "customer"):
            assert result[kind][side]["figures"]["frames_decoded"] > 5
            assert result[kind][side]["cpu_s"] > 0
    assert result["ratios"]["cpu"] > 0
