"""Guidance for whoever photographs a document with a browser: the vision room's light worker behind a port.

The server does not import that room; whoever starts the server hands the guide in. It is started with the first picture
that is sent, so that a server nobody asks has no such process.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from common.clock import Clock
from common.errors import UserError
from common.wire.identity import GuidanceFinding, GuidanceView
from server.edge.limits import TokenBucket

PER_SECOND, BURST = 2.0, 4
"""Pictures of one user: more than anybody's hand can follow."""
USERS = 1024


class Found(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


class Guidance(Protocol):
    @property
    def seen(self) -> bool: ...
    @property
    def good(self) -> bool: ...
    @property
    def findings(self) -> Sequence[Found]: ...
    @property
    def outline(self) -> Sequence[tuple[float, float]] | None: ...


class Guide(Protocol):
    """`ocr.client.GuideClient`; used in one event loop."""

    async def wake(self) -> None: ...
    async def look_at_document(self, picture: bytes, expected: str | None = None) -> Guidance: ...
    async def close(self) -> None: ...


class GuidanceDesk:
    """Admits so many pictures of each user, and passes them on."""

    def __init__(self, guide: Guide | None, clock: Clock) -> None:
        self._guide, self._clock = guide, clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def admit(self, number: str) -> None:
        """One more picture of this user?

        Raises:
            UserError: ``document.too_many`` (``retry_after_s``).
        """
        bucket = self._buckets.pop(number, None) or TokenBucket(self._clock, per_second=PER_SECOND, burst=BURST)
        self._buckets[number] = bucket
        while len(self._buckets) > USERS:
            self._buckets.popitem(last=False)
        if not bucket.take():
            raise UserError("document.too_many", retryable=True, retry_after_s=1)

    async def look(self, picture: bytes, expected: str | None) -> GuidanceView:
        """What should be put right.

        Raises:
            UserError: ``document.no_guide``: this server was started without one.
            ServiceError: the guide's own (``ocr.busy``, ``ocr.timeout``, …).
        """
        if self._guide is None:
            raise UserError("document.no_guide")
        await self._guide.wake()
        said = await self._guide.look_at_document(picture, expected)
        return GuidanceView(
            seen=said.seen,
            good=said.good,
            findings=[GuidanceFinding(code=one.code, fields=list(one.fields)) for one in said.findings],
            outline=None if said.outline is None else [(x, y) for x, y in said.outline],
        )

    async def close(self) -> None:
        """End the worker, if there is one."""
        if self._guide is not None:
            await self._guide.close()
