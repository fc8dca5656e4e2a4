"""A case's voucher after it was sealed: copies, voids, its pages as pictures."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from common.wire.cases import CaseView
from common.wire.registers import PaperReason, VoucherPages
from server.rest.common import AtTheCase, Key, Teller
from server.services.bundle import Services
from server.vouchers.raster import WIDTHS

Responses = dict[int | str, dict[str, Any]]
_PDF: Responses = {200: {"content": {"application/pdf": {}}}}
_PNG: Responses = {200: {"content": {"image/png": {}}}}
Number = Annotated[int, Path(ge=1, le=999)]


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes."""

    @routes.get("/{case_id}/voucher/pages")
    def pages(case_id: str, who: AtTheCase) -> VoucherPages:
        return VoucherPages(count=services.vouchers.pages(who, case_id))

    @routes.get("/{case_id}/voucher/pages/{number}", response_class=Response, responses=_PNG)
    def page(
        case_id: str, number: Number, who: AtTheCase, width: Annotated[int, Query(ge=WIDTHS[0], le=WIDTHS[1])] = 1240
    ) -> Response:
        return Response(services.vouchers.page(who, case_id, number, width), media_type="image/png")

    @routes.post("/{case_id}/voucher/reprint")
    def reprint(case_id: str, body: PaperReason, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.papers.reprint(key, who, case_id, body))

    @routes.post("/{case_id}/voucher/void")
    def void(case_id: str, body: PaperReason, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.papers.void(key, who, case_id, body))

    @routes.get("/{case_id}/voucher/copies/{ordinal}", response_class=Response, responses=_PDF)
    def copy(case_id: str, ordinal: Number, who: Teller) -> Response:
        return Response(services.papers.copy(who, case_id, ordinal), media_type="application/pdf")
