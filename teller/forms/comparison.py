"""The same facts from every source side by side: form, chip, picture, the bank's record, the authority."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from teller.forms.fields import FieldKind, FieldSpec, FieldValue

MISMATCH = "mismatch"
"""What an authority says of a field that it knows otherwise; it does not say how."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One field; None: that source does not have it. ``authority``: match | mismatch."""

    field: str
    label_zh: str
    label_en: str
    form: str
    chip: str | None
    ocr: str | None
    record: str | None
    authority: str | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """What each source says, by field of the form."""

    chip: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    read: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    record: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    authority: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


def _plain(kind: FieldKind, text: str) -> str:
    text = "".join(text.split())
    return text.upper() if kind is FieldKind.ID_NUMBER else text


def rows(specs: Sequence[FieldSpec], values: Mapping[str, FieldValue], sources: Sources) -> tuple[ComparisonRow, ...]:
    """A row for each field of the form; it differs when any source that has the fact says otherwise."""
    lines: list[ComparisonRow] = []
    for spec in specs:
        form = values[spec.name].value if spec.name in values else ""
        chip, read, record = (one.get(spec.name) for one in (sources.chip, sources.read, sources.record))
        authority = sources.authority.get(spec.name)
        others = [_plain(spec.kind, other) for other in (chip, read, record) if other is not None]
        differs = authority == MISMATCH or any(other != _plain(spec.kind, form) for other in others)
        lines.append(
            ComparisonRow(spec.name, spec.label_zh, spec.label_en, form, chip, read, record, authority, differs)
        )
    return tuple(lines)


def chip_standing(
    specs: Sequence[FieldSpec], values: Mapping[str, FieldValue], chip: Mapping[str, str], signature: str
) -> str:
    """``ok``, ``differs`` when the form says otherwise than the chip, ``bad`` when its signature does not hold."""
    if signature == "bad":
        return "bad"
    names = {spec.name for spec in specs}
    said = {name: text for name, text in chip.items() if name in names and name in values}
    relevant = [spec for spec in specs if spec.name in said]
    return "differs" if any(row.differs for row in rows(relevant, values, Sources(chip=said))) else "ok"
