"""The real engine on rendered cards: right, or marked unsure."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

from ocr.api import DocumentReading
from ocr.kinds.resident_id import BACK, FRONT
from ocr.reader import DocumentReader
from tests.ocr.conftest import TODAY, png
from tools.camera import photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER, Person, invent
from tools.specimens import render_back, render_front


def wrong_and_sure(reading: DocumentReading, truth: dict[str, str]) -> dict[str, str]:
    return {n: f.value for n, f in reading.fields.items() if not f.unsure and f.value != truth[n]}


def picture_of(name: str) -> Image.Image:
    """One of the photographs in scikit-image's wheel."""
    return Image.fromarray(getattr(data, name)())


def values(reading: DocumentReading) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()}


@pytest.mark.parametrize("person", [CUSTOMER, OLDER_CUSTOMER, invent(8)], ids=["customer", "older", "other"])
def test_a_flat_card_is_read_right_in_every_field(reader: DocumentReader, person: Person) -> None:
    front = reader.read(png(render_front(person)), today=TODAY)
    back = reader.read(png(render_back(person)), today=TODAY)
    assert (front.kind, front.side, back.kind, back.side) == ("resident_id", "front", "resident_id", "back")
    assert values(front) == person.front()
    assert values(back) == person.back()
    assert not any(field.unsure for field in (*front.fields.values(), *back.fields.values()))
    assert not front.findings


def test_crops_boxes_and_portrait(reader: DocumentReader) -> None:
    reading = reader.read(photograph(render_front(CUSTOMER), 5, 0), today=TODAY)
    assert reading.rectified is not None
    assert reading.portrait is not None
    page = Image.open(io.BytesIO(reading.rectified))
    number = reading.fields["id_number"]
    assert number.crop is not None
    assert number.page_box is not None
    assert number.box is not None
    left, top, width, height = number.page_box
    assert Image.open(io.BytesIO(number.crop)).size == (width, height)
    assert left > page.width * 0.25
    assert top > page.height * 0.75
    assert min(Image.open(io.BytesIO(reading.portrait.png)).size) > 100
    assert all(0 <= x <= 1600 and 0 <= y <= 1200 for x, y in number.box)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture(reader: DocumentReader, quarters: int) -> None:
    photo = Image.open(io.BytesIO(photograph(render_front(CUSTOMER), 7, 1)))
    reading = reader.read(png(photo.rotate(90 * quarters, expand=True)), today=TODAY)
    assert values(reading) == CUSTOMER.front()


@pytest.mark.parametrize(("level", "seed"), [(2, 11), (2, 12), (3, 13), (3, 14)])
def test_hard_pictures_are_never_wrong_and_sure(reader: DocumentReader, level: int, seed: int) -> None:
    person = invent(seed)
    front = reader.read(photograph(render_front(person), seed, level), today=TODAY)
    back = reader.read(photograph(render_back(person), seed, level), today=TODAY)
    assert wrong_and_sure(front, person.front()) == {}
    assert wrong_and_sure(back, person.back()) == {}


@pytest.mark.parametrize("radius", [2.5, 5.0])
def test_blur(reader: DocumentReader, radius: float) -> None:
    card = render_front(CUSTOMER).filter(ImageFilter.GaussianBlur(radius))
    reading = reader.read(png(card), today=TODAY)
    assert "doc.blur" in reading.codes
    assert wrong_and_sure(reading, CUSTOMER.front()) == {}


def test_glare_over_the_number(reader: DocumentReader) -> None:
    card = render_front(CUSTOMER)
    ImageDraw.Draw(card).ellipse((480, 500, 720, 600), fill=(255, 255, 255))
    reading = reader.read(png(card), today=TODAY)
    assert "doc.glare" in reading.codes
    assert reading.fields["id_number"].unsure
    assert wrong_and_sure(reading, CUSTOMER.front()) == {}


def test_a_copy_and_a_card_that_is_cut(reader: DocumentReader) -> None:
    grey = render_front(CUSTOMER).convert("L")
    assert "doc.copy" in reader.read(png(grey), today=TODAY).codes
    photo = Image.open(io.BytesIO(photograph(render_front(CUSTOMER), 5, 0)))
    cut = reader.read(png(photo.crop((0, 0, 1240, 1200))), today=TODAY)
    assert wrong_and_sure(cut, CUSTOMER.front()) == {}
    assert cut.codes & {"doc.cut_off", "doc.incomplete", "doc.not_id"}


def test_a_number_with_a_wrong_check_character(reader: DocumentReader) -> None:
    forged = Person(**{**vars(CUSTOMER), "id_number": "999999199003070425"})
    reading = reader.read(png(render_front(forged)), today=TODAY)
    assert "doc.number_check" in reading.codes
    assert reading.fields["id_number"].unsure


@pytest.mark.parametrize(
    ("picture", "codes"),
    [
        (picture_of("coffee"), {"doc.none", "doc.not_id"}),
        (picture_of("page"), {"doc.not_id"}),
        (Image.new("RGB", (1280, 720), (90, 90, 90)), {"doc.none"}),
    ],
    ids=["coffee", "book page", "empty desk"],
)
def test_what_is_no_identity_card(reader: DocumentReader, picture: Image.Image, codes: set[str]) -> None:
    reading = reader.read(png(picture), today=TODAY)
    assert reading.kind is None
    assert reading.fields == {}
    assert reading.codes <= codes
    assert reading.codes


def test_a_card_without_a_face(reader: DocumentReader) -> None:
    blank = Image.fromarray(np.full((300, 240, 3), 200, np.uint8))
    reading = reader.read(png(render_front(CUSTOMER, blank)), today=TODAY)
    assert "face.none" in reading.codes
    assert reading.portrait is None


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.4", b"\xff\xd8\xff junk"])
def test_files_that_are_no_picture(reader: DocumentReader, junk: bytes) -> None:
    reading = reader.read(junk, today=TODAY)
    assert reading.kind is None
    assert next(iter(reading.codes)).startswith("image.")


def test_every_field_is_there_even_when_it_was_not_read(reader: DocumentReader) -> None:
    card = render_front(CUSTOMER)
    ImageDraw.Draw(card).rectangle((150, 60, 600, 125), fill=(226, 236, 240))
    reading = reader.read(png(card), today=TODAY)
    assert set(reading.fields) == set(FRONT)
    assert reading.fields["name"].unsure
    assert set(reader.read(png(render_back(CUSTOMER)), today=TODAY).fields) == set(BACK)
