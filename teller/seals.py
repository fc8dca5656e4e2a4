"""Electronic seals: what stands on them, who may have them put on which text, and the marks of copies and voids.

Permission is a parameter for role, branch and text; it says whether that text is sealed with the branch's own seal
or with the centre's. Moving it from branch to centre changes the seal on the paper, at once and without a program.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from teller.vouchers import Words

ANY = "*"


class SealText(StrEnum):
    """The texts that are sealed."""

    VOUCHER = "voucher"
    REPRINT = "reprint"
    VOID = "void"
    STATEMENT = "statement"
    CERTIFICATE = "certificate"


class Place(StrEnum):
    """Whose seal it is."""

    BRANCH = "branch"
    CENTRE = "centre"


class MarkKind(StrEnum):
    """Why a paper is marked."""

    REPRINT = "reprint"
    VOID = "void"


BUSINESS = Words("业务专用章", "Business seal")
CENTRE = Words("运营中心", "Operations Centre")
_PURPOSES = {SealText.CERTIFICATE: Words("资信证明专用章", "Certificates seal")}
_MARKS = {MarkKind.REPRINT: Words("补打", "REPRINT"), MarkKind.VOID: Words("作废", "VOID")}


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it stands on paper: the bank, which part of it, and what the seal is for."""

    bank: Words
    owner: Words
    purpose: Words
    place: Place = Place.BRANCH

    @property
    def ring(self) -> str:
        """The words around the seal."""
        return self.bank.zh + self.owner.zh


def seal_for(text: SealText, place: Place, bank: Words, branch: Words) -> Seal:
    """The seal for a text, kept at that place."""
    owner = branch if place is Place.BRANCH else CENTRE
    return Seal(bank, owner, _PURPOSES.get(text, BUSINESS), place)


@dataclass(frozen=True, slots=True)
class SealPermission:
    """One parameter. ``*`` stands for every role, branch or text; ``place`` None: not permitted."""

    role: str
    branch: str
    text: str
    place: Place | None

    def covers(self, role: str, branch: str, text: str) -> bool:
        """Whether it speaks of this."""
        return self.role in (ANY, role) and self.branch in (ANY, branch) and self.text in (ANY, text)

    @property
    def exactness(self) -> tuple[bool, bool, bool]:
        """The more exact parameter wins: one that names the branch, then the role, then the text."""
        return self.branch != ANY, self.role != ANY, self.text != ANY


def place_of(permissions: Iterable[SealPermission], role: str, branch: str, text: str) -> Place | None:
    """Where the text is sealed for this role and branch; None: it is not, for nobody said so or somebody forbade it."""
    speaking = [one for one in permissions if one.covers(role, branch, text)]
    return max(speaking, key=lambda one: one.exactness).place if speaking else None


@dataclass(frozen=True, slots=True)
class PaperMark:
    """The mark of a copy or of a void voucher.

    Attributes:
        ordinal: 1 for the first of its kind of this voucher.
        who: number of the person who asked for it.
    """

    kind: MarkKind
    ordinal: int
    at: datetime
    who: str

    @property
    def words(self) -> Words:
        """What the paper says in large letters."""
        return _MARKS[self.kind]
