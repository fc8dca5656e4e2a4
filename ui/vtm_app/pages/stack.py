"""Which page shows which layout."""

from ui.kit.kit import Kit
from ui.vtm_app.acts import Acts
from ui.vtm_app.pages.base import Page
from ui.vtm_app.pages.cash_in import CashInPage
from ui.vtm_app.pages.confirm import ConfirmPage
from ui.vtm_app.pages.document import DocumentPage
from ui.vtm_app.pages.face_consent import FaceConsentPage, KeepFacePage
from ui.vtm_app.pages.phone import PhonePage
from ui.vtm_app.pages.pin import PinPage
from ui.vtm_app.pages.queue import QueuePage
from ui.vtm_app.pages.rate import RatePage
from ui.vtm_app.pages.rest import AttractPage, ChoosePage
from ui.vtm_app.pages.sign import SignPage
from ui.vtm_app.pages.step import StepPage
from ui.vtm_app.pages.take_cash import TakeCashPage
from ui.vtm_app.pages.trouble import TroublePage
from ui.vtm_app.scene import Layout


def make_pages(kit: Kit, acts: Acts, place: str) -> dict[Layout, Page]:
    """A page for every layout."""
    return {
        Layout.ATTRACT: AttractPage(kit, acts, place),
        Layout.CHOOSE: ChoosePage(kit, acts),
        Layout.QUEUE: QueuePage(kit, acts),
        Layout.STEP: StepPage(kit, acts),
        Layout.DOCUMENT: DocumentPage(kit, acts),
        Layout.PHONE: PhonePage(kit, acts),
        Layout.CASH_IN: CashInPage(kit, acts),
        Layout.CONFIRM: ConfirmPage(kit, acts),
        Layout.PIN: PinPage(kit, acts),
        Layout.FACE_CONSENT: FaceConsentPage(kit, acts),
        Layout.KEEP_FACE: KeepFacePage(kit, acts),
        Layout.SIGN: SignPage(kit, acts),
        Layout.TAKE_CASH: TakeCashPage(kit, acts),
        Layout.TROUBLE: TroublePage(kit, acts),
        Layout.RATE: RatePage(kit, acts),
    }
