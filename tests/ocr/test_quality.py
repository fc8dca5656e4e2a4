"""What is told to whoever holds the camera, and pictures that nobody should have sent."""

import io
from datetime import date

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

from ocr.api import DocumentReading, Finding
from ocr.findings import finding
from ocr.reader import DocumentReader
from tests.ocr.conftest import TODAY, png
from tools.camera import on_screen, photograph
from tools.demo_people import CUSTOMER
from tools.specimens import render_back, render_front

DESK = (58, 62, 68)


def jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


def desk_with(*cards: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (1900, 1400)) -> Image.Image:
    """Cards laid on a desk, corners given."""
    desk = Image.new("RGB", size, DESK)
    for card, at in cards:
        desk.paste(card, at)
    return desk


def never_wrong_and_sure(reading: DocumentReading, truth: dict[str, str]) -> bool:
    return all(field.unsure or field.value == truth[name] for name, field in reading.fields.items())


def of(reading: DocumentReading, code: str) -> Finding:
    return next(one for one in reading.findings if one.code == code)


def test_a_screen_is_not_the_card(reader: DocumentReader) -> None:
    screen = reader.read(photograph(on_screen(render_front(CUSTOMER)), 5, 1), today=TODAY)
    assert "doc.screen" in screen.codes


def test_too_dark(reader: DocumentReader) -> None:
    photo = Image.open(io.BytesIO(photograph(render_front(CUSTOMER), 5, 1))).point(lambda level: level * 0.13)
    reading = reader.read(jpeg(photo), today=TODAY)
    assert "doc.dark" in reading.codes
    assert never_wrong_and_sure(reading, CUSTOMER.front())


def test_two_cards(reader: DocumentReader) -> None:
    front, back = render_front(CUSTOMER).resize((800, 505)), render_back(CUSTOMER).resize((800, 505))
    both = reader.read(png(desk_with((front, (60, 80)), (back, (1000, 760)))), today=TODAY)
    assert "doc.two" in both.codes
    assert both.side in ("front", "back")
    one = reader.read(png(desk_with((front, (500, 400)))), today=TODAY)
    assert "doc.two" not in one.codes


def test_a_corner_out_of_the_picture(reader: DocumentReader) -> None:
    card = render_front(CUSTOMER).rotate(12, expand=True, fillcolor=DESK, resample=Image.Resampling.BICUBIC)
    desk = desk_with((card, (60, 60)), size=(1300, 960)).crop((60, 150, 1300, 960))
    reading = reader.read(png(desk), today=TODAY)
    assert reading.codes & {"doc.cut_off", "doc.incomplete"}
    assert never_wrong_and_sure(reading, CUSTOMER.front())


def test_glare_names_the_field_it_hides(reader: DocumentReader) -> None:
    card = np.asarray(render_front(CUSTOMER)).copy()
    card[505:590, 480:720] = 255
    found = of(reader.read(png(Image.fromarray(card)), today=TODAY), "doc.glare")
    assert "id_number" in found.fields
    assert "name" not in found.fields
    assert found.text == "号码反光，请把证件转一点角度"


def test_an_expired_card_is_refused_with_its_date(reader: DocumentReader) -> None:
    reading = reader.read(png(render_back(CUSTOMER)), today=date(2036, 5, 21))
    assert reading.fields["valid_to"].value == "2036-05-20"
    found = of(reading, "doc.expired")
    assert (found.date, found.text) == ("2036-05-20", "证件已于 2036-05-20 过期，不能使用")


def test_a_validity_that_does_not_fit_the_age(reader: DocumentReader) -> None:
    back = png(render_back(CUSTOMER))
    assert "doc.validity_age" not in reader.read(back, today=TODAY, birth=CUSTOMER.birth).codes
    other = reader.read(back, today=TODAY, birth=date(2001, 3, 7))
    assert "doc.validity_age" in other.codes
    assert other.fields["valid_to"].unsure


def test_a_pdf_page_is_read_and_others_are_named(reader: DocumentReader) -> None:
    card = render_front(CUSTOMER)
    buffer = io.BytesIO()
    card.save(buffer, "PDF", save_all=True, append_images=[render_back(CUSTOMER)], resolution=300)
    reading = reader.read(buffer.getvalue(), today=TODAY)
    assert {name: field.value for name, field in reading.fields.items()} == CUSTOMER.front()
    assert reading.codes == {"image.pages"}


def test_a_locked_pdf(reader: DocumentReader) -> None:
    document = FPDF()
    document.add_page()
    document.set_encryption(owner_password="owner", user_password="user")
    assert reader.read(bytes(document.output()), today=TODAY).codes == {"image.locked"}


def test_an_animation_gives_its_first_picture(reader: DocumentReader) -> None:
    buffer = io.BytesIO()
    front, back = render_front(CUSTOMER), render_back(CUSTOMER)
    front.save(buffer, "WEBP", save_all=True, append_images=[back], lossless=True, method=0)
    reading = reader.read(buffer.getvalue(), today=TODAY)
    assert reading.side == "front"
    assert reading.codes == {"image.animated"}


@pytest.mark.parametrize("mode", ["CMYK", "turned", "fifty megapixels"])
def test_odd_pictures_of_a_card_are_read_all_the_same(reader: DocumentReader, mode: str) -> None:
    photo = Image.open(io.BytesIO(photograph(render_back(CUSTOMER), 9, 1)))
    data = b""
    if mode == "CMYK":
        data = jpeg(photo.convert("CMYK"))
    elif mode == "turned":
        exif = Image.Exif()
        exif[0x0112] = 8
        data = jpeg(photo.rotate(-90, expand=True), exif=exif.tobytes())
    else:
        data = jpeg(photo.resize((8192, 6144), Image.Resampling.BILINEAR))
    reading = reader.read(data, today=TODAY)
    assert {name: field.value for name, field in reading.fields.items()} == CUSTOMER.back()


def test_findings_speak_of_fields_only_where_they_are_known() -> None:
    assert finding("doc.glare").text == "证件反光，请把证件转一点角度"
    assert finding("doc.glare", fields=("name", "address")).text == "姓名、住址反光，请把证件转一点角度"
