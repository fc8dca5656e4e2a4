"""What every service has in common: versions, transaction state, sleep, nonces; asked of each of them."""

from pathlib import Path

from tests.devices.workbench import Line, workbench


async def common_holds(line: Line) -> None:
    """All of interface Common that is no status, no capability and no cancel."""
    await line.ok("Common.SetVersions", {"commands": {"Common.Status": 2}})
    assert await line.fails("Common.SetVersions", {"commands": {"Common.Status": 9}}) == "unsupportedData"
    assert await line.fails("Common.SetVersions", {"commands": {"Common.Nothing": 1}}) == "invalidData"
    assert (await line.ok("Common.GetTransactionState"))["state"] == "inactive"
    await line.ok("Common.SetTransactionState", {"state": "active", "transactionID": "1122-0047"})
    assert (await line.ok("Common.GetTransactionState"))["transactionID"] == "1122-0047"
    assert await line.fails("Common.SetTransactionState", {"state": "active"}) == "invalidData"
    await line.ok("Common.SetTransactionState", {"state": "inactive"})
    assert (await line.ok("Common.GetTransactionState"))["state"] == "inactive"
    await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 5})
    assert (await line.ok("Common.Status"))["common"]["powerSaveRecoveryTime"] == 5
    await line.ok("Common.PowerSaveControl", {"maxPowerSaveRecoveryTime": 0})
    assert (await line.ok("Common.Status"))["common"]["powerSaveRecoveryTime"] == 0
    assert len((await line.ok("Common.GetCommandNonce"))["commandNonce"]) == 32


async def test_every_service_keeps_versions_transaction_and_sleep(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        names = [service.name for service in bench.vtm.services]
        assert len(names) >= 23
        for name in names:
            await common_holds(bench.line(name))
