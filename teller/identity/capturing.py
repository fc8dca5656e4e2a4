"""A link under which the customer's phone hands in one picture of one paper."""

from dataclasses import dataclass, replace
from datetime import datetime

from common.wire.capture import LinkState
from common.wire.cases import EvidenceKind


@dataclass(frozen=True, slots=True)
class CaptureLink:
    """The newest link of a case.

    Attributes:
        id: from which the server makes the code in the link's address; it is of no use by itself.
        count: links of this case so far, this one included. tries: pictures handed in.
    """

    id: str
    kind: EvidenceKind
    at: datetime
    until: datetime
    count: int
    tries: int = 0
    state: LinkState = LinkState.OPEN

    def tried(self) -> "CaptureLink":
        """One more picture."""
        return replace(self, tries=self.tries + 1)

    def ended(self, state: LinkState) -> "CaptureLink":
        """Good for nothing any more."""
        return replace(self, state=state)
