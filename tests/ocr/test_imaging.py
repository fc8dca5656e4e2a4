"""Pictures of every kind that people send, and files that are none."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr import imaging
from ocr.imaging import PictureError, decode


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


PLAIN = Image.linear_gradient("L").resize((64, 40))


@pytest.mark.parametrize(
    "data",
    [
        saved(PLAIN, "PNG"),
        saved(PLAIN.convert("CMYK"), "JPEG"),
        saved(Image.fromarray(np.asarray(PLAIN).astype(np.uint16) * 257), "PNG"),
        saved(PLAIN.convert("P"), "GIF", save_all=True, append_images=[PLAIN.convert("P").rotate(180)]),
        saved(PLAIN.convert("RGBA"), "WEBP"),
        saved(PLAIN.convert("1"), "BMP"),
        saved(PLAIN.convert("F"), "TIFF"),
    ],
    ids=["grey", "cmyk", "16-bit", "animated", "transparent", "1-bit", "float"],
)
def test_every_kind_becomes_eight_bit_colour(data: bytes) -> None:
    picture = decode(data)
    assert picture.shape == (40, 64, 3)
    assert picture.dtype == np.uint8
    assert int(picture[5].mean()) < int(picture[-5].mean())


def test_the_camera_s_turn_is_undone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(saved(PLAIN.convert("RGB"), "JPEG", exif=exif)).shape == (64, 40, 3)


def test_fifty_megapixels_are_scaled_down() -> None:
    data = saved(Image.new("RGB", (8660, 5774), (90, 120, 90)), "JPEG", quality=30)
    assert max(decode(data).shape) <= imaging.LONG_SIDE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image.empty"),
        (b"%PDF-1.7\n", "image.unreadable"),
        (b"<html></html>", "image.unsupported"),
        (b"\xff\xd8\xff\xe0 not really", "image.unreadable"),
        (saved(PLAIN, "PNG")[:90], "image.unreadable"),
        (saved(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG")[:3000], "image.unreadable"),
        (saved(Image.new("1", (15000, 15000)), "PNG"), "image.too_large"),
        (b"\x00" * (imaging.MAX_BYTES + 1), "image.too_large"),
        (saved(Image.new("L", (4, 4)), "PNG"), "image.unreadable"),
    ],
    ids=["empty", "pdf", "html", "no-jpeg", "cut-png", "cut-jpeg", "bomb", "long", "tiny"],
)
def test_files_that_are_no_use(data: bytes, code: str) -> None:
    with pytest.raises(PictureError) as raised:
        decode(data)
    assert raised.value.code == code


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=12))
def test_damage_never_escapes_as_another_error(place: int, junk: bytes) -> None:
    whole = saved(PLAIN.convert("RGB"), "JPEG")
    place %= len(whole)
    try:
        decode(whole[:place] + junk + whole[place + len(junk) :])
    except PictureError as error:
        assert error.code.startswith("image.")


def test_sharpness_falls_with_blur_and_glare_is_found_where_it_is() -> None:
    rng = np.random.default_rng(1)
    page = np.full((638, 1011, 3), 215, np.uint8)
    page[100:500:9, 100:900] = rng.integers(0, 80, (45, 800, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(page).resize((101, 64)).resize((1011, 638)))
    assert imaging.sharpness(page) > 2 * imaging.sharpness(np.ascontiguousarray(soft))
    assert not imaging.glare_mask(page).any()
    page[200:300, 300:420] = 255
    mask = imaging.glare_mask(page)
    assert mask[250, 360] == 255
    assert mask[550, 900] == 0


def test_white_paper_is_not_glare() -> None:
    page = np.full((638, 1011, 3), 255, np.uint8)
    page[300:320, 100:900] = 0
    assert not imaging.glare_mask(page).any()
