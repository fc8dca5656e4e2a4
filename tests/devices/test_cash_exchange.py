"""The client's side of an exchange of cassettes."""

from collections import Counter

import pytest

from devices.client.errors import DeviceError
from devices.client.exchange import CashExchange
from tests.devices.rig import Rig


async def test_two_persons_fill_a_cassette_and_the_counters_begin_there(rig: Rig) -> None:
    exchange = CashExchange(rig.machine)
    before = await exchange.start()
    assert before.unit("unit5").count == 600
    with pytest.raises(DeviceError):
        await rig.machine.acceptor.start()
    await rig.hands.act("load_cassette", unit="unit5", notes={"10": 900})
    await exchange.load({"unit5": {1_000: 900}})
    after = await exchange.end()
    assert (after.unit("unit5").count, after.unit("unit4").count) == (900, 600)
    rig.counters_agree()


async def test_the_machine_counts_what_really_lies_in_a_cassette(rig: Rig) -> None:
    places = rig.vtm.recycler.places
    places.move("unit5", "mint", Counter({next(iter(places.at("unit5"))): 3}))
    assert (await rig.machine.counts()).unit("unit5").count == 600
    assert (await CashExchange(rig.machine).count("unit5")).unit("unit5").count == 597
