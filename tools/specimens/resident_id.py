"""Resident identity cards: the demo's people and invented ones on cards of a state that does not exist."""

from PIL import Image, ImageDraw

from tools.demo_people import Person
from tools.fonts import font
from tools.specimens.paper import INK, LABEL, default_portrait, mark, paper, place_portrait, spaced, wrap

PORTRAIT_BOX = (628, 84, 936, 470)


def render_front(
    person: Person, portrait: Image.Image | None = None, *, letters: str = "Noto Sans CJK SC"
) -> Image.Image:
    """The side with the portrait. ``letters`` is the font family of everything written."""
    card = mark(paper((226, 236, 240)), (420, 470), 46, 6)
    draw = ImageDraw.Draw(card)

    def label(x: int, y: int, text: str) -> None:
        draw.text((x, y), text, font=font(31, letters), fill=LABEL, anchor="ls")

    def value(x: int, y: int, text: str, size: int = 38) -> None:
        draw.text((x, y), text, font=font(size, letters), fill=INK, anchor="ls")

    label(62, 112, "姓名")
    value(176, 113, person.name, 44)
    label(62, 188, "性别")
    value(176, 190, person.sex)
    label(318, 188, "民族")
    value(418, 190, person.nation)
    label(62, 266, "出生")
    for x, text, unit in (
        (176, str(person.birth.year), "年"),
        (330, str(person.birth.month), "月"),
        (436, str(person.birth.day), "日"),
    ):
        value(x, 267, text)
        label(x + int(font(38, letters).getlength(text)) + 14, 266, unit)
    label(62, 344, "住址")
    for row, line in enumerate(wrap(person.address, 430, letters, 38)):
        value(176, 346 + row * 52, line)
    label(62, 560, "公民身份号码")
    spaced(draw, (346, 562), person.id_number, letters)
    return place_portrait(card, PORTRAIT_BOX, portrait or default_portrait())


def render_back(person: Person, *, letters: str = "Noto Sans CJK SC") -> Image.Image:
    """The side with the issuing authority and the validity."""
    card = mark(paper((236, 238, 222)), (640, 372), 46, 6)
    draw = ImageDraw.Draw(card)
    draw.ellipse((66, 60, 226, 220), outline=(80, 140, 110), width=8)
    draw.polygon([(146, 92), (204, 140), (88, 140)], outline=(80, 140, 110), width=7)
    draw.rectangle((104, 140, 188, 190), outline=(80, 140, 110), width=7)
    for y, size, text in ((128, 54, "样本共和国"), (238, 78, "居民身份证")):
        draw.text((590, y), text, font=font(size, letters, "Bold"), fill=INK, anchor="ms")
    for y, name, text in ((488, "签发机关", person.authority), (566, "有效期限", validity(person))):
        draw.text((226, y), name, font=font(31, letters), fill=LABEL, anchor="ls")
        draw.text((400, y + 1), text, font=font(38, letters), fill=INK, anchor="ls")
    return card


def validity(person: Person) -> str:
    """The validity as the card writes it: 2016.05.20-2036.05.20 or 2016.05.20-长期."""
    until = person.valid_to.strftime("%Y.%m.%d") if person.valid_to else "长期"
    return f"{person.valid_from:%Y.%m.%d}-{until}"
