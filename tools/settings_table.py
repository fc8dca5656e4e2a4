"""The table of settings in ``docs/operations.md``. ``python -m tools.settings_table`` makes it from the model."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from common.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"
BEGIN, END = "<!-- settings: begin -->\n", "<!-- settings: end -->\n"


def rows(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Key, default, what may stand there, meaning; a section's keys follow the keys of its parent."""
    sections = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            sections.append((kind, f"{prefix}{name}."))
            continue
        yield f"{prefix}{name}", _default(field), _allowed(field), field.description or ""
    for section, inner in sections:
        yield from rows(section, inner)


def table() -> str:
    """The whole table in Markdown."""
    lines = ["| setting | default | may be | meaning |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in rows()]
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """The page with the table between its marks."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else f"`{value}`" if value != () else ""


def _allowed(field: FieldInfo) -> str:
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    name = next((each for each in get_args(kind) if isinstance(each, type)), kind)
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true, false", "Path": "path"}
    said = [words.get(getattr(name, "__name__", ""), "list of tables")]
    for mark in field.metadata:
        said += [f"from {mark.ge}"] if isinstance(mark, annotated_types.Ge) else []
        said += [f"above {mark.gt}"] if isinstance(mark, annotated_types.Gt) else []
        said += [f"to {mark.le}"] if isinstance(mark, annotated_types.Le) else []
    return " ".join(said)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the table into the page; with ``--check`` only say whether it is up to date."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = with_table(page)
    if "--check" in arguments:
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
