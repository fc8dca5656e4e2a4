"""The voucher as data: code, digest, masks, handwriting."""

import hashlib
import json
import secrets
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sample_voucher import make_voucher, strokes_evidence
from common.errors import UserError
from teller import vouchers
from teller.vouchers import Evidence, Signature, VoucherBlock, VoucherLine, Words, is_verification_code

DIGITS = st.text("0123456789", min_size=1, max_size=20)


class Counting:
    """A random source that says what it is told."""

    def __init__(self, number: int) -> None:
        self.number = number

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        assert exclusive_upper_bound == 10**11
        return self.number


def test_check_digit_of_the_standards_own_example() -> None:
    assert vouchers.check_digit("0794") == "5"  # ISO 7064:2003, MOD 11,10


@given(st.integers(0, 10**11 - 1))
def test_a_code_has_twelve_digits_and_checks(number: int) -> None:
    code = vouchers.verification_code(Counting(number))
    assert int(code[:11]) == number
    assert is_verification_code(code)


@given(st.integers(0, 10**11 - 1), st.integers(0, 11), st.integers(1, 9))
def test_every_wrong_digit_is_found(number: int, place: int, by: int) -> None:
    code = vouchers.verification_code(Counting(number))
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert not is_verification_code(wrong)


@given(st.text(max_size=14))
def test_only_twelve_ascii_digits_can_be_a_code(text: str) -> None:
    assert not is_verification_code(text) or (len(text) == 12 and set(text) <= set("0123456789"))


def test_codes_come_from_the_system_and_differ() -> None:
    assert len({vouchers.verification_code(secrets) for _ in range(200)}) == 200


def test_a_code_is_printed_in_fours() -> None:
    assert vouchers.grouped_code("123456789012") == "1234 5678 9012"


CHANGES: dict[str, Any] = {
    "number": "PZ2",
    "case_number": "x",
    "bank": Words("甲", "A"),
    "branch": Words("乙", "B"),
    "scenario_title": Words("丙", "C"),
    "machine": "K-03",
    "teller_number": "T-04",
    "authoriser_number": None,
    "customer_name": "李*",
    "account": "0000",
    "amount_minor": 2_000_001,
    "currency": "USD",
    "amount_figures": "20,000.01",
    "amount_capitals": "人民币贰万元壹分",
    "lines": (VoucherLine("a", "b", "c"),),
    "occurred_at": datetime(2026, 8, 1, 2, 15, 34, tzinfo=UTC),
    "code": vouchers.verification_code(Counting(7)),
    "summary_digest": "0" * 64,
    "signature": None,
    "evidence": (Evidence("a", "b", "0" * 64),),
    "specimen": False,
    "blocks": (VoucherBlock(Words("丁", "D"), (VoucherLine("a", "b", "c"),), "CNY 1.00"),),
}


def test_every_field_is_under_the_digest() -> None:
    voucher = make_voucher()
    assert set(CHANGES) == {field.name for field in fields(voucher)}
    digests = {vouchers.digest(replace(voucher, **{name: value})) for name, value in CHANGES.items()}
    assert len(digests | {vouchers.digest(voucher)}) == len(CHANGES) + 1


def test_the_same_moment_in_another_zone_is_the_same_voucher() -> None:
    voucher = make_voucher()
    china = replace(voucher, occurred_at=voucher.occurred_at.astimezone(timezone(timedelta(hours=8))))
    assert vouchers.canonical(china) == vouchers.canonical(voucher)
    assert json.loads(vouchers.canonical(voucher))["customer_name"] == "张*凡"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", " "),
        ("code", "123456789013"),
        ("currency", "cny"),
        ("amount_minor", -1),
        ("occurred_at", datetime(2026, 8, 1)),  # noqa: DTZ001 - the missing zone is the point
        ("summary_digest", "0" * 63),
        ("evidence", (Evidence("a", "b", "F" * 64),)),
    ],
)
def test_what_cannot_stand_on_a_voucher_is_refused(field: str, value: object) -> None:
    with pytest.raises(UserError) as caught:
        make_voucher(**{field: value})
    assert (caught.value.code, caught.value.params["field"]) == ("voucher.invalid", field)


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (vouchers.mask_account("6222021234561234"), "6222 **** **** 1234"),
        (vouchers.mask_account("6222 0212 3456 1234 567"), "6222 **** **** ***4 567"),
        (vouchers.mask_account("12345678"), "**** ****"),
        (vouchers.mask_id_number("11010519491231002X"), "110***********002X"),
        (vouchers.mask_phone("13812345678"), "138****5678"),
        (vouchers.mask_name("张三"), "张*"),
        (vouchers.mask_name("张"), "张"),
        (vouchers.mask_name("欧阳小明"), "欧**明"),
        (vouchers.mask_name("Ann Lee"), "A** L**"),
        (vouchers.mask_name(""), ""),
    ],
)
def test_masks(masked: str, expected: str) -> None:
    assert masked == expected


@given(DIGITS)
def test_a_mask_keeps_the_length_and_never_shows_a_short_number(number: str) -> None:
    masked = vouchers.mask_id_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") == (len(number) - 7 if len(number) > 7 else len(number))


def test_handwriting_is_read_from_its_evidence_and_named_by_it() -> None:
    evidence = strokes_evidence()
    signature = Signature.from_evidence(evidence)
    assert signature.digest == hashlib.sha256(evidence).hexdigest()
    assert (signature.width, len(signature.strokes), len(signature.strokes[0])) == (700, 6, 40)
    pairs = b'{"width": 10, "height": 5, "strokes": [[[1, 2.4, 99], [3, 4]], []]}'
    assert Signature.from_evidence(pairs).strokes == (((1, 2), (3, 4)),)


BAD_STROKES = [
    b"",
    b"[]",
    b'{"width": 1, "height": 1, "strokes": []}',
    b'{"width": 1, "height": 1, "strokes": [[]]}',
    b'{"width": 0, "height": 1, "strokes": [[[1, 1]]]}',
    b'{"width": 1, "height": 1, "strokes": [[[1]]]}',
    b'{"width": 1, "height": 1, "strokes": [[["a", "b"]]]}',
    b'{"width": NaN, "height": 1, "strokes": [[[1, 1]]]}',
    b'{"width": 1, "height": 1, "strokes": [[[Infinity, 1]]]}',
    b'{"width": 9, "height": 9, "strokes": [' + b",".join([b"[[1,1]]"] * 201) + b"]}",
    b"[" * 100_000,
]


@pytest.mark.parametrize("data", BAD_STROKES, ids=range(len(BAD_STROKES)))
def test_anything_else_is_no_handwriting(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^voucher\.bad_signature$"):
        Signature.from_evidence(data)
