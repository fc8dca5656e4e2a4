"""The board takes only what can happen: what is no parameter, or nothing that the machine has, is refused."""

from pathlib import Path
from typing import Any

import pytest

from common.errors import UserError
from devices.sim.faults import ERROR, FAULTS
from tests.devices.rig import Rig
from tests.devices.workbench import workbench

DISPENSE, LIGHT = "CashDispenser.Dispense", "Lights.SetLight"
BAD_EXTRA: tuple[object, ...] = ("abc", -5, 0, None, True, 1.5, 101)
BAD_MOVED: tuple[object, ...] = ("x", -2, 301, [])
BAD_FACTOR: tuple[object, ...] = (0, "10", 1e9)
BAD_UNIT: tuple[object, ...] = ("unit99", 7, "", None, {})
BAD_SOURCE: tuple[object, ...] = ("zzz", "lower", 0)
BAD_SERVICE: tuple[object, ...] = (None, ["CardReader"], "Printer")
BAD_FACE: tuple[object, ...] = ("seven", 100, "1", "100:fit")
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    *(("dispense.wrong_count", "extra", {"extra": said}) for said in BAD_EXTRA),
    *(("dispense.jam_midway", "moved", {"moved": said}) for said in BAD_MOVED),
    *(("motor.slow", "factor", {"factor": said}) for said in BAD_FACTOR),
    *(("cassette.missing", "unit", {"unit": said}) for said in BAD_UNIT),
    ("cassette.full", "unit", {"unit": "unitHOP1"}),
    *(("printer.paper_out", "source", {"source": said}) for said in BAD_SOURCE),
    ("printer.paper_low", "source", {"service": "CertificatePrinter", "source": "lower"}),
    ("printer.paper_low", "source", {"service": "", "source": "lower"}),
    ("printer.paper_out", "service", {"service": "PassbookPrinter"}),
    *(("card.jam", "service", {"service": said}) for said in BAD_SERVICE),
    *(("cash_in.counterfeit", "face", {"face": said}) for said in BAD_FACE),
    (ERROR, "command", {"service": "Lights", "command": DISPENSE}),
    (ERROR, "command", {"command": "CashDispenser.Dispence"}),
    (ERROR, "command", {"command": "Deposit.Entry"}),
    (ERROR, "error_code", {"command": DISPENSE, "error_code": "paperJammed"}),
    (ERROR, "error_code", {"error_code": "itemsLeft"}),
    (ERROR, "code", {"code": "commandErrorCode"}),
    (ERROR, "code", {"code": ""}),
    ("wire.lose_completion", "command", {"service": "Lights", "command": DISPENSE}),
    ("service.not_ready", "command", {"command": 5}),
    ("cash_in.jam", "face", {"face": "100"}),
    ("coin.jam", "name", {"name": "coin.jam"}),
    ("coin.jam", "when", {"when": 2}),
]


async def test_what_is_no_parameter_is_refused_and_named(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        for fault, parameter, params in WRONG:
            for when in ("next", 3, "now"):
                with pytest.raises(UserError, match=r"hands\.fault_invalid") as refused:
                    bench.faults.put(fault, when, params)
                assert refused.value.params == {"fault": fault, "parameter": parameter}, params
        assert bench.faults.view() == []


async def test_a_moment_that_is_none_is_named_too(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        for when in (0, "soon", None, {"probability": 2}):
            with pytest.raises(UserError) as refused:
                bench.faults.put("coin.jam", when, {})
            assert refused.value.params["parameter"] == "when"


async def test_everything_that_is_offered_can_be_put_on_the_board(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        kinds = bench.faults.kinds()
        assert kinds.keys() == FAULTS.keys()
        for fault, kind in kinds.items():
            bench.faults.put(fault, "next", kind["params"])
            for service in ["", *kind["services"]]:
                aimed = {"service": service} if "service" in kind["params"] else {}
                bench.faults.put(fault, "next", aimed)
                for name, by_service in kind["choices"].items():
                    for word in by_service.get(service, by_service[""]):
                        bench.faults.put(fault, "next", {**aimed, name: word})
            for name, bounds in kind["bounds"].items():
                for number in bounds:
                    bench.faults.put(fault, "next", {name: number})
        units = kinds["cassette.missing"]["choices"]["unit"][""]
        assert units == [f"unit{number}" for number in range(1, 9)]
        assert kinds["printer.paper_out"]["choices"]["source"]["LaserPrinter"] == ["", "upper", "lower"]
        assert kinds["printer.paper_out"]["choices"]["source"][""] == ["", "upper"], "what each printer has"
        assert kinds["cash_in.suspect"]["choices"]["face"][""] == ["", "100", "50", "20", "10"]


async def test_the_window_is_told_which_parameter_was_wrong(rig: Rig) -> None:
    with pytest.raises(UserError, match=r"hands\.fault_invalid") as refused:
        await rig.hands.faults.inject("cassette.missing", unit="unit99")
    assert refused.value.params["parameter"] == "unit"
    await rig.hands.faults.inject("command.error", service="Lights", command=LIGHT, code="userError")
    assert [fault["fault"] for fault in rig.vtm.faults.view()] == ["command.error"]
