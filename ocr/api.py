"""What the vision room gives: frozen, picklable results, and the interfaces an engine has to fulfil.

The rule of every reading: a field is right, or it is marked unsure. Values are as the document writes them,
dates in ISO 8601 (or 长期 where a document is valid for life).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

Picture = NDArray[np.uint8]
"""Height x width x 3, blue-green-red, eight bits."""

_IN_JSON = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners clockwise from the top left of what stands upright there."""


@dataclass(frozen=True)
class Letter:
    """One letter as an engine read it."""

    char: str
    confidence: float
    """0 to 1; the engine's own probability."""
    x0: float
    x1: float
    """Where it stands, as parts (0 to 1) of its line's width."""
    others: tuple[tuple[str, float], ...] = ()
    """What else it may be, each with its probability."""


@dataclass(frozen=True)
class Strip:
    """What an engine made of the picture of one line."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        return "".join(letter.char for letter in self.letters)

    @property
    def confidence(self) -> float:
        """Of its weakest letter; 0 for a line in which nothing was read."""
        return min((letter.confidence for letter in self.letters), default=0.0)


class TextEngine(Protocol):
    """Finds lines of text and reads them. One thread at a time."""

    name: str

    def locate(self, picture: Picture, side: int) -> list[Quad]:
        """Where text stands in ``picture``, worked out on a copy whose longer side is at most ``side`` pixels."""

    def read(self, strips: Sequence[Picture]) -> list[Strip]:
        """What the pictures of single upright lines say, in their order."""


class FacePurpose(StrEnum):
    """What two faces are compared for; each has a threshold of its own (:mod:`ocr.face_scales`)."""

    PORTRAIT = "portrait"
    """The portrait on a card or in its chip, and a frame of the live call."""
    CONTINUITY = "continuity"
    """Two frames of one call: is it still the same person?"""
    EARLIER = "earlier"
    """A portrait that the customer left on an earlier visit, and a live frame."""
    AUTHORITY = "authority"
    """The small portrait that an authority answers with, and a live frame."""


@dataclass(frozen=True)
class FaceFound:
    """A face in a picture."""

    box: tuple[int, int, int, int]
    """Left, top, width, height in pixels of that picture."""
    vector: tuple[float, ...]
    """The encoder's description of it; empty when only detection was asked for."""


class FaceEncoder(Protocol):
    """Finds faces and describes them so that near descriptions mean one person. One thread at a time.

    Another encoder is another class with these three; what its distances mean is measured, not guessed: its name
    needs an entry in ``face_scales.json``.
    """

    name: str

    def find(self, picture: Picture, *, encode: bool = True) -> list[FaceFound]:
        """Faces in a picture, largest first; only the largest is described."""

    def distance(self, a: FaceFound, b: FaceFound) -> float:
        """How far two described faces lie apart; 0 is the same picture."""


@dataclass(frozen=True)
class FaceMarks:
    """A face in a picture, and the landmarks on it."""

    box: tuple[int, int, int, int]
    """Left, top, width, height in pixels of that picture."""
    points: tuple[Point, ...]
    """68 landmarks in the order of the iBUG 300-W set, in pixels of that picture."""


class FaceMarker(Protocol):
    """Finds faces and the landmarks on them. One thread at a time."""

    def mark(self, picture: Picture) -> list[FaceMarks]:
        """Faces in a picture, largest first; only the largest has landmarks."""


@dataclass(frozen=True)
class FaceSigns:
    """What a face does (:mod:`ocr.liveness.signs`); all but ``span`` are free of its place and size."""

    eyes: float
    """How far open: height over width."""
    mouth: float
    """How far open: height over width of the gap between the lips."""
    yaw: float
    """Where the nose stands between the eyes: rises as the customer turns to the own left."""
    pitch: float
    """Where the nose stands between eyes and mouth: rises as the head goes down."""
    span: float
    """Pixels from outer corner to outer corner of the eyes."""


@dataclass(frozen=True)
class FaceTraces:
    """What paper or a screen before the camera leaves in the picture (:mod:`ocr.liveness.traces`)."""

    moire: float
    """How far single frequencies stand out of the face's spectrum."""
    frame: float
    """0 to 1: how much of a straight-edged frame stands around the face."""
    colours: float
    """How far the skin's colour varies; print and screen flatten it."""
    detail: float
    """Fine detail of the face's middle over its contrast."""


