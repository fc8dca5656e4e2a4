"""What goes wrong between kiosk and machine, beyond single refused commands (:mod:`devices.xfs.codes`)."""

from common.errors import ServiceError
from devices.client.counts import Counts
from devices.xfs.codes import ConnectionLost, DeviceError

__all__ = ["CashOutcomeUnknown", "ConnectionLost", "DeviceError"]


class CashOutcomeUnknown(ServiceError):
    """A cash movement was ordered and nobody knows how it ended. Never to be guessed: ask the counters.

    ``counts_before`` are the counters from before the order.
    """

    def __init__(self, command: str, counts_before: Counts) -> None:
        super().__init__("cash.outcome_unknown", retryable=False, command=command)
        self.counts_before = counts_before
