"""What is said while a document still lies before the camera."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from common.settings import Settings
from devices.sim.camera import empty_glass
from ocr.client import GuideClient
from ocr.guide import DocumentGuide
from tests.ocr.conftest import png
from tools.camera import photograph
from tools.demo_people import CUSTOMER
from tools.specimens import render_back, render_front

FELT = (58, 62, 68)


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def laid() -> Image.Image:
    """The front of a card as the document camera sees it."""
    return Image.open(io.BytesIO(photograph(render_front(CUSTOMER), 11, 0))).convert("RGB")


def glaring() -> Image.Image:
    card = np.asarray(render_front(CUSTOMER)).copy()
    card[505:590, 480:720] = 255
    return Image.open(io.BytesIO(photograph(Image.fromarray(card), 11, 0)))


def hand(laid: Image.Image) -> Image.Image:
    image = laid.copy()
    ImageDraw.Draw(image).ellipse((-100, 500, 500, 1300), fill=(205, 160, 140))
    return image


def far(laid: Image.Image) -> Image.Image:
    table = Image.new("RGB", laid.size, FELT)
    table.paste(laid.resize((560, 420)), (400, 300))
    return table


def two() -> Image.Image:
    table = Image.new("RGB", (1900, 1400), FELT)
    for at in ((60, 80), (1000, 760)):
        table.paste(render_front(CUSTOMER).resize((800, 505)), at)
    return table


def test_a_card_laid_well_is_good_on_both_sides_and_shows_its_outline(laid: Image.Image) -> None:
    guide = DocumentGuide()
    front = guide.look(jpeg(laid), "id_front")
    assert front.good
    assert front.outline is not None
    assert all(0 < x < 1 and 0 < y < 1 for x, y in front.outline)
    assert max(Image.open(io.BytesIO(front.preview)).size) == 480
    assert guide.look(photograph(render_back(CUSTOMER), 12, 0), "id_back").good
    assert guide.look(png(render_front(CUSTOMER))).good, "a scan fills its picture"


def test_what_is_to_be_put_right_is_named(laid: Image.Image) -> None:
    cases = {
        "doc.cut_off": laid.crop((260, 0, 1600, 1200)),
        "doc.covered": hand(laid),
        "doc.too_small": far(laid),
        "doc.dark": laid.point(lambda level: level * 0.13),
        "doc.copy": laid.convert("L"),
        "doc.two": two(),
        "doc.blur": laid.resize((200, 150)).resize((1600, 1200), Image.Resampling.BICUBIC),
    }
    guide = DocumentGuide()
    said = {code: guide.look(jpeg(image), "id_front").findings[0].code for code, image in cases.items()}
    assert said == {code: code for code in cases}


@pytest.mark.parametrize("turned", [0, 180])
def test_glare_names_what_it_hides_whichever_way_up(turned: int) -> None:
    found = DocumentGuide().look(jpeg(glaring().rotate(turned)), "id_front").findings
    assert [(one.code, one.fields) for one in found] == [("doc.glare", ("id_number",))]


@pytest.mark.parametrize(
    ("data", "code"), [(empty_glass(), "doc.none"), (b"", "image.empty"), (b"GIF", "image.unreadable")]
)
def test_without_a_document_nothing_is_seen(data: bytes, code: str) -> None:
    said = DocumentGuide().look(data, "id_front")
    assert not said.seen
    assert [one.code for one in said.findings] == [code]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[GuideClient]:
    made = GuideClient(Settings(data_dir=tmp_path))
    await made.wake()
    await made.wake()
    yield made
    await made.close()


async def test_the_light_worker_answers_over_the_wire(client: GuideClient, laid: Image.Image) -> None:
    said = await client.look_at_document(jpeg(laid), "id_front")
    here = DocumentGuide().look(jpeg(laid), "id_front")
    assert said == replace(here, elapsed_ms=said.elapsed_ms)
    assert said.good
    assert client.figures.memory_bytes["now"] < 300_000_000, "no models in it"
