"""Finds the codes that the project's own source can say to a person."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAYERS = frozenset(
    {"AppError", "UserError", "ServiceError", "DeviceError", "sentence", "Sentence", "marked", "Trouble", "PlanItem"}
    | {"Line", "Problem", "Todo", "Finding", "finding", "PictureError", "Refused", "problem", "DeviceStatus"}
)
_SECOND = frozenset({"Problem", "problem", "DeviceStatus"})
"""Those with something else before the code: the field, the HTTP status, the level."""

_PAYOUTS = ("payout_jam", "cash_not_taken", "payout_failed", "payout_partial")
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "say.": _PAYOUTS,
    "trouble.": _PAYOUTS,
    "rule.": (
        "amount_above_teller_limit",
        "face_below_threshold",
        "first_large_withdrawal_of_elder",
        "large_cash_registration",
    ),
    "summary.agreement.": (),
    "summary.": ("business",),  # every other line of it is named here, or carries the title of its transaction
    "call.": ("camera_lost", "microphone_lost"),
    "class_limit.": ("day_in", "year_in", "day_out", "year_out"),
}
"""What may follow a code's beginning when the rest is put in by the program."""


NOT_SAYING = frozenset({"texts", "migrations", "catalogue.py"})
"""The tables themselves, and modules whose words of the same name are about something else."""


@dataclass(frozen=True)
class Said:
    """A code, where it is said, and the names of the parameters that go with it (None: not known here)."""

    code: str
    where: str
    params: frozenset[str] | None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _argument(call: ast.Call) -> ast.expr | None:
    named = next((word.value for word in call.keywords if word.arg == "code"), None)
    at = 1 if _name(call) in _SECOND else 0
    return named if named is not None else next(iter(call.args[at : at + 1]), None)


def _assigned(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign)
            yield node.value


def _texts(value: ast.expr, tree: ast.AST, *, follow: bool = True) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body, tree)
        yield from _texts(value.orelse, tree)
    elif isinstance(value, ast.Name) and follow:
        for found in _assigned(tree, value.id):
            yield from _texts(found, tree, follow=False)
    elif isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        beginning = str(value.values[0].value)
        if beginning.endswith("."):
            yield from (beginning + ending for ending in ENDINGS[beginning])


def in_file(path: Path) -> Iterator[Said]:
    """Every code handed to a sayer in one module; a beginning that :data:`ENDINGS` does not know is a KeyError."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        value = _argument(node) if isinstance(node, ast.Call) and _name(node) in SAYERS else None
        if value is None:
            continue
        assert isinstance(node, ast.Call)
        names = [word.arg for word in node.keywords if word.arg not in ("code", "retryable")]
        params = None if None in names else frozenset(name for name in names if name is not None)
        for code in _texts(value, tree):
            if "." in code:
                yield Said(code, f"{path.name}:{node.lineno}", params)


def in_project(project: Path, rooms: Sequence[str]) -> list[Said]:
    """Every code said in these rooms and modules."""
    return [one for path in modules(project, rooms) for one in in_file(path)]


def modules(project: Path, rooms: Sequence[str]) -> list[Path]:
    """The modules themselves, and all of a room."""
    found = [path for room in rooms for path in ([project / room] if "." in room else (project / room).rglob("*.py"))]
    return sorted(path for path in found if not NOT_SAYING & {*path.parts})


def dotted(path: Path, areas: frozenset[str]) -> set[str]:
    """Every dotted word of a module that begins with one of these areas: tables of codes."""
    words = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant))
    return {
        word for word in words if isinstance(word, str) and word.partition(".")[0] in areas and word.count(".") == 1
    }
