"""The teller's window over the real services: what its keys ask for is carried out and stored, without wires between.

Only call, vision and ring tone are played. Customer and machine act through `benchmarks.people.counter.Counter`.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from pydantic import BaseModel

from benchmarks.people.counter import Counter, new_key
from benchmarks.seat.outside import FakeDesk, FakeStore, OnCase, OnError, Outside, Sent, outside
from common.errors import UserError
from common.wire.cases import CaseView, EvidenceKind, StartCase
from common.wire.desk import DeskView
from server.services.ports import Principal
from server.vault import Digest


class LiveStore(FakeStore):
    """The open case at the real services, as one member of staff; a command is answered before it returns."""

    def __init__(self, counter: Counter, who: Principal) -> None:
        super().__init__()
        self._counter, self._who = counter, who

    def open(self, case_id: str) -> None:
        self.show(self._counter.seen(case_id, self._who))

    def refresh(self) -> None:
        if self.case is not None:
            self.show(self._counter.seen(self.case.id, self._who))

    def command(
        self, path_suffix: str, body: BaseModel | None = None, *, method: str = "POST", on_ok: OnCase | None = None,
        on_error: OnError | None = None, quiet: bool = False,
    ) -> None:  # fmt: skip
        self._send(Sent(path_suffix, body, method, on_ok, on_error))

    def _send(self, sent: Sent) -> None:
        assert self.case is not None, "a command is about the open case"
        self.sent.append(sent)
        try:
            self._carry_out(sent, self.case.id)
        except UserError as error:
            (sent.on_error or self.failed.emit)(error)
            self.refresh()
            return
        self.refresh()
        if sent.on_ok is not None:
            sent.on_ok(self.case)

    def _carry_out(self, sent: Sent, case_id: str) -> None:
        services, key = self._counter.services, new_key()
        if sent.suffix.startswith("evidence?kind="):
            kind = EvidenceKind(sent.suffix.partition("=")[2])
            services.forms.evidence(key, self._who, case_id, kind, sent.body)
            return
        asked: dict[str, Callable[..., Any]] = {
            "form": services.forms.enter,
            "prompt": services.forms.prompt,
            "face-match": services.forms.face_match,
            "person-check": services.identity.person_check,
            "verification": services.verification.verify,
            "transactions": services.scenarios.choose,
            "scenario": services.scenarios.change,
            "reverse": services.reversal.reverse,
            "submit": services.submission.submit,
            "withdraw": services.submission.withdraw,
            "execute": services.execution.execute,
            "resolve": services.execution.resolve,
            "cancel": services.closing.cancel,
            "finish": services.closing.finish,
        }
        bodies = () if sent.body is None else (sent.body,)
        asked[sent.suffix](key, self._who, case_id, *bodies)


class LiveDesk(FakeDesk):
    """The server beside the open case."""

    def __init__(self, counter: Counter, who: Principal) -> None:
        super().__init__()
        self._counter, self._who = counter, who

    def desk(self, on_ok: Callable[[DeskView], object], on_error: OnError) -> None:
        on_ok(self._counter.services.desks.teller(self._who))

    def take(self, case_id: str, how: str, on_ok: OnCase, on_error: OnError) -> None:
        take = getattr(self._counter.services.opening, how)
        self._answered(lambda: take(new_key(), self._who, case_id), on_ok, on_error)

    def start(self, body: StartCase, on_ok: OnCase, on_error: OnError) -> None:
        start = self._counter.services.scenarios.start
        self._answered(lambda: start(new_key(), self._who, body), on_ok, on_error)

    def _answered(self, act: Callable[[], str], on_ok: OnCase, on_error: OnError) -> None:
        try:
            view: CaseView = self._counter.seen(act(), self._who)
        except UserError as error:
            on_error(error)
            return
        on_ok(view)

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        on_ok(self._counter.parts.vault.get(Digest(digest)))


def live(counter: Counter, who: Principal) -> Outside:
    """Everything outside a teller's window: the services real, call and vision played; the bank's own clock."""
    made = outside()
    made.store, made.desk = LiveStore(counter, who), LiveDesk(counter, who)
    made.clock.at = counter.clock.now().astimezone(UTC)
    return made
