"""Card, PIN and papers; steps that change under the agent's hands; the end of a visit."""

import asyncio
import io
from typing import cast

import pytest
from PIL import Image, ImageDraw

from common.challenge import unpack
from common.errors import UserError
from common.wire.base import Sentence
from common.wire.cases import CardState, CardView, CustomerStep, Scenario
from common.wire.signalling import CaseChanged
from devices.client.errors import ConnectionLost, DeviceError
from tests.ui.vtm.agent.conftest import Kiosk
from ui.vtm_app.agent import film_steps
from ui.vtm_app.agent.host import Host, Limits
from ui.vtm_app.agent.look_steps import look_up

S = CustomerStep


def timeout() -> DeviceError:
    return DeviceError("device.timeout", command="x", completion="timeOut", error_code=None, retryable=True)


def glass(*, card: bool) -> bytes:
    picture = Image.new("L", (192, 144), 10)
    if card:
        ImageDraw.Draw(picture).rectangle((40, 40, 130, 100), fill=230)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


async def at_pin(kiosk: Kiosk) -> None:
    kiosk.visit(S.PIN)
    kiosk.machine.media = "present"
    await kiosk.switch_on()
    await kiosk.at(S.PIN, "typing")


async def test_a_card_pulled_out_while_the_pin_is_asked_ends_the_entry_and_is_told(kiosk: Kiosk) -> None:
    kiosk.server.reactions["card/state"] = {
        "customer_step": S.INSERT_CARD,
        "card": CardView(masked_number="9999", state=CardState.PULLED),
    }
    await at_pin(kiosk)
    kiosk.machine.media = "notPresent"
    kiosk.tell("CardReader.MediaRemovedEvent")
    await kiosk.at(S.INSERT_CARD, "waiting")
    await kiosk.did("card asked")
    assert [body.state for body in kiosk.server.bodies("card/state")] == [CardState.PULLED]
    assert kiosk.machine.log.index("pin cut") < kiosk.machine.log.index("card asked")
    assert kiosk.brain.card is None


