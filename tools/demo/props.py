"""What the demo's customers carry: specimen cards as pictures, bank cards, notes; written once for the hands' panel."""

import io
import json
from pathlib import Path

from PIL import Image

from devices.idcard.layout import encode
from tools.authorities.register import facts, write_register
from tools.camera import photograph
from tools.demo_people import CUSTOMER, NEWCOMER, OLDER_CUSTOMER, Person
from tools.specimens import default_portrait, render_back, render_front

_PEOPLE = (CUSTOMER, OLDER_CUSTOMER, NEWCOMER)


def draw_documents(folder: Path) -> None:
    """Draw portrait and documents; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    portrait = folder / "portrait.png"
    if not portrait.exists():
        default_portrait().save(portrait)
    write_register(folder / "register.json", portrait)
    for seed, person in enumerate(_PEOPLE, start=1):
        _chip(folder, person).write_bytes(encode(facts(person), _small(portrait)))
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
        {
            "label": f"样本·{person.name}·{side}",
            "file": str(_file(folder, person, number)),
            "chip": str(_chip(folder, person)),
        }
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


def _chip(folder: Path, person: Person) -> Path:
    return folder / f"id-{person.id_number[-4:]}.chip"


def _small(portrait: Path) -> bytes:
    """The portrait as small as a chip needs it."""
    with Image.open(portrait) as picture:
        small = picture.convert("RGB")
        small.thumbnail((240, 300))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=88)
        return out.getvalue()
