"""Every command explains itself; wrong words, files and numbers get one line and exit status 2."""

import json
import os
import shlex
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.words import paths_for_pytest
from tests.cli.conftest import CommandLine, Forked

COMMANDS = (
    "", "demo", "test", "server", "devices", "teller", "authoriser", "kiosk", "engineer", "ocr", "ocr read", "face",
    "face match", "verify", "seal", "seal list", "seal set",
    *("authorities", "scenario", "scenario check", "scenario show", "scenario list", "privacy"),
)  # fmt: skip

LONG = "x" * 300
"""Longer than a file system takes a name."""
TOO_LONG = "the name is too long"

WRONG = {
    "no command": ("", "COMMAND"),
    "unknown command": ("frobnicate", "frobnicate"),
    "unknown option": ("server --frobnicate", "--frobnicate"),
    "a port in words": ("server --port many", "--port"),
    "a port too high": ("server --port 99999", "server.port"),
    "no speed": ("devices --speed 0", "devices.speed"),
    "a machine's number with a path in it": ("devices --machine ../x", "devices.vtm"),
    "no such database": ("server --port 0 --database nonsense", "--database"),
    "a database without a driver": ("server --port 0 --database mysql://a/b", "--database"),
    "a file that is no database": ("server --port 0 --database sqlite:///notes.txt", "notes.txt is not a database"),
    "authorities that are not there": ("server --authorities none.json", "none.json"),
    "authorities in a folder": ("server --authorities .", "a directory, not a file"),
    "authorities that say nothing": ("server --authorities notes.txt", "notes.txt"),
    "authorities that never come": ("server --authorities-later", "--authorities-later needs --authorities"),
    "authorities that come later and say nothing": ("server --authorities-later --authorities notes.txt", "notes.txt"),
    "nowhere to listen": ("server --host not.a.host.invalid", "not.a.host.invalid"),
    "data in a file": ("server --data notes.txt", "notes.txt"),
    "settings that are not there": ("server --config none.toml", "none.toml"),
    "an unknown scenario": ("demo --scenario robbery", "robbery"),
    "headless to nowhere": ("demo --headless", "--out DIR"),
    "no display": ("demo", "--headless --out DIR"),
    "no display for a window": ("teller", "no display"),
    "no address": ("kiosk --server nowhere", "nowhere"),
    "ocr of nothing": ("ocr read", "IMAGE"),
    "ocr without a word": ("ocr", "COMMAND"),
    "one picture of two": ("ocr read notes.txt none.png --json", "none.png"),
    "a directory": ("ocr read .", "a directory, not a file"),
    "half a pair": ("face match notes.txt", "B"),
    "a pair with a hole": ("face match notes.txt none.png", "none.png"),
    "a seal kept nowhere": ("seal set --place home", "home"),
    "a seal without a password": ("seal list --credentials notes.txt", "--credentials"),
    "a missing voucher": ("verify none.pdf", "none.pdf"),
    "no voucher": ("verify notes.txt", "not a PDF"),
    "an empty voucher": ("verify empty.pdf", "empty.pdf"),
    "no such scenario": ("scenario show robbery", "no scenario of that name"),
    "a scenario file that is not there": ("scenario check none.toml", "none.toml"),
    "nothing kept yet": ("privacy", "guitai.sqlite3"),
    "a register that is not there": ("authorities --register none.json", "none.json"),
    "authorities on no port": ("authorities --port 99999", "99999"),
    "a register that says nothing": ("authorities --register notes.txt", "notes.txt"),
    "a seal whose password nobody can type": ("seal list", "--credentials"),
    "pictures into a file": ("demo --headless --out notes.txt", "notes.txt"),
    "no camera of that name": ("kiosk --camera bogus", "video.camera"),
    "a microphone without a name": ("teller --microphone device:", "video.microphone"),
    "a speaker that is only a name": ("teller --speaker usb", "device:NAME"),
    "a film that is not there": ("kiosk --camera file:none.mp4", "none.mp4"),
    "a portrait that is not there": ("teller --camera synthetic:none.png", "none.png"),
    "a sound that is a folder": ("teller --microphone file:.", "a directory, not a file"),
    "data for a demo that has its own": ("demo --headless --out pictures --data bank", "--data"),
    "pictures of a demo nobody plays": ("demo --out pictures", "--out needs --headless"),
    "a visit of a demo nobody plays": ("demo --scenario deposit", "--scenario needs --headless"),
    "a demo with wrong settings": ("demo --config none.toml", "none.toml"),
    "tests that are not there": ("test nosuchfile", "no such file: nosuchfile"),
    "tests that are not there, after options": ("test -q -k word tests/none.py::test_it", "tests/none.py"),
    "a missing certificate": ("verify notes.txt --ca none.pem", "none.pem"),
    "a picture with too long a name": (f"ocr read {LONG}", TOO_LONG),
    "a path longer than there are": (f"verify {'x' * 5000}", TOO_LONG),
    "settings with too long a name": (f"server --config {LONG}", TOO_LONG),
    "a password file with too long a name": (f"teller --credentials {LONG}", TOO_LONG),
    "a password file with too long a name, to come": (f"teller --credentials {LONG} --wait 1", TOO_LONG),
    "hands with too long a name": (f"kiosk --hands {LONG}", TOO_LONG),
    "a film with too long a name": (f"teller --camera file:{LONG}", TOO_LONG),
    "tests with too long a name": (f"test {LONG}", TOO_LONG),
    "a scenario with too long a name": (f"scenario check {LONG}", TOO_LONG),
    "pictures into too long a name": (f"demo --headless --out {LONG}", "choose another with --out"),
    "data in too long a name": (f"server --data {LONG}", "choose another with --data"),
    "a password file that is a folder": ("engineer --credentials .", "a directory, not a file"),
    "settings that are no ordinary file": ("server --config /dev/null", "not an ordinary file"),
    "two lines in a name": ("ocr read 'two\nlines.png'", "no such file: two\\nlines.png"),
    "two lines in a film's name": ("teller --camera 'file:two\nlines.mp4'", "two\\nlines.mp4"),
    "two lines in a command": ("'two\nlines'", "two"),
    "a long number": (f"teller --login {LONG}", "argument --login"),
    "a number with a way out": ("teller --login ../../evil", "argument --login"),
    "no number": ("kiosk --login ''", "argument --login"),
    "pictures into nothing": ("demo --headless --out ''", "argument --out: an empty path"),
    "data in nothing": ("devices --data ''", "argument --data: an empty path"),
    "a seal with an empty password file": ("seal list --credentials ''", "an empty path"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(forked: Forked, command: str) -> None:
    said = forked(*command.split(), "--help")
    assert (said.status, said.err) == (0, "")
    assert "usage:" in said.out


@pytest.mark.parametrize(("words", "named"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_get_one_line_and_status_2(forked: Forked, words: str, named: str) -> None:
    (forked.home / "notes.txt").write_text("not what was asked for")
    (forked.home / "empty.pdf").touch()
    said = forked(*shlex.split(words))
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert named in said.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter and read everything")
@pytest.mark.parametrize("file", ["closed/file", "sealed"])
@pytest.mark.parametrize(
    "words",
    ["ocr read", "verify", "server --config", "scenario check", "test", "teller --credentials", "kiosk --hands",
     "engineer --wait 1 --credentials"],
)  # fmt: skip
def test_what_one_may_not_read_is_not_called_missing(forked: Forked, words: str, file: str) -> None:
    _close_off(forked.home)
    said = forked(*words.split(), forked.home / file)
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert "no permission to read" in said.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter and write everywhere")
def test_pictures_into_a_forbidden_directory(forked: Forked) -> None:
    _close_off(forked.home)
    said = forked("demo", "--headless", "--out", "closed/pictures")
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert "choose another with --out" in said.err


def _close_off(home: Path) -> None:
    """A folder that its owner may not enter, and a file that they may not read."""
    (home / "closed").mkdir(mode=0o000)
    (home / "sealed").touch(mode=0o000)


def test_a_number_with_a_way_out_leaves_nothing_behind(forked: Forked) -> None:
    forked("teller", "--login", "../../evil", extra={"QT_QPA_PLATFORM": "offscreen"})
    assert not (forked.home / "data").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[server]\nport = 'many'\n", "server.port"),
        ("[server]\nprot = 8600\n", "server.prot"),
        ("[video]\nfps = 600\n", "video.fps"),
        ("[video]\ncamera = 'auto:teller'\n", "video.camera"),
        ("[video]\nspeaker = 'off'\n", "auto | none | device:NAME"),
        ("[[devices.services]]\ninterface = 'Printr'\nuri = 'ws://127.0.0.1:1/'\n", "there is no interface Printr"),
        ("[[", "settings file"),
    ],
)
def test_a_mistake_in_the_settings_file_is_named(forked: Forked, text: str, named: str) -> None:
    (forked.home / "bank.toml").write_text(text)
    said = forked("server", "--config", "bank.toml")
    assert said.status == 2
    assert said.is_one_clear_line(), said.err
    assert "bank.toml" in said.err
    assert named in said.err


@pytest.mark.parametrize("interface", ["Printer", "Lights", "TokenDispenser"])
def test_an_interface_or_a_role_of_another_host_is_taken(forked: Forked, interface: str) -> None:
    uri = "ws://127.0.0.1:1/"
    (forked.home / "bank.toml").write_text(f"[[devices.services]]\ninterface = '{interface}'\nuri = '{uri}'\n")
    said = forked("scenario", "list", "--config", "bank.toml")
    assert "interface" not in said.err


@pytest.mark.parametrize(("name", "value"), [("GUITAI_SERVER__PORT", "many"), ("GUITAI_VIDEO__SPEAKER", "usb")])
def test_a_mistake_in_the_environment_is_named(forked: Forked, name: str, value: str) -> None:
    said = forked("server", extra={name: value})
    assert said.status == 2
    assert said.is_one_clear_line(), said.err
    assert name in said.err


def test_authorities_on_a_taken_port_say_so(forked: Forked) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = forked("authorities", "--port", port)
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert f"port {port} is taken" in said.err


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("", []),
        ("tests/cli", ["tests/cli"]),
        ("-q tests/cli/test_words.py::test_it[a-b] -x", ["tests/cli/test_words.py"]),
        ("-k word -m slow -n 2 -p no:cacheprovider", []),
        ("-xk word --tb short --maxfail=1 tests/cli", ["tests/cli"]),
        ("-kword tests/cli", ["tests/cli"]),
        ("-k -word tests/cli", ["tests/cli"]),
        ("--lf tests/cli", ["tests/cli"]),
        ("--pyargs tests.cli", []),
        ("@words.txt", []),
    ],
)
def test_words_for_pytest_that_name_no_file_are_left_alone(words: str, paths: list[str]) -> None:
    assert paths_for_pytest(words.split()) == paths


