"""The forms of the two cash scenarios, as data."""

from collections.abc import Mapping
from types import MappingProxyType

from common.wire.cases import Scenario
from teller.forms.fields import FieldKind, FieldSpec, Section

LONG_TERM = "长期"
"""What an identity card prints instead of a last day."""

IDENTITY = Section("identity", "证件信息", "Identity card")
TRANSACTION = Section("transaction", "交易", "Transaction")
SECTIONS = (IDENTITY, TRANSACTION)

_ID = IDENTITY.code
_TX = TRANSACTION.code

_IDENTITY_FIELDS = (
    FieldSpec("name", FieldKind.TEXT, _ID, "姓名", "Name", 3, pii=True),
    FieldSpec("sex", FieldKind.CHOICE, _ID, "性别", "Sex", 2, choices=("男", "女")),
    FieldSpec("nation", FieldKind.TEXT, _ID, "民族", "Ethnic group", 2),
    FieldSpec("birth", FieldKind.DATE, _ID, "出生日期", "Date of birth", 5, pii=True),
    FieldSpec("address", FieldKind.TEXT, _ID, "住址", "Address", 12, pii=True),
    FieldSpec("id_number", FieldKind.ID_NUMBER, _ID, "公民身份号码", "ID number", 7, pii=True),
    FieldSpec("authority", FieldKind.TEXT, _ID, "签发机关", "Issuing authority", 5),
    FieldSpec("valid_from", FieldKind.DATE, _ID, "有效期自", "Valid from", 6),
    FieldSpec("valid_to", FieldKind.DATE, _ID, "有效期至", "Valid until", 6, long_term=True),
)

_ACCOUNT = FieldSpec("account", FieldKind.TEXT, _TX, "账户", "Account", 6, read_only=True)

WITHDRAWAL = (
    *_IDENTITY_FIELDS,
    _ACCOUNT,
    FieldSpec("amount", FieldKind.AMOUNT, _TX, "取款金额", "Amount to withdraw", 6),
)

DEPOSIT = (
    *_IDENTITY_FIELDS,
    _ACCOUNT,
    FieldSpec("amount", FieldKind.AMOUNT, _TX, "存款金额", "Amount to deposit", 6, read_only=True),
    FieldSpec("notes", FieldKind.NOTES, _TX, "券别", "Notes counted", 12, read_only=True),
)

FORMS: Mapping[Scenario, tuple[FieldSpec, ...]] = MappingProxyType(
    {Scenario.WITHDRAWAL: WITHDRAWAL, Scenario.DEPOSIT: DEPOSIT}
)


def spec(scenario: Scenario, name: str) -> FieldSpec | None:
    """The field of a scenario's form, or None."""
    return next((field for field in FORMS[scenario] if field.name == name), None)
