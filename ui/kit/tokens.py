"""The design tokens as data: colours, type, sizes, durations, layout modes. No Qt."""

import functools
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

ASSETS = files("ui.kit") / "assets"


@functools.cache
def tokens() -> dict[str, Any]:
    """The whole of ``assets/tokens.json``."""
    data: dict[str, Any] = json.loads((ASSETS / "tokens.json").read_text(encoding="utf-8"))
    return data


def size(group: str, name: str) -> int:
    """A size in logical pixels; ``group`` is ``staff``, ``kiosk`` or ``kiosk_large``."""
    sizes = tokens()["size"]
    value = sizes[group].get(name)
    return int(sizes["kiosk"][name] if value is None else value)


def type_px(group: str, name: str) -> int:
    """Font size in logical pixels of a named step of the type scale."""
    scale = tokens()["type"][group]
    return int((scale.get(name) or tokens()["type"]["kiosk"][name])["px"])


def type_weight(group: str, name: str) -> int:
    """400 or 700."""
    scale = tokens()["type"][group]
    return int((scale.get(name) or tokens()["type"]["kiosk"][name])["weight"])


def duration(name: str) -> int:
    """A duration in milliseconds."""
    return int(tokens()["duration_ms"][name])


@dataclass(frozen=True)
class LayoutMode:
    """One of L, M, S, XS: from which window width, and how wide the side regions are (0: drawer only)."""

    id: str
    min_width: int
    left: int
    right: int


@functools.cache
def layout_modes() -> tuple[LayoutMode, ...]:
    """Widest first."""
    modes = tokens()["layout"]["modes"]
    return tuple(LayoutMode(m["id"], m["min_width"], m["left"], m["right"]) for m in modes)
