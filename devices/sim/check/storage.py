"""Storage of the cheque acceptor: where papers are kept, and where retracted ones go."""

from collections.abc import Mapping
from typing import ClassVar

from devices.sim.check.acceptor import CheckAcceptor
from devices.sim.interface import Handler, Interface, Running
from devices.xfs.envelope import Payload


class CheckStorage(Interface):
    """Shows the bins; they are emptied by hand."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = ("CountsChangedEvent",)
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, acceptor: CheckAcceptor) -> None:
        super().__init__()
        self._acceptor = acceptor

    def commands(self) -> Mapping[str, Handler]:
        return {"GetStorage": self._get}

    async def _get(self, _: Running) -> Payload:
        return {"storage": self._acceptor.storage()}
