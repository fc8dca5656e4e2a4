"""The stretches of a visit, each in the words of the trade; put together in the tests."""

import functools
from datetime import UTC, datetime
from typing import Any

from benchmarks.people.scene import CUSTOMER, Scene, Seat, until
from common.wire import authorisation as auth
from common.wire import cases as wire
from common.wire.cases import CustomerStep as S
from common.wire.handing import Finish, ThingSettled
from common.wire.liveness import Gesture, GestureOutcome, LivenessResult
from common.wire.signalling import SetPresence
from tools.demo_people import CUSTOMER as CUSTOMER_OF_THE_DAY
from tools.demo_people import NEWCOMER, Person

STROKES = [[wire.StrokePoint(x=40.0 + i * 9, y=200.0 + (i % 5) * 30, t=i * 16, p=0.6) for i in range(60)]]


async def answer(scene: Scene, teller: Seat, case: wire.CaseView) -> wire.CaseView:
    """The seat is ready and rings; the teller answers."""
    await teller.signalling.send(SetPresence(state="ready"))
    await until(lambda: case.id in teller.rung, "ringing")
    answered: wire.CaseView = await teller.command(f"/cases/{case.id}/answer")
    await scene.step(S.TALK)
    return answered


async def papers(
    scene: Scene, teller: Seat, case: wire.CaseView, person: Person = CUSTOMER_OF_THE_DAY, *, chips: bool = True
) -> wire.CaseView:
    """Both sides of the ID card on the glass; the portrait and a live frame stored; the form filled as it was read.

    ``chips`` false: of a card whose chip says nothing.
    """
    props = scene.stage.data_dir / "props"
    sides, card = ((S.LAY_ID_FRONT, "0"), (S.LAY_ID_BACK, "1")), f"id-{person.id_number[-4:]}"
    for step, number in sides:
        await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=step))
        await scene.step(step)
        chip = (props / f"{card}.chip").read_bytes() if chips else None
        await scene.hands.lay_document((props / f"{card}-{number}.jpg").read_bytes(), chip)
        await scene.step(S.TALK)
        await scene.hands.remove_document()
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.FACE_CONSENT))
    await scene.step(S.FACE_CONSENT)
    await scene.customer.face_consent(True, "1")
    await scene.step(S.TALK)
    portrait = (props / "portrait.png").read_bytes()
    path = f"/cases/{case.id}/evidence?kind="
    await teller.api.upload(path + "portrait", portrait, "image/png", wire.CaseView)
    live = (props / f"{card}-0.jpg").read_bytes()
    return await teller.api.upload(path + "live_frame", live, "image/jpeg", wire.CaseView)


def evidence(case: wire.CaseView, kind: wire.EvidenceKind) -> wire.EvidenceView:
    return next(item for item in case.evidence if item.kind is kind)


async def match(teller: Seat, case: wire.CaseView, score: float = 93.5) -> wire.CaseView:
    """What the vision worker found."""
    result = wire.FaceMatchResult(
        portrait=evidence(case, wire.EvidenceKind.PORTRAIT).digest,
        live=evidence(case, wire.EvidenceKind.LIVE_FRAME).digest,
        score=score,
        threshold=80.0,
        same=score >= 80.0,
        model="test",
    )
    done = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]
    await teller.command(f"/cases/{case.id}/liveness", LivenessResult(passed=True, steps=done))
    matched: wire.CaseView = await teller.command(f"/cases/{case.id}/face-match", result)
    return matched


async def fill(
    teller: Seat, case: wire.CaseView, person: Person = CUSTOMER_OF_THE_DAY, /, **typed: str
) -> wire.CaseView:
    """The form: identity as read, the rest as typed."""
    read = {**person.front(), **person.back()}
    fields = {k: wire.FieldEntry(value=v, source=wire.FieldSource.OCR, confidence=0.99) for k, v in read.items()}
    fields |= {k: wire.FieldEntry(value=v, source=wire.FieldSource.TYPED) for k, v in typed.items()}
    body = wire.FormEntry(version=case.version, fields=fields)
    filled = await teller.api.put(f"/cases/{case.id}/form", body, wire.CaseView)
    assert not [p for p in filled.form.problems if p.field in fields], filled.form.problems
    return filled


async def prepared(scene: Scene, teller: Seat, case: wire.CaseView, **typed: str) -> wire.CaseView:
    """Everything up to the form being complete."""
    await answer(scene, teller, case)
    return await fill(teller, await match(teller, await papers(scene, teller, case)), **typed)


