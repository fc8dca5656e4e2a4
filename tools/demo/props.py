"""What the demo's customers carry: specimen cards as pictures, bank cards, notes; written once for the hands' panel."""

import json
from pathlib import Path

from tools.camera import photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER, Person
from tools.specimens import default_portrait, render_back, render_front


def write_props(folder: Path, cards: dict[str, dict[str, str]]) -> Path:
    """Draw the documents and write ``hands.json``; what is there already stays.

    Args:
        folder: where the pictures go.
        cards: bank cards by holder's name: ``pan``, ``track2``.

    Returns:
        the file that ``guitai kiosk --hands`` takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    portrait = folder / "portrait.png"
    if not portrait.exists():
        default_portrait().save(portrait)
    documents = []
    for seed, person in enumerate((CUSTOMER, OLDER_CUSTOMER), start=1):
        documents += [
            {"label": f"样本·{person.name}·{side}", "file": str(path)} for side, path in _sides(folder, seed, person)
        ]
    file = folder / "hands.json"
    people = [{"label": name, "name": name, **card} for name, card in cards.items()]
    file.write_text(
        json.dumps({"cards": people, "documents": documents}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return file


def _sides(folder: Path, seed: int, person: Person) -> list[tuple[str, Path]]:
    """Both sides as the document camera sees them: slightly askew, in the light of a lobby."""
    found = []
    for number, (side, render) in enumerate((("正面", render_front), ("背面", render_back))):
        path = folder / f"id-{person.id_number[-4:]}-{number}.jpg"
        if not path.exists():
            path.write_bytes(photograph(render(person), seed * 10 + number, 0))
        found.append((side, path))
    return found
