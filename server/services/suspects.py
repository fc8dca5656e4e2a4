"""Notes that a machine did not trust: kept with number and picture, registered, shown to the teller."""

import base64
import binascii
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from datetime import datetime

from common.errors import UserError
from common.wire.cases import EvidenceKind
from common.wire.cash import SuspectNoteEntry, SuspectNotes
from server.services.access import require_kiosk
from server.services.casework import CaseWork
from server.services.forms import picture_type
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases.model import Case, EvidenceRef
from teller.cash.suspects import LEVELS, Fate, Series, SuspectNote, fate_of
from teller.denominations import FACES
from teller.money import CNY
from teller.registers import NOTE_HELD, NOTE_RETURNED, NOTE_SERIES

_KINDS = {Fate.RETURNED: NOTE_RETURNED, Fate.HELD: NOTE_HELD}


@dataclass(frozen=True)
class _Shown:
    """A note of the report, and its picture if the machine has one."""

    entry: SuspectNoteEntry
    picture: bytes
    media_type: str


class SuspectService:
    """The register of suspect notes. Nothing here, and nothing in a machine, takes a note away from its holder."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts, self._work = parts, work

    def report(self, key: str, who: Principal, case_id: str, body: SuspectNotes) -> str:
        """What the machine's reader saw; the case's id. What was told in this visit already is not told again, but for
        where the note lies now: given back and not taken, it is kept inside after all. Two notes with one number in
        the same report are two. Notes that belong together are registered as a series.

        Raises:
            UserError: ``evidence.not_a_picture``, ``notes.invalid``, ``case.forbidden``.
        """
        shown = [_shown(entry) for entry in body.notes]
        digests = [str(self._parts.vault.put(one.picture, one.media_type)) if one.picture else "" for one in shown]

        def act(unit: Unit, case: Case) -> Case:
            known: defaultdict[str, deque[SuspectNote]] = defaultdict(deque)
            for note in unit.suspects.of_case(case_id):
                known[note.serial].append(note)
            before, fresh = set(unit.suspects.series_of(case_id)), False
            now = self._parts.clock.now()
            for one, digest in zip(shown, digests, strict=True):
                if known[one.entry.serial]:
                    case = self._moved(unit, case, known[one.entry.serial].popleft(), fate_of(one.entry.location))
                    continue
                case, fresh = self._kept(unit, case, one, digest), True
            if not fresh:
                return case
            new = [one for one in unit.suspects.series_of(case_id) if one not in before]
            for series in new:
                unit.registers.add(_line(series, case, now))
            case = case.marked("suspect_notes", now)
            return case.marked("suspect_series", now) if new else case

        return self._work.command(key, who, "case.suspect_notes", case_id, body, require_kiosk, act)

    def _kept(self, unit: Unit, case: Case, shown: _Shown, digest: str) -> Case:
        now, entry = self._parts.clock.now(), shown.entry
        note = SuspectNote(
            id=self._parts.new_id(), case_id=case.id, machine=case.kiosk, serial=entry.serial, face=entry.face,
            level=entry.level, fate=fate_of(entry.location), series=entry.series, picture=digest, at=now,
        )  # fmt: skip
        seen_before = unit.suspects.times_seen(note.serial)
        unit.suspects.add(note)
        data: dict[str, str | int | None] = {
            "level": note.level, "face": note.face, "series": note.series or None, "machine": note.machine,
            "seen_before": seen_before or None, "digest": digest or None,
        }  # fmt: skip
        unit.registers.add(RegisterLine(now, _KINDS[note.fate], case.kiosk, note.serial, case.id, data, case.branch))
        if not digest:
            return case
        piece = EvidenceRef(digest, EvidenceKind.SUSPECT_NOTE, shown.media_type, len(shown.picture), now, case.kiosk)
        others = tuple(old for old in case.evidence if (old.digest, old.kind) != (piece.digest, piece.kind))
        return case.evolve(evidence=(*others, piece))

    def _moved(self, unit: Unit, case: Case, note: SuspectNote, fate: Fate) -> Case:
        """A line of the register more, and a mark for the teller, if it lies elsewhere than the last line says."""
        if note.fate is fate:
            return case
        unit.suspects.moved(replace(note, fate=fate))
        now = self._parts.clock.now()
        data: dict[str, str | int | None] = {
            "level": note.level, "face": note.face, "series": note.series or None, "machine": note.machine,
            "digest": note.picture or None,
        }  # fmt: skip
        unit.registers.add(RegisterLine(now, _KINDS[fate], case.kiosk, note.serial, case.id, data, case.branch))
        return case.marked("suspect_returned" if fate is Fate.RETURNED else "suspect_held", now)


def _line(series: Series, case: Case, now: datetime) -> RegisterLine:
    data: dict[str, str | int | None] = {
        "series": series.kind.value, "pieces": len(series.serials), "numbers": ", ".join(dict.fromkeys(series.serials)),
        "seen_before": series.before or None, "machine": case.kiosk,
        "report": "pboc_police" if series.report_at_once else None,
    }  # fmt: skip
    return RegisterLine(now, NOTE_SERIES, case.kiosk, series.serials[0], case.id, data, case.branch)


def _shown(entry: SuspectNoteEntry) -> _Shown:
    if entry.level not in LEVELS or (entry.face and entry.face not in FACES[CNY]):
        raise UserError("notes.invalid", face=entry.face)
    try:
        picture = base64.b64decode(entry.picture, validate=True)
    except binascii.Error:
        raise UserError("evidence.not_a_picture") from None
    return _Shown(entry, picture, picture_type(picture) if picture else "")
