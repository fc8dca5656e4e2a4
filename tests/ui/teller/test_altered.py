"""What the teller is told when evidence did not reach the authoriser as it was stored."""

from benchmarks.seat import cases
from common.wire.cases import EvidenceKind
from tests.ui.teller.conftest import Seat
from ui.kit.panels import AlertBox


def test_a_picture_that_did_not_arrive_as_stored_is_said_with_what_to_do(seat: Seat) -> None:
    seat.show(cases.awaiting())
    assert not any(box.isVisible() for box in seat.window.findChildren(AlertBox, "teller.auth.altered"))
    altered = cases.evidence(EvidenceKind.ID_BACK)[-1].digest
    seat.show(cases.awaiting(authorisation=cases.authorisation(altered=[altered]), version=13))
    box = seat.part("teller.auth.altered")
    assert isinstance(box, AlertBox)
    assert box.title.text() == "授权员看到的证件背面与原件不符"
    assert "请撤回" in box.text.text()
