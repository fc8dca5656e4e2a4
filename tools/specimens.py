"""Specimen resident identity cards, rendered: ``python -m tools.specimens --out DIR``.

The cards are of the size and layout of the real ones (85.6 x 54 mm at 300 dpi: 1011 x 638 pixels), issued by
a state that does not exist, with invented people, numbers of an unassigned region and the mark 样本 SPECIMEN.
Used by the demo, the tests and the benchmarks.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from tools.camera import photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER, Person
from tools.fonts import font

SIZE = (1011, 638)
PORTRAIT_BOX = (628, 84, 936, 470)
_LABEL = (70, 110, 150)
_INK = (28, 30, 34)
_MARK = (200, 60, 60, 46)


def default_portrait() -> Image.Image:
    """The portrait of scikit-image's astronaut, a public-domain photograph of NASA's, cut like a card's."""
    # Only the file is read: importing the library takes half a second.
    spec = importlib.util.find_spec("skimage")
    assert spec is not None, "one of the locked packages"
    assert spec.submodule_search_locations, "a package"
    with Image.open(Path(spec.submodule_search_locations[0]) / "data" / "astronaut.png") as whole:
        return whole.convert("RGB").crop((127, 10, 319, 250))


def _paper(tint: tuple[int, int, int]) -> Image.Image:
    """A card with rounded corners and the fine waves that real cards are printed with."""
    card = Image.new("RGB", SIZE, tint)
    draw = ImageDraw.Draw(card)
    for k in range(-40, 80):
        y = k * 12
        points = [(x, y + 26 * ((x / 180) % 2 - 1) ** 2 + x * 0.12) for x in range(0, SIZE[0] + 20, 20)]
        shade = tuple(max(0, c - 9 - (k % 3) * 3) for c in tint)
        draw.line(points, fill=shade, width=2)
    return card


def _mark(card: Image.Image, at: tuple[int, int], size: int, angle: float) -> Image.Image:
    layer = Image.new("RGBA", (900, 200))
    ImageDraw.Draw(layer).text((450, 100), "样本 SPECIMEN", font=font(size, style="Bold"), fill=_MARK, anchor="mm")
    turned = layer.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    card.paste(turned, (at[0] - turned.width // 2, at[1] - turned.height // 2), turned)
    return card


def _wrap(text: str, width: float, letters: str, size: int) -> list[str]:
    lines = [""]
    for char in text:
        if font(size, letters).getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def render_front(
    person: Person, portrait: Image.Image | None = None, *, letters: str = "Noto Sans CJK SC"
) -> Image.Image:
    """The side with the portrait. ``letters`` is the font family of everything written."""
    card = _mark(_paper((226, 236, 240)), (420, 470), 46, 6)
    draw = ImageDraw.Draw(card)

    def label(x: int, y: int, text: str) -> None:
        draw.text((x, y), text, font=font(31, letters), fill=_LABEL, anchor="ls")

    def value(x: int, y: int, text: str, size: int = 38) -> None:
        draw.text((x, y), text, font=font(size, letters), fill=_INK, anchor="ls")

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
    for row, line in enumerate(_wrap(person.address, 430, letters, 38)):
        value(176, 346 + row * 52, line)
    label(62, 560, "公民身份号码")
    _spaced(draw, (346, 562), person.id_number, letters)
    return _with_portrait(card, portrait or default_portrait())


def _spaced(draw: ImageDraw.ImageDraw, at: tuple[int, int], digits: str, letters: str) -> None:
    """The number as cards print it: every digit on its own pitch."""
    for place, digit in enumerate(digits):
        draw.text((at[0] + 14 + place * 31, at[1]), digit, font=font(45, letters), fill=_INK, anchor="ms")


def _with_portrait(card: Image.Image, portrait: Image.Image) -> Image.Image:
    left, top, right, bottom = PORTRAIT_BOX
    scale = max((right - left) / portrait.width, (bottom - top) / portrait.height)
    grown = portrait.convert("RGB").resize(
        (round(portrait.width * scale), round(portrait.height * scale)), Image.Resampling.LANCZOS
    )
    x, y = (grown.width - right + left) // 2, (grown.height - bottom + top) // 2
    card.paste(grown.crop((x, y, x + right - left, y + bottom - top)), (left, top))
    return card


def render_back(person: Person, *, letters: str = "Noto Sans CJK SC") -> Image.Image:
    """The side with the issuing authority and the validity."""
    card = _mark(_paper((236, 238, 222)), (640, 372), 46, 6)
    draw = ImageDraw.Draw(card)
    draw.ellipse((66, 60, 226, 220), outline=(80, 140, 110), width=8)
    draw.polygon([(146, 92), (204, 140), (88, 140)], outline=(80, 140, 110), width=7)
    draw.rectangle((104, 140, 188, 190), outline=(80, 140, 110), width=7)
    for y, size, text in ((128, 54, "样本共和国"), (238, 78, "居民身份证")):
        draw.text((590, y), text, font=font(size, letters, "Bold"), fill=_INK, anchor="ms")
    for y, name, text in ((488, "签发机关", person.authority), (566, "有效期限", validity(person))):
        draw.text((226, y), name, font=font(31, letters), fill=_LABEL, anchor="ls")
        draw.text((400, y + 1), text, font=font(38, letters), fill=_INK, anchor="ls")
    return card


def validity(person: Person) -> str:
    """The validity as the card writes it: 2016.05.20-2036.05.20 or 2016.05.20-长期."""
    until = person.valid_to.strftime("%Y.%m.%d") if person.valid_to else "长期"
    return f"{person.valid_from:%Y.%m.%d}-{until}"


def write_set(out: Path) -> list[Path]:
    """Flat cards and photographs of both sides for the demo's people."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for tag, person in (("customer", CUSTOMER), ("older", OLDER_CUSTOMER)):
        for side, card in (("front", render_front(person)), ("back", render_back(person))):
            path = out / f"{tag}-{side}.png"
            card.save(path)
            photo = out / f"{tag}-{side}-photo.jpg"
            photo.write_bytes(photograph(card, seed=len(tag), level=1))
            written += [path, photo]
    portrait = out / "portrait.png"
    default_portrait().save(portrait)
    return [*written, portrait]


def main(arguments: list[str]) -> int:
    """Write the set and name the files."""
    parser = argparse.ArgumentParser(prog="python -m tools.specimens", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="directory to write to")
    for path in write_set(parser.parse_args(arguments).out):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
