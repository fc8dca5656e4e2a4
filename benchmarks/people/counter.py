"""A whole counter without edge and windows: the place, and the people who act there by method calls."""

import shutil
from pathlib import Path

from benchmarks.people.acting import NOTES, Books, Customer, Desk, Machine, Review, Visits, picture
from benchmarks.people.place import Place, new_key

__all__ = ["NOTES", "Counter", "copied", "new_key", "picture", "seeded"]


def seeded(folder: Path) -> Path:
    """A folder with the demo bank on SQLite, made once and copied by tests."""
    counter = Counter(folder, seed_bank=True)
    counter.close()
    return folder


def copied(template: Path, folder: Path) -> Path:
    """A folder with a copy of another's bank."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return folder


class Counter(Place):
    """The bank with everybody in it."""

    def __init__(
        self, folder: Path, *, url: str | None = None, seed_bank: bool = False, sources: Path | None = None
    ) -> None:
        super().__init__(folder, url=url, seed_bank=seed_bank, sources=sources)
        self.customer, self.review, self.machine, self.books = Customer(self), Review(self), Machine(self), Books(self)
        self.desk = Desk(self, self.customer)
        self.visits = Visits(self, self.customer, self.desk, self.machine)
