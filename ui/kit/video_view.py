"""The picture of a call: looks for the newest frame sixty times a second and paints when there is one.

Never one signal per frame; with a camera of thirty pictures a second it paints thirty times.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.base import Painted, text_width
from ui.kit.kit import Kit
from ui.kit.spinner import TURN_MS, paint_arc
from ui.kit.texts.words import T, Words, t

_LOOK_MS = 16


class PictureLike(Protocol):
    """A frame ready to paint: BGRA rows of ``stride`` bytes, top first."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def stride(self) -> int: ...
    @property
    def data(self) -> bytes | bytearray | memoryview: ...
    @property
    def serial(self) -> int: ...
    @property
    def captured_monotonic_ns(self) -> int: ...


@dataclass(frozen=True)
class Picture:
    """The plain :class:`PictureLike`."""

    width: int
    height: int
    stride: int
    data: bytes
    serial: int
    captured_monotonic_ns: int


class VideoState(Enum):
    """What the view shows. Without LIVE the last frame, if any, is dimmed behind the words."""

    IDLE = "idle"
    CONNECTING = "connecting"
    LIVE = "live"
    HELD = "held"
    BROKEN = "broken"
    ENDED = "ended"
    NO_CAMERA = "no_camera"
    COVERED = "covered"


_OWN_WAITS_S = 0.1
"""Seconds after which the own picture is painted without the other one."""

_STRIPS_KEPT = 8

_ICONS = {
    VideoState.IDLE: "camera",
    VideoState.HELD: "pause",
    VideoState.ENDED: "hangup",
    VideoState.NO_CAMERA: "camera",
    VideoState.COVERED: "eye-off",
}
_DIMMED = (VideoState.HELD, VideoState.BROKEN)
Source = Callable[[], PictureLike | None]


def image_of(picture: PictureLike) -> QImage:
    """A QImage over the frame's own bytes; valid as long as the frame is kept."""
    return QImage(picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)


