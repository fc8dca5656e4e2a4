"""Chinese type for vouchers: small TrueType fonts cut from the system's large one, and glyphs as outlines.

Noto Sans CJK comes as collections of 65,535 glyphs with cubic outlines. Embedding a subset by the usual way
parses all of it for every document (seconds). Here the collection is opened once; the few hundred glyphs that
vouchers use are converted once each to TrueType outlines and kept, so cutting a font takes milliseconds.
"""

import gc
import io
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, TTLibError

from common.errors import ServiceError
from server.vouchers.font_files import find_font_files

UNITS = 1000
MISSING = "□"
_EPOCH = 3_786_825_600
"""1 January 2024 in seconds since 1904: the same text gives the same font."""
_FACE = "SC"


Step = tuple[Literal["m", "l", "c", "h"], tuple[float, ...]]
"""One step of an outline: move, line, curve (two control points and the end), close."""


class OutlinePen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects a glyph as path operations named as in PDF (ISO 32000-1, 8.5.2): m, l, c, h."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.steps: list[Step] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.steps.append(("m", pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.steps.append(("l", pt))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        self.steps.append(("c", (*pt1, *pt2, *pt3)))

    def _closePath(self) -> None:
        self.steps.append(("h", ()))

    def _endPath(self) -> None:
        self._closePath()


def path_operators(steps: Iterable[Step]) -> list[str]:
    """An outline as operators of a PDF content stream."""
    return [" ".join([*(f"{number:.2f}" for number in numbers), name]) for name, numbers in steps]


class Face:
    """One typeface, opened on first use; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._font: TTFont | None = None
        self._map: dict[int, str] = {}
        self._set: Any = None
        self._glyphs: dict[str, tuple[object, int]] = {}

    def _opened(self) -> TTFont:
        if self._font is None:
            self._font = _open_face(self._path)
            self._map = self._font.getBestCmap()
            # A face takes 60 MB, a quarter of it for writing downwards and for maps already read.
            del self._font.tables["cmap"]
            if "vmtx" in self._font:
                del self._font["vmtx"]
            self._set = self._font.getGlyphSet()
            self._scale = UNITS / self._font["head"].unitsPerEm
        return self._font

    def printable(self, text: str) -> str:
        """The text with an empty box for every character that the face lacks."""
        with self._lock:
            self._opened()
            return "".join(each if ord(each) in self._map else MISSING for each in text)

    def advance(self, text: str) -> float:
        """Width of a text in em."""
        with self._lock:
            return sum(self._glyph(character)[1] for character in text) / UNITS

    def outline(self, character: str, transform: Sequence[float]) -> list[Step]:
        """A glyph's outline; the transform (a b c d e f) maps em units (1 em = 1.0, upwards)."""
        with self._lock:
            self._opened()
            pen = OutlinePen(self._set)
            em = Transform(*transform).scale(self._scale / UNITS)
            self._set[self._map.get(ord(character), ".notdef")].draw(TransformPen(pen, em))
            return pen.steps

    def subset(self, characters: Iterable[str]) -> bytes:
        """A TrueType font with just those of the characters that the face has."""
        with self._lock:
            font = self._opened()
            wanted = sorted({character for character in characters if ord(character) in self._map})
            names = {character: f"u{ord(character):05X}" for character in wanted}
            drawn = {".notdef": self._glyph("\0")} | {names[each]: self._glyph(each) for each in wanted}
            return _build(drawn, {ord(each): name for each, name in names.items()}, font)

    def _glyph(self, character: str) -> tuple[object, int]:
        """TrueType outline and advance, converted on first use."""
        kept = self._glyphs.get(character)
        if kept is None:
            self._opened()
            source = self._set[self._map.get(ord(character), ".notdef")]
            pen = TTGlyphPen(None)
            scaled = TransformPen(Cu2QuPen(pen, 1.0, reverse_direction=True), (self._scale, 0, 0, self._scale, 0, 0))
            source.draw(scaled)
            kept = (pen.glyph(), round(source.width * self._scale))
            self._glyphs[character] = kept
        return kept

    def close(self) -> None:
        """Close the font's file and let go of its tables (45 MB); it opens again when needed, in 0.3 s."""
        with self._lock:
            if self._font is not None:
                self._font.close()
            self._font, self._map, self._set = None, {}, None
        # fontTools' objects refer to each other in circles; waiting for the collector would keep them for long.
        gc.collect()


@dataclass(frozen=True, slots=True)
class Faces:
    """The three faces a voucher is set in."""

    regular: Face
    bold: Face
    seal: Face

    def close(self) -> None:
        """Close their files."""
        for face in (self.regular, self.bold, self.seal):
            face.close()


def system_faces(directories: Sequence[Path] | None = None) -> Faces:
    """The faces among the system's fonts, or among those in the given directories.

    Raises:
        ServiceError: ``voucher.no_font`` with the names looked for.
    """
    files = find_font_files() if directories is None else find_font_files(directories)
    return Faces(*map(Face, files))


def _open_face(path: Path) -> TTFont:
    """The simplified-Chinese face of a collection, or the only one of a plain font file."""
    number = 0
    while True:
        font = _open_number(path, number)
        family = font["name"].getDebugName(1) or ""
        if path.suffix != ".ttc" or (family.endswith(_FACE) and "Mono" not in family):
            return font
        font.close()
        number += 1


def _open_number(path: Path, number: int) -> TTFont:
    try:
        with ExitStack() as closing:
            # fontTools leaves a file it opened itself open when it cannot read it.
            file = closing.enter_context(path.open("rb"))
            font = TTFont(file, fontNumber=number, lazy=True, recalcTimestamp=False)
            closing.pop_all()
            return font
    except (TTLibError, OSError) as error:
        raise ServiceError("voucher.no_font", retryable=False, names=path.name) from error


def _build(drawn: dict[str, tuple[object, int]], codes: dict[int, str], source: TTFont) -> bytes:
    scale = UNITS / source["head"].unitsPerEm
    ascent, descent = round(source["hhea"].ascent * scale), round(source["hhea"].descent * scale)
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(drawn))
    builder.setupCharacterMap(codes)
    builder.setupGlyf({name: glyph for name, (glyph, _) in drawn.items()})
    bearings = {name: (width, getattr(glyph, "xMin", 0)) for name, (glyph, width) in drawn.items()}
    builder.setupHorizontalMetrics(bearings)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    weight = source["OS/2"].usWeightClass
    family = f"GuitaiVoucher{weight}"
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "fullName": family, "psName": family})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWeightClass=weight, sCapHeight=733)
    builder.setupPost()
    builder.setupHead(unitsPerEm=UNITS, created=_EPOCH, modified=_EPOCH)
    output = io.BytesIO()
    builder.font.save(output)
    return output.getvalue()
