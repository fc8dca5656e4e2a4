"""What the teller's window needs from outside: the case, the call, the eyes, and a few fetches. No Qt imports."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from pydantic import BaseModel

from common.wire.cases import CaseRow, CaseView, StartCase
from common.wire.desk import DeskView
from ocr.api import DocumentReading, FaceMatch
from ui.kit.ports import CallPort, OnError, PicturePort, SignalLike


class CaseStorePort(Protocol):
    """The open case and its commands (`ui.kit.case_store.CaseStore`)."""

    @property
    def changed(self) -> SignalLike: ...
    @property
    def failed(self) -> SignalLike: ...
    @property
    def busyChanged(self) -> SignalLike: ...
    @property
    def case(self) -> CaseView | None: ...
    def open(self, case_id: str) -> None: ...
    def adopt(self, case: CaseView) -> None: ...
    def close(self) -> None: ...
    def refresh(self) -> None: ...
    def command(
        self,
        path_suffix: str,
        body: BaseModel | None = None,
        *,
        method: str = "POST",
        on_ok: Callable[[CaseView], object] | None = None,
        on_error: OnError | None = None,
        quiet: bool = False,
    ) -> None: ...
    def upload(
        self,
        kind: str,
        content: bytes,
        media_type: str = "image/jpeg",
        *,
        on_ok: Callable[[CaseView], object] | None = None,
        on_error: OnError | None = None,
    ) -> None: ...


class CallLinkPort(CallPort, Protocol):
    """The call beside the case, and what only a teller does with it."""

    @property
    def data_received(self) -> SignalLike: ...
    def show_self(self) -> None: ...
    def hang_up(self) -> None: ...
    def set_muted(self, muted: bool) -> None: ...
    def set_held(self, held: bool) -> None: ...
    def snapshot(self, on_ok: Callable[[bytes, datetime], object], on_error: OnError) -> None: ...


class VisionPort(Protocol):
    """The vision worker; callbacks run on the GUI thread."""

    @property
    def changed(self) -> SignalLike: ...
    @property
    def state(self) -> str: ...
    def read_document(
        self, image: bytes, birth: date | None, on_ok: Callable[[DocumentReading], object], on_error: OnError
    ) -> None: ...
    def match_faces(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None: ...


class DeskPort(PicturePort, Protocol):
    """Fetches beside the open case; callbacks run on the GUI thread."""

    def desk(self, on_ok: Callable[[DeskView], object], on_error: OnError) -> None: ...
    def find_cases(self, query: str, on_ok: Callable[[list[CaseRow]], object], on_error: OnError) -> None: ...
    def take(self, case_id: str, how: str, on_ok: Callable[[CaseView], object], on_error: OnError) -> None: ...
    def start(self, body: StartCase, on_ok: Callable[[CaseView], object], on_error: OnError) -> None: ...
    def voucher(self, case_id: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None: ...


class RingPort(Protocol):
    """The tone that tells of a customer who is offered."""

    def ring(self, on: bool) -> None: ...


class PresencePort(Protocol):
    """What the seat says over signalling, and what it hears."""

    @property
    def message(self) -> SignalLike: ...
    @property
    def offline_changed(self) -> SignalLike: ...
    def set_presence(self, state: str) -> None: ...
