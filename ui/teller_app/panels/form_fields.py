"""One field of the merged form: the right box for its kind, its marks, and the lens row under a line of fields."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from common.wire.base import Amount
from common.wire.cases import FieldSource, FieldSpec
from ui.kit.fields import FieldState, FormField, Select, TextField
from ui.kit.kit import Kit
from ui.kit.lens import Lens
from ui.kit.special_fields import AmountField, DateField, IdNumberField, parse_amount
from ui.kit.texts.formats import money
from ui.kit.texts.words import Words, t
from ui.teller_app.form_model import SOURCE_ICONS, FieldModel, Mark, contradiction, label
from ui.teller_app.panels.wording import sentence
from ui.teller_app.presenter import amount_words

LONG_TERM = "长期"
ONE_LINE, TWO_LINES = 40, 76
"""Heights of the lens: for one line of writing, and for what is written in two."""
_CHOICES = {"男": "teller.sex_m", "女": "teller.sex_f"}
_STATES = {Mark.UNSURE: FieldState.UNSURE, Mark.WRONG: FieldState.ERROR}


class ValidDateField(DateField):
    """A date, or 长期 where a document has no last day; the server knows which may."""

    def _tidy(self) -> None:
        if self.edit.text().strip() != LONG_TERM:
            super()._tidy()
        elif self.state is FieldState.ERROR:
            self.set_state(FieldState.PLAIN)


def make_field(kit: Kit, spec: FieldSpec) -> FormField:
    """The box for a field's kind."""
    title = label(spec)
    if spec.read_only:
        return TextField(kit, title, readonly=True)
    if spec.kind == "amount":
        return AmountField(kit, title)
    if spec.kind == "id_number":
        return IdNumberField(kit, title)
    if spec.kind == "date":
        return ValidDateField(kit, title)
    if spec.kind == "choice":
        entries: list[tuple[str, Words]] = [(one, t(_CHOICES[one]) if one in _CHOICES else one) for one in spec.choices]
        return Select(kit, title, entries)
    return TextField(kit, title)


def show_field(kit: Kit, field: FormField, model: FieldModel, *, read_only: bool) -> None:
    """Fill in and mark a field; what a person is typing in it right now is left alone."""
    typing = field.box.hasFocus()
    if isinstance(field, Select):
        if field.value() != model.value:
            field.set_value(model.value)
        field.combo.setEnabled(not read_only)
    elif isinstance(field, TextField):
        _show_text(field, model, typing=typing, read_only=read_only)
    state = _STATES.get(model.mark, FieldState.OCR if _quiet(model) else FieldState.PLAIN)
    hint = _hint(kit, model)
    source = SOURCE_ICONS.get(model.source) if model.source is not None else None
    look = (state, hint, source)
    if getattr(field, "shown_look", None) != look:
        field._source = source
        field.set_state(state, hint, source)
        if hint is not None and model.mark is not Mark.WRONG:
            field.set_hint(hint, "warn")
        field.shown_look = look  # type: ignore[attr-defined]
    field.side.set_tone("warn" if model.mark is Mark.UNSURE else "")
    field.set_side(_side(model))


def _quiet(model: FieldModel) -> bool:
    return model.source is not None and model.source in SOURCE_ICONS and bool(model.value) and not model.spec.read_only


def _show_text(field: TextField, model: FieldModel, *, typing: bool, read_only: bool) -> None:
    if field.edit.isReadOnly() != (read_only or model.spec.read_only):
        field.set_readonly(read_only or model.spec.read_only)
    if typing:
        return
    shown = model.value
    if model.spec.kind == "amount":
        minor = parse_amount(model.value)
        if minor is not None:
            shown = money(minor) if model.spec.read_only else f"{minor // 100:,}.{minor % 100:02d}"
    if field.edit.text() != shown:
        field.set_value(shown)


def _hint(kit: Kit, model: FieldModel) -> Words | None:
    if model.mark is Mark.WRONG and model.problem is not None:
        return sentence(kit, model.problem.code, dict(model.problem.params))
    return t("teller.record_says", value=model.record) if contradiction(model) else None


def _side(model: FieldModel) -> Words:
    if model.mark is Mark.UNSURE:
        if model.source is FieldSource.EARLIER:
            return _origin(model)
        return t("teller.look_short" if model.spec.columns < 6 else "teller.look_long")
    if model.source is FieldSource.EARLIER and model.value:
        return _origin(model)
    if model.spec.kind == "amount":
        minor = parse_amount(model.value)
        return amount_words(Amount(minor=minor)) if minor else ""
    return ""


def _origin(model: FieldModel) -> Words:
    number = model.stored.origin if model.stored is not None else ""
    return t("teller.from_case", number=number) if number else t("teller.from_before")


class LensRow(QWidget):
    """The lens under a line of the form: hidden until a field of that line is unsure."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lens = Lens(kit, self)
        self.field = ""
        self._set_height(ONE_LINE)
        self.hide()

    def _set_height(self, height: int) -> None:
        self.lens.view.setFixedHeight(height)
        self.setFixedHeight(height)
        self.lens.setGeometry(0, 0, self.width(), height)

    def resizeEvent(self, event: object) -> None:
        self.lens.setGeometry(0, 0, self.width(), self.height())

    def show_for(self, model: FieldModel | None, image: QImage | None) -> None:
        """Show where the value stands in the picture; None hides the row."""
        stored = model.stored if model is not None else None
        if model is None or stored is None or image is None or image.isNull() or stored.box is None:
            self.field = model.spec.name if model is not None else ""
            self.setVisible(False)
            return
        self.field = model.spec.name
        x, y, w, h = stored.box
        box = QRectF(x * image.width(), y * image.height(), w * image.width(), h * image.height())
        self._set_height(ONE_LINE if box.width() > 6 * box.height() else TWO_LINES)
        self.setVisible(True)
        margin = max(4.0, box.height() * 0.25)
        crop = box.adjusted(-margin, -margin, margin, margin)
        # What stands beside the value fills the rest of the lens: where it is on the card helps to compare.
        room = crop.height() * self.lens.view.width() / max(1, self.lens.view.height())
        crop.setWidth(max(crop.width(), room))
        self.lens.set_crop(image, crop.intersected(QRectF(image.rect())), (box,))
