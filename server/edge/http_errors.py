"""The one table from error code to HTTP status, and problem documents (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from common.errors import AppError, Params, ServiceError
from common.wire.base import Problem

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

# Looked up by the whole code, then by the part after the last dot, then by the part before the first.
BY_CODE: Mapping[str, int] = {
    "auth.forbidden": 403,
    "auth.too_many": 429,
    "command.key_missing": 400,
    "request.invalid": 422,
    "request.too_large": 413,
    "request.not_found": 404,
    "request.method_not_allowed": 405,
    "server.bug": 500,
    "id.expired": 422,
    "card.expired": 422,
    "task.maker_is_checker": 403,
    "capture.over": 410,
}
BY_ENDING: Mapping[str, int] = {
    "not_found": 404,
    "stale": 409,
    "decided": 409,
    "withdrawn": 409,
    "expired": 409,
    "not_yours": 409,
    "key_reused": 409,
    "in_progress": 409,
    "wrong_state": 409,
    "conflict": 409,
    "forbidden": 403,
    "too_large": 413,
    "too_many": 429,
}
BY_AREA: Mapping[str, int] = {"auth": 401, "request": 400}

_BY_HTTP_STATUS: Mapping[int, str] = {
    404: "request.not_found",
    405: "request.method_not_allowed",
    413: "request.too_large",
}


def status_of(error: AppError) -> int:
    """HTTP status of an error: by code, by ending, by area; else 503 for a failed part, 422 for a person's request."""
    area, _, _ = error.code.partition(".")
    ending = error.code.rpartition(".")[2]
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    if area in BY_AREA:
        return BY_AREA[area]
    if ending in BY_ENDING:
        return BY_ENDING[ending]
    return 503 if isinstance(error, ServiceError) else 422


def problem(status: int, code: str, params: Params | None = None, *, retryable: bool = False) -> Response:
    """A problem document as a response. ``title`` is the status phrase: words for people are the client's."""
    body = Problem(
        type=f"urn:guitai:error:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        params=dict(params or {}),
        retryable=retryable,
    )
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (409, 429) and params and "retry_after_s" in params:
        headers["Retry-After"] = str(params["retry_after_s"])
    return Response(body.model_dump_json(), status, media_type=MEDIA_TYPE, headers=headers)


async def _app_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    status = status_of(error)
    if status >= 500:
        log.error("service failed", extra={"code": error.code}, exc_info=error)
    return problem(status, error.code, error.params, retryable=error.retryable)


async def _invalid(_request: Request, error: Exception) -> Response:
    """Names the member and the rule it broke; never repeats the value, which may be personal."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return problem(422, "request.invalid", {"field": where, "rule": str(first["type"])})


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_HTTP_STATUS.get(error.status_code, "request.refused")
    answer = problem(error.status_code, code)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document (unexpected ones: :mod:`server.edge.middleware`)."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def openapi_default() -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of every answer that is no success."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"default": {"description": "Problem document (RFC 9457)", "content": {MEDIA_TYPE: {"schema": reference}}}}


def problem_schema() -> dict[str, object]:
    """JSON schema of :class:`Problem`, for the OpenAPI document."""
    schema: dict[str, object] = json.loads(json.dumps(Problem.model_json_schema()))
    return schema
