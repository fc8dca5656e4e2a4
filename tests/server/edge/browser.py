"""A real browser without a window, steered through its DevTools protocol (Debian's chromium; nothing else)."""

import json
import shutil
import subprocess
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

BINARY = shutil.which("chromium")
WITHIN_S = 60.0


class Browser:
    """One page. Made for tests on loopback: no sandbox, a profile that is thrown away; ``more``: further options."""

    def __init__(self, profile: Path, *more: str) -> None:
        assert BINARY is not None
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        self._process = subprocess.Popen(
            [BINARY, *options, *more, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = count(1)
        self._open = ExitStack()
        self._page = self._open.enter_context(self._connect(profile / "DevToolsActivePort"))

    def _connect(self, told: Path) -> Any:
        until = time.monotonic() + WITHIN_S
        while not (told.exists() and told.read_text().strip()):
            assert time.monotonic() < until, "the browser did not start"
            time.sleep(0.05)
        port = told.read_text().splitlines()[0]
        pages = [one for one in httpx.get(f"http://127.0.0.1:{port}/json").json() if one["type"] == "page"]
        return connect(pages[0]["webSocketDebuggerUrl"], max_size=None, open_timeout=WITHIN_S)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command and its answer."""
        number = next(self._numbers)
        self._page.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._page.recv(timeout=WITHIN_S))
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def evaluate(self, script: str) -> Any:
        """A script's value, once the page is whole."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def go(self, url: str) -> None:
        """Open a page."""
        self.ask("Page.navigate", url=url)

    def wait_for(self, words: str) -> str:
        """The page's text, once these words stand in it."""
        until = time.monotonic() + WITHIN_S
        text = ""
        while words not in text:
            assert time.monotonic() < until, f"{words!r} did not come; the page says {text!r}"
            time.sleep(0.05)
            text = str(self.evaluate("document.readyState === 'complete' ? document.body.innerText : ''"))
        return text

    def choose_file(self, selector: str, file: Path) -> None:
        """What a person does in the file dialog."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    def close(self) -> None:
        """End the browser."""
        self._open.close()
        self._process.terminate()
        self._process.wait(WITHIN_S)
