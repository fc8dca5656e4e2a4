"""Customers and seats, over real sockets."""

from dataclasses import replace
from datetime import UTC, datetime

from common.wire.signalling import (
    CallEnded,
    CallStarted,
    DeskChanged,
    QueueChanged,
    Ringing,
    RingingStopped,
    SetPresence,
)
from tests.server.edge.conftest import MakeServer
from tests.server.edge.harness import QUICK, Bank, Server, client

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
READY = SetPresence(state="ready")


def arrive(server: Server, case_id: str, kiosk: str) -> None:
    server.bank.queue.add(case_id, kiosk, AT)
    server.edge.notifier.queue_changed()


def answer(server: Server, case_id: str, teller: str) -> None:
    """What ``POST /cases/{id}/answer`` does."""
    kiosk = server.bank.queue.answer(case_id, teller)
    server.edge.notifier.queue_changed()
    server.edge.call_desk.start(case_id, teller, kiosk)


async def test_a_ready_seat_is_rung_and_answering_starts_one_call(server: Server) -> None:
    async with client(server, "T-01") as teller, client(server, "K-01") as kiosk:
        await teller.send(READY)
        arrive(server, "case-1", "K-01")
        ring = await teller.expect(Ringing)
        assert (ring.case_id, ring.ring_seconds) == ("case-1", QUICK.ring_s)
        answer(server, "case-1", "T-01")
        assert (await teller.expect(RingingStopped)).reason == "answered"
        assert (await teller.expect(CallStarted)).generation == 1
        await kiosk.expect(CallStarted)
        assert [one for one in await kiosk.all_until_now() if isinstance(one, CallStarted)] == []
        assert server.edge.presence.seat_state("T-01") == "busy"


async def test_after_the_case_the_seat_has_after_call_work_and_is_not_rung_until_it_is_ready(server: Server) -> None:
    async with client(server, "T-01") as teller, client(server, "K-01"), client(server, "K-02") as second:
        arrive(server, "case-1", "K-01")
        await teller.send(READY)
        await teller.expect(Ringing)
        answer(server, "case-1", "T-01")
        await teller.expect(CallStarted)
        server.bank.queue.finish("case-1")
        server.edge.notifier.case_ended("case-1")
        await teller.expect(CallEnded)
        arrive(server, "case-2", "K-02")
        await second.expect(QueueChanged)
        assert server.edge.presence.seat_state("T-01") == "after_call"
        assert [one for one in await teller.all_until_now() if isinstance(one, Ringing)] == []
        await teller.send(READY)
        await teller.expect(Ringing)


async def test_a_seat_on_break_or_at_work_is_not_rung(server: Server) -> None:
    async with client(server, "T-01") as teller, client(server, "K-01"), client(server, "K-02") as second:
        arrive(server, "case-1", "K-01")
        await teller.send(READY)
        await teller.expect(Ringing)
        answer(server, "case-1", "T-01")
        await teller.expect(CallStarted)
        await teller.send(READY)  # the window may say so; the customer at the seat counts
        arrive(server, "case-2", "K-02")
        await second.expect(QueueChanged)
        assert [one for one in await teller.all_until_now() if isinstance(one, Ringing)] == []
        server.bank.queue.finish("case-1")
        server.edge.notifier.case_ended("case-1")
        assert (await teller.expect(Ringing)).case_id == "case-2"


async def test_the_seat_that_waited_longest_is_rung_and_after_its_time_the_next(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, ring_s=0.1))
    async with client(server, "T-01") as first, client(server, "T-02") as second, client(server, "K-01"):
        await second.send(READY)
        await second.all_until_now()
        await first.send(READY)
        await first.all_until_now()
        arrive(server, "case-1", "K-01")
        await second.expect(Ringing)
        assert (await second.expect(RingingStopped)).reason == "timeout"
        await first.expect(Ringing)
        assert server.edge.presence.seat_state("T-02") == "break"
        assert (await first.expect(RingingStopped)).case_id == "case-1"
        await second.send(READY)
        assert (await second.expect(Ringing)).case_id == "case-1"


async def test_a_customer_who_leaves_stops_the_ring(server: Server) -> None:
    async with client(server, "T-01") as teller, client(server, "K-01"):
        await teller.send(READY)
        arrive(server, "case-1", "K-01")
        await teller.expect(Ringing)
        server.bank.queue.leave("case-1")
        server.edge.notifier.case_ended("case-1")
        assert (await teller.expect(RingingStopped)).reason == "customer_left"


async def test_a_seat_that_vanishes_while_ringing_leaves_the_customer_to_the_next(server: Server) -> None:
    async with client(server, "T-02") as second, client(server, "K-01"):
        async with client(server, "T-01") as first:
            await first.send(READY)
            arrive(server, "case-1", "K-01")
            await first.expect(Ringing)
            await second.send(READY)
        assert (await second.expect(Ringing)).case_id == "case-1"


async def test_nobody_is_rung_for_a_kiosk_that_is_away_and_the_next_customer_does_not_wait_for_it(
    server: Server,
) -> None:
    async with client(server, "T-01") as teller, client(server, "K-02"):
        arrive(server, "case-1", "K-01")
        arrive(server, "case-2", "K-02")
        await teller.send(READY)
        assert (await teller.expect(Ringing)).case_id == "case-2"


async def test_kiosks_are_told_their_place_and_told_again_when_it_changes_or_they_return(server: Server) -> None:
    arrive(server, "case-1", "K-01")
    arrive(server, "case-2", "K-02")
    async with client(server, "T-01") as teller:
        await teller.send(SetPresence(state="busy"))
        async with client(server, "K-02") as kiosk:
            place = await kiosk.expect(QueueChanged, lambda one: one.estimated_wait_s is not None)
            assert (place.case_id, place.position, place.estimated_wait_s) == ("case-2", 2, 240)
            server.bank.queue.leave("case-1")
            server.edge.notifier.queue_changed()
            assert (await kiosk.expect(QueueChanged)).position == 1
        async with client(server, "K-02") as kiosk:
            assert (await kiosk.expect(QueueChanged)).position == 1


async def test_the_desk_is_told_but_not_more_often_than_four_times_a_second(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, desk_gap_s=30.0))
    async with client(server, "T-01") as teller:
        await teller.expect(DeskChanged)
        for _ in range(50):
            server.edge.notifier.desk_changed()
        sent: list[DeskChanged] = []
        teller.on_desk = sent.append
        await teller.all_until_now()
        assert sent == []


async def test_after_a_restart_the_ring_goes_on_and_a_call_is_made_again(make_server: MakeServer) -> None:
    bank = Bank()
    bank.queue.add("case-1", "K-01", AT)
    bank.queue.answer("case-1", "T-01")
    bank.queue.add("case-2", "K-02", AT)
    bank.queue.ring("case-2", "T-02")
    server = make_server(bank)
    async with client(server, "T-02") as second, client(server, "K-02"):
        await second.send(READY)
        assert (await second.expect(Ringing)).case_id == "case-2"
    async with client(server, "T-01") as teller, client(server, "K-01") as kiosk:
        assert (await teller.expect(CallStarted)).case_id == "case-1"
        assert (await kiosk.expect(CallStarted)).generation == 1
