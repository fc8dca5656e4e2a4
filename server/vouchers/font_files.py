"""Where the system keeps the Chinese typefaces of vouchers; looks for files only, opens none."""

from collections.abc import Sequence
from pathlib import Path

from common.errors import ServiceError

_DIRECTORIES = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
)
_NAMES = {
    "regular": ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "SourceHanSansSC-Regular.otf"),
    "bold": ("NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "SourceHanSansSC-Bold.otf"),
    "seal": ("NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf"),
}


def find_font_files(directories: Sequence[Path] = _DIRECTORIES) -> tuple[Path, ...]:
    """The files of the regular, the bold and the seal's face (Debian: ``fonts-noto-cjk``), in this order.

    Raises:
        ServiceError: ``voucher.no_font`` with the names looked for.
    """
    return tuple(_find(names, directories) for names in _NAMES.values())


def _find(names: Sequence[str], directories: Sequence[Path]) -> Path:
    for name in names:
        for directory in directories:
            if (found := next(directory.rglob(name), None)) is not None:
                return found
    raise ServiceError("voucher.no_font", retryable=False, names=", ".join(names))
