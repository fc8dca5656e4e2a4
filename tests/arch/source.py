"""The project's source, parsed. Only statements are looked at: nothing that is wanted stands inside an expression."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@functools.cache
def statements(path: Path) -> tuple[ast.AST, ...]:
    """Every statement of a module, however deep."""
    return tuple(_inside(ast.parse(path.read_text(encoding="utf-8"))))


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    for block in BLOCKS:
        for inner in getattr(node, block, ()):
            yield inner
            yield from _inside(inner)
