"""Every screen of the teller's window, by name: how the outside has to be for it to show."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from benchmarks.seat import cases
from benchmarks.seat.outside import Outside
from common.wire.cases import (
    CardState,
    CardView,
    CaseState,
    CaseView,
    CustomerStep,
    EvidenceKind,
    EvidenceView,
    FieldProblem,
)
from common.wire.doubts import Doubt
from common.wire.signalling import Ringing
from ui.kit.texts.words import t
from ui.kit.video_view import Picture
from ui.teller_app.local import Job, Phase
from ui.teller_app.window import TellerWindow
from video.call import CallState

Scene = Callable[[TellerWindow, Outside], None]


def frame(kind: EvidenceKind = EvidenceKind.LIVE_FRAME) -> Picture:
    """A picture as the video sink hands it over."""
    import io

    rgb = Image.open(io.BytesIO(cases.pictures()[kind])).convert("RGB")
    rgb = rgb.resize((640, 360), box=(0, 60, rgb.width, 60 + rgb.width * 9 // 16))
    pixels = np.zeros((360, 640, 4), np.uint8)
    pixels[..., :3] = np.asarray(rgb)[..., ::-1]
    return Picture(640, 360, 640 * 4, pixels.tobytes(), 1, 0)


def _in_call(out: Outside) -> None:
    out.link.picture = out.link.own = frame()
    out.link.stand()


def of(case: CaseView) -> Scene:
    """A case with a standing call."""

    def show(window: TellerWindow, out: Outside) -> None:
        out.store.show(case)
        _in_call(out)

    return show


def idle(window: TellerWindow, out: Outside) -> None:
    out.link.own = frame()


def idle_empty(window: TellerWindow, out: Outside) -> None:
    out.desk.view = cases.desk(queue=[], today=[], served=0, average_s=None, rating=None, machines=[])
    window.parts.desk.refresh()


def ringing(window: TellerWindow, out: Outside) -> None:
    out.link.own = frame()
    out.presence.message.emit(Ringing(case_id="waiting-1", ring_seconds=12))


def reading(window: TellerWindow, out: Outside) -> None:
    of(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=4))(window, out)


def glare(window: TellerWindow, out: Outside) -> None:
    of(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=4))(window, out)
    job = Job(Phase.FAILED, "id_front", out.clock.now(), "doc.glare", {"field": t("doc_field.permit_number")})
    window.parts.cases.local = replace(window.parts.cases.local, reading=job)


def other_paper(window: TellerWindow, out: Outside) -> None:
    of(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=4))(window, out)
    kind = {"kind": t("doc_kind.household_register")}
    job = Job(Phase.FAILED, "id_front", out.clock.now(), "doc.other_kind", kind)
    window.parts.cases.local = replace(window.parts.cases.local, reading=job)


def two_faces(window: TellerWindow, out: Outside) -> None:
    of(cases.filled(face_match=None))(window, out)
    job = Job(Phase.FAILED, "live_frame", out.clock.now(), "face.many")
    window.parts.cases.local = replace(window.parts.cases.local, face=job)


def offline(window: TellerWindow, out: Outside) -> None:
    of(cases.filled())(window, out)
    out.presence.offline_changed.emit(out.clock.now() - timedelta(seconds=18))


def lost_call(window: TellerWindow, out: Outside) -> None:
    of(cases.filled())(window, out)
    out.link.stand(CallState.BROKEN)


def signing(window: TellerWindow, out: Outside) -> None:
    case = cases.authorised(
        customer_step=CustomerStep.SIGN, confirmed_at=cases.START + timedelta(seconds=180), pin_state="ok"
    )
    of(case)(window, out)
    out.link.data_received.emit(b"screen:" + mirror())
    for stroke in STROKES:
        out.link.data_received.emit(b"stroke:" + stroke)


def mirror() -> bytes:
    """A picture of a kiosk's screen."""
    image = QImage(540, 960, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


STROKES = (
    b'{"width": 952, "height": 640, "points": [[120, 200], [260, 180], [300, 320], [180, 420]]}',
    b'{"width": 952, "height": 640, "points": [[420, 160], [430, 460]]}',
)


def archive(window: TellerWindow, out: Outside) -> None:
    case = cases.completed()
    out.store.known[case.id] = case
    window.parts.cases.open(case.id, read_only=True)


def doubted(*kinds: EvidenceKind) -> list[EvidenceView]:
    """Pictures of which the first may show a screen."""
    first, *rest = cases.evidence(*kinds)
    return [first.model_copy(update={"doubts": [Doubt.SCREEN]}), *rest]


_PULLED = CardView(masked_number="9999 **** 3307", state=CardState.PULLED)
_WRONG = [FieldProblem(field="id_number", code="id_number.check_digit")]
_CONFIRMED: dict[str, Any] = {"confirmed_at": cases.START + timedelta(seconds=180)}
SCENES: dict[str, Scene] = {
    "idle": idle,
    "idle-empty": idle_empty,
    "ringing": ringing,
    "draft": of(cases.draft()),
    "waiting-id": of(cases.draft(customer_step=CustomerStep.LAY_ID_FRONT)),
    "may-come-by-phone": of(cases.filled(phone_papers=[EvidenceKind.LICENCE])),
    "reading": reading,
    "glare": glare,
    "screen": of(cases.draft(evidence=doubted(EvidenceKind.ID_FRONT))),
    "screen-kept": of(cases.filled(evidence=doubted(*cases.ALL))),
    "screen-looked-up": of(cases.completed(evidence=doubted(*cases.ALL))),
    "other_paper": other_paper,
    "serving": of(cases.filled(form=cases.form(values=cases.read_values(unsure=("address",))))),
    "two-faces": two_faces,
    "face-low": of(cases.filled(face_match=cases.face(41.7, same=False))),
    "form-wrong": of(cases.filled(form=cases.form(problems=_WRONG), customer_record={"name": "顾南芝"})),
    "deposit": of(cases.deposit(customer_step=CustomerStep.INSERT_CASH)),
    "counted": of(cases.counted()),
    "awaiting": of(cases.awaiting()),
    "awaiting_altered": of(
        cases.awaiting(authorisation=cases.authorisation(altered=[cases.evidence(EvidenceKind.ID_BACK)[-1].digest]))
    ),
    "nobody": of(
        cases.awaiting(
            authorisation=cases.authorisation(
                "queued", authoriser=None, authorisers_online=0, assigned_at=None, opened_at=None
            )
        )
    ),
    "returned": of(
        cases.filled(
            state=CaseState.RETURNED,
            authorisation=cases.authorisation(
                "returned",
                decided_at=cases.START + timedelta(seconds=180),
                returned_items=["live_frame"],
                reason_text="请补一张清楚的现场照片",
            ),
        )
    ),
    "rejected": of(
        cases.awaiting(
            state=CaseState.REJECTED,
            customer_step=CustomerStep.TAKE_CARD,
            authorisation=cases.authorisation(
                "rejected", decided_at=cases.START + timedelta(seconds=180), reason_text="疑似受他人指使，请改日再办"
            ),
        )
    ),
    "confirm": of(cases.authorised()),
    "disputed": of(cases.authorised(customer_step=CustomerStep.TALK, disputed_line="summary.amount")),
    "pin-wrong": of(
        cases.authorised(customer_step=CustomerStep.PIN, pin_state="wrong", pin_tries_left=2, **_CONFIRMED)
    ),
    "pulled": of(cases.authorised(customer_step=CustomerStep.INSERT_CARD, card=_PULLED, **_CONFIRMED)),
    "signing": signing,
    "consented": of(cases.consented()),
    "executing": of(cases.executing(customer_step=CustomerStep.TAKE_CASH)),
    "jammed": of(cases.jammed()),
    "paid": of(cases.paid()),
    "completed": of(cases.completed()),
    "archive": archive,
    "offline": offline,
    "lost-call": lost_call,
}
