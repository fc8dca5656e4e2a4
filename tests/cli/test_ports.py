"""The two processes that listen: ready, a taken port, an orderly end."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.conftest import CommandLine

STOPS_WITHIN_S = 20.0


@contextmanager
def _running(process: subprocess.Popen[str]) -> Iterator[str]:
    """The line with which it says that it is ready; it is told to end at the end and must obey."""
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPS_WITHIN_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_server_on_a_port_says_so(guitai: CommandLine) -> None:
    with _running(guitai.start("server", "--port", "0")) as ready:
        assert ready.startswith("ready http://127.0.0.1:")
        port = ready.strip().rpartition(":")[2]
        said = guitai("server", "--port", port, "--data", "other")
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert f"port {port} is taken" in said.err


@pytest.mark.parametrize("option", ["--port", "--hands-port"])
def test_a_second_machine_on_a_port_says_so(guitai: CommandLine, option: str) -> None:
    with _running(guitai.start("devices", "--machine", "K-91")) as ready:
        assert ready.startswith("ready ws://127.0.0.1:")
        port = ready.split("/")[2].rpartition(":")[2] if option == "--port" else ready.split()[-1]
        said = guitai("devices", "--machine", "K-92", option, port)
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert port in said.err


def test_a_second_machine_on_the_same_data_says_so_and_leaves_the_first_alone(guitai: CommandLine) -> None:
    with _running(guitai.start("devices", "--machine", "K-93", "--data", "shared")) as ready:
        (told,) = guitai.home.rglob("ready.json")
        before = told.read_text()
        said = guitai("devices", "--machine", "K-93", "--data", "shared")
        assert ready.startswith("ready ws://")
        assert told.read_text() == before, "whoever looks for the first one still finds it"
    assert (said.status, said.out) == (2, "")
    assert said.is_one_clear_line(), said.err
    assert "K-93 runs already" in said.err
    assert not told.exists(), "its own process took it away"


def test_a_machine_that_was_killed_starts_again_on_its_data(guitai: CommandLine) -> None:
    killed = guitai.start("devices", "--machine", "K-94", "--data", "shared")
    assert killed.stdout is not None
    assert killed.stdout.readline().startswith("ready ")
    killed.kill()
    killed.wait(STOPS_WITHIN_S)
    killed.stdout.close()
    with _running(guitai.start("devices", "--machine", "K-94", "--data", "shared")) as ready:
        assert ready.startswith("ready ws://")
