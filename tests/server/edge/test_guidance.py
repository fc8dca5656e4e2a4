"""Pictures of documents that a browser sends to be looked at: admitted, bounded, answered."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from common.errors import UserError
from common.wire.sessions import Role
from server.edge import http_errors
from server.edge.metrics import Metrics
from server.edge.middleware import MAX_LOOKED_AT, HttpEdge
from server.guidance import BURST, USERS, GuidanceDesk
from server.rest import documents
from tests.fakes.clock import HandClock


class FakeGuide:
    """Finds glare over the number; counts its lives."""

    def __init__(self) -> None:
        self.lives = [0, 0]
        self.asked: list[tuple[bytes, str | None]] = []

    async def wake(self) -> None:
        self.lives[0] = 1

    async def look_at_document(self, picture: bytes, expected: str | None = None) -> Any:
        self.asked.append((picture, expected))
        found = SimpleNamespace(code="doc.glare", fields=("id_number",))
        return SimpleNamespace(seen=True, good=False, findings=(found,), outline=((0.1, 0.2),) * 4)

    async def close(self) -> None:
        self.lives[1] += 1


async def test_the_guide_is_woken_by_the_first_picture_and_closed_at_the_end() -> None:
    guide = FakeGuide()
    desk = GuidanceDesk(guide, HandClock())
    assert guide.lives == [0, 0]
    for _ in range(2):
        said = await desk.look(b"picture", "id_front")
    assert said.model_dump(mode="json") == {
        "seen": True, "good": False, "findings": [{"code": "doc.glare", "fields": ["id_number"]}],
        "outline": [[0.1, 0.2]] * 4,
    }  # fmt: skip
    await desk.close()
    assert guide.lives == [1, 1]


async def test_without_a_guide_it_is_said_and_nothing_is_closed() -> None:
    desk = GuidanceDesk(None, HandClock())
    with pytest.raises(UserError) as raised:
        await desk.look(b"picture", None)
    assert raised.value.code == "document.no_guide"
    await desk.close()


def test_each_user_has_a_pace_of_his_own_and_few_are_remembered() -> None:
    clock = HandClock()
    desk = GuidanceDesk(FakeGuide(), clock)
    for _ in range(BURST):
        desk.admit("K-01")
    with pytest.raises(UserError) as raised:
        desk.admit("K-01")
    assert (raised.value.code, raised.value.params["retry_after_s"]) == ("document.too_many", 1)
    desk.admit("K-02")
    clock.at += 1.0
    desk.admit("K-01")
    for number in range(2 * USERS):
        desk.admit(f"B-{number}")
    assert len(desk._buckets) == USERS


@pytest.fixture
def web() -> Iterator[tuple[TestClient, FakeGuide]]:
    """The route as a browser meets it, signed on as a kiosk."""
    guide, app = FakeGuide(), FastAPI()
    app.state.sessions = SimpleNamespace(
        find=lambda _: SimpleNamespace(principal=SimpleNamespace(number="K-02", role=Role.KIOSK))
    )
    http_errors.install(app)
    app.add_middleware(HttpEdge, metrics=Metrics())
    app.include_router(documents.router(GuidanceDesk(guide, HandClock())), prefix="/api/v1")
    with TestClient(app, headers={"Authorization": "Bearer x"}) as client:
        yield client, guide


def test_the_route_bounds_size_side_and_pace(web: tuple[TestClient, FakeGuide]) -> None:
    client, guide = web
    assert client.post("/api/v1/documents/look?expected=id_back", content=b"x").json()["good"] is False
    assert guide.asked == [(b"x", "id_back")]
    assert client.post("/api/v1/documents/look?expected=other", content=b"x").status_code == 422
    assert client.post("/api/v1/documents/look", content=b"x" * (MAX_LOOKED_AT + 1)).status_code == 413
    answers = [client.post("/api/v1/documents/look", content=b"x").status_code for _ in range(BURST)]
    assert answers[-1] == 429
