"""People and attacks before a counter's camera, drawn by code from a portrait (:mod:`benchmarks.sitters`).

Each presentation gives a frame for a moment and hears what is asked. Time is that of the frames: nothing waits. None of
this is a substitute for real people, paper and screens: it tells whether the check sees what it is made to see.
"""

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.sitters import Sitter
from common.challenge import drawn
from common.settings import FaceSettings
from common.wire.liveness import Gesture
from ocr.api import Picture
from video.sources.actor import Pose, pose_at, posed

WIDTH, HEIGHT = 1280, 720
Floats = NDArray[np.float32]


class Customer:
    """A live person: sways, blinks now and then, does as asked after a moment."""

    def __init__(self, seed: int, who: Sitter) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same people in every run
        self._who = who
        self._acting: tuple[Gesture, float] | None = None
        self._size = self._chance.randint(430, 620)
        self._light = self._chance.uniform(0.75, 1.15)
        self._noise = np.random.default_rng(seed)
        self._blink_at = self._chance.uniform(1.5, 4.0)
        self._poses: dict[Pose, Picture] = {}

    def ask(self, gesture: Gesture | None, at: float) -> None:
        """Something is asked, or nothing any more."""
        if gesture is not None:
            self._acting = gesture, at + self._chance.uniform(0.4, 1.1)

    @property
    def resting(self) -> bool:
        """Whether what was asked last is over."""
        return self._acting is None

    def face(self, at: float) -> Picture:
        """The portrait in the pose of this moment, blue-green-red."""
        pose = Pose()
        if self._acting is not None and at >= self._acting[1]:
            now = pose_at(self._acting[0], at - self._acting[1])
            if now is None:
                self._acting = None
            pose = now or Pose()
        elif at >= self._blink_at:
            pose = Pose(Gesture.BLINK, 5)
            if at >= self._blink_at + 0.15:
                self._blink_at = at + self._chance.uniform(2.0, 5.0)
        if pose not in self._poses:
            self._poses[pose] = np.ascontiguousarray(posed(self._who.face, self._who.features, pose)[:, :, ::-1])
        return self._poses[pose]

    def frame(self, at: float) -> Picture:
        """What the camera sees."""
        picture = room()
        size = round(self._size * (1 + 0.012 * np.sin(at * 0.9)))
        person = cv2.resize(self.face(at), (size, size), interpolation=cv2.INTER_CUBIC)
        left = round((WIDTH - size) / 2 + 12 * np.sin(at * 0.7))
        top = HEIGHT - size - round(6 + 5 * np.sin(at * 1.3))
        mask = soft_mask(size)
        part = picture[top : top + size, left : left + size]
        part[:] = (part * (1 - mask) + person * mask).astype(np.uint8)
        return camera(picture, self._light, self._noise)


def room() -> Picture:
    """A wall, a door, a shelf's edge far from the face."""
    return _room().copy()


@functools.cache
def _room() -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), (227, 221, 211), np.uint8)
    picture[:, :150] = (220, 212, 198)
    picture[:, 1120:] = (206, 200, 190)
    return picture


@functools.lru_cache(64)
def soft_mask(size: int) -> Floats:
    """Keeps head and shoulders, melts the portrait's own edges into the wall."""
    mask = np.zeros((size, size), np.float32)
    edge = size // 9
    cv2.ellipse(mask, (size // 2, size // 2), (size // 2 - edge, size // 2 - edge // 2), 0, 0, 360, (1.0,), -1)
    mask[size // 2 :, edge : size - edge] = 1.0
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), edge / 2)[..., None], dtype=np.float32)


def camera(picture: Picture, light: float, chance: np.random.Generator) -> Picture:
    """Light, sensor noise: another cut of a large field of noise, mirrored or not, for each frame."""
    field = _noise()
    top, left = (int(chance.integers(0, spare)) for spare in _SPARE)
    grain = field[top : top + HEIGHT, left : left + WIDTH][:, :: int(chance.choice((-1, 1)))]
    lit = cv2.convertScaleAbs(picture, alpha=light)
    return np.asarray(cv2.add(lit, np.ascontiguousarray(grain), dtype=cv2.CV_8U), dtype=np.uint8)


_SPARE = (211, 307)


