"""Picture files: upright, see-through where they are, bounded, and nothing but a picture is one."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QImage

from ui.kit.picture_files import MAX_PIXELS, decode, encode_jpeg


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def two_halves(size: tuple[int, int] = (12, 6)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, (200, 10, 20))
    picture.paste((10, 20, 200), (size[0] // 2, 0, *size))
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_has_its_colours_where_they_were(kind: str) -> None:
    image = decode(saved(two_halves((40, 20)), kind))
    assert (image.width(), image.height()) == (40, 20)
    left, right = image.pixelColor(5, 10), image.pixelColor(34, 10)
    assert left.red() > 150 > 60 > left.blue()
    assert right.blue() > 150 > 60 > right.red()


@pytest.mark.parametrize(("turn", "red_at"), [(1, (0, 3)), (3, (11, 3)), (6, (3, 0)), (8, (3, 11))])
def test_a_picture_is_upright_as_its_exif_says(turn: int, red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    image = decode(saved(two_halves(), "PNG", exif=exif))
    assert (image.width(), image.height()) == ((12, 6) if turn < 5 else (6, 12))
    assert image.pixelColor(*red_at).red() == 200


def test_what_is_seen_through_stays_so() -> None:
    ink = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    ink.putpixel((1, 1), (20, 30, 40, 255))
    image = decode(saved(ink, "PNG"))
    assert [image.pixelColor(x, x).alpha() for x in (0, 1)] == [0, 255]
    assert image.pixelColor(1, 1).red() == 20


def _says_it_is(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<svg/>",
        b"masked",
        saved(two_halves(), "BMP"),
        saved(two_halves(), "PNG")[:60],
        _says_it_is(8_001, 8_000),
        _says_it_is(99_999, 99_999),
    ],
    ids=["nothing", "pdf", "svg", "words", "another kind", "half", "too many", "far too many"],
)
def test_what_is_no_picture_is_a_null_image(data: bytes) -> None:
    assert MAX_PIXELS < 8_001 * 8_000
    assert decode(data).isNull()


@given(at=st.integers(0, 10_000), junk=st.binary(min_size=1, max_size=40), kind=st.sampled_from(["PNG", "JPEG"]))
def test_a_damaged_file_raises_nothing(at: int, junk: bytes, kind: str) -> None:
    whole = saved(two_halves((64, 48)), kind)
    at %= len(whole)
    assert isinstance(decode(whole[:at] + junk + whole[at + len(junk) :]), QImage)


@pytest.mark.parametrize("width", [64, 63])
def test_a_screen_goes_through_jpeg(width: int) -> None:
    screen = QImage(width, 40, QImage.Format.Format_RGB32)
    screen.fill(0x3366AA)
    image = decode(encode_jpeg(screen, 80))
    assert (image.width(), image.height()) == (width, 40)
    seen = image.pixelColor(30, 20)
    assert max(abs(seen.red() - 0x33), abs(seen.green() - 0x66), abs(seen.blue() - 0xAA)) < 6
