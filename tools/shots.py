"""Puts the pictures of a played demo where README and docs show them: ``python -m tools.shots --from OUT``.

``OUT`` is what ``./run demo --headless --out OUT`` left. Pictures are taken from real windows only.
"""

import sys
from pathlib import Path

from PIL import Image

from common.commandline import OneLineParser, existing_folder

HOME = Path(__file__).resolve().parents[1]
WIDTH = 1000

SHOTS = {
    "teller-ringing": ("withdrawal", "ringing", "teller"),
    "teller-serving": ("withdrawal", "face-matched", "teller"),
    "teller-waiting": ("withdrawal", "authoriser-looks", "teller"),
    "teller-consent": ("withdrawal", "signed", "teller"),
    "authoriser-task": ("withdrawal", "authoriser-looks", "authoriser"),
    "kiosk-id": ("withdrawal", "asked-for-id", "kiosk"),
    "kiosk-confirm": ("withdrawal", "summary-on-the-kiosk", "kiosk"),
    "kiosk-cash": ("withdrawal", "cash-out", "kiosk"),
    "hands": ("withdrawal", "asked-for-id", "hands"),
}


def find(out: Path, scenario: str, step: str, window: str) -> Path | None:
    """The picture of a step, whatever its number."""
    return next(iter(sorted((out / scenario).glob(f"*-{step}-{window}.png"))), None)


def copy_all(out: Path, into: Path) -> list[str]:
    """Copy and scale; names of pictures that the run did not leave."""
    missing = []
    into.mkdir(parents=True, exist_ok=True)
    for name, (scenario, step, window) in SHOTS.items():
        source = find(out, scenario, step, window)
        if source is None:
            missing.append(name)
            continue
        with Image.open(source) as picture:
            small = picture.convert("RGB")
            if small.width > WIDTH:
                small = small.resize((WIDTH, round(small.height * WIDTH / small.width)), Image.Resampling.LANCZOS)
            small.quantize(128, dither=Image.Dither.NONE).save(into / f"{name}.png", optimize=True)
    return missing


def main(words: list[str]) -> int:
    """The command line."""
    parser = OneLineParser(prog="python -m tools.shots", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--from", dest="out", type=existing_folder, required=True)
    missing = copy_all(parser.parse_args(words).out, HOME / "docs" / "shots")
    for name in missing:
        print(f"not in that run: {name}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
