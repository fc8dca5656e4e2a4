"""The supervised worker: queue, time limit, death, restart. Real processes throughout."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from common.clock import SystemClock
from common.errors import ServiceError
from common.settings import Settings
from ocr.client import QUEUE, GuideClient, VisionClient, VisionState
from tools.camera import photograph
from tools.demo_people import CUSTOMER
from tools.specimens import render_front

DIED, SLOW = "vision worker died in a job", "vision worker does not start"
Make = Callable[..., Awaitable[VisionClient]]


@pytest.fixture
async def scripted(tmp_path: Path, project: Path) -> AsyncIterator[Make]:
    """Makes started clients whose worker plays the given lives."""
    made: list[VisionClient] = []

    async def make(*lives: str, limit: float = 20.0) -> VisionClient:
        script = tmp_path / "lives"
        script.write_text("\n".join(lives), encoding="utf-8")
        settings = Settings.model_validate({"data_dir": tmp_path, "ocr": {"time_limit_s": limit}})
        words = [sys.executable, str(project / "tests/ocr/fake_worker.py"), str(script)]
        client = VisionClient(settings, SystemClock(), worker_command=words)
        made.append(client)
        await client.start()
        return client

    yield make
    for client in made:
        await client.close()


async def code_of(job: Awaitable[object]) -> str:
    with pytest.raises(ServiceError) as raised:
        await job
    return raised.value.code


async def test_a_job_comes_back_whole(scripted: Make) -> None:
    client = await scripted()
    blob = os.urandom(300_000)
    assert (await client.read_document(blob)).rectified == blob
    assert client.state is VisionState.READY
    assert client.figures.memory_bytes == {"now": 3, "peak": 4}


@pytest.mark.expects_log(DIED)
async def test_death_in_a_job_is_made_good_once(scripted: Make) -> None:
    client = await scripted("ok die", "ok")
    await client.read_document(b"1")
    assert (await client.read_document(b"2")).rectified == b"2"
    assert client.figures.restarts == 1


@pytest.mark.expects_log(DIED)
async def test_death_twice_is_told_and_the_next_job_goes_through(scripted: Make) -> None:
    client = await scripted("die", "die", "ok")
    assert await code_of(client.read_document(b"1")) == "ocr.worker_died"
    assert (await client.read_document(b"2")).rectified == b"2"


async def test_too_slow_is_told_and_the_worker_replaced(scripted: Make) -> None:
    client = await scripted("hang", "ok", limit=0.3)
    first = await client.wait_for(VisionState.READY) and client.worker_pid
    assert await code_of(client.read_document(b"1")) == "ocr.timeout"
    assert (await client.read_document(b"2")).rectified == b"2"
    assert client.worker_pid != first
    assert first is not None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_a_failed_job_is_told_and_the_worker_stays(scripted: Make) -> None:
    client = await scripted("fail ok")
    assert await code_of(client.read_document(b"1")) == "ocr.failed"
    assert (await client.read_document(b"2")).rectified == b"2"
    assert client.figures.restarts == 0


async def test_a_full_queue_refuses(scripted: Make) -> None:
    client = await scripted("hang")
    jobs = [asyncio.create_task(client.read_document(b"0"))]
    await client.wait_for(VisionState.BUSY)
    jobs += [asyncio.create_task(client.read_document(b"x")) for _ in range(QUEUE)]
    await asyncio.sleep(0)
    assert await code_of(client.read_document(b"one too many")) == "ocr.busy"
    await client.close()
    assert {await code_of(job) for job in jobs} == {"ocr.closed"}


@pytest.mark.expects_log(SLOW)
@pytest.mark.parametrize(("life", "code"), [("missing", "ocr.models_missing"), ("unready", "ocr.worker_died")])
async def test_a_worker_that_does_not_start_is_tried_again_at_each_job(scripted: Make, life: str, code: str) -> None:
    client = await scripted(life, life, "ok")
    assert await client.wait_for(VisionState.DEAD) is VisionState.DEAD
    assert await code_of(client.read_document(b"1")) == code
    assert (await client.read_document(b"2")).rectified == b"2"


async def test_closing_and_asking_again(scripted: Make) -> None:
    client = await scripted()
    await client.wait_for(VisionState.READY)
    await client.close()
    assert client.state is VisionState.STOPPED
    assert client.worker_pid is None
    assert await code_of(client.read_document(b"1")) == "ocr.closed"


@pytest.mark.expects_log(DIED)
async def test_a_real_worker_killed_in_the_middle(tmp_path: Path) -> None:
    """The light one, which starts and ends as the one with the models does."""
    client = GuideClient(Settings(data_dir=tmp_path))
    await client.wake()
    try:
        await client.wait_for(VisionState.READY)
        first = client.worker_pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)  # it shall not have finished before it is killed
        job = asyncio.create_task(client.look_at_document(photograph(render_front(CUSTOMER), 2, 0), "id_front"))
        await client.wait_for(VisionState.BUSY)
        os.kill(first, signal.SIGKILL)
        assert (await job).seen
        assert (client.figures.restarts, client.worker_pid == first) == (1, False)
        assert client.figures.memory_bytes["peak"] > 10_000_000
    finally:
        await client.close()
