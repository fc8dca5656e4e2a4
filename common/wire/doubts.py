"""Doubts whether a picture of a paper shows an original: ``POST /api/v1/cases/{id}/doubts``."""

from enum import StrEnum

from pydantic import Field

from common.wire.base import Body, Digest


class Doubt(StrEnum):
    """Findings of the document reader after which a second person always looks (R-121)."""

    SCREEN = "doc.screen"
    COPY = "doc.copy"


class Doubted(Body):
    """``POST /cases/{id}/doubts``: what the teller's reader found on a picture of this case.

    Told once, it stays with the picture: a later word can add a doubt and never take one away. Whoever says nothing of
    doubts, as an older window, tells of none.

    Refusals (422): ``evidence.unknown`` when it is no picture of a paper of this case; ``case.wrong_state`` (409) when
    the case is over.
    """

    evidence: Digest
    doubts: list[Doubt] = Field(min_length=1, max_length=8)
