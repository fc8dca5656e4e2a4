"""Paths that a person named: every fault has its own code, also those that root does not meet."""

import errno
import os
from pathlib import Path

import pytest

from common import paths
from common.commandline import one_line


def test_what_can_be_used_has_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    assert (paths.fault_of_file(file, ordinary=True), paths.fault_of(file), paths.fault_of(tmp_path)) == (None,) * 3
    assert paths.fault_of_folder(tmp_path) is None


def test_each_fault_has_its_own_code(tmp_path: Path) -> None:
    file, long, pipe = tmp_path / "a", tmp_path / ("x" * 300), tmp_path / "pipe"
    file.touch()
    os.mkfifo(pipe)
    assert paths.fault_of_file(tmp_path / "none") == "file.missing"
    assert paths.fault_of_file(file / "below") == "file.missing"
    assert paths.fault_of_file(Path("nul\0")) == "file.missing"
    assert paths.fault_of_file(tmp_path) == "file.is_folder"
    assert paths.fault_of_file(pipe) is None
    assert paths.fault_of_file(pipe, ordinary=True) == "file.special"
    assert {look(long) for look in (paths.fault_of_file, paths.fault_of_folder, paths.fault_of)} == {
        "file.name_too_long"
    }
    assert paths.fault_of_folder(file) == paths.fault_of_folder(tmp_path / "none") == "file.not_folder"


def test_a_folder_that_may_not_be_entered_is_a_fault_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "refused")

    monkeypatch.setattr(Path, "stat", refused)
    assert paths.fault_of_file(tmp_path) == paths.fault_of_folder(tmp_path) == "file.forbidden"


def test_a_file_that_may_not_be_read_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert paths.fault_of_file(tmp_path / "a") == paths.fault_of(tmp_path) == "file.forbidden"


def test_an_error_nobody_thought_of_has_a_code_too() -> None:
    assert paths.why(OSError(errno.EIO, "broken")) == paths.why(OSError()) == "file.unreadable"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("取款　a b.png", "取款　a b.png"),
        ("a\nb\r\x1b[31m\u2028c", r"a\nb\r\x1b[31m\u2028c"),
        ("not UTF-8 \udcff", r"not UTF-8 \udcff"),
        ("x" * 5000, "x" * 200 + " … " + "x" * 200),
    ],
)
def test_what_a_person_gave_never_breaks_the_line(text: str, said: str) -> None:
    assert one_line(text) == said
