"""What the demo may delete, and when it says that it has begun."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import guitai
from cli.sentences import in_words
from common.errors import ServiceError, UserError
from common.settings import Settings
from tests.cli.conftest import Forked
from tools.demo import main as demo
from tools.demo import stage
from tools.demo.folder import fresh_data


def test_a_folder_of_somebody_else_is_never_deleted(forked: Forked) -> None:
    """``--out .`` where a bank keeps its data."""
    books = forked.home / "data" / "guitai.sqlite3"
    books.parent.mkdir()
    books.write_text("the books")
    said = forked("demo", "--headless", "--out", ".")
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert str(books.parent) in said.err
    assert books.read_text() == "the books"


def test_what_a_demo_has_left_makes_room_for_the_next(tmp_path: Path) -> None:
    left = fresh_data(tmp_path / "out") / "vault" / "evidence"
    left.parent.mkdir()
    left.write_text("of the last visit")
    picture = tmp_path / "out" / "01-ready.png"
    picture.touch()
    again = fresh_data(tmp_path / "out")
    assert again.is_dir()
    assert not left.parent.exists()
    assert picture.exists()


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    fresh_data(tmp_path)
    fresh_data(tmp_path)


@pytest.mark.parametrize("points_at", ["a demo's data", "nothing"])
def test_a_link_is_not_followed(tmp_path: Path, points_at: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    if points_at != "nothing":
        fresh_data(elsewhere)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "data").symlink_to(elsewhere / "data")
    with pytest.raises(UserError, match=r"cli\.out_not_ours"):
        fresh_data(tmp_path / "out")


def test_a_file_in_its_place_stays(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(UserError, match=r"cli\.out_not_ours"):
        fresh_data(tmp_path)
    assert (tmp_path / "data").read_text() == "mine"


ACTOR = """
import os, pathlib, sys, time
name, data = sys.argv[1], pathlib.Path(sys.argv[sys.argv.index("--data") + 1])
part = data / "parts" / name
part.parent.mkdir(parents=True, exist_ok=True)
if name == "server":
    (data / "demo-credentials.json").write_text('{"passwords": {}, "cards": {}}')
part.with_suffix(".words").write_text(" ".join(sys.argv))
part.with_suffix(".new").write_text(str(os.getpid()))
part.with_suffix(".new").rename(part)
if part.with_suffix(".fails").exists():
    sys.exit("guitai: no luck today")
while name in ("kiosk", "teller", "authoriser") and not (data / "shown").exists():
    time.sleep(0.01)
print("ready http://127.0.0.1:9", flush=True)
while not part.with_suffix(".closed").exists():
    time.sleep(0.01)
"""
"""Stands for every process of the counter: says its id, and does what files beside it tell it to."""


class Played(stage.Stage):
    """A counter of actors; nobody's hands are on its machine."""

    async def start_devices(self) -> None:
        await self._start("devices", "devices")


class Counter:
    """``./run demo`` on a display, played by actors."""

    def __init__(self, data: Path, said: Callable[[], str]) -> None:
        self.data, self.parts, self.said = data, data / "parts", said
        self.parts.mkdir(parents=True)

    async def open(self, *words: str) -> int:
        return await demo.open_counter(self.data, Settings(), words)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.01)

    def process(self, name: str) -> int:
        return int((self.parts / name).read_text())

    def all_have_ended(self) -> bool:
        begun = [self.process(part.name) for part in self.parts.iterdir() if not part.suffix]
        return bool(begun) and not any(Path(f"/proc/{one}").exists() for one in begun)


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Counter:
    (tmp_path / "guitai.py").write_text(ACTOR)
    monkeypatch.setattr(stage, "HOME", tmp_path)
    monkeypatch.setattr(demo, "Stage", Played)
    monkeypatch.setattr(demo, "draw_documents", lambda folder: None)
    monkeypatch.setattr(demo, "write_hands_file", lambda folder, cards: None)
    heard: list[str] = []

    def said() -> str:
        heard.append(capsys.readouterr().out)
        return "".join(heard)

    return Counter(tmp_path / "data", said)


@pytest.mark.parametrize("part", ["teller", "kiosk", "server"])
async def test_a_part_that_dies_at_start_is_named_with_its_log_and_ends_the_rest(counter: Counter, part: str) -> None:
    (counter.parts / f"{part}.fails").touch()
    with pytest.raises(ServiceError) as raised:
        await counter.open()
    line, log = in_words(raised.value), counter.data / "logs" / f"{part}.out"
    assert part in line
    assert str(log) in line
    assert "\n" not in line
    assert "no luck today" in log.read_text()
    assert "open" not in counter.said()
    assert counter.all_have_ended()


async def test_the_counter_is_open_when_its_windows_can_be_used(counter: Counter) -> None:
    opening = asyncio.create_task(counter.open())
    for name in (*stage.WINDOWS, "server", "devices", "authorities"):
        await counter.until((counter.parts / name).exists)
    await counter.until((counter.data / "sign-on.json").exists)
    assert counter.said() == ""
    (counter.data / "shown").touch()
    await counter.until(lambda: "The counter is open" in counter.said())
    (counter.parts / "teller.closed").touch()
    assert await opening == 0
    assert counter.all_have_ended()


async def test_a_window_that_ends_by_itself_is_named(counter: Counter) -> None:
    (counter.data / "shown").touch()
    opening = asyncio.create_task(counter.open())
    await counter.until(lambda: "The counter is open" in counter.said())
    os.kill(counter.process("kiosk"), signal.SIGKILL)
    with pytest.raises(ServiceError, match=r"demo\.part_ended") as raised:
        await opening
    assert raised.value.params["part"] == "kiosk"
    assert counter.all_have_ended()


async def test_ctrl_c_while_it_opens_ends_everything(counter: Counter) -> None:
    opening = asyncio.create_task(counter.open())
    await counter.until((counter.parts / "kiosk").exists)
    os.kill(os.getpid(), signal.SIGINT)
    assert await opening == 130
    assert counter.all_have_ended()


async def test_what_is_said_of_the_demo_is_said_of_every_part(counter: Counter) -> None:
    opening = asyncio.create_task(counter.open("--config", "bank.toml", "--log-level", "DEBUG"))
    parts = [*stage.WINDOWS, "server", "devices", "authorities"]
    for name in parts:
        await counter.until((counter.parts / name).exists)
    (counter.data / "shown").touch()
    await counter.until(lambda: "The counter is open" in counter.said())
    for name in parts:
        assert "--config bank.toml --log-level DEBUG" in (counter.parts / f"{name}.words").read_text(), name
    (counter.parts / "teller.closed").touch()
    assert await opening == 0


def test_the_demo_hands_its_settings_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "bank.toml"
    config.write_text("[devices]\nspeed = 3.0\n")
    given: dict[str, Any] = {}

    def run(settings: Settings, **options: Any) -> int:
        given.update(options, speed=settings.devices.speed)
        return 0

    monkeypatch.setattr(demo, "run", run)
    words = ["demo", "--headless", "--out", str(tmp_path), "--config", str(config), "--log-level", "DEBUG"]
    assert guitai.main(words) == 0
    assert given["words"] == ["--config", str(config), "--log-level", "DEBUG"]
    assert given["speed"] == 3.0
