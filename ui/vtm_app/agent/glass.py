"""Is there something on the document glass, and has the hand gone? Told from small grey copies of its pictures.

No recognition here: models live in the teller's worker process. The glass is dark and even, whatever lies on it is not.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

_SIZE = (96, 72)
_SOMETHING = 0.06
"""Share of the glass that must be much lighter than its darkest tenth: an ID card covers more than that."""
_LIGHTER = 60.0
_STILL = 2.0
"""Mean grey difference of two pictures below which nothing moves."""


@dataclass(frozen=True)
class Glance:
    """A small grey copy, shape (72, 96), float32."""

    grey: NDArray[np.float32]

    @property
    def something(self) -> bool:
        """Whether anything lies there."""
        dark = float(np.percentile(self.grey, 10))
        return float(np.mean(self.grey > dark + _LIGHTER)) > _SOMETHING or float(self.grey.mean()) > 110.0

    def still(self, other: "Glance") -> bool:
        """Whether nothing moved between the two."""
        return float(np.abs(self.grey - other.grey).mean()) < _STILL


def glance(picture: bytes) -> Glance | None:
    """Look at a picture; None when it is none."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.draft("L", (_SIZE[0] * 2, _SIZE[1] * 2))
            small = image.convert("L").resize(_SIZE, Image.Resampling.BILINEAR)
            return Glance(np.asarray(small, dtype=np.float32))
    except (UnidentifiedImageError, OSError, ValueError):
        return None
