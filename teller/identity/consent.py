"""The customer's consent to face use: asked on its own, for this visit only, revocable, never a condition.

Basis: 个人信息保护法 arts 13–16, 29 (separate consent for biometrics, withdrawal as easy as giving it);
人脸识别技术应用安全管理办法 (2025-06-01): another way must stand beside the face.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from common.wire.identity import ConsentState

PURPOSE = "face.compare_with_papers"
"""What the customer is asked for: comparing the live face with the portraits of the own papers, in this visit."""

KEEP = "face.keep_for_next_visit"
"""Asked for by itself, and never needed for anything: that a portrait stays for the comparison at the next visit."""

_S = ConsentState
_AFTER: Mapping[tuple[ConsentState, bool], ConsentState] = MappingProxyType(
    {
        (_S.NONE, True): _S.GIVEN,
        (_S.NONE, False): _S.DECLINED,
        (_S.DECLINED, True): _S.GIVEN,
        (_S.GIVEN, False): _S.REVOKED,
        (_S.REVOKED, True): _S.GIVEN,
    }
)


def word_after(state: ConsentState, granted: bool) -> ConsentState | None:
    """Where another word of the customer leads; None: it says nothing new."""
    return _AFTER.get((state, granted))


@dataclass(frozen=True, slots=True)
class FaceConsent:
    """The newest word of the customer; every word is a line of the ledger.

    Attributes:
        text: version of the words that were on the screen.
    """

    state: ConsentState = ConsentState.NONE
    text: str | None = None
    at: datetime | None = None

    @property
    def given(self) -> bool:
        return self.state is ConsentState.GIVEN

    def answered(self, granted: bool, text: str, at: datetime) -> "FaceConsent":
        """After another word of the customer; the same word again changes nothing."""
        state = word_after(self.state, granted)
        return self if state is None else FaceConsent(state, text, at)


@dataclass(frozen=True, slots=True)
class PersonCheck:
    """Card and customer compared by a member of staff, by eye, in the call."""

    same: bool
    by: str
    at: datetime
