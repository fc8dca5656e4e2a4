"""The bins of the cheque acceptor, as chapter Storage of the standard shows them, and what it can do."""

from collections.abc import Mapping

from devices.sim.world.cheques import BIN, RETRACT
from devices.xfs.envelope import Payload

CAPACITY: Mapping[str, int] = {BIN: 200, RETRACT: 50}
STACKER_CAPACITY = 30
_IDS = {BIN: "CHQ", RETRACT: "RET"}
CAPABILITIES: Payload = {
    "type": "bunchMediaInput",
    "maxMediaOnStacker": STACKER_CAPACITY,
    "stamp": False,
    "rescan": True,
    "presentControl": True,
    "applicationRefuse": False,
    "retractLocation": {"storage": True},
    "resetControl": {"eject": True, "storageUnit": True},
    "imageType": {"jpg": True},
    "frontImage": {
        "colorFormat": {"full": True},
        "scanColor": {"white": True},
        "defaultScanColor": "white",
    },
    "codelineFormat": {"e13b": True, "ocrb": True},
    "dataSource": {"imageFront": True, "codeLine": True},
}
"""Its part of ``Common.Capabilities``."""


def counts(key: str, kept: int, retracts: int) -> Payload:
    """What came into a unit; into the retract unit in so many retracts."""
    return {"count": kept} | ({"mediaInCount": kept} if key == BIN else {"retractOperations": retracts})


def wire_unit(key: str, counted: Payload) -> Payload:
    """A unit with its counts, as ``Storage.GetStorage`` shows it."""
    capacity, kept = CAPACITY[key], counted["count"]
    types = {"mediaIn": key == BIN, "retract": key == RETRACT}
    level = "full" if kept >= capacity else "high" if kept > capacity * 3 // 4 else "ok" if kept else "empty"
    return {
        "id": _IDS[key],
        "positionName": "bin",
        "capacity": capacity,
        "status": "ok",
        "check": {
            "capabilities": {"types": types, "sensors": {"empty": True, "high": True, "full": True}},
            "configuration": {"types": types, "binID": _IDS[key]},
            "status": {"index": 1 if key == BIN else 2, "in": counted, "replenishmentStatus": level},
        },
    }
