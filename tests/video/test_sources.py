"""Sources one by one: what they deliver, at which pace, and what happens when they fail."""

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from pydantic import ValidationError

from common.errors import ServiceError, UserError
from common.settings import VideoSettings
from tests.video.support import SMALL, Party, eventually, frames
from video.call import CallState
from video.frames import TimedPicture, TimedSound, luma
from video.media import LocalMedia, Notice
from video.sinks import speaker
from video.sinks.speaker import SpeakerSink
from video.sources import people
from video.sources.camera import CameraSource
from video.sources.choose import camera_line, microphone_line, speaker_device
from video.sources.feed import SoundFeed, VideoFeed
from video.sources.file import FileCamera, FileMicrophone
from video.sources.sound import ComputedMicrophone, silence, tone
from video.sources.stills import StillSource, card
from video.sources.synthetic import SyntheticCamera


class Taker:
    """Collects from a source's thread."""

    def __init__(self) -> None:
        self.got: list[TimedPicture] = []
        self.sound: list[TimedSound] = []
        self.errors: list[ServiceError] = []
        self.enough = threading.Event()

    def picture(self, timed: TimedPicture) -> None:
        self.got.append(timed)
        if len(self.got) >= 12:
            self.enough.set()

    def block(self, timed: TimedSound) -> None:
        self.sound.append(timed)
        if len(self.sound) >= 12:
            self.enough.set()

    def failed(self, error: ServiceError) -> None:
        self.errors.append(error)
        self.enough.set()


