"""Which task belongs to which step of a visit."""

from common.wire.cases import CustomerStep
from ui.vtm_app.agent import (
    deposit_steps,
    film_steps,
    handing_steps,
    laying,
    look_steps,
    passbook_steps,
    payout_steps,
    phone_steps,
    sheet_steps,
    visit_steps,
)
from ui.vtm_app.agent.host import Step

_S = CustomerStep

STEPS: dict[CustomerStep, Step] = {
    _S.INSERT_CARD: visit_steps.insert_card,
    _S.LAY_ID_FRONT: laying.lay_id_front,
    _S.LAY_ID_BACK: laying.lay_id_back,
    _S.LAY_LICENCE: laying.lay_licence,
    _S.LAY_PARTY_FRONT: laying.lay_party_front,
    _S.LAY_HOUSEHOLD_PAGE: laying.lay_household_page,
    _S.PHONE_CAPTURE: phone_steps.phone_capture,
    _S.INSERT_CASH: deposit_steps.insert_cash,
    _S.PIN: visit_steps.enter_pin,
    _S.LIVENESS: film_steps.film,
    _S.LOOK: look_steps.look_up,
    _S.TAKE_CARD: visit_steps.take_card,
    _S.TAKE_CASH: payout_steps.take_cash,
    _S.STORE_CASH: deposit_steps.store_cash,
    _S.RETURN_CASH: deposit_steps.return_cash,
    _S.RETAIN_CARD: visit_steps.retain_card,
    _S.HAND_OVER: handing_steps.hand_over,
    _S.PRINT_PASSBOOK: passbook_steps.print_passbook,
    _S.TAKE_RECEIPT: visit_steps.take_receipt,
    _S.PRINT_VOUCHER: sheet_steps.print_voucher,
    _S.RATE: sheet_steps.offer_voucher,
}

TO_THE_END = frozenset(
    {_S.PRINT_PASSBOOK, _S.INSERT_CASH, _S.TAKE_CARD, _S.TAKE_CASH, _S.STORE_CASH, _S.RETURN_CASH, _S.RETAIN_CARD}
    | {_S.HAND_OVER, _S.PRINT_VOUCHER, _S.LIVENESS}
)
"""Steps whose task is never cut off: something moves, or a film has to be sent. They see for themselves that the case
went on."""

CARD_MOVES = frozenset({_S.INSERT_CARD, _S.TAKE_CARD, _S.RETAIN_CARD, _S.GOODBYE})
"""Steps in which the kiosk itself lets go of the card."""
