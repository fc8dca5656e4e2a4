"""Passports and cards with a machine-readable zone, of the state Utopia of ICAO Doc 9303."""

import random
from datetime import date, timedelta

from PIL import Image

from ocr.mrz import check_digit
from tools.specimens.paper import SHEET, Form, default_portrait, mark, paper, place_portrait

_SURNAMES = (
    "ERIKSSON",
    "VAN DER BERG",
    "OKAFOR",
    "SATO",
    "GARCIA LOPEZ",
    "NGUYEN",
    "SCHMIDT",
    "KOWALSKA",
    "ZHANG",
    "ILES",
)
_GIVEN = ("ANNA MARIA", "JOHN", "CHIDI", "HARUTO", "MARIA JOSE", "THI MAI", "HANS OTTO", "ZOFIA", "WEI", "OLIVIER")


def latin(rng: random.Random) -> tuple[str, str]:
    """Surname and given names of one word each."""
    return rng.choice(_SURNAMES).split()[0], rng.choice(_GIVEN).split()[0]


def _six(day: date) -> str:
    return day.strftime("%y%m%d")


def card_zone(
    size: str, seed: int, *, issuer: str = "UTO", nationality: str = "UTO"
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The lines of a zone and what they say."""
    rng = random.Random(seed * 31 + len(size) + ord(size[2]))  # noqa: S311 - invents papers, protects nothing
    surname, given = rng.choice(_SURNAMES), rng.choice(_GIVEN)
    birth = date(1942, 1, 1) + timedelta(days=rng.randrange(365 * 62))
    expiry = date(2026, 6, 1) + timedelta(days=rng.randrange(365 * 9))
    sex = rng.choice("MF")
    number = rng.choice("ABDEFGHKLMNPRTX") + f"{rng.randrange(10**8):08d}"
    dates = _six(birth) + check_digit(_six(birth)) + sex + _six(expiry) + check_digit(_six(expiry))
    name = f"{surname}<<{given}".replace(" ", "<")
    head = number + check_digit(number)
    truth = {
        "name": f"{surname}, {given}", "sex": sex, "birth": birth.isoformat(), "nationality": nationality,
        "issuer": issuer, "number": number, "valid_to": expiry.isoformat(),
    }  # fmt: skip
    if size == "TD1":
        first, second = f"I<{issuer}{head}".ljust(30, "<"), f"{dates}{nationality}".ljust(29, "<")
        covered = first[5:30] + second[0:7] + second[8:15] + second[18:29]
        return (first, second + check_digit(covered), name.ljust(30, "<")), truth
    width = 44 if size == "TD3" else 36
    code = "P<" if size == "TD3" else "I<"
    second = f"{head}{nationality}{dates}"
    if size == "TD3":
        personal = f"{rng.randrange(10**9):09d}".ljust(14, "<") if rng.random() < 0.4 else "<" * 14
        second += personal + (check_digit(personal) if personal.strip("<") else "<")
        if personal.strip("<"):
            truth["personal_number"] = personal.rstrip("<")
    else:
        second = second.ljust(35, "<")
    return (
        f"{code}{issuer}{name}".ljust(width, "<"),
        second + check_digit(second[0:10] + second[13:20] + second[21:]),
    ), truth


def passport(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """The page of a passport with data and zone."""
    lines, truth = card_zone("TD3", seed)
    page = mark(paper((234, 230, 238), SHEET), (300, 750), 44, 3)
    form = Form(page, letters, label=24, value=36)
    form.title(860, 84, "UTOPIA  PASSPORT", 48)
    form.line(60, 84, "Type", "P", 140)
    surname, _, given = truth["name"].partition(", ")
    labels = [("Surname", surname), ("Given names", given), ("Nationality", "UTOPIAN"),
              ("Date of birth", date.fromisoformat(truth["birth"]).strftime("%d %b %Y").upper()), ("Sex", truth["sex"]),
              ("Passport No.", truth["number"]),
              ("Date of expiry", date.fromisoformat(truth["valid_to"]).strftime("%d %b %Y").upper())]  # fmt: skip
    for row, (label, text) in enumerate(labels):
        form.line(560, 170 + row * 84, label, text, 800)
    form.zone(lines, (50, 860), 1310)
    return place_portrait(page, (80, 150, 480, 660), default_portrait()), truth


def identity_card(size: str, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """The side of a TD1 or TD2 card with its zone."""
    lines, truth = card_zone(size, seed)
    card = mark(paper((230, 234, 228)), (560, 240), 46, 6)
    form = Form(card, letters)
    form.title(560, 70, "UTOPIA", 40)
    if size == "TD2":
        form.line(380, 160, "Identity card", truth["number"], 560)
        form.zone(lines, (36, 530), 940)
        return place_portrait(card, (60, 100, 300, 410), default_portrait()), truth
    form.zone(lines, (40, 420), 930)
    return card, truth
