"""What went through a customer's account: the sums that the limits of its class are compared with."""

from datetime import date

from sqlalchemy import Connection, and_, case, func, or_, select, true

from server.store.tables import entries, postings
from teller.transactions.standing import Used

COUNTED = (
    "cash.deposit", "cash.suspense_stored", "cash.payout", "cash.elsewhere",
    "transfer.in", "transfer.out", "transfer.sent",
)  # fmt: skip
"""Kinds of entries that count; those with the bound account end in ``.bound`` and do not."""
BACK = ("cash.suspense_returned", "transfer.revoked", "transfer.returned")
"""Money that had left and came back the same day: it counts as not having left."""
BACK_LATER = ("transfer.revoked_later", "transfer.returned_later")
"""The same on another day: only the year's sum gets it back."""


class TurnoverBook:
    """Sums over the postings of one account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, code: str, today: date) -> tuple[Used, Used]:
        """What came and what went, today and since 1 January, in minor units.

        What was reversed counts on the day of the entry it undoes, as not having happened.
        """
        undone = entries.alias("undone")
        on = func.coalesce(undone.c.business_date, entries.c.business_date)
        kind = func.coalesce(undone.c.kind, entries.c.kind)
        minor, reverses = postings.c.amount_minor, entries.c.reverses
        back = kind.in_((*BACK, *BACK_LATER))
        went = or_(and_(reverses.is_(None), minor > 0), and_(reverses.is_not(None), minor < 0), back)
        of_day = and_(on == today, kind.not_in(BACK_LATER))
        amounts = [
            func.coalesce(func.sum(case((and_(side, when), minor), else_=0)), 0)
            for side in (went.is_(False), went)
            for when in (of_day, true())
        ]
        query = (
            select(*amounts)
            .select_from(postings)
            .join(entries, postings.c.entry_sequence == entries.c.sequence)
            .outerjoin(undone, undone.c.id == entries.c.reverses)
            .where(postings.c.account == code, on >= date(today.year, 1, 1), or_(kind.in_(COUNTED), back))
        )
        came_day, came_year, went_day, went_year = (int(sum_) for sum_ in self._connection.execute(query).one())
        return Used(max(0, -came_day), max(0, -came_year)), Used(max(0, went_day), max(0, went_year))
