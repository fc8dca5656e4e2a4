"""Money: whole minor units of one ISO 4217 currency. There is no floating point anywhere near it."""

import re
from dataclasses import dataclass
from typing import Self

from common.errors import UserError

CNY = "CNY"

_EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "GBP": 2, "JPY": 0, "KRW": 0, "KWD": 3}
"""Digits after the decimal point, ISO 4217 table A.1."""

_SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£", "JPY": "JP¥"}

MAX_MINOR = 10**15
"""Ten trillion yuan. More than this is a typing error, not an amount."""

_AMOUNT = re.compile(r"[¥￥]?\s*(?P<major>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?:\.(?P<minor>[0-9]{1,6}))?\Z")


def exponent(currency: str) -> int:
    """Digits after the decimal point of a currency.

    Raises:
        UserError: ``money.unknown_currency``.
    """
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise UserError("money.unknown_currency", currency=currency) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen for CNY). Amounts of different currencies do not mix.

    Raises:
        UserError: ``money.unknown_currency``.
    """

    minor: int
    currency: str = CNY

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are whole numbers")
        exponent(self.currency)

    @classmethod
    def zero(cls, currency: str = CNY) -> Self:
        return cls(0, currency)

    @classmethod
    def major(cls, units: int, currency: str = CNY) -> Self:
        """An amount of whole major units (yuan)."""
        return cls(units * 10 ** exponent(currency), currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise UserError("money.currencies_differ", one=self.currency, other=other.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: "Money") -> bool:
        return other < self

    def __ge__(self, other: "Money") -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.minor != 0


def plain(money: Money) -> str:
    """The form a computer reads and a form field holds: ``20000.00``."""
    digits = exponent(money.currency)
    sign, minor = ("-" if money.minor < 0 else ""), abs(money.minor)
    major, rest = divmod(minor, 10**digits)
    return f"{sign}{major}.{rest:0{digits}d}" if digits else f"{sign}{major}"


def figures(money: Money) -> str:
    """The form people read, without the currency: ``20,000.00``."""
    text = plain(money)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    major, dot, rest = text.partition(".")
    return f"{sign}{int(major):,}{dot}{rest}"


def shown(money: Money) -> str:
    """The form on every screen and paper: ``¥20,000.00``."""
    text = figures(money)
    mark = _SIGNS.get(money.currency, f"{money.currency} ")
    return f"-{mark}{text[1:]}" if text.startswith("-") else f"{mark}{text}"


def parse(text: str, currency: str = CNY) -> Money:
    """Read what a person typed: digits, optional thousands commas in their places, decimals, yuan sign.

    Raises:
        UserError: ``amount.invalid``; ``amount.decimals`` (``places``) for more decimals than the currency has;
            ``amount.too_large``.
    """
    match = _AMOUNT.match(text.strip())
    if match is None:
        raise UserError("amount.invalid")
    places = exponent(currency)
    minor = match["minor"] or ""
    if len(minor) > places:
        raise UserError("amount.decimals", places=places)
    value = int(match["major"].replace(",", "")) * 10**places + int(minor.ljust(places, "0") or "0")
    if value > MAX_MINOR:
        raise UserError("amount.too_large")
    return Money(value, currency)
