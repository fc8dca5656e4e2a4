"""A voucher's pages as pictures, for windows. PDFium draws; it is not safe for several threads, so one at a time."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from common.errors import UserError

WIDTHS = (200, 2480)
"""Least and greatest width in pixels: a small picture, and 300 dots an inch on A4."""

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2  # a server's first picture is minutes away when it starts

    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def count(pdf: bytes) -> int:
    """Number of pages."""
    with _opened(pdf) as document:
        return len(document)


def draw(pdf: bytes, number: int, width: int) -> bytes:
    """Page ``number`` (from 1) as PNG, ``width`` pixels wide, seal included.

    Raises:
        UserError: ``page.not_found`` (``number``).
    """
    with _opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise UserError("page.not_found", number=number)
        document.init_forms()  # the seal is the appearance of a form field
        page = document[number - 1]
        bitmap = page.render(scale=width / page.get_width())
        picture = bitmap.to_pil()
        output = io.BytesIO()
        picture.save(output, "PNG", compress_level=3)
        bitmap.close()
        page.close()
        return output.getvalue()
