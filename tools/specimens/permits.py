"""Cards that are laid out like ours and issued to others: residence permits, travel permits, permanent residents."""

import random
from datetime import date, timedelta

from PIL import Image, ImageDraw

from ocr.home_number import hong_kong_check, taiwan_check
from ocr.id_number import check_character
from tools.demo_people import Person, invent
from tools.fonts import font
from tools.specimens.paper import INK, LABEL, Form, default_portrait, mark, paper, place_portrait, spaced, wrap
from tools.specimens.zones import card_zone, latin

_BOX = (628, 84, 936, 470)
_TRAVEL_BOX = (60, 190, 300, 490)
AUTHORITY = "样本共和国出入境管理局"
_COUNTRIES = (("美国", "USA", "840"), ("法国", "FRA", "250"), ("新加坡", "SGP", "702"), ("巴西", "BRA", "076"))


def _number(region: str, person: Person) -> str:
    body = f"{region}{person.birth:%Y%m%d}{person.id_number[14:17]}"
    return body + check_character(body)


def residence_front(region: str, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A residence permit's front; ``region`` is one that is given to nobody (810099, 820099, 830099)."""
    person = invent(seed)
    number = _number(region, person)
    card = mark(paper((228, 238, 236)), (420, 470), 46, 6)
    draw = ImageDraw.Draw(card)
    form = Form(card, letters, label=31, value=38)
    form.line(62, 112, "姓名", person.name, 176)
    form.line(62, 188, "性别", person.sex, 176)
    form.line(62, 266, "出生", "", 176)
    x = 176.0
    for text, unit in zip((str(person.birth.year), str(person.birth.month), str(person.birth.day)), "年月日",
                          strict=True):  # fmt: skip
        draw.text((x, 267), text, font=font(38, letters), fill=INK, anchor="ls")
        x += font(38, letters).getlength(text) + 14
        draw.text((x, 266), unit, font=font(31, letters), fill=LABEL, anchor="ls")
        x += 52
    draw.text((62, 344), "住址", font=font(31, letters), fill=LABEL, anchor="ls")
    for row, line in enumerate(wrap(person.address, 430, letters, 38)):
        draw.text((176, 346 + row * 52), line, font=font(38, letters), fill=INK, anchor="ls")
    draw.text((62, 560), "公民身份号码", font=font(31, letters), fill=LABEL, anchor="ls")
    spaced(draw, (346, 562), number, letters)
    truth = {name: text for name, text in person.front().items() if name != "nation"} | {"id_number": number}
    return place_portrait(card, _BOX, default_portrait()), truth


def residence_back(title: str, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A residence permit's back, with the number of the travel permit."""
    rng = random.Random(seed)  # noqa: S311 - invents papers, protects nothing
    person = invent(seed)
    start = date(2018, 9, 1) + timedelta(days=rng.randrange(365 * 6))
    start = start.replace(day=min(start.day, 28))
    end = start.replace(year=start.year + 5)
    permit = f"{rng.randrange(10**8):08d}" if "台湾" in title else f"{rng.choice('HM')}{rng.randrange(10**8):08d}"
    card = mark(paper((232, 238, 226)), (640, 320), 46, 6)
    form = Form(card, letters, label=29, value=36)
    form.title(540, 110, "样本共和国", 48)
    form.title(540, 206, title, 64)
    form.line(170, 420, "签发机关", person.authority, 330)
    form.line(170, 494, "有效期限", f"{start:%Y.%m.%d}-{end:%Y.%m.%d}", 330)
    form.line(170, 568, "通行证号码", permit, 350)
    form.line(700, 568, "签发次数", f"{rng.randrange(1, 4):02d}", 850)
    truth = {"authority": person.authority, "valid_from": start.isoformat(), "valid_to": end.isoformat(),
             "permit_number": permit}  # fmt: skip
    return card, truth


def travel_permit(taiwan: bool, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A mainland travel permit's front."""
    rng = random.Random(seed + 7)  # noqa: S311
    person = invent(seed)
    start = date(2016, 1, 4) + timedelta(days=rng.randrange(365 * 9))
    start = start.replace(day=min(start.day, 28))
    years = 5 if taiwan else rng.choice((5, 10))
    end = start.replace(year=start.year + years) - timedelta(days=1)
    number = f"{rng.randrange(10**8):08d}" if taiwan else f"{rng.choice('HM')}{rng.randrange(10**8):08d}"
    name, romanised = person.name.replace("·", "")[:4], ", ".join(latin(rng))
    holders = "TAIWAN RESIDENTS" if taiwan else "HONG KONG AND MACAO RESIDENTS"
    card = mark(paper((226, 232, 242)), (480, 590), 46, 4)
    form = Form(card, letters, label=23, value=32)
    form.title(540, 76, "台湾居民来往大陆通行证" if taiwan else "港澳居民来往内地通行证", 46)
    form.small(250, 116, f"MAINLAND TRAVEL PERMIT FOR {holders}",
               20)  # fmt: skip
    form.line(340, 190, "姓名", name, 460)
    form.line(340, 238, "", romanised, 460)
    form.line(340, 300, "出生日期", f"{person.birth:%Y.%m.%d}", 460)
    form.line(730, 300, "性别", person.sex, 800)
    form.line(340, 362, "有效期限", f"{start:%Y.%m.%d}-{end:%Y.%m.%d}", 460)
    form.line(340, 424, "签发机关", AUTHORITY, 460)
    form.line(340, 520, "证件号码", number, 460)
    form.line(730, 520, "换证次数", f"{rng.randrange(1, 9):02d}", 850)
    truth = {
        "name": name, "latin_name": romanised, "sex": person.sex, "birth": person.birth.isoformat(),
        "valid_from": start.isoformat(), "valid_to": end.isoformat(), "authority": AUTHORITY, "number": number,
    }  # fmt: skip
    return place_portrait(card, _TRAVEL_BOX, default_portrait()), truth


def travel_permit_back(taiwan: bool, seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """Its back: name in traditional letters, number of the card of Hong Kong, Macau or Taiwan, machine-readable lines.

    The lines only look like real ones, whose layout is not published.
    """
    rng = random.Random(seed + 13)  # noqa: S311
    name = rng.choice("陳張劉黃楊趙吳鄭馮蔣韓許鄧蕭葉蘇") + rng.choice(
        ("國強", "麗華", "志偉", "淑貞", "嘉豪", "雅婷", "曉東", "詩韻")
    )
    if taiwan:
        body = f"{rng.choice('ABCDEFGHJK')}{rng.choice('12')}{rng.randrange(10**7):07d}"
        number = body + taiwan_check(body)
    elif rng.random() < 0.3:
        number = f"{rng.choice('157')}{rng.randrange(10**6):06d}({rng.randrange(10)})"
    else:
        first, digits = rng.choice(("Q", "U", "QX", "UX")), f"{rng.randrange(10**6):06d}"
        number = f"{first}{digits}({hong_kong_check(first, digits)})"
    card = mark(paper((232, 236, 242)), (560, 300), 46, 6)
    form = Form(card, letters, label=23, value=32)
    form.small(60, 80, "持证人须遵守国家有关法律，妥善保管本证", 24)
    form.line(60, 150, "中文姓名", name, 330)
    form.line(60, 220, "台湾身份证号码" if taiwan else "港澳身份证号码", number, 330)
    code = "CT" if taiwan else "CR"
    permit = f"{rng.randrange(10**8):08d}" if taiwan else f"{rng.choice('HM')}{rng.randrange(10**8):08d}"
    lines = (f"{code}{permit}{rng.randrange(10)}<<{rng.randrange(10**6):06d}".ljust(30, "<"),
             f"{rng.randrange(10**7):07d}<{rng.randrange(10**7):07d}CHN".ljust(29, "<") + str(rng.randrange(10)),
             "<<".join(latin(rng)).ljust(30, "<"))  # fmt: skip
    form.zone(lines, (40, 440), 930)
    return card, {"name": name, "home_number": number}


def permanent_front(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A permanent resident's front; the number names a province that there is not in its sequence of people."""
    rng = random.Random(seed + 11)  # noqa: S311
    person = invent(seed)
    country, code, digits = rng.choice(_COUNTRIES)
    start = (date(2018, 1, 3) + timedelta(days=rng.randrange(365 * 7))).replace(day=15)
    end = start.replace(year=start.year + 10) - timedelta(days=1)
    # Sequence 000 is given to nobody.
    body = f"911{digits}{person.birth:%Y%m%d}000"
    number = body + check_character(body)
    romanised = ", ".join(latin(rng))
    sex = person.sex + ("/M" if person.sex == "男" else "/F")
    card = mark(paper((232, 236, 222)), (560, 470), 46, 6)
    form = Form(card, letters, label=20, value=30)
    form.title(500, 66, "样本共和国外国人永久居留身份证", 38)
    form.small(290, 98, "FOREIGN PERMANENT RESIDENT ID CARD", 20)
    form.line(50, 160, "姓名/Name", romanised, 180)
    form.line(50, 222, "性别/Sex", sex, 180)
    form.line(330, 222, "出生日期/Date of Birth", f"{person.birth:%Y.%m.%d}", 560, step=40)
    form.line(50, 284, "国籍/Nationality", f"{country}/{code}", 230)
    form.line(50, 346, "有效期限/Period of Validity", f"{start:%Y.%m.%d}-{end:%Y.%m.%d}", 330)
    form.line(50, 408, "签发机关/Issuing Authority", AUTHORITY, 320)
    form.line(50, 560, "证件号码/Card No.", number, 250)
    truth = {
        "name": romanised, "sex": person.sex, "birth": person.birth.isoformat(), "nationality": f"{country}/{code}",
        "valid_from": start.isoformat(), "valid_to": end.isoformat(), "authority": AUTHORITY, "number": number,
    }  # fmt: skip
    return place_portrait(card, (730, 150, 960, 440), default_portrait()), truth


def permanent_back(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A permanent resident's back, with its zone."""
    lines, truth = card_zone("TD1", seed, issuer="CHN", nationality="USA")
    card = mark(paper((236, 236, 226)), (500, 200), 46, 6)
    Form(card, letters).small(60, 90, "持证人须遵守样本共和国法律", 26)
    Form(card, letters).zone(lines, (40, 420), 930)
    return card, truth
