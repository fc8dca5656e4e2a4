"""Write specimens to a directory: the demo's people on their cards, and one document of every kind."""

import sys
from collections.abc import Collection
from pathlib import Path

from PIL import Image

from common.commandline import OneLineParser
from tools.camera import photograph
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER
from tools.specimens import default_portrait, render_back, render_front
from tools.specimens.catalogue import DRAW, draw

KINDS = tuple(dict.fromkeys(kind for kind, _ in DRAW))


def write_set(out: Path, kinds: Collection[str] = KINDS) -> list[Path]:
    """Flat documents of these kinds and photographs of them, and the portrait; what was written."""
    out.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, Image.Image] = {}
    for tag, person in (("customer", CUSTOMER), ("older", OLDER_CUSTOMER)):
        if "resident_id" in kinds:
            pictures |= {f"{tag}-front": render_front(person), f"{tag}-back": render_back(person)}
    for kind, side in DRAW:
        if kind != "resident_id" and kind in kinds:
            pictures[f"{kind}-{side}"] = draw(kind, side, 1).image
    written: list[Path] = []
    for seed, (name, image) in enumerate(pictures.items()):
        flat, photo = out / f"{name}.png", out / f"{name}-photo.jpg"
        image.save(flat)
        photo.write_bytes(photograph(image, seed=seed, level=1))
        written += [flat, photo]
    portrait = out / "portrait.png"
    default_portrait().save(portrait)
    return [*written, portrait]


def main(arguments: list[str]) -> int:
    """Write the set and name the files."""
    parser = OneLineParser(prog="python -m tools.specimens", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="directory to write to")
    parser.add_argument("--kind", action="append", choices=KINDS, help="one of them only (may be said again)")
    given = parser.parse_args(arguments)
    for path in write_set(given.out, given.kind or KINDS):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
