"""A scenario as data: what its file says, once everything in it is known to exist."""

from dataclasses import dataclass, field

from teller.vouchers import Words


@dataclass(frozen=True, slots=True)
class Part:
    """A transaction of the scenario. ``chosen``: an optional one that is taken unless somebody drops it."""

    code: str
    mandatory: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """Holds when the fact is as said; exactly one of the four is given. ``fact``: ``age``, or a field's name."""

    fact: str
    below: int | None = None
    at_least: int | None = None
    equals: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked beyond the transactions' own fields while ``when`` holds.

    Attributes:
        instead_of: papers that need not be shown then. without: fields that are not asked then.
    """

    code: str
    title: Words
    when: When
    fields: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """A text the customer agrees to. ``parts``: only with one of these transactions; none: always."""

    code: str
    title: Words
    version: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """A usual combination, chosen with one touch."""

    code: str
    title: Words
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One scenario.

    Attributes:
        code: what tellers type in the palette, PA01. card: ``required`` or ``none`` (the customer comes without one).
        identity: whether both sides of the identity card and the face are asked. digest: SHA-256 of the file.
        kiosk: whether the machine offers it.
        outputs: ``voucher``, ``receipt``, ``card``, ``ukey``, ``certificate``, ``passbook``, ``paper``.
    """

    name: str
    code: str
    initials: str
    title: Words
    note: Words
    group: str
    icon: str
    card: str
    identity: bool
    kiosk: bool
    parts: tuple[Part, ...]
    evidence: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    presets: tuple[Preset, ...] = ()
    outputs: tuple[str, ...] = ()
    digest: str = field(default="")

    @property
    def mandatory(self) -> frozenset[str]:
        return frozenset(part.code for part in self.parts if part.mandatory)

    @property
    def first_choice(self) -> frozenset[str]:
        """What is chosen before anybody has chosen: mandatory ones and those the file preselects."""
        return frozenset(part.code for part in self.parts if part.mandatory or part.chosen)

    @property
    def offered(self) -> frozenset[str]:
        return frozenset(part.code for part in self.parts)
