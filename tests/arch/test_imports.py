"""The table of docs/architecture.md, enforced: who may import whom."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.arch.source import statements

ROOMS = {"common", "teller", "video", "ocr", "devices", "server", "ui", "cli"}

ALLOWED: dict[str, set[str]] = {
    "common": set(),
    "teller": {"common"},
    "video": {"common"},
    "ocr": {"common"},
    "devices": {"common"},
    "server": {"teller", "common"},
    "ui": {"teller", "common", "video", "ocr", "devices"},
    "cli": {"common", "server", "ui"},
}
FROM_UI = {
    "ocr": {"ocr.api", "ocr.client", "ocr.liveness.check", "ocr.liveness.continuity"},
    "devices": {"devices.client", "devices.hands"},
}

HOMES = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "sqlalchemy": ("server/store/",),
    "alembic": ("server/store/",),
    "aiortc": ("video/",),
    "av": ("video/",),
    "sounddevice": ("video/",),
    "cv2": ("ocr/",),
    "onnxruntime": ("ocr/",),
    "paddleocr": ("ocr/",),
    "rapidocr": ("ocr/",),
    "face_recognition": ("ocr/",),
    "zxingcpp": ("ocr/",),
    "fastapi": ("server/",),
    "pyhanko": ("server/",),
}

COMMON_MODULES = {
    "__init__", "aio", "challenge", "clock", "commandline", "credentials", "demo_people", "errors", "figures", "logs",
    "paths", "settings", "tls",
    "wire.__init__", "wire.authorisation", "wire.base", "wire.capture",
    "wire.cases", "wire.cash", "wire.companies", "wire.desk", "wire.doubts", "wire.handing", "wire.identity",
    "wire.liveness", "wire.machine",
    "wire.passbook", "wire.registers",
    "wire.scenarios", "wire.sessions", "wire.signalling", "wire.vouchers",
}  # fmt: skip


def _modules(project: Path, room: str) -> list[Path]:
    return sorted((project / room).rglob("*.py"))


@functools.cache
def _imports(path: Path) -> tuple[tuple[str, int], ...]:
    return tuple(_read_imports(path))


def _read_imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in statements(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_what_it_may(project: Path, room: str) -> None:
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for path in _modules(project, room)
        for name, line in _imports(path)
        if name.split(".")[0] in ROOMS - {room} - ALLOWED[room]
    ]
    assert not wrong, "\n".join(wrong)


def test_windows_see_only_the_client_side_of_vision_and_devices(project: Path) -> None:
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for path in _modules(project, "ui")
        for name, line in _imports(path)
        for room, doors in FROM_UI.items()
        if name.split(".")[0] == room and not any(name == door or name.startswith(door + ".") for door in doors)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_windows_do_not_import_each_other(project: Path) -> None:
    apps = sorted(p.name for p in (project / "ui").glob("*_app"))
    assert apps, "there are windows"
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for app in [*apps, "kit"]
        for path in _modules(project, f"ui/{app}")
        for name, line in _imports(path)
        if any(name.startswith(f"ui.{other}") for other in apps if other != app)
    ]
    assert not wrong, "\n".join(wrong)


def test_tools_play_windows_from_outside(project: Path) -> None:
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for path in _modules(project, "tools")
        for name, line in _imports(path)
        if name.split(".")[0] in ("PySide6", "shiboken6") or (name.startswith("ui.") and not name.startswith("ui.kit."))
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_outside_the_tests_imports_them(project: Path) -> None:
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for path in (project / "guitai.py", *(p for room in (*sorted(ROOMS), "tools", "benchmarks")
                                              for p in _modules(project, room)))
        for name, line in _imports(path)
        if name.split(".")[0] == "tests"
    ]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_whoever_takes_words_answers_wrong_ones_in_one_line(project: Path) -> None:
    """Workers are started by their parents only."""
    workers = {"ocr/worker.py", "ocr/serving.py"}
    everywhere = [
        project / "guitai.py",
        *(p for room in (*ROOMS, "tools", "benchmarks") for p in _modules(project, room)),
    ]
    plain = {str(p.relative_to(project)) for p in everywhere if "argparse.ArgumentParser(" in p.read_text("utf-8")}
    assert plain - workers - {"common/commandline.py"} == set(), "common.commandline.OneLineParser"


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_stays_in_its_room(project: Path, library: str) -> None:
    wrong = [
        f"{path.relative_to(project)}:{line}"
        for room in sorted(ROOMS)
        for path in _modules(project, room)
        for name, line in _imports(path)
        if name.split(".")[0] == library and not str(path.relative_to(project)).startswith(HOMES[library])
    ]
    assert not wrong, f"{library} outside its room: " + ", ".join(wrong)


def test_common_is_closed(project: Path) -> None:
    found = {".".join(p.relative_to(project / "common").with_suffix("").parts) for p in _modules(project, "common")}
    assert found == COMMON_MODULES, "a helper with one user lives beside that user; widen this list on purpose only"


def test_windows_leave_picture_files_to_one_module(project: Path) -> None:
    """A device made in Python behind Qt's reader lets a window hang: ``ui/kit/picture_files.py`` says how."""
    wrong = [
        f"{path.relative_to(project)}:{line} imports {name}"
        for path in _modules(project, "ui")
        for name, line in _imports(path)
        if name.rsplit(".", 1)[-1] in ("QImageReader", "QImageWriter", "QBuffer", "QIODevice")
    ]
    wrong += [
        str(path.relative_to(project))
        for path in _modules(project, "ui")
        if "fromData(" in (text := path.read_text("utf-8")) or "loadFromData(" in text
    ]
    assert not wrong, "\n".join(wrong)
