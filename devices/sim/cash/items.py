"""Single notes that are not simply good: serial number, picture, and the list of numbers to look out for."""

import base64
import io
from collections.abc import Mapping

from PIL import Image, ImageDraw

from devices.sim.cash.recycler import Recycler
from devices.sim.cash.units import VALUES, note_type
from devices.sim.interface import Handler, Running
from devices.sim.world.cash import INPUT, ORDINARY, OUTPUT, Notes, face_of, number_of, quality_of
from devices.xfs.envelope import Payload

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_LOCATIONS = {INPUT: "deviceUnknown", OUTPUT: "output"}
"""The standard's words for places that are no unit and no customer."""


def serial_number(count: int) -> str:
    """The number that the reader reads on the ``count``-th note that is not simply good: two letters, eight digits."""
    return f"{_LETTERS[count % 24]}{_LETTERS[count // 24 % 24]}{(count * 7_654_321 + 10_000_019) % 100_000_000:08d}"


def picture(serial: str, face: int) -> bytes:
    """The reader's picture of the place where the number stands, as PNG."""
    image = Image.new("L", (240, 60), 228)
    draw = ImageDraw.Draw(image)
    draw.text((14, 14), serial, fill=20, font_size=28)
    draw.text((200, 4), str(face), fill=90, font_size=12)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class ItemInfo:
    """Handlers that :class:`devices.sim.cash.management.CashManagement` offers."""

    def __init__(self, recycler: Recycler) -> None:
        self._box = recycler

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command."""
        return {
            "GetItemInfo": self._get,
            "GetClassificationList": self._get_list,
            "SetClassificationList": self._set_list,
        }

    async def _get(self, running: Running) -> Payload:
        wanted = running.payload.get("items", {})
        kinds = running.payload.get("itemInfoType", {"serialNumber": True})
        notes = [
            note for note in self._box.memory.odd_notes if quality_of(note["kind"]) == wanted.get("level", _level(note))
        ]
        if "index" in wanted:
            notes = notes[wanted["index"] : wanted["index"] + 1]
        return {"itemsList": [self._shown(note, kinds) for note in notes]}

    def _shown(self, note: Mapping[str, str], kinds: Mapping[str, bool]) -> Payload:
        face = face_of(note["kind"])
        shown: Payload = {"level": _level(note), "orientation": "frontTop", "itemLocation": _location(note)}
        if face in VALUES:
            shown["noteType"] = note_type(face)
        if kinds.get("serialNumber"):
            shown["serialNumber"] = note["serial"]
        if kinds.get("image"):
            shown["image"] = base64.b64encode(picture(note["serial"], face)).decode()
        listed = {each.get("serialNumber") for each in self._box.memory.classified.get("classificationElements", ())}
        shown["onClassificationList"] = (
            "onClassificationList" if note["serial"] in listed else "notOnClassificationList"
        )
        return shown

    async def _get_list(self, _: Running) -> Payload:
        return dict(self._box.memory.classified)

    async def _set_list(self, running: Running) -> None:
        self._box.memory.classified = dict(running.payload)
        self._box.world.changed()


def _level(note: Mapping[str, str]) -> str:
    return quality_of(note["kind"])


def _location(note: Mapping[str, str]) -> str:
    return _LOCATIONS.get(note["place"], note["place"])


def remember_odd_notes(box: Recycler, refused: Notes) -> Payload | None:
    """Note down the numbers of refused notes that are suspect, counterfeit or unknown; what the event tells, if any.

    They go back to the customer: no machine takes a note away from its holder on its own judgement. They still lie
    where they were put in; :meth:`Memory.follow` knows of each way they go from there.
    """
    odd = {kind: count for kind, count in sorted(refused.items()) if quality_of(kind) not in ORDINARY}
    for kind, count in odd.items():
        for _ in range(count):
            box.memory.reader_serial += 1
            serial = number_of(kind) or serial_number(box.memory.reader_serial)
            box.memory.odd_notes.append({"kind": kind, "serial": serial, "place": INPUT})
    levels: dict[str, int] = {}
    for kind, count in odd.items():
        levels[quality_of(kind)] = levels.get(quality_of(kind), 0) + count
    if not levels:
        return None
    return {"itemInfoSummary": [{"level": level, "numOfItems": count} for level, count in levels.items()]}
