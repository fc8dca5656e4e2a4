"""The real window, driven with real keys: from the ring to the voucher."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from benchmarks.seat import cases
from common.errors import ServiceError, UserError
from common.wire.cases import (
    CaseState,
    CustomerStep,
    EvidenceKind,
    FaceMatchResult,
    FieldSource,
    FormEntry,
    Prompt,
    Resolve,
    Submit,
)
from common.wire.signalling import Ringing, RingingStopped
from ocr.api import DocumentReading, FaceMatch, Field, Finding, Portrait
from tests.ui.teller.conftest import Seat, said, serve, toasts
from tests.ui.teller.scenes import STROKES, mirror
from tools.demo_people import CUSTOMER
from ui.teller_app.panels.mirror_panel import MirrorView

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PNG = cases.pictures()[EvidenceKind.PORTRAIT]


def reading(side: str = "front", **changes: object) -> DocumentReading:
    values = CUSTOMER.front() if side == "front" else CUSTOMER.back()
    box = ((100.0, 50.0), (300.0, 50.0), (300.0, 90.0), (100.0, 90.0))
    fields = {name: Field(value, 0.99, name == "address", box) for name, value in values.items()}
    portrait = Portrait(PNG, (0, 0, 10, 10)) if side == "front" else None
    base: dict[str, object] = {"kind": "resident_id", "side": side, "fields": fields, "portrait": portrait}
    return DocumentReading(**{**base, **changes})  # type: ignore[arg-type]


def match(score: float = 96.4, faces: tuple[int, int] = (1, 1), *codes: str) -> FaceMatch:
    same = score >= 80 and faces == (1, 1)
    return FaceMatch(same, score, 0.4, 80.0, faces, tuple(Finding(code, "") for code in codes))


def test_a_ring_shows_who_comes_and_f2_answers(seat: Seat) -> None:
    seat.out.presence.message.emit(Ringing(case_id="waiting-1", ring_seconds=12))
    assert seat.main() == "接听"
    assert said(seat, "teller.next.title") == "来电：现金取款"
    assert said(seat, "teller.next.clock") == "00:12"
    seat.key(Key.Key_F2)
    assert seat.out.desk.asked == ["answer waiting-1"]
    assert seat.main() == "请客户放身份证"


def test_a_missed_ring_is_a_todo_and_a_break(seat: Seat) -> None:
    seat.out.presence.message.emit(Ringing(case_id="waiting-1", ring_seconds=12))
    seat.out.presence.message.emit(RingingStopped(case_id="waiting-1", reason="timeout"))
    assert seat.out.presence.said == ["break"]
    assert "没有接" in toasts(seat)
    seat.paint()
    labels = [label.text() for label in seat.window.body.right.todos.findChildren(QLabel)]
    assert "漏接 1 个来电" in labels


def test_the_teller_is_told_why_a_call_cannot_be_held(seat: Seat) -> None:
    seat.out.link.failed.emit(UserError("settings.invalid", where="video.camera", what="gone.png"))
    assert "video.camera" in toasts(seat)


def test_somebody_else_was_quicker(seat: Seat) -> None:
    seat.out.desk.taken = UserError("ticket.taken", number="T-05", seat="05")
    seat.key(Key.Key_F2)
    assert seat.out.store.case is None
    assert toasts(seat)
    assert seat.main() == "接听下一位"


def test_f9_never_does_what_it_does_not_say_yet(seat: Seat) -> None:
    serve(seat)
    seat.paint()
    seat.window.bar.main.guard._until = 0.0
    seat.out.store.show(cases.consented(version=4))  # "carry out", as soon as it is painted
    QTest.keyClick(seat.window, Key.Key_F9)
    assert not seat.out.store.sent


def test_f9_asks_for_the_card_and_the_card_fills_the_form(seat: Seat) -> None:
    serve(seat)
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[0].body == Prompt(step=CustomerStep.LAY_ID_FRONT)
    seat.out.store.answer(cases.draft(customer_step=CustomerStep.LAY_ID_FRONT, version=2))
    assert seat.main() == "等客户放身份证"
    seat.out.vision.become("busy")
    seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=3))
    assert seat.main() == "正在识别证件"
    picture, on_read, _ = seat.out.vision.readings[0]
    assert picture == cases.pictures()[EvidenceKind.ID_FRONT]
    on_read(reading())
    assert seat.out.store.suffixes() == ["prompt", "evidence?kind=portrait", "form"]
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FormEntry)
    assert body.fields["name"].value == CUSTOMER.name
    assert body.fields["address"].unsure
    assert body.fields["name"].box is not None


def test_the_same_picture_is_read_once(seat: Seat) -> None:
    serve(seat)
    for version in (3, 4, 5):
        seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=version))
    assert len(seat.out.vision.readings) == 1


def test_a_bad_picture_says_what_to_do_and_f9_asks_again(seat: Seat) -> None:
    serve(seat)
    seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=3))
    seat.out.vision.readings[0][1](reading(fields={}, findings=(Finding("doc.none", ""),), portrait=None))
    seat.paint()
    assert "没有看到证件" in said(seat, "teller.evidenceTrouble")
    assert seat.main() == "请客户重放证件"


def test_a_paper_that_names_nobody_is_named_and_gives_the_form_nothing(seat: Seat) -> None:
    serve(seat)
    seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=3))
    sent = len(seat.out.store.sent)
    fields = {"name": Field("云溪鑫达贸易有限公司", 0.99, False)}
    seat.out.vision.readings[0][1](reading(kind="business_licence", fields=fields, portrait=None))
    seat.paint()
    assert said(seat, "teller.evidenceTrouble") == "这是营业执照，请客户放身份证件"
    assert len(seat.out.store.sent) == sent


def test_a_passport_fills_what_the_form_has_of_it(seat: Seat) -> None:
    serve(seat)
    seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=3))
    fields = {"name": Field("ERIKSSON, ANNA MARIA", 0.99, False), "sex": Field("F", 0.99, False)}
    glare = Finding("doc.glare", "", ("name",))
    seat.out.vision.readings[0][1](reading(kind="passport", side="data", fields=fields, findings=(glare,)))
    seat.paint()
    entry = seat.out.store.sent[-1].body
    assert {name: one.value for name, one in entry.fields.items()} == {"name": "ERIKSSON, ANNA MARIA", "sex": "女"}
    assert said(seat, "teller.evidenceTrouble").startswith("姓名反光")


def test_a_worker_that_died_leaves_the_form_to_be_typed(seat: Seat) -> None:
    serve(seat)
    seat.show(cases.draft(evidence=cases.evidence(EvidenceKind.ID_FRONT), version=3))
    seat.out.vision.become("restarting")
    seat.out.vision.readings[0][2](ServiceError("ocr.worker_died"))
    assert seat.main() == "再识别一次"
    name = seat.part("teller.form.name")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, "Gu Nanzhi")
    seat.key(Key.Key_Return)
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FormEntry)
    assert body.fields["name"].value == "Gu Nanzhi"
    assert body.fields["name"].source is FieldSource.TYPED


def test_f3_takes_the_live_face_and_posts_the_match(seat: Seat) -> None:
    serve(seat, cases.filled(face_match=None, evidence=cases.evidence(*cases.ALL[:3])))
    seat.key(Key.Key_F3)
    assert seat.main() == "正在处理"
    stored = cases.filled(face_match=None)
    seat.out.store.answer(stored)
    portrait, live, on_match, _ = seat.out.vision.matches[0]
    assert (portrait, live) == (PNG, seat.out.link.frame)
    on_match(match())
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FaceMatchResult)
    assert (body.score, body.same, body.live) == (96.4, True, cases.digest_of(live))
    seat.out.store.answer(cases.filled())
    seat.paint()
    assert said(seat, "teller.score") == "96.4"


def test_two_faces_are_told_and_can_go_on_with_a_note(seat: Seat) -> None:
    serve(seat, cases.filled(face_match=None, evidence=cases.evidence(*cases.ALL[:3])))
    seat.key(Key.Key_F3)
    seat.out.store.answer(cases.filled(face_match=None))
    seat.out.vision.matches[0][2](match(0.0, (1, 2), "face.many"))
    assert seat.main() == "重新抓拍"
    assert "画面里有两个人" in said(seat, "teller.evidenceTrouble")
    QTest.mouseClick(seat.part("teller.trouble.goOn"), Qt.MouseButton.LeftButton)
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FaceMatchResult)
    assert (body.same, body.findings) == (False, ["face.many"])
    seat.out.store.answer(cases.filled(face_match=cases.face(0.0, same=False)))
    QTest.keyClicks(seat.part("teller.note"), "ID seen in hand")
    assert seat.main() == "提交"
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].body == Submit(version=9, note="ID seen in hand")


def test_a_call_without_a_picture_says_so(seat: Seat) -> None:
    serve(seat, cases.filled(face_match=None))
    seat.out.link.frame = None
    seat.key(Key.Key_F3)
    assert seat.main() == "重新抓拍"


def test_ctrl_j_goes_to_the_unsure_field_and_enter_accepts_it(seat: Seat) -> None:
    serve(seat, cases.filled(form=cases.form(values=cases.read_values(unsure=("address",)))))
    assert seat.main() == "下一项：核对住址"
    seat.key(Key.Key_J, CTRL)
    address = seat.part("teller.form.address")
    assert address.hasFocus()
    seat.key(Key.Key_Return)
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FormEntry)
    assert list(body.fields) == ["address"]
    assert body.fields["address"].confirmed


def test_typing_survives_a_lost_server_and_goes_out_when_it_is_back(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.out.presence.offline_changed.emit(seat.out.clock.now() - timedelta(seconds=18))
    amount = seat.part("teller.form.amount")
    assert isinstance(amount, QLineEdit)
    amount.setFocus()
    amount.selectAll()
    QTest.keyClicks(amount, "5000")
    seat.key(Key.Key_Tab)
    assert seat.main() == "等待网络"
    assert seat.window.offline.isVisible()
    assert seat.out.store.sent == []
    seat.out.presence.offline_changed.emit(None)
    seat.key(Key.Key_F9)
    body = seat.out.store.sent[-1].body
    assert isinstance(body, FormEntry)
    assert body.fields["amount"].value == "5000"


def test_esc_undoes_a_field_and_never_ends_the_case(seat: Seat) -> None:
    serve(seat, cases.filled())
    name = seat.part("teller.form.name")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, "x")
    seat.key(Key.Key_Escape)
    assert name.text() == CUSTOMER.name
    seat.key(Key.Key_Escape)
    assert seat.out.store.case is not None


def test_a_choice_is_picked_from_its_list(seat: Seat) -> None:
    serve(seat, cases.filled())
    sex = seat.part("teller.form.sex")
    assert isinstance(sex, QComboBox)
    sex.setFocus()
    seat.key(Key.Key_Up)
    assert seat.window.parts.cases.local.edits["sex"] == "男"


def test_submit_waits_for_an_authoriser_and_can_be_withdrawn(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].suffix == "submit"
    seat.out.store.answer(cases.awaiting())
    assert seat.main() == "等待授权"
    assert said(seat, "teller.auth.title") == "授权员 A-07 正在看"
    assert said(seat, "teller.auth.clock") == "01:58"
    QTest.mouseClick(seat.part("teller.withdraw"), Qt.MouseButton.LeftButton)
    assert seat.out.store.sent[-1].suffix == "withdraw"


def test_nobody_there_to_authorise_is_said(seat: Seat) -> None:
    nobody = cases.authorisation("queued", authoriser=None, authorisers_online=0, assigned_at=None, opened_at=None)
    serve(seat, cases.awaiting(authorisation=nobody))
    assert said(seat, "teller.auth.title") == "现在没有能授权的人"


def test_a_rejection_shows_its_reason(seat: Seat) -> None:
    no = cases.authorisation("rejected", decided_at=cases.START, reason_text="疑似受他人指使")
    serve(seat, cases.awaiting(state=CaseState.REJECTED, customer_step=CustomerStep.GOODBYE, authorisation=no))
    assert said(seat, "teller.auth.title") == "已拒绝：疑似受他人指使"
    assert said(seat, "teller.auth.text") == "请改日再办"
    seat.key(Key.Key_F9)
    assert seat.out.store.case is None


def test_a_refusal_of_the_server_is_told_and_nothing_is_lost(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.key(Key.Key_F9)
    seat.out.store.refuse(UserError("account.insufficient", amount=2_000_000, available=100, currency="CNY"))
    assert toasts(seat)
    assert seat.main() == "提交"


def test_the_customer_confirms_and_the_mirror_is_covered_for_the_pin(seat: Seat) -> None:
    serve(seat, cases.authorised())
    seat.out.link.data_received.emit(b"screen:" + mirror())
    seat.paint()
    view = seat.part("teller.mirror")
    assert isinstance(view, MirrorView)
    assert not view.covered
    done = {"confirmed_at": cases.START, "version": 16}
    seat.show(cases.authorised(customer_step=CustomerStep.PIN, **done))
    assert view.covered
    seat.out.link.data_received.emit(b"screen:" + mirror())
    seat.paint()
    assert view.covered
    assert said(seat, "teller.proof.confirm") == "客户已确认"


def test_strokes_arrive_and_execution_follows(seat: Seat) -> None:
    serve(seat, cases.authorised(customer_step=CustomerStep.SIGN, confirmed_at=cases.START, pin_state="ok"))
    for stroke in STROKES:
        seat.out.link.data_received.emit(b"stroke:" + stroke)
    seat.out.link.data_received.emit(b"stroke:not json")
    seat.paint()
    assert len(seat.window.body.middle.summary.strokes) == 2
    seat.show(cases.consented())
    assert seat.main() == "执行取款 ¥20,000.00"
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].suffix == "execute"


def test_a_disputed_line_opens_the_form_again(seat: Seat) -> None:
    serve(seat, cases.authorised(customer_step=CustomerStep.TALK, disputed_line="summary.amount"))
    assert seat.main() == "回到表单修改"
    seat.key(Key.Key_F9)
    sent = seat.out.store.sent[-1]
    assert (sent.suffix, list(sent.body.fields)) == ("form", ["amount"])
    seat.out.store.answer(cases.filled(version=16))
    seat.paint()
    assert seat.part("teller.form.amount").hasFocus()


def test_trouble_shows_where_the_money_is_and_a_number_chooses(seat: Seat) -> None:
    serve(seat, cases.jammed())
    assert seat.main() == "重新出钞"
    figures = [label.text() for label in seat.window.body.middle.trouble.findChildren(QLabel)]
    assert figures.count("¥0.00") == 2
    assert "¥20,000.00" in figures
    seat.key(Key.Key_3)
    assert seat.main() == "不办了，结束"
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].body == Resolve(choice="end_case")


def test_the_voucher_is_checked_and_the_visit_finished(seat: Seat) -> None:
    serve(seat, cases.paid())
    assert said(seat, "teller.voucher.code") == "4471 2093 5586"
    assert seat.window.parts.voucher.checked.value == "intact"
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].suffix == "finish"
    seat.out.store.answer(cases.completed())
    assert seat.main() == "返回，接待下一位"
    seat.key(Key.Key_F9)
    assert seat.out.store.case is None


def test_an_altered_voucher_is_never_opened(seat: Seat) -> None:
    seat.out.desk.pdf = b"%PDF something else"
    serve(seat, cases.paid())
    assert seat.window.parts.voucher.checked.value == "altered"
    seat.window.parts.voucher.open()
    assert toasts(seat)


@pytest.mark.expects_log("evidence altered")
def test_altered_evidence_is_not_shown(seat: Seat) -> None:
    front = cases.digest_of(cases.pictures()[EvidenceKind.ID_FRONT])
    seat.out.desk.stored[front] = b"something else"
    serve(seat, cases.completed())
    assert seat.window.parts.pictures.image(front) is None
    assert "被改动" in " ".join(label.text() for label in seat.part("teller.recordHead").findChildren(QLabel))
