"""The open case of a window: the newest document, its commands, and fetching it again when the server says so."""

import functools
import logging
from collections.abc import Callable

from pydantic import BaseModel
from PySide6.QtCore import QObject, Signal

from common.errors import AppError
from common.wire.cases import CaseView
from common.wire.signalling import CaseChanged, Welcome
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient
from ui.kit.signalling_client import SignallingClient

log = logging.getLogger(__name__)


class CaseStore(QObject):
    """Holds one :class:`CaseView`; lives on the GUI thread.

    Every command answers with the whole new case, so there is nothing to merge: the higher version stands.

    Signals:
        changed(CaseView | None): another document, or none is open any more.
        failed(AppError): a command or fetch without an ``on_error`` of its own failed.
        busyChanged(str): the command that is under way, empty when none is.
    """

    changed = Signal(object)
    failed = Signal(object)
    busyChanged = Signal(str)

    def __init__(
        self, bridge: AsyncBridge, api: ApiClient, signalling: SignallingClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api
        self._case_id: str | None = None
        self._case: CaseView | None = None
        self._under_way: list[str] = []
        self._fetching = False
        self._fetch_again = False
        signalling.on(CaseChanged, self._told)
        signalling.on(Welcome, lambda _: self.refresh())

    @property
    def case(self) -> CaseView | None:
        """The newest document."""
        return self._case

    @property
    def case_id(self) -> str | None:
        """Which case is open, also before its document has come."""
        return self._case_id

    @property
    def busy(self) -> str:
        """The command under way, or an empty text."""
        return self._under_way[-1] if self._under_way else ""

    def open(self, case_id: str) -> None:
        """Show another case."""
        if case_id != self._case_id:
            self._case_id, self._case = case_id, None
        self.refresh()

    def adopt(self, case: CaseView) -> None:
        """Open a case whose document is at hand."""
        self._case_id, self._case = case.id, case
        self.changed.emit(case)

    def close(self) -> None:
        """No case is open any more."""
        self._case_id = self._case = None
        self.changed.emit(None)

    def refresh(self) -> None:
        """Fetch the document again; calls while one fetch runs make one more."""
        if self._case_id is None:
            return
        if self._fetching:
            self._fetch_again = True
            return
        self._fetching = True
        path = f"/cases/{self._case_id}"
        self._bridge.submit(lambda: self._api.get(path, CaseView), self._fetched, self._not_fetched, self)

    def _fetched(self, case: CaseView) -> None:
        self._fetching = False
        self._take(case)
        if self._fetch_again:
            self._fetch_again = False
            self.refresh()

    def _not_fetched(self, error: AppError) -> None:
        again = self._fetch_again
        self._fetching = self._fetch_again = False
        self.failed.emit(error)
        if again:
            # Asked for meanwhile, perhaps for another case: that this fetch failed says nothing about that one.
            self.refresh()

    def _told(self, message: CaseChanged) -> None:
        if message.case_id == self._case_id and (self._case is None or message.version > self._case.version):
            self.refresh()

    def _take(self, case: CaseView) -> None:
        if case.id == self._case_id and (self._case is None or case.version >= self._case.version):
            self._case = case
            self.changed.emit(case)

    # --- commands ----------------------------------------------------------------------------------------------

    def command(
        self,
        path_suffix: str,
        body: BaseModel | None = None,
        *,
        method: str = "POST",
        on_ok: Callable[[CaseView], object] | None = None,
        on_error: Callable[[AppError], object] | None = None,
        key: str | None = None,
        quiet: bool = False,
    ) -> None:
        """Send ``/cases/{id}/<path_suffix>``; the answer becomes the case.

        Args:
            key: idempotency key to repeat an intention after a restart; None makes one.
            quiet: something beside what the person does: nothing has to wait for it.
        """
        path = f"/cases/{self._case_id}/{path_suffix}"
        work = functools.partial(self._api.command, method, path, body, CaseView, key)
        self._run("" if quiet else path_suffix, work, on_ok, on_error)

    def upload(
        self,
        kind: str,
        content: bytes,
        media_type: str = "image/jpeg",
        *,
        on_ok: Callable[[CaseView], object] | None = None,
        on_error: Callable[[AppError], object] | None = None,
    ) -> None:
        """Store a picture of the case as evidence."""
        path = f"/cases/{self._case_id}/evidence?kind={kind}"
        self._run("evidence", lambda: self._api.upload(path, content, media_type, CaseView), on_ok, on_error)

    def _run(
        self,
        name: str,
        work: Callable[[], object],
        on_ok: Callable[[CaseView], object] | None,
        on_error: Callable[[AppError], object] | None,
    ) -> None:
        if name:
            self._under_way.append(name)
            self.busyChanged.emit(self.busy)

        def done(case: CaseView) -> None:
            self._ended(name)
            self._take(case)
            if on_ok is not None:
                on_ok(case)

        def failed(error: AppError) -> None:
            self._ended(name)
            (on_error or self.failed.emit)(error)
            # Whatever was refused, the document may have moved on meanwhile.
            self.refresh()

        self._bridge.submit(work, done, failed, self)  # type: ignore[arg-type]

    def _ended(self, name: str) -> None:
        if name:
            self._under_way.remove(name)
            self.busyChanged.emit(self.busy)