@functools.cache
def _noise() -> NDArray[np.int16]:
    """Normal, 2.2 grey levels wide, larger than a frame."""
    grain = np.random.default_rng(1).normal(0, 2.2, (HEIGHT + _SPARE[0], WIDTH + _SPARE[1], 3))
    return np.asarray(np.rint(grain), dtype=np.int16)


# --- attacks -------------------------------------------------------------------------------------------------------


def hand_held(sheet: Picture, at: float, chance: tuple[float, ...], tilt: float = 0.0, scale: float = 1.0) -> Picture:
    """A flat thing in a hand before the camera: moved, turned, tilted about both axes."""
    a, b, c = chance
    height, width = sheet.shape[:2]
    size = 600 * scale
    yaw, pitch = 0.25 * np.sin(at * 0.8 + a) + tilt, 0.15 * np.sin(at * 0.6 + b)
    roll = 0.05 * np.sin(at * 0.9 + c)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [size * width / height / 2, size / 2]
    points = []
    for x, y in corners:
        z = x * np.sin(yaw) + y * np.sin(pitch)
        x2, y2 = x * np.cos(yaw), y * np.cos(pitch)
        depth = 1 + z / 1800
        x3, y3 = (x2 * np.cos(roll) - y2 * np.sin(roll)) / depth, (x2 * np.sin(roll) + y2 * np.cos(roll)) / depth
        points.append([WIDTH / 2 + x3 + 14 * np.sin(at + a), HEIGHT / 2 + 20 + y3 + 8 * np.sin(at * 1.4 + b)])
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(source, np.array(points, np.float32))
    picture = room()
    drawn = cv2.warpPerspective(sheet, warp, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    cover = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(cover, np.rint(points).astype(np.int32), (255,))
    cv2.copyTo(drawn, cover, picture)
    return picture


def printed(face: Picture, side: int = 900) -> Picture:
    """On paper: paler, dithered by the printer, with a white edge."""
    big = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    big = 38 + (big.mean(axis=2, keepdims=True) * 0.25 + big * 0.75) * 0.78
    rows, columns = np.mgrid[0:side, 0:side]
    dots = 7 * np.sin((rows + columns) * 2 * np.pi / 5.0) * np.sin((rows - columns) * 2 * np.pi / 5.0)
    sheet = np.full((side + 120, side + 120, 3), 244, np.uint8)
    sheet[60:-60, 60:-60] = (big + dots[..., None]).clip(0, 255).astype(np.uint8)
    return sheet


def on_screen(content: Picture, phase: float) -> Picture:
    """A display filmed by the camera: raster beating with the sensor's, black bezel, more contrast, blue cast."""
    big = cv2.resize(content, (1280, 720), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.arange(720), np.arange(1280)
    beat = 1 + 0.05 * _wave(rows * 0.02, columns * 2 * np.pi / 3.7 + phase)
    beat *= 1 + 0.045 * _wave(rows * 2 * np.pi / 4.3 + phase * 1.7, columns * 0.015)
    tones = ((np.arange(256) / 255) ** 1.12 * 255)[:, None] * np.array((1.05, 1.0, 0.96))
    lit = cv2.LUT(big, tones.astype(np.float32)[:, None, :]) * beat[..., None]
    lit = lit.clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.copyMakeBorder(lit, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(18, 18, 20)))


def _wave(down: NDArray[np.floating[Any]], across: NDArray[np.floating[Any]]) -> Floats:
    """The sine of down + across at every place."""
    wave = np.outer(np.sin(down), np.cos(across)) + np.outer(np.cos(down), np.sin(across))
    return np.asarray(wave, dtype=np.float32)


@dataclass
class Attack:
    """A presentation that is no person: frames come from a function that may hear what is asked."""

    picture: Callable[[float, Gesture | None], Picture]
    noise: np.random.Generator
    light: float = 1.0
    raw: bool = False
    """Fed in behind the camera: no light, no sensor."""
    asked: Gesture | None = None

    def ask(self, gesture: Gesture | None, at: float) -> None:
        """The attacker reads the kiosk's screen too."""
        self.asked = gesture

    def frame(self, at: float) -> Picture:
        """What arrives."""
        picture = self.picture(at, self.asked)
        return picture if self.raw else camera(picture, self.light, self.noise)


def _phases(seed: int) -> tuple[float, float, float]:
    chance = random.Random(seed)  # noqa: S311 - the same people in every run
    return chance.uniform(0, 6), chance.uniform(0, 6), chance.uniform(0, 6)


def _attack(seed: int, picture: Callable[[float, Gesture | None], Picture], *, raw: bool = False) -> Attack:
    light = random.Random(seed).uniform(0.8, 1.1)  # noqa: S311 - the same people in every run
    return Attack(picture, np.random.default_rng(seed), light, raw)


def print_attack(seed: int, who: Sitter) -> Attack:
    """A photograph on paper, moved and tilted as asked."""
    sheet, phases = printed(who.face[:, :, ::-1]), _phases(seed)
    return _attack(seed, lambda at, asked: hand_held(sheet, at, phases, _tilt(asked, at)))


def _tilt(asked: Gesture | None, at: float) -> float:
    """Whoever holds a flat picture turns it when a turn is asked."""
    side = {Gesture.TURN_LEFT: 1.0, Gesture.TURN_RIGHT: -1.0}.get(asked, 0.0) if asked is not None else 0.0
    return side * 0.5 * abs(float(np.sin(at * 1.6)))


def screen_attack(seed: int, who: Sitter) -> Attack:
    """A still picture on a tablet."""
    still, phases = Customer(seed, who).frame(0.0), _phases(seed)

    def picture(at: float, asked: Gesture | None) -> Picture:
        return hand_held(on_screen(still, at * 3), at, phases, _tilt(asked, at), 1.05)

    return _attack(seed, picture)


def mask_attack(seed: int, who: Sitter) -> Attack:
    """A photograph with holes for eyes and mouth, a live person behind it: blinks and opens the mouth as asked."""
    behind, phases = Customer(seed, who), _phases(seed)
    flat: dict[int, Picture] = {}
    heard: list[Gesture | None] = [None]

    def picture(at: float, asked: Gesture | None) -> Picture:
        if asked is not heard[0]:
            heard[0] = asked
            behind.ask(asked if asked in (Gesture.BLINK, Gesture.MOUTH) else None, at)
        face = behind.face(at)
        if id(face) not in flat:
            flat[id(face)] = printed(face)
        return hand_held(flat[id(face)], at, phases, _tilt(asked, at))

    return _attack(seed, picture)


def _recording(seed: int, who: Sitter) -> Callable[[float], Picture]:
    """An earlier, genuine check of the same person, with its own sequence; it begins again when it ends."""
    chance = random.Random(seed * 7919 + 1)  # noqa: S311 - the same people in every run
    person, plan = Customer(seed, who), drawn(chance.randrange, FaceSettings().gestures)
    starts = [2.0 + 3.0 * number + chance.uniform(0, 0.8) for number in range(len(plan))]
    length = starts[-1] + 3.0
    told: list[int] = [-1]

    def frame(at: float) -> Picture:
        now = at % length
        number = sum(now >= start for start in starts) - 1
        if number != told[0]:
            told[0] = number
            person.ask(plan[number] if number >= 0 else None, at)
        return person.frame(at)

    return frame


def replay_attack(seed: int, who: Sitter) -> Attack:
    """A recording of an earlier check, on a tablet."""
    film, phases = _recording(seed, who), _phases(seed)
    return _attack(seed, lambda at, _: hand_held(on_screen(film(at), at * 3), at, phases, 0.0, 1.1))


def frozen_attack(seed: int, who: Sitter) -> Attack:
    """One frame of a live call, held still; every other time before a camera that adds its noise."""
    still = Customer(seed, who).frame(0.5)
    return _attack(seed, lambda at, _: still, raw=seed % 2 == 0)


def injected_attack(seed: int, who: Sitter) -> Attack:
    """The recording of an earlier check, fed in as a camera."""
    film = _recording(seed, who)
    return _attack(seed, lambda at, _: film(at), raw=True)


ATTACKS: dict[str, Callable[[int, Sitter], Attack]] = {
    "print": print_attack, "screen": screen_attack, "cut_out_mask": mask_attack, "replay": replay_attack,
    "frozen_frame": frozen_attack, "injected_file": injected_attack,
}  # fmt: skip
