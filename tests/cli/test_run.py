"""The script `run`: it is sound, tells all there is, sets up only what is missing, and passes the words on."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.words import build_parser

FAKE_DPKG = """#!/bin/sh
# As on a system on which nothing but libegl1 (by its own name) and libglib2.0-0 (renamed) is there.
for name in "$@"; do
  case "$name" in libegl1|libglib2.0-0t64) echo "installed $name" ;; esac
done
exit 1
"""


def run(project: Path, *words: str, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(project / "run"), *words],
        cwd=cwd or project,
        env={**os.environ, **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def bare(tmp_path: Path, project: Path) -> tuple[Path, str]:
    """A copy of the script alone, and a PATH on which dpkg knows little, nobody is root and there is no sudo."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "readlink", "cat", "cksum", "cut", "mktemp", "tail", "rm", "basename", "flock"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "dpkg-query").write_text(FAKE_DPKG)
    for name in ("id", "dpkg-query"):
        (tools / name).chmod(0o755)
    shutil.copy(project / "run", tmp_path / "run")
    (tmp_path / "requirements.lock").touch()
    return tmp_path, str(tools)


def test_it_is_sound(project: Path) -> None:
    assert subprocess.run(["bash", "-n", str(project / "run")], check=False).returncode == 0


def test_without_words_it_tells_every_command(project: Path) -> None:
    said = run(project)
    assert (said.returncode, said.stderr) == (0, "")
    commands = build_parser().format_help().split("COMMAND\n")[1].split("\n")
    names = {line.split()[0] for line in commands if line.startswith("    ") and line[4:5].strip()}
    assert {"demo", "test", "server", "verify"} <= names
    assert all(f"./run {name}" in said.stdout or f"| {name}" in said.stdout for name in names), names


def test_it_lets_every_command_through_and_no_other(project: Path) -> None:
    text = (project / "run").read_text()
    commands = build_parser().format_help().split("COMMAND\n")[1].split("\n")
    for name in (line.split()[0] for line in commands if line.startswith("    ") and line[4:5].strip()):
        assert f" {name} |" in text or f"| {name})" in text
    said = run(project, "frobnicate")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)


def test_a_command_with_line_breaks_in_it_still_gets_one_line(project: Path) -> None:
    said = run(project, "two\nlines\x1b[31m")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert "\x1b" not in said.stderr
    assert r"two\nlines" in said.stderr


def test_words_and_working_directory_are_the_users_own(project: Path, tmp_path: Path) -> None:
    (tmp_path / "a name with spaces.pdf").write_bytes(b"no voucher")
    said = run(project, "verify", "a name with spaces.pdf", cwd=tmp_path, GUITAI_DATA_DIR=str(tmp_path / "data"))
    assert said.returncode == 2
    assert "a name with spaces.pdf: UNREADABLE" in said.stderr


def test_it_works_through_a_link(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "guitai"
    link.symlink_to(project / "run")
    said = subprocess.run([str(link), "verify", "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 0, said.stderr


def test_without_the_right_to_install_it_names_exactly_what_is_missing(bare: tuple[Path, str]) -> None:
    home, path = bare
    said = run(home, "demo", PATH=path)
    assert said.returncode == 2
    asked = said.stderr.split("--no-install-recommends ")[1].split()
    assert {"libxcb-cursor0", "fonts-noto-cjk", "libportaudio2", "poppler-utils"} <= set(asked)
    assert not {"libegl1", "libglib2.0-0", "xvfb"} & set(asked)
    assert {"xvfb", "postgresql"} <= set(run(home, "test", PATH=path).stderr.split())


def test_a_machine_with_an_old_python_is_told(bare: tuple[Path, str]) -> None:
    home, path = bare
    (Path(path) / "dpkg-query").unlink()
    old = Path(path) / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    said = run(home, "demo", PATH=path)
    assert said.returncode == 2
    assert "found: Python 3.9.2" in said.stderr
