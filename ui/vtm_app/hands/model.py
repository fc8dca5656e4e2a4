"""What the panel shows of the machine's world, as words and reasons. No Qt."""

from collections.abc import Mapping

from common.errors import AppError
from devices.hands.client import HandsView
from ui.kit.texts import devices, kiosk_hands
from ui.kit.texts.book import TextBook
from ui.kit.texts.words import T, t

FACES = (100, 50, 20, 10)
_CARD_PLACES = {"away": "in_hand", "mouth": "at_mouth", "inside": "inside", "jammed": "jammed"}
_FALSE = ("counterfeit", "unrecognized")


def reason(view: HandsView | None, action: str) -> T | None:
    """Why the hands cannot do this now; None: they can."""
    if view is None:
        return t("hands.away_reason")
    code = view.actions.get(action, "hands.no_action")
    if code is None:
        return None
    return t(code) if code in kiosk_hands.TEXTS or code in devices.TEXTS else t("hands.no_action")


def card_place(view: HandsView | None) -> T:
    """Where the card is."""
    if view is None:
        return t("hands.in_hand")
    card = view.world["card"]
    if card["place"] == "away" and card["kept"]:
        return t("hands.kept", n=len(card["kept"]))
    return t(f"hands.{_CARD_PLACES[card['place']]}")


def document_place(view: HandsView | None) -> T:
    """Where the document is."""
    lies = view is not None and view.world["glass"]["document"] is not None
    return t("hands.on_glass" if lies else "hands.in_hand")


def worth(notes: Mapping[str, int]) -> int:
    """Genuine notes by kind (``"100:fit"``) in minor units."""
    total = 0
    for kind, count in notes.items():
        face, quality = kind.split(":")[:2]
        if quality not in _FALSE:
            total += int(face) * 100 * count
    return total


def pocket(view: HandsView | None) -> T:
    """Money in the pocket, or lying in a slot where hands can take it."""
    if view is None:
        return t("hands.pocket", amount=0)
    out = worth(view.notes_at("output")) + worth(view.notes_at("input"))
    return t("hands.in_slot", amount=out) if out else t("hands.pocket", amount=worth(view.notes_at("customer")))


def refusal(book: TextBook, error: AppError) -> T:
    """Why an act was not done, in the machine's own words if there are any."""
    if not book.fits(error.code, error.params):
        return t("hands.no_action")
    told = {name: fault_words(str(value)) if name == "fault" else value for name, value in error.params.items()}
    return t(error.code, **told)


def fault_words(name: str) -> T:
    """A fault in words; one that this table does not know shows its own name."""
    code = f"hands.fault.{name}"
    return t(code) if code in kiosk_hands.TEXTS else t("hands.fault_plain", fault=name)
