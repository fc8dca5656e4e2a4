"""Whose it is that one client began and no other may disturb: an exchange, a lock."""

from devices.sim.interface import Outlet
from devices.xfs.codes import CommandFailed, CompletionCode


class Holding:
    """The connection that holds something, for as long as it lives.

    What is held outlives its holder (an exchange is on disk): it is nobody's then, or another engineer's window could
    never go on with it, and whoever goes on with it holds it.

    Args:
        what: as a description of an error names it.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._holder: Outlet | None = None

    def against(self, outlet: Outlet) -> bool:
        """Whether another living connection holds it."""
        return self._holder is not None and self._holder is not outlet

    def check(self, outlet: Outlet) -> None:
        """Look before something moves or is set.

        Raises:
            CommandFailed: ``deviceNotReady``, it is another client's.
        """
        if self.against(outlet):
            raise CommandFailed(CompletionCode.DEVICE_NOT_READY, f"another client holds the {self._what}")

    def take(self, outlet: Outlet) -> None:
        """It is this connection's from now on, unless another one's already."""
        if not self.against(outlet):
            self._holder = outlet

    def release(self) -> None:
        """It is over."""
        self._holder = None

    def left(self, outlet: Outlet) -> None:
        """A connection has ended."""
        if self._holder is outlet:
            self._holder = None


class Holds:
    """What can be held of the notes: their exchange, and the lock of the device."""

    def __init__(self) -> None:
        self.exchange, self.lock = Holding("exchange"), Holding("lock")

    def check(self, outlet: Outlet) -> None:
        """Raise ``deviceNotReady`` when either is another client's."""
        self.exchange.check(outlet)
        self.lock.check(outlet)

    def left(self, outlet: Outlet) -> None:
        """A connection has ended."""
        self.exchange.left(outlet)
        self.lock.left(outlet)
