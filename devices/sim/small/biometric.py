"""Fingerprint reader, palm vein reader and signature pad (interface Biometric).

A captured pattern is compared with imported templates inside the device; what leaves it is a template of our own
making (``reservedTemplate1``), or, from the signature pad, the picture (``reservedRaw1``).
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.interlock import ask
from devices.sim.world.subjects import Sensor
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

CAPTURE_S = 0.8
MAX_TEMPLATES = 50
HEADER = b"GTBT1"
SAME, OTHER = 96, 11


@dataclass(frozen=True, slots=True)
class BiometricProfile:
    """``kind`` is the standard's type, ``data_format`` what a capture is given out as."""

    kind: str
    data_format: str
    matches: bool


FINGER = BiometricProfile("fingerprint", "reservedTemplate1", matches=True)
PALM = BiometricProfile("palmVein", "reservedTemplate1", matches=True)
SIGNATURE = BiometricProfile("signature", "reservedRaw1", matches=False)


def template_of(subject: bytes) -> bytes:
    """The template that the device computes from a pattern."""
    return HEADER + hashlib.sha256(HEADER + subject).digest()


class Biometric(Interface):
    """One sensor with its memory for templates."""

    name: ClassVar[str] = "Biometric"
    events: ClassVar[tuple[str, ...]] = (
        "PresentSubjectEvent",
        "SubjectDetectedEvent",
        "RemoveSubjectEvent",
        "SubjectRemovedEvent",
        "DataClearedEvent",
    )
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorageInfo"})

    def __init__(self, bench: Bench, sensor: Sensor, profile: BiometricProfile, service: str) -> None:
        super().__init__()
        self._bench = bench
        self._sensor = sensor
        self._profile = profile
        self._service = service
        self._captured: bytes | None = None
        self._templates: dict[str, bytes] = {}
        self._match: Mapping[str, Any] | None = None
        self._persist = "clear"
        self._present = sensor.subject is not None
        bench.world.listen(self._watch)

    def faults(self) -> Sequence[str]:
        return ("biometric.unreadable",)

    def commands(self) -> Mapping[str, Handler]:
        handlers: dict[str, Handler] = {
            "Read": self._read,
            "Clear": self._clear,
            "Reset": self._clear,
            "SetDataPersistence": self._set_persistence,
        }
        if self._profile.matches:
            handlers |= {
                "Import": self._import,
                "GetStorageInfo": self._info,
                "Match": self._match_now,
                "SetMatch": self._set_match,
            }
        return handlers

    def _watch(self) -> None:
        present = self._sensor.subject is not None
        if self._present and not present:
            self.broadcast("SubjectRemovedEvent")
        self._present = present

    # -- capture -------------------------------------------------------------------------------------

    async def _read(self, running: Running) -> Payload:
        payload, sensor = running.payload, self._sensor
        mode = payload.get("mode", "scan")
        if mode == "match" and (not self._profile.matches or self._match is None):
            raise refused("modeNotSupported")
        formats = payload.get("dataTypes", [{"format": self._profile.data_format}])
        if any(each["format"] != self._profile.data_format or "algorithm" in each for each in formats):
            raise refused("formatNotSupported")
        self._bench.motor.check()
        running.event("Biometric.PresentSubjectEvent")
        while (subject := sensor.subject) is None:  # it may be gone again by the time that this is told of it
            await ask(running, self._bench.world, self._bench.motor, lambda: sensor.subject is not None)
        running.event("Biometric.SubjectDetectedEvent")
        await self._bench.motor.run(CAPTURE_S)
        if self._bench.faults.strikes("biometric.unreadable", service=self._service):
            raise refused("readFailed")
        self._captured = subject
        running.event("Biometric.RemoveSubjectEvent")
        if mode == "match":
            return {}
        data = template_of(subject) if self._profile.matches else subject
        count = max(1, min(integer(payload, "numCaptures", 1), 3))
        read = {"type": {"format": self._profile.data_format}, "data": base64.b64encode(data).decode()}
        if self._persist == "clear" and not self._profile.matches:
            self._captured = None
        return {"dataRead": [read] * count}

    # -- templates -----------------------------------------------------------------------------------

    async def _import(self, running: Running) -> Payload:
        given = running.payload["templates"]
        if len(self._templates) + len(given) > MAX_TEMPLATES:
            raise refused("capacityExceeded")
        decoded = []
        for each in given:
            if each["type"]["format"] != self._profile.data_format or "algorithm" in each["type"]:
                raise refused("formatNotSupported")
            data = base64.b64decode(each["data"])
            if not data.startswith(HEADER) or len(data) != len(HEADER) + 32:
                raise refused("invalidData")
            decoded.append(data)
        names = [f"id{len(self._templates) + index}" for index in range(1, len(decoded) + 1)]
        self._templates |= dict(zip(names, decoded, strict=True))
        return {"templates": {name: self._shown() for name in names}}

    def _shown(self) -> Payload:
        return {"format": self._profile.data_format}

    async def _info(self, _: Running) -> Payload:
        if not self._templates:
            raise refused("noImportedData")
        return {"templates": {name: self._shown() for name in self._templates}}

    def _check_match(self, payload: Mapping[str, Any], bad_mode: str) -> None:
        if not self._templates:
            raise refused("noImportedData")
        if payload["compareMode"] == "verify" and payload.get("identifier") not in self._templates:
            raise refused("invalidIdentifier")
        if payload["compareMode"] == "identity" and "identifier" in payload:
            raise refused(bad_mode, "who it is, is the question")
        if payload["threshold"] < 1:
            raise refused("invalidThreshold")

    async def _set_match(self, running: Running) -> None:
        self._check_match(running.payload, "modeNotSupported")
        self._match = dict(running.payload)

    async def _match_now(self, running: Running) -> Payload:
        payload = running.payload
        self._check_match(payload, "invalidCompareMode")
        if self._captured is None:
            raise refused("noCaptureData")
        await self._bench.motor.run(CAPTURE_S)
        mine = template_of(self._captured)
        chosen = [payload["identifier"]] if payload["compareMode"] == "verify" else list(self._templates)
        found = {name: SAME if self._templates[name] == mine else OTHER for name in chosen}
        most = integer(payload, "maximum") or len(found)
        best = sorted(found.items(), key=lambda each: -each[1])[:most]
        if self._persist == "clear":
            self._captured = None
        return {
            "candidates": {name: {"confidenceLevel": level} for name, level in best if level >= payload["threshold"]}
        }

    # -- forgetting ----------------------------------------------------------------------------------

    async def _clear(self, running: Running) -> None:
        what = running.payload.get("clearData")
        for kind in ("scannedData", "importedData", "setMatchedData") if what is None else (what,):
            if kind == "scannedData":
                self._captured = None
            elif kind == "importedData":
                self._templates.clear()
            else:
                self._match = None
            self.broadcast("DataClearedEvent", {"clearData": kind})

    async def _set_persistence(self, running: Running) -> None:
        mode = running.payload["persistenceMode"]
        if mode == "persist" and not self._profile.matches:
            raise refused("modeNotSupported", "a signature is given out and forgotten")
        self._persist = mode

    # -- status --------------------------------------------------------------------------------------

    def status(self) -> Payload:
        present = self._sensor.subject is not None
        return {
            "biometric": {
                "subject": "present" if present else "notPresent",
                "capture": self._captured is not None,
                "dataPersistence": self._persist,
                "remainingStorage": (MAX_TEMPLATES - len(self._templates)) * (len(HEADER) + 32),
            }
        }

    def capabilities(self) -> Payload:
        profile = self._profile
        shown: Payload = {
            "type": {profile.kind: True},
            "maxCapture": 3,
            "templateStorage": MAX_TEMPLATES * (len(HEADER) + 32) if profile.matches else 0,
            "dataFormats": {profile.data_format: True},
            "persistenceModes": {"persist": profile.matches, "clear": True},
            "scanModes": {"scan": True, "match": profile.matches},
            "clearData": {"scannedData": True, "importedData": True, "setMatchedData": True},
        }
        if profile.matches:
            shown |= {"matchSupported": "storedMatch", "compareModes": {"verify": True, "identity": True}}
        return {"biometric": shown}
