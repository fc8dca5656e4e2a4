"""The counter of `benchmarks.people.counter`, where tests look for it."""

from benchmarks.people.counter import (
    NOTES,
    Counter,
    Likeness,
    PlainJudge,
    StillClock,
    copied,
    new_key,
    picture,
    seeded,
)

__all__ = ["NOTES", "Counter", "Likeness", "PlainJudge", "StillClock", "copied", "new_key", "picture", "seeded"]
