"""Any XFS4IoT host in the simulator's place, service by service, by settings alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.settings import Settings
from devices.client.machine import Machine
from devices.xfs.uris import publisher_uri, service_uri
from tests.devices.rig import Two, two_vtms
from tests.devices.workbench import hand_inside
from ui.kit.local_machine import connect_machine

PLACES = {
    "CardReader": "CardReader", "PinPad": "PinPad", "Printer": "Printer", "CashDispenser": "CashRecycler",
    "Camera": "DocumentCamera", "Lights": "Lights", "CardDispenser": "CardDispenser",
    "CertificatePrinter": "CertificatePrinter", "PassbookPrinter": "PassbookPrinter", "Auxiliaries": "Auxiliaries",
}  # fmt: skip
"""What the kiosk means by a name, and the service that does it."""


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_vtms(tmp_path) as made:
        yield made


async def connected(two: Two, *roles: str) -> Machine:
    """A machine by settings that name a service of the other host for each role."""
    (_, here), (_, there) = two
    uris = [{"interface": role, "uri": service_uri("127.0.0.1", there.port, PLACES[role])} for role in roles]
    settings = Settings.model_validate({"devices": {"services": uris}})
    return await connect_machine(settings, publisher_uri("127.0.0.1", here.port), lambda _: None)


@pytest.mark.parametrize("role", sorted(PLACES))
async def test_one_service_elsewhere_and_all_others_here(two: Two, role: str) -> None:
    (_, here), (_, there) = two
    machine = await connected(two, role)
    ports = {name: found.connection.uri for name in PLACES if (found := machine.service_for(name)) is not None}
    await machine.close()
    assert set(ports) == set(PLACES)
    assert {name for name, uri in ports.items() if f":{there.port}/" in uri} == {role}
    assert all(f":{here.port}/" in uri for name, uri in ports.items() if name != role)


async def test_the_work_is_done_where_the_setting_points(two: Two) -> None:
    (mine, _), (other, _) = two
    machine = await connected(two, "Printer", "CardDispenser")
    hand_inside(other.world, "load_cards", count=1)
    await machine.printer.print_receipt("elsewhere", [])
    await machine.new_cards.give("9999004182300018=36112010000000000")
    await machine.certificates.print_form("deposit", {"number": "TD1", "name": "x", "amount": "1"})
    await machine.close()
    there, here = other.world.view(), mine.world.view()
    assert (bool(there["paper"]["in_slot"]), bool(here["paper"]["in_slot"])) == (True, False)
    assert (there["new_card"]["place"], here["new_card"]["place"]) == ("mouth", "away")
    assert (bool(there["certificate"]["in_slot"]), bool(here["certificate"]["in_slot"])) == (False, True)
