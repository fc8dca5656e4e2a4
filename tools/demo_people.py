"""Invented people in any number, for specimen cards; the demo bank's own customers are among them."""

import random
from datetime import date, timedelta

from common.demo_people import CUSTOMER, NEWCOMER, OLDER_CUSTOMER, Person
from ocr.id_number import check_character
from ocr.nations import NATIONS
from ocr.validity import age_on, years_issued

__all__ = ["CUSTOMER", "NEWCOMER", "OLDER_CUSTOMER", "Person", "invent"]

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马苗凤方"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "令狐")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英兰荣华文辉建国志玉红梅琳晨曦雨欣子轩浩然思远雅婷梓涵若溪慧颖"
    "嘉懿翊宸睿瑾瑜婧怡璇煜焱鑫淼森垚灏澜沁泓漪岚峻嵩巍骁骏驰翰墨砚舟帆遥逸逍"
)
_DOTTED = ("买买提·吐尔逊", "阿依古丽·艾合买提", "古丽娜尔·阿不都", "巴特尔·斯琴", "扎西·多吉", "努尔兰·哈力别克")
_CITIES = (
    "云溪市青禾区",
    "云溪市东湖区",
    "临江市白鹭区",
    "望海市星洲区",
    "青岚省松原县",
    "云溪市石桥镇",
    "桂岭自治县杨柳乡",
)
_ROADS = (
    "梧桐路",
    "文昌街道杏林巷",
    "解放大道",
    "人民东路",
    "建设三路",
    "滨河西街",
    "长安街",
    "幸福村委会",
    "凤凰山路",
    "龙泉北路",
)
_ENDS = (
    "{a}号{b}幢{c}室",
    "{a}号",
    "{a}弄{b}号{c}室",
    "{a}号附{b}号",
    "第{b}村民小组{a}号",
    "{a}号院{b}号楼{d}单元{c}号",
)


def invent(seed: int) -> Person:
    """A person who does not exist; the same seed, the same person. All kinds of names, groups and addresses occur."""
    rng = random.Random(seed)  # noqa: S311 - invents people, protects nothing
    sex = rng.choice("男女")
    birth = date(1940, 1, 1) + timedelta(days=rng.randrange(365 * 68))
    serial = rng.randrange(50) * 2 * 10 + rng.randrange(0, 10, 2) + (sex == "男")
    body = f"999999{birth:%Y%m%d}{serial % 1000:03d}"
    city = rng.choice(_CITIES)
    number = rng.randrange(1, 400)
    end = rng.choice(_ENDS).format(a=number, b=rng.randrange(1, 30), c=rng.randrange(101, 2600), d=rng.randrange(1, 7))
    start = date(2008, 1, 1) + timedelta(days=rng.randrange(365 * 16))
    if (start.month, start.day) == (2, 29):
        start += timedelta(days=1)
    years = years_issued(age_on(birth, start))
    nation = rng.choice(sorted(NATIONS)) if rng.random() < 0.45 else "汉"
    return Person(
        name=_name(rng), sex=sex, nation=nation, birth=birth, address=city + rng.choice(_ROADS) + end,
        id_number=body + check_character(body), authority=f"{city[:3]}公安局{city[3:5]}分局", valid_from=start,
        valid_to=start.replace(year=start.year + years) if years else None,
    )  # fmt: skip


def _name(rng: random.Random) -> str:
    if rng.random() < 0.06:
        return rng.choice(_DOTTED)
    surname = rng.choice(_COMPOUND) if rng.random() < 0.08 else rng.choice(_SURNAMES)
    return surname + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
