"""Descriptions from strangers: whatever is done to a good one, the answer is yes or one typed error."""

from hypothesis import given
from hypothesis import strategies as st

from common.errors import UserError
from video.signalling import MAX_SDP_CHARS, Candidate, check_candidate, check_description

PRINT = ":".join(["AB"] * 32)
SECTION = (
    "m={kind} 9 UDP/TLS/RTP/SAVPF {pt}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=sendrecv\r\na=rtcp-mux\r\n"
    "a=rtpmap:{pt} {codec}\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
    f"a=fingerprint:sha-256 {PRINT}\r\na=setup:actpass\r\n"
    "a=candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host\r\n"
)
GOOD = (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    + SECTION.format(kind="audio", pt=96, mid=0, codec="opus/48000/2")
    + SECTION.format(kind="video", pt=97, mid=1, codec="VP8/90000")
)


def outcome(kind: str, sdp: str) -> str:
    try:
        return check_description(kind, sdp).kind
    except UserError as error:
        return error.code


def test_a_good_one_is_taken() -> None:
    assert outcome("offer", GOOD) == "offer"
    assert outcome("rollback", GOOD) == "call.bad_description"
    assert outcome("offer", GOOD + "a=x-later:1\r\n" * 10) == "offer"
    assert outcome("offer", GOOD + "a=x:1\r\n" * MAX_SDP_CHARS) == "call.bad_description"


@given(st.data())
def test_mutilated_ones_get_a_typed_answer(data: st.DataObject) -> None:
    lines = GOOD.split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        junk = data.draw(st.text(max_size=30))
        cut = data.draw(st.integers(0, 40))
        lines[index] = data.draw(
            st.sampled_from([junk, lines[index][:cut], lines[index] + junk, lines[index][:2] + junk, lines[index] * 2])
        )
    assert outcome("offer", "\r\n".join(lines)) in ("offer", "call.bad_description")


@given(st.text(max_size=200))
def test_any_text_gets_a_typed_answer(text: str) -> None:
    assert outcome("answer", text) == "call.bad_description"


@given(st.text(max_size=120), st.one_of(st.none(), st.text(max_size=5)), st.one_of(st.none(), st.integers()))
def test_any_candidate_gets_a_typed_answer(text: str, mid: str | None, index: int | None) -> None:
    try:
        check_candidate(Candidate(text, mid, index))
    except UserError as error:
        assert error.code == "call.bad_candidate"


@given(st.lists(st.sampled_from(["1", "udp", "x", "-1", "typ", "host", "127.0.0.1", "raddr", "99999999"]), max_size=14))
def test_almost_candidates_get_a_typed_answer(words: list[str]) -> None:
    try:
        check_candidate(Candidate("candidate:" + " ".join(words), "0", 0))
    except UserError as error:
        assert error.code == "call.bad_candidate"
