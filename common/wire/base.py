"""What all bodies share."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """A request body: an unknown member is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class View(BaseModel):
    """An answer of the server: a newer server may say more than this client knows."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, lower-case hex")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
Moment = datetime
"""Timezone-aware; ISO 8601 with offset on the wire."""

Notes = dict[str, int]
"""Face value in major units to number of notes: ``{"100": 200}``. Only whole positive counts."""

Params = dict[str, str | int | float | bool | None]
"""Data for a sentence that the window's text table holds under a code."""


class Amount(View):
    """Money in minor units (fen for CNY)."""

    minor: int
    currency: Currency = "CNY"


class Sentence(View):
    """A sentence by code; the words stand in the window's text table."""

    code: str
    params: Params = {}


class Problem(View):
    """RFC 9457 problem document; ``type`` is ``urn:guitai:error:<code>``."""

    type: str
    title: str
    status: int
    code: str
    params: Params = {}
    retryable: bool = False