@dataclass(frozen=True)
class FaceLook:
    """One frame of the live picture, looked at for liveness."""

    faces: int
    signs: FaceSigns | None = None
    """Of the largest face; None without one."""
    traces: FaceTraces | None = None
    thumbnail: bytes = b""
    """16 x 16 grey pixels of the face, to see whether two frames are one."""
    eyes: bytes = b""
    """Both eyes as grey pixels (:mod:`ocr.liveness.lids`), to see whether the lids are down."""
    elapsed_ms: float = 0.0

    __pydantic_config__: ClassVar[ConfigDict] = _IN_JSON


@dataclass(frozen=True)
class Finding:
    """Something a person should know about a picture. Windows have their own words for the code."""

    code: str
    text: str
    """Plain Chinese, for the command line."""
    fields: tuple[str, ...] = ()
    """The fields it is about; empty: the whole picture."""
    date: str | None = None
    """The date it is about, ISO 8601."""


@dataclass(frozen=True)
class Field:
    """One field of a document."""

    __pydantic_config__: ClassVar[ConfigDict] = _IN_JSON

    value: str
    confidence: float
    """0 to 1, of the weakest letter."""
    unsure: bool
    """Whether a person has to compare the value with the picture."""
    box: Quad | None = None
    """Where it stands in the picture that came in (turned upright as its EXIF says); None: not seen."""
    page_box: tuple[int, int, int, int] | None = None
    """Left, top, width, height in :attr:`DocumentReading.rectified`."""
    crop: bytes | None = None
    """PNG of that part of the straightened document."""
    doubtful: tuple[int, ...] = ()
    """Places in ``value`` of letters that were hard to read."""

    def as_json(self) -> dict[str, Any]:
        """The shape the command line prints."""
        box = [[round(x, 1), round(y, 1)] for x, y in self.box] if self.box else None
        return {"value": self.value, "confidence": round(self.confidence, 4), "unsure": self.unsure, "box": box}


@dataclass(frozen=True)
class Portrait:
    """The photograph on a document."""

    __pydantic_config__: ClassVar[ConfigDict] = _IN_JSON

    png: bytes
    box: tuple[int, int, int, int]
    """Left, top, width, height in the straightened document."""


@dataclass(frozen=True)
class DocumentReading:
    """What was read from one picture. ``kind`` is None when no known document was found in it."""

    __pydantic_config__: ClassVar[ConfigDict] = _IN_JSON

    kind: str | None
    side: str | None
    fields: Mapping[str, Field]
    findings: tuple[Finding, ...] = ()
    portrait: Portrait | None = None
    rectified: bytes | None = None
    """JPEG of the document cut out and straightened."""
    elapsed_ms: float = 0.0
    file: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(finding.code for finding in self.findings)

    def named(self, file: str) -> "DocumentReading":
        """The same reading with the name of the file it came from."""
        return replace(self, file=file)

    def as_json(self) -> dict[str, Any]:
        """The shape ``guitai ocr read --json`` prints."""
        return {
            "file": self.file,
            "kind": self.kind,
            "side": self.side,
            "fields": {name: value.as_json() for name, value in self.fields.items()},
            "findings": [{"code": finding.code, "text": finding.text} for finding in self.findings],
        }


@dataclass(frozen=True)
class Guidance:
    """A picture of a document before it is taken for good: what should be put right first (:mod:`ocr.guide`)."""

    seen: bool
    """Whether a document, or a part of one, is in the picture."""
    findings: tuple[Finding, ...]
    """The most important first; none: the picture may be taken."""
    outline: tuple[Point, ...] | None
    """Its corners as parts (0 to 1) of the picture's width and height, clockwise; None: not seen."""
    preview: bytes = b""
    """A small JPEG for a person, with the outline and burnt patches marked."""
    elapsed_ms: float = 0.0

    __pydantic_config__: ClassVar[ConfigDict] = _IN_JSON

    @property
    def good(self) -> bool:
        """Whether the picture may be taken."""
        return self.seen and not self.findings


@dataclass(frozen=True)
class FaceMatch:
    """Whether two pictures show one person."""

    same: bool
    score: float
    """0 to 100, see :mod:`ocr.faces`; the decision is ``score >= threshold``."""
    distance: float | None
    """The encoder's own figure; None when there was not a face in each picture."""
    threshold: float
    faces: tuple[int, int]
    """How many faces each picture shows."""
    findings: tuple[Finding, ...] = ()
    elapsed_ms: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The shape ``guitai face match --json`` prints."""
        return {
            "same": self.same,
            "score": self.score,
            "distance": None if self.distance is None else round(self.distance, 4),
            "threshold": self.threshold,
            "faces": list(self.faces),
            "findings": [{"code": finding.code, "text": finding.text} for finding in self.findings],
        }
