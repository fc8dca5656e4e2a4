"""Completion codes and what they mean to an application: the one place where codes become exceptions."""

from enum import StrEnum

from common.errors import ServiceError
from devices.xfs.envelope import Message


class AckStatus(StrEnum):
    """Why a command was not accepted."""

    INVALID_MESSAGE = "invalidMessage"
    INVALID_REQUEST_ID = "invalidRequestID"
    TOO_MANY_REQUESTS = "tooManyRequests"


class CompletionCode(StrEnum):
    """How a command ended, other than well."""

    COMMAND_ERROR_CODE = "commandErrorCode"
    CANCELED = "canceled"
    TIME_OUT = "timeOut"
    DEVICE_NOT_READY = "deviceNotReady"
    HARDWARE_ERROR = "hardwareError"
    INTERNAL_ERROR = "internalError"
    INVALID_COMMAND = "invalidCommand"
    UNSUPPORTED_COMMAND = "unsupportedCommand"
    INVALID_REQUEST_ID = "invalidRequestID"
    INVALID_DATA = "invalidData"
    UNSUPPORTED_DATA = "unsupportedData"
    USER_ERROR = "userError"
    FRAUD_ATTEMPT = "fraudAttempt"
    SEQUENCE_ERROR = "sequenceError"
    AUTHORIZATION_REQUIRED = "authorizationRequired"
    NOT_ENOUGH_SPACE = "notEnoughSpace"


class CommandFailed(Exception):
    """Raised by a device's handler: the command completes with this code.

    Args:
        code: completion code; COMMAND_ERROR_CODE needs ``error_code``.
        payload: members beside the error code.
        better: the error code that says it, for the commands that have it; all others end with ``code``.
    """

    def __init__(
        self,
        code: CompletionCode,
        description: str = "",
        *,
        error_code: str | None = None,
        payload: dict[str, object] | None = None,
        better: str | None = None,
    ) -> None:
        super().__init__(description or error_code or code.value)
        self.code = code
        self.error_code = error_code
        self.description = description
        self.payload = payload
        self.better = better


def refused(error_code: str, description: str = "", **payload: object) -> CommandFailed:
    """The failure that is spelled out by the command's own error code."""
    return CommandFailed(CompletionCode.COMMAND_ERROR_CODE, description, error_code=error_code, payload=payload or None)


class DeviceError(ServiceError):
    """A command that a device did not carry out; ``completion`` and ``error_code`` are the standard's words."""

    def __init__(self, code: str, *, command: str, completion: str, error_code: str | None, retryable: bool) -> None:
        super().__init__(code, retryable=retryable, command=command, completion=completion, error_code=error_code)
        self.completion = completion
        self.error_code = error_code


class ConnectionLost(ServiceError):
    """The device cannot be reached, or went away before it answered."""

    def __init__(self, service: str) -> None:
        super().__init__("device.connection_lost", service=service)


_COMPLETIONS = {
    CompletionCode.CANCELED: ("device.cancelled", True),
    CompletionCode.TIME_OUT: ("device.timeout", True),
    CompletionCode.DEVICE_NOT_READY: ("device.not_ready", True),
    CompletionCode.HARDWARE_ERROR: ("device.hardware", False),
    CompletionCode.INTERNAL_ERROR: ("device.internal", False),
    CompletionCode.USER_ERROR: ("device.user_error", True),
    CompletionCode.FRAUD_ATTEMPT: ("device.fraud", False),
    CompletionCode.SEQUENCE_ERROR: ("device.wrong_state", False),
    CompletionCode.UNSUPPORTED_COMMAND: ("device.unsupported", False),
    CompletionCode.UNSUPPORTED_DATA: ("device.unsupported", False),
    CompletionCode.NOT_ENOUGH_SPACE: ("device.bin_full", False),
}

_ERROR_CODES = {
    "mediaJam": ("device.jam", False),
    "mediaJammed": ("device.jam", False),
    "paperJammed": ("device.jam", False),
    "cashUnitError": ("device.cash_unit", False),
    "noMedia": ("device.no_media", True),
    "noMediaPresent": ("device.no_media", True),
    "invalidMedia": ("device.media_unreadable", True),
    "full": ("device.bin_full", False),
    "retainBinFull": ("device.bin_full", False),
    "retractBinFull": ("device.bin_full", False),
    "occupied": ("device.occupied", True),
    "shutterFail": ("device.shutter_stuck", False),
    "shutterNotOpen": ("device.shutter_stuck", False),
    "shutterNotClosed": ("device.shutter_stuck", False),
    "shutterOpen": ("device.shutter_stuck", False),
    "paperOut": ("device.paper_out", False),
    "inkOut": ("device.ink_out", False),
    "tonerOut": ("device.ink_out", False),
    "notDispensable": ("cash.not_payable", False),
    "invalidDenomination": ("cash.not_payable", False),
    "invalidCurrency": ("cash.currency_unsupported", False),
    "tooManyItems": ("cash.too_many_notes", False),
    "itemsLeft": ("cash.slot_not_empty", True),
    "positionNotEmpty": ("cash.slot_not_empty", True),
    "itemsTaken": ("cash.items_taken", False),
    "noItems": ("cash.no_notes", True),
    "presentErrorItems": ("device.shutter_stuck", False),
    "presentErrorNoItems": ("device.shutter_stuck", False),
    "presentErrorUnknown": ("device.shutter_stuck", False),
    "exchangeActive": ("device.exchange_active", True),
    "cashInActive": ("cash.deposit_open", False),
    "noCashInActive": ("cash.no_deposit_open", False),
    "incompleteRetract": ("device.jam", False),
    "noPin": ("pin.none", True),
    "minimumLength": ("pin.too_short", True),
    "keyNotFound": ("pin.key_missing", False),
    "keyNoValue": ("pin.key_missing", False),
    "cameraInoperable": ("device.hardware", False),
    "formNotFound": ("device.unsupported", False),
    "sequenceInvalid": ("device.wrong_state", False),
    "safeDoorOpen": ("device.not_ready", True),  # as where a command has no word of its own for it
}


def device_error(completion: Message) -> DeviceError:
    """The exception for a completion that is not a success."""
    code = completion.completion_code or ""
    if code == CompletionCode.COMMAND_ERROR_CODE:
        what, retryable = _ERROR_CODES.get(completion.error_code or "", ("device.refused", False))
    elif code in set(CompletionCode):
        what, retryable = _COMPLETIONS.get(CompletionCode(code), ("device.protocol", False))
    else:
        what, retryable = ("device.protocol", False)
    return DeviceError(
        what, command=completion.name, completion=code, error_code=completion.error_code, retryable=retryable
    )


def ack_error(acknowledge: Message) -> DeviceError:
    """The exception for a command that was not even accepted."""
    busy = acknowledge.status == AckStatus.TOO_MANY_REQUESTS
    return DeviceError(
        "device.busy" if busy else "device.protocol",
        command=acknowledge.name,
        completion=acknowledge.status or "",
        error_code=None,
        retryable=busy,
    )
