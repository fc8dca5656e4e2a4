"""``guitai scenario``: is a file right, what does a scenario come to, which are there."""

from datetime import date
from pathlib import Path

from common import paths
from common.errors import UserError
from server.scenarios import Shelf
from teller.scenarios import composition
from teller.scenarios.definition import Definition
from teller.scenarios.loader import ScenarioRefused, parse
from teller.transactions.base import Facts, Presence
from teller.transactions.registry import REGISTRY
from teller.transactions.rules import by_code


def check(file: Path) -> tuple[int, list[str]]:
    """Exit status and what to print: 1 with file, line and reason when the file would be refused.

    Raises:
        UserError: the file cannot be read (``file``): a code of :data:`common.paths.WORDS`.
    """
    try:
        found = parse(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise UserError(paths.why(error), file=str(file)) from error
    except UnicodeDecodeError:
        return 1, [f"{file}:1: not UTF-8"]
    except ScenarioRefused as refusal:
        return 1, [str(refusal)]
    return 0, [f"{file}: right: {found.name} ({found.code}), {len(found.parts)} transactions"]


def names(data_dir: Path) -> tuple[int, list[str]]:
    """Every scenario in force; refused files come last, and make the status 1."""
    shelf = Shelf(data_dir / "scenarios")
    lines = [
        f"{one.code}  {one.name:<28} {len(one.parts):>2} transactions  {'kiosk ' if one.kiosk else '      '}"
        f"{one.title.en} · {one.title.zh}"
        for one in shelf.all().values()
    ]
    refused = [f"refused {refusal}" for refusal in shelf.refused.values()]
    return (1 if refused else 0), [*lines, *refused]


def show(name: str, data_dir: Path, day: date) -> tuple[int, list[str]]:
    """The merged form, the transactions, what is shared and what that saves.

    Raises:
        UserError: ``scenario.unknown``.
    """
    found = Shelf(data_dir / "scenarios").get(name)
    chosen = found.offered
    return 0, [
        f"{found.code} {found.title.en} · {found.title.zh}",
        "",
        "transactions",
        *_transactions(found, day),
        "",
        f"merged form, all {len(chosen)} transactions chosen",
        *_form(found, chosen, day),
        *_conditions(found),
        "",
        *_saving(found, chosen, day),
    ]


def _transactions(found: Definition, day: date) -> list[str]:
    facts = Facts(day, Presence.REMOTE, found.offered, has_account=found.card == "required")
    barred = composition.bars(found, facts)
    lines = []
    for part in found.parts:
        atomic = REGISTRY[part.code]
        need = "mandatory" if part.mandatory else "chosen first" if part.chosen else "optional"
        bar = barred.get(part.code)
        by_video = "" if bar is None else f"  not by video ({bar.rule or bar.code})"
        lines.append(f"  {atomic.number} {part.code:<22} {need:<13} {len(atomic.fields):>2} fields{by_video}")
    rules = dict.fromkeys(code for part in found.parts for code in REGISTRY[part.code].rules)
    return [*lines, *(f"  rule {code}: {by_code(code).says.en} [{by_code(code).cited}]" for code in rules)]


def _form(found: Definition, chosen: frozenset[str], day: date) -> list[str]:
    specs = composition.form(found, chosen, {}, day)
    lines = []
    for section in dict.fromkeys(spec.section for spec in specs):
        mine = [f"{spec.name}{'' if spec.required else '?'}" for spec in specs if spec.section == section]
        lines.append(f"  {section:<12} {', '.join(mine)}")
    return lines


def _conditions(found: Definition) -> list[str]:
    return [f"  if {one.title.en}: also {', '.join((*one.fields, *one.evidence))}" for one in found.conditions]


def _saving(found: Definition, chosen: frozenset[str], day: date) -> list[str]:
    saving = composition.saving(found, chosen, {}, day)
    shared = ", ".join(f"{name} ×{count}" for name, count in sorted(saving.shared.items(), key=lambda item: -item[1]))
    return [
        f"shared: {shared or 'nothing'}",
        f"fields: {saving.merged} merged, {saving.single} on single forms; {saving.typed} typed by the teller "
        f"when an ID card is read: {saving.saved:.0%} fewer",
    ]
