"""docs/codes.md lists whatever the business half raises or says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from common.wire.cases import EvidenceKind
from teller.authorisation.rules import RULES

SAYERS = {"UserError", "ServiceError", "sentence", "Trouble", "PlanItem", "Line", "Problem", "Todo", "marked"}


def _said(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SAYERS:
            continue
        named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        for value in [*node.args[1 if name == "Problem" else 0 :], *named][:1]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _listed(project: Path) -> set[str]:
    text = (project / "docs" / "codes.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([a-z_.]+)` \|", text, re.M))


def test_every_code_is_listed(project: Path) -> None:
    rooms = ["teller", "server/services", "server/store", "server/rest"]
    said = {code for room in rooms for path in (project / room).rglob("*.py") for code in _said(path)}
    assert len(said) > 120, "the search finds what is said"
    assert said - _listed(project) == set()


def test_codes_that_are_put_together_are_listed(project: Path) -> None:
    listed = _listed(project)
    payouts = ("payout_jam", "cash_not_taken", "payout_failed", "payout_partial", "cash_unknown", "deposit_returned")
    wanted = {f"{area}.{code}" for area in ("trouble", "say", "customer") for code in payouts}
    wanted |= {f"rule.{rule.check}" for rule in RULES}
    wanted |= {kind.value for kind in EvidenceKind} - {"signature", "voucher"}
    assert wanted - listed == set()


def test_both_languages_have_the_parameters(project: Path) -> None:
    for line in (project / "docs" / "codes.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        code, params, zh, en = (cell.strip() for cell in line.strip("|").split("|"))
        known = {name.strip(" ?") for name in params.split(",")}
        assert zh, code
        assert en, code
        used = set(re.findall(r"\{(\w+)\}", zh + en))
        assert used <= known, code
