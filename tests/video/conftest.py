"""No thread of the room may outlive its test; and a ready pair of connected parties."""

import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.video.support import Party
from video.call import CallState


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """asyncio's own helpers belong to the loop and end with it."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.name.startswith("asyncio")]
    for thread in left:
        thread.join(timeout=20.0)
    assert not [t.name for t in left if t.is_alive()]


@pytest.fixture
async def connected() -> AsyncIterator[tuple[Party, Party]]:
    """Teller (who calls) and customer (who answered), both connected."""
    teller, customer = Party("teller"), Party("customer")
    teller.port.other, customer.port.other = customer.session, teller.session
    customer.session.ring()
    await customer.session.join("answerer")
    await teller.session.join("offerer")
    await teller.state(CallState.CONNECTED)
    await customer.state(CallState.CONNECTED)
    yield teller, customer
    await teller.close()
    await customer.close()
