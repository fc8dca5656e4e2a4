"""Small messages beside picture and sound: one data channel (RFC 8831) that may lose what it carries.

Neither repeated nor put in order: a picture of a screen or a stroke of a pen that is late is worth nothing, and
nothing may wait behind it. What must arrive goes over REST. A message travels as one binary message of the channel,
so that a browser needs no protocol of ours; SCTP cuts it into packets, and one lost packet loses its message.

The SCTP below is aiortc's, which meets nonsense from the network with assertions, in the task that also receives
picture and sound. :class:`DataPath` stands between: a call never ends because of its data.
"""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiortc import RTCDataChannel, RTCPeerConnection
from aiortc.exceptions import InvalidStateError
from aiortc.rtcsctptransport import USERDATA_MAX_LENGTH
from aiortc.sdp import SessionDescription

LABEL = "guitai"
MAX_MESSAGE = 200_000
"""Bytes of one message, either way."""
MAX_WAITING = 256_000
"""Bytes that may wait to be sent; what would go beyond is dropped."""

_NONSENSE = (AssertionError, ValueError, LookupError, AttributeError, TypeError, struct.error)


@dataclass(slots=True)
class DataCounts:
    """Messages of a call so far, over all its connections. Dropped ones are counted, never reported."""

    sent: int = 0
    received: int = 0
    dropped_out: int = 0
    dropped_in: int = 0


class DataPath:
    """The data channel of one connection; used in its loop.

    Args:
        on_data: gets each message, in the loop, after the network has been dealt with.
    """

    def __init__(self, connection: RTCPeerConnection, on_data: Callable[[bytes], None], counts: DataCounts) -> None:
        self._connection, self._on_data, self._counts = connection, on_data, counts
        self._channel: RTCDataChannel | None = None
        self._guarded = False
        self._deaf = False
        connection.on("datachannel", self._arrived)

    def offer(self) -> None:
        """Make the channel, before the offer is made."""
        self._take(self._connection.createDataChannel(LABEL, ordered=False, maxRetransmits=0))
        self.guard()

    def guard(self) -> None:
        """Stand between network and library, once there is an SCTP transport; none is no mistake."""
        sctp: Any = self._connection.sctp
        if sctp is None or self._guarded:
            return
        self._guarded = True
        receive, transmit = sctp._handle_data, sctp._send_chunk

        async def guarded_receive(data: bytes) -> None:
            if self._deaf:
                return
            try:
                await receive(data)
            except _NONSENSE:
                self._counts.dropped_in += 1
            if sctp._advertised_rwnd < 0:
                # More unfinished messages than we ever offered to hold: nobody who means well sends that.
                self._counts.dropped_in += 1
                self._deaf = True

        async def guarded_transmit(chunk: Any) -> None:
            try:
                await transmit(chunk)
            except ConnectionError:
                # Timers and tasks of the library send into a connection that has just ended; nobody awaits them.
                return

        sctp._handle_data, sctp._send_chunk = guarded_receive, guarded_transmit

    def send(self, data: bytes) -> None:
        """Send, or drop: without an open channel, over MAX_MESSAGE, or with MAX_WAITING waiting."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or len(data) > MAX_MESSAGE:
            self._counts.dropped_out += 1
            return
        if self._waiting(channel) + len(data) > MAX_WAITING:
            self._counts.dropped_out += 1
            return
        try:
            channel.send(bytes(data))
        except (InvalidStateError, ValueError):
            # ValueError: more than the other side takes in one message.
            self._counts.dropped_out += 1
            return
        self._counts.sent += 1

    def close(self) -> None:
        """Neither send nor hear any more; the connection itself is closed by its owner."""
        self._deaf = True
        self._channel = None

    def _waiting(self, channel: RTCDataChannel) -> int:
        # The channel's own figure forgets a message as soon as it has been cut into packets.
        packets: Any = self._connection.sctp
        return channel.bufferedAmount + len(packets._outbound_queue) * USERDATA_MAX_LENGTH

    def _arrived(self, channel: RTCDataChannel) -> None:
        if self._channel is None and not self._deaf and channel.label == LABEL:
            self._take(channel)

    def _take(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        channel.on("message", self._heard)

    def _heard(self, message: bytes | str) -> None:
        if not isinstance(message, bytes) or len(message) > MAX_MESSAGE:
            self._counts.dropped_in += 1
            return
        # Not from here: a mistake of the owner's must not look like one of the network's.
        asyncio.get_running_loop().call_soon(self._tell, message)

    def _tell(self, message: bytes) -> None:
        if not self._deaf:
            self._counts.received += 1
            self._on_data(message)


def with_refused_data(answer: str) -> str:
    """An answer that aiortc can apply although it refuses the data section (port 0, RFC 8829, 5.3.1).

    aiortc applies every section and wants credentials in each. The refused one is put on the transport of the
    first section, where the association is never answered and gives up; media go on as if nothing had been asked.
    """
    parsed = SessionDescription.parse(answer)
    carrier = parsed.media[0]
    refused = [media for media in parsed.media if media.kind == "application" and media.port == 0]
    bundle = next((group for group in parsed.group if group.semantic == "BUNDLE"), None)
    if not refused or bundle is None or carrier in refused:
        return answer
    for media in refused:
        media.port, media.ice, media.dtls = carrier.port, carrier.ice, carrier.dtls
        media.sctp_port = media.sctp_port or 5000
        if media.rtp.muxId not in bundle.items:
            bundle.items.append(media.rtp.muxId)
    return str(parsed)
