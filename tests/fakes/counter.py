"""The counter of `benchmarks.people`, where tests look for it."""

from benchmarks.people.counter import NOTES, Counter, copied, new_key, picture, seeded
from benchmarks.people.ports import Likeness, PlainJudge, StillClock

__all__ = ["NOTES", "Counter", "Likeness", "PlainJudge", "StillClock", "copied", "new_key", "picture", "seeded"]
