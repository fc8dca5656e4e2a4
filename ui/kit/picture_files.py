"""Picture files to images and back, on any thread.

Pillow reads and writes them. Qt's reader holds a lock of the whole process while it asks a device for bytes; a device
made in Python needs the interpreter's lock to answer, and whoever has that may be waiting for Qt's: the window stands
still for good. Pillow also lets other threads run meanwhile, ``QImage.fromData`` does not.
"""

import io

from PIL import Image, ImageOps
from PySide6.QtGui import QImage

MAX_PIXELS = 64_000_000
"""A page at 600 dpi is 35 million; more, from a file of any size, is an attack on this window's memory."""
_KINDS = ("JPEG", "PNG")
"""What the server keeps. Left to itself Pillow loads thirty more readers for bytes that it does not know."""
Image.preinit()  # now, not at the first picture of a call


def decode(data: bytes) -> QImage:
    """A JPEG or PNG, turned upright as its EXIF says; a null image when it is none, or above ``MAX_PIXELS``."""
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return QImage()
            upright = ImageOps.exif_transpose(picture)
            seen_through = upright.has_transparency_data
            whole = upright.convert("RGBA" if seen_through else "RGB")
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
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):  # fmt: skip - what decoders raise on damaged files
        return QImage()
    kind = QImage.Format.Format_ARGB32 if seen_through else QImage.Format.Format_RGB32
    pixels = whole.tobytes("raw", "BGRA" if seen_through else "BGRX")
    return QImage(pixels, whole.width, whole.height, whole.width * 4, kind).copy()


def encode_jpeg(image: QImage, quality: int) -> bytes:
    """The picture as JPEG.

    Args:
        image: of ``Format_RGB32``.
        quality: 1 to 95.
    """
    size = (image.width(), image.height())
    picture = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "BGRX", image.bytesPerLine(), 1)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
