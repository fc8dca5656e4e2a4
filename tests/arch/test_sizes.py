"""Small modules stay small: limits from the house style, with the exceptions named and never growing."""

import ast
from pathlib import Path

MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 60
ROOMS = ("common", "teller", "video", "ocr", "devices", "server", "ui", "tools", "benchmarks")


def _python(project: Path) -> list[Path]:
    return [project / "guitai.py", *(p for room in ROOMS for p in sorted((project / room).rglob("*.py")))]


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
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long.append(f"{path.relative_to(project)}:{node.lineno} {node.name} ({lines})")
    assert not long, "\n".join(long)
