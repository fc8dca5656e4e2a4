"""From the agent's screen to the scene that is shown. Pure: no Qt, no clock, no texts but by code."""

from collections.abc import Callable
from dataclasses import replace

from common.wire.cases import CaseState, CaseView, CustomerStep
from common.wire.identity import ConsentState
from ui.kit.texts.words import T, t
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.problems import problem_words, sentence
from ui.vtm_app.scene import CallPhase, Key, Layout, Local, Notice, Scene, Status, TellerPlace
from ui.vtm_app.scenes_cash import CASH_SCENES
from ui.vtm_app.scenes_steps import STEP_SCENES

_S = CustomerStep
_LAID = (_S.LAY_ID_FRONT, _S.LAY_ID_BACK, _S.LAY_LICENCE, _S.LAY_PARTY_FRONT, _S.LAY_HOUSEHOLD_PAGE)


def _way(case: CaseView) -> tuple[tuple[CustomerStep, ...], ...]:
    """The segments of the progress bar: only what this case will ask for."""
    first = (_S.INSERT_CARD, _S.QUEUE) if case.card_needed else (_S.QUEUE,)
    way = [
        first,
        (_S.TALK, *_LAID, _S.PHONE_CAPTURE, _S.FACE_CONSENT, _S.LIVENESS, _S.KEEP_FACE),
    ]
    way += [(_S.INSERT_CASH,)] if case.cash_way == "in" else []
    way += [(_S.WAIT_AUTHORISATION,), (_S.CONFIRM,)]
    way += [(_S.PIN,)] if case.pin_mode else []
    return (*way, (_S.LOOK, _S.SIGN))


_LEAVABLE = frozenset({
    _S.INSERT_CARD, _S.QUEUE, _S.TALK, *_LAID, _S.PHONE_CAPTURE, _S.FACE_CONSENT, _S.LIVENESS, _S.INSERT_CASH,
    _S.WAIT_AUTHORISATION, _S.CONFIRM, _S.PIN, _S.LOOK, _S.SIGN, _S.RATE, _S.KEEP_FACE,
})  # fmt: skip
_REVOKABLE = frozenset({_S.TALK, _S.RATE})
"""Where there is time and room to take back the consent to face use."""
_LEAVE_WORDS = {_S.QUEUE: "queue", _S.PIN: "pin", _S.RATE: "rate"}
_TELLER = {
    **dict.fromkeys(
        (_S.TALK, *_LAID, _S.WAIT_AUTHORISATION, _S.WAIT_EXECUTION),
        TellerPlace.FULL,
    ),
    **dict.fromkeys((_S.QUEUE, _S.PIN, _S.GOODBYE), TellerPlace.NONE),
}
_FULL_OF_LINES = (_S.CONFIRM, _S.INSERT_CASH)
"""In large print these need the whole screen."""
_CALL_STATUS = {
    CallPhase.CONNECTING: ("connecting", "phone", "accent"),
    CallPhase.BROKEN: ("broken", "wifi-off", "warn"),
    CallPhase.PEER_LOST: ("peer_lost", "wifi-off", "warn"),
    CallPhase.ENDED: ("ended", "phone", "warn"),
}
AGAIN = Key("again", t("kiosk.key_again"), "volume")


def scene(screen: Screen | None, local: Local) -> Scene:
    """What is shown now. ``screen`` None: the agent has not said anything yet."""
    if screen is None or screen.step is None or screen.case is None:
        return _at_rest(screen, local)
    made: Callable[[Screen, CaseView, Local], Scene] = {**STEP_SCENES, **CASH_SCENES}[screen.step]
    shown = made(screen, screen.case, local)
    return replace(
        shown,
        teller=_teller(screen.step, screen.case, local),
        progress=_progress(screen.step, screen.case),
        keys=_keys(screen.step, screen.case, local),
        notice=_notice(screen, screen.case, local),
        status=_call_status(screen.case, shown, local),
    )


