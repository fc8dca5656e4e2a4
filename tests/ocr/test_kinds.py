"""Every kind of document: read right when it lies flat, and never wrong and sure when the picture is bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.api import DocumentReading
from ocr.findings import field_names
from ocr.kinds import KINDS, recognise
from ocr.kinds.base import Code, Parsed, Seen
from ocr.reader import DocumentReader
from ocr.rows import Glyph, Line, Run
from teller.vouchers import check_digit
from tests.ocr.conftest import TODAY, png
from tests.ocr.test_id_fields import line
from tools.camera import photograph
from tools.specimens.catalogue import DRAW, draw

Pair = tuple[str, str]
OTHERS = [pair for pair in DRAW if pair[0] != "resident_id" and "taiwan" not in pair[0]]
"""Resident cards have their own tests; Taiwan's papers differ from Hong Kong's in words and numbers, tested below."""
HARD = [("td1", "data"), ("business_licence", "front")]


def values(reading: DocumentReading) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()}


@pytest.mark.parametrize(("kind", "side"), OTHERS)
def test_a_flat_document_is_read_right(reader: DocumentReader, kind: str, side: str) -> None:
    specimen = draw(kind, side, 1)
    reading = reader.read(png(specimen.image), today=TODAY)
    assert (reading.kind, reading.side) == (kind, side)
    assert values(reading) == specimen.truth
    assert set(reading.fields) <= field_names()


@pytest.mark.parametrize(("kind", "side"), HARD)
def test_a_bad_picture_is_never_wrong_and_sure(reader: DocumentReader, kind: str, side: str) -> None:
    specimen = draw(kind, side, 4)
    reading = reader.read(photograph(specimen.image, 4, 3), today=TODAY)
    assert all(field.unsure or field.value == specimen.truth.get(name) for name, field in reading.fields.items())


def parsed(lines: list[Line], codes: tuple[Code, ...] = ()) -> Parsed:
    """As the reader would: whatever kind the lines are of."""
    known = recognise(lines)
    assert known is not None
    kind, side = known
    return kind.parse(Seen(lines, TODAY, codes), side)


def zone(*texts: str) -> list[Line]:
    return [line(text, 40, 400 + 60 * row, height=30) for row, text in enumerate(texts)]


TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def test_the_passport_of_utopia() -> None:
    assert {name: (v.text, v.unsure) for name, v in parsed(zone(*TD3)).values.items()} == {
        "name": ("ERIKSSON, ANNA MARIA", False), "sex": ("F", False), "birth": ("1974-08-12", False),
        "nationality": ("UTO", False), "issuer": ("UTO", False), "number": ("L898902C3", False),
        "valid_to": ("2012-04-15", False), "personal_number": ("ZE184226B", False),
    }  # fmt: skip


@pytest.mark.parametrize(("at", "wrong"), [(3, "4"), (15, "5"), (22, "7"), (43, "5")])
def test_a_wrong_check_digit_leaves_a_passport_unsure(at: int, wrong: str) -> None:
    found = parsed(zone(TD3[0], TD3[1][:at] + wrong + TD3[1][at + 1 :]))
    assert "doc.zone_check" in found.codes
    assert all(found.values[name].unsure for name in ("number", "birth", "valid_to"))


def test_a_letter_the_check_digit_cannot_tell_stands_on_itself() -> None:
    lines = zone(*TD3)
    letters = list(lines[1].strip.letters)
    first = letters[0]
    letters[0] = type(first)(first.char, 0.7, first.x0, first.x1, (("1", 0.28),))
    lines[1] = Line(lines[1].quad, type(lines[1].strip)(tuple(letters)))
    assert parsed(lines).values["number"].unsure


def test_letters_that_were_lost_from_a_name_are_noticed_by_the_pitch() -> None:
    whole = line(TD3[0], 40, 400, height=30)
    letters = whole.strip.letters
    lost = type(whole.strip)((*letters[:14], *letters[16:], letters[-1], letters[-1]))
    found = parsed([Line(whole.quad, lost), zone(*TD3)[1]])
    assert found.values["name"].unsure


def card(*texts: str) -> list[Line]:
    return [line(text, 60, 60 + 90 * row) for row, text in enumerate(texts)]


def test_a_bank_card_by_its_number() -> None:
    found = parsed(card("示范银行", "9999123412343307", "VALID THRU 12/30"))
    assert {name: (v.text, v.unsure) for name, v in found.values.items()} == {
        "number": ("9999123412343307", False), "issuer": ("示范银行", False), "card_type": ("借记卡", False),
        "valid_to": ("2030-12-31", False),
    }  # fmt: skip
    wrong = parsed(card("示范银行", "9999123412343308"))
    assert "doc.number_check" in wrong.codes
    assert wrong.values["number"].unsure
    other = parsed(card("招商银行", "9999123412343307"))
    assert "doc.number_check" not in other.codes
    assert "doc.contradiction" in other.codes
    assert other.values["issuer"].unsure


def code(text: str) -> Code:
    return Code(text, Run((Glyph("", 1.0, (900, 60, 990, 150)),)))


def test_a_licence_s_code_against_its_qr_code() -> None:
    lines = card("营业执照", "统一社会信用代码9144030071526726XG", "名称深海贸易有限公司", "类型有限责任公司",
                 "法定代表人顾南枝", "成立日期2000年02月24日")  # fmt: skip
    same = parsed(lines, (code("https://example.invalid/?c=9144030071526726XG"),))
    assert "doc.code_differs" not in same.codes
    assert not same.values["credit_code"].unsure
    other = parsed(lines, (code("https://example.invalid/?c=914403001922038216"),))
    assert "doc.code_differs" in other.codes
    assert other.values["credit_code"].unsure


CERTIFICATE = ("示范银行定期存单", "存单号码CD0123456789", "户名顾南枝", "账号9999000011112222", "存期一年",
               "年利率1.45%", "存入日2025年03月12日", "到期日2026年03月12日", "验证码167716140703")  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "capital", "differ"),
    [("CNY20,000.00", "人民币贰万元整", False), ("CNY20,000.00", "人民币贰仟元整", True)],
)
def test_both_amounts_of_a_certificate_must_agree(figures: str, capital: str, differ: bool) -> None:
    found = parsed(card(*CERTIFICATE, "金额小写" + figures, "金额大写" + capital))
    assert ("doc.amounts_differ" in found.codes) is differ
    assert (found.values["amount"].unsure, found.values["amount_capitals"].unsure) == (differ, differ)
    assert found.values["amount"].text == "20000.00"


def test_a_certificate_s_code_comes_from_its_qr_code_when_it_cannot_be_read() -> None:
    torn = [one for one in CERTIFICATE if "验证码" not in one]
    link = code("https://example.invalid/verify/167716140703")
    assert parsed(card(*torn, "验证码16??16"), (link,)).values["code"].text == "167716140703"
    other = code("https://example.invalid/verify/00000000001" + check_digit("00000000001"))
    assert "doc.code_differs" in parsed(card(*CERTIFICATE), (other,)).codes


def test_the_number_of_a_residence_permit_tells_whose_it_is() -> None:
    for region, kind in (("810000", "hk_macau"), ("820000", "hk_macau"), ("830000", "taiwan")):
        lines = card("姓名陈大文", "性别男", "出生1990年1月1日", "住址云溪市青禾区梧桐路17号",
                     f"公民身份号码{region}199001010015")  # fmt: skip
        known = recognise(lines)
        assert known is not None
        assert (known[0].name, known[1]) == (f"{kind}_residence_permit", "front")


def test_a_place_whose_label_was_not_read_is_there_and_unsure() -> None:
    page = [
        line("常住人口登记卡", 500, 40), line("出生地", 60, 200), line("云溪市青禾区", 300, 200),
        line("民族", 780, 200), line("汉族", 1020, 200), line("??", 60, 300), line("望海市星洲区", 300, 300),
        line("出生日期", 780, 300), line("1990年03月07日", 1020, 300),
    ]  # fmt: skip
    found = parsed(page).values
    assert (found["birthplace"].text, found["birthplace"].unsure) == ("云溪市青禾区", False)
    assert (found["native_place"].text, found["native_place"].unsure) == ("望海市星洲区", True)


def test_taiwan_s_papers_by_their_words_and_numbers() -> None:
    permit = parsed(
        card("台湾居民来往大陆通行证", "姓名陈大文", "CHEN, DAWEN", "出生日期1990.01.01", "性别男", "证件号码12345678",
             "签发机关样本共和国出入境管理局", "有效期限2018.07.20-2023.07.19")
    )  # fmt: skip
    assert not any(one.unsure for one in permit.values.values())
    assert permit.values["number"].text == "12345678"
    back = parsed(
        card("台湾居民居住证", "签发机关云溪市公安局", "有效期限2020.03.04-2025.03.04", "通行证号码76397250签发次数01")
    )
    assert {name: (one.text, one.unsure) for name, one in back.values.items()} == {
        "authority": ("云溪市公安局", False), "valid_from": ("2020-03-04", False), "valid_to": ("2025-03-04", False),
        "permit_number": ("76397250", False),
    }  # fmt: skip


_CR = ("CRH123456780<<123456<<<<<<<<<<", "1234567<1234567CHN<<<<<<<<<<<5", "CHAN<<DAIMAN<<<<<<<<<<<<<<<<<<")


def back_of(*texts: str, code: str = "CR") -> Parsed:
    lines = card(*texts)
    return parsed(lines + zone(_CR[0].replace("CR", code), *_CR[1:]))


@pytest.mark.parametrize(
    ("number", "code", "unsure"),
    [
        ("A123456(3)", "CR", False),
        ("A123456(4)", "CR", True),
        ("5215299(8)", "CR", False),
        ("5123456(3)", "CR", False),
        ("5123456(2)", "CR", True),
        ("A123456789", "CT", False),
    ],
)
def test_the_back_of_a_travel_permit(number: str, code: str, unsure: bool) -> None:
    found = back_of("中文姓名陳大文", f"身份证号码{number}", code=code)
    assert found.side == "back"
    assert (found.values["name"].text, found.values["name"].unsure) == ("陳大文", False)
    assert (found.values["home_number"].text, found.values["home_number"].unsure) == (number, unsure)


def test_a_name_without_its_label_on_a_back_is_unsure() -> None:
    lines = [line("中义蛛名", 60, 100), line("陳大文", 400, 100), line("身份证号码A123456(3)", 60, 180)]
    found = parsed(lines + zone(*_CR)).values
    assert (found["name"].text, found["name"].unsure) == ("陳大文", True)
    assert (found["home_number"].text, found["home_number"].unsure) == ("A123456(3)", False)


def test_two_numbers_of_one_shape_on_a_back_are_nobody_s() -> None:
    both = back_of("中文姓名陳大文", "身份证号码5215299(8)", "1215299(8)")
    assert both.values["home_number"].text == ""
    assert "doc.incomplete" in both.codes


def test_a_travel_permit_whose_small_labels_were_not_read() -> None:
    found = parsed(
        card("港澳居民来往内地通行证", "陈大文", "CHEN, DAWEN", "1990.01.01", "男", "样本共和国出入境管理局",
             "HA1234567", "2018.07.20-2023.07.19")
    )  # fmt: skip
    assert found.side == "front"
    assert (found.values["name"].text, found.values["name"].unsure) == ("陈大文", True)
    assert (found.values["number"].text, found.values["birth"].text) == ("HA1234567", "1990-01-01")


def test_a_travel_permit_of_an_odd_length_is_unsure() -> None:
    rows = ("港澳居民来往内地通行证", "姓名陈大文", "CHEN, DAWEN", "出生日期1990.01.01", "性别男",
            "签发机关样本共和国出入境管理局", "证件号码H12345678")  # fmt: skip
    good = parsed(card(*rows, "有效期限2018.07.20-2028.07.19"))
    odd = parsed(card(*rows, "有效期限2018.07.20-2027.07.19"))
    assert (good.values["valid_to"].unsure, odd.values["valid_to"].unsure) == (False, True)
    later = [row.replace("1990.01.01", "2020.01.01") for row in rows]
    born_later = parsed(card(*later, "有效期限2018.07.20-2028.07.19"))
    assert "doc.dates" in born_later.codes


_WORDS = st.sampled_from(
    (
        "姓名",
        "出生日期1990.01.01",
        "有效期限2018.07.20-2028.07.19",
        "统一社会信用代码",
        "金额大写贰万元整",
        "银行",
        "男",
        "金额小写CNY1.00",
        "9999123412343307",
        "证件号码H12345678",
        "户主或与户主关系",
        "营业期限长期",
        *TD3,
        "/",
        "2月30日",
        "公民身份号码999999199003070426",
        "VALID THRU 13/99",
    )
)
_FOUND = st.lists(
    st.tuples(st.one_of(_WORDS, st.text(max_size=44)), st.integers(0, 900), st.integers(0, 600)), max_size=12
)


@given(_FOUND, st.sampled_from(sorted(DRAW)))
def test_any_text_parses_as_any_kind_and_nothing_empty_is_sure(found: list[tuple[str, int, int]], of: Pair) -> None:
    kind = next(one for one in KINDS if one.name == of[0])
    seen = Seen([line(text, x, y) for text, x, y in found], TODAY, (code("https://example.invalid/verify/1"),))
    recognise(seen.lines)
    for name, value in kind.parse(seen, of[1]).values.items():
        assert value.unsure or value.text, name


def test_the_registry_names_each_kind_once() -> None:
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names))
    assert {name for name, _ in DRAW} == set(names)
