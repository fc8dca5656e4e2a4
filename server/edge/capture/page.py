"""``/capture/{code}``: a page without framework or anything from elsewhere, and the two things it asks of the server.

Whoever has the code may have frames looked at and hand one picture in, while the link is open; nothing else, and
nothing is told of the customer or the case but which paper is wanted.
"""

import asyncio
import base64
import hashlib
import html
import json
import logging
from collections import Counter
from importlib import resources
from string import Template
from typing import Annotated, Protocol

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from common.clock import Clock
from common.errors import ServiceError, UserError
from common.wire.capture import CaptureAnswer, LinkState
from common.wire.identity import GuidanceView
from server.edge.capture import words
from server.edge.capture.jpeg import larger_than
from server.edge.limits import Gate
from server.guidance import GuidanceDesk
from server.rest.common import Key
from server.services.capture import Wanted

log = logging.getLogger(__name__)

_JPEG = b"\xff\xd8\xff"
_BODY = {
    "requestBody": {"required": True, "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
_UNREADABLE = "image."
"""Findings that begin so: the bytes are no picture that anybody could look at."""
AT_ONCE, WITHIN_S = 4, 90.0
"""Bodies of one link that may be on their way together, and for how long: a poor line carries a picture in a minute."""
MAX_PIXELS = 40_000_000
"""The page itself draws a picture anew with seven million; more would only be a load for whoever looks at it."""


class Captures(Protocol):
    """`server.services.capture.CaptureService`, as the page needs it."""

    def wanted(self, code: str) -> Wanted: ...

    def hand_in(self, key: str, link: Wanted, picture: bytes, *, good: bool) -> CaptureAnswer: ...


class _Page:
    """The page, put together once; its policy names its own script and style by their digests and permits no other."""

    def __init__(self) -> None:
        folder = resources.files(__package__)
        script, style = ((folder / f"page.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
        table = json.dumps(words.table(), ensure_ascii=False).replace("<", "\\u003c")
        no_script = " ".join(html.escape(each) for each in words.OVER["no_script"])
        page = Template((folder / "page.html").read_text(encoding="utf-8"))
        self._page = page.safe_substitute(script=script, style=style, words=table, no_script=no_script)
        policy = (
            f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src blob:; "
            "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
        )
        self._headers = {"Content-Security-Policy": policy, "Permissions-Policy": "camera=(self), microphone=()"}

    def answer(self, status: int, state: str, kind: str = "licence", language: str = "zh") -> HTMLResponse:
        """The page for a link in this state."""
        english = language == "en"
        title = words.PAGE["title"][english].format(kind=words.KINDS.get(kind, words.KINDS["licence"])[english])
        shown = {"state": state, "kind": kind, "language": "en" if english else "zh", "title": title}
        safe = {name: html.escape(value) for name, value in shown.items()}
        body = self._page
        for name, value in safe.items():
            body = body.replace(f"${name}", value)
        return HTMLResponse(body, status, headers=self._headers)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Desk:
    """Finds links, and slows down whoever tries codes or sends too much.

    Whoever has a code waits for nobody who has none, and for nobody who has another.
    """

    def __init__(self, captures: Captures, guidance: GuidanceDesk, clock: Clock) -> None:
        self._captures, self._guidance = captures, guidance
        self._wrong = Gate(clock, 1, 20)
        self._coming: Counter[str] = Counter()

    async def body(self, link: Wanted, request: Request) -> bytes:
        """What is sent under a link, open or over.

        Raises:
            UserError: ``document.too_many`` (``retry_after_s``). HTTPException: 408 for what does not come in time.
        """
        self._guidance.admit(link.link_id)
        if self._coming[link.link_id] >= AT_ONCE:
            raise UserError("document.too_many", retryable=True, retry_after_s=1)
        self._coming[link.link_id] += 1
        try:
            async with asyncio.timeout(WITHIN_S):
                return await request.body()
        except TimeoutError:
            raise HTTPException(408) from None
        finally:
            self._coming[link.link_id] -= 1
            self._coming += Counter()  # only those with something on its way stay

    def wanted(self, code: str) -> Wanted:
        """The link. Raises ``capture.not_found``, and ``capture.too_many`` while wrong codes come too fast."""
        try:
            return self._captures.wanted(code)
        except UserError:
            if not self._wrong.open():
                raise UserError("capture.too_many", retryable=True, retry_after_s=1) from None
            raise

    async def open_link(self, code: str) -> Wanted:
        """A link that is open. Raises as `wanted`; ``capture.over`` (``state``)."""
        link = await run_in_threadpool(self.wanted, code)
        if link.state is not LinkState.OPEN:
            raise UserError("capture.over", state=link.state.value)
        return link

    async def look(self, link: Wanted, picture: bytes) -> GuidanceView:
        """What is to be put right. Raises ``evidence.not_a_picture``, as `GuidanceDesk`."""
        if not picture.startswith(_JPEG) or larger_than(picture, MAX_PIXELS):
            raise UserError("evidence.not_a_picture")
        said = await self._guidance.look(picture, link.kind.value)
        if any(one.code.startswith(_UNREADABLE) for one in said.findings):
            raise UserError("evidence.not_a_picture")
        return said

    async def hand_in(self, key: str, link: Wanted, picture: bytes, *, as_is: bool) -> CaptureAnswer:
        """The picture, looked at once more by the server itself while there is somebody who can."""
        said = None
        if link.state is LinkState.OPEN:
            try:
                said = await self.look(link, picture)
            except (ServiceError, UserError) as error:
                if not (isinstance(error, ServiceError) or error.code == "document.no_guide"):
                    raise
                log.info("captured picture not looked at", extra={"code": error.code})
        good = said is None or said.good or as_is
        answer = await run_in_threadpool(self._captures.hand_in, key, link, picture, good=good)
        return answer.model_copy(update={"look": None if answer.taken else said})


def router(captures: Captures, guidance: GuidanceDesk, clock: Clock) -> APIRouter:
    """The page and its two routes."""
    routes = APIRouter(tags=["public"], prefix="/capture")
    desk, page = Desk(captures, guidance, clock), _Page()

    @routes.get("/{code}", response_class=HTMLResponse)
    def capture_page(code: str) -> HTMLResponse:
        try:
            link = desk.wanted(code)
        except UserError as error:
            unknown = error.code == "capture.not_found"
            return page.answer(404 if unknown else 429, "unknown" if unknown else "too_many")
        status = 200 if link.state is LinkState.OPEN else 410
        return page.answer(status, link.state.value, link.kind.value, link.language)

    @routes.post("/{code}/look", openapi_extra=_BODY)
    async def look(code: str, request: Request) -> GuidanceView:
        link = await desk.open_link(code)
        return await desk.look(link, await desk.body(link, request))

    @routes.post("/{code}/picture", openapi_extra=_BODY)
    async def picture(code: str, request: Request, key: Key, as_is: Annotated[bool, Query()] = False) -> CaptureAnswer:
        # A link that is over may still be asked with the key under which its picture came: see `CaptureService`.
        link = await run_in_threadpool(desk.wanted, code)
        return await desk.hand_in(key, link, await desk.body(link, request), as_is=as_is)

    return routes
