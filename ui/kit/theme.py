"""Design tokens to Qt: palette, style sheet, fonts, icons. The only place where a colour comes from.

The token file writes alpha as #RRGGBBAA while Qt reads eight digits as #AARRGGBB, so colours are always converted
by :func:`qcolor` and written to the sheet as ``rgba()``.
"""

import re
import shutil
import tempfile
import weakref
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from ui.kit.sheet_kiosk import KIOSK_SHEET
from ui.kit.sheet_staff import STAFF_SHEET
from ui.kit.tokens import ASSETS, size, tokens, type_px, type_weight

ThemeName = Literal["light", "dark", "large"]
Sheet = Literal["staff", "kiosk"]
Group = Literal["staff", "kiosk", "kiosk_large"]

_ICON_STROKE = "#15202A"  # what the icon files are drawn with
_PALETTE = {
    QPalette.ColorRole.Window: "canvas",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface-sunken",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.PlaceholderText: "text-3",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "text-on-fill",
    QPalette.ColorRole.Link: "accent-text",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Mid: "line-strong",
    QPalette.ColorRole.Midlight: "line",
}


def qcolor(value: str) -> QColor:
    """#RRGGBB or #RRGGBBAA to QColor."""
    return QColor(int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16), int(value[7:9] or "ff", 16))


@lru_cache(maxsize=64)
def _font_px(px: int, bold: bool) -> QFont:
    font = QFont(tokens()["font"]["family"])
    font.setPixelSize(px)
    font.setBold(bold)
    return font


@lru_cache(maxsize=1024)
def _text_width(text: str, px: int, bold: bool) -> int:
    """Painting asks for the same few widths again and again; measuring one takes a tenth of a millisecond."""
    return QFontMetrics(_font_px(px, bold)).horizontalAdvance(text)


class Theme(QObject):
    """Colours, type and icons of one window, and the sheet that dresses it.

    Args:
        name: ``light``, ``dark`` (staff) or ``large`` (kiosk, large print).
        sheet: which of the two style sheets.
    """

    changed = Signal()

    def __init__(self, name: ThemeName = "light", sheet: Sheet = "staff", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name: ThemeName = name
        self.sheet: Sheet = sheet
        self.reduce_motion = False
        self.compact = False
        self._app: QApplication | None = None
        self._files: Path | None = None
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}
        self._svgs: dict[str, str] = {}

    @property
    def group(self) -> Group:
        """The token set for type and sizes."""
        if self.sheet == "staff":
            return "staff"
        return "kiosk_large" if self.name == "large" else "kiosk"

    def apply(self, app: QApplication) -> None:
        """Dress the application: Fusion, palette, style sheet. Later changes of name follow by themselves."""
        self._app = app
        if app.style().name().lower() != "fusion":  # a second style under a living sheet leaves widgets with a dead one
            app.setStyle("Fusion")
        self._dress()

    def set_name(self, name: ThemeName) -> None:
        """Switch the theme at run time; painters hear ``changed``."""
        if name != self.name:
            self.name = name
            self._dress()
            self.changed.emit()

    def set_compact(self, compact: bool) -> None:
        """XS windows write 14 px instead of 16 px into fields."""
        if compact != self.compact:
            self.compact = compact
            self._dress()
            self.changed.emit()

    def _dress(self) -> None:
        if self._app is not None:
            self._app.setPalette(self.palette())
            self._app.setStyleSheet(self.qss())

    def color(self, role: str) -> QColor:
        """The colour of a token role."""
        return qcolor(tokens()["color"][self.name][role])

    def font(self, kind: str = "body") -> QFont:
        """The font of a step of the type scale (``caption``, ``body-strong``, ``display``, kiosk ``step`` …)."""
        font = QFont(tokens()["font"]["family"])
        font.setPixelSize(type_px(self.group, kind))
        font.setBold(type_weight(self.group, kind) == 700)
        return font

    def font_px(self, px: int, *, bold: bool = False) -> QFont:
        """The family at a size in logical pixels."""
        return QFont(_font_px(px, bold))  # a copy: who gets it may change it

    def text_width(self, text: str, px: int, *, bold: bool = False) -> int:
        """Width of one line of text, in logical pixels."""
        return _text_width(text, px, bold)

    def size(self, name: str) -> int:
        """A size token of this window's group."""
        return size(self.group, name)

    def svg(self, icon: str, role: str) -> str:
        """Source of an icon with its stroke in the role's colour."""
        if icon not in self._svgs:
            self._svgs[icon] = (ASSETS / "icons" / f"{icon}.svg").read_text(encoding="utf-8")
        return self._svgs[icon].replace(_ICON_STROKE, self.color(role).name())

    def pixmap(self, icon: str, px: int, role: str, ratio: float = 1.0, gap: int = 0) -> QPixmap:
        """An icon of ``px`` logical pixels; ``gap`` adds empty pixels at its right. Cached."""
        ratio = max(1.0, ratio)  # below 1 Qt would shrink the picture twice
        key = (self.name, icon, px, role, ratio, gap)
        if key not in self._pixmaps:
            pixmap = QPixmap(round((px + gap) * ratio), round(px * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            QSvgRenderer(QByteArray(self.svg(icon, role).encode())).render(painter, QRectF(0, 0, px, px))
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def icon(self, icon: str, px: int, role: str, ratio: float = 1.0) -> QIcon:
        """The same as a QIcon, for line edit actions and menus."""
        return QIcon(self.pixmap(icon, px, role, ratio))

    def _icon_file(self, icon: str, role: str) -> str:
        if self._files is None:
            self._files = Path(tempfile.mkdtemp(prefix="guitai-icons-"))
            weakref.finalize(self, shutil.rmtree, self._files, True)
        path = self._files / f"{self.name}-{icon}-{role}.svg"
        if not path.exists():
            path.write_text(self.svg(icon, role), encoding="utf-8")
        return path.as_posix()

    def _rgba(self, role: str) -> str:
        color = self.color(role)
        return f"rgba({color.red()},{color.green()},{color.blue()},{color.alpha()})"

    def qss(self) -> str:
        """The style sheet with every token filled in."""
        families = ", ".join(f'"{name}"' for name in tokens()["font"]["family"])
        text = STAFF_SHEET if self.sheet == "staff" else KIOSK_SHEET
        text = text.replace("@family", families).replace("@field", "14px" if self.compact else "16px")
        text = re.sub(r"@icon:([a-z-]+):([a-z0-9-]+)", lambda m: self._icon_file(m[1], m[2]), text)
        text = re.sub(r"@type:([a-z-]+)", lambda m: f"{self._type_px(m[1])}px", text)
        return re.sub(r"@([a-z0-9-]+)", lambda m: self._rgba(m[1]), text)

    def _type_px(self, name: str) -> int:
        # The hint under a step is one notch above body; the scale has no name for it.
        return type_px(self.group, "label" if name == "hint" else name)

    def palette(self) -> QPalette:
        """The colours for native parts, so that they agree with the sheet."""
        palette = QPalette()
        for role, token in _PALETTE.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("text-3"))
        return palette
