"""The barcode reader (interface BarcodeReader)."""

import base64
from collections.abc import Mapping
from typing import ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running
from devices.sim.interlock import ask
from devices.sim.world.subjects import CodeWindow
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

READ_S = 0.3
SYMBOLOGIES = ("qrCode", "code128", "code39", "ean13", "ean8", "pdf417", "dataMatrix", "aztec")


class BarcodeReader(Interface):
    """Reads the code that is held before the window."""

    name: ClassVar[str] = "BarcodeReader"

    def __init__(self, bench: Bench, window: CodeWindow) -> None:
        super().__init__()
        self._bench = bench
        self._window = window
        self._scanning = False

    def commands(self) -> Mapping[str, Handler]:
        return {"Read": self._read, "Reset": self._reset}

    async def _read(self, running: Running) -> Payload:
        asked = [name for name, wanted in running.payload.get("symbologies", {}).items() if wanted]
        if set(asked) - set(SYMBOLOGIES):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "a symbology this reader does not know")
        wanted = asked or SYMBOLOGIES
        self._bench.motor.check()
        window, world = self._window, self._bench.world
        self._scanning = True
        world.changed()
        try:
            while window.symbology not in wanted:  # it may be gone again by the time that this is told of it
                await ask(running, world, self._bench.motor, lambda: window.symbology in wanted)
        finally:
            self._scanning = False
            world.changed()
        symbology, data = window.symbology, window.data
        await self._bench.motor.run(READ_S)
        if self._bench.faults.strikes("barcode.unreadable"):
            raise refused("barcodeInvalid")
        return {
            "readOutput": [
                {
                    "symbology": symbology,
                    "barcodeData": base64.b64encode(data).decode(),
                    "symbologyName": symbology,
                }
            ]
        }

    async def _reset(self, _: Running) -> None:
        await self._bench.motor.run(READ_S)

    def status(self) -> Payload:
        return {"barcodeReader": {"scanner": "on" if self._scanning else "off"}}

    def capabilities(self) -> Payload:
        return {"barcodeReader": {"canFilterSymbologies": True, "symbologies": dict.fromkeys(SYMBOLOGIES, True)}}