def film(path: Path, frames: int = 8, container: str | None = None, codec: str = "mpeg4") -> Path:
    with av.open(str(path), "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for index in range(frames):
            pixels = np.full((120, 160, 3), 20 * index % 256, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def test_synthetic_camera_keeps_its_pace_and_moves() -> None:
    taker = Taker()
    camera = SyntheticCamera(people.customer(), width=320, height=180, fps=30)
    camera.open(taker.picture, taker.failed)
    assert taker.enough.wait(10)
    camera.close()
    span = (taker.got[-1].monotonic_ns - taker.got[0].monotonic_ns) / 1e9
    assert span >= (len(taker.got) - 1) / 30 * 0.8
    assert (luma(taker.got[0].frame) != luma(taker.got[-1].frame)).any()


def test_synthetic_picture_is_cheap_at_full_size() -> None:
    camera = SyntheticCamera(people.teller(), measure=True)
    best = 1.0
    for index in range(30):
        start = time.thread_time()
        camera.render(index, time.monotonic_ns())
        best = min(best, time.thread_time() - start)
    assert best < 0.003


@pytest.mark.parametrize("count", [1, 8])
def test_file_camera_goes_round(tmp_path: Path, count: int) -> None:
    taker = Taker()
    camera = FileCamera(film(tmp_path / "film.avi", count), width=320, height=180, fps=30)
    camera.open(taker.picture, taker.failed)
    assert taker.enough.wait(10)
    camera.close()
    assert not taker.errors
    assert {(t.frame.width, t.frame.height) for t in taker.got} == {(320, 180)}


def test_file_microphone_goes_round(tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        wave = (8000 * np.sin(np.arange(3200) / 10)).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        frame.sample_rate = 16_000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    taker = Taker()
    microphone = FileMicrophone(path)
    microphone.open(taker.block, taker.failed)
    assert taker.enough.wait(10)
    microphone.close()
    assert all(t.samples.size <= 960 for t in taker.sound)
    assert max(int(np.abs(t.samples).max()) for t in taker.sound) > 5000


@pytest.mark.parametrize("source", [FileCamera, FileMicrophone, CameraSource])
def test_a_missing_file_or_device_is_a_typed_error(tmp_path: Path, source: type) -> None:
    taker = Taker()
    one = source(tmp_path / "none")
    one.open(taker.picture, taker.failed)
    assert taker.enough.wait(10)
    one.close()
    assert taker.errors[0].code in ("call.camera_lost", "call.microphone_lost", "call.camera_denied")


def test_the_camera_reader_takes_a_stream_apart(tmp_path: Path) -> None:
    taker = Taker()
    stream = film(tmp_path / "stream.y4m", 20, "yuv4mpegpipe", "wrapped_avframe")
    camera = CameraSource(stream, width=320, height=180, container_format="yuv4mpegpipe")
    camera.open(taker.picture, taker.failed)
    assert taker.enough.wait(10)
    camera.close()
    assert (taker.got[0].frame.width, taker.got[0].frame.format.name) == (320, "yuv420p")


@pytest.mark.expects_log("media source failed")
async def test_a_camera_pulled_out_is_replaced_by_the_card(tmp_path: Path) -> None:
    """A pipe plays the device: its reader is the real one, and the writer goes away in the middle."""
    recorded = film(tmp_path / "stream.y4m", 20, "yuv4mpegpipe", "wrapped_avframe").read_bytes()
    pipe = tmp_path / "camera"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(recorded,), name="asyncio-writer", daemon=True).start()
    notices: list[ServiceError] = []
    got: list[TimedPicture] = []
    feed = VideoFeed(notices.append)
    feed.add_tap(got.append)
    camera = CameraSource(pipe, width=320, height=180, container_format="yuv4mpegpipe")
    await feed.open([camera, StillSource(card(320, 180, bars=False))])
    await eventually(lambda: feed.source_name == "off" and len(got) > 25)
    await feed.close()
    assert [notice.code for notice in notices] == ["call.camera_lost"]
    assert luma(got[-1].frame)[:20].mean() == 52


class _Mute:
    """A device that was opened and never says anything."""

    name = "dead"

    def __init__(self) -> None:
        self.closed = False

    def open(self, deliver: object, failed: object) -> None: ...

    def close(self) -> None:
        self.closed = True


@pytest.mark.expects_log("media source failed")
async def test_a_device_that_falls_silent_is_noticed() -> None:
    notices: list[ServiceError] = []
    dead = _Mute()
    feed = SoundFeed(notices.append)
    await feed.open([dead, ComputedMicrophone(silence, "silence")])
    await eventually(lambda: feed.source_name == "silence" and dead.closed)
    await feed.close()
    assert [notice.code for notice in notices] == ["call.microphone_lost"]


@pytest.mark.expects_log("media source failed")
async def test_a_call_goes_on_without_camera_and_microphone() -> None:
    broken = SMALL.model_copy(update={"camera": "device:/dev/none", "microphone": "device:none"})
    teller, customer = Party("teller", broken), Party("customer")
    teller.port.other, customer.port.other = customer.session, teller.session
    await customer.session.join("answerer")
    await teller.session.join("offerer")
    await customer.state(CallState.CONNECTED)
    await frames(customer, 5)
    snapshot = await teller.until(lambda s: len(s.notices) == 2)
    codes = {notice.code for notice in snapshot.notices}
    assert "call.camera_denied" in codes
    assert codes & {"call.microphone_denied", "call.sound_system_missing"}
    await teller.close()
    await customer.close()


async def test_sound_waiting_for_a_slow_peer_is_bounded() -> None:
    feed = SoundFeed(lambda error: None)
    track = feed.track()
    await feed.open([ComputedMicrophone(tone)])
    await track.recv()
    await eventually(lambda: track.dropped_blocks > 3)
    stamps = [(await track.recv()).pts for _ in range(5)]
    await feed.close()
    assert stamps == [960 * n for n in range(1, 6)]


async def test_picture_tracks_take_the_newest() -> None:
    feed = VideoFeed(lambda error: None)
    track = feed.track()
    seen: list[TimedPicture] = []
    feed.add_tap(seen.append)
    await feed.open([SyntheticCamera(people.teller(), width=320, height=180, fps=60)])
    await eventually(lambda: len(seen) >= 5)
    frame = await track.recv()
    assert frame is seen[-1].frame
    assert frame.pts is not None
    assert ((await track.recv()).pts or 0) > frame.pts
    await feed.close()


class FakePortAudio:
    """A sound system whose device opens, and then never asks for a sample: a pulled plug."""

    PortAudioError = RuntimeError

    def __init__(self) -> None:
        self.closed = 0

    def RawOutputStream(self, **options: object) -> "FakePortAudio":
        return self

    def start(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


async def test_a_speaker_pulled_out_is_noticed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakePortAudio()
    monkeypatch.setattr(speaker, "portaudio", lambda: device)
    monkeypatch.setattr(speaker, "_STALL_S", 0.05)
    notices: list[ServiceError] = []
    sink = SpeakerSink(None, notices.append)
    await sink.open()
    kinds = [sink.kind]
    while device.closed == 0:
        await asyncio.sleep(0.01)
        await sink.check()
    assert [*kinds, sink.kind] == ["device", "software"]
    assert device.closed == 1
    assert [notice.code for notice in notices] == ["call.speaker_lost"]
    await sink.close()


async def test_no_such_speaker_is_said_and_measuring_goes_on() -> None:
    notices: list[ServiceError] = []
    heard: list[int] = []
    sink = SpeakerSink("no such device", notices.append, on_heard=lambda samples, at: heard.append(at))
    await sink.open()
    await eventually(lambda: len(heard) > 3)
    await sink.close()
    assert notices[0].code in ("call.speaker_denied", "call.sound_system_missing")
    assert (sink.kind, sink.path) == ("closed", "software")


def settings(**words: str) -> VideoSettings:
    return VideoSettings.model_validate({**SMALL.model_dump(), **words})


def test_the_words_of_the_settings(tmp_path: Path) -> None:
    picture = film(tmp_path / "p.avi", 1)
    lines = {
        "synthetic": "synthetic",
        "synthetic:teller": "synthetic",
        "device:/dev/video7": "camera /dev/video7",
        f"file:{picture}": "file p.avi",
        "off": "off",
    }
    for word, name in lines.items():
        assert [s.name for s in camera_line(settings(camera=word), "teller")] == [name, "off"]
    assert microphone_line(settings(microphone="synthetic"))[0].name == "clicks"
    assert microphone_line(settings(microphone="device:USB"))[0].name == "microphone USB"
    assert speaker_device(settings(speaker="none")) is False
    assert speaker_device(settings(speaker="device:USB")) == "USB"


@pytest.mark.parametrize("word", ["", "webcam", "auto:", "auto:teller", "synthetic:", "device:", "device: ", "off:"])
@pytest.mark.parametrize("setting", ["camera", "microphone", "speaker"])
def test_unknown_words_are_refused(setting: str, word: str) -> None:
    with pytest.raises(ValidationError, match=f"{word!r} is none of auto "):
        settings(**{setting: word})


def test_a_portrait_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    for name in ("none.png", "notes.txt"):
        with pytest.raises(UserError, match=r"settings\.invalid"):
            camera_line(settings(camera=f"synthetic:{tmp_path / name}"), "teller")


async def test_wrong_settings_break_the_call_with_a_typed_error() -> None:
    party = Party("teller", settings(camera="synthetic:/no/such/picture.png"))
    with pytest.raises(UserError, match=r"settings\.invalid"):
        await party.session.join("offerer")
    assert party.session.snapshot().state is CallState.BROKEN
    await party.close()


async def test_media_closes_even_if_never_opened() -> None:
    media = LocalMedia(SMALL)
    media.note(ServiceError("call.speaker_denied", device="x"))
    media.note(ServiceError("call.speaker_denied", device="x"))
    assert media.notices == (Notice("call.speaker_denied", "x"),)
    await media.close()
    await media.close()
