"""The names of scenarios in windows: the server sends them with the case, because they stand in text files."""

from common.wire.cases import Label, Scenario, TransactionView
from ui.kit.texts.words import T, t

HOUSE = frozenset(one.value for one in Scenario)
"""Scenarios that some sentences name with words of their own."""


def words(label: Label) -> T:
    """Two texts from outside as one."""
    return t("scenario.either", zh=label.zh, en=label.en)


def business(name: str, title: Label | None) -> T:
    """What the customer came for."""
    if title is not None:
        return words(title)
    return t(f"teller.scenario_{name}") if name in HOUSE else t("scenario.other")


def of_house(name: str, code: str, otherwise: T, **params: object) -> T:
    """``<code>_<name>`` for a scenario of the house, else the general words."""
    return t(f"{code}_{name}", **params) if name in HOUSE else otherwise


def transaction(view: TransactionView) -> T:
    """Number and title of a transaction."""
    return t("scenario.transaction", number=view.number, what=words(view.title))
