"""The place of a counter without edge and windows: real store, vault and services, and who is there.

Fakes stand only at the ports: clock, notifier, calls, presence, PIN unit, press.
"""

import json
import uuid
from pathlib import Path

from benchmarks.people.ports import (
    CountingIds,
    EverybodyThere,
    PlainJudge,
    PlainPins,
    PlainPress,
    RecordingCalls,
    RecordingNotifier,
    SteppingRandom,
    StillClock,
)
from common.wire.cases import CaseView
from server import seed
from server.identity_seal import IdentitySeal
from server.services import bundle
from server.services.parts import Bank, Parts
from server.services.ports import Principal
from server.store.database import Database, sqlite_url
from server.vault import EvidenceVault
from server.verification.platform import Platform


def new_key() -> str:
    """For one command."""
    return str(uuid.uuid4())


class Place:
    """The bank, and the staff's and the kiosk's numbers at it. Whoever made it closes it."""

    def __init__(
        self, folder: Path, *, url: str | None = None, seed_bank: bool = False, sources: Path | None = None
    ) -> None:
        self.folder = folder
        self.database = Database(url or sqlite_url(folder))
        if url is not None or seed_bank:
            self.database.migrate()  # a copy of the demo bank has its schema
        self.clock, self.ids = StillClock(), CountingIds()
        self.notifier, self.calls, self.presence = RecordingNotifier(), RecordingCalls(), EverybodyThere()
        self.press, self.pins = PlainPress(), PlainPins({})
        self.authorities = Platform(sources, self.clock, Bank().zone, 4.0)
        self.judge = PlainJudge()
        self.parts = Parts(
            database=self.database,
            clock=self.clock,
            ids=self.ids,
            random=SteppingRandom(),
            vault=EvidenceVault(folder),
            press=self.press,
            pins=self.pins,
            notifier=self.notifier,
            calls=self.calls,
            presence=self.presence,
            seal=IdentitySeal(folder),
            authorities=self.authorities,
            bank=Bank(),
            judge=self.judge,
        )
        if seed_bank:
            seed.demo(self.parts, folder)
        self.ids.last = 1_000_000
        self.services = bundle.build(self.parts)
        credentials = json.loads((folder / seed.CREDENTIALS).read_text())
        self.cards: dict[str, dict[str, str]] = credentials["cards"]
        self.pins.right = {card["pan"]: card["pin"] for card in self.cards.values()}
        self.kiosk, self.teller, self.other = self.person("K-02"), self.person("T-03"), self.person("T-05")
        self.authoriser, self.second = self.person("A-07"), self.person("A-11")

    def close(self) -> None:
        """Everything it has opened."""
        self.authorities.close()
        self.database.close()

    def person(self, number: str) -> Principal:
        """A member of staff, or a kiosk, by number."""
        with self.database.read() as unit:
            found = unit.people.by_number(number)
        assert found is not None
        return found.principal

    def seen(self, case_id: str, who: Principal | None = None) -> CaseView:
        """A case as somebody sees it; without a name the teller."""
        return self.services.seen(who or self.teller, case_id)
