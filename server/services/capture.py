"""Pictures of papers from the customer's own phone: links, the codes that lead to them, the picture that comes.

The code is made from the link's id and a key that is not in the database, and looked up by its digest: neither the
database nor a log gives anybody a code. It is no sign-on: behind it there is one case, one paper and one picture.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from common.errors import UserError
from common.wire import capture as wire
from common.wire.capture import LinkState
from common.wire.cases import EvidenceKind, EvidenceOrigin
from common.wire.sessions import Role
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.forms import picture_type
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import capture
from teller.cases.forms import plain
from teller.cases.model import Case, EvidenceRef
from teller.identity.capturing import CaptureLink
from teller.scenarios import composition

CODE_BYTES = 20
"""160 bits: 27 letters."""
_CODE = re.compile(r"[A-Za-z0-9_-]{27}\Z")
_KEPT = timedelta(days=1)
"""As long as an old code is still answered with what became of it."""
PHONE = Principal("", "phone", "", Role.KIOSK, "")
"""Who hands such a picture in, in the command log and beside the picture; nobody signs on as this."""


@dataclass(frozen=True)
class Wanted:
    """What the page behind a code asks for."""

    link_id: str
    case_id: str
    kind: EvidenceKind
    language: str
    state: LinkState


def code_of(parts: Parts, link_id: str) -> str:
    """The code of a link, the same whenever it is asked for."""
    return base64.urlsafe_b64encode(parts.seal.keyed("capture", link_id)[:CODE_BYTES]).decode().rstrip("=")


def capture_view(parts: Parts, case: Case, *, staff: bool) -> wire.CaptureView | None:
    """The newest link as teller and kiosk see it; only the kiosk learns its address, and only while it is open."""
    now = parts.clock.now()
    link, state = case.capture, capture.state_of(case, now)
    if link is None or state is None:
        return None
    shown = not staff and state is LinkState.OPEN
    url = f"{parts.bank.public_url.rstrip('/')}/capture/{code_of(parts, link.id)}" if shown else ""
    left = max(0, int((link.until - now).total_seconds()))
    return wire.CaptureView(kind=link.kind.value, state=state, until=link.until, left_s=left, count=link.count, url=url)


def phone_papers(parts: Parts, case: Case) -> list[EvidenceKind]:
    """Papers of this case that may come from the customer's phone."""
    asked = composition.evidence(case.definition, plain(case), parts.today())
    return [kind for kind in map(EvidenceKind, asked) if capture.comes_by_phone(kind, asked, case.presence)]


class CaptureService:
    """Opens links and takes them back for the teller; finds them and takes pictures for whoever has the code."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts, self._work = parts, work

    def open(self, key: str, who: Principal, case_id: str, body: wire.AskCapture) -> str:
        """A link for one picture. Refusals: `teller.cases.capture.opened`."""

        def act(unit: Unit, case: Case) -> Case:
            now, link_id = self._parts.clock.now(), self._parts.new_id()
            link = capture.next_link(case, link_id, EvidenceKind(body.kind), now, self._parts.capture_term)
            opened = capture.opened(case, link, self._asked(case))
            digest = _digest(code_of(self._parts, link_id))
            unit.captures.add(digest, link_id, case.id, now, keep_from=now - _KEPT)
            self._write(unit, case, "capture.opened", who.number, link)
            return opened

        return self._work.command(key, who, "case.capture", case_id, body, require_teller, act)

    def take_back(self, key: str, who: Principal, case_id: str) -> str:
        """The link ends. Raises ``capture.over`` (``state``)."""

        def act(unit: Unit, case: Case) -> Case:
            after = capture.taken_back(case, self._parts.clock.now())
            assert after.capture is not None, "it was taken back"
            self._write(unit, case, "capture.taken_back", who.number, after.capture)
            return after

        return self._work.command(key, who, "case.capture_back", case_id, None, require_teller, act)

    def wanted(self, code: str) -> Wanted:
        """What a code stands for, and whether it still is good for anything.

        Raises:
            UserError: ``capture.not_found``.
        """
        found = None
        with self._parts.database.read() as unit:
            if _CODE.match(code):
                found = unit.captures.find(_digest(code))
            case = None if found is None else unit.cases.get(found[1])
        if found is None or case is None or case.capture is None:
            raise UserError("capture.not_found")
        state = capture.state_of(case, self._parts.clock.now()) if case.capture.id == found[0] else None
        return Wanted(found[0], case.id, case.capture.kind, case.language, state or LinkState.TAKEN_BACK)

    def hand_in(self, key: str, link: Wanted, picture: bytes, *, good: bool) -> wire.CaptureAnswer:
        """The picture. ``good``: nothing speaks against it, or the customer cannot make a better one.

        Asked again with the same key, after an answer that got lost, it says the same.

        Raises:
            UserError: ``capture.over`` (``state``), ``evidence.not_a_picture`` for anything but a JPEG.
        """
        media_type = picture_type(picture)
        if media_type != "image/jpeg":
            raise UserError("evidence.not_a_picture")
        if link.state is not LinkState.OPEN and not self._known(key):
            raise UserError("capture.over", state=link.state.value)  # and nothing is written of it

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            if not good:
                return capture.to_be_taken_again(case, link.link_id, now)
            capture.require_open(case, link.link_id, now)  # nothing is stored for an address that is good for nothing
            digest = self._parts.vault.put(picture, media_type)
            origin = EvidenceOrigin.CUSTOMER_PHONE
            piece = EvidenceRef(digest, link.kind, media_type, len(picture), now, PHONE.number, origin)
            after = capture.taken(case, link.link_id, piece)
            assert after.capture is not None, "a picture came under it"
            self._write(unit, case, "capture.taken", PHONE.number, after.capture, digest)
            return after

        # Whoever has the code may do this one thing; `act` asks whether the link is still open.
        self._work.command(key, PHONE, "case.capture_picture", link.case_id, picture, lambda *_: None, act)
        with self._parts.database.read() as unit:
            case = unit.cases.get(link.case_id)
        digest = hashlib.sha256(picture).hexdigest()
        taken = good and any(piece.digest == digest and piece.by == PHONE.number for piece in case.evidence)
        return wire.CaptureAnswer(taken=taken, tries_left=max(0, capture.TRIES - _tries(case, link.link_id)))

    def _known(self, key: str) -> bool:
        """Whether a picture came under this key before."""
        with self._parts.database.read() as unit:
            command = unit.commands.get(key)
        return command is not None and command.maker == PHONE.number

    def _asked(self, case: Case) -> tuple[str, ...]:
        return composition.evidence(case.definition, plain(case), self._parts.today())

    def _write(self, unit: Unit, case: Case, kind: str, who: str, link: CaptureLink, digest: str = "") -> None:
        data = {"kind": link.kind.value, "count": link.count, "tries": link.tries}
        now = self._parts.clock.now()
        unit.registers.add(RegisterLine(now, kind, who, digest or case.number, case.id, data, case.branch))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("ascii")).hexdigest()


def _tries(case: Case, link_id: str) -> int:
    return case.capture.tries if case.capture is not None and case.capture.id == link_id else 0
