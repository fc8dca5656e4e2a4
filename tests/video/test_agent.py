"""One seat's calls: what is begun is ended, also when whoever ended it is stopped midway."""

import asyncio
from pathlib import Path

import pytest

from common.aio import cancel_and_wait
from common.settings import VideoSettings
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
    """An agent, and what it told of itself."""

    media: SlowMedia

    def __init__(self, settings: VideoSettings = SMALL) -> None:
        self.sessions: list[CallSession | None] = []
        self.ended: list[str] = []
        self.failed: list[str] = []
        self.sent: list[object] = []
        self.agent = CallAgent(
            self._send, settings, "teller",
            on_session=self.sessions.append, on_change=lambda _: None, on_ended=self.ended.append,
            on_failed=lambda error: self.failed.append(error.code),
        )  # fmt: skip

    async def _send(self, message: object) -> None:
        """Nobody is at the other end."""
        self.sent.append(message)

    async def begin(self, call_id: str, *, offerer: bool = False) -> None:
        peer = wire.Participant(number="K-02", role="kiosk", name="K-02")
        started = wire.CallStarted(
            call_id=call_id, case_id="c", generation=1, offerer=offerer, peers=[peer], ice_servers=[]
        )
        await self.agent.on_message(started)


@pytest.fixture
async def seat() -> Seat:
    made = Seat()
    made.media = made.agent.media = SlowMedia()
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


@pytest.mark.expects_log("call cannot be held here")
@pytest.mark.parametrize("offerer", [True, False])
async def test_a_call_that_cannot_be_held_here_is_left_and_both_sides_are_told(offerer: bool, tmp_path: Path) -> None:
    seat = Seat(SMALL.model_copy(update={"camera": f"synthetic:{tmp_path / 'gone.png'}"}))
    await seat.begin("call-1", offerer=offerer)
    assert seat.failed == ["settings.invalid"]
    assert wire.HangUp(call_id="call-1") in seat.sent
    assert seat.ended == ["hangup"]
    assert seat.agent.session is None
    await seat.agent.close()


async def test_a_call_in_the_place_of_the_one_that_stands_says_so(seat: Seat) -> None:
    seat.media.go_on.set()
    await seat.begin("call-2")
    assert seat.ended == ["replaced"]
    assert seat.agent.session is not None
    assert seat.agent.session.snapshot().call_id == "call-2"
    await seat.agent.close()
