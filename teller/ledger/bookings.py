"""The bookings of cash business, each a function of roles and amounts.

A payout leaves the customer's account when it is executed and waits in the machine's clearing account; only what
the customer really took leaves the machine's cash. What nobody can say yet lies in the suspense account.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from teller.ledger.chart import Role, account_code
from teller.ledger.entries import Entry, Posting, credit, debit
from teller.money import Money


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identity and time of an entry, from the ports."""

    id: UUID
    at: datetime
    business_date: date


class _Common(TypedDict):
    id: UUID
    at: datetime
    business_date: date


def _entry(kind: str, stamp: Stamp, case_id: str | None, *postings: Posting) -> Entry:
    common: _Common = {"id": stamp.id, "at": stamp.at, "business_date": stamp.business_date}
    return Entry(kind=kind, postings=postings, case_id=case_id, **common)


COMPANY_PREFIX = "99990571"
"""Accounts of companies begin with it, and stand under a role of their own."""


def customer_account(number: str) -> str:
    """Ledger code of a customer's account by its number."""
    role = Role.COMPANY_DEPOSIT if number.startswith(COMPANY_PREFIX) else Role.DEMAND_DEPOSIT
    return account_code(role, number)


def machine_cash(machine: str) -> str:
    return account_code(Role.MACHINE_CASH, machine)


def clearing(machine: str) -> str:
    return account_code(Role.PAYOUT_CLEARING, machine)


def suspense(machine: str) -> str:
    return account_code(Role.SUSPENSE, machine)


def payout_posted(stamp: Stamp, case_id: str, account: str, machine: str, amount: Money) -> Entry:
    """Executed: customer account → payout clearing of the machine."""
    return _entry(
        "cash.payout", stamp, case_id, debit(customer_account(account), amount), credit(clearing(machine), amount)
    )


def payout_settled(stamp: Stamp, case_id: str, machine: str, amount: Money) -> Entry:
    """Taken by the customer: clearing → machine cash."""
    return _entry(
        "cash.payout_settled", stamp, case_id, debit(clearing(machine), amount), credit(machine_cash(machine), amount)
    )


def payout_returned(stamp: Stamp, case_id: str, account: str, machine: str, amount: Money, posted: UUID) -> Entry:
    """The whole or a part did not reach the customer: clearing → customer account; points to the payout."""
    back = _entry(
        "cash.payout_returned",
        stamp,
        case_id,
        debit(clearing(machine), amount),
        credit(customer_account(account), amount),
    )
    return Entry(back.id, back.kind, back.at, back.business_date, back.postings, case_id, reverses=posted)


def payout_unknown(stamp: Stamp, case_id: str, machine: str, amount: Money) -> Entry:
    """Nobody knows where the notes are: clearing → suspense."""
    return _entry(
        "cash.payout_unknown", stamp, case_id, debit(clearing(machine), amount), credit(suspense(machine), amount)
    )


def unknown_was_taken(stamp: Stamp, case_id: str, machine: str, amount: Money) -> Entry:
    """The counters explain: the customer has them. Suspense → machine cash."""
    return _entry(
        "cash.suspense_settled", stamp, case_id, debit(suspense(machine), amount), credit(machine_cash(machine), amount)
    )


def unknown_was_kept(
    stamp: Stamp, case_id: str, account: str, machine: str, amount: Money, posted: UUID | None = None
) -> Entry:
    """The counters explain: the money is the customer's, in the machine. Suspense → customer account.

    Args:
        posted: the payout that it takes back, so that nobody takes it for withdrawn; None: a deposit that came late.
    """
    postings = (debit(suspense(machine), amount), credit(customer_account(account), amount))
    kind = "cash.suspense_stored" if posted is None else "cash.suspense_returned"
    return Entry(stamp.id, kind, stamp.at, stamp.business_date, postings, case_id, reverses=posted)


def deposit_stored(stamp: Stamp, case_id: str, account: str, machine: str, amount: Money) -> Entry:
    """Notes lie in the cassettes: machine cash → customer account."""
    return _entry(
        "cash.deposit", stamp, case_id, debit(machine_cash(machine), amount), credit(customer_account(account), amount)
    )


def deposit_unknown(stamp: Stamp, case_id: str, machine: str, amount: Money) -> Entry:
    """Notes were in escrow and nobody knows where they went: counted as inside, owed to suspense."""
    return _entry(
        "cash.deposit_unknown", stamp, case_id, debit(machine_cash(machine), amount), credit(suspense(machine), amount)
    )


def capital_paid_in(stamp: Stamp, amount: Money) -> Entry:
    """The bank's own money, on its account with the central bank."""
    bank, capital = account_code(Role.CENTRAL_BANK), account_code(Role.CAPITAL)
    return _entry("bank.capital", stamp, None, debit(bank, amount), credit(capital, amount))


