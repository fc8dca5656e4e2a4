"""Pictures in and out, and how good they are: decoding with bounds, blur, glare, colour."""

import functools
import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ocr.api import Picture

MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 120_000_000
LONG_SIDE = 2200
"""Larger pictures are scaled down to this: more pixels cost time and read no better."""
_NEARLY = 1.1
"""Those that are hardly larger stay as they are: scaling costs more time than it saves."""


class PictureError(Exception):
    """A picture that cannot be used; ``code`` is that of a finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Opened:
    """A picture that was opened, and what was left aside of its file."""

    picture: Picture
    notes: tuple[str, ...] = ()
    """Codes of findings: ``image.animated``, ``image.pages``."""


def decode(data: bytes, side: int = LONG_SIDE) -> Picture:
    """The picture alone, as :func:`open_picture` gives it."""
    return open_picture(data, side).picture


def open_picture(data: bytes, side: int = LONG_SIDE) -> Opened:
    """A picture of any common kind as eight-bit blue-green-red, upright as its EXIF says.

    Of an animation the first frame, of a PDF the first page.

    Args:
        side: larger pictures are scaled down until their longer side is at most this many pixels.

    Raises:
        PictureError: ``image.empty``, ``image.too_large``, ``image.unsupported``, ``image.locked`` (a PDF's password),
            ``image.unreadable``.
    """
    if not data:
        raise PictureError("image.empty")
    if len(data) > MAX_BYTES:
        raise PictureError("image.too_large")
    if data[:5] == b"%PDF-":
        return _first_page(data, side)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata; both are handled here
            # face_recognition asks Pillow for half pictures, process-wide; half a document must not pass for a whole.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            with Image.open(io.BytesIO(data)) as image:
                notes = ("image.animated",) if getattr(image, "n_frames", 1) > 1 else ()
                return Opened(_pixels(image, side), notes)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError("image.too_large") from error
    except UnidentifiedImageError as error:
        raise PictureError("image.unsupported" if data.lstrip()[:1] in (b"<", b"{") else "image.unreadable") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        OverflowError,
        IndexError,
        KeyError,
        TypeError,
        ZeroDivisionError,
    ) as error:  # fmt: skip - what decoders raise on damaged files
        raise PictureError("image.unreadable") from error


def _first_page(data: bytes, side: int) -> Opened:
    """The first page of a PDF, drawn as large as a good photograph."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PictureError("image.locked" if "password" in str(error).lower() else "image.unreadable") from error
    try:
        count = len(document)
        if count == 0:
            raise PictureError("image.unreadable")
        page = document[0]
        width, height = page.get_size()
        if min(width, height) < 1:
            raise PictureError("image.unreadable")
        drawn = page.render(scale=side / max(width, height)).to_numpy()
        colour = drawn if drawn.ndim == 3 else drawn[:, :, None].repeat(3, axis=2)
        return Opened(np.ascontiguousarray(colour[:, :, :3]), ("image.pages",) if count > 1 else ())
    except pypdfium2.PdfiumError as error:
        raise PictureError("image.unreadable") from error
    finally:
        document.close()


def _pixels(image: Image.Image, side: int) -> Picture:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError("image.too_large")
    if min(width, height) < 16:
        raise PictureError("image.unreadable")
    part = min(1.0, side / max(width, height))
    image.draft("RGB", (int(width * part), int(height * part)))  # JPEG only: decode at a half, a quarter or an eighth
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    if max(image.size) > _NEARLY * side:
        image.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=None)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        image = Image.alpha_composite(white, over)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen-bit and floating-point greys stretched over eight bits."""
    values = np.asarray(image, dtype=np.float64)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    span = (high - low) or 1.0
    return Image.fromarray(np.nan_to_num((values - low) / span * 255).astype(np.uint8))


def encode_jpeg(picture: Picture) -> bytes:
    """JPEG bytes for people to look at: a tenth of the time that PNG takes for a whole page."""
    done, buffer = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return bytes(buffer.tobytes())


def encode_png(picture: Picture) -> bytes:
    """PNG bytes, written for speed rather than size."""
    done, buffer = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return bytes(buffer.tobytes())


_MEASURED_WIDTH = 1011


def shrunk(page: Picture, width: int) -> Picture:
    """The page that many pixels wide."""
    height = round(page.shape[0] * width / page.shape[1])
    return np.asarray(cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def sharpness(page: Picture) -> float:
    """How steep the steepest edges are: the 99.5th percentile of the gradient over the spread of the greys.

    Where there is next to nothing to be seen, 1. A straightened document of 1011 x 638 pixels in focus gives more than
    about 0.5, an unreadable one less than 0.2. A larger page is measured at that size.
    """
    if page.shape[1] > _MEASURED_WIDTH:
        page = shrunk(page, _MEASURED_WIDTH)
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.float32)
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3) / 4
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3) / 4
    steep = float(np.percentile(cv2.magnitude(across, down)[::2, ::2], 99.5))
    low, high = np.percentile(grey[::4, ::4], (1, 99))
    return steep / float(high - low) if high - low > 20 else 1.0


def glare_mask(page: Picture) -> NDArray[np.uint8]:
    """Where light has burnt the picture out: 255 there, 0 elsewhere.

    Paper that is white all over is not glare: burnt patches must stand out from the document's usual brightness
    and be too large for gaps between letters.
    """
    height, width = page.shape[:2]
    small = cv2.resize(page, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    blue, green, red = cv2.split(small)
    bright = cv2.min(cv2.min(blue, green), red)
    usual = float(np.percentile(cv2.max(cv2.max(blue, green), red)[::4, ::4], 60))
    none = np.zeros((height, width), np.uint8)
    burnt = cv2.threshold(bright, 249, 255, cv2.THRESH_BINARY)[1]
    if usual >= 247 or not cv2.countNonZero(burnt):
        return none
    solid = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    large = [
        part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] >= small.shape[0] * small.shape[1] * 1e-3
    ]
    if not large:
        return none
    kept = np.isin(labels, large).astype(np.uint8) * 255
    grown = cv2.dilate(kept, np.ones((7, 7), np.uint8))
    return np.asarray(cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def is_colourless(page: Picture) -> bool:
    """Whether the picture has hardly any colour, as a black-and-white copy has."""
    small = cv2.resize(page, (160, 100), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    chroma = np.hypot(lab[..., 1] - np.median(lab[..., 1]), lab[..., 2] - np.median(lab[..., 2]))
    return float(np.percentile(chroma, 98)) < 3.0


def ink(page: Picture, box: tuple[int, int, int, int]) -> float:
    """How much of a part of the page (left, top, width, height) is clearly darker than the paper around it."""
    left, top, width, height = box
    part = cv2.cvtColor(page[max(0, top) : top + height, max(0, left) : left + width], cv2.COLOR_BGR2GRAY)
    if part.size < 64:
        return 0.0
    paper = float(np.percentile(part, 80))
    return float((part < paper - 45).mean())


def is_dark(page: Picture, limit: float) -> bool:
    """Whether even the brighter parts of the page stay below ``limit`` of 255."""
    return float(np.percentile(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)[::4, ::4], 75)) < limit


_PERIODIC, _ABOVE_GRAIN = 1.2, 400.0
"""Strength, in units of CIE Lab, and height over the usual spectrum, of a pattern that only a screen makes."""


@functools.cache
def _spectrum(size: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A window that fades to the edges, and which of the frequencies are fine ones."""
    window = np.outer(np.hanning(size), np.hanning(size)).astype(np.float32)
    ys, xs = np.mgrid[-size // 2 : size // 2, -size // 2 : size // 2]
    return window, np.hypot(ys, xs) > 0.06 * size


def is_screen(page: Picture) -> bool:
    """Whether a fine coloured pattern repeats over the page: the dots of a screen against those of the camera.

    Only a clear pattern counts; a screen taken out of focus shows none.
    """
    size = min(512, page.shape[0] // 2 * 2, page.shape[1] // 2 * 2)
    if size < 256:
        return False
    top, left = (page.shape[0] - size) // 2, (page.shape[1] - size) // 2
    lab = cv2.cvtColor(page[top : top + size, left : left + size], cv2.COLOR_BGR2LAB).astype(np.float32)
    window, fine = _spectrum(size)
    for channel in (1, 2):
        smooth = cv2.GaussianBlur(lab[..., channel], (0, 0), 6)
        strength = np.abs(np.fft.fftshift(np.fft.fft2((lab[..., channel] - smooth) * window))) * 2 / window.sum()
        peak, usual = float(strength[fine].max()), float(np.median(strength[fine]))
        if peak < _PERIODIC or peak < _ABOVE_GRAIN * usual:
            return False
    return True
