"""A stranger's client: a kiosk in a real browser, written from docs/signalling.md alone, in a call with our teller."""

import asyncio
import json
import shutil
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from common.settings import VideoSettings
from common.wire.signalling import HangUp, Message, decode_from_server
from server.edge.timings import Timings
from tests.fakes.services import PASSWORD
from tests.server.edge.harness import Bank, Client, Server, client
from video.agent import CallAgent
from video.session import CallSession

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60.0
STROKE = b"a stranger's stroke"
PAGE = Path(__file__).with_name("stranger.html")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints",
)  # fmt: skip

PROGRAM = next((found for found in map(shutil.which, BROWSERS) if found is not None), None)
pytestmark = pytest.mark.skipif(PROGRAM is None, reason=f"no browser here: none of {', '.join(BROWSERS)} is installed")


class Stranger:
    """What the page tells of itself."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def routes(self) -> APIRouter:
        routes = APIRouter()

        @routes.get("/stranger")
        def page() -> HTMLResponse:
            # The server's own pages run no script and see no camera; this one stands in for a stranger's site.
            free = {"Content-Security-Policy": "", "Permissions-Policy": "camera=(self), microphone=(self)"}
            return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers=free)

        @routes.post("/stranger/seen")
        async def seen(request: Request) -> None:
            told = json.loads(await request.body())
            self._loop.call_soon_threadsafe(self._told, told)

        return routes

    def _told(self, seen: dict[str, Any]) -> None:
        self.seen = seen
        self._news.set()

    async def until(self, what: str, condition: Callable[[dict[str, Any]], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition(self.seen):
                    self._news.clear()
                    await self._news.wait()
                    assert not self.seen["errors"], self.seen
        except TimeoutError:
            raise AssertionError(f"{what}: {self.seen}") from None


class Teller:
    """Our own side: the same agent that the teller's window has."""

    def __init__(self, line: Client) -> None:
        self._line = line
        self.session: CallSession | None = None
        self.stroke = asyncio.Event()
        self.ended = asyncio.Event()
        video = VideoSettings(camera="synthetic:teller", microphone="synthetic", speaker="none", width=640, height=360)
        self.agent = CallAgent(
            self._send,
            video,
            "teller",
            on_session=self._began,
            on_change=lambda _: None,
            on_ended=lambda _: self.ended.set(),
        )

    async def _send(self, message: Message) -> None:
        await self._line.send(message)

    def _began(self, session: CallSession | None) -> None:
        if session is not None:
            self.session = session
            session.on_data(lambda data: self.stroke.set() if bytes(data) == STROKE else None)

    async def listen(self) -> None:
        """Hand every message of the server to the agent."""
        while True:
            await self.agent.on_message(decode_from_server(await self._line.socket.recv()).message)


@asynccontextmanager
async def browser(url: str, folder: Path) -> AsyncIterator[Process]:
    assert PROGRAM is not None
    process = await asyncio.create_subprocess_exec(
        PROGRAM, *FLAGS, f"--user-data-dir={folder}", url, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def test_a_browser_that_knows_only_the_document_stands_in_a_call_with_the_teller(tmp_path: Path) -> None:
    stranger = Stranger()
    server = Server(Bank(), Timings(silent_s=PATIENCE_S), public_routers=[stranger.routes()]).start()
    try:
        async with (
            client(server, "T-01") as line,
            browser(f"{server.url}/stranger?login=k-01&password={PASSWORD}", tmp_path),
        ):
            await _in_a_call(server, stranger, line)
    finally:
        await asyncio.to_thread(server.stop)


async def _in_a_call(server: Server, stranger: Stranger, line: Client) -> None:
    teller = Teller(line)
    await stranger.until("signed on", lambda seen: "welcome" in seen.get("messages", []))
    listening = asyncio.create_task(teller.listen())
    try:
        server.bank.queue.serve("case-1", "K-01", "T-01")
        server.edge.call_desk.start("case-1", "T-01", "K-01")
        await stranger.until("picture of the teller", lambda seen: seen["frames"] >= 30)
        await stranger.until("sound of the teller", lambda seen: seen["sound_packets"] >= 50)
        assert (stranger.seen["width"], stranger.seen["height"]) == (640, 360)
        await _seen_by_the_teller(teller, stranger)
        assert teller.session is not None
        await line.send(HangUp(call_id=teller.session.snapshot().call_id))
        await stranger.until("told of the end", lambda seen: seen.get("ended") == "hangup")
        await asyncio.wait_for(teller.ended.wait(), PATIENCE_S)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await teller.agent.close()


async def _seen_by_the_teller(teller: Teller, stranger: Stranger) -> None:
    session = teller.session
    assert session is not None
    taken = await session.remote_screen.snapshot(max_age_s=PATIENCE_S)
    assert taken.rgb.shape[1] >= 160, "a picture of the browser's camera"
    assert taken.rgb.std() > 10
    assert session.snapshot().packets_lost < 100
    session.send_data(b"from the teller")
    await stranger.until("word from the teller", lambda seen: seen["data"] == "from the teller")
    async with asyncio.timeout(PATIENCE_S):
        await teller.stroke.wait()
