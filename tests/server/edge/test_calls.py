"""Calls over real sockets: start, relay, restart, hang up, a side lost and back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from common.wire.signalling import (
    CallEnded,
    CallStarted,
    Candidate,
    CaseChanged,
    Description,
    HangUp,
    PeerLost,
    RestartCall,
)
from tests.server.edge.conftest import MakeServer
from tests.server.edge.harness import QUICK, Client, Server, client


def start(server: Server, case_id: str = "case-1", teller: str = "T-01", kiosk: str = "K-01") -> None:
    """What ``POST /cases/{id}/answer`` does once the case is the teller's."""
    server.bank.queue.serve(case_id, kiosk, teller)
    server.edge.call_desk.start(case_id, teller, kiosk)


@asynccontextmanager
async def call(server: Server) -> AsyncIterator[tuple[Client, Client, CallStarted]]:
    """T-01 and K-01 in a call of case-1."""
    async with client(server, "T-01") as teller, client(server, "K-01") as kiosk:
        start(server)
        started = await teller.expect(CallStarted)
        await kiosk.expect(CallStarted)
        yield teller, kiosk, started


def offer(started: CallStarted, generation: int | None = None) -> Description:
    return Description(
        call_id=started.call_id, generation=generation or started.generation, kind="offer", sdp="v=0 offer"
    )


def answer(started: CallStarted) -> Description:
    return Description(call_id=started.call_id, generation=started.generation, kind="answer", sdp="v=0 answer")


async def test_both_sides_learn_of_each_other_and_one_of_them_offers(server: Server) -> None:
    async with client(server, "T-01") as teller, client(server, "K-01") as kiosk:
        start(server)
        one, other = await teller.expect(CallStarted), await kiosk.expect(CallStarted)
    assert (one.call_id, one.generation, one.case_id) == (other.call_id, 1, "case-1")
    assert (one.offerer, other.offerer) == (True, False)
    assert [peer.number for peer in one.peers] == ["K-01"]
    assert [(peer.number, peer.role, peer.name) for peer in other.peers] == [("T-01", "teller", "Name T-01")]


async def test_descriptions_and_candidates_reach_the_other_side_with_their_sender(server: Server) -> None:
    async with call(server) as (teller, kiosk, started):
        await teller.send(offer(started))
        got = await kiosk.expect(Description)
        assert (got.kind, got.sdp, got.sender) == ("offer", "v=0 offer", "T-01")
        await kiosk.send(answer(started))
        assert (await teller.expect(Description)).sender == "K-01"
        await kiosk.send(Candidate(call_id=started.call_id, generation=1, candidate="candidate:1", sdp_mid="0"))
        assert (await teller.expect(Candidate)).candidate == "candidate:1"


async def test_a_stranger_cannot_speak_into_a_call_nor_end_it(server: Server) -> None:
    async with call(server) as (teller, kiosk, started), client(server, "T-02") as stranger:
        assert await stranger.refused(offer(started)) == "call.not_found"
        assert await stranger.refused(HangUp(call_id=started.call_id)) == "call.not_found"
        assert await stranger.refused(RestartCall(call_id=started.call_id, generation=1)) == "call.not_found"
        assert await teller.all_until_now() == []
        assert await kiosk.all_until_now() == []


async def test_out_of_order_descriptions_are_refused(server: Server) -> None:
    async with call(server) as (teller, kiosk, started):
        assert await kiosk.refused(answer(started)) == "call.out_of_order"
        assert await kiosk.refused(offer(started)) == "call.out_of_order"
        assert await teller.refused(answer(started)) == "call.out_of_order"
        assert await teller.refused(offer(started, 7)) == "call.stale_generation"
        await teller.send(offer(started))
        assert await teller.refused(offer(started)) == "call.out_of_order"
        await kiosk.expect(Description)
        assert await kiosk.all_until_now() == []


async def test_restart_begins_the_next_generation_for_both(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, restart_gap_s=60.0))
    async with call(server) as (teller, kiosk, started):
        refusal = await kiosk.refused(RestartCall(call_id=started.call_id, generation=1))
        assert refusal == "call.restart_too_soon"
    server = make_server()
    async with call(server) as (teller, kiosk, started):
        await kiosk.send(RestartCall(call_id=started.call_id, generation=1))
        assert (await teller.expect(CallStarted)).generation == 2
        assert (await kiosk.expect(CallStarted)).call_id == started.call_id
        late = await teller.refused(RestartCall(call_id=started.call_id, generation=1))
        assert late == "call.stale_generation"


