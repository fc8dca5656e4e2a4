"""Looking at cases: lists, one case, its voucher and receipt."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from common.wire.cases import CaseRow, CaseView
from server.rest.common import Anyone, AtTheCase
from server.services.bundle import Services


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes."""

    @routes.get("")
    def cases(
        who: Anyone,
        q: Annotated[str, Query(max_length=64, description="part of number, masked customer or machine")] = "",
        on: Annotated[date | None, Query(description="business date")] = None,
        mine: bool = False,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[CaseRow]:
        return services.lookup.cases(who, q, on, mine=mine, limit=limit)

    @routes.get("/{case_id}")
    def case(case_id: str, who: Anyone) -> CaseView:
        return services.seen(who, case_id)

    @routes.get("/{case_id}/voucher", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    def voucher(case_id: str, who: AtTheCase) -> Response:
        return Response(services.vouchers.pdf(who, case_id), media_type="application/pdf")

    @routes.get("/{case_id}/receipt")
    def receipt(case_id: str, who: AtTheCase) -> list[str]:
        return services.vouchers.receipt(who, case_id)
