"""What two peers of a call tell each other before there is media, and how much of it is believed.

The transport is a port; whoever owns the socket to the server implements it and hands what arrives to
:class:`video.session.CallSession`. Descriptions and candidates come from the network: they are bounded
and parsed here completely before anything changes.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from aiortc import RTCIceCandidate
from aiortc.sdp import SessionDescription, candidate_from_sdp

from common.errors import UserError

MAX_SDP_CHARS = 65_536
MAX_CANDIDATE_CHARS = 1_024
MAX_CANDIDATES = 128
_MAX_SECTIONS = 8
_FINGERPRINTS = frozenset({"sha-256", "sha-384", "sha-512"})

DescriptionKind = Literal["offer", "answer"]


@dataclass(frozen=True, slots=True)
class Description:
    """A session description (RFC 8866, RFC 8829) of one side."""

    kind: DescriptionKind
    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trickled ICE candidate (RFC 8838) in the browser's notation; an empty text ends the list."""

    candidate: str
    sdp_mid: str | None
    sdp_mline_index: int | None


class SignallingPort(Protocol):
    """Carries descriptions and candidates to the other participants of a call, in order."""

    async def send_description(self, call_id: str, to: str, kind: DescriptionKind, sdp: str) -> None:
        """Send a description.

        Raises:
            ServiceError: ``call.signalling_lost``: it cannot be delivered now.
        """

    async def send_candidate(self, call_id: str, to: str, candidate: Candidate) -> None:
        """Send one candidate. (aiortc gathers before it describes, so today's peers never need it.)"""


def check_description(kind: str, sdp: str) -> Description:
    """A description as it may be applied.

    Raises:
        UserError: ``call.bad_description`` (``why``): too long, not SDP, without audio or video, without
            ICE credentials or a DTLS fingerprint.
    """
    if kind not in ("offer", "answer"):
        raise UserError("call.bad_description", why="kind")
    if not isinstance(sdp, str) or not 0 < len(sdp) <= MAX_SDP_CHARS:
        raise UserError("call.bad_description", why="size")
    try:
        parsed = SessionDescription.parse(sdp)
    # aiortc's parser answers nonsense with whatever its string handling runs into.
    except (ValueError, AssertionError, LookupError, AttributeError, TypeError, StopIteration) as error:
        raise UserError("call.bad_description", why="syntax") from error
    if not 0 < len(parsed.media) <= _MAX_SECTIONS:
        raise UserError("call.bad_description", why="sections")
    if len({media.rtp.muxId for media in parsed.media}) != len(parsed.media):
        raise UserError("call.bad_description", why="sections")
    if not any(media.kind in ("audio", "video") for media in parsed.media):
        raise UserError("call.bad_description", why="media")
    for media in parsed.media:
        if media.kind not in ("audio", "video", "application") or len(media.ice_candidates) > MAX_CANDIDATES:
            raise UserError("call.bad_description", why="media")
        if media.kind == "application" and media.port == 0:
            # A side without data refuses the section; what stands in it then means nothing.
            continue
        if media.kind != "application" and not media.rtp.codecs:
            raise UserError("call.bad_description", why="codecs")
        if media.ice is None or not (media.ice.usernameFragment and media.ice.password):
            raise UserError("call.bad_description", why="ice")
        prints = media.dtls.fingerprints if media.dtls else []
        if not any(fingerprint.algorithm.lower() in _FINGERPRINTS for fingerprint in prints):
            raise UserError("call.bad_description", why="fingerprint")
    return Description("offer" if kind == "offer" else "answer", sdp)


def check_candidate(message: Candidate) -> RTCIceCandidate | None:
    """The candidate as it may be added; None for the end of the list.

    Raises:
        UserError: ``call.bad_candidate`` (``why``).
    """
    if message.sdp_mid is None and message.sdp_mline_index is None:
        raise UserError("call.bad_candidate", why="section")
    if message.sdp_mline_index is not None and not 0 <= message.sdp_mline_index < _MAX_SECTIONS:
        raise UserError("call.bad_candidate", why="section")
    text = message.candidate.removeprefix("a=").removeprefix("candidate:")
    if not text:
        return None
    if len(text) > MAX_CANDIDATE_CHARS:
        raise UserError("call.bad_candidate", why="size")
    try:
        candidate = candidate_from_sdp(text)
    except (ValueError, AssertionError, LookupError) as error:
        raise UserError("call.bad_candidate", why="syntax") from error
    if not 0 < candidate.port < 65_536 or candidate.protocol.lower() not in ("udp", "tcp"):
        raise UserError("call.bad_candidate", why="address")
    candidate.sdpMid = message.sdp_mid
    candidate.sdpMLineIndex = message.sdp_mline_index
    return candidate
