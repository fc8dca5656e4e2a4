"""The three kinds of exception: told to a person, cancelled, and everything else (a bug).

An :class:`AppError` carries a stable code and the data for its sentence, never the sentence: the words
stand once, in both languages, in ``ui/kit/texts.py``. Parameters must not hold personal data.
"""

from collections.abc import Mapping
from types import MappingProxyType

Params = Mapping[str, str | int | float | bool | None]


class AppError(Exception):
    """Something a person can be told about.

    Args:
        code: stable, dotted, lower case: ``cash.not_payable``. The key of the text table and the
            ``code`` of the problem document on the wire (RFC 9457).
        retryable: whether the very same request may succeed later without anybody changing it.
        params: data for the sentence (amounts in minor units, counts, dates as ISO 8601).
    """

    def __init__(self, code: str, *, retryable: bool = False, **params: str | int | float | bool | None) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.params: Params = MappingProxyType(dict(params))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, retryable={self.retryable})"


class UserError(AppError):
    """The person asked for something that cannot be done as asked; saying what to do next helps."""


class ServiceError(AppError):
    """A part we rely on failed or is out of reach; the same request may work later."""

    def __init__(self, code: str, *, retryable: bool = True, **params: str | int | float | bool | None) -> None:
        super().__init__(code, retryable=retryable, **params)


class Cancelled(Exception):
    """A person, not a fault, ended what was going on. Never shown as an error."""
