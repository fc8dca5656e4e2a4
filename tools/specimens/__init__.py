"""Specimen documents, rendered: ``python -m tools.specimens --out DIR``.

They are of the size and layout of the real ones, issued by a state or a bank that does not exist, with invented people,
numbers that are given to nobody and the mark 样本 SPECIMEN. Used by the demo, the tests and the benchmarks.
"""

from tools.specimens.paper import default_portrait
from tools.specimens.resident_id import PORTRAIT_BOX, render_back, render_front

__all__ = ["PORTRAIT_BOX", "default_portrait", "render_back", "render_front"]
