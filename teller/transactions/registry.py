"""The one registry. Its order is the order in which the transactions of a case are carried out."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from teller.transactions import (
    accounts,
    channels,
    closing,
    combined,
    companies,
    company_channels,
    customer,
    deposits,
    passbooks,
    service,
    signers,
    transfers,
    willingness,
)
from teller.transactions.base import Atomic

ALL: tuple[Atomic, ...] = (
    customer.CUSTOMER_RECORD,
    customer.CUSTOMER_CHANGE,
    customer.TAX_RESIDENCY,
    accounts.OPEN_CLASS_1,
    accounts.OPEN_CLASS_2,
    accounts.OPEN_CLASS_3,
    customer.PIN_SETTING,
    customer.PASSWORD_RESET,
    deposits.CASH_DEPOSIT,
    deposits.CASH_WITHDRAWAL,
    combined.CASH_PAYOUT,
    deposits.TRANSFER_IN,
    transfers.TRANSFER_OUT,
    transfers.TRANSFER_REVOKE,
    deposits.TIME_CERTIFICATE,
    closing.TIME_DRAW,
    service.LOSS_REPORT,
    service.LOSS_RELEASE,
    service.DORMANT_ACTIVATION,
    service.CARD_REPLACEMENT,
    service.BALANCE_CERTIFICATE,
    service.STATEMENT,
    service.KEY_HANDOVER,
    passbooks.PASSBOOK_ISSUE,
    passbooks.PASSBOOK_UPDATE,
    passbooks.PASSBOOK_REPLACE,
    channels.MOBILE_BANKING,
    channels.ONLINE_BANKING,
    channels.ATM_TRANSFER,
    channels.SMS_NOTICE,
    channels.UKEY,
    channels.QUICK_PAYMENT_LIMIT,
    channels.ATM_POS_LIMIT,
    closing.ACCOUNT_CLOSE,
    companies.COMPANY_RECORD,
    companies.COMPANY_LICENCE,
    willingness.COMPANY_APPOINTMENT,
    willingness.COMPANY_WILLINGNESS,
    signers.COMPANY_AGENT,
    companies.COMPANY_ACCOUNT,
    company_channels.COMPANY_ONLINE,
    company_channels.COMPANY_STATEMENT,
    companies.COMPANY_REVIEW,
)

REGISTRY: Mapping[str, Atomic] = MappingProxyType({atomic.code: atomic for atomic in ALL})
_PLACE = {atomic.code: place for place, atomic in enumerate(ALL)}


def in_order(codes: Iterable[str]) -> tuple[Atomic, ...]:
    """The transactions in their order of execution."""
    return tuple(REGISTRY[code] for code in sorted(codes, key=_PLACE.__getitem__))
