"""What the window shows between two tasks: figures of the day. No Qt. Unknown figures are an en dash."""

from dataclasses import dataclass
from datetime import datetime

from common.wire.authorisation import AuthoriserDesk, TaskRow
from ui.kit.business import of_house
from ui.kit.texts.formats import money, time_of_day
from ui.kit.texts.words import T, Words, t

NONE = "–"
FIRST_HOUR, LAST_HOUR = 8, 16


@dataclass(frozen=True)
class Figure:
    """One of the four figures: value, its unit, a line under it."""

    key: str
    title: T
    value: str
    unit: Words
    note: Words


def figures(desk: AuthoriserDesk | None) -> tuple[Figure, ...]:
    """The day in four figures; the first day has none yet."""
    known = desk if desk is not None and desk.decided else None
    split: Words = (
        t("authoriser.split", approved=known.approved, returned=known.returned, rejected=known.rejected)
        if known else t("authoriser.none_yet")
    )  # fmt: skip
    median = known.median_s if known is not None else None
    count = str(known.decided) if known is not None else NONE
    return (
        Figure("decided", t("authoriser.decided"), count, t("authoriser.unit_n"), split),
        Figure(
            "median",
            t("authoriser.median"),
            str(median) if median is not None else NONE,
            t("authoriser.unit_s"),
            t("authoriser.median_note"),
        ),
        _share("returned", known.returned if known else 0, known),
        _share("rejected", known.rejected if known else 0, known),
    )


def _share(key: str, count: int, desk: AuthoriserDesk | None) -> Figure:
    value = f"{100 * count / desk.decided:.1f}" if desk is not None else NONE
    note: Words = t("authoriser.share_note", n=count, total=desk.decided) if desk is not None else ""
    return Figure(key, t(f"authoriser.share_{key}"), value, "%", note or t("authoriser.none_yet"))


@dataclass(frozen=True)
class Hour:
    hour: int
    count: int
    now: bool


def hours(desk: AuthoriserDesk | None, now: datetime) -> tuple[Hour, ...]:
    """Decisions per hour of the day, at least from eight to five."""
    counts = {int(hour): count for hour, count in (desk.per_hour if desk is not None else {}).items()}
    here = now.astimezone().hour
    first, last = min([FIRST_HOUR, here, *counts]), max([LAST_HOUR, here, *counts])
    return tuple(Hour(hour, counts.get(hour, 0), hour == here) for hour in range(first, last + 1))


@dataclass(frozen=True)
class Colleague:
    number: str
    count: int
    share: float
    me: bool


def team(desk: AuthoriserDesk | None, number: str) -> tuple[Colleague, ...]:
    """Who decided how many today, the busiest first; one's own line is always there."""
    counts = dict(desk.team) if desk is not None else {}
    counts.setdefault(number, 0)
    most = max(counts.values()) or 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Colleague(who, count, count / most, who == number) for who, count in ordered)


def balance(desk: AuthoriserDesk | None) -> str:
    """How far the busiest and the least busy are apart, in percent of the busiest."""
    counts = list(desk.team.values()) if desk is not None else []
    if len(counts) < 2 or not max(counts):
        return NONE
    return f"{100 * (max(counts) - min(counts)) / max(counts):.0f} %"


@dataclass(frozen=True)
class RecentRow:
    id: str
    at: str
    number: str
    what: Words
    decision: str
    took: Words


def recent(desk: AuthoriserDesk | None) -> tuple[RecentRow, ...]:
    """One's own newest decisions."""
    return tuple(_recent(row) for row in (desk.recent if desk is not None else []))


def _recent(row: TaskRow) -> RecentRow:
    amount = money(row.amount.minor, row.amount.currency) if row.amount is not None else ""
    return RecentRow(
        row.id,
        time_of_day(row.decided_at) if row.decided_at is not None else NONE,
        row.case_number,
        of_house(row.scenario, "authoriser.what", t("scenario.other"), amount=amount),
        row.decision or "",
        t("authoriser.seconds", n=row.seconds) if row.seconds is not None else NONE,
    )
