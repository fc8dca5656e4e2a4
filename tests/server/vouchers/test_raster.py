"""Pages as pictures: the right size, seal included, and only those that there are."""

import io
import threading

import pytest
from PIL import Image

from benchmarks.sample_voucher import make_voucher
from common.errors import UserError
from server.vouchers import raster
from server.vouchers.press import VoucherPress
from teller.vouchers import VoucherLine
from tests.server.vouchers.conftest import SEAL


@pytest.fixture(scope="module")
def two_pages(press: VoucherPress) -> bytes:
    lines = tuple(VoucherLine(f"项{n}", "Item", f"值 {n}") for n in range(16))
    return press.issue(make_voucher(lines=lines), SEAL)


def red(picture: Image.Image, box: tuple[float, float, float, float]) -> int:
    """Red dots in a part of the page, given in millimetres."""
    scale = picture.width / 210
    part = picture.crop(tuple(round(edge * scale) for edge in box)).convert("RGB")  # type: ignore[arg-type]
    width, height = part.size
    dots = (part.getpixel((x, y)) for x in range(width) for y in range(height))
    return sum(r > 150 and g < 110 and b < 110 for r, g, b in dots)  # type: ignore[misc]


def test_each_page_is_drawn_with_its_seals(two_pages: bytes) -> None:
    assert raster.count(two_pages) == 2
    first, last = (Image.open(io.BytesIO(raster.draw(two_pages, number, 420))) for number in (1, 2))
    assert first.format == "PNG"
    assert first.size == (420, 594)
    edge, seal = (194.0, 150.0, 210.0, 182.0), (104.0, 209.0, 146.0, 251.0)
    assert red(first, edge) > 50
    assert red(last, edge) > 50
    assert red(last, seal) > 300, "the signature's own appearance"
    assert red(first, seal) == 0


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_told(two_pages: bytes, number: int) -> None:
    with pytest.raises(UserError, match=r"^page\.not_found$"):
        raster.draw(two_pages, number, 300)


def test_several_threads_may_ask_at_once(two_pages: bytes) -> None:
    drawn: list[bytes] = []
    threads = [threading.Thread(target=lambda: drawn.append(raster.draw(two_pages, 1, 200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(drawn)) == 1
    assert len(drawn) == 4
