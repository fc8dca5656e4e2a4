"""A picture from the customer's own phone, at the teller's window: asked for, taken back, shown for what it is."""

import hashlib
from datetime import timedelta

from PySide6.QtCore import Qt

from benchmarks.seat import cases
from common.wire.capture import AskCapture, CaptureView, LinkState
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, EvidenceOrigin, EvidenceView
from tests.ui.teller.conftest import Seat, serve
from ui.kit.evidence import EvidenceThumb
from ui.teller_app.commands import palette_entries

F8 = Qt.Key.Key_F8
PAPERS = [EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, EvidenceKind.LICENCE]
PHOTO = b"\xff\xd8\xff from a phone"


def company(**changes: object) -> CaseView:
    """A case in which a licence is asked for and may come by phone."""
    return cases.filled(papers=PAPERS, phone_papers=[EvidenceKind.LICENCE], **changes)


def link(state: LinkState = LinkState.OPEN, minutes: int = 10) -> CaptureView:
    until = cases.START + timedelta(minutes=minutes)
    return CaptureView(kind="licence", state=state, until=until, count=1, left_s=60 * minutes)


def waiting(**changes: object) -> CaseView:
    return company(customer_step=CustomerStep.PHONE_CAPTURE, capture=link(**changes), version=90)  # type: ignore[arg-type]


def test_f8_asks_for_it_and_f8_again_takes_it_back(seat: Seat) -> None:
    serve(seat, company())
    seat.key(F8)
    sent = seat.out.store.sent[-1]
    assert (sent.suffix, sent.body) == ("capture", AskCapture(kind="licence"))
    seat.out.store.answer(waiting())
    assert seat.main().startswith("等客户手机拍照")
    thumb = seat.part("teller.evidence.licence")
    assert isinstance(thumb, EvidenceThumb)
    assert seat.window.kit.say(thumb._empty) == "等客户手机拍"
    seat.key(F8)
    assert seat.out.store.sent[-1].suffix == "capture/take-back"


def test_the_palette_offers_what_fits(seat: Seat) -> None:
    serve(seat, cases.filled())
    local = seat.window.parts.cases.local
    for case, offered in ((cases.filled(), set()), (company(), {"phone"}), (waiting(), {"phone_back"})):
        keys = {one.key for one in palette_entries(case, local, None)}
        assert keys & {"phone", "phone_back"} == offered
    assert not seat.window.bar.key("F8").isEnabled(), "nothing in this case may come by phone"


def test_when_its_time_is_over_the_main_key_gives_another(seat: Seat) -> None:
    serve(seat, waiting(minutes=0))
    assert seat.main() == "重新给客户一个码"
    seat.key(Qt.Key.Key_F9)
    assert seat.out.store.sent[-1].body == AskCapture(kind="licence")


def test_the_picture_says_that_it_came_from_a_phone(seat: Seat) -> None:
    digest = hashlib.sha256(PHOTO).hexdigest()
    piece = EvidenceView(
        digest=digest, kind=EvidenceKind.LICENCE, media_type="image/jpeg", size=len(PHOTO), captured_at=cases.START,
        by="phone", origin=EvidenceOrigin.CUSTOMER_PHONE,
    )  # fmt: skip
    case = company()
    serve(seat, case.model_copy(update={"evidence": [*case.evidence, piece]}))
    thumb = seat.part("teller.evidence.licence")
    assert isinstance(thumb, EvidenceThumb)
    assert thumb.accessibleName().startswith("手机拍：营业执照"), "what matters is first: a narrow place shows no more"
    assert thumb.badge == "mobile", "seen also where there is no room for words"
    assert digest in seat.window.parts.capture._read, "it is read like one from the document camera"