def vault_stocked(stamp: Stamp, amount: Money) -> Entry:
    """Notes from the central bank into the vault."""
    vault, bank = account_code(Role.VAULT_CASH), account_code(Role.CENTRAL_BANK)
    return _entry("cash.vault_stocked", stamp, None, debit(vault, amount), credit(bank, amount))


def machine_opened(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """First count of a machine: the notes inside came out of the vault."""
    vault = account_code(Role.VAULT_CASH)
    return _entry("cash.machine_opened", stamp, None, debit(machine_cash(machine), amount), credit(vault, amount))


def machine_emptied(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """Counted by two persons and carried away: machine cash → vault."""
    vault = account_code(Role.VAULT_CASH)
    return _entry("cash.machine_emptied", stamp, None, debit(vault, amount), credit(machine_cash(machine), amount))


def machine_filled(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """Put in by two persons: vault → machine cash."""
    vault = account_code(Role.VAULT_CASH)
    return _entry("cash.machine_filled", stamp, None, debit(machine_cash(machine), amount), credit(vault, amount))


def count_over(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """People counted more than the counters said: machine cash, owed until it is explained."""
    over = account_code(Role.CASH_OVER, machine)
    return _entry("cash.count_over", stamp, None, debit(machine_cash(machine), amount), credit(over, amount))


def count_short(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """People counted less than the counters said: missing until it is explained."""
    short = account_code(Role.CASH_SHORT, machine)
    return _entry("cash.count_short", stamp, None, debit(short, amount), credit(machine_cash(machine), amount))


def short_found(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """Missing notes lie in the machine after all: machine cash, no longer missing."""
    short = account_code(Role.CASH_SHORT, machine)
    return _entry("cash.short_found", stamp, None, debit(machine_cash(machine), amount), credit(short, amount))


def gone_at_the_count(stamp: Stamp, case_id: str, machine: str, amount: Money, role: Role) -> Entry:
    """The customer has notes of an item that a count had missed already: suspense → short, or over beyond it."""
    postings = (debit(suspense(machine), amount), credit(account_code(role, machine), amount))
    return _entry("cash.suspense_counted", stamp, case_id, *postings)


def inside_at_the_count(stamp: Stamp, case_id: str, machine: str, amount: Money, role: Role) -> Entry:
    """Notes of an item lie inside that a count had found already: over, or short beyond it → suspense."""
    postings = (debit(account_code(role, machine), amount), credit(suspense(machine), amount))
    return _entry("cash.suspense_counted", stamp, case_id, *postings)


def handed_over(stamp: Stamp, case_id: str, machine: str, amount: Money) -> Entry:
    """Two persons gave the customer his notes out of the vault: suspense → vault."""
    vault = account_code(Role.VAULT_CASH)
    return _entry("cash.handed_over", stamp, case_id, debit(suspense(machine), amount), credit(vault, amount))


def difference_in_vault(stamp: Stamp, machine: str, role: Role, amount: Money) -> Entry:
    """Short notes lie in the vault after all; or those that are over are missing there."""
    vault, account = account_code(Role.VAULT_CASH), account_code(role, machine)
    gained, lost = (vault, account) if role is Role.CASH_SHORT else (account, vault)
    return _entry("cash.difference_in_vault", stamp, None, debit(gained, amount), credit(lost, amount))


def differences_offset(stamp: Stamp, machine: str, amount: Money) -> Entry:
    """What one count missed, another one found: over against short of one machine."""
    over, short = (account_code(role, machine) for role in (Role.CASH_OVER, Role.CASH_SHORT))
    return _entry("cash.differences_offset", stamp, None, debit(over, amount), credit(short, amount))


def over_to_customer(stamp: Stamp, machine: str, account: str, amount: Money) -> Entry:
    """What was over is a customer's: over → his account."""
    over = account_code(Role.CASH_OVER, machine)
    return _entry("cash.over_returned", stamp, None, debit(over, amount), credit(customer_account(account), amount))


def transferred_in(stamp: Stamp, account: str, amount: Money, text_zh: str, text_en: str) -> Entry:
    """Money from another bank onto a customer's account."""
    bank = account_code(Role.CENTRAL_BANK)
    postings = (debit(bank, amount), credit(customer_account(account), amount))
    return Entry(stamp.id, "transfer.in", stamp.at, stamp.business_date, postings, None, None, text_zh, text_en)


def transferred_out(stamp: Stamp, account: str, amount: Money, text_zh: str, text_en: str) -> Entry:
    """Money from a customer's account to another bank."""
    bank = account_code(Role.CENTRAL_BANK)
    postings = (debit(customer_account(account), amount), credit(bank, amount))
    return Entry(stamp.id, "transfer.out", stamp.at, stamp.business_date, postings, None, None, text_zh, text_en)


def withdrawn_elsewhere(stamp: Stamp, account: str, amount: Money) -> Entry:
    """Cash from another bank's machine, settled through the central bank."""
    bank = account_code(Role.CENTRAL_BANK)
    return _entry("cash.elsewhere", stamp, None, debit(customer_account(account), amount), credit(bank, amount))
