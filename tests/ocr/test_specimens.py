"""The specimens themselves: invented, marked, repeatable."""

from pathlib import Path

import pytest

from ocr.id_number import facts
from ocr.nations import is_nation
from tools import specimens
from tools.camera import MAX_LEVEL, photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER, Person, invent
from tools.specimens.__main__ import main


@pytest.mark.parametrize("person", [CUSTOMER, OLDER_CUSTOMER, *map(invent, range(40))], ids=lambda p: p.id_number)
def test_invented_people_are_consistent_and_nobody(person: Person) -> None:
    known = facts(person.id_number)
    assert known is not None
    assert (known.birth, known.sex) == (person.birth, person.sex)
    assert person.id_number.startswith("999999")
    assert is_nation(person.nation)


def test_the_command_writes_the_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "set"), "--kind", "passport"]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.name for path in written} == {"passport-data.png", "passport-data-photo.jpg", "portrait.png"}
    assert all(path.stat().st_size > 10_000 for path in written)


@pytest.mark.parametrize("level", range(MAX_LEVEL + 1))
def test_the_camera_repeats_itself(level: int) -> None:
    card = specimens.render_back(CUSTOMER).resize((428, 270))
    taken = photograph(card, 4, level)
    assert photograph(card, 4, level) == taken
    assert photograph(card, 5, level) != taken
