"""The sections of the panel: card, document, cash, PIN pad, person and paper, faults."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from common.wire.liveness import Gesture
from devices.hands.client import Hands, HandsView
from ui.kit.base import Label, named, set_prop
from ui.kit.texts.words import t
from ui.vtm_app.hands import model
from ui.vtm_app.hands.parts import ActionButton, NoteRow, Parts
from ui.vtm_app.hands.props import CardProp, DocumentProp

Do = Callable[[Callable[[Hands], Coroutine[Any, Any, object]]], object]
QUALITIES = ("fit", "unfit", "suspect", "counterfeit", "unrecognized")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class CardSection:
    """Insert, take, pull out."""

    def __init__(self, parts: Parts, do: Do, cards: tuple[CardProp, ...]) -> None:
        self._do, self._cards = do, {card.label: card for card in cards}
        self._where = parts.tag()
        self._choice = parts.choice("card", t("hands.card"), [(card.label, card.shown) for card in cards])
        self._insert = parts.button("insert_card", t("hands.insert"), self._put, "card", "primary")
        self._take = parts.button("take_card", t("hands.take"), lambda: do(lambda hands: hands.take_card()))
        self._tear = parts.button("tear_card", t("hands.tear"), lambda: do(lambda hands: hands.tear_card()))
        buttons = parts.row(self._insert, self._take, self._tear)
        self.frame: QFrame = parts.section(t("hands.card"), self._choice, buttons, right=self._where)

    def chosen(self) -> CardProp | None:
        """The card in hand."""
        return self._cards.get(self._choice.currentData())

    def _put(self) -> None:
        card = self._cards[self._choice.currentData()]
        self._do(lambda hands: hands.insert_card(pan=card.pan, name=card.name, track2=card.track2))

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        self._where.set_words(model.card_place(view))
        nothing = t("hands.no_card") if not self._cards else None
        self._insert.allow(model.reason(view, "insert_card") or nothing)
        self._take.allow(model.reason(view, "take_card"))
        self._tear.allow(model.reason(view, "tear_card"))
        free = view is None or view.world["card"]["place"] == "away"
        self._choice.setEnabled(free and bool(self._cards))


class DocumentSection:
    """Lay on the glass, remove."""

    def __init__(self, parts: Parts, do: Do, documents: tuple[DocumentProp, ...]) -> None:
        self._parts, self._do = parts, do
        self._documents = {one.label: one for one in documents}
        self._where = parts.tag()
        self._thumb = QLabel()
        self._thumb.setFixedSize(parts.px(96), parts.px(60))
        self._thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._choice = parts.choice("document", t("hands.document"), [(one.label, one.label) for one in documents])
        self._choice.currentIndexChanged.connect(lambda _: self._picture())
        self._lay = parts.button("lay_document", t("hands.lay"), self._put, "", "primary", "s")
        self._remove = parts.button(
            "remove_document", t("hands.remove"), lambda: do(lambda hands: hands.remove_document()), "", "", "s"
        )
        right = QWidget()
        right.setProperty("role", "plain")
        grid = QGridLayout(right)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(parts.px(4))
        grid.addWidget(self._choice, 0, 0, 1, 2)
        grid.addWidget(self._lay, 1, 0)
        grid.addWidget(self._remove, 1, 1)
        row = parts.row(self._thumb, gap=12)
        layout = row.layout()
        assert layout is not None
        layout.addWidget(right)
        self.frame: QFrame = parts.section(t("hands.document"), row, right=self._where)
        self._picture()

    def chosen(self) -> DocumentProp | None:
        """The document in hand."""
        return self._documents.get(self._choice.currentData())

    def _picture(self) -> None:
        one = self.chosen()
        pixmap = QPixmap(str(one.file)) if one is not None else QPixmap()
        if not pixmap.isNull():
            ratio = max(1.0, self._thumb.devicePixelRatioF())
            pixmap = pixmap.scaled(
                self._thumb.size() * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            pixmap.setDevicePixelRatio(ratio)
        self._thumb.setPixmap(pixmap)
        self._thumb.setAccessibleName(one.label if one is not None else "")

    def _put(self) -> None:
        one = self.chosen()
        if one is not None:
            self._do(lambda hands: hands.lay_document(one.file.read_bytes(), one.chip_bytes))

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        self._where.set_words(model.document_place(view))
        nothing = t("hands.no_document") if not self._documents else None
        self._lay.allow(model.reason(view, "lay_document") or nothing)
        self._remove.allow(model.reason(view, "remove_document"))
        self._choice.setEnabled(bool(self._documents))


class CashSection:
    """Notes in the hand, into the slot, out of it."""

    def __init__(self, parts: Parts, do: Do) -> None:
        self._do = do
        self._view: HandsView | None = None
        self._pocket = Label(parts.kit, "", "caption")
        self._rows = [NoteRow(parts, face, self._changed) for face in model.FACES]
        self._count, self._sum = Label(parts.kit, "", "caption"), named(Label(parts.kit, "", "sum"), "hands.sum")
        self._put = parts.button("put_notes", t("hands.put"), self._put_in, "cash-in", "primary")
        self._take = parts.button(
            "take_notes", t("hands.take_notes"), lambda: do(lambda hands: hands.take_notes()), "cash-out"
        )
        kinds = [(one, parts.kit.say(t(f"hands.quality_{one}"))) for one in QUALITIES]
        self._quality = parts.choice("quality", t("hands.quality"), kinds)
        held = parts.row(self._quality)
        held.setFixedWidth(parts.px(104))
        parts.kit.language.changed.connect(lambda: self._relabel(parts))
        total = parts.row(self._count, None, held, self._sum)
        buttons = parts.row(self._put, self._take)
        self.frame: QFrame = parts.section(t("hands.cash"), *self._rows, total, buttons, right=self._pocket, gap=5)
        self._changed()

    def _notes(self) -> dict[str, int]:
        quality = str(self._quality.currentData())
        ending = "" if quality == QUALITIES[0] else f":{quality}"
        return {f"{row.face}{ending}": row.count for row in self._rows if row.count}

    def _relabel(self, parts: Parts) -> None:
        for at, one in enumerate(QUALITIES):
            self._quality.setItemText(at, parts.kit.say(t(f"hands.quality_{one}")))

    def _put_in(self) -> None:
        notes = self._notes()
        self._do(lambda hands: hands.put_notes(notes))
        for row in self._rows:  # they are out of the hand
            row.set_count(0)

    def _changed(self) -> None:
        notes = self._notes()
        worth = sum(row.face * 100 * row.count for row in self._rows)
        self._count.set_words(t("hands.sum", n=sum(notes.values())))
        self._sum.set_words(t("hands.worth", amount=worth))
        nothing = t("hands.no_notes_chosen") if not notes else None
        self._put.allow(model.reason(self._view, "put_notes") or nothing)

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        self._view = view
        self._pocket.set_words(model.pocket(view))
        self._take.allow(model.reason(view, "take_notes"))
        self._changed()


class PinSection:
    """The keys. Which one was pressed goes sealed into the pad; the window shows nothing."""

    def __init__(self, parts: Parts, do: Do) -> None:
        self._do = do
        self._note = Label(parts.kit, t("hands.pin_note"), "caption")
        grid = QWidget()
        grid.setProperty("role", "plain")
        lay = QGridLayout(grid)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setHorizontalSpacing(parts.px(8))
        lay.setVerticalSpacing(parts.px(6))
        self._keys: list[ActionButton] = []
        for digit in range(10):
            row, column = ((digit - 1) // 3, (digit - 1) % 3) if digit else (3, 1)
            lay.addWidget(self._key(parts, f"key.{digit}", str(digit), DIGITS[digit]), row, column)
        for at, key in ((0, "cancel"), (1, "clear"), (3, "enter")):
            button = self._key(parts, key, t(f"hands.{key}"), key)
            button.setProperty("key", key)
            lay.addWidget(button, at, 3)
        for column in range(4):
            lay.setColumnStretch(column, 1)
        self.frame: QFrame = parts.section(t("hands.pin_pad"), grid, right=self._note)

    def _key(self, parts: Parts, name: str, words: Any, key: str) -> ActionButton:
        made = parts.button(name, words, lambda: self._do(lambda hands: hands.press_key(key)), fit="key")
        self._keys.append(made)
        return made

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        why = model.reason(view, "press_key")
        self._note.set_words(t("hands.pin_note" if why is None else "hands.pin_off"))
        for key in self._keys:
            key.allow(why)


class PersonSection:
    """Walk away, take the receipt."""

    def __init__(self, parts: Parts, do: Do) -> None:
        self._gone = parts.tag(t("hands.walked"))
        self._walk = parts.button("walk_away", t("hands.walk"), lambda: do(lambda hands: hands.walk_away()), "log-out")
        self._receipt = parts.button(
            "take_receipt", t("hands.take_receipt"), lambda: do(lambda hands: hands.take_receipt()), "printer"
        )
        buttons = parts.row(self._walk, self._receipt)
        self.frame: QFrame = parts.section(t("hands.people"), buttons, right=self._gone)

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        self._gone.setVisible(view is not None and view.customer_away)
        self._walk.allow(t("hands.away_reason") if view is None else None)
        self._receipt.allow(model.reason(view, "take_receipt"))


class FaceSection:
    """What the simulated person before the camera does with the face."""

    def __init__(self, parts: Parts, face: Callable[[Gesture], object] | None) -> None:
        self._buttons = [
            parts.button(f"face.{gesture.value}", t(f"hands.face_{gesture.value}"), _doing(face, gesture), fit="s")
            for gesture in Gesture
        ]
        self._why = t("hands.face_away") if face is None else None
        self.frame: QFrame = parts.section(t("hands.face"), parts.row(*self._buttons, gap=4))

    def show(self, view: HandsView | None) -> None:
        """A face needs no machine."""
        for button in self._buttons:
            button.allow(self._why)


def _doing(face: Callable[[Gesture], object] | None, gesture: Gesture) -> Callable[[], object]:
    return lambda: face(gesture) if face is not None else None


class FaultSection:
    """What shall go wrong next."""

    def __init__(self, parts: Parts, do: Do) -> None:
        self._parts, self._do = parts, do
        self._waiting = parts.tag()
        set_prop(self._waiting, "tone", "bad")
        self._choice = parts.choice("fault", t("hands.fault"), [])
        self._inject = parts.button("inject", t("hands.inject"), self._put, "", "danger")
        self._inject.setFixedWidth(parts.px(64))
        row = parts.row(self._choice, self._inject)
        self.frame: QFrame = parts.section(t("hands.fault"), row, right=self._waiting)
        parts.kit.language.changed.connect(self._relabel)

    def _put(self) -> None:
        fault = str(self._choice.currentData())
        self._do(lambda hands: hands.faults.inject(fault))

    def _relabel(self) -> None:
        for at in range(self._choice.count()):
            self._choice.setItemText(at, self._parts.kit.say(model.fault_words(self._choice.itemData(at))))

    def show(self, view: HandsView | None) -> None:
        """What can be done now."""
        if view is not None and self._choice.count() != len(view.fault_kinds):
            self._choice.clear()
            for name in view.fault_kinds:
                self._choice.addItem(self._parts.kit.say(model.fault_words(name)), name)
        waiting = len(view.faults) if view is not None else 0
        self._waiting.setVisible(waiting > 0)
        self._waiting.set_words(t("hands.waiting_faults", n=waiting))
        self._choice.setEnabled(view is not None)
        self._inject.allow(t("hands.away_reason") if view is None else None)
