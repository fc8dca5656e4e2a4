"""The HTTP edge: problem documents, limits, headers, health, metrics."""

import asyncio
import json
import socket
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter, Request

from common.errors import AppError, ServiceError, UserError
from common.wire.base import Body, Problem
from server.edge.http_errors import status_of
from server.edge.middleware import MAX_BODY, MAX_PICTURE
from server.edge.serving import listen
from tests.fakes.wire import NO_TLS
from tests.server.edge.conftest import MakeServer
from tests.server.edge.harness import Server, bearer


class Sample(Body):
    number: int


def probes() -> APIRouter:
    """Routes that fail in every way a route can."""
    routes = APIRouter()

    @routes.post("/sample")
    def sample(body: Sample) -> int:
        return body.number

    @routes.post("/evidence")
    async def evidence(request: Request) -> int:
        return len(await request.body())

    @routes.get("/fails/{code}")
    def fails(code: str) -> None:
        if code == "bug":
            raise ZeroDivisionError("secret of the house")
        raise ServiceError(code) if code.startswith("service") else UserError(code, count=3)

    return routes


@pytest.fixture
def http(make_server: MakeServer) -> Iterator[httpx.Client]:
    server = make_server(routers=[probes()])
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=20, verify=NO_TLS) as client:
        yield client


def problem(answer: httpx.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    parsed = Problem.model_validate(answer.json())
    assert parsed.status == answer.status_code
    assert parsed.type == f"urn:guitai:error:{parsed.code}"
    return parsed


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("form.incomplete"), 422),
        (UserError("case.not_found"), 404),
        (UserError("case.stale"), 409),
        (UserError("task.decided"), 409),
        (UserError("task.expired"), 409),
        (UserError("id.expired"), 422),
        (UserError("task.not_yours"), 409),
        (UserError("task.maker_is_checker"), 403),
        (UserError("command.key_reused"), 409),
        (UserError("auth.required"), 401),
        (UserError("auth.forbidden"), 403),
        (UserError("auth.too_many"), 429),
        (ServiceError("store.unavailable"), 503),
        (AppError("anything.else"), 422),
    ],
)
def test_the_table_of_statuses(error: AppError, status: int) -> None:
    assert status_of(error) == status


def test_an_error_of_ours_is_a_problem_document(http: httpx.Client) -> None:
    found = problem(http.get("/fails/case.stale"))
    assert (found.code, found.status, found.params, found.retryable) == ("case.stale", 409, {"count": 3}, False)
    assert found.title == "Conflict"


@pytest.mark.expects_log("service failed")
def test_a_failed_part_says_that_trying_again_may_help(http: httpx.Client) -> None:
    assert problem(http.get("/fails/service.down")).retryable


@pytest.mark.expects_log("request failed")
def test_a_bug_shows_a_number_and_nothing_else(http: httpx.Client) -> None:
    answer = http.get("/fails/bug")
    found = problem(answer)
    assert (found.code, found.status) == ("server.bug", 500)
    assert found.params["correlation_id"] == answer.headers["x-correlation-id"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [({"number": "330102199001011234"}, "body.number"), ({}, "body.number"), ({"number": 1, "x": 1}, "body.x")],
)
def test_a_wrong_body_is_answered_with_the_field_not_its_value(
    http: httpx.Client, body: dict[str, object], field: str
) -> None:
    answer = (
        http.post("/sample", json=body)
        if body.get("number") != "330102199001011234"
        else http.post("/sample", json={"number": "330102199001011234x"})
    )
    found = problem(answer)
    assert (found.code, found.status, found.params["field"]) == ("request.invalid", 422, field)
    assert "330102" not in answer.text


def test_what_does_not_exist_or_is_not_allowed(http: httpx.Client) -> None:
    assert problem(http.get("/nothing")).code == "request.not_found"
    wrong = http.put("/sample", json={"number": 1})
    assert problem(wrong).code == "request.method_not_allowed"
    assert "POST" in wrong.headers["allow"]
    assert problem(http.post("/sample", content=b"{not json")).code == "request.invalid"


def test_bodies_have_a_largest_size_announced_or_not(http: httpx.Client) -> None:
    big = b"x" * (MAX_BODY + 1)
    assert problem(http.post("/sample", content=big)).code == "request.too_large"
    pieces = (big[start : start + 65536] for start in range(0, len(big), 65536))
    assert problem(http.post("/sample", content=pieces)).code == "request.too_large"
    assert http.post("/evidence", content=big).json() == len(big)
    huge = b"x" * (MAX_PICTURE + 1)
    assert problem(http.post("/evidence", content=huge)).status == 413


def test_every_answer_carries_the_security_headers_and_no_cors(http: httpx.Client) -> None:
    for path in ("/nothing", "/fails/case.stale"):
        headers = http.get(path, headers={"Origin": "http://elsewhere.example"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


def test_health_asks_the_database(make_server: MakeServer) -> None:
    assert httpx.get(f"{make_server().url}/healthz", verify=NO_TLS).json() == {"status": "ok", "database": "ok"}


@pytest.mark.expects_log("service failed")
def test_health_tells_when_the_database_is_gone(make_server: MakeServer) -> None:
    def broken() -> None:
        raise ServiceError("store.unavailable")

    answer = httpx.get(f"{make_server(check_database=broken).url}/healthz", verify=NO_TLS)
    assert (problem(answer).code, answer.status_code) == ("store.unavailable", 503)


def test_metrics_are_for_the_administrator(server: Server) -> None:
    url = f"{server.url}/metrics"
    assert httpx.get(url, verify=NO_TLS).status_code == 401
    assert httpx.get(url, headers=bearer(server.token("T-01")), verify=NO_TLS).status_code == 403
    figures = httpx.get(url, headers=bearer(server.token("X-01")), verify=NO_TLS).json()
    assert figures["counters"]["http POST /sessions 201"] == 2
    assert figures["latencies"]["http POST /sessions"]["n"] == 2
    assert figures["gauges"] == {"connections": 0}


def test_openapi_describes_the_problem(server: Server) -> None:
    document = httpx.get(f"{server.url}/openapi.json", verify=NO_TLS).json()
    assert document["components"]["schemas"]["Problem"]["properties"]["code"]
    assert "HTTPValidationError" not in json.dumps(document)


async def test_small_frames_are_not_held_back_by_the_kernel() -> None:
    """Without TCP_NODELAY a relayed description waits 40 ms for the client's delayed acknowledgement."""
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    bound = listen("127.0.0.1", 0)
    async with await asyncio.start_server(note, sock=bound):
        _, writer = await asyncio.open_connection(*bound.getsockname())
        assert await asyncio.wait_for(accepted, 5) != 0
        writer.close()
        await writer.wait_closed()
