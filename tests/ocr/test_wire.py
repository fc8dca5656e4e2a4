"""Frames between client and worker."""

import asyncio
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import wire
from ocr.api import DocumentReading, FaceMatch, Field, Portrait
from ocr.findings import finding
from ocr.wire import BrokenFrame, Message

heads = st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none(), max_size=4)
messages = st.builds(Message, heads, st.lists(st.binary(max_size=500), max_size=3).map(tuple))


@given(st.lists(messages, max_size=4))
def test_what_is_written_is_read(sent: list[Message]) -> None:
    stream = io.BytesIO()
    for message in sent:
        wire.write(stream, message)
    stream.seek(0)
    assert [wire.read(stream) for _ in sent] == sent
    assert wire.read(stream) is None


@given(messages, st.data())
def test_a_frame_cut_short_is_broken_on_both_sides(message: Message, data: st.DataObject) -> None:
    whole = b"".join(wire.pack(message))
    part = whole[: data.draw(st.integers(1, len(whole) - 1))]

    async def read() -> Message | None:
        stream = asyncio.StreamReader()
        stream.feed_data(part)
        stream.feed_eof()
        return await wire.read_async(stream)

    with pytest.raises(BrokenFrame):
        asyncio.run(read())
    with pytest.raises(BrokenFrame):
        wire.read(io.BytesIO(part))


@pytest.mark.parametrize(
    "junk",
    [b"\x00\x00\x00\x00", b"HTTP/1.1 200", b"\x00\x00\x00\x01\xff\xff\xff\xff", b"\x00\x00\x00\x01\x00\x00\x00\x02[]"],
)
def test_what_is_no_frame(junk: bytes) -> None:
    with pytest.raises(BrokenFrame):
        wire.read(io.BytesIO(junk))


def test_results_survive_the_wire() -> None:
    field = Field("长期", 0.5, True, ((0.5, 1), (2, 1), (2, 3), (0.5, 3)), (1, 2, 3, 4), b"\x89PNG\x00\xff", (0, 1))
    reading = DocumentReading(
        "resident_id", "back", {"valid_to": field}, (finding("doc.glare"),), Portrait(b"\x00", (1, 1, 2, 2)), b"\xff",
        12.5, None, {"text": 3.0},
    )  # fmt: skip
    assert wire.load_reading(wire.dump_reading(reading)) == reading
    match = FaceMatch(False, 12.0, None, 80.0, (0, 2), (finding("face.none"),), 3.0)
    assert wire.load_match(wire.dump_match(match)) == match