async def opening(scene: Scene, teller: Seat, notes: dict[str, int], **typed: str) -> wire.CaseView:
    """On site, without a card: everything that is offered chosen, papers, face, notes in escrow, the form filled."""
    start = wire.StartCase(scenario="personal_opening", kiosk="K-02")
    case: wire.CaseView = await teller.command("/cases/start", start)
    await scene.step(S.TALK)
    body = wire.ChooseTransactions(version=case.version, transactions=[one.code for one in case.transactions])
    await teller.api.put(f"/cases/{case.id}/transactions", body, wire.CaseView)
    case = await match(teller, await papers(scene, teller, case, NEWCOMER))
    await teller.command(f"/cases/{case.id}/prompt", wire.Prompt(step=S.INSERT_CASH))
    await scene.step(S.INSERT_CASH, "open")
    await scene.when_possible("put_notes")
    await scene.hands.put_notes(notes)
    await scene.step(S.INSERT_CASH, "ask")
    await scene.customer.count_is_right()
    await scene.step(S.TALK)
    return await fill(teller, await case_of(teller, case.id), NEWCOMER, **typed)


async def new_pin(scene: Scene, digits: str) -> None:
    """Entered twice on the PIN pad."""
    for state in ("asked", "again"):
        await until(functools.partial(_pin_is, scene, state), f"the PIN pad, {state}")
        await scene.when_possible("press_key")
        await scene.press(digits)


def _pin_is(scene: Scene, state: str) -> bool:
    """The pad waits for an entry, and nothing has been typed yet."""
    case, screen = scene.screen.case, scene.screen
    return case is not None and case.pin_state == state and (screen.phase, screen.digits) == ("typing", 0)


async def submit(teller: Seat, case: wire.CaseView, note: str = "") -> wire.CaseView:
    case = await teller.api.get(f"/cases/{case.id}", wire.CaseView)
    submitted: wire.CaseView = await teller.command(
        f"/cases/{case.id}/submit", wire.Submit(version=case.version, note=note)
    )
    return submitted


async def decide(authoriser: Seat, decision: auth.Decision, **words: Any) -> auth.TaskView:
    """The task that was dealt is opened and decided."""
    task_id = await until(lambda: authoriser.tasks and authoriser.tasks[-1], "a task")
    task = await authoriser.api.post(f"/tasks/{task_id}/open", None, auth.TaskView)
    body = auth.DecideTask(
        decision=decision,
        evidence=[item.digest for item in task.case.evidence],
        seen_differences=[row.field for row in task.comparison if row.differs],
        **words,
    )
    await authoriser.api.command("POST", f"/tasks/{task_id}/decision", body)
    return task


async def consent(scene: Scene, holder: str = CUSTOMER, *, pin: bool = True) -> None:
    """The customer confirms, enters the PIN, signs."""
    await confirmed(scene)
    if pin:
        await scene.pin(holder)
    await signed(scene)


async def confirmed(scene: Scene) -> None:
    """Read, and found right."""
    await scene.step(S.CONFIRM)
    await scene.customer.confirm(True)


async def signed(scene: Scene) -> None:
    """Once, for everything."""
    await scene.step(S.SIGN)
    await scene.customer.sign(STROKES, 952, 640)
    await scene.step(S.WAIT_EXECUTION)


async def execute(teller: Seat, case: wire.CaseView) -> wire.CaseView:
    executed: wire.CaseView = await teller.command(f"/cases/{case.id}/execute")
    return executed


async def certificate_taken(scene: Scene) -> None:
    """The machine holds the certificate of the time deposit out, and the customer takes it."""
    await scene.step(S.HAND_OVER, "certificate")
    await scene.hands.act("take_certificate")


async def receipt_and_rating(scene: Scene, stars: int = 5, *, paper: bool = False) -> None:
    """``paper``: the customer takes the whole voucher with him, A4 and in colour."""
    assert scene.agent is not None
    await scene.step(S.TAKE_RECEIPT, "out")
    await scene.hands.take_receipt()
    await scene.step(S.RATE)
    if paper:
        await scene.agent.taps.print_voucher()
        await scene.step(S.PRINT_VOUCHER, "out")
        await scene.hands.act("take_pages")
        await scene.step(S.RATE)
    await scene.agent.taps.rate(stars)
    await scene.step(None)


async def all_handed_over(teller: Seat, case: wire.CaseView) -> wire.CaseView:
    """The customer has gone with everything that staff gave him: the teller says so, and the case ends."""
    left = (await case_of(teller, case.id)).to_hand_over
    assert left, "something was given by staff"
    things = [ThingSettled(kind=one.kind, number=one.number, outcome="taken") for one in left]
    ended: wire.CaseView = await teller.command(f"/cases/{case.id}/finish", Finish(things=things))
    return ended


async def case_of(seat: Seat, case_id: str) -> wire.CaseView:
    return await seat.api.get(f"/cases/{case_id}", wire.CaseView)


async def books(teller: Seat) -> dict[str, int]:
    """Machine cash by the books, by the counters, and what is not settled; minor units."""
    cash = await teller.api.get_json("/machines/K-02/cash")
    return {name: cash[name]["minor"] for name in ("books", "counters", "clearing", "suspense") if cash.get(name)}


def today() -> str:
    return datetime.now(UTC).date().isoformat()
