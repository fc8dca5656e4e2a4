"""Looking at faces for a server: called from any thread, answered by a worker process that starts when first needed.

The server does not import this room; whoever starts it hands this in at its port.
"""

import asyncio
import hashlib
import logging
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from common.challenge import MOST_FRAMES, FilmFrame
from common.errors import ServiceError
from common.settings import Settings
from common.wire.identity import FaceUse
from common.wire.liveness import Gesture
from ocr import wire
from ocr.api import FaceLook, FaceMatch, FacePurpose
from ocr.client import WorkerClient
from ocr.liveness.replay import Replayed, Seeing, replayed

R = TypeVar("R")
LIMIT_S = 10.0
"""For one comparison on a busy machine; alone it takes a quarter of a second."""
START_S = 40.0
CLOSE_S = 10.0
"""For the end: whoever stops a server does not wait longer for its worker."""
MODEL = "face_recognition"
KEPT_LOOKS = 6 * MOST_FRAMES
"""Of films that are still being taken; a look is a thousand bytes."""
log = logging.getLogger(__name__)


def command(settings: Settings) -> list[str]:
    """How the worker is started."""
    return [sys.executable, "-m", "ocr.face_worker", "--log-level", settings.log_level]


class FaceClient(WorkerClient):
    """One worker that looks at faces and does nothing else."""

    async def match_faces(self, a: bytes, b: bytes, purpose: FacePurpose, *, document: bool = False) -> FaceMatch:
        """Compare the persons in two pictures, by the threshold of a purpose.

        Args:
            document: ``a`` is the picture of a document, out of which the portrait is cut first.

        Raises:
            ServiceError: as :meth:`ocr.client.VisionClient.read_document`.
        """
        job = {"job": "match_faces", "purpose": purpose.value, "document": document}
        return wire.load_match(await self._submit(job, (a, b)))

    async def look(self, picture: bytes) -> FaceLook:
        """What a picture of a film shows.

        Raises:
            ServiceError: as :meth:`match_faces`.
        """
        return wire.load_look(await self._submit({"job": "look"}, (picture,)))


class FaceJudge:
    """Opens nothing before the first comparison or :meth:`prepare`."""

    model = MODEL

    def __init__(self, settings: Settings, *, worker_command: Sequence[str] | None = None) -> None:
        self._command = list(worker_command or command(settings))
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: FaceClient | None = None
        self._closed = False
        self._looks: OrderedDict[bytes, FaceLook] = OrderedDict()

    def prepare(self) -> None:
        """Start the worker if it does not run yet, and return: soon there will be something to compare.

        Raises:
            ServiceError: ``ocr.closed``.
        """
        self._opened()

    def compare(self, known: bytes, live: bytes, use: FaceUse) -> FaceMatch:
        """Wait for the worker's answer.

        Raises:
            ServiceError: ``ocr.busy``, ``ocr.timeout``, ``ocr.worker_died``, ``ocr.failed``, ``ocr.closed``.
        """
        loop, client = self._opened()
        document = use is FaceUse.DOCUMENT
        purpose = FacePurpose.PORTRAIT if document else FacePurpose(use.value)
        asked = asyncio.run_coroutine_threadsafe(client.match_faces(known, live, purpose, document=document), loop)
        return _answer(asked)

    def look_ahead(self, pictures: Sequence[bytes]) -> None:
        """Look at pictures of a film that is still being taken: :meth:`replay` then has them already.

        Raises:
            ServiceError: as :meth:`compare`.
        """
        for picture in pictures:
            looked, digest = self._look(picture), hashlib.sha256(picture).digest()
            with self._lock:
                self._looks[digest] = looked
                while len(self._looks) > KEPT_LOOKS:
                    self._looks.popitem(last=False)

    def replay(self, film: Sequence[FilmFrame], gestures: Sequence[Gesture]) -> Replayed:
        """Judge the film of a liveness check, a picture at a time: comparisons asked for meanwhile get through.

        Raises:
            ServiceError: as :meth:`compare`.
        """
        return replayed(film, gestures, Seeing(self._known_or_new, self._one_call))

    def _known_or_new(self, picture: bytes) -> FaceLook:
        with self._lock:
            known = self._looks.pop(hashlib.sha256(picture).digest(), None)
        return self._look(picture) if known is None else known

    def _one_call(self, first: bytes, other: bytes) -> FaceMatch:
        return self.compare(first, other, FaceUse.CONTINUITY)

    def _look(self, picture: bytes) -> FaceLook:
        loop, client = self._opened()
        return _answer(asyncio.run_coroutine_threadsafe(client.look(picture), loop))

    def close(self) -> None:
        """End the worker and the thread; who still waits is told ``ocr.closed``. Closing again does nothing."""
        with self._lock:
            self._closed = True
            loop, thread, client = self._loop, self._thread, self._client
            self._loop = self._thread = self._client = None
        if loop is None or thread is None:
            return
        if client is not None:
            try:
                asyncio.run_coroutine_threadsafe(client.close(), loop).result(CLOSE_S)
            except TimeoutError:
                log.warning("face worker did not end in time")
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSE_S)
        if not thread.is_alive():
            loop.close()

    def _opened(self) -> tuple[asyncio.AbstractEventLoop, FaceClient]:
        with self._lock:
            if self._closed:
                raise ServiceError("ocr.closed", retryable=False)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="face judge", daemon=True)
                self._thread.start()
            if self._client is None:
                begun = asyncio.run_coroutine_threadsafe(self._begun(), self._loop)
                try:
                    self._client = begun.result(CLOSE_S)
                except TimeoutError as error:
                    begun.cancel()
                    raise ServiceError("ocr.timeout", seconds=CLOSE_S) from error
            return self._loop, self._client

    async def _begun(self) -> FaceClient:
        client = FaceClient(self._command, limit_s=LIMIT_S, threads=1)
        await client.start()
        return client


def _answer(asked: "Future[R]") -> R:
    """What the worker answered; an AppError it raised is raised here."""
    try:
        return asked.result(START_S + LIMIT_S)
    except TimeoutError as error:
        asked.cancel()
        raise ServiceError("ocr.timeout", seconds=START_S + LIMIT_S) from error
    except CancelledError as error:
        raise ServiceError("ocr.closed", retryable=False) from error
