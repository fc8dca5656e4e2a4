"""Every kit component on one sheet, as pictures: ``python -m ui.kit.gallery --out DIR [--theme dark] [--lang en]``."""

import os
import sys
from pathlib import Path

from common.commandline import OneLineParser
from ui.kit import gallery_sheets


def main(arguments: list[str] | None = None) -> int:
    """Render ``staff.png`` and ``kiosk.png`` into a directory."""
    parser = OneLineParser(prog="gallery", description="pictures of the kit's components")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--theme", choices=["light", "dark", "large"], default="light")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sheet", choices=["staff", "kiosk"], default="staff")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Qt reads the scale when the application object is made.
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / f"{options.sheet}-{options.theme}-{options.lang}-{options.scale:g}.png"
    gallery_sheets.render(options.sheet, options.theme, options.lang, file)
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
