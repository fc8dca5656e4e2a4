"""Cash in suspense at a seat: the list, what this person proposes, what he decides. For teller and authoriser alike."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import QObject, Signal

from common.errors import AppError, ServiceError, UserError
from common.wire.base import Notes
from common.wire.cash import (
    ClosingView,
    DecideClosing,
    DifferenceView,
    ProposeClosing,
    ProposeDifference,
    SuspenseView,
)
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError
from ui.kit.special_fields import parse_amount

Item = SuspenseView | DifferenceView
_ITEMS, _DIFFERENCES = TypeAdapter(list[SuspenseView]), TypeAdapter(list[DifferenceView])
_PART = re.compile(r"(?P<face>[0-9]{1,4})\s*[x×*]\s*(?P<count>[0-9]{1,6})")
OnClosing = Callable[[ClosingView], object]


def notes_text(notes: Mapping[str, int]) -> str:
    """``100×3 50×1``, largest first."""
    return " ".join(f"{face}×{count}" for face, count in sorted(notes.items(), key=lambda one: -int(one[0])) if count)


def read_notes(text: str) -> Notes:
    """And back.

    Raises:
        UserError: ``suspense.bad_notes``.
    """
    notes: Notes = {}
    for part in text.replace(",", " ").replace("，", " ").split():
        found = _PART.fullmatch(part)
        if found is None:
            raise UserError("suspense.bad_notes")
        notes[str(int(found["face"]))] = notes.get(str(int(found["face"])), 0) + int(found["count"])
    return notes


def id_of(item: Item) -> str:
    """What a proposal about it names: a movement, or the ledger account of a difference."""
    return item.movement_id if isinstance(item, SuspenseView) else item.account


class SuspensePort(Protocol):
    """Fetches and sends. Callbacks run on the GUI thread."""

    def items(self, on_ok: Callable[[list[Item]], object], on_error: OnError) -> None: ...
    def propose(self, movement: str, body: ProposeClosing, on_ok: OnClosing, on_error: OnError) -> None: ...
    def propose_difference(
        self, account: str, body: ProposeDifference, on_ok: OnClosing, on_error: OnError
    ) -> None: ...
    def decide(self, closing_id: str, body: DecideClosing, on_ok: OnClosing, on_error: OnError) -> None: ...


class SuspenseGateway(QObject):
    """`SuspensePort` over the server."""

    def __init__(self, bridge: AsyncBridge, api: ApiClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api

    def items(self, on_ok: Callable[[list[Item]], object], on_error: OnError) -> None:
        """``GET /suspense``, then ``GET /suspense/differences``."""

        async def ask() -> list[Item]:
            items: Any = await self._api.get_json("/suspense")
            differences: Any = await self._api.get_json("/suspense/differences")
            try:
                return [*_ITEMS.validate_python(items), *_DIFFERENCES.validate_python(differences)]
            except ValidationError as error:
                raise ServiceError("network.bad_answer", status=200) from error

        self._bridge.submit(ask, on_ok, on_error, self)

    def propose(self, movement: str, body: ProposeClosing, on_ok: OnClosing, on_error: OnError) -> None:
        """``POST /suspense/{movement}/closings``."""
        path = f"/suspense/{segment(movement)}/closings"
        self._bridge.submit(lambda: self._api.post(path, body, ClosingView), on_ok, on_error, self)

    def propose_difference(self, account: str, body: ProposeDifference, on_ok: OnClosing, on_error: OnError) -> None:
        """``POST /suspense/differences/{account}/closings``."""
        path = f"/suspense/differences/{segment(account)}/closings"
        self._bridge.submit(lambda: self._api.post(path, body, ClosingView), on_ok, on_error, self)

    def decide(self, closing_id: str, body: DecideClosing, on_ok: OnClosing, on_error: OnError) -> None:
        """``POST /suspense/closings/{id}/decision``."""
        path = f"/suspense/closings/{segment(closing_id)}/decision"
        self._bridge.submit(lambda: self._api.post(path, body, ClosingView), on_ok, on_error, self)


class SuspenseDesk(QObject):
    """One thing at a time; after each the list is fetched anew.

    Args:
        me: number of the person. decides: whether the person's role may be the second one.

    Signals:
        changed(): items, or whether something is being sent. done(str): the state a proposal came to.
        failed(object): an `AppError`.
    """

    changed = Signal()
    done = Signal(str)
    failed = Signal(object)

    def __init__(self, port: SuspensePort, me: str, *, decides: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port, self.me, self._decides = port, me, decides
        self.items: Sequence[Item] = ()
        self.loaded = self.sending = False

    def refresh(self) -> None:
        """Fetch the list."""
        self._port.items(self._came, self._lost)

    def _came(self, items: list[Item]) -> None:
        self.items, self.loaded = items, True
        self.changed.emit()

    def _lost(self, error: AppError) -> None:
        self.sending = False
        self.changed.emit()
        self.failed.emit(error)

    def item(self, id: str) -> Item | None:
        """One of the list."""
        return next((one for one in self.items if id_of(one) == id), None)

    def may_propose(self, item: Item | None) -> bool:
        """Nobody has proposed anything about it yet."""
        return item is not None and item.closing is None and not self.sending

    def may_decide(self, item: Item | None) -> bool:
        """Somebody else has, and this person's role decides."""
        waits = item is not None and item.closing is not None and item.closing.maker != self.me
        return self._decides and waits and not self.sending

    def propose(self, movement: str, in_hand: Notes, reason: str, note: str) -> None:
        """Say what was found out."""
        self._send()
        body = ProposeClosing(in_hand=in_hand, reason=reason, note=note)
        self._port.propose(movement, body, self._sent, self._lost)

    def propose_difference(self, account: str, amount: str, way: str, to: str, reason: str, note: str) -> None:
        """Say where what is short or over is."""
        minor = parse_amount(amount)
        if not minor:
            self.failed.emit(UserError("suspense.bad_amount"))
            return
        self._send()
        body = ProposeDifference(amount=minor, way=way, to=to.strip(), reason=reason, note=note)
        self._port.propose_difference(account, body, self._sent, self._lost)

    def decide(self, closing: str, note: str, *, approved: bool) -> None:
        """Agree, and it is booked; or send it back."""
        self._send()
        self._port.decide(closing, DecideClosing(approved=approved, note=note), self._sent, self._lost)

    def _send(self) -> None:
        self.sending = True
        self.changed.emit()

    def _sent(self, closing: ClosingView) -> None:
        self.sending = False
        self.done.emit(closing.state)
        self.refresh()
