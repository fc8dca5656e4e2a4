"""What the windows need from outside alike: signals, errors, the call, pictures of evidence. No Qt imports."""

from collections.abc import Callable
from typing import Any, Protocol

from common.errors import AppError

OnError = Callable[[AppError], object]


class SignalLike(Protocol):
    """As much of a bound Qt signal as is used."""

    def connect(self, slot: Callable[..., object], /) -> object: ...


class CallPort(Protocol):
    """The call beside the case, as a window that shows it sees it (`ui.kit.call_link.CallLink`)."""

    @property
    def started(self) -> SignalLike: ...
    @property
    def changed(self) -> SignalLike: ...
    @property
    def ended(self) -> SignalLike: ...
    @property
    def peer_lost(self) -> SignalLike: ...
    def remote_picture(self) -> Any: ...
    def own_picture(self) -> Any: ...
    def remote_size_wanted(self, width: int, height: int) -> None: ...
    def own_size_wanted(self, width: int, height: int) -> None: ...
    def painted(self, picture: Any) -> None: ...


class PicturePort(Protocol):
    """Fetches evidence by its digest; callbacks run on the GUI thread."""

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None: ...


class KeptFacePort(Protocol):
    """Fetches a portrait of an earlier visit, once; callbacks run on the GUI thread."""

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None: ...
