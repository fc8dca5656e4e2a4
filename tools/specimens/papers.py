"""Bank cards, business licences, register pages and the bank's own certificates."""

import io
import random
from datetime import date, timedelta

import segno
from PIL import Image, ImageDraw

from ocr.bank_number import luhn_digit
from ocr.credit_code import check_character, organisation_check
from ocr.kinds.deposit_certificate import check_digit
from teller.capitals import capitals
from teller.money import Money
from tools.demo_people import invent
from tools.fonts import font
from tools.specimens.paper import INK, SHEET, Form, mark, paper

_RELATIONS = ("户主", "妻", "夫", "长子", "长女", "次子", "孙女")
_PLACES = ("云溪市青禾区", "临江市白鹭区", "望海市星洲区", "青岚省松原县")
_TYPES = ("有限责任公司（自然人投资或控股）", "股份有限公司（非上市）", "有限责任公司（自然人独资）", "个人独资企业")
_TRADES = ("科技", "贸易", "食品", "建筑", "文化传媒", "机械")
_DESIGNS = (((150, 40, 50), (250, 244, 240)), ((28, 62, 120), (240, 244, 250)), ((222, 218, 206), INK))


def bank_card(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A card of the invented bank; 9999 begins no real number."""
    rng = random.Random(seed + 3)  # noqa: S311 - invents papers, protects nothing
    prefix, kind, size = rng.choice((("999912", "借记卡", 16), ("999913", "借记卡", 19), ("999914", "贷记卡", 16)))
    body = prefix + "".join(str(rng.randrange(10)) for _ in range(size - 7))
    number = body + luhn_digit(body)
    ground, ink = _DESIGNS[seed % len(_DESIGNS)]
    card = mark(paper(ground), (560, 520), 46, 6)
    draw = ImageDraw.Draw(card)
    draw.text((60, 110), "示范银行 DEMO BANK", font=font(46, letters, "Bold"), fill=ink, anchor="ls")
    draw.text((950, 110), kind, font=font(34, letters), fill=ink, anchor="rs")
    draw.rounded_rectangle((80, 190, 220, 290), radius=14, fill=(214, 186, 110))
    groups = [number[i : i + 4] for i in range(0, len(number), 4)]
    x = 80.0
    for group in groups:
        draw.text((x, 400), group, font=font(54, letters), fill=ink, anchor="ls")
        x += font(54, letters).getlength(group) + 26
    truth = {"number": number, "issuer": "示范银行", "card_type": kind}
    if rng.random() < 0.6:
        year, month = rng.randrange(2027, 2035), rng.randrange(1, 13)
        draw.text((80, 490), f"VALID THRU {month:02d}/{year % 100}", font=font(30, letters), fill=ink, anchor="ls")
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        truth["valid_to"] = last.isoformat()
    return card, truth


def _code_of(seed: int) -> str:
    """A credit code of the region that GB/T 2260 assigns to nobody."""
    rng = random.Random(seed + 17)  # noqa: S311
    organisation = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
    body = f"91999999{organisation}{organisation_check(organisation)}"
    return body + check_character(body)


def _paste_code(page: Image.Image, text: str, box: tuple[int, int, int, int]) -> None:
    buffer = io.BytesIO()
    segno.make_qr(text, error="m").save(buffer, kind="png", scale=6, border=2)
    code = Image.open(buffer).convert("RGB").resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.NEAREST)
    page.paste(code, box[:2])


def _long(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def business_licence(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """A licence in two columns, with its QR code."""
    rng = random.Random(seed + 5)  # noqa: S311
    person, code = invent(seed), _code_of(seed)
    first, second = rng.choice("鑫宏嘉瑞恒泰盛元"), rng.choice("远达通和源丰华信")
    name = f"{rng.choice(_PLACES)[:2]}{first}{second}{rng.choice(_TRADES)}有限公司"
    kind = rng.choice(_TYPES)
    founded = date(2005, 1, 1) + timedelta(days=rng.randrange(365 * 18))
    capital = rng.choice(("壹佰万元整", "伍佰万元整", "壹仟万元整", "叁拾万元整", "贰仟陆佰万元整"))
    page = mark(paper((246, 242, 228), SHEET), (480, 690), 60, 6)
    draw = ImageDraw.Draw(page)
    draw.rectangle((24, 24, SHEET[0] - 24, SHEET[1] - 24), outline=(176, 140, 70), width=6)
    form = Form(page, letters, label=28, value=30)
    form.title(710, 160, "营  业  执  照", 78)
    form.title(710, 204, "（副  本）", 28)
    form.small(90, 130, "统一社会信用代码", 26)
    draw.text((90, 172), code, font=font(32, letters), fill=INK, anchor="ls")
    link = f"https://verify.invalid/licence?code={code}"
    _paste_code(page, link, (1130, 70, 1320, 260))
    left = ((330, "名　　称", name), (398, "类　　型", kind), (466, "法定代表人", person.name),
            (534, "经营范围", "技术开发、技术咨询、技术服务；货物进出口；销售日用百货。"))  # fmt: skip
    for y, label, text in left:
        form.line(90, y, label, text, 270, width=480, step=40)
    form.line(800, 330, "注册资本", capital, 970)
    form.line(800, 398, "成立日期", _long(founded), 970)
    truth = {
        "credit_code": code, "name": name, "type": kind, "representative": person.name, "capital": capital,
        "established": founded.isoformat(), "address": person.address, "qr": link,
    }  # fmt: skip
    y = 466
    if rng.random() < 0.5:
        end = founded.replace(day=min(founded.day, 28), year=founded.year + 30)
        until = rng.choice(("长期", _long(end)))
        form.line(800, 466, "营业期限", f"{_long(founded)}至{until}", 970, width=400, step=40)
        truth |= {"valid_from": founded.isoformat(), "valid_to": "长期" if until == "长期" else end.isoformat()}
        y = 574
    form.line(800, y, "住　　所", person.address, 970, width=380, step=40)
    form.small(900, 820, "登记机关", 30)
    form.small(1080, 900, _long(founded + timedelta(days=90)), 30)
    return page, truth


def household_home(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """The first page of a register."""
    rng = random.Random(seed + 9)  # noqa: S311
    person = invent(seed)
    number, kind = f"{rng.randrange(10**9):09d}", rng.choice(("家庭户", "集体户", "居民家庭户口"))
    page = mark(paper((240, 238, 226), SHEET), (700, 640), 60, 6)
    form = Form(page, letters, label=30, value=36)
    form.line(90, 150, "户别", kind, 260)
    form.line(720, 150, "户主姓名", person.name, 900)
    form.line(90, 260, "户号", number, 260)
    form.line(90, 370, "住址", person.address, 260)
    for y in (90, 190, 300, 410):
        form.rule((70, y, 1350, y))
    form.small(120, 860, "户口专用章", 34)
    form.small(820, 860, "承办人签章", 34)
    truth = {"household_type": kind, "head": person.name, "household_number": number, "address": person.address}
    return page, truth


def household_member(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """The page of one member."""
    rng = random.Random(seed + 13)  # noqa: S311
    person = invent(seed)
    relation, place, origin = rng.choice(_RELATIONS), rng.choice(_PLACES), rng.choice(_PLACES)
    page = mark(paper((240, 238, 226), SHEET), (560, 930), 50, 3)
    form = Form(page, letters, label=26, value=32)
    form.title(710, 96, "常住人口登记卡", 50)
    rows = (
        (("姓名", person.name), ("户主或与户主关系", relation)),
        (("曾用名", ""), ("性别", person.sex)),
        (("出生地", place), ("民族", person.nation + "族" if len(person.nation) == 1 else person.nation)),
        (("籍贯", origin), ("出生日期", _long(person.birth))),
        (("本市（县）其他住址", ""), ("宗教信仰", "")),
        (("公民身份号码", person.id_number), ("身高", f"{rng.randrange(150, 190)}厘米")),
        (
            ("文化程度", rng.choice(("大学本科", "高中", "初中", "大学专科"))),
            ("婚姻状况", rng.choice(("已婚", "未婚"))),
        ),
        (("服务处所", ""), ("职业", "")),
    )
    for at, ((left, one), (right, two)) in enumerate(rows):
        y = 180 + at * 84
        form.rule((70, y - 52, 1350, y - 52))
        form.line(90, y, left, one, 310)
        form.line(780, y, right, two, 1020)
    form.small(120, 940, "承办人签章", 26)
    form.small(820, 940, "登记日期", 26)
    truth = {
        "name": person.name, "relation": relation, "sex": person.sex, "birthplace": place, "nation": person.nation,
        "native_place": origin, "birth": person.birth.isoformat(), "id_number": person.id_number,
    }  # fmt: skip
    return page, truth


def deposit_certificate(seed: int, letters: str) -> tuple[Image.Image, dict[str, str]]:
    """The bank's own certificate, with code and QR code."""
    rng = random.Random(seed + 19)  # noqa: S311
    person = invent(seed)
    amount = Money(rng.choice((100, 1000, 5000)) * rng.randrange(1, 900) * 100 + rng.choice((0, 0, 50, 25)), "CNY")
    start = (date(2023, 1, 1) + timedelta(days=rng.randrange(900))).replace(day=12)
    term, years, rate = rng.choice((("一年", 1, "1.45%"), ("三年", 3, "1.95%"), ("五年", 5, "2.00%")))
    due = start.replace(year=start.year + years)
    body = f"{rng.randrange(10**11):011d}"
    code = body + check_digit(body)
    number, account = f"CD{rng.randrange(10**10):010d}", f"9999{rng.randrange(10**15):015d}"
    page = mark(paper((232, 240, 232), SHEET), (500, 700), 60, 4)
    form = Form(page, letters, label=28, value=34)
    form.title(710, 120, "示范银行定期存单", 60)
    figures = f"{amount.minor // 100:,}.{amount.minor % 100:02d}"
    lines = (
        (("存单号码", number), ("户名", person.name)),
        (("账号", account), ("存期", term)),
        (("金额小写", f"CNY {figures}"), ("年利率", rate)),
        (("存入日", _long(start)), ("到期日", _long(due))),
    )
    for at, ((left, one), (right, two)) in enumerate(lines):
        form.line(90, 230 + at * 88, left, one, 260)
        form.line(820, 230 + at * 88, right, two, 980)
    form.line(90, 600, "金额大写", "人民币" + capitals(amount), 260)
    grouped = " ".join(code[i : i + 4] for i in range(0, 12, 4))
    form.line(90, 800, "验证码", grouped, 260)
    link = f"https://demo-bank.invalid/verify/{code}"
    _paste_code(page, link, (1100, 690, 1300, 890))
    truth = {
        "number": number, "name": person.name, "account": account,
        "amount": f"{amount.minor // 100}.{amount.minor % 100:02d}", "amount_capitals": capitals(amount), "term": term,
        "rate": rate, "start": start.isoformat(), "due": due.isoformat(), "code": code, "qr": link,
    }  # fmt: skip
    return page, truth