async def test_a_reader_that_cannot_move_is_not_asked_without_end(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    async def read(*, timeout_s: float, on_prompt: object) -> None:
        asked.append(timeout_s)
        await asyncio.sleep(0)
        raise DeviceError("device.not_ready", command="x", completion="deviceNotReady", error_code=None, retryable=True)

    monkeypatch.setattr(kiosk.machine.card, "read", read)
    kiosk.visit(S.INSERT_CARD)
    await kiosk.switch_on()
    await kiosk.at(S.INSERT_CARD, "waiting")
    await asyncio.sleep(0.1)
    assert 1 < len(asked) <= 0.2 / kiosk.brain.limits.again_s
    assert kiosk.screen.problem is not None
    assert kiosk.screen.problem.code == "device.not_ready"


@pytest.mark.expects_log("PIN key not loaded")
async def test_a_machine_that_goes_away_again_while_it_gets_its_key_is_not_said_to_stand(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, gone = asyncio.Event(), asyncio.Event()

    async def import_key(name: str, block: str) -> None:
        loading.set()
        await gone.wait()
        raise ConnectionLost("PinPad")

    await kiosk.switch_on()
    monkeypatch.setattr(kiosk.machine, "import_key", import_key)
    kiosk.tell("Machine.StateChanged", state="lost")
    kiosk.tell("Machine.StateChanged", state="ready")
    await loading.wait()
    kiosk.tell("Machine.StateChanged", state="lost")
    (back,) = [task for task in asyncio.all_tasks() if task.get_name() == "machine back"]
    gone.set()
    await asyncio.wait({back})
    assert not kiosk.screen.machine_ready
    monkeypatch.undo()
    kiosk.tell("Machine.StateChanged", state="ready")
    await kiosk.until(lambda: kiosk.screen.machine_ready, "the machine is back")


async def test_a_pin_that_nobody_types_is_asked_for_again(kiosk: Kiosk) -> None:
    kiosk.server.reactions["pin"] = {"customer_step": S.SIGN, "pin_state": "ok"}
    await at_pin(kiosk)
    kiosk.machine.give("pin", timeout())
    await kiosk.until(lambda: kiosk.machine.log.count("pin asked") == 2, "asked again")
    assert kiosk.screen.problem is not None
    assert kiosk.screen.problem.code == "device.timeout"
    assert kiosk.server.told == []
    kiosk.machine.give("pin", 6)
    await kiosk.at(S.SIGN)
    assert len(kiosk.server.bodies("pin")) == 1


async def test_a_step_that_the_last_one_brought_about_is_done_once(kiosk: Kiosk) -> None:
    # The PIN's own word moves the case on: its task ends when that of the card already waits for it to end.
    inside, taken = (CardView(masked_number="9999", state=one) for one in (CardState.INSIDE, CardState.TAKEN))
    kiosk.server.reactions["pin"] = {"customer_step": S.TAKE_CARD, "card": inside}
    kiosk.server.reactions["card/state"] = {"customer_step": S.LAY_ID_FRONT, "card": taken}
    kiosk.machine.picture = glass(card=False)
    await at_pin(kiosk)
    kiosk.machine.give("pin", 6)
    await kiosk.did("picture")
    assert [body.state for body in kiosk.server.bodies("card/state")] == [CardState.RETURNED]
    assert kiosk.machine.log.count("ejected") == 1
    assert kiosk.screen.problem is None


async def test_a_step_that_changes_lets_the_last_one_end_before_it_begins(kiosk: Kiosk) -> None:
    kiosk.machine.picture = glass(card=False)
    await at_pin(kiosk)
    kiosk.server.change(customer_step=S.LAY_ID_FRONT)
    await kiosk.did("picture")
    assert kiosk.machine.log.index("pin cut") < kiosk.machine.log.index("picture")
    kiosk.server.change(customer_step=S.PIN)
    await kiosk.until(lambda: kiosk.machine.log.count("pin asked") == 2, "the PIN is asked again")
    pictures = kiosk.machine.log.count("picture")
    kiosk.machine.give("pin", timeout())
    await kiosk.until(lambda: kiosk.machine.log.count("pin asked") == 3, "and once more")
    assert kiosk.machine.log.count("picture") == pictures


async def test_an_old_state_of_the_case_changes_nothing(kiosk: Kiosk) -> None:
    await at_pin(kiosk)
    now = kiosk.server.case
    assert now is not None
    kiosk.server.case = now.model_copy(update={"version": 1, "customer_step": S.TALK})
    kiosk.server.line.say(CaseChanged(case_id=now.id, version=1))
    kiosk.server.case = now
    kiosk.server.change(pin_tries_left=2)
    await kiosk.until(lambda: kiosk.brain.case.pin_tries_left == 2, "the newer one")
    assert "pin cut" not in kiosk.machine.log


async def test_a_second_case_cannot_be_opened_in_a_visit(kiosk: Kiosk) -> None:
    await at_pin(kiosk)
    await kiosk.customer.choose(Scenario.DEPOSIT, "zh")
    assert kiosk.server.told == []
    assert kiosk.screen.step is S.PIN


async def test_a_visit_that_only_the_server_knows_is_gone_on_with(kiosk: Kiosk) -> None:
    await kiosk.switch_on()
    kiosk.visit(S.TALK)
    kiosk.server.refusals["open"] = [UserError("kiosk.visit_open", number="1122-0001")]
    with pytest.raises(UserError):
        await kiosk.customer.choose(Scenario.DEPOSIT, "zh")
    await kiosk.at(S.TALK)


@pytest.mark.parametrize(("media", "taken", "end"), [("present", True, "ejected"), ("present", False, "kept"),
                                                     ("entering", False, "kept")])  # fmt: skip
async def test_goodbye_gives_back_a_card_left_inside(kiosk: Kiosk, media: str, taken: bool, end: str) -> None:
    kiosk.visit(S.RATE)
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    kiosk.machine.media, kiosk.machine.taken = media, taken
    kiosk.server.change(customer_step=S.GOODBYE)
    await kiosk.at(None)
    assert end in kiosk.machine.log
    assert any(screen.phase == "card" and screen.deadline for screen in kiosk.screens)


async def test_goodbye_asks_for_papers_until_they_are_taken_and_then_says_its_words(kiosk: Kiosk) -> None:
    kiosk.visit(S.RATE)
    await kiosk.switch_on()
    kiosk.machine.picture = glass(card=True)
    kiosk.server.change(customer_step=S.GOODBYE)
    await kiosk.at(S.GOODBYE, "papers")
    kiosk.machine.picture = glass(card=False)
    await kiosk.at(S.GOODBYE, "")
    assert kiosk.screen.deadline is None
    await kiosk.at(None)
    assert kiosk.brain.last_document is None


async def test_papers_that_stay_are_not_taken_for_the_next_customers(kiosk: Kiosk) -> None:
    kiosk.visit(S.RATE)
    await kiosk.switch_on()
    kiosk.machine.picture = glass(card=True)
    kiosk.server.change(customer_step=S.GOODBYE)
    await kiosk.at(None)
    kiosk.server.reactions["open"] = {"customer_step": S.LAY_ID_FRONT}
    await kiosk.customer.choose(Scenario.WITHDRAWAL, "zh")
    looked = len(kiosk.machine.log)
    await kiosk.until(lambda: kiosk.machine.log[looked:].count("picture") > 5, "it looks")
    assert kiosk.screen.phase == "waiting"
    assert kiosk.server.bodies("evidence") == []


async def test_nothing_of_an_ended_visit_comes_back(kiosk: Kiosk) -> None:
    kiosk.visit(S.RATE)
    await kiosk.switch_on()
    kiosk.server.change(customer_step=S.GOODBYE)
    await kiosk.at(None)
    shown = len(kiosk.screens)
    kiosk.brain._take(kiosk.server.change())
    assert len(kiosk.screens) == shown


async def test_before_the_signature_the_kiosks_own_camera_shows_who_stands_there(kiosk: Kiosk) -> None:
    taken: list[bytes] = []

    async def eye() -> bytes:
        taken.append(b"\xff\xd8\xff frame")
        return taken[-1]

    kiosk.eye = eye
    kiosk.server.reactions["evidence"] = {"signing_doubts": 1}
    kiosk.visit(S.LOOK)
    await kiosk.switch_on()
    await kiosk.until(lambda: len(taken) == 1, "a picture is taken")
    kiosk.server.change(customer_step=S.SIGN)
    await kiosk.at(S.SIGN)


class _Gone:
    """The agent as the step sees it: the visit ends while the camera is asked."""

    limits = Limits(again_s=0.001)

    def __init__(self) -> None:
        self.asked = 0

    def at(self, step: CustomerStep) -> bool:
        return False

    async def eye(self) -> bytes:
        self.asked += 1
        return b"frame"


async def test_a_visit_that_ends_while_the_camera_is_asked_wants_no_picture_any_more() -> None:
    gone = _Gone()
    await asyncio.wait_for(look_up(cast(Host, gone)), 5)  # an upload would need a case, and there is none
    assert gone.asked == 1


async def test_a_kiosk_that_sees_nothing_says_that_the_teller_looks(kiosk: Kiosk) -> None:
    async def blind() -> bytes:
        raise UserError("call.no_picture")

    kiosk.eye = blind
    kiosk.visit(S.LOOK)
    await kiosk.switch_on()
    await kiosk.at(S.LOOK, "asked")
    kiosk.server.change(customer_step=S.SIGN)
    await kiosk.at(S.SIGN)


async def test_a_check_is_filmed_with_what_the_screen_said_and_sent_in_parts(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_steps, "PART", 2)
    taken: list[bytes] = []

    async def eye() -> bytes:
        taken.append(b"\xff\xd8\xff" + bytes([len(taken)]))
        return taken[-1]

    kiosk.eye = eye
    kiosk.visit(S.LIVENESS, customer_say=Sentence(code="liveness.look"))
    await kiosk.switch_on()
    await kiosk.until(lambda: taken, "a picture is taken")
    kiosk.server.change(customer_say=Sentence(code="liveness.nod"))
    count = len(taken)
    await kiosk.until(lambda: len(taken) > count + 1, "another one")
    kiosk.server.change(customer_say=Sentence(code="liveness.眨眼"))
    count = len(taken)
    await kiosk.until(lambda: len(taken) > count + 1, "and one while a changed window says what is no code")
    ahead = len(kiosk.server.bodies("liveness-film"))
    assert ahead, "a part has gone ahead"
    kiosk.server.change(customer_step=S.TALK, customer_say=None)
    await kiosk.until(lambda: kiosk.server.whole_film, "the rest is sent")
    film = [frame for part in kiosk.server.bodies("liveness-film") for frame in unpack(part)]
    assert [frame.picture for frame in film] == taken[: len(film)]
    assert {film[0].shown, film[-1].shown} <= {"liveness.look", "?", ""}
    assert {"liveness.nod", "?"} <= {frame.shown for frame in film}


@pytest.mark.expects_log("receipt not pulled back")
@pytest.mark.parametrize("bin_full", [False, True])
async def test_a_receipt_that_nobody_takes_is_pulled_back_and_holds_up_nobody(kiosk: Kiosk, bin_full: bool) -> None:
    kiosk.machine.taken = False
    if bin_full:
        full = DeviceError("device.bin_full", command="x", completion="", error_code="retractBinFull", retryable=False)
        kiosk.machine.errors["kept"] = full
    kiosk.server.reactions["receipt"] = {"customer_step": S.RATE}
    kiosk.visit(S.TAKE_RECEIPT)
    await kiosk.switch_on()
    await kiosk.at(S.RATE)
    assert [name for name in kiosk.machine.log if name in ("printed", "kept")] == ["printed", "kept"][: 2 - bin_full]
    assert [body.printed for body in kiosk.server.bodies("receipt")] == [True]
