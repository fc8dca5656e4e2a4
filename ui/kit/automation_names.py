"""Widgets by name, for the automation port.

A search through a window makes a Python object of every child in it, some milliseconds each time. A player asks many
times a second, so what was found stays known as long as it lives and is called the same.
"""

import weakref

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget


class ActError(Exception):
    """The command cannot be done."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code, self.what = code, what


class NotYet(ActError):
    """Not now; perhaps a little later.

    ``patient``: it will pass by itself, whatever the time limit. ``searched``: a whole window was searched for it.
    """

    def __init__(self, code: str, what: str, *, patient: bool = False, searched: bool = False) -> None:
        super().__init__(code, what)
        self.patient, self.searched = patient, searched


_known: dict[str, list[weakref.ref[QWidget]]] = {}


def all_named(name: str) -> list[QWidget]:
    """Every widget of that name, hidden ones too: a whole search."""
    found = []
    for window in QApplication.topLevelWidgets():
        if window.objectName() == name:
            found.append(window)
        found.extend(window.findChildren(QWidget, name))
    _known[name] = [weakref.ref(widget) for widget in found]
    return found


def _remembered(name: str) -> list[QWidget]:
    living = (ref() for ref in _known.get(name, ()))
    return [w for w in living if w is not None and shiboken6.isValid(w) and w.objectName() == name]


def find(name: str) -> QWidget:
    """The visible widget of that name. Raises NotYet ``not_found``/``not_visible``, ActError ``ambiguous``."""
    found = _remembered(name)
    seen = [w for w in found if w.isVisible()]
    if not seen:
        found = all_named(name)
        seen = [w for w in found if w.isVisible()]
    if not found:
        raise NotYet("not_found", name, searched=True)
    if not seen:
        raise NotYet("not_visible", name, searched=True)
    if len(seen) > 1:
        raise ActError("ambiguous", f"{name} stands {len(seen)} times")
    return seen[0]


def is_visible(name: str) -> bool:
    """Whether a widget of that name is to be seen now."""
    return any(w.isVisible() for w in _remembered(name)) or any(w.isVisible() for w in all_named(name))
