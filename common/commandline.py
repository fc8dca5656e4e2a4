"""Words on a command line: wrong ones get one clear line on standard error and status 2."""

import argparse
import re
import unicodedata
from pathlib import Path
from typing import NoReturn

from common import paths

_BREAKS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that end a line, steer a terminal, are not seen, or cannot be written at all."""
_LONGEST = 1000


def one_line(text: str) -> str:
    """What a person gave may hold line breaks and worse, or fill screens: quoted, and the middle left out."""
    quoted = "".join(_quoted(letter) if unicodedata.category(letter) in _BREAKS else letter for letter in text)
    if len(quoted) > _LONGEST:
        return f"{quoted[:200]} … {quoted[-200:]}"
    return quoted


def _quoted(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class OneLineParser(argparse.ArgumentParser):
    """One clear line for wrong words, instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, one_line(f"{self.prog}: {message} (see {self.prog} --help)") + "\n")


def named_path(text: str) -> Path:
    """Any path, there or not; an empty one would silently be the working directory."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path")
    return Path(text)


def existing_file(text: str) -> Path:
    """A file that is there, for ``type=`` of an argument."""
    path = named_path(text)
    _refuse(paths.fault_of_file(path, ordinary=True), text)
    return path


def port(text: str) -> int:
    """A TCP port; 0: any free one."""
    number = int(text) if text.isascii() and text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"not a port (0 to 65535): {text}")
    return number


def existing_folder(text: str) -> Path:
    """A folder that is there."""
    path = named_path(text)
    _refuse(paths.fault_of_folder(path), text)
    return path


def _refuse(fault: str | None, text: str) -> None:
    if fault is not None:
        raise argparse.ArgumentTypeError(paths.WORDS[fault].format(file=text))


def staff_number(text: str) -> str:
    """Of a person or a machine. Logs are named after it, so it has the same letters as ``devices.vtm``: no way out
    of their directory."""
    if re.fullmatch("[A-Za-z0-9-]{1,32}", text) is None:
        raise argparse.ArgumentTypeError(f"not a number like T-03 (letters, digits, hyphens; at most 32): {text}")
    return text
