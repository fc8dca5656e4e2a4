"""A scenario's text: what is refused, where and why; and what the command line says of it. Pure."""

from datetime import date
from pathlib import Path

import pytest

from server import scenario_cli
from teller.scenarios.builtin import builtin
from teller.scenarios.loader import ScenarioRefused, parse

HOUSE = Path(__file__).parents[2] / "teller" / "scenarios" / "files"
OPENING = (HOUSE / "personal_opening.toml").read_text(encoding="utf-8")
WITHDRAWAL = (HOUSE / "cash_withdrawal.toml").read_text(encoding="utf-8")
REFUSED = {
    "an unknown transaction": (OPENING, 'code = "tax_residency"', 'code = "tax_haven"', "transaction: tax_haven"),
    "a transaction twice": (OPENING, 'code = "sms_notice"', 'code = "ukey"', "transaction named twice: ukey"),
    "an unknown field": (OPENING, '"guardian_tie"]', '"guardian_mood"]', "unknown field: guardian_mood"),
    "an unknown field left out": (OPENING, '"authority", "valid_from", "valid_to"]', '"colour"]', "field: colour"),
    "an unknown fact": (OPENING, 'fact = "acting"', 'fact = "weather"', "unknown fact: weather"),
    "a paper it has not": (OPENING, 'instead_of = ["id_back"]', 'instead_of = ["licence"]', "not a paper of this"),
    "an unknown paper": (OPENING, 'evidence = ["id_front", "id_back"]', 'evidence = ["horoscope"]', "evidence"),
    "an agreement's stranger": (OPENING, '"online_banking", "ukey"]', '"transfer"]', "not a transaction of this"),
    "a key nobody knows": (OPENING, "kiosk = true", "kiosk = true\ncolour = 1", "there is no such key"),
    "no card for an account": (WITHDRAWAL, 'card = "required"', 'card = "none"', "card must be required"),
    "no TOML": (OPENING, 'name = "personal_opening"', "name = personal opening", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_file_line_and_reason(what: str, tmp_path: Path) -> None:
    text, old, new, reason = REFUSED[what]
    assert old in text
    broken = text.replace(old, new, 1)
    with pytest.raises(ScenarioRefused) as refused:
        parse(broken, "bank.toml")
    assert (refused.value.file, reason in refused.value.reason) == ("bank.toml", True), refused.value.reason
    at = broken.splitlines()[refused.value.line - 1]
    assert new.splitlines()[-1] in at or at.startswith("[["), refused.value
    file = tmp_path / "bank.toml"
    file.write_text(broken, encoding="utf-8")
    assert scenario_cli.check(file) == (1, [f"{file}:{refused.value.line}: {refused.value.reason}"])


@pytest.mark.parametrize("name", sorted(builtin()))
def test_every_file_of_the_house_is_right_and_can_be_shown(name: str, tmp_path: Path) -> None:
    status, said = scenario_cli.check(HOUSE / f"{name}.toml")
    assert (status, f"right: {name}" in said[0]) == (0, True)
    status, lines = scenario_cli.show(name, tmp_path, date(2026, 11, 22))
    one = builtin()[name]
    assert status == 0
    assert lines[0] == f"{one.code} {one.title.en} · {one.title.zh}"
    assert {part.code for part in one.parts} <= {word for line in lines for word in line.split()}


@pytest.mark.expects_log("scenario refused")
def test_the_list_names_what_is_in_force_and_what_is_refused(tmp_path: Path) -> None:
    assert scenario_cli.names(tmp_path)[0] == 0
    folder = tmp_path / "scenarios"
    folder.mkdir(exist_ok=True)
    (folder / "bank.toml").write_text("name = 3", encoding="utf-8")
    status, lines = scenario_cli.names(tmp_path)
    assert (status, len(lines)) == (1, len(builtin()) + 1)
    assert lines[-1].startswith("refused ")
    assert "bank.toml:1: name" in lines[-1]
