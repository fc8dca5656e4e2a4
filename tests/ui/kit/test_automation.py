"""The automation port against a real window in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ui.kit.automation_client import AutomationClient, AutomationError

TOKEN = "0123456789abcdef0123456789abcdef"
SCRIPT = Path(__file__).with_name("window_for_automation.py")


@pytest.fixture
async def port(project: Path) -> AsyncIterator[int]:
    """The port of a running window; the process has ended when the test has."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(project)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), "0", TOKEN, stdout=asyncio.subprocess.PIPE, env=environment, cwd=project
    )
    assert process.stdout is not None
    yield int(await asyncio.wait_for(process.stdout.readline(), 30))
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def test_without_the_token_the_port_hangs_up(port: int) -> None:
    with pytest.raises(ConnectionError):
        await AutomationClient(port, "f" * 32).connect()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b'{"id": 1, "cmd": "tree"}\n')
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await writer.wait_closed()


async def test_a_person_played_from_outside(port: int, tmp_path: Path) -> None:
    async with AutomationClient(port, TOKEN) as window:
        await window.type("test.name", "Gu 顾南枝")
        assert await window.text("test.name") == "Gu 顾南枝"
        await window.type("test.name", "x", clear=True)
        assert await window.text("test.name") == "x"
        await window.choose("test.kind", "c")
        await window.wait("test.said", text="kind c")
        await window.click_row("test.table", "r2")
        await window.wait("test.said", text="row r2")
        await window.drag("test.pad", [(60, 40), (120, 90), (200, 30), (260, 80)])
        await window.wait("test.said", text="stroke of 4")
        png = await window.grab(tmp_path / "window.png")
        assert png.startswith(b"\x89PNG")
        assert (tmp_path / "window.png").read_bytes() == png
        assert await window.metrics() == {"answer": 42}


async def test_keys_pass_through_shortcuts_and_wait_for_the_guard(port: int) -> None:
    async with AutomationClient(port, TOKEN) as window:
        await window.key("F9")
        assert await window.text("test.said") == "pressed 批准"
        began = asyncio.get_running_loop().time()
        await window.key("F9")
        assert await window.text("test.said") == "pressed 再批准"
        assert asyncio.get_running_loop().time() - began > 0.3


async def test_what_a_hand_could_not_press_is_refused(port: int) -> None:
    async with AutomationClient(port, TOKEN) as window:
        for name, code in (("test.off", "disabled"), ("no.such", "not_found"), ("dialog.yes", "not_visible")):
            with pytest.raises(AutomationError) as error:
                await window.click(name, timeout_s=0)
            assert error.value.code == code
        await window.click("test.ask")
        with pytest.raises(AutomationError) as error:
            await window.click("test.ask", timeout_s=0.1)
        assert error.value.code == "covered"
        await window.click("dialog.yes")
        assert (await window.wait("test.said", text="answered yes"))["class"] == "Label"
        await window.wait("dialog.yes", visible=False)


async def test_holding_shows_what_is_hidden(port: int) -> None:
    async with AutomationClient(port, TOKEN) as window:
        await window.hold("test.masked", True)
        assert await window.text("test.masked") == "99990426"
        await window.hold("test.masked", False)
        assert await window.text("test.masked") == "99****26"


async def test_the_tree_names_what_is_there_and_quit_ends_it(port: int) -> None:
    async with AutomationClient(port, TOKEN) as window:
        tree = {entry["name"]: entry for entry in await window.tree()}
        assert tree["test.off"]["enabled"] is False
        assert tree["keys.main"]["text"] == "批准"
        assert tree["keys.main"]["face"] == "do"
        assert len(tree["test.pad"]["geometry"]) == 4
        await window.quit()
        with pytest.raises(ConnectionError):
            await ask_for_ever(window)


async def ask_for_ever(window: AutomationClient) -> None:
    """Until the window hangs up."""
    while True:
        await window.exists("test.said")
