"""What the invented customer carries: cards and documents, from a JSON file. No Qt."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError


@dataclass(frozen=True)
class CardProp:
    """A bank card; ``track2`` empty: made from the number."""

    label: str
    name: str
    pan: str
    track2: str = ""

    @property
    def shown(self) -> str:
        """Whose, and the number as it may be shown."""
        masked = f"{self.pan[:4]} {self.pan[4:6]}** **** {self.pan[-4:]}"
        return f"{self.label}·{masked}"


@dataclass(frozen=True)
class DocumentProp:
    """A picture file of one side of a document, and a file of what its chip holds."""

    label: str
    file: Path
    chip: Path | None = None

    @property
    def chip_bytes(self) -> bytes | None:
        return self.chip.read_bytes() if self.chip is not None and self.chip.is_file() else None


@dataclass(frozen=True)
class Props:
    """Everything in the pockets."""

    cards: tuple[CardProp, ...]
    documents: tuple[DocumentProp, ...]


def read_props(file: Path) -> Props:
    """Read ``{"cards": [{"label", "name", "pan", "track2"}], "documents": [{"label", "file", "chip"}]}``.

    A relative file of a document is meant from the props file's own folder.

    Raises:
        UserError: ``hands.bad_props`` (``file``).
    """
    try:
        tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        cards = tuple(
            CardProp(str(card["label"]), str(card.get("name", "")), str(card["pan"]), str(card.get("track2", "")))
            for card in tree.get("cards", [])
        )
        documents = tuple(
            DocumentProp(
                str(one["label"]),
                file.parent / str(one["file"]),
                file.parent / str(one["chip"]) if one.get("chip") else None,
            )
            for one in tree.get("documents", [])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("hands.bad_props", file=str(file)) from error
    return Props(cards, documents)
