"""Messages beside picture and sound: both ways, over restarts, bounded, and never the end of a call."""

import asyncio
import gc
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.rtcsctptransport import AbortChunk, DataChunk, RTCSctpTransport

from tests.video.support import Party, eventually, frames
from video.call import CallState
from video.data import LABEL, MAX_MESSAGE, DataCounts, DataPath, with_refused_data
from video.signalling import check_description

Pair = tuple[Party, Party]


def sctp_of(party: Party) -> Any:
    """The library's transport of the present connection."""
    peer = party.session._peer
    assert peer is not None
    return peer._connection.sctp


def channel_of(party: Party) -> Any:
    peer = party.session._peer
    return peer._data._channel if peer is not None else None


async def open_channels(pair: Pair) -> None:
    """Until both sides can send."""
    await eventually(lambda: all((c := channel_of(p)) is not None and c.readyState == "open" for p in pair))


async def deliver(sender: Party, receiver: list[bytes], data: bytes) -> None:
    """Send until it has come: a message may be lost."""
    async with asyncio.timeout(20):
        while data not in receiver:
            sender.session.send_data(data)
            await eventually_or_later(lambda: data in receiver)


async def eventually_or_later(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2.0
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)


async def test_a_path_that_ends_under_a_message_is_no_error(connected: Pair) -> None:
    """The library sends from tasks that nobody awaits; a failure there would be logged as one."""
    _, customer = connected
    await open_channels(connected)
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    channel = channel_of(customer)
    await sctp_of(customer).transport.transport._connection.close()
    assert channel.readyState == "open"
    customer.session.send_data(b"there is no path any more")
    assert customer.session.data_counts.sent == 1
    await customer.session.hang_up()
    gc.collect()
    assert not problems


@pytest.mark.parametrize("size", [0, 1, 1200, 40_000, MAX_MESSAGE])
async def test_messages_go_both_ways_whole(connected: Pair, size: int) -> None:
    await open_channels(connected)
    for sender, receiver in (connected, connected[::-1]):
        heard: list[bytes] = []
        receiver.session.on_data(heard.append)
        message = (bytes(range(256)) * (size // 256 + 1))[:size]
        await deliver(sender, heard, message)
        assert set(heard) == {message}


async def test_before_the_call_stands_nothing_is_sent_and_nothing_breaks() -> None:
    teller, customer = Party("teller"), Party("customer")
    teller.port.other, customer.port.other = customer.session, teller.session
    heard: list[bytes] = []
    customer.session.on_data(heard.append)
    teller.session.send_data(b"too early")
    await customer.session.join("answerer")
    await teller.session.join("offerer")
    teller.session.send_data(b"too early as well")
    assert teller.session.data_counts == DataCounts(dropped_out=2)
    await open_channels((teller, customer))
    await deliver(teller, heard, b"now")
    assert set(heard) == {b"now"}
    await teller.close()
    await customer.close()


@pytest.mark.parametrize("restarter", [0, 1])
async def test_the_listener_stays_over_a_restart(connected: Pair, restarter: int) -> None:
    heard: tuple[list[bytes], list[bytes]] = ([], [])
    for party, into in zip(connected, heard, strict=True):
        party.session.on_data(into.append)
    await open_channels(connected)
    before = [channel_of(party) for party in connected]
    await connected[restarter].session.restart()
    await eventually(lambda: all(channel_of(p) not in (None, b) for p, b in zip(connected, before, strict=True)))
    await open_channels(connected)
    await deliver(connected[0], heard[1], b"to the customer")
    await deliver(connected[1], heard[0], b"to the teller")
    assert all(channel.readyState == "closed" for channel in before)


async def test_too_much_is_dropped_by_the_sender(connected: Pair) -> None:
    teller, customer = connected
    heard: list[bytes] = []
    customer.session.on_data(heard.append)
    await open_channels(connected)
    teller.session.send_data(bytes(MAX_MESSAGE + 1))
    for number in range(8):
        teller.session.send_data(bytes([number]) * 100_000)
    # Nothing has left yet: the loop has not run between the calls.
    assert (teller.session.data_counts.sent, teller.session.data_counts.dropped_out) == (2, 7)
    await eventually(lambda: len(heard) == 2)
    await deliver(teller, heard, b"and there is room again")


async def test_foreign_and_oversized_messages_are_dropped_by_the_receiver(connected: Pair) -> None:
    teller, customer = connected
    heard: list[bytes] = []
    customer.session.on_data(heard.append)
    await open_channels(connected)
    channel_of(teller).send("a text")
    channel_of(teller).send(bytes(MAX_MESSAGE + 1))
    await eventually(lambda: customer.session.data_counts.dropped_in == 2)
    await deliver(teller, heard, b"good")
    assert set(heard) == {b"good"}


@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        (50, b"\x02"),
        (50, b"\x03" + bytes(11)),
        (50, b"\x03\0\0\0\0\0\0\0\0\x02\0\0\xff\xff"),
        (51, b"\xff\xfe"),
        (9, b""),
    ],
)
async def test_nonsense_from_the_network_ends_nothing(connected: Pair, protocol: int, body: bytes) -> None:
    """An acknowledgement of nothing, a channel opened twice, a name and a text that are no UTF-8."""
    teller, customer = connected
    heard: list[bytes] = []
    customer.session.on_data(heard.append)
    await open_channels(connected)
    stream = channel_of(teller).id
    for target in (stream, 77):
        await sctp_of(teller)._send(target, protocol, body or b"x")
    await frames(customer, 5)
    await deliver(teller, heard, b"still here")
    assert customer.session.snapshot().state is CallState.CONNECTED