class VideoView(Painted):
    """Paints frames from a source.

    Args:
        source: returns the newest picture or None; called on the GUI thread at each repaint tick. Painting happens
            only when its serial has changed.
        radius: of the top corners (the panel's radius less its edge); ``round_all`` rounds the lower ones too.
        on_painted: called after a picture has been painted (latency is measured there).
        on_wanted_size: called with the size in device pixels when the view's size changes.
        strip_px: font size of the strips (12 for staff, 24 for the kiosk).
    """

    def __init__(
        self,
        kit: Kit,
        source: Source | None = None,
        *,
        radius: int = 7,
        round_all: bool = False,
        strip_px: int = 12,
        on_painted: Callable[[PictureLike], object] | None = None,
        on_wanted_size: Callable[[int, int], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit, parent)
        self._source, self._radius, self._round_all, self._strip_px = source, radius, round_all, strip_px
        self.on_painted, self.on_wanted_size = on_painted, on_wanted_size
        self._state, self._since = VideoState.IDLE, time.monotonic()
        self._message: Words | None = None
        self._picture: PictureLike | None = None
        self._own_source: Source | None = None
        self._own: PictureLike | None = None
        self._own_size = QSize(96, 56)
        self._inset_at_bottom = False
        self._recorded = False
        self._recording = kit.bind(self, self.setAccessibleDescription, "")
        self._watermark: Words = ""
        self._last_second = -1
        self._painted = 0.0
        self._strips: dict[tuple[object, ...], QPixmap] = {}
        self.painted_pictures = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        kit.bind(self, self.setAccessibleName, t("common.video_name"))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.tick)

    def set_source(self, source: Source | None) -> None:
        """Another call, or none."""
        self._source, self._picture = source, None
        self.update()

    def set_own_source(self, source: Source | None, size: QSize | None = None, *, at_bottom: bool = False) -> None:
        """One's own picture, inset at the top right (the kiosk: bottom right)."""
        self._own_source, self._own, self._inset_at_bottom = source, None, at_bottom
        self._own_size = size or self._own_size
        self.update()

    @property
    def state(self) -> VideoState:
        """What the view shows."""
        return self._state

    def set_state(self, state: VideoState, message: Words | None = None) -> None:
        """Change what is shown; ``message`` replaces the usual sentence."""
        if state is not self._state:
            self._state, self._since = state, time.monotonic()
        self._message = message
        if state in (VideoState.IDLE, VideoState.ENDED, VideoState.COVERED):
            self._picture = None
        self.update()

    def set_recording(self, words: Words, *, on: bool) -> None:
        """The strip at the top left: whether the call is recorded, said in ``words``; none without words.

        Args:
            on: a filled dot before the words, else an empty ring.
        """
        if (words, on) != (self._recording.words, self._recorded):
            self._recording.set_words(words)
            self._recorded = on
            self.update()

    def set_watermark(self, words: Words) -> None:
        """The strip at the bottom left: seat and time."""
        if words != self._watermark:
            self._watermark = words
            self.update()

    def picture(self) -> PictureLike | None:
        """The frame on screen."""
        return self._picture

    def tick(self) -> None:
        """Look for new frames; repaint only if there is something new to see."""
        changed = self._take_new()
        second = int(time.monotonic())
        moving = self._state in (VideoState.CONNECTING, VideoState.BROKEN, VideoState.HELD)
        if changed or second != self._last_second or (moving and not self.kit.theme.reduce_motion):
            self._last_second = second
            self.update()

    def _take_new(self) -> bool:
        changed = False
        if self._source is not None and self._state is VideoState.LIVE:
            new = self._source()
            if new is not None and (self._picture is None or new.serial != self._picture.serial):
                self._picture, changed = new, True
                self._fresh = True
        if self._own_source is not None:
            own = self._own_source()
            if own is not None and (self._own is None or own.serial != self._own.serial):
                # The own picture waits for the other one: each on its own would be twice the painting.
                waiting = self._picture is not None and self._state is VideoState.LIVE
                self._own = own
                changed = changed or not waiting or time.monotonic() - self._painted > _OWN_WAITS_S
        return changed

    _fresh = False

    def showEvent(self, event: object) -> None:
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.on_wanted_size is not None:
            ratio = self.devicePixelRatioF()
            self.on_wanted_size(round(self.width() * ratio), round(self.height() * ratio))

    def sizeHint(self) -> QSize:
        return QSize(334, 188)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        area = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(
            area if self._round_all else area.adjusted(0, 0, 0, self._radius), self._radius, self._radius
        )
        painter.setClipPath(clip)
        painter.fillRect(area, self.kit.color("video"))
        if self._picture is not None and self._state in (VideoState.LIVE, *_DIMMED):
            _paint_cover(painter, self._picture, area)
        if self._state is not VideoState.LIVE:
            self._paint_message(painter, area)
        self._paint_own(painter)
        self._paint_strips(painter)
        painter.end()
        self._painted = time.monotonic()
        if self._fresh and self._picture is not None and self._state is VideoState.LIVE:
            self._fresh = False
            self.painted_pictures += 1
            if self.on_painted is not None:
                self.on_painted(self._picture)

    def _words(self) -> Words:
        if self._message is not None:
            return self._message
        waited = int(time.monotonic() - self._since)
        code = f"common.video_{self._state.value}"
        if self._state is VideoState.HELD:
            return T(code, {"waited": waited})
        return T(code, {"seconds": waited}) if self._state is VideoState.BROKEN else T(code)

    def _paint_message(self, painter: QPainter, area: QRectF) -> None:
        if self._picture is not None and self._state in _DIMMED:
            painter.fillRect(area, self.kit.color("video-strip"))
        big = self._strip_px * 2
        box = QRectF(area.center().x() - big / 2, area.center().y() - big - 2, big, big)
        icon = _ICONS.get(self._state)
        if icon is None:
            phase = 0.0 if self.kit.theme.reduce_motion else (time.monotonic() * 1000 % TURN_MS) / TURN_MS
            paint_arc(painter, box, phase, self.kit.color("text-2"), self.kit.color("on-video"))
        else:
            painter.drawPixmap(box.topLeft(), self.icon(icon, big, "on-video"))
        painter.setFont(self.kit.theme.font_px(max(13, self._strip_px)))
        painter.setPen(self.kit.color("on-video"))
        line = QRectF(8, area.center().y() + 4, area.width() - 16, area.height() / 2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(line, flags, self.kit.say(self._words()))

    def _paint_own(self, painter: QPainter) -> None:
        if self._own is None:
            return
        edge = 8 if self._strip_px < 20 else 32
        size = self._own_size
        top = self.height() - edge - size.height() if self._inset_at_bottom else edge
        box = QRectF(self.width() - edge - size.width(), top, size.width(), size.height())
        radius = 6 if self._strip_px < 20 else 16
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        _paint_cover(painter, self._own, box)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.kit.color("on-video"), 2 if self._strip_px < 20 else 4))
        painter.drawPath(path)

    def _paint_strips(self, painter: QPainter) -> None:
        edge = 8 if self._strip_px < 20 else 32
        height = 20 if self._strip_px < 20 else 48
        if self._recording.words:
            self._strip(painter, edge, edge, height, self._recording.words, lead=height * 0.7)
            self._paint_dot(painter, edge, height)
        if self._watermark:
            self._strip(painter, edge, self.height() - edge - height, height, self._watermark)

    def _paint_dot(self, painter: QPainter, edge: int, height: int) -> None:
        """Filled while the call is recorded, an empty ring while it is not: a shape beside the words."""
        dot = QRectF(edge + height * 0.3, edge + height * 0.3, height * 0.4, height * 0.4)
        line = height * 0.08
        if self._recorded:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.kit.color("rec"))
        else:
            dot = dot.adjusted(line / 2, line / 2, -line / 2, -line / 2)
            painter.setPen(QPen(self.kit.color("on-video"), line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)

    def _strip(self, painter: QPainter, x: int, y: int, height: int, words: Words, *, lead: float = 0.0) -> None:
        text, pad = self.kit.say(words), height * 0.3
        room = self.width() - 2 * x - lead - 2 * pad
        width = min(text_width(self.kit, text, self._strip_px) + 1.0, room) + lead + 2 * pad
        key = (text, width, height, lead, self.kit.theme.name, self.devicePixelRatioF())
        if key not in self._strips:
            if len(self._strips) >= _STRIPS_KEPT:
                self._strips.clear()
            self._strips[key] = self._drawn_strip(text, width, height, pad + lead)
        painter.drawPixmap(x, y, self._strips[key])

    def _drawn_strip(self, text: str, width: float, height: int, indent: float) -> QPixmap:
        """Drawn once for every text: the picture under it is painted thirty times a second."""
        ratio = self.devicePixelRatioF()
        strip = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
        strip.setDevicePixelRatio(ratio)
        strip.fill(Qt.GlobalColor.transparent)
        painter = QPainter(strip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("video-strip"))
        painter.drawRoundedRect(QRectF(0, 0, width, height), height / 5, height / 5)
        painter.setPen(self.kit.color("on-video"))
        painter.setFont(self.kit.theme.font_px(self._strip_px))
        painter.drawText(QRectF(indent, 0, width, height), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return strip


def _paint_cover(painter: QPainter, picture: PictureLike, area: QRectF) -> None:
    """Fill the area with the picture, cutting what does not fit."""
    scale = max(area.width() / picture.width, area.height() / picture.height)
    width, height = area.width() / scale, area.height() / scale
    cut = QRectF((picture.width - width) / 2, (picture.height - height) / 2, width, height)
    painter.drawImage(area, image_of(picture), cut)
