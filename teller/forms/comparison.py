"""The same facts from three sources side by side: what the form says, what was read, what the bank knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from teller.forms.fields import FieldKind, FieldSpec, FieldValue


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One field; None: that source does not have it."""

    field: str
    label_zh: str
    label_en: str
    form: str
    ocr: str | None
    record: str | None
    differs: bool


def _plain(kind: FieldKind, text: str) -> str:
    text = "".join(text.split())
    return text.upper() if kind is FieldKind.ID_NUMBER else text


def rows(
    specs: Sequence[FieldSpec],
    values: Mapping[str, FieldValue],
    read: Mapping[str, str],
    record: Mapping[str, str],
) -> tuple[ComparisonRow, ...]:
    """A row for each field of the form; it differs when any source that has the fact says otherwise."""
    lines: list[ComparisonRow] = []
    for spec in specs:
        form = values[spec.name].value if spec.name in values else ""
        others = (read.get(spec.name), record.get(spec.name))
        said = [_plain(spec.kind, other) for other in others if other is not None]
        differs = any(other != _plain(spec.kind, form) for other in said)
        lines.append(ComparisonRow(spec.name, spec.label_zh, spec.label_en, form, *others, differs))
    return tuple(lines)
