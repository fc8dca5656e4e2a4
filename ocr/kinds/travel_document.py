"""Documents with a machine-readable zone: passports (TD3) and cards (TD1, TD2) of ICAO Doc 9303. Pure.

The zone is the source: its check digits speak for number, dates and optional data. Name and country have none and must
stand on their letters, on the even pitch of the line and on a name that its line did not cut.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from ocr import mrz
from ocr.kinds.base import CHECKED, MISSING, SURE, Kind, Parsed, Seen, Shape, Value, incomplete, joined, value
from ocr.kinds.zone_lines import SeenZone, find, looks_like_zone
from ocr.rows import Line

FIELDS = ("name", "sex", "birth", "nationality", "issuer", "number", "valid_to")
_COUNTRY = re.compile(r"[A-Z]{3}|D")
_POSSIBLE = 0.02
"""A letter may be another one that the engine gave at least this probability."""
_NAME = re.compile(r"[A-Z]+(?: [A-Z]+)*(?:, [A-Z]+(?: [A-Z]+)*)?")


def _side(size: str) -> Callable[[Sequence[Line]], str | None]:
    def side_of(lines: Sequence[Line]) -> str | None:
        seen = find(lines)
        if seen is None:
            named = size == "TD3" and "PASSPORT" in joined(lines).upper()
            return "data" if named and looks_like_zone(lines) else None
        return "data" if seen.zone.size == size else None

    return side_of


def parse(seen: Seen, side: str) -> Parsed:
    """The fields of the zone; all empty when it cannot be taken apart."""
    found = find(seen.lines)
    if found is None:
        missing = dict.fromkeys(FIELDS, MISSING)
        return Parsed(side, missing, incomplete(missing))
    values = zone_fields(found, seen.today)
    codes = () if found.zone.all_checked else ("doc.zone_check",)
    return Parsed(side, values, (*codes, *incomplete(values)))


def zone_fields(found: SeenZone, today: date) -> dict[str, Value]:
    """Everything a zone says."""
    zone = found.zone
    birth = mrz.birth_date(zone.parts["birth"].text, today)
    expiry = mrz.expiry_date(zone.parts["expiry"].text, today)
    whole_name = zone.name_is_whole and found.even and bool(_NAME.fullmatch(zone.full_name))
    values = {
        "name": value(found.run("name"), zone.full_name, whole_name and "<<" in zone.parts["name"].text),
        "sex": _plain(found, "sex", zone.parts["sex"].text in ("M", "F", "X")),
        "birth": _checked(found, "birth", birth.isoformat() if birth else ""),
        "nationality": _plain(found, "nationality", bool(_COUNTRY.fullmatch(zone.parts["nationality"].text))),
        "issuer": _plain(found, "issuer", bool(_COUNTRY.fullmatch(zone.parts["issuer"].text))),
        "number": _checked(found, "number", zone.parts["number"].text),
        "valid_to": _checked(found, "expiry", expiry.isoformat() if expiry else ""),
    }
    if zone.parts["optional"].text and zone.size == "TD3":
        values["personal_number"] = _checked(found, "optional", zone.parts["optional"].text.replace("<", " "))
    return values


def _checked(found: SeenZone, name: str, text: str) -> Value:
    """A field with a check digit of its own; the zone's last check digit must agree too.

    Where a letter may be another one that the check digit cannot tell from it, the letters alone must do.
    """
    run = found.run(name)
    open_ = any(p > _POSSIBLE and mrz.alike(glyph.char, char) for glyph in run.glyphs for char, p in glyph.others)
    good = found.zone.parts[name].checked is True and found.zone.composite
    return value(run, text, good, 1 - _POSSIBLE if open_ else CHECKED)


def _plain(found: SeenZone, name: str, allowed: bool) -> Value:
    return value(found.run(name), found.zone.parts[name].text, allowed and found.even, SURE)


KINDS = (
    Kind("passport", _side("TD3"), parse, "data", portrait_left=True, shape=Shape.SHEET),
    Kind("td1", _side("TD1"), parse),
    Kind("td2", _side("TD2"), parse, "data", portrait_left=True),
)
