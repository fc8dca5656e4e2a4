"""A document on the glass: guided, and taken when good or when the customer says so."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from common.errors import ServiceError
from common.wire.cases import CustomerStep
from ocr.api import Guidance
from ocr.findings import finding
from tests.ui.vtm.agent.conftest import Kiosk
from tests.ui.vtm.agent.test_agent_steps import glass
from ui.vtm_app.agent.screen import Look

S = CustomerStep
GOOD = Guidance(True, (), None, b"green")
GLARE = Guidance(True, (finding("doc.glare", fields=("id_number",)),), None, b"amber")


@dataclass
class FakeGuide:
    """Says what it is told to; an exception is what the worker's client raises."""

    says: Guidance | Exception = GOOD
    asked: list[str | None] = field(default_factory=list)

    async def wake(self) -> None:
        self.asked.append("woken")

    async def look_at_document(self, picture: bytes, expected: str | None = None) -> Guidance:
        self.asked.append(expected)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def guide(kiosk: Kiosk) -> FakeGuide:
    """A card lies on the glass when the kiosk is switched on, and is looked at."""
    made = kiosk.guide = FakeGuide()
    kiosk.machine.picture = glass(card=True)
    kiosk.machine.id_card = SimpleNamespace(there=False)
    kiosk.server.reactions["evidence"] = {"customer_step": S.TALK}
    kiosk.visit(S.LAY_ID_FRONT)
    return made


async def test_a_good_picture_is_taken_by_itself(kiosk: Kiosk, guide: FakeGuide) -> None:
    await kiosk.switch_on()
    await kiosk.at(S.TALK)
    assert kiosk.server.bodies("evidence") == [glass(card=True)]
    assert (guide.asked[0], set(guide.asked[1:])) == ("woken", {"id_front"})
    assert Look(b"green", None) in [screen.look for screen in kiosk.screens]
    assert kiosk.screen.look is None


async def test_a_poor_one_is_not_taken_and_what_is_wrong_is_said_until_it_is_put_right(
    kiosk: Kiosk, guide: FakeGuide
) -> None:
    guide.says = GLARE
    await kiosk.switch_on()
    await kiosk.at(S.LAY_ID_FRONT, "guiding")
    assert kiosk.screen.look == Look(b"amber", "doc.glare", ("id_number",))
    seen = len(guide.asked)
    await kiosk.until(lambda: len(guide.asked) > seen + 2, "looked at again and again")
    assert kiosk.server.bodies("evidence") == []
    guide.says = GOOD
    await kiosk.at(S.TALK)
    assert len(kiosk.server.bodies("evidence")) == 1


async def test_after_a_while_the_customer_decides(kiosk: Kiosk, guide: FakeGuide) -> None:
    guide.says = GLARE
    await kiosk.switch_on()
    await kiosk.at(S.LAY_ID_FRONT, "choose")
    await kiosk.customer.lay_again()
    await kiosk.at(S.LAY_ID_FRONT, "guiding")
    await kiosk.at(S.LAY_ID_FRONT, "choose")
    assert kiosk.server.bodies("evidence") == []
    await kiosk.customer.take_as_it_is()
    await kiosk.at(S.TALK)
    assert len(kiosk.server.bodies("evidence")) == 1


async def test_a_document_taken_away_ends_the_choice(kiosk: Kiosk, guide: FakeGuide) -> None:
    guide.says = GLARE
    await kiosk.switch_on()
    await kiosk.at(S.LAY_ID_FRONT, "choose")
    kiosk.machine.picture = glass(card=False)
    await kiosk.at(S.LAY_ID_FRONT, "waiting")
    assert kiosk.screen.look is None


@pytest.mark.parametrize("trouble", [ServiceError("ocr.worker_died"), ServiceError("ocr.timeout", seconds=5), None])
async def test_without_guidance_a_picture_is_taken_as_soon_as_it_lies_still(
    kiosk: Kiosk, guide: FakeGuide, trouble: Any
) -> None:
    if trouble is None:
        kiosk.guide = None
    else:
        guide.says = trouble
    await kiosk.switch_on()
    await kiosk.at(S.TALK)
    assert len(kiosk.server.bodies("evidence")) == 1
