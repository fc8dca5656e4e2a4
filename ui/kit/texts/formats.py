"""How amounts, dates and durations are written: ¥20,000.00, 2036-05-20, 10:42:17, 00:38."""

import string
from datetime import date, datetime
from typing import Any

_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_DECIMALS = {"JPY": 0, "KRW": 0}


def money(minor: int, currency: str = "CNY") -> str:
    """An amount in minor units with its sign: ``money(2000000)`` is ``¥20,000.00``."""
    decimals = _DECIMALS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**decimals)
    digits = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    return ("−" if minor < 0 else "") + _SIGNS.get(currency, currency + " ") + digits


def clock(seconds: float) -> str:
    """A duration as mm:ss, with hours in front when there are any."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    tail = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{tail}" if hours else tail


def day(value: date) -> str:
    """2036-05-20."""
    return value.strftime("%Y-%m-%d")


def time_of_day(value: datetime) -> str:
    """10:42:17 in the machine's own time zone."""
    return (value.astimezone() if value.tzinfo else value).strftime("%H:%M:%S")


class WordFormatter(string.Formatter):
    """``str.format`` with six more specs.

    ``{amount:money}`` minor units of CNY; ``{waited:clock}`` seconds; ``{on:day}`` a date; ``{at:time}`` a moment,
    also as ISO 8601; ``{n:note|notes}`` the word that fits the number (English); and of a tuple what stands between
    its members: ``{numbers:、}``.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return format_spec.join(str(one) for one in value)
        if format_spec == "money":
            return money(int(value))
        if format_spec == "clock":
            return clock(float(value))
        if format_spec == "day":
            return day(value) if isinstance(value, date) else str(value)[:10]
        if format_spec == "time":
            return time_of_day(value if isinstance(value, datetime) else datetime.fromisoformat(value))
        if "|" in format_spec:
            one, many = format_spec.split("|", 1)
            return one if int(value) == 1 else many
        return str(super().format_field(value, format_spec))


def placeholders(template: str) -> set[str]:
    """Names of the parameters a template needs."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