async def test_messages_without_an_end_make_the_receiver_deaf_not_blind(connected: Pair) -> None:
    teller, customer = connected
    await open_channels(connected)
    sctp = sctp_of(teller)
    sent = 0
    async with asyncio.timeout(20):
        while customer.session.data_counts.dropped_in == 0:
            for _ in range(64):
                await sctp._send_chunk(_fragment(sctp, sent))
                sent += 1
            await asyncio.sleep(0)
    held = sum(len(s.reassembly) for s in sctp_of(customer)._inbound_streams.values())
    await frames(customer, 10)
    assert held < 1200
    assert customer.session.snapshot().state is CallState.CONNECTED


def _fragment(sctp: RTCSctpTransport, number: int) -> DataChunk:
    """A first fragment of a message that never goes on."""
    chunk = DataChunk()
    chunk.flags = 0x04 | 0x02
    chunk.tsn = (sctp._local_tsn + number) % (1 << 32)
    chunk.stream_id, chunk.stream_seq, chunk.protocol = 1 + number % 512, 0, 53
    chunk.user_data = bytes(1100)
    return chunk


async def test_an_aborted_association_leaves_the_call(connected: Pair) -> None:
    teller, customer = connected
    await open_channels(connected)
    channel = channel_of(customer)
    await sctp_of(teller)._send_chunk(AbortChunk())
    await eventually(lambda: channel.readyState == "closed")
    customer.session.send_data(b"into nothing")
    assert customer.session.data_counts.dropped_out == 1
    await frames(customer, 5)


async def test_a_message_sent_as_the_call_ends_leaves_nothing_behind(connected: Pair) -> None:
    teller, customer = connected
    heard: list[bytes] = []
    teller.session.on_data(heard.append)
    await open_channels(connected)
    teller.session.send_data(bytes(MAX_MESSAGE))
    customer.session.send_data(bytes(MAX_MESSAGE))
    await teller.session.hang_up()
    customer.session.send_data(b"nobody is there")
    await customer.session.on_remote_hang_up()
    teller.session.send_data(b"after the end")
    assert teller.session.data_counts.dropped_out == 1
    assert heard == []


async def test_a_mistake_of_the_listener_is_not_taken_for_the_networks(connected: Pair) -> None:
    teller, customer = connected
    problems: list[BaseException | None] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context.get("exception")))

    def broken(data: bytes) -> None:
        raise ValueError(data)

    customer.session.on_data(broken)
    await open_channels(connected)
    teller.session.send_data(b"x")
    await eventually(lambda: bool(problems))
    assert isinstance(problems[0], ValueError)
    assert customer.session.data_counts.dropped_in == 0
    await frames(customer, 3)


def without_data(sdp: str) -> str:
    """A description as a side without data makes it: no third section, and not bundled."""
    head, *sections = re.split(r"(?m)^(?=m=)", sdp)
    kept = [section for section in sections if not section.startswith("m=application")]
    mids = [re.search(r"(?m)^a=mid:(\S+)", section) for section in kept]
    names = " ".join(found.group(1) for found in mids if found)
    return re.sub(r"(?m)^a=group:BUNDLE .*?\r$", f"a=group:BUNDLE {names}\r", head) + "".join(kept)


async def test_a_caller_without_data_gets_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older client, or a browser that asks for none."""
    teller, customer = Party("teller"), Party("customer")
    customer.port.other = teller.session
    await customer.session.join("answerer")
    monkeypatch.setattr(DataPath, "offer", lambda path: None)
    await teller.session.join("offerer")
    offer = teller.port.sent[0][1]
    assert "m=application" not in offer
    await customer.session.on_description("offer", offer)
    await _stands_without_data(teller, customer)


async def test_a_callee_that_refuses_data_gets_a_call() -> None:
    """It answers the section with port 0 and without credentials (RFC 8829, 5.3.1)."""
    teller, customer = Party("teller"), Party("customer")
    customer.port.other = None
    await customer.session.join("answerer")
    await teller.session.join("offerer")
    offer = teller.port.sent[0][1]
    await customer.session.on_description("offer", without_data(offer))
    answer = customer.port.sent[0][1]
    refused = "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=inactive\r\n"
    assert "a=mid:2" in offer
    check_description("answer", answer + refused)
    await teller.session.on_description("answer", answer + refused)
    await _stands_without_data(teller, customer)


async def _stands_without_data(teller: Party, customer: Party) -> None:
    await teller.state(CallState.CONNECTED)
    await customer.state(CallState.CONNECTED)
    for party in (teller, customer):
        await frames(party, 3)
        party.session.send_data(b"nobody hears that")
        assert party.session.data_counts == DataCounts(dropped_out=1)
    await teller.close()
    await customer.close()


def test_an_answer_that_takes_the_data_is_left_alone() -> None:
    head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    media = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
    answer = f"{head}{media}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n"
    assert with_refused_data(answer) == answer


async def test_a_channel_of_another_name_is_not_ours() -> None:
    ours, theirs = RTCPeerConnection(), RTCPeerConnection()
    heard: list[bytes] = []
    path = DataPath(ours, heard.append, DataCounts())
    other, named = theirs.createDataChannel("chat"), theirs.createDataChannel(LABEL)
    await theirs.setLocalDescription(await theirs.createOffer())
    await ours.setRemoteDescription(RTCSessionDescription(theirs.localDescription.sdp, "offer"))
    path.guard()
    await ours.setLocalDescription(await ours.createAnswer())
    await theirs.setRemoteDescription(RTCSessionDescription(ours.localDescription.sdp, "answer"))
    await eventually(lambda: other.readyState == named.readyState == "open")
    other.send(b"not for us")
    named.send(b"for us")
    await eventually(lambda: heard == [b"for us"])
    path.close()
    await ours.close()
    await theirs.close()
