"""The passive side: what all looks of one check together say of paper, screens and recordings. Pure.

Thresholds come from rendered people and attacks (``python -m benchmarks.liveness``), not from real ones: with a real
camera they have to be measured anew. No trace decides from one frame; the median over a check does.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ocr.api import FaceLook, FaceTraces

LEAST_LOOKS = 6


@dataclass(frozen=True)
class CueLimits:
    """Where a median becomes a finding."""

    moire: float = 3.0
    """Live 2.2 to 2.6, print and screen from 3.2."""
    frame: float = 1.0
    """All four sides: a door, a shelf and a desk make three behind anybody."""
    colours: float = 3.2
    """Live from 3.9, print 2.5 to 3.2."""
    frozen: float = 0.5
    """Share of frames that are the frame before, to the last grey level of a thumbnail."""
    motion: float = 0.6
    """Grey levels by which a face's thumbnail changes from look to look: nobody holds quite still.
    Live from 3.1, a picture on a stand 0.15."""


@dataclass
class Cues:
    """Gathers looks."""

    limits: CueLimits = field(default_factory=CueLimits)
    _traces: list[FaceTraces] = field(default_factory=list)
    _thumbnails: list[bytes] = field(default_factory=list)

    def add(self, look: FaceLook) -> None:
        """One more look; those without a face say nothing."""
        if look.traces is not None:
            self._traces.append(look.traces)
            self._thumbnails.append(look.thumbnail)

    def figures(self) -> dict[str, float]:
        """The medians, and the share of frames seen twice."""
        if not self._traces:
            return {}
        twice = sum(a == b for a, b in pairwise(self._thumbnails)) / max(1, len(self._thumbnails) - 1)
        names = ("moire", "frame", "colours", "detail")
        moved = [sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a) for a, b in pairwise(self._thumbnails)]
        medians = {name: median(getattr(one, name) for one in self._traces) for name in names}
        return medians | {"frozen": twice, "motion": median(moved) if moved else 0.0}

    def findings(self) -> list[str]:
        """Codes; none from too few looks."""
        if len(self._traces) < LEAST_LOOKS:
            return []
        seen, limits = self.figures(), self.limits
        found = {
            "liveness.same_frame": seen["frozen"] > limits.frozen,
            "liveness.no_motion": seen["motion"] < limits.motion,
            "liveness.raster": seen["moire"] > limits.moire,
            "liveness.frame": seen["frame"] >= limits.frame,
            "liveness.pale": seen["colours"] < limits.colours,
        }
        return [code for code, is_so in found.items() if is_so]
