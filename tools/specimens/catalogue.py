"""Every specimen there is, by kind and side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PIL import Image

from tools.demo_people import invent
from tools.specimens import papers, permits, resident_id, zones

Draw = Callable[[int, str], tuple[Image.Image, dict[str, str]]]
"""From a seed and a font family to the flat document and what is written on it."""


@dataclass(frozen=True)
class Specimen:
    """One drawn document and what a reader should find on it."""

    kind: str
    side: str
    image: Image.Image
    truth: dict[str, str]


def _resident(side: str, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    person = invent(seed)
    if side == "front":
        return resident_id.render_front(person, letters=letters), person.front()
    return resident_id.render_back(person, letters=letters), person.back()


DRAW: Mapping[tuple[str, str], Draw] = {
    ("resident_id", "front"): partial(_resident, "front"),
    ("resident_id", "back"): partial(_resident, "back"),
    ("hk_macau_residence_permit", "front"): partial(permits.residence_front, "810099"),
    ("hk_macau_residence_permit", "back"): partial(permits.residence_back, "港澳居民居住证"),
    ("taiwan_residence_permit", "front"): partial(permits.residence_front, "830099"),
    ("taiwan_residence_permit", "back"): partial(permits.residence_back, "台湾居民居住证"),
    ("hk_macau_travel_permit", "front"): partial(permits.travel_permit, False),
    ("taiwan_travel_permit", "front"): partial(permits.travel_permit, True),
    ("hk_macau_travel_permit", "back"): partial(permits.travel_permit_back, False),
    ("taiwan_travel_permit", "back"): partial(permits.travel_permit_back, True),
    ("foreign_permanent_resident", "front"): permits.permanent_front,
    ("foreign_permanent_resident", "back"): permits.permanent_back,
    ("passport", "data"): zones.passport,
    ("td1", "data"): partial(zones.identity_card, "TD1"),
    ("td2", "data"): partial(zones.identity_card, "TD2"),
    ("bank_card", "front"): papers.bank_card,
    ("business_licence", "front"): papers.business_licence,
    ("household_register", "home"): papers.household_home,
    ("household_register", "member"): papers.household_member,
    ("deposit_certificate", "front"): papers.deposit_certificate,
}


def draw(kind: str, side: str, seed: int, letters: str = "Noto Sans CJK SC") -> Specimen:
    """The same arguments, the same document."""
    image, truth = DRAW[kind, side](seed, letters)
    return Specimen(kind, side, image, truth)