def _at_rest(screen: Screen | None, local: Local) -> Scene:
    reconnecting = Status(t("kiosk.reconnecting"), "refresh")
    if screen is None:
        return _closed("starting", "kiosk.starting", "icon:clock", None)
    if not screen.online:
        return _closed("offline", "kiosk.offline", "icon:wifi-off", reconnecting)
    if not screen.machine_ready:
        return _closed("out_of_order", "kiosk.out_of_order", "icon:wrench", reconnecting)
    if screen.maintained:
        return _closed("maintained", "kiosk.maintained", "icon:wrench", None)
    if not screen.in_service:
        return _closed("out_of_service", "kiosk.out_of_service", "icon:pause", None)
    if not local.awake:
        return Scene("attract", Layout.ATTRACT, t("kiosk.attract"), t("kiosk.attract_hint"))
    problem = local.problem or screen.problem
    keys = (Key("leave", t("kiosk.key_exit"), "log-out"),)
    return Scene(
        "choose",
        Layout.CHOOSE,
        t("kiosk.choose"),
        t("kiosk.choose_hint"),
        Status(t("kiosk.opening"), "hand") if local.busy else None,
        Notice(problem_words(problem), "warn") if problem is not None else None,
        keys=() if local.busy else (*((AGAIN,) if local.audible else ()), *keys),
        idle=True,
    )


def _closed(name: str, code: str, picture: str, status: Status | None) -> Scene:
    return Scene(name, Layout.STEP, t(code), t(f"{code}_hint"), status, picture=picture)


def _teller(step: CustomerStep, case: CaseView, local: Local) -> TellerPlace:
    place = _TELLER.get(step, TellerPlace.STRIP)
    if case.teller is None or (local.large and step in _FULL_OF_LINES):
        return TellerPlace.NONE
    if place is TellerPlace.STRIP and local.call in (CallPhase.NONE, CallPhase.ENDED):
        return TellerPlace.NONE
    return place


def _progress(step: CustomerStep, case: CaseView) -> tuple[int, int] | None:
    way = _way(case)
    if step is _S.TALK and case.state is CaseState.AUTHORISED:
        step = _S.CONFIRM  # he pointed at a line: no way back to the beginning
    return next(((at, len(way)) for at, steps in enumerate(way) if step in steps), None)


def may_leave(step: CustomerStep, case: CaseView) -> bool:
    """Whether the customer may end the visit here without anybody's money being on its way."""
    return step in _LEAVABLE or (step is _S.WAIT_EXECUTION and case.state is CaseState.AUTHORISED)


def _keys(step: CustomerStep, case: CaseView, local: Local) -> tuple[Key, ...]:
    again = (AGAIN,) if local.audible else ()
    name = _LEAVE_WORDS.get(step)
    leave = Key("leave", t(f"kiosk.key_leave_{name}" if name else "kiosk.key_leave"), "log-out")
    end = (leave,) if may_leave(step, case) else ()
    words_given = (case.identity.face_consent.state, case.identity.kept.state)
    if step in _REVOKABLE and ConsentState.GIVEN in words_given:
        end = (Key("revoke_face", t("kiosk.key_revoke_face"), "undo"), *end)
    if step is _S.CONFIRM:
        first, icon = ("all_right", "arrow-l") if local.disputing else ("dispute", "chat")
        words = t("kiosk.key_dispute_large" if local.large and first == "dispute" else f"kiosk.key_{first}")
        return (Key(first, words, icon), *again, *end)
    return (*again, *end) if step in (_S.QUEUE, _S.RATE) else (*end, *again)


def _notice(screen: Screen, case: CaseView, local: Local) -> Notice | None:
    if not screen.online:
        return Notice(t("kiosk.problem.lost"), "warn")
    if not screen.machine_ready and screen.step is not _S.GOODBYE:
        return Notice(t("kiosk.problem.machine"), "warn")
    problem = local.problem or screen.problem
    if problem is not None:
        return Notice(problem_words(problem), "warn")
    said = sentence(case.customer_say)
    if said is None or screen.step in (_S.TROUBLE, _S.RETAIN_CARD, _S.GOODBYE):
        return None
    return Notice(said, "warn" if said.code == "customer.pin_wrong" else "accent")


def _call_status(case: CaseView, shown: Scene, local: Local) -> Status | None:
    """A call that does not stand is told where the teller should be seen in full."""
    if (
        case.teller is None
        or local.call not in _CALL_STATUS
        or _TELLER.get(CustomerStep(shown.name)) is not (TellerPlace.FULL)
    ):
        return shown.status
    name, icon, tone = _CALL_STATUS[local.call]
    return Status(t(f"kiosk.status_{name}"), icon, "warn" if tone == "warn" else "accent")


def teller_words(case: CaseView, *, short: bool) -> T:
    """Who is speaking."""
    teller = case.teller
    assert teller is not None
    name = teller.name or teller.number
    if short or not teller.seat:
        return t("kiosk.teller", name=name)
    return t("kiosk.teller_seat", name=name, seat=teller.seat)
