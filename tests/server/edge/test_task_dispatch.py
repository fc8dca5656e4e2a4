"""Authorisation tasks: dealt, taken back, dealt again; over real sockets."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from common.wire.signalling import TaskAssigned, TaskClosed
from tests.server.edge.conftest import MakeServer
from tests.server.edge.harness import QUICK, Bank, Server, client

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def submit(server: Server, task_id: str, *excluded: str) -> None:
    server.bank.tasks.add(task_id, frozenset(excluded), AT)
    server.edge.notifier.task_queued()


def decide(server: Server, task_id: str, number: str) -> None:
    server.bank.tasks.decide(task_id)
    server.edge.notifier.task_closed(task_id, number, "decided")


def accept(server: Server, *numbers: str) -> None:
    for number in numbers:
        server.edge.presence.set_accepting(number, True)


async def test_a_task_waits_until_somebody_accepts(server: Server) -> None:
    submit(server, "task-1")
    async with client(server, "A-01") as authoriser:
        assert await authoriser.all_until_now() == []
        accept(server, "A-01")
        assert (await authoriser.expect(TaskAssigned)).task_id == "task-1"


async def test_the_maker_never_gets_it_even_alone(server: Server) -> None:
    accept(server, "A-01", "A-02")
    async with client(server, "A-01") as maker:
        submit(server, "task-1", "A-01")
        submit(server, "task-2")
        assert (await maker.expect(TaskAssigned)).task_id == "task-2"
        async with client(server, "A-02") as other:
            assert (await other.expect(TaskAssigned)).task_id == "task-1"


async def test_one_at_a_time_and_the_next_after_the_decision(server: Server) -> None:
    accept(server, "A-01")
    async with client(server, "A-01") as authoriser:
        submit(server, "task-1")
        submit(server, "task-2")
        assert (await authoriser.expect(TaskAssigned)).task_id == "task-1"
        assert await authoriser.all_until_now() == []
        decide(server, "task-1", "A-01")
        assert (await authoriser.expect(TaskClosed)).reason == "decided"
        assert (await authoriser.expect(TaskAssigned)).task_id == "task-2"


async def test_a_deadline_passes_it_to_another(server: Server) -> None:
    accept(server, "A-01")
    server.bank.tasks.deadline_of = datetime.now(UTC) + timedelta(seconds=0.2)
    async with client(server, "A-01") as slow, client(server, "A-02") as other:
        submit(server, "task-1")
        await slow.expect(TaskAssigned)
        server.bank.tasks.deadline_of = None
        accept(server, "A-02")
        assert (await slow.expect(TaskClosed)).reason == "expired"
        assert (await other.expect(TaskAssigned)).task_id == "task-1"


async def test_an_authoriser_who_vanishes_loses_it_after_the_grace(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, task_grace_s=0.1))
    accept(server, "A-01")
    async with client(server, "A-02") as other:
        async with client(server, "A-01") as first:
            submit(server, "task-1")
            await first.expect(TaskAssigned)
            accept(server, "A-02")
        assert (await other.expect(TaskAssigned)).task_id == "task-1"


async def test_who_returns_in_time_keeps_it_and_is_reminded(server: Server) -> None:
    accept(server, "A-01", "A-02")
    async with client(server, "A-01") as first:
        submit(server, "task-1")
        await first.expect(TaskAssigned)
    async with client(server, "A-02") as other, client(server, "A-01") as first:
        assert (await first.expect(TaskAssigned)).task_id == "task-1"
        assert await other.all_until_now() == []


async def test_after_a_restart_unopened_tasks_are_dealt_anew_and_opened_ones_stay(make_server: MakeServer) -> None:
    bank = Bank()
    for task_id, number in (("task-1", "A-01"), ("task-2", "A-02")):
        bank.tasks.add(task_id, frozenset(), AT)
        bank.tasks.assign(task_id, number)
    bank.tasks.open("task-2")
    server = make_server(bank)
    accept(server, "A-03")
    async with client(server, "A-03") as third, client(server, "A-02") as second:
        assert (await third.expect(TaskAssigned)).task_id == "task-1"
        assert (await second.expect(TaskAssigned)).task_id == "task-2"
        assert bank.tasks.rows["task-2"].opened


async def test_many_tasks_are_spread_evenly_and_each_is_seen_by_one(make_server: MakeServer) -> None:
    server = make_server()
    numbers = ["A-01", "A-02", "A-03"]
    seen: list[tuple[str, str]] = []

    async def work(stack: AsyncExitStack, number: str) -> None:
        one = await stack.enter_async_context(client(server, number))
        accept(server, number)
        while len(seen) < 30:
            task = await one.expect(TaskAssigned)
            seen.append((task.task_id, number))
            decide(server, task.task_id, number)

    for index in range(30):
        submit(server, f"task-{index}")
    async with AsyncExitStack() as stack:
        workers = [asyncio.create_task(work(stack, number)) for number in numbers]
        await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    assert sorted(task for task, _ in seen) == sorted(f"task-{index}" for index in range(30))
    assert server.bank.tasks.rows == {}
