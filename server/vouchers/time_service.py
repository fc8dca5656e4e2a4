"""A time-stamping service (RFC 3161) asked over HTTP, so that the bank's clock is not the only witness of the time."""

from typing import Any

import httpx
from asn1crypto import tsp  # type: ignore[import-untyped]
from pyhanko.sign.timestamps import TimeStamper

from common.errors import ServiceError

_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"
WITHIN_S = 5.0
MAX_BYTES = 64 * 1024


class HttpTimeStamper(TimeStamper):
    """Asks one service; the library checks that the answer is about what was asked."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: Any) -> Any:
        """One question.

        Raises:
            ServiceError: ``voucher.no_time`` when no usable answer comes.
        """
        try:
            async with httpx.AsyncClient(timeout=WITHIN_S, trust_env=False) as http:
                answer = await http.post(self._url, content=req.dump(), headers={"Content-Type": _ASKS})
        except httpx.HTTPError as error:
            raise ServiceError("voucher.no_time") from error
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if answer.status_code != 200 or kind != _ANSWERS or len(answer.content) > MAX_BYTES:
            raise ServiceError("voucher.no_time")
        return _read(answer.content)


def _read(content: bytes) -> Any:
    try:
        answer = tsp.TimeStampResp.load(content)
        # The library reads on demand; a broken answer is to be known here.
        assert answer.native is not None
    except (ValueError, TypeError) as error:
        raise ServiceError("voucher.no_time") from error
    return answer
