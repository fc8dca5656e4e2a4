"""The tokens hold their contrast, and no colour is written anywhere else."""

import re
from pathlib import Path

import pytest

from ui.kit.tokens import layout_modes, tokens

LITERAL = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{8}\b|QColor\(\s*\d|rgba?\(\s*\d|Qt\.GlobalColor\.(?!transparent)")
MAY_NAME_COLOURS = {"theme.py"}  # the stroke that icon files are drawn with


def luminance(value: str) -> float:
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG 2.2 contrast ratio of two opaque colours."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_pair_of_the_tokens_reaches_its_contrast() -> None:
    pairs = tokens()["pairs"]
    assert len(pairs) >= 190
    for pair in pairs:
        colors = tokens()["color"][pair["theme"]]
        ink, ground = colors[pair["text"]], colors[pair["background"]]
        if len(ground) == 9:  # over video: the pair states what the strip becomes there
            ground = pair["background_hex"]
        assert contrast(ink[:7], ground[:7]) >= pair["minimum"], pair


def test_themes_define_the_same_roles() -> None:
    roles = {name: set(values) for name, values in tokens()["color"].items()}
    assert roles["light"] == roles["dark"] == roles["large"]


def test_layout_modes_run_from_wide_to_narrow() -> None:
    widths = [mode.min_width for mode in layout_modes()]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("folder", ["ui"])
def test_no_colour_is_written_outside_the_theme(project: Path, folder: str) -> None:
    found = [
        f"{path.name}:{number}"
        for path in (project / folder).rglob("*.py")
        if path.name not in MAY_NAME_COLOURS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LITERAL.search(line)
    ]
    assert not found, f"colour literals: {found}"
