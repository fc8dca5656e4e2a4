"""``/api/v1/registers``: searched, exported, and written into by hand; ``/api/v1/seals``: permission to seal."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from common.wire import registers as wire
from server.rest.common import Admin, BookReader, Key, Staff
from server.services.bundle import Services
from server.services.registers import MAX_PAGE, Asked
from teller.registers import Register

_FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _asked(
    q: Annotated[str, Query(max_length=64, description="part of number, person, case or content")] = "",
    since: Annotated[date | None, Query(description="business date, included")] = None,
    until: Annotated[date | None, Query(description="business date, included")] = None,
    branch: Annotated[str | None, Query(max_length=64, description="none: one's own, or all where one may")] = None,
) -> Asked:
    return Asked(q, since, until, branch)


Search = Annotated[Asked, Depends(_asked)]


def router(services: Services) -> APIRouter:
    """All routes of registers."""
    routes = APIRouter(prefix="/registers", tags=["registers"])
    book = services.registers

    @routes.get("/{register}")
    def lines(
        register: wire.RegisterName,
        asked: Search,
        who: BookReader,
        before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    ) -> wire.RegisterPage:
        return book.page(who, Register(register.value), asked, before, limit)

    @routes.get(
        "/{register}/export",
        response_class=Response,
        responses={200: {"content": {media: {} for media in _FILES.values()}}},
    )
    def export(
        register: wire.RegisterName, asked: Search, who: BookReader, form: Literal["csv", "xlsx"] = "csv"
    ) -> Response:
        name = f'attachment; filename="{register.value}.{form}"'
        data = book.export(who, Register(register.value), asked, form)
        return Response(data, media_type=_FILES[form], headers={"Content-Disposition": name})

    @routes.post("/items", status_code=201)
    def item(body: wire.ItemEntry, who: Staff, key: Key) -> wire.RegisterRow:
        return book.item(key, who, body)

    @routes.post("/handovers", status_code=201)
    def offer(body: wire.HandoverOffer, who: Staff, key: Key) -> wire.RegisterRow:
        return book.offer(key, who, body)

    @routes.post("/handovers/{reference}/answer", status_code=201)
    def answer(reference: str, body: wire.HandoverAnswer, who: Staff, key: Key) -> wire.RegisterRow:
        return book.answer(key, who, reference, body)

    return routes


def seal_router(services: Services) -> APIRouter:
    """Permission to seal."""
    routes = APIRouter(prefix="/seals", tags=["registers"])

    @routes.get("/permissions")
    def permissions(who: BookReader) -> list[wire.SealPermissionView]:
        return services.seals.permissions()

    @routes.put("/permissions")
    def permit(body: wire.SealPermit, who: Admin, key: Key) -> list[wire.SealPermissionView]:
        return services.seals.permit(key, who, body)

    return routes
