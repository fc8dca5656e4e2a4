"""The scenarios that come with the house, as text. Reading them is the caller's moment, not the import's."""

import functools
from importlib import resources

from teller.scenarios.definition import Definition
from teller.scenarios.loader import parse


def texts() -> dict[str, str]:
    """File name to text, by name."""
    folder = resources.files("teller.scenarios").joinpath("files")
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name: one.read_text(encoding="utf-8") for one in found}


def builtin() -> dict[str, Definition]:
    """Name to definition; the files are read once."""
    return dict(_read())


@functools.cache
def _read() -> dict[str, Definition]:
    read = (parse(text, name) for name, text in texts().items())
    return {one.name: one for one in read}
