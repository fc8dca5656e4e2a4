"""Carries one task after the other from its arrival to the decision. Knows no widget."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.clock import Clock, IdSource, SystemIds
from common.errors import AppError
from common.wire.authorisation import Decision, TaskView
from common.wire.signalling import TaskAssigned, TaskClosed
from ui.authoriser_app.decisions import body_of
from ui.authoriser_app.ports import TasksPort
from ui.authoriser_app.reports import AlteredReports
from ui.authoriser_app.state import NOTICE_S, Phase, Review, Sent, shown_evidence
from ui.kit.pictures import Pictures, PictureState
from ui.kit.ports import OnError

GRACE = timedelta(seconds=2)
"""After the deadline, before this window says by itself that the task has gone: the server says it first."""

_AWAY = "network.unreachable"
_GONE_CODES = {
    "task.decided", "task.expired", "task.withdrawn", "task.not_yours", "task.not_found", "task.maker_is_checker",
}  # fmt: skip
_CLOSED_CODES = {
    "decided": "task.decided_already",
    "expired": "task.expired",
    "withdrawn": "task.withdrawn",
    "reassigned": "task.expired",
}
_OPEN = ("assigned", "opened")
MEASURED = 200


class TaskController(QObject):
    """The task on the screen.

    Signals:
        changed(): something to paint. arrived(): a task is to be shown now, then call :meth:`on_screen`.
        looked(str): this difference was looked at. decided(object): the answered `Review`. failed(object): an
        `AppError` the person has to read. ended(): a task is over, the figures of the desk have changed.
    """

    changed = Signal()
    arrived = Signal()
    looked = Signal(str)
    decided = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self, port: TasksPort, clock: Clock, ids: IdSource | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._port, self._clock, self._ids = port, clock, ids or SystemIds()
        self.review = Review()
        self.pictures = Pictures(port, self)
        self.pictures.arrived.connect(self._pictures_changed)
        self.pictures.failed.connect(self._pictures_changed)
        self._reports = AlteredReports(port, self._ids, self._opened)
        self.pictures.broken.connect(lambda digest: self._reports.found(self.review.task_id, digest))
        self.offline_since: datetime | None = None
        self._next = self._done = ""
        self._measured: deque[dict[str, float]] = deque(maxlen=MEASURED)
        self._counted = 0
        self._heard: datetime | None = None
        port.message.connect(self._message)
        port.offline_changed.connect(self._offline)

    def _set(self, review: Review) -> None:
        self.review = review
        self.changed.emit()

    # --- arriving -------------------------------------------------------------------------------------------

    def _message(self, message: object) -> None:
        if isinstance(message, TaskAssigned):
            self.bring(message.task_id)
        elif isinstance(message, TaskClosed):
            self._closed(message)

    def bring(self, task_id: str) -> None:
        """This task is ours: show it now, or after what is on the screen."""
        if self.review.phase is Phase.IDLE:
            self._load(task_id)
        elif task_id == self.review.task_id and self.review.phase is Phase.REVIEWING:
            self._port.task(task_id, self._refreshed, self._gone_or_failed)
        elif task_id != self.review.task_id:
            self._next = task_id
            if self.review.phase is Phase.REVIEWING:  # the server never gives two: the other one was taken back
                self._go("task.expired")

    def bring_if_idle(self, task_id: str) -> None:
        """The desk names this task as ours; nothing happens while another one is being looked at."""
        if self.review.phase is Phase.IDLE and task_id != self._done:
            self._load(task_id)

    def _load(self, task_id: str) -> None:
        self._next, self._heard = "", self._clock.now()
        self._set(Review().to(Phase.LOADING, self._heard, task_id=task_id))
        self._port.task(task_id, self._loaded, self._not_loaded)

    def _loaded(self, task: TaskView) -> None:
        if self.review.phase is not Phase.LOADING or task.id != self.review.task_id:
            return
        if task.state not in _OPEN:  # an old word of the desk about what was decided meanwhile
            self._set(Review(since=self._clock.now()))
            return
        self._show_pictures(task)
        self._set(self.review.to(Phase.REVIEWING, self._clock.now(), task=task, trouble=None))
        self.arrived.emit()

    def _not_loaded(self, error: AppError) -> None:
        if error.code in _GONE_CODES:
            self._go(error.code, error.params)
        elif self.review.phase is Phase.LOADING:
            self._set(replace(self.review, trouble=error))

    def load_again(self) -> None:
        """Fetch the task or the pictures that could not be fetched."""
        review = self.review
        if review.phase is Phase.LOADING and review.trouble is not None:
            self._set(replace(review, trouble=None))
            self._port.task(review.task_id, self._loaded, self._not_loaded)
        elif review.task is not None:
            self._show_pictures(review.task)
            self.changed.emit()

    def on_screen(self) -> None:
        """The task has been painted: measure how long that took since it was submitted, and tell the server."""
        task = self.review.task
        if task is None or self.review.phase is not Phase.REVIEWING:
            return
        now = self._clock.now()
        heard = self._heard or now
        self._counted += 1
        self._measured.append(
            {"submit_to_screen_ms": _ms(now - task.submitted_at), "assigned_to_screen_ms": _ms(now - heard)}
        )
        self._note_pictures()
        self._port.open(task.id, self._opened, self._gone_or_failed)

    def _opened(self, task: TaskView) -> None:
        if self.review.phase is Phase.REVIEWING and task.id == self.review.task_id:
            self._set(replace(self.review, task=task))

    def _refreshed(self, task: TaskView) -> None:
        if self.review.phase is not Phase.REVIEWING or task.id != self.review.task_id:
            return
        if task.state not in _OPEN:
            self._go("task.decided_already")
            return
        self._set(replace(self.review, task=task))
        self._show_pictures(task)
        if task.state == "assigned":
            self._port.open(task.id, self._opened, self._gone_or_failed)

    def _show_pictures(self, task: TaskView) -> None:
        """Those of this task and no others: what belongs to the customer before is not kept."""
        digests = [piece.digest for piece in shown_evidence(task)]
        self.pictures.keep_only(digests)
        for digest in digests:
            self.pictures.want(digest)

    def _pictures_changed(self) -> None:
        self._note_pictures()
        self.changed.emit()

    def _note_pictures(self) -> None:
        """The moment the last picture of the task on the screen has come."""
        newest = self._measured[-1] if self._measured else None
        if newest is not None and "pictures_ms" not in newest and self.review.task and self.pictures_here:
            newest["pictures_ms"] = _ms(self._clock.now() - self.review.task.submitted_at)

    @property
    def pictures_here(self) -> bool:
        """Whether everything that has to be looked at is on the screen."""
        return self.picture_states() == {PictureState.HERE} or not self.picture_states()

    def picture_states(self) -> set[PictureState]:
        """Which states occur among the pictures of the task."""
        task = self.review.task
        return {self.pictures.state(p.digest) for p in shown_evidence(task)} if task is not None else set()

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """A portrait of an earlier visit (`ui.kit.kept_faces`)."""
        self._port.kept_face(case_id, digest, on_ok, on_error)

    # --- looking --------------------------------------------------------------------------------------------

    def next_difference(self) -> None:
        """The next difference has been looked at."""
        if self.review.unseen:
            self.look(self.review.unseen[0])

    def look(self, field: str) -> None:
        """This difference has been looked at."""
        review = self.review
        if review.phase is Phase.REVIEWING and field in review.unseen:
            self._set(replace(review, seen=review.seen | {field}))
            self.looked.emit(field)

    @property
    def altered(self) -> int | None:
        """Number of the first picture that is not what was stored, 0 when the server says so of the whole."""
        task = self.review.task
        if task is None:
            return None
        for number, piece in enumerate(shown_evidence(task), start=1):
            if self.pictures.state(piece.digest) is PictureState.BROKEN:
                return number
        return None if task.evidence_intact else 0

    # --- deciding -------------------------------------------------------------------------------------------

    def decide(self, decision: Decision, chosen: tuple[str, ...] = (), words: str = "") -> None:
        """Send a decision; what the rules of this window forbid is not sent."""
        review = self.review
        if review.phase is not Phase.REVIEWING or self.altered is not None:
            return
        if decision is Decision.APPROVE and (review.unseen or not self.pictures_here):
            return
        if decision is not Decision.APPROVE and not chosen:
            return
        sent = Sent(body_of(review, decision, chosen, words), str(self._ids.new()))
        self._set(review.to(Phase.DECIDING, self._clock.now(), sent=sent))
        self._send()

    def _send(self) -> None:
        sent = self.review.sent
        assert sent is not None
        self._port.decide(self.review.task_id, sent.body, sent.key, self._answered, self._refused)

    def _answered(self, task: TaskView) -> None:
        if self.review.phase is not Phase.DECIDING or task.id != self.review.task_id:
            return
        answered, self._done = self.review, task.id
        self._set(answered.to(Phase.IDLE, self._clock.now(), task=None, task_id="", sent=None, seen=frozenset()))
        self.pictures.keep_only(())
        self.decided.emit(answered)
        self.ended.emit()
        self._bring_next()

    def _refused(self, error: AppError) -> None:
        review = self.review
        if review.phase is not Phase.DECIDING or review.sent is None:
            return
        if error.code in _GONE_CODES:
            self._go(error.code, error.params)
        elif error.code == _AWAY:
            self._set(replace(review, sent=replace(review.sent, unanswered=True)))
        else:
            back = review.to(Phase.REVIEWING, self._clock.now(), sent=None)
            if error.code == "task.evidence_altered" and back.task is not None:
                back = replace(back, task=back.task.model_copy(update={"evidence_intact": False}))
            self._set(back)
            self.failed.emit(error)
            self._port.task(review.task_id, self._refreshed, self._gone_or_failed)

    # --- losing it ------------------------------------------------------------------------------------------

    def _closed(self, message: TaskClosed) -> None:
        if message.task_id == self._next:
            self._next = ""
        if message.task_id != self.review.task_id:
            return
        if self.review.phase in (Phase.LOADING, Phase.REVIEWING):
            self._go(_CLOSED_CODES[message.reason])

    def _gone_or_failed(self, error: AppError) -> None:
        if error.code in _GONE_CODES and self.review.phase in (Phase.REVIEWING, Phase.LOADING):
            self._go(error.code, error.params)
        elif error.code != _AWAY:
            self.failed.emit(error)

    def _go(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        gone = {"gone_code": code, "gone_params": dict(params or {}), "sent": None, "trouble": None}
        self._set(self.review.to(Phase.GONE, self._clock.now(), **gone))
        self.ended.emit()

    def go_on(self) -> None:
        """The notice has been read: the next task, or none."""
        if self.review.phase is Phase.GONE:
            self.pictures.keep_only(())
            self._set(Review(since=self._clock.now()))
            self._bring_next()

    def _bring_next(self) -> None:
        if self._next:
            self._load(self._next)

    def tick(self) -> None:
        """Once a second: deadlines."""
        now, review = self._clock.now(), self.review
        if review.phase is Phase.GONE and review.since is not None and (now - review.since).total_seconds() >= NOTICE_S:
            self.go_on()
        elif review.phase is Phase.REVIEWING and review.task is not None and now > review.task.deadline + GRACE:
            self._go("task.expired")

    def _offline(self, since: datetime | None) -> None:
        self.offline_since = since
        if since is None:
            self._reports.again()
        review = self.review
        if since is None and review.phase is Phase.DECIDING and review.sent is not None and review.sent.unanswered:
            self.review = replace(review, sent=replace(review.sent, unanswered=False))
            self._send()
        elif since is None and review.phase is Phase.REVIEWING:
            self._port.task(review.task_id, self._refreshed, self._gone_or_failed)
        elif since is None and review.phase is Phase.LOADING:
            self.load_again()
        self.changed.emit()

    def figures(self) -> dict[str, Any]:
        """For metrics: how many tasks were shown and, of the newest, milliseconds from submission to the screen."""
        return {"tasks": self._counted, "measured": [dict(one) for one in self._measured]}


def _ms(span: timedelta) -> float:
    return round(span.total_seconds() * 1000, 1)
