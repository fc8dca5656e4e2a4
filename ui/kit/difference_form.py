"""Short and over by count in the list of cash in suspense: what is known of one, and where a person says it is.

Object names: suspense.amount, .way, .to.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from common.wire.cash import ClosingView, DifferenceView
from ui.kit.base import hbox, named
from ui.kit.buttons import Segmented
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.special_fields import parse_amount
from ui.kit.tables import Cell, Row, TagCell
from ui.kit.texts.formats import money
from ui.kit.texts.words import T, t

WAYS = {"short": ("vault", "offset"), "over": ("vault", "offset", "customer")}


class DifferenceForm(QWidget):
    """How much of it, and where it is, which nobody has said before a person does.

    Signals:
        changed(): anything of it.
    """

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.amount = named(TextField(kit, t("suspense.amount")), "suspense.amount")
        self.to = named(TextField(kit, t("suspense.to")), "suspense.to")
        self._ways = {
            kind: named(Segmented(kit, [(one, t(f"suspense.way_{one}")) for one in ways]), f"suspense.way_{kind}")
            for kind, ways in WAYS.items()
        }
        self._kind = "short"
        row = hbox(gap=12)
        row.addWidget(self.amount, 1)
        for way in self._ways.values():
            row.addWidget(way, 0, Qt.AlignmentFlag.AlignBottom)
            way.chosen.connect(lambda _way: self._show_to())
            way.chosen.connect(lambda _way: self.changed.emit())
        row.addWidget(self.to, 1)
        for box in (self.amount, self.to):
            box.edited.connect(lambda _: self.changed.emit())
        self.setLayout(row)

    @property
    def way(self) -> Segmented:
        """The choice for the item that is shown."""
        return self._ways[self._kind]

    def show_item(self, item: DifferenceView) -> None:
        """All of it, unless the person writes another amount."""
        self._kind = item.kind
        self.amount.set_value(f"{item.amount.minor // 100}.{item.amount.minor % 100:02d}")
        self.to.set_value("")
        for kind, way in self._ways.items():
            way.setVisible(kind == item.kind)
        self.way.set_current("")
        self._show_to()

    def account(self) -> str:
        """The customer's account, where it is a customer's."""
        return self.to.value().strip() if self.way.current() == "customer" else ""

    def missing(self) -> T | None:
        """What has still to be said, or is wrong; None: it is said."""
        if not parse_amount(self.amount.value()):
            return t("suspense.bad_amount")
        unsaid = not self.way.current() or (self.way.current() == "customer" and not self.account())
        return t("suspense.way") if unsaid else None

    def _show_to(self) -> None:
        self.to.setVisible(self.way.current() == "customer")


def known_difference(item: DifferenceView) -> list[T]:
    """What it stands at, and the bookings that made it so."""
    found = [t(f"suspense.stands_{item.kind}", machine=item.machine, amount=money(item.amount.minor))]
    for line in item.lines:
        what = t(f"suspense.line_{line.kind.removeprefix('cash.')}")
        found.append(t("suspense.line", on=f"{line.on:%m-%d}", what=what, amount=money(line.amount.minor)))
    return found


def proposed_difference(closing: ClosingView) -> T:
    """What another person said."""
    amount = closing.amount.minor if closing.amount is not None else 0
    return difference_sentence(closing.maker, amount, closing.way, closing.to, closing.reason, closing.note)


def difference_sentence(maker: str, amount: int, way: str, to: str, reason: str, note: str) -> T:
    """A proposal in words; its maker reads the same before it is sent."""
    return t(
        "suspense.proposed_difference", maker=maker, to=f" {to}" if to else "", note=note, amount=money(amount),
        way=t(f"suspense.way_{way}"), reason=t(f"suspense.reason_{reason}"),
    )  # fmt: skip


def difference_row(item: DifferenceView, state: TagCell) -> Row:
    """A line of the list."""
    since = f"{item.lines[-1].on:%Y-%m-%d}" if item.lines else ""
    amount = Cell(money(item.amount.minor, item.amount.currency), bold=True)
    return Row(item.account, (item.account, since, item.machine, "", t(f"suspense.kind_{item.kind}"), amount, state))
