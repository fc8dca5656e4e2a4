"""Identity trust: consent to face use, comparison by a person, chip readings, answers of authorities."""

from enum import StrEnum

from pydantic import Base64Bytes, Field

from common.wire.base import Body, Digest, Moment, View
from common.wire.liveness import ChallengeView, ContinuityView, LivenessView


class FaceMatchView(View):
    portrait: Digest
    live: Digest
    score: float = Field(ge=0, le=100)
    threshold: float
    same: bool
    at: Moment
    findings: list[str] = []


class FaceMatchResult(Body):
    """``POST /cases/{id}/face-match``: what the vision worker found, on two stored pictures of this case.

    422 ``face.no_consent`` while the customer has not agreed to it, or no longer does.
    """

    portrait: Digest
    live: Digest
    score: float = Field(ge=0, le=100)
    threshold: float = Field(ge=0, le=100)
    same: bool
    model: str = Field(max_length=64)
    findings: list[str] = Field([], max_length=16)


class FaceUse(StrEnum):
    """What a live face is compared with; each use has a threshold of its own."""

    PORTRAIT = "portrait"
    DOCUMENT = "document"
    """The picture of the card as the kiosk took it; whoever compares finds the portrait on it himself."""
    EARLIER = "earlier"
    AUTHORITY = "authority"
    CONTINUITY = "continuity"


class CheckOutcome(StrEnum):
    """Of a comparison: made; not one clear face in each picture; or nobody could make it."""

    COMPARED = "compared"
    UNFIT = "unfit"
    UNAVAILABLE = "unavailable"


class FaceCheckView(View):
    """A comparison that the server has made itself, on two stored pictures; ``known_at``: of the known one."""

    use: FaceUse
    known: Digest
    live: Digest
    outcome: CheckOutcome
    score: float = Field(0.0, ge=0, le=100)
    threshold: float = 0.0
    same: bool = False
    at: Moment
    known_at: Moment | None = None


class ConsentState(StrEnum):
    """The customer's word on face use."""

    NONE = "none"
    GIVEN = "given"
    DECLINED = "declined"
    REVOKED = "revoked"


class FaceConsentView(View):
    """``text``: version of the words the customer agreed to; ``at``: none before an answer."""

    state: ConsentState = ConsentState.NONE
    text: str | None = None
    at: Moment | None = None


class FaceConsent(Body):
    """``POST /cases/{id}/face-consent`` and ``/face-keep`` (kiosk): the customer's own tap; a no after a yes revokes.

    A teller may only revoke, when the customer says so.
    """

    granted: bool
    text: str = Field(max_length=32, description="version of the words that were on the screen")


class KeptFaces(View):
    """Portraits that stay with the bank for the customer's next visit: by a consent of its own, as long as it holds.

    ``state`` and ``text``: the customer's newest word in the ledger, from whichever visit.
    """

    state: ConsentState = ConsentState.NONE
    text: str | None = None
    at: Moment | None = None
    count: int = 0
    until: Moment | None = None


class PersonCheckView(View):
    """The comparison of card and customer by a person, where no machine may do it."""

    same: bool
    by: str
    at: Moment


class PersonCheck(Body):
    """``POST /cases/{id}/person-check`` (teller): compared by eye, in the call. 422 ``face.compare_by_machine``."""

    same: bool


class Elements(StrEnum):
    """What an authority is asked about: name and number; with the portrait; with the validity; or the phone."""

    TWO = "two"
    THREE = "three"
    FOUR = "four"
    PHONE = "phone"


class Outcome(StrEnum):
    """What a check came to."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    CONTRADICTION = "contradiction"
    UNAVAILABLE = "unavailable"


class VerifyIdentity(Body):
    """``POST /cases/{id}/verification`` (teller). ``fresh``: never an earlier answer."""

    elements: Elements | None = Field(None, description="none: what the rules ask for here")
    fresh: bool = False


class SourceAnswerView(View):
    """One source: its answer, or why there is none (``timeout``, ``error``, ``maintenance``, ``closed``, ``open``)."""

    source: str
    outcome: str
    ms: int


class VerificationView(View):
    """``fields``: what the authority says of each field: match | mismatch. ``at``: when it was asked, not shown."""

    elements: Elements
    outcome: Outcome
    source: str | None = None
    at: Moment
    reused: bool = False
    current: bool = Field(True, description="false: the form says something else now")
    fields: dict[str, str] = {}
    answers: list[SourceAnswerView] = []


class ChipReading(Body):
    """``POST /cases/{id}/chip`` (kiosk): what the chip of a resident identity card says.

    ``signature``: what the reader's own check of the chip's signature came to. A simulated reader says
    ``simulated``: nothing was proved.
    """

    name: str = Field(max_length=30)
    sex: str = Field(max_length=2)
    nation: str = Field(max_length=8)
    birth: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    address: str = Field(max_length=70)
    id_number: str = Field(pattern=r"^\d{17}[\dX]$")
    authority: str = Field(max_length=30)
    valid_from: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    valid_to: str = Field(pattern=r"^(\d{4}-\d{2}-\d{2}|长期)$")
    portrait: Base64Bytes = Field(max_length=200_000)
    signature: str = Field(pattern="^(good|bad|simulated)$")
    reader: str = Field(max_length=64)


class ChipView(View):
    at: Moment
    signature: str
    reader: str
    portrait: Digest


class ComparisonRow(View):
    """One fact from every source side by side; none: the source does not have it.

    ``authority``: match | mismatch, for an authority does not give a fact away.
    """

    field: str
    label_zh: str
    label_en: str
    form: str
    chip: str | None = None
    ocr: str | None = None
    record: str | None = None
    authority: str | None = None
    differs: bool = False


class IdentityView(View):
    """What is known of who this is. All but ``face_consent`` and ``kept`` for staff only."""

    face_consent: FaceConsentView = FaceConsentView()
    kept: KeptFaces = KeptFaces()
    person_check: PersonCheckView | None = None
    chip: ChipView | None = None
    verification: VerificationView | None = None
    sources: list[ComparisonRow] = []
    liveness: LivenessView | None = None
    challenge: ChallengeView | None = None
    continuity: ContinuityView = ContinuityView()
    faces: list[FaceCheckView] = Field([], description="made by the server: what decisions rest on")


class FacesKept(View):
    """One line of ``GET /faces``: how many pictures of faces are kept, of which kind and for what."""

    kind: str
    purpose: str
    count: int
    oldest: Moment | None = None


class GuidanceFinding(View):
    """Something to put right: its code, and the fields it hides where that is known."""

    code: str
    fields: list[str]


class GuidanceView(View):
    """``POST /documents/look``: a picture of a document before it is taken for good."""

    seen: bool = Field(description="whether a document, or a part of one, is in the picture")
    good: bool = Field(description="whether the picture may be taken")
    findings: list[GuidanceFinding] = Field(description="the most important first")
    outline: list[tuple[float, float]] | None = Field(description="its corners as parts of width and height, clockwise")


class Reveal(Body):
    """``POST /cases/{id}/reveal``: show a masked value as long as a key is held; every look is registered."""

    field: str = Field(max_length=32)


class Revealed(View):
    field: str
    value: str
