"""Things that a machine gives out: which, and when it has none, so that the case says so before anything begins."""

from teller.transactions.base import Atomic, Bar, Facts, Presence

GIVEN = ("card", "ukey", "certificate")
"""What a machine may have a dispenser or a printer for; anything else is handed over by people."""
_NOTHING = frozenset({"empty", "out", "jammed", "unknown"})


def gives(facts: Facts) -> tuple[str, ...]:
    """What this machine gives out now."""
    return tuple(kind for kind in GIVEN if facts.stock.get(kind, "empty") not in _NOTHING)


def bar(atomic: Atomic, facts: Facts) -> Bar | None:
    """A machine that has run out gives nothing; where bank staff stand beside the customer they hand it over."""
    kind = atomic.hands_over
    if facts.presence is Presence.ON_SITE or kind not in facts.stock or kind in gives(facts):
        return None
    return Bar(f"bar.no_{kind}")
