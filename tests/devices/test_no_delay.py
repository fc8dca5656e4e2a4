"""No message of the machine waits for the other side's delayed acknowledgement (up to 40 ms)."""

import os
import socket
from collections.abc import Iterator

from tests.devices.rig import Rig


def connected_sockets() -> Iterator[socket.socket]:
    """Every established TCP socket of this process; on the bench both ends of each connection are here."""
    for name in os.listdir("/proc/self/fd"):
        try:
            copy = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with copy:
            try:
                copy.getpeername()
            except OSError:
                continue
            if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM:
                yield copy


async def test_both_ends_of_every_connection_send_at_once(rig: Rig) -> None:
    await rig.insert_card()
    found: dict[tuple[str, int], int] = {}
    for one in connected_sockets():
        for port, kind in ((rig.endpoints.port, "service"), (rig.endpoints.hands_port, "hands")):
            for end, address in (("serving", one.getsockname()), ("asking", one.getpeername())):
                if address[1] == port:
                    assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), (kind, end)
                    found[kind + end, port] = found.get((kind + end, port), 0) + 1
    assert {name for name, _ in found} == {"serviceserving", "serviceasking", "handsserving", "handsasking"}
