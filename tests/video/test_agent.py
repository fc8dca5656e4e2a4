"""One seat's calls: what is begun is ended, also when whoever ended it is stopped midway."""

import asyncio

import pytest

from common.aio import cancel_and_wait
from common.wire import signalling as wire
from tests.video.support import SMALL
from video.agent import CallAgent
from video.call import CallState
from video.media import LocalMedia
from video.session import CallSession


class SlowMedia(LocalMedia):
    """A camera that takes its time to be given back."""

    def __init__(self) -> None:
        super().__init__(SMALL)
        self.reached, self.go_on, self.closed = asyncio.Event(), asyncio.Event(), False

    async def close(self) -> None:
        self.reached.set()
        await self.go_on.wait()
        await super().close()
        self.closed = True


class Seat:
    """An agent with a slow camera, in a call."""

    def __init__(self) -> None:
        self.sessions: list[CallSession | None] = []
        self.ended: list[str] = []
        self.agent = CallAgent(
            self._send, SMALL, "teller",
            on_session=self.sessions.append, on_change=lambda _: None, on_ended=self.ended.append,
        )  # fmt: skip
        self.media = self.agent.media = SlowMedia()

    async def _send(self, message: object) -> None:
        """Nobody is at the other end."""

    async def begin(self, call_id: str) -> None:
        peer = wire.Participant(number="K-02", role="kiosk", name="K-02")
        started = wire.CallStarted(
            call_id=call_id, case_id="c", generation=1, offerer=False, peers=[peer], ice_servers=[]
        )
        await self.agent.on_message(started)


@pytest.fixture
async def seat() -> Seat:
    made = Seat()
    await made.begin("call-1")
    return made


async def test_an_end_that_is_cancelled_midway_still_closes_everything(seat: Seat) -> None:
    session = seat.sessions[0]
    assert session is not None
    reader = asyncio.create_task(seat.agent.on_message(wire.CallEnded(call_id="call-1", reason="case_ended")))
    await seat.media.reached.wait()
    await cancel_and_wait(reader)
    assert reader.cancelled()
    closing = asyncio.create_task(seat.agent.close())
    await asyncio.sleep(0)
    assert not closing.done()
    seat.media.go_on.set()
    await closing
    assert seat.media.closed
    assert session.snapshot().state is CallState.ENDED
    assert seat.sessions == [session, None]
    assert seat.ended == ["case_ended"]


async def test_the_next_call_waits_until_the_last_one_has_been_left(seat: Seat) -> None:
    leaving = asyncio.create_task(seat.agent.hang_up())
    await seat.media.reached.wait()
    beginning = asyncio.create_task(seat.begin("call-2"))
    await asyncio.sleep(0)
    assert seat.agent.session is None
    seat.media.go_on.set()
    await asyncio.gather(leaving, beginning)
    assert seat.agent.session is not None
    assert seat.agent.session.media is not seat.media
    await seat.agent.close()
