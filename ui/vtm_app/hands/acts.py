"""The acts of the hands beside card, document, notes and keys: what each has to be told. No Qt.

What is shown to a sensor is whose it is, in words: the simulated finger of one name is always the same finger.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ui.vtm_app.hands.props import CardProp, DocumentProp

Params = dict[str, Any]
CAMERAS = ("person", "room", "exitSlot")


@dataclass(frozen=True)
class InHand:
    """What was typed, and the card and the document that are chosen above."""

    typed: str = ""
    card: CardProp | None = None
    document: DocumentProp | None = None

    @property
    def picture(self) -> str:
        """The document's picture in base64; empty: there is none."""
        return base64.b64encode(self.document.file.read_bytes()).decode() if self.document is not None else ""


def _nothing(_: InHand) -> Params:
    return {}


def _unit(hand: InHand) -> Params:
    return {"unit": hand.typed or "unit1"}


def _count(hand: InHand) -> Params:
    return {"count": int(hand.typed)} if hand.typed.isdecimal() else {}


def _load(hand: InHand) -> Params:
    """``unit1 100 200``: a cassette, a face value, how many; without the last two it is emptied."""
    unit, *rest = hand.typed.split() or ["unit1"]
    notes = {rest[0]: int(rest[1])} if len(rest) == 2 and rest[1].isdecimal() else {}
    return {"unit": unit, "notes": notes}


def _hopper(hand: InHand) -> Params:
    """``unit1 200``: a hopper and how many coins."""
    unit, *rest = hand.typed.split() or ["unit1"]
    return {"unit": unit, "count": int(rest[0]) if rest and rest[0].isdecimal() else 0}


def _subject(hand: InHand) -> Params:
    return {"subject": hand.typed or "1"}


def _signed(hand: InHand) -> Params:
    """The picture of the signature, or whose it is."""
    return {"image": hand.picture} if hand.document is not None and not hand.typed else _subject(hand)


def _papers(hand: InHand) -> Params:
    """Code lines with a comma between them; the document chosen above is the picture of each."""
    lines = [line.strip() for line in hand.typed.split(",")]
    return {"papers": [{"codeline": line, "image": hand.picture} for line in lines]}


def _tapped(hand: InHand) -> Params:
    card = hand.card
    return {"pan": card.pan, "name": card.name, "track2": card.track2} if card is not None else {}


def _scene(hand: InHand) -> Params:
    """The document chosen above is held before a camera; another word than a camera's name takes it away."""
    camera, _, rest = hand.typed.partition(" ")
    return {"camera": camera or CAMERAS[0], "image": "" if rest else hand.picture}


@dataclass(frozen=True)
class Act:
    """One act. ``detail``: what is to be typed with it (a text code's ending); empty: nothing."""

    name: str
    detail: str = ""
    params: Callable[[InHand], Params] = _nothing


ACTS = (
    Act("take_new_card"),
    Act("take_token"),
    Act("take_certificate"),
    Act("take_pages"),
    Act("take_passbook"),
    Act("take_coins"),
    Act("take_scanned"),
    Act("take_papers"),
    Act("insert_passbook", "stripe", lambda hand: {"stripe": hand.typed}),
    Act("feed_document", "", lambda hand: {"image": hand.picture}),
    Act("put_papers", "codeline", _papers),
    Act("tap_card", "", _tapped),
    Act("withdraw_card"),
    Act("lay_finger", "whose", _subject),
    Act("lift_finger"),
    Act("hold_palm", "whose", _subject),
    Act("withdraw_palm"),
    Act("sign", "signer", _signed),
    Act("wipe_signature"),
    Act("show_code", "code", lambda hand: {"data": hand.typed}),
    Act("hide_code"),
    Act("press_terminal_key", "key", lambda hand: {"key": hand.typed or "enter"}),
    Act("set_scene", "camera", _scene),
    Act("approach"),
    Act("step_back"),
    Act("lift_handset"),
    Act("hang_up_handset"),
    Act("press_call_button"),
    Act("release_call_button"),
    Act("unbolt_doors"),
    Act("open_cabinet"),
    Act("close_cabinet"),
    Act("open_safe"),
    Act("close_safe"),
    Act("remove_cassette", "unit", _unit),
    Act("insert_cassette", "unit", _unit),
    Act("load_cassette", "load", _load),
    Act("load_hopper", "hopper", _hopper),
    Act("load_cards", "count", _count),
    Act("load_tokens", "count", _count),
    Act("load_paper"),
    Act("load_pages"),
    Act("load_certificates"),
    Act("load_ribbon"),
    Act("empty_card_bin"),
    Act("empty_new_card_bin"),
    Act("empty_token_bin"),
    Act("empty_receipt_bin"),
    Act("empty_page_bin"),
    Act("empty_certificate_bin"),
    Act("empty_paper_bins"),
    Act("close_vendor_program"),
    Act("shake"),
    Act("calm"),
    Act("heat"),
    Act("cool"),
    Act("tamper"),
    Act("clear_tamper"),
    Act("cut_mains"),
    Act("restore_mains"),
    Act("drain_battery"),
)