def test_a_display_that_does_not_answer_is_said_before_qt_gives_up(forked: Forked) -> None:
    said = forked("teller", extra={"DISPLAY": ":7654"})
    assert said.status == 2
    assert said.is_one_clear_line(), said.err
    assert ":7654" in said.err


def test_a_window_without_a_server_says_where_to_get_one(guitai: CommandLine) -> None:
    known = guitai.home / "credentials.json"
    known.write_text(json.dumps({"passwords": {"T-03": "secret"}}))
    words = ("teller", "--server", "http://127.0.0.1:9", "--credentials", known)
    said = guitai(*words, extra={"QT_QPA_PLATFORM": "offscreen"})
    assert said.status == 2
    assert said.is_one_clear_line(), said.err
    assert "./run server" in said.err


def _damaged_database(file: Path) -> None:
    """A database by its header, and nothing but rubbish behind it: no words or files of the caller's are wrong."""
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE anything (it TEXT)")
    content = file.read_bytes()
    file.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


@pytest.mark.parametrize("content", [b"short", b"this was a database once, and is longer than a header" * 30])
def test_a_database_in_the_data_directory_that_is_none_is_named(forked: Forked, content: bytes) -> None:
    file = forked.home / "data" / "guitai.sqlite3"
    file.parent.mkdir()
    file.write_bytes(content)
    for words in ("server --port 0", "privacy"):
        said = forked(*words.split())
        assert (said.status, said.out) == (2, "")
        assert said.is_one_clear_line(), said.err
        assert "guitai.sqlite3 is not a database" in said.err
    assert file.read_bytes() == content


def test_authorities_in_the_settings_file_are_looked_for_too(forked: Forked) -> None:
    (forked.home / "bank.toml").write_text("[identity]\nsources = 'none.json'\n")
    said = forked("server", "--config", "bank.toml")
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert "none.json" in said.err


def test_a_fault_of_ours_is_one_line_and_its_story_lies_in_the_log(guitai: CommandLine) -> None:
    (guitai.home / "data").mkdir()
    _damaged_database(guitai.home / "data" / "guitai.sqlite3")
    said = guitai("server", "--port", "0")
    assert (said.status, said.out) == (1, "")
    assert said.is_one_clear_line(), said.err
    assert "server.log says more" in said.err
    assert "Traceback" in (guitai.home / "data" / "logs" / "server.log").read_text()
    assert list(Path(guitai.home).glob("*.log")) == []