async def test_answering_twice_leaves_the_call_alone_and_calling_again_renews_it(server: Server) -> None:
    async with call(server) as (teller, kiosk, started):
        server.edge.call_desk.start("case-1", "T-01", "K-01")
        server.edge.call_desk.call_again("case-1", "T-01", "K-01")
        assert (await teller.expect(CallStarted)).generation == 2
        assert (await kiosk.expect(CallStarted)).call_id == started.call_id


async def test_hanging_up_ends_the_call_for_both_and_the_teller_can_call_again(server: Server) -> None:
    async with call(server) as (teller, kiosk, started):
        await kiosk.send(HangUp(call_id=started.call_id))
        assert await teller.expect(CallEnded) == CallEnded(call_id=started.call_id, reason="hangup", by="K-01")
        await kiosk.expect(CallEnded)
        assert await teller.refused(offer(started)) == "call.not_found"
        server.edge.call_desk.call_again("case-1", "T-01", "K-01")
        again = await kiosk.expect(CallStarted)
        assert again.generation == 1
        assert again.call_id != started.call_id


async def test_the_call_outlives_the_case_and_ends_with_the_visit(server: Server) -> None:
    async with call(server) as (teller, kiosk, _):
        server.edge.notifier.case_ended("case-1")
        server.edge.notifier.case_changed("case-1", 9, frozenset({"K-01"}))
        await kiosk.expect(CaseChanged)
        assert [one for one in await teller.all_until_now() if isinstance(one, CallEnded)] == []
        server.bank.queue.finish("case-1")
        server.edge.notifier.queue_changed()
        assert (await teller.expect(CallEnded)).reason == "case_ended"
        assert (await kiosk.expect(CallEnded)).by is None


async def test_a_side_that_comes_back_in_time_gets_new_media(server: Server) -> None:
    async with AsyncExitStack() as stack:
        kiosk = await stack.enter_async_context(client(server, "K-01"))
        async with client(server, "T-01") as teller:
            start(server)
            started = await teller.expect(CallStarted)
        lost = await kiosk.expect(PeerLost)
        assert (lost.number, lost.grace_s) == ("T-01", QUICK.call_grace_s)
        restart = RestartCall(call_id=started.call_id, generation=1)
        assert await kiosk.refused(restart) == "call.peer_lost"
        async with client(server, "T-01") as teller:
            assert (await teller.expect(CallStarted)).generation == 2
            again = await kiosk.expect(CallStarted, lambda one: one.generation == 2)
            assert again.call_id == started.call_id


async def test_a_side_that_stays_away_ends_the_call(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, call_grace_s=0.1))
    async with client(server, "K-01") as kiosk:
        async with client(server, "T-01") as teller:
            start(server)
            await teller.expect(CallStarted)
        await kiosk.expect(PeerLost)
        ended = await kiosk.expect(CallEnded)
        assert (ended.reason, ended.by) == ("peer_gone", "T-01")


async def test_a_call_to_somebody_not_connected_waits_for_him(server: Server) -> None:
    async with client(server, "T-01") as teller:
        start(server)
        assert (await teller.expect(PeerLost)).number == "K-01"
        async with client(server, "K-01") as kiosk:
            assert (await kiosk.expect(CallStarted)).generation == 1
            assert (await teller.expect(CallStarted)).offerer


async def test_a_newer_window_of_the_same_person_takes_the_call_over(server: Server) -> None:
    async with call(server) as (teller, kiosk, started), client(server, "T-01") as newer:
        assert (await newer.expect(CallStarted)).generation == 2
        assert await teller.closed() == 4409
        assert (await kiosk.expect(CallStarted)).call_id == started.call_id
        assert not [one for one in await kiosk.all_until_now() if isinstance(one, PeerLost)]


@pytest.mark.parametrize("joined", ["T-01", "K-01"])
async def test_nobody_is_in_two_calls(server: Server, joined: str) -> None:
    async with call(server) as (teller, kiosk, started), client(server, "T-02"), client(server, "K-02"):
        teller_number, kiosk_number = ("T-01", "K-02") if joined == "T-01" else ("T-02", "K-01")
        await asyncio.to_thread(start, server, "case-2", teller_number, kiosk_number)
        assert (await teller.expect(CallEnded)).call_id == started.call_id
        await kiosk.expect(CallEnded)
