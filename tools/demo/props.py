"""What the demo's customers carry: specimen cards as pictures, bank cards, notes; written once for the hands' panel."""

import json
from pathlib import Path

from tools.camera import photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER, Person
from tools.specimens import default_portrait, render_back, render_front

_PEOPLE = (CUSTOMER, OLDER_CUSTOMER)


def draw_documents(folder: Path) -> None:
    """Draw portrait and documents; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    portrait = folder / "portrait.png"
    if not portrait.exists():
        default_portrait().save(portrait)
    for seed, person in enumerate(_PEOPLE, start=1):
        for number, render in enumerate((render_front, render_back)):
            path = _file(folder, person, number)
            if not path.exists():
                # As the document camera sees them: slightly askew, in the light of a lobby.
                path.write_bytes(photograph(render(person), seed * 10 + number, 0))


def write_hands_file(folder: Path, cards: dict[str, dict[str, str]]) -> Path:
    """Write ``hands.json``, which ``guitai kiosk --hands`` takes.

    Args:
        folder: where the documents are or will be.
        cards: bank cards by holder's name: ``pan``, ``track2``.
    """
    documents = [
        {"label": f"样本·{person.name}·{side}", "file": str(_file(folder, person, number))}
        for person in _PEOPLE
        for number, side in enumerate(("正面", "背面"))
    ]
    file = folder / "hands.json"
    people = [{"label": name, "name": name, **card} for name, card in cards.items()]
    file.write_text(
        json.dumps({"cards": people, "documents": documents}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return file


def _file(folder: Path, person: Person, side: int) -> Path:
    return folder / f"id-{person.id_number[-4:]}-{side}.jpg"
