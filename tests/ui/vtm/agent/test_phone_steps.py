"""The code for the customer's phone at the machine: as long as it is good, and when another one comes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from common.wire.cases import CaseView, CustomerStep
from tests.ui.vtm.cases import case_at
from tests.ui.vtm.screens import LINK
from ui.vtm_app.agent.host import Host, Limits
from ui.vtm_app.agent.phone_steps import phone_capture


@dataclass
class FakeHost:
    """The agent as the step sees it; what comes next is decided by how often something was shown."""

    links: list[int]
    shown: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=lambda: Limits(look_s=0.001))

    @property
    def case(self) -> CaseView:
        at = min(len(self.shown) // 2, len(self.links) - 1)
        link = LINK.model_copy(update={"left_s": self.links[at], "url": f"{LINK.url}{at}"})
        return case_at(CustomerStep.PHONE_CAPTURE, capture=link)

    def at(self, step: CustomerStep) -> bool:
        return step is CustomerStep.PHONE_CAPTURE and len(self.shown) < 4

    def show(self, **changes: Any) -> None:
        self.shown.append(changes["phase"])


async def test_a_code_that_is_over_is_not_shown_and_a_new_one_is() -> None:
    host = FakeHost([0, 0])
    async with asyncio.timeout(10):
        await phone_capture(cast(Host, host))
    assert host.shown == ["open", "over", "open", "over"]
