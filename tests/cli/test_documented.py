"""Every command that README and docs name is there, with the options they give it."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from cli.words import build_parser

_LINE = re.compile(r"(?:`|^ {4}(?:\S+=\S+ )?)((?:\./run|guitai|python -m) [^`#\n]*)", re.MULTILINE)


def commands(project: Path) -> Iterator[tuple[str, list[str]]]:
    """Where it stands, and its words."""
    for file in (project / "README.md", *sorted((project / "docs").rglob("*.md"))):
        for found in _LINE.finditer(file.read_text(encoding="utf-8")):
            yield f"{file.name}: {found[1]}", found[1].split()


def parser_of(words: list[str]) -> argparse.ArgumentParser | None:
    """The parser of the command that the words begin with; None: there is no such command."""
    parser: argparse.ArgumentParser = build_parser()
    for word in words:
        below = next((one for one in parser._actions if isinstance(one, argparse._SubParsersAction)), None)
        if below is None or word.startswith("-"):
            return parser
        if word not in below.choices:
            return None
        parser = below.choices[word]
    return parser


def options(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("--")}


def test_the_commands_of_the_house(project: Path) -> None:
    ours = {where: words[1:] for where, words in commands(project) if words[0] in ("./run", "guitai")}
    assert len(ours) > 30
    for where, words in ours.items():
        parser = parser_of(words)
        assert parser is not None, where
        assert options(words) <= parser._option_string_actions.keys() | {"--help"}, where


def test_the_modules_that_are_run(project: Path) -> None:
    found = {where: words[2:] for where, words in commands(project) if words[0] == "python"}
    assert len(found) > 10
    for where, (module, *words) in found.items():
        place = project / module.replace(".", "/")
        source = [place.with_suffix(".py")] if place.with_suffix(".py").is_file() else sorted(place.glob("*.py"))
        text = "".join(file.read_text(encoding="utf-8") for file in source)
        assert "__main__" in text or (place / "__main__.py").is_file(), where
        assert all(f'"{option}"' in text for option in options(words)), where
