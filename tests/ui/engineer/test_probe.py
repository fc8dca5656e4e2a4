"""What the engineer's window asks of a machine, over the wire: of its own services and of those of other hosts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.settings import Settings
from devices.client.exchange import CashExchange
from devices.client.probe import Probe
from devices.sim.main import Endpoints
from devices.xfs.codes import ConnectionLost
from devices.xfs.uris import service_uri
from tests.devices.rig import Two, start_vtm, two_vtms
from tools.demo.stage import free_port
from ui.kit.local_machine import Simulator, probe_machine


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_vtms(tmp_path) as made:
        yield made


def engineers(here: Endpoints, **services: str) -> Probe:
    """As the engineer's window makes it, from settings that name a service of another host for each role."""
    named = [{"interface": role, "uri": uri} for role, uri in services.items()]
    settings = Settings.model_validate({"devices": {"services": named}})
    return probe_machine(settings, Simulator("127.0.0.1", here.port, here.hands_port, here.hands_token))


async def test_a_service_of_another_host_is_seen_beside_the_machines_own(two: Two) -> None:
    (mine, here), (other, there) = two
    probe = engineers(here, Printer=service_uri("127.0.0.1", there.port, "Printer"))
    await probe.open()
    away = f"Printer @127.0.0.1:{there.port}"
    looks = {look.name: look for look in await probe.looks()}
    assert {service.name for service in mine.services} | {away} == looks.keys()
    assert looks[away].interfaces == ("Common", "Printer", "Storage")
    assert (looks[away].level, looks[away].status["printer.paper.upper"]) == ("ok", "full")
    found = probe.service_for("Printer")
    assert found is not None
    assert f":{there.port}/" in found.connection.uri
    assert (await probe.test(f"{away}: Common.Status")).error is None
    await other.close()
    (gone,) = [look for look in await probe.looks() if look.name == away]
    assert (gone.level, probe.lost) == ("bad", False), "the machine itself is there"
    assert (await CashExchange(probe).counts()).content_minor == (await CashExchange(probe).counts()).content_minor > 0
    await mine.close()
    assert probe.lost
    await probe.close()


async def test_one_that_never_answered_stands_in_the_tree_and_is_found_later(
    two: Two, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("devices.client.probe.LOOK_AGAIN_S", 0.0)
    (_, here), _ = two
    port = free_port()
    probe = engineers(here, Printer=service_uri("127.0.0.1", port, "Printer"))
    await probe.open()
    name = f"Printer @127.0.0.1:{port}"
    assert {look.name: look.level for look in await probe.looks()}[name] == "bad"
    failed = await probe.test(f"{name}: Common.Status")
    assert isinstance(failed.error, ConnectionLost)
    late, _ = await start_vtm(tmp_path / "late", tmp_path / "late.jsonl", port)
    assert {look.name: look.level for look in await probe.looks()}[name] == "ok"
    await probe.close()
    await late.close()
