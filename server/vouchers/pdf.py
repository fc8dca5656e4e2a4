"""Draws the pages of a voucher as a PDF (not yet sealed) with embedded, extractable Chinese type."""

import math
import tempfile
from collections.abc import Iterable
from datetime import UTC
from functools import lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import DocumentCompliance

from server.vouchers.fonts import Face, Faces, path_operators
from server.vouchers.layout import SEAL_SIZE, lay_out
from server.vouchers.page import A4, POINT, Area, Box, Cells, Document, Ink, Line, Mark, Page, SealStrip, Text
from server.vouchers.properties import write_properties
from server.vouchers.seal_art import SealArt
from teller.seals import PaperMark, Seal
from teller.vouchers import Voucher

FAMILY = "voucher"


class VoucherRenderer:
    """Renders vouchers; keeps its typefaces open and warm. Safe to use from several threads."""

    def __init__(self, faces: Faces, public_url: str, art: SealArt) -> None:
        """``public_url``: base address that the QR code leads to, ``<public_url>/verify/<code>``."""
        self._faces = faces
        self._art = art
        self._public_url = public_url
        self._shapes = lru_cache(maxsize=16)(self._draw_shapes)

    def render(self, voucher: Voucher, seal: Seal, mark: PaperMark | None = None) -> tuple[bytes, Area]:
        """The unsealed PDF (PDF/A-1b), and where on it the seal belongs (millimetres from the top left corner)."""
        document = lay_out(voucher, self._public_url, self._measure, mark)
        return self._draw(document, voucher, seal), document.seal

    def _measure(self, text: str, bold: bool) -> float:
        face = self._face(bold)
        return face.advance(face.printable(text))

    def _face(self, bold: bool) -> Face:
        return self._faces.bold if bold else self._faces.regular

    def _draw(self, document: Document, voucher: Voucher, seal: Seal) -> bytes:
        pdf = FPDF(unit="mm", format="A4", enforce_compliance=DocumentCompliance.PDFA_1B)
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        self._describe(pdf, voucher)
        with tempfile.TemporaryDirectory(prefix="guitai-voucher-") as directory:
            self._embed(pdf, document.pages, Path(directory))
            for page in document.pages:
                pdf.add_page()
                for mark in page.marks:
                    if isinstance(mark, SealStrip):
                        self._strip(pdf, mark, seal, voucher.code)
                    else:
                        self._mark(pdf, mark)
            return bytes(pdf.output())

    def _describe(self, pdf: FPDF, voucher: Voucher) -> None:
        # PDF/A keeps the properties in one place only: XMP.
        pdf.set_xmp_metadata(write_properties(voucher))
        pdf.set_lang("zh-CN")
        pdf.set_creation_date(voucher.occurred_at.astimezone(UTC))

    def _embed(self, pdf: FPDF, pages: Iterable[Page], directory: Path) -> None:
        used: dict[bool, set[str]] = {False: set(), True: set()}
        for page in pages:
            for mark in page.marks:
                if isinstance(mark, Text) and not mark.artwork:
                    used[mark.bold].update(self._face(mark.bold).printable(mark.text))
        for bold, characters in used.items():
            path = directory / ("bold.ttf" if bold else "regular.ttf")
            path.write_bytes(self._face(bold).subset(characters))
            pdf.add_font(FAMILY, "B" if bold else "", path)

    def _mark(self, pdf: FPDF, mark: Mark) -> None:
        match mark:
            case Text(artwork=True):
                self._artwork(pdf, mark)
            case Text():
                self._text(pdf, mark)
            case Line():
                _line(pdf, mark)
            case Box():
                _box(pdf, mark)
            case Ink():
                _ink(pdf, mark)
            case Cells():
                _cells(pdf, mark)

    def _text(self, pdf: FPDF, mark: Text) -> None:
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[mark.align]
        x = mark.x - shift * self._measure(mark.text, mark.bold) * mark.size * POINT
        pdf.set_font(FAMILY, "B" if mark.bold else "", mark.size)
        pdf.set_text_color(mark.colour)
        pdf.text(x, mark.y, self._face(mark.bold).printable(mark.text))

    def _artwork(self, pdf: FPDF, mark: Text) -> None:
        red, green, blue = (int(mark.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        x, y = mark.x / POINT, (A4[1] - mark.y) / POINT
        shapes = self._shapes(mark.text, mark.size, mark.angle, mark.bold)
        # fpdf's own paths are copied several times over; a watermark would cost as much as the rest of the voucher.
        colour = f"{red:.3f} {green:.3f} {blue:.3f}"
        paint = (f"{colour} RG {mark.outline:.2f} w", "S") if mark.outline else (f"{colour} rg", "f")
        pdf._out(f"q {paint[0]} 1 0 0 1 {x:.2f} {y:.2f} cm\n{shapes}\n{paint[1]} Q")

    def _strip(self, pdf: FPDF, mark: SealStrip, seal: Seal, code: str) -> None:
        size = SEAL_SIZE / POINT
        scale = mark.size / SEAL_SIZE
        left, top, width, height = (length / POINT for length in mark.clip)
        x, y = mark.x / POINT, (A4[1] - mark.y - mark.size) / POINT
        clip = f"{left:.2f} {A4[1] / POINT - top - height:.2f} {width:.2f} {height:.2f} re W n"
        drawing = self._art.draw(seal.ring, seal.purpose.zh, code, round(size)).decode("ascii")
        pdf._out(f"q {clip} {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm\n{drawing}Q")

    def _draw_shapes(self, text: str, size: float, angle: float, bold: bool) -> str:
        face = self._face(bold)
        along, up = math.cos(math.radians(angle)) * size, math.sin(math.radians(angle)) * size
        operators: list[str] = []
        x = y = 0.0
        for character in text:
            operators += path_operators(face.outline(character, (along, up, -up, along, x, y)))
            x, y = x + along * face.advance(character), y + up * face.advance(character)
        return "\n".join(operators)


def _line(pdf: FPDF, mark: Line) -> None:
    pdf.set_draw_color(mark.colour)
    pdf.set_line_width(mark.width)
    if mark.dash is not None:
        pdf.set_dash_pattern(dash=mark.dash, gap=mark.dash)
    pdf.line(mark.x1, mark.y1, mark.x2, mark.y2)
    if mark.dash is not None:
        pdf.set_dash_pattern()


def _box(pdf: FPDF, mark: Box) -> None:
    style = ("D" if mark.line else "") + ("F" if mark.fill else "")
    if mark.line:
        pdf.set_draw_color(mark.line)
        pdf.set_line_width(mark.line_width)
    if mark.fill:
        pdf.set_fill_color(mark.fill)
    rounded = mark.radius > 0
    pdf.rect(mark.x, mark.y, mark.width, mark.height, style, rounded, mark.radius)


def _ink(pdf: FPDF, mark: Ink) -> None:
    with pdf.local_context(stroke_cap_style=1, stroke_join_style=1):
        pdf.set_draw_color(mark.colour)
        pdf.set_line_width(mark.width)
        for stroke in mark.strokes:
            # A tap is one point: a line of no length with round ends shows as the dot it was.
            pdf.polyline(stroke if len(stroke) > 1 else stroke * 2)


def _cells(pdf: FPDF, mark: Cells) -> None:
    pdf.set_fill_color(mark.colour)
    for row, cells in enumerate(mark.rows):
        start = 0
        while start < len(cells):
            end = start
            while end < len(cells) and cells[end]:
                end += 1
            if end > start:
                x, y = mark.x + start * mark.module, mark.y + row * mark.module
                pdf.rect(x, y, (end - start) * mark.module, mark.module, style="F")
            start = end + 1
