"""Small modules stay small: limits from the house style, without exception."""

import ast
from pathlib import Path

from tests.arch.source import statements

MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_PUBLIC_METHODS = 15
ROOMS = ("cli", "common", "teller", "video", "ocr", "devices", "server", "ui", "tools", "benchmarks")


def _python(project: Path) -> list[Path]:
    return [project / "guitai.py", *(p for room in ROOMS for p in sorted((project / room).rglob("*.py")))]


def _nodes(path: Path) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ...]:
    wanted = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tuple(n for n in statements(path) if isinstance(n, wanted))


def test_no_module_outgrows_the_house(project: Path) -> None:
    long = {
        str(p.relative_to(project)): n
        for p in _python(project)
        if (n := len(p.read_text().splitlines())) > MAX_MODULE_LINES
    }
    assert not long


def test_no_function_outgrows_the_house(project: Path) -> None:
    long = []
    for path in _python(project):
        for node in _nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long.append(f"{path.relative_to(project)}:{node.lineno} {node.name} ({lines})")
    assert not long, "\n".join(long)


def _is_property(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A property, its setter or a cached one: read like a value, however it is made."""
    names = {node.id if isinstance(node, ast.Name) else node.attr for d in method.decorator_list for node in ast.walk(d)
             if isinstance(node, ast.Name | ast.Attribute)}  # fmt: skip
    return bool(names & {"property", "cached_property", "setter"})


def test_no_class_does_everything(project: Path) -> None:
    large = {}
    for path in _python(project):
        for node in _nodes(path):
            if isinstance(node, ast.ClassDef):
                methods = [m for m in node.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef)]
                public = {m.name for m in methods if not m.name.startswith("_") and not _is_property(m)}
                if len(public) > MAX_PUBLIC_METHODS:
                    large[f"{path.relative_to(project)} {node.name}"] = len(public)
    assert not large, "split by responsibility"
